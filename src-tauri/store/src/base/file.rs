//! Files of cells: kept in the base's own file, each content once, named by its hash.
//!
//! A cell says `{"name", "size", "hash"}`, with the hash in hex; files that stand elsewhere have a `url` instead.

use super::error::sql;
use super::{BaseFile, Write};
use base::export::xlsx::Pictures;
use model::{Error, ErrorCode, Result};
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::Value as Json;
use std::fmt::Write as _;

/// The largest file a base takes.
pub const FILE_BYTES_MAX: u64 = 256 << 20;
/// Smaller contents are not worth compressing.
const PACK_BYTES_MIN: usize = 512;

impl Write<'_> {
    /// Keeps a content; gives its hash in hex.
    pub(super) fn keep_file(&mut self, bytes: &[u8]) -> Result<String> {
        let hash = blake3::hash(bytes);
        let known = self
            .tx
            .prepare_cached("SELECT 1 FROM file WHERE hash = ?1")
            .and_then(|mut s| s.exists([hash.as_bytes()]))
            .map_err(sql)?;
        if !known {
            let packed = (bytes.len() >= PACK_BYTES_MIN)
                .then(|| zstd::bulk::compress(bytes, 3).ok())
                .flatten()
                .filter(|p| p.len() < bytes.len() / 10 * 9);
            self.tx
                .prepare_cached("INSERT INTO file (hash, size_bytes, packed, bytes) VALUES (?1, ?2, ?3, ?4)")
                .and_then(|mut s| {
                    s.execute((
                        hash.as_bytes(),
                        bytes.len() as i64,
                        packed.is_some(),
                        packed.as_deref().unwrap_or(bytes),
                    ))
                })
                .map_err(sql)?;
        }
        Ok(hash.to_hex().to_string())
    }
}

impl BaseFile {
    /// A file's content by its hash in hex.
    pub fn file(&self, hash: &str) -> Result<Vec<u8>> {
        self.read(|c| content(c, hash))?.ok_or_else(|| Error::not_found("This file is not in the base any more."))
    }

    /// Keeps a file; gives its hash in hex. The cell that names it is written after it.
    pub fn add_file(&self, bytes: &[u8]) -> Result<String> {
        if bytes.len() as u64 > FILE_BYTES_MAX {
            return Err(Error::new(ErrorCode::TooLarge, "A file in a base has at most 256 MB.")
                .remedy("Put it elsewhere and keep its address in the base."));
        }
        self.write(|w| w.keep_file(bytes))
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
    c.execute_batch("CREATE TEMP TABLE named (hash TEXT PRIMARY KEY) WITHOUT ROWID;").map_err(sql)?;
    let columns: Vec<(i64, i64)> = c
        .prepare(
            "SELECT table_id, physical FROM data_column WHERE kind IN ('file', 'image', 'signature') AND physical IS NOT NULL",
        )
        .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .map_err(sql)?;
    for (t, p) in columns {
        c.execute_batch(&format!(
            "INSERT OR IGNORE INTO named SELECT j.value FROM t{t}, json_tree(t{t}.c{p}) j WHERE j.key = 'hash' AND j.type = 'text';"
        ))
        .map_err(sql)?;
    }
    c.execute_batch(
        "INSERT OR IGNORE INTO named SELECT body FROM kept WHERE place LIKE 'entry:%';
         DELETE FROM file WHERE lower(hex(hash)) NOT IN (SELECT hash FROM named);
         DROP TABLE named;",
    )
    .map_err(sql)
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
