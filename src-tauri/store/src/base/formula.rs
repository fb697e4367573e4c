//! Programs and shown values that SQL calls by key.
//!
//! A key is made of all that what it names depends on, so that a key always means the same.
//! Look next: `schema` for who makes them, `functions` for how SQL calls them.

use super::cells;
use base::column::{Behaviour, Context};
use base::formula::{Program, Record, Type};
use base::{Cell, Storage};
use rusqlite::types::{Value, ValueRef};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

/// What is kept; beyond this all is forgotten, and made again when it is asked for.
const KEPT: usize = 8_192;

/// What a key names.
pub(super) enum Ready {
    /// A program with the meaning of its inputs.
    Program { program: Program, inputs: Vec<(Box<dyn Behaviour>, Storage)>, context: Context },
    /// How the cells of a column look.
    Shown { behaviour: Box<dyn Behaviour>, storage: Storage },
}

static READY: LazyLock<Mutex<HashMap<i64, Arc<Ready>>>> = LazyLock::new(Mutex::default);

/// Keeps something under the key of its identity.
pub(super) fn keep(identity: &str, make: impl FnOnce() -> Ready) -> i64 {
    let hash = blake3::hash(identity.as_bytes());
    let key = i64::from_le_bytes(hash.as_bytes().first_chunk::<8>().copied().unwrap_or_default()) & i64::MAX;
    let mut kept = super::lock(&READY);
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.entry(key).or_insert_with(|| Arc::new(make()));
    key
}

fn find(key: i64) -> Option<Arc<Ready>> {
    super::lock(&READY).get(&key).cloned()
}

/// Calculates for SQL.
pub(super) fn call(key: i64, arguments: &[ValueRef<'_>], tells: bool) -> Value {
    let words = |words: String| if tells { Value::Blob(words.into_bytes()) } else { Value::Null };
    let found = find(key);
    let Some(Ready::Program { program, inputs, context }) = found.as_deref() else {
        return words("This formula is not ready; reload the table.".into());
    };
    if let Some(ValueRef::Blob(failed)) = arguments.iter().find(|a| matches!(a, ValueRef::Blob(_))) {
        return words(String::from_utf8_lossy(failed).into_owned());
    }
    let given: Vec<Cell> =
        inputs.iter().zip(arguments).map(|((_, storage), value)| cells::load(*value, *storage)).collect();
    let fields: Vec<&dyn Behaviour> = inputs.iter().map(|(b, _)| &**b).collect();
    match program.evaluate(&Record { fields: &fields, cells: &given, context }) {
        base::formula::Value::Error(why) => words(why),
        value => cells::store(&value.into(), storage_of(program.result)),
    }
}

/// How the value of a formula is stored.
fn storage_of(result: Type) -> Storage {
    match result {
        Type::Number => Storage::Real,
        Type::Text => Storage::Text,
        Type::Flag => Storage::Flag,
        Type::Date => Storage::Integer,
    }
}

/// Calls `work` with the cell of a stored value and what it means; `None` where the key is unknown.
pub(super) fn with_shown<T>(key: i64, value: ValueRef<'_>, work: impl FnOnce(&dyn Behaviour, Cell) -> T) -> Option<T> {
    match find(key).as_deref() {
        Some(Ready::Shown { behaviour, storage }) => Some(work(&**behaviour, cells::load(value, *storage))),
        _ => None,
    }
}
