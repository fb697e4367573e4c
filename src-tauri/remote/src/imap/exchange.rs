//! Commands out, responses in: tags, literals, response codes (RFC 9051, section 7).
//!
//! A response is framed before it is understood, so one that makes no sense is skipped and the
//! conversation goes on. Refuses: meaning; see `session` and its siblings for the commands.

use super::fault::Fault;
use super::value::{Piece, Value, parse};
use super::wire::Wire;
use std::cell::RefCell;
use std::rc::Rc;

/// The largest literal taken; no provider stores a larger message.
const LITERAL_LIMIT_BYTES: usize = 320 << 20;

/// How a status response judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// OK.
    Ok,
    /// NO.
    No,
    /// BAD.
    Bad,
    /// BYE.
    Bye,
    /// PREAUTH.
    Preauth,
}

/// A status response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its judgement.
    pub verdict: Verdict,
    /// Response code in capitals; empty if none.
    pub code: String,
    /// What follows the code inside the brackets.
    pub args: String,
    /// The words for people.
    pub text: String,
}

/// One response.
#[derive(Debug)]
pub enum Response {
    /// `* OK`, `* NO`, `* BYE` and so on.
    Status(Status),
    /// The end of a command: its tag and status.
    Done(String, Status),
    /// `+`.
    Continue,
    /// Untagged data.
    Data(Vec<Value>),
    /// Framed, but not understood.
    Unknown(String),
}

/// Takes a status response apart; `None` where the line is none.
fn status(rest: &[u8]) -> Option<Status> {
    let text = String::from_utf8_lossy(rest);
    let (word, tail) = text.split_once(' ').unwrap_or((&text, ""));
    let verdict = match word.to_ascii_uppercase().as_str() {
        "OK" => Verdict::Ok,
        "NO" => Verdict::No,
        "BAD" => Verdict::Bad,
        "BYE" => Verdict::Bye,
        "PREAUTH" => Verdict::Preauth,
        _ => return None,
    };
    let coded = tail.strip_prefix('[').and_then(|inner| inner.split_once(']'));
    let (code, args, text) = match coded {
        Some((inside, words)) => {
            let (code, args) = inside.split_once(' ').unwrap_or((inside, ""));
            (code.to_ascii_uppercase(), args.to_owned(), words.trim())
        }
        None => (String::new(), String::new(), tail.trim()),
    };
    Some(Status { verdict, code, args, text: text.to_owned() })
}

/// Bytes of the literal a line announces at its end.
fn literal_mark(line: &[u8]) -> Option<(usize, usize)> {
    let inner = line.strip_suffix(b"}")?;
    let open = memchr::memrchr(b'{', inner)?;
    let digits = inner.get(open + 1..)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let count = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let start = if open > 0 && line.get(open - 1) == Some(&b'~') { open - 1 } else { open };
    Some((start, count))
}

/// Reads the next response whole.
pub fn read_response(wire: &mut Wire) -> Result<Response, Fault> {
    let line = wire.read_line()?;
    if line == b"+" || line.starts_with(b"+ ") {
        return Ok(Response::Continue);
    }
    let Some(rest) = line.strip_prefix(b"* ") else {
        let text = String::from_utf8_lossy(&line).into_owned();
        let (tag, rest) = text.split_once(' ').unwrap_or((&text, ""));
        return match status(rest.as_bytes()) {
            Some(done) if !tag.is_empty() => Ok(Response::Done(tag.to_owned(), done)),
            _ => Err(Fault::Protocol(format!("neither tagged nor untagged: {}", shorten(&text)))),
        };
    };
    if let Some(status) = status(rest) {
        return Ok(Response::Status(status));
    }
    let mut pieces = Vec::new();
    let mut line = rest.to_vec();
    while let Some((start, count)) = literal_mark(&line) {
        if count > LITERAL_LIMIT_BYTES {
            return Err(Fault::Protocol(format!("a literal of {count} bytes")));
        }
        line.truncate(start);
        pieces.push(Piece::Line(line));
        pieces.push(Piece::Literal(wire.read_bytes(count)?));
        line = wire.read_line()?;
    }
    pieces.push(Piece::Line(line));
    let begin = match pieces.first() {
        Some(Piece::Line(line)) => shorten(&String::from_utf8_lossy(line)),
        _ => String::new(),
    };
    Ok(parse(pieces).map_or(Response::Unknown(begin), Response::Data))
}

fn shorten(text: &str) -> String {
    text.chars().take(200).collect()
}

/// Runs commands one after the other, or several ahead of their answers.
pub struct Exchange {
    /// The stream, shared with the `imap` crate.
    pub wire: Rc<RefCell<Wire>>,
    tag: u32,
}

