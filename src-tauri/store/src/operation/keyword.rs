//! Keywords: names that a message has at its server besides its flags (Graph: categories).
//!
//! What is shown is what the server told, then every act on keywords that it has not seen, in order. One operation
//! holds the messages for which it means the same, so that taking it back takes back that and nothing else.
//! Refuses: accounts whose protocol keeps none here. Gmail's labels are mailboxes; those of IMAP are not read.

use super::act::all_places;
use super::{Draft, Spot, add_target, begin, group_of};
use crate::account::{json, to_json};
use crate::db::{Read, WriteTx};
use crate::error::sql;
use model::message::{KeywordArgs, Undoable};
use model::{Error, Noun, OperationGroupId, Result, Timestamp};
use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The longest keyword, characters; Exchange takes no longer category.
const NAME_MAX: usize = 255;

/// What an operation does to keywords.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Names {
    /// Names to set.
    pub add: Vec<String>,
    /// Names to take away.
    pub remove: Vec<String>,
}

impl Names {
    /// The opposite.
    pub(super) fn reversed(self) -> Self {
        Self { add: self.remove, remove: self.add }
    }

    fn apply(&self, to: &mut Vec<String>) {
        to.retain(|name| !self.remove.iter().any(|gone| same(gone, name)));
        for name in &self.add {
            if !to.iter().any(|there| same(there, name)) {
                to.push(name.clone());
            }
        }
    }

    /// What of it changes a message with these.
    fn effective(&self, on: &[String]) -> Self {
        let has = |name: &String| on.iter().find(|there| same(there, name));
        Self {
            add: self.add.iter().filter(|name| has(name).is_none()).cloned().collect(),
            remove: self.remove.iter().filter_map(has).cloned().collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty()
    }
}

/// Exchange tells categories apart without regard to case.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn names(given: &[String]) -> Result<Vec<String>> {
    let mut clean: Vec<String> = Vec::new();
    for name in given.iter().map(|name| name.trim()) {
        if name.is_empty() || name.chars().any(char::is_control) || name.chars().count() > NAME_MAX {
            return Err(Error::invalid("A keyword is one line of 1 to 255 characters."));
        }
        if !clean.iter().any(|there| same(there, name)) {
            clean.push(name.to_owned());
        }
    }
    Ok(clean)
}

/// Sets keywords and takes others away.
///
/// # Errors
/// `Invalid` for a name that is none, and for messages of accounts that keep no keywords.
pub fn keyword(write: &mut WriteTx<'_>, args: &KeywordArgs) -> Result<Undoable> {
    let wanted = Names { add: names(&args.add)?, remove: names(&args.remove)? };
    let group = group_of(write, &args.selection)?;
    let mut seen = BTreeSet::new();
    let spots: Vec<Spot> =
        all_places(write, &args.selection)?.into_iter().flatten().filter(|s| seen.insert(s.message)).collect();
    let mut alike: BTreeMap<(i64, Names), Vec<Spot>> = BTreeMap::new();
    for spot in spots {
        let effective = wanted.effective(&shown(write, spot.message)?);
        if !effective.is_empty() {
            alike.entry((spot.account, effective)).or_default().push(spot);
        }
    }
    let messages = alike.values().map(Vec::len).sum::<usize>() as u32;
    for ((account, names), spots) in alike {
        apply(write, group, account, &names, &spots)?;
    }
    Ok(Undoable { group: OperationGroupId(group), messages })
}

/// Writes one operation, and shows it.
pub(super) fn apply(write: &mut WriteTx<'_>, group: i64, account: i64, names: &Names, spots: &[Spot]) -> Result<()> {
    let Some(first) = spots.first() else { return Ok(()) };
    let kind: String = write
        .sql()
        .prepare_cached("SELECT kind FROM account WHERE id = ?1")
        .and_then(|mut s| s.query_row([account], |r| r.get(0)))
        .map_err(sql)?;
    if !matches!(kind.as_str(), "microsoft" | "sandbox") {
        return Err(Error::invalid("Only Microsoft's mailboxes keep keywords (there: categories) on messages.")
            .remedy("Move the message to a mailbox or label of your own instead."));
    }
    let Draft { id, local } = begin(write, group, account, "keyword", None, Some(first.message), 0)?;
    let text = to_json(names)?;
    write.sql().execute("UPDATE operation SET names = ?2 WHERE id = ?1", (id, text)).map_err(sql)?;
    for spot in spots {
        add_target(write, id, spot, 0, 0, None)?;
        if local {
            settle_one(write, spot.message, names)?;
        }
        refresh(write, spot.message)?;
    }
    Ok(())
}

