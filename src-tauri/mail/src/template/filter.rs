//! Cells as values of the template language, and the filters beside the built-in ones.

use super::Quoted;
use minijinja::value::{Object, Value};
use minijinja::{Environment, Error, ErrorKind};
use std::fmt;
use std::sync::Arc;

/// A cell: writes itself as text or HTML, is true where it is not empty, and counts its items.
#[derive(Debug)]
struct Cell {
    shown: Value,
    items: Vec<Value>,
    empty: bool,
}

impl Object for Cell {
    fn repr(self: &Arc<Self>) -> minijinja::value::ObjectRepr {
        minijinja::value::ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.items.get(key.as_usize()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> minijinja::value::Enumerator {
        minijinja::value::Enumerator::Seq(self.items.len())
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.empty
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.shown)
    }
}

/// A cell for one of the two forms. Lists become sequences, everything else a string.
pub(super) fn cell(value: Option<&Quoted>, html: bool) -> Value {
    let Some(value) = value else {
        return Value::from("");
    };
    let shown = match (&value.html, html) {
        (Some(safe), true) => Value::from_safe_string(safe.clone()),
        _ => Value::from(value.text.as_str()),
    };
    if value.items.is_empty() {
        return shown;
    }
    let items = value.items.iter().map(|item| Value::from(item.as_str())).collect();
    Value::from_object(Cell { shown, items, empty: value.empty })
}

pub(super) fn register(environment: &mut Environment<'static>) {
    environment.add_filter("url", |value: String| -> String {
        url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
    });
    environment.add_filter("initials", |value: String| -> String {
        value.split_whitespace().filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
    });
    environment.add_filter("first_word", |value: String| -> String {
        value.split_whitespace().next().unwrap_or_default().to_owned()
    });
    environment.add_filter("plural", plural);
    // An empty cell is a value, so the fallback counts for it too.
    environment.add_filter("default", |value: Value, fallback: Value| -> Value {
        if value.is_undefined() || value.is_none() || value.to_string().trim().is_empty() { fallback } else { value }
    });
    environment.add_filter("number", |value: Value| -> Result<f64, Error> { number(&value) });
    environment.remove_filter("safe");
    environment.remove_filter("debug");
    environment.remove_filter("pprint");
    environment.remove_global("debug");
}

fn number(value: &Value) -> Result<f64, Error> {
    let text: String =
        value.to_string().chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-')).collect();
    // The last separator is the decimal one.
    let normal = match text.rfind([',', '.']) {
        Some(at) => {
            let (whole, fraction) = text.split_at(at);
            let whole: String = whole.chars().filter(|c| !matches!(c, ',' | '.')).collect();
            format!("{whole}.{}", fraction.trim_start_matches([',', '.']))
        }
        None => text,
    };
    normal.parse().map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("“{value}” is no number")))
}

/// `n|plural("letter", "letters")`, with a third form for Slavic languages.
fn plural(value: Value, one: String, few: String, many: Option<String>) -> Result<String, Error> {
    let count = number(&value)?.abs();
    let whole = count.fract() == 0.0;
    let Some(many) = many else {
        return Ok(if (count - 1.0).abs() < f64::EPSILON { one } else { few });
    };
    let count = count as u64;
    Ok(match (count % 10, count % 100) {
        _ if !whole => few,
        (1, tail) if tail != 11 => one,
        (2..=4, tail) if !(12..=14).contains(&tail) => few,
        _ => many,
    })
}
