//! Copies of records, columns and tables, and locked records.

use super::act::Object;
use super::cells::{read_back, write_down};
use super::error::sql;
use super::meta::{self, Def};
use super::record::NAMED_MAX;
use super::schema::link_end;
use super::{BaseFile, Write};
use model::base::{BaseAct, Column, ColumnType, FilterNode, Sort, Table, View};
use model::{ColumnId, Error, RecordId, Result, TableId, ViewId};
use rusqlite::types::Value;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, HashMap};

/// Which columns and views became which in a copied table.
type Became<'a> = (&'a HashMap<ColumnId, ColumnId>, &'a HashMap<ViewId, ViewId>);

impl BaseFile {
    /// Adds a copy of each record at the end: the same cells and links, a number of its own.
    pub fn duplicate_records(&self, table: TableId, records: &[RecordId]) -> Result<BaseAct> {
        self.write(|w| {
            let def = meta::def(&w.tx, table, &w.context)?;
            let act = w.begin("record.duplicate")?;
            let mut ids = Vec::new();
            for id in records {
                let Some(row) = w.row(table, id.0)? else { continue };
                let copied = def.columns.iter().filter(|c| c.field.kind != ColumnType::AutoNumber);
                let mut values: BTreeMap<i64, Value> = copied
                    .filter_map(|c| c.physical)
                    .map(|p| (p, row.get(&format!("c{p}")).map_or(Value::Null, read_back)))
                    .collect();
                w.fill_in(&def, &mut values)?;
                let copy = w.insert(&def, &values)?;
                let filled = values.iter().filter(|(_, v)| **v != Value::Null);
                let after: Map<String, Json> = filled.map(|(p, v)| (format!("c{p}"), write_down(v.into()))).collect();
                w.step(act, "add", table, copy, None, Some(after))?;
                w.rows_changed(table, 1);
                w.record_changed(Some(copy));
                for column in def.columns.iter().filter(|c| c.link.is_some()) {
                    let linked = w.linked_now(column, id.0)?;
                    // A record that may be linked once stays where it is.
                    if !linked.is_empty() && w.back_is_open(column)? {
                        w.set_links(act, table, column, copy, &linked)?;
                    }
                }
                if ids.len() < NAMED_MAX {
                    ids.push(RecordId(copy));
                }
            }
            Ok(BaseAct { act, records: ids })
        })
    }

    /// Locks records, or unlocks them; a locked record refuses edits.
    pub fn lock_records(&self, table: TableId, records: &[RecordId], locked: bool) -> Result<BaseAct> {
        self.write(|w| {
            meta::require_table(&w.tx, table)?;
            let act = w.begin("record.lock")?;
            let state = |locked: bool| Some(Map::from_iter([("locked".to_owned(), Json::Bool(locked))]));
            let mut ids = Vec::new();
            for id in records {
                if w.row(table, id.0)?.is_none() || w.is_locked(table, id.0)? == locked {
                    continue;
                }
                w.put_lock(table, id.0, locked)?;
                w.step(act, "lock", table, id.0, state(!locked), state(locked))?;
                if ids.len() < NAMED_MAX {
                    ids.push(*id);
                }
            }
            Ok(BaseAct { act, records: ids })
        })
    }

    /// Makes a copy of a column beside it, with its cells.
    pub fn duplicate_column(&self, table: TableId, id: ColumnId, name: Option<&str>) -> Result<Column> {
        self.write(|w| {
            let def = meta::def(&w.tx, table, &w.context)?;
            let model = def.model(id).ok_or_else(|| Error::not_found("This column does not exist any more."))?;
            let act = w.begin("column.duplicate")?;
            let name = match name.map(str::trim).filter(|n| !n.is_empty()) {
                Some(name) => name.to_owned(),
                None => w.free_column_name(table, &model.name)?,
            };
            let copy = match link_end(&model.settings).filter(|_| model.kind == ColumnType::Link) {
                Some(end) => {
                    let copy = w.make_link(act, table, &name, &w.link_given(model, end.other)?)?;
                    w.copy_pairs(end.link, end.side_a, table, copy)?;
                    w.copy_limits(model, (table, copy), None)?;
                    copy
                }
                None => w.make_column(act, table, &name, model.kind, model.settings.clone())?.0,
            };
            w.fill_copy(&def, table, &[(id, copy)])?;
            w.describe(copy, model)?;
            let mut order: Vec<ColumnId> = def.table.columns.iter().map(|c| c.id).collect();
            let at = order.iter().position(|c| *c == id).map_or(order.len(), |at| at + 1);
            order.insert(at, copy);
            for (at, column) in order.iter().enumerate() {
                w.set(act, Object::Column, table, column.0, &[("position", Value::Integer(at as i64))])?;
            }
            w.record_changed(None);
            super::structure::column(&w.tx, table, copy, &w.context)
        })
    }

