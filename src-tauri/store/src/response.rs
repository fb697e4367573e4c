//! What comes back for our letters: reports of failed delivery, and answers.
//!
//! Owns: which letter and which recipient an arriving message speaks of, and the two states of the
//! ledger that follow from it. Noted in the transaction that takes the message in.
//! Refuses: our own messages, which name our letters too, and machines that answer for people
//! (RFC 3834): neither is an answer.
//! Look next: [`crate::ingest`], which calls [`note`]; [`crate::lane`], which calls [`settle`] where
//! the server's answer is recorded after what came back.

use crate::db::{Read, WriteTx};
use crate::draft;
use crate::error::sql;
use crate::message::{Prepared, own_addresses};
use mail::parse::{Bounce, BouncedRecipient};
use model::submission::{SubmissionRecipient, SubmissionState};
use model::{AccountId, Noun, Result, SubmissionId};
use rusqlite::{OptionalExtension, params};

/// A report that names no letter is believed of the only letter that went to its recipient within
/// this time: as long as servers keep trying (RFC 5321, 4.5.4.1).
const REPORT_DAYS: i64 = 5;
/// References looked at, the newest first.
const REFERENCES_MAX: usize = 20;

struct Letter {
    id: SubmissionId,
    account: AccountId,
}

/// True where there is any letter that something may come back for.
pub(crate) fn expected(read: &impl Read) -> Result<bool> {
    read.sql().query_row("SELECT EXISTS (SELECT 1 FROM submission)", [], |r| r.get(0)).map_err(sql)
}

/// Notes what an arrived message says of our letters. A second time changes nothing.
pub(crate) fn note(write: &mut WriteTx<'_>, account: AccountId, message: i64, prepared: &Prepared) -> Result<()> {
    let from = prepared.from.email.to_lowercase();
    if own_addresses(write, account)?.contains(&from) {
        return Ok(());
    }
    if let Some(bounce) = &prepared.bounce {
        return note_bounce(write, message, bounce);
    }
    if prepared.automatic {
        return Ok(());
    }
    for reference in prepared.references.iter().rev().take(REFERENCES_MAX) {
        let Some(letter) = by_message_id(write, reference)? else { continue };
        if own_addresses(write, letter.account)?.contains(&from) {
            continue;
        }
        let email = recipient(write, letter.id, &from)?;
        insert(write, letter.id, &email, "replied", None, None, message)?;
        settle(write, letter.id)?;
    }
    Ok(())
}

/// The provider's own copy of a letter arrived: its Message-ID is the one that counts.
pub(crate) fn note_copy(write: &WriteTx<'_>, account: AccountId, key: &str, message_id: &str) -> Result<()> {
    if message_id.is_empty() {
        return Ok(());
    }
    write
        .sql()
        .prepare_cached(
            "UPDATE submission SET sent_message_id = ?3
             WHERE account_id = ?1 AND provider_ref = ?2 AND message_id <> ?3 AND sent_message_id IS NULL",
        )
        .and_then(|mut s| s.execute((account.0, key, message_id)))
        .map_err(sql)?;
    Ok(())
}

fn note_bounce(write: &mut WriteTx<'_>, message: i64, bounce: &Bounce) -> Result<()> {
    let named = match &bounce.original_message_id {
        Some(id) => by_message_id(write, id)?,
        None => None,
    };
    for failed in bounce.recipients.iter().filter(|r| r.is_failed()) {
        let letter = match (&named, &bounce.original_message_id) {
            (Some(letter), _) => Some(letter.id),
            (None, None) => the_only_letter_to(write, &failed.email)?,
            (None, Some(_)) => None,
        };
        let Some(letter) = letter else { continue };
        let email = recipient(write, letter, &failed.email.to_lowercase())?;
        let answer = failed.diagnostic.as_deref().or(Some(failed.status.as_str()).filter(|s| !s.is_empty()));
        insert(write, letter, &email, "bounced", reply_code(failed), answer, message)?;
        settle(write, letter)?;
    }
    Ok(())
}

fn by_message_id(read: &impl Read, message_id: &str) -> Result<Option<Letter>> {
    read.sql()
        .prepare_cached("SELECT id, account_id FROM submission WHERE message_id = ?1 OR sent_message_id = ?1")
        .and_then(|mut s| {
            s.query_row([message_id], |r| Ok(Letter { id: SubmissionId(r.get(0)?), account: AccountId(r.get(1)?) }))
                .optional()
        })
        .map_err(sql)
}

/// The letter that can be meant where only the recipient is known; none where there are several.
fn the_only_letter_to(write: &WriteTx<'_>, email: &str) -> Result<Option<SubmissionId>> {
    let since = write.now().0 - REPORT_DAYS * 24 * 3600 * 1000;
    let found: Vec<i64> = write
        .sql()
        .prepare_cached(
            "SELECT s.id FROM submission s JOIN submission_recipient r ON r.submission_id = s.id
             WHERE lower(r.email) = lower(?1) AND s.created_at > ?2 AND s.attempts > 0 LIMIT 2",
        )
        .and_then(|mut s| s.query_map((email, since), |r| r.get(0))?.collect())
        .map_err(sql)?;
    Ok(match found.as_slice() {
        [only] => Some(SubmissionId(*only)),
        _ => None,
    })
}

