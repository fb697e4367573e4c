//! How the server learns of local acts: claimed in order, settled, put off or refused.

use super::append::{self, Appending};
use super::keyword::{self, Names};
use super::snooze;
use super::undo::derive;
use crate::account::to_json;
use crate::db::{Read, WriteTx};
use crate::error::sql;
use crate::thread::Touched;
use crate::{flag, mailbox, placement};
use model::message::Flags;
use model::{AccountId, Error, MailboxId, Noun, OperationId, Result, Timestamp};
use rusqlite::OptionalExtension;

/// A place on the server that an operation is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its placement.
    pub placement: i64,
    /// Its key at the server; `None` where the server moved it without telling.
    pub key: Option<String>,
    /// Message-ID header, to find it by where there is no key.
    pub message_id: String,
}

/// Targets that one act of the protocol serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Key of the mailbox they are in.
    pub mailbox: String,
    /// Flags to set.
    pub set: Flags,
    /// Flags to clear.
    pub clear: Flags,
    /// Which.
    pub targets: Vec<Target>,
}

/// What an operation asks of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Flags.
    Flag(Vec<Group>),
    /// Keywords.
    Keyword(Names, Vec<Group>),
    /// Into the mailbox with this id and key.
    Move(MailboxId, String, Vec<Group>),
    /// For good.
    Delete(Vec<Group>),
    /// A mailbox with this path.
    Create(MailboxId, String),
    /// Stores a message in the mailbox of this key.
    Append(String, Box<Appending>),
    /// The mailbox it aims at is gone.
    Aimless,
}

/// An operation taken up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Which.
    pub id: OperationId,
    /// Tries, this one included.
    pub attempts: u32,
    /// What to do.
    pub claim: Claim,
}

/// When the next operation of an account is due.
pub fn next_at(read: &impl Read, account: AccountId) -> Result<Option<Timestamp>> {
    read.sql()
        .prepare_cached(
            "SELECT min(next_at) FROM operation WHERE account_id = ?1 AND state IN ('pending', 'replaying')",
        )
        .and_then(|mut s| s.query_row([account.0], |r| r.get::<_, Option<i64>>(0)))
        .map(|at| at.map(Timestamp))
        .map_err(sql)
}

/// Takes up the next due operation of an account. What a dead process had taken up is taken up
/// again: acts are idempotent.
pub fn claim(write: &mut WriteTx<'_>, account: AccountId) -> Result<Option<Claimed>> {
    let now = write.now().0;
    loop {
        let next: Option<(i64, String, Option<i64>, u32)> = write
            .sql()
            .prepare_cached(
                "SELECT id, kind, mailbox_id, attempts FROM operation
                 WHERE account_id = ?1 AND state IN ('pending', 'replaying') AND next_at <= ?2 ORDER BY id LIMIT 1",
            )
            .and_then(|mut s| {
                s.query_row((account.0, now), |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))).optional()
            })
            .map_err(sql)?;
        let Some((id, kind, aim, attempts)) = next else { return Ok(None) };
        let aim = match aim {
            Some(aim) => Some((MailboxId(aim), mailbox::key(write, MailboxId(aim))?)),
            None => None,
        };
        let claim = match (kind.as_str(), aim) {
            ("flag", _) => Claim::Flag(groups(write, id, None)?),
            ("keyword", _) => Claim::Keyword(keyword::of(write, id)?, groups(write, id, None)?),
            ("delete", _) => Claim::Delete(groups(write, id, None)?),
            ("move", Some((aim, key))) => Claim::Move(aim, key, groups(write, id, Some(aim))?),
            ("create_mailbox", Some((aim, _))) => {
                let made = mailbox::get(write, aim)?;
                let waits: bool = write
                    .sql()
                    .query_row("SELECT local_only FROM mailbox WHERE id = ?1", [aim.0], |r| r.get(0))
                    .map_err(sql)?;
                if !waits {
                    finish(write, OperationId(id))?;
                    continue;
                }
                Claim::Create(aim, made.path)
            }
            ("append", Some((_, key))) => {
                let Some(message) = append::appending(write, id)? else {
                    finish(write, OperationId(id))?;
                    continue;
                };
                Claim::Append(key, Box::new(message))
            }
            _ => Claim::Aimless,
        };
        let empty = match &claim {
            Claim::Flag(groups) | Claim::Keyword(_, groups) | Claim::Move(_, _, groups) | Claim::Delete(groups) => {
                groups.is_empty()
            }
            Claim::Create(..) | Claim::Append(..) | Claim::Aimless => false,
        };
        if empty {
            // All void, or gone from the server meanwhile.
            finish(write, OperationId(id))?;
            continue;
        }
        write
            .sql()
            .prepare_cached("UPDATE operation SET state = 'replaying', attempts = attempts + 1 WHERE id = ?1")
            .and_then(|mut s| s.execute([id]))
            .map_err(sql)?;
        return Ok(Some(Claimed { id: OperationId(id), attempts: attempts + 1, claim }));
    }
}

fn groups(read: &impl Read, operation: i64, aim: Option<MailboxId>) -> Result<Vec<Group>> {
    let mut found: Vec<Group> = Vec::new();
    let rows: Vec<(String, i64, i64, Target)> = read
        .sql()
        .prepare_cached(
            "SELECT b.key, t.set_flags, t.cleared_flags, p.id, p.key, m.message_id
             FROM operation_target t JOIN placement p ON p.id = t.placement_id
                JOIN mailbox b ON b.id = p.server_mailbox_id JOIN message m ON m.id = p.message_id
             WHERE t.operation_id = ?1 AND t.void_by IS NULL AND NOT b.local_only AND (?2 IS NULL OR p.server_mailbox_id <> ?2)
             ORDER BY b.key, t.set_flags, t.cleared_flags, p.uid",
        )
        .and_then(|mut s| {
            s.query_map((operation, aim.map(|a| a.0)), |r| {
                let target = Target { placement: r.get(3)?, key: r.get(4)?, message_id: r.get(5)? };
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, target))
            })?
            .collect()
        })
        .map_err(sql)?;
    for (mailbox, set, clear, target) in rows {
        let (set, clear) = (flag::flags(set), flag::flags(clear));
        match found.last_mut().filter(|g| g.mailbox == mailbox && g.set == set && g.clear == clear) {
            Some(group) => group.targets.push(target),
            None => found.push(Group { mailbox, set, clear, targets: vec![target] }),
        }
    }
    Ok(found)
}

