//! Fresh access tokens: one refresh for all who wait, a rotated refresh token stored before use.

use super::flow::{self, Tokens};
use super::provider::Provider;
use crate::access::{Secret, TokenSource};
use async_trait::async_trait;
use model::{Clock, Error, ErrorCode, Result, Timestamp};
use std::any::Any;
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
    /// Waits until nobody else, in whatever program, refreshes this token; drop the turn when done. A
    /// provider that rotates tokens ends the whole permission when an old one is shown to it twice.
    async fn turn(&self) -> Result<Box<dyn Any + Send>>;
    /// Learns that only the user can help: the permission has ended.
    async fn ended(&self, error: &Error);
    /// Adds what it knows of why the permission ended.
    async fn explain(&self, error: Error) -> Error {
        error
    }
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
    /// `SignIn`, `AdminConsent`: see [`Vault::ended`]; `Network`, `Timeout`, `Throttled`, `Busy`: try later;
    /// `Locked`; `Conflict` where the provider refuses for any other reason, such as its client secret.
    pub async fn access(&self) -> Result<Secret> {
        let mut current = self.current.lock().await;
        if let Some((token, ends_at)) = &*current
            && ends_at.0 - self.clock.now().0 > LEFT_MILLIS
        {
            return Ok(token.clone());
        }
        match self.renew().await {
            Ok(tokens) => {
                *current = Some(self.dated(&tokens));
                Ok(tokens.access)
            }
            Err(error) => {
                *current = None;
                if !matches!(error.code, ErrorCode::SignIn | ErrorCode::AdminConsent) {
                    return Err(error);
                }
                let error = self.vault.explain(error).await;
                self.vault.ended(&error).await;
                Err(error)
            }
        }
    }

    async fn renew(&self) -> Result<Tokens> {
        let _turn = self.vault.turn().await?;
        let tokens = flow::refresh(&self.provider, &self.vault.load().await?).await.map_err(|error| {
            // Letters wait for what somebody can set right; they are refused only for their own sake.
            let waits = error.code.is_transient()
                || matches!(error.code, ErrorCode::SignIn | ErrorCode::AdminConsent | ErrorCode::Conflict);
            if waits { error } else { Error { code: ErrorCode::Conflict, ..error } }
        })?;
        if let Some(rotated) = &tokens.refresh {
            // Before the access token is used: a crash after that must find the new one.
            self.vault.store(rotated).await?;
        }
        Ok(tokens)
    }

    /// Forgets the access token, as the server refused it before its time.
    pub async fn refused(&self, token: &Secret) {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|(held, _)| held == token) {
            *current = None;
        }
    }

    /// Takes over the access token of a finished sign-in; its refresh token is in the vault already.
    pub async fn adopt(&self, tokens: &Tokens) {
        *self.current.lock().await = Some(self.dated(tokens));
    }

    /// The provider, as this keeper knows it.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    fn dated(&self, tokens: &Tokens) -> (Secret, Timestamp) {
        (tokens.access.clone(), self.clock.now().plus_seconds(tokens.lives_seconds))
    }
}

#[async_trait]
impl TokenSource for Keeper {
    async fn access(&self) -> Result<Secret> {
        Self::access(self).await
    }

    async fn refused(&self, token: &Secret) {
        Self::refused(self, token).await;
    }
}
