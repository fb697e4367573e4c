//! Mail out: the worker of one account that hands letters over, and what is owed besides.
//!
//! Owns: the lane of letters, the search for evidence, Sent copies and copies of drafts.
//! Refuses: sending anything twice. What a dead process had only claimed is queued again; what it was
//! handing over is uncertain and stays so until evidence or the user says what became of it.
//! Look next: [`ledger`] for phases and verdicts, [`lane`] for the order of things, [`errand`] for
//! evidence and copies, [`operations`] for local acts, [`letter`] for what stands in a letter, `store::lane` for the edges.

pub(crate) mod check;
mod draft_copy;
pub(crate) mod epoch;
mod errand;
mod evidence;
mod lane;
pub(crate) mod ledger;
pub(crate) mod letter;
pub(crate) mod operations;
mod sent_copy;
pub(crate) mod words;

pub use operations::replay;

use crate::Engine;
use epoch::Epoch;
use model::{AccountId, Change, Error, ErrorCode, Noun, Result, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// How often a lane held by another process is asked for.
const LOCK_POLL: Duration = Duration::from_secs(5);
/// The longest sleep: after a suspended machine wakes, the clock is looked at this soon.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);
/// A letter later than this is held rather than sent.
const LATE_AFTER_SECONDS: i64 = 24 * 3600;

/// Runs the outbox of one account until `cancel`: letters in their order, then what is owed besides
/// them. Waits while another process on the profile does it.
pub async fn run_account(engine: Engine, account: AccountId, cancel: CancellationToken) {
    loop {
        let lock = store::lock::Lock::try_take(engine.store().profile(), &format!("outbox-{account}"));
        match lock {
            Ok(Some(_lock)) => {
                // On the heap: the four roads of an account together are too large for a task's stack.
                if let Err(error) = Box::pin(work(&engine, account, &cancel)).await {
                    tracing::warn!(%account, %error, "the outbox stopped and begins anew");
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%account, %error, "the outbox can't be locked"),
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(LOCK_POLL) => {}
        }
    }
}

async fn work(engine: &Engine, account: AccountId, cancel: &CancellationToken) -> Result<()> {
    let epoch = Arc::new(recover(engine, account).await?);
    let letters = lane::run(engine, account, epoch, cancel);
    let errands = errand::run(engine, account, cancel);
    let runs = crate::bulk::run_account(engine, account, cancel);
    // Each ends by itself when cancelled; a failure of one ends all, and the worker begins anew.
    let acts = operations::run(engine, account, cancel);
    tokio::try_join!(letters, errands, runs, acts).map(|_| ())
}

/// Puts the ledger right after a process died, the machine slept, or a backup was restored.
async fn recover(engine: &Engine, account: AccountId) -> Result<Epoch> {
    let (epoch, same) = Epoch::open(engine, account).await?;
    let lost = Error::new(ErrorCode::Network, "Tabella was ended while this letter was being handed over.").remedy(
        "Nothing is sent again by itself: Tabella looks for the letter in Sent; you can also say what became of it.",
    );
    let (queued, uncertain) = engine.store().write_durable(move |w| store::lane::recover(w, account, &lost)).await?;
    if queued + uncertain > 0 {
        tracing::info!(%account, queued, uncertain, "the outbox goes on after an interruption");
    }
    if !same {
        let next = epoch.announce().await?;
        let (key, token) = (epoch.key().to_owned(), next.clone());
        let held = engine
            .store()
            .write_durable(move |w| {
                let why = Error::new(
                    ErrorCode::Conflict,
                    "The profile was restored or copied: this letter may have been sent already.",
                )
                .remedy("Look whether it was sent; then cancel it or try again.");
                store::meta::put(w, &key, &token)?;
                store::lane::hold_all(w, account, &why)
            })
            .await?;
        epoch.committed(next);
        tracing::warn!(%account, held, "the ledger is not the one this machine last worked on");
    }
    hold_missed(engine, account).await?;
    Ok(epoch)
}

/// Holds what should have gone out more than a day ago and was never tried.
async fn hold_missed(engine: &Engine, account: AccountId) -> Result<()> {
    let before = engine.store().now().plus_seconds(-LATE_AFTER_SECONDS);
    let why = Error::new(ErrorCode::Conflict, "Its time has passed by more than a day while Tabella was not running.")
        .remedy("Send it now or cancel it.");
    engine.store().write_durable(move |w| store::lane::hold_missed(w, account, before, &why)).await?;
    Ok(())
}

/// Waits until `due`, a change that `concerns` the caller, or `cancel`. Gives the changes.
async fn wait(
    engine: &Engine,
    due: Option<Timestamp>,
    changes: &mut broadcast::Receiver<Arc<Vec<Change>>>,
    cancel: &CancellationToken,
    concerns: impl Fn(&Change) -> bool,
) -> Vec<Change> {
    let now = engine.store().now();
    let sleep = due
        .map_or(LONGEST_SLEEP, |at| Duration::from_millis(at.0.saturating_sub(now.0).max(0) as u64))
        .min(LONGEST_SLEEP);
    let timer = tokio::time::sleep(sleep);
    tokio::pin!(timer);
    loop {
        tokio::select! {
            () = cancel.cancelled() => return Vec::new(),
            () = &mut timer => return Vec::new(),
            batch = changes.recv() => match batch {
                Ok(batch) => {
                    let ours: Vec<Change> = batch.iter().filter(|c| concerns(c)).cloned().collect();
                    if !ours.is_empty() {
                        return ours;
                    }
                }
                // Behind: look at everything.
                Err(broadcast::error::RecvError::Lagged(_)) => return Vec::new(),
                Err(broadcast::error::RecvError::Closed) => {
                    timer.await;
                    return Vec::new();
                }
            }
        }
    }
}

/// A change names this account, or any.
fn names(change: &Change, noun: Noun, account: AccountId) -> bool {
    change.noun == noun && change.id.as_ref().is_none_or(|id| *id == account.to_string())
}
