//! Letters out: a draft, then its `/send`.
//!
//! The draft's immutable id is durable before `/send` and stays the letter's name in Sent, so that after a lost
//! answer the draft itself says what became of it, and one draft can be sent only once however often it is asked.
//! Sources: <https://learn.microsoft.com/graph/api/message-send>,
//! <https://learn.microsoft.com/graph/outlook-immutable-id#immutable-id-with-sending-mail>.

use super::GraphAccess;
use super::api::{Api, Ask, Body, Undone};
use super::draft;
use super::fault::Fault;
use super::wire::{Message, Recipient};
use crate::contract::{Fate, Letter, PhaseLog, RecipientOutcome, Submit, SubmitError, Submitted};
use crate::net;
use async_trait::async_trait;
use model::{Error, Result};
use reqwest::Method;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

const DRAFTS: &str = "drafts";
const SENT: &str = "sentitems";
/// What is asked of a draft.
const FIELDS: &str = "id,isDraft,parentFolderId,internetMessageId,toRecipients,ccRecipients,bccRecipients";

/// An account's way for letters.
pub struct GraphSubmit {
    api: Result<Api>,
}

/// What an earlier try left.
enum Left {
    Draft(Box<Message>),
    Sent(String),
    Nothing,
}

impl GraphSubmit {
    /// An account's submitter; connects when it is first needed.
    pub fn new(access: GraphAccess) -> Self {
        Self { api: Api::new(&access) }
    }

    fn api(&self) -> Result<&Api> {
        self.api.as_ref().map_err(Clone::clone)
    }

    /// The draft of this letter, complete and with all its recipients.
    async fn draft(&self, letter: &Letter, cancel: &CancellationToken) -> Result<Left, Fault> {
        let api = self.api()?;
        let left = left(api, letter.provider_ref.as_deref(), &letter.message_id, cancel).await?;
        let draft = match left {
            Left::Sent(id) => return Ok(Left::Sent(id)),
            Left::Draft(draft) => draft,
            Left::Nothing => {
                // A try that ended before its draft was written down: nobody can have sent that one.
                for id in draft::find(api, DRAFTS, &letter.message_id, cancel).await? {
                    draft::discard(api, &id).await;
                }
                Box::new(draft::make(api, None, &with_bcc(letter), cancel).await?)
            }
        };
        let patch = mend(&draft, letter);
        if !patch.is_null() {
            let ask = Ask::new(Method::PATCH, api.address(&["messages", &draft.id])).body(Body::Json(patch));
            api.ask(&ask, cancel).await?;
        }
        Ok(Left::Draft(draft))
    }
}

#[async_trait]
impl Submit for GraphSubmit {
    async fn submit(
        &self,
        letter: &Letter,
        log: &dyn PhaseLog,
        cancel: &CancellationToken,
    ) -> std::result::Result<Submitted, SubmitError> {
        let before = |fault: Fault| SubmitError::Before(fault.error());
        let draft = match self.draft(letter, cancel).await.map_err(before)? {
            Left::Draft(draft) => draft,
            Left::Sent(id) => return Ok(accepted(letter, &id, "sent by an earlier try")),
            Left::Nothing => return Err(SubmitError::Before(Error::internal("there is no draft to send"))),
        };
        log.provider_ref(&draft.id).await.map_err(SubmitError::Before)?;
        if cancel.is_cancelled() {
            return Err(SubmitError::Before(net::cancelled()));
        }
        let api = self.api().map_err(SubmitError::Before)?;
        // All that can wait or fail without harm comes first.
        api.ready(cancel).await.map_err(before)?;
        log.handing_over().await.map_err(SubmitError::Before)?;
        let ask = Ask::new(Method::POST, api.address(&["messages", &draft.id, "send"]));
        match api.hand_over(&ask, cancel).await {
            Ok(answer) => Ok(accepted(letter, &draft.id, answer.status.as_str())),
            // It answered, and the answer was no.
            Err(Undone::Surely(Fault::Refused { error, .. })) => {
                let lasting = !matches!(error.code, model::ErrorCode::SignIn | model::ErrorCode::AdminConsent);
                if lasting {
                    draft::discard(api, &draft.id).await;
                }
                Err(refused(letter, &draft.id, error, lasting.then_some(false)))
            }
            // The draft waits for the next try.
            Err(Undone::Surely(fault)) => Err(refused(letter, &draft.id, fault.error(), None)),
            // The draft was there a moment ago: an earlier try may be under way.
            Err(Undone::Perhaps(fault)) => Err(SubmitError::Uncertain(fault.error())),
        }
    }

    async fn size_limit(&self, _: &CancellationToken) -> Result<Option<u64>> {
        // Set by each organisation and not told over the API; a refusal names it.
        Ok(None)
    }

    fn files_sent_copy(&self) -> bool {
        true
    }

    async fn fate(&self, message_id: &str, provider_ref: Option<&str>, cancel: &CancellationToken) -> Result<Fate> {
        Ok(match left(self.api()?, provider_ref, message_id, cancel).await? {
            Left::Sent(_) => Fate::Sent,
            Left::Draft(_) => Fate::NotSent,
            Left::Nothing => Fate::Unknown,
        })
    }

