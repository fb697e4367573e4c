//! From rows to working columns: what every calculated column reads, in its own table and, over
//! links, in others, those first that others read.
//!
//! A calculated column becomes SQL over the row it stands in; [`ROW`] holds the place of that row's
//! name until the statement around it is known, so that a column of a linked record can be
//! calculated inside the statement of another table.
//! Look next: `formula` for programs, `gather` for the aggregates over linked records.

use super::error::sql;
use super::formula::{Ready, keep};
use super::gather::Figure;
use super::meta::{self, Col, Def, LinkEnd};
use base::column::{Behaviour, Broken, Family, behaviour, computed_as};
use base::formula::{compile, quoted};
use base::{Context, Field, Storage};
use model::base::{Column, ColumnResult, ColumnType, FilterNode, Table};
use model::{ColumnId, Phrase, Result, TableId, say};
use rusqlite::Connection;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

/// Stands in SQL for the name of the row's table.
pub(super) const ROW: &str = "\u{1}";
/// Columns a formula may read: SQLite's functions take no more than 127 values.
const INPUTS_MAX: usize = 100;
/// How long the SQL of formulas of formulas may grow (bytes).
const SQL_MAX: usize = 200_000;

/// How a calculated column is calculated.
#[derive(Debug)]
pub(super) struct Computed {
    /// Names all that it depends on but cells.
    pub(super) key: i64,
    /// What it yields.
    pub(super) result: ColumnResult,
    /// SQL of what it yields or, as a blob, of why it can't; with [`ROW`].
    pub(super) cell: String,
    /// SQL of what filters and sorts see; with [`ROW`].
    pub(super) value: String,
    /// Columns of its own table it reads, those of the columns it reads included.
    pub(super) depends: Vec<ColumnId>,
    /// Grows with every change in other tables that may change a cell.
    pub(super) moves: i64,
}

/// Why a column can't be calculated, in words, or how it is.
type Made = std::result::Result<Computed, Phrase>;
/// A column: its table and its place there.
type Place = (TableId, usize);

struct Loaded {
    table: Table,
    columns: Vec<Col>,
    done: Vec<bool>,
    records: u32,
    rows_version: i64,
}

struct Loader<'a> {
    connection: &'a Connection,
    context: &'a Context,
    tables: BTreeMap<TableId, Loaded>,
    links: Option<HashMap<i64, i64>>,
    busy: Vec<Place>,
    circle: BTreeSet<Place>,
}

/// The working form of a table.
pub(super) fn def(connection: &Connection, id: TableId, context: &Context) -> Result<Def> {
    meta::require_table(connection, id)?;
    let mut loader = Loader::new(connection, context);
    loader.whole(id)?;
    let found = loader.tables.remove(&id).ok_or_else(meta::no_table)?;
    Ok(Def {
        table: found.table,
        columns: found.columns,
        records: found.records,
        rows_version: found.rows_version,
        person: context.person.clone(),
    })
}

/// All tables in order, with what their calculated columns yield, and the views that whoever looks may see.
pub(super) fn tables(connection: &Connection, context: &Context) -> Result<Vec<Table>> {
    let ids = meta::table_ids(connection)?;
    let mut loader = Loader::new(connection, context);
    for id in &ids {
        loader.whole(*id)?;
    }
    let mut tables: Vec<Table> = ids.iter().filter_map(|id| loader.tables.remove(id)).map(|l| l.table).collect();
    for table in &mut tables {
        meta::hide_others(table, &context.person);
    }
    Ok(tables)
}

/// What the cells of a column mean, calculated ones included.
pub(super) fn meaning(column: &Col, model: &Column, context: &Context) -> Box<dyn Behaviour> {
    match (&column.computed, model.kind) {
        (Some(computed), kind) if kind != ColumnType::Link => computed_as(&computed.result, context),
        _ => behaviour(model.kind, &model.settings, context),
    }
}

