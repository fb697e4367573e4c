//! The store as an adapter sees it: [`remote::contract::Local`].
//!
//! Batches flow through a short pipeline: reading and compressing on spare threads, the raw bytes
//! into content.db, then one transaction of mail.db, in the order in which they came. [`StoreLocal::apply`]
//! returns as soon as the pipeline has room; since a cursor commits with what it stands for, and
//! in order, a stop at any point loses nothing. Whatever reads the store first waits for the
//! pipeline to run empty. The bytes inside it are bounded.

use crate::Engine;
use async_trait::async_trait;
use model::account::SyncPhase;
use model::{AccountId, Error, ErrorCode, Result, Timestamp};
use remote::contract::{Batch, Content, Fingerprint, Known, Local, Progress, RemoteKey, RemoteMailbox};
use std::sync::{Arc, Mutex};
use store::account::SyncUpdate;
use store::content::{Packed, pack};
use store::ingest::{Body, Delivery, Incoming};
use store::mailbox::Listed;
use store::sync_log::Tally;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

/// Raw kilobytes in the pipeline at any time.
const PIPELINE_KB: u32 = 6 * 1024;
/// Batches in the pipeline at any time.
const PIPELINE_BATCHES: usize = 4;

/// One account's side of a pull; lives for one round.
pub(crate) struct StoreLocal {
    engine: Engine,
    account: AccountId,
    queue: mpsc::Sender<Item>,
    room: Arc<Semaphore>,
    outcome: Arc<Mutex<Outcome>>,
}

/// What a pipeline needs to know of its round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Round {
    /// Its line in the sync log.
    pub log: i64,
    /// When it began.
    pub began_at: Timestamp,
    /// New mail is told of.
    pub notify: bool,
}

#[derive(Default)]
struct Outcome {
    tally: Tally,
    mailboxes: u32,
    /// Mailboxes that the server would not open, by key.
    left: Vec<(String, Error)>,
    remark: Option<Error>,
    error: Option<Error>,
}

enum Item {
    Batch(tokio::task::JoinHandle<Result<Ready>>, Option<Progress>, OwnedSemaphorePermit),
    Flush(oneshot::Sender<()>),
}

struct Ready {
    delivery: Delivery,
}

impl StoreLocal {
    /// A pipeline into `account`.
    pub(crate) fn start(engine: &Engine, account: AccountId, round: Round) -> Self {
        let (queue, items) = mpsc::channel(PIPELINE_BATCHES);
        let outcome = Arc::new(Mutex::new(Outcome::default()));
        tokio::spawn(commit(engine.clone(), account, round, items, outcome.clone()));
        Self { engine: engine.clone(), account, queue, room: Arc::new(Semaphore::new(PIPELINE_KB as usize)), outcome }
    }

    /// Waits until all that was applied is committed.
    pub(crate) async fn flush(&self) -> Result<()> {
        let (done, wait) = oneshot::channel();
        self.queue.send(Item::Flush(done)).await.map_err(|_| closed())?;
        wait.await.map_err(|_| closed())?;
        self.failed()
    }

    /// What the round changed so far, and the mailboxes it found.
    pub(crate) fn tally(&self) -> (Tally, u32) {
        self.outcome.lock().map(|o| (o.tally, o.mailboxes)).unwrap_or_default()
    }

    /// Mailboxes that the server would not open, by key, with its reasons.
    pub(crate) fn left(&self) -> Vec<(String, Error)> {
        self.outcome.lock().map(|o| o.left.clone()).unwrap_or_default()
    }

    /// What people should know although all is in step.
    pub(crate) fn remarked(&self) -> Option<Error> {
        self.outcome.lock().ok().and_then(|o| o.remark.clone())
    }

