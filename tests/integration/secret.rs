//! The profile's key in a real Secret Service, and without one.

use std::process::Command;

use model::setting::SecretsState;
use remote::Secret;
use remote::secret::Vault;

use e2e::Keyring;

/// Set in the process that has the keyring's environment.
const INSIDE: &str = "TABELLA_TEST_INSIDE";

/// Runs a test of this file once more, in a process with the keyring's environment, which then does
/// `check`: a process keeps the keyring it first found.
fn inside(keyring: fn() -> Keyring, test: &str, check: impl Future<Output = ()>) {
    if std::env::var_os(INSIDE).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        return runtime.unwrap().block_on(check);
    }
    let keyring = keyring();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .envs(keyring.env())
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn the_key_lives_in_the_keyring_and_opens_what_it_sealed() {
    let check = async {
        let first = Vault::open("profile-1", None).await;
        assert_eq!(first.state, SecretsState::Keyring, "{first:?}");
        let kept = first.sealer.unwrap().seal("1", "password", &Secret::new("geheim")).unwrap();
        let again = Vault::open("profile-1", first.lock.clone()).await;
        assert_eq!(again.lock, first.lock, "the same key is found again");
        let opened = again.sealer.unwrap().open("1", "password", &kept).unwrap();
        assert_eq!(opened.expose(), "geheim");
        let other = Vault::open("profile-2", None).await.sealer.unwrap();
        assert!(other.open("1", "password", &kept).is_err(), "each profile has its own key");
        Vault::forget("profile-1").await.unwrap();
        let lost = Vault::open("profile-1", first.lock.clone()).await;
        assert_ne!(lost.lock, first.lock, "a lost key is replaced, and the profile learns of it");
        assert!(lost.sealer.unwrap().open("1", "password", &kept).is_err());
    };
    inside(Keyring::start, "secret::the_key_lives_in_the_keyring_and_opens_what_it_sealed", check);
}

#[test]
fn without_a_keyring_a_passphrase_is_asked_for_and_nothing_is_written() {
    let check = async {
        let vault = Vault::open("profile-1", None).await;
        assert_eq!(vault.state, SecretsState::NeedsPassphrase);
        assert!(vault.sealer.is_none() && vault.lock.is_none());
        assert!(vault.problem.unwrap().message.contains("keyring"));
    };
    inside(Keyring::bus_only, "secret::without_a_keyring_a_passphrase_is_asked_for_and_nothing_is_written", check);
}
