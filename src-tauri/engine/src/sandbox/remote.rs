//! A server that is not there: the two traits of `remote`, answered from the store.

use super::{Post, deliver};
use crate::Engine;
use async_trait::async_trait;
use model::message::Flags;
use model::{AccountId, Error, ErrorCode, Result};
use remote::contract::{
    Act, ActDone, Letter, Local, PhaseLog, PullScope, RecipientOutcome, Remote, RemoteKey, Submit, SubmitError,
    Submitted, Woken,
};
use store::ingest::Delivery;
use tokio_util::sync::CancellationToken;

/// Mail in: everything is here already.
pub(crate) struct SandboxRemote {
    engine: Engine,
    account: AccountId,
}

impl SandboxRemote {
    pub(crate) fn new(engine: &Engine, account: AccountId) -> Self {
        Self { engine: engine.clone(), account }
    }

    async fn apply(&self, delivery: Delivery) -> Result<()> {
        let account = self.account;
        self.engine.store().write(move |w| store::ingest::apply(w, account, &delivery).map(|_| ())).await
    }
}

#[async_trait]
impl Remote for SandboxRemote {
    async fn pull(&self, _local: &dyn Local, _scope: &PullScope, _cancel: &CancellationToken) -> Result<()> {
        super::prepare(&self.engine, self.account).await
    }

    async fn wait(&self, poll_seconds: u32, cancel: &CancellationToken) -> Result<Woken> {
        tokio::select! {
            () = cancel.cancelled() => Err(Error::new(ErrorCode::Cancelled, "Stopped.")),
            () = tokio::time::sleep(std::time::Duration::from_secs(u64::from(poll_seconds))) => Ok(Woken::Elapsed),
        }
    }

    async fn act(&self, act: &Act, cancel: &CancellationToken) -> Result<ActDone> {
        match act {
            Act::Flag { .. } | Act::Keyword { .. } | Act::CreateMailbox { .. } => Ok(ActDone::default()),
            Act::Move { keys, .. } => Ok(ActDone { keys: keys.iter().map(|k| (k.clone(), k.clone())).collect() }),
            Act::Delete { mailbox, keys } => {
                self.apply(Delivery { mailbox: mailbox.clone(), gone: keys.clone(), ..Delivery::default() }).await?;
                Ok(ActDone::default())
            }
            Act::Append { mailbox, raw, message_id, flags, received_at } => {
                let found = self.find(mailbox, message_id, cancel).await?;
                if let (Some((name, _)), true) =
                    (super::MAILBOXES.iter().find(|(name, _)| name == mailbox), found.is_empty())
                {
                    let post = Post { mailbox: name, raw: raw.clone(), flags: *flags, received_at: *received_at };
                    deliver(&self.engine, self.account, vec![post], false).await?;
                }
                let keys = self.find(mailbox, message_id, cancel).await?;
                Ok(ActDone { keys: keys.into_iter().take(1).map(|key| (String::new(), key)).collect() })
            }
        }
    }

    async fn fetch(&self, _mailbox: &str, _key: &str, _cancel: &CancellationToken) -> Result<Option<Vec<u8>>> {
        // Nothing is anywhere else than in the store.
        Ok(None)
    }

    async fn find(&self, mailbox: &str, message_id: &str, _cancel: &CancellationToken) -> Result<Vec<RemoteKey>> {
        let (account, mailbox, message_id) = (self.account, mailbox.to_owned(), message_id.to_owned());
        self.engine.store().read(move |r| store::placement::keys(r, account, &mailbox, &message_id)).await
    }

    async fn close(&self) {}
}

/// Letters out: into the own inbox.
pub(crate) struct SandboxSubmit {
    engine: Engine,
    account: AccountId,
}

impl SandboxSubmit {
    pub(crate) fn new(engine: &Engine, account: AccountId) -> Self {
        Self { engine: engine.clone(), account }
    }
}

#[async_trait]
impl Submit for SandboxSubmit {
    async fn submit(
        &self,
        letter: &Letter,
        log: &dyn PhaseLog,
        _cancel: &CancellationToken,
    ) -> std::result::Result<Submitted, SubmitError> {
        let account = self.account;
        super::prepare(&self.engine, account).await.map_err(SubmitError::Before)?;
        log.handing_over().await.map_err(SubmitError::Before)?;
        let now = self.engine.store().now();
        let seen = Flags { seen: true, ..Flags::default() };
        let mut posts = Vec::new();
        let message_id = letter.message_id.clone();
        let there = self
            .engine
            .store()
            .read(move |r| Ok(!store::placement::keys(r, account, "Sent", &message_id)?.is_empty()))
            .await
            .map_err(SubmitError::Uncertain)?;
        if !there {
            posts.push(Post { mailbox: "Sent", raw: letter.bytes.clone(), flags: seen, received_at: now });
            posts.push(Post { mailbox: "Inbox", raw: stamped(letter, now), flags: Flags::default(), received_at: now });
        }
        // One transaction: if it fails, nothing was delivered.
        deliver(&self.engine, account, posts, true).await.map_err(SubmitError::Uncertain)?;
        Ok(Submitted {
            recipients: letter
                .recipients
                .iter()
                .map(|email| RecipientOutcome {
                    email: email.clone(),
                    accepted: Some(true),
                    code: Some(250),
                    answer: "delivered to this sandbox".into(),
                })
                .collect(),
            answer: "delivered to this sandbox".into(),
            provider_ref: None,
        })
    }

    async fn size_limit(&self, _cancel: &CancellationToken) -> Result<Option<u64>> {
        Ok(None)
    }

    fn files_sent_copy(&self) -> bool {
        true
    }

    async fn close(&self) {}
}

/// The letter as a server delivers it: with a trace of its way, so that it is another message than
/// the one in Sent.
fn stamped(letter: &Letter, now: model::Timestamp) -> Vec<u8> {
    let date = jiff::Timestamp::from_millisecond(now.0)
        .map(|t| t.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string())
        .unwrap_or_default();
    let mut raw = format!("Received: from sandbox by sandbox; {date}\r\n").into_bytes();
    raw.extend_from_slice(&letter.bytes);
    raw
}
