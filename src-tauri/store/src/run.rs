//! Bulk runs and the letters they are made of.

use crate::account::{json, to_json};
use crate::db::{Read, WriteTx};
use crate::error::sql;
use model::bulk::{BulkArgs, Run, RunRecipient, RunState};
use model::submission::SubmissionState;
use model::template::Template;
use model::{AccountId, BaseId, Error, ErrorCode, Noun, RecordId, Result, RunId, SubmissionId, TableId, Timestamp};
use rusqlite::{OptionalExtension, Row};

/// A run to begin.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// What was asked.
    pub args: BulkArgs,
    /// The template as it is now; later changes do not touch the run.
    pub template: Template,
    /// Record and recipient of each letter, in order.
    pub letters: Vec<(RecordId, String)>,
}

/// What is needed to make the next letters of a run.
#[derive(Clone, Debug)]
pub struct Making {
    /// What was asked.
    pub args: BulkArgs,
    /// The template as it was.
    pub template: Template,
    /// Letters looked at so far.
    pub made: u32,
    /// The next letters; empty where all are made.
    pub letters: Vec<(RecordId, String)>,
    /// The run's state.
    pub state: RunState,
}

fn state_name(state: RunState) -> &'static str {
    match state {
        RunState::Running => "running",
        RunState::Paused => "paused",
        RunState::Stopped => "stopped",
        RunState::Done => "done",
    }
}

fn state_of(name: &str) -> RunState {
    match name {
        "running" => RunState::Running,
        "stopped" => RunState::Stopped,
        "done" => RunState::Done,
        _ => RunState::Paused,
    }
}

const COLUMNS: &str =
    "r.id, r.state, r.base_id, r.table_id, json_extract(r.template, '$.name'), r.account_id, r.created_at,
    r.total, r.made, json_array_length(r.letters),
    count(s.id) FILTER (WHERE s.state IN ('accepted', 'replied')),
    count(s.id) FILTER (WHERE s.state IN ('refused', 'bounced', 'unsent')),
    count(s.id) FILTER (WHERE s.state = 'uncertain'),
    count(s.id) FILTER (WHERE s.state IN ('frozen', 'queued', 'claimed', 'handing_over')),
    count(s.id) FILTER (WHERE s.state = 'cancelled')";
const FROM: &str = "FROM run r LEFT JOIN submission s ON s.run_id = r.id";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Run> {
    let state = state_of(&row.get::<_, String>(1)?);
    let unmade = row.get::<_, u32>(9)?.saturating_sub(row.get::<_, u32>(8)?);
    let (uncertain, mut waiting): (u32, u32) = (row.get(12)?, row.get(13)?);
    let mut cancelled: u32 = row.get(14)?;
    if state == RunState::Stopped {
        cancelled += unmade;
    } else {
        waiting += unmade;
    }
    let state = if state == RunState::Running && waiting == 0 { RunState::Done } else { state };
    Ok(Run {
        id: RunId(row.get(0)?),
        state,
        base: BaseId(row.get(2)?),
        table: TableId(row.get(3)?),
        template: row.get(4)?,
        account: AccountId(row.get(5)?),
        created_at: Timestamp(row.get(6)?),
        total: row.get(7)?,
        accepted: row.get(10)?,
        failed: row.get(11)?,
        uncertain,
        waiting,
        cancelled,
        recipients: Vec::new(),
    })
}

/// All runs, newest first, without their letters.
pub fn list(read: &impl Read) -> Result<Vec<Run>> {
    let mut statement =
        read.sql().prepare_cached(&format!("SELECT {COLUMNS} {FROM} GROUP BY r.id ORDER BY r.id DESC")).map_err(sql)?;
    statement.query_map([], from_row).and_then(Iterator::collect).map_err(sql)
}

/// One run, without its letters.
pub fn get(read: &impl Read, id: RunId) -> Result<Run> {
    read.sql()
        .prepare_cached(&format!("SELECT {COLUMNS} {FROM} WHERE r.id = ?1 GROUP BY r.id"))
        .and_then(|mut s| s.query_row([id.0], from_row).optional())
        .map_err(sql)?
        .ok_or_else(|| Error::not_found("This run is no longer there."))
}

