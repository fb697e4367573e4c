//! What the outbox does with the ledger: claims, phases, outcomes. Evidence and the Sent copy are in
//! [`crate::errand`].
//!
//! Every function here is one edge of the state machine of docs/architecture.md, section 5. An edge
//! that starts from the wrong state changes nothing and says so: a letter taken back while it was
//! being claimed can't be handed over.

use crate::content::ContentHash;
use crate::db::{Read, WriteTx};
use crate::draft;
use crate::error::sql;
use crate::response;
use crate::submission::error_json;
use model::submission::SubmissionState;
use model::{AccountId, Error, ErrorCode, MessageId, Noun, Result, SubmissionId, Timestamp};
use rusqlite::{OptionalExtension, params};

/// A letter the outbox works on.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its id.
    pub id: SubmissionId,
    /// Envelope sender.
    pub from: String,
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// The frozen bytes.
    pub content: ContentHash,
    /// Recipients still to be served.
    pub recipients: Vec<String>,
    /// Those of them that stand in no header.
    pub bcc: Vec<String>,
    /// The provider's conversation.
    pub provider_thread: Option<String>,
    /// What an earlier try left at the provider.
    pub provider_ref: Option<String>,
    /// Tries, this one included.
    pub attempts: u32,
    /// When it was to go out.
    pub send_at: Timestamp,
}

/// What the server said of one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Address.
    pub email: String,
    /// Accepted, refused for good, or (`None`) to be tried later.
    pub accepted: Option<bool>,
    /// SMTP reply code.
    pub code: Option<u16>,
    /// The server's words.
    pub answer: String,
}

/// The lane may work at all: neither the account nor its outbox is paused.
const FREE: &str = "EXISTS (SELECT 1 FROM account WHERE id = ?1 AND paused = 0 AND outbox_paused = 0)";
/// Runs with letters that wait, and when their pace allows the next one.
const RUNS: &str = "SELECT r.id, r.active_at + 1000 * coalesce(json_extract(r.args, '$.pace_seconds'), 0) AS free_at
    FROM run r WHERE r.account_id = ?1 AND EXISTS
        (SELECT 1 FROM submission s WHERE s.account_id = ?1 AND s.state = 'queued' AND s.run_id = r.id)
    ORDER BY r.active_at, r.id";

type Row = (Claim, Vec<u8>, Option<i64>);

/// The first due letter of a run, or of nobody's.
fn due(read: &impl Read, account: AccountId, run: Option<i64>, now: i64) -> Result<Option<Row>> {
    read.sql()
        .prepare_cached(
            "SELECT id, from_email, message_id, content, provider_thread, provider_ref, attempts, send_at, run_id
             FROM submission WHERE account_id = ?1 AND state = 'queued' AND run_id IS ?3
               AND send_at <= ?2 AND coalesce(retry_at, 0) <= ?2 ORDER BY send_at, id LIMIT 1",
        )
        .and_then(|mut s| {
            s.query_row((account.0, now, run), |r| {
                Ok((
                    Claim {
                        id: SubmissionId(r.get(0)?),
                        from: r.get(1)?,
                        message_id: r.get(2)?,
                        content: ContentHash([0; 32]),
                        recipients: Vec::new(),
                        bcc: Vec::new(),
                        provider_thread: r.get(4)?,
                        provider_ref: r.get(5)?,
                        attempts: r.get::<_, u32>(6)? + 1,
                        send_at: Timestamp(r.get(7)?),
                    },
                    r.get::<_, Vec<u8>>(3)?,
                    r.get::<_, Option<i64>>(8)?,
                ))
            })
            .optional()
        })
        .map_err(sql)
}

fn free(read: &impl Read, account: AccountId) -> Result<bool> {
    read.sql()
        .prepare_cached(&format!("SELECT {FREE}"))
        .and_then(|mut s| s.query_row([account.0], |r| r.get(0)))
        .map_err(sql)
}