/// The key under which SQL shows the values of a column.
pub(super) fn shown_key(column: &Col, model: &Column, context: &Context) -> i64 {
    let zone = context.zone.iana_name().unwrap_or_default();
    let computed = column.computed.as_ref().map(|c| c.key);
    let identity = format!("shown\u{0}{:?}\u{0}{}\u{0}{computed:?}\u{0}{zone}", model.kind, model.settings);
    keep(&identity, || Ready::Shown { behaviour: meaning(column, model, context), storage: column.storage() })
}

/// Where the other end of a link is, from a link column's settings.
pub(super) fn link_end(settings: &Json) -> Option<LinkEnd> {
    Some(LinkEnd {
        link: settings.get("link")?.as_i64()?,
        side_a: settings.get("side")?.as_str()? == "a",
        other: TableId(settings.get("table")?.as_i64()?),
        multiple: settings.get("multiple").and_then(Json::as_bool).unwrap_or(true),
        back: settings.get("back").and_then(Json::as_i64).map(ColumnId),
    })
}

/// The conditions of a link formula.
struct Limit {
    sql: String,
    /// What they read.
    columns: Vec<Place>,
}

/// The columns a filter names.
fn columns_of(node: &FilterNode, ids: &mut Vec<ColumnId>) {
    match node {
        FilterNode::Group { items, .. } => items.iter().for_each(|item| columns_of(item, ids)),
        FilterNode::Rule { column, .. } => ids.push(*column),
    }
}

impl<'a> Loader<'a> {
    fn new(connection: &'a Connection, context: &'a Context) -> Self {
        Self { connection, context, tables: BTreeMap::new(), links: None, busy: Vec::new(), circle: BTreeSet::new() }
    }

    /// Readies every column of a table.
    fn whole(&mut self, id: TableId) -> Result<()> {
        if !self.load(id)? {
            return Ok(());
        }
        for at in 0..self.tables.get(&id).map_or(0, |l| l.columns.len()) {
            self.resolve((id, at))?;
        }
        if let Some(loaded) = self.tables.get_mut(&id) {
            for (column, model) in loaded.columns.iter().zip(&mut loaded.table.columns) {
                model.result = match (&column.broken, &column.computed) {
                    (Some(words), _) => Some(ColumnResult {
                        kind: ColumnType::LongText,
                        settings: json!({}),
                        list: false,
                        error: Some(words.clone()),
                    }),
                    (None, Some(computed)) if model.kind != ColumnType::Link => Some(computed.result.clone()),
                    _ => None,
                };
            }
        }
        Ok(())
    }

    /// Reads a table's rows of columns; false where there is no such table.
    fn load(&mut self, id: TableId) -> Result<bool> {
        if self.tables.contains_key(&id) {
            return Ok(true);
        }
        let Some((table, versions)) = meta::found(self.connection, id)? else { return Ok(false) };
        let columns: Vec<Col> = table
            .columns
            .iter()
            .zip(versions.columns)
            .map(|(model, (physical, version))| Col {
                field: Field::new(model, self.context),
                table: id,
                physical,
                version,
                computed: None,
                link: None,
                broken: None,
            })
            .collect();
        let done = vec![false; columns.len()];
        let loaded = Loaded { table, columns, done, records: versions.records, rows_version: versions.rows };
        self.tables.insert(id, loaded);
        Ok(true)
    }

    fn at(&self, (table, at): Place) -> Option<(&Col, &Column)> {
        let loaded = self.tables.get(&table)?;
        loaded.columns.get(at).zip(loaded.table.columns.get(at))
    }

