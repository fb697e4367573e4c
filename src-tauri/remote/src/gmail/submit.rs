//! Letters out: one POST, which is the step that can't be taken back.
//!
//! Gmail takes the recipients from the header, so those of Bcc are written into it; it takes them out
//! again before anybody else sees the letter, and files the Sent copy by itself. A letter has no key by
//! which a second POST would be known for the first, so nothing is ever posted twice after a doubt.
//! Source: <https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send>

use super::api::{ANSWER_BYTES_MAX, Api};
use super::quota::cost;
use super::upload::Upload;
use super::wire::Message;
use super::{GmailAccess, Pace, act, api_of, fault};
use crate::contract::{Letter, PhaseLog, RecipientOutcome, Submit, SubmitError, Submitted};
use crate::http::{Done, Unanswered};
use async_trait::async_trait;
use model::{Error, ErrorCode, Result, say};
use serde_json::json;
use tokio_util::sync::CancellationToken;

/// The largest message that the API takes, bytes; files of 25 MB fit into it.
const SIZE_MAX: u64 = 35 * 1024 * 1024;

/// An account's way for letters.
pub struct GmailSubmit {
    access: GmailAccess,
    pace: Pace,
}

impl GmailSubmit {
    /// An account's submitter; connects when it is first needed.
    pub fn new(access: GmailAccess) -> Self {
        let pace = Pace::of(&access.api);
        Self { access, pace }
    }

    /// One POST; the answer says whether the letter was taken.
    async fn post(
        &self,
        api: &Api,
        letter: &Letter,
        thread: Option<&str>,
        cancel: &CancellationToken,
    ) -> std::result::Result<Submitted, SubmitError> {
        let raw = with_blind(letter);
        let meta = thread.map_or_else(|| json!({}), |id| json!({ "threadId": id }));
        let upload = Upload { path: "/messages/send", meta, wrap: None, raw: &raw };
        let ask = upload.ask(api).map_err(SubmitError::Before)?;
        let answer = match api.bearer.hand_over(|client| ask.build(client), ANSWER_BYTES_MAX, cancel).await {
            Ok(answer) => answer,
            Err(Unanswered { error, done: Done::Perhaps }) => return Err(SubmitError::Uncertain(error)),
            // A 401 is an answer: nobody got it, whatever kept us from a new token.
            Err(Unanswered { error, done: Done::Nothing }) => {
                return Err(SubmitError::Refused(error, outcomes(letter, None, "")));
            }
        };
        let said = format!("{}", answer.status.as_u16());
        if answer.status.is_success() {
            // It was taken, even where nothing can be read; under which id, the sync will tell.
            let message: Message = answer.json().unwrap_or_default();
            let mut done = outcomes(letter, Some(true), &said);
            done.provider_ref = Some(message.id).filter(|id| !id.is_empty());
            return Ok(done);
        }
        let error = fault::explain(answer.status, &answer.headers, &answer.body);
        let said = error.detail.clone().unwrap_or(said);
        match error.code {
            // The server does not say what it had done before the fault.
            ErrorCode::Network | ErrorCode::Protocol => Err(SubmitError::Uncertain(error)),
            ErrorCode::Throttled | ErrorCode::SignIn | ErrorCode::AdminConsent => {
                Err(SubmitError::Refused(error, outcomes(letter, None, &said)))
            }
            ErrorCode::NotFound => Err(SubmitError::Refused(
                Error { code: ErrorCode::NotFound, ..error },
                outcomes(letter, Some(false), &said),
            )),
            _ => Err(SubmitError::Refused(error, outcomes(letter, Some(false), &said))),
        }
    }
}

/// The letter with a Bcc field, and with everybody in it who is on the envelope.
fn with_blind(letter: &Letter) -> Vec<u8> {
    if letter.bcc.is_empty() {
        return letter.bytes.clone();
    }
    let mut raw = format!("Bcc: {}\r\n", letter.bcc.join(",\r\n ")).into_bytes();
    raw.extend_from_slice(&letter.bytes);
    raw
}

fn outcomes(letter: &Letter, accepted: Option<bool>, answer: &str) -> Submitted {
    Submitted {
        recipients: letter
            .recipients
            .iter()
            .map(|email| RecipientOutcome { email: email.clone(), accepted, code: None, answer: answer.to_owned() })
            .collect(),
        answer: answer.to_owned(),
        provider_ref: None,
    }
}

#[async_trait]
impl Submit for GmailSubmit {
    async fn submit(
        &self,
        letter: &Letter,
        log: &dyn PhaseLog,
        cancel: &CancellationToken,
    ) -> std::result::Result<Submitted, SubmitError> {
        let api = api_of(&self.access, &self.pace).map_err(SubmitError::Before)?;
        if letter.bytes.len() as u64 > SIZE_MAX {
            return Err(SubmitError::Before(Error::new(
                ErrorCode::TooLarge,
                say!(
                    "The letter has {size} MB, {host} takes at most {limit} MB.",
                    size = format!("{:.1}", letter.bytes.len() as f64 / 1e6),
                    host = "Gmail",
                    limit = 35
                ),
            )));
        }
        // All that can wait or fail without harm comes first.
        api.bearer.ready(cancel).await.map_err(SubmitError::Before)?;
        api.quota.take(cost::SEND, false, cancel).await.map_err(SubmitError::Before)?;
        log.handing_over().await.map_err(SubmitError::Before)?;
        let thread = letter.provider_thread.as_deref();
        match self.post(&api, letter, thread, cancel).await {
            // The conversation is gone; the letter was not taken.
            Err(SubmitError::Refused(error, _)) if error.code == ErrorCode::NotFound && thread.is_some() => {
                self.post(&api, letter, None, cancel).await
            }
            done => done,
        }
    }

    async fn size_limit(&self, _cancel: &CancellationToken) -> Result<Option<u64>> {
        Ok(Some(SIZE_MAX))
    }

    fn files_sent_copy(&self) -> bool {
        true
    }

    async fn sent_as(&self, provider_ref: &str, cancel: &CancellationToken) -> Result<Option<String>> {
        let api = api_of(&self.access, &self.pace)?;
        Ok(act::message_id(&api, provider_ref, cancel).await?.map(|(message_id, _)| message_id))
    }

    async fn close(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(bcc: &[&str]) -> Letter {
        Letter {
            from: "anna@x.test".into(),
            recipients: vec!["bob@x.test".into()],
            bytes: b"Subject: hello\r\n\r\nbody".to_vec(),
            message_id: "1@x.test".into(),
            bcc: bcc.iter().map(ToString::to_string).collect(),
            provider_thread: None,
            provider_ref: None,
        }
    }

    #[test]
    fn blind_recipients_stand_in_the_header_that_gmail_takes_out() {
        let raw = with_blind(&letter(&["c@x.test", "d@x.test"]));
        assert!(raw.starts_with(b"Bcc: c@x.test,\r\n d@x.test\r\nSubject: hello\r\n"));
        assert_eq!(with_blind(&letter(&[])), b"Subject: hello\r\n\r\nbody");
    }
}
