//! Commands of the noun `profile`.

use crate::Engine;
use model::Result;
use model::setting::{Finding, Nothing, Profile, SecretsState, Swept, UnlockArgs};
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
    findings.push(finding("mail.db", checks));
    let content = engine.store().content().clone();
    let checked = tokio::task::spawn_blocking(move || content.check()).await;
    findings.push(finding("content.db", checked.unwrap_or_else(|e| Err(model::Error::internal(&e)))));
    findings.extend(super::provider::findings(engine).await?);
    for account in engine.store().read(|r| store::account::list(r)).await? {
        findings.push(Finding {
            ok: account.sync.error.is_none(),
            found: account.sync.phase.as_str().to_owned(),
            what: account.email,
            error: account.sync.error,
        });
    }
    Ok(findings)
}

async fn secrets(engine: &Engine) -> Finding {
    let shown = engine.secrets().shown().await;
    let found = match shown {
        SecretsState::Keyring => "the system's keyring holds the profile's key",
        SecretsState::Passphrase => "a passphrase unlocked the profile",
        SecretsState::NeedsPassphrase => "no keyring answers; the first password will ask for a passphrase",
        SecretsState::Locked => "locked",
    };
    let error = (shown == SecretsState::Locked).then(|| {
        model::Error::new(model::ErrorCode::Locked, "The profile's passwords are locked.")
            .remedy("Unlock the keyring, or give the passphrase by TABELLA_PASSPHRASE or --passphrase-file.")
    });
    Finding { what: "keyring".into(), ok: error.is_none(), found: found.into(), error }
}

fn finding(what: &str, checked: Result<String>) -> Finding {
    match checked {
        Ok(found) => Finding { what: what.into(), ok: true, found, error: None },
        Err(error) => Finding { what: what.into(), ok: false, found: String::new(), error: Some(error) },
    }
}