/// One run with its letters in order.
pub fn status(read: &impl Read, id: RunId) -> Result<Run> {
    let mut run = get(read, id)?;
    run.recipients = letters(read, id)?;
    Ok(run)
}

fn letters(read: &impl Read, id: RunId) -> Result<Vec<RunRecipient>> {
    let mut statement = read
        .sql()
        .prepare_cached(
            "SELECT l.record_id, r.email, s.id, s.state, coalesce(r.answer, s.answer, json_extract(s.error, '$.message'))
             FROM run_letter l JOIN submission s ON s.id = l.submission_id
             JOIN submission_recipient r ON r.submission_id = s.id AND lower(r.email) = l.recipient
             WHERE l.run_id = ?1 ORDER BY s.id",
        )
        .map_err(sql)?;
    statement
        .query_map([id.0], |r| {
            Ok(RunRecipient {
                record: RecordId(r.get(0)?),
                to: r.get(1)?,
                submission: SubmissionId(r.get(2)?),
                state: SubmissionState::parse(&r.get::<_, String>(3)?).unwrap_or(SubmissionState::Uncertain),
                answer: r.get(4)?,
            })
        })
        .and_then(Iterator::collect)
        .map_err(sql)
}

/// Begins a run.
pub fn insert(write: &mut WriteTx<'_>, new: &NewRun) -> Result<RunId> {
    let now = write.now().0;
    let letters: Vec<(i64, &str)> = new.letters.iter().map(|(record, to)| (record.0, to.as_str())).collect();
    write
        .sql()
        .execute(
            "INSERT INTO run (state, base_id, table_id, template, account_id, args, letters, total, created_at)
             VALUES ('running', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                &new.args.base.0,
                new.args.table.0,
                to_json(&new.template)?,
                new.args.account.0,
                to_json(&new.args)?,
                to_json(&letters)?,
                letters.len() as i64,
                now,
            ),
        )
        .map_err(sql)?;
    let id = RunId(write.sql().last_insert_rowid());
    write.changed(Noun::Run, Some(id));
    Ok(id)
}

/// What is needed to make the next `count` letters of a run.
pub fn making(read: &impl Read, id: RunId, count: u32) -> Result<Making> {
    let (args, template, made, letters, state) = read
        .sql()
        .query_row("SELECT args, template, made, letters, state FROM run WHERE id = ?1", [id.0], |r| {
            Ok((
                json::<BulkArgs>(r, 0)?,
                json::<Template>(r, 1)?,
                r.get::<_, u32>(2)?,
                json::<Vec<(i64, String)>>(r, 3)?.unwrap_or_default(),
                state_of(&r.get::<_, String>(4)?),
            ))
        })
        .map_err(sql)?;
    let (Some(args), Some(template)) = (args, template) else {
        return Err(Error::new(ErrorCode::Damaged, "This run can't be read; nothing more is sent for it."));
    };
    let letters = letters
        .into_iter()
        .skip(made as usize)
        .take(count as usize)
        .map(|(record, to)| (RecordId(record), to))
        .collect();
    Ok(Making { args, template, made, letters, state })
}

/// Letters up to `made` were looked at; `left_out` of these could not be made.
pub fn set_made(write: &mut WriteTx<'_>, id: RunId, made: u32, left_out: u32) -> Result<()> {
    write
        .sql()
        .execute("UPDATE run SET made = ?2, total = total - ?3 WHERE id = ?1", (id.0, made, left_out))
        .map_err(sql)?;
    write.changed(Noun::Run, Some(id));
    Ok(())
}

/// How many letters of a run were looked at, and its state: what a maker checks inside its own
/// transaction before it adds letters.
pub fn made(read: &impl Read, id: RunId) -> Result<(u32, RunState)> {
    read.sql()
        .query_row("SELECT made, state FROM run WHERE id = ?1", [id.0], |r| {
            Ok((r.get(0)?, state_of(&r.get::<_, String>(1)?)))
        })
        .map_err(sql)
}

