//! Commands of the noun `base` about files of other programs.

use super::base::{enlist, language, place};
use crate::Engine;
use crate::bases::blocking;
use ::base::csv::Dialect;
use ::base::exchange::TablePlan;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::base::{FilePreview, ImportFileArgs, Imported, PreviewColumn, PreviewFileArgs};
use model::draft::PastedFile;
use model::exchange::{ExchangeProgress, ExportArgs, Exported, ImportInto, Merged, PreviewTable, TicketArgs};
use model::setting::Nothing;
use model::{BaseId, Error, Result};
use std::path::{Path, PathBuf};
use store::base::{BaseFile, ExportOptions, ImportOptions, Source, look, registry};

/// `base.export`
pub(crate) async fn export(engine: &Engine, args: ExportArgs) -> Result<Exported> {
    if args.path.trim().is_empty() || !Path::new(&args.path).is_absolute() {
        return Err(Error::invalid("Choose a file to write."));
    }
    let delimiter = match args.delimiter.as_deref().map(str::as_bytes) {
        None | Some([]) => b',',
        Some([byte]) if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => *byte,
        Some(_) => {
            return Err(Error::invalid("A separator is one character.").remedy("Choose a comma, a semicolon or a tab."));
        }
    };
    let options = ExportOptions {
        table: args.table,
        view: args.view,
        format: args.format,
        files: args.files,
        read_only: args.read_only,
        mark: args.bom.unwrap_or(true),
        delimiter,
    };
    if options.view.is_some() && options.table.is_none() {
        return Err(Error::invalid("A view is of a table: name the table too."));
    }
    let path = PathBuf::from(&args.path);
    let mut ticket = engine.ticket(args.ticket);
    let report = engine
        .read_base(&args.base, move |base| base.export(&path, &options, &mut |records| ticket.go_on(records)))
        .await?;
    Ok(Exported {
        path: args.path,
        bytes: report.bytes,
        tables: report.tables,
        records: report.records,
        notes: report.notes,
    })
}

/// `base.progress`
pub(crate) async fn progress(engine: &Engine, args: TicketArgs) -> Result<ExchangeProgress> {
    Ok(engine.tickets().progress(&args.ticket))
}

/// `base.import_cancel`
pub(crate) async fn import_cancel(engine: &Engine, args: TicketArgs) -> Result<Nothing> {
    engine.tickets().stop(&args.ticket);
    Ok(Nothing {})
}

/// `base.preview_file`
pub(crate) async fn preview_file(_engine: &Engine, args: PreviewFileArgs) -> Result<FilePreview> {
    let file = Given::new(args.path, args.bytes)?;
    let dialect = Dialect::chosen(args.delimiter.as_deref(), args.encoding.as_deref(), args.header)?;
    let wanted = args.table.unwrap_or_default() as usize;
    blocking(move || {
        let found = look(file.source(), &dialect, &mut |_| true)?;
        let tables = found.tables.iter().map(preview_table).collect();
        let plan = found
            .tables
            .into_iter()
            .nth(wanted)
            .ok_or_else(|| Error::invalid("This file holds no records, or has no such table."))?;
        let text = found.text.as_ref();
        Ok(FilePreview {
            name: file.name,
            delimiter: text.map(|t| char::from(t.delimiter).to_string()).unwrap_or_default(),
            encoding: text.map(|t| t.encoding.name().to_owned()).unwrap_or_default(),
            header: text.is_none_or(|t| t.header),
            columns: preview_columns(&plan),
            rows: plan.first,
            total: u32::try_from(plan.total).unwrap_or(u32::MAX),
            tables,
        })
    })
    .await
}

fn preview_columns(plan: &TablePlan) -> Vec<PreviewColumn> {
    plan.columns.iter().map(|c| PreviewColumn { name: c.name.clone(), kind: c.kind }).collect()
}

fn preview_table(plan: &TablePlan) -> PreviewTable {
    PreviewTable {
        name: plan.name.clone(),
        columns: preview_columns(plan),
        total: u32::try_from(plan.total).unwrap_or(u32::MAX),
    }
}

