//! What is owed to the server besides letters: evidence, Sent copies, copies of drafts.
//!
//! Works beside the lane of letters, over a connection of its own, so that a slow mailbox never
//! holds a letter back.

use super::{draft_copy, evidence, names, sent_copy, wait};
use crate::Engine;
use model::{AccountId, Error, ErrorCode, Noun, Result, Timestamp};
use remote::contract::Remote;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// After this the connection is made anew; and so long errands rest when the server can't be reached.
const REST_SECONDS: i64 = 60;

/// The mailbox side of an account, connected when it is first needed.
pub(super) struct Errands<'a> {
    pub engine: &'a Engine,
    pub account: AccountId,
    pub cancel: &'a CancellationToken,
    remote: Option<Arc<dyn Remote>>,
}

impl Errands<'_> {
    /// The account's mailboxes on the server.
    pub async fn remote(&mut self) -> Result<Arc<dyn Remote>> {
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

    /// Does the next errand; false where none is due.
    async fn one(&mut self) -> Result<bool> {
        Ok(evidence::seek(self).await?
            || sent_copy::file(self).await?
            || draft_copy::put(self).await?
            || draft_copy::take_away(self).await?)
    }
}

/// True where the server can't be asked at all just now: the errand waits, and so do the others.
pub(super) fn unreachable(error: &Error) -> bool {
    matches!(
        error.code,
        ErrorCode::Network
            | ErrorCode::Timeout
            | ErrorCode::Throttled
            | ErrorCode::SignIn
            | ErrorCode::Certificate
            | ErrorCode::NoTls
            | ErrorCode::AdminConsent
            | ErrorCode::Locked
            | ErrorCode::Cancelled
    )
}

/// Runs errands until `cancel`.
pub(super) async fn run(engine: &Engine, account: AccountId, cancel: &CancellationToken) -> Result<()> {
    let mut changes = engine.changes();
    let mut errands = Errands { engine, account, cancel, remote: None };
    while !cancel.is_cancelled() {
        let paused = engine.store().read(move |r| Ok(store::account::get(r, account)?.paused)).await?;
        let mut due: Option<Timestamp> = None;
        if !paused {
            match errands.one().await {
                Ok(true) => continue,
                Ok(false) => {
                    due = engine
                        .store()
                        .read(move |r| {
                            let errand = store::errand::next_errand_at(r, account)?;
                            let copy = store::draft::next_copy_at(r, account)?;
                            Ok([errand, copy].into_iter().flatten().min())
                        })
                        .await?;
                }
                Err(error) if unreachable(&error) => {
                    tracing::debug!(%account, %error, "errands rest");
                    errands.hang_up().await;
                    rest(engine, account, &mut changes, cancel).await;
                    continue;
                }
                Err(error) => return Err(error),
            }
        }
        if due.is_none_or(|at| at > engine.store().now().plus_seconds(REST_SECONDS)) {
            errands.hang_up().await;
        }
        wait(engine, due, &mut changes, cancel, |c| {
            matches!(c.noun, Noun::Submission | Noun::Draft) || names(c, Noun::Account, account)
        })
        .await;
    }
    errands.hang_up().await;
    Ok(())
}

/// Rests until the account is changed or in step again, at most a minute.
async fn rest(
    engine: &Engine,
    account: AccountId,
    changes: &mut tokio::sync::broadcast::Receiver<Arc<Vec<model::Change>>>,
    cancel: &CancellationToken,
) {
    let until = engine.store().now().plus_seconds(REST_SECONDS);
    while !cancel.is_cancelled() && engine.store().now() < until {
        let news = wait(engine, Some(until), changes, cancel, |c| {
            names(c, Noun::Account, account) || names(c, Noun::SyncState, account)
        })
        .await;
        if news.iter().any(|c| c.noun == Noun::Account) {
            return;
        }
        let phase = engine.store().read(move |r| Ok(store::account::get(r, account)?.sync.phase)).await;
        if !news.is_empty() && phase.is_ok_and(|p| p == model::account::SyncPhase::UpToDate) {
            return;
        }
    }
}
