//! Records quoted in letters: from cells to what a template takes.

use mail::template::{Place, Quoted, Rendered, Template, TemplateError};
use model::base::{Column, ColumnType};
use model::{Error, ErrorCode, Result, say};
use std::collections::BTreeMap;

/// Checks and compiles a template for a table.
///
/// # Errors
/// `Template` with where and what; the name that was probably meant, if one is near.
pub(crate) fn compile(subject: &str, html: Option<&str>, text: &str, columns: &[Column]) -> Result<Template> {
    let names: Vec<String> = columns.iter().map(|c| c.name.clone()).collect();
    Template::compile(subject, html, text, &names).map_err(|e| mistake(&e))
}

/// The letter of one record; `shown` is the text of each of `columns`. A text for programs that
/// show no HTML is made where the template has none.
///
/// # Errors
/// `Template` where this record's values break it.
pub(crate) fn render(template: &Template, columns: &[Column], shown: &[String]) -> Result<Rendered> {
    let values: BTreeMap<String, Quoted> =
        columns.iter().zip(shown).map(|(column, text)| (column.name.clone(), quoted(column, text))).collect();
    let mut rendered = template.render(&values).map_err(|e| mistake(&e))?;
    if rendered.text.trim().is_empty()
        && let Some(html) = &rendered.html
    {
        rendered.text = mail::text::html_to_text(html);
    }
    Ok(rendered)
}

fn quoted(column: &Column, text: &str) -> Quoted {
    let list = matches!(
        column.kind,
        ColumnType::MultipleSelect | ColumnType::Link | ColumnType::LinkFormula | ColumnType::Collaborator
    );
    let items =
        if list { text.split(", ").filter(|item| !item.is_empty()).map(str::to_owned).collect() } else { Vec::new() };
    Quoted { text: text.to_owned(), html: None, empty: text.trim().is_empty(), items }
}

fn mistake(error: &TemplateError) -> Error {
    let what = &error.message;
    let words = match error.place {
        Place::Subject => say!("In the subject: {what}", what),
        Place::Html | Place::Text => say!("In the text: {what}", what),
    };
    let remedy = if let Some(name) = &error.nearest {
        say!("Did you mean {{{name}}}?", name)
    } else {
        say!("Correct it in the template.")
    };
    Error::new(ErrorCode::Template, words).remedy(remedy)
}
