//! What people do to messages: flag, move, archive, delete, junk.

use super::{Draft, SPOT, Spot, add_target, begin, group_of, make_void, snooze, unseen};
use crate::db::{Read, WriteTx};
use crate::error::sql;
use crate::flag::{ANSWERED, FLAGGED, FORWARDED, SEEN};
use crate::placement::Show;
use crate::thread::Touched;
use crate::{mailbox, placement};
use model::mailbox::MailboxRole;
use model::message::{FlagArgs, Selection, Undoable};
use model::{AccountId, Error, ErrorCode, MailboxId, OperationGroupId, Result};
use std::collections::{BTreeMap, BTreeSet};

fn spots(read: &impl Read, condition: &str, id: i64) -> Result<Vec<Spot>> {
    read.sql()
        .prepare_cached(&format!(
            "SELECT {SPOT} FROM message m JOIN placement p ON p.message_id = m.id
             WHERE {condition} AND p.mailbox_id IS NOT NULL ORDER BY m.date_at DESC, m.id DESC, p.id"
        ))
        .and_then(|mut s| s.query_map([id], Spot::from_row)?.collect())
        .map_err(sql)
}

/// Every place of the selected messages, the newest message of each conversation first.
pub(super) fn all_places(read: &impl Read, selection: &Selection) -> Result<Vec<Vec<Spot>>> {
    let mut found = Vec::new();
    for thread in &selection.threads {
        found.push(spots(read, "m.thread_id = ?1", thread.0)?);
    }
    for message in &selection.messages {
        found.push(spots(read, "m.id = ?1", message.0)?);
    }
    Ok(found)
}

/// The places a move into a mailbox of this role takes messages out of.
fn places(read: &impl Read, selection: &Selection, aim: Option<MailboxRole>) -> Result<Vec<Spot>> {
    let (mut kept, mut own, mut everything, mut archives) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for one in mailbox::list(read, None)? {
        match one.role {
            Some(MailboxRole::Sent | MailboxRole::Drafts) => _ = (kept.insert(one.id.0), own.insert(one.id.0)),
            Some(MailboxRole::Trash) => _ = kept.insert(one.id.0),
            Some(MailboxRole::All) => _ = everything.insert(one.id.0),
            Some(MailboxRole::Archive) => _ = archives.insert(one.account_id.0),
            _ => {}
        }
    }
    // All Mail holds whatever is elsewhere too; only Trash and Junk take a message out of it.
    let out_of_everything = matches!(aim, Some(MailboxRole::Trash | MailboxRole::Junk));
    let is_in = |spot: &Spot, set: &BTreeSet<i64>| spot.shown.is_some_and(|mailbox| set.contains(&mailbox));
    let mut chosen: Vec<Spot> = Vec::new();
    let mut seen: BTreeSet<i64> = BTreeSet::new();
    for all in all_places(read, selection)? {
        let here: Vec<Spot> = if let Some(mailbox) = selection.mailbox_id {
            all.iter().filter(|s| s.shown == Some(mailbox.0)).copied().collect()
        } else {
            let mut usual: Vec<Spot> = all.iter().filter(|s| !is_in(s, &kept)).copied().collect();
            if !out_of_everything && usual.iter().any(|s| !is_in(s, &everything)) {
                usual.retain(|s| !is_in(s, &everything));
            }
            // What is nowhere else is meant where it is.
            if usual.is_empty() { all.clone() } else { usual }
        };
        // What is in Sent is put away where All Mail is the archive and has it already: it stays a sent letter.
        let put_away = all.iter().any(|s| is_in(s, &everything));
        let stays = |spot: &Spot| {
            let into_everything = match aim {
                Some(MailboxRole::All) => true,
                Some(MailboxRole::Archive) => !archives.contains(&spot.account),
                _ => false,
            };
            into_everything && put_away && is_in(spot, &own)
        };
        let here = here.into_iter().filter(|spot| !stays(spot)).collect::<Vec<_>>();
        chosen.extend(here.into_iter().filter(|spot| seen.insert(spot.placement)));
    }
    Ok(chosen)
}

