//! A scripted line server: for what no real server does on demand (quirks of IMAP and SMTP servers).
//!
//! It greets, then answers each line by the first fitting rule. `{tag}` in an answer is the first word
//! of the line it answers (IMAP's tag). A line that ends with a literal (`{12}` or `{12+}`) is read
//! whole before a rule is looked for; the server asks for it where the client waits.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::authority::Authority;

/// What the server does with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Sends this text; its line ends are made CRLF.
    Say(String),
    /// Sends these bytes as they are (`{tag}` is not replaced).
    Bytes(Vec<u8>),
    /// Sends this text, then ends the connection.
    SayAndClose(String),
    /// Ends the connection.
    Close,
    /// Says nothing, now and for the rest of the connection, and keeps it open.
    Hang,
}

#[derive(Clone, Debug)]
struct Rule {
    contains: String,
    answer: Answer,
    once: bool,
}

/// A script in the making.
#[derive(Clone, Debug, Default)]
pub struct Script {
    greeting: String,
    rules: Vec<Rule>,
}

impl Script {
    /// A server that greets with this line.
    #[must_use]
    pub fn greeting(line: &str) -> Self {
        Self { greeting: line.to_owned(), rules: Vec::new() }
    }

    /// An IMAP server that lets anybody in, announces `capability`, and has one empty INBOX. Rules
    /// added later go before these.
    #[must_use]
    pub fn imap(capability: &str) -> Self {
        Self::greeting(&format!("* OK [CAPABILITY {capability}] ready"))
            .say("CAPABILITY", &format!("* CAPABILITY {capability}\n{{tag}} OK done"))
            .say("LOGIN", "{tag} OK signed in")
            .say("ID ", "* ID NIL\n{tag} OK done")
            .say("ENABLE", "* ENABLED\n{tag} OK done")
            .say("LIST", "* LIST (\\HasNoChildren) \"/\" INBOX\n{tag} OK done")
            .say("SELECT", SELECTED)
            .say("EXAMINE", SELECTED)
            .say("STATUS", "* STATUS INBOX (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1)\n{tag} OK done")
            .say("LOGOUT", "* BYE\n{tag} OK bye")
            .say("", "{tag} OK done")
    }

    /// Answers every line that contains this text.
    #[must_use]
    pub fn say(self, contains: &str, text: &str) -> Self {
        self.rule(contains, Answer::Say(text.to_owned()), false)
    }

    /// Does this with every line that contains the text.
    #[must_use]
    pub fn on(self, contains: &str, answer: Answer) -> Self {
        self.rule(contains, answer, false)
    }

    /// Does this with the first line that contains the text, over all connections.
    #[must_use]
    pub fn once(self, contains: &str, answer: Answer) -> Self {
        self.rule(contains, answer, true)
    }

    /// Puts a rule before all others.
    #[must_use]
    pub fn first(mut self, contains: &str, answer: Answer) -> Self {
        self.rules.insert(0, Rule { contains: contains.to_uppercase(), answer, once: false });
        self
    }

    fn rule(mut self, contains: &str, answer: Answer, once: bool) -> Self {
        self.rules.push(Rule { contains: contains.to_uppercase(), answer, once });
        self
    }

    /// Starts it without TLS.
    #[must_use]
    pub fn start(self) -> Scripted {
        Scripted::start(self, None)
    }

    /// Starts it with TLS from the first byte.
    #[must_use]
    pub fn start_tls(self, authority: &Authority) -> Scripted {
        Scripted::start(self, Some(authority.server_config()))
    }
}

const SELECTED: &str =
    "* FLAGS (\\Seen)\n* 0 EXISTS\n* 0 RECENT\n* OK [UIDVALIDITY 1] x\n* OK [UIDNEXT 1] x\n{tag} OK [READ-WRITE] done";

#[derive(Debug)]
struct Shared {
    script: Script,
    used: Mutex<Vec<bool>>,
    lines: Mutex<Vec<String>>,
    connections: AtomicUsize,
    stopping: AtomicBool,
    tls: Option<Arc<rustls::ServerConfig>>,
    open: Mutex<Vec<TcpStream>>,
}

/// A running scripted server; ends, with its connections, when dropped.
#[derive(Debug)]
pub struct Scripted {
    port: u16,
    shared: Arc<Shared>,
}

