//! Waiting for conditions, never for time.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// Asks `condition` until it holds; panics with `what` after 30 seconds.
pub fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    assert!(holds_within(Duration::from_secs(30), &mut condition), "waited in vain until {what}");
}

/// Asks `condition` until it holds or `limit` has passed; tells which.
pub fn holds_within(limit: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + limit;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A port of loopback that was free a moment ago; for servers that can't be handed a socket.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// Somebody accepts connections on this port of loopback.
#[must_use]
pub fn listens(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}
