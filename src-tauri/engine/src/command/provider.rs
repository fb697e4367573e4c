//! Commands of the noun `provider`.

use crate::tokens::{CLIENT_SECRET, as_entered};
use crate::{Engine, account};
use model::account::ServerSettings;
use model::provider::{Provider, ProviderRef, ProviderSetArgs};
use model::setting::Nothing;
use model::{Error, ErrorCode, Phrase, Result, Timestamp, say};
use remote::Secret;
use remote::auth::endpoint;
use remote::auth::provider::{self as table, BUILTIN, ENDPOINTS, builtin, merged, usual_transport};
use std::collections::BTreeMap;
use store::provider::StoredProvider;

/// `provider.list`
pub(crate) async fn list(engine: &Engine, _args: Nothing) -> Result<Vec<Provider>> {
    let rows = engine
        .store()
        .read(|r| {
            let mut stored = store::provider::list(r)?;
            let blank = |name: &str| StoredProvider { name: name.to_owned(), ..StoredProvider::default() };
            let mut rows: Vec<StoredProvider> = BUILTIN
                .iter()
                .map(|name| match stored.iter().position(|s| s.name == *name) {
                    Some(at) => stored.remove(at),
                    None => blank(name),
                })
                .collect();
            rows.append(&mut stored);
            rows.into_iter().map(|row| facts(r, row)).collect::<Result<Vec<_>>>()
        })
        .await?;
    rows.into_iter().map(shown).collect()
}

/// A provider's row, when its secret was set, and how many accounts it has.
type Facts = (StoredProvider, Option<Timestamp>, u32);

fn facts(read: &impl store::db::Read, stored: StoredProvider) -> Result<Facts> {
    let secret = store::account::secret(read, &store::provider::owner(&stored.name), CLIENT_SECRET)?;
    let accounts = store::provider::accounts(read, &stored.name)?;
    Ok((stored, secret.map(|(_, at)| at), accounts))
}

fn shown((stored, secret_set_at, accounts): Facts) -> Result<Provider> {
    let name = stored.name.as_str();
    let usual = usual_transport(name);
    let own = builtin(name, None, usual)?.is_none();
    let entered = as_entered(&stored);
    let bare = table::Entered { endpoints: BTreeMap::new(), scopes: Vec::new(), ..entered.clone() };
    let built_in = merged(name, &bare, usual)?;
    let whole = merged(name, &entered, usual)?;
    let served = !whole.api.is_empty() || whole.imap.is_some();
    let ready = served && table::resolve(name, &entered).is_ok();
    Ok(Provider {
        name: stored.name,
        title: whole.title,
        own,
        client_id: stored.client_id,
        secret_set_at,
        secret_expires_at: stored.secret_expires_at,
        tenant: stored.tenant,
        endpoints: stored.endpoints,
        builtin_endpoints: if own { BTreeMap::new() } else { endpoints(&built_in) },
        scopes: stored.scopes,
        builtin_scopes: built_in.scopes,
        redirect_uri: whole.redirect.address(),
        imap: whole.imap,
        smtp: whole.smtp,
        accounts,
        ready,
    })
}

fn endpoints(of: &table::Provider) -> BTreeMap<String, String> {
    let server = |s: &Option<ServerSettings>| s.as_ref().map(|s| format!("{}:{}", s.host, s.port));
    let all = [
        ("authorize", Some(of.authorize.clone())),
        ("token", Some(of.token.clone())),
        ("revoke", of.revoke.clone()),
        ("device", of.device.clone()),
        ("api", Some(of.api.clone())),
        ("redirect", Some(of.redirect.address())),
        ("imap", server(&of.imap)),
        ("smtp", server(&of.smtp)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.filter(|v| !v.is_empty())?))).collect()
}

/// `provider.set`
pub(crate) async fn set(engine: &Engine, mut args: ProviderSetArgs) -> Result<Provider> {
    let name = named(&args.name)?;
    let secret = match args.client_secret.take().map(|s| s.trim().to_owned()) {
        None => None,
        Some(text) if text.is_empty() => Some(None),
        Some(text) => {
            word(&text, say!("The client secret can't hold spaces or line breaks."))?;
            Some(Some(engine.seal(&store::provider::owner(&name), CLIENT_SECRET, &Secret::new(text)).await?))
        }
    };
    let change = checked(&name, args)?;
    let facts = engine
        .store()
        .write_durable(move |w| {
            let stored = store::provider::get(w, &name)?
                .unwrap_or_else(|| StoredProvider { name: name.clone(), ..StoredProvider::default() });
            let stored = changed(stored, change);
            // Before it is kept: what it makes together must hold.
            merged(&name, &as_entered(&stored), usual_transport(&name))?;
            let owner = store::provider::owner(&name);
            match secret {
                None => {}
                Some(None) => store::account::remove_secret(w, &owner, CLIENT_SECRET)?,
                Some(Some(sealed)) => store::account::put_secret(w, &owner, CLIENT_SECRET, &sealed)?,
            }
            store::provider::put(w, &stored)?;
            facts(w, stored)
        })
        .await?;
    shown(facts)
}

/// A provider's name: a built-in one, or a short word of the user's.
fn named(typed: &str) -> Result<String> {
    let name = typed.trim().to_ascii_lowercase();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    if !name.is_empty() && name.len() <= 64 && name.chars().all(fits) {
        return Ok(name);
    }
    Err(Error::invalid(say!("“{name}” is not a name for a provider.", name = typed))
        .remedy("Use letters a to z, digits and hyphens, such as my-company."))
}

/// One word as it is copied from a provider's page.
fn word(text: &str, wrong: Phrase) -> Result<()> {
    if text.len() <= 4096 && !text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Ok(());
    }
    Err(Error::invalid(wrong).remedy("Copy it once more, and nothing beside it."))
}

