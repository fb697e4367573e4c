//! The whole base as SeaTable's `.dtable`: what came out of such a file goes back as it stood, but for what
//! has changed ([`base::dtable::write`], [`crate::base::kept`]).

use super::{ExportOptions, ExportReport};
use crate::base::error::sql;
use crate::base::import::Progress;
use crate::base::kept::{self, KeptRecord, Part};
use crate::base::list::load_cells;
use crate::base::meta::Def;
use crate::base::schema::link_end;
use crate::base::{BaseFile, file};
use base::Context;
use base::dtable::write::{self, Archive, Names};
use model::base::ColumnType;
use model::{Error, ErrorCode, RecordId, Result, TableId, say};
use rusqlite::Connection;
use serde_json::{Map, Value as Json, json};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::BufWriter;

type Out = Archive<BufWriter<File>>;

/// Files of cells that no archive knew: where they go, and their hashes.
struct NewFiles {
    month: String,
    taken: HashSet<String>,
    found: Vec<(String, String)>,
}

impl NewFiles {
    fn address(&mut self, kind: ColumnType, of: &Map<String, Json>) -> Option<String> {
        let word = |key: &str| of.get(key).and_then(Json::as_str);
        let hash = word("hash")?;
        let name: String = word("name").unwrap_or("file").chars().filter(|c| !"/\\\0".contains(*c)).collect();
        let name = if name.trim_matches('.').is_empty() { "file".to_owned() } else { name };
        let folder = match kind {
            ColumnType::Image => "images",
            ColumnType::Signature => "digital-signs",
            _ => "files",
        };
        let mut path = format!("asset/{folder}/{}/{name}", self.month);
        if !self.found.iter().any(|(p, h)| *p == path && h == hash) {
            if self.taken.contains(&path) {
                path = format!("asset/{folder}/{}/{}-{name}", self.month, hash.get(..8).unwrap_or_default());
            }
            if self.taken.insert(path.clone()) {
                self.found.push((path.clone(), hash.to_owned()));
            }
        }
        Some(format!("file://dtable-bundle/{path}"))
    }
}

/// A file that is being written.
struct Going {
    out: Out,
    new: NewFiles,
    report: ExportReport,
}

impl BaseFile {
    pub(super) fn export_dtable(
        c: &Connection,
        to: BufWriter<File>,
        options: &ExportOptions,
        context: &Context,
        progress: &mut Progress<'_>,
    ) -> Result<ExportReport> {
        if options.table.is_some() {
            return Err(
                Error::invalid("A .dtable file holds a whole base.").remedy("Choose Excel, CSV or JSON for one table.")
            );
        }
        let defs = kept::all_tables(c, context)?;
        let models: Vec<_> = defs.iter().map(|d| d.table.clone()).collect();
        let names = kept::names(c, &models)?;
        let entries = entries(c)?;
        let new = NewFiles {
            month: base::civil::format(context.wall_clock(context.now.0), "YYYY-MM"),
            taken: entries.iter().map(|(path, _)| path.clone()).collect(),
            found: Vec::new(),
        };
        let report = ExportReport { tables: defs.len() as u32, ..ExportReport::default() };
        let mut going = Going { out: Archive::new(to)?, new, report };
        let base = kept::part(c, "base")?.unwrap_or_else(|| Part { theirs: base_defaults(), ..Part::default() });
        going.out.put("{")?;
        for (at, (key, value)) in base.theirs.iter().enumerate() {
            going.out.put(&format!("{}{}:", if at > 0 { "," } else { "" }, json!(key)))?;
            match key.as_str() {
                "tables" => {
                    for (nth, def) in defs.iter().enumerate() {
                        going.out.put(if nth > 0 { "," } else { "[" })?;
                        put_table(c, def, &names, &mut going, progress)?;
                    }
                    going.out.put(if defs.is_empty() { "[]" } else { "]" })?;
                }
                "links" => going.out.put(&links(c, &defs, &names, value)?.to_string())?,
                _ => going.out.put(&value.to_string())?,
            }
        }
        going.out.put("}")?;
        let found = std::mem::take(&mut going.new.found);
        let wanted =
            |path: &str| options.files || !(path.starts_with("asset/files/") || path.starts_with("asset/images/"));
        for (path, hash) in entries.iter().chain(&found).filter(|(path, _)| wanted(path)) {
            if let Some(bytes) = file::content(c, hash)? {
                going.out.entry(path, &bytes)?;
            }
            if !progress(u64::from(going.report.records)) {
                return Err(stopped());
            }
        }
        going.out.finish()?;
        let others = models.iter().flat_map(|t| &t.views).filter(|v| v.kind != model::base::ViewKind::Table).count();
        if others > 0 {
            going.report.notes.push(say!(
                "Views that other programs show as grids: {number}. Tabella opens them as they are.",
                number = others
            ));
        }
        Ok(going.report)
    }
}

