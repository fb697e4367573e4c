//! `{Column}` into `{{ row["Column"] }}`.
//!
//! A brace is a quote only where it encloses the name of a column, or something that a person must
//! have meant as one; braces of CSS, JSON and prose stay as they are.

use super::{ColumnName, Place, TemplateError};
use crate::text::fold;
use minijinja::ErrorKind;
use model::{Phrase, say};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Source for the engine, with the way back to the offsets that people see.
pub(super) struct Expanded {
    pub source: String,
    /// Pairs of offsets (in `source`, in what was typed), ascending.
    map: Vec<(usize, usize)>,
}

impl Expanded {
    pub(super) fn error(&self, error: &minijinja::Error, place: Place) -> TemplateError {
        let position = error.range().map(|range| {
            let known = self.map.iter().rev().find(|(ours, _)| *ours <= range.start);
            known.map_or(range.start, |(ours, typed)| typed + (range.start - ours))
        });
        TemplateError { message: words(error), place, position, name: None, nearest: None }
    }
}

/// The engine's error in plain words.
pub(super) fn words(error: &minijinja::Error) -> Phrase {
    match error.kind() {
        ErrorKind::OutOfFuel => say!("The template takes too long: a loop in it is too large."),
        ErrorKind::UndefinedError => say!("The template uses a name that does not exist."),
        ErrorKind::UnknownFilter => {
            say!("The template uses an unknown filter ({reason}).", reason = error.detail().unwrap_or_default())
        }
        ErrorKind::SyntaxError => {
            say!("The template is not complete: {reason}.", reason = error.detail().unwrap_or("a tag is malformed"))
        }
        _ => say!(
            "The template can't be filled in: {reason}.",
            reason = error.detail().unwrap_or("a value does not fit")
        ),
    }
}

/// Turns the quotes of one text into expressions.
pub(super) fn expand(
    typed: &str,
    place: Place,
    columns: &[ColumnName],
    used: &mut BTreeSet<ColumnName>,
) -> Result<Expanded, TemplateError> {
    let mut out = Expanded { source: String::with_capacity(typed.len() + 64), map: vec![(0, 0)] };
    let html = place == Place::Html;
    let mut skip_until = style_ranges(typed, html);
    let mut at = 0;
    while let Some(open) = typed.get(at..).and_then(|rest| rest.find('{')).map(|found| at + found) {
        out.source.push_str(typed.get(at..open).unwrap_or_default());
        let rest = typed.get(open..).unwrap_or_default();
        skip_until.retain(|(_, end)| *end > open);
        let in_style = skip_until.iter().any(|(start, end)| (*start..*end).contains(&open));
        // The engine's own tags pass, with their column names noted.
        if let Some(close) = ["{{", "{%", "{#"]
            .iter()
            .zip(["}}", "%}", "#}"])
            .find(|(tag, _)| rest.starts_with(**tag))
            .map(|(_, close)| close)
        {
            let end = rest.find(close).map_or(rest.len(), |found| found + close.len());
            let tag = rest.get(..end).unwrap_or_default();
            note_expression(tag, open, place, columns, used)?;
            let plain = if html { unescape_quotes(tag) } else { tag.to_owned() };
            copy(&plain, open, &mut out);
            at = open + end;
            resume(at, &mut out);
            continue;
        }
        let Some(inner) = enclosed(rest) else {
            literal("{", &mut out, rest);
            at = open + 1;
            continue;
        };
        let (name, filters) = split_filters(inner);
        let name = plain_name(name, html);
        if let Some(column) = columns
            .iter()
            .find(|column| column.trim() == name)
            .or_else(|| columns.iter().find(|column| fold(column.trim()) == fold(&name)))
        {
            used.insert(column.clone());
            let filters = if html { unescape_quotes(filters) } else { filters.to_owned() };
            out.map.push((out.source.len(), open));
            let _ = write!(out.source, "{{{{ row[{}]{filters} }}}}", string_literal(column));
            at = open + inner.len() + 2;
            resume(at, &mut out);
            continue;
        }
        if !in_style && looks_like_name(&name) {
            let nearest = nearest(&name, columns);
            return Err(TemplateError {
                message: say!("There is no column named {{{name}}}.", name),
                place,
                position: Some(open),
                name: Some(name),
                nearest,
            });
        }
        literal("{", &mut out, rest);
        at = open + 1;
    }
    out.source.push_str(typed.get(at..).unwrap_or_default());
    Ok(out)
}

fn copy(tag: &str, typed_at: usize, out: &mut Expanded) {
    out.map.push((out.source.len(), typed_at));
    out.source.push_str(tag);
}

