//! A `.dtable` file into a base: its files, tables, records and links, and all of it that Tabella has no
//! place for ([`super::kept`]).

use super::Write;
use super::error::sql;
use super::file::FILE_BYTES_MAX;
use super::import::{ImportOptions, ImportReport, Progress, ReadSeek, chosen};
use super::kept::{self, KeptRecord, Part};
use super::list::load_cells;
use super::meta;
use base::dtable::{self, Dtable, DtableTable, LinkGiven, write};
use model::base::ColumnType;
use model::{ColumnId, Error, ErrorCode, Result, TableId, ViewId};
use serde_json::{Map, Value as Json, json};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Records read again at once.
const CHUNK: usize = 1_000;

/// A table that came over.
struct Made {
    id: TableId,
    given: DtableTable,
    /// Its columns, in the order of the file's.
    columns: Vec<ColumnId>,
    /// Its views by their ids in the file.
    views: HashMap<String, ViewId>,
    /// Its records by their ids in the file.
    records: HashMap<String, i64>,
}

impl Made {
    fn column(&self, key: &str) -> Option<ColumnId> {
        let at = self.given.columns.iter().position(|c| c.key == key)?;
        self.columns.get(at).copied()
    }

    fn linked_by(&self, link: &str) -> Vec<ColumnId> {
        let at = self.given.columns.iter().zip(&self.columns);
        at.filter(|(c, _)| c.link.as_ref().is_some_and(|(l, _)| l == link)).map(|(_, id)| *id).collect()
    }
}

fn word<'a>(of: &'a Json, key: &str) -> &'a str {
    of.get(key).and_then(Json::as_str).unwrap_or_default()
}

