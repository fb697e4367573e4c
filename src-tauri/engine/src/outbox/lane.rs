//! The lane of one account: one letter after the other.

use super::epoch::Epoch;
use super::ledger::{self, Phases, Verdict};
use super::{hold_missed, names, wait};
use crate::Engine;
use model::account::AccountKind;
use model::submission::SubmissionState;
use model::{AccountId, Error, ErrorCode, Noun, Result, Timestamp};
use remote::contract::{Letter, Submit, SubmitError, Submitted};
use std::sync::Arc;
use store::lane::{Answered, Claim};
use tokio_util::sync::CancellationToken;

/// The machine slept, or the clock was set, where two looks at the clock are this far apart.
const CLOCK_JUMP_SECONDS: i64 = 600;
/// The longest pause of the whole lane after a failure that is not one letter's own.
const LANE_PAUSE_SECONDS: i64 = 300;
/// How long a lane waits for somebody to sign in or set the account right before it tries again.
const HELP_SECONDS: i64 = 900;

/// Why the whole lane stands still.
struct Standstill {
    until: Timestamp,
    code: ErrorCode,
}

struct Lane<'a> {
    engine: &'a Engine,
    account: AccountId,
    epoch: Arc<Epoch>,
    cancel: &'a CancellationToken,
    submitter: Option<Arc<dyn Submit>>,
    failures: u32,
    standstill: Option<Standstill>,
}

/// Hands letters over until `cancel`.
pub(super) async fn run(
    engine: &Engine,
    account: AccountId,
    epoch: Arc<Epoch>,
    cancel: &CancellationToken,
) -> Result<()> {
    let mut changes = engine.changes();
    let mut lane = Lane { engine, account, epoch, cancel, submitter: None, failures: 0, standstill: None };
    let mut seen_at = engine.store().now();
    while !cancel.is_cancelled() {
        let now = engine.store().now();
        if (now.0 - seen_at.0).abs() > CLOCK_JUMP_SECONDS * 1000 {
            hold_missed(engine, account).await?;
        }
        seen_at = now;
        if lane.standstill.as_ref().is_some_and(|s| s.until <= now) {
            lane.standstill = None;
        }
        if lane.standstill.is_none() && lane.one().await? {
            continue;
        }
        let due = match &lane.standstill {
            Some(standstill) => Some(standstill.until),
            None => engine.store().read(move |r| store::lane::next_due_at(r, account)).await?,
        };
        if due.is_none() {
            lane.hang_up().await;
        }
        let news = wait(engine, due, &mut changes, cancel, |c| {
            matches!(c.noun, Noun::Submission | Noun::Run)
                || names(c, Noun::Account, account)
                || names(c, Noun::SyncState, account)
        })
        .await;
        lane.look_up(&news).await?;
    }
    lane.hang_up().await;
    Ok(())
}

