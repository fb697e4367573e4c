//! A signed-in conversation with a server: greeting, encryption, sign-in, capabilities.
//!
//! The `imap` crate signs in (LOGIN and SASL); everything after runs over [`super::exchange`], because
//! the crate panics on legal answers to SELECT and IDLE, drops COPYUID and APPENDUID, and takes one
//! answer it can't parse for the end of the connection. Look next: `fetch`, `mailbox`, `change`.

use super::exchange::{Exchange, Response, Verdict, quote, read_response};
use super::fault::{Fault, sign_in, token_refused};
use super::mailbox::Selected;
use super::value::Value;
use super::wire::{SharedWire, Wire};
use crate::access::{Credential, sasl_oauthbearer, sasl_plain, sasl_xoauth2};
use model::account::{ServerSettings, TlsMode};
use model::{Error, ErrorCode, say};
use rustls::ClientConfig;
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::net::TcpStream;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// From the first byte to the end of the sign-in.
const SIGN_IN_TIME: Duration = Duration::from_mins(1);

/// What a connection needs to begin.
pub struct Opening {
    /// The connected socket.
    pub socket: TcpStream,
    /// Where it leads.
    pub server: ServerSettings,
    /// TLS.
    pub config: Arc<ClientConfig>,
    /// As whom.
    pub(crate) credential: Credential,
}

/// A signed-in conversation.
pub struct Session {
    /// Commands and responses.
    pub exchange: Exchange,
    /// QRESYNC is on.
    pub qresync: bool,
    /// The selected mailbox.
    pub selected: Option<Selected>,
    /// The protection of the connection, for people: `TLS 1.3` or `no encryption`.
    pub protection: String,
    capabilities: HashSet<String>,
}

impl Session {
    /// Reads the greeting, encrypts as chosen and signs in.
    ///
    /// # Errors
    /// `NoTls` where STARTTLS was chosen and is not offered, `Certificate`, `SignIn`, and everything a
    /// broken connection gives.
    pub fn open(opening: Opening) -> Result<Self, Fault> {
        let Opening { socket, server, config, credential } = opening;
        let mut wire = Wire::new(socket)?;
        wire.within(SIGN_IN_TIME);
        let mut protection = "no encryption".to_owned();
        if server.tls == TlsMode::Tls {
            protection = wire.encrypt(config.clone(), &server.host)?;
        }
        let greeting = match read_response(&mut wire)? {
            Response::Status(status) => status,
            other => return Err(Fault::Protocol(format!("no IMAP greeting: {other:?}"))),
        };
        match greeting.verdict {
            Verdict::Ok | Verdict::Preauth => {}
            _ => return Err(Fault::Bye(greeting.text)),
        }
        if server.tls == TlsMode::StartTls {
            if greeting.verdict == Verdict::Preauth {
                return Err(no_tls(&server.host, "PREAUTH before STARTTLS"));
            }
            start_tls(&mut wire, &server.host)?;
            protection = wire.encrypt(config, &server.host)?;
        }
        let wire = Rc::new(RefCell::new(wire));
        let mut session = Self {
            exchange: Exchange::new(wire.clone()),
            qresync: false,
            selected: None,
            protection,
            capabilities: HashSet::new(),
        };
        if greeting.verdict == Verdict::Ok {
            session.ask_capabilities()?;
            session.sign_in(&server, &credential)?;
        }
        session.ask_capabilities()?;
        session.introduce()?;
        wire.borrow_mut().unlimited();
        Ok(session)
    }

    /// Whether the server has a capability, given in capitals.
    pub fn has(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }

    fn ask_capabilities(&mut self) -> Result<(), Fault> {
        let mut found = HashSet::new();
        self.exchange.run("CAPABILITY", |response| {
            if let Response::Data(values) = response
                && values.first().and_then(Value::atom).is_some_and(|word| word.eq_ignore_ascii_case("CAPABILITY"))
            {
                found.extend(values.iter().skip(1).filter_map(Value::atom).map(str::to_ascii_uppercase));
            }
        })?;
        self.capabilities = found;
        Ok(())
    }

    fn sign_in(&mut self, server: &ServerSettings, credential: &Credential) -> Result<(), Fault> {
        let user = server.username.as_str();
        let client = imap::Client::new(SharedWire(self.exchange.wire.clone()));
        let simple = |text: &str| text.bytes().all(|b| (b' '..=b'~').contains(&b));
        let result = match credential {
            Credential::Token(token) if self.has("AUTH=OAUTHBEARER") && !self.has("AUTH=XOAUTH2") => {
                let answer =
                    Once { after: b"\x01", ..Once::new(sasl_oauthbearer(user, &server.host, server.port, token)) };
                client.authenticate("OAUTHBEARER", &answer).map(|_| ()).map_err(|(e, _)| e)
            }
            Credential::Token(token) => {
                client.authenticate("XOAUTH2", &Once::new(sasl_xoauth2(user, token))).map(|_| ()).map_err(|(e, _)| e)
            }
            Credential::Password(_) if self.has("LOGINDISABLED") && !self.has("AUTH=PLAIN") => {
                return Err(no_tls(&server.host, "LOGINDISABLED"));
            }
            Credential::Password(password) => {
                if simple(user) && simple(password.expose()) && !self.has("LOGINDISABLED") {
                    client.login(user, password.expose()).map(|_| ()).map_err(|(e, _)| e)
                } else {
                    client.authenticate("PLAIN", &Once::new(sasl_plain(user, password))).map(|_| ()).map_err(|(e, _)| e)
                }
            }
        };
        let notice = self.exchange.wire.borrow_mut().take_notice();
        let refused = if matches!(credential, Credential::Token(_)) { token_refused } else { sign_in };
        result.map_err(|error| refused_sign_in(&server.host, error, notice, refused))
    }

