//! Long lists put in order here instead of by SQLite.
//!
//! SQLite's sorter writes every key into a record and compares records; a million of them take well
//! over a second. One pass that only reads ([`Rows::read`]), and a sort of eight-byte keys, takes a third
//! of that; keys of language are made on all cores. A first screen need not wait for those:
//! [`Rows::first`] compares texts with the last one that is still on it, which most rows lose at once.
//! The order is the one `list` writes as SQL: a test holds them all to the same.

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
use std::ops::Range;

/// From how many records on sorting here is worth it.
pub(super) const WORTH_IT: u32 = 20_000;
/// Rows one thread works on at least.
const CHUNK: usize = 50_000;
/// Rows after which it is plain whether texts repeat.
const SAMPLE: usize = 4_096;
/// Candidates for each wanted record before the worse ones are dropped.
const CANDIDATES: usize = 8;
/// Rows looked at beforehand for each wanted record.
const SAMPLED: usize = 64;

/// One column of a sort: the values of all rows.
struct Values {
    by: By,
    descending: bool,
    /// Of what is no text; order-preserving. Nothing is the largest, whichever way it goes.
    heads: Vec<u64>,
    /// The texts, one after the other.
    bytes: Vec<u8>,
    /// Where each text ends in `bytes`; an empty text is nothing.
    ends: Vec<usize>,
}

enum By {
    Number,
    /// Places of options.
    Place(HashMap<i64, usize>),
    Bytes,
    Language,
}

/// Byte strings, one a row, as one.
#[derive(Default)]
struct Strings {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

fn string<'a>(bytes: &'a [u8], ends: &[usize], row: usize) -> &'a [u8] {
    let end = ends.get(row).copied().unwrap_or_default();
    let start = row.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or_default();
    bytes.get(start..end).unwrap_or_default()
}

/// Nothing stands last, whichever way it goes.
fn compare_strings(a: &[u8], b: &[u8], descending: bool, by: impl FnOnce(&[u8], &[u8]) -> Ordering) -> Ordering {
    match (a, b) {
        ([], []) => Ordering::Equal,
        ([], _) => Ordering::Greater,
        (_, []) => Ordering::Less,
        (a, b) if descending => by(b, a),
        (a, b) => by(a, b),
    }
}

