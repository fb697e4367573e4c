//! The change bus: reads the change table after every commit, ours or another process's.
//!
//! One thread, one reader. Our own commits wake it; `PRAGMA data_version` tells it of others. Both
//! take the same road, so a window can't tell its own changes from those of `tabella` beside it.
//! Thread and reader begin with the first who listens: a command that only answers a question needs
//! neither.

use crate::error::sql;
use model::{BaseId, Change, Error, Noun, Result};
use rusqlite::Connection;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tokio::sync::broadcast;

/// How often another process's commits are looked for.
const POLL: Duration = Duration::from_millis(250);
/// Batches a slow listener may fall behind.
const BACKLOG: usize = 1024;

type Open = Box<dyn Fn() -> Result<Connection> + Send>;

pub(crate) struct ChangeBus {
    sender: broadcast::Sender<Arc<Vec<Change>>>,
    signal: Arc<Signal>,
    /// Until somebody listens.
    unstarted: Mutex<Option<Open>>,
}

#[derive(Default)]
struct Signal {
    state: Mutex<State>,
    condition: Condvar,
}

#[derive(Default)]
struct State {
    woken: bool,
    closed: bool,
}

/// Wakes the bus after a commit of this process.
#[derive(Clone)]
pub(crate) struct Waker(Arc<Signal>);

impl Waker {
    pub(crate) fn wake(&self) {
        if let Ok(mut state) = self.0.state.lock() {
            state.woken = true;
        }
        self.0.condition.notify_one();
    }
}

impl ChangeBus {
    /// A bus that nobody listens to yet; `open` makes its own reader.
    pub(crate) fn new(open: impl Fn() -> Result<Connection> + Send + 'static) -> Self {
        Self {
            sender: broadcast::channel(BACKLOG).0,
            signal: Arc::default(),
            unstarted: Mutex::new(Some(Box::new(open))),
        }
    }

    /// Starts the thread for the first who listens; it tells of what is committed from now on.
    fn start(&self, open: Open) -> Result<()> {
        let (sender, signal) = (self.sender.clone(), self.signal.clone());
        let from_now = move || {
            open()
                .and_then(|reader| Ok((last_seq(&reader)?, reader)))
                .inspect_err(|error| tracing::warn!(%error, "changes can't be read yet"))
                .ok()
        };
        let mut opened = from_now();
        std::thread::Builder::new()
            .name("store-changes".into())
            .spawn(move || {
                let mut version = -1;
                loop {
                    let Ok(state) = signal.state.lock() else { return };
                    let Ok((mut state, _)) =
                        signal.condition.wait_timeout_while(state, POLL, |s| !s.woken && !s.closed)
                    else {
                        return;
                    };
                    if state.closed {
                        return;
                    }
                    let woken = std::mem::take(&mut state.woken);
                    drop(state);
                    if opened.is_none() {
                        opened = from_now();
                    }
                    let Some((seen, reader)) = &mut opened else { continue };
                    let Ok(now) = reader.query_row("PRAGMA data_version", [], |r| r.get::<_, i64>(0)) else {
                        continue;
                    };
                    if !woken && now == version {
                        continue;
                    }
                    version = now;
                    match read(reader, *seen) {
                        Ok(changes) => {
                            if let Some(last) = changes.last() {
                                *seen = last.seq;
                                let _ = sender.send(Arc::new(changes));
                            }
                        }
                        Err(error) => tracing::warn!(%error, "changes can't be read"),
                    }
                }
            })
            .map_err(|e| Error::internal(&e))?;
        Ok(())
    }

    pub(crate) fn waker(&self) -> Waker {
        Waker(self.signal.clone())
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Arc<Vec<Change>>> {
        let changes = self.sender.subscribe();
        // Held until the first state is read: who comes second misses nothing either.
        if let Ok(mut unstarted) = self.unstarted.lock()
            && let Some(open) = unstarted.take()
            && let Err(error) = self.start(open)
        {
            tracing::error!(%error, "changes are not told");
        }
        changes
    }

    pub(crate) fn publish(&self, changes: Vec<Change>) {
        if !changes.is_empty() {
            let _ = self.sender.send(Arc::new(changes));
        }
    }
}

impl Drop for ChangeBus {
    fn drop(&mut self) {
        if let Ok(mut state) = self.signal.state.lock() {
            state.closed = true;
        }
        self.signal.condition.notify_one();
    }
}

fn last_seq(reader: &Connection) -> Result<i64> {
    reader.query_row("SELECT coalesce(max(seq), 0) FROM change", [], |r| r.get(0)).map_err(sql)
}

fn read(reader: &Connection, after: i64) -> Result<Vec<Change>> {
    let mut statement = reader
        .prepare_cached("SELECT seq, noun, id, base, arrived FROM change WHERE seq > ?1 ORDER BY seq")
        .map_err(sql)?;
    let rows = statement
        .query_map([after], |r| {
            Ok((r.get(0)?, r.get::<_, String>(1)?, r.get(2)?, r.get::<_, Option<String>>(3)?, r.get(4)?))
        })
        .map_err(sql)?;
    let mut changes = Vec::new();
    for row in rows {
        let (seq, noun, id, base, arrived) = row.map_err(sql)?;
        if let Some(noun) = Noun::parse(&noun) {
            changes.push(Change { seq, noun, id, base: base.map(BaseId), arrived });
        }
    }
    Ok(changes)
}
