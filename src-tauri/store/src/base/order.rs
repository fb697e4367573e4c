//! Long lists put in order here instead of by SQLite.
//!
//! SQLite's sorter writes every key into a record and compares records; a million of them take well
//! over a second. One pass that only reads, and a sort of eight-byte keys, takes a third of that;
//! keys of language are made on all cores. The order is the one `list` writes as SQL: a test holds
//! both to the same.

use super::condition::Sql;
use super::error::sql;
use super::list::{Key, conditions};
use super::meta::{Col, Def};
use base::Storage;
use base::column::{Family, Order};
use base::text;
use model::Result;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt::Write as _;

/// From how many records on sorting here is worth it.
pub(super) const WORTH_IT: u32 = 20_000;
/// Texts whose keys one thread makes at least.
const CHUNK: usize = 50_000;

/// One column of a sort: the keys of all rows.
struct Keys {
    by: By,
    descending: bool,
    /// Order-preserving; of texts the first bytes only. Nothing is the largest, whichever way it goes.
    heads: Vec<u64>,
    /// The keys themselves where heads can't tell them apart.
    bytes: Vec<u8>,
    /// Where each key ends in `bytes`; an empty key is nothing.
    ends: Vec<usize>,
}

enum By {
    Number,
    /// Places of options.
    Place(HashMap<i64, usize>),
    Bytes,
    Language,
}

impl Keys {
    fn new(column: &Col, descending: bool, expected: usize) -> Self {
        let by = match column.field.behaviour.order() {
            Order::Options(ids) if !ids.is_empty() => {
                By::Place(ids.into_iter().enumerate().map(|(at, id)| (id, at)).collect())
            }
            Order::Language => By::Language,
            _ if matches!(column.storage(), Storage::Text | Storage::List | Storage::Json) => By::Bytes,
            _ => By::Number,
        };
        Self { by, descending, heads: Vec::with_capacity(expected), bytes: Vec::new(), ends: Vec::new() }
    }

    fn texts(&self) -> bool {
        matches!(self.by, By::Bytes | By::Language)
    }

    fn push(&mut self, value: ValueRef<'_>) {
        match (&self.by, value) {
            (By::Bytes | By::Language, value) => {
                if let ValueRef::Text(t) | ValueRef::Blob(t) = value {
                    self.bytes.extend_from_slice(t);
                }
                self.ends.push(self.bytes.len());
            }
            (By::Place(places), ValueRef::Integer(id)) => {
                let place = places.get(&id).copied().unwrap_or(places.len());
                self.heads.push(head(place as f64, self.descending));
            }
            (_, ValueRef::Integer(n)) => self.heads.push(head(n as f64, self.descending)),
            (_, ValueRef::Real(n)) => self.heads.push(head(n, self.descending)),
            _ => self.heads.push(u64::MAX),
        }
    }