    /// Readies a column and all it reads.
    fn resolve(&mut self, place: Place) -> Result<()> {
        let Some(loaded) = self.tables.get(&place.0) else { return Ok(()) };
        if loaded.done.get(place.1).copied().unwrap_or(true) {
            return Ok(());
        }
        if let Some(from) = self.busy.iter().position(|p| *p == place) {
            self.circle.extend(self.busy.iter().skip(from).copied());
            return Ok(());
        }
        let kind = loaded.columns.get(place.1).map(|c| c.field.kind);
        self.busy.push(place);
        let made = match kind {
            Some(ColumnType::Formula) => self.formula(place).map(Some),
            Some(ColumnType::Link) => self.link(place).map(Some),
            Some(ColumnType::LinkFormula) => self.link_formula(place).map(Some),
            _ => Ok(None),
        };
        self.busy.pop();
        let made = if self.circle.contains(&place) { Some(Err(say!("The formula refers to itself."))) } else { made? };
        let context = self.context;
        let Some(loaded) = self.tables.get_mut(&place.0) else { return Ok(()) };
        if let Some(done) = loaded.done.get_mut(place.1) {
            *done = true;
        }
        let Some(column) = loaded.columns.get_mut(place.1) else { return Ok(()) };
        match made {
            None => {}
            Some(Ok(computed)) if computed.cell.len().max(computed.value.len()) > SQL_MAX => {
                column.break_with(say!("The formula reads too many columns."));
            }
            Some(Ok(computed)) => {
                if kind != Some(ColumnType::Link) {
                    column.field.behaviour = computed_as(&computed.result, context);
                }
                column.computed = Some(computed);
            }
            Some(Err(words)) => column.break_with(words),
        }
        Ok(())
    }

    /// A column by name, as formulas quote it.
    fn named(&self, table: TableId, name: &str) -> Option<usize> {
        let columns = &self.tables.get(&table)?.table.columns;
        columns
            .iter()
            .position(|c| c.name == name)
            .or_else(|| columns.iter().position(|c| c.name.to_lowercase() == name.to_lowercase()))
    }

    fn by_id(&self, table: TableId, id: Option<&Json>) -> Option<usize> {
        let id = ColumnId(id?.as_i64()?);
        self.tables.get(&table)?.table.columns.iter().position(|c| c.id == id)
    }

    fn formula(&mut self, place: Place) -> Result<Made> {
        let text = self.at(place).and_then(|(_, m)| m.settings.get("formula")).and_then(Json::as_str);
        let text = text.unwrap_or_default().to_owned();
        for name in quoted(&text) {
            if let Some(at) = self.named(place.0, &name) {
                self.resolve((place.0, at))?;
            }
        }
        let Some(loaded) = self.tables.get(&place.0) else { return Ok(Err(Phrase::default())) };
        let fields: Vec<&Field> = loaded.columns.iter().map(|c| &c.field).collect();
        let program = match compile(&text, &fields) {
            Ok(program) => program,
            Err(error) => return Ok(Err(error.phrase())),
        };
        if program.inputs.len() > INPUTS_MAX {
            return Ok(Err(say!("The formula reads too many columns.")));
        }
        let (mut inputs, mut depends, mut arguments, mut moves) = (Vec::new(), Vec::new(), String::new(), 0_i64);
        // Whatever the result depends on makes the key, the minute too where it asks for now.
        let minute = if program.volatile { self.context.now.0 / 60_000 } else { 0 };
        let mut identity = format!("{text}\u{0}{minute}\u{0}{}", self.context.zone.iana_name().unwrap_or_default());
        for id in &program.inputs {
            let found = loaded.columns.iter().zip(&loaded.table.columns).find(|(c, _)| c.field.id == *id);
            let Some((column, model)) = found else { continue };
            if let Some(words) = &column.broken {
                return Ok(Err(say!("“{name}”: {words}", name = model.name, words)));
            }
            arguments.push_str(", ");
            arguments.push_str(&column.cell_in(ROW));
            let key = column.computed.as_ref().map(|c| c.key);
            let _ = write!(identity, "\u{0}{:?}\u{0}{}\u{0}{key:?}", model.kind, model.settings);
            inputs.push((meaning(column, model, self.context), column.storage()));
            depends.push(*id);
            depends.extend(column.computed.iter().flat_map(|c| c.depends.clone()));
            moves = moves.wrapping_add(column.computed.as_ref().map_or(0, |c| c.moves));
        }
        let settings = self.at(place).map(|(_, m)| m.settings.clone()).unwrap_or_default();
        let result = base::formula::result(program.result, &settings);
        let context = self.context.clone();
        let key = keep(&identity, || Ready::Program { program, inputs, context });
        Ok(Ok(Computed {
            key,
            result,
            cell: format!("formula_cell({key}{arguments})"),
            value: format!("formula({key}{arguments})"),
            depends,
            moves,
        }))
    }

