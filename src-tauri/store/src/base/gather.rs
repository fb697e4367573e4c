//! SQL aggregates over linked records: their texts, their values, and figures of them.
//!
//! `linked(key, id, value)` gives the cell of a link, `gathered(key, value)` that of a lookup, and
//! `rolled(mode, value)` one figure. The first value that is a blob (the words of a formula that
//! failed) becomes the result: a figure that leaves something out silently would be wrong.

use super::error::sql;
use super::formula::with_shown;
use base::column::link::{several, several_text};
use model::Result;
use rusqlite::Connection;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use serde_json::{Value as Json, json};

/// Values one cell lists at most; the rest is not read by anybody.
const LISTED_MAX: usize = 10_000;

/// A figure of linked values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figure {
    Sum = 0,
    Average = 1,
    Least = 2,
    Most = 3,
    /// In whole units, such as seconds.
    AverageWhole = 4,
}

/// Registers the aggregates.
pub(super) fn register(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection
        .create_aggregate_function("linked", 3, flags, Gather { linked: true })
        .and_then(|()| connection.create_aggregate_function("gathered", 2, flags, Gather { linked: false }))
        .and_then(|()| connection.create_aggregate_function("rolled", 2, flags, Roll))
        .map_err(sql)
}

struct Gather {
    linked: bool,
}

#[derive(Default)]
struct Gathered {
    values: Vec<(Json, String)>,
    failed: Option<Vec<u8>>,
}

impl Aggregate<Gathered, Value> for Gather {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Gathered> {
        Ok(Gathered::default())
    }

    fn step(&self, ctx: &mut Context<'_>, to: &mut Gathered) -> rusqlite::Result<()> {
        let value = ctx.get_raw(if self.linked { 2 } else { 1 });
        if to.failed.is_some() || to.values.len() >= LISTED_MAX {
            return Ok(());
        }
        let key = ctx.get::<i64>(0)?;
        if self.linked {
            // A record whose text can't be calculated is still linked.
            let text = with_shown(key, value, |b, cell| b.show(&cell)).unwrap_or_default();
            to.values.push((json!({ "id": ctx.get::<i64>(1)?, "text": text }), text));
        } else {
            match value {
                ValueRef::Null => {}
                ValueRef::Blob(words) => to.failed = Some(words.to_vec()),
                value => match with_shown(key, value, |b, cell| {
                    (b.to_json(&cell), b.show(&cell), several_text(&cell).is_some())
                }) {
                    // A list of lists is one list; its text stands with the first.
                    Some((Json::Array(values), text, true)) => {
                        let mut text = Some(text);
                        to.values.extend(values.into_iter().map(|v| (v, text.take().unwrap_or_default())));
                    }
                    Some((value, text, _)) => to.values.push((value, text)),
                    None => {}
                },
            }
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, of: Option<Gathered>) -> rusqlite::Result<Value> {
        Ok(match of {
            None => Value::Null,
            Some(Gathered { failed: Some(words), .. }) => Value::Blob(words),
            Some(gathered) => super::cells::store(&several(gathered.values), base::Storage::Json),
        })
    }
}

struct Roll;

#[derive(Default)]
struct Rolled {
    mode: i64,
    count: u64,
    whole: Option<i64>,
    number: f64,
    fractions: bool,
    failed: Option<Vec<u8>>,
}

impl Aggregate<Rolled, Value> for Roll {
    fn init(&self, ctx: &mut Context<'_>) -> rusqlite::Result<Rolled> {
        Ok(Rolled { mode: ctx.get(0)?, whole: Some(0), ..Rolled::default() })
    }

    fn step(&self, ctx: &mut Context<'_>, to: &mut Rolled) -> rusqlite::Result<()> {
        let (number, whole) = match ctx.get_raw(1) {
            ValueRef::Integer(n) => (n as f64, Some(n)),
            ValueRef::Real(n) => (n, None),
            ValueRef::Blob(words) => {
                to.failed.get_or_insert_with(|| words.to_vec());
                return Ok(());
            }
            ValueRef::Null | ValueRef::Text(_) => return Ok(()),
        };
        to.fractions |= whole.is_none();
        let first = to.count == 0;
        to.count += 1;
        let wins = match to.mode {
            m if m == Figure::Least as i64 => first || number < to.number,
            m if m == Figure::Most as i64 => first || number > to.number,
            _ => {
                to.number += number;
                to.whole = to.whole.zip(whole).and_then(|(a, b)| a.checked_add(b));
                return Ok(());
            }
        };
        if wins {
            (to.number, to.whole) = (number, whole);
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, of: Option<Rolled>) -> rusqlite::Result<Value> {
        Ok(match of {
            Some(Rolled { failed: Some(words), .. }) => Value::Blob(words),
            None | Some(Rolled { count: 0, .. }) => Value::Null,
            Some(of) if of.mode == Figure::Average as i64 => Value::Real(of.number / of.count as f64),
            Some(of) if of.mode == Figure::AverageWhole as i64 => {
                Value::Integer((of.number / of.count as f64).round() as i64)
            }
            Some(Rolled { whole: Some(n), fractions: false, .. }) => Value::Integer(n),
            Some(of) => Value::Real(of.number),
        })
    }
}
