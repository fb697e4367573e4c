//! Views: made, changed, moved and removed, each as one act.
//!
//! A locked view refuses changes until it is unlocked; only what a removed column takes with it
//! leaves it. A private view is there for its owner alone: others neither see nor name it, and what
//! they do to the table leaves it whole. A table keeps a view that everybody sees.
//! Look next: `base::view` for what the settings may hold, and whose a view is.

use super::act::Object;
use super::error::{is_unique, sql};
use super::meta::{self, Def};
use super::{BaseFile, Write};
use crate::error::taken;
use base::Field;
use base::column::check_name;
use base::view::{Strictness, check, defaults};
use model::base::{FilterNode, View, ViewKind, ViewRemoved};
use model::{ColumnId, Error, ErrorCode, Result, TableId, ViewId, say};
use rusqlite::types::Value;
use serde_json::Value as Json;

/// Views a table may have.
const VIEWS_MAX: usize = 200;
/// Columns a view may group by.
const GROUPS_MAX: usize = 3;

impl BaseFile {
    /// Makes a view at the end; it starts with what fits its kind, or as `copy_of`.
    pub fn add_view(&self, table: TableId, name: &str, kind: ViewKind, copy_of: Option<ViewId>) -> Result<View> {
        self.write(|w| {
            let def = meta::def(&w.tx, table, &w.context)?;
            if def.table.views.len() >= VIEWS_MAX {
                return Err(Error::invalid(say!("A table has at most {max} views.", max = VIEWS_MAX))
                    .remedy("Remove one you do not need."));
            }
            let mut view = match copy_of {
                Some(id) => def.view(id)?.clone(),
                None => meta::new_view(),
            };
            if copy_of.is_none() || view.kind != kind {
                let more = defaults(kind, &fields(&def));
                if let (Some(to), Some(more)) = (view.settings.as_object_mut(), more.as_object()) {
                    for (key, value) in more {
                        to.entry(key.clone()).or_insert_with(|| value.clone());
                    }
                }
            }
            view.kind = kind;
            view.locked = false;
            view.name = check_name(name, "view")?;
            free_of_hidden(&def, &view)?;
            let act = w.begin("view.add")?;
            view.id = w.insert_view(table, &view)?;
            w.made(act, Object::View, table, view.id.0)?;
            Ok(view)
        })
    }

    /// Replaces a view by one of the same id.
    ///
    /// # Errors
    /// `Conflict` where it is locked and stays so, `Invalid` where its settings do not fit.
    pub fn update_view(&self, table: TableId, view: &View) -> Result<View> {
        self.write(|w| {
            let def = meta::def(&w.tx, table, &w.context)?;
            let old = def.view(view.id)?;
            if old.locked && view.locked {
                return Err(locked(old));
            }
            let mut view = view.clone();
            view.name = check_name(&view.name, "view")?;
            free_of_hidden(&def, &view)?;
            w.free("data_view", "table_id = ?1", table.0, view.id.0, &view.name)?;
            view.row_height = view.row_height.clamp(1, 4);
            if view.groups.len() > GROUPS_MAX {
                return Err(Error::invalid("A view groups by at most three columns."));
            }
            let fields = fields(&def);
            if let Some(filter) = &view.filter {
                base::filter::compile(filter, &fields, &w.context)?;
            }
            for sort in view.sorts.iter().chain(&view.groups) {
                def.column(sort.column)?;
            }
            let known = |id: &ColumnId| fields.iter().any(|f| f.id == *id);
            view.hidden.retain(known);
            view.order.retain(known);
            base::view::belongs(&mut view, old, &def.person);
            if base::view::owner(&view).is_some() && !def.others_shared(view.id) {
                return Err(last_shared());
            }
            // What does not fit any more is nobody's mistake; what is new has to fit.
            let strictness = if view.settings == old.settings { Strictness::LeaveOut } else { Strictness::Refuse };
            view.settings = check(view.settings, &fields, &w.context, strictness)?;
            let act = w.begin("view.update")?;
            let fields = [
                ("name", Value::Text(view.name.clone())),
                ("kind", Value::Text(kind_word(view.kind))),
                ("body", Value::Text(meta::view_body(&view)?)),
            ];
            w.set(act, Object::View, table, view.id.0, &fields)?;
            Ok(view)
        })
    }

    /// Makes the private views of other persons whoever asks for it theirs: the base came from another
    /// profile of the same person, or that of somebody who needs them no longer. Gives them.
    pub fn claim_views(&self, table: TableId) -> Result<Vec<View>> {
        self.write(|w| {
            let def = meta::def(&w.tx, table, &w.context)?;
            let act = w.begin("view.claim")?;
            let mut claimed = Vec::new();
            for view in def.table.views.iter().filter(|v| !base::view::seen_by(v, &def.person)) {
                let mut view = view.clone();
                base::view::claim(&mut view, &def.person);
                w.set(act, Object::View, table, view.id.0, &[("body", Value::Text(meta::view_body(&view)?))])?;
                claimed.push(view);
            }
            Ok(claimed)
        })
    }