/// The server has these flags now.
pub fn settle_flags(write: &mut WriteTx<'_>, group: &Group) -> Result<()> {
    for target in &group.targets {
        write
            .sql()
            .prepare_cached("UPDATE placement SET server_flags = (server_flags | ?2) & ~?3 WHERE id = ?1")
            .and_then(|mut s| s.execute((target.placement, flag::bits(group.set), flag::bits(group.clear))))
            .map_err(sql)?;
    }
    Ok(())
}

/// The server moved these; `keys` tells old and new keys where it did.
pub fn settle_move(write: &mut WriteTx<'_>, group: &Group, to: MailboxId, keys: &[(String, String)]) -> Result<()> {
    let now = write.now().0;
    let mut touched = Touched::default();
    for target in &group.targets {
        let new = keys.iter().find(|(old, _)| Some(old) == target.key.as_ref()).map(|(_, new)| new.clone());
        let uid = new.as_deref().and_then(placement::number);
        if let Some(new) = &new {
            // A pull may have brought it there already: that row is the truth.
            let twin: Option<i64> = write
                .sql()
                .prepare_cached("SELECT id FROM placement WHERE server_mailbox_id = ?1 AND key = ?2 AND id <> ?3")
                .and_then(|mut s| s.query_row((to.0, new, target.placement), |r| r.get(0)).optional())
                .map_err(sql)?;
            if let Some(twin) = twin {
                snooze::hand_over(write, target.placement, twin, &mut touched)?;
                placement::remove(write, target.placement, &mut touched)?;
                continue;
            }
        }
        write
            .sql()
            .prepare_cached(
                "UPDATE placement SET server_mailbox_id = ?2, key = ?3, uid = ?4, moved_at = CASE WHEN ?3 IS NULL THEN ?5 END
                 WHERE id = ?1",
            )
            .and_then(|mut s| s.execute((target.placement, to.0, &new, uid, now)))
            .map_err(sql)?;
    }
    touched.refresh(write)
}

/// The server deleted these.
pub fn settle_delete(write: &mut WriteTx<'_>, group: &Group) -> Result<()> {
    let mut touched = Touched::default();
    for target in &group.targets {
        placement::remove(write, target.placement, &mut touched)?;
    }
    touched.refresh(write)
}

/// The server made the mailbox, under this key.
pub fn settle_created(write: &mut WriteTx<'_>, mailbox: MailboxId, key: &str) -> Result<()> {
    mailbox::made(write, mailbox, key)
}

fn targets(read: &impl Read, operation: OperationId) -> Result<Vec<(i64, i64)>> {
    read.sql()
        .prepare_cached("SELECT placement_id, message_id FROM operation_target WHERE operation_id = ?1")
        .and_then(|mut s| s.query_map([operation.0], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .map_err(sql)
}

/// All of an operation is done.
pub fn finish(write: &mut WriteTx<'_>, operation: OperationId) -> Result<()> {
    let now = write.now().0;
    write
        .sql()
        .prepare_cached(
            "UPDATE operation SET state = 'done', error = NULL, done_at = ?2 WHERE id = ?1 AND state <> 'undone'",
        )
        .and_then(|mut s| s.execute((operation.0, now)))
        .map_err(sql)?;
    let targets = targets(write, operation)?;
    derive(write, targets.into_iter())?;
    keyword::refresh_targets(write, operation.0)?;
    write.changed(Noun::Message, None::<i64>);
    Ok(())
}

/// Not now: again at `next_at`.
pub fn defer(write: &mut WriteTx<'_>, operation: OperationId, next_at: Timestamp, error: &Error) -> Result<()> {
    let error = to_json(error)?;
    write
        .sql()
        .prepare_cached(
            "UPDATE operation SET state = 'pending', next_at = ?2, error = ?3 WHERE id = ?1 AND state = 'replaying'",
        )
        .and_then(|mut s| s.execute((operation.0, next_at.0, error)))
        .map_err(sql)?;
    write.changed(Noun::Message, None::<i64>);
    Ok(())
}

/// The server refused: what is shown goes back, and the reason stays.
pub fn refuse(write: &mut WriteTx<'_>, operation: OperationId, error: &Error) -> Result<()> {
    let error = to_json(error)?;
    write
        .sql()
        .prepare_cached("UPDATE operation SET state = 'refused', error = ?2 WHERE id = ?1")
        .and_then(|mut s| s.execute((operation.0, error)))
        .map_err(sql)?;
    let targets = targets(write, operation)?;
    let (kind, account): (String, i64) = write
        .sql()
        .query_row("SELECT kind, account_id FROM operation WHERE id = ?1", [operation.0], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
        .map_err(sql)?;
    if kind == "append" {
        append::withdraw(write, account, targets.into_iter().map(|(place, _)| place))?;
    } else {
        snooze::revive(write, operation.0)?;
        derive(write, targets.into_iter())?;
        keyword::refresh_targets(write, operation.0)?;
    }
    write.changed(Noun::Message, None::<i64>);
    write.changed(Noun::Mailbox, None::<i64>);
    Ok(())
}
