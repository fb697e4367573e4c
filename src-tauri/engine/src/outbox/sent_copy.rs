//! The copy of a sent letter in Sent: exactly the frozen bytes, exactly once.
//!
//! The row that says it is owed is the letter's own (`file_at`), written in the same transaction as
//! the server's answer. Storing looks for the Message-ID first, so that a repeated try adds nothing.

use super::errand::{Errands, unreachable};
use super::ledger;
use crate::Engine;
use model::mailbox::MailboxRole;
use model::message::Flags;
use model::{AccountId, Error, ErrorCode, MailboxId, Result, SubmissionId};
use remote::contract::Act;
use store::ContentHash;
use store::ingest::{Body, Incoming};

/// Files the copy that is due; false where none is.
pub(super) async fn file(errands: &mut Errands<'_>) -> Result<bool> {
    let (store, account) = (errands.engine.store().clone(), errands.account);
    let now = store.now();
    let Some(owed) = store.read(move |r| store::errand::filing_due(r, account, now)).await? else {
        return Ok(false);
    };
    let id = owed.id;
    match append(errands, &owed).await {
        Ok(mailbox) => {
            store
                .write(move |w| {
                    store::placement::handed_over(w, account, mailbox, &owed.message_id)?;
                    store::errand::filed(w, id)
                })
                .await?;
        }
        Err(error) => {
            tracing::info!(%account, letter = %id, %error, "the Sent copy waits");
            let next = ledger::back_off(owed.attempts + 1, now, ledger::jitter());
            store.write(move |w| store::errand::filing_failed(w, id, next)).await?;
            if unreachable(&error) {
                return Err(error);
            }
        }
    }
    Ok(true)
}

async fn append(errands: &mut Errands<'_>, owed: &store::errand::Unfiled) -> Result<MailboxId> {
    let account = errands.account;
    let store = errands.engine.store().clone();
    let (id, mailbox) = store
        .read(move |r| match store::mailbox::by_role(r, account, MailboxRole::Sent)? {
            Some(id) => store::mailbox::key(r, id).map(|key| Some((id, key))),
            None => Ok(None),
        })
        .await?
        .ok_or_else(|| Error::new(ErrorCode::NotFound, "The account has no mailbox for sent mail."))?;
    let hash = owed.content;
    let raw =
        tokio::task::spawn_blocking(move || store.content().get(hash)).await.map_err(|e| Error::internal(&e))??;
    let act = Act::Append {
        mailbox,
        raw,
        message_id: owed.message_id.clone(),
        flags: Flags { seen: true, ..Flags::default() },
        received_at: owed.sent_at,
    };
    errands.remote().await?.act(&act, errands.cancel).await?;
    Ok(id)
}

/// Shows a letter in Sent that the server has just taken, before its copy is stored there: the
/// placement has no key until sync meets the same bytes on the server.
pub(super) async fn show(engine: &Engine, account: AccountId, hash: ContentHash) -> Result<()> {
    let store = engine.store().clone();
    let Some(sent) = store.read(move |r| store::mailbox::by_role(r, account, MailboxRole::Sent)).await? else {
        return Ok(());
    };
    let now = store.now();
    let blobs = store.clone();
    let incoming = tokio::task::spawn_blocking(move || {
        let raw = blobs.content().get(hash)?;
        let prepared = store::message::prepare(&mail::parse::parse(&raw));
        Ok::<_, Error>(Incoming {
            key: None,
            mailboxes: Vec::new(),
            flags: Flags { seen: true, ..Flags::default() },
            received_at: now,
            size: raw.len() as u64,
            body: Body::Whole(Box::new(prepared), hash),
            provider_thread: None,
        })
    })
    .await
    .map_err(|e| Error::internal(&e))??;
    store.write(move |w| store::ingest::deliver(w, account, sent, incoming, false).map(|_| ())).await
}

/// Marks what a sent letter answered or forwarded, as a local act that is replayed on the server.
pub(super) async fn mark_original(engine: &Engine, id: SubmissionId) -> Result<()> {
    let Some((original, forwarded)) = engine.store().read(move |r| store::lane::original(r, id)).await? else {
        return Ok(());
    };
    let args = model::message::FlagArgs {
        selection: model::message::Selection { messages: vec![original], ..Default::default() },
        answered: (!forwarded).then_some(true),
        forwarded: forwarded.then_some(true),
        ..Default::default()
    };
    engine.store().write(move |w| store::operation::flag(w, &args)).await.map(|_| ())
}
