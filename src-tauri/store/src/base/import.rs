//! Files into tables: all of it, or nothing.
//!
//! Into a new base the file is written without a journal under another name, and gets its own only
//! when it is whole. Into an open base it is one transaction and one act.

use super::error::sql;
use super::filling::{Filling, pour};
use super::{BaseFile, Write, remove_file, transact};
use base::csv::{self, Dialect, Inspection};
use base::exchange::{Feed, TablePlan};
use base::{Context, Field, dtable, vcard, xlsx};
use model::base::{Column, ColumnType, FilterNode, Sort, View};
use model::{BaseId, Clock, ColumnId, Error, ErrorCode, Result, TableId, say};
use serde_json::json;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use std::sync::Arc;

/// Rows between two questions whether to go on.
const CHECK_ROWS: u64 = 4096;
/// The parameter of the first column; before it stand the record's times.
const FIRST: usize = 3;

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// The name of the table, where the file does not name its tables.
    pub table: String,
    /// What is known of a text file.
    pub dialect: Dialect,
    /// Types chosen for the columns of the first table, in its order; guessed where missing.
    pub types: Option<Vec<ColumnType>>,
    /// Which of the file's tables, by their place; all if left out.
    pub tables: Option<Vec<usize>>,
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// The new tables.
    pub tables: Vec<TableId>,
    /// Their records.
    pub records: u32,
    /// Columns of which some values did not fit; each such value stands in a text column beside it.
    pub misfits: Vec<String>,
}

/// How far an import is; false stops it.
pub type Progress<'a> = dyn FnMut(u64) -> bool + 'a;