fn by_account(spots: Vec<Spot>) -> BTreeMap<i64, Vec<Spot>> {
    let mut accounts: BTreeMap<i64, Vec<Spot>> = BTreeMap::new();
    for spot in spots {
        accounts.entry(spot.account).or_default().push(spot);
    }
    accounts
}

fn count(spots: &[Spot]) -> u32 {
    spots.iter().map(|s| s.message).collect::<BTreeSet<_>>().len() as u32
}

fn flags_of(read: &impl Read, message: i64) -> Result<i64> {
    read.sql()
        .prepare_cached("SELECT flags FROM message WHERE id = ?1")
        .and_then(|mut s| s.query_row([message], |r| r.get(0)))
        .map_err(sql)
}

/// Sets and clears flags. A star on a conversation goes to its newest message; taking it away, and
/// all other flags, to each.
pub fn flag(write: &mut WriteTx<'_>, args: &FlagArgs) -> Result<Undoable> {
    let (mut set, mut clear) = (0, 0);
    let asked = [(args.seen, SEEN), (args.flagged, FLAGGED), (args.answered, ANSWERED), (args.forwarded, FORWARDED)];
    for (value, bit) in asked {
        match value {
            Some(true) => set |= bit,
            Some(false) => clear |= bit,
            None => {}
        }
    }
    let newest_only = set == FLAGGED && clear == 0;
    let mut chosen: Vec<Spot> = Vec::new();
    for mut all in all_places(write, &args.selection)? {
        if newest_only {
            let here = |s: &&Spot| args.selection.mailbox_id.is_none_or(|m| s.shown == Some(m.0));
            let newest = all.iter().find(here).or(all.first()).map(|s| s.message);
            all.retain(|s| Some(s.message) == newest);
        }
        chosen.extend(all);
    }
    let mut wanted: Vec<(Spot, i64, i64)> = Vec::new();
    let mut seen: BTreeSet<i64> = BTreeSet::new();
    for spot in chosen {
        let flags = flags_of(write, spot.message)?;
        let (on, off) = (set & !flags, clear & flags);
        if on | off != 0 && seen.insert(spot.placement) {
            wanted.push((spot, on, off));
        }
    }
    let group = group_of(write, &args.selection)?;
    let messages = count(&wanted.iter().map(|(s, ..)| *s).collect::<Vec<_>>());
    apply_flags(write, group, &wanted)?;
    Ok(Undoable { group: OperationGroupId(group), messages })
}

/// Writes flag operations, one an account, and shows their result.
pub(super) fn apply_flags(write: &mut WriteTx<'_>, group: i64, wanted: &[(Spot, i64, i64)]) -> Result<()> {
    let mut touched = Touched::default();
    let accounts: BTreeSet<i64> = wanted.iter().map(|(s, ..)| s.account).collect();
    for account in accounts {
        let ours: Vec<&(Spot, i64, i64)> = wanted.iter().filter(|(s, ..)| s.account == account).collect();
        let operation = begin(write, group, account, "flag", None, ours.first().map(|(s, ..)| s.message), 0)?;
        for (spot, on, off) in &ours {
            let mut void_by = None;
            if !operation.local
                && let Some((earlier, ..)) = unseen(write, spot.placement, "'flag'")?
                    .first()
                    .filter(|(_, set, cleared)| set == off && cleared == on)
            {
                // The server never saw the one, so it need not see the other.
                make_void(write, *earlier, spot.placement, operation.id)?;
                void_by = Some(operation.id);
            }
            add_target(write, operation.id, spot, *on, *off, void_by)?;
            if operation.local {
                write
                    .sql()
                    .prepare_cached("UPDATE placement SET server_flags = (server_flags | ?2) & ~?3 WHERE id = ?1")
                    .and_then(|mut s| s.execute((spot.placement, on, off)))
                    .map_err(sql)?;
            }
        }
        for (spot, ..) in ours {
            placement::refresh_pending_flags(write, spot.message, &mut touched)?;
        }
    }
    touched.refresh(write)
}