fn resume(typed_at: usize, out: &mut Expanded) {
    out.map.push((out.source.len(), typed_at));
}

fn literal(brace: &str, out: &mut Expanded, rest: &str) {
    // A lone brace before another one must not become a tag of the engine.
    if rest.get(1..).is_some_and(|next| next.starts_with(['{', '%', '#'])) {
        out.source.push_str("{{ '{' }}");
    } else {
        out.source.push_str(brace);
    }
}

/// What stands between this brace and the next, on one line, without further braces.
fn enclosed(rest: &str) -> Option<&str> {
    let inner = rest.get(1..)?;
    let end = inner.find(['{', '}', '\n'])?;
    inner.get(end..)?.starts_with('}').then(|| inner.get(..end)).flatten()
}

/// `Sum|number` into the name and `|number`.
fn split_filters(inner: &str) -> (&str, &str) {
    inner.find('|').and_then(|bar| inner.split_at_checked(bar)).unwrap_or((inner, ""))
}

/// A name as typed in a rich editor: references and tags inside it are the editor's.
fn plain_name(name: &str, html: bool) -> String {
    if !html {
        return name.trim().to_owned();
    }
    let text = crate::text::html_to_text(name);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unescape_quotes(tag: &str) -> String {
    tag.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", " ")
        .replace('\u{a0}', " ")
        .replace("&amp;", "&")
}

/// Letters, digits and blanks as in a column's name, and no sign of CSS or code.
fn looks_like_name(name: &str) -> bool {
    let letters = name.chars().next().is_some_and(char::is_alphabetic);
    letters
        && name.chars().count() <= 64
        && name.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '\'' | '’' | '.' | '/' | '(' | ')' | '#' | '№')
        })
}

/// Where style sheets stand: braces inside are CSS.
fn style_ranges(typed: &str, html: bool) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    if !html {
        return ranges;
    }
    let lower = typed.to_ascii_lowercase();
    let mut from = 0;
    while let Some(start) = lower.get(from..).and_then(|rest| rest.find("<style")).map(|found| from + found) {
        let end = lower.get(start..).and_then(|rest| rest.find("</style")).map_or(lower.len(), |found| start + found);
        ranges.push((start, end));
        from = end.max(start + 1);
    }
    ranges
}

fn string_literal(name: &str) -> String {
    let mut out = String::from("\"");
    for c in name.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Notes the columns of `row["X"]` and `row.X`, and refuses those that don't exist.
fn note_expression(
    tag: &str,
    open: usize,
    place: Place,
    columns: &[ColumnName],
    used: &mut BTreeSet<ColumnName>,
) -> Result<(), TemplateError> {
    let plain = unescape_quotes(tag);
    if plain.starts_with("{#") {
        return Ok(());
    }
    let mut rest = plain.as_str();
    while let Some(found) = rest.find("row") {
        let before = rest.get(..found).unwrap_or_default().chars().next_back();
        let after = rest.get(found + 3..).unwrap_or_default();
        rest = after;
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '\'')) {
            continue;
        }
        let name = if let Some(index) = after.trim_start().strip_prefix('[') {
            let index = index.trim_start();
            let Some(quote) = index.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
                continue;
            };
            index.get(1..).and_then(|inner| inner.split(quote).next()).map(str::to_owned)
        } else if let Some(attribute) = after.strip_prefix('.') {
            let end = attribute.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(attribute.len());
            attribute.get(..end).map(str::to_owned)
        } else {
            None
        };
        let Some(name) = name else { continue };
        if columns.contains(&name) {
            used.insert(name);
        } else {
            let nearest = nearest(&name, columns);
            return Err(TemplateError {
                message: say!("There is no column named {{{name}}}.", name),
                place,
                position: Some(open),
                name: Some(name),
                nearest,
            });
        }
    }
    Ok(())
}

/// The column whose name needs the fewest changes, if they are few.
fn nearest(name: &str, columns: &[ColumnName]) -> Option<ColumnName> {
    let wanted: Vec<char> = fold(name).chars().collect();
    columns
        .iter()
        .map(|column| (distance(&wanted, &fold(column).chars().collect::<Vec<_>>()), column))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, column)| *distance <= (wanted.len().max(column.chars().count()) / 2).max(2))
        .map(|(_, column)| column.clone())
}

/// Levenshtein.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, a) in left.iter().enumerate() {
        let mut diagonal = at;
        let mut previous = at + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(right) {
            let change = diagonal + usize::from(a != b);
            diagonal = *cell;
            *cell = change.min(previous + 1).min(diagonal + 1);
            previous = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
