//! The conversation with a submission server (RFC 5321, 6409): connect, encrypt, EHLO, sign in, and
//! commands with a deadline each.

use super::reply::{self, Reply, refusal};
use crate::access::{Access, Credential, sasl_oauthbearer, sasl_plain, sasl_xoauth2};
use crate::{net, tls};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::account::TlsMode;
use model::{Error, ErrorCode, Result, say};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

/// For each command but the last.
pub const STEP: Duration = Duration::from_mins(2);
/// For a block of data (RFC 5321, section 4.5.3.2.5).
const BLOCK: Duration = Duration::from_mins(3);
/// From connecting to the end of the sign-in.
const OPEN: Duration = Duration::from_mins(2);
const BLOCK_BYTES: usize = 64 << 10;
const LINE_LIMIT_BYTES: u64 = 64 << 10;
const LINES_LIMIT: usize = 500;
/// How we greet: an address literal, since a host name would tell who we are.
const OWN_NAME: &str = "[127.0.0.1]";

trait Stream: AsyncRead + AsyncWrite + Unpin + Send + Sync {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync> Stream for T {}

/// What EHLO announced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    /// Largest message in bytes (RFC 1870); `None` where it does not tell or has no limit.
    pub size: Option<u64>,
    /// 8BITMIME.
    pub eight_bit: bool,
    /// SMTPUTF8.
    pub utf8: bool,
    /// PIPELINING.
    pub pipelining: bool,
    /// STARTTLS.
    pub starttls: bool,
    /// AUTH mechanisms in capitals.
    pub auth: Vec<String>,
}

/// An open, signed-in conversation.
pub struct Dialogue {
    stream: BufReader<Box<dyn Stream>>,
    /// What the server can do.
    pub extensions: Extensions,
    /// The server's name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// The protection of the connection, for people.
    pub protection: &'static str,
}

impl Dialogue {
    /// Connects, encrypts as chosen and signs in.
    ///
    /// # Errors
    /// As [`crate::contract::Remote`].
    pub async fn open(access: &Access, cancel: &CancellationToken) -> Result<Self> {
        let dialogue = Self::connect(access, cancel).await?;
        dialogue.signed_in(access, cancel).await
    }

    /// Signs in; does nothing where the account has no user name for this server.
    pub async fn signed_in(self, access: &Access, cancel: &CancellationToken) -> Result<Self> {
        if access.server.username.is_empty() {
            return Ok(self);
        }
        let mut first = Some(self);
        access
            .signed_in(|credential| {
                let open = first.take();
                async move {
                    // A server that refused a token may hear no second one on the same connection.
                    let mut dialogue = match open {
                        Some(dialogue) => dialogue,
                        None => Self::connect(access, cancel).await?,
                    };
                    let host = dialogue.host.clone();
                    limited(&host, OPEN, cancel, dialogue.authenticate(access, credential)).await?;
                    Ok(dialogue)
                }
            })
            .await
    }

    /// Connects and encrypts as chosen, and asks what the server can do.
    pub async fn connect(access: &Access, cancel: &CancellationToken) -> Result<Self> {
        let (host, typed_port) = net::clean_host(&access.server.host)?;
        let port = typed_port.unwrap_or(access.server.port);
        limited(&host, OPEN, cancel, Self::begin(access, &host, port, cancel)).await
    }

    async fn begin(access: &Access, host: &str, port: u16, cancel: &CancellationToken) -> Result<Self> {
        let config = tls::client_config(access.ca_pem.as_deref())?;
        let connector = tokio_rustls::TlsConnector::from(config);
        let name = tls::server_name(host)?;
        let tcp = net::connect(host, port, cancel).await?;
        let broken = |e: &io::Error| match tls::from_io(e) {
            Some(inner) => tls::explain(host, inner),
            None => net::broken(host, port, e),
        };
        let over = |stream: Box<dyn Stream>, protection| Self {
            stream: BufReader::new(stream),
            extensions: Extensions::default(),
            host: host.to_owned(),
            port,
            protection,
        };
        match access.server.tls {
            TlsMode::Tls => {
                let stream = connector.connect(name, tcp).await.map_err(|e| broken(&e))?;
                let protection = version(&stream);
                let mut dialogue = over(Box::new(stream), protection);
                dialogue.greeting().await?;
                dialogue.hello().await?;
                Ok(dialogue)
            }
            TlsMode::None => {
                tracing::warn!(host, "connecting without encryption, as chosen");
                let mut dialogue = over(Box::new(tcp), "no encryption");
                dialogue.greeting().await?;
                dialogue.hello().await?;
                Ok(dialogue)
            }
            TlsMode::StartTls => {
                let mut plain = over(Box::new(tcp), "no encryption");
                plain.greeting().await?;
                plain.hello().await?;
                let reply = if plain.extensions.starttls {
                    plain.command("STARTTLS").await?
                } else {
                    return Err(no_tls(host, "STARTTLS is not offered"));
                };
                if !reply.is_ok() {
                    return Err(no_tls(host, &reply.answer()));
                }
                if !plain.stream.buffer().is_empty() {
                    return Err(Error::new(
                        ErrorCode::Protocol,
                        say!("{host} sent data before encryption began.", host),
                    )
                    .remedy("Somebody may be tampering with the connection; try another network."));
                }
                let stream = connector.connect(name, plain.stream.into_inner()).await.map_err(|e| broken(&e))?;
                let protection = version(&stream);
                let mut dialogue = over(Box::new(stream), protection);
                dialogue.hello().await?;
                Ok(dialogue)
            }
        }
    }