    fn failed(&self) -> Result<()> {
        match self.outcome.lock().map_err(|e| Error::internal(&e))?.error.clone() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

fn closed() -> Error {
    Error::internal("the pipeline into the store is closed")
}

async fn commit(
    engine: Engine,
    account: AccountId,
    round: Round,
    mut items: mpsc::Receiver<Item>,
    outcome: Arc<Mutex<Outcome>>,
) {
    while let Some(item) = items.recv().await {
        let (ready, progress, _room) = match item {
            Item::Flush(done) => {
                let _ = done.send(());
                continue;
            }
            Item::Batch(ready, progress, room) => (ready, progress, room),
        };
        let before = match outcome.lock() {
            Ok(outcome) if outcome.error.is_none() => outcome.tally,
            // After a failure nothing later may commit: its cursor would step over the hole.
            _ => {
                ready.abort();
                continue;
            }
        };
        let result = match ready.await {
            Ok(Ok(ready)) => write(&engine, account, round, ready.delivery, progress, before).await,
            Ok(Err(error)) => Err(error),
            Err(error) => Err(Error::internal(&error)),
        };
        if let Ok(mut outcome) = outcome.lock() {
            match result {
                Ok(tally) => outcome.tally += tally,
                Err(error) => outcome.error = Some(error),
            }
        }
    }
}

async fn write(
    engine: &Engine,
    account: AccountId,
    round: Round,
    mut delivery: Delivery,
    progress: Option<Progress>,
    before: Tally,
) -> Result<Tally> {
    delivery.notify = round.notify;
    delivery.began_at = Some(round.began_at);
    engine
        .store()
        .write(move |w| {
            let tally = store::ingest::apply(w, account, &delivery)?;
            let mut total = before;
            total += tally;
            if tally != Tally::default() {
                store::sync_log::note(w, round.log, total)?;
            }
            if let Some(progress) = progress.filter(|p| p.total > 0) {
                let path = store::mailbox::path_of_key(w, account, &delivery.mailbox)?;
                let update = SyncUpdate {
                    phase: Some(SyncPhase::Fetching),
                    progress: Some((progress.done, progress.total)),
                    mailbox: Some(path),
                    ..SyncUpdate::default()
                };
                store::account::set_sync(w, account, &update)?;
            }
            Ok(tally)
        })
        .await
}

/// Reads, shapes and compresses a batch, and stores the raw bytes. No connection of mail.db needed.
fn prepare(engine: &Engine, batch: Batch) -> Result<Ready> {
    let mut packed: Vec<Packed> = Vec::with_capacity(batch.arrived.len());
    let mut arrived = Vec::with_capacity(batch.arrived.len());
    for one in batch.arrived {
        let body = match one.content {
            Content::Whole(raw) => {
                let prepared = store::message::prepare(&mail::parse::parse(&raw));
                let content = pack(&raw);
                let hash = content.hash();
                packed.push(content);
                Body::Whole(Box::new(prepared), hash)
            }
            Content::Header(raw) => Body::Header(Box::new(store::message::prepare(&mail::parse::parse_headers(&raw)))),
            Content::Same(known) => {
                Body::Same { message_id: known.message_id, size: known.size, received_at: known.received_at }
            }
        };
        arrived.push(Incoming {
            key: Some(one.key),
            mailboxes: one.mailboxes,
            flags: one.flags,
            received_at: one.received_at,
            size: one.size,
            body,
            provider_thread: one.provider_thread,
        });
    }
    if !packed.is_empty() {
        engine.store().content().put_packed(&packed)?;
    }
    let delivery = Delivery {
        mailbox: batch.mailbox,
        arrived,
        flags: batch.flags,
        keywords: batch.keywords,
        placed: batch.placed,
        untold: batch.untold,
        gone: batch.gone,
        unreadable: batch.unreadable,
        new_epoch: batch.new_epoch,
        cursor: batch.cursor,
        on_server: batch.on_server,
        ..Delivery::default()
    };
    Ok(Ready { delivery })
}

#[async_trait]
impl Local for StoreLocal {
    async fn mailboxes(&self, list: Vec<RemoteMailbox>) -> Result<()> {
        self.flush().await?;
        if let Ok(mut outcome) = self.outcome.lock() {
            outcome.mailboxes = list.iter().filter(|m| m.selectable).count() as u32;
        }
        let listed: Vec<Listed> = list
            .into_iter()
            .map(|m| Listed { key: m.key, path: m.path, role: m.role, selectable: m.selectable, messages: m.messages })
            .collect();
        let account = self.account;
        self.engine.store().write(move |w| store::mailbox::sync(w, account, &listed)).await
    }

    async fn cursor(&self, mailbox: &str) -> Result<Option<String>> {
        self.flush().await?;
        let (account, mailbox) = (self.account, mailbox.to_owned());
        self.engine.store().read(move |r| store::mailbox::cursor(r, account, &mailbox)).await
    }

    async fn known(&self, mailbox: &str) -> Result<Vec<Known>> {
        self.flush().await?;
        let (account, mailbox) = (self.account, mailbox.to_owned());
        let rows = self.engine.store().read(move |r| store::known::known(r, account, &mailbox)).await?;
        Ok(rows.into_iter().map(|k| Known { key: k.key, flags: k.flags, complete: k.complete }).collect())
    }

    async fn held(&self, keys: &[RemoteKey]) -> Result<Vec<(String, Known)>> {
        self.flush().await?;
        let (account, keys) = (self.account, keys.to_vec());
        let rows = self.engine.store().read(move |r| store::known::held(r, account, &keys)).await?;
        let known = |k: store::known::KnownRow| Known { key: k.key, flags: k.flags, complete: k.complete };
        Ok(rows.into_iter().map(|(mailbox, row)| (mailbox, known(row))).collect())
    }

    async fn has(&self, fingerprints: &[Fingerprint]) -> Result<Vec<bool>> {
        // What is still in the pipeline may be fetched once more; waiting for it would cost more.
        let account = self.account;
        let contents: Vec<_> = fingerprints.iter().map(|f| (f.message_id.clone(), f.size, f.received_at)).collect();
        self.engine.store().read(move |r| store::known::has(r, account, &contents)).await
    }

    async fn left(&self, mailbox: &str, why: Error) {
        if let Ok(mut outcome) = self.outcome.lock() {
            outcome.left.push((mailbox.to_owned(), why));
        }
    }

    async fn remark(&self, what: Error) {
        if let Ok(mut outcome) = self.outcome.lock() {
            outcome.remark = Some(what);
        }
    }

    async fn apply(&self, batch: Batch) -> Result<()> {
        self.failed()?;
        let bytes: usize = batch
            .arrived
            .iter()
            .map(|a| match &a.content {
                Content::Whole(raw) | Content::Header(raw) => raw.len(),
                Content::Same(_) => 0,
            })
            .sum();
        // Anything larger than the pipeline has it for itself.
        let kilobytes = (bytes.div_ceil(1024) as u32).clamp(1, PIPELINE_KB);
        let room = self.room.clone().acquire_many_owned(kilobytes).await.map_err(|_| closed())?;
        let engine = self.engine.clone();
        let progress = batch.progress;
        let ready = tokio::task::spawn_blocking(move || prepare(&engine, batch));
        self.queue.send(Item::Batch(ready, progress, room)).await.map_err(|_| closed())
    }
}

/// True where a batch failed because the server changed under it: the next round starts anew there.
pub(crate) fn is_race(error: &Error) -> bool {
    error.code == ErrorCode::Conflict
}
