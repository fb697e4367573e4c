//! What became of a run's letters, written into its records.

use crate::Engine;
use model::submission::SubmissionState;
use model::{Result, RunId, Timestamp};
use store::base::{Outcome, OutcomeColumns};

/// Outcomes are read again from this long before the cursor: transactions commit in another order
/// than their clocks were read. Writing a cell its own value changes nothing.
const OVERLAP_MS: i64 = 60_000;

struct Words {
    columns: OutcomeColumns<'static>,
    waiting: &'static str,
    sent: &'static str,
    refused: &'static str,
    uncertain: &'static str,
    cancelled: &'static str,
    unsent: &'static str,
    replied: &'static str,
    bounced: &'static str,
}

macro_rules! words {
    ($status:literal $at:literal; $waiting:literal $sent:literal $refused:literal $uncertain:literal $cancelled:literal $unsent:literal $replied:literal $bounced:literal) => {
        Words {
            columns: OutcomeColumns { status: $status, at: $at, message_id: "Message-ID" },
            waiting: $waiting,
            sent: $sent,
            refused: $refused,
            uncertain: $uncertain,
            cancelled: $cancelled,
            unsent: $unsent,
            replied: $replied,
            bounced: $bounced,
        }
    };
}

fn words(language: &str) -> Words {
    match language.get(..2) {
        Some("de") => {
            words!("Mailstatus" "Mailzeit"; "wartet" "gesendet" "abgelehnt" "ungewiss" "abgebrochen" "nicht gesendet" "beantwortet" "zurückgekommen")
        }
        Some("uk") => {
            words!("Статус листа" "Час листа"; "очікує" "надіслано" "відхилено" "невідомо" "скасовано" "не надіслано" "отримано відповідь" "повернуто")
        }
        Some("pl") => {
            words!("Status listu" "Czas listu"; "czeka" "wysłano" "odrzucono" "niepewne" "anulowano" "nie wysłano" "odpowiedziano" "zwrócono")
        }
        Some("ru") => {
            words!("Статус письма" "Время письма"; "ожидает" "отправлено" "отклонено" "неизвестно" "отменено" "не отправлено" "получен ответ" "возвращено")
        }
        _ => {
            words!("Mail status" "Mail time"; "waiting" "sent" "refused" "uncertain" "cancelled" "not sent" "replied" "came back")
        }
    }
}

impl Words {
    fn of(&self, state: SubmissionState) -> &'static str {
        match state {
            SubmissionState::Frozen
            | SubmissionState::Queued
            | SubmissionState::Claimed
            | SubmissionState::HandingOver => self.waiting,
            SubmissionState::Accepted => self.sent,
            SubmissionState::Refused => self.refused,
            SubmissionState::Bounced => self.bounced,
            SubmissionState::Uncertain => self.uncertain,
            SubmissionState::Cancelled => self.cancelled,
            SubmissionState::Unsent => self.unsent,
            SubmissionState::Replied => self.replied,
        }
    }
}

/// Brings the records of a run up to date with its letters.
///
/// # Errors
/// `NotFound` where base or table is gone, `Conflict` where a column can't hold the outcome.
pub(crate) async fn bring_up(engine: &Engine, run: RunId) -> Result<()> {
    let (info, wanted, language) = engine
        .store()
        .read(move |r| {
            let making = store::run::making(r, run, 0)?;
            Ok((store::run::get(r, run)?, making.args.write_back, store::setting::get(r)?.language))
        })
        .await?;
    if !wanted {
        return Ok(());
    }
    let words = words(&crate::outbox::words::language(&language));
    // A base may serve several profiles; their runs must not share a cursor.
    let key = format!("{}-{}", info.created_at.0, run);
    let until = {
        let key = key.clone();
        engine.read_base(&info.base, move |base| base.written_until(&key)).await?
    };
    let since = Timestamp(until.0.saturating_sub(OVERLAP_MS));
    let letters = engine.store().read(move |r| store::run::outcomes(r, run, since)).await?;
    let Some(newest) = letters.iter().map(|l| l.state_at).max() else { return Ok(()) };
    if newest <= until && until.0 < engine.store().now().0 - 2 * OVERLAP_MS {
        return Ok(());
    }
    let outcomes: Vec<Outcome> = letters
        .into_iter()
        .map(|l| Outcome {
            record: l.record,
            status: words.of(l.state).to_owned(),
            at: wall_clock(l.state_at),
            message_id: l.message_id,
        })
        .collect();
    let table = info.table;
    engine.write_base(&info.base, move |base| base.write_outcomes(&key, table, words.columns, &outcomes, newest)).await
}

fn wall_clock(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .map(|t| t.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}
