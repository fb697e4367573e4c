//! The send ledger as people see it and act on it. What the outbox does with it is in [`crate::lane`].

use crate::account::{json, to_json};
use crate::content::ContentHash;
use crate::db::{Read, WriteTx};
use crate::error::sql;
use crate::{draft, response};
use model::message::Address;
use model::submission::{Submission, SubmissionListArgs, SubmissionPage, SubmissionRecipient, SubmissionState};
use model::{
    AccountId, BaseId, DraftId, Error, ErrorCode, MessageId, Noun, RecordId, Result, RunId, SubmissionId, TableId,
    Timestamp,
};
use rusqlite::{OptionalExtension, Row, params};

/// How an envelope recipient is addressed in the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecipientKind {
    /// In To.
    To,
    /// In Cc.
    Cc,
    /// Nowhere: blind.
    Bcc,
}

impl RecipientKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::To => "to",
            Self::Cc => "cc",
            Self::Bcc => "bcc",
        }
    }
}

/// The record a letter of a run was written for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForRecord {
    /// The run.
    pub run: RunId,
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The record.
    pub record: RecordId,
}

/// A letter to be frozen; its bytes are in content.db already.
#[derive(Clone, Debug)]
pub struct NewSubmission {
    /// The account that sends.
    pub account_id: AccountId,
    /// Sender.
    pub from: Address,
    /// Subject.
    pub subject: String,
    /// Message-ID, without angle brackets.
    pub message_id: String,
    /// The frozen bytes.
    pub content: ContentHash,
    /// How many.
    pub size: u64,
    /// Not before.
    pub send_at: Timestamp,
    /// Everybody it goes to; a second mention of an address is left out.
    pub recipients: Vec<(String, RecipientKind)>,
    /// The message it answers or forwards, and the name of the draft's kind.
    pub original: Option<(MessageId, &'static str)>,
    /// The provider's conversation.
    pub provider_thread: Option<String>,
    /// The record it was written for.
    pub record: Option<ForRecord>,
    /// Made, but not released (its run is paused).
    pub held: bool,
}

const COLUMNS: &str = "id, account_id, state, from_name, from_email, subject, message_id, created_at, send_at,
    state_at, attempts, retry_at, answer, error, filed, run_id, size, sent_message_id";

/// States in which a letter still waits or needs somebody.
const OPEN: &str = "(state IN ('frozen', 'queued', 'claimed', 'handing_over', 'uncertain')
    OR (state = 'refused' AND run_id IS NULL))";

