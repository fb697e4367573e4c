//! Where a message's raw bytes come from: this machine, or, where only the header is here, its server.

use super::blocking;
use crate::Engine;
use model::{Error, ErrorCode, MessageId, Result};
use store::content::pack;
use store::ingest::{Body, Delivery, Incoming};
use store::message::OnServer;

/// The raw bytes of a message. What is not here is fetched, kept and shown from then on.
///
/// # Errors
/// `NotFound` where the server has it no longer; what connecting gives.
pub(crate) async fn raw(engine: &Engine, id: MessageId) -> Result<Vec<u8>> {
    let hash = engine.store().read(move |r| store::message::content(r, id)).await?;
    if let Some(hash) = hash {
        let content = engine.store().content().clone();
        match blocking(move || content.get(hash)).await? {
            // Lost or damaged here: the server may still have it.
            Err(error) if matches!(error.code, ErrorCode::NotFound | ErrorCode::Damaged) => {}
            found => return found,
        }
    }
    fetch(engine, id).await
}

async fn fetch(engine: &Engine, id: MessageId) -> Result<Vec<u8>> {
    let places = engine.store().read(move |r| store::message::on_server(r, id)).await?;
    let gone = || Error::not_found("The message is no longer on this machine nor on its server.");
    let place = places.into_iter().next().ok_or_else(gone)?;
    let remote = engine.remote(place.account).await?;
    let fetched = remote.fetch(&place.mailbox, &place.key, engine.stopping()).await;
    remote.close().await;
    let bytes = fetched?.ok_or_else(gone)?;
    keep(engine, place, bytes.clone()).await?;
    Ok(bytes)
}

/// Keeps what a server has at this place, over what was here of it.
///
/// # Errors
/// `Disk` and the like, as the store gives them.
pub(crate) async fn keep(engine: &Engine, place: OnServer, bytes: Vec<u8>) -> Result<()> {
    let size = bytes.len() as u64;
    let (prepared, packed) =
        blocking(move || (store::message::prepare(&mail::parse::parse(&bytes)), pack(&bytes))).await?;
    let hash = packed.hash();
    let content = engine.store().content().clone();
    blocking(move || content.mend_packed(&[packed])).await??;
    let account = place.account;
    let incoming = Incoming {
        key: Some(place.key),
        mailboxes: vec![place.mailbox.clone()],
        flags: place.flags,
        received_at: place.received_at,
        size,
        body: Body::Whole(Box::new(prepared), hash),
        provider_thread: None,
    };
    let delivery = Delivery { mailbox: place.mailbox, arrived: vec![incoming], ..Delivery::default() };
    engine.store().write(move |w| store::ingest::apply(w, account, &delivery)).await?;
    Ok(())
}
