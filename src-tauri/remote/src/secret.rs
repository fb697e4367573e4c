//! Secrets at rest: one 32-byte key a profile, in the OS keyring or made from a passphrase; everything
//! else is sealed under it (XChaCha20-Poly1305) and lies in the profile.
//!
//! Owns: [`Sealer`], and where its key comes from ([`Vault`]). Refuses: keeping anything in plain
//! anywhere, and going on without a key.

use crate::access::Secret;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use model::setting::SecretsState;
use model::{Error, ErrorCode, Result, say};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// The keyring's name for us.
const SERVICE: &str = "org.tabella.profile";
/// A keyring may ask its owner to unlock it; for longer nobody is there.
const KEYRING_TIME: Duration = Duration::from_mins(1);
/// Characters a new passphrase needs.
pub const PASSPHRASE_MIN_CHARS: usize = 8;
const NONCE_BYTES: usize = 24;
const KEY_BYTES: usize = 32;
/// First byte of every sealed value.
const VERSION: u8 = 1;
/// Sealed beside the secrets, to tell the right key from a wrong one.
const CHECK: &str = "tabella";

type Key = Zeroizing<[u8; KEY_BYTES]>;

/// Seals and opens secrets under the profile's key.
#[derive(Clone)]
pub struct Sealer {
    key: Arc<Key>,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(..)")
    }
}

impl Sealer {
    fn new(key: Key) -> Self {
        Self { key: Arc::new(key) }
    }

    /// A key of its own, for tests and for values that end with the process.
    ///
    /// # Errors
    /// `Internal` where the system gives no random bytes.
    pub fn random() -> Result<Self> {
        Ok(Self::new(random_key()?))
    }

    /// Seals a secret for one field of one owner (an account's id, `provider/google`); only
    /// [`Sealer::open`] with the same owner and field gives it back.
    ///
    /// # Errors
    /// `Internal` where the system gives no random bytes.
    pub fn seal(&self, owner: &str, field: &str, secret: &Secret) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_BYTES];
        fill(&mut nonce)?;
        let bound = bound_to(owner, field);
        let payload = Payload { msg: secret.expose().as_bytes(), aad: &bound };
        let sealed = self
            .cipher()
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| Error::internal("sealing failed"))?;
        Ok([&[VERSION][..], &nonce, &sealed].concat())
    }

    /// Opens what [`Sealer::seal`] made.
    ///
    /// # Errors
    /// `Locked` where it was sealed under another key or for another field, `Newer` where a newer
    /// Tabella sealed it.
    pub fn open(&self, owner: &str, field: &str, sealed: &[u8]) -> Result<Secret> {
        let unreadable = || {
            Error::new(ErrorCode::Locked, "A stored password can't be read: it was kept under another key.")
                .remedy("Enter the password again.")
        };
        match sealed.first() {
            Some(&VERSION) => {}
            Some(_) => {
                return Err(Error::new(ErrorCode::Newer, "A stored password was written by a newer Tabella."));
            }
            None => return Err(unreadable()),
        }
        let nonce = sealed.get(1..=NONCE_BYTES).ok_or_else(unreadable)?;
        let text = sealed.get(1 + NONCE_BYTES..).ok_or_else(unreadable)?;
        let bound = bound_to(owner, field);
        let plain = self
            .cipher()
            .decrypt(XNonce::from_slice(nonce), Payload { msg: text, aad: &bound })
            .map_err(|_| unreadable())?;
        String::from_utf8(plain).map(Secret::new).map_err(|_| unreadable())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.key.as_slice().into())
    }

    fn check(&self) -> Result<String> {
        Ok(STANDARD.encode(self.seal("profile", "check", &Secret::new(CHECK))?))
    }

    fn fits(&self, lock: &Lock) -> bool {
        STANDARD.decode(&lock.check).is_ok_and(|sealed| self.open("profile", "check", &sealed).is_ok())
    }
}

/// What a sealed value is bound to; lengths keep fields from running into each other.
fn bound_to(owner: &str, field: &str) -> Vec<u8> {
    format!("tabella/{VERSION}/{}:{owner}/{}:{field}", owner.len(), field.len()).into_bytes()
}

fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(Error::internal)
}

fn random_key() -> Result<Key> {
    let mut key = Key::default();
    fill(key.as_mut_slice())?;
    Ok(key)
}

/// What the profile stores about its key; nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// A known value sealed under the key, in Base64.
    pub check: String,
    /// How the key is made from a passphrase; `None` where the keyring holds it.
    pub passphrase: Option<Recipe>,
}

