//! Links between records: made with their columns, written cell by cell, kept with removed records.
//!
//! A link is one table lN of pairs with the places of both records in each other's cells, whichever
//! column shows it: two columns of two tables, or of one, are two sides of the same pairs. Every
//! write is noted as the pairs it took and gave, so that undo brings back exactly these.

use super::cells::store;
use super::error::sql;
use super::meta::{self, Col, Def, LinkEnd};
use super::pairs::Pair;
use super::schema::{link_end, shown_key};
use super::{BaseFile, Write};
use base::text::fold;
use base::{Cell, Misfit};
use model::base::{Candidate, CandidatePage, ColumnType, FilterNode, LOCKED, LinkingArgs};
use model::{ColumnId, Error, ErrorCode, Result, TableId, ViewId, say};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;

/// Records one cell links at most.
const LINKED_MAX: usize = 10_000;

fn flag(of: &Json, key: &str) -> Option<bool> {
    of.get(key).and_then(Json::as_bool)
}

impl Write<'_> {
    /// Makes a link with its column and, if it is two-way, the column of the other table.
    pub(super) fn make_link(&mut self, act: i64, table: TableId, name: &str, given: &Json) -> Result<ColumnId> {
        let settings = self.new_link(table, given)?;
        let (id, _) = self.make_column(act, table, name, ColumnType::Link, settings.clone())?;
        if flag(&settings, "two_way") == Some(true) {
            let settings = self.make_back(act, table, id, given, settings)?;
            self.put_settings(id, &settings)?;
        }
        Ok(id)
    }

    /// The settings of a new link column, with the table of pairs made.
    pub(super) fn new_link(&mut self, table: TableId, given: &Json) -> Result<Json> {
        let other = given.get("table").and_then(Json::as_i64).map(TableId).ok_or_else(|| {
            Error::invalid("A link column needs the table it links to.").remedy("Choose a table of this base.")
        })?;
        meta::require_table(&self.tx, other)?;
        let link = self
            .tx
            .prepare_cached("INSERT INTO link (table_a, table_b) VALUES (?1, ?2)")
            .and_then(|mut s| s.insert((table.0, other.0)))
            .map_err(sql)?;
        self.tx
            .execute_batch(&format!(
                "CREATE TABLE l{link} (a INTEGER NOT NULL, b INTEGER NOT NULL, pa INTEGER NOT NULL, pb INTEGER NOT NULL, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID;
                 CREATE INDEX l{link}_b ON l{link}(b, a);"
            ))
            .map_err(sql)?;
        let mut settings = Map::from_iter([
            ("table".to_owned(), json!(other)),
            ("multiple".to_owned(), json!(flag(given, "multiple").unwrap_or(true))),
            ("two_way".to_owned(), json!(flag(given, "two_way").unwrap_or(true))),
            ("back".to_owned(), Json::Null),
            ("link".to_owned(), json!(link)),
            ("side".to_owned(), json!("a")),
        ]);
        self.limits(other, given, &mut settings)?;
        Ok(Json::Object(settings))
    }

    /// Which records are offered: those of a view, or of a filter.
    fn limits(&self, other: TableId, given: &Json, settings: &mut Map<String, Json>) -> Result<()> {
        let def = meta::def(&self.tx, other, &self.context)?;
        let mut view = given.get("view").and_then(Json::as_i64);
        if settings.get("view").is_some_and(|old| Some(old) == given.get("view")) {
            // The limit that stands there may be a view that this person does not see, or one that is gone.
            view = view.filter(|id| def.table.views.iter().any(|v| v.id.0 == *id));
        } else if let Some(id) = view {
            def.view(ViewId(id))?;
        }
        let filter = given.get("filter").filter(|f| !f.is_null());
        if let Some(filter) = filter {
            let node: FilterNode = serde_json::from_value(filter.clone())
                .map_err(|e| Error::invalid("The filter of a link is not right.").detail(e))?;
            let fields: Vec<_> = def.columns.iter().map(|c| &c.field).collect();
            base::filter::compile(&node, &fields, &self.context)?;
        }
        settings.insert("view".into(), json!(view));
        settings.insert("filter".into(), filter.cloned().unwrap_or_default());
        Ok(())
    }

    /// Makes the column of the other table; gives the settings of the first with it.
    pub(super) fn make_back(
        &mut self,
        act: i64,
        table: TableId,
        id: ColumnId,
        given: &Json,
        settings: Json,
    ) -> Result<Json> {
        let end = link_end(&settings).ok_or_else(|| Error::internal("a link without an end"))?;
        let wanted = match given.get("back_name").and_then(Json::as_str).filter(|n| !n.trim().is_empty()) {
            Some(name) => name.to_owned(),
            None => meta::table(&self.tx, table)?.name,
        };
        let name = self.free_column_name(end.other, &wanted)?;
        let back = json!({
            "table": table,
            "multiple": flag(given, "back_multiple").unwrap_or(true),
            "two_way": true,
            "back": id,
            "link": end.link,
            "side": if end.side_a { "b" } else { "a" },
            "view": null,
            "filter": null,
        });
        let (back, _) = self.make_column(act, end.other, &name, ColumnType::Link, back)?;
        let mut settings = settings;
        if let Json::Object(map) = &mut settings {
            map.insert("back".into(), json!(back));
            map.insert("two_way".into(), Json::Bool(true));
        }
        Ok(settings)
    }

    pub(super) fn put_settings(&mut self, id: ColumnId, settings: &Json) -> Result<()> {
        self.tx
            .prepare_cached("UPDATE data_column SET settings = ?2 WHERE id = ?1")
            .and_then(|mut s| s.execute((id.0, settings.to_string())))
            .map_err(sql)?;
        Ok(())
    }

    /// New settings of a link column that stays one. Where it leads never changes; the other
    /// table's column comes and goes with `two_way`.
    pub(super) fn changed_link(
        &mut self,
        act: i64,
        table: TableId,
        column: &Col,
        old: &Json,
        given: &Json,
    ) -> Result<Json> {
        let (Some(end), Json::Object(mut settings)) = (column.link.or_else(|| link_end(old)), old.clone()) else {
            return Err(Error::invalid("This link leads nowhere.").remedy("Remove the column."));
        };
        if given.get("table").and_then(Json::as_i64).is_some_and(|t| t != end.other.0) {
            return Err(Error::invalid("A link column keeps the table it links to.")
                .remedy("Make another link column for the other table."));
        }
        if let Some(multiple) = flag(given, "multiple") {
            if end.multiple && !multiple {
                let (near, _) = end.sides();
                let many: i64 = self
                    .tx
                    .query_row(
                        &format!(
                            "SELECT count(*) FROM (SELECT 1 FROM l{} GROUP BY {near} HAVING count(*) > 1)",
                            end.link
                        ),
                        [],
                        |r| r.get(0),
                    )
                    .map_err(sql)?;
                if many > 0 {
                    return Err(Error::new(
                        ErrorCode::Conflict,
                        say!("Some records link several records in “{name}”.", name = column.field.name),
                    )
                    .detail(many)
                    .remedy("Leave at most one in each, then limit the column to one."));
                }
            }
            settings.insert("multiple".into(), json!(multiple));
        }
        if let Some(locked) = flag(given, LOCKED) {
            settings.insert(LOCKED.into(), json!(locked));
        }
        self.limits(end.other, given, &mut settings)?;
        let id = column.field.id;
        match (flag(given, "two_way"), end.back) {
            (Some(true), None) => self.make_back(act, table, id, given, Json::Object(settings)),
            (Some(false), Some(back)) => {
                self.flag_column(act, end.other, back)?;
                settings.insert("back".into(), Json::Null);
                settings.insert("two_way".into(), Json::Bool(false));
                Ok(Json::Object(settings))
            }
            _ => Ok(Json::Object(settings)),
        }
    }

    /// The ids a value names: ids, or the texts of records.
    pub(super) fn linked_ids(&mut self, column: &Col, value: &Json) -> Result<Vec<i64>> {
        let end = column.link.ok_or_else(|| Error::invalid("This link leads nowhere."))?;
        let unfit = |misfit: &Misfit| {
            Error::invalid(say!(
                "The column “{name}” can't take this: {why}",
                name = column.field.name,
                why = misfit.phrase()
            ))
            .remedy("Nothing was written; correct the value.")
        };
        let texts: Vec<&str> = match value {
            Json::String(text) => vec![text],
            Json::Array(items) if !items.is_empty() && items.iter().all(Json::is_string) => {
                items.iter().filter_map(Json::as_str).collect()
            }
            _ => {
                return match column.field.behaviour.read_json(value).map_err(|m| unfit(&m))? {
                    Cell::List(ids) => Ok(ids),
                    _ => Ok(Vec::new()),
                };
            }
        };
        let mut ids = Vec::new();
        for text in texts {
            for id in self.by_text(end.other, text).map_err(|unknown| match unknown {
                Unknown::Text(text) => {
                    unfit(&Misfit::Wrong(say!("there is no record “{text}”.", text = format!("{text:.60}"))))
                }
                Unknown::Failed(error) => error,
            })? {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        Ok(ids)
    }

    /// The records a text names: one of that text, else those between commas.
    pub(super) fn by_text(&mut self, table: TableId, text: &str) -> Result<Vec<i64>, Unknown> {
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        if !self.texts.contains_key(&table) {
            let known = self.texts_of(table).map_err(Unknown::Failed)?;
            self.texts.insert(table, known);
        }
        let known = self.texts.get(&table);
        let find = |text: &str| known.and_then(|k| k.get(&fold(text.trim()))).copied();
        if let Some(id) = find(text) {
            return Ok(vec![id]);
        }
        let parts = text.split([',', ';', '\n', '，']).map(str::trim).filter(|p| !p.is_empty());
        parts.map(|part| find(part).ok_or_else(|| Unknown::Text(part.to_owned()))).collect()
    }

    /// The first record of each text of a table's first column.
    fn texts_of(&self, table: TableId) -> Result<HashMap<String, i64>> {
        let def = meta::def(&self.tx, table, &self.context)?;
        let (Some(first), Some(model)) = (def.columns.first(), def.table.columns.first()) else {
            return Ok(HashMap::new());
        };
        let key = shown_key(first, model, &self.context);
        let text = format!("SELECT id, fold(shown({key},{})) FROM t{table} ORDER BY id DESC", first.cell_expression());
        let mut statement = self.tx.prepare(&text).map_err(sql)?;
        let rows =
            statement.query_map([], |r| Ok((r.get::<_, Option<String>>(1)?, r.get::<_, i64>(0)?))).map_err(sql)?;
        let mut known = HashMap::new();
        for row in rows {
            if let (Some(text), id) = row.map_err(sql)? {
                known.insert(text.trim().to_owned(), id);
            }
        }
        Ok(known)
    }

    /// Links a record with exactly these, in this order; tells whether anything changed.
    pub(super) fn set_links(
        &mut self,
        act: i64,
        table: TableId,
        column: &Col,
        record: i64,
        ids: &[i64],
    ) -> Result<bool> {
        let name = &column.field.name;
        let end = column.link.ok_or_else(|| Error::invalid("This link leads nowhere."))?;
        let (near, far) = end.sides();
        let have = self.pairs_of(end.link, near, record)?;
        let at = |pair: &Pair| if end.side_a { pair[1] } else { pair[0] };
        let before: Vec<i64> = have.iter().map(at).collect();
        if before == ids {
            return Ok(false);
        }
        if !end.multiple && ids.len() > 1 {
            return Err(Error::invalid(say!("The column “{name}” links one record.", name)).remedy("Choose one."));
        }
        if ids.len() > LINKED_MAX {
            return Err(Error::invalid(say!("A cell links at most {max} records.", max = LINKED_MAX)));
        }
        let new: Vec<i64> = ids.iter().copied().filter(|id| !before.contains(id)).collect();
        self.check_linkable(column, end, &new)?;
        let mut gone: Vec<Pair> = Vec::new();
        if !self.back_multiple(end)? {
            for id in &new {
                gone.extend(self.pairs_of(end.link, far, *id)?);
            }
        }
        let mut given: Vec<Pair> = Vec::new();
        for (place, id) in ids.iter().enumerate() {
            let place = place as i64;
            let old = have.iter().find(|p| at(p) == *id);
            let back = match old {
                Some(pair) => pair[if end.side_a { 3 } else { 2 }],
                None => self.last_place(end.link, far, *id)? + 1,
            };
            let pair = if end.side_a { [record, *id, place, back] } else { [*id, record, back, place] };
            if old != Some(&pair) {
                given.push(pair);
            }
        }
        gone.extend(have.iter().filter(|p| !ids.contains(&at(p)) || given.iter().any(|g| g[..2] == p[..2])));
        for pair in &gone {
            self.take_pair(end.link, pair)?;
        }
        for pair in &given {
            self.give_pair(end.link, pair)?;
        }
        for pair in gone.iter().chain(&given) {
            self.record_changed(Some(at(pair)));
        }
        let side = |ids: &[i64], pairs: &[Pair]| {
            Map::from_iter([
                ("column".to_owned(), json!(column.field.id)),
                ("link".to_owned(), json!(end.link)),
                ("ids".to_owned(), json!(ids)),
                ("pairs".to_owned(), json!(pairs)),
            ])
        };
        self.step(act, "link", table, record, Some(side(&before, &gone)), Some(side(ids, &given)))?;
        self.touch(table, record)?;
        self.links.insert(end.link);
        self.columns.insert(column.field.id);
        self.record_changed(Some(record));
        Ok(true)
    }

    fn touch(&mut self, table: TableId, record: i64) -> Result<()> {
        self.tx
            .prepare_cached(&format!("UPDATE t{table} SET version = version + 1, modified_at = ?2 WHERE id = ?1"))
            .and_then(|mut s| s.execute((record, self.now.0)))
            .map_err(sql)?;
        Ok(())
    }

    /// Refuses records that do not exist. What the column's view or filter leaves out is not offered, but
    /// taken: pasted, imported, or put back by undo, as in SeaTable and Airtable.
    fn check_linkable(&self, column: &Col, end: LinkEnd, new: &[i64]) -> Result<()> {
        if new.is_empty() {
            return Ok(());
        }
        let table = meta::table(&self.tx, end.other)?.name;
        let text = format!("SELECT count(*) FROM t{} WHERE id = ?1", end.other);
        let mut statement = self.tx.prepare_cached(&text).map_err(sql)?;
        for id in new {
            let found: i64 = statement.query_row([id], |r| r.get(0)).map_err(sql)?;
            if found == 0 {
                return Err(Error::invalid(say!(
                    "The column “{name}” can't take this: {why}",
                    name = column.field.name,
                    why = say!("Record {number} of “{table}” does not exist.", number = id.to_string(), table)
                ))
                .remedy("Choose another record."));
            }
        }
        Ok(())
    }

    pub(super) fn back_multiple(&self, end: LinkEnd) -> Result<bool> {
        let Some(back) = end.back else { return Ok(true) };
        self.tx
            .prepare_cached("SELECT coalesce(json_extract(settings, '$.multiple'), 1) FROM data_column WHERE id = ?1 AND removed_at IS NULL")
            .and_then(|mut s| s.query_map([back.0], |r| r.get::<_, i64>(0))?.next().transpose())
            .map(|found| found != Some(0))
            .map_err(sql)
    }

    /// The other table's records may be linked more than once.
    pub(super) fn back_is_open(&self, column: &Col) -> Result<bool> {
        column.link.map_or(Ok(false), |end| self.back_multiple(end))
    }

    /// What a cell links, in its order.
    pub(super) fn linked_now(&self, column: &Col, record: i64) -> Result<Vec<i64>> {
        let Some(end) = column.link else { return Ok(Vec::new()) };
        let pairs = self.pairs_of(end.link, end.sides().0, record)?;
        Ok(pairs.iter().map(|p| if end.side_a { p[1] } else { p[0] }).collect())
    }

    /// Gives every record the links its text names; what names nobody stands in a text column beside.
    /// `back_single`: a record of the other table is linked once only.
    pub(super) fn link_by_text(
        &mut self,
        act: i64,
        def: &Def,
        old: &Col,
        settings: &Json,
        back_single: bool,
    ) -> Result<()> {
        let (Some(end), Some(model)) = (link_end(settings), def.model(old.field.id)) else { return Ok(()) };
        let table = def.table.id;
        let key = shown_key(old, model, &self.context);
        let mut found: Vec<(i64, String)> = Vec::new();
        {
            let text = format!("SELECT id, shown({key},{}) FROM t{table}", old.cell_expression());
            let mut statement = self.tx.prepare(&text).map_err(sql)?;
            let mut rows = statement.query([]).map_err(sql)?;
            while let Some(row) = rows.next().map_err(sql)? {
                if let Some(text) = row.get::<_, Option<String>>(1).map_err(sql)? {
                    found.push((row.get(0).map_err(sql)?, text));
                }
            }
        }
        let mut misfits = Vec::new();
        let mut backs: HashMap<i64, i64> = HashMap::new();
        for (record, text) in found {
            let ids = match self.by_text(end.other, &text) {
                Ok(ids)
                    if (end.multiple || ids.len() == 1)
                        && !(back_single && ids.iter().any(|id| backs.contains_key(id))) =>
                {
                    ids
                }
                Ok(_) | Err(Unknown::Text(_)) => {
                    misfits.push((record, text));
                    continue;
                }
                Err(Unknown::Failed(error)) => return Err(error),
            };
            for (place, id) in ids.into_iter().enumerate() {
                let back = backs.entry(id).or_default();
                self.give_pair(end.link, &[record, id, place as i64, *back])?;
                *back += 1;
            }
        }
        self.links.insert(end.link);
        self.keep_texts(act, table, &old.field.name, &misfits)
    }

    /// Texts that fit nowhere get a column of their own.
    fn keep_texts(&mut self, act: i64, table: TableId, name: &str, texts: &[(i64, String)]) -> Result<()> {
        if texts.is_empty() {
            return Ok(());
        }
        let short: String = name.chars().take(200).collect();
        let name = self.free_column_name(table, &format!("{short} (text)"))?;
        let (id, physical) = self.make_column(act, table, &name, ColumnType::LongText, json!({}))?;
        let Some(physical) = physical else { return Ok(()) };
        let storage = meta::def(&self.tx, table, &self.context)?.column(id)?.storage();
        let text = format!("UPDATE t{table} SET c{physical} = ?2 WHERE id = ?1");
        let mut update = self.tx.prepare(&text).map_err(sql)?;
        for (record, text) in texts {
            update.execute((record, store(&Cell::text(text.as_str()), storage))).map_err(sql)?;
        }
        Ok(())
    }

    /// A name like `wanted` that no column of a table has.
    pub(super) fn free_column_name(&self, table: TableId, wanted: &str) -> Result<String> {
        let clean: String =
            wanted.chars().map(|c| if matches!(c, '{' | '}' | '.' | '`') { ' ' } else { c }).take(240).collect();
        let clean = clean.trim().to_owned();
        let taken: Vec<String> =
            meta::table(&self.tx, table)?.columns.into_iter().map(|c| c.name.to_lowercase()).collect();
        let mut name = clean.clone();
        for n in 2.. {
            if !taken.contains(&name.to_lowercase()) {
                break;
            }
            name = format!("{clean} {n}");
        }
        Ok(name)
    }
}

impl BaseFile {
    /// The records whose cell of a link column links a record, in the order in which they were made, with
    /// their texts.
    ///
    /// # Errors
    /// `Invalid` where the column is no link.
    pub fn linking(&self, args: &LinkingArgs) -> Result<CandidatePage> {
        const PAGE_MAX: u32 = 1_000;
        let context = self.context();
        self.read_snapshot(|c| {
            let def = meta::def(c, args.table, &context)?;
            let end = def.column(args.column)?.link.ok_or_else(|| Error::invalid("This column links nothing."))?;
            let (near, far) = end.sides();
            let total = c
                .prepare_cached(&format!("SELECT count(*) FROM l{} WHERE {far} = ?1", end.link))
                .and_then(|mut s| s.query_row([args.record.0], |r| r.get(0)))
                .map_err(sql)?;
            let (Some(first), Some(shown)) = (def.columns.first(), def.table.columns.first()) else {
                return Ok(CandidatePage { total: 0, rows: Vec::new() });
            };
            let text = format!(
                "SELECT {table}.id, shown({},{}) FROM l{} AS k JOIN {table} ON {table}.id = k.{near}
                 WHERE k.{far} = ?1 ORDER BY {table}.id LIMIT ?2 OFFSET ?3",
                shown_key(first, shown, &context),
                first.cell_expression(),
                end.link,
                table = format_args!("t{}", args.table),
            );
            let rows = c
                .prepare_cached(&text)
                .and_then(|mut s| {
                    s.query_map((args.record.0, args.limit.min(PAGE_MAX), args.offset), |r| {
                        let text: Option<String> = r.get(1)?;
                        Ok(Candidate { id: model::RecordId(r.get(0)?), text: text.unwrap_or_default() })
                    })?
                    .collect()
                })
                .map_err(sql)?;
            Ok(CandidatePage { total, rows })
        })
    }
}

/// Why a text names no record.
pub(super) enum Unknown {
    /// This part of it.
    Text(String),
    /// It could not be looked for.
    Failed(Error),
}

/// Which records of the other table a link column offers; `None` is all.
pub(super) fn allowed(def: &Def, settings: &Json, context: &base::Context) -> Result<Option<base::filter::Condition>> {
    let view = settings.get("view").and_then(Json::as_i64);
    let view = view.and_then(|id| def.table.views.iter().find(|v| v.id.0 == id));
    let own: Option<FilterNode> = settings.get("filter").and_then(|f| serde_json::from_value(f.clone()).ok());
    let items: Vec<FilterNode> = view.and_then(|v| v.filter.clone()).into_iter().chain(own).collect();
    if items.is_empty() {
        return Ok(None);
    }
    let fields: Vec<_> = def.columns.iter().map(|c| &c.field).collect();
    let condition = base::filter::compile(&FilterNode::Group { all: true, items }, &fields, context)?;
    Ok(Some(condition).filter(|c| !c.is_trivial()))
}
