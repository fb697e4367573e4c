//! Into the ledger and along it: freezing a letter, the phases of a hand-over, and when to try again.
//!
//! Owns: the rule that bytes are stored before the row that names them and that both are on the
//! disk before anybody is told the letter is queued.
//! Refuses: sending; that is `lane`'s.

use super::epoch::Epoch;
use super::letter;
use crate::Engine;
use async_trait::async_trait;
use mail::compose::Outgoing;
use model::{AccountId, DraftId, Error, ErrorCode, MessageId, Result, SubmissionId, Timestamp, say};
use remote::contract::{PhaseLog, RecipientOutcome, SubmitError, Submitted};
use std::sync::Arc;
use store::lane::Outcome;
use store::submission::{ForRecord, NewSubmission, RecipientKind};

/// Seconds between tries, before jitter; the last one is repeated.
const BACK_OFF_SECONDS: [i64; 7] = [30, 60, 120, 300, 900, 1800, 3600];
/// A letter is given up this long after it was to go out.
const GIVE_UP_AFTER_SECONDS: i64 = 3 * 24 * 3600;

/// What freezing a letter needs besides the letter.
#[derive(Clone, Debug)]
pub(crate) struct Freeze {
    pub account: AccountId,
    pub outgoing: Outgoing,
    pub send_at: Timestamp,
    pub draft: Option<DraftId>,
    pub original: Option<(MessageId, &'static str)>,
    pub provider_thread: Option<String>,
}

/// Makes the bytes of a letter and its row in the ledger, durable when this returns.
///
/// # Errors
/// `Invalid` where nobody would get it or an address is none; `NotFound` where the draft was sent
/// or discarded meanwhile.
pub(crate) async fn freeze(engine: &Engine, freeze: Freeze) -> Result<SubmissionId> {
    let store = engine.store().clone();
    let blobs = store.clone();
    let (freeze, new) = tokio::task::spawn_blocking(move || {
        let new = row(&freeze, |bytes| blobs.content().put(bytes))?;
        Ok::<_, Error>((freeze, new))
    })
    .await
    .map_err(|e| Error::internal(&e))??;
    store
        .write_durable(move |w| {
            let id = store::submission::insert(w, &new)?;
            if let Some(draft) = freeze.draft {
                store::draft::freeze(w, draft, id)?;
            }
            Ok(id)
        })
        .await
}

fn row(freeze: &Freeze, put: impl FnOnce(&[u8]) -> Result<store::ContentHash>) -> Result<NewSubmission> {
    let built = letter::build(&freeze.outgoing)?;
    let content = put(&built.bytes)?;
    new_submission(freeze, content, built.size, None)
}

/// The row of a letter whose bytes are stored.
pub(crate) fn new_submission(
    freeze: &Freeze,
    content: store::ContentHash,
    size: u64,
    record: Option<ForRecord>,
) -> Result<NewSubmission> {
    let outgoing = &freeze.outgoing;
    let recipients = envelope(outgoing);
    if recipients.is_empty() {
        return Err(Error::invalid("This letter has no recipient.").remedy("Enter an address in To, Cc or Bcc."));
    }
    Ok(NewSubmission {
        account_id: freeze.account,
        from: outgoing.from.clone(),
        subject: mail::compose::clean_line(&outgoing.subject),
        message_id: outgoing.message_id.clone(),
        content,
        size,
        send_at: freeze.send_at,
        recipients,
        original: freeze.original,
        provider_thread: freeze.provider_thread.clone(),
        record,
        held: false,
    })
}

/// Everybody a letter goes to, each once, with the domain in ASCII.
fn envelope(outgoing: &Outgoing) -> Vec<(String, RecipientKind)> {
    let mut seen = std::collections::HashSet::new();
    [(&outgoing.to, RecipientKind::To), (&outgoing.cc, RecipientKind::Cc), (&outgoing.bcc, RecipientKind::Bcc)]
        .into_iter()
        .flat_map(|(list, kind)| list.iter().map(move |address| (address, kind)))
        .filter(|(address, _)| seen.insert(mail::address::normal(&address.email)))
        .map(|(address, kind)| {
            let email = address.email.trim();
            (mail::address::ascii_email(email).unwrap_or_else(|| email.to_owned()), kind)
        })
        .collect()
}

/// Writes the phases of one hand-over.
pub(crate) struct Phases {
    engine: Engine,
    id: SubmissionId,
    epoch: Arc<Epoch>,
    begun: std::sync::atomic::AtomicBool,
}

impl Phases {
    pub(crate) fn new(engine: &Engine, id: SubmissionId, epoch: Arc<Epoch>) -> Self {
        Self { engine: engine.clone(), id, epoch, begun: std::sync::atomic::AtomicBool::new(false) }
    }

