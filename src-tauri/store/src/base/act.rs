//! The log of acts: what undo and redo take from, and every record's history.
//!
//! A write notes its steps in the transaction that does them. Undo is a write of its own that sets
//! back only what still is as the act left it: what somebody changed since stays and is counted as
//! a conflict. Each session (window or program) takes back its own acts.

use super::cells::{read_back, row_down, write_down};
use super::error::{is_unique, sql};
use super::{BaseFile, Write};
use model::base::BaseUndone;
use model::{Error, ErrorCode, Result, TableId};
use rusqlite::OptionalExtension as _;
use rusqlite::types::Value;
use serde_json::{Map, Value as Json};

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Table,
    Column,
    View,
}

impl Object {
    fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Column => "column",
            Self::View => "view",
        }
    }

    fn store(self) -> &'static str {
        match self {
            Self::Table => "data_table",
            Self::Column => "data_column",
            Self::View => "data_view",
        }
    }

    /// The fields a step may set; names from the file never reach SQL unchecked.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Table => &["name", "description", "position", "hidden", "removed_at"],
            Self::Column => &["name", "kind", "settings", "description", "width", "position", "physical", "removed_at"],
            Self::View => &["name", "kind", "position", "body", "removed_at"],
        }
    }
}

struct Step {
    id: i64,
    kind: String,
    table: TableId,
    object: i64,
    before: Map<String, Json>,
    after: Map<String, Json>,
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Back,
    Forth,
}

