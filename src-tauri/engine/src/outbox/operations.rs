//! Replay of local acts: what people did here, made on the server, in order.
//!
//! Acts are idempotent, so one that a dead process had begun is simply made again. A server that
//! can't be reached puts the act off; one that refuses it takes it back here, with its reason.
//! Look next: [`store::operation`] for what an operation is and how it is settled.

use super::errand::unreachable;
use super::{names, wait};
use crate::Engine;
use model::{AccountId, Error, ErrorCode, Noun, Result, Timestamp};
use remote::contract::{Act, Remote};
use std::sync::Arc;
use store::operation::{Claim, Claimed, Group, Target};
use tokio_util::sync::CancellationToken;

/// First and longest pause after the server could not be reached, seconds.
const BACKOFF_SECONDS: (i64, i64) = (2, 300);
/// An idle connection is closed after this.
const HANG_UP_SECONDS: i64 = 30;
/// Messages in one act, so that a refusal or a lost connection costs little.
const KEYS_MAX: usize = 500;
/// Tries before an error that is no outage counts as a refusal.
const ATTEMPTS_MAX: u32 = 5;

/// Replays what is due now, in order; how many operations it made.
///
/// # Errors
/// What the server could not be reached for; the operation is put off.
pub async fn replay(engine: &Engine, account: AccountId, cancel: &CancellationToken) -> Result<u32> {
    let mut line = Line { engine, account, cancel, remote: None };
    let mut made = 0;
    let result = loop {
        match line.one().await {
            Ok(true) => made += 1,
            Ok(false) => break Ok(made),
            Err(error) => break Err(error),
        }
    };
    line.hang_up().await;
    result
}

/// Replays until `cancel`.
pub(super) async fn run(engine: &Engine, account: AccountId, cancel: &CancellationToken) -> Result<()> {
    let mut changes = engine.changes();
    let mut line = Line { engine, account, cancel, remote: None };
    while !cancel.is_cancelled() {
        let paused = engine.store().read(move |r| Ok(store::account::get(r, account)?.paused)).await?;
        let mut due = None;
        if !paused {
            match line.one().await {
                Ok(true) => continue,
                Ok(false) => due = engine.store().read(move |r| store::operation::next_at(r, account)).await?,
                Err(error) => {
                    tracing::debug!(%account, %error, "local acts wait");
                    line.hang_up().await;
                    due = engine.store().read(move |r| store::operation::next_at(r, account)).await?;
                }
            }
        }
        let idle_until = engine.store().now().plus_seconds(HANG_UP_SECONDS);
        let news = if line.remote.is_some() && due.is_none_or(|at| at > idle_until) {
            let news = wait(engine, Some(idle_until), &mut changes, cancel, |c| concerns(c, account)).await;
            if news.is_empty() {
                line.hang_up().await;
            }
            news
        } else {
            wait(engine, due, &mut changes, cancel, |c| concerns(c, account)).await
        };
        drop(news);
    }
    line.hang_up().await;
    Ok(())
}

fn concerns(change: &model::Change, account: AccountId) -> bool {
    change.noun == Noun::Message || names(change, Noun::Account, account)
}

struct Line<'a> {
    engine: &'a Engine,
    account: AccountId,
    cancel: &'a CancellationToken,
    remote: Option<Arc<dyn Remote>>,
}

