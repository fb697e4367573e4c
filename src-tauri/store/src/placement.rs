//! Where messages are: on the server, and as shown.
//!
//! What is shown is what the server has, then every pending operation. The functions here keep
//! both and note which conversations have to be counted anew.

use crate::db::{Read, WriteTx};
use crate::error::sql;
use crate::operation::snooze;
use crate::thread::Touched;
use model::Result;
use rusqlite::OptionalExtension;

/// The number a key ends with, for order: an IMAP UID behind its UIDVALIDITY.
pub(crate) fn number(key: &str) -> Option<i64> {
    key.rsplit(':').next().and_then(|digits| digits.parse().ok())
}

/// Removes a placement. The message stays until the round ends, so that it need not be fetched
/// again where it was only moved.
pub(crate) fn remove(write: &WriteTx<'_>, placement: i64, touched: &mut Touched) -> Result<()> {
    let message: Option<i64> = write
        .sql()
        .prepare_cached("SELECT message_id FROM placement WHERE id = ?1")
        .and_then(|mut s| s.query_row([placement], |r| r.get(0)).optional())
        .map_err(sql)?;
    let Some(message) = message else { return Ok(()) };
    touched.message(write, message)?;
    write
        .sql()
        .prepare_cached("DELETE FROM placement WHERE id = ?1")
        .and_then(|mut s| s.execute([placement]))
        .map_err(sql)?;
    refresh_flags(write, message, touched)
}

/// Removes messages that are in no mailbox at all any more, of one account: at the end of a round.
pub fn purge(write: &mut WriteTx<'_>, account: model::AccountId) -> Result<u32> {
    let orphans: Vec<(i64, i64)> = write
        .sql()
        .prepare_cached(
            "SELECT m.id, m.thread_id FROM message m WHERE m.account_id = ?1
                AND NOT EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id)",
        )
        .and_then(|mut s| s.query_map([account.0], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .map_err(sql)?;
    let mut touched = Touched::default();
    for (message, thread) in &orphans {
        crate::message::remove(write, *message)?;
        touched.thread(*thread);
    }
    touched.refresh(write)?;
    Ok(orphans.len() as u32)
}

/// Moves that the server made without telling the new key, and whose message did not show up in a
/// whole round begun after: the server has it no longer.
pub fn drop_lost_moves(
    write: &mut WriteTx<'_>,
    account: model::AccountId,
    round_began_at: model::Timestamp,
) -> Result<u32> {
    let lost: Vec<i64> = write
        .sql()
        .prepare_cached(
            "SELECT p.id FROM mailbox b JOIN placement p ON p.server_mailbox_id = b.id
             WHERE b.account_id = ?1 AND p.key IS NULL AND p.moved_at < ?2 AND NOT p.stale",
        )
        .and_then(|mut s| s.query_map((account.0, round_began_at.0), |r| r.get(0))?.collect())
        .map_err(sql)?;
    let mut touched = Touched::default();
    for placement in &lost {
        remove(write, *placement, &mut touched)?;
    }
    touched.refresh(write)?;
    Ok(lost.len() as u32)
}

/// Where a placement is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    /// Where it waits for its time if it is snoozed; else where the last pending move or deletion puts
    /// it, or else where the server has it.
    Derived,
    /// In this mailbox.
    In(i64),
    /// Nowhere.
    Nowhere,
}

impl From<Option<i64>> for Show {
    fn from(mailbox: Option<i64>) -> Self {
        mailbox.map_or(Self::Nowhere, Self::In)
    }
}

