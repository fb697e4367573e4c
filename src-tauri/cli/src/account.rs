//! `tabella account`.

use crate::args::{AccountVerb, AddImap, AddKind, Tls};
use crate::output::{Output, columns, time};
use crate::profile::{ask, secret_from_stdin};
use crate::sign_in;
use engine::Engine;
use model::account::{
    Account, AccountRef, AddImapArgs, AddSandboxArgs, Identity, ProbeReport, ReauthorizeArgs, ServerSettings,
    TestMailArgs, TestMailResult, TlsMode,
};
use model::setting::{Nothing, Swept};
use model::{AccountId, Error, Result, Timestamp, say};

/// All accounts.
pub async fn all(engine: &Engine) -> Result<Vec<Account>> {
    ask(engine, "account.list", &Nothing {}).await
}

/// The account of this name, address or id.
pub async fn find(engine: &Engine, wanted: &str) -> Result<Account> {
    let accounts = all(engine).await?;
    let id = wanted.parse::<AccountId>().ok();
    accounts
        .into_iter()
        .find(|a| a.name.eq_ignore_ascii_case(wanted) || a.email.eq_ignore_ascii_case(wanted) || Some(a.id) == id)
        .ok_or_else(|| {
            Error::not_found(say!("There is no account “{wanted}”.", wanted))
                .remedy("`tabella account list` shows them.")
        })
}

pub async fn run(engine: &Engine, out: &Output, verb: AccountVerb) -> Result<()> {
    match verb {
        AccountVerb::Add { kind: AddKind::Imap(args) } => {
            let args = imap_args(*args)?;
            let account: Account = ask(engine, "account.add_imap", &args).await?;
            out.show(&account, show)
        }
        AccountVerb::Add { kind: AddKind::Gmail(args) } => {
            out.show(&sign_in::add(engine, "google".into(), args).await?, show)
        }
        AccountVerb::Add { kind: AddKind::Microsoft(args) } => {
            out.show(&sign_in::add(engine, "microsoft".into(), args).await?, show)
        }
        AccountVerb::Add { kind: AddKind::Oauth { provider, args } } => {
            out.show(&sign_in::add(engine, provider, args).await?, show)
        }
        AccountVerb::Add { kind: AddKind::Sandbox { email, samples, language } } => {
            let args = AddSandboxArgs { email, samples, language: Some(language) };
            let account: Account = ask(engine, "account.add_sandbox", &args).await?;
            out.show(&account, show)
        }
        AccountVerb::List => out.show(&all(engine).await?, |accounts| {
            let mut rows = vec![["ID", "NAME", "ADDRESS", "KIND", "STATE", "IN STEP"].map(String::from).to_vec()];
            rows.extend(accounts.iter().map(|a| {
                vec![
                    a.id.to_string(),
                    a.name.clone(),
                    a.email.clone(),
                    format!("{:?}", a.kind).to_lowercase(),
                    a.sync.phase.as_str().to_owned(),
                    a.sync.ok_at.map(time).unwrap_or_default(),
                ]
            }));
            columns(&rows)
        }),
        AccountVerb::Show { account } => out.show(&find(engine, &account).await?, show),
        AccountVerb::Test { account, to, subject, text } => {
            let id = find(engine, &account).await?.id;
            let result: TestMailResult =
                ask(engine, "account.test_mail", &TestMailArgs { id, to, subject, text }).await?;
            let failed = result.error.clone();
            out.show(&result, |r| r.answer.clone())?;
            failed.map_or(Ok(()), Err)
        }
        AccountVerb::Probe { account } => {
            let id = find(engine, &account).await?.id;
            let report: ProbeReport = ask(engine, "account.probe", &AccountRef { id }).await?;
            let failed = report.steps.iter().find_map(|s| s.error.clone().filter(|_| !s.ok));
            out.show(&report, |report| {
                columns(
                    &report
                        .steps
                        .iter()
                        .map(|s| {
                            let why = s.error.as_ref().map_or_else(|| s.found.clone(), ToString::to_string);
                            vec![if s.ok { "ok" } else { "FAILED" }.into(), format!("{:?}", s.kind), why]
                        })
                        .collect::<Vec<_>>(),
                )
            })?;
            failed.map_or(Ok(()), Err)
        }
        AccountVerb::Reauthorize { account, password_stdin, provider, browser } => {
            let found = find(engine, &account).await?;
            let through = provider.or_else(|| found.provider.clone()).filter(|_| !password_stdin);
            if let Some(through) = through {
                return out.show(&sign_in::renew(engine, &found, through, &browser).await?, show);
            }
            need_stdin(password_stdin)?;
            let switch = Some(found.provider.is_some());
            let args = ReauthorizeArgs { id: found.id, password: secret_from_stdin()?, switch };
            let account: Account = ask(engine, "account.reauthorize", &args).await?;
            out.show(&account, show)
        }
        AccountVerb::Aliases { account } => {
            let id = find(engine, &account).await?.id;
            let identities: Vec<Identity> = ask(engine, "identity.sync", &AccountRef { id }).await?;
            out.show(&identities, |identities| {
                let mut rows = vec![["ID", "NAME", "ADDRESS"].map(String::from).to_vec()];
                rows.extend(identities.iter().map(|i| vec![i.id.to_string(), i.name.clone(), i.email.clone()]));
                columns(&rows)
            })
        }
        AccountVerb::Resync { account } => {
            let id = find(engine, &account).await?.id;
            let _: Nothing = ask(engine, "account.resync", &AccountRef { id }).await?;
            Ok(())
        }
        AccountVerb::Remove { account, yes } => {
            let found = find(engine, &account).await?;
            if !yes {
                return Err(Error::invalid(say!(
                    "This removes {email} and its mail from this machine.",
                    email = found.email
                ))
                .remedy("Say --yes to do it; mail on the server stays there."));
            }
            let _: Nothing = ask(engine, "account.remove", &AccountRef { id: found.id }).await?;
            let swept: Swept = ask(engine, "profile.sweep", &Nothing {}).await?;
            eprintln!("{} MB of content.db given back", swept.freed_bytes / 1_000_000);
            if swept.spared > 0 {
                eprintln!("{} contents put here a moment ago go with a later sweep", swept.spared);
            }
            Ok(())
        }
    }
}

