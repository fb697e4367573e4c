//! IMAP (RFC 3501, 9051): mail in and acts out over at most two connections, one that works and one that waits.
//!
//! Owns: the conversation with the server, what to fetch and in which order. Refuses: storing anything,
//! trusting anything the server says without its proof.
//! Look next: `pull` for a round of sync, `session` for the conversation, `worker` for the threads.

mod change;
mod cursor;
mod date;
mod deliver;
mod exchange;
mod fault;
mod fetch;
mod gmail;
mod harvest;
mod key;
mod mailbox;
mod name;
mod plan;
mod pull;
mod push;
mod role;
mod session;
mod set;
mod value;
mod wire;
mod worker;

pub use fault::backoff_millis;
pub(crate) use gmail::{GmailImap, Shown};
pub(crate) use role::order as mailbox_order;

pub use name::{decode as decode_mailbox_name, encode as encode_mailbox_name};

use crate::access::Access;
use crate::contract::{Act, ActDone, Local, PullScope, Remote, RemoteKey, Woken};
use crate::net;
use async_trait::async_trait;
use fault::Fault;
use mailbox::Figures;
use model::{Error, ErrorCode, Result, say};
use session::Session;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use worker::Connection;

/// An open connection unused for longer is tried before it is trusted.
const STALE: Duration = Duration::from_secs(30);
/// For the answer of a connection that is tried.
const TRIAL: Duration = Duration::from_secs(10);

/// An IMAP account.
pub struct ImapRemote {
    access: Access,
    work: tokio::sync::Mutex<Option<(Arc<Connection>, Instant)>>,
    push: tokio::sync::Mutex<push::Push>,
    /// The inbox's figures as of the last round.
    inbox: Mutex<Option<Figures>>,
}

impl ImapRemote {
    /// An account's adapter; connects when it is first needed.
    pub fn new(access: Access) -> Self {
        Self {
            access,
            work: tokio::sync::Mutex::new(None),
            push: tokio::sync::Mutex::new(push::Push::Unopened),
            inbox: Mutex::new(None),
        }
    }

    fn remember_inbox(&self, figures: Figures) {
        *self.inbox.lock().unwrap_or_else(PoisonError::into_inner) = Some(figures);
    }

    fn remembered_inbox(&self) -> Option<Figures> {
        *self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The working connection: the open one (then true) where it still answers, or a new one.
    async fn work(&self, cancel: &CancellationToken) -> Result<(Arc<Connection>, bool)> {
        let mut work = self.work.lock().await;
        if let Some((open, used)) = work.as_mut()
            && !open.is_dead()
        {
            let fresh = used.elapsed() < STALE;
            *used = Instant::now();
            if fresh || open.run(cancel, |session| session.answers(TRIAL)).await.is_ok() {
                return Ok((open.clone(), true));
            }
            if cancel.is_cancelled() {
                return Err(net::cancelled());
            }
        }
        *work = None;
        let opened = Arc::new(Connection::open(&self.access, cancel).await?);
        *work = Some((opened.clone(), Instant::now()));
        Ok((opened, false))
    }

    /// Runs one job on the working connection; once more over a new one where the open one turns out
    /// to be over. Every job may be repeated.
    async fn job<T: Send + 'static>(
        &self,
        cancel: &CancellationToken,
        job: impl FnOnce(&mut Session) -> std::result::Result<T, Fault> + Clone + Send + 'static,
    ) -> Result<T> {
        let (connection, reused) = self.work(cancel).await?;
        match connection.run(cancel, job.clone()).await {
            Err(Fault::Io(_) | Fault::Bye(_)) if reused && !cancel.is_cancelled() => {
                let (connection, _) = self.work(cancel).await?;
                connection.run(cancel, job).await.map_err(|fault| connection.explain(fault))
            }
            done => done.map_err(|fault| connection.explain(fault)),
        }
    }
}

/// What a try of an account found.
pub(crate) struct Found {
    pub protection: String,
    pub mailboxes: u32,
    pub push: bool,
    pub quota: Option<model::account::Quota>,
}

/// Connects, signs in and looks around, over a connection of its own.
pub(crate) async fn try_out(access: &Access, cancel: &CancellationToken) -> Result<Found> {
    let connection = Connection::open(access, cancel).await?;
    let found = connection.run(cancel, |session| {
        let mailboxes = session.list()?.iter().filter(|(mailbox, _)| mailbox.selectable).count() as u32;
        let quota = if session.has("QUOTA") { session.quota()? } else { None };
        let (protection, push) = (session.protection.clone(), session.has("IDLE"));
        Ok(Found { protection, mailboxes, push, quota })
    });
    found.await.map_err(|fault| connection.explain(fault))
}

