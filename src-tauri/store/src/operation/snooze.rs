//! Putting messages off: out of the inbox until a time.
//!
//! A snoozed message is shown in its account's mailbox Snoozed, which no server has, and stays where
//! the server has it: nothing is owed. Every move and deletion ends it, and gives it back when it is
//! taken back. When its time comes, or somebody answers, it is in the inbox again.
//! Refuses: what is in no inbox; snoozed mail in a mailbox that people choose as an aim.

use super::act::all_places;
use super::undo::derive;
use super::{Spot, add_target, begin, group_of};
use crate::db::{Read, WriteTx};
use crate::error::sql;
use crate::mailbox;
use crate::placement::{self, Show};
use crate::thread::Touched;
use model::mailbox::MailboxRole;
use model::message::{Selection, Undoable};
use model::{AccountId, Error, MailboxId, MessageId, Noun, OperationGroupId, Result, Timestamp};
use rusqlite::OptionalExtension;
use std::collections::{BTreeMap, BTreeSet};

/// Key of the mailbox; the first character keeps it apart from any that a server has.
const KEY: &str = "\u{1}snoozed";
/// Its path, for where its role is not named in the user's language.
const PATH: &str = "Snoozed";
/// Ended rows are kept as long as an act may be taken back.
const KEPT_MS: i64 = 30 * 24 * 3600 * 1000;

/// The mailbox of what is snoozed; made where there is none.
fn home(write: &mut WriteTx<'_>, account: i64) -> Result<MailboxId> {
    if let Some(home) = mailbox::by_role(write, AccountId(account), MailboxRole::Snoozed)? {
        return Ok(home);
    }
    write
        .sql()
        .execute(
            "INSERT INTO mailbox (account_id, key, path, role, local_only) VALUES (?1, ?2, ?3, 'snoozed', 1)",
            (account, KEY, PATH),
        )
        .map_err(sql)?;
    let id = MailboxId(write.sql().last_insert_rowid());
    write.changed(Noun::Mailbox, Some(id));
    Ok(id)
}

/// The selected places that are shown in a mailbox of one of these roles, by account.
fn in_roles(read: &impl Read, selection: &Selection, roles: &[MailboxRole]) -> Result<BTreeMap<i64, Vec<Spot>>> {
    let wanted: BTreeSet<i64> = mailbox::list(read, None)?
        .into_iter()
        .filter(|one| one.role.is_some_and(|role| roles.contains(&role)))
        .map(|one| one.id.0)
        .collect();
    let (mut found, mut seen) = (BTreeMap::<i64, Vec<Spot>>::new(), BTreeSet::new());
    for spot in all_places(read, selection)?.into_iter().flatten() {
        if spot.shown.is_some_and(|shown| wanted.contains(&shown)) && seen.insert(spot.placement) {
            found.entry(spot.account).or_default().push(spot);
        }
    }
    Ok(found)
}

/// Writes the act of an account; no server is told of it.
fn note(write: &mut WriteTx<'_>, group: i64, kind: &str, aim: Option<MailboxId>, spots: &[Spot]) -> Result<i64> {
    let (account, message) = spots.first().map_or((0, None), |s| (s.account, Some(s.message)));
    let operation = begin(write, group, account, kind, aim.map(|a| a.0), message, 0)?.id;
    let now = write.now().0;
    write
        .sql()
        .prepare_cached("UPDATE operation SET state = 'done', done_at = ?2 WHERE id = ?1")
        .and_then(|mut s| s.execute((operation, now)))
        .map_err(sql)?;
    for spot in spots {
        add_target(write, operation, spot, 0, 0, None)?;
        end(write, spot.placement, operation)?;
    }
    Ok(operation)
}

fn messages(accounts: &BTreeMap<i64, Vec<Spot>>) -> u32 {
    accounts.values().flatten().map(|s| s.message).collect::<BTreeSet<_>>().len() as u32
}

