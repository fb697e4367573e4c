//! Base files: one SQLite file a base, with a real table for every table of records.
//!
//! Owns: the file's schema and its migrations, records and their lists, the log that undo and redo
//! take from, imports. A [`BaseFile`] is one open base; its methods block, so callers keep them off
//! their async threads.
//! Refuses: accounts, secrets, paths of this machine: a base file can be given away.
//! Refuses, too, files that are no base, are damaged or were written by a newer Tabella: it looks
//! at their first bytes before SQLite may touch them, and never changes them.
//! Look next: `migrations/0001_base.sql` for the tables, [`record`](self) for cells, `list` for
//! pages of a million records, `act` for undo.

pub mod account;
mod act;
mod cells;
mod comment;
mod condition;
mod copy;
mod error;
mod export;
mod figure;
mod file;
mod filling;
mod find;
mod formula;
mod functions;
mod gather;
mod history;
mod import;
mod import_dtable;
mod indexes;
mod kept;
mod link;
mod list;
mod lists;
mod me;
mod merge;
mod meta;
mod names;
mod order;
mod pairs;
mod people;
mod piece;
mod preview;
mod record;
pub mod registry;
mod schema;
mod share;
pub mod shelf;
mod statistics;
mod structure;
mod trash;
mod view;
mod write_back;

pub use export::{ExportOptions, ExportReport};
pub use file::{FILE_BYTES_MAX, Packed, pack};
pub use import::{ImportOptions, ImportReport, Look, Progress, Source, look};
pub use me::Me;
pub use structure::ColumnChange;
pub use write_back::{Outcome, OutcomeColumns};

use ::base::Context;
use error::{damaged, sql};
use model::base::ReadOnly;
use model::{BaseId, Change, Clock, Error, ErrorCode, Noun, Result, Timestamp, say};
use rusqlite::{Connection, OpenFlags};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// "Tabb" in ASCII: tells a base from every other SQLite file.
const APPLICATION_ID: i32 = 0x5461_6262;
/// Every migration of a base file, in order; never edited once released.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_base.sql"),
    include_str!("migrations/0002_exchange.sql"),
    include_str!("migrations/0003_links.sql"),
];
/// How long a writer waits for another process's transaction.
const BUSY: Duration = Duration::from_secs(20);
/// Idle readers kept open.
const READERS: usize = 3;
/// Changes kept for others to read.
const CHANGES_KEPT: i64 = 5_000;
/// Acts kept for undo and history.
const ACTS_KEPT_MS: i64 = 90 * 24 * 3_600_000;

/// One open base.
pub struct BaseFile {
    path: PathBuf,
    id: BaseId,
    language: String,
    read_only: Option<ReadOnly>,
    session: String,
    person: String,
    me: Mutex<me::Known>,
    clock: Arc<dyn Clock>,
    readers: Mutex<Vec<Connection>>,
    watch: Mutex<Watch>,
    lists: lists::Lists,
    indexes: indexes::Indexes,
    /// Dropped last: only a connection that can write leaves one tidy file behind.
    writer: Mutex<Connection>,
}

/// How far this process has told the changes of the file.
struct Watch {
    connection: Connection,
    data_version: i64,
    seq: i64,
}

/// A transaction that may write: what it changes is collected and told on commit.
pub(crate) struct Write<'a> {
    pub(crate) tx: rusqlite::Transaction<'a>,
    pub(crate) now: Timestamp,
    context: Context,
    session: String,
    changes: BTreeSet<(Noun, Option<String>)>,
    /// By how many records each table grew (or shrank).
    rows: BTreeMap<model::TableId, i64>,
    /// Physical columns whose cells changed.
    cells: BTreeSet<i64>,
    /// Links whose pairs changed, and the columns through which they were.
    links: BTreeSet<i64>,
    columns: BTreeSet<model::ColumnId>,
    /// Records by the text of their table's first column, where that was asked for.
    texts: BTreeMap<model::TableId, std::collections::HashMap<String, i64>>,
    /// Locked records may be written: it is not a person who writes.
    past_locks: bool,
}