fn state_of(name: &str) -> SubmissionState {
    // A word no version knows would be shown rather than sent again.
    SubmissionState::parse(name).unwrap_or(SubmissionState::Uncertain)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Submission> {
    Ok(Submission {
        id: SubmissionId(row.get(0)?),
        account_id: AccountId(row.get(1)?),
        state: state_of(&row.get::<_, String>(2)?),
        from: Address { name: row.get(3)?, email: row.get(4)? },
        subject: row.get(5)?,
        message_id: row.get(6)?,
        recipients: Vec::new(),
        created_at: Timestamp(row.get(7)?),
        send_at: Timestamp(row.get(8)?),
        state_at: Timestamp(row.get(9)?),
        attempts: row.get(10)?,
        retry_at: row.get::<_, Option<i64>>(11)?.map(Timestamp),
        answer: row.get(12)?,
        error: json(row, 13)?,
        filed: row.get(14)?,
        run_id: row.get::<_, Option<i64>>(15)?.map(RunId),
        size: row.get::<_, i64>(16)? as u64,
        sent_message_id: row.get(17)?,
    })
}

/// Everybody a letter goes to: To, Cc, Bcc.
pub fn recipients(read: &impl Read, id: SubmissionId) -> Result<Vec<SubmissionRecipient>> {
    let mut statement = read
        .sql()
        .prepare_cached(
            "SELECT email, state, code, answer FROM submission_recipient WHERE submission_id = ?1
             ORDER BY CASE kind WHEN 'to' THEN 0 WHEN 'cc' THEN 1 ELSE 2 END, email",
        )
        .map_err(sql)?;
    statement
        .query_map([id.0], |r| {
            Ok(SubmissionRecipient {
                email: r.get(0)?,
                state: state_of(&r.get::<_, String>(1)?),
                code: r.get(2)?,
                answer: r.get(3)?,
            })
        })
        .and_then(Iterator::collect)
        .map_err(sql)
}

/// One letter.
pub fn get(read: &impl Read, id: SubmissionId) -> Result<Submission> {
    let mut submission = read
        .sql()
        .prepare_cached(&format!("SELECT {COLUMNS} FROM submission WHERE id = ?1"))
        .and_then(|mut s| s.query_row([id.0], from_row).optional())
        .map_err(sql)?
        .ok_or_else(|| Error::not_found("This letter is no longer in the outbox."))?;
    submission.recipients = recipients(read, id)?;
    Ok(submission)
}

/// A page of the ledger, newest first.
pub fn list(read: &impl Read, args: &SubmissionListArgs) -> Result<SubmissionPage> {
    let limit = if args.limit == 0 { 200 } else { args.limit.min(1000) };
    let scope = format!(
        "(?1 IS NULL OR account_id = ?1) AND (?2 IS NULL OR run_id = ?2) AND {}",
        if args.open { OPEN } else { "TRUE" }
    );
    let (account, run) = (args.account_id.map(|a| a.0), args.run_id.map(|r| r.0));
    let tx = read.sql();
    let total = tx
        .query_row(&format!("SELECT count(*) FROM submission WHERE {scope}"), (account, run), |r| r.get(0))
        .map_err(sql)?;
    let open = tx.query_row(&format!("SELECT count(*) FROM submission WHERE {OPEN}"), [], |r| r.get(0)).map_err(sql)?;
    let mut statement = tx
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM submission WHERE {scope} ORDER BY created_at DESC, id DESC LIMIT ?3 OFFSET ?4"
        ))
        .map_err(sql)?;
    let mut rows: Vec<Submission> =
        statement.query_map((account, run, limit, args.offset), from_row).and_then(Iterator::collect).map_err(sql)?;
    for row in &mut rows {
        row.recipients = recipients(read, row.id)?;
    }
    Ok(SubmissionPage { total, open, paused: paused(read)?, rows })
}

fn paused(read: &impl Read) -> Result<Vec<AccountId>> {
    let mut statement =
        read.sql().prepare_cached("SELECT id FROM account WHERE outbox_paused ORDER BY position, id").map_err(sql)?;
    statement.query_map([], |r| r.get(0).map(AccountId)).and_then(Iterator::collect).map_err(sql)
}

/// Puts a frozen letter into the ledger.
///
/// # Errors
/// `Conflict` where its run has a letter for this record and recipient already.
pub fn insert(write: &mut WriteTx<'_>, new: &NewSubmission) -> Result<SubmissionId> {
    let now = write.now().0;
    let (original, original_kind) = new.original.map_or((None, None), |(id, kind)| (Some(id.0), Some(kind)));
    let tx = write.sql();
    tx.prepare_cached(
        "INSERT INTO submission (account_id, state, from_name, from_email, subject, message_id, content, size,
                                 created_at, send_at, state_at, original, original_kind, provider_thread,
                                 run_id, base_id, table_id, record_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?9, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )
    .and_then(|mut s| {
        s.execute(params![
            new.account_id.0,
            if new.held { "frozen" } else { "queued" },
            new.from.name,
            new.from.email,
            new.subject,
            new.message_id,
            new.content.0.as_slice(),
            new.size as i64,
            now,
            new.send_at.0,
            original,
            original_kind,
            new.provider_thread,
            new.record.as_ref().map(|r| r.run.0),
            new.record.as_ref().map(|r| &r.base.0),
            new.record.as_ref().map(|r| r.table.0),
            new.record.as_ref().map(|r| r.record.0),
        ])
    })
    .map_err(sql)?;
    let id = SubmissionId(tx.last_insert_rowid());
    for (email, kind) in &new.recipients {
        tx.prepare_cached(
            "INSERT OR IGNORE INTO submission_recipient (submission_id, email, kind, state) VALUES (?1, ?2, ?3, 'queued')",
        )
        .and_then(|mut s| s.execute((id.0, email, kind.as_str())))
        .map_err(sql)?;
        if let Some(record) = &new.record {
            let fresh = tx
                .prepare_cached(
                    "INSERT OR IGNORE INTO run_letter (run_id, record_id, recipient, submission_id) VALUES (?1, ?2, ?3, ?4)",
                )
                .and_then(|mut s| s.execute((record.run.0, record.record.0, email.to_lowercase(), id.0)))
                .map_err(sql)?;
            if fresh == 0 {
                return Err(Error::new(ErrorCode::Conflict, "This run has a letter for this record already."));
            }
        }
    }
    write.changed(Noun::Submission, Some(id));
    Ok(id)
}

