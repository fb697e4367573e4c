//! Commands of the noun `identity`.

use crate::Engine;
use model::account::{AccountRef, Identity, IdentityRef, IdentitySaveArgs};
use model::setting::Nothing;
use model::{Error, ErrorCode, Result, say};

/// `identity.save`
pub(crate) async fn save(engine: &Engine, args: IdentitySaveArgs) -> Result<Identity> {
    if !args.email.contains('@') || args.email.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Error::invalid(say!("“{text}” is not a mail address.", text = args.email)));
    }
    engine
        .store()
        .write(move |w| {
            let id = store::account::save_identity(w, &args)?;
            store::account::identities(w, args.account_id)?
                .into_iter()
                .find(|identity| identity.id == id)
                .ok_or_else(|| Error::not_found("This sender is no longer there."))
        })
        .await
}

/// `identity.remove`
pub(crate) async fn remove(engine: &Engine, args: IdentityRef) -> Result<Nothing> {
    engine.store().write(move |w| store::account::remove_identity(w, args.id)).await?;
    Ok(Nothing {})
}

/// `identity.sync`
pub(crate) async fn sync(engine: &Engine, args: AccountRef) -> Result<Vec<Identity>> {
    let account = engine.account(args.id).await?;
    if !crate::account::fetch_aliases(engine, &account).await? {
        return Err(Error::new(
            ErrorCode::Conflict,
            say!("{email}'s provider has no list of aliases.", email = account.email),
        )
        .remedy("Enter further senders by hand."));
    }
    engine.store().read(move |r| store::account::identities(r, args.id)).await
}