/// Moves messages to a mailbox of their account.
///
/// # Errors
/// `Invalid` where a message is of another account.
pub fn move_to(write: &mut WriteTx<'_>, selection: &Selection, to: MailboxId) -> Result<Undoable> {
    let aim = mailbox::get(write, to)?;
    if !aim.selectable {
        return Err(Error::invalid("This mailbox only holds other mailboxes."));
    }
    if aim.role == Some(MailboxRole::Snoozed) {
        return Err(Error::invalid("What is snoozed needs a time to come back.").remedy("Snooze it instead."));
    }
    let spots = places(write, selection, aim.role)?;
    if spots.iter().any(|s| s.account != aim.account_id.0) {
        return Err(Error::invalid("Messages can be moved inside their account only."));
    }
    let group = group_of(write, selection)?;
    let moved = apply_move(write, group, &spots, to.0)?;
    Ok(Undoable { group: OperationGroupId(group), messages: moved })
}

/// Writes a move of places of one account, and shows it; how many messages it moved.
pub(super) fn apply_move(write: &mut WriteTx<'_>, group: i64, spots: &[Spot], to: i64) -> Result<u32> {
    let spots: Vec<Spot> = spots.iter().filter(|s| s.shown != Some(to)).copied().collect();
    let Some(first) = spots.first() else { return Ok(0) };
    let operation = begin(write, group, first.account, "move", Some(to), Some(first.message), 0)?;
    let mut touched = Touched::default();
    for spot in &spots {
        let mut void_by = None;
        if !operation.local {
            for (earlier, ..) in unseen(write, spot.placement, "'move', 'delete'")? {
                make_void(write, earlier, spot.placement, operation.id)?;
            }
            if spot.server == Some(to) {
                void_by = Some(operation.id);
            }
        }
        add_target(write, operation.id, spot, 0, 0, void_by)?;
        snooze::end(write, spot.placement, operation.id)?;
        if operation.local {
            write
                .sql()
                .prepare_cached("UPDATE placement SET server_mailbox_id = ?2 WHERE id = ?1")
                .and_then(|mut s| s.execute((spot.placement, to)))
                .map_err(sql)?;
        }
        placement::show_in(write, spot.placement, Show::In(to), &mut touched)?;
    }
    touched.refresh(write)?;
    Ok(count(&spots))
}

/// Puts messages away into the archive; it is made where the account has none.
pub fn archive(write: &mut WriteTx<'_>, selection: &Selection) -> Result<Undoable> {
    into_role(write, selection, MailboxRole::Archive)
}

/// Puts messages into Junk, or, where they are in Junk, back into the inbox.
pub fn junk(write: &mut WriteTx<'_>, selection: &Selection) -> Result<Undoable> {
    into_role(write, selection, MailboxRole::Junk)
}

fn into_role(write: &mut WriteTx<'_>, selection: &Selection, role: MailboxRole) -> Result<Undoable> {
    let group = group_of(write, selection)?;
    let mut messages = 0;
    for (account, spots) in by_account(places(write, selection, Some(role))?) {
        let account = AccountId(account);
        let mut aim = home(write, group, account, role)?;
        if role == MailboxRole::Junk && spots.iter().all(|s| s.shown == Some(aim.0)) {
            aim = mailbox::by_role(write, account, MailboxRole::Inbox)?.unwrap_or(aim);
        }
        messages += apply_move(write, group, &spots, aim.0)?;
    }
    Ok(Undoable { group: OperationGroupId(group), messages })
}

