//! Taking an act back, before or after the server learned of it.

use super::act::{apply_flags, apply_move, gone};
use super::snooze;
use super::{SPOT, Spot, new_group};
use crate::db::{Read, WriteTx};
use crate::error::sql;
use crate::placement;
use crate::placement::Show;
use crate::thread::Touched;
use model::{Error, Noun, OperationGroupId, Result};
use rusqlite::OptionalExtension;
use std::collections::BTreeMap;

struct Old {
    placement: i64,
    message: i64,
    set: i64,
    cleared: i64,
    before: Option<i64>,
}

/// Operations one step of [`undo`] takes back: each has the places of one part of a large act.
const STEP: u32 = 4;

/// Takes back everything a group of operations did, and nothing else.
///
/// # Errors
/// `Conflict` where the server has deleted for good, `NotFound` where there is no such act.
pub fn undo(write: &mut WriteTx<'_>, group: OperationGroupId) -> Result<()> {
    let mut below = None;
    loop {
        below = undo_step(write, group, below)?;
        if below.is_none() {
            return Ok(());
        }
    }
}

/// One step of [`undo`], of the operations below this one; where the next step begins, if there is
/// more. A large act is taken back in steps of a transaction each, the newest part first, so that
/// others write in between.
///
/// # Errors
/// As [`undo`], and then before anything was taken back.
pub fn undo_step(write: &mut WriteTx<'_>, group: OperationGroupId, below: Option<i64>) -> Result<Option<i64>> {
    let (known, deleted): (bool, bool) = write
        .sql()
        .prepare_cached(
            "SELECT count(*) > 0, coalesce(max(o.kind = 'delete' AND o.state NOT IN ('pending', 'undone', 'refused')
                AND a.kind <> 'sandbox'), 0)
             FROM operation o JOIN account a ON a.id = o.account_id WHERE o.group_id = ?1",
        )
        .and_then(|mut s| s.query_row([group.0], |r| Ok((r.get(0)?, r.get(1)?))))
        .map_err(sql)?;
    if !known {
        return Err(Error::not_found("This step can no longer be taken back."));
    }
    if deleted && below.is_none() {
        return Err(gone());
    }
    let operations: Vec<(i64, String, String, Option<i64>, bool)> = write
        .sql()
        .prepare_cached(
            "SELECT o.id, o.kind, o.state, o.mailbox_id, a.kind = 'sandbox' FROM operation o JOIN account a ON a.id = o.account_id
             WHERE o.group_id = ?1 AND (?2 IS NULL OR o.id < ?2) ORDER BY o.id DESC LIMIT ?3",
        )
        .and_then(|mut s| {
            s.query_map((group.0, below, STEP), |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)))?.collect()
        })
        .map_err(sql)?;
    let next = operations.get(STEP as usize - 1).map(|(id, ..)| *id);
    let reverse = new_group(write)?;
    for (id, kind, state, mailbox, local) in operations {
        let targets = targets(write, id)?;
        match (state.as_str(), kind.as_str()) {
            ("pending", "append") => {
                let account: i64 = write
                    .sql()
                    .query_row("SELECT account_id FROM operation WHERE id = ?1", [id], |r| r.get(0))
                    .map_err(sql)?;
                super::append::withdraw(write, account, targets.iter().map(|t| t.placement))?;
            }
            // A mailbox that was made stays: it may hold other mail by now. What a server has stored is
            // deleted like any other message.
            ("undone" | "refused", _) | (_, "create_mailbox" | "append") => continue,
            (_, "snooze" | "unsnooze") => {
                snooze::take_back(write, id, targets.iter().map(|t| (t.placement, t.message)))?;
            }
            ("pending", _) => withdraw(write, id, &targets)?,
            (_, "flag") => {
                let mut wanted = Vec::new();
                for old in &targets {
                    wanted.extend(spot(write, old, None)?.map(|spot| (spot, old.cleared, old.set)));
                }
                apply_flags(write, reverse, &wanted)?;
            }
            (_, "keyword") => {
                let names = super::keyword::of(write, id)?.reversed();
                let mut spots = Vec::new();
                for old in &targets {
                    spots.extend(spot(write, old, None)?);
                }
                if let Some(account) = spots.first().map(|spot| spot.account) {
                    super::keyword::apply(write, reverse, account, &names, &spots)?;
                }
            }
            (_, "move") => {
                let mut back: BTreeMap<i64, Vec<Spot>> = BTreeMap::new();
                for old in &targets {
                    if let (Some(before), Some(spot)) = (old.before, spot(write, old, mailbox)?) {
                        back.entry(before).or_default().push(spot);
                    }
                }
                for (before, spots) in back {
                    // What was snoozed is in the inbox of its server.
                    let aim = snooze::inbox_of(write, before)?.unwrap_or(before);
                    apply_move(write, reverse, &spots, aim)?;
                }
                snooze::revive(write, id)?;
                derive(write, targets.iter().map(|t| (t.placement, t.message)))?;
            }
            _ if local => {
                let mut touched = Touched::default();
                for old in &targets {
                    placement::show_in(write, old.placement, old.before.into(), &mut touched)?;
                }
                touched.refresh(write)?;
                snooze::revive(write, id)?;
            }
            _ => return Err(gone()),
        }
        write
            .sql()
            .prepare_cached("UPDATE operation SET state = 'undone' WHERE id = ?1 AND state IN ('pending', 'done')")
            .and_then(|mut s| s.execute([id]))
            .map_err(sql)?;
    }
    write.changed(Noun::Message, None::<i64>);
    write.changed(Noun::Mailbox, None::<i64>);
    Ok(next)
}

