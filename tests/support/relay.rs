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

use std::collections::HashSet;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::authority::Authority;
use crate::server::DOMAIN;

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

/// Places in a conversation where it can be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A client has connected; the greeting is not sent yet.
    Connected,
    /// MAIL came; not answered yet.
    Sender,
    /// A RCPT came; not answered yet.
    Recipient,
    /// DATA came; 354 not sent yet.
    Data,
    /// The final dot came; nothing delivered, nothing answered yet.
    Dot,
    /// Delivered; not answered yet.
    Delivered,
    /// Answered with 250.
    Answered,
}

#[derive(Debug, Default)]
struct GateState {
    waiting: usize,
    open: bool,
}

/// Holds conversations at a phase. They go on when it is dropped.
#[derive(Debug)]
pub struct Gate {
    phase: Phase,
    shared: Arc<Shared>,
    state: Arc<(Mutex<GateState>, Condvar)>,
}

impl Gate {
    /// Waits until a conversation stands at the gate; panics after 30 seconds.
    pub fn reached(&self) {
        let (state, changed) = &*self.state;
        let guard = lock(state);
        let (guard, over) = changed
            .wait_timeout_while(guard, Duration::from_secs(30), |state| state.waiting == 0)
            .expect("no panic while held");
        drop(guard);
        assert!(!over.timed_out(), "nobody came to {:?}", self.phase);
    }

    /// Opens the gate for good.
    pub fn open(&self) {
        let (state, changed) = &*self.state;
        lock(state).open = true;
        changed.notify_all();
        lock(&self.shared.gates).retain(|(_, gate)| !Arc::ptr_eq(gate, &self.state));
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.open();
    }
}

type GateEntry = (Phase, Arc<(Mutex<GateState>, Condvar)>);

#[derive(Debug)]
struct Shared {
    lmtp: PathBuf,
    letters: Mutex<Vec<Letter>>,
    greylisted: Mutex<HashSet<String>>,
    gates: Mutex<Vec<GateEntry>>,
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
            gates: Mutex::default(),
            passwords: Mutex::default(),
            size_limit_bytes: AtomicUsize::new(100 * 1024 * 1024),
            sessions: AtomicUsize::new(0),
            stopping: AtomicBool::new(false),
            tls: authority.server_config(),
        });
        let open = |door| {
            let listener =
                TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
            let port = listener
                .local_addr()
                .expect("a bound socket has an address")
                .port();
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
        let state: Arc<(Mutex<GateState>, Condvar)> = Arc::default();
        lock(&self.shared.gates).push((phase, state.clone()));
        Gate {
            phase,
            shared: self.shared.clone(),
            state,
        }
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
            let _ = converse(stream, &shared, door);
            if let Ok(ender) = ender {
                let _ = ender.shutdown(Shutdown::Both);
            }
        });
    }
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

fn encrypted(stream: TcpStream, shared: &Shared) -> io::Result<Box<dyn Stream>> {
    let connection = rustls::ServerConnection::new(shared.tls.clone()).map_err(io::Error::other)?;
    Ok(Box::new(rustls::StreamOwned::new(connection, stream)))
}

struct Conversation<'a> {
    wire: BufReader<Box<dyn Stream>>,
    shared: &'a Shared,
}

impl Conversation<'_> {
    fn say(&mut self, text: &str) -> io::Result<()> {
        let stream = self.wire.get_mut();
        stream.write_all(format!("{text}\r\n").as_bytes())?;
        stream.flush()
    }

    fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        if self.wire.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()))
    }

    fn pass(&self, phase: Phase) {
        let gates: Vec<_> = lock(&self.shared.gates)
            .iter()
            .filter(|(at, _)| *at == phase)
            .cloned()
            .collect();
        for (_, gate) in gates {
            let (state, changed) = &*gate;
            let mut guard = lock(state);
            guard.waiting += 1;
            changed.notify_all();
            let end = Instant::now() + Duration::from_secs(120);
            while !guard.open
                && Instant::now() < end
                && !self.shared.stopping.load(Ordering::SeqCst)
            {
                guard = changed
                    .wait_timeout(guard, Duration::from_millis(200))
                    .expect("no panic while held")
                    .0;
            }
            guard.waiting -= 1;
        }
    }
}

