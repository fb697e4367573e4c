//! Conditions asked of a record in Rust.

use super::{Condition, Relation, Sense, Test};
use crate::Cell;
use crate::column::link::several_text;
use crate::text::fold;
use model::ColumnId;
use serde_json::Value as Json;

impl Condition {
    /// True if the record whose cells `cell` gives fulfils the condition.
    pub fn matches<'a>(&self, cell: &dyn Fn(ColumnId) -> &'a Cell) -> bool {
        match self {
            Self::All(items) => items.iter().all(|c| c.matches(cell)),
            Self::Any(items) => items.iter().any(|c| c.matches(cell)),
            Self::Test(column, test) => test.matches(cell(*column)),
        }
    }
}

impl Test {
    /// True if the cell passes.
    #[allow(clippy::float_cmp)] // "equal" in a filter means the very number that is stored
    pub fn matches(&self, cell: &Cell) -> bool {
        let by = |sense: &Sense, found: bool| found == (*sense == Sense::Positive);
        match self {
            Self::Empty(wanted) => cell.is_empty() == *wanted,
            Self::Checked(wanted) => (*cell == Cell::Flag(true)) == *wanted,
            Self::Contains(needle, sense) => by(sense, words(cell).is_some_and(|t| fold(t).contains(needle.as_str()))),
            Self::Is(wanted, sense) => by(sense, words(cell).is_some_and(|t| fold(t) == *wanted)),
            Self::Compare(relation, value) => match (cell.as_f64(), relation) {
                (None, relation) => *relation == Relation::NotEqual,
                (Some(n), Relation::Equal) => n == *value,
                (Some(n), Relation::NotEqual) => n != *value,
                (Some(n), Relation::Less) => n < *value,
                (Some(n), Relation::LessOrEqual) => n <= *value,
                (Some(n), Relation::Greater) => n > *value,
                (Some(n), Relation::GreaterOrEqual) => n >= *value,
            },
            Self::Within(from, to, sense) => {
                let inside = |n: i64| from.is_none_or(|f| n >= f) && to.is_none_or(|t| n < t);
                by(sense, cell.as_i64().is_some_and(inside))
            }
            Self::OneOf(ids, sense) => by(sense, cell.as_i64().is_some_and(|id| ids.contains(&id))),
            Self::HasAny(ids, sense) => by(sense, list(cell).iter().any(|id| ids.contains(id))),
            Self::HasAll(ids) => !ids.is_empty() && ids.iter().all(|id| list(cell).contains(id)),
            Self::Exactly(ids) => {
                let have = list(cell);
                !ids.is_empty() && ids.iter().all(|id| have.contains(id)) && have.iter().all(|id| ids.contains(id))
            }
            Self::AnyText(names, sense) => by(sense, words(cell).is_some_and(|t| names.contains(&fold(t)))),
            Self::HasAnyText(names, sense) => by(sense, texts(cell).any(|t| names.contains(&t))),
            Self::HasAllTexts(names) => {
                let have: Vec<String> = texts(cell).collect();
                names.iter().all(|name| have.contains(name))
            }
            Self::ExactlyTexts(names) => {
                let have: Vec<String> = texts(cell).collect();
                names.iter().all(|name| have.contains(name)) && have.iter().all(|t| names.contains(t))
            }
        }
    }
}

/// Text, or the texts of a list of linked values.
fn words(cell: &Cell) -> Option<&str> {
    cell.as_text().or_else(|| several_text(cell))
}

fn list(cell: &Cell) -> &[i64] {
    match cell {
        Cell::List(ids) => ids,
        _ => &[],
    }
}

/// The texts of a list of them, folded.
fn texts(cell: &Cell) -> impl Iterator<Item = String> {
    let list = match cell {
        Cell::Json(Json::Array(list)) => list.as_slice(),
        _ => &[],
    };
    list.iter().filter_map(Json::as_str).map(fold)
}
