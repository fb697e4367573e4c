//! A profile with very many messages, made in seconds: they go straight into the store.
//!
//! What is looked at with it is the window and the lists; how mail comes in has tests of its own.

use anyhow::Result;
use mail::parse::parse;
use model::message::Flags;
use model::{AccountId, SystemClock, Timestamp};
use std::path::Path;
use std::sync::Arc;
use store::Store;
use store::ingest::{Body, Delivery, Incoming};

/// Messages in one transaction.
const CHUNK: usize = 4_000;
/// When the newest message came: 2026-06-01 08:00 UTC, milliseconds.
const NEWEST_AT: i64 = 1_780_300_800_000;
/// From one message to the next older one, milliseconds.
const APART: i64 = 7 * 60 * 1000;

/// Puts `count` short messages into the mailbox `Inbox` of an account that has no server. Message 0 is the
/// newest; each is a conversation of its own, `Note 0` to `Note {count - 1}`.
///
/// # Errors
/// Where the profile can't be opened or written.
pub fn crowd(profile: &Path, account: AccountId, count: usize) -> Result<()> {
    let store = Store::open(profile, Arc::new(SystemClock))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for start in (0..count).step_by(CHUNK) {
        let raws: Vec<Vec<u8>> = (start..count.min(start + CHUNK)).map(note).collect();
        let hashes = store.content().put_all(&raws.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
        let arrived = raws
            .iter()
            .zip(hashes)
            .enumerate()
            .map(|(offset, (raw, hash))| Incoming {
                key: Some(format!("note-{}", start + offset)),
                mailboxes: vec!["Inbox".to_owned()],
                flags: Flags::default(),
                received_at: at(start + offset),
                size: raw.len() as u64,
                body: Body::Whole(Box::new(store::message::prepare(&parse(raw))), hash),
                provider_thread: None,
            })
            .collect();
        let delivery = Delivery { arrived, ..Delivery::default() };
        runtime.block_on(store.write(move |write| store::ingest::apply(write, account, &delivery).map(|_| ())))?;
    }
    Ok(())
}

fn at(index: usize) -> Timestamp {
    Timestamp(NEWEST_AT - APART * index as i64)
}

fn note(index: usize) -> Vec<u8> {
    let sender = index % 997;
    format!(
        "From: Correspondent {sender} <c{sender}@tabella.test>\r\nTo: anna@tabella.test\r\nSubject: Note {index}\r\n\
         Message-ID: <note-{index}@tabella.test>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         This is what note {index} says.\r\n"
    )
    .into_bytes()
}