/// Argon2id's parameters (RFC 9106).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// Base64.
    pub salt: String,
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Recipe {
    fn fresh() -> Result<Self> {
        let mut salt = [0; 16];
        fill(&mut salt)?;
        Ok(Self { salt: STANDARD.encode(salt), memory_kib: 64 << 10, passes: 3, lanes: 1 })
    }

    async fn key(self, passphrase: Secret) -> Result<Key> {
        let work = move || {
            let salt = STANDARD.decode(&self.salt).map_err(Error::internal)?;
            // A damaged profile must not make us take all memory.
            let memory = self.memory_kib.min(1 << 20);
            let params = Params::new(memory, self.passes.min(50), self.lanes.min(16), Some(KEY_BYTES))
                .map_err(Error::internal)?;
            let mut key = Key::default();
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                .hash_password_into(passphrase.expose().as_bytes(), &salt, key.as_mut_slice())
                .map_err(Error::internal)?;
            Ok(key)
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }
}

/// Where the profile's key stands.
#[derive(Debug)]
pub struct Vault {
    /// For people.
    pub state: SecretsState,
    /// There where secrets can be read and written.
    pub sealer: Option<Sealer>,
    /// What the profile has to store; differs from what was given only where a key was just made.
    pub lock: Option<Lock>,
    /// Why the keyring could not be used.
    pub problem: Option<Error>,
}

impl Vault {
    /// Finds the key of a profile. `stored` is what the profile keeps from the last time; without it a
    /// key is made and put into the keyring.
    pub async fn open(profile: &str, stored: Option<Lock>) -> Self {
        if stored.as_ref().is_some_and(|lock| lock.passphrase.is_some()) {
            return Self { state: SecretsState::Locked, sealer: None, lock: stored, problem: None };
        }
        match from_keyring(profile, stored.clone()).await {
            Ok((sealer, lock)) => {
                Self { state: SecretsState::Keyring, sealer: Some(sealer), lock: Some(lock), problem: None }
            }
            Err(problem) => {
                Self { state: SecretsState::NeedsPassphrase, sealer: None, lock: stored, problem: Some(problem) }
            }
        }
    }

    /// Unlocks with the passphrase, or sets it where none is set yet; the returned lock has to be stored.
    /// A key that only the keyring had is replaced: secrets under it have to be entered again.
    ///
    /// # Errors
    /// `SignIn` for a wrong passphrase, `Invalid` for a new one that is too short.
    pub async fn unlock(stored: Option<Lock>, passphrase: &Secret) -> Result<Self> {
        let unlocked = |sealer, lock| Self {
            state: SecretsState::Passphrase,
            sealer: Some(sealer),
            lock: Some(lock),
            problem: None,
        };
        if let Some(Lock { check, passphrase: Some(recipe) }) = stored {
            let sealer = Sealer::new(recipe.clone().key(passphrase.clone()).await?);
            let lock = Lock { check, passphrase: Some(recipe) };
            if !sealer.fits(&lock) {
                return Err(Error::new(ErrorCode::SignIn, "That is not the passphrase of this profile."));
            }
            return Ok(unlocked(sealer, lock));
        }
        if passphrase.expose().chars().count() < PASSPHRASE_MIN_CHARS {
            return Err(Error::invalid(say!(
                "The passphrase needs at least {max} characters.",
                max = PASSPHRASE_MIN_CHARS
            )));
        }
        let recipe = Recipe::fresh()?;
        let sealer = Sealer::new(recipe.clone().key(passphrase.clone()).await?);
        let check = sealer.check()?;
        Ok(unlocked(sealer, Lock { check, passphrase: Some(recipe) }))
    }

    /// Removes the profile's key from the keyring, where it is there.
    pub async fn forget(profile: &str) -> Result<()> {
        let profile = profile.to_owned();
        in_keyring(move || match keyring::Entry::new(SERVICE, &profile)?.delete_credential() {
            Err(keyring::Error::NoEntry) => Ok(()),
            other => other,
        })
        .await
    }
}

/// The key from the keyring; made there where the profile has none yet.
async fn from_keyring(profile: &str, stored: Option<Lock>) -> Result<(Sealer, Lock)> {
    let name = profile.to_owned();
    let found = in_keyring(move || match keyring::Entry::new(SERVICE, &name)?.get_password() {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(keyring::Error::NoEntry) => Ok(None),
        Err(e) => Err(e),
    })
    .await?;
    if let Some(text) = found
        && let Some(key) = read_key(&text)
    {
        let sealer = Sealer::new(key);
        let lock = match stored {
            Some(lock) if sealer.fits(&lock) => lock,
            // The keyring has another key (a restored profile): the old secrets have to be entered again.
            _ => Lock { check: sealer.check()?, passphrase: None },
        };
        return Ok((sealer, lock));
    }
    let key = random_key()?;
    let text = Zeroizing::new(STANDARD.encode(key.as_slice()));
    let name = profile.to_owned();
    let kept = text.clone();
    // A keyring that forgets at once is none: what was written is read back.
    let back = in_keyring(move || {
        let entry = keyring::Entry::new(SERVICE, &name)?;
        entry.set_password(&kept)?;
        entry.get_password().map(Zeroizing::new)
    })
    .await?;
    if back != text {
        return Err(unavailable("it does not keep what is written"));
    }
    let sealer = Sealer::new(key);
    let check = sealer.check()?;
    Ok((sealer, Lock { check, passphrase: None }))
}

fn read_key(text: &str) -> Option<Key> {
    let bytes = Zeroizing::new(STANDARD.decode(text.trim()).ok()?);
    let mut key = Key::default();
    (bytes.len() == KEY_BYTES).then(|| key.copy_from_slice(&bytes))?;
    Some(key)
}

/// Keyring calls block, some until a person answers a prompt.
async fn in_keyring<T: Send + 'static>(call: impl FnOnce() -> keyring::Result<T> + Send + 'static) -> Result<T> {
    match tokio::time::timeout(KEYRING_TIME, tokio::task::spawn_blocking(call)).await {
        Ok(Ok(Ok(value))) => Ok(value),
        Ok(Ok(Err(keyring::Error::NoStorageAccess(e)))) => Err(Error::new(ErrorCode::Locked, "The keyring is locked.")
            .remedy("Unlock it and start Tabella again, or choose a passphrase.")
            .detail(e)),
        Ok(Ok(Err(e))) => Err(unavailable(&e.to_string())),
        Ok(Err(e)) => Err(Error::internal(e)),
        Err(_) => Err(unavailable("it did not answer in time")),
    }
}