/// Takes a letter back that nobody got; gives the draft it was made from. Where some recipients
/// have it already, only the others are cancelled, and no draft comes back.
///
/// # Errors
/// `Conflict` where it is being handed over, was sent, or may have been.
pub fn cancel(write: &mut WriteTx<'_>, id: SubmissionId) -> Result<Option<DraftId>> {
    let letter = get(write, id)?;
    match letter.state {
        SubmissionState::Frozen | SubmissionState::Queued | SubmissionState::Refused | SubmissionState::Unsent => {}
        SubmissionState::Cancelled => return Ok(None),
        SubmissionState::Uncertain => {
            return Err(Error::new(ErrorCode::Conflict, "This letter may have been sent.")
                .remedy("Look whether it arrived, and tell the outbox."));
        }
        _ => return Err(Error::new(ErrorCode::Conflict, "This letter is on its way already.")),
    }
    let served = response::served(&letter.recipients);
    let now = write.now().0;
    write
        .sql()
        .execute(
            "UPDATE submission_recipient SET state = 'cancelled' WHERE submission_id = ?1 AND state IN ('queued', 'refused', 'unsent')",
            [id.0],
        )
        .map_err(sql)?;
    write
        .sql()
        .execute(
            "UPDATE submission SET state = ?2, state_at = ?3, retry_at = NULL, error = NULL WHERE id = ?1",
            (id.0, if served { "accepted" } else { "cancelled" }, now),
        )
        .map_err(sql)?;
    write.changed(Noun::Submission, Some(id));
    if served {
        draft::sent(write, id)?;
        response::settle(write, id)?;
        return Ok(None);
    }
    draft::thaw(write, id)
}

/// Queues a letter again that waits, was refused, or was not sent, for the recipients that have not
/// got it. A letter that waited for its time is sent now. What came back was handed over once: it is
/// not sent again under the same Message-ID, whose copies would prove nothing any more.
///
/// # Errors
/// `Conflict` where it was sent to all, or nobody knows whether it was.
pub fn retry(write: &mut WriteTx<'_>, id: SubmissionId) -> Result<()> {
    let letter = get(write, id)?;
    let again = letter
        .recipients
        .iter()
        .any(|r| matches!(r.state, SubmissionState::Refused | SubmissionState::Unsent | SubmissionState::Cancelled));
    match letter.state {
        SubmissionState::Frozen | SubmissionState::Queued => {}
        SubmissionState::Refused
        | SubmissionState::Unsent
        | SubmissionState::Accepted
        | SubmissionState::Replied
        | SubmissionState::Bounced
            if again => {}
        SubmissionState::Uncertain => {
            return Err(Error::new(
                ErrorCode::Conflict,
                "This letter may have been sent; sending it again could double it.",
            )
            .remedy("Look whether it arrived, tell the outbox that it was not sent, then try again."));
        }
        _ => return Err(Error::new(ErrorCode::Conflict, "There is nothing to try again with this letter.")),
    }
    let now = write.now().0;
    write
        .sql()
        .execute(
            "UPDATE submission_recipient SET state = 'queued', code = NULL, answer = NULL
             WHERE submission_id = ?1 AND state IN ('refused', 'unsent', 'cancelled')",
            [id.0],
        )
        .map_err(sql)?;
    write
        .sql()
        .execute(
            "UPDATE submission SET state = 'queued', state_at = ?2, send_at = ?2, retry_at = NULL, error = NULL WHERE id = ?1",
            (id.0, now),
        )
        .map_err(sql)?;
    write.changed(Noun::Submission, Some(id));
    Ok(())
}