/// One connection. `Ok(())` ends it; so does an error.
fn converse(stream: TcpStream, shared: &Arc<Shared>, door: Door) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(300)))?;
    stream.set_nodelay(true)?;
    let raw = stream.try_clone()?;
    let first: Box<dyn Stream> = if door == Door::Tls {
        encrypted(stream, shared)?
    } else {
        Box::new(stream)
    };
    let mut talk = Conversation {
        wire: BufReader::new(first),
        shared,
    };
    talk.pass(Phase::Connected);
    talk.say("220 relay.tabella.test ESMTP")?;
    let mut secure = door == Door::Tls;
    let mut user: Option<String> = (door == Door::Plain).then(String::new);
    let (mut from, mut recipients) = (None::<String>, Vec::<String>::new());
    while let Some(line) = talk.line()? {
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => {
                let mut lines = vec![
                    "relay.tabella.test".to_owned(),
                    "PIPELINING".into(),
                    "8BITMIME".into(),
                    "SMTPUTF8".into(),
                ];
                lines.push("ENHANCEDSTATUSCODES".into());
                lines.push(format!(
                    "SIZE {}",
                    shared.size_limit_bytes.load(Ordering::SeqCst)
                ));
                if door == Door::StartTls && !secure {
                    lines.push("STARTTLS".into());
                } else if door != Door::Plain {
                    lines.push("AUTH PLAIN LOGIN".into());
                }
                let last = lines.len() - 1;
                for (at, line) in lines.iter().enumerate() {
                    talk.say(&format!("250{}{line}", if at == last { ' ' } else { '-' }))?;
                }
            }
            "STARTTLS" if door == Door::StartTls && !secure => {
                talk.say("220 2.0.0 Go ahead")?;
                talk.wire = BufReader::new(encrypted(raw.try_clone()?, shared)?);
                secure = true;
            }
            "AUTH" if door != Door::Plain && secure => match sign_in(&mut talk, rest)? {
                Some(name) => {
                    user = Some(name);
                    talk.say("235 2.7.0 Signed in")?;
                }
                None => talk.say("535 5.7.8 Wrong user name or password")?,
            },
            "MAIL" | "RCPT" | "DATA" if user.is_none() => talk.say("530 5.7.0 Sign in first")?,
            "MAIL" => {
                talk.pass(Phase::Sender);
                let limit = shared.size_limit_bytes.load(Ordering::SeqCst);
                let announced = rest
                    .to_ascii_uppercase()
                    .split_whitespace()
                    .find_map(|word| word.strip_prefix("SIZE=")?.parse::<usize>().ok());
                if announced.is_some_and(|size| size > limit) {
                    talk.say("552 5.3.4 Message too big")?;
                } else {
                    from = Some(path(rest));
                    recipients.clear();
                    talk.say("250 2.1.0 Ok")?;
                }
            }
            "RCPT" => {
                talk.pass(Phase::Recipient);
                let address = path(rest);
                let answer = match local_part(&address) {
                    "refuse" => "550 5.1.1 No such user here",
                    "full" => "552 5.2.2 Mailbox full",
                    "defer" => "451 4.3.0 Try again later",
                    "hangup" => return Ok(()),
                    "greylist" if lock(&shared.greylisted).insert(address.clone()) => {
                        "451 4.7.1 Greylisted, try again"
                    }
                    _ => "250 2.1.5 Ok",
                };
                if answer.starts_with('2') {
                    recipients.push(address);
                }
                talk.say(answer)?;
            }
            "DATA" => {
                let Some(sender) = from.take().filter(|_| !recipients.is_empty()) else {
                    talk.say("503 5.5.1 No valid recipients")?;
                    continue;
                };
                talk.pass(Phase::Data);
                talk.say("354 End data with <CR><LF>.<CR><LF>")?;
                let raw = data(&mut talk.wire)?;
                talk.pass(Phase::Dot);
                let letter = Letter {
                    from: sender,
                    recipients: std::mem::take(&mut recipients),
                    raw,
                    user: user.clone().unwrap_or_default(),
                };
                if !finish(&mut talk, letter)? {
                    return Ok(());
                }
            }
            "RSET" => {
                from = None;
                recipients.clear();
                talk.say("250 2.0.0 Ok")?;
            }
            "NOOP" => talk.say("250 2.0.0 Ok")?,
            "QUIT" => return talk.say("221 2.0.0 Bye"),
            _ => talk.say("502 5.5.2 What?")?,
        }
    }
    Ok(())
}

/// After the final dot: delivers and answers as the recipients say. False ends the connection.
fn finish(talk: &mut Conversation, letter: Letter) -> io::Result<bool> {
    let has = |name: &str| {
        letter
            .recipients
            .iter()
            .any(|address| local_part(address) == name)
    };
    if has("lost") {
        return Ok(false);
    }
    if has("refuse-data") {
        talk.say("554 5.7.1 Message refused")?;
        return Ok(true);
    }
    if has("defer-data") {
        talk.say("451 4.3.0 Try again later")?;
        return Ok(true);
    }
    if letter.raw.len() > talk.shared.size_limit_bytes.load(Ordering::SeqCst) {
        talk.say("552 5.3.4 Message too big")?;
        return Ok(true);
    }
    let (silent, leave) = (has("silent"), has("leave"));
    if let Err(refusal) = deliver(&talk.shared.lmtp, &letter) {
        talk.say(&refusal)?;
        return Ok(true);
    }
    let number = {
        let mut letters = lock(&talk.shared.letters);
        letters.push(letter);
        letters.len()
    };
    talk.pass(Phase::Delivered);
    if silent {
        return Ok(false);
    }
    talk.say(&format!("250 2.0.0 Ok: queued as {number}"))?;
    talk.pass(Phase::Answered);
    Ok(!leave)
}

