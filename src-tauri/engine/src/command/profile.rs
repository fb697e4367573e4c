//! Commands of the noun `profile`.

use crate::Engine;
use model::account::SyncPhase;
use model::setting::{Finding, Nothing, Profile, SecretsState, Swept, UnlockArgs};
use model::{Phrase, Result, say};
use remote::Secret;

/// `profile.get`
pub(crate) async fn get(engine: &Engine, _args: Nothing) -> Result<Profile> {
    Ok(Profile {
        path: engine.store().profile().display().to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        secrets: engine.secrets().shown().await,
    })
}

/// `profile.unlock`
pub(crate) async fn unlock(engine: &Engine, args: UnlockArgs) -> Result<Profile> {
    engine.unlock(Secret::new(args.passphrase)).await?;
    get(engine, Nothing {}).await
}

/// `profile.sweep`
pub(crate) async fn sweep(engine: &Engine, _args: Nothing) -> Result<Swept> {
    crate::sweep::sweep(engine).await
}

/// `profile.doctor`
pub(crate) async fn doctor(engine: &Engine, _args: Nothing) -> Result<Vec<Finding>> {
    let mut findings = vec![secrets(engine).await];
    let checks = engine.store().read(|r| store::meta::check(r)).await;
    findings.push(finding(say!("mail and settings (mail.db)"), checks));
    let content = engine.store().content().clone();
    let checked = tokio::task::spawn_blocking(move || content.check()).await;
    findings.push(finding(
        say!("contents of messages (content.db)"),
        checked.unwrap_or_else(|e| Err(model::Error::internal(&e))),
    ));
    findings.extend(super::provider::findings(engine).await?);
    for account in engine.store().read(|r| store::account::list(r)).await? {
        let sync = account.sync;
        findings.push(Finding::new(say!("account {email}", email = account.email), state(sync.phase), sync.error));
    }
    Ok(findings)
}

async fn secrets(engine: &Engine) -> Finding {
    let shown = engine.secrets().shown().await;
    let found = match shown {
        SecretsState::Keyring => say!("the system's keyring holds the profile's key"),
        SecretsState::Passphrase => say!("a passphrase unlocked the profile"),
        SecretsState::NeedsPassphrase => say!("no keyring answers; the first password will ask for a passphrase"),
        SecretsState::Locked => say!("locked"),
    };
    let error = (shown == SecretsState::Locked).then(|| {
        model::Error::new(model::ErrorCode::Locked, "The profile's passwords are locked.")
            .remedy(crate::secrets::unlock())
    });
    Finding::new(say!("keyring"), found, error)
}

fn state(phase: SyncPhase) -> Phrase {
    match phase {
        SyncPhase::New => say!("never synced"),
        SyncPhase::Connecting => say!("connecting"),
        SyncPhase::Fetching => say!("fetching"),
        SyncPhase::UpToDate => say!("in step with the server"),
        SyncPhase::Offline => say!("no connection"),
        SyncPhase::SignIn => say!("sign in again"),
        SyncPhase::Failed => say!("something is wrong"),
        SyncPhase::Paused => say!("paused"),
    }
}

fn finding(what: Phrase, checked: Result<Phrase>) -> Finding {
    match checked {
        Ok(found) => Finding::new(what, found, None),
        Err(error) => Finding::new(what, Phrase::default(), Some(error)),
    }
}
