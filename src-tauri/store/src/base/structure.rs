//! Tables and columns: made, changed and removed, each as one act.
//!
//! Nothing is ever rewritten or dropped in the foreground: a removed table or column is flagged, a
//! change of type fills a new physical column and keeps the old one, so that undo costs nothing.
//! What was removed leaves the file when a copy of it is made ([`purge`]).

use super::act::Object;
use super::cells::{self, sql_type};
use super::error::{is_unique, sql};
use super::meta::{self, Def, LinkEnd, kind_word};
use super::{BaseFile, Write, schema};
use crate::error::taken;
use base::column::{AutoNumber, check_name, check_settings, convert, options};
use base::{Cell, Context, Misfit, Storage};
use model::base::{Column, ColumnType, Table};
use model::{ColumnId, Error, Result, TableId, say};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use serde_json::Value as Json;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Columns a table may have.
pub(super) const COLUMNS_MAX: usize = 500;
/// Options a column may be given by a change of type or an import.
pub(super) const OPTIONS_MAX: usize = 500;

/// What to change of a column; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ColumnChange {
    /// New name.
    pub name: Option<String>,
    /// New type.
    pub kind: Option<ColumnType>,
    /// New settings.
    pub settings: Option<Json>,
    /// New description.
    pub description: Option<String>,
    /// New width, pixels 40..=1200.
    pub width: Option<u32>,
    /// New place, from 0.
    pub position: Option<u32>,
}

/// The settings of a new column, checked.
pub(super) fn settings(kind: ColumnType, wanted: Json) -> Result<Json> {
    check_settings(kind, Some(wanted))
}

impl BaseFile {
    /// All tables.
    pub fn tables(&self) -> Result<Vec<Table>> {
        let context = self.context();
        self.read_snapshot(|c| schema::tables(c, &context))
    }

    /// One table.
    pub fn table(&self, id: TableId) -> Result<Table> {
        let context = self.context();
        self.read_snapshot(|c| Ok(meta::def(c, id, &context)?.seen()))
    }

    /// Makes a table with one text column `Name` and one view.
    pub fn create_table(&self, name: &str) -> Result<Table> {
        self.write(|w| {
            let act = w.begin("table.create")?;
            let table = w.make_table(act, name)?;
            w.make_column(act, table, "Name", ColumnType::Text, Json::Object(serde_json::Map::new()))?;
            meta::table(&w.tx, table)
        })
    }

    /// Renames, describes, hides or shows a table.
    pub fn update_table(
        &self,
        id: TableId,
        name: Option<&str>,
        description: Option<&str>,
        hidden: Option<bool>,
    ) -> Result<Table> {
        self.write(|w| {
            meta::require_table(&w.tx, id)?;
            let act = w.begin("table.update")?;
            let mut fields = Vec::new();
            if let Some(name) = name {
                let name = check_name(name, "table")?;
                w.free("data_table", "1 = ?1", 1, id.0, &name)?;
                fields.push(("name", Value::Text(name)));
            }
            if let Some(description) = description {
                fields.push(("description", Value::Text(description.to_owned())));
            }
            if let Some(hidden) = hidden {
                fields.push(("hidden", Value::Integer(i64::from(hidden))));
            }
            w.set(act, Object::Table, id, id.0, &fields)?;
            Ok(meta::def(&w.tx, id, &w.context)?.seen())
        })
    }

    /// Moves a table to a place among the base's tables, from 0.
    pub fn move_table(&self, id: TableId, position: u32) -> Result<()> {
        self.write(|w| {
            meta::require_table(&w.tx, id)?;
            let mut order: Vec<TableId> = meta::table_ids(&w.tx)?.into_iter().filter(|t| *t != id).collect();
            order.insert((position as usize).min(order.len()), id);
            let act = w.begin("table.move_to")?;
            for (at, table) in order.iter().enumerate() {
                w.set(act, Object::Table, *table, table.0, &[("position", Value::Integer(at as i64))])?;
            }
            Ok(())
        })
    }

    /// Removes a table; undo brings it back with everything in it.
    pub fn remove_table(&self, id: TableId) -> Result<()> {
        self.write(|w| {
            meta::require_table(&w.tx, id)?;
            let act = w.begin("table.remove")?;
            for (table, column) in w.columns_linking(id)? {
                w.flag_column(act, table, column)?;
            }
            w.set(act, Object::Table, id, id.0, &[("removed_at", Value::Integer(w.now.0))])?;
            w.record_changed(None);
            Ok(())
        })
    }

