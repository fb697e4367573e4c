//! The sandbox account: a mailbox without a server.
//!
//! Owns: its mailboxes, the delivery of its letters to itself, its samples. What it sends to anybody
//! arrives in its own inbox and nowhere else, along the same ledger as every other letter.
//! Refuses: the network, altogether: no adapter in here can open a connection.
//! Look next: [`remote`] for the adapters, [`samples`] for the messages a new user finds.

mod letters;
mod remote;
mod samples;

pub(crate) use remote::{SandboxRemote, SandboxSubmit};

use crate::Engine;
use model::mailbox::MailboxRole;
use model::message::Flags;
use model::{AccountId, Error, Result, Timestamp};
use store::ingest::{Body, Delivery, Incoming};

/// The mailboxes of a sandbox account, by name and role.
const MAILBOXES: [(&str, MailboxRole); 6] = [
    ("Inbox", MailboxRole::Inbox),
    ("Drafts", MailboxRole::Drafts),
    ("Sent", MailboxRole::Sent),
    ("Archive", MailboxRole::Archive),
    ("Junk", MailboxRole::Junk),
    ("Trash", MailboxRole::Trash),
];

/// Makes the mailboxes of a sandbox account; those that are there stay as they are.
pub async fn prepare(engine: &Engine, account: AccountId) -> Result<()> {
    engine
        .store()
        .write(move |w| {
            for (path, role) in MAILBOXES {
                store::mailbox::add(w, account, path, Some(role), false)?;
            }
            Ok(())
        })
        .await
}

/// Fills a sandbox account with sample messages and, where there is none of its name yet, a sample
/// base of customers and invoices. `language` (en, de, uk, pl, ru) is that of the base and of what
/// comes first; the messages are in all five.
pub async fn fill(engine: &Engine, account: AccountId, language: &str) -> Result<()> {
    prepare(engine, account).await?;
    samples::deliver(engine, account, language).await
}

/// A message for a mailbox of the account.
pub(crate) struct Post {
    pub mailbox: &'static str,
    pub raw: Vec<u8>,
    pub flags: Flags,
    pub received_at: Timestamp,
}

/// Puts messages into mailboxes in one transaction.
pub(crate) async fn deliver(engine: &Engine, account: AccountId, posts: Vec<Post>, notify: bool) -> Result<()> {
    let store = engine.store().clone();
    let blobs = store.clone();
    let ready = tokio::task::spawn_blocking(move || {
        let raws: Vec<&[u8]> = posts.iter().map(|p| p.raw.as_slice()).collect();
        let hashes = blobs.content().put_all(&raws)?;
        posts
            .iter()
            .zip(hashes)
            .map(|(post, hash)| {
                let prepared = store::message::prepare(&mail::parse::parse(&post.raw));
                Ok(Incoming {
                    // What a server would call its UID: never given twice.
                    key: Some(crate::random::hex::<10>()?),
                    mailboxes: vec![post.mailbox.to_owned()],
                    flags: post.flags,
                    received_at: post.received_at,
                    size: post.raw.len() as u64,
                    body: Body::Whole(Box::new(prepared), hash),
                    provider_thread: None,
                })
            })
            .collect::<Result<Vec<_>>>()
    })
    .await
    .map_err(|e| Error::internal(&e))??;
    store
        .write_durable(move |w| {
            let delivery = Delivery { arrived: ready, notify, ..Delivery::default() };
            store::ingest::apply(w, account, &delivery).map(|_| ())
        })
        .await
}
