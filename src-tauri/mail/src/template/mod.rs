//! Columns quoted in a letter: `{Column}` as people of SeaTable know it, over a template language
//! with conditions and loops.
//!
//! Owns: [`Template`]. Refuses: I/O, includes, endless loops (fuel), values that act as template.
//! Look next: `sugar` turns `{Column}` into an expression, `filter` has the filters.

mod filter;
mod sugar;
#[cfg(test)]
mod tests;

use crate::compose::clean_line;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use model::{Phrase, say};
use std::collections::{BTreeMap, BTreeSet};

const FUEL: u64 = 200_000;
const SOURCE_MAX_BYTES: usize = 2 * 1024 * 1024;

/// Name of a column.
pub type ColumnName = String;

/// A cell's value as its column type writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quoted {
    /// For subject and plain text.
    pub text: String,
    /// For HTML, where the column has a form of its own (rich text, images, links): already safe.
    /// `None`: `text`, escaped.
    pub html: Option<String>,
    /// The cell is empty.
    pub empty: bool,
    /// Its items, where the cell is a list (linked records, choices); for `{% for %}`.
    pub items: Vec<String>,
}

/// A compiled template.
#[derive(Clone, Debug)]
pub struct Template {
    environment: Environment<'static>,
    has_html: bool,
    columns: Vec<ColumnName>,
    used: BTreeSet<ColumnName>,
}

/// A letter made of a template and a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Subject, one line.
    pub subject: String,
    /// HTML body.
    pub html: Option<String>,
    /// Plain text body.
    pub text: String,
    /// Quoted columns that are empty in this record, in the order of the alphabet.
    pub empty_columns: Vec<ColumnName>,
}

/// Which of the three texts of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The subject.
    Subject,
    /// The HTML body.
    Html,
    /// The plain text body.
    Text,
}

impl Place {
    const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Html => "body.html",
            Self::Text => "text",
        }
    }
}

/// Why a template can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// What is wrong, in words for the person who writes the template.
    pub message: Phrase,
    /// Where.
    pub place: Place,
    /// Byte offset in that text, where known.
    pub position: Option<usize>,
    /// The unknown name, where that is what is wrong.
    pub name: Option<String>,
    /// The column that was probably meant.
    pub nearest: Option<ColumnName>,
}

impl Template {
    /// Checks and compiles a template for a table with these columns.
    pub fn compile(
        subject: &str,
        html: Option<&str>,
        text: &str,
        columns: &[ColumnName],
    ) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(32);
        environment.set_auto_escape_callback(|name| {
            if name == Place::Html.name() { AutoEscape::Html } else { AutoEscape::None }
        });
        filter::register(&mut environment);
        let mut used = BTreeSet::new();
        for (place, source) in [(Place::Subject, Some(subject)), (Place::Html, html), (Place::Text, Some(text))] {
            let Some(source) = source else { continue };
            if source.len() > SOURCE_MAX_BYTES {
                return Err(TemplateError {
                    message: say!("The template is too large."),
                    place,
                    position: None,
                    name: None,
                    nearest: None,
                });
            }
            let compiled = sugar::expand(source, place, columns, &mut used)?;
            environment
                .add_template_owned(place.name(), compiled.source.clone())
                .map_err(|error| compiled.error(&error, place))?;
        }
        Ok(Self { environment, has_html: html.is_some(), columns: columns.to_vec(), used })
    }

    /// Columns that the template quotes, in any form.
    pub fn columns_used(&self) -> Vec<ColumnName> {
        self.used.iter().cloned().collect()
    }

    /// Makes the letter for one record. `values` has every column; one that is missing counts as empty.
    /// A value that looks like a template stays as it is.
    pub fn render(&self, values: &BTreeMap<ColumnName, Quoted>) -> Result<Rendered, TemplateError> {
        let one = |place: Place| -> Result<String, TemplateError> {
            let template = self.environment.get_template(place.name()).map_err(|error| failed(&error, place))?;
            let row: BTreeMap<String, Value> = self
                .columns
                .iter()
                .map(|name| (name.clone(), filter::cell(values.get(name), place == Place::Html)))
                .collect();
            let context: BTreeMap<String, Value> = BTreeMap::from([("row".to_owned(), Value::from(row))]);
            template.render(Value::from(context)).map_err(|error| failed(&error, place))
        };
        let empty = |name: &&ColumnName| values.get(*name).is_none_or(|value| value.empty);
        Ok(Rendered {
            subject: clean_line(&one(Place::Subject)?),
            html: if self.has_html { Some(one(Place::Html)?) } else { None },
            text: one(Place::Text)?,
            empty_columns: self.used.iter().filter(empty).cloned().collect(),
        })
    }
}

fn failed(error: &minijinja::Error, place: Place) -> TemplateError {
    TemplateError { message: sugar::words(error), place, position: None, name: None, nearest: None }
}