    /// Makes a copy of a table: columns, views and, if wished, records with their links.
    pub fn duplicate_table(&self, id: TableId, name: &str, records: bool) -> Result<Table> {
        self.write(|w| {
            let def = meta::def(&w.tx, id, &w.context)?;
            let act = w.begin("table.duplicate")?;
            let table = w.make_table(act, name)?;
            let mut copies: Vec<(ColumnId, ColumnId)> = Vec::new();
            let mut links = Vec::new();
            for model in &def.table.columns {
                if copies.iter().any(|(old, _)| *old == model.id) {
                    continue;
                }
                let end = link_end(&model.settings).filter(|_| model.kind == ColumnType::Link);
                let copy = if let Some(end) = end {
                    let inside = end.other == id;
                    let mut given = w.link_given(model, if inside { table } else { end.other })?;
                    let back = end.back.filter(|_| inside).and_then(|back| def.model(back));
                    if let (Json::Object(map), Some(back)) = (&mut given, back) {
                        map.insert("back_name".into(), json!(back.name));
                    }
                    let copy = w.make_link(act, table, &model.name, &given)?;
                    links.push((end, copy));
                    if let (true, Some(back)) = (inside, end.back) {
                        let made = super::structure::column(&w.tx, table, copy, &w.context)?;
                        copies.extend(made.settings.get("back").and_then(Json::as_i64).map(|b| (back, ColumnId(b))));
                    }
                    copy
                } else {
                    let settings = remapped(model, &copies, &def);
                    w.make_column(act, table, &model.name, model.kind, settings)?.0
                };
                w.describe(copy, model)?;
                copies.push((model.id, copy));
            }
            let new: HashMap<ColumnId, ColumnId> = copies.iter().copied().collect();
            // Link formulas may stand before the link they read.
            for model in def.table.columns.iter().filter(|c| c.kind == ColumnType::LinkFormula) {
                if let Some(copy) = new.get(&model.id) {
                    let settings = remapped(model, &copies, &def);
                    w.put_settings(*copy, &settings)?;
                }
            }
            for (at, model) in def.table.columns.iter().enumerate() {
                if let Some(copy) = new.get(&model.id) {
                    w.tx.execute("UPDATE data_column SET position = ?2 WHERE id = ?1", (copy.0, at as i64)).map_err(sql)?;
                }
            }
            if records {
                w.tx.execute(
                    &format!("INSERT INTO t{table} (id, pos, created_at, modified_at) SELECT id, pos, created_at, modified_at FROM t{id}"),
                    [],
                )
                .map_err(sql)?;
                w.rows_changed(table, i64::from(def.records));
                w.fill_copy(&def, table, &copies)?;
                for (end, copy) in links {
                    w.copy_pairs(end.link, end.side_a, table, copy)?;
                }
            }
            let views = w.copy_views(table, &def.table.views, &new)?;
            for model in def.table.columns.iter().filter(|c| c.kind == ColumnType::Link) {
                let inside = link_end(&model.settings).is_some_and(|end| end.other == id);
                if let Some(copy) = new.get(&model.id) {
                    w.copy_limits(model, (table, *copy), inside.then_some((&new, &views)))?;
                }
            }
            w.record_changed(None);
            Ok(meta::def(&w.tx, table, &w.context)?.seen())
        })
    }
}

/// The settings of a copied column, with the copies of the columns it names.
fn remapped(model: &Column, copies: &[(ColumnId, ColumnId)], def: &Def) -> Json {
    let mut settings = model.settings.clone();
    let new = |id: i64| copies.iter().find(|(old, _)| old.0 == id).map(|(_, new)| new.0);
    if model.kind != ColumnType::LinkFormula {
        return settings;
    }
    let link = settings.get("link").and_then(Json::as_i64);
    let own = link.and_then(|l| def.model(ColumnId(l))).and_then(|m| link_end(&m.settings));
    let inside = own.is_some_and(|end| end.other == def.table.id);
    if let Json::Object(map) = &mut settings {
        for key in ["link", "column", "by"] {
            let named = map.get(key).and_then(Json::as_i64).filter(|_| key == "link" || inside);
            if let Some(id) = named.and_then(new) {
                map.insert(key.into(), json!(id));
            }
        }
        let filter = map.get("filter").filter(|_| inside).and_then(|f| serde_json::from_value(f.clone()).ok());
        if let Some(filter) = filter {
            // Called while copies are made, too: columns that have none yet keep theirs.
            let own = def.table.columns.iter().map(|c| (c.id, new(c.id.0).map_or(c.id, ColumnId))).collect();
            map.insert("filter".into(), json!(moved(filter, &own)));
        }
    }
    settings
}