/// The mailbox of a role; made, here at once and on the server by an operation, where there is none.
fn home(write: &mut WriteTx<'_>, group: i64, account: AccountId, role: MailboxRole) -> Result<MailboxId> {
    if let Some(found) = mailbox::by_role(write, account, role)? {
        return Ok(found);
    }
    if role == MailboxRole::Archive
        && let Some(found) = mailbox::by_role(write, account, MailboxRole::All)?
    {
        return Ok(found);
    }
    let name = match role {
        MailboxRole::Junk => "Junk",
        MailboxRole::Trash => "Trash",
        _ => "Archive",
    };
    let made = mailbox::add(write, account, name, Some(role), true)?;
    let Draft { local, .. } = begin(write, group, account.0, "create_mailbox", Some(made.0), None, 0)?;
    if local {
        write.sql().execute("UPDATE mailbox SET local_only = 0 WHERE id = ?1", [made.0]).map_err(sql)?;
    }
    Ok(made)
}

/// Deletes: into Trash, and out of Trash for good. Where an account has no Trash it is for good at
/// once. The server is told of what is for good only after `undo_ms`, so that it can be taken back.
pub fn delete(write: &mut WriteTx<'_>, selection: &Selection, undo_ms: i64) -> Result<Undoable> {
    let group = group_of(write, selection)?;
    let spots = places(write, selection, Some(MailboxRole::Trash))?;
    let messages = count(&spots);
    for (account, spots) in by_account(spots) {
        let trash = mailbox::by_role(write, AccountId(account), MailboxRole::Trash)?.map(|t| t.0);
        let (for_good, to_trash): (Vec<Spot>, Vec<Spot>) =
            spots.into_iter().partition(|s| trash.is_none() || s.shown == trash);
        if let Some(trash) = trash {
            apply_move(write, group, &to_trash, trash)?;
        }
        apply_delete(write, group, &for_good, undo_ms)?;
    }
    Ok(Undoable { group: OperationGroupId(group), messages })
}

fn apply_delete(write: &mut WriteTx<'_>, group: i64, spots: &[Spot], undo_ms: i64) -> Result<()> {
    let Some(first) = spots.first() else { return Ok(()) };
    let operation = begin(write, group, first.account, "delete", None, Some(first.message), undo_ms)?;
    let mut touched = Touched::default();
    if operation.local {
        sweep_local(write, first.account, &mut touched)?;
    }
    for spot in spots {
        if !operation.local {
            for (earlier, ..) in unseen(write, spot.placement, "'move'")? {
                make_void(write, earlier, spot.placement, operation.id)?;
            }
        }
        add_target(write, operation.id, spot, 0, 0, None)?;
        snooze::end(write, spot.placement, operation.id)?;
        placement::show_in(write, spot.placement, Show::Nowhere, &mut touched)?;
    }
    touched.refresh(write)
}

/// Where no server forgets what was deleted, the next deletion does, a day later.
fn sweep_local(write: &mut WriteTx<'_>, account: i64, touched: &mut Touched) -> Result<()> {
    let day_ago = write.now().0 - 24 * 3600 * 1000;
    let old: Vec<i64> = write
        .sql()
        .prepare_cached(
            "SELECT p.id FROM operation o JOIN operation_target t ON t.operation_id = o.id
                JOIN placement p ON p.id = t.placement_id
             WHERE o.account_id = ?1 AND o.state = 'done' AND o.kind = 'delete' AND o.created_at < ?2 AND p.mailbox_id IS NULL",
        )
        .and_then(|mut s| s.query_map((account, day_ago), |r| r.get(0))?.collect())
        .map_err(sql)?;
    for one in old {
        placement::remove(write, one, touched)?;
    }
    placement::purge(write, AccountId(account))?;
    Ok(())
}

/// The reason a deletion can't be taken back.
pub(super) fn gone() -> Error {
    Error::new(ErrorCode::Conflict, "The server has already deleted this for good.")
}
