//! Commands of the noun `file`: files of cells, into the base and out of it.
//!
//! Owns: reading them from this machine, and what may stand in a picture column.
//! Refuses: removing, renaming and reordering: those are plain `record.update`s of the cell.
//! Look next: `store/src/base/file.rs`; [`crate::part`] for how the window shows them.

use crate::Engine;
use crate::bases::blocking;
use crate::part::{disk, write_new};
use base64::Engine as _;
use model::base::{ColumnType, FileAddArgs, FileSaveArgs, FilesAdded};
use model::message::SavedFiles;
use model::{Error, ErrorCode, Result, say};
use serde_json::Value;
use std::path::{Path, PathBuf};
use store::base::{FILE_BYTES_MAX, Packed, pack};

/// Files one call adds at most.
const FILES_MAX: usize = 200;
/// Bytes one call adds at most: all of them are in memory until the act is written.
const BYTES_MAX: u64 = 2 * FILE_BYTES_MAX;

/// `file.add`
pub(crate) async fn add(engine: &Engine, args: FileAddArgs) -> Result<FilesAdded> {
    let count = args.paths.len() + args.bytes.len();
    if count == 0 || count > FILES_MAX {
        return Err(Error::invalid(say!("Between 1 and {max} files can be added at once.", max = FILES_MAX)));
    }
    let (table, column, record) = (args.table, args.column, args.record);
    let tables = engine.read_base(&args.base, store::base::BaseFile::tables).await?;
    let kind =
        tables.iter().find(|t| t.id == table).and_then(|t| t.columns.iter().find(|c| c.id == column)?.kind.into());
    let files = blocking(move || read(args.paths, args.bytes, kind)).await?;
    engine.write_base(&args.base, move |base| base.add_files(table, column, record, &files)).await
}

/// The contents with their names, ready to be kept.
fn read(
    paths: Vec<String>,
    pasted: Vec<model::draft::PastedFile>,
    kind: Option<ColumnType>,
) -> Result<Vec<(String, Packed)>> {
    let mut files = Vec::new();
    let mut total = 0_u64;
    let mut take = |name: &str, bytes: Vec<u8>| {
        let name = mail::parse::safe_filename(name);
        if matches!(kind, Some(ColumnType::Image | ColumnType::Signature)) && remote::image::raster(&bytes).is_none() {
            return Err(Error::invalid(say!("“{name}” is not a picture that can be shown.", name))
                .remedy("Pictures are PNG, JPEG, GIF, WebP, AVIF or BMP; other files go into a file column."));
        }
        files.push((name, pack(bytes)));
        Ok(())
    };
    for path in paths {
        let path = PathBuf::from(path);
        let size = std::fs::metadata(&path).map_err(|e| unread(&path, &e))?;
        if !path.is_absolute() || !size.is_file() {
            return Err(Error::invalid(say!("{path} is not a file.", path = path.display())).remedy("Choose a file."));
        }
        total += size.len();
        bounded(size.len(), total)?;
        let bytes = std::fs::read(&path).map_err(|e| unread(&path, &e))?;
        bounded(bytes.len() as u64, total)?;
        take(&path.file_name().unwrap_or_default().to_string_lossy(), bytes)?;
    }
    for one in pasted {
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(one.base64.as_bytes())
            .map_err(|e| Error::invalid("The pasted file is not base64.").detail(e))?;
        total += bytes.len() as u64;
        bounded(bytes.len() as u64, total)?;
        take(&one.filename, bytes)?;
    }
    Ok(files)
}

fn bounded(size: u64, total: u64) -> Result<()> {
    if size > FILE_BYTES_MAX {
        return Err(Error::new(ErrorCode::TooLarge, "A file in a base has at most 256 MB.")
            .remedy("Put it elsewhere and keep its address in the base."));
    }
    if total > BYTES_MAX {
        return Err(Error::new(ErrorCode::TooLarge, "At most 512 MB of files can be added at once.")
            .remedy("Add them in several goes."));
    }
    Ok(())
}

fn unread(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorCode::Disk, say!("{path} can't be read.", path = path.display()))
        .remedy("Check that it is there and that you may open it.")
        .detail(error)
}

/// `file.save`
pub(crate) async fn save(engine: &Engine, args: FileSaveArgs) -> Result<SavedFiles> {
    let path = PathBuf::from(args.path.trim());
    if !path.is_absolute() {
        return Err(Error::invalid("Choose where to save by its whole path."));
    }
    let base = engine.base(&args.base).await?;
    blocking(move || {
        let detail = base.record(args.table, args.record)?;
        let at = detail.columns.iter().position(|id| *id == args.column);
        let cell = at.and_then(|at| detail.cells.get(at)).cloned().unwrap_or_default();
        let mut files = Vec::new();
        flat(&cell, &mut files);
        let chosen = files.into_iter().enumerate().filter(|(at, _)| args.file.is_none_or(|f| f as usize == *at));
        // Those that are only named by an address stay there.
        let wanted: Vec<(String, String)> = chosen.filter_map(|(_, (name, hash))| Some((name, hash?))).collect();
        if wanted.is_empty() {
            return Err(Error::not_found("This cell has no such file in the base.").remedy("Reload the table."));
        }
        if args.file.is_none() {
            std::fs::create_dir_all(&path).map_err(|e| disk(&path, &e))?;
        }
        let mut paths = Vec::new();
        for (name, hash) in wanted {
            let bytes = base.file(&hash)?;
            let to = if path.is_dir() { path.join(mail::parse::safe_filename(&name)) } else { path.clone() };
            paths.push(write_new(&to, &bytes)?.to_string_lossy().into_owned());
        }
        Ok(SavedFiles { paths })
    })
    .await
}

/// Every file of a cell, those of looked-up lists too: its name and, where it stands in the base, its hash.
fn flat(cell: &Value, files: &mut Vec<(String, Option<String>)>) {
    let word =
        |map: &serde_json::Map<String, Value>, key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
    match cell {
        Value::Array(list) => list.iter().for_each(|one| flat(one, files)),
        Value::Object(map) => files.push((word(map, "name").unwrap_or_else(|| "file".into()), word(map, "hash"))),
        Value::String(url) => files.push((url.clone(), None)),
        _ => {}
    }
}
