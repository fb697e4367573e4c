//! What `.dtable` files held beyond what Tabella knows, for the way back (tables `kept` and `kept_record`).

use super::error::sql;
use super::meta;
use super::schema::link_end;
use base::dtable::write::Names;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::base::{ColumnType, Table};
use model::{RecordId, Result, TableId};
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::{Map, Value as Json, json};
use std::collections::{HashMap, HashSet};

/// A part of a file: as it stood there, and as we would have written it then.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) theirs: Map<String, Json>,
    pub(super) then: Map<String, Json>,
    /// Beside that, of a table: its views that did not come over, each with its place.
    pub(super) others: Vec<(usize, Json)>,
}

/// The part kept at a place.
pub(super) fn part(c: &Connection, place: &str) -> Result<Option<Part>> {
    let body: Option<String> = c
        .prepare_cached("SELECT body FROM kept WHERE place = ?1")
        .and_then(|mut s| s.query_row([place], |r| r.get(0)).optional())
        .map_err(sql)?;
    let Some(Json::Object(mut whole)) = body.and_then(|b| serde_json::from_str(&b).ok()) else { return Ok(None) };
    let mut map = |key: &str| match whole.shift_remove(key) {
        Some(Json::Object(map)) => map,
        _ => Map::new(),
    };
    let (theirs, then) = (map("theirs"), map("then"));
    let others = whole.shift_remove("others").and_then(|o| serde_json::from_value(o).ok()).unwrap_or_default();
    Ok(Some(Part { theirs, then, others }))
}

/// Keeps a part.
pub(super) fn put(c: &Connection, place: &str, part: &Part) -> Result<()> {
    let body = json!({ "theirs": part.theirs, "then": part.then, "others": part.others }).to_string();
    put_body(c, place, &body)
}

/// Keeps a text.
pub(super) fn put_body(c: &Connection, place: &str, body: &str) -> Result<()> {
    c.prepare_cached("INSERT OR REPLACE INTO kept (place, body) VALUES (?1, ?2)")
        .and_then(|mut s| s.execute((place, body)))
        .map_err(sql)?;
    Ok(())
}

/// Forgets everything of a file whose tables are all gone; false where some are still there.
pub(super) fn make_room(c: &Connection) -> Result<bool> {
    let living: i64 = c
        .query_row(
            "SELECT count(*) FROM data_table t JOIN kept k ON k.place = 'table:' || t.id WHERE t.removed_at IS NULL",
            [],
            |r| r.get(0),
        )
        .map_err(sql)?;
    if living == 0 {
        c.execute_batch("DELETE FROM kept; DELETE FROM kept_record;").map_err(sql)?;
    }
    Ok(living == 0)
}

/// What is kept of a record.
#[derive(Debug, Default)]
pub(super) struct KeptRecord {
    /// Cells that stood there otherwise than we would have written them, by key: theirs, if there was
    /// one, and ours.
    pub(super) cells: HashMap<String, (Option<Json>, Json)>,
    /// Everything that is no cell of a column.
    pub(super) rest: Map<String, Json>,
}

impl KeptRecord {
    pub(super) fn load(c: &Connection, table: TableId, record: i64) -> Result<Option<Self>> {
        let body: Option<String> = c
            .prepare_cached("SELECT body FROM kept_record WHERE table_id = ?1 AND record_id = ?2")
            .and_then(|mut s| s.query_row((table.0, record), |r| r.get(0)).optional())
            .map_err(sql)?;
        let Some(Json::Object(mut whole)) = body.and_then(|b| serde_json::from_str(&b).ok()) else { return Ok(None) };
        let mut kept = Self::default();
        if let Some(Json::Object(cells)) = whole.shift_remove("cells") {
            for (key, mut pair) in cells {
                let theirs = pair.as_object_mut().and_then(|p| p.shift_remove("theirs"));
                kept.cells.insert(key, (theirs, pair.get("ours").cloned().unwrap_or_default()));
            }
        }
        if let Some(Json::Object(rest)) = whole.shift_remove("rest") {
            kept.rest = rest;
        }
        Ok(Some(kept))
    }

    pub(super) fn store(&self, c: &Connection, table: TableId, record: i64) -> Result<()> {
        let cells: Map<String, Json> = self
            .cells
            .iter()
            .map(|(key, (theirs, ours))| {
                let mut pair = Map::from_iter([("ours".to_owned(), ours.clone())]);
                if let Some(theirs) = theirs {
                    pair.insert("theirs".into(), theirs.clone());
                }
                (key.clone(), Json::Object(pair))
            })
            .collect();
        let body = json!({ "cells": cells, "rest": self.rest }).to_string();
        c.prepare_cached("INSERT OR REPLACE INTO kept_record (table_id, record_id, body) VALUES (?1, ?2, ?3)")
            .and_then(|mut s| s.execute((table.0, record, body)))
            .map_err(sql)?;
        Ok(())
    }
}