impl Write<'_> {
    /// Begins an act of this session; what the session had undone can't be redone any more.
    pub(super) fn begin(&mut self, what: &str) -> Result<i64> {
        self.tx
            .prepare_cached("UPDATE act SET state = 'dropped' WHERE session = ?1 AND state = 'undone'")
            .and_then(|mut s| s.execute([&self.session]))
            .map_err(sql)?;
        self.tx
            .prepare_cached("INSERT INTO act (what, session, at, state) VALUES (?1, ?2, ?3, 'done')")
            .and_then(|mut s| s.insert((what, &self.session, self.now.0)))
            .map_err(sql)
    }

    /// Notes a step of an act.
    pub(super) fn step(
        &self,
        act: i64,
        kind: &str,
        table: TableId,
        object: i64,
        before: Option<Map<String, Json>>,
        after: Option<Map<String, Json>>,
    ) -> Result<()> {
        let text = |map: Option<Map<String, Json>>| map.map(|m| Json::Object(m).to_string());
        self.tx
            .prepare_cached(
                "INSERT INTO step (act_id, kind, table_id, object_id, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )
            .and_then(|mut s| s.execute((act, kind, table.0, object, text(before), text(after))))
            .map_err(sql)?;
        Ok(())
    }

    /// Notes that an object was made: undo removes it.
    pub(super) fn made(&mut self, act: i64, object: Object, table: TableId, id: i64) -> Result<()> {
        let gone = Map::from_iter([("removed_at".to_owned(), Json::from(self.now.0))]);
        let here = Map::from_iter([("removed_at".to_owned(), Json::Null)]);
        self.step(act, object.word(), table, id, Some(gone), Some(here))?;
        self.table_changed(table);
        Ok(())
    }

    /// Sets fields of a table, column or view, and notes it. Fields that stay as they are are not noted.
    pub(super) fn set(
        &mut self,
        act: i64,
        object: Object,
        table: TableId,
        id: i64,
        fields: &[(&str, Value)],
    ) -> Result<()> {
        let current = self.fields(object, id)?.ok_or_else(|| Error::not_found("That is no longer there."))?;
        let mut before = Map::new();
        let mut after = Map::new();
        for (field, value) in fields.iter().filter(|(field, _)| object.fields().contains(field)) {
            let new = write_down(value.into());
            if current.get(*field) != Some(&new) {
                before.insert((*field).to_owned(), current.get(*field).cloned().unwrap_or_default());
                after.insert((*field).to_owned(), new);
            }
        }
        if after.is_empty() {
            return Ok(());
        }
        self.put(object, id, &after).map_err(sql)?;
        self.step(act, object.word(), table, id, Some(before), Some(after))?;
        self.table_changed(table);
        Ok(())
    }

    fn fields(&self, object: Object, id: i64) -> Result<Option<Map<String, Json>>> {
        let text = format!("SELECT {} FROM {} WHERE id = ?1", object.fields().join(", "), object.store());
        self.tx.prepare_cached(&text).and_then(|mut s| s.query_row([id], row_down).optional()).map_err(sql)
    }

    fn put(&mut self, object: Object, id: i64, fields: &Map<String, Json>) -> rusqlite::Result<()> {
        let known: Vec<(&String, &Json)> =
            fields.iter().filter(|(f, _)| object.fields().contains(&f.as_str())).collect();
        let mut sets: Vec<String> = known.iter().enumerate().map(|(at, (f, _))| format!("{f} = ?{}", at + 2)).collect();
        if object == Object::Column {
            sets.push("version = version + 1".into());
        }
        let params = std::iter::once(Value::Integer(id)).chain(known.iter().map(|(_, v)| read_back(v)));
        self.tx
            .prepare_cached(&format!("UPDATE {} SET {} WHERE id = ?1", object.store(), sets.join(", ")))?
            .execute(rusqlite::params_from_iter(params))?;
        Ok(())
    }

    /// The row of a record as the log keeps it.
    pub(super) fn row(&self, table: TableId, id: i64) -> Result<Option<Map<String, Json>>> {
        self.tx
            .prepare_cached(&format!("SELECT * FROM t{table} WHERE id = ?1"))
            .and_then(|mut s| s.query_row([id], row_down).optional())
            .map_err(sql)
    }

    fn apply(&mut self, step: &Step, way: Way) -> Result<u32> {
        let (from, to) = if way == Way::Back { (&step.after, &step.before) } else { (&step.before, &step.after) };
        match (step.kind.as_str(), way) {
            ("update", _) => self.apply_cells(step, from, to),
            ("add", Way::Back) => {
                let Some(row) = self.row(step.table, step.object)? else { return Ok(0) };
                if cells_of(&row) != cells_of(&step.after) {
                    return Ok(1);
                }
                // Redo brings the same record back, with its name, times and links.
                let mut row = row;
                row.insert("links".into(), Json::Object(self.take_links(step.table, step.object)?));
                self.tx
                    .prepare_cached("UPDATE step SET before = ?2 WHERE id = ?1")
                    .and_then(|mut s| s.execute((step.id, Json::Object(row).to_string())))
                    .map_err(sql)?;
                self.delete_row(step.table, step.object)?;
                Ok(0)
            }
            ("add", Way::Forth) | ("remove", Way::Back) => {
                if self.row(step.table, step.object)?.is_some() {
                    return Ok(1);
                }
                self.insert_row(step.table, &step.before)?;
                self.links_back(&step.before)
            }
            ("remove", Way::Forth) => match self.row(step.table, step.object)? {
                Some(mut row) if cells_of(&row) == cells_of(&step.before) => {
                    row.insert("links".into(), Json::Object(self.take_links(step.table, step.object)?));
                    self.tx
                        .prepare_cached("UPDATE step SET before = ?2 WHERE id = ?1")
                        .and_then(|mut s| s.execute((step.id, Json::Object(row).to_string())))
                        .map_err(sql)?;
                    self.delete_row(step.table, step.object)?;
                    Ok(0)
                }
                Some(_) => Ok(1),
                None => Ok(0),
            },
            ("link", _) => {
                let Some(link) = from.get("link").and_then(Json::as_i64) else { return Ok(1) };
                let pairs = |of: &Map<String, Json>| of.get("pairs").cloned().unwrap_or_default();
                let gone = self.take_away(link, &pairs(from))?;
                let full = self.give_back(link, &pairs(to))?;
                self.columns.extend(from.get("column").and_then(Json::as_i64).map(model::ColumnId));
                self.record_changed(None);
                Ok(gone + full)
            }
            ("lock", _) => {
                let locked = to.get("locked").and_then(Json::as_bool) == Some(true);
                self.put_lock(step.table, step.object, locked)?;
                Ok(0)
            }
            ("table", _) => self.apply_fields(Object::Table, step, from, to),
            ("column", _) => self.apply_fields(Object::Column, step, from, to),
            ("view", _) => self.apply_fields(Object::View, step, from, to),
            _ => Ok(1),
        }
    }

    /// Links a record again as it was when it was removed; gives how many of its links could not be.
    pub(super) fn links_back(&mut self, row: &Map<String, Json>) -> Result<u32> {
        let links = row.get("links").and_then(Json::as_object).into_iter().flatten();
        let mut conflicts = 0;
        for (link, pairs) in links {
            conflicts += link.parse().map_or(Ok(0), |link| self.give_back(link, pairs))?;
        }
        Ok(conflicts)
    }

    fn apply_cells(&mut self, step: &Step, from: &Map<String, Json>, to: &Map<String, Json>) -> Result<u32> {
        let Some(row) = self.row(step.table, step.object)? else { return Ok(to.len() as u32) };
        let mut conflicts = 0;
        let mut sets = Vec::new();
        let mut params = vec![Value::Integer(step.object), Value::Integer(self.now.0)];
        let mut physical = Vec::new();
        for (column, value) in to {
            let Some(p) = physical_of(column) else { continue };
            if row.get(column) != from.get(column) {
                // Who changed the record since stays named; that is no loss of what the act did.
                conflicts += u32::from(!self.says_who_changed(p)?);
                continue;
            }
            params.push(read_back(value));
            sets.push(format!("c{p} = ?{}", params.len()));
            physical.push(p);
        }
        if !sets.is_empty() {
            let text = format!(
                "UPDATE t{} SET {}, version = version + 1, modified_at = ?2 WHERE id = ?1",
                step.table,
                sets.join(", ")
            );
            self.tx
                .prepare_cached(&text)
                .and_then(|mut s| s.execute(rusqlite::params_from_iter(params)))
                .map_err(sql)?;
            self.cells_changed(physical);
            self.record_changed(Some(step.object));
        }
        Ok(conflicts)
    }

    fn apply_fields(
        &mut self,
        object: Object,
        step: &Step,
        from: &Map<String, Json>,
        to: &Map<String, Json>,
    ) -> Result<u32> {
        let Some(current) = self.fields(object, step.object)? else { return Ok(1) };
        let mut conflicts = 0;
        let mut put = Map::new();
        for (field, value) in to {
            let same = current.get(field) == from.get(field)
                // When it was removed is not what matters, but that it was.
                || (field == "removed_at" && from.get(field).is_some_and(|v| !v.is_null()) && current.get(field).is_some_and(|v| !v.is_null()));
            if same {
                put.insert(field.clone(), value.clone());
            } else {
                conflicts += 1;
            }
        }
        if object == Object::View && self.was_last_shared(step, &put)? {
            return Ok(conflicts + put.len() as u32);
        }
        if !put.is_empty() {
            match self.put(object, step.object, &put) {
                Ok(()) => {}
                // The name was given to something else meanwhile.
                Err(e) if is_unique(&e) => return Ok(conflicts + 1),
                Err(e) => return Err(sql(e)),
            }
            self.table_changed(step.table);
            self.record_changed(None);
        }
        Ok(conflicts)
    }

    /// True for a view that is somebody else's private one.
    fn is_hidden(&self, view: i64) -> Result<bool> {
        let fields = self.fields(Object::View, view)?.unwrap_or_default();
        Ok(owner_in(&fields).is_some_and(|owner| owner != self.context.person))
    }

    /// True where a table would be left without a view that everybody sees.
    fn was_last_shared(&self, step: &Step, put: &Map<String, Json>) -> Result<bool> {
        if put.get("removed_at").is_none_or(Json::is_null) && owner_in(put).is_none() {
            return Ok(false);
        }
        let others: i64 = self
            .tx
            .prepare_cached(
                "SELECT count(*) FROM data_view WHERE table_id = ?1 AND id <> ?2 AND removed_at IS NULL
                 AND json_extract(body, '$.settings.owner') IS NULL",
            )
            .and_then(|mut s| s.query_row((step.table.0, step.object), |r| r.get(0)))
            .map_err(sql)?;
        Ok(others == 0)
    }

    /// Deletes a record's row, uncounted in the log.
    pub(super) fn delete_row(&mut self, table: TableId, id: i64) -> Result<()> {
        self.tx
            .prepare_cached(&format!("DELETE FROM t{table} WHERE id = ?1"))
            .and_then(|mut s| s.execute([id]))
            .map_err(sql)?;
        self.rows_changed(table, -1);
        self.record_changed(Some(id));
        Ok(())
    }

    pub(super) fn insert_row(&mut self, table: TableId, row: &Map<String, Json>) -> Result<()> {
        let columns: Vec<&String> = row
            .keys()
            .filter(|k| {
                physical_of(k).is_some()
                    || matches!(k.as_str(), "id" | "uid" | "pos" | "version" | "created_at" | "modified_at")
            })
            .collect();
        let names: Vec<&str> = columns.iter().map(|c| c.as_str()).collect();
        let marks = vec!["?"; names.len()].join(",");
        let params = columns.iter().map(|c| row.get(*c).map_or(Value::Null, read_back));
        self.tx
            .prepare_cached(&format!("INSERT INTO t{table} ({}) VALUES ({marks})", names.join(",")))
            .and_then(|mut s| s.execute(rusqlite::params_from_iter(params)))
            .map_err(sql)?;
        self.rows_changed(table, 1);
        self.record_changed(row.get("id").and_then(Json::as_i64));
        Ok(())
    }
}