fn sign_in(talk: &mut Conversation, rest: &str) -> io::Result<Option<String>> {
    let decode = |text: &str| {
        BASE64
            .decode(text)
            .ok()
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    };
    let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
    let ask = |talk: &mut Conversation, prompt: &str| -> io::Result<String> {
        talk.say(&format!("334 {prompt}"))?;
        Ok(talk.line()?.unwrap_or_default())
    };
    let pair = match mechanism.to_ascii_uppercase().as_str() {
        "PLAIN" => {
            let text = if initial.is_empty() {
                ask(talk, "")?
            } else {
                initial.to_owned()
            };
            decode(&text).and_then(|text| {
                let mut parts = text.split('\0').skip(1).map(str::to_owned);
                Some((parts.next()?, parts.next()?))
            })
        }
        "LOGIN" => {
            let name = if initial.is_empty() {
                ask(talk, "VXNlcm5hbWU6")?
            } else {
                initial.to_owned()
            };
            let password = ask(talk, "UGFzc3dvcmQ6")?;
            decode(&name).zip(decode(&password))
        }
        _ => None,
    };
    let wanted = lock(&talk.shared.passwords).clone();
    Ok(pair
        .filter(|pair| wanted.map_or(pair.1 != "wrong", |wanted| *pair == wanted))
        .map(|(name, _)| name))
}

/// Reads up to the final dot; gives the message without dot-stuffing.
fn data(wire: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        if wire.read_until(b'\n', &mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(message);
        }
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

/// A message as DATA wants it: every line ended by CRLF, a second dot before a dot at its start.
#[must_use]
pub fn dot_stuffed(raw: &[u8]) -> Vec<u8> {
    let mut stuffed = Vec::with_capacity(raw.len() + 64);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.starts_with(b".") {
            stuffed.push(b'.');
        }
        stuffed.extend_from_slice(line);
        stuffed.extend_from_slice(b"\r\n");
    }
    stuffed
}

/// Delivers by LMTP to those recipients that are of the test domain; gives the first refusal.
fn deliver(socket: &PathBuf, letter: &Letter) -> Result<(), String> {
    let own = format!("@{DOMAIN}");
    let local: Vec<_> = letter
        .recipients
        .iter()
        .filter(|address| address.to_lowercase().ends_with(&own))
        .collect();
    if local.is_empty() {
        return Ok(());
    }
    let go = || -> io::Result<Option<String>> {
        let mut stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut answers = BufReader::new(stream.try_clone()?);
        let mut answer = || -> io::Result<String> {
            loop {
                let mut line = String::new();
                if answers.read_line(&mut line)? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                if line.as_bytes().get(3) != Some(&b'-') {
                    return Ok(line.trim_end().to_owned());
                }
            }
        };
        answer()?;
        let mut commands = vec![
            "LHLO relay.tabella.test".to_owned(),
            format!("MAIL FROM:<{}>", letter.from),
        ];
        commands.extend(local.iter().map(|address| format!("RCPT TO:<{address}>")));
        commands.push("DATA".into());
        for command in commands {
            stream.write_all(format!("{command}\r\n").as_bytes())?;
            let said = answer()?;
            if !said.starts_with(['2', '3']) {
                return Ok(Some(said));
            }
        }
        stream.write_all(&dot_stuffed(&letter.raw))?;
        stream.write_all(b".\r\n")?;
        let mut refusal = None;
        for _ in &local {
            let said = answer()?;
            if !said.starts_with('2') {
                refusal = Some(said);
            }
        }
        Ok(refusal)
    };
    match go() {
        Ok(None) => Ok(()),
        Ok(Some(refusal)) => Err(refusal),
        Err(error) => Err(format!("451 4.4.1 Delivery is not possible now: {error}")),
    }
}

/// `FROM:<a@b> SIZE=1` or `TO:<a@b>` to `a@b`.
fn path(text: &str) -> String {
    let inside = text.split_once('<').map_or(text, |(_, rest)| rest);
    inside
        .split('>')
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

fn local_part(address: &str) -> &str {
    address.split('@').next().unwrap_or_default()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no panic while held")
}