impl Values {
    fn new(column: &Col, descending: bool, expected: usize) -> Self {
        let by = match column.field.behaviour.order() {
            Order::Options(ids) if !ids.is_empty() => {
                By::Place(ids.into_iter().enumerate().map(|(at, id)| (id, at)).collect())
            }
            Order::Language => By::Language,
            _ if matches!(column.storage(), Storage::Text | Storage::List | Storage::Json) => By::Bytes,
            _ => By::Number,
        };
        let (heads, ends) = if matches!(by, By::Bytes | By::Language) {
            (Vec::new(), Vec::with_capacity(expected))
        } else {
            (Vec::with_capacity(expected), Vec::new())
        };
        Self { by, descending, heads, bytes: Vec::new(), ends }
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

    fn text(&self, row: usize) -> &[u8] {
        string(&self.bytes, &self.ends, row)
    }

    fn compare(&self, a: usize, b: usize, order: &text::Order) -> Ordering {
        match self.by {
            By::Number | By::Place(_) => self.heads.get(a).cmp(&self.heads.get(b)),
            By::Bytes => compare_strings(self.text(a), self.text(b), self.descending, Ord::cmp),
            By::Language => compare_strings(self.text(a), self.text(b), self.descending, |a, b| order.compare(a, b)),
        }
    }

    /// What a sort of all rows compares: texts become keys of their language, on several threads.
    fn keys(self, language: &str) -> Keys {
        if !self.texts() {
            return Keys { descending: self.descending, heads: self.heads, strings: None };
        }
        let strings = if matches!(self.by, By::Language) {
            let parts = on_all_cores(self.ends.len(), |rows| self.keys_of(rows, language));
            let mut whole = Strings {
                bytes: Vec::with_capacity(parts.iter().map(|part| part.bytes.len()).sum()),
                ends: Vec::with_capacity(self.ends.len()),
            };
            for part in parts {
                let start = whole.bytes.len();
                whole.bytes.extend(part.bytes);
                whole.ends.extend(part.ends.into_iter().map(|end| start + end));
            }
            whole
        } else {
            Strings { bytes: self.bytes, ends: self.ends }
        };
        let heads = (0..strings.ends.len()).map(|row| first_bytes(strings.at(row), self.descending)).collect();
        Keys { descending: self.descending, heads, strings: Some(strings) }
    }

    fn keys_of(&self, rows: Range<usize>, language: &str) -> Strings {
        let order = text::Order::new(language);
        let mut made = Strings { bytes: Vec::new(), ends: Vec::with_capacity(rows.len()) };
        // Names of towns and the like repeat: their keys are made once.
        let mut known: Option<HashMap<&[u8], Range<usize>>> = Some(HashMap::new());
        for (done, row) in rows.enumerate() {
            let text = self.text(row);
            if text.is_empty() {
                made.ends.push(made.bytes.len());
                continue;
            }
            if done == SAMPLE && known.as_ref().is_some_and(|known| known.len() > SAMPLE / 2) {
                known = None;
            }
            if let Some(range) = known.as_ref().and_then(|known| known.get(text)) {
                made.bytes.extend_from_within(range.clone());
            } else {
                let start = made.bytes.len();
                order.key_to(text, &mut made.bytes);
                if let Some(known) = &mut known {
                    known.insert(text, start..made.bytes.len());
                }
            }
            made.ends.push(made.bytes.len());
        }
        made
    }
}

impl Strings {
    fn at(&self, row: usize) -> &[u8] {
        string(&self.bytes, &self.ends, row)
    }
}

/// One column of a sort, ready to be compared a million times.
struct Keys {
    descending: bool,
    /// Of texts the first bytes only.
    heads: Vec<u64>,
    /// The whole keys where heads can't tell them apart.
    strings: Option<Strings>,
}

impl Keys {
    fn compare(&self, a: usize, b: usize) -> Ordering {
        let heads = self.heads.get(a).cmp(&self.heads.get(b));
        match &self.strings {
            Some(strings) if heads.is_eq() => compare_strings(strings.at(a), strings.at(b), self.descending, Ord::cmp),
            _ => heads,
        }
    }
}

/// The records of a list with all that orders them.
pub(super) struct Rows {
    ids: Vec<i64>,
    columns: Vec<Values>,
    language: String,
}

impl Rows {
    /// Reads all records of a list.
    pub(super) fn read(c: &Connection, def: &Def, key: &Key, language: &str) -> Result<Self> {
        let (mut query, mut rows) = Self::select(def, key, language, def.records as usize)?;
        conditions(&mut query, def, key)?;
        let mut statement = c.prepare_cached(&query.text).map_err(sql)?;
        let mut found = statement.query(rusqlite::params_from_iter(query.params)).map_err(sql)?;
        while let Some(row) = found.next().map_err(sql)? {
            rows.take(row)?;
        }
        Ok(rows)
    }

    /// A statement that gives ids and what orders them, still without conditions, and the room for it.
    pub(super) fn select(def: &Def, key: &Key, language: &str, expected: usize) -> Result<(Sql, Self)> {
        let mut query = Sql { text: "SELECT id".to_owned(), params: Vec::new() };
        let mut rows = Self { ids: Vec::new(), columns: Vec::new(), language: language.to_owned() };
        for sort in key.sorts() {
            let column = def.column(sort.column)?;
            let expression = super::statistics::step_expression(column, sort.by);
            if expression == "NULL" {
                continue;
            }
            let values = Values::new(column, sort.descending, expected);
            query.text.push(',');
            let value = match (&values.by, column.field.behaviour.family(), column.storage()) {
                (_, Family::Flag, _) => format!("coalesce({expression},0)"),
                (By::Place(_), _, Storage::List) => format!("json_extract({expression},'$[0]')"),
                _ => expression,
            };
            query.text.push_str(&value);
            rows.columns.push(values);
        }
        query.text.push_str(" FROM t");
        query.text.push_str(&def.table.id.to_string());
        Ok((query, rows))
    }