    async fn close(&self) {}
}

/// What became of a draft: still one, sent, or nowhere to be seen.
async fn left(
    api: &Api,
    provider_ref: Option<&str>,
    message_id: &str,
    cancel: &CancellationToken,
) -> Result<Left, Fault> {
    let Some(id) = provider_ref else { return Ok(Left::Nothing) };
    match api.get::<Message>(api.query(&["messages", id], &[("$select", FIELDS)]), cancel).await {
        Ok(message) if message.is_draft == Some(true) => return Ok(Left::Draft(Box::new(message))),
        Ok(message) => return Ok(Left::Sent(message.id)),
        // Between leaving Drafts and arriving in Sent it has no place.
        Err(Fault::Missing(_)) => {}
        Err(fault) => return Err(fault),
    }
    let sent = draft::find(api, SENT, message_id, cancel).await?;
    Ok(sent.into_iter().next().map_or(Left::Nothing, Left::Sent))
}

/// The frozen bytes with the blind recipients in front, as only the draft's own properties name them.
fn with_bcc(letter: &Letter) -> Vec<u8> {
    if letter.bcc.is_empty() {
        return letter.bytes.clone();
    }
    let mut bytes = format!("Bcc: {}\r\n", letter.bcc.join(",\r\n ")).into_bytes();
    bytes.extend_from_slice(&letter.bytes);
    bytes
}

/// What of the draft is not as it was frozen: its Message-ID, or recipients that were not taken over.
fn mend(draft: &Message, letter: &Letter) -> Value {
    let mut patch = serde_json::Map::new();
    let id = format!("<{}>", letter.message_id);
    if draft.internet_message_id.as_ref().is_some_and(|there| *there != id) {
        patch.insert("internetMessageId".into(), id.into());
    }
    let normal = |list: &[Recipient]| -> Vec<String> {
        list.iter().map(|one| mail::address::normal(&one.email_address.address)).collect()
    };
    let mut bcc = normal(&draft.bcc_recipients);
    let there = [normal(&draft.to_recipients), normal(&draft.cc_recipients), bcc.clone()].concat();
    let missing: Vec<String> = letter
        .recipients
        .iter()
        .map(|email| mail::address::normal(email))
        .filter(|email| !there.contains(email))
        .collect();
    if !missing.is_empty() {
        bcc.extend(missing);
        let list: Vec<Value> = bcc.iter().map(|email| json!({ "emailAddress": { "address": email } })).collect();
        patch.insert("bccRecipients".into(), list.into());
    }
    if patch.is_empty() { Value::Null } else { Value::Object(patch) }
}

fn outcomes(letter: &Letter, accepted: Option<bool>, answer: &str) -> Vec<RecipientOutcome> {
    let outcome =
        |email: &String| RecipientOutcome { email: email.clone(), accepted, code: None, answer: answer.into() };
    letter.recipients.iter().map(outcome).collect()
}

fn accepted(letter: &Letter, id: &str, answer: &str) -> Submitted {
    Submitted {
        recipients: outcomes(letter, Some(true), answer),
        answer: answer.to_owned(),
        provider_ref: Some(id.to_owned()),
    }
}

fn refused(letter: &Letter, id: &str, error: Error, verdict: Option<bool>) -> SubmitError {
    let answer = error.detail.clone().unwrap_or_else(|| error.message.clone());
    let recipients = outcomes(letter, verdict, &answer);
    SubmitError::Refused(error, Submitted { recipients, answer, provider_ref: Some(id.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            from: "anna@x.org".into(),
            recipients: vec!["boris@x.org".into(), "Clara@X.org".into()],
            bytes: b"To: boris@x.org\r\n\r\nhello".to_vec(),
            message_id: "1@x.org".into(),
            bcc: vec!["Clara@X.org".into()],
            provider_thread: None,
            provider_ref: None,
        }
    }

    #[test]
    fn blind_recipients_stand_in_the_draft_alone() {
        assert!(with_bcc(&letter()).starts_with(b"Bcc: Clara@X.org\r\nTo: boris@x.org\r\n"));
    }

    #[test]
    fn a_draft_is_mended_only_where_it_is_not_what_was_frozen() {
        let same: Message = serde_json::from_str(
            r#"{"id":"d","internetMessageId":"<1@x.org>","toRecipients":[{"emailAddress":{"address":"Boris@x.org"}}],
               "bccRecipients":[{"emailAddress":{"address":"clara@x.org"}}]}"#,
        )
        .unwrap();
        assert!(mend(&same, &letter()).is_null());
        let other: Message = serde_json::from_str(
            r#"{"id":"d","internetMessageId":"<2@outlook.com>","toRecipients":[{"emailAddress":{"address":"boris@x.org"}}]}"#,
        )
        .unwrap();
        let patch = mend(&other, &letter());
        assert_eq!(patch["internetMessageId"], "<1@x.org>");
        assert_eq!(patch["bccRecipients"][0]["emailAddress"]["address"], "clara@x.org");
    }
}
