//! What a refusal of the API means, by its status and code; and the words for people.
//!
//! Codes: <https://learn.microsoft.com/graph/errors>,
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode>.

use crate::http::Answer;
use model::{Error, ErrorCode, Phrase, say};
use serde::Deserialize;

/// A failed request.
#[derive(Debug)]
pub enum Fault {
    /// What was asked for is not there (any more).
    Missing(Error),
    /// A delta link is void: the folder has to be listed anew.
    Lost(Error),
    /// The server wants to be left alone for a while; nothing was done.
    Busy(Error),
    /// No answer, or a fault of the server's own: whether anything was done is open.
    Broken(Error),
    /// Understood and not done.
    Refused {
        /// The API's code, such as `ErrorInvalidRecipients`.
        code: Box<str>,
        /// For people.
        error: Error,
    },
}

impl Fault {
    /// As everybody else sees it.
    pub fn error(self) -> Error {
        match self {
            Self::Missing(error)
            | Self::Lost(error)
            | Self::Busy(error)
            | Self::Broken(error)
            | Self::Refused { error, .. } => error,
        }
    }

    /// Refused with this code.
    pub fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Refused { code, .. } if **code == *wanted)
    }
}

/// What came makes no sense, or could not be asked for.
impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        fault.error()
    }
}

#[derive(Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    error: Details,
}

#[derive(Default, Deserialize)]
struct Details {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default, alias = "innererror", alias = "innerError")]
    inner: Option<Box<Details>>,
}

impl Details {
    fn codes(&self) -> Vec<&str> {
        let mut codes = vec![self.code.as_str()];
        let mut next = self.inner.as_deref();
        while let Some(inner) = next {
            codes.push(&inner.code);
            next = inner.inner.as_deref();
        }
        codes
    }
}

/// Reads a refusal; `shared` where the mailbox is somebody else's.
pub fn read(answer: &Answer, shared: bool) -> Fault {
    let refusal: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    let codes = refusal.error.codes();
    let named = |names: &[&str]| codes.iter().any(|code| names.iter().any(|name| code.eq_ignore_ascii_case(name)));
    let status = answer.status.as_u16();
    let words = if refusal.error.code.is_empty() { answer.text() } else { refusal.error.message.clone() };
    let detail = format!("{status} {} {words}", refusal.error.code);
    let with = |code, message: Phrase, remedy: Phrase| Error::new(code, message).remedy(remedy).detail(&detail);
    let refused = |code, message: Phrase, remedy: Phrase| Fault::Refused {
        code: refusal.error.code.clone().into(),
        error: with(code, message, remedy),
    };
    if status == 429 || status == 509 || named(&["ApplicationThrottled", "activityLimitReached", "throttledRequest"]) {
        return Fault::Busy(throttled(&detail, answer.retry_after_seconds()));
    }
    if named(&["MailboxNotEnabledForRESTAPI", "MailboxNotSupportedForRESTAPI", "MailboxNotFound"])
        || named(&["ErrorNonExistentMailbox", "ResourceNotFound", "Request_ResourceNotFound", "ErrorInvalidUser"])
    {
        return if shared {
            refused(
                ErrorCode::Refused,
                say!("There is no shared mailbox with this address, or it is not opened to you."),
                say!("Check the address, or ask your administrator for full access to it."),
            )
        } else {
            refused(
                ErrorCode::Refused,
                say!("This account has no mailbox at Microsoft that programs can read."),
                say!(
                    "Its organisation may keep mail elsewhere, or the account has no licence for mail; ask the administrator."
                ),
            )
        };
    }
    if status == 410 || named(&["syncStateNotFound", "resyncRequired", "syncStateInvalid", "ErrorInvalidSyncStateData"])
    {
        return Fault::Lost(with(
            ErrorCode::Network,
            say!("The server forgot how far this folder was synced."),
            say!("Tabella compares it again by itself."),
        ));
    }
    if named(&["ErrorQuotaExceeded", "quotaLimitReached", "ErrorMailboxStoreQuotaExceeded"]) || status == 507 {
        return refused(
            ErrorCode::Quota,
            say!("The mailbox at Microsoft is full."),
            say!("Delete something there and empty the trash."),
        );
    }
    if status == 413 || named(&["ErrorMessageSizeExceeded", "ErrorAttachmentSizeLimitExceeded", "maxFileSizeExceeded"])
    {
        return refused(
            ErrorCode::TooLarge,
            say!("Microsoft does not take a message of this size."),
            say!("Take out or shrink attachments, or send them as a link."),
        );
    }
    match status {
        401 => refused(
            ErrorCode::SignIn,
            say!("Microsoft does not accept the sign-in any more; sign in again."),
            say!("Your mail stays here, and sync goes on where it stopped."),
        ),
        404 => Fault::Missing(with(ErrorCode::NotFound, say!("The server has this no longer."), Phrase::default())),
        403 if named(&["ErrorSendAsDenied", "ErrorSendOnBehalfOfDenied"]) => refused(
            ErrorCode::Refused,
            say!("Microsoft does not let this account send in the name of this sender."),
            say!(
                "Choose the account's own address as sender, or ask the administrator for the right to send as this one."
            ),
        ),
        403 if named(&[
            "ErrorExceededMessageLimit",
            "ErrorExceededRecipientLimit",
            "ErrorMessagePerDayLimitExceeded",
        ]) =>
        {
            Fault::Busy(
                with(
                    ErrorCode::Throttled,
                    say!("Microsoft takes no more letters from this account for now."),
                    say!("Tabella waits and goes on by itself."),
                )
                .retry_after(answer.retry_after_seconds().unwrap_or(3600)),
            )
        }
        403 if named(&["ErrorAccountSuspend", "ErrorAccountSuspendShowTierUpgrade"]) => refused(
            ErrorCode::Refused,
            say!("Microsoft has suspended sending from this account."),
            say!("Open the mailbox in the browser: it says what to confirm there."),
        ),
        403 if shared => refused(
            ErrorCode::Refused,
            say!("The shared mailbox is not opened to you."),
            say!("Ask your administrator for full access to it, and for the permission Mail.ReadWrite.Shared."),
        ),
        403 => refused(
            ErrorCode::AdminConsent,
            say!("Your organisation does not let this program read and send mail."),
            say!("Send your administrator the client ID and the list of permissions shown in Settings, Providers."),
        ),
        503 => Fault::Busy(throttled(&detail, answer.retry_after_seconds())),
        500.. => Fault::Broken(with(
            ErrorCode::Network,
            say!("Microsoft's server has a passing fault."),
            say!("Tabella tries again by itself."),
        )),
        400 if named(&["ErrorInvalidRecipients", "ErrorInvalidRecipient"]) => refused(
            ErrorCode::Refused,
            say!("Microsoft does not accept an address of this letter."),
            say!("Check the addresses."),
        ),
        _ => refused(ErrorCode::Refused, say!("Microsoft refused this."), Phrase::default()),
    }
}

