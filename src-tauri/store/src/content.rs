//! Raw contents by hash: messages, attachments of drafts, frozen letters.
//!
//! Written before the row that names them (blob first, metadata second): a crash between leaves an
//! unused blob, never a row without its content. Compressed where that helps; a blob is written
//! once, whoever needs it. The large base64 bodies of a message are stored decoded, as blobs of
//! their own under the hash of the file, and put together again byte for byte
//! ([`mail::segment`]). Packing is computation alone and needs no connection: callers do it
//! wherever they have a thread to spare. The file is opened when a content is first asked for: most
//! commands of the command line need none.

use crate::db::prepare;
use crate::error::sql;
use mail::segment;
use model::{Clock, Error, ErrorCode, Phrase, Result, say};
use rusqlite::{Connection, OptionalExtension};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

const MIGRATIONS: &[&str] = &[include_str!("migrations/content_0001.sql"), include_str!("migrations/content_0002.sql")];
/// The file in errors.
const FILE: &str = "content.db";
const PLAIN: i64 = 0;
const ZSTD: i64 = 1;
/// A skeleton: the hashes of the blobs it names, 32 bytes each behind a byte count of them, then
/// the compact form of [`mail::segment`].
const SKELETON: i64 = 2;
/// The level at which mail stops getting smaller for its time.
const LEVEL: i32 = 3;
/// A large blob is compressed only if its begin is worth it: most files are compressed already.
const SAMPLE_BYTES: usize = 32 * 1024;

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
    clock: Arc<dyn Clock>,
    writer: Mutex<Option<Connection>>,
    readers: Mutex<Vec<Connection>>,
    /// Set when the file is there and as new as we are.
    ready: OnceLock<()>,
}