impl Scripted {
    fn start(script: Script, tls: Option<Arc<rustls::ServerConfig>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let shared = Arc::new(Shared {
            used: Mutex::new(vec![false; script.rules.len()]),
            script,
            lines: Mutex::default(),
            connections: AtomicUsize::new(0),
            stopping: AtomicBool::new(false),
            tls,
            open: Mutex::default(),
        });
        let held = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if held.stopping.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                held.connections.fetch_add(1, Ordering::SeqCst);
                let shared = held.clone();
                std::thread::spawn(move || {
                    let ender = stream.try_clone();
                    // A client that goes away ends its conversation; that is its right.
                    let _ = serve(stream, &shared);
                    if let Ok(ender) = ender {
                        let _ = ender.shutdown(Shutdown::Both);
                    }
                });
            }
        });
        Self { port, shared }
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `localhost:PORT`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("localhost:{}", self.port)
    }

    /// Every line the clients sent, without line end; literals follow their line after a space.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.shared.lines.lock().expect("no panic while held").clone()
    }

    /// Connections accepted so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // Wakes the listener, which then ends.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        for stream in self.shared.open.lock().expect("no panic while held").drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

fn serve(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_mins(5)))?;
    shared.open.lock().expect("no panic while held").push(stream.try_clone()?);
    let stream: Box<dyn Stream> = match &shared.tls {
        None => Box::new(stream),
        Some(config) => {
            let connection = rustls::ServerConnection::new(config.clone()).map_err(io::Error::other)?;
            Box::new(rustls::StreamOwned::new(connection, stream))
        }
    };
    let mut wire = BufReader::new(stream);
    send(&mut wire, &crlf(&shared.script.greeting))?;
    while let Some(line) = command(&mut wire)? {
        shared.lines.lock().expect("no panic while held").push(line.clone());
        let tag = line.split(' ').next().unwrap_or_default();
        match answer(shared, &line) {
            Some(Answer::Say(text)) => send(&mut wire, &crlf(&text.replace("{tag}", tag)))?,
            Some(Answer::Bytes(bytes)) => send(&mut wire, &bytes)?,
            Some(Answer::SayAndClose(text)) => {
                return send(&mut wire, &crlf(&text.replace("{tag}", tag)));
            }
            Some(Answer::Close) => return Ok(()),
            Some(Answer::Hang) => while command(&mut wire)?.is_some() {},
            None => send(&mut wire, &crlf(&format!("{tag} BAD no rule for this")))?,
        }
    }
    Ok(())
}

fn answer(shared: &Shared, line: &str) -> Option<Answer> {
    let upper = line.to_uppercase();
    let mut used = shared.used.lock().expect("no panic while held");
    for (rule, used) in shared.script.rules.iter().zip(used.iter_mut()) {
        if upper.contains(&rule.contains) && !(rule.once && *used) {
            *used = true;
            return Some(rule.answer.clone());
        }
    }
    None
}

/// One command with its literals; `None` at the end of the connection.
fn command(wire: &mut BufReader<Box<dyn Stream>>) -> io::Result<Option<String>> {
    let mut whole = String::new();
    loop {
        let mut line = Vec::new();
        if wire.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned();
        whole.push_str(&line);
        let literal = line.strip_suffix('}').and_then(|line| line.rsplit_once('{')).map(|(_, size)| size);
        let Some(size) = literal.and_then(|size| size.trim_end_matches('+').parse::<usize>().ok()) else {
            return Ok(Some(whole));
        };
        if !line.ends_with("+}") {
            send(wire, b"+ go on\r\n")?;
        }
        let mut bytes = vec![0; size];
        wire.read_exact(&mut bytes)?;
        whole.push(' ');
        whole.push_str(&String::from_utf8_lossy(&bytes));
    }
}

fn send(wire: &mut BufReader<Box<dyn Stream>>, bytes: &[u8]) -> io::Result<()> {
    wire.get_mut().write_all(bytes)?;
    wire.get_mut().flush()
}

fn crlf(text: &str) -> Vec<u8> {
    let mut text = text.replace("\r\n", "\n").replace('\n', "\r\n");
    text.push_str("\r\n");
    text.into_bytes()
}
