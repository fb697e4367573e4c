//! What each round of sync did.

use crate::account::{json, to_json};
use crate::db::{Read, WriteTx};
use crate::error::sql;
use model::account::SyncLogEntry;
use model::{AccountId, Error, Noun, Result, Timestamp};
use rusqlite::OptionalExtension;

/// Rounds kept an account.
const KEPT: i64 = 200;

/// What a batch, or a whole round, changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// New messages.
    pub new: u32,
    /// Messages whose flags or mailboxes changed, or whose body came.
    pub changed: u32,
    /// Messages gone from a mailbox.
    pub removed: u32,
    /// Messages set aside.
    pub unreadable: u32,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.removed += other.removed;
        self.unreadable += other.unreadable;
    }
}

/// Opens the log of a round.
pub fn begin(write: &mut WriteTx<'_>, account: AccountId) -> Result<i64> {
    let now = write.now().0;
    write
        .sql()
        .execute("INSERT INTO sync_log (account_id, started_at) VALUES (?1, ?2)", (account.0, now))
        .map_err(sql)?;
    let id = write.sql().last_insert_rowid();
    write
        .sql()
        .execute(
            "DELETE FROM sync_log WHERE account_id = ?1 AND id <= (SELECT id FROM sync_log WHERE account_id = ?1
                ORDER BY id DESC LIMIT 1 OFFSET ?2)",
            (account.0, KEPT),
        )
        .map_err(sql)?;
    Ok(id)
}

/// Notes how far a round is, so that an interrupted one shows what it brought.
pub fn note(write: &WriteTx<'_>, id: i64, tally: Tally) -> Result<()> {
    write
        .sql()
        .prepare_cached("UPDATE sync_log SET new = ?2, changed = ?3, removed = ?4, unreadable = ?5 WHERE id = ?1")
        .and_then(|mut s| s.execute((id, tally.new, tally.changed, tally.removed, tally.unreadable)))
        .map_err(sql)?;
    Ok(())
}

/// Closes the log of a round. Of rounds in a row that found nothing only the last is kept, so that
/// the log tells of what happened and not of how often nothing did.
pub fn end(write: &mut WriteTx<'_>, account: AccountId, id: i64, tally: Tally, error: Option<&Error>) -> Result<()> {
    let now = write.now().0;
    let quiet = tally == Tally::default() && error.is_none();
    if quiet {
        write
            .sql()
            .execute(
                "DELETE FROM sync_log WHERE id = (SELECT max(id) FROM sync_log WHERE account_id = ?1 AND id < ?2)
                    AND ended_at IS NOT NULL AND error IS NULL AND new + changed + removed + unreadable = 0",
                (account.0, id),
            )
            .map_err(sql)?;
    }
    note(write, id, tally)?;
    write
        .sql()
        .execute(
            "UPDATE sync_log SET ended_at = ?2, error = ?3 WHERE id = ?1",
            (id, now, error.map(to_json).transpose()?),
        )
        .map_err(sql)?;
    write.changed(Noun::SyncState, Some(account));
    Ok(())
}

/// The newest line of an account's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastRound {
    /// Grows with every round.
    pub id: i64,
    /// It has ended.
    pub ended: bool,
    /// What it did.
    pub tally: Tally,
    /// Why it ended early.
    pub error: Option<Error>,
}

/// The newest round of an account.
pub fn last(read: &impl Read, account: AccountId) -> Result<Option<LastRound>> {
    read.sql()
        .prepare_cached(
            "SELECT id, ended_at IS NOT NULL, new, changed, removed, unreadable, error FROM sync_log
             WHERE account_id = ?1 ORDER BY id DESC LIMIT 1",
        )
        .and_then(|mut s| {
            s.query_row([account.0], |r| {
                Ok(LastRound {
                    id: r.get(0)?,
                    ended: r.get(1)?,
                    tally: Tally { new: r.get(2)?, changed: r.get(3)?, removed: r.get(4)?, unreadable: r.get(5)? },
                    error: json(r, 6)?,
                })
            })
            .optional()
        })
        .map_err(sql)
}

/// The rounds of an account, the newest first. A line without an end belongs to a round that runs
/// or was interrupted.
pub fn list(read: &impl Read, account: AccountId) -> Result<Vec<SyncLogEntry>> {
    read.sql()
        .prepare_cached(
            "SELECT started_at, ended_at, new, changed, removed, unreadable, error FROM sync_log
             WHERE account_id = ?1 ORDER BY id DESC LIMIT 200",
        )
        .and_then(|mut s| {
            s.query_map([account.0], |r| {
                Ok(SyncLogEntry {
                    started_at: Timestamp(r.get(0)?),
                    ended_at: r.get::<_, Option<i64>>(1)?.map(Timestamp),
                    new: r.get(2)?,
                    changed: r.get(3)?,
                    removed: r.get(4)?,
                    unreadable: r.get(5)?,
                    error: json(r, 6)?,
                })
            })?
            .collect()
        })
        .map_err(sql)
}