impl Line<'_> {
    async fn remote(&mut self) -> Result<Arc<dyn Remote>> {
        if let Some(remote) = &self.remote {
            return Ok(remote.clone());
        }
        let remote = self.engine.remote(self.account).await?;
        self.remote = Some(remote.clone());
        Ok(remote)
    }

    async fn hang_up(&mut self) {
        if let Some(remote) = self.remote.take() {
            remote.close().await;
        }
    }

    /// Makes the next due operation; false where none is due.
    async fn one(&mut self) -> Result<bool> {
        let account = self.account;
        // Looked at before it is claimed: an idle account writes nothing.
        let now = self.engine.store().now();
        let due = self.engine.store().read(move |r| store::operation::next_at(r, account)).await?;
        if due.is_none_or(|at| at > now) {
            return Ok(false);
        }
        let Some(claimed) = self.engine.store().write(move |w| store::operation::claim(w, account)).await? else {
            return Ok(false);
        };
        let id = claimed.id;
        match self.make(&claimed).await {
            Ok(()) => {
                self.engine.store().write(move |w| store::operation::finish(w, id)).await?;
                Ok(true)
            }
            Err(error) if unreachable(&error) || (claimed.attempts < ATTEMPTS_MAX && !is_refusal(&error)) => {
                let next_at = self.next_try(&error, claimed.attempts);
                let told = error.clone();
                self.engine.store().write(move |w| store::operation::defer(w, id, next_at, &told)).await?;
                Err(error)
            }
            Err(error) => {
                tracing::info!(%account, %error, "the server refused an act; it is taken back");
                self.engine.store().write(move |w| store::operation::refuse(w, id, &error)).await?;
                Ok(true)
            }
        }
    }

    fn next_try(&self, error: &Error, attempts: u32) -> Timestamp {
        let (first, longest) = BACKOFF_SECONDS;
        let pause = (first << attempts.min(10).saturating_sub(1)).min(longest);
        self.engine.store().now().plus_seconds(error.retry_after_seconds.map_or(pause, i64::from))
    }

    async fn make(&mut self, claimed: &Claimed) -> Result<()> {
        let remote = self.remote().await?;
        let store = self.engine.store();
        match &claimed.claim {
            Claim::Flag(groups) => {
                for group in self.with_keys(&remote, groups).await? {
                    let (mailbox, keys) = place(&group);
                    let act = Act::Flag { mailbox, keys, add: group.set, remove: group.clear };
                    remote.act(&act, self.cancel).await?;
                    store.write(move |w| store::operation::settle_flags(w, &group)).await?;
                }
            }
            Claim::Keyword(names, groups) => {
                for group in self.with_keys(&remote, groups).await? {
                    let (mailbox, keys) = place(&group);
                    let act = Act::Keyword { mailbox, keys, add: names.add.clone(), remove: names.remove.clone() };
                    remote.act(&act, self.cancel).await?;
                    let names = names.clone();
                    store.write(move |w| store::operation::settle_keywords(w, &group, &names)).await?;
                }
            }
            Claim::Move(aim, to, groups) => {
                for group in self.with_keys(&remote, groups).await? {
                    let (mailbox, keys) = place(&group);
                    let done = remote.act(&Act::Move { mailbox, keys, to: to.clone() }, self.cancel).await?;
                    let aim = *aim;
                    store.write(move |w| store::operation::settle_move(w, &group, aim, &done.keys)).await?;
                }
            }
            Claim::Delete(groups) => {
                for group in self.with_keys(&remote, groups).await? {
                    let (mailbox, keys) = place(&group);
                    remote.act(&Act::Delete { mailbox, keys }, self.cancel).await?;
                    store.write(move |w| store::operation::settle_delete(w, &group)).await?;
                }
            }
            Claim::Create(mailbox, path) => {
                let done = remote.act(&Act::CreateMailbox { path: path.clone() }, self.cancel).await?;
                let key = done.keys.into_iter().next().map_or_else(|| path.clone(), |(_, key)| key);
                let mailbox = *mailbox;
                store.write(move |w| store::operation::settle_created(w, mailbox, &key)).await?;
            }
            Claim::Append(mailbox, message) => {
                let (content, hash) = (store.content().clone(), message.content);
                let raw =
                    tokio::task::spawn_blocking(move || content.get(hash)).await.map_err(|e| Error::internal(&e))??;
                let act = Act::Append {
                    mailbox: mailbox.clone(),
                    raw,
                    message_id: message.message_id.clone(),
                    flags: message.flags,
                    received_at: message.received_at,
                };
                let done = remote.act(&act, self.cancel).await?;
                let (place, key) = (message.placement, done.keys.into_iter().next().map(|(_, key)| key));
                store.write(move |w| store::operation::settle_append(w, place, key.as_deref())).await?;
            }
            Claim::Aimless => {
                return Err(Error::new(ErrorCode::Refused, "The mailbox it should go to is no longer there."));
            }
        }
        Ok(())
    }

    /// The groups in pieces of a size, each target with its key: one the server never told is
    /// looked for by Message-ID; what is not found is left out.
    async fn with_keys(&self, remote: &Arc<dyn Remote>, groups: &[Group]) -> Result<Vec<Group>> {
        let mut ready = Vec::new();
        for group in groups {
            let mut targets: Vec<Target> = Vec::with_capacity(group.targets.len());
            for target in &group.targets {
                let mut target = target.clone();
                if target.key.is_none() && !target.message_id.is_empty() {
                    target.key = remote.find(&group.mailbox, &target.message_id, self.cancel).await?.pop();
                }
                if target.key.is_some() {
                    targets.push(target);
                }
            }
            for piece in targets.chunks(KEYS_MAX) {
                ready.push(Group { targets: piece.to_vec(), ..group.clone() });
            }
        }
        Ok(ready)
    }
}

fn place(group: &Group) -> (String, Vec<String>) {
    (group.mailbox.clone(), group.targets.iter().filter_map(|t| t.key.clone()).collect())
}

/// The server understood and said no; trying again changes nothing.
fn is_refusal(error: &Error) -> bool {
    matches!(
        error.code,
        ErrorCode::Refused | ErrorCode::Quota | ErrorCode::TooLarge | ErrorCode::Invalid | ErrorCode::NotFound
    )
}
