//! Files of cells: kept in the base's own file, each content once, named by its hash.
//!
//! A cell says `{"name", "size", "hash"}`, with the hash in hex; files that stand elsewhere have a `url` instead.

use super::cells::read_back;
use super::error::sql;
use super::meta::{self, Col};
use super::{BaseFile, Write};
use base::Cell;
use base::dtable::write;
use base::export::xlsx::Pictures;
use model::base::{BaseAct, CellFile, ColumnType, FilesAdded, RecordValues};
use model::{ColumnId, Error, RecordId, Result, TableId, say};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The largest file a base takes.
pub const FILE_BYTES_MAX: u64 = 256 << 20;
/// Files one cell holds at most.
const CELL_FILES_MAX: usize = 500;
/// Sweeps of unused contents are apart by this (ms).
const SWEEPS_APART_MS: i64 = 3_600_000;
/// Smaller contents are not worth compressing.
const PACK_BYTES_MIN: usize = 512;

/// A content ready to be kept: hashing and compressing need no transaction.
pub struct Packed {
    hash: blake3::Hash,
    size_bytes: u64,
    smaller: bool,
    bytes: Vec<u8>,
}

/// Readies a content.
pub fn pack(bytes: Vec<u8>) -> Packed {
    let hash = blake3::hash(&bytes);
    let size_bytes = bytes.len() as u64;
    let smaller = (bytes.len() >= PACK_BYTES_MIN)
        .then(|| zstd::bulk::compress(&bytes, 3).ok())
        .flatten()
        .filter(|p| p.len() < bytes.len() / 10 * 9);
    Packed { hash, size_bytes, smaller: smaller.is_some(), bytes: smaller.unwrap_or(bytes) }
}

/// Files of a cell, of a list or alone, such as a signature.
fn each_file(value: &Json) -> impl Iterator<Item = &Json> {
    let (list, one) = match value {
        Json::Array(list) => (list.as_slice(), None),
        one => ([].as_slice(), Some(one)),
    };
    list.iter().chain(one)
}

impl Write<'_> {
    /// Keeps a content; gives its hash in hex.
    pub(super) fn keep_file(&mut self, bytes: &[u8]) -> Result<String> {
        let hash = blake3::hash(bytes);
        if self.has_file(&hash)? { Ok(hash.to_hex().to_string()) } else { self.keep_packed(&pack(bytes.to_vec())) }
    }

    fn keep_packed(&mut self, content: &Packed) -> Result<String> {
        if !self.has_file(&content.hash)? {
            self.tx
                .prepare_cached("INSERT INTO file (hash, size_bytes, packed, bytes) VALUES (?1, ?2, ?3, ?4)")
                .and_then(|mut s| {
                    s.execute((
                        content.hash.as_bytes(),
                        content.size_bytes as i64,
                        content.smaller,
                        content.bytes.as_slice(),
                    ))
                })
                .map_err(sql)?;
        }
        Ok(content.hash.to_hex().to_string())
    }

    fn has_file(&self, hash: &blake3::Hash) -> Result<bool> {
        self.tx
            .prepare_cached("SELECT 1 FROM file WHERE hash = ?1")
            .and_then(|mut s| s.exists([hash.as_bytes()]))
            .map_err(sql)
    }

    /// Refuses a cell that names a content which is not in the base: it would show a file nobody can open.
    pub(super) fn check_files(&self, column: &Col, cell: &Cell) -> Result<()> {
        let Cell::Json(value) = cell else { return Ok(()) };
        for file in each_file(value) {
            let Some(hash) = file.get("hash") else { continue };
            let there = match hash.as_str().and_then(|hex| blake3::Hash::from_hex(hex).ok()) {
                Some(hash) => self.has_file(&hash)?,
                None => false,
            };
            if !there {
                return Err(Error::invalid(say!(
                    "The column “{name}” can't take a file that is not in this base.",
                    name = column.field.name
                ))
                .remedy("Nothing was written; add the file itself."));
            }
        }
        Ok(())
    }

    /// The files of a cell as they stand.
    fn files_of(&self, table: TableId, column: &Col, record: RecordId) -> Result<Vec<Json>> {
        let row = self.row(table, record.0)?.ok_or_else(|| {
            Error::not_found("This record does not exist any more.").remedy("Nothing was written; reload the table.")
        })?;
        let stored = column.physical.and_then(|p| row.get(&format!("c{p}"))).map(read_back);
        Ok(match stored {
            Some(Value::Text(text)) => match serde_json::from_str(&text) {
                Ok(Json::Array(list)) => list,
                Ok(Json::Null) | Err(_) => Vec::new(),
                Ok(one) => vec![one],
            },
            _ => Vec::new(),
        })
    }
}

