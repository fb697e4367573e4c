//! Pages of records: a list is a vector of ids, never an OFFSET.
//!
//! Filtering and sorting a million records yields their ids once; every page is then a look-up by
//! id, wherever in the list it lies. The vector stays good until the versions of the columns it was
//! made from, or of the table's rows, have moved, whichever process moved them; `lists` keeps it and
//! has it follow. A first screen that would wait for a million texts to be put in order is given before.
//! Without filter and sort there is no vector as long as ids have no gaps.

use super::condition::Sql;
use super::error::sql;
use super::lists::{Making, Ready};
use super::meta::{self, Def};
use super::order::Rows;
use super::{BaseFile, cells, order};
use base::column::{Family, Order};
use base::filter::{self, Condition};
use base::{Cell, Context, Storage};
use model::base::{
    Candidate, CandidateArgs, CandidatePage, ColumnType, FilterNode, RecordListArgs, RecordPage, RecordRow, Sort, View,
};
use model::{BaseId, Error, RecordId, Result, TableId};
use rusqlite::Connection;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;

/// Rows of one page at most.
pub(super) const PAGE_MAX: u32 = 1_000;
/// Up to here a plain OFFSET is quicker than making a list.
const OFFSET_MAX: u32 = 2_000;
/// Up to here a page is given before the whole list is in order.
const FIRST_MAX: usize = 1_000;

/// What a list is a list of.
#[derive(Clone, PartialEq)]
pub(super) struct Key {
    table: TableId,
    filter: Option<Condition>,
    search: Option<(String, Vec<i64>)>,
    sorts: Vec<Sort>,
}

/// The state of the file a list was made from.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Stamp {
    rows_version: i64,
    columns_version: i64,
}

impl Key {
    /// In which order.
    pub(super) fn sorts(&self) -> &[Sort] {
        &self.sorts
    }

    /// Asks for the values of columns that are calculated, and so may look beyond the record.
    pub(super) fn calculates(&self, def: &Def) -> bool {
        let asked = self.columns();
        def.columns.iter().any(|c| c.computed.is_some() && asked.contains(&c.field.id.0))
    }

    /// Looks for a text.
    pub(super) fn searches(&self) -> bool {
        self.search.is_some()
    }

    /// The columns its filter asks for.
    pub(super) fn filtered(&self) -> Vec<i64> {
        self.filter.iter().flat_map(Condition::columns).map(|id| id.0).collect()
    }

    /// The columns it asks for.
    fn columns(&self) -> Vec<i64> {
        let mut ids = self.filtered();
        ids.extend(self.sorts.iter().map(|s| s.column.0));
        ids.extend(self.search.iter().flat_map(|(_, columns)| columns.clone()));
        ids
    }

    /// Looks for its text in these columns only.
    pub(super) fn look_in(&mut self, columns: Vec<i64>) {
        if let Some((_, shown)) = &mut self.search {
            *shown = columns;
        }
    }
}

/// The state of the file for a list.
pub(super) fn stamp(def: &Def, key: &Key) -> Stamp {
    Stamp { rows_version: def.rows_version, columns_version: columns_version(def, key) }
}

/// A list of all records of a table.
pub(super) fn of(base: &BaseId, table: TableId) -> RecordListArgs {
    RecordListArgs {
        base: base.clone(),
        table,
        view: None,
        filter: None,
        search: None,
        sorts: None,
        offset: 0,
        limit: 0,
    }
}

impl BaseFile {
    /// A page of records.
    pub fn list(&self, args: &RecordListArgs) -> Result<RecordPage> {
        let context = self.context();
        self.read_snapshot(|c| {
            let def = meta::def(c, args.table, &context)?;
            let columns = def.columns.iter().map(|col| col.field.id).collect();
            let limit = args.limit.min(PAGE_MAX);
            let (total, ids) = self.page_ids(c, &def, args, limit, &context)?;
            let rows = rows(c, &def, &ids)?;
            Ok(RecordPage { total, columns, rows })
        })
    }

    /// All ids of a list, in its order.
    pub fn list_ids(&self, args: &RecordListArgs) -> Result<Vec<RecordId>> {
        let context = self.context();
        self.read_snapshot(|c| {
            let def = meta::def(c, args.table, &context)?;
            let (key, stamp) = key(&def, args, &context)?;
            Ok(self.ids(c, &def, key, stamp)?.iter().map(|id| RecordId(*id)).collect())
        })
    }