/// What an operation does to keywords.
pub(super) fn of(read: &impl Read, operation: i64) -> Result<Names> {
    let names = read
        .sql()
        .prepare_cached("SELECT names FROM operation WHERE id = ?1")
        .and_then(|mut s| s.query_row([operation], |r| json(r, 0)).optional())
        .map_err(sql)?;
    Ok(names.flatten().unwrap_or_default())
}

/// The server has them now on these placements.
pub fn settle_keywords(write: &mut WriteTx<'_>, group: &super::Group, names: &Names) -> Result<()> {
    for target in &group.targets {
        let message = write
            .sql()
            .prepare_cached("SELECT message_id FROM placement WHERE id = ?1")
            .and_then(|mut s| s.query_row([target.placement], |r| r.get(0)).optional())
            .map_err(sql)?;
        if let Some(message) = message {
            settle_one(write, message, names)?;
        }
    }
    Ok(())
}

fn settle_one(write: &WriteTx<'_>, message: i64, names: &Names) -> Result<()> {
    let mut list = column(write, message, "server_keywords")?;
    names.apply(&mut list);
    set(write, message, "server_keywords", &list).map(drop)
}

/// Shows the messages of an operation anew, where it is one on keywords.
pub(super) fn refresh_targets(write: &mut WriteTx<'_>, operation: i64) -> Result<()> {
    let messages: Vec<i64> = write
        .sql()
        .prepare_cached(
            "SELECT DISTINCT t.message_id FROM operation_target t JOIN operation o ON o.id = t.operation_id
             WHERE o.id = ?1 AND o.kind = 'keyword'",
        )
        .and_then(|mut s| s.query_map([operation], |r| r.get(0))?.collect())
        .map_err(sql)?;
    messages.into_iter().try_for_each(|message| refresh(write, message).map(drop))
}

/// The server told the keywords of a message; true where that changes anything. What it told before it learned of
/// an act made meanwhile is old news.
pub(crate) fn told(
    write: &mut WriteTx<'_>,
    message: i64,
    list: &[String],
    began_at: Option<Timestamp>,
) -> Result<bool> {
    let overtaken: bool = write
        .sql()
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM operation o JOIN operation_target t ON t.operation_id = o.id
                WHERE t.message_id = ?1 AND o.kind = 'keyword' AND o.state = 'done' AND o.done_at > ?2)",
        )
        .and_then(|mut s| s.query_row((message, began_at.map_or(i64::MAX, |at| at.0)), |r| r.get(0)))
        .map_err(sql)?;
    if overtaken || !set(write, message, "server_keywords", list)? {
        return Ok(false);
    }
    refresh(write, message)
}

/// Shows what the server told and what it has not seen yet; true where that is another list than before.
fn refresh(write: &mut WriteTx<'_>, message: i64) -> Result<bool> {
    let mut list = column(write, message, "server_keywords")?;
    let waiting: Vec<Option<Names>> = write
        .sql()
        .prepare_cached(
            "SELECT DISTINCT o.names, o.id FROM operation o JOIN operation_target t ON t.operation_id = o.id
             WHERE t.message_id = ?1 AND o.kind = 'keyword' AND o.state IN ('pending', 'replaying')
                AND t.void_by IS NULL ORDER BY o.id",
        )
        .and_then(|mut s| s.query_map([message], |r| json(r, 0))?.collect())
        .map_err(sql)?;
    for names in waiting.into_iter().flatten() {
        names.apply(&mut list);
    }
    let changed = set(write, message, "keywords", &list)?;
    if changed {
        write.changed(Noun::Message, Some(message));
    }
    Ok(changed)
}

fn shown(read: &impl Read, message: i64) -> Result<Vec<String>> {
    column(read, message, "keywords")
}

fn column(read: &impl Read, message: i64, name: &str) -> Result<Vec<String>> {
    let list = read
        .sql()
        .prepare_cached(&format!("SELECT {name} FROM message WHERE id = ?1"))
        .and_then(|mut s| s.query_row([message], |r| json(r, 0)).optional())
        .map_err(sql)?;
    Ok(list.flatten().unwrap_or_default())
}

fn set(write: &WriteTx<'_>, message: i64, name: &str, list: &[String]) -> Result<bool> {
    let text = to_json(&list)?;
    let changed = write
        .sql()
        .prepare_cached(&format!("UPDATE message SET {name} = ?2 WHERE id = ?1 AND {name} <> ?2"))
        .and_then(|mut s| s.execute((message, text)))
        .map_err(sql)?;
    Ok(changed > 0)
}