/// What a file is.
enum Opened<'a> {
    Text(Inspection, Source<'a>),
    Workbook(Vec<xlsx::Sheet>),
    SeaTable(dtable::Dtable, Source<'a>),
    Cards(vcard::Cards),
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Its tables; there is at least one.
    pub tables: Vec<TablePlan>,
    /// How a text file is written.
    pub text: Option<Inspection>,
}

impl BaseFile {
    /// Imports a file as new tables of this base.
    pub fn import_file(
        &self,
        file: Source<'_>,
        options: &ImportOptions,
        progress: &mut Progress<'_>,
    ) -> Result<ImportReport> {
        let opened = opened(file, &options.dialect, progress)?;
        self.write(|w| w.import(opened, options, progress))
    }

    /// Imports a file as a new base; if anything fails there is no base.
    pub fn create_from_file(
        path: &Path,
        id: &BaseId,
        language: &str,
        clock: Arc<dyn Clock>,
        file: Source<'_>,
        options: &ImportOptions,
        progress: &mut Progress<'_>,
    ) -> Result<(Self, ImportReport)> {
        if path.exists() {
            return Err(Error::new(ErrorCode::Conflict, "There is already a file of this name."));
        }
        let opened = opened(file, &options.dialect, progress)?;
        let growing = path.with_extension("importing");
        remove_file(&growing);
        let done = (|| {
            let mut connection = Self::make(&growing, id, language, &clock, false)?;
            let report = transact(&mut connection, Context::local(clock.now()), "import", |w| {
                w.import(opened, options, progress)
            })?;
            connection.close().map_err(|(_, e)| sql(e))?;
            let whole = File::open(&growing).and_then(|f| f.sync_all()).and_then(|()| std::fs::rename(&growing, path));
            whole.map_err(|e| crate::error::io(path, &e))?;
            Ok((Self::open(path, clock)?, report))
        })();
        if done.is_err() {
            remove_file(&growing);
        }
        done
    }
}

/// Where a file is.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// On this machine.
    File(&'a Path),
    /// In memory: dropped or pasted without a path.
    Bytes(&'a [u8]),
}

/// A file to be read.
pub(super) trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

fn open(file: Source<'_>) -> Result<Box<dyn ReadSeek + '_>> {
    Ok(match file {
        Source::Bytes(bytes) => Box::new(std::io::Cursor::new(bytes)),
        Source::File(path) => Box::new(File::open(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Error::not_found(say!("There is no file {path}.", path = path.display())),
            _ => crate::error::io(path, &e),
        })?),
    })
}

fn opened<'a>(file: Source<'a>, dialect: &Dialect, progress: &mut Progress<'_>) -> Result<Opened<'a>> {
    let mut reader = open(file)?;
    let mut magic = [0; 4];
    let zipped = reader.read_exact(&mut magic).is_ok() && magic == *b"PK\x03\x04";
    let unread = |e: std::io::Error| Error::new(ErrorCode::Disk, "The file can't be read.").detail(e);
    reader.rewind().map_err(unread)?;
    Ok(if !zipped {
        let cards = vcard::is_vcard(&mut reader);
        reader.rewind().map_err(unread)?;
        if cards {
            Opened::Cards(vcard::cards(reader)?)
        } else {
            Opened::Text(csv::inspect(reader, dialect, progress)?, file)
        }
    } else if dtable::is_dtable(&mut reader) {
        Opened::SeaTable(dtable::read(reader)?, file)
    } else {
        Opened::Workbook(xlsx::sheets(reader)?)
    })
}

/// Looks into a file without importing it.
pub fn look(file: Source<'_>, dialect: &Dialect, progress: &mut Progress<'_>) -> Result<Look> {
    Ok(match opened(file, dialect, progress)? {
        Opened::Text(found, _) => Look { tables: vec![found.plan("")], text: Some(found) },
        Opened::Workbook(sheets) => Look { tables: sheets.into_iter().map(|s| s.plan).collect(), text: None },
        Opened::SeaTable(whole, _) => Look { tables: whole.tables.into_iter().map(|t| t.plan).collect(), text: None },
        Opened::Cards(cards) => Look { tables: vec![cards.plan], text: None },
    })
}

/// Opens a file and hands out the plan and the records of its first chosen table.
pub(super) fn with_feed<T>(
    file: Source<'_>,
    options: &ImportOptions,
    progress: &mut Progress<'_>,
    work: impl FnOnce(TablePlan, &mut dyn Feed, &mut Progress<'_>) -> Result<T>,
) -> Result<T> {
    let wanted = options.tables.as_ref().and_then(|t| t.first()).copied().unwrap_or_default();
    let no_table = || Error::not_found("The file has no such table.");
    match opened(file, &options.dialect, progress)? {
        Opened::Text(found, file) => {
            let plan = found.plan(&options.table);
            work(plan, &mut csv::rows(open(file)?, &found)?, progress)
        }
        Opened::Workbook(sheets) => {
            let mut sheet = sheets.into_iter().nth(wanted).ok_or_else(no_table)?;
            work(std::mem::take(&mut sheet.plan), &mut sheet, progress)
        }
        Opened::SeaTable(whole, _) => {
            let mut table = whole.tables.into_iter().nth(wanted).ok_or_else(no_table)?;
            work(std::mem::take(&mut table.plan), &mut table, progress)
        }
        Opened::Cards(mut cards) => work(std::mem::take(&mut cards.plan), &mut cards, progress),
    }
}

/// The chosen ones of a file's tables.
pub(super) fn chosen<T>(all: Vec<T>, wanted: Option<&[usize]>) -> Result<Vec<T>> {
    let Some(wanted) = wanted else { return Ok(all) };
    let count = all.len();
    if wanted.is_empty() || wanted.iter().any(|at| *at >= count) {
        return Err(Error::invalid("The file has no such table.").remedy("Choose at least one of its tables."));
    }
    Ok(all.into_iter().enumerate().filter(|(at, _)| wanted.contains(at)).map(|(_, table)| table).collect())
}

impl Write<'_> {
    fn import(
        &mut self,
        opened: Opened<'_>,
        options: &ImportOptions,
        progress: &mut Progress<'_>,
    ) -> Result<ImportReport> {
        let act = self.begin("base.import_file")?;
        let mut report = ImportReport::default();
        match opened {
            Opened::Text(found, file) => {
                let plan = found.plan(&options.table);
                let mut rows = csv::rows(open(file)?, &found)?;
                self.import_table(act, &plan, &mut rows, options.types.as_deref(), &mut report, progress)?;
            }
            Opened::Workbook(sheets) => {
                for (at, mut sheet) in chosen(sheets, options.tables.as_deref())?.into_iter().enumerate() {
                    let plan = std::mem::take(&mut sheet.plan);
                    let types = options.types.as_deref().filter(|_| at == 0);
                    self.import_table(act, &plan, &mut sheet, types, &mut report, progress)?;
                }
            }
            Opened::Cards(mut cards) => {
                let plan = TablePlan { name: options.table.clone(), ..std::mem::take(&mut cards.plan) };
                self.import_table(act, &plan, &mut cards, options.types.as_deref(), &mut report, progress)?;
            }
            Opened::SeaTable(whole, file) => {
                self.import_dtable(act, whole, open(file)?, options, &mut report, progress)?;
            }
        }
        self.record_changed(None);
        Ok(report)
    }

    pub(super) fn import_table(
        &mut self,
        act: i64,
        plan: &TablePlan,
        feed: &mut dyn Feed,
        types: Option<&[ColumnType]>,
        report: &mut ImportReport,
        progress: &mut Progress<'_>,
    ) -> Result<()> {
        let name = self.free_table_name(&plan.name)?;
        let table = self.make_table(act, &name)?;
        report.tables.push(table);
        let (mut columns, ids) = self.import_columns(act, table, plan, types)?;
        self.import_views(table, &plan.views, &ids)?;
        let mut text = format!("INSERT INTO t{table} (created_at, modified_at");
        for column in &columns {
            let _ = write!(text, ", c{}", column.physical);
        }
        text.push_str(") VALUES (?1, ?2");
        for at in 0..columns.len() {
            let _ = write!(text, ", ?{}", at + FIRST);
        }
        text.push(')');

        let mut records = 0_u64;
        let mut insert = self.tx.prepare(&text).map_err(sql)?;
        pour(feed, &mut columns, &self.context, &mut |batch| {
            for (at, (created_at, modified_at)) in batch.times().iter().enumerate() {
                records += 1;
                if records + u64::from(report.records) > u64::from(u32::MAX) {
                    return Err(Error::new(ErrorCode::TooLarge, "This file has more records than a base can hold."));
                }
                let created_at = created_at.unwrap_or(self.now.0);
                insert
                    .raw_bind_parameter(1, created_at)
                    .and_then(|()| insert.raw_bind_parameter(2, modified_at.unwrap_or(created_at)))
                    .and_then(|()| batch.bind(at, &mut insert, FIRST))
                    .and_then(|()| insert.raw_execute())
                    .map_err(sql)?;
                if records.is_multiple_of(CHECK_ROWS) && !progress(records) {
                    return Err(Error::new(ErrorCode::Cancelled, "The import was stopped; nothing was kept."));
                }
            }
            Ok(())
        })?;
        drop(insert);
        self.rows_changed(table, records as i64);
        report.records += records as u32;
        for column in columns {
            if column.field.behaviour.options().is_some() {
                self.tx
                    .execute(
                        "UPDATE data_column SET settings = ?2 WHERE id = ?1",
                        (column.id.0, column.model.settings.to_string()),
                    )
                    .map_err(sql)?;
            }
            if !column.misfits.is_empty() {
                self.keep_misfits(act, table, &column)?;
                report.misfits.push(column.model.name);
            }
        }
        Ok(())
    }

    /// Makes the columns of a plan; gives those that take values, and the ids of all.
    fn import_columns(
        &mut self,
        act: i64,
        table: TableId,
        plan: &TablePlan,
        types: Option<&[ColumnType]>,
    ) -> Result<(Vec<Filling>, Vec<ColumnId>)> {
        let (mut columns, mut ids) = (Vec::new(), Vec::new());
        for (place, planned) in plan.columns.iter().enumerate() {
            let chosen = types.and_then(|t| t.get(place)).copied().filter(|k| *k != planned.kind);
            let kind = chosen.unwrap_or(planned.kind);
            let settings = if chosen.is_none() { planned.settings.clone() } else { json!({}) };
            let (id, physical) = self.make_column(act, table, &planned.name, kind, settings.clone())?;
            self.tx.execute("UPDATE data_column SET width = ?2 WHERE id = ?1", (id.0, planned.width)).map_err(sql)?;
            ids.push(id);
            let model = Column {
                id,
                name: planned.name.clone(),
                kind,
                settings,
                description: String::new(),
                width: planned.width,
                result: None,
            };
            let field = Field::new(&model, &self.context);
            let filled = !field.behaviour.editable();
            if filled && chosen.is_some() {
                return Err(Error::invalid(say!(
                    "The column “{name}” can't be imported as this type.",
                    name = planned.name
                ))
                .remedy("Choose another type for it."));
            }
            // Links are made when all tables are there.
            if let Some(physical) = physical.filter(|_| kind != ColumnType::Link) {
                columns.push(Filling {
                    id,
                    physical,
                    place,
                    plain: kind == ColumnType::Text,
                    filled,
                    model,
                    field,
                    misfits: Vec::new(),
                });
            }
        }
        Ok((columns, ids))
    }

    /// Makes the views of a plan in place of the one every table has.
    fn import_views(&mut self, table: TableId, views: &[View], ids: &[ColumnId]) -> Result<()> {
        if views.is_empty() {
            return Ok(());
        }
        let def = super::meta::def(&self.tx, table, &self.context)?;
        let fields: Vec<&Field> = def.columns.iter().map(|c| &c.field).collect();
        let real = |place: ColumnId| usize::try_from(place.0).ok().and_then(|at| ids.get(at)).copied();
        let mut names = std::collections::HashSet::new();
        self.tx.execute("DELETE FROM data_view WHERE table_id = ?1", [table.0]).map_err(sql)?;
        for (at, planned) in views.iter().enumerate() {
            let mut view = planned.clone();
            let sorts =
                |list: &[Sort]| list.iter().filter_map(|s| Some(Sort { column: real(s.column)?, ..*s })).collect();
            (view.sorts, view.groups) = (sorts(&planned.sorts), sorts(&planned.groups));
            view.order = planned.order.iter().filter_map(|c| real(*c)).collect();
            let settings = base::view::renumbered(&planned.settings, &real);
            view.settings = base::view::check(settings, &fields, &self.context, base::view::Strictness::LeaveOut)?;
            view.hidden = planned.hidden.iter().filter_map(|c| real(*c)).collect();
            view.filter = planned.filter.clone().and_then(|f| usable(f, &real, &fields, &self.context));
            let clean: String = planned.name.chars().filter(|c| !c.is_control()).take(200).collect();
            view.name = if clean.trim().is_empty() { format!("View {}", at + 1) } else { clean.trim().to_owned() };
            while !names.insert(view.name.to_lowercase()) {
                view.name.push_str(" 2");
            }
            self.tx
                .execute(
                    "INSERT INTO data_view (table_id, name, kind, position, body) VALUES (?1, ?2, ?5, ?3, ?4)",
                    (table.0, &view.name, at as i64, super::meta::view_body(&view)?, super::view::kind_word(view.kind)),
                )
                .map_err(sql)?;
        }
        Ok(())
    }

    fn free_table_name(&self, wanted: &str) -> Result<String> {
        let clean: String = wanted.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect();
        let clean = if clean.trim().is_empty() { "Table 1".to_owned() } else { clean.trim().to_owned() };
        let mut name = clean.clone();
        for n in 2.. {
            let others: i64 = self
                .tx
                .prepare_cached("SELECT count(*) FROM data_table WHERE removed_at IS NULL AND name = ?1 COLLATE NOCASE")
                .and_then(|mut s| s.query_row([&name], |r| r.get(0)))
                .map_err(sql)?;
            if others == 0 {
                break;
            }
            name = format!("{clean} {n}");
        }
        Ok(name)
    }

    /// Values that did not fit get a text column of their own, so that an import loses nothing.
    fn keep_misfits(&mut self, act: i64, table: TableId, column: &Filling) -> Result<()> {
        let name: String = column.model.name.chars().take(200).collect();
        let mut text_name = format!("{name} (text)");
        let taken: Vec<String> =
            super::meta::table(&self.tx, table)?.columns.into_iter().map(|c| c.name.to_lowercase()).collect();
        for n in 2.. {
            if !taken.contains(&text_name.to_lowercase()) {
                break;
            }
            text_name = format!("{name} (text {n})");
        }
        let (_, Some(physical)) = self.make_column(act, table, &text_name, ColumnType::LongText, json!({}))? else {
            return Ok(());
        };
        let mut update =
            self.tx.prepare(&format!("UPDATE t{table} SET c{physical} = ?2 WHERE id = ?1")).map_err(sql)?;
        for (id, text) in &column.misfits {
            update.execute((id, text)).map_err(sql)?;
        }
        Ok(())
    }
}

/// A planned filter with real columns, without rules that mean nothing here.
fn usable(
    node: FilterNode,
    real: &dyn Fn(ColumnId) -> Option<ColumnId>,
    fields: &[&Field],
    context: &Context,
) -> Option<FilterNode> {
    match node {
        FilterNode::Rule { column, predicate, value, modifier } => {
            let rule = FilterNode::Rule { column: real(column)?, predicate, value, modifier };
            base::filter::compile(&rule, fields, context).ok().map(|_| rule)
        }
        FilterNode::Group { all, items } => {
            let items: Vec<_> = items.into_iter().filter_map(|n| usable(n, real, fields, context)).collect();
            (!items.is_empty()).then_some(FilterNode::Group { all, items })
        }
    }
}