impl Write<'_> {
    /// Records came or went.
    fn rows_changed(&mut self, table: model::TableId, by: i64) {
        *self.rows.entry(table).or_default() += by;
    }

    /// Cells of physical columns changed.
    fn cells_changed(&mut self, physical: impl IntoIterator<Item = i64>) {
        self.cells.extend(physical);
    }

    fn table_changed(&mut self, table: model::TableId) {
        self.changes.insert((Noun::Table, Some(table.to_string())));
    }

    /// Records of a table changed; many at once are told as "any".
    fn record_changed(&mut self, id: Option<i64>) {
        if self.changes.contains(&(Noun::Record, None)) {
            return;
        }
        match id {
            Some(id) if self.changes.len() < 100 => {
                self.changes.insert((Noun::Record, Some(id.to_string())));
            }
            _ => {
                self.changes.retain(|(noun, _)| *noun != Noun::Record);
                self.changes.insert((Noun::Record, None));
            }
        }
    }
}

impl BaseFile {
    /// An id for a new base.
    pub fn new_id(clock: &dyn Clock) -> BaseId {
        BaseId(ulid(clock.now()))
    }

    /// Makes a new, empty base that sorts as `language` does. Fails if the file exists.
    pub fn create(path: &Path, id: &BaseId, language: &str, clock: Arc<dyn Clock>) -> Result<Self> {
        drop(Self::make(path, id, language, &clock, true)?);
        Self::open(path, clock).inspect_err(|_| remove_file(path))
    }