    fn link_version(&mut self, link: i64) -> Result<i64> {
        if self.links.is_none() {
            let all = self
                .connection
                .prepare_cached("SELECT id, version FROM link")
                .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
                .map_err(sql)?;
            self.links = Some(all);
        }
        Ok(self.links.as_ref().and_then(|l| l.get(&link)).copied().unwrap_or_default())
    }

    /// How much a column of another table may have changed.
    fn state(&self, (table, at): Place) -> i64 {
        let Some(loaded) = self.tables.get(&table) else { return 0 };
        let Some(column) = loaded.columns.get(at) else { return 0 };
        let mut state = column.version;
        let mut moment = column.storage() == Storage::ModifiedAt;
        if let Some(computed) = &column.computed {
            state = state.wrapping_add(computed.moves).wrapping_add(computed.key);
            for other in loaded.columns.iter().filter(|c| computed.depends.contains(&c.field.id)) {
                state = state.wrapping_add(other.version);
                moment |= other.storage() == Storage::ModifiedAt;
            }
        }
        // The time of the last change moves with every column.
        if moment {
            state = loaded.columns.iter().fold(state, |state, c| state.wrapping_add(c.version));
        }
        state
    }

    fn link(&mut self, place: Place) -> Result<Made> {
        let Some((id, settings)) = self.at(place).map(|(_, m)| (m.id, m.settings.clone())) else {
            return Ok(Err(Phrase::default()));
        };
        let Some(end) = link_end(&settings) else { return Ok(Err(say!("This link leads nowhere."))) };
        if !self.load(end.other)? {
            return Ok(Err(say!("The linked table was removed.")));
        }
        let first = (end.other, 0);
        self.resolve(first)?;
        // A first column that reads this very link shows nothing in it; the link itself still works.
        self.circle.remove(&place);
        let moves = self.link_version(end.link)?.wrapping_add(self.state(first));
        let row = format!("r{id}");
        let (key, shown) = match self.at(first) {
            Some((column, model))
                if column.broken.is_none()
                    && self.tables.get(&end.other).is_some_and(|l| l.done.first() == Some(&true)) =>
            {
                (shown_key(column, model, self.context), column.cell_in(&row))
            }
            _ => (0, "NULL".to_owned()),
        };
        let (near, far) = end.sides();
        let cell = format!(
            "(SELECT linked({key},{row}.id,{shown} ORDER BY k{id}.p{near}) FROM l{link} AS k{id} JOIN t{other} AS {row} ON {row}.id=k{id}.{far} WHERE k{id}.{near}={ROW}.id)",
            link = end.link,
            other = end.other,
        );
        let value = format!("({cell} ->> '$.text')");
        let result = ColumnResult { kind: ColumnType::Link, settings: json!({}), list: false, error: None };
        if let Some(column) = self.tables.get_mut(&place.0).and_then(|l| l.columns.get_mut(place.1)) {
            column.link = Some(end);
        }
        Ok(Ok(Computed { key, result, cell, value, depends: Vec::new(), moves }))
    }

    /// A column of the other end of a link, ready and unbroken.
    fn target(&mut self, other: TableId, id: Option<&Json>) -> Result<std::result::Result<Place, Phrase>> {
        let Some(at) = self.by_id(other, id) else {
            return Ok(Err(say!("The column of the linked table was removed.")));
        };
        self.resolve((other, at))?;
        Ok(match self.at((other, at)) {
            Some((Col { broken: Some(words), .. }, model)) => Err(say!("“{name}”: {words}", name = model.name, words)),
            Some((_, model)) if model.kind == ColumnType::Button => {
                Err(say!("“{name}” holds no values.", name = model.name))
            }
            _ => Ok((other, at)),
        })
    }

