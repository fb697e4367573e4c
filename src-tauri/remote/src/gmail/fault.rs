//! What an error of the API means for us.
//!
//! Source: <https://developers.google.com/workspace/gmail/api/guides/handle-errors>. Reasons decide, not
//! the words; the words are kept as detail. Only the time in "Retry after …" is read from them, since it
//! stands nowhere else.

use super::wire::Refusal;
use crate::http::retry_after;
use model::{Error, ErrorCode};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

/// Longest wait the words may ask for, seconds.
const WORDS_SECONDS_MAX: i64 = 24 * 3600;

/// The error that an answer stands for; `headers` are those of the whole answer.
pub fn explain(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
    let said: Refusal = serde_json::from_slice(body).unwrap_or_default();
    let said = said.error;
    let reason = |names: &[&str]| said.errors.iter().chain(&said.details).any(|r| names.contains(&r.reason.as_str()));
    let words = || {
        let reasons: Vec<&str> = said.errors.iter().chain(&said.details).map(|r| r.reason.as_str()).collect();
        format!("{} {} {}", status.as_u16(), reasons.join(" "), said.message).trim().to_owned()
    };
    let throttled = || {
        let mut error = Error::new(ErrorCode::Throttled, "Google asks for a pause.")
            .remedy("Tabella goes on by itself after it.")
            .detail(words());
        error.retry_after_seconds = retry_after(headers).or_else(|| asked_in_words(&said.message, headers));
        error
    };
    match status.as_u16() {
        401 => Error::new(ErrorCode::SignIn, "Google does not accept the permission any more; sign in again.")
            .remedy("Your mail stays here, and sync goes on where it stopped.")
            .detail(words()),
        403 if reason(&["rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"]) => throttled(),
        403 if reason(&["dailyLimitExceeded", "quotaExceeded"]) => {
            let mut error = throttled();
            error.retry_after_seconds = error.retry_after_seconds.or(Some(3600));
            error
        }
        403 if reason(&["domainPolicy", "ADMIN_POLICY_ENFORCED"]) => {
            Error::new(ErrorCode::AdminConsent, "Your organisation does not allow programs to read its Gmail.")
                .remedy("Ask your administrator to allow the client ID shown in Settings, Providers.")
                .detail(words())
        }
        403 if reason(&["accessNotConfigured", "SERVICE_DISABLED"]) => {
            Error::new(ErrorCode::Refused, "The Gmail API is not switched on in the Google Cloud project.")
                .remedy("Switch it on there as the guide in Settings, Providers shows; it takes a few minutes.")
                .detail(words())
        }
        403 if reason(&["insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"]) => {
            Error::new(ErrorCode::SignIn, "The permission given at the sign-in does not cover this.")
                .remedy("Sign in again and leave every tick in Google's list set.")
                .detail(words())
        }
        404 => Error::not_found("Gmail does not have this any more.").detail(words()),
        413 => Error::new(ErrorCode::TooLarge, "The letter is larger than Gmail takes.").detail(words()),
        429 => throttled(),
        400 if said.message.contains("Mail service not enabled") => {
            Error::new(ErrorCode::Refused, "This Google account has no Gmail mailbox.")
                .remedy("Add the mailbox with another account, or switch Gmail on in the Google account.")
                .detail(words())
        }
        300..=399 => {
            Error::new(ErrorCode::Protocol, "Google's API answered with another address, which is not followed.")
                .detail(words())
        }
        500..=599 => {
            let mut error = Error::new(ErrorCode::Network, "Gmail has a passing fault.")
                .remedy("Tabella tries again by itself.")
                .detail(words());
            error.retry_after_seconds = retry_after(headers);
            error
        }
        _ => Error::new(ErrorCode::Refused, "Gmail refused this.").detail(words()),
    }
}

/// "User-rate limit exceeded.  Retry after 2026-11-22T19:00:00.000Z", counted from the server's clock.
fn asked_in_words(message: &str, headers: &HeaderMap) -> Option<u32> {
    let (_, after) = message.split_once("Retry after ")?;
    let until: jiff::Timestamp = after.split_whitespace().next()?.trim_end_matches('.').parse().ok()?;
    let date = headers.get(reqwest::header::DATE)?.to_str().ok()?;
    let now = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    u32::try_from((until.as_second() - now.as_second() + 1).clamp(0, WORDS_SECONDS_MAX)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(status: u16, reason: &str, message: &str) -> Error {
        let body = serde_json::json!({"error": {"code": status, "message": message, "errors": [{"reason": reason}]}});
        let mut headers = HeaderMap::new();
        headers.insert("date", "Sun, 22 Nov 2026 19:00:00 GMT".parse().unwrap());
        explain(StatusCode::from_u16(status).unwrap(), &headers, body.to_string().as_bytes())
    }

    #[test]
    fn a_pause_is_told_from_a_ban() {
        assert_eq!(explained(403, "rateLimitExceeded", "").code, ErrorCode::Throttled);
        assert_eq!(explained(429, "", "").code, ErrorCode::Throttled);
        assert_eq!(explained(403, "domainPolicy", "").code, ErrorCode::AdminConsent);
        assert_eq!(explained(403, "accessNotConfigured", "").code, ErrorCode::Refused);
        assert_eq!(explained(503, "backendError", "").code, ErrorCode::Network);
        assert_eq!(explained(302, "", "").code, ErrorCode::Protocol);
    }

    #[test]
    fn the_end_of_a_pause_is_read_from_the_words_where_it_stands_only_there() {
        let error = explained(429, "", "User-rate limit exceeded.  Retry after 2026-11-22T19:01:30.500Z");
        assert_eq!(error.retry_after_seconds, Some(91));
    }

    #[test]
    fn a_body_that_is_no_json_is_understood_by_its_status() {
        assert_eq!(explain(StatusCode::BAD_GATEWAY, &HeaderMap::new(), b"<html>").code, ErrorCode::Network);
    }
}
