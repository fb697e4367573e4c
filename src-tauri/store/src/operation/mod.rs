//! Local acts: done here at once, owed to the server as rows, taken back exactly.
//!
//! What is shown is what the server has, then every pending operation in order. So an act writes an
//! operation and derives what is shown; taking a pending one back marks it undone and derives
//! again; taking back one that was replayed queues its reverse. An act that cancels an earlier one
//! which the server has not seen makes both void: nothing is sent.
//! Look next: [`act`] for what people do, [`replay`] for how the server learns of it.

mod act;
mod append;
mod keyword;
mod replay;
pub(crate) mod snooze;
mod undo;

pub use act::{archive, delete, flag, junk, move_to};
pub use append::{Appending, append, group, settle_append};
pub(crate) use keyword::told as told_keywords;
pub use keyword::{Names, keyword, settle_keywords};
pub use replay::{
    Claim, Claimed, Group, Target, claim, defer, finish, next_at, refuse, settle_created, settle_delete, settle_flags,
    settle_move,
};
pub use snooze::{next_wake_at, snooze, unsnooze, wake};
pub use undo::{undo, undo_step};

use crate::account::json;
use crate::db::{Read, WriteTx};
use crate::error::sql;
use model::message::{PendingOperation, Selection};
use model::{AccountId, Noun, OperationId, Result, Timestamp};

/// How long a refused operation is listed.
const REFUSED_MS: i64 = 7 * 24 * 3600 * 1000;

/// Operations that wait for their server, and those it refused, the newest first.
pub fn pending(read: &impl Read, now: Timestamp) -> Result<Vec<PendingOperation>> {
    read.sql()
        .prepare_cached(
            "SELECT id, account_id, kind, subject, created_at, attempts, error, state FROM operation o
             WHERE (state IN ('pending', 'replaying') AND (kind = 'create_mailbox' OR EXISTS
                    (SELECT 1 FROM operation_target t WHERE t.operation_id = o.id AND t.void_by IS NULL)))
                OR (state = 'refused' AND created_at > ?1)
             ORDER BY id DESC LIMIT 500",
        )
        .and_then(|mut s| {
            s.query_map([now.0 - REFUSED_MS], |r| {
                let refused = r.get::<_, String>(7)? == "refused";
                Ok(PendingOperation {
                    id: OperationId(r.get(0)?),
                    account_id: AccountId(r.get(1)?),
                    kind: r.get(2)?,
                    subject: r.get(3)?,
                    created_at: Timestamp(r.get(4)?),
                    attempts: r.get(5)?,
                    refused: if refused { json(r, 6)? } else { None },
                })
            })?
            .collect()
        })
        .map_err(sql)
}

/// A place an act is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub placement: i64,
    pub message: i64,
    pub account: i64,
    pub shown: Option<i64>,
    pub server: Option<i64>,
}

/// The columns of a [`Spot`], of `message m JOIN placement p`.
const SPOT: &str = "p.id, p.message_id, m.account_id, p.mailbox_id, p.server_mailbox_id";

impl Spot {
    /// A row of [`SPOT`].
    fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            placement: row.get(0)?,
            message: row.get(1)?,
            account: row.get(2)?,
            shown: row.get(3)?,
            server: row.get(4)?,
        })
    }
}

/// One operation being written.
struct Draft {
    id: i64,
    local: bool,
}

fn new_group(read: &impl Read) -> Result<i64> {
    read.sql().query_row("SELECT coalesce(max(group_id), 0) + 1 FROM operation", [], |r| r.get(0)).map_err(sql)
}

/// The group of an act: the one it goes on with, where that wrote anything, else a new one.
fn group_of(read: &impl Read, selection: &Selection) -> Result<i64> {
    if let Some(group) = selection.group {
        let begun: bool = read
            .sql()
            .query_row("SELECT EXISTS (SELECT 1 FROM operation WHERE group_id = ?1)", [group.0], |r| r.get(0))
            .map_err(sql)?;
        if begun {
            return Ok(group.0);
        }
    }
    new_group(read)
}

/// Begins an operation. In an account without a server it is done as soon as it is written.
fn begin(
    write: &mut WriteTx<'_>,
    group: i64,
    account: i64,
    kind: &str,
    mailbox: Option<i64>,
    first_message: Option<i64>,
    wait_ms: i64,
) -> Result<Draft> {
    let local: bool = write
        .sql()
        .prepare_cached("SELECT kind = 'sandbox' FROM account WHERE id = ?1")
        .and_then(|mut s| s.query_row([account], |r| r.get(0)))
        .map_err(sql)?;
    let now = write.now().0;
    write
        .sql()
        .prepare_cached(
            "INSERT INTO operation (group_id, account_id, kind, mailbox_id, state, next_at, subject, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, coalesce((SELECT subject FROM message WHERE id = ?7), ''), ?8)",
        )
        .and_then(|mut s| {
            s.execute((
                group,
                account,
                kind,
                mailbox,
                if local { "done" } else { "pending" },
                now + wait_ms,
                first_message,
                now,
            ))
        })
        .map_err(sql)?;
    write.changed(Noun::Message, None::<i64>);
    write.changed(Noun::Mailbox, None::<i64>);
    Ok(Draft { id: write.sql().last_insert_rowid(), local })
}

fn add_target(
    write: &WriteTx<'_>,
    operation: i64,
    spot: &Spot,
    set: i64,
    cleared: i64,
    void_by: Option<i64>,
) -> Result<()> {
    write
        .sql()
        .prepare_cached(
            "INSERT OR IGNORE INTO operation_target (operation_id, placement_id, message_id, set_flags, cleared_flags,
                before_mailbox_id, void_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .and_then(|mut s| s.execute((operation, spot.placement, spot.message, set, cleared, spot.shown, void_by)))
        .map_err(sql)?;
    Ok(())
}

/// Earlier acts on a placement that the server has not seen: operation, set and cleared flags.
fn unseen(read: &impl Read, placement: i64, kinds: &str) -> Result<Vec<(i64, i64, i64)>> {
    read.sql()
        .prepare_cached(&format!(
            "SELECT o.id, t.set_flags, t.cleared_flags FROM operation_target t JOIN operation o ON o.id = t.operation_id
             WHERE t.placement_id = ?1 AND t.void_by IS NULL AND o.state = 'pending' AND o.kind IN ({kinds}) ORDER BY o.id DESC"
        ))
        .and_then(|mut s| s.query_map([placement], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect())
        .map_err(sql)
}

fn make_void(write: &WriteTx<'_>, operation: i64, placement: i64, by: i64) -> Result<()> {
    write
        .sql()
        .prepare_cached("UPDATE operation_target SET void_by = ?3 WHERE operation_id = ?1 AND placement_id = ?2")
        .and_then(|mut s| s.execute((operation, placement, by)))
        .map_err(sql)?;
    Ok(())
}