    /// Which of the linked records count, as SQL over the row of that name.
    fn limit(
        &mut self,
        other: TableId,
        filter: Option<&Json>,
        row: &str,
    ) -> Result<std::result::Result<Option<Limit>, Phrase>> {
        let Some(filter) = filter.filter(|f| !f.is_null()) else { return Ok(Ok(None)) };
        let Ok(node) = serde_json::from_value::<FilterNode>(filter.clone()) else {
            return Ok(Err(say!("Its conditions are not right.")));
        };
        let mut ids = Vec::new();
        columns_of(&node, &mut ids);
        let mut columns = Vec::new();
        for id in ids {
            match self.target(other, Some(&json!(id)))? {
                Ok(place) => columns.push(place),
                Err(_) => return Ok(Err(say!("A column of its conditions was removed."))),
            }
        }
        let Some(loaded) = self.tables.get(&other) else { return Ok(Ok(None)) };
        let fields: Vec<&Field> = loaded.columns.iter().map(|c| &c.field).collect();
        let condition = match base::filter::compile(&node, &fields, self.context) {
            Ok(condition) if condition.is_trivial() => return Ok(Ok(None)),
            Ok(condition) => condition,
            Err(error) => return Ok(Err(error.phrase())),
        };
        let sql = super::condition::literal(&condition, &loaded.columns, row)?;
        Ok(Ok(Some(Limit { sql, columns })))
    }

