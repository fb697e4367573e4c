//! Contents, four at a time, into batches.
//!
//! A message the server can't give stands aside with the reason; it never stops its folder.

use super::api::Api;
use super::fault::Fault;
use super::pull::Round;
use super::wire::{Folder, Message};
use crate::contract::{Arrived, Batch, Content};
use model::message::Flags;
use model::{Error, ErrorCode, Result, Timestamp};
use std::collections::VecDeque;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Requests for contents under way.
const AT_ONCE: usize = 4;
/// Contents of one batch.
const BATCH_BYTES: usize = 4 << 20;
/// Messages of the first batch of a folder's page, and of the others.
const BATCH_MESSAGES: (usize, usize) = (10, 50);
/// Messages a round may set aside before the server itself counts as broken.
const UNREADABLE_MAX: u32 = 200;

/// What came of one message.
enum Fetched {
    Whole(Vec<u8>),
    Gone,
    Unreadable(String),
}

impl Round<'_> {
    /// Fetches what is wanted and hands it over; `last` goes with the last of it.
    pub(super) async fn deliver(&mut self, wanted: Vec<Message>, mut last: Batch) -> Result<(), Fault> {
        let mut waiting: VecDeque<Message> = wanted.into();
        let mut fetching = JoinSet::new();
        let (mut bytes, mut first) = (0, true);
        let fresh = || Batch { mailbox: last.mailbox.clone(), on_server: last.on_server, ..Batch::default() };
        let mut batch = fresh();
        loop {
            while fetching.len() < AT_ONCE
                && let Some(message) = waiting.pop_front()
            {
                let (api, cancel) = (self.api.clone(), self.cancel.clone());
                fetching.spawn(async move {
                    let fetched = fetch(&api, &message.id, &cancel).await;
                    (message, fetched)
                });
            }
            let Some(done) = fetching.join_next().await else { break };
            let (message, fetched) = done.map_err(|e| Fault::Broken(Error::internal(&e)))?;
            self.progress.done = self.progress.done.saturating_add(1);
            self.progress.total = self.progress.total.max(self.progress.done);
            match fetched? {
                Fetched::Whole(raw) => {
                    bytes += raw.len();
                    if let Some(names) = message.categories.clone().filter(|names| !names.is_empty()) {
                        batch.keywords.push((message.id.clone(), names));
                    }
                    batch.arrived.push(arrived(&last.mailbox, message, raw));
                }
                // The next delta says where it went.
                Fetched::Gone => {}
                Fetched::Unreadable(reason) => {
                    self.unreadable += 1;
                    if self.unreadable > UNREADABLE_MAX {
                        return Err(Fault::Broken(
                            Error::new(ErrorCode::Protocol, "Microsoft can't give too many of its messages.")
                                .remedy("Tabella tries again by itself; tell the provider if it lasts.")
                                .detail(reason),
                        ));
                    }
                    batch.unreadable.push((message.id, reason));
                }
            }
            let most = if first { BATCH_MESSAGES.0 } else { BATCH_MESSAGES.1 };
            if (batch.arrived.len() >= most || bytes >= BATCH_BYTES) && !(waiting.is_empty() && fetching.is_empty()) {
                batch.progress = Some(self.progress);
                self.local.apply(std::mem::replace(&mut batch, fresh())).await?;
                (bytes, first) = (0, false);
            }
        }
        last.keywords.extend(batch.keywords);
        last.arrived = batch.arrived;
        last.unreadable = batch.unreadable;
        last.progress = Some(self.progress);
        let empty = last.keywords.is_empty()
            && last.arrived.is_empty()
            && last.unreadable.is_empty()
            && last.flags.is_empty()
            && last.gone.is_empty();
        if !empty || last.cursor.is_some() {
            self.local.apply(last).await?;
        }
        Ok(())
    }
}

fn arrived(mailbox: &str, message: Message, raw: Vec<u8>) -> Arrived {
    Arrived {
        flags: message.flags(Flags::default()).unwrap_or_default(),
        received_at: message.received_at().unwrap_or(Timestamp(0)),
        key: message.id,
        mailboxes: vec![mailbox.to_owned()],
        size: raw.len() as u64,
        content: Content::Whole(raw),
        provider_thread: message.conversation_id,
    }
}

async fn fetch(api: &Api, id: &str, cancel: &CancellationToken) -> Result<Fetched, Fault> {
    let fault = match api.mime(id, cancel).await {
        Ok(raw) => return Ok(Fetched::Whole(raw)),
        Err(Fault::Missing(_)) => return Ok(Fetched::Gone),
        Err(fault) => fault,
    };
    let reason = match &fault {
        Fault::Refused { error, .. } if error.code == ErrorCode::Refused => error,
        Fault::Broken(error) if matches!(error.code, ErrorCode::TooLarge | ErrorCode::Network | ErrorCode::Timeout) => {
            error
        }
        _ => return Err(fault),
    };
    // Is it this message, or the server? It is the message where the server can still speak of it.
    let address = api.query(&["messages", id], &[("$select", "id")]);
    match api.get::<Folder>(address, cancel).await {
        Ok(_) => Ok(Fetched::Unreadable(reason.detail.clone().unwrap_or_else(|| reason.message.clone()))),
        Err(Fault::Missing(_)) => Ok(Fetched::Gone),
        Err(_) => Err(fault),
    }
}