impl Write<'_> {
    pub(super) fn import_dtable(
        &mut self,
        act: i64,
        whole: Dtable,
        file: Box<dyn ReadSeek + '_>,
        options: &ImportOptions,
        report: &mut ImportReport,
        progress: &mut Progress<'_>,
    ) -> Result<()> {
        let Dtable { tables, links, base } = whole;
        let all = tables.len();
        let tables = chosen(tables, options.tables.as_deref())?;
        let keep = tables.len() == all && kept::make_room(&self.tx)?;
        let files = Arc::new(self.import_entries(file, keep, progress)?);
        let there: HashSet<String> = tables.iter().map(|t| t.id().to_owned()).collect();
        let known: HashSet<&str> =
            links.iter().filter(|l| l.tables.iter().all(|t| there.contains(t))).map(|l| l.id.as_str()).collect();
        let mut made = Vec::new();
        for mut table in tables {
            table.keep_links(&|link, other| known.contains(link) && there.contains(other));
            table.files = files.clone();
            let plan = std::mem::take(&mut table.plan);
            self.import_table(act, &plan, &mut table, None, report, progress)?;
            report.misfits.append(&mut table.reduced);
            let id = report.tables.last().copied().ok_or_else(|| Error::internal("no table"))?;
            let own = meta::def(&self.tx, id, &self.context)?.table;
            let columns = own.columns.into_iter().map(|c| c.id).take(table.columns.len()).collect();
            let given = table.given.get("views").and_then(Json::as_array).into_iter().flatten();
            let given = given.filter(|view| dtable::comes_over(view)).map(|view| word(view, "_id").to_owned());
            let views = given.zip(own.views.iter().map(|view| view.id)).collect();
            let ids = table.rows.iter().zip(1..).map(|(row, id)| (word(row, "_id").to_owned(), id));
            made.push(Made { id, columns, views, records: ids.collect(), given: table });
        }
        let mut realised = Map::new();
        for link in &links {
            if let Some(number) = self.import_link(link, &made)? {
                realised.insert(number.to_string(), json!(link.id));
            }
        }
        for table in &made {
            self.import_offers(table, &made)?;
            self.import_link_formulas(table, &made)?;
            self.import_locks(table)?;
        }
        if keep {
            self.keep_base(base, links, realised)?;
            self.keep_tables(&made, progress)?;
        }
        Ok(())
    }

    /// Takes the archive's files into the base; gives their hashes by path.
    fn import_entries(
        &mut self,
        file: Box<dyn ReadSeek + '_>,
        keep: bool,
        progress: &mut Progress<'_>,
    ) -> Result<HashMap<String, String>> {
        let mut files = HashMap::new();
        dtable::entries(file, FILE_BYTES_MAX, &mut |entry| {
            if !progress(0) {
                return Err(Error::new(ErrorCode::Cancelled, "The import was stopped; nothing was kept."));
            }
            let asset = entry.path.starts_with("asset/");
            if asset || keep {
                let hash = self.keep_file(&entry.bytes)?;
                if keep {
                    kept::put_body(&self.tx, &format!("entry:{}", entry.path), &hash)?;
                }
                if asset {
                    files.insert(entry.path, hash);
                }
            }
            Ok(())
        })?;
        Ok(files)
    }

    /// Makes a link of the file; gives its number, if it has columns here.
    fn import_link(&mut self, given: &LinkGiven, made: &[Made]) -> Result<Option<i64>> {
        let of = |id: &str| made.iter().find(|t| t.given.id() == id);
        let [first, second] = &given.tables;
        let (Some(first), Some(second)) = (of(first), of(second)) else { return Ok(None) };
        let mut near = first.linked_by(&given.id);
        let mut far =
            if first.id == second.id { near.split_off(near.len().min(1)) } else { second.linked_by(&given.id) };
        // A link that only the second table shows is that table's.
        let swapped = near.is_empty();
        let (mut from, mut to, mut pairs, mut back) = (first, second, &given.pairs, &given.back);
        if swapped {
            (from, to) = (to, from);
            (pairs, back) = (back, pairs);
            std::mem::swap(&mut near, &mut far);
        }
        let Some(own) = near.first().copied() else { return Ok(None) };
        let other = far.first().copied();
        let mut settings = self.new_link(
            from.id,
            &json!({ "table": to.id, "multiple": multiple(from, own), "two_way": other.is_some() }),
        )?;
        let number =
            settings.get("link").and_then(Json::as_i64).ok_or_else(|| Error::internal("a link without a number"))?;
        if let Json::Object(map) = &mut settings {
            map.insert("back".into(), json!(other));
        }
        self.put_link_settings(own, &settings)?;
        if let Some(other) = other {
            let back = json!({
                "table": from.id, "multiple": multiple(to, other), "two_way": true, "back": own, "link": number,
                "side": "b", "view": null, "filter": null,
            });
            self.put_link_settings(other, &back)?;
        }
        let mut places: HashMap<(i64, i64), i64> = HashMap::new();
        for (row, others) in back {
            let Some(b) = to.records.get(row) else { continue };
            for (place, a) in others.iter().filter_map(|id| from.records.get(id)).enumerate() {
                places.insert((*a, *b), place as i64);
            }
        }
        let mut last: HashMap<i64, i64> = HashMap::new();
        for (row, others) in pairs {
            let Some(a) = from.records.get(row) else { continue };
            for (place, b) in others.iter().filter_map(|id| to.records.get(id)).enumerate() {
                let next = last.entry(*b).or_insert(-1);
                *next = places.get(&(*a, *b)).copied().unwrap_or(*next + 1);
                self.give_pair(number, &[*a, *b, place as i64, *next])?;
            }
        }
        Ok(Some(number))
    }

    /// Link columns that offer the records of one view only name it by our id.
    fn import_offers(&mut self, table: &Made, made: &[Made]) -> Result<()> {
        for (source, id) in table.given.columns.iter().zip(&table.columns) {
            let (Some(view), Some((_, other))) = (&source.offers, &source.link) else { continue };
            let there = made.iter().find(|t| t.given.id() == other).and_then(|t| t.views.get(view));
            let column = super::structure::column(&self.tx, table.id, *id, &self.context)?;
            if let (Some(view), ColumnType::Link, Json::Object(mut settings)) = (there, column.kind, column.settings) {
                settings.insert("view".into(), json!(view));
                self.put_link_settings(*id, &Json::Object(settings))?;
            }
        }
        Ok(())
    }

    fn put_link_settings(&self, column: ColumnId, settings: &Json) -> Result<()> {
        self.tx
            .prepare_cached("UPDATE data_column SET settings = ?2 WHERE id = ?1")
            .and_then(|mut s| s.execute((column.0, settings.to_string())))
            .map_err(sql)?;
        Ok(())
    }

    /// Link formulas name columns by our ids.
    fn import_link_formulas(&mut self, table: &Made, made: &[Made]) -> Result<()> {
        for (source, id) in table.given.columns.iter().zip(&table.columns) {
            if source.kind != "link-formula" {
                continue;
            }
            let columns = table.given.given.get("columns").and_then(Json::as_array);
            let Some(data) = columns.and_then(|l| l.iter().find(|c| word(c, "key") == source.key)?.get("data")) else {
                continue;
            };
            let link = word(data, "link_column_key");
            let other = table.given.columns.iter().find(|c| c.key == link).and_then(|c| c.link.as_ref());
            let other = other.and_then(|(_, other)| made.iter().find(|t| t.given.id() == other));
            let there = |keys: &[&str]| {
                let key = keys.iter().map(|k| word(data, k)).find(|k| !k.is_empty())?;
                other?.column(key)
            };
            let summary = ["rollup_function", "aggregate_method", "summary"].iter().map(|k| word(data, k));
            let filter = other.and_then(|other| {
                let places = (0..).map(ColumnId).zip(other.columns.iter().copied()).collect();
                super::copy::moved(other.given.conditions(data)?, &places)
            });
            let mut settings = json!({
                "kind": match word(data, "formula") {
                    "countlinks" => "count",
                    "findmax" => "find_max",
                    "findmin" => "find_min",
                    other => other,
                },
                "link": table.column(link),
                "column": there(&["level1_linked_table_column_key", "column_key_in_linked_record"]),
                "by": there(&["column_key_for_comparison"]),
                "summary": summary.into_iter().find(|s| !s.is_empty()).unwrap_or("sum").to_lowercase(),
            });
            if let Some(filter) = filter {
                settings["filter"] = json!(filter);
            }
            self.put_link_settings(*id, &settings)?;
        }
        Ok(())
    }

    fn import_locks(&mut self, table: &Made) -> Result<()> {
        for (row, id) in table.given.rows.iter().zip(1_i64..) {
            if row.get("_locked").and_then(Json::as_bool) == Some(true) {
                self.tx
                    .prepare_cached(
                        "INSERT OR IGNORE INTO record_lock (table_id, record_id, locked_at) VALUES (?1, ?2, ?3)",
                    )
                    .and_then(|mut s| s.execute((table.id.0, id, self.now.0)))
                    .map_err(sql)?;
            }
        }
        Ok(())
    }

    /// Keeps what stands beside the tables; of links without columns here, who is linked with whom, too.
    fn keep_base(&mut self, base: Json, links: Vec<LinkGiven>, realised: Map<String, Json>) -> Result<()> {
        let Json::Object(mut theirs) = base else { return Ok(()) };
        for (kept, given) in theirs.get_mut("links").and_then(Json::as_array_mut).into_iter().flatten().zip(links) {
            if let (Json::Object(kept), false) = (kept, realised.values().any(|id| *id == json!(given.id))) {
                let map = |pairs: Vec<(String, Vec<String>)>| {
                    Json::Object(pairs.into_iter().map(|(row, others)| (row, json!(others))).collect())
                };
                kept.insert("table1_table2_map".into(), map(given.pairs));
                kept.insert("table2_table1_map".into(), map(given.back));
            }
        }
        let then = Map::from_iter([("links".to_owned(), Json::Object(realised))]);
        kept::put(&self.tx, "base", &Part { theirs, then, others: Vec::new() })
    }

    fn keep_tables(&mut self, made: &[Made], progress: &mut Progress<'_>) -> Result<()> {
        // First what stood there, so that names are found in it; then what we would have written.
        for table in made {
            let Json::Object(mut theirs) = table.given.given.clone() else { continue };
            let columns = theirs.get_mut("columns").map(Json::take).unwrap_or_default();
            let views = theirs.get_mut("views").map(Json::take).unwrap_or_default();
            for (column, id) in columns.as_array().into_iter().flatten().zip(&table.columns) {
                let part = Part { theirs: column.as_object().cloned().unwrap_or_default(), ..Part::default() };
                kept::put(&self.tx, &format!("column:{id}"), &part)?;
            }
            let own = meta::def(&self.tx, table.id, &self.context)?.table;
            let mut ours = own.views.iter();
            let mut others = Vec::new();
            for (at, view) in views.as_array().into_iter().flatten().enumerate() {
                let own = if dtable::comes_over(view) { ours.next() } else { None };
                match own {
                    Some(own) => {
                        let theirs = view.as_object().cloned().unwrap_or_default();
                        kept::put(&self.tx, &format!("view:{}", own.id), &Part { theirs, ..Part::default() })?;
                    }
                    None => others.push((at, view.clone())),
                }
            }
            let then = Map::from_iter([("name".to_owned(), json!(own.name))]);
            kept::put(&self.tx, &format!("table:{}", table.id), &Part { theirs, then, others })?;
        }
        let defs = kept::all_tables(&self.tx, &self.context)?;
        let models: Vec<_> = defs.iter().map(|d| d.table.clone()).collect();
        let names = kept::names(&self.tx, &models)?;
        for table in made {
            let Some(def) = defs.iter().find(|d| d.table.id == table.id) else { continue };
            for column in &def.table.columns {
                if let Some(mut part) = kept::part(&self.tx, &format!("column:{}", column.id))? {
                    part.then = write::column(column, table.id, &names);
                    kept::put(&self.tx, &format!("column:{}", column.id), &part)?;
                }
            }
            for view in &def.table.views {
                if let Some(mut part) = kept::part(&self.tx, &format!("view:{}", view.id))? {
                    part.then = write::view(view, &def.table.columns, &names);
                    kept::put(&self.tx, &format!("view:{}", view.id), &part)?;
                }
            }
            self.keep_records(table, def, &names, progress)?;
        }
        Ok(())
    }

    /// Keeps of each record what is no cell, and the cells that we would write otherwise.
    fn keep_records(
        &mut self,
        table: &Made,
        def: &meta::Def,
        names: &write::Names,
        progress: &mut Progress<'_>,
    ) -> Result<()> {
        let keys: HashSet<&str> = table.given.columns.iter().map(|c| c.key.as_str()).collect();
        let ids: Vec<i64> = (1..=table.given.rows.len() as i64).collect();
        for chunk in ids.chunks(CHUNK) {
            for (id, cells) in load_cells(&self.tx, def, chunk)? {
                let row = table.given.rows.get((id - 1) as usize).and_then(Json::as_object);
                let Some(row) = row else { continue };
                let mut record = KeptRecord::default();
                for ((source, column), (model, cell)) in
                    table.given.columns.iter().zip(&def.columns).zip(def.table.columns.iter().zip(&cells))
                {
                    let theirs = row.get(&source.key);
                    let ours = write::cell(&column.field, &model.settings, cell, names, &mut |_, _| None);
                    if theirs != ours.as_ref() {
                        record.cells.insert(source.key.clone(), (theirs.cloned(), ours.unwrap_or_default()));
                    }
                }
                let rest = row.iter().filter(|(key, _)| !keys.contains(key.as_str()));
                record.rest = rest.map(|(key, value)| (key.clone(), value.clone())).collect();
                record.store(&self.tx, table.id, id)?;
            }
            if !progress(chunk.last().copied().unwrap_or_default() as u64) {
                return Err(Error::new(ErrorCode::Cancelled, "The import was stopped; nothing was kept."));
            }
        }
        Ok(())
    }
}

/// Whether cells of a link column hold several records.
fn multiple(table: &Made, column: ColumnId) -> bool {
    let at = table.columns.iter().position(|c| *c == column);
    let columns = table.given.given.get("columns").and_then(Json::as_array);
    at.zip(columns).and_then(|(at, list)| list.get(at)?.get("data")?.get("is_multiple")?.as_bool()).unwrap_or(true)
}