impl BaseFile {
    /// A file's content by its hash in hex.
    pub fn file(&self, hash: &str) -> Result<Vec<u8>> {
        self.read(|c| content(c, hash))?.ok_or_else(|| Error::not_found("This file is not in the base any more."))
    }

    #[cfg(test)]
    pub(super) fn add_file(&self, bytes: &[u8]) -> Result<String> {
        self.write(|w| w.keep_file(bytes))
    }

    /// Keeps files under their names and, where a record is named, adds them to its cell, as one act. A
    /// signature takes the place of the one before.
    ///
    /// # Errors
    /// `Invalid` where the column holds no files or no more fit, `NotFound` where the record is gone,
    /// `Conflict` where it is locked; then nothing is kept.
    pub fn add_files(
        &self,
        table: TableId,
        column: ColumnId,
        record: Option<RecordId>,
        given: &[(String, Packed)],
    ) -> Result<FilesAdded> {
        self.write(|w| {
            let mut def = meta::def(&w.tx, table, &w.context)?;
            let into = def.column(column)?;
            let signs = into.field.kind == ColumnType::Signature;
            if !signs && !matches!(into.field.kind, ColumnType::File | ColumnType::Image) {
                return Err(Error::invalid(say!("The column “{name}” holds no files.", name = into.field.name))
                    .remedy("Choose a file or picture column."));
            }
            if signs && given.len() > 1 {
                return Err(Error::invalid("A cell holds one signature.").remedy("Nothing was written; sign once."));
            }
            let mut files = Vec::new();
            for (name, content) in given {
                let hash = w.keep_packed(content)?;
                files.push(CellFile { name: name.clone(), size: content.size_bytes, hash });
            }
            let Some(record) = record else { return Ok(FilesAdded { act: None, files }) };
            let mut added = files.iter().map(|f| json!({ "name": f.name, "size": f.size, "hash": f.hash }));
            // A new signature takes the place of the old one, and says when it was given.
            let cell = if signs && let Some(mut signature) = added.next() {
                signature["sign_time"] = write::moment(w.now.0);
                signature
            } else {
                let mut list = w.files_of(table, into, record)?;
                list.extend(added);
                if list.len() > CELL_FILES_MAX {
                    return Err(Error::invalid(say!("A cell holds at most {max} files.", max = CELL_FILES_MAX))
                        .remedy("Remove some of them, or use another column."));
                }
                Json::Array(list)
            };
            let act = w.begin("record.update")?;
            let values = RecordValues { id: record, cells: BTreeMap::from([(column, cell)]) };
            w.write_cells(act, &mut def, table, &values)?;
            Ok(FilesAdded { act: Some(BaseAct { act, records: vec![record] }), files })
        })
    }

    /// Takes out contents that no cell, no undo and no file to be exported needs; gives how many and
    /// their bytes. What came since the last sweep stays, and two sweeps are an hour apart: a content is
    /// kept before the cell that names it.
    pub fn sweep_files(&self) -> Result<(u32, u64)> {
        if self.read_only.is_some() {
            return Ok((0, 0));
        }
        self.write(|w| {
            let marked: Option<String> =
                w.tx.query_row("SELECT value FROM meta WHERE key = 'swept_files'", [], |r| r.get(0))
                    .optional()
                    .map_err(sql)?;
            let mark = marked.as_deref().and_then(|m| m.split_once(' '));
            let (until, at) = mark.and_then(|(u, a)| Some((u.parse().ok()?, a.parse().ok()?))).unwrap_or((0_i64, 0_i64));
            if w.now.0 - at < SWEEPS_APART_MS {
                return Ok((0, 0));
            }
            name_all(&w.tx, true)?;
            let gone: (u32, Option<i64>) = w
                .tx
                .query_row(
                    "SELECT count(*), sum(length(bytes)) FROM file
                     WHERE rowid <= ?1 AND lower(hex(hash)) NOT IN (SELECT hash FROM named)",
                    [until],
                    |r| Ok((r.get(0)?, r.get(1)?)),
                )
                .map_err(sql)?;
            w.tx.execute(
                "DELETE FROM file WHERE rowid <= ?1 AND lower(hex(hash)) NOT IN (SELECT hash FROM named)",
                [until],
            )
            .map_err(sql)?;
            // Numbers are given again after the last: the mark is set to what is there now.
            w.tx.execute(
                "INSERT INTO meta (key, value) VALUES ('swept_files', (SELECT coalesce(max(rowid), 0) FROM file) || ' ' || ?1)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [w.now.0],
            )
            .map_err(sql)?;
            w.tx.execute_batch("DROP TABLE named").map_err(sql)?;
            Ok((gone.0, gone.1.unwrap_or_default() as u64))
        })
    }
}

