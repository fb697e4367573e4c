//! When unused contents are removed: a while after the start, once a day, and soon after an account went.
//!
//! One process at a time; a stop of the engine ends it between two short steps.
//! Look next: `store/src/sweep.rs` for what is removed.

use crate::Engine;
use model::setting::Swept;
use model::{Error, ErrorCode, Noun, Result};
use std::time::Duration;
use store::lock::Lock;
use tokio::sync::broadcast::error::RecvError;

/// The first sweep begins this long after the start: the window and the mail come first.
const FIRST: Duration = Duration::from_mins(2);
/// Sweeps are apart by this.
const APART: Duration = Duration::from_hours(24);
/// After an account went, the sweep waits until what was put lately is spared no longer.
const AFTER_REMOVAL: Duration = Duration::from_millis(store::sweep::SPARE_MS as u64 + 30_000);

/// Sweeps now.
///
/// # Errors
/// `Busy` where another process does; else as the store gives them.
pub(crate) async fn sweep(engine: &Engine) -> Result<Swept> {
    let Some(lock) = Lock::try_take(engine.store().profile(), "sweep")? else {
        return Err(Error::new(ErrorCode::Busy, "Unused contents are being removed already.").remedy("Wait a moment."));
    };
    engine.store().write(store::draft::forget_discarded).await?;
    let (store, stopping) = (engine.store().clone(), engine.stopping().clone());
    let mut swept = tokio::task::spawn_blocking(move || {
        let swept = store::sweep::sweep(&store, &|| stopping.is_cancelled());
        drop(lock);
        swept
    })
    .await
    .map_err(|e| Error::internal(&e))??;
    // A base that is not open does not grow; its turn comes when it is.
    for base in engine.open_bases().await {
        match crate::bases::blocking(move || base.sweep_files()).await {
            Ok((removed, bytes)) => {
                swept.removed += removed;
                swept.kept_bytes += bytes;
            }
            Err(error) => tracing::info!(%error, "files of a base can't be swept now"),
        }
    }
    let profile = engine.store().profile().to_owned();
    if let Ok(Err(error)) = tokio::task::spawn_blocking(move || crate::part::thumbnail::sweep(&profile)).await {
        tracing::info!(%error, "small pictures can't be swept now");
    }
    Ok(swept)
}

/// Sweeps from time to time until the engine stops.
pub(crate) async fn keep_swept(engine: Engine) {
    let mut changes = engine.changes();
    let mut accounts = count(&engine).await;
    let mut due = tokio::time::Instant::now() + FIRST;
    loop {
        tokio::select! {
            () = engine.stopping().cancelled() => return,
            () = tokio::time::sleep_until(due) => {
                due = tokio::time::Instant::now() + APART;
                match sweep(&engine).await {
                    Ok(swept) => tracing::debug!(?swept, "contents are swept"),
                    Err(error) => tracing::info!(%error, "contents can't be swept now"),
                }
            }
            told = changes.recv() => match told {
                Ok(batch) if !batch.iter().any(|c| c.noun == Noun::Account) => {}
                Ok(_) | Err(RecvError::Lagged(_)) => {
                    let now = count(&engine).await;
                    if now < accounts {
                        due = due.min(tokio::time::Instant::now() + AFTER_REMOVAL);
                    }
                    accounts = now;
                }
                Err(RecvError::Closed) => return,
            }
        }
    }
}

async fn count(engine: &Engine) -> usize {
    engine.store().read(|r| store::account::list(r)).await.map_or(0, |all| all.len())
}
