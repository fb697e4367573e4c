//! Pieces of files: how long a content is, and some of its bytes, without the rest in memory.
//!
//! What is kept compressed is unpacked from its beginning up to the piece and no further.

use super::BaseFile;
use super::error::{damaged, sql};
use super::file::FILE_BYTES_MAX;
use model::{Error, Result};
use rusqlite::{Connection, OptionalExtension as _};
use std::io::{Read as _, Seek as _, SeekFrom};

impl BaseFile {
    /// How many bytes a file has.
    pub fn file_bytes(&self, hash: &str) -> Result<u64> {
        self.read(|c| place(c, hash)).map(|place| place.size_bytes)
    }

    /// At most `most` bytes of a file from a place on; fewer where it ends before.
    pub fn file_piece(&self, hash: &str, from: u64, most: u64) -> Result<Vec<u8>> {
        self.read(|c| {
            let place = place(c, hash)?;
            let most = most.min(place.size_bytes.saturating_sub(from));
            let mut piece = Vec::with_capacity(usize::try_from(most).unwrap_or(0));
            if most == 0 {
                return Ok(piece);
            }
            let mut blob = c.blob_open(rusqlite::MAIN_DB, c"file", c"bytes", place.row, true).map_err(sql)?;
            let read = if place.packed {
                zstd::stream::read::Decoder::new(blob).and_then(|mut unpacked| {
                    std::io::copy(&mut unpacked.by_ref().take(from), &mut std::io::sink())?;
                    unpacked.take(most).read_to_end(&mut piece)
                })
            } else {
                blob.seek(SeekFrom::Start(from)).and_then(|_| blob.take(most).read_to_end(&mut piece))
            };
            match read {
                Ok(bytes) if bytes as u64 == most => Ok(piece),
                Ok(_) => Err(damaged()),
                Err(error) => Err(damaged().detail(error)),
            }
        })
    }
}

/// Where a content stands.
struct Place {
    row: i64,
    size_bytes: u64,
    packed: bool,
}

fn place(c: &Connection, hash: &str) -> Result<Place> {
    let gone = || Error::not_found("This file is not in the base any more.");
    let hash = blake3::Hash::from_hex(hash).map_err(|_| gone())?;
    let (row, size, packed): (i64, i64, bool) = c
        .prepare_cached("SELECT rowid, size_bytes, packed FROM file WHERE hash = ?1")
        .and_then(|mut s| s.query_row([hash.as_bytes()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional())
        .map_err(sql)?
        .ok_or_else(gone)?;
    let size_bytes = u64::try_from(size).ok().filter(|s| *s <= FILE_BYTES_MAX).ok_or_else(damaged)?;
    Ok(Place { row, size_bytes, packed })
}
