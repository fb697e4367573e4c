//! Tables as a plain SQLite database, with the names people gave and values other programs understand.

use super::run;
use crate::base::error::sql;
use base::Cell;
use base::column::Family;
use base::export::{OutColumn, Sink, plain};
use model::base::ColumnType;
use model::{Phrase, RecordId, Result};
use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::Value as Json;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;

/// A SQLite database.
pub(super) struct Plain {
    connection: Connection,
    insert: String,
    names: HashSet<String>,
}

impl Plain {
    /// Makes it.
    pub(super) fn create(path: &Path) -> Result<Self> {
        let connection = Connection::open(path).map_err(sql)?;
        // Nobody knows the file until it is whole.
        run(&connection, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;")?;
        Ok(Self { connection, insert: String::new(), names: HashSet::new() })
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A name that SQLite, which folds ASCII, does not have yet.
fn free(wanted: &str, taken: &mut HashSet<String>) -> String {
    // Names that begin so are SQLite's own.
    let wanted =
        if wanted.to_ascii_lowercase().starts_with("sqlite_") { format!("_{wanted}") } else { wanted.to_owned() };
    let mut name = wanted.clone();
    let mut n = 2;
    while !taken.insert(name.to_ascii_lowercase()) {
        name = format!("{wanted} {n}");
        n += 1;
    }
    name
}

fn sql_type(column: &OutColumn<'_>) -> &'static str {
    match column.field.behaviour.family() {
        Family::Number if matches!(column.field.kind, ColumnType::Duration | ColumnType::Rating) => "INTEGER",
        Family::Number => "REAL",
        Family::Flag => "INTEGER",
        _ => "TEXT",
    }
}

fn value(column: &OutColumn<'_>, cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Number(n) => Value::Real(*n),
        Cell::Flag(flag) => Value::from(*flag),
        // Links and what is looked up over them are what they show.
        Cell::Json(_) if matches!(column.field.kind, ColumnType::Link | ColumnType::LinkFormula) => {
            Value::Text(column.field.behaviour.show(cell))
        }
        Cell::Integer(n) if column.field.behaviour.family() == Family::Number => Value::Integer(*n),
        cell => match plain(column.field, cell) {
            Json::Null => Value::Null,
            Json::String(text) => Value::Text(text),
            Json::Array(list) if list.iter().all(Json::is_string) && column.field.behaviour.options().is_none() => {
                Value::Text(column.field.behaviour.show(cell))
            }
            other => Value::Text(other.to_string()),
        },
    }
}

impl Sink for Plain {
    fn table(&mut self, name: &str, columns: &[OutColumn<'_>]) -> Result<()> {
        let table = quoted(&free(name, &mut self.names));
        let mut taken = HashSet::new();
        let key = free("id", &mut taken);
        let columns: Vec<(String, &str)> =
            columns.iter().map(|c| (quoted(&free(&c.field.name, &mut taken)), sql_type(c))).collect();
        let mut declared = String::new();
        for (name, kind) in &columns {
            let _ = write!(declared, ", {name} {kind}");
        }
        run(&self.connection, &format!("CREATE TABLE {table} ({key} INTEGER PRIMARY KEY{declared});"))?;
        let marks = ", ?".repeat(columns.len());
        self.insert = format!("INSERT INTO {table} VALUES (?{marks})");
        Ok(())
    }

    fn record(&mut self, id: RecordId, columns: &[OutColumn<'_>], cells: &[Cell]) -> Result<()> {
        let values = columns.iter().zip(cells).map(|(column, cell)| value(column, cell));
        let params = std::iter::once(Value::Integer(id.0)).chain(values);
        self.connection
            .prepare_cached(&self.insert)
            .and_then(|mut s| s.execute(rusqlite::params_from_iter(params)))
            .map_err(sql)?;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Vec<Phrase>> {
        run(&self.connection, "COMMIT;")?;
        self.connection.close().map_err(|(_, e)| sql(e))?;
        Ok(Vec::new())
    }
}
