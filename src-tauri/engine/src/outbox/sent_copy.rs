//! The copy of a sent letter in Sent: exactly the frozen bytes, exactly once.
//!
//! The row that says it is owed is the letter's own (`file_at`), written in the same transaction as
//! the server's answer. Storing looks for the Message-ID first, so that a repeated try adds nothing.

use super::errand::{Errands, unreachable};
use super::ledger;
use crate::Engine;
use model::mailbox::MailboxRole;
use model::message::Flags;
use model::{Error, ErrorCode, Result, SubmissionId};
use remote::Act;

/// Files the copy that is due; false where none is.
pub(super) async fn file(errands: &mut Errands<'_>) -> Result<bool> {
    let (store, account) = (errands.engine.store().clone(), errands.account);
    let now = store.now();
    let Some(owed) = store.read(move |r| store::lane::filing_due(r, account, now)).await? else {
        return Ok(false);
    };
    let id = owed.id;
    match append(errands, &owed).await {
        Ok(()) => store.write(move |w| store::lane::filed(w, id)).await?,
        Err(error) => {
            tracing::info!(%account, letter = %id, %error, "the Sent copy waits");
            let next = ledger::back_off(owed.attempts + 1, now, ledger::jitter());
            store.write(move |w| store::lane::filing_failed(w, id, next)).await?;
            if unreachable(&error) {
                return Err(error);
            }
        }
    }
    Ok(true)
}

async fn append(errands: &mut Errands<'_>, owed: &store::lane::Unfiled) -> Result<()> {
    let account = errands.account;
    let store = errands.engine.store().clone();
    let mailbox = store
        .read(move |r| match store::mailbox::by_role(r, account, MailboxRole::Sent)? {
            Some(id) => store::mailbox::key(r, id).map(Some),
            None => Ok(None),
        })
        .await?
        .ok_or_else(|| Error::new(ErrorCode::NotFound, "The account has no mailbox for sent mail."))?;
    let hash = owed.content;
    let raw = tokio::task::spawn_blocking(move || store.content().get(hash)).await.map_err(|e| Error::internal(&e))??;
    let act = Act::Append {
        mailbox,
        raw,
        message_id: owed.message_id.clone(),
        flags: Flags { seen: true, ..Flags::default() },
        received_at: owed.sent_at,
    };
    errands.remote().await?.act(&act, errands.cancel).await?;
    Ok(())
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
    crate::command::message::flag(engine, args).await.map(|_| ())
}
