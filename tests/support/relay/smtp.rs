//! One SMTP conversation, from the greeting to QUIT.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::delivery::deliver;
use super::{Door, Letter, Phase, Shared, lock};

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
        self.shared.gates.pass(phase);
    }
}

/// One connection. `Ok(())` ends it; so does an error.
pub(super) fn converse(stream: TcpStream, shared: &Arc<Shared>, door: Door) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_mins(5)))?;
    stream.set_nodelay(true)?;
    let raw = stream.try_clone()?;
    let first: Box<dyn Stream> = if door == Door::Tls { encrypted(stream, shared)? } else { Box::new(stream) };
    let mut talk = Conversation { wire: BufReader::new(first), shared };
    talk.pass(Phase::Connected);
    talk.say("220 relay.tabella.test ESMTP")?;
    let mut secure = door == Door::Tls;
    let mut user: Option<String> = (door == Door::Plain).then(String::new);
    let (mut from, mut recipients) = (None::<String>, Vec::<String>::new());
    while let Some(line) = talk.line()? {
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => {
                let mut lines =
                    vec!["relay.tabella.test".to_owned(), "PIPELINING".into(), "8BITMIME".into(), "SMTPUTF8".into()];
                lines.push("ENHANCEDSTATUSCODES".into());
                lines.push(format!("SIZE {}", shared.size_limit_bytes.load(Ordering::SeqCst)));
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
                    "greylist" if lock(&shared.greylisted).insert(address.clone()) => "451 4.7.1 Greylisted, try again",
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
    let has = |name: &str| letter.recipients.iter().any(|address| local_part(address) == name);
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
    let decode = |text: &str| BASE64.decode(text).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
    let ask = |talk: &mut Conversation, prompt: &str| -> io::Result<String> {
        talk.say(&format!("334 {prompt}"))?;
        Ok(talk.line()?.unwrap_or_default())
    };
    let pair = match mechanism.to_ascii_uppercase().as_str() {
        "PLAIN" => {
            let text = if initial.is_empty() { ask(talk, "")? } else { initial.to_owned() };
            decode(&text).and_then(|text| {
                let mut parts = text.split('\0').skip(1).map(str::to_owned);
                Some((parts.next()?, parts.next()?))
            })
        }
        "LOGIN" => {
            let name = if initial.is_empty() { ask(talk, "VXNlcm5hbWU6")? } else { initial.to_owned() };
            let password = ask(talk, "UGFzc3dvcmQ6")?;
            decode(&name).zip(decode(&password))
        }
        _ => None,
    };
    let wanted = lock(&talk.shared.passwords).clone();
    Ok(pair.filter(|pair| wanted.map_or(pair.1 != "wrong", |wanted| *pair == wanted)).map(|(name, _)| name))
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

/// `FROM:<a@b> SIZE=1` or `TO:<a@b>` to `a@b`.
fn path(text: &str) -> String {
    let inside = text.split_once('<').map_or(text, |(_, rest)| rest);
    inside.split('>').next().unwrap_or_default().trim().to_owned()
}

fn local_part(address: &str) -> &str {
    address.split('@').next().unwrap_or_default()
}
