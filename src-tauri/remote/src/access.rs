//! What an adapter needs to reach a server in somebody's name.
//!
//! Owns: [`Access`] and [`Secret`]. Refuses: keeping secrets anywhere but in memory.
//! Look next: [`crate::secret`] for how they rest in the store.

use async_trait::async_trait;
use model::account::ServerSettings;
use model::{ErrorCode, Result};
use std::future::Future;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A password or token: never shown by `Debug`, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The secret itself; keep it short-lived.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Gives fresh OAuth access tokens; asked before each sign-in.
#[async_trait]
pub trait TokenSource: Send + Sync {
    /// A token that lives for a while yet.
    async fn access(&self) -> Result<Secret>;
    /// Learns that a server refused this one before its time.
    async fn refused(&self, token: &Secret);
}

/// How to sign in.
#[derive(Clone)]
pub enum SignIn {
    /// With a password.
    Password(Secret),
    /// With an OAuth access token (XOAUTH2, OAUTHBEARER).
    Token(Arc<dyn TokenSource>),
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Password(_) => "SignIn::Password(..)",
            Self::Token(_) => "SignIn::Token(..)",
        })
    }
}

/// One server, and how to sign in there.
#[derive(Clone, Debug)]
pub struct Access {
    /// Where.
    pub server: ServerSettings,
    /// As whom.
    pub sign_in: SignIn,
    /// Certificate authorities in PEM trusted besides the system's.
    pub ca_pem: Option<String>,
}

/// A sign-in with what is needed at hand.
#[derive(Clone, Debug)]
pub(crate) enum Credential {
    Password(Secret),
    Token(Secret),
}

impl Access {
    /// The password, or a token fetched now.
    pub(crate) async fn credential(&self) -> Result<Credential> {
        Ok(match &self.sign_in {
            SignIn::Password(secret) => Credential::Password(secret.clone()),
            SignIn::Token(source) => Credential::Token(source.access().await?),
        })
    }

    /// Signs in by `open`, and, where the server refuses the token, once more with another one: it may have
    /// been revoked before its time.
    pub(crate) async fn signed_in<T, F>(&self, mut open: impl FnMut(Credential) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let credential = self.credential().await?;
        let refused = match open(credential.clone()).await {
            Err(error) if error.code == ErrorCode::SignIn => error,
            done => return done,
        };
        let (SignIn::Token(source), Credential::Token(token)) = (&self.sign_in, &credential) else {
            return Err(refused);
        };
        source.refused(token).await;
        let another = source.access().await?;
        if another == *token { Err(refused) } else { open(Credential::Token(another)).await }
    }
}

/// SASL PLAIN (RFC 4616).
pub(crate) fn sasl_plain(user: &str, password: &Secret) -> Zeroizing<String> {
    Zeroizing::new(format!("\0{user}\0{}", password.expose()))
}

/// SASL XOAUTH2 (Google, Microsoft).
pub(crate) fn sasl_xoauth2(user: &str, token: &Secret) -> Zeroizing<String> {
    Zeroizing::new(format!("user={user}\x01auth=Bearer {}\x01\x01", token.expose()))
}

/// SASL OAUTHBEARER (RFC 7628, section 3.1).
pub(crate) fn sasl_oauthbearer(user: &str, host: &str, port: u16, token: &Secret) -> Zeroizing<String> {
    let user = user.replace('=', "=3D").replace(',', "=2C");
    Zeroizing::new(format!("n,a={user},\x01host={host}\x01port={port}\x01auth=Bearer {}\x01\x01", token.expose()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_shows_in_debug() {
        let shown = format!("{:?}", SignIn::Password(Secret::new("hunter2")));
        assert!(!shown.contains("hunter2"));
        assert!(!format!("{:?}", Secret::new("hunter2")).contains("hunter2"));
    }
}
