//! `tabella provider`.

use crate::account::{day, server};
use crate::args::Tls;
use crate::output::{Output, columns, time};
use crate::profile::{ask, secret_from_stdin};
use clap::{Args, Subcommand};
use engine::Engine;
use model::provider::{Provider, ProviderRef, ProviderSetArgs};
use model::setting::Nothing;
use model::{Error, Result, say};

#[derive(Subcommand)]
pub enum ProviderVerb {
    /// Lists providers.
    List,
    /// Shows one provider.
    Show { name: String },
    /// Changes what is given; the rest stays.
    Set(Box<ProviderSet>),
    /// Removes an own provider; empties a built-in one.
    Remove { name: String },
}

#[derive(Args)]
pub struct ProviderSet {
    /// google, microsoft, yandex, mailru, fastmail, or a name of your own.
    pub name: String,
    /// Title of an own provider.
    #[arg(long)]
    pub title: Option<String>,
    #[arg(long)]
    pub client_id: Option<String>,
    /// The client secret is the first line of stdin.
    #[arg(long)]
    pub client_secret_stdin: bool,
    /// Removes the client secret.
    #[arg(long, conflicts_with = "client_secret_stdin")]
    pub no_client_secret: bool,
    /// The day the secret ends, YYYY-MM-DD; `never` forgets it.
    #[arg(long, value_name = "DAY")]
    pub secret_expires: Option<String>,
    /// Microsoft's tenant: common, organizations, consumers or an id.
    #[arg(long)]
    pub tenant: Option<String>,
    /// NAME=URL with the names authorize, token, revoke, device, api, redirect, imap and smtp (host:port);
    /// an empty URL restores the built-in one.
    #[arg(long, value_name = "NAME=URL")]
    pub endpoint: Vec<String>,
    /// Scope to ask for instead of the built-in ones; an empty one restores those.
    #[arg(long)]
    pub scope: Vec<String>,
    /// Incoming server of an own provider, HOST:PORT.
    #[arg(long)]
    pub imap: Option<String>,
    #[arg(long, value_enum, default_value_t = Tls::Tls)]
    pub imap_tls: Tls,
    /// Outgoing server of an own provider, HOST:PORT.
    #[arg(long)]
    pub smtp: Option<String>,
    #[arg(long, value_enum, default_value_t = Tls::Tls)]
    pub smtp_tls: Tls,
}

pub async fn run(engine: &Engine, out: &Output, verb: ProviderVerb) -> Result<()> {
    match verb {
        ProviderVerb::List => {
            let list: Vec<Provider> = ask(engine, "provider.list", &Nothing {}).await?;
            out.show(&list, |list| {
                let mut rows =
                    vec![["NAME", "TITLE", "CLIENT ID", "SECRET", "READY", "ACCOUNTS"].map(String::from).to_vec()];
                rows.extend(list.iter().map(|p| {
                    vec![
                        p.name.clone(),
                        p.title.clone(),
                        p.client_id.clone(),
                        secret(p),
                        if p.ready { "yes" } else { "no" }.into(),
                        p.accounts.to_string(),
                    ]
                }));
                columns(&rows)
            })
        }
        ProviderVerb::Show { name } => {
            let list: Vec<Provider> = ask(engine, "provider.list", &Nothing {}).await?;
            let found = list.into_iter().find(|p| p.name.eq_ignore_ascii_case(name.trim())).ok_or_else(|| {
                Error::not_found(say!("There is no provider “{name}”.", name))
                    .remedy("`tabella provider list` shows them.")
            })?;
            out.show(&found, show)
        }
        ProviderVerb::Set(args) => {
            let provider: Provider = ask(engine, "provider.set", &set_args(*args)?).await?;
            out.show(&provider, show)
        }
        ProviderVerb::Remove { name } => {
            let _: Nothing = ask(engine, "provider.remove", &ProviderRef { name }).await?;
            Ok(())
        }
    }
}

fn set_args(args: ProviderSet) -> Result<ProviderSetArgs> {
    let endpoints = args
        .endpoint
        .iter()
        .map(|pair| {
            let (name, address) =
                pair.split_once('=').ok_or_else(|| Error::invalid(say!("“{pair}” is not NAME=URL.", pair)))?;
            Ok((name.trim().to_owned(), address.trim().to_owned()))
        })
        .collect::<Result<std::collections::BTreeMap<_, _>>>()?;
    let client_secret = match (args.client_secret_stdin, args.no_client_secret) {
        (true, _) => Some(secret_from_stdin()?),
        (_, true) => Some(String::new()),
        _ => None,
    };
    let secret_expires_at = match args.secret_expires.as_deref().map(str::trim) {
        None => None,
        Some("never" | "") => Some(None),
        Some(text) => Some(Some(day(text)?)),
    };
    Ok(ProviderSetArgs {
        name: args.name,
        title: args.title,
        client_id: args.client_id,
        client_secret,
        secret_expires_at,
        tenant: args.tenant,
        endpoints: (!endpoints.is_empty()).then_some(endpoints),
        scopes: (!args.scope.is_empty()).then_some(args.scope),
        imap: args.imap.as_deref().map(|text| server(text, args.imap_tls, "")).transpose()?,
        smtp: args.smtp.as_deref().map(|text| server(text, args.smtp_tls, "")).transpose()?,
    })
}

fn secret(provider: &Provider) -> String {
    provider.secret_set_at.map_or_else(|| "-".to_owned(), |at| format!("set on {}", time(at)))
}

fn show(provider: &Provider) -> String {
    let mut rows = vec![
        vec!["name".into(), provider.name.clone()],
        vec!["title".into(), provider.title.clone()],
        vec!["client ID".into(), provider.client_id.clone()],
        vec!["client secret".into(), secret(provider)],
        vec!["secret ends".into(), provider.secret_expires_at.map(time).unwrap_or_default()],
        vec!["redirect".into(), provider.redirect_uri.clone()],
    ];
    if let Some(tenant) = &provider.tenant {
        rows.push(vec!["tenant".into(), tenant.clone()]);
    }
    let scopes = if provider.scopes.is_empty() { &provider.builtin_scopes } else { &provider.scopes };
    rows.push(vec!["scopes".into(), scopes.join(" ")]);
    for (name, server) in [("imap", &provider.imap), ("smtp", &provider.smtp)] {
        let server = server.as_ref().map_or_else(|| "-".to_owned(), |s| format!("{}:{} ({:?})", s.host, s.port, s.tls));
        rows.push(vec![name.into(), server]);
    }
    for (name, address) in &provider.endpoints {
        rows.push(vec![format!("endpoint {name}"), address.clone()]);
    }
    rows.push(vec!["accounts".into(), provider.accounts.to_string()]);
    columns(&rows)
}