    async fn greeting(&mut self) -> Result<()> {
        let reply = self.reply().await?;
        if reply.is_ok() { Ok(()) } else { Err(refusal(&self.host, &reply)) }
    }

    async fn hello(&mut self) -> Result<()> {
        let reply = self.command(&format!("EHLO {OWN_NAME}")).await?;
        if !reply.is_ok() {
            return Err(refusal(&self.host, &reply));
        }
        self.extensions = extensions(&reply.lines);
        Ok(())
    }

    async fn authenticate(&mut self, access: &Access, credential: Credential) -> Result<()> {
        let user = &access.server.username;
        let offers = |mechanism: &str| self.extensions.auth.iter().any(|offered| offered == mechanism);
        let (plain, login) = (offers("PLAIN"), offers("LOGIN"));
        let by_token = matches!(credential, Credential::Token(_));
        let reply = match credential {
            Credential::Token(token) => {
                let bearer = offers("OAUTHBEARER") && !offers("XOAUTH2");
                // "AQ==" is the answer without meaning of RFC 7628, section 3.2.3.
                let (mechanism, clear, after) = if bearer {
                    ("OAUTHBEARER", sasl_oauthbearer(user, &self.host, self.port, &token), "AQ==")
                } else {
                    ("XOAUTH2", sasl_xoauth2(user, &token), "")
                };
                let answer = Zeroizing::new(STANDARD.encode(clear.as_bytes()));
                let line = Zeroizing::new(format!("AUTH {mechanism} {}", answer.as_str()));
                let reply = self.command(&line).await?;
                // The reasons come as a challenge; an answer without meaning makes the server refuse properly.
                if reply.code == 334 {
                    let reasons = STANDARD.decode(reply.lines.join("").trim()).unwrap_or_default();
                    let mut refused = self.command(after).await?;
                    refused.lines.push(String::from_utf8_lossy(&reasons).into_owned());
                    refused
                } else {
                    reply
                }
            }
            Credential::Password(password) if plain => {
                let answer = Zeroizing::new(STANDARD.encode(sasl_plain(user, &password).as_bytes()));
                self.command(&format!("AUTH PLAIN {}", answer.as_str())).await?
            }
            Credential::Password(password) if login => {
                let mut reply = self.command("AUTH LOGIN").await?;
                for answer in [user.as_str(), password.expose()] {
                    if reply.code != 334 {
                        break;
                    }
                    let encoded = Zeroizing::new(STANDARD.encode(answer));
                    reply = self.command(&encoded).await?;
                }
                reply
            }
            Credential::Password(_) if access.server.tls == TlsMode::None => {
                return Err(no_tls(&self.host, "no AUTH without encryption"));
            }
            Credential::Password(_) => {
                return Err(Error::new(
                    ErrorCode::Refused,
                    say!("{host} offers no way to sign in with a password.", host = self.host),
                )
                .remedy("Check host and port; the outgoing server is usually on port 465 or 587.")
                .detail(self.extensions.auth.join(" ")));
            }
        };
        match reply.code {
            235 => Ok(()),
            _ if reply.is_later() => Err(refusal(&self.host, &reply)),
            _ if reply.enhanced == Some((5, 7, 139)) => Err(refusal(&self.host, &reply)),
            _ => {
                let error = refusal(&self.host, &Reply { code: 535, ..reply.clone() }).detail(reply.answer());
                if !by_token || error.code != ErrorCode::SignIn {
                    return Err(error);
                }
                Err(error.saying(say!("{host} does not accept the sign-in.", host = self.host)).remedy(
                    "Sign in again; if that does not help, look in the provider's settings whether SMTP is allowed.",
                ))
            }
        }
    }

    /// Writes a command and reads its reply.
    pub async fn command(&mut self, command: &str) -> Result<Reply> {
        self.write(command).await?;
        self.reply().await
    }

    /// Writes a command without waiting for its reply.
    pub async fn write(&mut self, command: &str) -> Result<()> {
        if command.contains(['\r', '\n', '\0']) {
            return Err(Error::invalid("An address with a line break can't be sent to a mail server."));
        }
        let line = Zeroizing::new(format!("{command}\r\n"));
        self.write_raw(line.as_bytes()).await
    }