fn need_stdin(given: bool) -> Result<()> {
    if given {
        return Ok(());
    }
    Err(Error::invalid("A password is never an argument.")
        .remedy("Say --password-stdin and give it as the first line of stdin."))
}

fn imap_args(args: AddImap) -> Result<AddImapArgs> {
    need_stdin(args.password_stdin)?;
    let username = args.username.clone().unwrap_or_else(|| args.email.clone());
    let server = |given: Option<String>, tls: Tls| given.map(|text| server(&text, tls, &username)).transpose();
    let ca_pem =
        args.ca_file.as_deref().map(|file| crate::profile::text_from(&file.display().to_string())).transpose()?;
    Ok(AddImapArgs {
        imap: server(args.imap, args.imap_tls)?,
        smtp: server(args.smtp, args.smtp_tls)?,
        email: args.email,
        name: args.name,
        sender_name: args.sender_name,
        username: args.username,
        password: secret_from_stdin()?,
        smtp_password: None,
        ca_pem,
        unchecked: args.unchecked,
        since_at: args.since.as_deref().map(day).transpose()?,
    })
}

pub fn server(text: &str, tls: Tls, username: &str) -> Result<ServerSettings> {
    let (host, port) = text
        .rsplit_once(':')
        .and_then(|(host, port)| Some((host, port.parse().ok()?)))
        .ok_or_else(|| Error::invalid(say!("“{text}” is not HOST:PORT.", text)))?;
    let tls = match tls {
        Tls::Tls => TlsMode::Tls,
        Tls::Starttls => TlsMode::StartTls,
        Tls::None => TlsMode::None,
    };
    Ok(ServerSettings { host: host.trim_matches(['[', ']']).to_owned(), port, tls, username: username.to_owned() })
}

/// Midnight UTC of a day written YYYY-MM-DD.
pub fn day(text: &str) -> Result<Timestamp> {
    let date: jiff::civil::Date =
        text.parse().map_err(|_| Error::invalid(say!("“{text}” is not a day like 2026-01-31.", text)))?;
    let at = date.to_zoned(jiff::tz::TimeZone::UTC).map_err(|e| Error::invalid("There is no such day.").detail(e))?;
    Ok(Timestamp(at.timestamp().as_millisecond()))
}

fn show(account: &Account) -> String {
    let server = |s: &Option<ServerSettings>| {
        s.as_ref().map_or_else(|| "-".to_owned(), |s| format!("{}:{} ({:?}, {})", s.host, s.port, s.tls, s.username))
    };
    columns(&[
        vec!["id".into(), account.id.to_string()],
        vec!["name".into(), account.name.clone()],
        vec!["address".into(), account.email.clone()],
        vec!["sign-in".into(), account.provider.clone().unwrap_or_else(|| "password".into())],
        vec!["incoming".into(), if account.bulk_imap { "first letters by IMAP".into() } else { server(&account.imap) }],
        vec!["outgoing".into(), server(&account.smtp)],
        vec!["state".into(), account.sync.phase.as_str().into()],
        vec!["in step".into(), account.sync.ok_at.map(time).unwrap_or_default()],
        vec!["error".into(), account.sync.error.as_ref().map(ToString::to_string).unwrap_or_default()],
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_host_and_port_also_for_ipv6() {
        assert_eq!(server("mail.example.org:993", Tls::Tls, "u").unwrap().port, 993);
        assert_eq!(server("[::1]:143", Tls::None, "u").unwrap().host, "::1");
        assert!(server("mail.example.org", Tls::Tls, "u").is_err());
    }

    #[test]
    fn a_day_is_midnight_utc() {
        assert_eq!(day("1970-01-02").unwrap(), Timestamp(86_400_000));
        assert!(day("yesterday").is_err());
    }
}