    /// Removes a view, and with it the limits of link columns that offer its records; gives the names of
    /// these. Undo brings both back.
    ///
    /// # Errors
    /// `Conflict` where it is locked, or the last one.
    pub fn remove_view(&self, table: TableId, id: ViewId) -> Result<ViewRemoved> {
        self.write(|w| {
            let def = meta::def(&w.tx, table, &w.context)?;
            let view = def.view(id)?;
            if view.locked {
                return Err(locked(view));
            }
            if def.table.views.len() == 1 {
                return Err(Error::new(ErrorCode::Conflict, "A table keeps at least one view.")
                    .remedy("Make another view first."));
            }
            if !def.others_shared(id) {
                return Err(last_shared());
            }
            let act = w.begin("view.remove")?;
            w.set(act, Object::View, table, id.0, &[("removed_at", Value::Integer(w.now.0))])?;
            Ok(ViewRemoved { unlimited: w.free_limited(act, id)? })
        })
    }

    /// Moves a view to a place among the table's views that whoever looks sees, from 0.
    pub fn move_view(&self, table: TableId, id: ViewId, position: u32) -> Result<()> {
        self.write(|w| {
            let def = meta::def(&w.tx, table, &w.context)?;
            def.view(id)?;
            let mut order: Vec<ViewId> = def.table.views.iter().map(|v| v.id).filter(|v| *v != id).collect();
            let next = def.seen_views().map(|v| v.id).filter(|v| *v != id).nth(position as usize);
            let at = next.and_then(|next| order.iter().position(|v| *v == next)).unwrap_or(order.len());
            order.insert(at, id);
            let act = w.begin("view.move_to")?;
            for (at, view) in order.iter().enumerate() {
                w.set(act, Object::View, table, view.0, &[("position", Value::Integer(at as i64))])?;
            }
            Ok(())
        })
    }
}

fn locked(view: &View) -> Error {
    Error::new(ErrorCode::Conflict, say!("The view “{name}” is locked.", name = view.name)).remedy("Unlock it first.")
}

fn last_shared() -> Error {
    Error::new(ErrorCode::Conflict, "A table keeps at least one view that everybody sees.")
        .remedy("Make another view first.")
}

/// Refuses a name that somebody else's private view has, in words that make sense to who can't see it.
fn free_of_hidden(def: &Def, view: &View) -> Result<()> {
    let name = view.name.to_lowercase();
    let hidden = def.table.views.iter().filter(|v| !base::view::seen_by(v, &def.person));
    if hidden.into_iter().any(|v| v.name.to_lowercase() == name) {
        return Err(Error::new(
            ErrorCode::Conflict,
            say!("A private view of somebody else is named “{name}”.", name = view.name),
        )
        .remedy("Choose another name."));
    }
    Ok(())
}

fn fields(def: &Def) -> Vec<&Field> {
    def.columns.iter().map(|c| &c.field).collect()
}

pub(super) fn kind_word(kind: ViewKind) -> String {
    serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

impl Write<'_> {
    /// Writes a new view at the end of a table's views, uncounted in the log.
    pub(super) fn insert_view(&self, table: TableId, view: &View) -> Result<ViewId> {
        let body = meta::view_body(view)?;
        self.tx
            .prepare_cached(
                "INSERT INTO data_view (table_id, name, kind, body, position)
                 VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(position), -1) + 1 FROM data_view WHERE table_id = ?1))",
            )
            .and_then(|mut s| s.insert((table.0, &view.name, kind_word(view.kind), &body)))
            .map(ViewId)
            .map_err(|e| if is_unique(&e) { taken(&view.name) } else { sql(e) })
    }

    /// Link columns limited to a view offer every record again; gives their names.
    fn free_limited(&mut self, act: i64, id: ViewId) -> Result<Vec<String>> {
        let found: Vec<(i64, i64, String, String)> = self
            .tx
            .prepare_cached(
                "SELECT table_id, id, name, settings FROM data_column WHERE kind = 'link' AND removed_at IS NULL
                 AND json_extract(settings, '$.view') = ?1 ORDER BY table_id, position, id",
            )
            .and_then(|mut s| s.query_map([id.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?.collect())
            .map_err(sql)?;
        let mut names = Vec::new();
        for (table, column, name, settings) in found {
            let mut settings: Json = serde_json::from_str(&settings).unwrap_or_default();
            if let Json::Object(map) = &mut settings {
                map.insert("view".into(), Json::Null);
            }
            let settings = Value::Text(settings.to_string());
            self.set(act, Object::Column, TableId(table), column, &[("settings", settings)])?;
            names.push(name);
        }
        Ok(names)
    }

    /// Takes a column out of the filters of views, and, if it is removed, out of everything else.
    /// `def` is the table as it was before.
    pub(super) fn forget_in_views(&mut self, act: i64, def: &Def, id: ColumnId, removed: bool) -> Result<()> {
        let now = meta::def(&self.tx, def.table.id, &self.context)?;
        for view in &def.table.views {
            let mut new = view.clone();
            new.filter = view.filter.clone().and_then(|f| without(f, id));
            if removed {
                new.sorts.retain(|s| s.column != id);
                new.groups.retain(|s| s.column != id);
                new.hidden.retain(|c| *c != id);
                new.order.retain(|c| *c != id);
            }
            new.settings = check(new.settings, &fields(&now), &self.context, Strictness::LeaveOut)?;
            if new != *view {
                self.set(act, Object::View, def.table.id, view.id.0, &[("body", Value::Text(meta::view_body(&new)?))])?;
            }
        }
        Ok(())
    }
}

/// A filter without the rules on a column.
fn without(node: FilterNode, id: ColumnId) -> Option<FilterNode> {
    match node {
        FilterNode::Rule { column, .. } if column == id => None,
        rule @ FilterNode::Rule { .. } => Some(rule),
        FilterNode::Group { all, items } => {
            Some(FilterNode::Group { all, items: items.into_iter().filter_map(|n| without(n, id)).collect() })
        }
    }
}