/// The arguments, trimmed, each acceptable by itself.
fn checked(name: &str, mut args: ProviderSetArgs) -> Result<ProviderSetArgs> {
    let built_in = builtin(name, None, usual_transport(name))?;
    let trim = |text: &mut Option<String>| {
        if let Some(text) = text {
            *text = text.trim().to_owned();
        }
    };
    for text in [&mut args.title, &mut args.client_id, &mut args.tenant] {
        trim(text);
    }
    if let Some(title) = &args.title {
        account::line(title)?;
    }
    if let Some(id) = &args.client_id {
        word(id, say!("The client ID can't hold spaces or line breaks."))?;
    }
    if let Some(tenant) = args.tenant.as_deref().filter(|t| !t.is_empty()) {
        if name != "microsoft" {
            return Err(Error::invalid("Only Microsoft has tenants."));
        }
        endpoint::tenant(tenant)?;
    }
    for (which, address) in args.endpoints.iter_mut().flatten() {
        *address = address.trim().to_owned();
        if !ENDPOINTS.contains(&which.as_str()) {
            return Err(Error::invalid(say!("There is no endpoint “{name}”.", name = which))
                .remedy(say!("The names are: {names}.", names = ENDPOINTS.join(", "))));
        }
        if address.is_empty() {
            continue;
        }
        let usual = built_in.as_ref();
        match which.as_str() {
            "redirect" => endpoint::redirect(address).map(|_| ())?,
            "imap" => endpoint::server(which, address, usual.and_then(|p| p.imap.as_ref())).map(|_| ())?,
            "smtp" => endpoint::server(which, address, usual.and_then(|p| p.smtp.as_ref())).map(|_| ())?,
            _ => endpoint::check(which, address)?,
        }
    }
    if let Some(scopes) = &mut args.scopes {
        *scopes = scopes.iter().flat_map(|s| s.split_whitespace()).map(str::to_owned).collect();
    }
    if built_in.is_some() && (args.imap.is_some() || args.smtp.is_some()) {
        return Err(Error::invalid("The servers of a built-in provider are set by its endpoints imap and smtp."));
    }
    for server in [&mut args.imap, &mut args.smtp].into_iter().flatten() {
        if server.host.trim().is_empty() {
            server.host.clear();
        } else {
            *server = endpoint::encrypted(server.clone())?;
        }
    }
    Ok(args)
}

/// What is stored with what was entered now.
fn changed(mut stored: StoredProvider, args: ProviderSetArgs) -> StoredProvider {
    let some = |text: String| Some(text).filter(|t| !t.is_empty());
    let server = |s: ServerSettings| Some(s).filter(|s| !s.host.is_empty());
    if let Some(title) = args.title {
        stored.title = some(title);
    }
    if let Some(id) = args.client_id {
        stored.client_id = id;
    }
    if let Some(at) = args.secret_expires_at {
        stored.secret_expires_at = at;
    }
    if let Some(tenant) = args.tenant {
        stored.tenant = some(tenant);
    }
    for (which, address) in args.endpoints.into_iter().flatten() {
        if address.is_empty() {
            stored.endpoints.remove(&which);
        } else {
            stored.endpoints.insert(which, address);
        }
    }
    if let Some(scopes) = args.scopes {
        stored.scopes = scopes;
    }
    if let Some(imap) = args.imap {
        stored.imap = server(imap);
    }
    if let Some(smtp) = args.smtp {
        stored.smtp = server(smtp);
    }
    stored
}

/// `provider.remove`
pub(crate) async fn remove(engine: &Engine, args: ProviderRef) -> Result<Nothing> {
    let name = named(&args.name)?;
    engine
        .store()
        .write_durable(move |w| {
            let own = !BUILTIN.contains(&name.as_str());
            if own && store::provider::get(w, &name)?.is_none() {
                return Err(Error::not_found(say!("There is no provider “{name}”.", name)));
            }
            let accounts = store::provider::accounts(w, &name)?;
            if accounts > 0 {
                return Err(Error::new(ErrorCode::Conflict, "Accounts still sign in through this provider.")
                    .remedy("Remove those accounts first.")
                    .detail(format!("{accounts} accounts")));
            }
            store::provider::remove(w, &name)
        })
        .await?;
    Ok(Nothing {})
}

/// How long before its end a client secret is warned of, milliseconds.
const WARN_MILLIS: i64 = 14 * 24 * 60 * 60 * 1000;

/// What the doctor says of client secrets that have an end.
pub(crate) async fn findings(engine: &Engine) -> Result<Vec<model::setting::Finding>> {
    let now = engine.store().now();
    let dated = list(engine, Nothing {}).await?.into_iter().filter(|p| p.secret_set_at.is_some());
    Ok(dated
        .filter_map(|provider| {
            let ends_at = provider.secret_expires_at?;
            let day = ends_at.to_rfc3339();
            let day = day.split('T').next().unwrap_or_default();
            let (past, title) = (ends_at <= now, provider.title);
            let error = (ends_at.0 - now.0 <= WARN_MILLIS).then(|| {
                let words = if past {
                    say!("The client secret of {title} ended on {day}.", title, day)
                } else {
                    say!("The client secret of {title} ends on {day}.", title, day)
                };
                Error::new(ErrorCode::Conflict, words)
                    .remedy("Make a new one at the provider and enter it in Settings, Providers.")
            });
            let found = if past { say!("ended on {day}", day) } else { say!("ends on {day}", day) };
            Some(model::setting::Finding::new(say!("client secret of {title}", title), found, error))
        })
        .collect())
}
