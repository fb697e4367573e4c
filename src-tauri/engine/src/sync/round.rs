//! One round: the store is brought in step with the server.

use super::local::{Round, StoreLocal};
use crate::Engine;
use model::account::{AccountKind, SyncPhase};
use model::{AccountId, Error, ErrorCode, Result, Timestamp, say};
use remote::contract::{PullScope, Remote};
use std::time::Duration;
use store::account::SyncUpdate;
use store::lock::Lock;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// How often a free lock is looked for while another process has it.
const LOCK_POLL: Duration = Duration::from_millis(500);

/// New messages of a round from which on the full-text index is tidied after it.
const TIDY_FROM: u32 = 2000;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoundReport {
    /// New messages.
    pub new: u32,
    /// Messages whose flags or mailboxes changed, or whose body came.
    pub changed: u32,
    /// Messages gone from a mailbox.
    pub removed: u32,
    /// Messages set aside.
    pub unreadable: u32,
    /// Messages the account now has.
    pub messages: u32,
    /// Mailboxes it has.
    pub mailboxes: u32,
}

/// The name of the lock that lets one process at a time sync an account.
pub(super) fn lock_name(account: AccountId) -> String {
    format!("sync-{account}")
}

/// Runs one round, or, where another process keeps this account in step, asks it for one and waits
/// until that has ended.
///
/// # Errors
/// What stopped the round, as the adapter tells it; `Cancelled`; the same where the other process
/// ran it.
pub async fn round(engine: &Engine, account: AccountId, full: bool, cancel: &CancellationToken) -> Result<RoundReport> {
    let kind = engine.store().read(move |r| store::account::get(r, account)).await?.kind;
    if kind == AccountKind::Sandbox {
        return report(engine, account, RoundReport::default()).await;
    }
    let mut asked: Option<(Timestamp, Option<i64>)> = None;
    let mut changes = engine.changes();
    loop {
        if let Some(_lock) = Lock::try_take(engine.store().profile(), &lock_name(account))? {
            let remote = engine.remote(account).await?;
            return round_over(engine, account, remote.as_ref(), full, cancel).await;
        }
        match asked {
            None => {
                let last = engine
                    .store()
                    .write(move |w| {
                        store::account::want_sync(w, account, full)?;
                        store::sync_log::last(w, account)
                    })
                    .await?;
                asked = Some((engine.store().now(), last.map(|l| l.id)));
            }
            Some((_, before)) => {
                let last = engine.store().read(move |r| store::sync_log::last(r, account)).await?;
                let wanted = engine.store().read(move |r| store::account::sync_wanted(r, account)).await?;
                if let Some(last) = last
                    && Some(last.id) > before
                    && last.ended
                    && !wanted
                {
                    return match last.error {
                        Some(error) => Err(error),
                        None => {
                            report(
                                engine,
                                account,
                                RoundReport {
                                    new: last.tally.new,
                                    changed: last.tally.changed,
                                    removed: last.tally.removed,
                                    unreadable: last.tally.unreadable,
                                    ..RoundReport::default()
                                },
                            )
                            .await
                        }
                    };
                }
            }
        }
        tokio::select! {
            () = cancel.cancelled() => return Err(cancelled()),
            _ = tokio::time::timeout(LOCK_POLL, changes.recv()) => {}
        }
    }
}

pub(super) fn cancelled() -> Error {
    Error::new(ErrorCode::Cancelled, "Stopped.")
}

async fn report(engine: &Engine, account: AccountId, done: RoundReport) -> Result<RoundReport> {
    let mailboxes = engine.store().read(move |r| store::mailbox::list(r, Some(account))).await?;
    let messages = engine.store().read(move |r| store::message::count(r, account)).await?;
    let mailboxes = mailboxes.iter().filter(|m| m.selectable).count() as u32;
    Ok(RoundReport { messages, mailboxes, ..done })
}

/// Cancels the round when somebody, in whatever process, asks for its end.
async fn stop_when_asked(engine: &Engine, account: AccountId, round: &CancellationToken) -> std::convert::Infallible {
    let mut changes = engine.changes();
    loop {
        let told = changes.recv().await;
        let ours = |change: &model::Change| {
            change.noun == model::Noun::SyncState && change.id.as_deref() == Some(account.to_string().as_str())
        };
        match told {
            Ok(batch) if !batch.iter().any(ours) => continue,
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => std::future::pending().await,
        }
        if let Ok(true) = engine.store().read(move |r| store::account::sync_stop(r, account)).await {
            round.cancel();
        }
    }
}