/// A content by its hash in hex.
pub(super) fn content(c: &Connection, hash: &str) -> Result<Option<Vec<u8>>> {
    let Ok(hash) = blake3::Hash::from_hex(hash) else { return Ok(None) };
    let found: Option<(i64, bool, Vec<u8>)> = c
        .prepare_cached("SELECT size_bytes, packed, bytes FROM file WHERE hash = ?1")
        .and_then(|mut s| s.query_row([hash.as_bytes()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional())
        .map_err(sql)?;
    let Some((size, packed, bytes)) = found else { return Ok(None) };
    if !packed {
        return Ok(Some(bytes));
    }
    let size = usize::try_from(size).ok().filter(|s| *s as u64 <= FILE_BYTES_MAX).ok_or_else(super::error::damaged)?;
    zstd::bulk::decompress(&bytes, size).map(Some).map_err(|e| super::error::damaged().detail(e))
}

/// Takes out what nothing names any more: contents without a cell, comments and keepsakes of records
/// that are gone.
pub(super) fn sweep(c: &Connection) -> Result<()> {
    let tables: Vec<i64> = c
        .prepare("SELECT id FROM data_table")
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .map_err(sql)?;
    let list = tables.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    for of in ["comment", "kept_record"] {
        let mut text = format!("DELETE FROM {of} WHERE table_id NOT IN ({list});");
        for t in &tables {
            let _ = write!(text, "DELETE FROM {of} WHERE table_id = {t} AND record_id NOT IN (SELECT id FROM t{t});");
        }
        c.execute_batch(&text).map_err(sql)?;
    }
    name_all(c, false)?;
    c.execute_batch("DELETE FROM file WHERE lower(hex(hash)) NOT IN (SELECT hash FROM named); DROP TABLE named;")
        .map_err(sql)
}

/// Makes the temporary table `named` of all hashes in use; `undoable` counts what undo could bring back.
fn name_all(c: &Connection, undoable: bool) -> Result<()> {
    c.execute_batch("CREATE TEMP TABLE named (hash TEXT PRIMARY KEY) WITHOUT ROWID;").map_err(sql)?;
    // Of removed columns and of former types, too, as long as they stand in the tables.
    let stored = if undoable {
        "SELECT p.table_id, p.id FROM physical p LEFT JOIN data_column d ON d.physical = p.id
         WHERE d.id IS NULL OR d.kind IN ('file', 'image', 'signature')"
    } else {
        "SELECT table_id, physical FROM data_column WHERE kind IN ('file', 'image', 'signature') AND physical IS NOT NULL"
    };
    let columns: Vec<(i64, i64)> =
        c.prepare(stored).and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()).map_err(sql)?;
    for (t, p) in columns {
        c.execute_batch(&format!(
            "INSERT OR IGNORE INTO named SELECT j.value FROM t{t},
               json_tree(iif(typeof(t{t}.c{p}) = 'text' AND json_valid(t{t}.c{p}), t{t}.c{p}, 'null')) j
             WHERE j.key = 'hash' AND j.type = 'text';"
        ))
        .map_err(sql)?;
    }
    c.execute_batch("INSERT OR IGNORE INTO named SELECT body FROM kept WHERE place LIKE 'entry:%';").map_err(sql)?;
    if undoable {
        // The log writes cells down as text inside of JSON: their hashes are found as they stand.
        c.execute_batch(
            "INSERT OR IGNORE INTO named SELECT lower(hex(hash)) FROM file f
             WHERE lower(hex(hash)) NOT IN (SELECT hash FROM named)
               AND EXISTS (SELECT 1 FROM step WHERE instr(before, lower(hex(f.hash))) OR instr(after, lower(hex(f.hash))));",
        )
        .map_err(sql)?;
    }
    Ok(())
}

/// The first picture of a cell.
pub(super) fn pictures(c: &Connection) -> Pictures<'_> {
    Box::new(move |cell| {
        let first = match cell {
            Json::Array(list) => list.first()?,
            one => one,
        };
        content(c, first.get("hash")?.as_str()?).ok()?
    })
}