/// `base.preview_import`
pub(crate) async fn preview_import(engine: &Engine, args: ImportFileArgs) -> Result<Merged> {
    let import = Import::new(args)?;
    let (base, into) = import.target()?;
    let mut ticket = engine.ticket(import.ticket);
    engine
        .write_base(&base, move |base| {
            base.try_merge_file(import.file.source(), &import.options, &into, &mut |records| ticket.go_on(records))
        })
        .await
}

/// `base.import_file`
pub(crate) async fn import_file(engine: &Engine, args: ImportFileArgs) -> Result<Imported> {
    let import = Import::new(args)?;
    if import.into.is_some() {
        return merge(engine, import).await;
    }
    let Import { file, options, base, name, ticket, .. } = import;
    let mut ticket = engine.ticket(ticket);
    let mut go_on = move |records| ticket.go_on(records);
    let (base, report) = if let Some(id) = base {
        let report = engine.write_base(&id, move |base| base.import_file(file.source(), &options, &mut go_on)).await?;
        (id, report)
    } else {
        let language = language(engine).await?;
        let name = engine.store().read(move |r| registry::free_name(r, &name)).await?;
        let (id, path, relative) = place(engine);
        let (clock, new) = (engine.store().clock(), id.clone());
        let (base, report) = blocking(move || {
            BaseFile::create_from_file(&path, &new, &language, clock, file.source(), &options, &mut go_on)
        })
        .await?;
        enlist(engine, base, name, relative).await?;
        (id, report)
    };
    Ok(Imported { base, tables: report.tables, records: report.records, misfits: report.misfits, merged: None })
}

/// Into a table that exists.
async fn merge(engine: &Engine, import: Import) -> Result<Imported> {
    let (base, into) = import.target()?;
    let table = into.table;
    let mut ticket = engine.ticket(import.ticket);
    let merged = engine
        .write_base(&base, move |base| {
            base.merge_file(import.file.source(), &import.options, &into, &mut |records| ticket.go_on(records))
        })
        .await?;
    let records = merged.added.saturating_add(merged.updated);
    Ok(Imported { base, tables: vec![table], records, misfits: Vec::new(), merged: Some(merged) })
}

/// The arguments of an import, checked.
struct Import {
    file: Given,
    options: ImportOptions,
    base: Option<BaseId>,
    into: Option<ImportInto>,
    name: String,
    ticket: Option<String>,
}

impl Import {
    fn new(args: ImportFileArgs) -> Result<Self> {
        let file = Given::new(args.path, args.bytes)?;
        let name = args.name.filter(|n| !n.trim().is_empty()).unwrap_or_else(|| file.name.clone());
        let options = ImportOptions {
            table: name.clone(),
            dialect: Dialect::chosen(args.delimiter.as_deref(), args.encoding.as_deref(), args.header)?,
            types: args.types,
            tables: args.tables.map(|list| list.into_iter().map(|at| at as usize).collect()),
        };
        Ok(Self { file, options, base: args.base, into: args.into, name, ticket: args.ticket })
    }

    fn target(&self) -> Result<(BaseId, ImportInto)> {
        match (&self.base, &self.into) {
            (Some(base), Some(into)) => Ok((base.clone(), into.clone())),
            _ => Err(Error::invalid("Choose the table to import into.")),
        }
    }
}

/// A file as a command was given it.
struct Given {
    name: String,
    path: PathBuf,
    bytes: Option<Vec<u8>>,
}

impl Given {
    fn new(path: String, bytes: Option<PastedFile>) -> Result<Self> {
        let (path, bytes) = match bytes {
            None if path.trim().is_empty() => return Err(Error::invalid("No file was chosen.")),
            None => (PathBuf::from(path), None),
            Some(file) => {
                let bytes = STANDARD
                    .decode(file.base64.trim())
                    .map_err(|e| Error::invalid("The file did not arrive whole.").detail(e))?;
                (PathBuf::from(file.filename), Some(bytes))
            }
        };
        let name = path.file_stem().map_or_else(|| "Table 1".to_owned(), |n| n.to_string_lossy().into_owned());
        Ok(Self { name, path, bytes })
    }

    fn source(&self) -> Source<'_> {
        self.bytes.as_deref().map_or(Source::File(&self.path), Source::Bytes)
    }
}