/// The recipient as the letter has it; a letter to one person speaks of that person, whatever
/// address its answer or report came from; else nobody knows.
fn recipient(read: &impl Read, letter: SubmissionId, email: &str) -> Result<String> {
    let all: Vec<String> = read
        .sql()
        .prepare_cached("SELECT email FROM submission_recipient WHERE submission_id = ?1")
        .and_then(|mut s| s.query_map([letter.0], |r| r.get(0))?.collect())
        .map_err(sql)?;
    Ok(match all.as_slice() {
        [only] => only.clone(),
        many => many.iter().find(|r| r.to_lowercase() == email).cloned().unwrap_or_default(),
    })
}

fn reply_code(failed: &BouncedRecipient) -> Option<u16> {
    let code: u16 = failed.diagnostic.as_deref()?.get(..3)?.parse().ok()?;
    (400..600).contains(&code).then_some(code)
}

fn insert(
    write: &WriteTx<'_>,
    letter: SubmissionId,
    email: &str,
    state: &str,
    code: Option<u16>,
    answer: Option<&str>,
    message: i64,
) -> Result<()> {
    write
        .sql()
        .prepare_cached(
            "INSERT OR IGNORE INTO submission_response (submission_id, email, state, code, answer, message_id, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .and_then(|mut s| s.execute(params![letter.0, email, state, code, answer, message, write.now().0]))
        .map_err(sql)?;
    Ok(())
}

/// Brings a letter and its recipients in line with what came back. Whoever got an answer or a
/// report was sent to: that settles what was uncertain.
pub(crate) fn settle(write: &mut WriteTx<'_>, letter: SubmissionId) -> Result<()> {
    prove_sent(write, letter)?;
    let mut changed = 0;
    for (state, from) in [("bounced", "('accepted')"), ("replied", "('accepted', 'bounced')")] {
        changed += write
            .sql()
            .prepare_cached(&format!(
                "UPDATE submission_recipient SET state = ?2, code = coalesce(c.code, submission_recipient.code),
                    answer = coalesce(c.answer, submission_recipient.answer)
                 FROM submission_response c WHERE c.submission_id = ?1 AND c.state = ?2
                    AND c.email = submission_recipient.email AND submission_recipient.submission_id = ?1
                    AND submission_recipient.state IN {from}"
            ))
            .and_then(|mut s| s.execute((letter.0, state)))
            .map_err(sql)?;
    }
    let now = write.now().0;
    changed += write
        .sql()
        .prepare_cached(
            "UPDATE submission SET state = w.state, state_at = ?2 FROM (
                SELECT CASE
                    WHEN EXISTS (SELECT 1 FROM submission_response WHERE submission_id = ?1 AND state = 'replied')
                        THEN 'replied' ELSE 'bounced' END AS state) w
             WHERE id = ?1 AND submission.state IN ('accepted', 'bounced', 'replied') AND submission.state <> w.state
               AND EXISTS (SELECT 1 FROM submission_response WHERE submission_id = ?1)",
        )
        .and_then(|mut s| s.execute((letter.0, now)))
        .map_err(sql)?;
    if changed > 0 {
        write.changed(Noun::Submission, Some(letter));
    }
    Ok(())
}

/// A recipient of the last, uncertain try got the letter: then it was sent to all of that try.
fn prove_sent(write: &mut WriteTx<'_>, letter: SubmissionId) -> Result<()> {
    let proven = write
        .sql()
        .prepare_cached(
            "UPDATE submission_recipient SET state = 'accepted'
             WHERE submission_id = ?1 AND state IN ('uncertain', 'unsent')
               AND (SELECT state FROM submission WHERE id = ?1) IN ('uncertain', 'unsent', 'accepted')
               AND EXISTS (SELECT 1 FROM submission_response c JOIN submission_recipient r
                    ON r.submission_id = c.submission_id AND r.email = c.email
                    WHERE c.submission_id = ?1 AND r.state IN ('uncertain', 'unsent'))",
        )
        .and_then(|mut s| s.execute([letter.0]))
        .map_err(sql)?;
    if proven == 0 {
        return Ok(());
    }
    let now = write.now().0;
    write
        .sql()
        .execute(
            "UPDATE submission SET state = ?2, state_at = ?3, retry_at = NULL, error = NULL,
                file_at = CASE WHEN filed THEN NULL ELSE ?3 END WHERE id = ?1",
            (letter.0, SubmissionState::Accepted.as_str(), now),
        )
        .map_err(sql)?;
    draft::sent(write, letter)?;
    write.changed(Noun::Submission, Some(letter));
    Ok(())
}

/// True where some recipients were served, whatever came back since.
pub(crate) fn served(recipients: &[SubmissionRecipient]) -> bool {
    recipients
        .iter()
        .any(|r| matches!(r.state, SubmissionState::Accepted | SubmissionState::Bounced | SubmissionState::Replied))
}
