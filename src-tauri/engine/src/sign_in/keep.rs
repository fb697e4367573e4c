//! What a finished sign-in changes here: a new account, or an old one renewed.

use super::Plan;
use crate::tokens::{REFRESH_TOKEN, transport};
use crate::{Engine, account};
use model::account::{AccountKind, ServerSettings, SyncPhase};
use model::provider::SignInTransport;
use model::{AccountId, Error, ErrorCode, Noun, Result, say};
use remote::Secret;
use remote::auth::flow::Tokens;
use remote::auth::token::Vault as _;
use store::account::{NewAccount, SignedIn, SyncUpdate};

/// The account that this sign-in renews; `None` where it makes a new one.
///
/// # Errors
/// `Conflict` where somebody else signed in than the account to renew belongs to: its token stays.
pub(super) async fn whose(engine: &Engine, plan: &Plan, person: Option<&str>) -> Result<Option<AccountId>> {
    if let Some(id) = plan.renew {
        let belongs_to = match engine.signed_in(id).await? {
            Some(old) => old.person,
            None => engine.account(id).await?.email,
        };
        if let Some(person) = person.filter(|person| !person.eq_ignore_ascii_case(&belongs_to)) {
            return Err(Error::new(
                ErrorCode::Conflict,
                say!("You signed in as {person}, but this account belongs to {owner}.", person, owner = belongs_to),
            )
            .remedy(say!(
                "Sign in again and choose {owner} in the browser; {person} can be added as a further account.",
                owner = belongs_to,
                person
            )));
        }
        return Ok(Some(id));
    }
    let Some(person) = person.map(str::to_owned).or_else(|| plan.email.clone()) else { return Ok(None) };
    let (provider, way, shared) = (plan.provider.name.clone(), plan.transport, plan.shared_mailbox.clone());
    engine
        .store()
        .read(move |r| {
            for old in store::account::list(r)?.into_iter().filter(|a| transport(a.kind) == way) {
                let same = store::account::signed_in(r, old.id)?.is_some_and(|s| {
                    s.provider == provider
                        && s.person.eq_ignore_ascii_case(&person)
                        && match (&s.shared_mailbox, &shared) {
                            (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
                            (None, None) => true,
                            _ => false,
                        }
                });
                if same {
                    return Ok(Some(old.id));
                }
            }
            Ok(None)
        })
        .await
}

fn refresh_token(tokens: &Tokens) -> Result<&Secret> {
    tokens.refresh.as_ref().ok_or_else(|| Error::internal("a finished sign-in without a lasting token"))
}

/// Puts the new token in the old one's place; sync and outbox go on where they stopped.
pub(super) async fn renew(engine: &Engine, id: AccountId, tokens: &Tokens) -> Result<()> {
    let vault = engine.vault(id);
    // A refresh of the old token that is under way must not be stored over the new one.
    let _turn = vault.turn().await?;
    let owner = store::account::owner(id);
    let sealed = engine.seal(&owner, REFRESH_TOKEN, refresh_token(tokens)?).await?;
    engine
        .store()
        .write_durable(move |w| {
            store::account::get(w, id)?;
            store::account::put_secret(w, &owner, REFRESH_TOKEN, &sealed)?;
            go_on(w, id)?;
            w.changed(Noun::Account, Some(id));
            Ok(())
        })
        .await
}

/// An account with a password signs in through the provider from now on, at the provider's servers: nobody else gets
/// the token. What was fetched is known by the same names there.
pub(super) async fn switch(
    engine: &Engine,
    id: AccountId,
    plan: Plan,
    tokens: &Tokens,
    person: Option<String>,
) -> Result<()> {
    let person = match person {
        Some(person) => account::email(&person)?,
        None => engine.account(id).await?.email,
    };
    let owner = store::account::owner(id);
    let sealed = engine.seal(&owner, REFRESH_TOKEN, refresh_token(tokens)?).await?;
    let server = |of: Option<ServerSettings>| of.map(|s| ServerSettings { username: person.clone(), ..s });
    let (imap, smtp) = (server(plan.provider.imap), server(plan.provider.smtp));
    let signed_in = SignedIn { provider: plan.provider.name, person, shared_mailbox: None };
    engine
        .store()
        .write_durable(move |w| {
            store::account::get(w, id)?;
            store::account::set_sign_in(w, id, Some((&signed_in, imap.as_ref(), smtp.as_ref())))?;
            for field in ["password", "smtp_password"] {
                store::account::remove_secret(w, &owner, field)?;
            }
            store::account::put_secret(w, &owner, REFRESH_TOKEN, &sealed)?;
            go_on(w, id)
        })
        .await
}

/// Its sync goes on where it stopped.
pub(crate) fn go_on(write: &mut store::WriteTx<'_>, id: AccountId) -> Result<()> {
    let update = SyncUpdate { phase: Some(SyncPhase::Connecting), error: Some(None), ..SyncUpdate::default() };
    store::account::set_sync(write, id, &update)?;
    store::account::want_sync(write, id, false)
}

/// Makes the account.
pub(super) async fn add(engine: &Engine, plan: Plan, tokens: &Tokens, person: Option<String>) -> Result<AccountId> {
    let person = person.or(plan.email).ok_or_else(|| {
        Error::invalid(say!("{title} did not say whose mailbox this is.", title = plan.provider.title))
            .remedy("Type the mailbox's address, then connect again.")
    })?;
    let person = account::email(&person)?;
    let email = plan.shared_mailbox.clone().unwrap_or_else(|| person.clone());
    let kind = match (plan.transport, plan.provider.name.as_str()) {
        (SignInTransport::Api, "google") => AccountKind::Gmail,
        (SignInTransport::Api, "microsoft") => AccountKind::Microsoft,
        _ => AccountKind::Imap,
    };
    let server = |of: Option<ServerSettings>| {
        of.filter(|_| kind == AccountKind::Imap).map(|s| ServerSettings { username: person.clone(), ..s })
    };
    let new = NewAccount {
        name: free_name(engine, plan.name, &email, &plan.provider.title).await?,
        email,
        kind,
        sender_name: plan.sender_name,
        imap: server(plan.provider.imap),
        smtp: server(plan.provider.smtp),
        ca_pem: None,
        since_at: plan.since_at,
        sign_in: Some(SignedIn { provider: plan.provider.name, person, shared_mailbox: plan.shared_mailbox }),
        bulk_imap: plan.bulk_imap,
    };
    Ok(account::insert(engine, new, vec![(REFRESH_TOKEN, refresh_token(tokens)?.clone())]).await?.id)
}

/// The name that was given, or the address, told apart where an account has that name already: a consent in
/// the browser is not lost for a name.
async fn free_name(engine: &Engine, given: Option<String>, email: &str, title: &str) -> Result<String> {
    let wanted = given.unwrap_or_else(|| email.to_owned());
    let taken = engine.store().read(|r| store::account::list(r)).await?;
    let free = |name: &str| !taken.iter().any(|a| a.name.to_lowercase() == name.to_lowercase());
    let first = [wanted.clone(), format!("{wanted} ({title})")];
    let more = (2..).map(|n| format!("{wanted} ({title} {n})"));
    Ok(first.into_iter().chain(more).find(|name| free(name)).unwrap_or(wanted))
}
