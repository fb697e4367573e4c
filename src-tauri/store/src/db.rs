//! Connections: one writer, many readers.
//!
//! SQLite takes one writer at a time. Giving every task a writing connection would only make them
//! fight for the lock and fail at the worst moment, so all writes of a process run on one thread,
//! one transaction after the other (`BEGIN IMMEDIATE`, so that a transaction never fails half way
//! for the lock). Readers are `query_only` connections in WAL mode: they never wait for the writer
//! and can't write by mistake. A second process on the profile is one more writer; the busy
//! timeout lets them take turns.

use crate::changes::ChangeBus;
use crate::content::ContentStore;
use crate::error::{io, sql};
use model::{Change, Clock, Error, ErrorCode, Noun, Result, Timestamp, say};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use tokio::sync::{broadcast, oneshot};

/// "Tabl" in ASCII: tells our files from other SQLite files.
const APPLICATION_ID: i32 = 0x5461_626c;
/// Every migration of mail.db, in order; never edited once released.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_profile.sql"),
    include_str!("migrations/0002_response.sql"),
    include_str!("migrations/0003_providers.sql"),
    include_str!("migrations/0004_sorts.sql"),
    include_str!("migrations/0005_sweep.sql"),
    include_str!("migrations/0006_discarded.sql"),
    include_str!("migrations/0007_bulk.sql"),
    include_str!("migrations/0008_sent_as.sql"),
    include_str!("migrations/0009_keyword.sql"),
    include_str!("migrations/0010_hidden.sql"),
    include_str!("migrations/0011_snooze.sql"),
];
/// How long a writer waits for another process's transaction.
const BUSY: Duration = Duration::from_secs(20);
/// Idle readers kept open.
const READERS: usize = 6;

/// A write, given the writer or why there is none.
type Job = Box<dyn FnOnce(Result<&mut Connection>) + Send>;

/// The way to the writer's thread, which the first write starts: a command that only asks needs none.
struct Writer {
    jobs: mpsc::Sender<Job>,
    unstarted: Mutex<Option<(PathBuf, mpsc::Receiver<Job>)>>,
}

impl Writer {
    fn of(path: PathBuf) -> Self {
        let (jobs, queue) = mpsc::channel();
        Self { jobs, unstarted: Mutex::new(Some((path, queue))) }
    }

    fn queue(&self, job: Job) -> Result<()> {
        let unstarted = self.unstarted.lock().ok().and_then(|mut parts| parts.take());
        if let Some((path, queue)) = unstarted {
            std::thread::Builder::new()
                .name("store-writer".into())
                .spawn(move || write_all(&path, queue))
                .map_err(|e| Error::internal(&e))?;
        }
        self.jobs.send(job).map_err(|_| Error::internal("the store is closed"))
    }
}

/// The profile's store; cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    profile: PathBuf,
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
    content: ContentStore,
    bus: ChangeBus,
    clock: Arc<dyn Clock>,
}

/// A transaction that may write. Commits when the closure given to [`Store::write`] returns `Ok`.
pub struct WriteTx<'a> {
    tx: rusqlite::Transaction<'a>,
    changes: BTreeSet<(Noun, Option<String>, bool)>,
    now: Timestamp,
}

/// A consistent view that can't write.
pub struct ReadTx<'a> {
    tx: rusqlite::Transaction<'a>,
}

/// What both kinds of transaction can do; the table families read through it.
pub trait Read {
    /// The connection inside the transaction.
    fn sql(&self) -> &Connection;
}

impl Read for WriteTx<'_> {
    fn sql(&self) -> &Connection {
        &self.tx
    }
}

impl Read for ReadTx<'_> {
    fn sql(&self) -> &Connection {
        &self.tx
    }
}

impl WriteTx<'_> {
    /// Says that this transaction changes `noun`: published if and only if it commits.
    pub fn changed(&mut self, noun: Noun, id: Option<impl ToString>) {
        self.changes.insert((noun, id.map(|i| i.to_string()), false));
    }

    /// Says that new incoming mail arrived.
    pub fn arrived(&mut self, id: model::MessageId) {
        self.changes.insert((Noun::Message, Some(id.to_string()), true));
    }

    /// The time of this transaction.
    pub fn now(&self) -> Timestamp {
        self.now
    }
}

