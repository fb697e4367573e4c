//! Fresh access tokens: one keeper an account, shared by all that connect in its name.
//!
//! Owns: where refresh tokens rest (sealed, in mail.db), whose turn it is to refresh one, and what the
//! account says of itself when its permission has ended.
//! Refuses: showing a token to anybody but an adapter. Look next: `remote::auth::token`, [`crate::sign_in`].

use crate::{Engine, Inner};
use async_trait::async_trait;
use model::account::{Account, AccountKind, SyncPhase};
use model::provider::SignInTransport;
use model::{AccountId, Error, ErrorCode, Result, say};
use remote::Secret;
use remote::auth::provider::{Entered, Provider, resolve_by};
use remote::auth::token::{Keeper, Vault};
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;
use store::Store;
use store::account::{SignedIn, SyncUpdate};
use store::lock::Lock;
use store::provider::StoredProvider;
use tokio::sync::Mutex;

/// The secret of an account that signs in by OAuth.
pub(crate) const REFRESH_TOKEN: &str = "refresh_token";
/// The secret of a provider.
pub(crate) const CLIENT_SECRET: &str = "client_secret";
/// How often a turn that another program has is looked for.
const TURN_POLL: Duration = Duration::from_millis(50);
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// The age at which Google ends the refresh tokens of a project in testing (it does not rotate them): seven
/// days, and as long as it may take until somebody asks for mail again.
/// <https://developers.google.com/identity/protocols/oauth2#expiration>
const GOOGLE_TESTING: std::ops::Range<i64> = 7 * DAY_MILLIS..9 * DAY_MILLIS;
/// Longer than any refresh takes.
const TURN_TIME: Duration = Duration::from_secs(90);

/// The keepers of one engine.
#[derive(Default)]
pub(crate) struct Keepers {
    by_account: Mutex<HashMap<AccountId, Kept>>,
}

struct Kept {
    /// What the keeper was made from; with anything else it is made anew.
    made_from: String,
    keeper: Arc<Keeper>,
}

/// Which way an account of this kind reads and sends.
pub(crate) fn transport(kind: AccountKind) -> SignInTransport {
    match kind {
        AccountKind::Gmail | AccountKind::Microsoft => SignInTransport::Api,
        AccountKind::Imap | AccountKind::Sandbox => SignInTransport::Imap,
    }
}

/// What was entered for a provider, and when its secret was set.
pub(crate) fn entered(read: &impl store::db::Read, name: &str) -> Result<(StoredProvider, i64)> {
    let stored = store::provider::get(read, name)?
        .unwrap_or_else(|| StoredProvider { name: name.to_owned(), ..StoredProvider::default() });
    let secret = store::account::secret(read, &store::provider::owner(name), CLIENT_SECRET)?;
    Ok((stored, secret.map_or(0, |(_, at)| at.0)))
}

impl Engine {
    /// The provider with all that was entered for it, its secret opened.
    ///
    /// # Errors
    /// As [`resolve_by`]; `Locked` where the secret can't be read.
    pub(crate) async fn provider(&self, stored: &StoredProvider, transport: SignInTransport) -> Result<Provider> {
        let secret = self.secret(&store::provider::owner(&stored.name), CLIENT_SECRET).await?;
        resolve_by(&stored.name, &Entered { client_secret: secret, ..as_entered(stored) }, transport)
    }

    /// The keeper of an account's access token.
    ///
    /// # Errors
    /// `Conflict` where the account does not sign in by OAuth; as [`Engine::provider`].
    pub(crate) async fn keeper(&self, account: &Account) -> Result<Arc<Keeper>> {
        let id = account.id;
        let (signed_in, stored, secret_at) = self
            .store()
            .read(move |r| {
                let signed_in = store::account::signed_in(r, id)?.ok_or_else(|| by_password(r, id))?;
                let (stored, secret_at) = entered(r, &signed_in.provider)?;
                Ok((signed_in, stored, secret_at))
            })
            .await?;
        let made_from = format!("{stored:?} {secret_at} {:?} {}", account.kind, signed_in.provider);
        let mut keepers = self.inner.keepers.by_account.lock().await;
        if let Some(kept) = keepers.get(&id).filter(|kept| kept.made_from == made_from) {
            return Ok(kept.keeper.clone());
        }
        let provider = self.provider(&stored, transport(account.kind)).await?;
        let keeper = Arc::new(Keeper::new(provider, Arc::new(self.vault(id)), self.store().clock()));
        keepers.insert(id, Kept { made_from, keeper: keeper.clone() });
        Ok(keeper)
    }