    /// Adds a column at the end.
    pub fn add_column(&self, table: TableId, name: &str, kind: ColumnType, settings: Option<Json>) -> Result<Column> {
        let settings = check_settings(kind, settings)?;
        self.write(|w| {
            meta::require_table(&w.tx, table)?;
            let act = w.begin("column.add")?;
            let id = match kind {
                ColumnType::Link => w.make_link(act, table, name, &settings)?,
                _ => w.make_column(act, table, name, kind, settings)?.0,
            };
            if kind == ColumnType::AutoNumber {
                w.number_records(table, id)?;
            }
            w.check_formula(table, id)?;
            column(&w.tx, table, id, &w.context)
        })
    }

    /// Changes a column. A change of type converts every cell; what does not fit becomes empty and
    /// comes back with undo.
    pub fn update_column(&self, table: TableId, id: ColumnId, change: &ColumnChange) -> Result<Column> {
        self.write(|w| {
            let def = meta::def(&w.tx, table, &w.context)?;
            let old = def.column(id)?;
            let act = w.begin("column.update")?;
            let mut fields = Vec::new();
            if let Some(name) = &change.name {
                let name = check_name(name, "column")?;
                w.free("data_column", "table_id = ?1", table.0, id.0, &name)?;
                w.rename_in_formulas(act, &def, &old.field.name, &name)?;
                fields.push(("name", Value::Text(name)));
            }
            if let Some(description) = &change.description {
                fields.push(("description", Value::Text(description.clone())));
            }
            if let Some(width) = change.width {
                fields.push(("width", Value::Integer(i64::from(width.clamp(40, 1200)))));
            }
            match change.kind.filter(|k| *k != old.field.kind) {
                Some(kind) => w.change_kind(act, &def, id, kind, change.settings.clone())?,
                None => {
                    if let Some(settings) = change.settings.clone() {
                        let mut settings = check_settings(old.field.kind, Some(settings))?;
                        if let Some(model) = def.model(id).filter(|m| m.kind == ColumnType::Link) {
                            settings = w.changed_link(act, table, old, &model.settings, &settings)?;
                        }
                        fields.push(("settings", Value::Text(settings.to_string())));
                        w.record_changed(None);
                    }
                }
            }
            w.set(act, Object::Column, table, id.0, &fields)?;
            w.check_formula(table, id)?;
            if let Some(position) = change.position {
                let mut order: Vec<ColumnId> = def.table.columns.iter().map(|c| c.id).filter(|c| *c != id).collect();
                order.insert((position as usize).min(order.len()), id);
                for (at, column) in order.iter().enumerate() {
                    w.set(act, Object::Column, table, column.0, &[("position", Value::Integer(at as i64))])?;
                }
            }
            column(&w.tx, table, id, &w.context)
        })
    }

    /// Removes a column from the table and from its views; undo brings it back with its cells.
    pub fn remove_column(&self, table: TableId, id: ColumnId) -> Result<()> {
        self.write(|w| {
            let def = meta::def(&w.tx, table, &w.context)?;
            def.column(id)?;
            if def.columns.len() == 1 {
                return Err(Error::invalid("A table keeps at least one column.").remedy("Remove the table instead."));
            }
            let act = w.begin("column.remove")?;
            w.drop_back(act, &def, id)?;
            w.flag_column(act, table, id)
        })
    }
}

pub(super) fn column(connection: &Connection, table: TableId, id: ColumnId, context: &Context) -> Result<Column> {
    meta::def(connection, table, context)?
        .table
        .columns
        .into_iter()
        .find(|c| c.id == id)
        .ok_or_else(|| Error::internal("a new column is missing"))
}