/// Runs with letters that wait, the one that rested longest first, and when each may go on.
fn runs(read: &impl Read, account: AccountId) -> Result<Vec<(i64, i64)>> {
    read.sql()
        .prepare_cached(RUNS)
        .and_then(|mut s| s.query_map([account.0], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .map_err(sql)
}

/// Claims the next due letter of an account: people's own letters before those of a run, runs in
/// turn, each at its pace.
pub fn claim(write: &mut WriteTx<'_>, account: AccountId) -> Result<Option<Claim>> {
    let now = write.now().0;
    if !free(write, account)? {
        return Ok(None);
    }
    let mut found = due(write, account, None, now)?;
    if found.is_none() {
        for (run, free_at) in runs(write, account)? {
            if free_at <= now {
                found = due(write, account, Some(run), now)?;
            }
            if found.is_some() {
                break;
            }
        }
    }
    let tx = write.sql();
    let Some((mut claim, hash, run)) = found else { return Ok(None) };
    claim.content = ContentHash::from_row(&hash).ok_or_else(|| Error::internal("a letter has no bytes"))?;
    let mut statement = tx
        .prepare_cached(
            "SELECT email, kind FROM submission_recipient WHERE submission_id = ?1 AND state = 'queued' ORDER BY email",
        )
        .map_err(sql)?;
    let rows =
        statement.query_map([claim.id.0], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?))).map_err(sql)?;
    for row in rows {
        let (email, kind) = row.map_err(sql)?;
        if kind == "bcc" {
            claim.bcc.push(email.clone());
        }
        claim.recipients.push(email);
    }
    drop(statement);
    tx.execute(
        "UPDATE submission SET state = 'claimed', state_at = ?2, attempts = attempts + 1, retry_at = NULL WHERE id = ?1",
        (claim.id.0, now),
    )
    .map_err(sql)?;
    if let Some(run) = run {
        tx.execute("UPDATE run SET active_at = ?2 WHERE id = ?1", (run, now)).map_err(sql)?;
    }
    write.changed(Noun::Submission, Some(claim.id));
    Ok(Some(claim))
}

/// When the next letter of an account is due; `None` where nothing waits or the lane is paused.
pub fn next_due_at(read: &impl Read, account: AccountId) -> Result<Option<Timestamp>> {
    if !free(read, account)? {
        return Ok(None);
    }
    let first = |run: Option<i64>| {
        read.sql()
            .prepare_cached(
                "SELECT min(max(send_at, coalesce(retry_at, 0))) FROM submission
                 WHERE account_id = ?1 AND state = 'queued' AND run_id IS ?2",
            )
            .and_then(|mut s| s.query_row((account.0, run), |r| r.get::<_, Option<i64>>(0)))
            .map_err(sql)
    };
    let mut next = first(None)?;
    for (run, free_at) in runs(read, account)? {
        if let Some(at) = first(Some(run))? {
            next = Some(next.unwrap_or(i64::MAX).min(at.max(free_at)));
        }
    }
    Ok(next.map(Timestamp))
}

fn edge(write: &mut WriteTx<'_>, changed: usize, id: SubmissionId) -> Result<()> {
    if changed == 0 {
        return Err(Error::new(ErrorCode::Conflict, "The letter was taken back meanwhile."));
    }
    write.changed(Noun::Submission, Some(id));
    Ok(())
}

/// The irreversible step begins now. Written durably before it does.
///
/// # Errors
/// `Conflict` where the letter is not claimed: then the step must not be taken.
pub fn handing_over(write: &mut WriteTx<'_>, id: SubmissionId) -> Result<()> {
    let now = write.now().0;
    let changed = write
        .sql()
        .execute(
            "UPDATE submission SET state = 'handing_over', state_at = ?2 WHERE id = ?1 AND state = 'claimed'",
            (id.0, now),
        )
        .map_err(sql)?;
    edge(write, changed, id)
}

/// Keeps what a later try needs to know of this one.
pub fn set_provider_ref(write: &mut WriteTx<'_>, id: SubmissionId, value: &str) -> Result<()> {
    write.sql().execute("UPDATE submission SET provider_ref = ?2 WHERE id = ?1", (id.0, value)).map_err(sql)?;
    Ok(())
}

/// A letter went out under another Message-ID than ours: what comes back names that one.
pub fn sent_as(write: &mut WriteTx<'_>, id: SubmissionId, message_id: &str) -> Result<()> {
    write
        .sql()
        .execute("UPDATE submission SET sent_message_id = ?2 WHERE id = ?1 AND message_id <> ?2", (id.0, message_id))
        .map_err(sql)?;
    write.changed(Noun::Submission, Some(id));
    Ok(())
}

/// What came of a try that the server answered.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// One entry a recipient that was tried.
    pub outcomes: Vec<Outcome>,
    /// The answer to the whole letter.
    pub answer: String,
    /// The provider's id.
    pub provider_ref: Option<String>,
    /// When recipients without a decision are tried again; `None` gives them up.
    pub retry_at: Option<Timestamp>,
    /// Why not all recipients got it.
    pub error: Option<Error>,
    /// The provider files the Sent copy by itself.
    pub filed: bool,
}