    /// All ids of a list, in its order, in the state of the file that `c` sees.
    pub(super) fn all_ids(&self, c: &Connection, def: &Def, args: &RecordListArgs) -> Result<Arc<Vec<i64>>> {
        let (key, stamp) = key(def, args, &self.context())?;
        self.ids(c, def, key, stamp)
    }

    /// The cells of records by id, in the order of the ids; records that are gone are left out.
    pub fn records(&self, table: TableId, ids: &[RecordId]) -> Result<RecordPage> {
        let context = self.context();
        self.read_snapshot(|c| {
            let def = meta::def(c, table, &context)?;
            let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
            Ok(RecordPage {
                total: def.records,
                columns: def.columns.iter().map(|col| col.field.id).collect(),
                rows: rows(c, &def, &ids)?,
            })
        })
    }

    /// The shown text of every column of a record, by column name: what letters quote.
    pub fn shown(&self, table: TableId, record: RecordId) -> Result<Vec<(model::base::Column, String)>> {
        let context = self.context();
        self.read_snapshot(|c| {
            let def = meta::def(c, table, &context)?;
            let cells = load_cells(c, &def, &[record.0])?
                .pop()
                .ok_or_else(|| Error::not_found("This record does not exist any more."))?;
            Ok(def
                .table
                .columns
                .iter()
                .zip(&def.columns)
                .zip(cells.1)
                .map(|((m, col), cell)| (m.clone(), col.field.behaviour.show(&cell)))
                .collect())
        })
    }

    /// The records a link column may link, in the order of the column's view, with their texts.
    ///
    /// # Errors
    /// `Invalid` where the column is no link.
    pub fn candidates(&self, args: &CandidateArgs) -> Result<CandidatePage> {
        let context = self.context();
        self.read_snapshot(|c| {
            let own = meta::def(c, args.table, &context)?;
            let model =
                own.model(args.column).ok_or_else(|| Error::not_found("This column does not exist any more."))?;
            let end = own.column(args.column)?.link.ok_or_else(|| Error::invalid("This column links nothing."))?;
            let def = meta::def(c, end.other, &context)?;
            let (Some(first), Some(shown)) = (def.columns.first(), def.table.columns.first()) else {
                return Ok(CandidatePage { total: 0, rows: Vec::new() });
            };
            let view = model.settings.get("view").and_then(serde_json::Value::as_i64);
            let view = view.and_then(|id| def.table.views.iter().find(|v| v.id.0 == id));
            let search = args.search.as_deref().map(str::trim).filter(|s| !s.is_empty());
            let key = Key {
                table: end.other,
                filter: super::link::allowed(&def, &model.settings, &context)?,
                search: search.map(|s| (s.to_owned(), vec![first.field.id.0])),
                sorts: view.map(|v| v.sorts.clone()).unwrap_or_default(),
            };
            let stamp = stamp(&def, &key);
            let ids = self.ids(c, &def, key, stamp)?;
            let text = format!(
                "SELECT shown({},{}) FROM t{} WHERE id = ?1",
                super::schema::shown_key(first, shown, &context),
                first.cell_expression(),
                end.other
            );
            let mut statement = c.prepare_cached(&text).map_err(sql)?;
            let page = ids.iter().skip(args.offset as usize).take(args.limit.min(PAGE_MAX) as usize);
            let rows = page
                .map(|id| {
                    let text: Option<String> = statement.query_row([id], |r| r.get(0)).map_err(sql)?;
                    Ok(Candidate { id: RecordId(*id), text: text.unwrap_or_default() })
                })
                .collect::<Result<_>>()?;
            Ok(CandidatePage { total: ids.len() as u32, rows })
        })
    }

    /// The bare mail addresses in a record's e-mail columns.
    pub fn addresses(&self, table: TableId, record: RecordId) -> Result<Vec<String>> {
        let shown = self.shown(table, record)?;
        let emails = shown.iter().filter(|(column, _)| column.kind == ColumnType::Email);
        Ok(emails.filter_map(|(_, text)| base::column::address(text)).map(str::to_owned).collect())
    }