/// Runs of an account whose letters are not all made.
pub fn unfinished(read: &impl Read, account: AccountId) -> Result<Vec<RunId>> {
    let mut statement = read
        .sql()
        .prepare_cached(
            "SELECT id FROM run WHERE account_id = ?1 AND state IN ('running', 'paused') AND made < json_array_length(letters)",
        )
        .map_err(sql)?;
    statement.query_map([account.0], |r| r.get(0).map(RunId)).and_then(Iterator::collect).map_err(sql)
}

/// Pauses, resumes or stops a run, and its letters with it: paused ones are held, stopped ones
/// cancelled; what the outbox is handing over stays as it is.
///
/// # Errors
/// `Conflict` where the run was stopped.
pub fn set_state(write: &mut WriteTx<'_>, id: RunId, state: RunState) -> Result<()> {
    let before = get(write, id)?;
    if before.state == RunState::Stopped {
        return Err(Error::new(ErrorCode::Conflict, "This run was stopped.").remedy("Begin a new one."));
    }
    let now = write.now().0;
    let tx = write.sql();
    tx.execute("UPDATE run SET state = ?2 WHERE id = ?1", (id.0, state_name(state))).map_err(sql)?;
    let sql_of_letters = match state {
        RunState::Paused => {
            "UPDATE submission SET state = 'frozen', state_at = ?2 WHERE run_id = ?1 AND state = 'queued'"
        }
        RunState::Running => {
            "UPDATE submission SET state = 'queued', state_at = ?2, error = NULL, send_at = max(send_at, ?2)
             WHERE run_id = ?1 AND state = 'frozen'"
        }
        RunState::Stopped => {
            tx.execute(
                "UPDATE submission_recipient SET state = 'cancelled' WHERE state = 'queued'
                 AND submission_id IN (SELECT id FROM submission WHERE run_id = ?1 AND state IN ('queued', 'frozen'))",
                [id.0],
            )
            .map_err(sql)?;
            "UPDATE submission SET state = 'cancelled', state_at = ?2, retry_at = NULL
             WHERE run_id = ?1 AND state IN ('queued', 'frozen')"
        }
        RunState::Done => "UPDATE submission SET state = state WHERE run_id = ?1 AND ?2 < 0",
    };
    tx.execute(sql_of_letters, (id.0, now)).map_err(sql)?;
    write.changed(Noun::Run, Some(id));
    write.changed(Noun::Submission, None::<i64>);
    Ok(())
}

/// A letter whose outcome its record may not show yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The letter.
    pub submission: SubmissionId,
    /// Its record.
    pub record: RecordId,
    /// Where it stands.
    pub state: SubmissionState,
    /// Since when.
    pub state_at: Timestamp,
    /// Message-ID without angle brackets.
    pub message_id: String,
}

/// Letters of a run whose state changed at or after `since`, as write-back needs them.
pub fn outcomes(read: &impl Read, id: RunId, since: Timestamp) -> Result<Vec<Written>> {
    let mut statement = read
        .sql()
        .prepare_cached(
            "SELECT id, record_id, state, state_at, message_id FROM submission WHERE run_id = ?1 AND state_at >= ?2 ORDER BY id",
        )
        .map_err(sql)?;
    statement
        .query_map((id.0, since.0), |r| {
            Ok(Written {
                submission: SubmissionId(r.get(0)?),
                record: RecordId(r.get(1)?),
                state: SubmissionState::parse(&r.get::<_, String>(2)?).unwrap_or(SubmissionState::Uncertain),
                state_at: Timestamp(r.get(3)?),
                message_id: r.get(4)?,
            })
        })
        .and_then(Iterator::collect)
        .map_err(sql)
}

/// Runs of an account whose outcomes are written back and may still change, or did lately.
pub fn written_back(read: &impl Read, account: AccountId) -> Result<Vec<RunId>> {
    let mut statement = read
        .sql()
        .prepare_cached(
            "SELECT id FROM run WHERE account_id = ?1 AND json_extract(args, '$.write_back') ORDER BY id DESC LIMIT 20",
        )
        .map_err(sql)?;
    statement.query_map([account.0], |r| r.get(0).map(RunId)).and_then(Iterator::collect).map_err(sql)
}