impl Write<'_> {
    /// Refuses a name that another living object has.
    pub(super) fn free(&self, store: &str, among: &str, of: i64, own: i64, name: &str) -> Result<()> {
        let text = format!(
            "SELECT count(*) FROM {store} WHERE {among} AND id <> ?2 AND removed_at IS NULL AND name = ?3 COLLATE NOCASE"
        );
        let others: i64 =
            self.tx.prepare_cached(&text).and_then(|mut s| s.query_row((of, own, name), |r| r.get(0))).map_err(sql)?;
        if others > 0 { Err(taken(name)) } else { Ok(()) }
    }

    /// Makes a table without columns, with one view.
    pub(super) fn make_table(&mut self, act: i64, name: &str) -> Result<TableId> {
        let name = check_name(name, "table")?;
        let id = self
            .tx
            .prepare_cached("INSERT INTO data_table (name, position) VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM data_table))")
            .and_then(|mut s| s.insert([&name]))
            .map_err(|e| if is_unique(&e) { taken(&name) } else { sql(e) })?;
        self.tx
            .execute_batch(&format!(
                "CREATE TABLE t{id} (id INTEGER PRIMARY KEY, uid BLOB NOT NULL DEFAULT (randomblob(16)), pos REAL,
                 version INTEGER NOT NULL DEFAULT 1, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL) STRICT;"
            ))
            .map_err(sql)?;
        let table = TableId(id);
        let view = meta::default_view(&self.tx)?;
        let body = meta::view_body(&view)?;
        self.tx
            .prepare_cached("INSERT INTO data_view (table_id, name, kind, body) VALUES (?1, ?2, 'table', ?3)")
            .and_then(|mut s| s.execute((id, &view.name, body)))
            .map_err(sql)?;
        self.made(act, Object::Table, table, id)?;
        Ok(table)
    }

    /// Makes a column; gives its id and its physical column.
    pub(super) fn make_column(
        &mut self,
        act: i64,
        table: TableId,
        name: &str,
        kind: ColumnType,
        settings: Json,
    ) -> Result<(ColumnId, Option<i64>)> {
        let name = check_name(name, "column")?;
        let count: i64 = self
            .tx
            .prepare_cached("SELECT count(*) FROM data_column WHERE table_id = ?1 AND removed_at IS NULL")
            .and_then(|mut s| s.query_row([table.0], |r| r.get(0)))
            .map_err(sql)?;
        if count as usize >= COLUMNS_MAX {
            return Err(Error::invalid(say!("A table has at most {max} columns.", max = COLUMNS_MAX))
                .remedy("Put the rest into a second table."));
        }
        let physical = self.make_physical(table, kind, &settings)?;
        let id = self
            .tx
            .prepare_cached(
                "INSERT INTO data_column (table_id, name, kind, settings, physical, position)
                 VALUES (?1, ?2, ?3, ?4, ?5, (SELECT coalesce(max(position), -1) + 1 FROM data_column WHERE table_id = ?1))",
            )
            .and_then(|mut s| s.insert((table.0, &name, kind_word(kind), settings.to_string(), physical)))
            .map_err(|e| if is_unique(&e) { taken(&name) } else { sql(e) })?;
        self.made(act, Object::Column, table, id)?;
        Ok((ColumnId(id), physical))
    }

    /// Takes a column away: out of its table and out of its views.
    pub(super) fn flag_column(&mut self, act: i64, table: TableId, id: ColumnId) -> Result<()> {
        let def = meta::def(&self.tx, table, &self.context)?;
        self.set(act, Object::Column, table, id.0, &[("removed_at", Value::Integer(self.now.0))])?;
        self.forget_in_views(act, &def, id, true)?;
        self.record_changed(None);
        Ok(())
    }

    /// Takes the other table's column of a two-way link away.
    fn drop_back(&mut self, act: i64, def: &Def, id: ColumnId) -> Result<()> {
        match def.column(id)?.link {
            Some(LinkEnd { other, back: Some(back), .. }) => self.flag_column(act, other, back),
            _ => Ok(()),
        }
    }

    /// The link columns of other tables that lead to a table.
    fn columns_linking(&self, to: TableId) -> Result<Vec<(TableId, ColumnId)>> {
        self.tx
            .prepare_cached(
                "SELECT table_id, id FROM data_column WHERE kind = 'link' AND removed_at IS NULL AND table_id <> ?1
                 AND json_extract(settings, '$.table') = ?1",
            )
            .and_then(|mut s| s.query_map([to.0], |r| Ok((TableId(r.get(0)?), ColumnId(r.get(1)?))))?.collect())
            .map_err(sql)
    }

    fn make_physical(&mut self, table: TableId, kind: ColumnType, settings: &Json) -> Result<Option<i64>> {
        let storage = base::column::behaviour(kind, settings, &self.context).storage();
        let Some(sql_type) = sql_type(storage) else { return Ok(None) };
        let id = self
            .tx
            .prepare_cached("INSERT INTO physical (table_id) VALUES (?1)")
            .and_then(|mut s| s.insert([table.0]))
            .map_err(sql)?;
        self.tx.execute_batch(&format!("ALTER TABLE t{table} ADD COLUMN c{id} {sql_type}")).map_err(sql)?;
        Ok(Some(id))
    }

    /// Refuses a formula that can't be calculated.
    fn check_formula(&self, table: TableId, id: ColumnId) -> Result<()> {
        let def = meta::def(&self.tx, table, &self.context)?;
        match &def.column(id)?.broken {
            Some(words) => Err(Error::new(model::ErrorCode::Template, words.clone()).remedy("Correct the formula.")),
            None => Ok(()),
        }
    }

    /// A column has a new name: the formulas that quote it follow.
    fn rename_in_formulas(&mut self, act: i64, def: &Def, old: &str, new: &str) -> Result<()> {
        for other in def.table.columns.iter().filter(|c| c.kind == ColumnType::Formula) {
            let Some(text) = other.settings.get("formula").and_then(Json::as_str) else { continue };
            let renamed = base::formula::renamed(text, old, new);
            if renamed != text {
                let mut settings = other.settings.clone();
                if let Json::Object(map) = &mut settings {
                    map.insert("formula".into(), Json::String(renamed));
                }
                self.set(
                    act,
                    Object::Column,
                    def.table.id,
                    other.id.0,
                    &[("settings", Value::Text(settings.to_string()))],
                )?;
            }
        }
        Ok(())
    }

    /// Adds options to a select column, as part of an act.
    pub(super) fn add_options(&mut self, act: i64, table: TableId, id: ColumnId, names: &[String]) -> Result<()> {
        let column = column(&self.tx, table, id, &self.context)?;
        let settings = options::with_added(&column.settings, names);
        self.set(act, Object::Column, table, id.0, &[("settings", Value::Text(settings.to_string()))])
    }

    /// Numbers the records that are there already, in their order.
    pub(super) fn number_records(&mut self, table: TableId, id: ColumnId) -> Result<()> {
        let def = meta::def(&self.tx, table, &self.context)?;
        let (Some(physical), Some(model)) = (def.column(id)?.physical, def.model(id)) else { return Ok(()) };
        let number = AutoNumber::new(&model.settings);
        let last = Arc::new(AtomicI64::new(0));
        let (counter, context) = (last.clone(), self.context.clone());
        self.tx
            .create_scalar_function("number_record", 1, FunctionFlags::SQLITE_UTF8, move |ctx| {
                let made_at = context.wall_clock(ctx.get::<i64>(0)?);
                Ok(number.text(counter.fetch_add(1, Ordering::Relaxed) + 1, made_at))
            })
            .and_then(|()| self.tx.execute(&format!("UPDATE t{table} SET c{physical} = number_record(created_at)"), []))
            .and_then(|_| self.tx.remove_function("number_record", 1))
            .and_then(|()| {
                self.tx.execute(
                    "UPDATE data_column SET settings = json_set(settings, '$.max_used_auto_number', ?2) WHERE id = ?1",
                    (id.0, last.load(Ordering::Relaxed)),
                )
            })
            .map_err(sql)?;
        self.cells_changed([physical]);
        self.record_changed(None);
        Ok(())
    }

    /// Gives a column another type: a new physical column is filled, then the column points to it.
    fn change_kind(
        &mut self,
        act: i64,
        def: &Def,
        id: ColumnId,
        kind: ColumnType,
        settings: Option<Json>,
    ) -> Result<()> {
        let old = def.column(id)?;
        let table = def.table.id;
        let model = def.model(id).ok_or_else(|| Error::not_found("This column does not exist any more."))?;
        let mut settings = match settings {
            Some(settings) => check_settings(kind, Some(settings))?,
            // The options of one select column serve the other kind too.
            None => {
                check_settings(kind, Some(model.settings.clone()).filter(|_| old.field.behaviour.options().is_some()))?
            }
        };
        // A list of linked records is read with its text, everything else as filters see it.
        let source = if old.storage() == Storage::Json { old.cell_expression() } else { old.expression() };
        if kind == ColumnType::Link {
            let given = settings;
            settings = self.new_link(table, &given)?;
            let single = given.get("back_multiple").and_then(Json::as_bool) == Some(false);
            self.link_by_text(act, def, old, &settings, single)?;
            if settings.get("two_way").and_then(Json::as_bool) == Some(true) {
                settings = self.make_back(act, table, id, &given, settings)?;
            }
        }
        self.drop_back(act, def, id)?;
        if matches!(kind, ColumnType::SingleSelect | ColumnType::MultipleSelect) {
            settings = self.options_from(def, id, kind, settings)?;
        }
        let physical = self.make_physical(table, kind, &settings)?;
        if let Some(p) = physical.filter(|_| source != "NULL" && kind != ColumnType::AutoNumber) {
            let (from, storage) = (super::schema::meaning(old, model, &self.context), old.storage());
            let to = base::column::behaviour(kind, &settings, &self.context);
            let into = to.storage();
            self.tx
                .create_scalar_function("convert_cell", 1, FunctionFlags::SQLITE_UTF8, move |ctx| {
                    let cell = cells::load(ctx.get_raw(0), storage);
                    Ok(cells::store(&convert(&*from, &cell, &*to).unwrap_or(Cell::Empty), into))
                })
                .and_then(|()| {
                    self.tx.execute(
                        &format!("UPDATE t{table} SET c{p} = convert_cell({source}) WHERE {source} IS NOT NULL"),
                        [],
                    )
                })
                .and_then(|_| self.tx.remove_function("convert_cell", 1))
                .map_err(sql)?;
        }
        self.set(
            act,
            Object::Column,
            table,
            id.0,
            &[
                ("kind", Value::Text(kind_word(kind))),
                ("settings", Value::Text(settings.to_string())),
                ("physical", physical.map_or(Value::Null, Value::Integer)),
            ],
        )?;
        if kind == ColumnType::AutoNumber {
            self.number_records(table, id)?;
        }
        self.forget_in_views(act, def, id, false)?;
        self.record_changed(None);
        Ok(())
    }

    /// Settings with an option for every value the column holds.
    fn options_from(&mut self, def: &Def, id: ColumnId, kind: ColumnType, mut settings: Json) -> Result<Json> {
        let old = def.column(id)?;
        let source = if old.storage() == Storage::Json { old.cell_expression() } else { old.expression() };
        if source == "NULL" {
            return Ok(settings);
        }
        let storage = old.field.behaviour.storage();
        let mut wanted: Vec<String> = Vec::new();
        let mut statement = self
            .tx
            .prepare(&format!(
                "SELECT {source} FROM t{} WHERE {source} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1",
                def.table.id
            ))
            .map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        let mut behaviour = base::column::behaviour(kind, &settings, &self.context);
        while let Some(row) = rows.next().map_err(sql)? {
            let cell = cells::load(row.get_ref(0).map_err(sql)?, storage);
            if let Err(Misfit::UnknownOptions(names)) = convert(&*old.field.behaviour, &cell, &*behaviour) {
                wanted.extend(names);
                if wanted.len() > OPTIONS_MAX {
                    return Err(Error::invalid(say!(
                        "“{name}” holds more than {max} different values, too many for options.",
                        name = old.field.name,
                        max = OPTIONS_MAX
                    ))
                    .remedy("Keep it as text."));
                }
                settings = options::with_added(&settings, &wanted);
                behaviour = base::column::behaviour(kind, &settings, &self.context);
            }
        }
        Ok(settings)
    }
}