    /// Takes a row of that statement.
    pub(super) fn take(&mut self, row: &rusqlite::Row<'_>) -> Result<()> {
        self.ids.push(row.get(0).map_err(sql)?);
        for (at, values) in self.columns.iter_mut().enumerate() {
            values.push(row.get_ref(at + 1).map_err(sql)?);
        }
        Ok(())
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The id of a row.
    pub(super) fn id(&self, row: usize) -> Option<i64> {
        self.ids.get(row).copied()
    }

    /// Putting all of them in order takes so long that a screen should not wait for it.
    pub(super) fn takes_long(&self) -> bool {
        self.len() >= CHUNK && self.columns.iter().any(|values| matches!(values.by, By::Language))
    }

    /// How two of the rows stand to each other; `order` is the one of their language.
    pub(super) fn compare(&self, a: usize, b: usize, order: &text::Order) -> Ordering {
        let columns = self.columns.iter().map(|values| values.compare(a, b, order));
        columns.into_iter().find(|o| o.is_ne()).unwrap_or_else(|| self.ids.get(a).cmp(&self.ids.get(b)))
    }

    /// The ids of the first `count` in order.
    pub(super) fn first(&self, count: usize) -> Vec<i64> {
        if count == 0 {
            return Vec::new();
        }
        let mut best: Vec<usize> =
            on_all_cores(self.len(), |rows| self.first_of(rows, count)).into_iter().flatten().collect();
        let order = text::Order::new(&self.language);
        best.sort_unstable_by(|a, b| self.compare(*a, *b, &order));
        best.into_iter().take(count).filter_map(|row| self.ids.get(row).copied()).collect()
    }

    fn first_of(&self, rows: Range<usize>, count: usize) -> Vec<usize> {
        let order = text::Order::new(&self.language);
        let mut best = Vec::with_capacity(count * CANDIDATES);
        // Where rows come in the wrong order each would be better than all before: a few from everywhere
        // tell what has no chance.
        let step = (rows.len() / (count * SAMPLED)).max(1);
        let mut some: Vec<usize> = rows.clone().step_by(step).collect();
        let mut last: Option<usize> = (some.len() > count)
            .then(|| *some.select_nth_unstable_by(count - 1, |a, b| self.compare(*a, *b, &order)).1);
        for row in rows {
            if last.is_some_and(|last| self.compare(row, last, &order).is_gt()) {
                continue;
            }
            best.push(row);
            if best.len() >= count * CANDIDATES {
                let (_, nth, _) = best.select_nth_unstable_by(count - 1, |a, b| self.compare(*a, *b, &order));
                last = Some(*nth);
                best.truncate(count);
            }
        }
        best
    }

    /// All ids in order.
    pub(super) fn sorted(self) -> Vec<i64> {
        let Self { ids, columns, language } = self;
        let columns: Vec<Keys> = columns.into_iter().map(|values| values.keys(&language)).collect();
        let Some((first, rest)) = columns.split_first() else { return ids };
        let compare = |a: &(u64, u32), b: &(u64, u32)| {
            let (x, y) = (a.1 as usize, b.1 as usize);
            a.0.cmp(&b.0)
                .then_with(|| if first.strings.is_some() { first.compare(x, y) } else { Ordering::Equal })
                .then_with(|| {
                    let more = rest.iter().map(|keys| keys.compare(x, y));
                    more.into_iter().find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
                })
                .then_with(|| ids.get(x).cmp(&ids.get(y)))
        };
        let parts = on_all_cores(ids.len(), |rows| {
            let mut part: Vec<(u64, u32)> =
                first.heads.get(rows.clone()).unwrap_or_default().iter().copied().zip(rows.start as u32..).collect();
            part.sort_unstable_by(compare);
            part
        });
        let one = parts.len() < 2;
        let mut order: Vec<(u64, u32)> = parts.into_iter().flatten().collect();
        if !one {
            // Parts that are sorted already are only merged.
            order.sort_by(compare);
        }
        order.into_iter().filter_map(|(_, row)| ids.get(row as usize).copied()).collect()
    }
}

/// Work on parts of so many rows, on several threads where that is worth it; the results in order.
fn on_all_cores<T: Send>(rows: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let chunk = rows.div_ceil(threads).max(CHUNK);
    if rows <= chunk {
        return vec![work(0..rows)];
    }
    std::thread::scope(|scope| {
        let work = &work;
        let parts: Vec<_> =
            (0..rows).step_by(chunk).map(|from| scope.spawn(move || work(from..(from + chunk).min(rows)))).collect();
        parts.into_iter().map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

/// Eight bytes that stand in order as the numbers do.
fn head(number: f64, descending: bool) -> u64 {
    // -0 and 0 are one number.
    let bits = if number == 0.0 { 0 } else { number.to_bits() };
    let ordered = if bits >> 63 == 0 { bits ^ (1 << 63) } else { !bits };
    if descending { !ordered } else { ordered }
}

/// The first eight bytes of a key, as a number; of nothing the largest.
fn first_bytes(key: &[u8], descending: bool) -> u64 {
    if key.is_empty() {
        return u64::MAX;
    }
    let mut first = [0_u8; 8];
    for (to, from) in first.iter_mut().zip(key) {
        *to = *from;
    }
    let head = u64::from_be_bytes(first);
    if descending { !head } else { head }
}
