//! A TCP proxy that breaks: slow, cut, silent or gone, while it counts.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the proxy does to connections. Changes hold for open connections as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Hands everything on.
    #[default]
    None,
    /// Waits before each piece it hands on, both ways.
    Slow(Duration),
    /// Ends a connection when this many more bytes have come from the server.
    CutAfterDown(u64),
    /// Ends a connection when this many more bytes have come from the client.
    CutAfterUp(u64),
    /// Ends a connection when the client sends this (only without TLS); it is not handed on.
    CutAtText(Vec<u8>),
    /// Accepts and reads everything, hands nothing on, answers nothing.
    BlackHole,
    /// Closes new connections at once and ends the open ones.
    Refuse,
}

#[derive(Debug)]
struct Shared {
    target: u16,
    fault: Mutex<Fault>,
    /// Bytes still to pass before a cut.
    budget: AtomicU64,
    up_bytes: AtomicU64,
    down_bytes: AtomicU64,
    connections: AtomicUsize,
    stopping: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
}

/// The running proxy; ends, with all its connections, when dropped.
#[derive(Debug)]
pub struct FaultProxy {
    port: u16,
    shared: Arc<Shared>,
}

impl FaultProxy {
    /// Stands before a port of loopback.
    #[must_use]
    pub fn before(target: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let shared = Arc::new(Shared {
            target,
            fault: Mutex::default(),
            budget: AtomicU64::new(0),
            up_bytes: AtomicU64::new(0),
            down_bytes: AtomicU64::new(0),
            connections: AtomicUsize::new(0),
            stopping: AtomicBool::new(false),
            open: Mutex::default(),
        });
        let held = shared.clone();
        std::thread::spawn(move || accept(&listener, &held));
        Self { port, shared }
    }

    /// Its own port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `localhost:PORT`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("localhost:{}", self.port)
    }

    /// Changes what it does, from now on.
    pub fn set(&self, fault: Fault) {
        if let Fault::CutAfterDown(bytes) | Fault::CutAfterUp(bytes) = fault {
            self.shared.budget.store(bytes, Ordering::SeqCst);
        }
        let refuse = fault == Fault::Refuse;
        *self.shared.fault.lock().expect("no panic while held") = fault;
        if refuse {
            self.cut();
        }
    }

    /// Ends all open connections; new ones are served.
    pub fn cut(&self) {
        for stream in self.shared.open.lock().expect("no panic while held").drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Bytes from clients so far.
    #[must_use]
    pub fn up_bytes(&self) -> u64 {
        self.shared.up_bytes.load(Ordering::SeqCst)
    }

    /// Bytes from the server so far.
    #[must_use]
    pub fn down_bytes(&self) -> u64 {
        self.shared.down_bytes.load(Ordering::SeqCst)
    }

    /// Connections accepted so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // Wakes the listener, which then ends.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        self.cut();
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for client in listener.incoming() {
        if shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        let Ok(client) = client else { continue };
        shared.connections.fetch_add(1, Ordering::SeqCst);
        if *shared.fault.lock().expect("no panic while held") == Fault::Refuse {
            continue;
        }
        let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, shared.target)) else {
            continue;
        };
        let _ = client.set_nodelay(true);
        let _ = server.set_nodelay(true);
        let halves = [client.try_clone(), server.try_clone(), client.try_clone(), server.try_clone()];
        let [Ok(up_from), Ok(up_to), Ok(down_to), Ok(down_from)] = halves else {
            continue;
        };
        shared.open.lock().expect("no panic while held").extend([client, server]);
        for (from, to, up) in [(up_from, up_to, true), (down_from, down_to, false)] {
            let shared = shared.clone();
            std::thread::spawn(move || hand_on(from, to, &shared, up));
        }
    }
}

fn hand_on(mut from: TcpStream, mut to: TcpStream, shared: &Shared, up: bool) {
    let counter = if up { &shared.up_bytes } else { &shared.down_bytes };
    let mut piece = vec![0; 16 * 1024];
    // The end of the last piece, for a text that falls between two.
    let mut tail = Vec::new();
    while let Ok(read) = from.read(&mut piece) {
        if read == 0 {
            break;
        }
        counter.fetch_add(read as u64, Ordering::SeqCst);
        let fault = shared.fault.lock().expect("no panic while held").clone();
        let mut passed = &piece[..read];
        let mut last = false;
        match fault {
            Fault::None | Fault::Refuse => {}
            Fault::Slow(delay) => std::thread::sleep(delay),
            Fault::BlackHole => continue,
            Fault::CutAfterDown(_) if up => {}
            Fault::CutAfterUp(_) if !up => {}
            Fault::CutAfterDown(_) | Fault::CutAfterUp(_) => {
                let left = shared.budget.load(Ordering::SeqCst).min(read as u64);
                shared.budget.fetch_sub(left, Ordering::SeqCst);
                passed = &passed[..usize::try_from(left).unwrap_or(read)];
                last = shared.budget.load(Ordering::SeqCst) == 0;
            }
            Fault::CutAtText(text) => {
                if up {
                    tail.extend_from_slice(passed);
                    if tail.windows(text.len()).any(|window| window == text) {
                        break;
                    }
                    tail.drain(..tail.len().saturating_sub(text.len()));
                }
            }
        }
        if to.write_all(passed).is_err() || last {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