    /// Makes the file. Without `safe` it is written without a journal: for a file that nobody knows
    /// yet and that is thrown away if anything goes wrong.
    fn make(path: &Path, id: &BaseId, language: &str, clock: &Arc<dyn Clock>, safe: bool) -> Result<Connection> {
        std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::AlreadyExists => {
                Error::new(ErrorCode::Conflict, "There is already a file of this name.")
            }
            _ => crate::error::io(path, &e),
        })?;
        let mut connection = Connection::open(path).map_err(sql)?;
        connection.execute_batch("PRAGMA page_size=8192;").map_err(sql)?;
        if !safe {
            connection
                .execute_batch("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;")
                .map_err(sql)?;
        }
        prepare(&connection, safe)?;
        migrate(&mut connection)?;
        let mut insert = connection.prepare("INSERT INTO meta (key, value) VALUES (?1, ?2)").map_err(sql)?;
        let created_at = clock.now().0.to_string();
        for (key, value) in [
            ("id", id.0.as_str()),
            ("language", language),
            ("created_at", &created_at),
            ("order", ::base::text::ORDER_VERSION),
        ] {
            insert.execute((key, value)).map_err(sql)?;
        }
        drop(insert);
        functions::register(&connection, language)?;
        Ok(connection)
    }

    /// Opens a base for reading and writing; for reading only where it was given away so, or where the
    /// file or its folder can't be written (see [`BaseFile::read_only`]).
    ///
    /// # Errors
    /// `NotFound`, `Newer`, `Damaged` (also: not a base), `Disk`. None of them changes the file.
    pub fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        let connect = |read_only: bool| {
            let flags = if read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
            let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(sql)?;
            connection.busy_timeout(BUSY).map_err(sql)?;
            Ok::<_, Error>(connection)
        };
        let place = check_header(path)?.then_some(ReadOnly::Place);
        let mut writer = connect(place.is_some())?;
        check_whole(&writer)?;
        let read_only = if share::is_shared(&writer) { Some(ReadOnly::Shared) } else { place };
        if read_only != place {
            writer = connect(true)?;
        }
        prepare(&writer, read_only.is_none())?;
        if read_only.is_none() {
            migrate(&mut writer)?;
        }
        let meta = |key: &str| {
            writer
                .query_row("SELECT value FROM meta WHERE key = ?1", [key], |r| r.get::<_, String>(0))
                .map_err(|_| damaged())
        };
        let (id, language) = (meta("id")?, meta("language").unwrap_or_default());
        functions::register(&writer, &language)?;
        let sound = indexes::check(&writer, read_only.is_some())?;
        let now = clock.now();
        if read_only.is_none() {
            writer.execute("DELETE FROM act WHERE at < ?1", [now.0 - ACTS_KEPT_MS]).map_err(sql)?;
        }
        let watching = open_reader(path, &language)?;
        let seq = last_seq(&watching)?;
        let watch = Watch { data_version: data_version(&watching)?, connection: watching, seq };
        Ok(Self {
            path: path.to_path_buf(),
            id: BaseId(id),
            language,
            read_only,
            session: ulid(now),
            person: String::new(),
            me: Mutex::default(),
            clock,
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            watch: Mutex::new(watch),
            lists: lists::Lists::default(),
            indexes: indexes::Indexes::new(sound),
        })
    }

    /// The base as a person sees it who is named so ([`::base::view::is_person`]): with their private views,
    /// and without those of others.
    #[must_use]
    pub fn for_person(mut self, person: &str) -> Self {
        person.clone_into(&mut self.person);
        self
    }

    /// The base's id.
    pub fn id(&self) -> &BaseId {
        &self.id
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why nothing can be written, if so.
    pub fn read_only(&self) -> Option<ReadOnly> {
        self.read_only
    }

    /// Writes a compact copy of the base as it is now to a new file under a new id, without removed
    /// things and without the log: what was taken out of a base before giving it away must not be in it.
    pub fn copy_to(&self, target: &Path, id: &BaseId) -> Result<()> {
        if target.exists() {
            return Err(Error::new(ErrorCode::Conflict, "There is already a file of this name."));
        }
        let name = target.to_str().ok_or_else(|| Error::invalid("This path is not valid text."))?;
        // Not in a transaction: VACUUM INTO takes its own snapshot.
        self.read(|c| c.execute("VACUUM INTO ?1", [name]).map_err(sql))?;
        let done = (|| {
            let copy = Connection::open_with_flags(target, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(sql)?;
            functions::register(&copy, &self.language)?;
            indexes::drop_all(&copy)?;
            structure::purge(&copy)?;
            file::sweep(&copy)?;
            share::take_over(&copy)?;
            copy.execute("UPDATE meta SET value = ?1 WHERE key = 'id'", [&id.0]).map_err(sql)?;
            copy.execute_batch("DELETE FROM step; DELETE FROM act; DELETE FROM change; DELETE FROM writeback; VACUUM;")
                .map_err(sql)
        })();
        if done.is_err() {
            remove_file(target);
        }
        done
    }

    /// Every change committed since the last call or the opening, by this process or another.
    pub fn take_changes(&self) -> Result<Vec<Change>> {
        let mut watch = lock(&self.watch);
        watch.data_version = data_version(&watch.connection)?;
        let (seq, changes) = {
            let mut statement = watch
                .connection
                .prepare_cached("SELECT seq, noun, id FROM change WHERE seq > ?1 ORDER BY seq")
                .map_err(sql)?;
            let rows = statement
                .query_map([watch.seq], |r| {
                    Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?, r.get::<_, Option<String>>(2)?))
                })
                .map_err(sql)?;
            let mut changes = Vec::new();
            let mut last = watch.seq;
            for row in rows {
                let (seq, noun, id) = row.map_err(sql)?;
                last = seq;
                if let Some(noun) = Noun::parse(&noun) {
                    changes.push(Change { seq, noun, id, base: Some(self.id.clone()), arrived: false });
                }
            }
            (last, changes)
        };
        watch.seq = seq;
        Ok(changes)
    }

    /// True if the file was committed to since the last [`BaseFile::take_changes`]; costs next to nothing.
    pub fn changed_since(&self) -> bool {
        let watch = lock(&self.watch);
        data_version(&watch.connection).is_ok_and(|v| v != watch.data_version)
    }

    /// What cells mean here and now.
    pub(crate) fn context(&self) -> Context {
        let (person, known) = (self.person.clone(), lock(&self.me));
        let (own_name, me) = (known.name().to_owned(), known.names.clone());
        Context { person, own_name, me, ..Context::local(self.clock.now()) }
    }

    /// Runs `work` on a consistent view that can't write.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let pooled = lock(&self.readers).pop();
        let reader = match pooled {
            Some(reader) => reader,
            None => open_reader(&self.path, &self.language)?,
        };
        let result = work(&reader);
        let mut readers = lock(&self.readers);
        if readers.len() < READERS {
            readers.push(reader);
        }
        result
    }

    /// Runs `work` on one snapshot of the file.
    fn read_snapshot<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.read(|c| {
            let tx = c.unchecked_transaction().map_err(sql)?;
            work(&tx)
        })
    }

    /// Runs `work` in one transaction: all of it is kept, or nothing.
    fn write<T>(&self, work: impl FnOnce(&mut Write<'_>) -> Result<T>) -> Result<T> {
        if self.read_only.is_some() {
            return Err(Error::new(ErrorCode::Conflict, "This base is open for reading only.")
                .remedy("Make a copy of it, and change the copy."));
        }
        let mut writer = lock(&self.writer);
        transact(&mut writer, self.context(), &self.session, work)
    }
}