fn put_table(c: &Connection, def: &Def, names: &Names, going: &mut Going, progress: &mut Progress<'_>) -> Result<()> {
    let id = names.tables.get(&def.table.id).cloned().unwrap_or_default();
    let part = kept::part(c, &format!("table:{}", def.table.id))?;
    let now = Map::from_iter([("name".to_owned(), json!(def.table.name))]);
    let (table, others) = match part {
        Some(part) => (write::merged(Some(&part.theirs), Some(&part.then), now), part.others),
        None => (write::table_defaults(&id, &def.table.name), Vec::new()),
    };
    let (views, view_ids) = views(c, def, names, others)?;
    going.out.put("{")?;
    for (at, (key, value)) in table.iter().enumerate() {
        going.out.put(&format!("{}{}:", if at > 0 { "," } else { "" }, json!(key)))?;
        match key.as_str() {
            "_id" => going.out.put(&json!(id).to_string())?,
            "columns" => going.out.put(&columns(c, def, names)?.to_string())?,
            "views" => going.out.put(&Json::from(views.clone()).to_string())?,
            "view_structure" => going.out.put(&structure(value, &view_ids).to_string())?,
            "rows" => put_rows(c, def, names, going, progress)?,
            _ => going.out.put(&value.to_string())?,
        }
    }
    going.out.put("}")
}

fn put_rows(c: &Connection, def: &Def, names: &Names, going: &mut Going, progress: &mut Progress<'_>) -> Result<()> {
    let ids = kept::record_ids(c, def.table.id)?;
    let mut order: Vec<i64> = ids.keys().map(|id| id.0).collect();
    order.sort_unstable();
    let locked: HashSet<i64> = c
        .prepare_cached("SELECT record_id FROM record_lock WHERE table_id = ?1")
        .and_then(|mut s| s.query_map([def.table.id.0], |r| r.get(0))?.collect())
        .map_err(sql)?;
    let mut times =
        c.prepare(&format!("SELECT created_at, modified_at FROM t{} WHERE id = ?1", def.table.id)).map_err(sql)?;
    let mut first = true;
    going.out.put("[")?;
    for chunk in order.chunks(super::CHUNK) {
        for (id, cells) in load_cells(c, def, chunk)? {
            let kept = KeptRecord::load(c, def.table.id, id)?;
            let (created_at, modified_at): (i64, i64) =
                times.query_row([id], |r| Ok((r.get(0)?, r.get(1)?))).map_err(sql)?;
            let known = kept.is_some();
            let KeptRecord { cells: mut then, rest } = kept.unwrap_or_default();
            let own = ids.get(&RecordId(id)).cloned().unwrap_or_default();
            let mut row = if known { rest } else { row_defaults(&own) };
            set_moment(&mut row, "_ctime", created_at);
            let moved = set_moment(&mut row, "_mtime", modified_at);
            if locked.contains(&id) != (row.get("_locked").and_then(Json::as_bool) == Some(true)) {
                row.insert("_locked".into(), json!(locked.contains(&id)));
            }
            for ((column, model), cell) in def.columns.iter().zip(&def.table.columns).zip(&cells) {
                let Some(key) = names.columns.get(&column.field.id) else { continue };
                match (column.field.kind, cell.as_text().unwrap_or_default()) {
                    // A column that was made later knows nothing of earlier records.
                    (ColumnType::Creator, "") => {}
                    (ColumnType::LastModifier, "") if !moved => {}
                    (ColumnType::Creator, name) => write::set_person(&mut row, "_creator", name, names),
                    (ColumnType::LastModifier, name) => write::set_person(&mut row, "_last_modifier", name, names),
                    _ => {}
                }
                let now = write::cell(&column.field, &model.settings, cell, names, &mut |kind, file| {
                    going.new.address(kind, file)
                });
                let value = match then.remove(key) {
                    Some((theirs, ours)) if ours == *now.as_ref().unwrap_or(&Json::Null) => theirs,
                    _ => now,
                };
                if let Some(value) = value {
                    row.insert(key.clone(), value);
                }
            }
            let joint = if std::mem::take(&mut first) { "" } else { "," };
            going.out.put(&format!("{joint}{}", Json::Object(row)))?;
        }
        going.report.records += chunk.len() as u32;
        if !progress(u64::from(going.report.records)) {
            return Err(stopped());
        }
    }
    going.out.put("]")
}