impl Lane<'_> {
    /// Hands one letter over. Gives false where none is due.
    async fn one(&mut self) -> Result<bool> {
        let account = self.account;
        let Some(claim) = self.engine.store().write(move |w| store::lane::claim(w, account)).await? else {
            return Ok(false);
        };
        let phases = Phases::new(self.engine, claim.id, self.epoch.clone());
        let (result, filed) = self.hand_over(&claim, &phases).await;
        let now = self.engine.store().now();
        if let Err(SubmitError::Before(error)) = &result
            && !phases.begun()
            && self.stand_still(error, &claim, now).await?
        {
            return Ok(true);
        }
        self.failures = 0;
        let taken_as = result.as_ref().ok().and_then(|done| done.provider_ref.clone());
        let (id, verdict) = (claim.id, ledger::judge(result, phases.begun(), &claim, now, ledger::jitter()));
        let state = self
            .engine
            .store()
            .write_durable(move |w| match verdict {
                Verdict::Answered { outcomes, answer, provider_ref, retry_at, error } => {
                    let done = Answered { outcomes, answer, provider_ref, retry_at, error, filed };
                    store::lane::answered(w, id, &done).map(Some)
                }
                Verdict::Later { at, error } => store::lane::put_back(w, id, at, &error).map(|()| None),
                Verdict::Uncertain { error } => {
                    let error = unknown(&error);
                    let at = w.now().plus_seconds(super::evidence::FIRST_SECONDS);
                    store::lane::uncertain(w, id, at, &error).map(|()| None)
                }
            })
            .await?;
        if state == Some(SubmissionState::Accepted) {
            if let Some(taken_as) = taken_as
                && let Err(error) = self.sent_as(&claim, &taken_as).await
            {
                tracing::info!(%error, "the Message-ID of a sent letter comes with the next sync");
            }
            self.after(&claim, filed).await;
        }
        Ok(true)
    }

    async fn hand_over(
        &mut self,
        claim: &Claim,
        phases: &Phases,
    ) -> (std::result::Result<Submitted, SubmitError>, bool) {
        let prepared = async {
            let store = self.engine.store().clone();
            let hash = claim.content;
            let bytes = tokio::task::spawn_blocking(move || store.content().get(hash))
                .await
                .map_err(|e| Error::internal(&e))?
                .map_err(|e| Error::invalid("The letter's frozen bytes are damaged or gone.").detail(e))?;
            let submitter = match &self.submitter {
                Some(submitter) => submitter.clone(),
                None => self.engine.submitter(self.account).await?,
            };
            Ok::<_, Error>((bytes, submitter))
        }
        .await;
        let (bytes, submitter) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return (Err(SubmitError::Before(error)), false),
        };
        self.submitter = Some(submitter.clone());
        let letter = Letter {
            from: claim.from.clone(),
            recipients: claim.recipients.clone(),
            bytes,
            message_id: claim.message_id.clone(),
            bcc: claim.bcc.clone(),
            provider_thread: claim.provider_thread.clone(),
            provider_ref: claim.provider_ref.clone(),
        };
        let result = submitter.submit(&letter, phases, self.cancel).await;
        let account = self.account;
        let probed = self
            .engine
            .store()
            .read(move |r| Ok(store::account::get(r, account)?.probe.and_then(|p| p.files_sent_copy)))
            .await
            .ok()
            .flatten();
        (result, submitter.files_sent_copy() || probed == Some(true))
    }

    /// Handles a failure that is not the letter's own: the letter waits in its place, the lane
    /// stands still. Gives false where the failure is the letter's own.
    async fn stand_still(&mut self, error: &Error, claim: &Claim, now: Timestamp) -> Result<bool> {
        let id = claim.id;
        if error.code == ErrorCode::Cancelled {
            self.engine.store().write(move |w| store::lane::put_back(w, id, now, &interrupted())).await?;
            return Ok(true);
        }
        let (until, retry_at) = match error.code {
            ErrorCode::SignIn
            | ErrorCode::AdminConsent
            | ErrorCode::Certificate
            | ErrorCode::NoTls
            | ErrorCode::Locked
            | ErrorCode::NotFound
            | ErrorCode::Conflict => (now.plus_seconds(HELP_SECONDS), now),
            ErrorCode::Network | ErrorCode::Timeout | ErrorCode::Throttled | ErrorCode::Busy => {
                let Some(retry_at) = ledger::next_try(claim, now, ledger::jitter()) else { return Ok(false) };
                self.failures += 1;
                let pause = ledger::back_off(self.failures, now, ledger::jitter());
                (pause.min(now.plus_seconds(LANE_PAUSE_SECONDS)), retry_at)
            }
            _ => return Ok(false),
        };
        self.hang_up().await;
        let (account, why) = (self.account, error.clone());
        self.engine
            .store()
            .write(move |w| {
                store::lane::put_back(w, id, retry_at, &why)?;
                store::lane::say_why(w, account, &why)
            })
            .await?;
        self.standstill = Some(Standstill { until, code: error.code });
        Ok(true)
    }

    /// Ends a standstill when what it waited for has come: the account was changed, or its mailbox
    /// is in step again.
    async fn look_up(&mut self, news: &[model::Change]) -> Result<()> {
        let account = self.account;
        if news.iter().any(|c| names(c, Noun::Account, account)) {
            self.hang_up().await;
            self.standstill = None;
        }
        let offline =
            self.standstill.as_ref().is_some_and(|s| matches!(s.code, ErrorCode::Network | ErrorCode::Timeout));
        if offline && news.iter().any(|c| names(c, Noun::SyncState, account)) {
            let phase = self.engine.store().read(move |r| Ok(store::account::get(r, account)?.sync.phase)).await?;
            if phase == model::account::SyncPhase::UpToDate {
                self.standstill = None;
                self.engine
                    .store()
                    .write(move |w| store::lane::release(w, account, &[ErrorCode::Network, ErrorCode::Timeout]))
                    .await?;
            }
        }
        // `retry` of a waiting letter is the user's word that something has changed.
        if self.standstill.is_some() && news.iter().any(|c| c.noun == Noun::Submission && c.id.is_some()) {
            let now = self.engine.store().now();
            let asked = self.engine.store().read(move |r| store::lane::asked_for(r, account, now)).await?;
            if asked {
                self.standstill = None;
            }
        }
        Ok(())
    }

    async fn hang_up(&mut self) {
        if let Some(submitter) = self.submitter.take() {
            submitter.close().await;
        }
    }

    /// Keeps the Message-ID that the provider gave the letter instead of ours.
    async fn sent_as(&self, claim: &Claim, taken_as: &str) -> Result<()> {
        let Some(submitter) = &self.submitter else { return Ok(()) };
        let Some(message_id) = submitter.sent_as(taken_as, self.cancel).await? else { return Ok(()) };
        if message_id == claim.message_id {
            return Ok(());
        }
        let id = claim.id;
        self.engine.store().write(move |w| store::lane::sent_as(w, id, &message_id)).await
    }

    /// What a sent letter changes here. It is sent whether that works or not.
    async fn after(&self, claim: &Claim, filed: bool) {
        if filed {
            // The provider's own copy is all there is to show: fetched at once rather than with the next look.
            let account = self.account;
            let wish = self.engine.store().write(move |w| match store::account::get(w, account)?.kind {
                AccountKind::Sandbox => Ok(()),
                _ => store::account::want_sync(w, account, false),
            });
            if let Err(error) = wish.await {
                tracing::info!(%error, "a sent letter is not shown before the next sync");
            }
        } else if let Err(error) = super::sent_copy::show(self.engine, self.account, claim.content).await {
            tracing::info!(%error, "a sent letter is not shown before the next sync");
        }
        if let Err(error) = super::sent_copy::mark_original(self.engine, claim.id).await {
            tracing::info!(%error, "the original of a letter could not be marked");
        }
    }
}

fn unknown(error: &Error) -> Error {
    Error::new(error.code, "The connection broke before the server said whether it took the letter.")
        .remedy("Nothing is sent again by itself: Tabella looks for the letter in Sent; you can also say what became of it.")
        .detail(error)
}

fn interrupted() -> Error {
    Error::new(ErrorCode::Cancelled, "Tabella was closed before this letter went out.")
}
