//! Messages that come from a file: shown here at once, stored on the server by an operation.

use super::{Spot, add_target, begin};
use crate::content::ContentHash;
use crate::db::{Read, WriteTx};
use crate::error::sql;
use crate::ingest::{self, Body, Incoming};
use crate::thread::Touched;
use crate::{flag, placement};
use model::message::Flags;
use model::{AccountId, Error, MailboxId, MessageId, OperationGroupId, Result, Timestamp};
use rusqlite::OptionalExtension;

/// A message the server is to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appending {
    /// Its placement.
    pub placement: i64,
    /// Its bytes.
    pub content: ContentHash,
    /// Message-ID header.
    pub message_id: String,
    /// Flags.
    pub flags: Flags,
    /// Time of arrival.
    pub received_at: Timestamp,
}

/// A group for what is put in next.
pub fn group(read: &impl Read) -> Result<OperationGroupId> {
    super::new_group(read).map(OperationGroupId)
}

/// Puts a whole message into a mailbox of its account; `None` where it is there already.
///
/// # Errors
/// `Internal` where the message is not whole.
pub fn append(
    write: &mut WriteTx<'_>,
    group: OperationGroupId,
    account: AccountId,
    into: MailboxId,
    incoming: Incoming,
) -> Result<Option<MessageId>> {
    let Body::Whole(prepared, hash) = &incoming.body else {
        return Err(Error::internal("a message to put in has to be whole"));
    };
    let there: bool = write
        .sql()
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM message m JOIN placement p ON p.message_id = m.id
                WHERE m.account_id = ?1 AND p.mailbox_id = ?2 AND m.content = ?3)
             OR (?4 <> '' AND EXISTS (SELECT 1 FROM message m JOIN placement p ON p.message_id = m.id
                WHERE m.account_id = ?1 AND p.mailbox_id = ?2 AND m.message_id = ?4))",
        )
        .and_then(|mut s| s.query_row((account.0, into.0, hash.0, prepared.message_id()), |r| r.get(0)))
        .map_err(sql)?;
    if there {
        return Ok(None);
    }
    let message = ingest::deliver(write, account, into, incoming, false)?;
    let spot = write
        .sql()
        .prepare_cached(&format!(
            "SELECT {} FROM placement p JOIN message m ON m.id = p.message_id
             WHERE p.message_id = ?1 AND p.server_mailbox_id = ?2 ORDER BY p.id DESC LIMIT 1",
            super::SPOT
        ))
        .and_then(|mut s| s.query_row((message.0, into.0), Spot::from_row))
        .map_err(sql)?;
    let operation = begin(write, group.0, account.0, "append", Some(into.0), Some(message.0), 0)?;
    add_target(write, operation.id, &spot, 0, 0, None)?;
    Ok(Some(message))
}

/// The message of an operation, where the server has not stored it yet.
pub(super) fn appending(read: &impl Read, operation: i64) -> Result<Option<Appending>> {
    read.sql()
        .prepare_cached(
            "SELECT p.id, m.content, m.message_id, p.server_flags, m.received_at
             FROM operation_target t JOIN placement p ON p.id = t.placement_id JOIN message m ON m.id = p.message_id
             WHERE t.operation_id = ?1 AND t.void_by IS NULL AND p.key IS NULL AND m.content IS NOT NULL",
        )
        .and_then(|mut s| {
            s.query_row([operation], |r| {
                Ok(Appending {
                    placement: r.get(0)?,
                    content: ContentHash(r.get(1)?),
                    message_id: r.get(2)?,
                    flags: flag::flags(r.get(3)?),
                    received_at: Timestamp(r.get(4)?),
                })
            })
            .optional()
        })
        .map_err(sql)
}

/// The server stored it, under this key where it tells.
pub fn settle_append(write: &mut WriteTx<'_>, place: i64, key: Option<&str>) -> Result<()> {
    let Some(key) = key else { return Ok(()) };
    let twin: bool = write
        .sql()
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM placement t JOIN placement p ON p.id = ?1
             WHERE t.server_mailbox_id = p.server_mailbox_id AND t.key = ?2 AND t.id <> ?1)",
        )
        .and_then(|mut s| s.query_row((place, key), |r| r.get(0)))
        .map_err(sql)?;
    if twin {
        // A pull has brought it already: that row is the truth.
        let mut touched = Touched::default();
        placement::remove(write, place, &mut touched)?;
        return touched.refresh(write);
    }
    write
        .sql()
        .prepare_cached("UPDATE placement SET key = ?2, uid = ?3 WHERE id = ?1")
        .and_then(|mut s| s.execute((place, key, placement::number(key))))
        .map_err(sql)?;
    Ok(())
}

/// What the server would not store, or was taken back before it did, is not shown any more.
pub(super) fn withdraw(write: &mut WriteTx<'_>, account: i64, places: impl Iterator<Item = i64>) -> Result<()> {
    let mut touched = Touched::default();
    for place in places {
        placement::remove(write, place, &mut touched)?;
    }
    touched.refresh(write)?;
    placement::purge(write, AccountId(account)).map(|_| ())
}
