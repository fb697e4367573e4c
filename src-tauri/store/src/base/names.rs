//! The persons and departments that stand in a column: what filters offer and boards have columns for.

use super::error::sql;
use super::meta::{self, Col, Def};
use super::{BaseFile, cells};
use base::column::Family;
use base::text::{Order, fold};
use base::{Cell, Storage};
use model::base::{ColumnRef, ColumnType};
use model::{Error, Result};
use rusqlite::Connection;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Names given at most; more nobody chooses from.
const NAMES_MAX: usize = 500;

impl BaseFile {
    /// The different names in a column of persons or departments, in the order of the base's language.
    /// Spellings that differ in case or diacritics are one name: the one that occurs most.
    ///
    /// # Errors
    /// `Invalid` where the column holds no names.
    pub fn names(&self, args: &ColumnRef) -> Result<Vec<String>> {
        let context = self.context();
        let found = self.read_snapshot(|c| {
            let def = meta::def(c, args.table, &context)?;
            let column = def.column(args.column)?;
            let names = matches!(column.field.behaviour.family(), Family::Person | Family::Persons)
                || column.field.kind == ColumnType::Department;
            if !names {
                return Err(Error::invalid("This column holds no persons.").remedy("Choose a column of persons."));
            }
            counted(c, &def, column)
        })?;
        let mut most: BTreeMap<String, (String, i64)> = BTreeMap::new();
        for (name, count) in found {
            let folded = fold(&name);
            match most.get(&folded) {
                Some((_, more)) if *more >= count => {}
                _ => drop(most.insert(folded, (name, count))),
            }
        }
        let order = Order::new(&self.language);
        let mut names: Vec<String> = most.into_values().map(|(name, _)| name).collect();
        names.sort_by_cached_key(|name| order.key(name));
        names.truncate(NAMES_MAX);
        Ok(names)
    }
}

/// Each name as it is written, with how often it is.
fn counted(c: &Connection, def: &Def, column: &Col) -> Result<BTreeMap<String, i64>> {
    let value = column.expression();
    let text = format!("SELECT {value}, count(*) FROM t{} WHERE {value} IS NOT NULL GROUP BY 1", def.table.id);
    let mut statement = c.prepare_cached(&text).map_err(sql)?;
    let mut rows = statement.query([]).map_err(sql)?;
    let mut found: BTreeMap<String, i64> = BTreeMap::new();
    while let Some(row) = rows.next().map_err(sql)? {
        let count: i64 = row.get(1).map_err(sql)?;
        let storage = if column.storage() == Storage::Json { Storage::Json } else { Storage::Text };
        let names = match cells::load(row.get_ref(0).map_err(sql)?, storage) {
            Cell::Text(name) => vec![name],
            Cell::Json(Json::Array(names)) => names.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        for name in names {
            *found.entry(name).or_default() += count;
        }
    }
    Ok(found)
}