    /// Forgets the keeper of an account that is gone.
    pub(crate) async fn forget_keeper(&self, account: AccountId) {
        self.inner.keepers.by_account.lock().await.remove(&account);
    }

    /// Where an account's refresh token rests.
    pub(crate) fn vault(&self, account: AccountId) -> AccountVault {
        AccountVault { engine: Arc::downgrade(&self.inner), store: self.store().clone(), account }
    }

    /// Whose sign-in an account lives by.
    pub(crate) async fn signed_in(&self, account: AccountId) -> Result<Option<SignedIn>> {
        self.store().read(move |r| store::account::signed_in(r, account)).await
    }
}

/// The stored settings as the providers' table takes them; the secret is left out.
pub(crate) fn as_entered(stored: &StoredProvider) -> Entered {
    Entered {
        title: stored.title.clone(),
        client_id: stored.client_id.clone(),
        client_secret: None,
        tenant: stored.tenant.clone(),
        endpoints: stored.endpoints.clone(),
        scopes: stored.scopes.clone(),
        imap: stored.imap.clone(),
        smtp: stored.smtp.clone(),
    }
}

fn by_password(read: &impl store::db::Read, id: AccountId) -> Error {
    match store::account::get(read, id) {
        Ok(account) => {
            Error::new(ErrorCode::Conflict, say!("{email} signs in with a password.", email = account.email))
                .remedy("Give its password in the account's settings.")
        }
        Err(error) => error,
    }
}

/// An account's refresh token, sealed in the store. Holds the engine weakly: the engine holds the keepers.
pub(crate) struct AccountVault {
    engine: Weak<Inner>,
    store: Store,
    account: AccountId,
}

impl AccountVault {
    fn engine(&self) -> Result<Engine> {
        let inner = self.engine.upgrade().ok_or_else(|| Error::new(ErrorCode::Cancelled, "Tabella is closing."))?;
        Ok(Engine { inner })
    }
}

#[async_trait]
impl Vault for AccountVault {
    async fn load(&self) -> Result<Secret> {
        let engine = self.engine()?;
        engine.secret(&store::account::owner(self.account), REFRESH_TOKEN).await?.ok_or_else(|| {
            Error::new(ErrorCode::SignIn, "No sign-in is stored for this account.")
                .remedy("Sign in again in the account's settings.")
        })
    }

    async fn store(&self, token: &Secret) -> Result<()> {
        let owner = store::account::owner(self.account);
        let sealed = self.engine()?.seal(&owner, REFRESH_TOKEN, token).await?;
        let id = self.account;
        self.store
            .write_durable(move |w| {
                store::account::get(w, id)?;
                store::account::put_secret(w, &owner, REFRESH_TOKEN, &sealed)
            })
            .await
    }

    async fn turn(&self) -> Result<Box<dyn Any + Send>> {
        let name = format!("token-{}", self.account);
        let wait = async {
            loop {
                if let Some(lock) = Lock::try_take(self.store.profile(), &name)? {
                    return Ok::<Box<dyn Any + Send>, Error>(Box::new(lock));
                }
                tokio::time::sleep(TURN_POLL).await;
            }
        };
        tokio::time::timeout(TURN_TIME, wait).await.unwrap_or_else(|_| {
            Err(Error::new(ErrorCode::Busy, "Another program renews this account's sign-in.")
                .remedy("Tabella tries again by itself."))
        })
    }

    async fn explain(&self, error: Error) -> Error {
        let id = self.account;
        let known = self.store.read(move |r| {
            let provider = store::account::signed_in(r, id)?.map(|s| s.provider);
            let set = store::account::secret(r, &store::account::owner(id), REFRESH_TOKEN)?;
            Ok(provider.filter(|name| name == "google").zip(set.map(|(_, at)| at)))
        });
        match known.await {
            Ok(Some((_, set_at))) if GOOGLE_TESTING.contains(&(self.store.now().0 - set_at.0)) => error.remedy(
                "Sign in again; your mail stays here. Google ends sign-ins after seven days while its project is in \
                 testing: publish it (Google Auth Platform, Audience, Publish app) and this ends.",
            ),
            _ => error,
        }
    }

    async fn ended(&self, error: &Error) {
        let (id, error) = (self.account, error.clone());
        let update = SyncUpdate { phase: Some(SyncPhase::SignIn), error: Some(Some(error)), ..SyncUpdate::default() };
        let told = self.store.write(move |w| store::account::set_sync(w, id, &update)).await;
        if let Err(error) = told {
            tracing::info!(%error, account = %id, "an ended permission could not be shown");
        }
    }
}
