//! The lists that were asked for last, kept as vectors of ids, and how they follow what is written.
//!
//! A list whose columns changed is not made anew as long as it is known which records changed: they are
//! taken out and put back where they belong now. The table `change` names them, whoever wrote. Where it
//! says "any", where columns or views changed, or where a calculated column looks into other records,
//! the list is made anew.
//! Whoever makes a list does it for all who ask for it meanwhile; see [`Lists::ready`].

use super::error::sql;
use super::list::{Key, Stamp, conditions};
use super::lock;
use super::meta::Def;
use super::order::Rows;
use base::text;
use model::{Noun, Result};
use rusqlite::{Connection, OptionalExtension as _};
use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Lists kept.
const LISTS_KEPT: usize = 8;
/// Ids kept in all lists together: 64 MB.
const IDS_KEPT: usize = 8_000_000;
/// Records put in their new places at most; beyond, making the list anew is as quick.
const MOVED_MAX: usize = 1_000;

/// The lists of one base.
#[derive(Default)]
pub(super) struct Lists {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    known: Mutex<Known>,
    /// A list was made, or its making failed.
    settled: Condvar,
}

#[derive(Default)]
struct Known {
    /// Newest at the end.
    kept: Vec<Kept>,
    making: Vec<(Key, Stamp)>,
}

#[derive(Clone)]
struct Kept {
    key: Key,
    stamp: Stamp,
    /// The last change of the file it has seen.
    seq: i64,
    ids: Arc<Vec<i64>>,
}

/// A list, or the task to make it.
pub(super) enum Ready {
    List(Arc<Vec<i64>>),
    Make(Making),
}

/// The task to make a list; dropped without, others may try.
pub(super) struct Making {
    shared: Arc<Shared>,
    key: Key,
    stamp: Stamp,
    seq: i64,
}

impl Known {
    fn get(&mut self, key: &Key, stamp: Stamp, seq: i64) -> Option<Arc<Vec<i64>>> {
        let at = self.kept.iter().position(|kept| kept.key == *key && kept.stamp == stamp)?;
        let mut kept = self.kept.remove(at);
        kept.seq = kept.seq.max(seq);
        let ids = kept.ids.clone();
        self.kept.push(kept);
        Some(ids)
    }

    fn put(&mut self, kept: Kept) {
        self.kept.retain(|old| old.key != kept.key);
        self.kept.push(kept);
        while self.kept.len() > LISTS_KEPT
            || (self.kept.len() > 1 && self.kept.iter().map(|kept| kept.ids.len()).sum::<usize>() > IDS_KEPT)
        {
            self.kept.remove(0);
        }
    }
}

impl Lists {
    /// The list of a key in the state of the file that `c` sees: one that is kept, brought up to date if
    /// need be, or one that somebody else is making, once it is made. Otherwise it is the caller's to make.
    pub(super) fn ready(&self, c: &Connection, def: &Def, key: &Key, stamp: Stamp, language: &str) -> Result<Ready> {
        let seq = super::last_seq(c)?;
        let mut known = lock(&self.shared.known);
        loop {
            if let Some(ids) = known.get(key, stamp, seq) {
                return Ok(Ready::List(ids));
            }
            if !known.making.iter().any(|(k, s)| k == key && *s == stamp) {
                break;
            }
            known = self.shared.settled.wait(known).unwrap_or_else(PoisonError::into_inner);
        }
        known.making.push((key.clone(), stamp));
        let old = known.kept.iter().find(|kept| kept.key == *key).cloned();
        drop(known);
        let making = Making { shared: self.shared.clone(), key: key.clone(), stamp, seq };
        if let Some(old) = old
            && let Some(ids) = followed(c, def, &old, seq, language)?
        {
            return Ok(Ready::List(making.done(ids)));
        }
        Ok(Ready::Make(making))
    }
}

impl Making {
    /// The list is made.
    pub(super) fn done(self, mut ids: Vec<i64>) -> Arc<Vec<i64>> {
        ids.shrink_to_fit();
        let ids = Arc::new(ids);
        let kept = Kept { key: self.key.clone(), stamp: self.stamp, seq: self.seq, ids: ids.clone() };
        lock(&self.shared.known).put(kept);
        ids
    }