    /// The shown texts of records by id, one a column of the table; records that are gone are left out.
    pub fn shown_all(&self, table: TableId, ids: &[RecordId]) -> Result<Vec<(RecordId, Vec<String>)>> {
        let context = self.context();
        self.read_snapshot(|c| {
            let def = meta::def(c, table, &context)?;
            let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
            Ok(load_cells(c, &def, &ids)?
                .into_iter()
                .map(|(id, cells)| {
                    (
                        RecordId(id),
                        def.columns.iter().zip(cells).map(|(col, cell)| col.field.behaviour.show(&cell)).collect(),
                    )
                })
                .collect())
        })
    }

    fn page_ids(
        &self,
        c: &Connection,
        def: &Def,
        args: &RecordListArgs,
        limit: u32,
        context: &Context,
    ) -> Result<(u32, Vec<i64>)> {
        let (key, stamp) = key(def, args, context)?;
        let plain = key.filter.is_none() && key.search.is_none() && key.sorts.is_empty();
        if plain && let Some(ids) = plain_page(c, def, args.offset, limit)? {
            return Ok((def.records, ids));
        }
        let (from, to) = (args.offset as usize, args.offset as usize + limit as usize);
        let page = |ids: &[i64]| ids.iter().skip(from).take(limit as usize).copied().collect();
        let making = match self.lists.ready(c, def, &key, stamp, &self.language)? {
            Ready::List(ids) => return Ok((ids.len() as u32, page(&ids))),
            Ready::Make(making) => making,
        };
        let now = context.now;
        if key.filter.is_none()
            && to <= FIRST_MAX
            && let Some(first) = self.indexes.ids(c, def, &key, Some(to), now)?
        {
            // The rest is made when somebody asks for it.
            return Ok((def.records, page(&first)));
        }
        if key.filter.is_some()
            && let Some(ids) = self.indexes.ids(c, def, &key, None, now)?
        {
            let ids = making.done(ids);
            return Ok((ids.len() as u32, page(&ids)));
        }
        if worth_sorting(def, &key) && to <= FIRST_MAX {
            let rows = Rows::read(c, def, &key, &self.language)?;
            if rows.takes_long() {
                let answer = (rows.len() as u32, page(&rows.first(to)));
                making.done_later(rows);
                return Ok(answer);
            }
            let ids = making.done(rows.sorted());
            return Ok((ids.len() as u32, page(&ids)));
        }
        let ids = self.make_list(c, def, &key, making)?;
        Ok((ids.len() as u32, page(&ids)))
    }

    pub(super) fn ids(&self, c: &Connection, def: &Def, key: Key, stamp: Stamp) -> Result<Arc<Vec<i64>>> {
        match self.lists.ready(c, def, &key, stamp, &self.language)? {
            Ready::List(ids) => Ok(ids),
            Ready::Make(making) => self.make_list(c, def, &key, making),
        }
    }

    fn make_list(&self, c: &Connection, def: &Def, key: &Key, making: Making) -> Result<Arc<Vec<i64>>> {
        let ids = if let Some(ids) = self.indexes.ids(c, def, key, None, self.clock.now())? {
            ids
        } else if worth_sorting(def, key) {
            Rows::read(c, def, key, &self.language)?.sorted()
        } else {
            sorted_by_sql(c, def, key)?
        };
        Ok(making.done(ids))
    }
}

fn worth_sorting(def: &Def, key: &Key) -> bool {
    def.records >= order::WORTH_IT && !key.sorts.is_empty()
}

/// All ids of a list, in the order SQLite puts them.
pub(super) fn sorted_by_sql(c: &Connection, def: &Def, key: &Key) -> Result<Vec<i64>> {
    let statement = statement(def, key, "")?;
    let narrow = key.filter.is_some() || key.search.is_some();
    let mut ids: Vec<i64> = Vec::with_capacity(def.records as usize / if narrow { 8 } else { 1 });
    let mut query = c.prepare_cached(&statement.text).map_err(sql)?;
    let mut rows = query.query(rusqlite::params_from_iter(statement.params)).map_err(sql)?;
    while let Some(row) = rows.next().map_err(sql)? {
        ids.push(row.get(0).map_err(sql)?);
    }
    Ok(ids)
}

