//! The profile's secrets: sealed before they reach the store, opened only for a connection.
//!
//! Owns: which home the key has (see `remote::secret`) and the state people see of it.
//! Refuses: answering with a secret at the door.

use crate::{Engine, Options};
use model::setting::SecretsState;
use model::{Error, ErrorCode, Phrase, Result, say};
use remote::Secret;
use remote::secret::{Lock, Sealer, Vault};
use store::Store;
use tokio::sync::{RwLock, RwLockReadGuard};

/// What to do about a locked profile.
pub(crate) fn unlock() -> Phrase {
    say!(
        "Unlock the system's keyring, or give the profile's passphrase: in the window when it asks, or by TABELLA_PASSPHRASE or --passphrase-file."
    )
}

const PROFILE_ID: &str = "profile_id";
const LOCK: &str = "secrets_lock";

/// The secrets of one profile. The key is looked for when it is first needed: a passphrase costs
/// much memory and time on purpose, and most commands need no secret.
pub(crate) struct Secrets {
    store: Store,
    options: Options,
    vault: RwLock<Option<Vault>>,
}

impl Secrets {
    pub(crate) fn new(store: &Store, options: &Options) -> Self {
        Self { store: store.clone(), options: options.clone(), vault: RwLock::new(None) }
    }

    /// The vault, opened if it was not.
    ///
    /// # Errors
    /// `SignIn` for a wrong passphrase, `Damaged`, `Disk`.
    async fn vault(&self) -> Result<RwLockReadGuard<'_, Vault>> {
        loop {
            if let Ok(open) = RwLockReadGuard::try_map(self.vault.read().await, Option::as_ref) {
                return Ok(open);
            }
            let mut vault = self.vault.write().await;
            if vault.is_none() {
                *vault = Some(look(&self.store, &self.options).await?);
            }
        }
    }

    /// What people see.
    pub(crate) async fn shown(&self) -> SecretsState {
        self.vault().await.map_or(SecretsState::Locked, |vault| vault.state)
    }

    /// True where secrets can be opened.
    pub(crate) async fn is_open(&self) -> bool {
        self.vault().await.is_ok_and(|vault| vault.sealer.is_some())
    }

    /// Seals and opens; an error where the profile is locked.
    pub(crate) async fn sealer(&self) -> Result<Sealer> {
        let vault = self.vault().await?;
        vault.sealer.clone().ok_or_else(|| {
            let error = Error::new(
                ErrorCode::Locked,
                match vault.state {
                    SecretsState::NeedsPassphrase => {
                        "No keyring answers on this system, so passwords have no safe place yet."
                    }
                    _ => "The profile's passwords are locked.",
                },
            )
            .remedy(unlock());
            match &vault.problem {
                Some(problem) => error.detail(problem),
                None => error,
            }
        })
    }
}

impl Engine {
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.inner.secrets
    }

    /// Looks for the profile's key now, before anything needs it; true where it is there.
    ///
    /// # Errors
    /// `SignIn` where the passphrase given at start is wrong.
    pub async fn open_key(&self) -> Result<bool> {
        Ok(self.secrets().vault().await?.sealer.is_some())
    }

    /// Unlocks the profile by passphrase; sets it where none is set.
    pub(crate) async fn unlock(&self, passphrase: Secret) -> Result<()> {
        let mut held = self.inner.secrets.vault.write().await;
        if held.as_ref().is_some_and(|vault| vault.sealer.is_some()) {
            return Err(Error::new(ErrorCode::Conflict, "The profile's passwords are not locked."));
        }
        let unlocked = Vault::unlock(lock(self.store()).await?, &passphrase).await?;
        keep(self.store(), unlocked.lock.clone()).await?;
        *held = Some(unlocked);
        Ok(())
    }

    /// Seals a secret for the store.
    pub(crate) async fn seal(&self, owner: &str, field: &str, secret: &Secret) -> Result<Vec<u8>> {
        self.secrets().sealer().await?.seal(owner, field, secret)
    }

    /// Opens a stored secret; `None` where none is stored.
    pub(crate) async fn secret(&self, owner: &str, field: &'static str) -> Result<Option<Secret>> {
        let name = owner.to_owned();
        let stored = self.store().read(move |r| store::account::secret(r, &name, field)).await?;
        match stored {
            Some((sealed, _)) => Ok(Some(self.secrets().sealer().await?.open(owner, field, &sealed)?)),
            None => Ok(None),
        }
    }
}

/// Looks for the key: under a passphrase where one was set, else in the keyring. A passphrase
/// given at start sets itself only on a profile that never had a key: it must not replace one
/// that a keyring still holds.
async fn look(store: &Store, options: &Options) -> Result<Vault> {
    let stored = lock(store).await?;
    let under_passphrase = stored.as_ref().is_some_and(|l| l.passphrase.is_some());
    let mut vault = if options.keyring || under_passphrase {
        Vault::open(&profile_id(store).await?, stored.clone()).await
    } else {
        Vault { state: SecretsState::NeedsPassphrase, sealer: None, lock: stored.clone(), problem: None }
    };
    if let Some(problem) = &vault.problem {
        tracing::warn!(code = problem.code.as_str(), "the keyring did not give the profile's key");
    }
    if vault.sealer.is_none()
        && let Some(passphrase) = &options.passphrase
        && (stored.is_none() || under_passphrase)
    {
        vault = Vault::unlock(stored.clone(), &Secret::new(passphrase.clone())).await?;
    }
    if vault.lock != stored {
        keep(store, vault.lock.clone()).await?;
    }
    Ok(vault)
}

async fn lock(store: &Store) -> Result<Option<Lock>> {
    let text = store.read(|r| store::meta::get(r, LOCK)).await?;
    text.map(|t| {
        serde_json::from_str(&t).map_err(|e| {
            Error::new(ErrorCode::Damaged, "What the profile knows of its key is damaged.")
                .remedy("Restore the profile from a backup.")
                .detail(e)
        })
    })
    .transpose()
}

async fn keep(store: &Store, lock: Option<Lock>) -> Result<()> {
    let Some(lock) = lock else { return Ok(()) };
    let text = serde_json::to_string(&lock).map_err(|e| Error::internal(&e))?;
    store
        .write_durable(move |w| {
            store::meta::put(w, LOCK, &text)?;
            w.changed(model::Noun::Setting, None::<i64>);
            Ok(())
        })
        .await
}

/// The profile's id (its user name in the keyring), made at first use.
async fn profile_id(store: &Store) -> Result<String> {
    store
        .write(|w| {
            if let Some(id) = store::meta::get(w, PROFILE_ID)? {
                Ok(id)
            } else {
                let id = ulid::Ulid::new().to_string();
                store::meta::put(w, PROFILE_ID, &id)?;
                Ok(id)
            }
        })
        .await
}