    /// The irreversible step was begun.
    pub(crate) fn begun(&self) -> bool {
        self.begun.load(std::sync::atomic::Ordering::SeqCst)
    }
}

#[async_trait]
impl PhaseLog for Phases {
    async fn handing_over(&self) -> Result<()> {
        let (id, next) = (self.id, self.epoch.announce().await?);
        let (key, token) = (self.epoch.key().to_owned(), next.clone());
        self.engine
            .store()
            .write_durable(move |w| {
                store::lane::handing_over(w, id)?;
                store::meta::put(w, &key, &token)
            })
            .await?;
        self.epoch.committed(next);
        self.begun.store(true, std::sync::atomic::Ordering::SeqCst);
        Ok(())
    }

    async fn provider_ref(&self, value: &str) -> Result<()> {
        let (id, value) = (self.id, value.to_owned());
        self.engine.store().write_durable(move |w| store::lane::set_provider_ref(w, id, &value)).await
    }
}

/// What to do with a letter after a try.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// The server answered; recipients without a decision are tried again at this time, if any.
    Answered {
        outcomes: Vec<Outcome>,
        answer: String,
        provider_ref: Option<String>,
        retry_at: Option<Timestamp>,
        error: Option<Error>,
    },
    /// Nobody got it; try again then.
    Later { at: Timestamp, error: Error },
    /// Nobody knows.
    Uncertain { error: Error },
}

/// Judges the outcome of a try. A failure is safe to repeat only while the step had not begun,
/// whatever the adapter says.
pub(crate) fn judge(
    result: std::result::Result<Submitted, SubmitError>,
    begun: bool,
    claim: &store::lane::Claim,
    now: Timestamp,
    jitter: f64,
) -> Verdict {
    let retry_at = next_try(claim, now, jitter);
    let outcomes = |list: Vec<RecipientOutcome>| {
        list.into_iter()
            .map(|r| Outcome { email: r.email, accepted: r.accepted, code: r.code, answer: r.answer })
            .collect::<Vec<_>>()
    };
    match result {
        Ok(done) => {
            let error = done.recipients.iter().find(|r| r.accepted != Some(true)).map(|r| {
                Error::new(ErrorCode::Refused, say!("The server did not take the letter for {email}.", email = r.email))
                    .remedy("Check the address.")
                    .detail(&r.answer)
            });
            Verdict::Answered {
                outcomes: outcomes(done.recipients),
                answer: done.answer,
                provider_ref: done.provider_ref,
                retry_at,
                error,
            }
        }
        Err(SubmitError::Refused(error, done)) => {
            let waits = done.recipients.iter().any(|r| r.accepted.is_none());
            Verdict::Answered {
                outcomes: outcomes(done.recipients),
                answer: done.answer,
                provider_ref: done.provider_ref,
                retry_at: retry_at.filter(|_| waits),
                error: Some(error),
            }
        }
        Err(SubmitError::Uncertain(error)) => Verdict::Uncertain { error },
        Err(SubmitError::Before(error)) if begun => Verdict::Uncertain { error },
        Err(SubmitError::Before(error)) => {
            let lasting = matches!(error.code, ErrorCode::Invalid | ErrorCode::TooLarge | ErrorCode::Refused);
            match retry_at {
                Some(at) if !lasting => Verdict::Later { at, error },
                _ => Verdict::Answered {
                    outcomes: Vec::new(),
                    answer: error.detail.clone().unwrap_or_default(),
                    provider_ref: None,
                    retry_at: None,
                    error: Some(if lasting { error } else { given_up(&error) }),
                },
            }
        }
    }
}

