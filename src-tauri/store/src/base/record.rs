//! Records: add, update, remove; each call is one act.

use super::cells::{read_back, store, write_down};
use super::error::sql;
use super::me::differing;
use super::meta::{self, Col, Def};
use super::{BaseFile, Write};
use base::column::{AutoNumber, Cascade};
use base::{Cell, Misfit};
use model::base::{BaseAct, ColumnType, RecordValues};
use model::{ColumnId, Error, ErrorCode, RecordId, Result, TableId, say};
use rusqlite::types::Value;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Ids an act names.
pub(super) const NAMED_MAX: usize = 1_000;
/// Records one call may add or change.
const RECORDS_MAX: usize = 50_000;

type Cells = BTreeMap<ColumnId, Json>;
type Values = BTreeMap<i64, Value>;
type Links = Vec<(ColumnId, Vec<i64>)>;

impl BaseFile {
    /// Adds records. Text is read as if typed; an unknown option of a select column is added to it.
    pub fn add_records(&self, table: TableId, records: &[Cells]) -> Result<BaseAct> {
        bounded(records.len())?;
        self.write(|w| {
            let mut def = meta::def(&w.tx, table, &w.context)?;
            let act = w.begin("record.add")?;
            let ids = w.add_all(act, &mut def, records)?;
            Ok(BaseAct { act, records: ids })
        })
    }

    /// Writes cells of records and adds others behind them, in one act: the records of its answer are first
    /// those changed, then those made.
    ///
    /// # Errors
    /// As [`BaseFile::update_records`]; then nothing is written.
    pub fn put_records(&self, table: TableId, update: &[RecordValues], add: &[Cells]) -> Result<BaseAct> {
        bounded(update.len() + add.len())?;
        self.write(|w| {
            let mut def = meta::def(&w.tx, table, &w.context)?;
            let act = w.begin(if update.is_empty() { "record.add" } else { "record.update" })?;
            let mut ids = Vec::new();
            for record in update {
                if w.write_cells(act, &mut def, table, record)? && ids.len() < NAMED_MAX {
                    ids.push(record.id);
                }
            }
            ids.extend(w.add_all(act, &mut def, add)?);
            ids.truncate(NAMED_MAX);
            Ok(BaseAct { act, records: ids })
        })
    }

    /// Writes cells of records. Text is read as if typed.
    ///
    /// # Errors
    /// `Invalid` where a value does not fit its column, `NotFound` where a record is gone; then
    /// nothing is written.
    pub fn update_records(&self, table: TableId, records: &[RecordValues]) -> Result<BaseAct> {
        bounded(records.len())?;
        self.write(|w| {
            let mut def = meta::def(&w.tx, table, &w.context)?;
            let act = w.begin("record.update")?;
            let mut ids = Vec::new();
            for record in records {
                if w.write_cells(act, &mut def, table, record)? && ids.len() < NAMED_MAX {
                    ids.push(record.id);
                }
            }
            Ok(BaseAct { act, records: ids })
        })
    }

    /// Removes records; those already gone are passed over.
    pub fn remove_records(&self, table: TableId, records: &[RecordId]) -> Result<BaseAct> {
        self.write(|w| {
            meta::require_table(&w.tx, table)?;
            let act = w.begin("record.remove")?;
            let mut ids = Vec::new();
            for id in records {
                let Some(mut row) = w.row(table, id.0)? else { continue };
                w.check_unlocked(table, id.0)?;
                row.insert("links".into(), Json::Object(w.take_links(table, id.0)?));
                w.step(act, "remove", table, id.0, Some(row), None)?;
                w.delete_row(table, id.0)?;
                if ids.len() < NAMED_MAX {
                    ids.push(*id);
                }
            }
            Ok(BaseAct { act, records: ids })
        })
    }
}

/// Why nothing goes into a column whose cells are locked.
pub(super) fn column_locked(name: &str) -> Error {
    Error::new(ErrorCode::Conflict, say!("The cells of the column “{name}” are locked.", name))
        .remedy("Nothing was written; unlock them in the settings of the column first.")
}

fn bounded(records: usize) -> Result<()> {
    if records > RECORDS_MAX {
        return Err(Error::invalid(say!("At most {max} records can be written at once.", max = RECORDS_MAX))
            .remedy("Import them from a file instead."));
    }
    Ok(())
}