/// A page in the natural order, where it can be had without a list.
fn plain_page(c: &Connection, def: &Def, offset: u32, limit: u32) -> Result<Option<Vec<i64>>> {
    if offset >= def.records {
        return Ok(Some(Vec::new()));
    }
    let t = def.table.id;
    let (first, last): (i64, i64) = c
        .prepare_cached(&format!(
            "SELECT coalesce((SELECT min(id) FROM t{t}),1), coalesce((SELECT max(id) FROM t{t}),0)"
        ))
        .and_then(|mut s| s.query_row([], |r| Ok((r.get(0)?, r.get(1)?))))
        .map_err(sql)?;
    if last - first + 1 == i64::from(def.records) {
        let from = first + i64::from(offset);
        return Ok(Some((from..=last).take(limit as usize).collect()));
    }
    if offset > OFFSET_MAX {
        return Ok(None);
    }
    c.prepare_cached(&format!("SELECT id FROM t{t} ORDER BY id LIMIT ?1 OFFSET ?2"))
        .and_then(|mut s| s.query_map((limit, offset), |r| r.get(0))?.collect())
        .map(Some)
        .map_err(sql)
}

/// What the arguments ask for: the view's filter and order, and their own.
pub(super) fn key(def: &Def, args: &RecordListArgs, context: &Context) -> Result<(Key, Stamp)> {
    let view: Option<&View> = args.view.map(|id| def.view(id)).transpose()?;
    let nodes: Vec<FilterNode> = view.and_then(|v| v.filter.clone()).into_iter().chain(args.filter.clone()).collect();
    let filter = if nodes.is_empty() {
        None
    } else {
        let fields: Vec<&base::Field> = def.columns.iter().map(|c| &c.field).collect();
        Some(filter::compile(&FilterNode::Group { all: true, items: nodes }, &fields, context)?)
            .filter(|c| !c.is_trivial())
    };
    let hidden = view.map(|v| v.hidden.as_slice()).unwrap_or_default();
    let search = args.search.as_deref().map(str::trim).filter(|s| !s.is_empty()).map(|s| {
        (
            s.to_owned(),
            def.columns.iter().map(|c| c.field.id).filter(|id| !hidden.contains(id)).map(|id| id.0).collect::<Vec<_>>(),
        )
    });
    let sorts = match (&args.sorts, view) {
        (Some(sorts), _) => sorts.clone(),
        (None, Some(view)) => view.groups.iter().chain(&view.sorts).copied().collect(),
        (None, None) => Vec::new(),
    };
    let key = Key { table: args.table, filter, search, sorts };
    let stamp = stamp(def, &key);
    Ok((key, stamp))
}

/// The versions of all columns a list depends on, as one number.
fn columns_version(def: &Def, key: &Key) -> i64 {
    let mut ids = key.columns();
    // What is calculated moves with all it reads, here and in other tables, and with its key, which
    // knows the time where that matters.
    let formulas = def.columns.iter().filter(|c| ids.contains(&c.field.id.0)).filter_map(|c| c.computed.as_ref());
    let (mut read, mut keys) = (Vec::new(), 0_i64);
    for formula in formulas {
        read.extend(formula.depends.iter().map(|id| id.0));
        keys = keys.wrapping_add(formula.key).wrapping_add(formula.moves);
    }
    ids.append(&mut read);
    ids.sort_unstable();
    ids.dedup();
    // The time of the last change moves with every column.
    let all = def.columns.iter().any(|c| ids.contains(&c.field.id.0) && c.storage() == Storage::ModifiedAt);
    def.columns.iter().filter(|c| all || ids.contains(&c.field.id.0)).map(|c| c.version).fold(keys, i64::wrapping_add)
}

/// The statement that gives the ids of a list; `by` may name an index.
pub(super) fn statement(def: &Def, key: &Key, by: &str) -> Result<Sql> {
    let mut query = Sql { text: format!("SELECT id FROM t{}{by}", def.table.id), params: Vec::new() };
    conditions(&mut query, def, key)?;
    orders(&mut query, def, key)?;
    Ok(query)
}

