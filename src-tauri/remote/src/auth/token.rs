//! Fresh access tokens: one refresh for all who wait, a rotated refresh token stored before use.

use super::flow::{self, Tokens};
use super::provider::Provider;
use crate::access::Secret;
use async_trait::async_trait;
use model::{Clock, Result, Timestamp};
use std::sync::Arc;
use tokio::sync::Mutex;

/// A token with less life than this is renewed before it is used, milliseconds.
const LEFT_MILLIS: i64 = 5 * 60 * 1000;

/// Where refresh tokens rest, sealed.
#[async_trait]
pub trait Vault: Send + Sync {
    /// The refresh token.
    async fn load(&self) -> Result<Secret>;
    /// Replaces it, durable when this returns.
    async fn store(&self, token: &Secret) -> Result<()>;
}

/// The access token of one account.
pub struct Keeper {
    provider: Provider,
    vault: Arc<dyn Vault>,
    clock: Arc<dyn Clock>,
    current: Mutex<Option<(Secret, Timestamp)>>,
}

impl Keeper {
    /// A keeper that asks the vault when it is first needed.
    pub fn new(provider: Provider, vault: Arc<dyn Vault>, clock: Arc<dyn Clock>) -> Self {
        Self { provider, vault, clock, current: Mutex::new(None) }
    }

    /// An access token that lives at least five more minutes. Everybody who asks while a refresh is
    /// under way waits for that one.
    ///
    /// # Errors
    /// As [`flow::refresh`] and the vault give them.
    pub async fn access(&self) -> Result<Secret> {
        let mut current = self.current.lock().await;
        if let Some((token, ends_at)) = &*current
            && ends_at.0 - self.clock.now().0 > LEFT_MILLIS
        {
            return Ok(token.clone());
        }
        let tokens = flow::refresh(&self.provider, &self.vault.load().await?).await?;
        if let Some(rotated) = &tokens.refresh {
            // Before the access token is used: a crash after that must find the new one.
            self.vault.store(rotated).await?;
        }
        *current = Some(self.dated(&tokens));
        Ok(tokens.access)
    }

    /// Forgets the access token, as the server refused it before its time.
    pub async fn refused(&self, token: &Secret) {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|(held, _)| held == token) {
            *current = None;
        }
    }

    /// Takes over the tokens of a finished sign-in.
    pub async fn adopt(&self, tokens: &Tokens) -> Result<()> {
        if let Some(refresh) = &tokens.refresh {
            self.vault.store(refresh).await?;
        }
        *self.current.lock().await = Some(self.dated(tokens));
        Ok(())
    }

    fn dated(&self, tokens: &Tokens) -> (Secret, Timestamp) {
        (tokens.access.clone(), self.clock.now().plus_seconds(tokens.lives_seconds))
    }
}
