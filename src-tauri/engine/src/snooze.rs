//! When snoozed mail comes back: at its time, or at the next start after it.
//!
//! Look next: `store/src/operation/snooze.rs` for what it means.

use crate::Engine;
use model::Noun;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// The clock is looked at as often as this: it may be set, and a machine may sleep.
const LOOK: Duration = Duration::from_secs(30);

/// Wakes what is due until the engine stops.
pub(crate) async fn keep_waking(engine: Engine) {
    let mut changes = engine.changes();
    loop {
        let wait = match engine.store().read(|r| store::operation::next_wake_at(r)).await {
            Ok(Some(at)) => {
                let left = at.0 - engine.store().clock().now().0;
                if left <= 0 {
                    match engine.store().write(store::operation::wake).await {
                        Ok(places) => {
                            tracing::debug!(places, "snoozed mail is back");
                            continue;
                        }
                        Err(error) => tracing::warn!(%error, "snoozed mail can't come back now"),
                    }
                }
                LOOK.min(Duration::from_millis(left.max(1_000) as u64))
            }
            Ok(None) => LOOK,
            Err(error) => {
                tracing::warn!(%error, "snoozed mail can't be looked for");
                LOOK
            }
        };
        let due = tokio::time::Instant::now() + wait;
        loop {
            tokio::select! {
                () = engine.stopping().cancelled() => return,
                () = tokio::time::sleep_until(due) => break,
                told = changes.recv() => match told {
                    Ok(batch) if !batch.iter().any(|c| c.noun == Noun::Mailbox) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return,
                }
            }
        }
    }
}