impl ContentStore {
    /// # Errors
    /// `Newer` where a newer Tabella wrote the file, `Damaged` where it is not ours.
    pub(crate) fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        if let Some((have, app)) = crate::db::stamp(path) {
            crate::db::check_stamp(have, app, MIGRATIONS.len(), FILE)?;
        }
        let (writer, readers, ready) = (Mutex::new(None), Mutex::new(Vec::new()), OnceLock::new());
        Ok(Self { inner: Arc::new(Inner { path: path.to_path_buf(), clock, writer, readers, ready }) })
    }

    /// Works on the writer; the first to come opens the file and brings it up to date.
    pub(crate) fn with_writer<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let mut writer = self.inner.writer.lock().map_err(|e| Error::internal(&e))?;
        match &mut *writer {
            Some(writer) => work(writer),
            none => work(none.insert(open_writer(&self.inner.path)?)),
        }
    }

    /// Opens the file where nobody has yet; readers never wait for a write after that.
    fn ready(&self) -> Result<()> {
        if self.inner.ready.get().is_none() {
            self.with_writer(|_| Ok(()))?;
            let _ = self.inner.ready.set(());
        }
        Ok(())
    }

    /// Stores contents in one transaction and gives their hashes, in order.
    pub fn put_all(&self, contents: &[&[u8]]) -> Result<Vec<ContentHash>> {
        let packed: Vec<Packed> = contents.iter().map(|bytes| pack(bytes)).collect();
        self.put_packed(&packed)?;
        Ok(packed.iter().map(Packed::hash).collect())
    }

    /// Stores packed contents in one transaction.
    pub fn put_packed(&self, packed: &[Packed]) -> Result<()> {
        let now = self.inner.clock.now().0;
        self.with_writer(|writer| put(writer, packed, now))
    }

    /// Stores packed contents over what is here under their hashes, which is damaged.
    pub fn mend_packed(&self, packed: &[Packed]) -> Result<()> {
        self.with_writer(|writer| {
            let tx = writer.transaction().map_err(sql)?;
            for row in packed.iter().flat_map(|p| &p.rows) {
                tx.prepare_cached("UPDATE blob SET codec = ?2, size = ?3, data = ?4 WHERE hash = ?1")
                    .and_then(|mut s| s.execute((row.hash.0.as_slice(), row.codec, row.size as i64, &row.data)))
                    .map_err(sql)?;
            }
            tx.commit().map_err(sql)
        })?;
        self.put_packed(packed)
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
        let pooled = self.inner.readers.lock().ok().and_then(|mut r| r.pop());
        let reader = if let Some(reader) = pooled {
            reader
        } else {
            self.ready()?;
            let reader = Connection::open(&self.inner.path).map_err(sql)?;
            reader.execute_batch("PRAGMA query_only=ON; PRAGMA busy_timeout=20000").map_err(sql)?;
            reader
        };
        let bytes = read(&reader, hash);
        if let Ok(mut readers) = self.inner.readers.lock()
            && readers.len() < 4
        {
            readers.push(reader);
        }
        bytes
    }

    /// The contents that a skeleton names; none where it is not one or is gone.
    pub(crate) fn names(&self, hash: &[u8]) -> Result<Vec<ContentHash>> {
        let row = self.with_writer(|c| {
            c.prepare_cached("SELECT codec, data FROM blob WHERE hash = ?1 AND codec & 2 <> 0")
                .and_then(|mut s| s.query_row([hash], |r| Ok((r.get(0)?, r.get::<_, Vec<u8>>(1)?))).optional())
                .map_err(sql)
        })?;
        let Some((codec, data)) = row else { return Ok(Vec::new()) };
        let codec: i64 = codec;
        let data =
            if codec & ZSTD == 0 { data } else { zstd::stream::decode_all(data.as_slice()).map_err(|_| damaged())? };
        let (names, _) = named(&data)?;
        Ok(names)
    }

    /// Looks at the whole file for damage.
    ///
    /// # Errors
    /// `Damaged` with SQLite's own words.
    pub fn check(&self) -> Result<Phrase> {
        self.ready()?;
        let reader = Connection::open(&self.inner.path).map_err(sql)?;
        let found: String = reader.query_row("PRAGMA quick_check(5)", [], |r| r.get(0)).map_err(sql)?;
        if found != "ok" {
            return Err(Error::new(ErrorCode::Damaged, "The profile's file content.db is damaged.")
                .remedy("Resync the accounts to fetch what is missing.")
                .detail(found));
        }
        Ok(say!("whole"))
    }
}

fn open_writer(path: &Path) -> Result<Connection> {
    let mut writer = Connection::open(path).map_err(sql)?;
    // Said to a file that has pages, the second writes its first page anew at every start.
    let pages: i64 = writer.query_row("PRAGMA page_count", [], |r| r.get(0)).map_err(sql)?;
    if pages == 0 {
        writer.execute_batch("PRAGMA page_size=8192; PRAGMA auto_vacuum=INCREMENTAL").map_err(sql)?;
    }
    prepare(&writer)?;
    // Blobs are written once and seldom read again: a small cache is enough.
    writer.execute_batch("PRAGMA cache_size=-4000").map_err(sql)?;
    crate::db::migrate(&mut writer, MIGRATIONS, FILE)?;
    Ok(writer)
}

fn put(writer: &mut Connection, packed: &[Packed], now: i64) -> Result<()> {
    let tx = writer.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(sql)?;
    {
        let mut insert = tx
            .prepare_cached("INSERT OR IGNORE INTO blob (hash, codec, size, data) VALUES (?1, ?2, ?3, ?4)")
            .map_err(sql)?;
        let mut spare = tx
            .prepare_cached(
                "INSERT INTO recent (hash, put_at) VALUES (?1, ?2) ON CONFLICT (hash) DO UPDATE SET put_at = ?2",
            )
            .map_err(sql)?;
        for row in packed.iter().flat_map(|p| &p.rows) {
            spare.execute((row.hash.0.as_slice(), now)).map_err(sql)?;
            insert.execute((row.hash.0.as_slice(), row.codec, row.size as i64, &row.data)).map_err(sql)?;
        }
    }
    tx.commit().map_err(sql)
}

