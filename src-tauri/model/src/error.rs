//! One error for the whole door: a code that callers switch on, and words that people read.

use crate::phrase::{Parts, Phrase, Sentence};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a caller may decide on. Add a variant only when some caller acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// An argument is not acceptable; the message names it.
    Invalid,
    /// The thing named does not exist (any more).
    NotFound,
    /// A name or file is taken, or the state does not allow this now.
    Conflict,
    /// The user stopped it.
    Cancelled,
    /// No connection could be made, or it broke; trying later may help.
    Network,
    /// The server did not answer in time.
    Timeout,
    /// The server's certificate is not trusted, expired or for another host.
    Certificate,
    /// The server offers no encryption although it was asked for.
    NoTls,
    /// User name, password or token refused: the user has to sign in again.
    SignIn,
    /// The provider lets only an administrator allow this.
    AdminConsent,
    /// On the provider's page somebody said no.
    ConsentDenied,
    /// On the provider's page a permission was left out that mail can't do without; the message names it.
    ScopeMissing,
    /// The server understood and refused; `detail` holds its own answer.
    Refused,
    /// The server asks us to slow down.
    Throttled,
    /// The mailbox on the server is full.
    Quota,
    /// The message or file is larger than what is allowed.
    TooLarge,
    /// The server answered something that its protocol does not allow.
    Protocol,
    /// No keyring answers and no passphrase was given.
    Locked,
    /// The profile or base was written by a newer Tabella.
    Newer,
    /// A file is damaged or is not what its name says.
    Damaged,
    /// Another program or window holds what this needs.
    Busy,
    /// The disk is full, or a file can't be read or written.
    Disk,
    /// A template or formula has a mistake; the message says where.
    Template,
    /// Tabella's own mistake.
    Internal,
}

impl ErrorCode {
    /// The code as it stands in JSON and on the command line, such as `sign_in`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Cancelled => "cancelled",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Certificate => "certificate",
            Self::NoTls => "no_tls",
            Self::SignIn => "sign_in",
            Self::AdminConsent => "admin_consent",
            Self::ConsentDenied => "consent_denied",
            Self::ScopeMissing => "scope_missing",
            Self::Refused => "refused",
            Self::Throttled => "throttled",
            Self::Quota => "quota",
            Self::TooLarge => "too_large",
            Self::Protocol => "protocol",
            Self::Locked => "locked",
            Self::Newer => "newer",
            Self::Damaged => "damaged",
            Self::Busy => "busy",
            Self::Disk => "disk",
            Self::Template => "template",
            Self::Internal => "internal",
        }
    }

    /// True where the same call may succeed later without anybody's help.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Network | Self::Timeout | Self::Throttled | Self::Busy)
    }
}

/// What happened, what Tabella did about it, and what to do; never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Error {
    /// What callers switch on.
    pub code: ErrorCode,
    /// What happened, one sentence in plain English.
    pub message: String,
    /// What to do about it, one sentence; empty where nothing helps.
    #[serde(default)]
    pub remedy: String,
    /// What the message is made of, where it has arguments: for translations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub message_parts: Option<Box<Parts>>,
    /// What the remedy is made of, where it has arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub remedy_parts: Option<Box<Parts>>,
    /// The server's or system's own words, for experts and for support.
    #[serde(default)]
    pub detail: Option<String>,
    /// Seconds the other side asked us to wait before trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry_after_seconds: Option<u32>,
}

/// A result at the door.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with a code and what happened: a literal, or [`crate::say!`] where it has arguments.
    pub fn new(code: ErrorCode, message: impl Sentence) -> Self {
        Self {
            code,
            message: String::new(),
            remedy: String::new(),
            message_parts: None,
            remedy_parts: None,
            detail: None,
            retry_after_seconds: None,
        }
        .saying(message)
    }

    /// The same error, told in other words.
    #[must_use]
    pub fn saying(mut self, message: impl Sentence) -> Self {
        Phrase { text: self.message, parts: self.message_parts } = message.phrase();
        self
    }

    /// Adds what the user can do: a literal, or [`crate::say!`] where it has arguments.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Sentence) -> Self {
        Phrase { text: self.remedy, parts: self.remedy_parts } = remedy.phrase();
        self
    }

    /// What happened, to be said within another sentence.
    pub fn phrase(&self) -> Phrase {
        Phrase { text: self.message.clone(), parts: self.message_parts.clone() }
    }

    /// Adds the other side's own words.
    #[must_use]
    pub fn detail(mut self, detail: impl std::fmt::Display) -> Self {
        self.detail = Some(detail.to_string());
        self
    }

    /// Adds how long the other side asked us to wait.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// A bad argument.
    pub fn invalid(message: impl Sentence) -> Self {
        Self::new(ErrorCode::Invalid, message)
    }

    /// A missing thing.
    pub fn not_found(message: impl Sentence) -> Self {
        Self::new(ErrorCode::NotFound, message)
    }

    /// Our own mistake, with what was seen.
    pub fn internal(detail: impl std::fmt::Display) -> Self {
        Error::new(ErrorCode::Internal, "Tabella made a mistake and stopped this step.")
            .remedy("Nothing was lost; please report this with the detail below.")
            .detail(detail)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        if let Some(detail) = &self.detail {
            write!(f, " ({detail})")?;
        }
        if !self.remedy.is_empty() {
            write!(f, " {}", self.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_the_same_name_in_json_and_in_words() {
        for code in [ErrorCode::SignIn, ErrorCode::NoTls, ErrorCode::TooLarge, ErrorCode::Internal] {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