fn targets(read: &impl Read, operation: i64) -> Result<Vec<Old>> {
    read.sql()
        .prepare_cached(
            "SELECT placement_id, message_id, set_flags, cleared_flags, before_mailbox_id FROM operation_target
             WHERE operation_id = ?1",
        )
        .and_then(|mut s| {
            s.query_map([operation], |r| {
                Ok(Old {
                    placement: r.get(0)?,
                    message: r.get(1)?,
                    set: r.get(2)?,
                    cleared: r.get(3)?,
                    before: r.get(4)?,
                })
            })?
            .collect()
        })
        .map_err(sql)
}

/// The server never saw it: it never was. What it had made void counts again.
fn withdraw(write: &mut WriteTx<'_>, operation: i64, targets: &[Old]) -> Result<()> {
    for statement in [
        "UPDATE operation SET state = 'undone' WHERE id = ?1",
        "UPDATE operation SET state = 'pending' WHERE state = 'done' AND id <> ?1
            AND id IN (SELECT operation_id FROM operation_target WHERE void_by = ?1)",
        "UPDATE operation_target SET void_by = NULL WHERE void_by = ?1",
    ] {
        write.sql().prepare_cached(statement).and_then(|mut s| s.execute([operation])).map_err(sql)?;
    }
    snooze::revive(write, operation)?;
    derive(write, targets.iter().map(|t| (t.placement, t.message)))?;
    super::keyword::refresh_targets(write, operation)
}

/// Shows places and flags as the server and what still waits have them.
pub(super) fn derive(write: &mut WriteTx<'_>, targets: impl Iterator<Item = (i64, i64)>) -> Result<()> {
    let mut touched = Touched::default();
    for (place, message) in targets {
        placement::show_in(write, place, Show::Derived, &mut touched)?;
        placement::refresh_pending_flags(write, message, &mut touched)?;
    }
    touched.refresh(write)
}

/// Where a target is now: its placement, or the one that sync made of it in the mailbox it went to.
fn spot(read: &impl Read, old: &Old, moved_to: Option<i64>) -> Result<Option<Spot>> {
    read.sql()
        .prepare_cached(&format!(
            "SELECT {SPOT} FROM placement p JOIN message m ON m.id = p.message_id
             WHERE p.id = ?1 OR (p.message_id = ?2 AND (?3 IS NULL OR p.mailbox_id = ?3))
             ORDER BY p.id = ?1 DESC, p.id LIMIT 1"
        ))
        .and_then(|mut s| s.query_row((old.placement, old.message, moved_to), Spot::from_row).optional())
        .map_err(sql)
}
