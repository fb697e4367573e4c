//! A cell: the value of one column in one record.

use model::{Phrase, say};
use serde_json::Value as Json;

/// A value as it is stored and compared. What it means is the column's business: an `Integer` is
/// seconds in a duration column and an option in a single select.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing. Empty text, an empty list and an unset rating are all this.
    #[default]
    Empty,
    /// Text, never empty.
    Text(String),
    /// A finite number.
    Number(f64),
    /// A whole number: seconds, days, an option.
    Integer(i64),
    /// Yes or no.
    Flag(bool),
    /// Option ids in the order chosen.
    List(Vec<i64>),
    /// Something structured: a place, files.
    Json(Json),
}

impl Cell {
    /// Text as a cell; empty text is [`Cell::Empty`].
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A number as a cell; what is not finite is [`Cell::Empty`].
    pub fn number(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Empty }
    }

    /// True for [`Cell::Empty`].
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The number in it, if it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(n) => Some(*n),
            Self::Integer(n) => Some(*n as f64),
            _ => None,
        }
    }

    /// The whole number in it, if it is one.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(n) => Some(*n),
            Self::Number(n) if n.fract() == 0.0 && n.abs() < 9e15 => Some(*n as i64),
            _ => None,
        }
    }

    /// The text in it, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(t) => Some(t),
            _ => None,
        }
    }
}

/// Why a text or value does not fit a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// One sentence for people.
    Wrong(Phrase),
    /// A select column has no options of these names; whoever writes may add them.
    UnknownOptions(Vec<String>),
}

impl Misfit {
    /// Says of a text that it is not what it should be, with the text cut to a readable length.
    pub fn not(text: &str, say: impl FnOnce(String) -> Phrase) -> Self {
        let mut cut: String = text.chars().take(60).collect();
        if cut.len() < text.len() {
            cut.push('…');
        }
        Self::Wrong(say(cut))
    }

    /// Why, in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Wrong(words) => words.clone(),
            Self::UnknownOptions(names) => say!("There is no option “{names}”.", names = names.join("”, “")),
        }
    }
}

impl std::fmt::Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.phrase().text)
    }
}

impl From<Misfit> for model::Error {
    fn from(misfit: Misfit) -> Self {
        Self::invalid(misfit.phrase())
    }
}
