//! One letter per record.
//!
//! Owns: the dry run, the making of a run's letters, and the outcome in the records.
//! Refuses: sending; a run's letters wait in the ledger like all others and leave through the lane of
//! their account, which keeps the run's pace.
//! Look next: [`plan`] for the dry run, [`make`] for letters, [`write_back`] for outcomes.

mod make;
pub(crate) mod plan;
pub(crate) mod quote;
mod write_back;

pub(crate) use make::chunk;

use crate::Engine;
use model::{AccountId, Noun, Result};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// Outcomes are gathered this long before they are written.
const GATHER: Duration = Duration::from_millis(500);

/// Makes the letters of an account's unfinished runs and writes outcomes back, until `cancel`.
pub(crate) async fn run_account(engine: &Engine, account: AccountId, cancel: &CancellationToken) -> Result<()> {
    let mut changes = engine.changes();
    loop {
        let unfinished = engine.store().read(move |r| store::run::unfinished(r, account)).await?;
        for run in unfinished {
            while !cancel.is_cancelled() && chunk(engine, run).await? {}
        }
        let runs = engine.store().read(move |r| store::run::written_back(r, account)).await?;
        for run in runs {
            if cancel.is_cancelled() {
                return Ok(());
            }
            if let Err(error) = write_back::bring_up(engine, run).await {
                tracing::warn!(%run, %error, "the outcome of a run can't be written back");
            }
        }
        loop {
            tokio::select! {
                () = cancel.cancelled() => return Ok(()),
                batch = changes.recv() => match batch {
                    Ok(batch) if !batch.iter().any(|c| matches!(c.noun, Noun::Submission | Noun::Run)) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => {
                        cancel.cancelled().await;
                        return Ok(());
                    }
                }
            }
        }
        tokio::select! {
            () = cancel.cancelled() => {}
            () = tokio::time::sleep(GATHER) => {}
        }
    }
}
