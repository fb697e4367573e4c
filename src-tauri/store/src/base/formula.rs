//! Formula columns: programs of `base::formula` that SQL calls.
//!
//! A program is kept by a key made of all it depends on, so that a key always means the same.

use super::cells;
use super::meta::Col;
use base::column::{Behaviour, Broken, behaviour};
use base::formula::{Program, Record, Type, compile, quoted, shown_as};
use base::{Cell, Context, Field, Storage};
use model::ColumnId;
use model::base::{Column, ColumnType};
use rusqlite::types::{Value, ValueRef};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex};

/// Programs kept; beyond this all are forgotten, and made again when they are asked for.
const KEPT: usize = 4_096;
/// Columns a formula may read: SQLite's functions take no more than 127 values.
const INPUTS_MAX: usize = 100;
/// How long the SQL of formulas of formulas may grow (bytes).
const SQL_MAX: usize = 200_000;

/// A formula column at work.
#[derive(Debug)]
pub(super) struct Formula {
    pub(super) key: i64,
    pub(super) result: Type,
    /// `key, cells...`
    arguments: String,
    /// Every column it depends on, those of the formulas it reads included.
    pub(super) depends: Vec<ColumnId>,
}

impl Formula {
    /// What it yields, for filters and sorts.
    pub(super) fn expression(&self) -> String {
        format!("formula({})", self.arguments)
    }

    /// What it yields or why it can't, for cells.
    pub(super) fn cell(&self) -> String {
        format!("formula_cell({})", self.arguments)
    }
}

/// A program with the meaning of its inputs.
struct Ready {
    program: Program,
    inputs: Vec<(Box<dyn Behaviour>, Storage)>,
    context: Context,
}

static PROGRAMS: LazyLock<Mutex<HashMap<i64, Arc<Ready>>>> = LazyLock::new(Mutex::default);

/// Calculates for SQL.
pub(super) fn call(key: i64, arguments: &[ValueRef<'_>], tells: bool) -> Value {
    let found = super::lock(&PROGRAMS).get(&key).cloned();
    let words = |words: String| if tells { Value::Blob(words.into_bytes()) } else { Value::Null };
    let Some(ready) = found else { return words("This formula is not ready; reload the table.".into()) };
    if let Some(ValueRef::Blob(failed)) = arguments.iter().find(|a| matches!(a, ValueRef::Blob(_))) {
        return words(String::from_utf8_lossy(failed).into_owned());
    }
    let given: Vec<Cell> =
        ready.inputs.iter().zip(arguments).map(|((_, storage), value)| cells::load(*value, *storage)).collect();
    let fields: Vec<&dyn Behaviour> = ready.inputs.iter().map(|(b, _)| &**b).collect();
    match ready.program.evaluate(&Record { fields: &fields, cells: &given, context: &ready.context }) {
        base::formula::Value::Error(why) => words(why),
        value => cells::store(&value.into(), storage_of(ready.program.result)),
    }
}

fn storage_of(result: Type) -> Storage {
    match result {
        Type::Number => Storage::Real,
        Type::Text => Storage::Text,
        Type::Flag => Storage::Flag,
        Type::Date => Storage::Integer,
    }
}

/// What the cells of a column mean, formulas included.
pub(super) fn meaning(column: &Col, model: &Column, context: &Context) -> Box<dyn Behaviour> {
    match &column.formula {
        Some(formula) => shown_as(formula.result, &model.settings, context),
        None => behaviour(model.kind, &model.settings, context),
    }
}

/// Readies the formula columns of a table, those first that others read.
pub(super) fn resolve(columns: &mut [Col], models: &[Column], context: &Context) {
    let is_formula = |m: &Column| m.kind == ColumnType::Formula;
    let mut open: Vec<usize> = (0..columns.len()).filter(|at| models.get(*at).is_some_and(is_formula)).collect();
    while !open.is_empty() {
        let waits_for = |at: &usize| {
            let wanted = quoted(text_of(models, *at));
            open.iter().any(|other| {
                models.get(*other).is_some_and(|m| wanted.iter().any(|w| w.to_lowercase() == m.name.to_lowercase()))
            })
        };
        let (later, now): (Vec<usize>, Vec<usize>) = open.iter().copied().partition(waits_for);
        if now.is_empty() {
            for at in later {
                break_column(columns, at, "The formula refers to itself.");
            }
            return;
        }
        for at in now {
            match ready(columns, models, at, context) {
                Ok(formula) => {
                    let Some(model) = models.get(at) else { continue };
                    if let Some(column) = columns.get_mut(at) {
                        column.field.behaviour = shown_as(formula.result, &model.settings, context);
                        column.formula = Some(formula);
                    }
                }
                Err(error) => break_column(columns, at, &error.message),
            }
        }
        open = later;
    }
}

fn text_of(models: &[Column], at: usize) -> &str {
    models.get(at).and_then(|m| m.settings.get("formula")).and_then(Json::as_str).unwrap_or_default()
}

fn break_column(columns: &mut [Col], at: usize, words: &str) {
    if let Some(column) = columns.get_mut(at) {
        column.field.behaviour = Box::new(Broken(words.to_owned()));
        column.broken = Some(words.to_owned());
    }
}

fn ready(columns: &[Col], models: &[Column], at: usize, context: &Context) -> model::Result<Formula> {
    let text = text_of(models, at);
    let fields: Vec<&Field> = columns.iter().map(|c| &c.field).collect();
    let program = compile(text, &fields)?;
    let too_much = || model::Error::invalid("The formula reads too many columns.");
    if program.inputs.len() > INPUTS_MAX {
        return Err(too_much());
    }
    let (mut inputs, mut depends, mut arguments) = (Vec::new(), Vec::new(), String::new());
    // Whatever the result depends on makes the key, the minute too where it asks for now.
    let minute = if program.volatile { context.now.0 / 60_000 } else { 0 };
    let mut identity = format!("{text}\u{0}{minute}\u{0}{}", context.zone.iana_name().unwrap_or_default());
    for id in &program.inputs {
        let Some((column, model)) = columns.iter().zip(models).find(|(c, _)| c.field.id == *id) else { continue };
        if let Some(words) = &column.broken {
            return Err(model::Error::invalid(format!("“{}”: {words}", model.name)));
        }
        let means = meaning(column, model, context);
        arguments.push_str(", ");
        arguments.push_str(&column.cell_expression());
        let _ = write!(
            identity,
            "\u{0}{:?}\u{0}{}\u{0}{:?}",
            model.kind,
            model.settings,
            column.formula.as_ref().map(|f| f.key)
        );
        inputs.push((column.storage(), means));
        depends.push(*id);
        depends.extend(column.formula.iter().flat_map(|f| f.depends.clone()));
    }
    if arguments.len() > SQL_MAX {
        return Err(too_much());
    }
    let hash = blake3::hash(identity.as_bytes());
    let key = i64::from_le_bytes(hash.as_bytes().first_chunk::<8>().copied().unwrap_or_default()) & i64::MAX;
    let result = program.result;
    let inputs = inputs.into_iter().map(|(storage, means)| (means, storage)).collect();
    let mut programs = super::lock(&PROGRAMS);
    if programs.len() >= KEPT {
        programs.clear();
    }
    programs.entry(key).or_insert_with(|| Arc::new(Ready { program, inputs, context: context.clone() }));
    drop(programs);
    Ok(Formula { key, result, arguments: format!("{key}{arguments}"), depends })
}