    /// Puts the rows in order while the caller goes on.
    pub(super) fn done_later(self, rows: Rows) {
        std::thread::spawn(move || self.done(rows.sorted()));
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        lock(&self.shared.known).making.retain(|(key, stamp)| *key != self.key || *stamp != self.stamp);
        self.shared.settled.notify_all();
    }
}

/// A list after the changes since it was made; `None` where it has to be made anew.
fn followed(c: &Connection, def: &Def, old: &Kept, seq: i64, language: &str) -> Result<Option<Vec<i64>>> {
    if old.key.calculates(def) {
        return Ok(None);
    }
    let Some(changed) = changed(c, old.seq, seq)? else { return Ok(None) };
    let (mut query, mut rows) = Rows::select(def, &old.key, language, changed.len())?;
    conditions(&mut query, def, &old.key)?;
    let narrow = query.text.contains(" WHERE ");
    let mut here =
        c.prepare_cached(&format!("{}{} id=?", query.text, if narrow { " AND" } else { " WHERE" })).map_err(sql)?;
    let params: Vec<rusqlite::types::Value> = query.params;
    for id in &changed {
        let all = params.iter().cloned().chain([rusqlite::types::Value::Integer(*id)]);
        let mut found = here.query(rusqlite::params_from_iter(all)).map_err(sql)?;
        if let Some(row) = found.next().map_err(sql)? {
            rows.take(row)?;
        }
    }
    let rest: Vec<i64> = old.ids.iter().copied().filter(|id| !changed.contains(id)).collect();
    let order = text::Order::new(language);
    let mut moved: Vec<usize> = (0..rows.len()).collect();
    moved.sort_unstable_by(|a, b| rows.compare(*a, *b, &order));
    // Looked up on the way: rows that stay.
    let (query, _) = Rows::select(def, &old.key, language, 0)?;
    let mut other = c.prepare_cached(&format!("{} WHERE id=?", query.text)).map_err(sql)?;
    let mut ids = Vec::with_capacity(rest.len() + moved.len());
    let mut from = 0;
    for at in moved {
        let (mut low, mut high) = (from, rest.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let probe = rows.len();
            let mut found = other.query([rest.get(middle)]).map_err(sql)?;
            let Some(row) = found.next().map_err(sql)? else { return Ok(None) };
            rows.take(row)?;
            if rows.compare(probe, at, &order).is_lt() { low = middle + 1 } else { high = middle }
        }
        ids.extend_from_slice(rest.get(from..low).unwrap_or_default());
        ids.extend(rows.id(at));
        from = low;
    }
    ids.extend_from_slice(rest.get(from..).unwrap_or_default());
    Ok(Some(ids))
}

/// The records that changed after `since`, up to `until`, if that is known and they are few.
fn changed(c: &Connection, since: i64, until: i64) -> Result<Option<BTreeSet<i64>>> {
    if since > until || usize::try_from(until - since).map_or(true, |many| many > MOVED_MAX) {
        return Ok(None);
    }
    // What was forgotten was changed by nobody knows whom.
    let known: Option<i64> = c
        .prepare_cached("SELECT min(seq) FROM change")
        .and_then(|mut s| s.query_row([], |r| r.get(0)).optional().map(Option::flatten))
        .map_err(sql)?;
    if since < until && known.is_none_or(|first| first > since + 1) {
        return Ok(None);
    }
    let mut statement = c.prepare_cached("SELECT noun, id FROM change WHERE seq > ?1 AND seq <= ?2").map_err(sql)?;
    let mut found = statement.query([since, until]).map_err(sql)?;
    let mut changed = BTreeSet::new();
    while let Some(row) = found.next().map_err(sql)? {
        let (noun, id): (String, Option<String>) = (row.get(0).map_err(sql)?, row.get(1).map_err(sql)?);
        match (Noun::parse(&noun), id.and_then(|id| id.parse().ok())) {
            (Some(Noun::Record), Some(id)) => changed.insert(id),
            _ => return Ok(None),
        };
    }
    Ok(Some(changed))
}