/// Puts what is in an inbox off until a time, or what is put off already until another.
///
/// # Errors
/// `Invalid` where the time is over, or nothing of it is in an inbox.
pub fn snooze(write: &mut WriteTx<'_>, selection: &Selection, until: Timestamp) -> Result<Undoable> {
    if until <= write.now() {
        return Err(Error::invalid("This time is over already.").remedy("Choose a later one."));
    }
    let accounts = in_roles(write, selection, &[MailboxRole::Inbox, MailboxRole::Snoozed])?;
    if accounts.is_empty() && !(selection.threads.is_empty() && selection.messages.is_empty()) {
        return Err(Error::invalid("Only what is in an inbox can be snoozed.").remedy("Move it to the inbox first."));
    }
    let group = group_of(write, selection)?;
    let mut touched = Touched::default();
    for (account, spots) in &accounts {
        let home = home(write, *account)?;
        let operation = note(write, group, "snooze", Some(home), spots)?;
        for spot in spots {
            write
                .sql()
                .prepare_cached("INSERT INTO snooze (operation_id, placement_id, until_at) VALUES (?1, ?2, ?3)")
                .and_then(|mut s| s.execute((operation, spot.placement, until.0)))
                .map_err(sql)?;
            placement::show_in(write, spot.placement, Show::In(home.0), &mut touched)?;
            // Another time may be all that changed.
            touched.message(write, spot.message)?;
        }
    }
    touched.refresh(write)?;
    Ok(Undoable { group: OperationGroupId(group), messages: messages(&accounts) })
}

/// Brings what is snoozed back at once.
pub fn unsnooze(write: &mut WriteTx<'_>, selection: &Selection) -> Result<Undoable> {
    let accounts = in_roles(write, selection, &[MailboxRole::Snoozed])?;
    let group = group_of(write, selection)?;
    let mut touched = Touched::default();
    for spots in accounts.values() {
        note(write, group, "unsnooze", None, spots)?;
        for spot in spots {
            placement::show_in(write, spot.placement, Show::Derived, &mut touched)?;
        }
    }
    touched.refresh(write)?;
    Ok(Undoable { group: OperationGroupId(group), messages: messages(&accounts) })
}

/// The inbox behind a mailbox of what is snoozed; `None` for any other mailbox.
pub(super) fn inbox_of(read: &impl Read, mailbox: i64) -> Result<Option<i64>> {
    read.sql()
        .prepare_cached(
            "SELECT i.id FROM mailbox s JOIN mailbox i ON i.account_id = s.account_id AND i.role = 'inbox'
             WHERE s.id = ?1 AND s.role = 'snoozed' ORDER BY i.id LIMIT 1",
        )
        .and_then(|mut s| s.query_row([mailbox], |r| r.get(0)).optional())
        .map_err(sql)
}

/// An act on a place ends that it is snoozed.
pub(super) fn end(write: &WriteTx<'_>, placement: i64, by: i64) -> Result<()> {
    write
        .sql()
        .prepare_cached("UPDATE snooze SET ended_by = ?2 WHERE placement_id = ?1 AND ended_by IS NULL")
        .and_then(|mut s| s.execute((placement, by)))
        .map_err(sql)?;
    Ok(())
}

/// An act is taken back: what it ended is in force again, unless it was snoozed anew.
pub(super) fn revive(write: &WriteTx<'_>, ended_by: i64) -> Result<()> {
    write
        .sql()
        .prepare_cached("UPDATE OR IGNORE snooze SET ended_by = NULL WHERE ended_by = ?1")
        .and_then(|mut s| s.execute([ended_by]))
        .map_err(sql)?;
    Ok(())
}

/// Takes a snooze, or its end, back.
pub(super) fn take_back(
    write: &mut WriteTx<'_>,
    operation: i64,
    targets: impl Iterator<Item = (i64, i64)>,
) -> Result<()> {
    write
        .sql()
        .prepare_cached("DELETE FROM snooze WHERE operation_id = ?1")
        .and_then(|mut s| s.execute([operation]))
        .map_err(sql)?;
    revive(write, operation)?;
    derive(write, targets)
}

