//! How results are shown: tables for people, JSON for programs.

use model::{Error, Result};
use serde::Serialize;
use serde_json::Value;

/// Where results go.
pub struct Output {
    /// One JSON value instead of tables.
    pub json: bool,
}

impl Output {
    /// Shows a value: as JSON, or by `table` for people.
    pub fn show<T: Serialize>(&self, value: &T, table: impl FnOnce(&T) -> String) -> Result<()> {
        if self.json {
            let mut json = serde_json::to_value(value).map_err(|e| Error::internal(&e))?;
            times(&mut json);
            println!("{json}");
        } else {
            let text = table(value);
            if !text.is_empty() {
                println!("{}", text.trim_end());
            }
        }
        Ok(())
    }
}

/// Turns every `*_at` of a JSON value into RFC 3339.
fn times(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                match inner {
                    Value::Number(n) if key.ends_with("_at") => {
                        if let Some(ms) = n.as_i64() {
                            *inner = Value::String(model::Timestamp(ms).to_rfc3339());
                        }
                    }
                    _ => times(inner),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(times),
        _ => {}
    }
}

/// Lines up columns; the first row is the heading.
pub fn columns(rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0).min(60)
    };
    let widths: Vec<usize> = (0..rows.iter().map(Vec::len).max().unwrap_or(0)).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let line: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| {
                let clean: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
                let short: String = if clean.chars().count() > *width {
                    clean.chars().take(width.saturating_sub(1)).chain(['…']).collect()
                } else {
                    clean
                };
                format!("{short:width$}")
            })
            .collect();
        out.push_str(line.join("  ").trim_end());
        out.push('\n');
    }
    out
}

/// A local time for people would need their zone; UTC says so itself.
pub fn time(at: model::Timestamp) -> String {
    at.to_rfc3339()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_json_are_rfc3339_and_other_numbers_stay() {
        let mut json = serde_json::json!({ "rows": [{ "sent_at": 0, "size": 5 }] });
        times(&mut json);
        assert_eq!(json.to_string(), r#"{"rows":[{"sent_at":"1970-01-01T00:00:00Z","size":5}]}"#);
    }

    #[test]
    fn a_cell_with_a_line_break_stays_on_its_line() {
        assert_eq!(columns(&[vec!["a\nb".into(), "c".into()]]), "a b  c\n");
    }
}
