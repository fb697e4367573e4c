//! What went wrong in a conversation, by what it means for the connection; and the words for people.

use model::{Error, ErrorCode, say};
use std::io;

/// A failed step.
#[derive(Debug)]
pub enum Fault {
    /// The socket failed or stayed silent: the connection is over.
    Io(io::Error),
    /// The server said good-bye, with its words: the connection is over.
    Bye(String),
    /// What came makes no sense: the connection is over.
    Protocol(String),
    /// A tagged NO or BAD, with its response code and words: the connection goes on.
    Refused {
        /// BAD rather than NO.
        bad: bool,
        /// Response code in capitals, such as `OVERQUOTA`; empty if none.
        code: String,
        /// The server's words.
        text: String,
    },
    /// The mailbox has another UIDVALIDITY than was expected: its keys are void.
    Epoch,
    /// Already in its final words.
    Other(Error),
}

impl Fault {
    /// True where the connection can't be used any more.
    pub fn ends_connection(&self) -> bool {
        match self {
            Self::Io(_) | Self::Bye(_) | Self::Protocol(_) => true,
            // What was refused before it was sent did no harm.
            Self::Other(error) => error.code != ErrorCode::Invalid,
            Self::Refused { .. } | Self::Epoch => false,
        }
    }

    /// The error as everybody else sees it. `host` is the server's name.
    pub fn explain(self, host: &str, port: u16) -> Error {
        match self {
            Self::Io(e) if e.kind() == io::ErrorKind::InvalidData => crate::tls::from_io(&e)
                .map_or_else(|| garbled(host, &e.to_string()), |inner| crate::tls::explain(host, inner)),
            Self::Io(e) => crate::net::broken(host, port, &e),
            Self::Bye(text) => throttled(host, &text).unwrap_or_else(|| {
                Error::new(ErrorCode::Network, say!("{host} closed the connection.", host))
                    .remedy("Tabella tries again by itself.")
                    .detail(text)
            }),
            Self::Protocol(what) => garbled(host, &what),
            Self::Refused { bad, code, text } => refused(host, bad, &code, &text),
            Self::Epoch => Error::new(ErrorCode::Network, "The server renumbered the mailbox meanwhile.")
                .remedy("Tabella compares it again by itself."),
            Self::Other(error) => error,
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn garbled(host: &str, what: &str) -> Error {
    Error::new(ErrorCode::Protocol, say!("{host} gave an answer that makes no sense.", host))
        .remedy("Tabella tries again by itself; tell the provider if it lasts.")
        .detail(what)
}

/// Milliseconds the server asks us to stay away, where it says so.
pub fn backoff_millis(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let (_, rest) = lower.split_once("backoff time")?;
    let digits: String = rest.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Servers tell "slow down" only in prose; these are the known forms.
fn throttled(host: &str, text: &str) -> Option<Error> {
    let lower = text.to_ascii_lowercase();
    let known = [
        "throttled",
        "too many simultaneous connections",
        "too many connections",
        "exceeded command or bandwidth",
        "rate limit",
        "try again later",
    ];
    if !known.iter().any(|phrase| lower.contains(phrase)) {
        return None;
    }
    let error = Error::new(ErrorCode::Throttled, say!("{host} asks Tabella to slow down.", host))
        .remedy("Tabella waits and goes on by itself.");
    Some(match backoff_millis(text) {
        Some(millis) => error.detail(text).retry_after(u32::try_from(millis.div_ceil(1000)).unwrap_or(u32::MAX)),
        None => error.detail(text),
    })
}

fn refused(host: &str, bad: bool, code: &str, text: &str) -> Error {
    if let Some(error) = throttled(host, text) {
        return error;
    }
    let with = |error: Error| error.detail(if code.is_empty() { text.to_owned() } else { format!("[{code}] {text}") });
    let lower = text.to_ascii_lowercase();
    match code {
        "OVERQUOTA" => with(
            Error::new(ErrorCode::Quota, say!("The mailbox at {host} is full.", host))
                .remedy("Delete something there, empty the trash, or get more space from the provider."),
        ),
        "AUTHENTICATIONFAILED" | "AUTHORIZATIONFAILED" | "EXPIRED" | "WEBALERT" => sign_in(host, code, text),
        "PRIVACYREQUIRED" => with(
            Error::new(ErrorCode::NoTls, say!("{host} wants an encrypted connection.", host))
                .remedy("Choose TLS or STARTTLS in the account's settings."),
        ),
        "UNAVAILABLE" | "INUSE" | "SERVERBUG" => with(
            Error::new(ErrorCode::Network, say!("{host} can't do this at the moment.", host))
                .remedy("Tabella tries again by itself."),
        ),
        "LIMIT" => with(
            Error::new(ErrorCode::Throttled, say!("{host} asks Tabella to slow down.", host))
                .remedy("Tabella waits and goes on by itself."),
        ),
        "TOOBIG" => with(Error::new(ErrorCode::TooLarge, say!("{host} does not take a message of this size.", host))),
        "NONEXISTENT" | "TRYCREATE" => {
            with(Error::new(ErrorCode::Refused, "The mailbox does not exist on the server any more."))
        }
        "NOPERM" | "ACL" => {
            with(Error::new(ErrorCode::Refused, say!("{host} does not allow this in this mailbox.", host)))
        }
        _ if bad && lower.contains("authenticated but not connected") => sign_in(host, code, text),
        _ => with(Error::new(ErrorCode::Refused, say!("{host} refused this.", host))),
    }
}

/// A refused sign-in.
pub fn sign_in(host: &str, code: &str, text: &str) -> Error {
    Error::new(ErrorCode::SignIn, say!("{host} refused the user name or password.", host))
        .remedy("Check both. Some providers want an app password, or IMAP to be allowed in their settings first.")
        .detail(if code.is_empty() { text.to_owned() } else { format!("[{code}] {text}") })
}

/// A refused token, although the provider gives tokens.
pub fn token_refused(host: &str, code: &str, text: &str) -> Error {
    sign_in(host, code, text)
        .saying(say!("{host} does not accept the sign-in.", host))
        .remedy("Sign in again; if that does not help, look in the provider's settings whether IMAP is allowed.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_throttled_answer_tells_how_long_to_wait() {
        let fault = Fault::Refused {
            bad: true,
            code: String::new(),
            text: "Request is throttled. Suggested Backoff Time: 299961 milliseconds".into(),
        };
        let error = fault.explain("outlook.office365.com", 993);
        assert_eq!(error.code, ErrorCode::Throttled);
        assert_eq!(error.retry_after_seconds, Some(300));
    }

    #[test]
    fn a_full_mailbox_is_told_from_other_refusals() {
        let fault =
            |code: &str| Fault::Refused { bad: false, code: code.into(), text: "no".into() }.explain("h", 1).code;
        assert_eq!(fault("OVERQUOTA"), ErrorCode::Quota);
        assert_eq!(fault("AUTHENTICATIONFAILED"), ErrorCode::SignIn);
        assert_eq!(fault(""), ErrorCode::Refused);
    }
}