fn damaged() -> Error {
    Error::new(ErrorCode::Damaged, "A stored message is damaged.")
        .remedy("It is fetched again as soon as its server can be reached.")
}

/// The contents an unpacked skeleton names, and the rest of it.
fn named(data: &[u8]) -> Result<(Vec<ContentHash>, &[u8])> {
    let (count, rest) = data.split_first().ok_or_else(damaged)?;
    let (names, skeleton) = rest.split_at_checked(usize::from(*count) * 32).ok_or_else(damaged)?;
    Ok((names.chunks_exact(32).filter_map(ContentHash::from_row).collect(), skeleton))
}

fn read(reader: &Connection, hash: ContentHash) -> Result<Vec<u8>> {
    let (codec, size, data) = reader
        .prepare_cached("SELECT codec, size, data FROM blob WHERE hash = ?1")
        .and_then(|mut s| {
            s.query_row([hash.0.as_slice()], |r| {
                Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?, r.get::<_, Vec<u8>>(2)?))
            })
            .optional()
        })
        .map_err(sql)?
        .ok_or_else(|| Error::not_found("The message's content is not on this machine."))?;
    let data = match codec & ZSTD {
        0 => data,
        // A skeleton's own length is not kept; the frame tells it.
        _ if codec & SKELETON != 0 => zstd::stream::decode_all(data.as_slice()).map_err(|_| damaged())?,
        _ => zstd::bulk::decompress(&data, size as usize).map_err(|_| damaged())?,
    };
    let bytes = match codec {
        PLAIN | ZSTD => data,
        _ if codec & !(SKELETON | ZSTD) != 0 => return Err(damaged()),
        _ => {
            let (names, skeleton) = named(&data)?;
            let mut blobs = Vec::with_capacity(names.len());
            for name in names {
                blobs.push(read(reader, name)?);
            }
            let skeleton = segment::decode_skeleton(skeleton).map_err(|_| damaged())?;
            segment::join(&skeleton, &blobs).map_err(|_| damaged())?
        }
    };
    if bytes.len() as i64 != size || ContentHash::of(&bytes) != hash {
        return Err(damaged());
    }
    Ok(bytes)
}

/// A content ready to be stored.
#[derive(Debug)]
pub struct Packed {
    /// Blobs it names first, the content itself last.
    rows: Vec<PackedRow>,
}

#[derive(Debug)]
struct PackedRow {
    hash: ContentHash,
    codec: i64,
    size: usize,
    data: Vec<u8>,
}

impl Packed {
    /// The content's hash.
    pub fn hash(&self) -> ContentHash {
        self.rows.last().map_or(ContentHash([0; 32]), |row| row.hash)
    }

    /// Bytes it takes in storage.
    pub fn stored_bytes(&self) -> usize {
        self.rows.iter().map(|row| row.data.len()).sum()
    }
}

/// Hashes, cuts and compresses a content.
pub fn pack(bytes: &[u8]) -> Packed {
    let hash = ContentHash::of(bytes);
    let size = bytes.len();
    let mut rows = Vec::with_capacity(1);
    // A skeleton never holds less than one blob, so a blob of its own is never cut again.
    let mut split = if size >= segment::BLOB_MIN_BYTES { segment::split(bytes) } else { segment::Split::default() };
    if split.blobs.is_empty() || split.blobs.len() > usize::from(u8::MAX) {
        let (codec, data) = compress(bytes.into());
        rows.push(PackedRow { hash, codec, size, data });
        return Packed { rows };
    }
    let mut skeleton = vec![split.blobs.len() as u8];
    for blob in std::mem::take(&mut split.blobs) {
        let (hash, size) = (ContentHash::of(&blob), blob.len());
        skeleton.extend_from_slice(&hash.0);
        let (codec, data) = compress(blob.into());
        rows.push(PackedRow { hash, codec, size, data });
    }
    skeleton.extend_from_slice(&segment::encode_skeleton(&split.skeleton));
    let (codec, data) = compress(skeleton.into());
    rows.push(PackedRow { hash, codec: codec | SKELETON, size, data });
    Packed { rows }
}