/// Runs `work` in one transaction of `connection` and notes what it changed.
fn transact<T>(
    connection: &mut Connection,
    context: Context,
    session: &str,
    work: impl FnOnce(&mut Write<'_>) -> Result<T>,
) -> Result<T> {
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(sql)?;
    let mut write = Write {
        tx,
        now: context.now,
        context,
        session: session.to_owned(),
        changes: BTreeSet::new(),
        rows: BTreeMap::new(),
        cells: BTreeSet::new(),
        links: BTreeSet::new(),
        columns: BTreeSet::new(),
        texts: BTreeMap::new(),
        past_locks: false,
    };
    let value = work(&mut write)?;
    let Write { tx, changes, rows, cells, links, columns, .. } = write;
    for (table, by) in rows {
        tx.prepare_cached(
            "UPDATE data_table SET records = records + ?2, rows_version = rows_version + 1 WHERE id = ?1",
        )
        .and_then(|mut s| s.execute((table.0, by)))
        .map_err(sql)?;
    }
    for physical in cells {
        tx.prepare_cached("UPDATE data_column SET version = version + 1 WHERE physical = ?1")
            .and_then(|mut s| s.execute([physical]))
            .map_err(sql)?;
    }
    for link in links {
        tx.prepare_cached("UPDATE link SET version = version + 1 WHERE id = ?1")
            .and_then(|mut s| s.execute([link]))
            .map_err(sql)?;
    }
    for column in columns {
        tx.prepare_cached("UPDATE data_column SET version = version + 1 WHERE id = ?1")
            .and_then(|mut s| s.execute([column.0]))
            .map_err(sql)?;
    }
    if !changes.is_empty() {
        let mut insert = tx.prepare_cached("INSERT INTO change (noun, id) VALUES (?1, ?2)").map_err(sql)?;
        for (noun, id) in &changes {
            insert.execute((noun.as_str(), id)).map_err(sql)?;
        }
        drop(insert);
        tx.prepare_cached("DELETE FROM change WHERE seq <= (SELECT max(seq) FROM change) - ?1")
            .and_then(|mut s| s.execute([CHANGES_KEPT]))
            .map_err(sql)?;
    }
    tx.commit().map_err(sql)?;
    Ok(value)
}

fn prepare(connection: &Connection, wal: bool) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(100);
    connection.busy_timeout(BUSY).map_err(sql)?;
    if wal {
        connection.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;").map_err(sql)?;
    }
    connection
        .execute_batch(
            "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-64000; PRAGMA trusted_schema=OFF;",
        )
        .map_err(sql)
}

fn open_reader(path: &Path, language: &str) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = Connection::open_with_flags(path, flags).map_err(sql)?;
    reader.busy_timeout(BUSY).map_err(sql)?;
    reader.set_prepared_statement_cache_capacity(100);
    reader
        .execute_batch("PRAGMA temp_store=MEMORY; PRAGMA cache_size=-24000; PRAGMA trusted_schema=OFF;")
        .map_err(sql)?;
    functions::register(&reader, language)?;
    Ok(reader)
}

