//! Copies of drafts in the server's Drafts mailbox, for other programs and for the day this machine
//! is lost.
//!
//! Every copy has a Message-ID of its own. The row that names it is written before it is stored, the
//! older one is removed after; a crash between leaves two copies and a row for each, never none.

use super::errand::{Errands, unreachable};
use super::{ledger, letter};
use model::mailbox::MailboxRole;
use model::message::Flags;
use model::{DraftId, Error, ErrorCode, Result, Timestamp};
use remote::contract::Act;

/// Stores the copy that is due; false where none is.
pub(super) async fn put(errands: &mut Errands<'_>) -> Result<bool> {
    let (store, account) = (errands.engine.store().clone(), errands.account);
    let now = store.now();
    let Some(id) = store.read(move |r| store::draft::copy_due(r, account, now)).await? else {
        return Ok(false);
    };
    match append(errands, id, now).await {
        Ok(()) => {}
        Err(error) => {
            tracing::info!(%account, draft = %id, %error, "the copy of a draft waits");
            let attempts = store.read(move |r| store::draft::copy_attempts(r, id)).await.unwrap_or(0);
            // What can't be built (a half-typed address is left out before) or stored waits for a change.
            let next = (unreachable(&error) || error.code.is_transient())
                .then(|| ledger::back_off(attempts + 1, now, ledger::jitter()));
            store.write(move |w| store::draft::copy_failed(w, id, next)).await?;
            if unreachable(&error) {
                return Err(error);
            }
        }
    }
    Ok(true)
}

async fn append(errands: &mut Errands<'_>, id: DraftId, now: Timestamp) -> Result<()> {
    let account = errands.account;
    let mailbox = drafts(errands).await?;
    let material = letter::material(errands.engine, id).await?;
    let holds_at = material.draft.updated_at;
    let message_id = letter::new_message_id(&material.sender.email)?;
    let mut outgoing = letter::outgoing(&material, message_id.clone(), now);
    for list in [&mut outgoing.to, &mut outgoing.cc, &mut outgoing.bcc] {
        list.retain(|address| mail::address::validate(address.email.trim()));
    }
    let raw = tokio::task::spawn_blocking(move || letter::build(&outgoing).map(|built| built.bytes))
        .await
        .map_err(|e| Error::internal(&e))??;
    let key = message_id.clone();
    errands.engine.store().write(move |w| store::draft::adopt_copy(w, account, id, &key)).await?;
    let act = Act::Append {
        mailbox,
        raw,
        message_id: message_id.clone(),
        flags: Flags { seen: true, draft: true, ..Flags::default() },
        received_at: now,
    };
    errands.remote().await?.act(&act, errands.cancel).await?;
    errands.engine.store().write(move |w| store::draft::copied(w, id, &message_id, holds_at)).await
}

/// Removes a copy that is no longer wanted; false where none is.
pub(super) async fn take_away(errands: &mut Errands<'_>) -> Result<bool> {
    let (store, account) = (errands.engine.store().clone(), errands.account);
    let now = store.now();
    let Some((message_id, attempts)) = store.read(move |r| store::draft::doomed_copy(r, account, now)).await? else {
        return Ok(false);
    };
    let result = async {
        let mailbox = drafts(errands).await?;
        let remote = errands.remote().await?;
        let keys = remote.find(&mailbox, &message_id, errands.cancel).await?;
        if !keys.is_empty() {
            remote.act(&Act::Delete { mailbox, keys }, errands.cancel).await?;
        }
        Ok::<_, Error>(())
    }
    .await;
    match result {
        Ok(()) => store.write(move |w| store::draft::copy_removed(w, &message_id)).await?,
        Err(error) => {
            let next = ledger::back_off(attempts + 1, now, ledger::jitter());
            store.write(move |w| store::draft::copy_removal_failed(w, &message_id, next)).await?;
            if unreachable(&error) {
                return Err(error);
            }
        }
    }
    Ok(true)
}

async fn drafts(errands: &Errands<'_>) -> Result<String> {
    let account = errands.account;
    errands
        .engine
        .store()
        .read(move |r| match store::mailbox::by_role(r, account, MailboxRole::Drafts)? {
            Some(id) => store::mailbox::key(r, id).map(Some),
            None => Ok(None),
        })
        .await?
        .ok_or_else(|| Error::new(ErrorCode::NotFound, "The account has no mailbox for drafts."))
}