impl Write<'_> {
    /// What to make a link like this one of, leading to `other`.
    fn link_given(&self, model: &Column, other: TableId) -> Result<Json> {
        let mut given = model.settings.clone();
        let back = given.get("back").and_then(Json::as_i64);
        let multiple = back
            .map(|back| {
                self.tx
                    .query_row(
                        "SELECT coalesce(json_extract(settings, '$.multiple'), 1) FROM data_column WHERE id = ?1",
                        [back],
                        |r| r.get::<_, i64>(0),
                    )
                    .map_err(sql)
            })
            .transpose()?;
        if let Json::Object(map) = &mut given {
            map.insert("table".into(), json!(other));
            // What limits it follows when the views are copied.
            map.insert("view".into(), Json::Null);
            map.insert("filter".into(), Json::Null);
            map.insert("back_multiple".into(), json!(multiple != Some(0)));
        }
        Ok(given)
    }

    /// Copies the pairs of a link into that of a new column, which stands on side a.
    fn copy_pairs(&mut self, from: i64, side_a: bool, table: TableId, column: ColumnId) -> Result<()> {
        let settings = super::structure::column(&self.tx, table, column, &self.context)?.settings;
        let Some(to) = link_end(&settings) else { return Ok(()) };
        let (near, far) = if side_a { ("a", "b") } else { ("b", "a") };
        // Where a record may be linked once it stays with the original.
        if !self.back_multiple(to)? && to.other != table {
            return Ok(());
        }
        self.tx
            .execute(
                &format!("INSERT INTO l{} (a, b, pa, pb) SELECT {near}, {far}, p{near}, p{far} FROM l{from}", to.link),
                [],
            )
            .map_err(sql)?;
        self.links.insert(to.link);
        Ok(())
    }

    /// Copies stored cells from the columns of `def` into their copies in `table`.
    fn fill_copy(&mut self, def: &Def, table: TableId, copies: &[(ColumnId, ColumnId)]) -> Result<()> {
        let new = meta::def(&self.tx, table, &self.context)?;
        for (old, copy) in copies {
            if let (Some(from), Some(to)) = (def.column(*old)?.physical, new.column(*copy)?.physical) {
                let text = if table == def.table.id {
                    format!("UPDATE t{table} SET c{to} = c{from}")
                } else {
                    format!(
                        "UPDATE t{table} SET c{to} = (SELECT c{from} FROM t{} WHERE id = t{table}.id)",
                        def.table.id
                    )
                };
                self.tx.execute(&text, []).map_err(sql)?;
                self.cells_changed([to]);
            }
        }
        Ok(())
    }

    /// A copied column looks like the original.
    fn describe(&self, copy: ColumnId, model: &Column) -> Result<()> {
        self.tx
            .execute(
                "UPDATE data_column SET width = ?2, description = ?3 WHERE id = ?1",
                (copy.0, model.width, &model.description),
            )
            .map_err(sql)?;
        Ok(())
    }

    /// The copy of a link column offers what the original does; of a table that links itself, the same of the copy.
    fn copy_limits(&mut self, model: &Column, copy: (TableId, ColumnId), inside: Option<Became<'_>>) -> Result<()> {
        let view = model.settings.get("view").and_then(Json::as_i64).map(ViewId);
        let filter: Option<FilterNode> =
            model.settings.get("filter").and_then(|f| serde_json::from_value(f.clone()).ok());
        let (view, filter) = match inside {
            Some((columns, views)) => {
                (view.and_then(|v| views.get(&v).copied()), filter.and_then(|f| moved(f, columns)))
            }
            None => (view, filter),
        };
        let mut settings = super::structure::column(&self.tx, copy.0, copy.1, &self.context)?.settings;
        if let Json::Object(map) = &mut settings {
            map.insert("view".into(), json!(view));
            map.insert("filter".into(), json!(filter));
        }
        self.put_settings(copy.1, &settings)
    }

    /// Copies views; gives which became which.
    fn copy_views(
        &mut self,
        table: TableId,
        views: &[View],
        new: &HashMap<ColumnId, ColumnId>,
    ) -> Result<HashMap<ViewId, ViewId>> {
        self.tx.execute("DELETE FROM data_view WHERE table_id = ?1", [table.0]).map_err(sql)?;
        let def = meta::def(&self.tx, table, &self.context)?;
        let fields: Vec<_> = def.columns.iter().map(|c| &c.field).collect();
        let of = |id: &ColumnId| new.get(id).copied();
        let sorts = |list: &[Sort]| list.iter().filter_map(|s| Some(Sort { column: of(&s.column)?, ..*s })).collect();
        let mut copies = HashMap::new();
        for view in views {
            let copy = View {
                filter: view.filter.clone().and_then(|f| moved(f, new)),
                sorts: sorts(&view.sorts),
                groups: sorts(&view.groups),
                hidden: view.hidden.iter().filter_map(of).collect(),
                order: view.order.iter().filter_map(of).collect(),
                settings: base::view::check(
                    base::view::renumbered(&view.settings, &|id| of(&id)),
                    &fields,
                    &self.context,
                    base::view::Strictness::LeaveOut,
                )?,
                ..view.clone()
            };
            copies.insert(view.id, self.insert_view(table, &copy)?);
        }
        Ok(copies)
    }
}

/// A filter on the copies of its columns.
pub(super) fn moved(node: FilterNode, new: &HashMap<ColumnId, ColumnId>) -> Option<FilterNode> {
    Some(match node {
        FilterNode::Rule { column, predicate, value, modifier } => {
            FilterNode::Rule { column: *new.get(&column)?, predicate, value, modifier }
        }
        FilterNode::Group { all, items } => {
            FilterNode::Group { all, items: items.into_iter().filter_map(|n| moved(n, new)).collect() }
        }
    })
}
