//! What was done to a base, read from its log: newest first, in the words of the cells as they were shown.

use super::BaseFile;
use super::act::{owner_in, physical_of};
use super::cells::{load, read_back};
use super::error::sql;
use super::meta::{self, Def};
use base::Context;
use model::base::ColumnType;
use model::history::{Act, ActChange, HistoryArgs, HistoryBy, HistoryPage};
use model::{RecordId, Result, TableId, Timestamp};
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// Acts of a page.
const ACTS_MAX: u32 = 200;
/// Changes told of one act.
const CHANGES_MAX: usize = 50;
/// Linked records named of one change.
const LINKED_TOLD: usize = 20;
/// Characters of a text in a list.
const TEXT_MAX: usize = 500;

/// Tables as they are now, by id; `None` where one is gone.
pub(super) struct Tables<'a> {
    connection: &'a Connection,
    context: Context,
    known: HashMap<TableId, Option<Def>>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(connection: &'a Connection, context: Context) -> Self {
        Self { connection, context, known: HashMap::new() }
    }

    pub(super) fn def(&mut self, table: TableId) -> Option<&Def> {
        self.known.entry(table).or_insert_with(|| meta::def(self.connection, table, &self.context).ok()).as_ref()
    }

    /// The filled cells of a row of the log, with their columns as they are now.
    pub(super) fn cells(&mut self, table: TableId, row: &Map<String, Json>) -> Vec<(model::ColumnId, String, String)> {
        let Some(def) = self.def(table) else { return Vec::new() };
        def.columns
            .iter()
            .filter_map(|c| {
                let text = shown(c, row.get(&format!("c{}", c.physical?))?)?;
                Some((c.field.id, c.field.name.clone(), text))
            })
            .collect()
    }

    /// What a record is called: its first column.
    pub(super) fn name(&mut self, table: TableId, row: &Map<String, Json>) -> String {
        let first = self.def(table).and_then(|d| d.columns.first()).map(|c| c.field.id);
        self.cells(table, row)
            .into_iter()
            .find(|(id, ..)| Some(*id) == first)
            .map(|(_, _, text)| text)
            .unwrap_or_default()
    }

    /// True for a step on a view that is somebody else's private one, or was then.
    fn hides(&self, step: &Row) -> bool {
        let text = "SELECT json_extract(body, '$.settings.owner') FROM data_view WHERE id = ?1";
        let now = self.connection.query_row(text, [step.object], |r| r.get::<_, Option<String>>(0)).ok().flatten();
        let owners = [now, owner_in(&step.before), owner_in(&step.after)];
        owners.into_iter().flatten().any(|owner| owner != self.context.person)
    }

    /// What a record that is there is called.
    fn name_now(&mut self, table: TableId, record: i64) -> String {
        let connection = self.connection;
        let Some(def) = self.def(table) else { return String::new() };
        let found = super::list::load_cells(connection, def, &[record]).unwrap_or_default();
        let first = found.first().and_then(|(_, cells)| cells.first()).zip(def.columns.first());
        first.map(|(cell, column)| cut(column.field.behaviour.show(cell))).unwrap_or_default()
    }
}

/// A value of the log as its column shows it now; `None` for an empty one.
fn shown(column: &meta::Col, value: &Json) -> Option<String> {
    let value = read_back(value);
    if value == Value::Null {
        return None;
    }
    Some(cut(column.field.behaviour.show(&load(ValueRef::from(&value), column.storage()))))
}

fn cut(text: String) -> String {
    if text.chars().nth(TEXT_MAX).is_none() { text } else { text.chars().take(TEXT_MAX).chain(['…']).collect() }
}

struct Row {
    kind: String,
    table: TableId,
    object: i64,
    before: Map<String, Json>,
    after: Map<String, Json>,
}

impl BaseFile {
    /// Acts, newest first: all, those on a table, or those on a record of it.
    pub fn history(&self, args: &HistoryArgs) -> Result<HistoryPage> {
        let limit = args.limit.clamp(1, ACTS_MAX);
        let (table, record) = (args.table, args.record);
        let context = self.context();
        self.read_snapshot(|c| {
            let from = match (table, record) {
                (None, _) => "SELECT a.id FROM act a WHERE ?2 IS ?2 AND ?3 IS ?3",
                (Some(_), None) => {
                    "SELECT DISTINCT a.id FROM step s JOIN act a ON a.id = s.act_id WHERE s.table_id = ?2 AND ?3 IS ?3"
                }
                (Some(_), Some(_)) => {
                    "SELECT DISTINCT a.id FROM step s JOIN act a ON a.id = s.act_id
                     WHERE s.table_id = ?2 AND s.object_id = ?3 AND s.kind NOT IN ('table', 'column', 'view')"
                }
            };
            let text = format!(
                "{from} AND a.id < ?1 AND a.at >= ?5 AND a.at < ?6 AND (?7 IS NULL OR (a.session = ?8) = ?7)
                 ORDER BY a.id DESC LIMIT ?4"
            );
            let ids: Vec<i64> = c
                .prepare_cached(&text)
                .and_then(|mut s| {
                    let of = (
                        args.before.unwrap_or(i64::MAX),
                        table.map(|t| t.0),
                        record.map(|r| r.0),
                        limit + 1,
                        args.from_at.map_or(i64::MIN, |at| at.0),
                        args.until_at.map_or(i64::MAX, |at| at.0),
                        args.by.map(|by| by == HistoryBy::Me),
                        &self.session,
                    );
                    s.query_map(of, |r| r.get(0))?.collect()
                })
                .map_err(sql)?;
            let mut tables = Tables::new(c, context);
            let more = ids.len() > limit as usize;
            let shown = ids.into_iter().take(limit as usize);
            let acts = shown.map(|id| act(c, id, table, record, &self.session, &mut tables)).collect::<Result<_>>()?;
            Ok(HistoryPage { acts, more })
        })
    }
}