thread_local! {
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
}

fn compress(bytes: std::borrow::Cow<'_, [u8]>) -> (i64, Vec<u8>) {
    let worth = |packed: usize, of: usize| packed < of - of / 16;
    let packed = COMPRESSOR.with_borrow_mut(|compressor| {
        if compressor.is_none() {
            *compressor = zstd::bulk::Compressor::new(LEVEL).ok();
        }
        let compressor = compressor.as_mut().filter(|_| bytes.len() > 128)?;
        if let Some(sample) = bytes.get(..SAMPLE_BYTES).filter(|_| bytes.len() > SAMPLE_BYTES * 2)
            && !compressor.compress(sample).is_ok_and(|packed| worth(packed.len(), sample.len()))
        {
            return None;
        }
        compressor.compress(&bytes).ok()
    });
    match packed {
        Some(packed) if worth(packed.len(), bytes.len()) => (ZSTD, packed),
        _ => (PLAIN, bytes.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back_byte_for_byte_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = ContentStore::open(&folder.path().join("content.db"), Arc::new(model::SystemClock)).unwrap();
        let text = b"Subject: hello\r\n\r\n".repeat(500);
        let noise: Vec<u8> = (0..5000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let hashes = store.put_all(&[&text, &noise, &text, b""]).unwrap();
        assert_eq!(hashes[0], hashes[2]);
        assert_eq!(store.get(hashes[0]).unwrap(), text);
        assert_eq!(store.get(hashes[1]).unwrap(), noise);
        assert_eq!(store.get(hashes[3]).unwrap(), b"");
        assert_eq!(store.get(ContentHash([7; 32])).unwrap_err().code, ErrorCode::NotFound);
    }
    #[test]
    fn a_file_in_two_messages_is_stored_once_and_both_come_back_byte_for_byte() {
        use base64::Engine as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("content.db");
        let store = ContentStore::open(&path, Arc::new(model::SystemClock)).unwrap();
        let mut state = 7u64;
        let file: Vec<u8> = (0..90_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 33) as u8
            })
            .collect();
        let encoded = base64::engine::general_purpose::STANDARD.encode(&file);
        let lines: Vec<&str> = encoded.as_bytes().chunks(76).map(|c| std::str::from_utf8(c).unwrap()).collect();
        let message = |subject: &str| {
            format!("Subject: {subject}\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n", lines.join("\r\n"))
                .into_bytes()
        };
        let (one, two) = (message("one"), message("two"));
        let hashes = store.put_all(&[&one, &two]).unwrap();
        assert!(store.get(hashes[0]).unwrap() == one && store.get(hashes[1]).unwrap() == two);
        assert!(store.get(ContentHash::of(&file)).unwrap() == file);
        let stored: i64 =
            Connection::open(&path).unwrap().query_row("SELECT sum(length(data)) FROM blob", [], |r| r.get(0)).unwrap();
        assert!(stored < file.len() as i64 + 1000, "{stored}");
    }

    #[test]
    fn a_damaged_blob_is_told_and_not_shown_and_mended_by_what_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("content.db");
        let store = ContentStore::open(&path, Arc::new(model::SystemClock)).unwrap();
        let hash = store.put(b"Subject: hello\r\n\r\nbody").unwrap();
        Connection::open(&path).unwrap().execute("UPDATE blob SET data = x'00'", []).unwrap();
        assert_eq!(store.get(hash).unwrap_err().code, ErrorCode::Damaged);
        store.put(b"Subject: hello\r\n\r\nbody").unwrap();
        assert!(store.get(hash).is_err(), "what is here under a hash is not written anew each time");
        store.mend_packed(&[pack(b"Subject: hello\r\n\r\nbody")]).unwrap();
        assert_eq!(store.get(hash).unwrap(), b"Subject: hello\r\n\r\nbody");
    }
}