/// The server asks to slow down.
pub fn throttled(detail: &str, seconds: Option<u32>) -> Error {
    let error = Error::new(ErrorCode::Throttled, "Microsoft asks Tabella to slow down.")
        .remedy("Tabella waits and goes on by itself.")
        .detail(detail);
    match seconds {
        Some(seconds) => error.retry_after(seconds),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;

    fn fault(status: u16, code: &str, shared: bool) -> Fault {
        let body = format!(r#"{{"error":{{"code":"{code}","message":"words","innerError":{{"code":"deeper"}}}}}}"#);
        let status = StatusCode::from_u16(status).unwrap();
        read(&Answer { status, headers: HeaderMap::new(), body: body.into_bytes() }, shared)
    }

    #[test]
    fn a_refusal_is_told_by_its_code() {
        assert!(matches!(fault(404, "ErrorItemNotFound", false), Fault::Missing(_)));
        assert!(matches!(fault(410, "syncStateNotFound", false), Fault::Lost(_)));
        assert!(matches!(fault(400, "resyncRequired", false), Fault::Lost(_)));
        assert!(matches!(fault(429, "ApplicationThrottled", false), Fault::Busy(_)));
        assert!(matches!(fault(502, "", false), Fault::Broken(_)));
        assert_eq!(fault(404, "MailboxNotEnabledForRESTAPI", false).error().code, ErrorCode::Refused);
        assert_eq!(fault(403, "ErrorAccessDenied", false).error().code, ErrorCode::AdminConsent);
        assert_eq!(fault(403, "ErrorAccessDenied", true).error().code, ErrorCode::Refused);
        assert_eq!(fault(403, "ErrorQuotaExceeded", false).error().code, ErrorCode::Quota);
        assert!(fault(400, "ErrorInvalidRecipients", false).is("ErrorInvalidRecipients"));
    }

    #[test]
    fn what_is_no_json_is_kept_as_detail() {
        let answer = Answer { status: StatusCode::BAD_GATEWAY, headers: HeaderMap::new(), body: b"<html>Bad".to_vec() };
        assert!(read(&answer, false).error().detail.unwrap().contains("<html>Bad"));
    }
}