fn act(
    c: &Connection,
    id: i64,
    table: Option<TableId>,
    record: Option<RecordId>,
    own: &str,
    tables: &mut Tables<'_>,
) -> Result<Act> {
    let (what, session, at, state): (String, String, i64, String) = c
        .prepare_cached("SELECT what, session, at, state FROM act WHERE id = ?1")
        .and_then(|mut s| s.query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))))
        .map_err(sql)?;
    let records: u32 = c
        .prepare_cached(
            "SELECT count(DISTINCT table_id || ':' || object_id) FROM step WHERE act_id = ?1 AND kind IN ('add', 'update', 'remove')",
        )
        .and_then(|mut s| s.query_row([id], |r| r.get(0)))
        .map_err(sql)?;
    let mut changes = Vec::new();
    let mut about = table;
    for row in rows(c, id, table, record)? {
        about = about.or(Some(row.table));
        tell(&row, tables, &mut changes);
        if changes.len() >= CHANGES_MAX {
            changes.truncate(CHANGES_MAX);
            break;
        }
    }
    let by = if session == own { "me".to_owned() } else { session };
    Ok(Act { act: id, at: Timestamp(at), by, what, table: about, records, undone: state != "done", changes })
}

fn rows(c: &Connection, act: i64, table: Option<TableId>, record: Option<RecordId>) -> Result<Vec<Row>> {
    let map = |text: Option<String>| text.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default();
    c.prepare_cached(
        "SELECT kind, table_id, object_id, before, after FROM step
         WHERE act_id = ?1 AND (?2 IS NULL OR table_id = ?2) AND (?3 IS NULL OR (object_id = ?3 AND kind NOT IN ('table', 'column', 'view')))
         ORDER BY id LIMIT ?4",
    )
    .and_then(|mut s| {
        s.query_map((act, table.map(|t| t.0), record.map(|r| r.0), CHANGES_MAX as i64), |r| {
            Ok(Row {
                kind: r.get(0)?,
                table: TableId(r.get(1)?),
                object: r.get(2)?,
                before: map(r.get(3)?),
                after: map(r.get(4)?),
            })
        })?
        .collect()
    })
    .map_err(sql)
}

/// The changes of one step.
fn tell(row: &Row, tables: &mut Tables<'_>, changes: &mut Vec<ActChange>) {
    let mut change = ActChange {
        table: row.table,
        record: Some(RecordId(row.object)),
        text: String::new(),
        kind: row.kind.clone(),
        column: None,
        before: None,
        after: None,
    };
    match row.kind.as_str() {
        "update" => {
            let text = tables.name_now(row.table, row.object);
            for (name, after) in &row.after {
                let Some(physical) = physical_of(name) else { continue };
                let column =
                    tables.def(row.table).and_then(|d| d.columns.iter().find(|c| c.physical == Some(physical)));
                // A column of a former type, or a removed one, is not told; nor is who did it, as a change of theirs.
                let Some(column) = column.filter(|c| c.field.kind != ColumnType::LastModifier) else { continue };
                changes.push(ActChange {
                    text: text.clone(),
                    column: Some(column.field.id),
                    before: row.before.get(name).and_then(|v| shown(column, v)),
                    after: shown(column, after),
                    ..change.clone()
                });
            }
        }
        "add" | "remove" => {
            let cells = if row.kind == "add" { &row.after } else { &row.before };
            change.text = tables.name(row.table, cells);
            changes.push(change);
        }
        "link" => {
            change.text = tables.name_now(row.table, row.object);
            let id = row.after.get("column").or_else(|| row.before.get("column")).and_then(Json::as_i64);
            let column = tables.def(row.table).and_then(|d| d.columns.iter().find(|c| Some(c.field.id.0) == id));
            if let Some((id, end)) = column.and_then(|c| Some((c.field.id, c.link?))) {
                let mut names = |of: &Map<String, Json>| {
                    let ids = of.get("ids").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_i64);
                    let names: Vec<String> = ids.take(LINKED_TOLD).map(|id| tables.name_now(end.other, id)).collect();
                    (!names.is_empty()).then(|| names.join(", "))
                };
                (change.column, change.before, change.after) = (Some(id), names(&row.before), names(&row.after));
            }
            changes.push(change);
        }
        "table" | "column" | "view" => {
            change.record = None;
            let name = |of: &Map<String, Json>| match read_back(of.get("name").unwrap_or(&Json::Null)) {
                Value::Text(name) => Some(name),
                _ => None,
            };
            let gone = |of: &Map<String, Json>| of.get("removed_at").is_some_and(|at| !at.is_null());
            let now = name(&row.after).or_else(|| named(tables.connection, &row.kind, row.object));
            change.text = now.clone().unwrap_or_default();
            change.before = if gone(&row.before) { None } else { name(&row.before).or_else(|| now.clone()) };
            change.after = if gone(&row.after) { None } else { now };
            if row.kind == "view" && tables.hides(row) {
                // That somebody has a private view is told, its name is not.
                (change.text, change.before, change.after) = (String::new(), None, None);
            }
            changes.push(change);
        }
        _ => {
            change.text = tables.name_now(row.table, row.object);
            changes.push(change);
        }
    }
}

fn named(c: &Connection, kind: &str, id: i64) -> Option<String> {
    let store = match kind {
        "table" => "data_table",
        "column" => "data_column",
        _ => "data_view",
    };
    c.query_row(&format!("SELECT name FROM {store} WHERE id = ?1"), [id], |r| r.get(0)).ok()
}