    fn key(&self, row: usize) -> &[u8] {
        let end = self.ends.get(row).copied().unwrap_or_default();
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// Turns texts into keys of a language, on several threads, and takes the heads of all keys.
    fn finish(&mut self, language: &str) {
        if !self.texts() {
            return;
        }
        if matches!(self.by, By::Language) {
            let threads = std::thread::available_parallelism().map_or(1, usize::from);
            let chunk = self.ends.len().div_ceil(threads).max(CHUNK);
            let this = &*self;
            let made: Vec<(Vec<u8>, Vec<usize>)> = std::thread::scope(|scope| {
                let parts: Vec<_> = (0..this.ends.len())
                    .step_by(chunk)
                    .map(|from| {
                        let to = (from + chunk).min(this.ends.len());
                        scope.spawn(move || this.keys_of(from..to, language))
                    })
                    .collect();
                parts.into_iter().map(|part| part.join().unwrap_or_default()).collect()
            });
            let mut bytes = Vec::with_capacity(made.iter().map(|(b, _)| b.len()).sum());
            let mut ends = Vec::with_capacity(self.ends.len());
            for (part, part_ends) in made {
                let start = bytes.len();
                bytes.extend(part);
                ends.extend(part_ends.into_iter().map(|end| start + end));
            }
            (self.bytes, self.ends) = (bytes, ends);
        }
        self.heads = (0..self.ends.len())
            .map(|row| {
                let key = self.key(row);
                if key.is_empty() {
                    return u64::MAX;
                }
                let mut first = [0_u8; 8];
                for (to, from) in first.iter_mut().zip(key) {
                    *to = *from;
                }
                let head = u64::from_be_bytes(first);
                if self.descending { !head } else { head }
            })
            .collect();
    }

    fn keys_of(&self, rows: std::ops::Range<usize>, language: &str) -> (Vec<u8>, Vec<usize>) {
        let order = text::Order::new(language);
        let (mut bytes, mut ends) = (Vec::new(), Vec::with_capacity(rows.len()));
        for row in rows {
            let text = self.key(row);
            if !text.is_empty() {
                bytes.extend(order.key(&String::from_utf8_lossy(text)));
            }
            ends.push(bytes.len());
        }
        (bytes, ends)
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        let heads = self.heads.get(a).cmp(&self.heads.get(b));
        if heads.is_ne() || !self.texts() {
            return heads;
        }
        match (self.key(a), self.key(b)) {
            ([], []) => Ordering::Equal,
            ([], _) => Ordering::Greater,
            (_, []) => Ordering::Less,
            (a, b) if self.descending => b.cmp(a),
            (a, b) => a.cmp(b),
        }
    }
}

/// Eight bytes that stand in order as the numbers do.
fn head(number: f64, descending: bool) -> u64 {
    // -0 and 0 are one number.
    let bits = if number == 0.0 { 0 } else { number.to_bits() };
    let ordered = if bits >> 63 == 0 { bits ^ (1 << 63) } else { !bits };
    if descending { !ordered } else { ordered }
}

/// All ids of a list in its order.
pub(super) fn ids(c: &Connection, def: &Def, key: &Key, language: &str) -> Result<Vec<i64>> {
    let mut columns = Vec::new();
    let mut query = Sql { text: "SELECT id".to_owned(), params: Vec::new() };
    for sort in key.sorts() {
        let column = def.column(sort.column)?;
        let expression = column.expression();
        if expression == "NULL" {
            continue;
        }
        let keys = Keys::new(column, sort.descending, def.records as usize);
        query.text.push(',');
        let value = match (&keys.by, column.field.behaviour.family(), column.storage()) {
            (_, Family::Flag, _) => format!("coalesce({expression},0)"),
            (By::Place(_), _, Storage::List) => format!("json_extract({expression},'$[0]')"),
            _ => expression,
        };
        query.text.push_str(&value);
        columns.push(keys);
    }
    let _ = write!(query.text, " FROM t{}", def.table.id);
    conditions(&mut query, def, key)?;
    let mut ids: Vec<i64> = Vec::new();
    let mut statement = c.prepare_cached(&query.text).map_err(sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(query.params)).map_err(sql)?;
    while let Some(row) = rows.next().map_err(sql)? {
        ids.push(row.get(0).map_err(sql)?);
        for (at, keys) in columns.iter_mut().enumerate() {
            keys.push(row.get_ref(at + 1).map_err(sql)?);
        }
    }
    for keys in &mut columns {
        keys.finish(language);
    }
    let Some((first, rest)) = columns.split_first() else { return Ok(ids) };
    let mut order: Vec<(u64, u32)> = first.heads.iter().copied().zip(0_u32..).collect();
    order.sort_unstable_by(|a, b| {
        a.0.cmp(&b.0)
            .then_with(|| if first.texts() { first.compare(a.1 as usize, b.1 as usize) } else { Ordering::Equal })
            .then_with(|| {
                let more = rest.iter().map(|keys| keys.compare(a.1 as usize, b.1 as usize));
                more.into_iter().find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
            })
            .then_with(|| ids.get(a.1 as usize).cmp(&ids.get(b.1 as usize)))
    });
    Ok(order.into_iter().filter_map(|(_, row)| ids.get(row as usize).copied()).collect())
}
