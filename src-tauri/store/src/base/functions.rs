//! SQL functions of a base's connections: `collkey(text)` for order, `fold(text)` for search,
//! `formula(key, cells...)` for what a formula yields (NULL where it fails), and
//! `formula_cell(key, cells...)`, which gives the words of a failure as a blob; `known(cell)`, NULL for
//! such words; `listed(cell)`, the text of a list of values; `shown(key, value)`, a stored value as people
//! read it; `step_start(step, date, moment)`, the beginning of a date's week, month and so on. Aggregates stand in `gather`.

use base::text::{Order, fold};
use model::Result;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{Value, ValueRef};

use super::error::sql;
use super::statistics;

/// Registers the functions; `language` is the base's.
pub(super) fn register(connection: &Connection, language: &str) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let order = Order::new(language);
    connection
        .create_scalar_function("collkey", 1, flags, move |ctx| {
            Ok(match ctx.get_raw(0) {
                ValueRef::Text(text) => Some(order.key(&String::from_utf8_lossy(text))),
                _ => None,
            })
        })
        .map_err(sql)?;
    for (name, tells) in [("formula", false), ("formula_cell", true)] {
        connection
            .create_scalar_function(name, -1, flags, move |ctx| {
                let arguments: Vec<ValueRef<'_>> = (1..ctx.len()).map(|at| ctx.get_raw(at)).collect();
                Ok(super::formula::call(ctx.get(0)?, &arguments, tells))
            })
            .map_err(sql)?;
    }
    connection
        .create_scalar_function("known", 1, flags, |ctx| {
            Ok(match ctx.get_raw(0) {
                ValueRef::Blob(_) => Value::Null,
                value => Value::try_from(value)?,
            })
        })
        .map_err(sql)?;
    connection
        .create_scalar_function("shown", 2, flags, |ctx| {
            Ok(super::formula::with_shown(ctx.get(0)?, ctx.get_raw(1), |behaviour, cell| behaviour.show(&cell))
                .filter(|text| !text.is_empty()))
        })
        .map_err(sql)?;
    connection
        .create_scalar_function("listed", 1, flags, |ctx| {
            Ok(match ctx.get_raw(0) {
                list @ ValueRef::Text(_) => {
                    let cell = super::cells::load(list, base::Storage::Json);
                    base::column::link::several_text(&cell).map_or(Value::Null, |t| Value::Text(t.to_owned()))
                }
                value => Value::try_from(value)?,
            })
        })
        .map_err(sql)?;
    connection
        .create_scalar_function("step_start", 3, flags, |ctx| {
            let (Some(step), ValueRef::Integer(at)) = (statistics::step_of(ctx.get(0)?), ctx.get_raw(1)) else {
                return Ok(None);
            };
            let moment: bool = ctx.get(2)?;
            let seconds = if moment { base::Context::local(model::Timestamp(at)).wall_clock(at) } else { at };
            Ok(Some(statistics::step_start(seconds, step)))
        })
        .map_err(sql)?;
    super::gather::register(connection)?;
    connection
        .create_scalar_function("fold", 1, flags, |ctx| {
            Ok(match ctx.get_raw(0) {
                ValueRef::Text(text) => Some(fold(&String::from_utf8_lossy(text))),
                _ => None,
            })
        })
        .map_err(sql)
}