fn given_up(last: &Error) -> Error {
    Error::new(
        ErrorCode::Refused,
        say!("The letter could not be sent for three days. The last reason: {reason}", reason = last.phrase()),
    )
    .remedy("Nobody got it; try again when the reason is gone.")
    .detail(last.detail.as_deref().unwrap_or_default())
}

/// When the next try is due; `None` where it is time to give up.
pub(crate) fn next_try(claim: &store::lane::Claim, now: Timestamp, jitter: f64) -> Option<Timestamp> {
    let at = back_off(claim.attempts, now, jitter);
    (at <= claim.send_at.plus_seconds(GIVE_UP_AFTER_SECONDS)).then_some(at)
}

/// The time of the try after `attempts` failed ones, up to 20 % later by `jitter` (0.0..=1.0).
pub(crate) fn back_off(attempts: u32, now: Timestamp, jitter: f64) -> Timestamp {
    let index = (attempts.saturating_sub(1) as usize).min(BACK_OFF_SECONDS.len() - 1);
    let seconds = BACK_OFF_SECONDS.get(index).copied().unwrap_or(3600);
    now.plus_millis((seconds as f64 * 1000.0 * (1.0 + 0.2 * jitter)) as i64)
}

/// A random number in 0.0..1.0, so that clients that failed together do not come back together.
pub(crate) fn jitter() -> f64 {
    let mut bytes = [0u8; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0),
        Err(_) => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(attempts: u32) -> store::lane::Claim {
        store::lane::Claim {
            id: SubmissionId(1),
            from: "a@x.org".into(),
            message_id: "1@x.org".into(),
            content: store::ContentHash([0; 32]),
            recipients: vec!["b@x.org".into()],
            bcc: Vec::new(),
            provider_thread: None,
            provider_ref: None,
            attempts,
            send_at: Timestamp(0),
        }
    }

    #[test]
    fn tries_come_later_and_later_and_end_after_three_days() {
        let waits: Vec<i64> = (1..=9).map(|n| next_try(&claim(n), Timestamp(0), 0.0).unwrap().0 / 1000).collect();
        assert_eq!(waits, [30, 60, 120, 300, 900, 1800, 3600, 3600, 3600]);
        assert!(next_try(&claim(1), Timestamp(GIVE_UP_AFTER_SECONDS * 1000), 0.0).is_none());
        assert!(back_off(1, Timestamp(0), 1.0).0 <= 36_000);
    }

    #[test]
    fn a_failure_is_repeated_only_before_the_step() {
        let broken = SubmitError::Before(Error::new(ErrorCode::Network, "gone"));
        assert!(matches!(judge(Err(broken.clone()), false, &claim(1), Timestamp(0), 0.0), Verdict::Later { .. }));
        assert!(matches!(judge(Err(broken), true, &claim(1), Timestamp(0), 0.0), Verdict::Uncertain { .. }));
        let lost = Err(SubmitError::Uncertain(Error::new(ErrorCode::Timeout, "silence")));
        assert!(matches!(judge(lost, false, &claim(1), Timestamp(0), 0.0), Verdict::Uncertain { .. }));
    }

    #[test]
    fn a_letter_too_large_is_not_tried_again() {
        let result = Err(SubmitError::Before(Error::new(ErrorCode::TooLarge, "too large")));
        let Verdict::Answered { retry_at, .. } = judge(result, false, &claim(1), Timestamp(0), 0.0) else { panic!() };
        assert!(retry_at.is_none());
    }
}
