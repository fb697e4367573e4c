//! What every file of tables comes down to: planned columns, and records one by one.

use crate::csv::guess::Guess;
use model::Result;
use model::base::{ColumnType, View};
use serde_json::Value as Json;

/// A table to be made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TablePlan {
    /// Its name as the file has it; may be empty or taken.
    pub name: String,
    /// Its columns.
    pub columns: Vec<ColumnPlan>,
    /// First records as text, at most 20.
    pub first: Vec<Vec<String>>,
    /// Records.
    pub total: u64,
    /// Views to be made instead of the one every table has; a [`model::ColumnId`] in them is the
    /// place of a planned column, from 0.
    pub views: Vec<View>,
}

/// A column to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnPlan {
    /// Name, fit for a column and unique in the table.
    pub name: String,
    /// Type.
    pub kind: ColumnType,
    /// Settings of the type.
    pub settings: Json,
    /// Pixels.
    pub width: u32,
}

/// Width of a column that has none of its own.
pub const WIDTH: u32 = 200;

impl ColumnPlan {
    /// A column as its values suggest it.
    pub fn guessed(name: String, guess: Guess) -> Self {
        Self { name, kind: guess.kind, settings: guess.settings, width: WIDTH }
    }
}

/// A value as a file has it.
#[derive(Clone, Copy, Debug)]
pub enum Given<'a> {
    /// To be read as if typed.
    Text(&'a str),
    /// A value of the column's type.
    Json(&'a Json),
}

/// Records one by one; read on a thread of their own.
pub trait Feed: Send {
    /// Goes to the next record; false at the end.
    fn advance(&mut self) -> Result<bool>;
    /// The value of the planned column `at` in the current record.
    fn value(&self, at: usize) -> Given<'_>;
    /// When the current record was made and changed last, ms UTC, where the file knows.
    fn times(&self) -> (Option<i64>, Option<i64>) {
        (None, None)
    }
}

/// Names fit for columns: without the characters that quote columns, never empty, unique.
pub fn column_names(given: &[String], count: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(count);
    let mut taken = std::collections::HashSet::new();
    for at in 0..count {
        let clean: String = given
            .get(at)
            .map_or("", String::as_str)
            .chars()
            .map(|c| if matches!(c, '{' | '}' | '.' | '`') || c.is_control() { ' ' } else { c })
            .collect();
        let clean: String = clean.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
        let wanted = if clean.is_empty() { format!("Column {}", at + 1) } else { clean };
        let mut name = wanted.clone();
        let mut n = 2;
        while !taken.insert(crate::text::fold(&name)) {
            name = format!("{wanted} {n}");
            n += 1;
        }
        names.push(name);
    }
    names
}
