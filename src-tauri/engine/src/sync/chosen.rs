//! Chosen messages, each compared with what its server has.
//!
//! A round trusts what is here under a key. Somebody who asks for single messages has a reason not
//! to: their content comes again whole, and what the server has no longer is gone from here, too.

use crate::Engine;
use crate::choice::meant;
use crate::part::{blocking, keep};
use model::account::AccountKind;
use model::message::{MailResyncArgs, MailResynced};
use model::{AccountId, ErrorCode, MessageId, Result};
use remote::contract::Remote;
use std::collections::HashMap;
use std::sync::Arc;
use store::content::ContentHash;
use store::ingest::Delivery;
use store::message::OnServer;

/// Compares the messages of a selection with their servers, then asks for a round that brings flags
/// and moves.
///
/// # Errors
/// `NotFound` where a message that was named is not there, and what connecting or fetching gives; what
/// was compared before stays mended.
pub(crate) async fn resync(engine: &Engine, args: MailResyncArgs) -> Result<MailResynced> {
    let ids = meant(engine, args.scope, args.selection).await?;
    let mut ticket = engine.ticket(args.ticket);
    ticket.out_of(ids.len());
    let mut servers = Servers { engine, open: HashMap::new() };
    let mut report = MailResynced::default();
    let mut outcome = Ok(());
    for (done, id) in ids.into_iter().enumerate() {
        if !ticket.go_on(done as u64) {
            report.stopped = true;
            break;
        }
        outcome = servers.compare(id, &mut report).await;
        if outcome.is_err() {
            break;
        }
    }
    servers.leave().await?;
    outcome.map(|()| report)
}

/// The connections that a comparison needs, each opened once.
struct Servers<'a> {
    engine: &'a Engine,
    open: HashMap<AccountId, (Arc<dyn Remote>, AccountKind)>,
}

impl Servers<'_> {
    async fn of(&mut self, account: AccountId) -> Result<(Arc<dyn Remote>, AccountKind)> {
        if let Some(known) = self.open.get(&account) {
            return Ok(known.clone());
        }
        let kind = self.engine.store().read(move |r| store::account::get(r, account)).await?.kind;
        let opened = (self.engine.remote(account).await?, kind);
        self.open.insert(account, opened.clone());
        Ok(opened)
    }

    async fn compare(&mut self, id: MessageId, report: &mut MailResynced) -> Result<()> {
        let store = self.engine.store().clone();
        let (places, hash) =
            store.read(move |r| Ok((store::message::on_server(r, id)?, store::message::content(r, id)?))).await?;
        if places.is_empty() {
            report.local += 1;
            return Ok(());
        }
        let (mut mended, mut gone) = (false, true);
        let mut last: Option<String> = None;
        for place in places {
            let (remote, kind) = self.of(place.account).await?;
            // Only IMAP has a copy in each mailbox; elsewhere it is one message under one key.
            if kind != AccountKind::Imap && last.as_ref() == Some(&place.key) && !gone {
                continue;
            }
            last = Some(place.key.clone());
            match remote.fetch(&place.mailbox, &place.key, self.engine.stopping()).await? {
                None => self.forget(place).await?,
                Some(bytes) => {
                    gone = false;
                    mended |= self.mend(place, hash, bytes).await?;
                }
            }
        }
        report.messages += 1;
        report.mended += u32::from(mended);
        report.gone += u32::from(gone);
        Ok(())
    }

    /// Keeps what the server has, where it is not what is here; true where that was so.
    async fn mend(&self, place: OnServer, hash: Option<ContentHash>, bytes: Vec<u8>) -> Result<bool> {
        let content = self.engine.store().content().clone();
        let (bytes, here) = blocking(move || (bytes, hash.map(|hash| content.get(hash)).transpose())).await?;
        let same = match here {
            Ok(here) => here.as_ref() == Some(&bytes),
            Err(error) if matches!(error.code, ErrorCode::NotFound | ErrorCode::Damaged) => false,
            Err(error) => return Err(error),
        };
        if !same {
            keep(self.engine, place, bytes).await?;
        }
        Ok(!same)
    }

    /// The server says that it is not there: that is the proof a deletion needs.
    async fn forget(&self, place: OnServer) -> Result<()> {
        let account = place.account;
        let delivery = Delivery { mailbox: place.mailbox, gone: vec![place.key], ..Delivery::default() };
        self.engine.store().write(move |w| store::ingest::apply(w, account, &delivery)).await?;
        Ok(())
    }

    /// Closes the connections; the accounts' next rounds bring what else is new.
    async fn leave(self) -> Result<()> {
        for (remote, _) in self.open.values() {
            remote.close().await;
        }
        let accounts: Vec<AccountId> = self.open.into_keys().collect();
        self.engine
            .store()
            .write(move |w| accounts.iter().try_for_each(|account| store::account::want_sync(w, *account, false)))
            .await
    }
}
