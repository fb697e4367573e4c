//! The SMTP server that delivers: behind Dovecot's submission, and for tests directly.
//!
//! What it takes for an address of the test domain goes by LMTP into the mailbox; other addresses are
//! taken and only kept in [`Relay::letters`]. It offers three ports: one without TLS and sign-in for
//! Dovecot, STARTTLS and TLS with sign-in for clients.
//!
//! Some local parts of recipients are faults:
//!
//! | recipient | what happens |
//! |---|---|
//! | `refuse@` | 550 at RCPT |
//! | `full@` | 552 at RCPT |
//! | `defer@` | 451 at RCPT, always |
//! | `greylist@` | 451 at RCPT the first time |
//! | `hangup@` | the connection ends at RCPT |
//! | `refuse-data@` | 554 after the final dot |
//! | `defer-data@` | 451 after the final dot, always |
//! | `lost@` | the connection ends after the final dot, nothing is delivered |
//! | `silent@` | delivered to all, and the connection ends before the answer |
//! | `leave@` | delivered and answered, then the connection ends |
//!
//! [`Relay::gate`] holds a conversation at a [`Phase`] until the test lets it go: the place to end a
//! client with `kill -9`. Dovecot's submission turns a lost connection into a 4xx answer of its own, so
//! these faults show on the relay's own ports.

mod delivery;
mod gate;
mod smtp;

use std::collections::HashSet;
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

pub use delivery::dot_stuffed;
pub use gate::{Gate, Phase};

use crate::authority::Authority;
use gate::Gates;

/// A letter the relay took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Envelope sender.
    pub from: String,
    /// Envelope recipients it accepted.
    pub recipients: Vec<String>,
    /// The message as sent, lines ended by CRLF.
    pub raw: Vec<u8>,
    /// Who signed in; empty on the port without sign-in.
    pub user: String,
}

#[derive(Debug)]
struct Shared {
    lmtp: PathBuf,
    letters: Mutex<Vec<Letter>>,
    greylisted: Mutex<HashSet<String>>,
    gates: Arc<Gates>,
    passwords: Mutex<Option<(String, String)>>,
    size_limit_bytes: AtomicUsize,
    sessions: AtomicUsize,
    stopping: AtomicBool,
    tls: Arc<rustls::ServerConfig>,
}

/// The running relay; ends when dropped.
#[derive(Debug)]
pub struct Relay {
    shared: Arc<Shared>,
    plain_port: u16,
    starttls_port: u16,
    tls_port: u16,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    Plain,
    StartTls,
    Tls,
}

impl Relay {
    /// Starts a relay that delivers to this LMTP socket.
    #[must_use]
    pub fn start(lmtp: PathBuf, authority: &Authority) -> Self {
        let shared = Arc::new(Shared {
            lmtp,
            letters: Mutex::default(),
            greylisted: Mutex::default(),
            gates: Arc::default(),
            passwords: Mutex::default(),
            size_limit_bytes: AtomicUsize::new(100 * 1024 * 1024),
            sessions: AtomicUsize::new(0),
            stopping: AtomicBool::new(false),
            tls: authority.server_config(),
        });
        let open = |door| {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
            let port = listener.local_addr().expect("a bound socket has an address").port();
            let shared = shared.clone();
            std::thread::spawn(move || accept(&listener, &shared, door));
            port
        };
        Self {
            plain_port: open(Door::Plain),
            starttls_port: open(Door::StartTls),
            tls_port: open(Door::Tls),
            shared: shared.clone(),
        }
    }

    /// The port without TLS and sign-in.
    #[must_use]
    pub fn plain_port(&self) -> u16 {
        self.plain_port
    }

    /// The port that wants STARTTLS before sign-in.
    #[must_use]
    pub fn starttls_port(&self) -> u16 {
        self.starttls_port
    }

    /// The port that speaks TLS from the first byte.
    #[must_use]
    pub fn tls_port(&self) -> u16 {
        self.tls_port
    }

    /// `localhost:PORT` of the TLS port.
    #[must_use]
    pub fn submissions(&self) -> String {
        format!("localhost:{}", self.tls_port)
    }

    /// Accepts only this user name and password from now on; before, any password that is not `wrong` does.
    pub fn accept_only(&self, user: &str, password: &str) {
        *lock(&self.shared.passwords) = Some((user.to_owned(), password.to_owned()));
    }

    /// Announces this SIZE and refuses larger messages.
    pub fn limit_size_bytes(&self, bytes: usize) {
        self.shared.size_limit_bytes.store(bytes, Ordering::SeqCst);
    }

    /// Holds conversations at this phase from now on.
    #[must_use]
    pub fn gate(&self, phase: Phase) -> Gate {
        self.shared.gates.close(phase)
    }

    /// Every letter taken so far.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        lock(&self.shared.letters).clone()
    }

    /// Connections accepted so far, over all ports.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.shared.sessions.load(Ordering::SeqCst)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        self.shared.gates.open_all();
        for port in [self.plain_port, self.starttls_port, self.tls_port] {
            // Wakes the listener, which then ends.
            let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, port));
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>, door: Door) {
    for stream in listener.incoming() {
        if shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        shared.sessions.fetch_add(1, Ordering::SeqCst);
        let shared = shared.clone();
        std::thread::spawn(move || {
            let ender = stream.try_clone();
            // A client that goes away ends its conversation; that is its right.
            let _ = smtp::converse(stream, &shared, door);
            if let Ok(ender) = ender {
                let _ = ender.shutdown(Shutdown::Both);
            }
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no panic while held")
}
