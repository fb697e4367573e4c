//! Formulas: `{Price} * {Quantity}`, `if({Due} < today(), "late", "")`, with SeaTable's functions.
//!
//! [`compile`] reads a formula against the columns of its table; the [`Program`] then calculates it
//! from the stored cells of one record. The store calls the same program from SQL, so a formula
//! means the same in a cell, in a filter and in a sort.
//! Empty cells are 0 where a number is wanted and "" where text is; a mistake in one record is a
//! value of its own ([`Value::Error`]) with words for the cell.
//! Look next: `parse` for the grammar, `function` for the table of functions.

mod eval;
mod function;
mod parse;

pub use function::catalogue;

use crate::column::{Behaviour, Context, Family};
use crate::{Cell, Field};
use model::base::{ColumnResult, ColumnType};
use model::{ColumnId, Error, ErrorCode, Result, say};
use parse::Expr;
use serde_json::{Value as Json, json};

/// What a formula yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A number.
    Number,
    /// Text.
    Text,
    /// Yes or no.
    Flag,
    /// A day or a day and time on the wall clock.
    Date,
}

/// A calculated value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// A finite number.
    Number(f64),
    /// Text.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// Wall-clock seconds.
    Date(i64),
    /// What went wrong, in words.
    Error(String),
    /// What linked records hold; functions of lists take it apart, all else sees its text.
    List(Vec<Value>),
}

/// A formula ready to calculate.
#[derive(Debug)]
pub struct Program {
    expr: Expr,
    /// The columns it reads, in the order in which their cells are given.
    pub inputs: Vec<ColumnId>,
    /// What it yields.
    pub result: Type,
    /// It asks for today or now: the value changes without any cell changing.
    pub volatile: bool,
}

/// Where the cells and the time of a calculation come from.
pub struct Record<'a> {
    /// The fields of [`Program::inputs`].
    pub fields: &'a [&'a dyn Behaviour],
    /// Their cells.
    pub cells: &'a [Cell],
    /// Here and now.
    pub context: &'a Context,
}

/// Reads a formula against the columns of its table.
///
/// # Errors
/// `Template` with the place of the mistake.
pub fn compile(text: &str, fields: &[&Field]) -> Result<Program> {
    located(text, fields).map_err(|(error, _)| error)
}

/// [`compile`], with the place of the mistake: how many characters stand before it.
#[allow(clippy::missing_errors_doc)] // as compile
pub fn located(text: &str, fields: &[&Field]) -> std::result::Result<Program, (Error, usize)> {
    let wrong = |m: &parse::Mistake| (wrong(text, m), text.get(..m.at).unwrap_or(text).chars().count());
    let expr = parse::parse(text).map_err(|m| wrong(&m))?;
    let mut inputs: Vec<ColumnId> = Vec::new();
    let expr = resolve(expr, fields, &mut inputs).map_err(|m| wrong(&m))?;
    let kinds: Vec<Type> =
        inputs.iter().filter_map(|id| fields.iter().find(|f| f.id == *id)).map(|f| type_of(&*f.behaviour)).collect();
    let result = expr.kind(&kinds);
    Ok(Program { volatile: expr.is_volatile(), expr, inputs, result })
}

fn wrong(text: &str, mistake: &parse::Mistake) -> Error {
    let before = text.get(..mistake.at).unwrap_or(text).chars().count() + 1;
    Error::new(
        ErrorCode::Template,
        say!("The formula has a mistake at character {place}: {what}", place = before, what = mistake.words),
    )
    .remedy("Correct the formula.")
}

/// Puts places of inputs for names of columns.
fn resolve(expr: Expr, fields: &[&Field], inputs: &mut Vec<ColumnId>) -> std::result::Result<Expr, parse::Mistake> {
    expr.map_columns(&mut |name, at| {
        let field = fields
            .iter()
            .find(|f| f.name == name)
            .or_else(|| fields.iter().find(|f| f.name.to_lowercase() == name.to_lowercase()));
        let field =
            field.ok_or_else(|| parse::Mistake { at, words: say!("there is no column “{name}”.", name) })?;
        if field.kind == ColumnType::Button {
            return Err(parse::Mistake {
                at, words: say!("the column “{name}” can't be used in a formula.", name)
            });
        }
        Ok(inputs.iter().position(|id| *id == field.id).unwrap_or_else(|| {
            inputs.push(field.id);
            inputs.len() - 1
        }))
    })
}

/// The names of columns a formula quotes, also of one that can't be compiled.
pub fn quoted(text: &str) -> Vec<String> {
    parse::quotes(text).into_iter().map(|(_, name)| name).collect()
}

/// A formula in which a column has a new name.
pub fn renamed(text: &str, old: &str, new: &str) -> String {
    let mut out = text.to_owned();
    for (range, name) in parse::quotes(text).into_iter().rev() {
        if name.to_lowercase() == old.to_lowercase() {
            out.replace_range(range, &format!("{{{new}}}"));
        }
    }
    out
}

fn type_of(of: &dyn Behaviour) -> Type {
    match of.family() {
        Family::Number => Type::Number,
        Family::Flag => Type::Flag,
        Family::Date | Family::Moment => Type::Date,
        _ => Type::Text,
    }
}

/// What a formula column yields; `settings` are the column's own, such as a number's or date's format.
pub fn result(result: Type, settings: &Json) -> ColumnResult {
    let of = |kind, settings| ColumnResult { kind, settings, list: false, error: None };
    let mut own = settings.clone();
    if let Json::Object(map) = &mut own {
        map.shift_remove("formula");
    }
    match result {
        Type::Number => of(ColumnType::Number, own),
        Type::Text => of(ColumnType::LongText, json!({})),
        Type::Flag => of(ColumnType::Checkbox, json!({})),
        // Without a format of its own a date shows its time: it may have one.
        Type::Date if settings.get("format").is_some_and(|f| f.as_str().is_some_and(|f| f.contains('Y'))) => {
            of(ColumnType::Date, own)
        }
        Type::Date => of(ColumnType::Date, json!({ "format": "YYYY-MM-DD" })),
    }
}

impl Program {
    /// Calculates the formula for one record.
    pub fn evaluate(&self, record: &Record<'_>) -> Value {
        match eval::eval(&self.expr, record) {
            Ok(value) => eval::as_type(value, self.result).unwrap_or_else(Value::Error),
            Err(words) => Value::Error(words),
        }
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        match value {
            Value::Empty => Self::Empty,
            Value::Number(n) => Self::number(n),
            Value::Text(t) => Self::text(t),
            Value::Flag(b) => Self::Flag(b),
            Value::Date(s) => Self::Integer(s),
            Value::Error(words) => Self::Json(json!({ "error": words })),
            list @ Value::List(_) => Self::text(eval::text(&list)),
        }
    }
}

#[cfg(test)]
mod tests;