/// Shows a placement somewhere, and notes its conversation where that changes anything.
pub(crate) fn show_in(write: &WriteTx<'_>, placement: i64, aim: Show, touched: &mut Touched) -> Result<()> {
    let row: Option<(i64, Option<i64>, Option<i64>)> = write
        .sql()
        .prepare_cached("SELECT message_id, mailbox_id, server_mailbox_id FROM placement WHERE id = ?1")
        .and_then(|mut s| s.query_row([placement], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional())
        .map_err(sql)?;
    let Some((message, shown, server)) = row else { return Ok(()) };
    let aim = match aim {
        Show::Derived => match snooze::place(write, placement)? {
            Some(home) => Show::In(home),
            None => pending_place(write, placement)?.unwrap_or(server.into()),
        },
        told => told,
    };
    let place = match aim {
        Show::In(mailbox) => Some(mailbox),
        Show::Derived | Show::Nowhere => None,
    };
    if place == shown {
        return Ok(());
    }
    write
        .sql()
        .prepare_cached("UPDATE placement SET mailbox_id = ?2 WHERE id = ?1")
        .and_then(|mut s| s.execute((placement, place)))
        .map_err(sql)?;
    touched.message(write, message)
}

fn pending_place(read: &impl Read, placement: i64) -> Result<Option<Show>> {
    read.sql()
        .prepare_cached(
            "SELECT CASE o.kind WHEN 'move' THEN o.mailbox_id END FROM operation_target t
                JOIN operation o ON o.id = t.operation_id
             WHERE t.placement_id = ?1 AND t.void_by IS NULL
                AND (o.kind = 'delete' OR (o.kind = 'move' AND o.mailbox_id IS NOT NULL)) AND o.state IN ('pending', 'replaying')
             ORDER BY o.id DESC LIMIT 1",
        )
        .and_then(|mut s| s.query_row([placement], |r| r.get::<_, Option<i64>>(0)).optional())
        .map(|place| place.map(Show::from))
        .map_err(sql)
}

/// Derives the shown flags of a message anew: the server's, then local acts not yet replayed. In
/// several mailboxes a flag set in one of them is set.
pub(crate) fn refresh_flags(write: &WriteTx<'_>, message: i64, touched: &mut Touched) -> Result<()> {
    let row: Option<(i64, i64, i64)> = write
        .sql()
        .prepare_cached("SELECT flags, flags_set, flags_cleared FROM message WHERE id = ?1")
        .and_then(|mut s| s.query_row([message], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional())
        .map_err(sql)?;
    let Some((shown, set, cleared)) = row else { return Ok(()) };
    let servers: Vec<i64> = write
        .sql()
        .prepare_cached("SELECT server_flags FROM placement WHERE message_id = ?1")
        .and_then(|mut s| s.query_map([message], |r| r.get(0))?.collect())
        .map_err(sql)?;
    if servers.is_empty() {
        return Ok(());
    }
    let flags = (servers.iter().fold(0, |all, one| all | one) & !cleared) | set;
    if flags != shown {
        write
            .sql()
            .prepare_cached("UPDATE message SET flags = ?2 WHERE id = ?1")
            .and_then(|mut s| s.execute((message, flags)))
            .map_err(sql)?;
        touched.message(write, message)?;
    }
    Ok(())
}

/// Derives which flags local acts hold set or cleared, from the operations that still wait.
pub(crate) fn refresh_pending_flags(write: &WriteTx<'_>, message: i64, touched: &mut Touched) -> Result<()> {
    let acts: Vec<(i64, i64)> = write
        .sql()
        .prepare_cached(
            "SELECT t.set_flags, t.cleared_flags FROM operation_target t JOIN operation o ON o.id = t.operation_id
             WHERE t.message_id = ?1 AND t.void_by IS NULL AND o.kind = 'flag' AND o.state IN ('pending', 'replaying')
             ORDER BY o.id",
        )
        .and_then(|mut s| s.query_map([message], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .map_err(sql)?;
    let (mut set, mut cleared) = (0, 0);
    for (on, off) in acts {
        set = (set & !off) | on;
        cleared = (cleared & !on) | off;
    }
    write
        .sql()
        .prepare_cached("UPDATE message SET flags_set = ?2, flags_cleared = ?3 WHERE id = ?1")
        .and_then(|mut s| s.execute((message, set, cleared)))
        .map_err(sql)?;
    refresh_flags(write, message, touched)
}

/// The keys under which a mailbox of the server holds messages with this Message-ID.
pub fn keys(read: &impl Read, account: model::AccountId, mailbox: &str, message_id: &str) -> Result<Vec<String>> {
    read.sql()
        .prepare_cached(
            "SELECT p.key FROM message m JOIN placement p ON p.message_id = m.id JOIN mailbox b ON b.id = p.server_mailbox_id
             WHERE m.account_id = ?1 AND m.message_id = ?3 AND b.key = ?2 AND p.key IS NOT NULL ORDER BY p.id",
        )
        .and_then(|mut s| s.query_map((account.0, mailbox, message_id), |r| r.get(0))?.collect())
        .map_err(sql)
}

/// A message that was put here before the server had it ([`crate::ingest::deliver`]) is there by
/// now: it gets its key in the next round, or goes where the server holds another version of it.
pub fn handed_over(
    write: &mut WriteTx<'_>,
    account: model::AccountId,
    mailbox: model::MailboxId,
    message_id: &str,
) -> Result<()> {
    let now = write.now().0;
    write
        .sql()
        .execute(
            "UPDATE placement SET moved_at = ?4 WHERE server_mailbox_id = ?2 AND key IS NULL
                AND message_id IN (SELECT id FROM message WHERE account_id = ?1 AND message_id = ?3)",
            (account.0, mailbox.0, message_id, now),
        )
        .map_err(sql)?;
    Ok(())
}
