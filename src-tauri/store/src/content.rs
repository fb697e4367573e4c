//! Raw contents by hash: messages, attachments of drafts, frozen letters.
//!
//! Written before the row that names them (blob first, metadata second): a crash between leaves an
//! unused blob, never a row without its content. Compressed where that helps; a blob is written
//! once, whoever needs it.

use crate::db::prepare;
use crate::error::sql;
use model::{Error, ErrorCode, Result};
use rusqlite::{Connection, OptionalExtension};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

const MIGRATIONS: &[&str] = &[include_str!("migrations/content_0001.sql")];
const PLAIN: i64 = 0;
const ZSTD: i64 = 1;

/// BLAKE3 of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentHash(pub [u8; 32]);

impl ContentHash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// From the 32 bytes of a row.
    pub fn from_row(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

/// content.db; cheap to clone. Calls block: use them off the async threads or through the async ones.
#[derive(Clone)]
pub struct ContentStore {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl ContentStore {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let mut writer = Connection::open(path).map_err(sql)?;
        writer.execute_batch("PRAGMA page_size=8192").map_err(sql)?;
        prepare(&writer)?;
        crate::db::migrate(&mut writer, MIGRATIONS, "The profile's content file")?;
        Ok(Self {
            inner: Arc::new(Inner {
                path: path.to_path_buf(),
                writer: Mutex::new(writer),
                readers: Mutex::new(Vec::new()),
            }),
        })
    }

    /// Stores contents in one transaction and gives their hashes, in order.
    pub fn put_all(&self, contents: &[&[u8]]) -> Result<Vec<ContentHash>> {
        let mut rows = Vec::with_capacity(contents.len());
        for bytes in contents {
            rows.push((ContentHash::of(bytes), bytes.len(), pack(bytes)));
        }
        let mut writer = self.inner.writer.lock().map_err(|e| Error::internal(&e))?;
        let tx = writer
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(sql)?;
        {
            let mut insert = tx
                .prepare_cached("INSERT OR IGNORE INTO blob (hash, codec, size, data) VALUES (?1, ?2, ?3, ?4)")
                .map_err(sql)?;
            for (hash, size, (codec, data)) in &rows {
                insert.execute((hash.0.as_slice(), codec, *size as i64, data)).map_err(sql)?;
            }
        }
        tx.commit().map_err(sql)?;
        Ok(rows.into_iter().map(|(hash, ..)| hash).collect())
    }

    /// Stores one content.
    pub fn put(&self, bytes: &[u8]) -> Result<ContentHash> {
        self.put_all(&[bytes])?.pop().ok_or_else(|| Error::internal("nothing stored"))
    }

    /// The content of this hash.
    ///
    /// # Errors
    /// `NotFound` where it is not here (it can be fetched again from the server), `Damaged` where
    /// what is stored does not match its hash.
    pub fn get(&self, hash: ContentHash) -> Result<Vec<u8>> {
        let reader = match self.inner.readers.lock().ok().and_then(|mut r| r.pop()) {
            Some(reader) => reader,
            None => {
                let reader = Connection::open(&self.inner.path).map_err(sql)?;
                reader.execute_batch("PRAGMA query_only=ON; PRAGMA busy_timeout=20000").map_err(sql)?;
                reader
            }
        };
        let row = reader
            .prepare_cached("SELECT codec, size, data FROM blob WHERE hash = ?1")
            .and_then(|mut s| {
                s.query_row([hash.0.as_slice()], |r| {
                    Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?, r.get::<_, Vec<u8>>(2)?))
                })
                .optional()
            })
            .map_err(sql);
        if let Ok(mut readers) = self.inner.readers.lock()
            && readers.len() < 4
        {
            readers.push(reader);
        }
        let (codec, size, data) = row?.ok_or_else(|| Error::not_found("The message's content is not on this machine."))?;
        let damaged = || {
            Error::new(ErrorCode::Damaged, "A stored message is damaged.")
                .remedy("Resync the account to fetch it again.")
        };
        let bytes = match codec {
            PLAIN => data,
            ZSTD => zstd::bulk::decompress(&data, size as usize).map_err(|_| damaged())?,
            _ => return Err(damaged()),
        };
        Ok(bytes)
    }
}

fn pack(bytes: &[u8]) -> (i64, Vec<u8>) {
    if bytes.len() > 128
        && let Ok(packed) = zstd::bulk::compress(bytes, 3)
        && packed.len() < bytes.len() - bytes.len() / 16
    {
        return (ZSTD, packed);
    }
    (PLAIN, bytes.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back_byte_for_byte_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = ContentStore::open(&folder.path().join("content.db")).unwrap();
        let text = b"Subject: hello\r\n\r\n".repeat(500);
        let noise: Vec<u8> = (0..5000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let hashes = store.put_all(&[&text, &noise, &text, b""]).unwrap();
        assert_eq!(hashes[0], hashes[2]);
        assert_eq!(store.get(hashes[0]).unwrap(), text);
        assert_eq!(store.get(hashes[1]).unwrap(), noise);
        assert_eq!(store.get(hashes[3]).unwrap(), b"");
        assert_eq!(store.get(ContentHash([7; 32])).unwrap_err().code, ErrorCode::NotFound);
    }
}