fn stopped() -> Error {
    Error::new(ErrorCode::Cancelled, "The export was stopped; no file was written.")
}

fn base_defaults() -> Map<String, Json> {
    let defaults = json!({
        "version": 1, "format_version": 9, "statistics": [], "links": [], "tables": [], "collaborators": [],
        "plugin_settings": {}, "plugins": [], "scripts": [], "settings": {},
    });
    defaults.as_object().cloned().unwrap_or_default()
}

fn row_defaults(id: &str) -> Map<String, Json> {
    let defaults =
        json!({ "_id": id, "_participants": [], "_creator": "", "_ctime": "", "_last_modifier": "", "_mtime": "" });
    defaults.as_object().cloned().unwrap_or_default()
}

/// A time of a record, as it stood unless it has moved; tells whether it has.
fn set_moment(row: &mut Map<String, Json>, key: &str, at: i64) -> bool {
    let there = row.get(key).and_then(Json::as_str).and_then(|t| t.parse::<jiff::Timestamp>().ok());
    let moved = there.map(jiff::Timestamp::as_millisecond) != Some(at);
    if moved {
        row.insert(key.into(), write::moment(at));
    }
    moved
}

/// Entries of the archive the base came from: their paths and hashes.
fn entries(c: &Connection) -> Result<Vec<(String, String)>> {
    c.prepare("SELECT substr(place, 7), body FROM kept WHERE place LIKE 'entry:%' ORDER BY place")
        .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .map_err(sql)
}

fn columns(c: &Connection, def: &Def, names: &Names) -> Result<Json> {
    let mut list = Vec::new();
    for column in &def.table.columns {
        let now = write::column(column, def.table.id, names);
        let whole = if let Some(part) = kept::part(c, &format!("column:{}", column.id))? {
            write::merged(Some(&part.theirs), Some(&part.then), now)
        } else {
            let key = names.columns.get(&column.id).cloned().unwrap_or_default();
            let mut whole = write::column_defaults(&key);
            whole.extend(now);
            whole
        };
        list.push(Json::Object(whole));
    }
    Ok(Json::from(list))
}

/// The views of a table, those that never came over in their places, and the ids of all.
fn views(c: &Connection, def: &Def, names: &Names, others: Vec<(usize, Json)>) -> Result<(Vec<Json>, Vec<Json>)> {
    let mut list = Vec::new();
    let mut taken: HashSet<String> = HashSet::new();
    for view in &def.table.views {
        let now = write::view(view, &def.table.columns, names);
        let whole = if let Some(part) = kept::part(c, &format!("view:{}", view.id))? {
            let shared_again = part.then.contains_key("private_for") && !now.contains_key("private_for");
            let mut whole = write::merged(Some(&part.theirs), Some(&part.then), now);
            if shared_again {
                whole.insert("private_for".into(), Json::Null);
            }
            whole
        } else {
            let id = names.views.get(&view.id).cloned().unwrap_or_default();
            let mut whole = write::view_defaults(&id);
            whole.extend(now);
            whole
        };
        list.push(Json::Object(whole));
    }
    for (at, view) in others {
        list.insert(at.min(list.len()), view);
    }
    let ids = list.iter().filter_map(|v| v.get("_id")).filter(|id| taken.insert(id.to_string())).cloned().collect();
    Ok((list, ids))
}

