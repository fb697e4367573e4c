//! CSV into a table: all of it, or nothing.
//!
//! Into a new base the file is written without a journal under another name, and gets its own only
//! when it is whole. Into an open base it is one transaction and one act.

use super::error::sql;
use super::{BaseFile, Write, remove_file, transact};
use base::column::options;
use base::csv::{self, Dialect, Inspection};
use base::{Cell, Context, Field, Misfit, Storage};
use model::base::{Column, ColumnType};
use model::{BaseId, Clock, ColumnId, Error, ErrorCode, Result, TableId};
use rusqlite::Statement;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use std::sync::Arc;

/// Rows between two questions whether to go on.
const CHECK_ROWS: u64 = 4096;

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// The table's name.
    pub table: String,
    /// What is known of the file.
    pub dialect: Dialect,
    /// Types chosen for its columns, in its order; guessed where missing.
    pub types: Option<Vec<ColumnType>>,
}

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportReport {
    /// The new table.
    pub table: TableId,
    /// Its records.
    pub records: u32,
    /// Columns of which some values did not fit; each such value stands in a text column beside it.
    pub misfits: Vec<String>,
}

/// How far an import is; false stops it.
pub type Progress<'a> = dyn FnMut(u64) -> bool + 'a;

impl BaseFile {
    /// Imports a CSV file as a new table of this base.
    pub fn import_csv(&self, file: Source<'_>, options: &ImportOptions, progress: &mut Progress<'_>) -> Result<ImportReport> {
        let found = inspect(file, &options.dialect, progress)?;
        self.write(|w| w.import(file, &found, options, progress))
    }