/// Where a snoozed place is shown; `None` where it is not snoozed.
pub(crate) fn place(read: &impl Read, placement: i64) -> Result<Option<i64>> {
    read.sql()
        .prepare_cached(
            "SELECT b.id FROM snooze s JOIN placement p ON p.id = s.placement_id JOIN message m ON m.id = p.message_id
                JOIN mailbox b ON b.account_id = m.account_id AND b.role = 'snoozed'
             WHERE s.placement_id = ?1 AND s.ended_by IS NULL",
        )
        .and_then(|mut s| s.query_row([placement], |r| r.get(0)).optional())
        .map_err(sql)
}

/// The server has it elsewhere now: that is where it is wanted.
pub(crate) fn forget(write: &WriteTx<'_>, placement: i64) -> Result<()> {
    write
        .sql()
        .prepare_cached("DELETE FROM snooze WHERE placement_id = ?1")
        .and_then(|mut s| s.execute([placement]))
        .map_err(sql)?;
    Ok(())
}

/// Another placement takes the place of a snoozed one.
pub(super) fn hand_over(write: &WriteTx<'_>, from: i64, to: i64, touched: &mut Touched) -> Result<()> {
    write
        .sql()
        .prepare_cached("UPDATE OR IGNORE snooze SET placement_id = ?2 WHERE placement_id = ?1")
        .and_then(|mut s| s.execute((from, to)))
        .map_err(sql)?;
    placement::show_in(write, to, Show::Derived, touched)
}

/// When the next comes back.
pub fn next_wake_at(read: &impl Read) -> Result<Option<Timestamp>> {
    read.sql()
        .prepare_cached("SELECT min(until_at) FROM snooze WHERE ended_by IS NULL")
        .and_then(|mut s| s.query_row([], |r| r.get::<_, Option<i64>>(0)))
        .map(|at| at.map(Timestamp))
        .map_err(sql)
}

/// Brings back what is due, to the top of its inbox and told as new mail is; how many places.
pub fn wake(write: &mut WriteTx<'_>) -> Result<u32> {
    let now = write.now().0;
    let due: Vec<(i64, i64, i64)> = write
        .sql()
        .prepare_cached(
            "SELECT p.id, m.id, m.thread_id FROM snooze s JOIN placement p ON p.id = s.placement_id
                JOIN message m ON m.id = p.message_id
             WHERE s.ended_by IS NULL AND s.until_at <= ?1 ORDER BY m.date_at, m.id",
        )
        .and_then(|mut s| s.query_map([now], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect())
        .map_err(sql)?;
    write
        .sql()
        .prepare_cached("DELETE FROM snooze WHERE until_at <= ?1 AND (ended_by IS NULL OR until_at <= ?1 - ?2)")
        .and_then(|mut s| s.execute((now, KEPT_MS)))
        .map_err(sql)?;
    if due.is_empty() {
        return Ok(0);
    }
    let mut touched = Touched::default();
    let mut newest: BTreeMap<i64, i64> = BTreeMap::new();
    for (place, message, thread) in &due {
        write
            .sql()
            .prepare_cached("UPDATE placement SET date_at = ?2 WHERE id = ?1")
            .and_then(|mut s| s.execute((place, now)))
            .map_err(sql)?;
        placement::show_in(write, *place, Show::Derived, &mut touched)?;
        newest.insert(*thread, *message);
    }
    touched.refresh(write)?;
    for message in newest.into_values() {
        write.arrived(MessageId(message));
    }
    write.changed(Noun::Message, None::<i64>);
    write.changed(Noun::Mailbox, None::<i64>);
    Ok(due.len() as u32)
}

/// Somebody wrote into this conversation: what of it is snoozed comes back with the new letter.
pub(crate) fn answered(write: &WriteTx<'_>, message: i64, touched: &mut Touched) -> Result<()> {
    let places: Vec<i64> = write
        .sql()
        .prepare_cached(
            "SELECT p.id FROM message n JOIN message m ON m.thread_id = n.thread_id JOIN placement p ON p.message_id = m.id
                JOIN snooze s ON s.placement_id = p.id AND s.ended_by IS NULL
             WHERE n.id = ?1",
        )
        .and_then(|mut s| s.query_map([message], |r| r.get(0))?.collect())
        .map_err(sql)?;
    for place in places {
        forget(write, place)?;
        placement::show_in(write, place, Show::Derived, touched)?;
    }
    Ok(())
}
