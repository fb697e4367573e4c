//! Cells as SQLite keeps them, and as the log writes them down.

use base::{Cell, Storage};
use rusqlite::types::{Value, ValueRef};
use serde_json::{Map, Value as Json};

/// The stored value of a cell.
pub(super) fn store(cell: &Cell, storage: Storage) -> Value {
    match (cell, storage) {
        (Cell::Empty, _) => Value::Null,
        (Cell::Text(t), _) => Value::Text(t.clone()),
        (Cell::Number(n), _) => Value::Real(*n),
        (Cell::Integer(n), Storage::Real) => Value::from(*n as f64),
        (Cell::Integer(n), _) => Value::Integer(*n),
        (Cell::Flag(b), _) => Value::from(*b),
        (Cell::List(ids), _) => Value::Text(Json::from(ids.clone()).to_string()),
        (Cell::Json(v), _) => Value::Text(v.to_string()),
    }
}

/// The cell of a stored value; what can't be is empty.
pub(super) fn load(value: ValueRef<'_>, storage: Storage) -> Cell {
    match (value, storage) {
        (ValueRef::Null, _) => Cell::Empty,
        // A formula that failed gives its words as a blob, so that they are no text to SQL.
        (ValueRef::Blob(words), _) => Cell::Json(serde_json::json!({ "error": String::from_utf8_lossy(words) })),
        (ValueRef::Text(bytes), Storage::List) => match serde_json::from_slice::<Vec<i64>>(bytes) {
            Ok(ids) if !ids.is_empty() => Cell::List(ids),
            _ => Cell::Empty,
        },
        (ValueRef::Text(bytes), Storage::Json) => serde_json::from_slice(bytes).map_or(Cell::Empty, Cell::Json),
        (ValueRef::Text(bytes), _) => Cell::text(String::from_utf8_lossy(bytes)),
        (ValueRef::Real(n), _) => Cell::number(n),
        (ValueRef::Integer(n), Storage::Flag) => Cell::Flag(n != 0),
        (ValueRef::Integer(n), Storage::Real) => Cell::Number(n as f64),
        (ValueRef::Integer(n), _) => Cell::Integer(n),
    }
}

/// The SQL type of a storage in a STRICT table; `None` where nothing is stored.
pub(super) fn sql_type(storage: Storage) -> Option<&'static str> {
    match storage {
        Storage::Text | Storage::List | Storage::Json => Some("TEXT"),
        Storage::Real => Some("REAL"),
        Storage::Integer | Storage::Flag => Some("INTEGER"),
        Storage::CreatedAt | Storage::ModifiedAt | Storage::Nothing => None,
    }
}

/// A stored value in the log. Reals and texts are strings with a letter in front, because a JSON
/// number read back need not be the very same float.
pub(super) fn write_down(value: ValueRef<'_>) -> Json {
    match value {
        ValueRef::Null => Json::Null,
        ValueRef::Integer(n) => Json::from(n),
        ValueRef::Real(n) => Json::String(format!("r{n:?}")),
        ValueRef::Text(t) => Json::String(format!("t{}", String::from_utf8_lossy(t))),
        ValueRef::Blob(b) => {
            use std::fmt::Write as _;
            let mut hex = String::from("b");
            for byte in b {
                let _ = write!(hex, "{byte:02x}");
            }
            Json::String(hex)
        }
    }
}

/// The inverse of [`write_down`].
pub(super) fn read_back(value: &Json) -> Value {
    match value {
        Json::Number(n) => n.as_i64().map_or(Value::Null, Value::Integer),
        Json::String(s) => match (s.get(..1), s.get(1..).unwrap_or_default()) {
            (Some("r"), n) => n.parse().map_or(Value::Null, Value::Real),
            (Some("t"), t) => Value::Text(t.to_owned()),
            (Some("b"), hex) => Value::Blob(
                (0..hex.len() / 2)
                    .filter_map(|at| hex.get(at * 2..at * 2 + 2).and_then(|h| u8::from_str_radix(h, 16).ok()))
                    .collect(),
            ),
            _ => Value::Null,
        },
        _ => Value::Null,
    }
}

/// A row of a statement as the log keeps it, by column name.
pub(super) fn row_down(row: &rusqlite::Row<'_>) -> rusqlite::Result<Map<String, Json>> {
    let names: Vec<String> = row.as_ref().column_names().map(str::to_owned).collect();
    names.into_iter().enumerate().map(|(at, name)| Ok((name, write_down(row.get_ref(at)?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_log_writes_down_comes_back_the_same() {
        for value in [
            Value::Null,
            Value::Integer(i64::MAX),
            Value::Real(0.1 + 0.2),
            Value::Real(-0.0),
            Value::Real(f64::MIN_POSITIVE),
            Value::Text("tаб\n".into()),
            Value::Blob(vec![0, 255, 16]),
        ] {
            let json: Json = serde_json::from_str(&write_down(ValueRef::from(&value)).to_string()).unwrap();
            assert_eq!(read_back(&json), value);
        }
    }
}