/// Appends which records a list holds.
pub(super) fn conditions(query: &mut Sql, def: &Def, key: &Key) -> Result<()> {
    let mut joint = " WHERE ";
    if let Some(filter) = &key.filter {
        query.text.push_str(joint);
        query.condition(filter, def)?;
        joint = " AND ";
    }
    if let Some((text, shown)) = &key.search {
        query.text.push_str(joint);
        query.search(text, def.columns.iter().filter(|c| shown.contains(&c.field.id.0)));
    }
    Ok(())
}

/// Appends in which order they stand.
pub(super) fn orders(query: &mut Sql, def: &Def, key: &Key) -> Result<()> {
    query.text.push_str(" ORDER BY ");
    for sort in &key.sorts {
        let column = def.column(sort.column)?;
        let c = super::statistics::step_expression(column, sort.by);
        if c == "NULL" {
            continue;
        }
        if column.field.behaviour.family() == Family::Flag {
            // A box nobody touched is as empty as one that was unchecked.
            let _ = write!(query.text, "coalesce({c},0){}, ", if sort.descending { " DESC" } else { "" });
            continue;
        }
        let by = match column.field.behaviour.order() {
            Order::Value => c.clone(),
            Order::Language => format!("collkey({c})"),
            Order::Options(ids) if ids.is_empty() => c.clone(),
            Order::Options(ids) => {
                let list = column.field.behaviour.storage() == Storage::List;
                let first = if list { format!("json_extract({c},'$[0]')") } else { c.clone() };
                let cases: Vec<String> =
                    ids.iter().enumerate().map(|(at, id)| format!("WHEN {id} THEN {at}")).collect();
                format!("CASE {first} {} ELSE {} END", cases.join(" "), ids.len())
            }
        };
        let _ = write!(query.text, "{c} IS NULL, {by}{}, ", if sort.descending { " DESC" } else { "" });
    }
    query.text.push_str("id");
    Ok(())
}

/// The rows of ids as they cross the door, in the order of the ids.
pub(super) fn rows(c: &Connection, def: &Def, ids: &[i64]) -> Result<Vec<RecordRow>> {
    let loaded = load_cells(c, def, ids)?;
    let locked = locks(c, def.table.id, ids)?;
    let json = |cells: Vec<Cell>| {
        def.columns.iter().zip(cells).map(|(col, cell)| col.field.behaviour.to_json(&cell)).collect()
    };
    let row = |(id, cells)| RecordRow { id: RecordId(id), cells: json(cells), locked: locked.contains(&id) };
    Ok(loaded.into_iter().map(row).collect())
}

/// Which of these records are locked.
fn locks(c: &Connection, table: TableId, ids: &[i64]) -> Result<HashSet<i64>> {
    let mut any = c.prepare_cached("SELECT 1 FROM record_lock WHERE table_id = ?1 AND record_id = ?2").map_err(sql)?;
    let mut locked = HashSet::new();
    if c.prepare_cached("SELECT 1 FROM record_lock WHERE table_id = ?1")
        .and_then(|mut s| s.exists([table.0]))
        .map_err(sql)?
    {
        for id in ids {
            if any.exists([table.0, *id]).map_err(sql)? {
                locked.insert(*id);
            }
        }
    }
    Ok(locked)
}

/// The cells of ids in the order of the columns.
pub(super) fn load_cells(c: &Connection, def: &Def, ids: &[i64]) -> Result<Vec<(i64, Vec<Cell>)>> {
    let mut text = String::from("SELECT id");
    for column in &def.columns {
        text.push(',');
        text.push_str(&column.cell_expression());
    }
    let _ = write!(text, " FROM t{} WHERE id=?1", def.table.id);
    let storages: Vec<Storage> = def.columns.iter().map(|col| col.field.behaviour.storage()).collect();
    let mut statement = c.prepare_cached(&text).map_err(sql)?;
    let mut out = Vec::with_capacity(ids.len());
    for id in ids {
        let mut found = statement.query([id]).map_err(sql)?;
        if let Some(row) = found.next().map_err(sql)? {
            let mut row_cells = Vec::with_capacity(storages.len());
            for (at, storage) in storages.iter().enumerate() {
                row_cells.push(cells::load(row.get_ref(at + 1).map_err(sql)?, *storage));
            }
            out.push((*id, row_cells));
        }
    }
    Ok(out)
}