/// Looks at the first bytes of a file without SQLite. True where it can only be read.
fn check_header(path: &Path) -> Result<bool> {
    let mut head = [0_u8; 100];
    let mut file = std::fs::File::open(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => {
            Error::not_found(say!("The base's file {path} is not there.", path = path.display()))
                .remedy("Put it back, or remove the base from the list.")
        }
        _ => crate::error::io(path, &e),
    })?;
    let no_base = || {
        Error::new(ErrorCode::Damaged, "This file is not a base of Tabella, or it is damaged.")
            .remedy("Nothing was changed in it; choose another file, or restore a copy from a backup.")
    };
    file.read_exact(&mut head).map_err(|_| no_base())?;
    let word = |at: usize| head.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, i32::from_be_bytes);
    if !head.starts_with(b"SQLite format 3\0") || word(68) != APPLICATION_ID {
        return Err(no_base());
    }
    refuse_newer(i64::from(word(60)))?;
    let size = file.metadata().map_err(|e| crate::error::io(path, &e))?.len();
    let page_bytes = u64::from(u16::from_be_bytes([head[16], head[17]]));
    // A header that promises more pages than the file has: cut off while being copied. With a
    // journal beside it the missing pages may stand there, after a crash in a checkpoint.
    let journal = path.with_file_name(format!("{}-wal", path.file_name().unwrap_or_default().to_string_lossy()));
    let whole = std::fs::metadata(journal).map_or(0, |m| m.len()) > 0;
    if page_bytes < 512 || (!whole && (word(28).max(0) as u64) * page_bytes > size) {
        return Err(damaged());
    }
    let folder_writable = path.parent().is_some_and(folder_can_be_written);
    let file_writable = std::fs::OpenOptions::new().write(true).open(path).is_ok();
    Ok(!(file_writable && folder_writable))
}

/// SQLite needs to make its journal beside the file.
fn folder_can_be_written(folder: &Path) -> bool {
    std::fs::metadata(folder).is_ok_and(|m| !m.permissions().readonly())
}

fn refuse_newer(version: i64) -> Result<()> {
    if version > MIGRATIONS.len() as i64 {
        return Err(Error::new(ErrorCode::Newer, "This base was written by a newer Tabella.")
            .remedy("Nothing was changed in it; update Tabella to open it.")
            .detail(format!("version {version}, this program knows {}", MIGRATIONS.len())));
    }
    Ok(())
}

/// Checks with SQLite, still without writing: the version as the journal has it, and that the
/// schema can be read.
fn check_whole(connection: &Connection) -> Result<()> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |r| r.get(0)).map_err(sql)?;
    refuse_newer(version)?;
    connection
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name IN ('meta', 'data_table', 'data_column', 'data_view', 'act', 'step', 'change')", [], |r| {
            r.get::<_, i64>(0)
        })
        .map_err(sql)
        .and_then(|found| if found == 7 || version == 0 { Ok(()) } else { Err(damaged()) })
}

fn migrate(connection: &mut Connection) -> Result<()> {
    let version = |c: &Connection| c.query_row("PRAGMA user_version", [], |r| r.get::<_, i64>(0)).map_err(sql);
    let have = version(connection)?;
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(have.max(0) as usize) {
        let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(sql)?;
        // Another process may have done it while we waited for the lock.
        if version(&tx)? > index as i64 {
            continue;
        }
        tx.execute_batch(migration).map_err(sql)?;
        tx.execute_batch(&format!("PRAGMA user_version={}; PRAGMA application_id={APPLICATION_ID};", index + 1))
            .map_err(sql)?;
        tx.commit().map_err(sql)?;
    }
    Ok(())
}

fn last_seq(connection: &Connection) -> Result<i64> {
    connection.query_row("SELECT coalesce(max(seq), 0) FROM change", [], |r| r.get(0)).map_err(sql)
}

fn data_version(connection: &Connection) -> Result<i64> {
    connection.query_row("PRAGMA data_version", [], |r| r.get(0)).map_err(sql)
}

fn ulid(now: Timestamp) -> String {
    ulid::Ulid::from_datetime(std::time::UNIX_EPOCH + Duration::from_millis(now.0.max(0) as u64)).to_string()
}

/// Removes a base's file and what SQLite left beside it.
pub fn remove_file(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let _ = std::fs::remove_file(PathBuf::from(name));
    }
}

/// A lock whose holder panicked is still good: every write is a transaction.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