    fn link_formula(&mut self, place: Place) -> Result<Made> {
        let Some((id, settings)) = self.at(place).map(|(_, m)| (m.id, m.settings.clone())) else {
            return Ok(Err(Phrase::default()));
        };
        let Some(at) = self.by_id(place.0, settings.get("link")) else {
            return Ok(Err(say!("The link it reads was removed.")));
        };
        let Some((end, link_column)) = self.at((place.0, at)).and_then(|(_, m)| Some((link_end(&m.settings)?, m.id)))
        else {
            return Ok(Err(say!("The column it reads is no link.")));
        };
        if !self.load(end.other)? {
            return Ok(Err(say!("The linked table was removed.")));
        }
        let word = |key: &str| settings.get(key).and_then(Json::as_str).unwrap_or_default();
        let (near, far) = end.sides();
        let (k, row) = (format!("k{id}"), format!("r{id}"));
        let mut moves = self.link_version(end.link)?;
        let mut identity = format!("link\u{0}{settings}\u{0}{}\u{0}{}", end.multiple, end.other);
        let limit = match self.limit(end.other, settings.get("filter"), &row)? {
            Ok(None) => String::new(),
            Ok(Some(Limit { sql, columns })) => {
                // "Today" is another day tomorrow.
                let _ = write!(identity, "\u{0}{sql}");
                for read in columns {
                    moves = moves.wrapping_add(self.state(read));
                }
                format!(" AND {sql}")
            }
            Err(words) => return Ok(Err(words)),
        };
        if word("kind") == "count" {
            let other = if limit.is_empty() {
                String::new()
            } else {
                format!(" JOIN t{} AS {row} ON {row}.id={k}.{far}", end.other)
            };
            let cell = format!("(SELECT count(*) FROM l{} AS {k}{other} WHERE {k}.{near}={ROW}.id{limit})", end.link);
            let result = ColumnResult { kind: ColumnType::Number, settings: json!({}), list: false, error: None };
            let key = keep(&identity, || Ready::Shown {
                behaviour: Box::new(Broken(String::new())),
                storage: Storage::Integer,
            });
            return Ok(Ok(Computed { key, result, value: cell.clone(), cell, depends: vec![link_column], moves }));
        }
        let target = match self.target(end.other, settings.get("column"))? {
            Ok(target) => target,
            Err(words) => return Ok(Err(words)),
        };
        let by = match word("kind") {
            "find_max" | "find_min" => match self.target(end.other, settings.get("by"))? {
                Ok(by) => Some(by),
                Err(words) => return Ok(Err(words)),
            },
            _ => None,
        };
        for read in std::iter::once(target).chain(by) {
            moves = moves.wrapping_add(self.state(read));
        }
        let Some((column, model)) = self.at(target) else { return Ok(Err(Phrase::default())) };
        let own = column.computed.as_ref().filter(|_| model.kind != ColumnType::Link).map_or_else(
            || ColumnResult { kind: model.kind, settings: model.settings.clone(), list: false, error: None },
            |c| c.result.clone(),
        );
        let _ = write!(identity, "\u{0}{own:?}\u{0}{:?}", column.computed.as_ref().map(|c| c.key));
        let x = column.cell_in(&row);
        let shown = shown_key(column, model, self.context);
        let from = format!(
            "FROM l{} AS {k} JOIN t{} AS {row} ON {row}.id={k}.{far} WHERE {k}.{near}={ROW}.id{limit}",
            end.link, end.other
        );
        let gathered = format!("(SELECT gathered({shown},{x} ORDER BY {k}.p{near}) {from})");
        let family = column.field.behaviour.family();
        let whole = column.storage() == Storage::Integer;
        let (result, cell) = match word("kind") {
            "lookup" if end.multiple => (ColumnResult { list: true, ..own }, gathered),
            "lookup" => (own, format!("(SELECT {x} {from} ORDER BY {k}.p{near} LIMIT 1)")),
            "rollup" => {
                let (figure, fits) = match word("summary") {
                    "sum" | "" => (Figure::Sum, family == Family::Number),
                    "average" if whole && own.kind == ColumnType::Duration => (Figure::AverageWhole, true),
                    "average" => (Figure::Average, family == Family::Number),
                    "min" => (Figure::Least, matches!(family, Family::Number | Family::Date | Family::Moment)),
                    "max" => (Figure::Most, matches!(family, Family::Number | Family::Date | Family::Moment)),
                    "concatenate" => {
                        let result =
                            ColumnResult { kind: ColumnType::LongText, settings: json!({}), list: false, error: None };
                        return Ok(Ok(Computed {
                            key: keep(&identity, || Ready::Shown {
                                behaviour: Box::new(Broken(String::new())),
                                storage: Storage::Text,
                            }),
                            result,
                            cell: format!("listed({gathered})"),
                            value: format!("known(listed({gathered}))"),
                            depends: vec![link_column],
                            moves,
                        }));
                    }
                    _ => return Ok(Err(say!("It sums up by sum, average, min, max or concatenate."))),
                };
                if !fits {
                    return Ok(Err(say!("“{name}” holds nothing to calculate with.", name = model.name)));
                }
                let formatted = ["format", "precision", "decimal"].iter().any(|k| settings.get(*k).is_some());
                let result = if own.kind == ColumnType::Rating && figure != Figure::Least && figure != Figure::Most {
                    ColumnResult { kind: ColumnType::Number, settings: settings.clone(), ..own }
                } else if formatted && own.kind == ColumnType::Number {
                    ColumnResult { settings: settings.clone(), ..own }
                } else {
                    own
                };
                (result, format!("(SELECT rolled({},{x}) {from})", figure as i64))
            }
            kind @ ("find_max" | "find_min") => {
                let Some((by, name)) = by.and_then(|by| self.at(by)) else { return Ok(Err(Phrase::default())) };
                if !matches!(by.field.behaviour.family(), Family::Number | Family::Date | Family::Moment) {
                    return Ok(Err(say!("“{name}” has no largest or smallest value.", name = name.name)));
                }
                let by = by.value_in(&row);
                let order = if kind == "find_max" { " DESC" } else { "" };
                let cell =
                    format!("(SELECT {x} {from} AND {by} IS NOT NULL ORDER BY {by}{order}, {k}.p{near} LIMIT 1)");
                (own, cell)
            }
            _ => return Ok(Err(say!("It is none of lookup, count, rollup, find_max and find_min."))),
        };
        let value = if result.list || result.kind == ColumnType::Link {
            format!("(known({cell}) ->> '$.text')")
        } else {
            format!("known({cell})")
        };
        let key =
            keep(&identity, || Ready::Shown { behaviour: computed_as(&result, self.context), storage: Storage::Json });
        Ok(Ok(Computed { key, result, cell, value, depends: vec![link_column], moves }))
    }
}