/// The round itself, over this connection; the caller sees to it that no other process does the same.
pub async fn round_over(
    engine: &Engine,
    account: AccountId,
    remote: &dyn Remote,
    full: bool,
    cancel: &CancellationToken,
) -> Result<RoundReport> {
    let began_at = engine.store().now();
    let (log, settings, full, before) = engine
        .store()
        .write(move |w| {
            let full = store::account::take_sync_wish(w, account)? || full;
            // An end that was asked for before is not meant for this round.
            store::account::forget_sync_stop(w, account)?;
            let before = store::account::get(w, account)?.sync.phase;
            let update = SyncUpdate {
                phase: Some(SyncPhase::Connecting),
                progress: Some((0, 0)),
                mailbox: Some(None),
                ..SyncUpdate::default()
            };
            store::account::set_sync(w, account, &update)?;
            Ok((store::sync_log::begin(w, account)?, store::account::get(w, account)?, full, before))
        })
        .await?;
    let first = settings.sync.ok_at.is_none();
    let local = StoreLocal::start(engine, account, Round { log, began_at, notify: !first });
    let scope = PullScope { mailboxes: Vec::new(), since_at: settings.since_at, full };
    let round = cancel.child_token();
    let pulled = tokio::select! {
        pulled = remote.pull(&local, &scope, &round) => pulled,
        // The pull ends by itself then: what it has is kept, and the connection stays in order.
        never = stop_when_asked(engine, account, &round) => match never {},
    };
    let flushed = local.flush().await;
    let result = pulled.and(flushed);
    let (mut tally, mailboxes) = local.tally();
    let failure = result.as_ref().err().cloned();
    let closed = closed_mailboxes(local.left()).or(local.remarked());
    engine
        .store()
        .write(move |w| {
            let mut update = SyncUpdate { mailbox: Some(None), ..SyncUpdate::default() };
            match &failure {
                None => {
                    tally.removed += store::placement::drop_lost_moves(w, account, began_at)?;
                    store::placement::purge(w, account)?;
                    update.phase = Some(SyncPhase::UpToDate);
                    update.ok = true;
                    update.error = Some(closed.clone());
                    update.progress = Some((0, 0));
                }
                // A round that was stopped has not found out whether the trouble from before has passed.
                Some(error)
                    if error.code == ErrorCode::Cancelled
                        && matches!(before, SyncPhase::SignIn | SyncPhase::Failed | SyncPhase::Offline) =>
                {
                    update.phase = Some(before);
                }
                Some(error) => {
                    update.phase = Some(phase_of(error, first));
                    update.error = Some((error.code != ErrorCode::Cancelled).then(|| error.clone()));
                }
            }
            store::account::set_sync(w, account, &update)?;
            store::sync_log::end(w, account, log, tally, failure.as_ref().or(closed.as_ref()))
        })
        .await?;
    result?;
    if tally.new >= TIDY_FROM {
        tidy(engine, cancel).await?;
    }
    let done = RoundReport {
        new: tally.new,
        changed: tally.changed,
        removed: tally.removed,
        unreadable: tally.unreadable,
        ..RoundReport::default()
    };
    let mut done = report(engine, account, done).await?;
    done.mailboxes = done.mailboxes.max(mailboxes);
    Ok(done)
}

/// What people are told of mailboxes that the server would not open; the others are in step.
fn closed_mailboxes(left: Vec<(String, Error)>) -> Option<Error> {
    let names: Vec<&str> = left.iter().map(|(name, _)| name.as_str()).collect();
    let (_, first) = left.first()?;
    let error = Error::new(
        ErrorCode::Refused,
        say!("The server does not open: {names}. All else is in step.", names = names.join(", ")),
    )
    .remedy("Ask whoever runs the server whether these mailboxes may be read.");
    Some(error.detail(first.detail.as_deref().unwrap_or(&first.message)))
}

/// Makes the full-text index quick to read, in short steps between which others write.
async fn tidy(engine: &Engine, cancel: &CancellationToken) -> Result<()> {
    let mut begin = true;
    while !cancel.is_cancelled() && engine.store().write(move |w| store::search::tidy(w, begin)).await? {
        begin = false;
    }
    Ok(())
}

/// What an account that could not be brought in step says of itself.
pub(super) fn phase_of(error: &Error, first: bool) -> SyncPhase {
    match error.code {
        ErrorCode::Cancelled if first => SyncPhase::New,
        ErrorCode::Cancelled => SyncPhase::UpToDate,
        ErrorCode::SignIn | ErrorCode::AdminConsent | ErrorCode::Locked => SyncPhase::SignIn,
        code if code.is_transient() => SyncPhase::Offline,
        _ => SyncPhase::Failed,
    }
}