/// Takes removed tables and columns, and former types, out of a file for good.
pub(super) fn purge(connection: &Connection) -> Result<()> {
    let list = |text: &str| -> Result<Vec<(i64, i64)>> {
        connection
            .prepare(text)
            .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
            .map_err(sql)
    };
    let run = |text: &str| connection.execute_batch(text).map_err(sql);
    run("DELETE FROM data_column WHERE removed_at IS NOT NULL
         OR table_id IN (SELECT id FROM data_table WHERE removed_at IS NOT NULL);
         DELETE FROM data_view WHERE removed_at IS NOT NULL;")?;
    for (link, _) in list(
        "SELECT id, 0 FROM link WHERE id NOT IN
         (SELECT json_extract(settings, '$.link') FROM data_column WHERE kind = 'link' AND json_extract(settings, '$.link') IS NOT NULL)
         OR EXISTS (SELECT 1 FROM data_table WHERE data_table.id IN (table_a, table_b) AND removed_at IS NOT NULL)",
    )? {
        run(&format!("DROP TABLE l{link}; DELETE FROM link WHERE id = {link};"))?;
    }
    for (table, _) in list("SELECT id, 0 FROM data_table WHERE removed_at IS NOT NULL")? {
        run(&format!(
            "DROP TABLE t{table}; DELETE FROM record_lock WHERE table_id = {table}; DELETE FROM physical WHERE table_id = {table};
             DELETE FROM data_view WHERE table_id = {table}; DELETE FROM data_table WHERE id = {table};"
        ))?;
    }
    for (physical, table) in list(
        "SELECT id, table_id FROM physical WHERE id NOT IN (SELECT physical FROM data_column WHERE physical IS NOT NULL)",
    )? {
        run(&format!("ALTER TABLE t{table} DROP COLUMN c{physical}; DELETE FROM physical WHERE id = {physical};"))?;
    }
    Ok(())
}