impl Store {
    /// Opens or creates the profile in `profile`.
    ///
    /// # Errors
    /// `Newer` where a newer Tabella wrote it (nothing is touched then), `Damaged`, `Disk`.
    pub fn open(profile: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        for folder in [profile.to_path_buf(), profile.join("bases"), profile.join("locks")] {
            std::fs::create_dir_all(&folder).map_err(|e| io(&folder, &e))?;
        }
        private(profile)?;
        let path = profile.join("mail.db");
        let mut first = Connection::open(&path).map_err(sql)?;
        prepare(&first)?;
        migrate(&mut first, MIGRATIONS, "mail.db")?;
        let content = ContentStore::open(&profile.join("content.db"), clock.clone())?;
        let bus = {
            let path = path.clone();
            ChangeBus::new(move || open_reader(&path))
        };
        // Most commands only ask: the connection that looked at the file becomes a reader.
        make_reader(&first)?;
        Ok(Self {
            inner: Arc::new(Inner {
                profile: profile.to_path_buf(),
                writer: Writer::of(path),
                readers: Mutex::new(vec![first]),
                content,
                bus,
                clock,
            }),
        })
    }

    /// The profile's folder.
    pub fn profile(&self) -> &Path {
        &self.inner.profile
    }

    /// Raw contents by hash.
    pub fn content(&self) -> &ContentStore {
        &self.inner.content
    }

    /// Runs `work` in one transaction; a power cut may take back the last such transactions, but
    /// never half of one. For what must never be forgotten use [`Store::write_durable`].
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.submit(false, work).await
    }

    /// Runs `work` in one transaction that is on the disk when this returns: the ledger's phases.
    pub async fn write_durable<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.submit(true, work).await
    }

    async fn submit<T: Send + 'static>(
        &self,
        durable: bool,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, result) = oneshot::channel();
        let now = self.inner.clock.now();
        let wake = self.inner.bus.waker();
        let job: Job = Box::new(move |writer| {
            let transact = || writer.and_then(|writer| transact(writer, durable, now, work));
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(transact))
                .unwrap_or_else(|_| Err(Error::internal("a write stopped unexpectedly")));
            if done.is_ok() {
                wake.wake();
            }
            let _ = answer.send(done);
        });
        self.inner.writer.queue(job)?;
        result.await.map_err(|_| Error::internal("the store is closed"))?
    }

    /// Runs `work` on a reader, off the async threads.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read_now(work)).await.map_err(|e| Error::internal(&e))?
    }

    /// Runs `work` on a reader, on this thread.
    pub fn read_now<T>(&self, work: impl FnOnce(&ReadTx<'_>) -> Result<T>) -> Result<T> {
        let pooled = self.inner.readers.lock().ok().and_then(|mut r| r.pop());
        let mut reader = match pooled {
            Some(reader) => reader,
            None => open_reader(&self.inner.profile.join("mail.db"))?,
        };
        let result = {
            let tx = reader.transaction().map_err(sql)?;
            work(&ReadTx { tx })
        };
        if let Ok(mut readers) = self.inner.readers.lock()
            && readers.len() < READERS
        {
            readers.push(reader);
        }
        result
    }

    /// Every change committed from now on, by this process and others, in order.
    pub fn changes(&self) -> broadcast::Receiver<Arc<Vec<Change>>> {
        self.inner.bus.subscribe()
    }

    /// Publishes changes that another file's commit made (a base).
    pub fn publish(&self, changes: Vec<Change>) {
        self.inner.bus.publish(changes);
    }

    /// The current time of the store's clock.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The store's clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.inner.clock.clone()
    }
}

