//! The worker that keeps an account in step: a round, then waiting for news, and again.

use super::local::is_race;
use super::round::{lock_name, phase_of, round_over};
use crate::Engine;
use model::account::{Account, AccountKind};
use model::{AccountId, Error, ErrorCode, Noun, Result};
use remote::contract::{Remote, Woken};
use std::time::Duration;
use store::account::SyncUpdate;
use store::lock::Lock;
use tokio_util::sync::CancellationToken;

/// First and longest pause after failures that may pass by themselves.
const BACKOFF_SECONDS: (u64, u64) = (2, 300);
/// Pause after a failure that waiting alone hardly heals.
const FAILED_SECONDS: u64 = 300;
/// How often a process without the lock looks whether it is free.
const LOCK_SECONDS: u64 = 5;
/// How often the account's row is read anyway, whatever the changes say.
const LOOK_SECONDS: u64 = 30;

/// Keeps an account in step until `cancel`; returns at once for sandbox accounts, and when the
/// account is removed. Runs in as many processes as there are; the lock lets one of them work.
pub async fn run_account(engine: Engine, account: AccountId, cancel: CancellationToken) {
    loop {
        match Lock::try_take(engine.store().profile(), &lock_name(account)) {
            Ok(Some(_lock)) => {
                work(&engine, account, &cancel).await;
                return;
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, %account, "the account's lock can't be taken"),
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(LOCK_SECONDS)) => {}
        }
    }
}

/// What ends a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// A round is due.
    Round,
    /// The account changed: read it anew, then a round.
    Anew,
    /// The worker ends.
    End,
}

async fn work(engine: &Engine, id: AccountId, cancel: &CancellationToken) {
    let mut failures = 0_u32;
    while !cancel.is_cancelled() {
        let account = match engine.store().read(move |r| store::account::get(r, id)).await {
            Ok(account) if account.kind == AccountKind::Sandbox => return,
            Ok(account) => account,
            Err(error) if error.code == ErrorCode::NotFound => return,
            Err(error) => {
                tracing::warn!(%error, account = %id, "the account can't be read");
                if pause(engine, id, FAILED_SECONDS, cancel, false).await == Next::End {
                    return;
                }
                continue;
            }
        };
        if account.paused {
            if pause(engine, id, u64::MAX, cancel, false).await == Next::End {
                return;
            }
            continue;
        }
        let outcome = match engine.remote(id).await {
            Ok(remote) => match round_over(engine, id, remote.as_ref(), false, cancel).await {
                Ok(_) => {
                    failures = 0;
                    let next = wait(engine, &account, remote.as_ref(), cancel).await;
                    if next != Ok(Next::Round) {
                        remote.close().await;
                    }
                    next.map(|_| ())
                }
                Err(error) => {
                    remote.close().await;
                    Err(error)
                }
            },
            Err(error) => {
                let phase = phase_of(&error, account.sync.ok_at.is_none());
                let update =
                    SyncUpdate { phase: Some(phase), error: Some(Some(error.clone())), ..SyncUpdate::default() };
                let told = engine.store().write(move |w| store::account::set_sync(w, id, &update)).await;
                told.and(Err(error))
            }
        };
        let Err(error) = outcome else { continue };
        if error.code == ErrorCode::Cancelled && cancel.is_cancelled() {
            return;
        }
        failures = failures.saturating_add(1);
        if pause(engine, id, delay_seconds(&error, failures), cancel, true).await == Next::End {
            return;
        }
    }
}

/// How long to leave the server alone after a failure.
fn delay_seconds(error: &Error, failures: u32) -> u64 {
    if let Some(asked) = error.retry_after_seconds {
        return u64::from(asked);
    }
    match error.code {
        // Stopped by the user: the next round comes with the next poll or wish.
        ErrorCode::Cancelled => FAILED_SECONDS,
        // Only the user can help; the account's row changes when they did.
        ErrorCode::SignIn | ErrorCode::AdminConsent | ErrorCode::Locked => u64::MAX,
        code if code.is_transient() || is_race(error) => {
            let (first, longest) = BACKOFF_SECONDS;
            let pause = first.saturating_mul(1 << failures.min(10).saturating_sub(1)).min(longest);
            jitter(pause)
        }
        _ => FAILED_SECONDS,
    }
}

/// A pause between three quarters and five quarters of this, so that many clients behind one
/// failure do not come back in step.
fn jitter(seconds: u64) -> u64 {
    let noise = ulid::Ulid::new().random() as u64 % 1000;
    (seconds * (750 + noise / 2) / 1000).max(1)
}

/// Waits for news of the server, the interval, a wish, or a change of the account.
async fn wait(engine: &Engine, account: &Account, remote: &dyn Remote, cancel: &CancellationToken) -> Result<Next> {
    let poll_seconds = account.sync_minutes.clamp(1, 1440) * 60;
    let waiting = cancel.child_token();
    let news = remote.wait(poll_seconds, &waiting);
    tokio::pin!(news);
    tokio::select! {
        woken = &mut news => match woken {
            Ok(Woken::News | Woken::Elapsed) => Ok(Next::Round),
            Err(error) => Err(error),
        },
        next = pause(engine, account.id, u64::MAX, cancel, true) => {
            // The adapter leaves its wait in order, so that the connection can be used again.
            waiting.cancel();
            let _ = news.await;
            Ok(next)
        }
    }
}

/// Sleeps until the time is over, somebody asks for a round, the account's row changes, or the end.
async fn pause(engine: &Engine, id: AccountId, seconds: u64, cancel: &CancellationToken, wishes: bool) -> Next {
    let mut changes = engine.changes();
    let end = async {
        if seconds == u64::MAX {
            std::future::pending::<()>().await;
        } else {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
        }
    };
    tokio::pin!(end);
    loop {
        if wishes && matches!(engine.store().read(move |r| store::account::sync_wanted(r, id)).await, Ok(true)) {
            return Next::Round;
        }
        let named = id.to_string();
        let look = tokio::time::sleep(Duration::from_secs(LOOK_SECONDS));
        tokio::pin!(look);
        loop {
            tokio::select! {
                () = cancel.cancelled() => return Next::End,
                () = &mut end => return Next::Round,
                () = &mut look => break,
                received = changes.recv() => match received {
                    Ok(batch) => {
                        let ours = |noun: Noun| batch.iter().any(|c| c.noun == noun && c.id.as_deref().is_none_or(|i| i == named));
                        if ours(Noun::Account) {
                            return Next::Anew;
                        }
                        if ours(Noun::SyncState) {
                            break;
                        }
                    }
                    // Fell behind: look again.
                    Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => break,
                    Err(tokio::sync::broadcast::error::RecvError::Closed) => return Next::End,
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_asks_for_a_pause_gets_it_and_others_get_longer_ones_each_time() {
        let mut throttled = Error::new(ErrorCode::Throttled, "slow");
        throttled.retry_after_seconds = Some(299);
        assert_eq!(delay_seconds(&throttled, 1), 299);
        let gone = Error::new(ErrorCode::Network, "gone");
        assert!((1..=3).contains(&delay_seconds(&gone, 1)));
        assert!((225..=375).contains(&delay_seconds(&gone, 30)));
        assert_eq!(delay_seconds(&Error::new(ErrorCode::SignIn, "no"), 1), u64::MAX);
    }
}