    /// Imports a CSV file as a new base; if anything fails there is no file.
    pub fn create_from_csv(path: &Path, id: &BaseId, language: &str, clock: Arc<dyn Clock>, file: Source<'_>, options: &ImportOptions, progress: &mut Progress<'_>) -> Result<(Self, ImportReport)> {
        if path.exists() {
            return Err(Error::new(ErrorCode::Conflict, "There is already a file of this name."));
        }
        let found = inspect(file, &options.dialect, progress)?;
        let growing = path.with_extension("importing");
        remove_file(&growing);
        let done = (|| {
            let mut connection = Self::make(&growing, id, language, &clock, false)?;
            let report = transact(&mut connection, clock.now(), "import", |w| w.import(file, &found, options, progress))?;
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

/// Where a CSV file is.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// On this machine.
    File(&'a Path),
    /// In memory: dropped or pasted without a path.
    Bytes(&'a [u8]),
}

trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

fn open(file: Source<'_>) -> Result<Box<dyn ReadSeek + '_>> {
    Ok(match file {
        Source::Bytes(bytes) => Box::new(std::io::Cursor::new(bytes)),
        Source::File(path) => Box::new(File::open(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Error::not_found(format!("There is no file {}.", path.display())),
            _ => crate::error::io(path, &e),
        })?),
    })
}

/// Looks into a CSV file without importing it.
pub fn inspect(file: Source<'_>, dialect: &Dialect, progress: &mut Progress<'_>) -> Result<Inspection> {
    csv::inspect(open(file)?, dialect, progress)
}

/// A column while it is being filled.
struct Filling {
    id: ColumnId,
    place: usize,
    model: Column,
    field: Field,
    plain: bool,
    misfits: Vec<(i64, String)>,
}

impl Write<'_> {
    fn import(&mut self, file: Source<'_>, found: &Inspection, options: &ImportOptions, progress: &mut Progress<'_>) -> Result<ImportReport> {
        let act = self.begin("base.import_file")?;
        let name = self.free_table_name(&options.table)?;
        let table = self.make_table(act, &name)?;
        let mut columns = Vec::new();
        let mut text = format!("INSERT INTO t{table} (created_at, modified_at");
        for (at, (name, guess)) in found.names.iter().zip(&found.guesses).enumerate() {
            let kind = options.types.as_ref().and_then(|t| t.get(at)).copied().unwrap_or(guess.kind);
            let settings = if kind == guess.kind { guess.settings.clone() } else { json!({}) };
            let (id, physical) = self.make_column(act, table, name, kind, settings.clone())?;
            let model = Column { id, name: name.clone(), kind, settings, description: String::new(), width: 200 };
            let field = Field::new(&model, &self.context);
            let Some(physical) = physical.filter(|_| field.behaviour.editable()) else {
                return Err(Error::invalid(format!("The column “{name}” can't be imported as this type.")).remedy("Choose another type for it."));
            };
            let _ = write!(text, ", c{physical}");
            columns.push(Filling { id, place: at, plain: kind == ColumnType::Text, model, field, misfits: Vec::new() });
        }
        text.push_str(") VALUES (?1, ?1");
        for at in 0..columns.len() {
            let _ = write!(text, ", ?{}", at + 2);
        }
        text.push(')');

        let mut records = 0_u64;
        {
            let mut insert = self.tx.prepare(&text).map_err(sql)?;
            insert.raw_bind_parameter(1, self.now.0).map_err(sql)?;
            let mut rows = csv::rows(open(file)?, found)?;
            while let Some(row) = rows.next_row()? {
                records += 1;
                if records > u64::from(u32::MAX) {
                    return Err(Error::new(ErrorCode::TooLarge, "This file has more records than a table can hold."));
                }
                for column in &mut columns {
                    let value = row.get(column.place).unwrap_or_default();
                    bind(&mut insert, column, value, records as i64, &self.context)?;
                }
                insert.raw_execute().map_err(sql)?;
                if records.is_multiple_of(CHECK_ROWS) && !progress(records) {
                    return Err(Error::new(ErrorCode::Cancelled, "The import was stopped; nothing was kept."));
                }
            }
        }
        self.rows_changed(table, records as i64);
        self.record_changed(None);
        let mut misfits = Vec::new();
        for column in columns {
            if column.field.behaviour.options().is_some() {
                self.tx
                    .execute("UPDATE data_column SET settings = ?2 WHERE id = ?1", (column.id.0, column.model.settings.to_string()))
                    .map_err(sql)?;
            }
            if !column.misfits.is_empty() {
                self.keep_misfits(act, table, &column)?;
                misfits.push(column.model.name);
            }
        }
        Ok(ImportReport { table, records: records as u32, misfits })
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
        let taken: Vec<String> = super::meta::table(&self.tx, table)?.columns.into_iter().map(|c| c.name.to_lowercase()).collect();
        for n in 2.. {
            if !taken.contains(&text_name.to_lowercase()) {
                break;
            }
            text_name = format!("{name} (text {n})");
        }
        let (_, Some(physical)) = self.make_column(act, table, &text_name, ColumnType::LongText, json!({}))? else { return Ok(()) };
        let mut update = self.tx.prepare(&format!("UPDATE t{table} SET c{physical} = ?2 WHERE id = ?1")).map_err(sql)?;
        for (id, text) in &column.misfits {
            update.execute((id, text)).map_err(sql)?;
        }
        Ok(())
    }
}

/// Binds one value of a row.
fn bind(insert: &mut Statement<'_>, column: &mut Filling, value: &str, row: i64, context: &Context) -> Result<()> {
    let at = column.place + 2;
    if column.plain && !value.contains(['\n', '\r']) {
        let text = value.trim();
        return insert.raw_bind_parameter(at, (!text.is_empty()).then_some(text)).map_err(sql);
    }
    let cell = match column.field.behaviour.parse(value) {
        Err(Misfit::UnknownOptions(names)) if count(&column.model.settings) + names.len() <= super::structure::OPTIONS_MAX => {
            column.model.settings = options::with_added(&column.model.settings, &names);
            column.field = Field::new(&column.model, context);
            column.field.behaviour.parse(value)
        }
        other => other,
    };
    match cell {
        Ok(Cell::Empty) => insert.raw_bind_parameter(at, Option::<i64>::None),
        Ok(Cell::Number(n)) => insert.raw_bind_parameter(at, n),
        Ok(Cell::Integer(n)) if column.field.behaviour.storage() != Storage::Real => insert.raw_bind_parameter(at, n),
        Ok(Cell::Text(text)) => insert.raw_bind_parameter(at, text),
        Ok(cell) => insert.raw_bind_parameter(at, super::cells::store(&cell, column.field.behaviour.storage())),
        Err(_) => {
            column.misfits.push((row, value.to_owned()));
            insert.raw_bind_parameter(at, Option::<i64>::None)
        }
    }
    .map_err(sql)
}

fn count(settings: &Json) -> usize {
    settings.get("options").and_then(Json::as_array).map_or(0, Vec::len)
}
