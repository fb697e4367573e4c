//! A base, a table or a view into a file of another program.
//!
//! The file grows under another name beside its place and takes it only when it is whole. One
//! snapshot of the base is read, whatever is written meanwhile.
//! Refuses: accounts. What is written is cells and the names of tables and columns.

mod dtable;
mod sqlite;

use super::error::sql;
use super::list::load_cells;
use super::meta::{self, Def};
use super::{BaseFile, import::Progress, remove_file};
use base::export::{OutColumn, Sink, csv::Csv, json::Document, xlsx::Book};
use model::base::RecordListArgs;
use model::exchange::ExportFormat;
use model::{ColumnId, Error, ErrorCode, Phrase, RecordId, Result, TableId, ViewId, say};
use rusqlite::Connection;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// Records read at once.
const CHUNK: usize = 1_000;

/// What to export, and how.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// One table; `None` is all.
    pub table: Option<TableId>,
    /// As this view of it shows it.
    pub view: Option<ViewId>,
    /// The kind of file.
    pub format: ExportFormat,
    /// With pictures and files where the format holds them.
    pub files: bool,
    /// A base that can only be read.
    pub read_only: bool,
    /// CSV begins with a byte order mark.
    pub mark: bool,
    /// CSV's separator.
    pub delimiter: u8,
}

/// What an export wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportReport {
    /// Size of the file.
    pub bytes: u64,
    /// Its tables.
    pub tables: u32,
    /// Their records.
    pub records: u32,
    /// What the format could not hold.
    pub notes: Vec<Phrase>,
}

impl BaseFile {
    /// Writes the base, or a part of it, to `path`; what stands there is replaced by the whole file, or stays.
    ///
    /// # Errors
    /// `Invalid` where the format can't hold what was asked for, `NotFound` where the folder, table or
    /// view is not there, `Cancelled`, `Disk`.
    pub fn export(&self, path: &Path, options: &ExportOptions, progress: &mut Progress<'_>) -> Result<ExportReport> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(Error::invalid("Choose a file to write."));
        };
        if !folder.is_dir() {
            return Err(Error::not_found(say!("There is no folder {folder}.", folder = folder.display())));
        }
        if path.is_dir() || same_file(path, &self.path) {
            return Err(Error::new(ErrorCode::Conflict, "This is the base itself, or a folder.")
                .remedy("Choose another name for the file."));
        }
        let growing = folder.join(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
        remove_file(&growing);
        let done = self.export_to(&growing, options, progress).and_then(|mut report| {
            let file = File::open(&growing).and_then(|f| f.sync_all().map(|()| f));
            let done = file.and_then(|f| f.metadata()).and_then(|m| std::fs::rename(&growing, path).map(|()| m));
            report.bytes = done.map_err(|e| crate::error::io(path, &e))?.len();
            Ok(report)
        });
        if done.is_err() {
            remove_file(&growing);
        }
        done
    }

    fn export_to(&self, growing: &Path, options: &ExportOptions, progress: &mut Progress<'_>) -> Result<ExportReport> {
        if options.format == ExportFormat::Base {
            if options.table.is_some() {
                return Err(Error::invalid("A base as a file holds all of its tables.")
                    .remedy("Choose the whole base, or another format."));
            }
            return self.give_away(growing, options.read_only);
        }
        let context = self.context();
        self.read_snapshot(|c| {
            let ids = match options.table {
                Some(table) => vec![table],
                None => meta::table_ids(c)?,
            };
            if options.format == ExportFormat::Csv && ids.len() != 1 {
                return Err(Error::invalid("A CSV file holds one table.").remedy("Choose a table, or another format."));
            }
            let file = || File::create(growing).map_err(|e| crate::error::io(growing, &e));
            let buffered = || Ok::<_, Error>(BufWriter::with_capacity(1 << 20, file()?));
            let room = growing.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
            let mut sink: Box<dyn Sink + '_> = match options.format {
                ExportFormat::Csv => Box::new(Csv::new(buffered()?, options.delimiter, options.mark)?),
                ExportFormat::Json => Box::new(Document::new(buffered()?)?),
                ExportFormat::Sqlite => Box::new(sqlite::Plain::create(growing)?),
                ExportFormat::Xlsx => {
                    let pictures = options.files.then(|| super::file::pictures(c));
                    Box::new(Book::new(file()?, &room, pictures)?)
                }
                ExportFormat::Base => return Err(Error::internal("a base is copied, not written")),
                ExportFormat::Dtable => return Self::export_dtable(c, buffered()?, options, &context, progress),
            };
            let mut report = ExportReport::default();
            for id in ids {
                let def = meta::def(c, id, &context)?;
                report.tables += 1;
                self.export_table(c, &def, options.view, &mut *sink, &mut report, progress)?;
            }
            report.notes = sink.finish()?;
            Ok(report)
        })
    }

    fn export_table(
        &self,
        c: &Connection,
        def: &Def,
        view: Option<ViewId>,
        sink: &mut dyn Sink,
        report: &mut ExportReport,
        progress: &mut Progress<'_>,
    ) -> Result<()> {
        let places = places(def, view)?;
        let columns: Vec<OutColumn<'_>> = places
            .iter()
            .filter_map(|at| Some((def.columns.get(*at)?, def.table.columns.get(*at)?)))
            .map(|(col, model)| OutColumn { field: &col.field, settings: &model.settings, width: model.width })
            .collect();
        sink.table(&def.table.name, &columns)?;
        let args = RecordListArgs {
            base: self.id.clone(),
            table: def.table.id,
            view,
            filter: None,
            search: None,
            sorts: None,
            offset: 0,
            limit: 0,
        };
        let ids = self.all_ids(c, def, &args)?;
        for chunk in ids.chunks(CHUNK) {
            for (id, mut cells) in load_cells(c, def, chunk)? {
                let chosen: Vec<base::Cell> =
                    places.iter().map(|at| cells.get_mut(*at).map(std::mem::take).unwrap_or_default()).collect();
                sink.record(RecordId(id), &columns, &chosen)?;
                report.records += 1;
            }
            if !progress(u64::from(report.records)) {
                return Err(Error::new(ErrorCode::Cancelled, "The export was stopped; no file was written."));
            }
        }
        Ok(())
    }
}

/// The columns of a view in its order, as places in the table; without those it hides and buttons.
fn places(def: &Def, view: Option<ViewId>) -> Result<Vec<usize>> {
    let mut columns: Vec<ColumnId> = def.table.columns.iter().map(|c| c.id).collect();
    if let Some(view) = view.map(|id| def.view(id)).transpose()? {
        let rank = |id: &ColumnId| view.order.iter().position(|o| o == id).unwrap_or(usize::MAX);
        columns.sort_by_key(rank);
        columns.retain(|id| !view.hidden.contains(id));
    }
    let place = |id: ColumnId| def.columns.iter().position(|c| c.field.id == id);
    let shown = |at: &usize| def.columns.get(*at).is_some_and(|c| c.field.kind != model::base::ColumnType::Button);
    Ok(columns.into_iter().filter_map(place).filter(shown).collect())
}

fn same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Runs a statement on a file of our own making.
fn run(connection: &Connection, text: &str) -> Result<()> {
    connection.execute_batch(text).map_err(sql)
}