impl Write<'_> {
    /// Adds records to the table of `def`; gives the ids of the first ones.
    fn add_all(&mut self, act: i64, def: &mut Def, records: &[Cells]) -> Result<Vec<RecordId>> {
        let table = def.table.id;
        let mut ids = Vec::new();
        for cells in records {
            let (mut values, links) = self.stored(act, def, cells)?;
            self.check_cascades(def, None, &values)?;
            self.fill_in(def, &mut values)?;
            let id = self.insert(def, &values)?;
            let after = values
                .iter()
                .filter(|(_, v)| **v != Value::Null)
                .map(|(p, v)| (format!("c{p}"), write_down(v.into())))
                .collect();
            self.step(act, "add", table, id, None, Some(after))?;
            for (column, ids) in links {
                self.set_links(act, table, def.column(column)?, id, &ids)?;
            }
            self.record_changed(Some(id));
            if ids.len() < NAMED_MAX {
                ids.push(RecordId(id));
            }
        }
        self.rows_changed(table, records.len() as i64);
        Ok(ids)
    }

    /// Writes cells of one record; tells whether anything changed.
    pub(super) fn write_cells(
        &mut self,
        act: i64,
        def: &mut Def,
        table: TableId,
        record: &RecordValues,
    ) -> Result<bool> {
        let (values, links) = self.stored(act, def, &record.cells)?;
        self.check_cascades(def, Some(record.id), &values)?;
        let changed = self.update(act, def, record.id, &values)?;
        let mut linked = false;
        for (column, ids) in links {
            self.check_unlocked(table, record.id.0)?;
            linked |= self.set_links(act, table, def.column(column)?, record.id.0, &ids)?;
        }
        if linked && !changed {
            self.sign(act, def, record.id)?;
        }
        Ok(changed || linked)
    }

    /// Refuses a column whose cells are locked.
    pub(super) fn check_open(&self, def: &Def, column: ColumnId) -> Result<()> {
        match def.model(column) {
            Some(model) if !self.past_locks && model.cells_locked() => Err(column_locked(&model.name)),
            _ => Ok(()),
        }
    }

    /// Refuses a locked record.
    pub(super) fn check_unlocked(&self, table: TableId, record: i64) -> Result<()> {
        if !self.past_locks && self.is_locked(table, record)? {
            return Err(Error::new(
                ErrorCode::Conflict,
                say!("Record {number} is locked.", number = record.to_string()),
            )
            .remedy("Nothing was written; unlock the record first."));
        }
        Ok(())
    }

    /// True for a locked record.
    pub(super) fn is_locked(&self, table: TableId, record: i64) -> Result<bool> {
        self.tx
            .prepare_cached("SELECT 1 FROM record_lock WHERE table_id = ?1 AND record_id = ?2")
            .and_then(|mut s| s.exists([table.0, record]))
            .map_err(sql)
    }

    /// Locks or unlocks a record, uncounted in the log.
    pub(super) fn put_lock(&mut self, table: TableId, record: i64, locked: bool) -> Result<()> {
        let done = if locked {
            self.tx
                .prepare_cached(
                    "INSERT OR IGNORE INTO record_lock (table_id, record_id, locked_at) VALUES (?1, ?2, ?3)",
                )
                .and_then(|mut s| s.execute((table.0, record, self.now.0)))
        } else {
            self.tx
                .prepare_cached("DELETE FROM record_lock WHERE table_id = ?1 AND record_id = ?2")
                .and_then(|mut s| s.execute((table.0, record)))
        };
        done.map_err(sql)?;
        self.record_changed(Some(record));
        Ok(())
    }

    /// The stored values of cells by physical column, and the records linked by link column.
    fn stored(&mut self, act: i64, def: &mut Def, cells: &Cells) -> Result<(Values, Links)> {
        let (mut values, mut links) = (BTreeMap::new(), Vec::new());
        for (id, value) in cells {
            self.check_open(def, *id)?;
            let column = def.column(*id)?;
            if column.link.is_some() {
                links.push((*id, self.linked_ids(column, value)?));
                continue;
            }
            let (true, Some(physical)) = (column.field.behaviour.editable(), column.physical) else {
                return Err(Error::invalid(say!(
                    "The column “{name}” can't be written: Tabella fills it.",
                    name = column.field.name
                )));
            };
            let cell = match column.field.behaviour.read_json(value) {
                Ok(cell) => cell,
                Err(Misfit::UnknownOptions(names)) => {
                    self.add_options(act, def.table.id, *id, &names)?;
                    *def = meta::def(&self.tx, def.table.id, &self.context)?;
                    read(def.column(*id)?, value)?
                }
                Err(misfit) => return Err(unfit(def.column(*id)?, &misfit)),
            };
            let column = def.column(*id)?;
            column.field.behaviour.check(&cell).map_err(|misfit| unfit(column, &misfit))?;
            if matches!(column.field.kind, ColumnType::File | ColumnType::Image | ColumnType::Signature) {
                self.check_files(column, &cell)?;
            }
            values.insert(physical, store(&cell, column.storage()));
        }
        Ok((values, links))
    }

    /// Refuses an option that does not go with the one in the column it hangs on.
    fn check_cascades(&self, def: &Def, record: Option<RecordId>, values: &Values) -> Result<()> {
        for (column, model) in def.columns.iter().zip(&def.table.columns) {
            let Some(cascade) = Cascade::new(&model.settings).filter(|_| model.kind == ColumnType::SingleSelect) else {
                continue;
            };
            let Some(Value::Integer(own)) = column.physical.and_then(|p| values.get(&p)) else { continue };
            let Some(parent) = def.columns.iter().find(|c| c.field.id == cascade.column) else { continue };
            let Some(p) = parent.physical else { continue };
            let stands = match (values.get(&p), record) {
                (Some(value), _) => value.clone(),
                (None, Some(id)) => self
                    .row(def.table.id, id.0)?
                    .and_then(|row| row.get(&format!("c{p}")).map(read_back))
                    .unwrap_or(Value::Null),
                (None, None) => Value::Null,
            };
            let parent_option = if let Value::Integer(id) = stands { Some(id) } else { None };
            if !cascade.allows(parent_option, *own) {
                let name = |of: &Col, id| of.field.behaviour.show(&Cell::Integer(id));
                let (own, among) = (name(column, *own), &parent.field.name);
                let words = if let Some(other) = parent_option.map(|id| name(parent, id)) {
                    say!("“{own}” does not go with “{other}” in “{among}”.", own, other, among)
                } else {
                    say!("“{own}” needs a choice in “{among}” first.", own, among)
                };
                return Err(unfit(column, &Misfit::Wrong(words)));
            }
        }
        Ok(())
    }

    /// Gives a new record its defaults, its numbers and who made it.
    pub(super) fn fill_in(&mut self, def: &Def, values: &mut BTreeMap<i64, Value>) -> Result<()> {
        self.sign_new(def, values);
        for column in &def.columns {
            let (Some(physical), Some(model)) = (column.physical, def.model(column.field.id)) else { continue };
            if column.field.kind == ColumnType::AutoNumber {
                let used: i64 = self
                    .tx
                    .prepare_cached(
                        "UPDATE data_column SET settings = json_set(settings, '$.max_used_auto_number', coalesce(json_extract(settings, '$.max_used_auto_number'), 0) + 1)
                         WHERE id = ?1 RETURNING json_extract(settings, '$.max_used_auto_number')",
                    )
                    .and_then(|mut s| s.query_row([column.field.id.0], |r| r.get(0)))
                    .map_err(sql)?;
                let made_at = self.context.wall_clock(self.now.0);
                values.insert(physical, Value::Text(AutoNumber::new(&model.settings).text(used, made_at)));
            } else if !values.contains_key(&physical)
                && let Some(value) = default_of(&model.settings, &self.context)
                && let Ok(cell) = column.field.behaviour.read_json(&value)
            {
                values.insert(physical, store(&cell, column.field.behaviour.storage()));
            }
        }
        Ok(())
    }

    pub(super) fn insert(&mut self, def: &Def, values: &BTreeMap<i64, Value>) -> Result<i64> {
        let mut text = format!("INSERT INTO t{} (created_at, modified_at", def.table.id);
        for physical in values.keys() {
            let _ = write!(text, ", c{physical}");
        }
        text.push_str(") VALUES (?1, ?1");
        for at in 0..values.len() {
            let _ = write!(text, ", ?{}", at + 2);
        }
        text.push(')');
        let params = std::iter::once(Value::Integer(self.now.0)).chain(values.values().cloned());
        self.tx.prepare_cached(&text).and_then(|mut s| s.insert(rusqlite::params_from_iter(params))).map_err(sql)
    }

    /// Writes what differs, and who changed it; false if nothing does.
    pub(super) fn update(&mut self, act: i64, def: &Def, id: RecordId, values: &BTreeMap<i64, Value>) -> Result<bool> {
        let table = def.table.id;
        let row = self.row(table, id.0)?.ok_or_else(|| {
            Error::not_found("This record does not exist any more.").remedy("Nothing was written; reload the table.")
        })?;
        let mut changed = differing(&row, values);
        if changed.is_empty() {
            return Ok(false);
        }
        self.check_unlocked(table, id.0)?;
        changed.append(&mut differing(&row, &self.signature(def)));
        self.put_cells(act, table, id, &row, &changed)?;
        Ok(true)
    }
}

fn read(column: &Col, value: &Json) -> Result<Cell> {
    column.field.behaviour.read_json(value).map_err(|misfit| unfit(column, &misfit))
}

fn unfit(column: &Col, misfit: &Misfit) -> Error {
    Error::invalid(say!("The column “{name}” can't take this: {why}", name = column.field.name, why = misfit.phrase()))
        .remedy("Nothing was written; correct the value.")
}

/// What new records get in a column: `default`, where `today` and `now` are the day and the time, or
/// what SeaTable calls `default_value`.
fn default_of(settings: &Json, context: &base::Context) -> Option<Json> {
    let now = || Some(Json::String(base::civil::format(context.wall_clock(context.now.0), "YYYY-MM-DD HH:mm")));
    let given = |key: &str| settings.get(key).filter(|v| !v.is_null() && v.as_str() != Some(""));
    if let Some(own) = given("default") {
        return if matches!(own.as_str(), Some("today" | "now")) { now() } else { Some(own.clone()) };
    }
    if settings.get("enable_fill_default_value").and_then(Json::as_bool) == Some(false) {
        return None;
    }
    if settings.get("default_date_type").and_then(Json::as_str) == Some("current_date") {
        return now();
    }
    given("default_value").cloned()
}