    /// ID where offered (some servers demand it), then QRESYNC or CONDSTORE.
    fn introduce(&mut self) -> Result<(), Fault> {
        if self.has("ID") {
            let version = env!("CARGO_PKG_VERSION");
            tolerate(self.exchange.run(&format!("ID (\"name\" \"Tabella\" \"version\" {})", quote(version)?), |_| {}))?;
        }
        if self.has("QRESYNC") && (self.has("ENABLE") || self.has("IMAP4REV2")) {
            let mut on = false;
            tolerate(self.exchange.run("ENABLE QRESYNC", |response| {
                if let Response::Data(values) = response {
                    on |= values.iter().filter_map(Value::atom).any(|word| word.eq_ignore_ascii_case("QRESYNC"));
                }
            }))?;
            self.qresync = on;
        }
        Ok(())
    }

    /// True where changes can be asked for by MODSEQ.
    pub fn condstore(&self) -> bool {
        self.qresync || self.has("CONDSTORE") || self.has("QRESYNC")
    }

    /// Whether the server still answers within a time.
    pub fn answers(&mut self, time: Duration) -> Result<(), Fault> {
        self.exchange.wire.borrow_mut().within(time);
        self.exchange.run("NOOP", |_| {})?;
        self.exchange.wire.borrow_mut().unlimited();
        Ok(())
    }

    /// Says good-bye.
    pub fn logout(&mut self) {
        self.exchange.wire.borrow_mut().within(Duration::from_secs(3));
        let _ = self.exchange.run("LOGOUT", |_| {});
        self.exchange.wire.borrow().shutdown();
    }
}

/// A refusal of something optional is no failure.
fn tolerate<T>(done: Result<T, Fault>) -> Result<(), Fault> {
    match done {
        Ok(_) | Err(Fault::Refused { .. }) => Ok(()),
        Err(e) => Err(e),
    }
}

fn no_tls(host: &str, detail: &str) -> Fault {
    Fault::Other(
        Error::new(ErrorCode::NoTls, say!("{host} does not offer the encryption that was chosen.", host))
            .remedy(
                "Choose TLS (port 993) in the account's settings; Tabella never goes on without encryption by itself.",
            )
            .detail(detail),
    )
}

fn start_tls(wire: &mut Wire, host: &str) -> Result<(), Fault> {
    wire.send(b"s1 STARTTLS\r\n")?;
    loop {
        match read_response(wire)? {
            Response::Done(tag, status) if tag == "s1" => {
                return match status.verdict {
                    Verdict::Ok => Ok(()),
                    _ => Err(no_tls(host, &status.text)),
                };
            }
            Response::Status(status) if status.verdict == Verdict::Bye => {
                return Err(Fault::Bye(status.text));
            }
            _ => {}
        }
    }
}

/// Answers the first challenge; a second one carries the server's reasons and gets an answer without
/// meaning, after which the server refuses properly.
struct Once {
    answer: Zeroizing<String>,
    given: Cell<bool>,
    /// Empty, but for OAUTHBEARER (RFC 7628, section 3.2.3).
    after: &'static [u8],
}

impl Once {
    fn new(answer: Zeroizing<String>) -> Self {
        Self { answer, given: Cell::new(false), after: b"" }
    }
}

impl imap::Authenticator for Once {
    type Response = Vec<u8>;

    fn process(&self, _challenge: &[u8]) -> Vec<u8> {
        if self.given.replace(true) { self.after.to_vec() } else { self.answer.as_bytes().to_vec() }
    }
}

fn refused_sign_in(
    host: &str,
    error: imap::Error,
    notice: Option<String>,
    refused: fn(&str, &str, &str) -> Error,
) -> Fault {
    let (bad, text) = match error {
        imap::Error::No(no) => (false, no.information),
        imap::Error::Bad(bad) => (true, bad.information),
        imap::Error::Io(e) => {
            return match notice {
                Some(text) => Fault::Bye(text),
                None => Fault::Io(e),
            };
        }
        imap::Error::ConnectionLost => {
            return notice.map_or_else(|| Fault::Io(std::io::ErrorKind::UnexpectedEof.into()), Fault::Bye);
        }
        imap::Error::Validate(_) => {
            return Fault::Other(Error::invalid("The user name or password holds a line break."));
        }
        other => return Fault::Protocol(notice.unwrap_or_else(|| other.to_string())),
    };
    let (code, words) = match text.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((code, words)) => (code.to_ascii_uppercase(), words.trim().to_owned()),
        None => (String::new(), text),
    };
    // A refusal for any other reason than the credentials keeps its own meaning.
    match (Fault::Refused { bad, code: code.clone(), text: words.clone() }).explain(host, 0) {
        error if matches!(error.code, ErrorCode::Throttled | ErrorCode::Network | ErrorCode::NoTls) => {
            Fault::Other(error)
        }
        _ => Fault::Other(refused(host, &code, &words)),
    }
}