/// Whose a view is, from its fields as the log has them.
pub(super) fn owner_in(fields: &Map<String, Json>) -> Option<String> {
    let Value::Text(body) = read_back(fields.get("body")?) else { return None };
    let body: Json = serde_json::from_str(&body).ok()?;
    body.get("settings")?.get("owner")?.as_str().map(str::to_owned)
}

/// P of `cP`.
pub(super) fn physical_of(column: &str) -> Option<i64> {
    column.strip_prefix('c').and_then(|p| p.parse().ok())
}

/// The cells of a row that hold something.
fn cells_of(row: &Map<String, Json>) -> Vec<(&String, &Json)> {
    let mut cells: Vec<_> = row.iter().filter(|(k, v)| physical_of(k).is_some() && !v.is_null()).collect();
    cells.sort_by_key(|(k, _)| k.as_str());
    cells
}

impl BaseFile {
    /// Takes back this session's last act that is not taken back yet.
    pub fn undo(&self) -> Result<BaseUndone> {
        self.replay(Way::Back)
    }

    /// Does again what this session took back last.
    pub fn redo(&self) -> Result<BaseUndone> {
        self.replay(Way::Forth)
    }

    fn replay(&self, way: Way) -> Result<BaseUndone> {
        self.write(|w| {
            let (state, order, then) = match way {
                Way::Back => ("done", "DESC", "undone"),
                Way::Forth => ("undone", "ASC", "done"),
            };
            let found: Option<(i64, String)> =
                w.tx.prepare_cached(&format!(
                    "SELECT id, what FROM act WHERE session = ?1 AND state = ?2 ORDER BY id {order} LIMIT 1"
                ))
                .and_then(|mut s| s.query_row((&w.session, state), |r| Ok((r.get(0)?, r.get(1)?))).optional())
                .map_err(sql)?;
            let Some((act, what)) = found else { return Ok(BaseUndone { what: None, conflicts: 0 }) };
            let steps = steps(w, act, order)?;
            let mut conflicts = 0;
            // What was done to a view as a whole stays, where it is somebody's private one by now.
            let views = matches!(what.as_str(), "view.add" | "view.update" | "view.remove");
            for step in &steps {
                if views && step.kind == Object::View.word() && w.is_hidden(step.object)? {
                    conflicts += 1;
                    continue;
                }
                conflicts += w.apply(step, way)?;
            }
            w.tx.prepare_cached("UPDATE act SET state = ?2 WHERE id = ?1")
                .and_then(|mut s| s.execute((act, then)))
                .map_err(sql)?;
            Ok(BaseUndone { what: Some(what), conflicts })
        })
    }
}

fn steps(w: &Write<'_>, act: i64, order: &str) -> Result<Vec<Step>> {
    let map = |text: Option<String>| -> Result<Map<String, Json>> {
        text.map_or(Ok(Map::new()), |t| serde_json::from_str(&t)).map_err(|e| {
            Error::new(ErrorCode::Damaged, "The log of this base is damaged; this act can't be taken back.").detail(e)
        })
    };
    let mut statement =
        w.tx.prepare_cached(&format!(
            "SELECT id, kind, table_id, object_id, before, after FROM step WHERE act_id = ?1 ORDER BY id {order}"
        ))
        .map_err(sql)?;
    let mut rows = statement.query([act]).map_err(sql)?;
    let mut steps = Vec::new();
    while let Some(r) = rows.next().map_err(sql)? {
        let get = |at| r.get::<_, Option<String>>(at).map_err(sql);
        steps.push(Step {
            id: r.get(0).map_err(sql)?,
            kind: r.get(1).map_err(sql)?,
            table: TableId(r.get(2).map_err(sql)?),
            object: r.get(3).map_err(sql)?,
            before: map(get(4)?)?,
            after: map(get(5)?)?,
        });
    }
    Ok(steps)
}