/// Records the server's answer. The letter is accepted if anybody has it, queued if somebody is to
/// be tried again, refused otherwise.
pub fn answered(write: &mut WriteTx<'_>, id: SubmissionId, done: &Answered) -> Result<SubmissionState> {
    for outcome in &done.outcomes {
        let state = match (outcome.accepted, done.retry_at) {
            (Some(true), _) => "accepted",
            (Some(false), _) | (None, None) => "refused",
            (None, Some(_)) => "queued",
        };
        write
            .sql()
            .execute(
                "UPDATE submission_recipient SET state = ?3, code = ?4, answer = ?5
                 WHERE submission_id = ?1 AND email = ?2 AND state = 'queued'",
                params![id.0, outcome.email, state, outcome.code, outcome.answer],
            )
            .map_err(sql)?;
    }
    if done.retry_at.is_none() {
        write
            .sql()
            .execute(
                "UPDATE submission_recipient SET state = 'refused' WHERE submission_id = ?1 AND state = 'queued'",
                [id.0],
            )
            .map_err(sql)?;
    }
    let (served, waiting): (bool, bool) = write
        .sql()
        .query_row(
            "SELECT coalesce(max(state IN ('accepted', 'bounced', 'replied')), 0), coalesce(max(state = 'queued'), 0)
             FROM submission_recipient WHERE submission_id = ?1",
            [id.0],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )
        .map_err(sql)?;
    let state = match (waiting, served) {
        (true, _) => SubmissionState::Queued,
        (false, true) => SubmissionState::Accepted,
        (false, false) => SubmissionState::Refused,
    };
    let now = write.now().0;
    let changed = write
        .sql()
        .execute(
            "UPDATE submission SET state = ?2, state_at = ?3, retry_at = ?4, answer = ?5, error = ?6,
                    provider_ref = coalesce(?7, provider_ref), filed = max(filed, ?8 AND ?9),
                    file_at = CASE WHEN ?8 AND NOT ?9 AND NOT filed THEN ?3 ELSE file_at END
             WHERE id = ?1 AND state IN ('claimed', 'handing_over')",
            params![
                id.0,
                state.as_str(),
                now,
                done.retry_at.filter(|_| waiting).map(|t| t.0),
                done.answer,
                error_json(done.error.as_ref())?,
                done.provider_ref,
                served,
                done.filed
            ],
        )
        .map_err(sql)?;
    edge(write, changed, id)?;
    if state == SubmissionState::Accepted {
        draft::sent(write, id)?;
    }
    // Something may have come back before the answer was recorded.
    response::settle(write, id)?;
    Ok(state)
}

/// Nothing irreversible happened: the letter waits for another try.
pub fn put_back(write: &mut WriteTx<'_>, id: SubmissionId, retry_at: Timestamp, error: &Error) -> Result<()> {
    let now = write.now().0;
    let changed = write
        .sql()
        .execute(
            "UPDATE submission SET state = 'queued', state_at = ?2, retry_at = ?3, error = ?4
             WHERE id = ?1 AND state IN ('claimed', 'handing_over')",
            params![id.0, now, retry_at.0, error_json(Some(error))?],
        )
        .map_err(sql)?;
    edge(write, changed, id)
}

/// The step was begun and no answer came: nobody knows. Evidence is first sought at `search_at`.
pub fn uncertain(write: &mut WriteTx<'_>, id: SubmissionId, search_at: Timestamp, error: &Error) -> Result<()> {
    let now = write.now().0;
    write
        .sql()
        .execute(
            "UPDATE submission_recipient SET state = 'uncertain' WHERE submission_id = ?1 AND state = 'queued'",
            [id.0],
        )
        .map_err(sql)?;
    let changed = write
        .sql()
        .execute(
            "UPDATE submission SET state = 'uncertain', state_at = ?2, evidence = 0, retry_at = ?3, error = ?4
             WHERE id = ?1 AND state IN ('claimed', 'handing_over')",
            params![id.0, now, search_at.0, error_json(Some(error))?],
        )
        .map_err(sql)?;
    edge(write, changed, id)
}