/// The user says what became of an uncertain letter.
///
/// # Errors
/// `Conflict` where it is not uncertain.
pub fn settle(write: &mut WriteTx<'_>, id: SubmissionId, sent: bool) -> Result<()> {
    if get(write, id)?.state != SubmissionState::Uncertain {
        return Err(Error::new(ErrorCode::Conflict, "It is known what became of this letter."));
    }
    set_uncertain(write, id, if sent { SubmissionState::Accepted } else { SubmissionState::Unsent })?;
    let now = write.now().0;
    if sent {
        write
            .sql()
            .execute("UPDATE submission SET file_at = ?2 WHERE id = ?1 AND NOT filed", (id.0, now))
            .map_err(sql)?;
    } else {
        // Others may have got it in an earlier try: then it was sent, to them.
        let served = write
            .sql()
            .execute(
                "UPDATE submission SET state = 'accepted' WHERE id = ?1 AND EXISTS
                 (SELECT 1 FROM submission_recipient WHERE submission_id = ?1
                    AND state IN ('accepted', 'bounced', 'replied'))",
                [id.0],
            )
            .map_err(sql)?;
        if served > 0 {
            draft::sent(write, id)?;
            response::settle(write, id)?;
        }
    }
    Ok(())
}

/// Ends an uncertainty.
pub(crate) fn set_uncertain(write: &mut WriteTx<'_>, id: SubmissionId, state: SubmissionState) -> Result<()> {
    let now = write.now().0;
    write
        .sql()
        .execute(
            "UPDATE submission_recipient SET state = ?2 WHERE submission_id = ?1 AND state = 'uncertain'",
            (id.0, state.as_str()),
        )
        .and_then(|_| {
            write.sql().execute(
                "UPDATE submission SET state = ?2, state_at = ?3, retry_at = NULL, error = NULL WHERE id = ?1",
                (id.0, state.as_str(), now),
            )
        })
        .map_err(sql)?;
    write.changed(Noun::Submission, Some(id));
    if state == SubmissionState::Accepted {
        draft::sent(write, id)?;
        response::settle(write, id)?;
    }
    Ok(())
}

/// Pauses the lane of one account, or of all.
pub fn pause(write: &mut WriteTx<'_>, account: Option<AccountId>) -> Result<()> {
    write
        .sql()
        .execute("UPDATE account SET outbox_paused = 1 WHERE ?1 IS NULL OR id = ?1", [account.map(|a| a.0)])
        .map_err(sql)?;
    write.changed(Noun::Submission, None::<i64>);
    write.changed(Noun::Account, account);
    Ok(())
}

/// Lets the lane of one account go on, or of all. What came due meanwhile goes out now, at the
/// user's word, and is not late.
pub fn resume(write: &mut WriteTx<'_>, account: Option<AccountId>) -> Result<()> {
    let now = write.now().0;
    let account_id = account.map(|a| a.0);
    write
        .sql()
        .execute(
            "UPDATE submission SET send_at = max(send_at, ?2), retry_at = NULL
             WHERE state = 'queued' AND send_at < ?2 AND (?1 IS NULL OR account_id = ?1)",
            (account_id, now),
        )
        .and_then(|_| {
            write.sql().execute("UPDATE account SET outbox_paused = 0 WHERE ?1 IS NULL OR id = ?1", [account_id])
        })
        .map_err(sql)?;
    write.changed(Noun::Submission, None::<i64>);
    write.changed(Noun::Account, account);
    Ok(())
}

/// Writes the error of a letter as JSON.
pub(crate) fn error_json(error: Option<&Error>) -> Result<Option<String>> {
    error.map(to_json).transpose()
}