impl Exchange {
    /// Over a stream.
    pub fn new(wire: Rc<RefCell<Wire>>) -> Self {
        Self { wire, tag: 0 }
    }

    /// Sends a command; its tag is what [`Exchange::finish`] waits for.
    pub fn send(&mut self, command: &str) -> Result<String, Fault> {
        if command.contains(['\r', '\n', '\0']) {
            return Err(Fault::Other(model::Error::invalid(
                "A name with a line break can't be sent to a mail server.",
            )));
        }
        self.tag += 1;
        let tag = format!("t{}", self.tag);
        self.wire.borrow_mut().send(format!("{tag} {command}\r\n").as_bytes())?;
        Ok(tag)
    }

    /// The next response.
    pub fn next(&mut self) -> Result<Response, Fault> {
        read_response(&mut self.wire.borrow_mut())
    }

    /// Reads up to the end of the command, handing over what comes before; NO and BAD are errors.
    pub fn finish(&mut self, tag: &str, mut each: impl FnMut(Response)) -> Result<Status, Fault> {
        let mut bye: Option<Status> = None;
        loop {
            let response = match (self.next(), &bye) {
                (Err(Fault::Io(_)), Some(said)) => return Err(Fault::Bye(said.text.clone())),
                (other, _) => other?,
            };
            match response {
                Response::Done(got, status) if got == tag => {
                    return match status.verdict {
                        Verdict::Ok => Ok(status),
                        Verdict::No | Verdict::Bad => Err(Fault::Refused {
                            bad: status.verdict == Verdict::Bad,
                            code: status.code,
                            text: status.text,
                        }),
                        Verdict::Bye | Verdict::Preauth => Err(Fault::Bye(status.text)),
                    };
                }
                Response::Done(got, _) => {
                    return Err(Fault::Protocol(format!("an answer to {got}, which was not asked")));
                }
                Response::Status(status) if status.verdict == Verdict::Bye => bye = Some(status),
                other => each(other),
            }
        }
    }

    /// Sends a command and reads its answer.
    pub fn run(&mut self, command: &str, each: impl FnMut(Response)) -> Result<Status, Fault> {
        let tag = self.send(command)?;
        self.finish(&tag, each)
    }

    /// Sends a command that ends in a literal: waits for the server's leave before the bytes.
    pub fn run_with_literal(
        &mut self,
        command: &str,
        literal: &[u8],
        mut each: impl FnMut(Response),
    ) -> Result<Status, Fault> {
        let tag = self.send(&format!("{command} {{{}}}", literal.len()))?;
        loop {
            match self.next()? {
                Response::Continue => break,
                Response::Done(got, status) if got == tag => {
                    return Err(Fault::Refused {
                        bad: status.verdict == Verdict::Bad,
                        code: status.code,
                        text: status.text,
                    });
                }
                Response::Status(status) if status.verdict == Verdict::Bye => {
                    return Err(Fault::Bye(status.text));
                }
                other => each(other),
            }
        }
        {
            let mut wire = self.wire.borrow_mut();
            wire.send(literal)?;
            wire.send(b"\r\n")?;
        }
        self.finish(&tag, each)
    }
}

/// A string in quotes, as commands take names and search words.
///
/// # Errors
/// `Invalid` for line breaks and NUL, which would end the command.
pub fn quote(text: &str) -> Result<String, Fault> {
    if text.contains(['\r', '\n', '\0']) {
        return Err(Fault::Other(model::Error::invalid("A name with a line break can't be sent to a mail server.")));
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_gives_its_code_and_words() {
        let read = status(b"NO [OVERQUOTA 5] Mailbox is full").unwrap();
        assert_eq!((read.verdict, read.code.as_str(), read.args.as_str()), (Verdict::No, "OVERQUOTA", "5"));
        assert_eq!(read.text, "Mailbox is full");
        assert_eq!(status(b"FLAGS (a)"), None);
        assert_eq!(status(b"ok").unwrap().verdict, Verdict::Ok);
    }

    #[test]
    fn a_name_can_never_carry_a_second_command() {
        assert_eq!(quote("a\"b\\c").unwrap(), "\"a\\\"b\\\\c\"");
        for evil in ["a\r\nt2 DELETE INBOX", "a\nb", "a\0b"] {
            assert!(quote(evil).is_err());
        }
    }

    #[test]
    fn only_a_number_in_braces_announces_a_literal() {
        assert_eq!(literal_mark(b"BODY[] {12}"), Some((7, 12)));
        assert_eq!(literal_mark(b"BODY[] ~{12}"), Some((7, 12)));
        for none in [&b"BODY[] {}"[..], b"{x}", b"12}", b"{1 2}"] {
            assert_eq!(literal_mark(none), None);
        }
    }
}
