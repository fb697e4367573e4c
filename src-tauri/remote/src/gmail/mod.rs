//! Gmail's API: mail in, acts and letters out over HTTPS, for accounts at Google.
//!
//! Owns: labels as mailboxes ([`label`]), what to ask for and in which order ([`pull`]), the quota of a
//! user ([`quota`]).
//! Refuses: storing anything; tokens are the [`Keeper`]'s.
//! A message's key is its id at Gmail, the same under every label; batches are for the whole account.

mod act;
mod alias;
mod api;
mod batch;
mod bulk;
mod compare;
mod cursor;
mod fault;
mod fetch;
mod history;
mod label;
mod pull;
mod quota;
mod submit;
mod upload;
mod wire;

pub use alias::{Alias, aliases};
pub use submit::GmailSubmit;

use crate::access::Access;
use crate::auth::token::Keeper;
use crate::contract::{Act, ActDone, Local, PullScope, Remote, RemoteKey, Woken};
use crate::imap::GmailImap;
use api::Api;
use async_trait::async_trait;
use fetch::{Fetcher, Format, Got};
use model::{Error, ErrorCode, Result};
use quota::Quota;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What the adapters need to reach one mailbox.
#[derive(Clone)]
pub struct GmailAccess {
    /// Root of the API, such as `https://gmail.googleapis.com`.
    pub api: String,
    /// The account's own address.
    pub email: String,
    /// Fresh access tokens.
    pub tokens: Arc<Keeper>,
    /// Where many letters are read at once; `None` is the API.
    pub imap: Option<Access>,
}

/// How hard the server may be worked.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Quota units in a window; `None` where only the server's own answers say when it is too much.
    pub units: Option<u32>,
    /// That window.
    pub window: Duration,
    /// Between two looks for news; Gmail pushes to servers alone.
    pub poll: Duration,
    /// First pause after a fault that may pass; the next ones double.
    pub back_off: Duration,
}

impl Pace {
    /// Google's own server has published limits; a gateway has its own.
    pub fn of(api: &str) -> Self {
        let google =
            url::Url::parse(api).is_ok_and(|url| url.host_str().is_some_and(|h| h.ends_with("googleapis.com")));
        Self {
            units: google.then_some(6000),
            window: Duration::from_mins(1),
            poll: Duration::from_secs(20),
            back_off: Duration::from_secs(1),
        }
    }
}

/// A mailbox at Google.
pub struct GmailRemote {
    access: GmailAccess,
    pace: Pace,
    api: OnceLock<Api>,
    /// The history's id the last pull was in step with.
    seen: Mutex<Option<String>>,
}

impl GmailRemote {
    /// An account's adapter; connects when it is first needed.
    pub fn new(access: GmailAccess) -> Self {
        let pace = Pace::of(&access.api);
        Self::paced(access, pace)
    }

    /// The same at another pace.
    pub fn paced(access: GmailAccess, pace: Pace) -> Self {
        Self { access, pace, api: OnceLock::new(), seen: Mutex::new(None) }
    }

    /// Asks for the labels; how many mailboxes there are.
    ///
    /// # Errors
    /// As [`Remote`].
    pub async fn try_out(&self, cancel: &CancellationToken) -> Result<u32> {
        let list: wire::LabelList = self.api()?.get(quota::cost::LABEL_LIST, "/labels", &[], api::ACT, cancel).await?;
        Ok(label::mailboxes(&list.labels).len() as u32)
    }

    fn api(&self) -> Result<&Api> {
        if let Some(api) = self.api.get() {
            return Ok(api);
        }
        let api = api_of(&self.access, &self.pace)?;
        Ok(self.api.get_or_init(|| api))
    }
}

fn api_of(access: &GmailAccess, pace: &Pace) -> Result<Api> {
    Api::new(access, *pace, Quota::of(access, pace))
}

#[async_trait]
impl Remote for GmailRemote {
    async fn pull(&self, local: &dyn Local, scope: &PullScope, cancel: &CancellationToken) -> Result<()> {
        // A round that fetches little never connects.
        let imap = self.access.imap.clone().map(GmailImap::new);
        let history = pull::pull(self.api()?, imap.as_ref(), local, scope, cancel).await?;
        if let Ok(mut seen) = self.seen.lock() {
            *seen = Some(history);
        }
        Ok(())
    }

    async fn wait(&self, poll_seconds: u32, cancel: &CancellationToken) -> Result<Woken> {
        let api = self.api()?;
        let until = Instant::now() + Duration::from_secs(u64::from(poll_seconds));
        let seen = self.seen.lock().ok().and_then(|seen| seen.clone());
        let seen = match seen {
            Some(seen) => seen,
            None => pull::baseline(api, cancel).await?,
        };
        loop {
            if history::any(api, &seen, cancel).await? {
                return Ok(Woken::News);
            }
            let now = Instant::now();
            if now >= until {
                return Ok(Woken::Elapsed);
            }
            tokio::select! {
                () = cancel.cancelled() => return Err(Error::new(ErrorCode::Cancelled, "Stopped.")),
                () = tokio::time::sleep(self.pace.poll.min(until - now)) => {}
            }
        }
    }

    async fn act(&self, act: &Act, cancel: &CancellationToken) -> Result<ActDone> {
        act::act(self.api()?, act, cancel).await
    }

    async fn fetch(&self, _mailbox: &str, key: &str, cancel: &CancellationToken) -> Result<Option<Vec<u8>>> {
        let mut fetcher = Fetcher::new(self.api()?, vec![key.to_owned()], Format::Raw, cancel);
        match fetcher.next().await? {
            Some(Got::Message(message)) => Ok(Some(message.raw)),
            Some(Got::Unreadable(_, why)) => {
                Err(Error::new(ErrorCode::Refused, "Gmail can't give this letter.").detail(why))
            }
            Some(Got::Gone(_)) | None => Ok(None),
        }
    }

    async fn find(&self, mailbox: &str, message_id: &str, cancel: &CancellationToken) -> Result<Vec<RemoteKey>> {
        act::find(self.api()?, mailbox, message_id, cancel).await
    }

    async fn close(&self) {}
}