/// The UIDs of keys that must all be of the mailbox's present UIDVALIDITY.
fn uids_of(keys: &[RemoteKey], figures: &Figures) -> std::result::Result<Vec<u32>, Fault> {
    keys.iter()
        .map(|key| match key::read(key) {
            None => Err(Fault::Other(Error::invalid(say!("“{key}” is not the key of a message.", key)))),
            Some((epoch, _)) if epoch != figures.uidvalidity => Err(Fault::Epoch),
            Some((_, uid)) => Ok(uid),
        })
        .collect()
}

fn make(session: &mut Session, act: Act) -> std::result::Result<ActDone, Fault> {
    match act {
        Act::Flag { mailbox, keys, add, remove } => {
            let figures = session.select(&mailbox, false)?;
            session.store_flags(&uids_of(&keys, &figures)?, add, remove)?;
            Ok(ActDone::default())
        }
        Act::Keyword { .. } => {
            Err(Fault::Other(Error::new(ErrorCode::Refused, "Keywords of IMAP servers are not kept by Tabella.")))
        }
        Act::Move { mailbox, keys, to } => {
            let figures = session.select(&mailbox, false)?;
            let pairs = session.move_to(&uids_of(&keys, &figures)?, &to)?;
            if pairs.is_empty() {
                return Ok(ActDone::default());
            }
            let epoch = session.uidvalidity_of(&to)?;
            let keys = pairs
                .into_iter()
                .map(|(old, new)| (key::write(figures.uidvalidity, old), key::write(epoch, new)))
                .collect();
            Ok(ActDone { keys })
        }
        Act::Delete { mailbox, keys } => {
            let figures = session.select(&mailbox, false)?;
            session.delete(&uids_of(&keys, &figures)?)?;
            Ok(ActDone::default())
        }
        Act::Append { mailbox, raw, message_id, flags, received_at } => {
            let uid = session.append(&mailbox, &raw, &message_id, flags, received_at)?;
            let epoch = session.select(&mailbox, false)?.uidvalidity;
            Ok(ActDone { keys: uid.map(|uid| (String::new(), key::write(epoch, uid))).into_iter().collect() })
        }
        Act::CreateMailbox { path } => {
            let key = session.create_at_top(&path)?;
            Ok(ActDone { keys: vec![(String::new(), key)] })
        }
    }
}

#[async_trait]
impl Remote for ImapRemote {
    async fn pull(&self, local: &dyn Local, scope: &PullScope, cancel: &CancellationToken) -> Result<()> {
        pull::pull(self, local, scope, cancel).await
    }

    async fn wait(&self, poll_seconds: u32, cancel: &CancellationToken) -> Result<Woken> {
        self.wait_for_news(Duration::from_secs(u64::from(poll_seconds)), cancel).await
    }

    async fn act(&self, act: &Act, cancel: &CancellationToken) -> Result<ActDone> {
        let act = act.clone();
        self.job(cancel, move |session| make(session, act)).await
    }

    async fn fetch(&self, mailbox: &str, key: &str, cancel: &CancellationToken) -> Result<Option<Vec<u8>>> {
        let mailbox = mailbox.to_owned();
        let (epoch, uid) =
            key::read(key).ok_or_else(|| Error::invalid(say!("“{key}” is not the key of a message.", key)))?;
        self.job(cancel, move |session| {
            session.select_epoch(&mailbox, epoch)?;
            let Some(found) = session.listing_of(&[uid], true)?.into_iter().find(|found| found.uid == uid) else {
                return Ok(None);
            };
            let contents = session.contents(&[(uid, found.size.unwrap_or(0))])?;
            // A message that is listed is there, whether or not its server gives it.
            match contents.whole.into_iter().next() {
                Some((_, raw, _)) => Ok(Some(raw)),
                None => Err(Fault::Other(Error::new(ErrorCode::Refused, "The server does not give this letter."))),
            }
        })
        .await
    }

    async fn find(&self, mailbox: &str, message_id: &str, cancel: &CancellationToken) -> Result<Vec<RemoteKey>> {
        let (mailbox, id) = (mailbox.to_owned(), message_id.to_owned());
        self.job(cancel, move |session| {
            let epoch = session.select(&mailbox, true)?.uidvalidity;
            let uids = session.search_message_id(&id)?;
            Ok(uids.into_iter().map(|uid| key::write(epoch, uid)).collect())
        })
        .await
    }

    async fn close(&self) {
        self.push.lock().await.stop();
        *self.work.lock().await = None;
    }
}