/// The structure of views, as it stood as long as it names the views there are.
fn structure(theirs: &Json, ids: &[Json]) -> Json {
    let list = |of: &Json, key: &str| of.get(key).and_then(Json::as_array).cloned().unwrap_or_default();
    let mut named = list(theirs, "view_ids");
    for folder in list(theirs, "folders") {
        named.extend(list(&folder, "view_ids"));
    }
    let same = named.len() == ids.len() && ids.iter().all(|id| named.contains(id));
    // An older file names none.
    if same || (named.is_empty() && !theirs.is_object()) {
        return theirs.clone();
    }
    json!({ "folders": [], "view_ids": ids })
}

/// The links of the base, those that stood in the file in their places.
fn links(c: &Connection, defs: &[Def], names: &Names, theirs: &Json) -> Result<Json> {
    let mut ours: HashMap<String, (i64, TableId, TableId)> = HashMap::new();
    let mut order = Vec::new();
    for def in defs {
        for column in def.table.columns.iter().filter(|c| c.kind == ColumnType::Link) {
            let Some(end) = link_end(&column.settings) else { continue };
            let Some(id) = names.links.get(&end.link) else { continue };
            let (a, b) = if end.side_a { (def.table.id, end.other) } else { (end.other, def.table.id) };
            if ours.insert(id.clone(), (end.link, a, b)).is_none() {
                order.push(id.clone());
            }
        }
    }
    let mut records: HashMap<TableId, HashMap<RecordId, String>> = HashMap::new();
    let mut out = Vec::new();
    let known: Vec<Json> = theirs.as_array().cloned().unwrap_or_default();
    for link in known {
        let id = link.get("_id").and_then(Json::as_str).unwrap_or_default().to_owned();
        match (ours.remove(&id), link) {
            (Some((number, a, b)), Json::Object(mut link)) => {
                // What was the first table there may be the second here.
                let first = link.get("table1_id").and_then(Json::as_str) == names.tables.get(&a).map(String::as_str);
                let [there, back] = maps(c, number, a, b, &mut records)?;
                let (there, back) = if first { (there, back) } else { (back, there) };
                link.insert("table1_table2_map".into(), there);
                link.insert("table2_table1_map".into(), back);
                out.push(Json::Object(link));
            }
            // A link without columns here stands as it stood; one whose columns were removed is gone.
            (None, link) if link.get("table1_table2_map").is_some_and(Json::is_object) => out.push(link),
            _ => {}
        }
    }
    for id in order {
        if let Some((number, a, b)) = ours.remove(&id) {
            let [there, back] = maps(c, number, a, b, &mut records)?;
            out.push(json!({
                "_id": id, "table1_id": names.tables.get(&a), "table2_id": names.tables.get(&b),
                "table1_table2_map": there, "table2_table1_map": back,
            }));
        }
    }
    Ok(Json::from(out))
}

/// Who is linked with whom, both ways.
fn maps(
    c: &Connection,
    link: i64,
    a: TableId,
    b: TableId,
    records: &mut HashMap<TableId, HashMap<RecordId, String>>,
) -> Result<[Json; 2]> {
    for table in [a, b] {
        if let Entry::Vacant(place) = records.entry(table) {
            place.insert(kept::record_ids(c, table)?);
        }
    }
    let name = |table: TableId, id: i64| records.get(&table).and_then(|ids| ids.get(&RecordId(id))).cloned();
    let side = |near: &str, far: &str, own: TableId, other: TableId| -> Result<Json> {
        let mut map: Map<String, Json> = Map::new();
        let mut statement =
            c.prepare(&format!("SELECT {near}, {far} FROM l{link} ORDER BY {near}, p{near}, {far}")).map_err(sql)?;
        let rows = statement.query_map([], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?))).map_err(sql)?;
        for row in rows {
            let (id, linked) = row.map_err(sql)?;
            if let (Some(id), Some(linked)) = (name(own, id), name(other, linked))
                && let Json::Array(list) = map.entry(id).or_insert_with(|| json!([]))
            {
                list.push(json!(linked));
            }
        }
        Ok(Json::Object(map))
    };
    Ok([side("a", "b", a, b)?, side("b", "a", b, a)?])
}