fn transact<T>(
    writer: &mut Connection,
    durable: bool,
    now: Timestamp,
    work: impl FnOnce(&mut WriteTx<'_>) -> Result<T>,
) -> Result<T> {
    writer.execute_batch(if durable { "PRAGMA synchronous=FULL" } else { "PRAGMA synchronous=NORMAL" }).map_err(sql)?;
    let tx = writer.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(sql)?;
    let mut write = WriteTx { tx, changes: BTreeSet::new(), now };
    let value = work(&mut write)?;
    let WriteTx { tx, mut changes, .. } = write;
    // Who does not say which conversations its messages are in may have changed any.
    let says = |noun: Noun| changes.iter().any(|(changed, ..)| *changed == noun);
    if says(Noun::Message) && !says(Noun::Thread) {
        changes.insert((Noun::Thread, None, false));
    }
    if !changes.is_empty() {
        let mut insert =
            tx.prepare_cached("INSERT INTO change (noun, id, arrived) VALUES (?1, ?2, ?3)").map_err(sql)?;
        for (noun, id, arrived) in &changes {
            insert.execute((noun.as_str(), id, arrived)).map_err(sql)?;
        }
        drop(insert);
        // Readers that fell further behind than this re-read everything.
        tx.prepare_cached("DELETE FROM change WHERE seq <= (SELECT max(seq) FROM change) - 20000")
            .and_then(|mut s| s.execute(()))
            .map_err(sql)?;
    }
    tx.commit().map_err(sql)?;
    Ok(value)
}

/// Pragmas and functions of every connection.
pub(crate) fn prepare(connection: &Connection) -> Result<()> {
    connection.busy_timeout(BUSY).map_err(sql)?;
    connection.set_prepared_statement_cache_capacity(200);
    connection
        .execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;
             PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000; PRAGMA trusted_schema=OFF;",
        )
        .map_err(sql)
}

fn open_reader(path: &Path) -> Result<Connection> {
    let reader = Connection::open(path).map_err(sql)?;
    reader.busy_timeout(BUSY).map_err(sql)?;
    make_reader(&reader)?;
    Ok(reader)
}

/// No memory map: a question reads pages from all over the file, and each would cost a page fault, which takes
/// several times as long as reading the page.
fn make_reader(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(100);
    connection.execute_batch("PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000;").map_err(sql)
}

/// The writer's thread: every job in turn, on a connection that the first of them opens.
fn write_all(path: &Path, queue: mpsc::Receiver<Job>) {
    let open = || {
        let writer = Connection::open(path).map_err(sql)?;
        prepare(&writer)?;
        Ok(writer)
    };
    let mut writer = None;
    for job in queue {
        match &mut writer {
            Some(writer) => job(Ok(writer)),
            none => match open() {
                Ok(opened) => job(Ok(none.insert(opened))),
                Err(error) => job(Err(error)),
            },
        }
    }
    // Nobody can queue any more: leave a tidy file behind.
    if let Some(writer) = writer {
        let _ = writer.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);");
    }
}

/// Brings a file to the newest of `migrations`, each in a transaction of its own.
///
/// # Errors
/// `Newer` where the file has more migrations than we know; `Damaged` where it is not ours.
pub(crate) fn migrate(connection: &mut Connection, migrations: &[&str], file: &str) -> Result<()> {
    let version = |c: &Connection| c.query_row("PRAGMA user_version", [], |r| r.get::<_, i64>(0)).map_err(sql);
    let app: i32 = connection.query_row("PRAGMA application_id", [], |r| r.get(0)).map_err(sql)?;
    let have = version(connection)?;
    check_stamp(have, app, migrations.len(), file)?;
    for (index, migration) in migrations.iter().enumerate().skip(have.max(0) as usize) {
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

/// Refuses a file by its stamp: `have` of the `known` migrations, and the application's mark.
pub(crate) fn check_stamp(have: i64, app: i32, known: usize, file: &str) -> Result<()> {
    if app != APPLICATION_ID && (app != 0 || have != 0) {
        return Err(Error::new(ErrorCode::Damaged, say!("{file} is not a file of Tabella.", file))
            .remedy("Nothing was changed in it; choose another file or folder."));
    }
    if have > known as i64 {
        return Err(Error::new(ErrorCode::Newer, say!("{file} was written by a newer Tabella.", file))
            .remedy("Nothing was changed in it; update Tabella to open it.")
            .detail(format!("version {have}, this program knows {known}")));
    }
    Ok(())
}

/// The version and the mark in a file's header, without opening it as a database; `None` where there is no
/// header yet. What a crash left in the write-ahead log is not looked at: opening the file does that.
/// Source: SQLite's database file format, 1.3.
pub(crate) fn stamp(path: &Path) -> Option<(i64, i32)> {
    let mut header = [0; 100];
    std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut header)).ok()?;
    let number = |at: usize| header.get(at..at + 4)?.try_into().ok().map(i32::from_be_bytes);
    Some((number(60)?.into(), number(68)?))
}