/// An id of SeaTable's kind that is not taken: four letters or digits.
fn fresh(taken: &mut HashSet<String>, seed: i64) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    for n in 0.. {
        let mut rest = seed.unsigned_abs().wrapping_mul(7919).wrapping_add(n * 104_729) % 58_u64.pow(4);
        let mut id = String::new();
        for _ in 0..4 {
            id.push(DIGITS.get((rest % 58) as usize).copied().unwrap_or(b'0') as char);
            rest /= 58;
        }
        if taken.insert(id.clone()) {
            return id;
        }
    }
    String::new()
}

/// How a `.dtable` file names the tables, columns, views and links of this base: as it did when they came
/// in, and by new ids for what is new.
pub(super) fn names(c: &Connection, tables: &[Table]) -> Result<Names> {
    let mut names = Names::default();
    let id_of = |part: &Option<Part>, key: &str| {
        part.as_ref().and_then(|p| p.theirs.get(key)).and_then(Json::as_str).map(str::to_owned)
    };
    let mut taken = HashSet::new();
    let mut new = Vec::new();
    for table in tables {
        match id_of(&part(c, &format!("table:{}", table.id))?, "_id").filter(|id| taken.insert(id.clone())) {
            Some(id) => drop(names.tables.insert(table.id, id)),
            None => new.push(table.id),
        }
    }
    for (nth, id) in new.into_iter().enumerate() {
        let first = nth == 0 && taken.insert("0000".into());
        names.tables.insert(id, if first { "0000".into() } else { fresh(&mut taken, id.0) });
    }
    let base = part(c, "base")?.unwrap_or_default();
    let mut taken_links: HashSet<String> = base
        .theirs
        .get("links")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(|l| l.get("_id")?.as_str().map(str::to_owned))
        .collect();
    for (link, id) in base.then.get("links").and_then(Json::as_object).into_iter().flatten() {
        if let (Ok(link), Some(id)) = (link.parse(), id.as_str()) {
            names.links.insert(link, id.to_owned());
        }
    }
    for table in tables {
        let mut taken = HashSet::new();
        let mut new = Vec::new();
        for column in &table.columns {
            match id_of(&part(c, &format!("column:{}", column.id))?, "key").filter(|id| taken.insert(id.clone())) {
                Some(key) => drop(names.columns.insert(column.id, key)),
                None => new.push(column.id),
            }
            if matches!(column.kind, ColumnType::SingleSelect | ColumnType::MultipleSelect) {
                names.options.insert(column.id, base::dtable::write::option_ids(&column.settings));
            }
            if matches!(column.kind, ColumnType::Collaborator | ColumnType::Creator | ColumnType::LastModifier) {
                names.of_persons.insert(column.id);
            }
            if column.kind == ColumnType::Link
                && let Some(end) = link_end(&column.settings)
                && !names.links.contains_key(&end.link)
            {
                names.links.insert(end.link, fresh(&mut taken_links, end.link));
            }
        }
        for (nth, id) in new.into_iter().enumerate() {
            let first = nth == 0 && taken.insert("0000".into());
            names.columns.insert(id, if first { "0000".into() } else { fresh(&mut taken, id.0) });
        }
        let part_of = part(c, &format!("table:{}", table.id))?.unwrap_or_default();
        let others = part_of.others.iter().filter_map(|(_, view)| view.get("_id")?.as_str().map(str::to_owned));
        let mut taken: HashSet<String> = others.collect();
        let mut new = Vec::new();
        for view in &table.views {
            match id_of(&part(c, &format!("view:{}", view.id))?, "_id").filter(|id| taken.insert(id.clone())) {
                Some(id) => drop(names.views.insert(view.id, id)),
                None => new.push(view.id),
            }
        }
        for id in new {
            names.views.insert(id, fresh(&mut taken, id.0));
        }
    }
    for person in base.theirs.get("collaborators").and_then(Json::as_array).into_iter().flatten() {
        let word = |key: &str| person.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        names.called.insert(word("email"), word("name"));
        names.persons.insert(word("name"), word("email"));
    }
    Ok(names)
}

/// The ids by which a `.dtable` file names the records of a table.
pub(super) fn record_ids(c: &Connection, table: TableId) -> Result<HashMap<RecordId, String>> {
    let text = format!(
        "SELECT t.id, t.uid, json_extract(k.body, '$.rest._id') FROM t{table} t
         LEFT JOIN kept_record k ON k.table_id = ?1 AND k.record_id = t.id"
    );
    let mut statement = c.prepare(&text).map_err(sql)?;
    let rows = statement
        .query_map([table.0], |r| {
            let uid: Vec<u8> = r.get(1)?;
            let kept: Option<String> = r.get(2)?;
            Ok((RecordId(r.get(0)?), kept.unwrap_or_else(|| URL_SAFE_NO_PAD.encode(uid))))
        })
        .map_err(sql)?;
    rows.collect::<Result<_, _>>().map_err(sql)
}

/// All tables of the base, hidden ones too.
pub(super) fn all_tables(c: &Connection, context: &base::Context) -> Result<Vec<meta::Def>> {
    let ids = meta::table_ids(c)?;
    ids.into_iter().map(|id| meta::def(c, id, context)).collect()
}
