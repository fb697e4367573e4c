//! Commands of the noun `base` about files of other programs.

use crate::Engine;
use model::exchange::{ExchangeProgress, ExportArgs, Exported, TicketArgs};
use model::setting::Nothing;
use model::{Error, Result};
use std::path::{Path, PathBuf};
use store::base::ExportOptions;

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