/// Keeps other users of the machine out of the profile.
#[cfg(unix)]
fn private(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).map_err(|e| io(folder, &e))
}

#[cfg(not(unix))]
fn private(_: &Path) -> Result<()> {
    Ok(()) // profiles lie in the user's own application data folder there
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::SystemClock;

    fn open(folder: &Path) -> Store {
        Store::open(folder, Arc::new(SystemClock)).unwrap()
    }

    #[tokio::test]
    async fn a_commit_publishes_its_changes_to_this_and_to_another_store_on_the_profile() {
        let folder = tempfile::tempdir().unwrap();
        let (ours, theirs) = (open(folder.path()), open(folder.path()));
        let (mut here, mut there) = (ours.changes(), theirs.changes());
        ours.write(|w| {
            w.changed(Noun::Setting, None::<i64>);
            Ok(())
        })
        .await
        .unwrap();
        for bus in [&mut here, &mut there] {
            let changes = tokio::time::timeout(Duration::from_secs(10), bus.recv()).await.unwrap().unwrap();
            assert_eq!(changes[0].noun, Noun::Setting);
        }
    }

    #[tokio::test]
    async fn a_failed_write_leaves_nothing_behind_and_publishes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        let mut bus = store.changes();
        let failed: Result<()> = store
            .write(|w| {
                w.changed(Noun::Account, None::<i64>);
                w.sql().execute("INSERT INTO meta VALUES ('a', 'b')", []).map_err(sql)?;
                Err(Error::invalid("no"))
            })
            .await;
        assert!(failed.is_err());
        let rows: i64 = store
            .read(|r| r.sql().query_row("SELECT count(*) FROM meta WHERE key='a'", [], |r| r.get(0)).map_err(sql))
            .await
            .unwrap();
        assert_eq!(rows, 0);
        store
            .write(|w| {
                w.changed(Noun::Setting, None::<i64>);
                Ok(())
            })
            .await
            .unwrap();
        let changes = tokio::time::timeout(Duration::from_secs(10), bus.recv()).await.unwrap().unwrap();
        assert_eq!(changes[0].noun, Noun::Setting);
    }

    #[test]
    fn a_profile_of_a_newer_tabella_is_refused_and_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        drop(open(folder.path()));
        let file = folder.path().join("mail.db");
        let raw = Connection::open(&file).unwrap();
        raw.execute_batch("PRAGMA user_version=99").unwrap();
        let error = Store::open(folder.path(), Arc::new(SystemClock)).err().unwrap();
        assert_eq!(error.code, ErrorCode::Newer);
        let version: i64 = raw.query_row("PRAGMA user_version", [], |r| r.get(0)).unwrap();
        assert_eq!(version, 99);
    }

    #[test]
    fn the_committed_schema_is_what_the_migrations_make() {
        let folder = tempfile::tempdir().unwrap();
        drop(open(folder.path()));
        let raw = Connection::open(folder.path().join("mail.db")).unwrap();
        let mut statement = raw
            .prepare(
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
                 AND name NOT LIKE 'message_text_%' ORDER BY type DESC, name",
            )
            .unwrap();
        let fresh: Vec<String> = statement.query_map([], |r| r.get(0)).unwrap().map(|r| r.unwrap()).collect();
        let fresh = fresh.join(";\n\n") + ";\n";
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.sql");
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(path, &fresh).unwrap();
        }
        assert!(std::fs::read_to_string(path).unwrap_or_default() == fresh, "run: UPDATE_SCHEMA=1 cargo test -p store");
    }
}