    /// Writes bytes as they are, block by block.
    pub async fn write_raw(&mut self, bytes: &[u8]) -> Result<()> {
        for block in bytes.chunks(BLOCK_BYTES) {
            let done = tokio::time::timeout(BLOCK, self.stream.get_mut().write_all(block)).await;
            self.io(done)?;
        }
        let done = tokio::time::timeout(BLOCK, self.stream.get_mut().flush()).await;
        self.io(done)
    }

    fn io<T>(&self, done: std::result::Result<io::Result<T>, tokio::time::error::Elapsed>) -> Result<T> {
        match done {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(e)) => Err(net::broken(&self.host, self.port, &e)),
            Err(_) => Err(net::timeout(&self.host)),
        }
    }

    /// Reads the next reply.
    pub async fn reply(&mut self) -> Result<Reply> {
        self.reply_within(STEP).await
    }

    /// Reads the next reply within a time.
    pub async fn reply_within(&mut self, time: Duration) -> Result<Reply> {
        let read = tokio::time::timeout(time, self.read_reply()).await;
        self.io(read)?
    }

    async fn read_reply(&mut self) -> io::Result<Result<Reply>> {
        let mut whole = Reply::default();
        loop {
            let mut raw = Vec::new();
            let count = (&mut self.stream).take(LINE_LIMIT_BYTES).read_until(b'\n', &mut raw).await?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let text = String::from_utf8_lossy(&raw);
            let text = text.trim_end();
            let Some((code, more, words)) = reply::line(text).filter(|_| whole.lines.len() < LINES_LIMIT) else {
                return Ok(Err(Error::new(
                    ErrorCode::Protocol,
                    say!("{host} gave an answer that makes no sense.", host = self.host),
                )
                .remedy("Check host and port; it may not be an outgoing mail server.")
                .detail(text.chars().take(200).collect::<String>())));
            };
            let (enhanced, words) = if code == 334 { (None, words) } else { reply::enhanced(words) };
            whole.code = code;
            whole.enhanced = whole.enhanced.or(enhanced);
            whole.lines.push(words.to_owned());
            if !more {
                return Ok(Ok(whole));
            }
        }
    }

    /// Says good-bye.
    pub async fn quit(mut self) {
        let _ = tokio::time::timeout(Duration::from_secs(2), self.command("QUIT")).await;
    }
}

/// Runs a step until its end, its deadline or `cancel`.
pub async fn limited<T>(
    host: &str,
    time: Duration,
    cancel: &CancellationToken,
    step: impl Future<Output = Result<T>>,
) -> Result<T> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(net::cancelled()),
        done = tokio::time::timeout(time, step) => done.unwrap_or_else(|_| Err(net::timeout(host))),
    }
}

fn version<S>(stream: &tokio_rustls::client::TlsStream<S>) -> &'static str {
    match stream.get_ref().1.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_3) => "TLS 1.3",
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
        _ => "TLS",
    }
}

fn no_tls(host: &str, detail: &str) -> Error {
    Error::new(ErrorCode::NoTls, say!("{host} does not offer the encryption that was chosen.", host))
        .remedy("Choose TLS (port 465) in the account's settings; Tabella never goes on without encryption by itself.")
        .detail(detail)
}

fn extensions(lines: &[String]) -> Extensions {
    let mut found = Extensions::default();
    for line in lines.iter().skip(1) {
        let upper = line.to_ascii_uppercase();
        let mut words = upper.split([' ', '=']).filter(|word| !word.is_empty());
        match words.next() {
            Some("SIZE") => {
                found.size = words.next().and_then(|n| n.parse().ok()).filter(|n| *n > 0);
            }
            Some("8BITMIME") => found.eight_bit = true,
            Some("SMTPUTF8") => found.utf8 = true,
            Some("PIPELINING") => found.pipelining = true,
            Some("STARTTLS") => found.starttls = true,
            Some("AUTH") => found.auth.extend(words.map(str::to_owned)),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ehlo_tells_what_the_server_can_do() {
        let lines: Vec<String> = [
            "mail.example.org",
            "SIZE 35882577",
            "8BITMIME",
            "AUTH LOGIN plain XOAUTH2",
            "AUTH=LOGIN",
            "pipelining",
            "SMTPUTF8",
        ]
        .map(String::from)
        .to_vec();
        let found = extensions(&lines);
        assert_eq!(found.size, Some(35_882_577));
        assert!(found.eight_bit && found.pipelining && found.utf8 && !found.starttls);
        assert_eq!(found.auth, ["LOGIN", "PLAIN", "XOAUTH2", "LOGIN"]);
        assert_eq!(extensions(&["h".into(), "SIZE 0".into()]).size, None, "0 means no limit");
    }
}