fn unavailable(detail: &str) -> Error {
    Error::new(ErrorCode::Locked, "No keyring answers on this computer.")
        .remedy("Choose a passphrase; it is asked for each time Tabella starts.")
        .detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_only_for_its_owner_and_field() {
        let sealer = Sealer::random().unwrap();
        let kept = sealer.seal("7", "password", &Secret::new("päss")).unwrap();
        assert!(!kept.windows(5).any(|w| w == "päss".as_bytes()));
        assert_eq!(sealer.open("7", "password", &kept).unwrap().expose(), "päss");
        for (owner, field) in [("8", "password"), ("7", "token"), ("", "7password")] {
            assert_eq!(sealer.open(owner, field, &kept).unwrap_err().code, ErrorCode::Locked);
        }
        assert_eq!(Sealer::random().unwrap().open("7", "password", &kept).unwrap_err().code, ErrorCode::Locked);
        let again = sealer.seal("7", "password", &Secret::new("päss")).unwrap();
        assert_ne!(kept, again, "the same secret never looks the same");
    }

    #[test]
    fn damaged_and_newer_values_are_told_apart() {
        let sealer = Sealer::random().unwrap();
        let mut kept = sealer.seal("7", "password", &Secret::new("x")).unwrap();
        for cut in 0..kept.len() {
            assert!(sealer.open("7", "password", &kept[..cut]).is_err());
        }
        kept[0] = 2;
        assert_eq!(sealer.open("7", "password", &kept).unwrap_err().code, ErrorCode::Newer);
    }

    #[tokio::test]
    async fn a_passphrase_unlocks_what_it_sealed_and_nothing_else_does() {
        let short = Vault::unlock(None, &Secret::new("short")).await.unwrap_err();
        assert_eq!(short.code, ErrorCode::Invalid);
        let set = Vault::unlock(None, &Secret::new("correct horse")).await.unwrap();
        let sealed = set.sealer.unwrap().seal("1", "password", &Secret::new("s")).unwrap();
        let lock = set.lock.unwrap();
        let waiting = Vault::open("no-such-profile", Some(lock.clone())).await;
        assert_eq!(waiting.state, SecretsState::Locked);
        let wrong = Vault::unlock(Some(lock.clone()), &Secret::new("wrong horse")).await.unwrap_err();
        assert_eq!(wrong.code, ErrorCode::SignIn);
        let right = Vault::unlock(Some(lock), &Secret::new("correct horse")).await.unwrap();
        assert_eq!(right.sealer.unwrap().open("1", "password", &sealed).unwrap().expose(), "s");
    }
}