/// After a process died: what it had only claimed is queued again, what it was handing over is
/// uncertain. Call it while holding the lane's lock. Gives how many of each.
pub fn recover(write: &mut WriteTx<'_>, account: AccountId, error: &Error) -> Result<(u32, u32)> {
    let (mut queued, mut lost) = (0, 0);
    let rows: Vec<(i64, String)> = write
        .sql()
        .prepare("SELECT id, state FROM submission WHERE account_id = ?1 AND state IN ('claimed', 'handing_over')")
        .and_then(|mut s| s.query_map([account.0], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .map_err(sql)?;
    for (id, state) in rows {
        let id = SubmissionId(id);
        if state == "claimed" {
            let now = write.now().0;
            write
                .sql()
                .execute("UPDATE submission SET state = 'queued', state_at = ?2 WHERE id = ?1", (id.0, now))
                .map_err(sql)?;
            write.changed(Noun::Submission, Some(id));
            queued += 1;
        } else {
            let now = write.now();
            uncertain(write, id, now, error)?;
            lost += 1;
        }
    }
    Ok((queued, lost))
}

/// Holds every queued letter of an account, with the reason.
pub fn hold_all(write: &mut WriteTx<'_>, account: AccountId, error: &Error) -> Result<u32> {
    hold(write, "account_id = ?1 AND state = 'queued' AND ?2 = ?2", account, Timestamp(0), error)
}

/// Holds letters that were to go out before `before` and were never tried, and runs that stood
/// still since then, with the reason. A lane that somebody paused is late by their own will.
pub fn hold_missed(write: &mut WriteTx<'_>, account: AccountId, before: Timestamp, error: &Error) -> Result<u32> {
    write
        .sql()
        .execute(
            "UPDATE run SET state = 'paused' WHERE account_id = ?1 AND state = 'running' AND max(active_at, created_at) < ?2
               AND EXISTS (SELECT 1 FROM account a WHERE a.id = ?1 AND a.paused = 0 AND a.outbox_paused = 0)
               AND EXISTS (SELECT 1 FROM submission WHERE run_id = run.id AND state = 'queued')",
            (account.0, before.0),
        )
        .map_err(sql)?;
    hold(
        write,
        "account_id = ?1 AND state = 'queued' AND attempts = 0 AND send_at < ?2
         AND EXISTS (SELECT 1 FROM account a WHERE a.id = ?1 AND a.paused = 0 AND a.outbox_paused = 0)
         AND coalesce((SELECT max(r.active_at, r.created_at) FROM run r WHERE r.id = run_id), 0) < ?2",
        account,
        before,
        error,
    )
}

fn hold(write: &mut WriteTx<'_>, which: &str, account: AccountId, before: Timestamp, error: &Error) -> Result<u32> {
    let now = write.now().0;
    let changed = write
        .sql()
        .execute(
            &format!("UPDATE submission SET state = 'frozen', state_at = ?3, error = ?4 WHERE {which}"),
            params![account.0, before.0, now, error_json(Some(error))?],
        )
        .map_err(sql)?;
    if changed > 0 {
        write.changed(Noun::Submission, None::<i64>);
        write.changed(Noun::Run, None::<i64>);
    }
    Ok(changed as u32)
}

/// Says why the due letters of an account wait.
pub fn say_why(write: &mut WriteTx<'_>, account: AccountId, error: &Error) -> Result<()> {
    let now = write.now().0;
    write
        .sql()
        .execute(
            "UPDATE submission SET error = ?3 WHERE account_id = ?1 AND state = 'queued' AND send_at <= ?2",
            params![account.0, now, error_json(Some(error))?],
        )
        .map_err(sql)?;
    write.changed(Noun::Submission, None::<i64>);
    Ok(())
}

/// Makes letters due at once that wait for one of these reasons.
pub fn release(write: &mut WriteTx<'_>, account: AccountId, codes: &[ErrorCode]) -> Result<u32> {
    let mut released = 0;
    for code in codes {
        released += write
            .sql()
            .execute(
                "UPDATE submission SET retry_at = NULL, error = NULL
                 WHERE account_id = ?1 AND state = 'queued' AND json_extract(error, '$.code') = ?2",
                (account.0, code.as_str()),
            )
            .map_err(sql)?;
    }
    if released > 0 {
        write.changed(Noun::Submission, None::<i64>);
    }
    Ok(released as u32)
}

/// The message a letter answers or forwards, and which of both.
pub fn original(read: &impl Read, id: SubmissionId) -> Result<Option<(MessageId, bool)>> {
    read.sql()
        .query_row(
            "SELECT original, original_kind = 'forward' FROM submission WHERE id = ?1 AND original IS NOT NULL AND original_kind IS NOT NULL",
            [id.0],
            |r| Ok((MessageId(r.get(0)?), r.get(1)?)),
        )
        .optional()
        .map_err(sql)
}

/// The user asked for a waiting letter to be tried now: a due letter without a reason to wait.
pub fn asked_for(read: &impl Read, account: AccountId, now: Timestamp) -> Result<bool> {
    read.sql()
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM submission WHERE account_id = ?1 AND state = 'queued'
                AND send_at <= ?2 AND retry_at IS NULL AND error IS NULL AND attempts > 0)",
            (account.0, now.0),
            |r| r.get(0),
        )
        .map_err(sql)
}
