//! Microsoft Graph: mail in, acts and letters out over HTTPS, for mailboxes at Microsoft.
//!
//! Owns: the conversation with the API, what to ask for and in which order.
//! Refuses: storing anything; tokens are the [`Keeper`]'s. Messages are named by their immutable ids, which stay when
//! a message moves; folders by theirs.
//! Look next: `pull` for a round of sync, `act` for what people do, `submit` and `draft` for letters, `api` for limits.

mod act;
mod api;
mod cursor;
mod deliver;
mod draft;
mod fault;
mod folder;
mod listing;
mod news;
mod pull;
mod submit;
mod wire;

pub use submit::GraphSubmit;

use crate::auth::token::Keeper;
use crate::contract::{Act, ActDone, Local, PullScope, Remote, RemoteKey, RemoteMailbox, Woken};
use crate::net;
use api::Api;
use async_trait::async_trait;
use fault::Fault;
use folder::WellKnown;
use model::Result;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use wire::{Message, Page};

/// How often the inbox is looked at while nothing else happens. There is no push without a server of one's own.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// What the adapters need to reach one mailbox.
#[derive(Clone)]
pub struct GraphAccess {
    /// Root of the API, such as `https://graph.microsoft.com/v1.0`.
    pub api: String,
    /// The account's own address.
    pub email: String,
    /// Fresh access tokens.
    pub tokens: Arc<Keeper>,
    /// A shared mailbox instead of the account's own: its address or id.
    pub mailbox: Option<String>,
}

/// A mailbox at Microsoft.
pub struct GraphRemote {
    api: Result<Api>,
    well_known: OnceCell<WellKnown>,
    /// Where the inbox tells what changed since the last look.
    inbox: Mutex<Option<String>>,
}

impl GraphRemote {
    /// An account's adapter; connects when it is first needed.
    pub fn new(access: GraphAccess) -> Self {
        Self { api: Api::new(&access), well_known: OnceCell::new(), inbox: Mutex::default() }
    }

    /// Asks for the folders; how many there are.
    ///
    /// # Errors
    /// As [`Remote`].
    pub async fn try_out(&self, cancel: &CancellationToken) -> Result<u32> {
        Ok(self.folders(cancel).await?.len() as u32)
    }

    fn api(&self) -> Result<&Api> {
        self.api.as_ref().map_err(Clone::clone)
    }

    async fn well_known(&self, cancel: &CancellationToken) -> Result<&WellKnown> {
        let api = self.api()?;
        Ok(self.well_known.get_or_try_init(|| WellKnown::ask(api, cancel)).await?)
    }

    async fn folders(&self, cancel: &CancellationToken) -> Result<Vec<RemoteMailbox>> {
        Ok(folder::list(self.api()?, self.well_known(cancel).await?, cancel).await?)
    }

    fn remember_inbox(&self, link: &str) {
        *self.inbox.lock().unwrap_or_else(PoisonError::into_inner) = Some(link.to_owned());
    }

    /// The inbox has changed since the last round.
    async fn has_news(&self, cancel: &CancellationToken) -> Result<bool> {
        let api = self.api()?;
        let link = self.inbox.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(mut link) = link.and_then(|link| api.link(&link)) else { return Ok(true) };
        // An empty page may have a next one.
        for _ in 0..pull::PAGES_MAX {
            let page: Page<Message> = match api.page(link, pull::PAGE, cancel).await {
                Ok(page) => page,
                Err(Fault::Lost(_)) => return Ok(true),
                Err(fault) => return Err(fault.error()),
            };
            if !page.value.is_empty() {
                return Ok(true);
            }
            let Some(next) = page.next.and_then(|next| api.link(&next)) else {
                if let Some(delta) = page.delta {
                    self.remember_inbox(&delta);
                }
                return Ok(false);
            };
            link = next;
        }
        Ok(true)
    }
}

#[async_trait]
impl Remote for GraphRemote {
    async fn pull(&self, local: &dyn Local, scope: &PullScope, cancel: &CancellationToken) -> Result<()> {
        pull::pull(self, local, scope, cancel).await
    }

    async fn wait(&self, poll_seconds: u32, cancel: &CancellationToken) -> Result<Woken> {
        let end = Instant::now() + Duration::from_secs(poll_seconds.into());
        loop {
            if self.has_news(cancel).await? {
                return Ok(Woken::News);
            }
            let now = Instant::now();
            if now >= end {
                return Ok(Woken::Elapsed);
            }
            tokio::select! {
                () = cancel.cancelled() => return Err(net::cancelled()),
                () = tokio::time::sleep_until(end.min(now + LOOK_EVERY)) => {}
            }
        }
    }

    async fn act(&self, act: &Act, cancel: &CancellationToken) -> Result<ActDone> {
        Ok(act::make(self.api()?, act, cancel).await?)
    }

    async fn fetch(&self, _mailbox: &str, key: &str, cancel: &CancellationToken) -> Result<Option<Vec<u8>>> {
        match self.api()?.mime(key, cancel).await {
            Ok(raw) => Ok(Some(raw)),
            Err(Fault::Missing(_)) => Ok(None),
            Err(fault) => Err(fault.error()),
        }
    }

    async fn find(&self, mailbox: &str, message_id: &str, cancel: &CancellationToken) -> Result<Vec<RemoteKey>> {
        Ok(draft::find(self.api()?, mailbox, message_id, cancel).await?)
    }

    async fn close(&self) {}
}
