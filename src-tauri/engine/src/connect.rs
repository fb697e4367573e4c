//! An account's way to the outside.

use crate::Engine;
use crate::sandbox::{SandboxRemote, SandboxSubmit};
use model::account::AccountKind;
use model::{AccountId, Error, ErrorCode, Result};
use remote::contract::{Remote, Submit};
use std::sync::Arc;

impl Engine {
    /// The mailboxes of an account on its server.
    ///
    /// # Errors
    /// `NotFound` where the account is gone; `Locked` where its secrets can't be read.
    pub async fn remote(&self, account: AccountId) -> Result<Arc<dyn Remote>> {
        match self.kind_of(account).await? {
            AccountKind::Sandbox => Ok(Arc::new(SandboxRemote::new(self, account))),
            _ => Err(unreachable()),
        }
    }

    /// The account's way for letters.
    ///
    /// # Errors
    /// As [`Engine::remote`].
    pub async fn submitter(&self, account: AccountId) -> Result<Arc<dyn Submit>> {
        match self.kind_of(account).await? {
            AccountKind::Sandbox => Ok(Arc::new(SandboxSubmit::new(self, account))),
            _ => Err(unreachable()),
        }
    }

    async fn kind_of(&self, account: AccountId) -> Result<AccountKind> {
        self.store().read(move |r| Ok(store::account::get(r, account)?.kind)).await
    }
}

fn unreachable() -> Error {
    Error::new(ErrorCode::Locked, "The account's server can't be reached by this program yet.")
}
