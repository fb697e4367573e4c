//! Accounts: what is checked before one is kept, where its secrets go, and the test mail.

use crate::Engine;
use async_trait::async_trait;
use mail::compose::{Outgoing, new_message_id};
use model::account::{Account, AccountKind, ProbeReport, ServerSettings, TestMailArgs, TestMailResult};
use model::message::Address;
use model::{AccountId, Error, ErrorCode, Result, say};
use remote::contract::{Letter, SubmitError};
use remote::{Access, PhaseLog, Secret, SignIn};
use store::account::NewAccount;

/// An address as people type it: trimmed, and one.
///
/// # Errors
/// `Invalid` with what is wrong.
pub(crate) fn email(typed: &str) -> Result<String> {
    let email = typed.trim().trim_start_matches("mailto:").to_owned();
    if mail::address::validate(&email) {
        return Ok(email);
    }
    Err(Error::invalid(say!("“{text}” is not a mail address.", text = email)).remedy("It looks like name@example.org."))
}

/// A name that goes into a header: one line.
pub(crate) fn line(text: &str) -> Result<String> {
    if text.chars().any(char::is_control) {
        return Err(Error::invalid("The sender's name can't hold line breaks."));
    }
    Ok(text.trim().to_owned())
}

/// A server's settings as people type them: host without scheme, spaces and port.
pub(crate) fn server(mut settings: ServerSettings) -> Result<ServerSettings> {
    let (host, port) = remote::net::clean_host(&settings.host)?;
    settings.host = host;
    settings.port = port.unwrap_or(settings.port);
    if settings.port == 0 {
        return Err(Error::invalid("The port is a number between 1 and 65535."));
    }
    settings.username = settings.username.trim().to_owned();
    if settings.username.is_empty() || settings.username.chars().any(char::is_control) {
        return Err(Error::invalid("The user name is missing."));
    }
    Ok(settings)
}

/// The same for a server that is given a token: it never travels unencrypted beyond this machine.
pub(crate) fn token_server(settings: ServerSettings) -> Result<ServerSettings> {
    let settings = server(settings)?;
    let username = settings.username.clone();
    Ok(ServerSettings { username, ..remote::auth::endpoint::encrypted(settings)? })
}

/// A password that a server can be given.
pub(crate) fn password(password: &str) -> Result<()> {
    if password.is_empty() || password.contains(['\r', '\n', '\0']) {
        return Err(Error::invalid("The password is empty or holds a line break."));
    }
    Ok(())
}

/// Keeps a new account with its secrets, in one transaction.
pub(crate) async fn insert(engine: &Engine, new: NewAccount, secrets: Vec<(&'static str, Secret)>) -> Result<Account> {
    let sealer = if secrets.is_empty() { None } else { Some(engine.secrets().sealer().await?) };
    let id = engine
        .store()
        .write_durable(move |w| {
            let id = store::account::insert(w, &new)?;
            let owner = store::account::owner(id);
            if let Some(keeper) = sealer {
                for (field, secret) in &secrets {
                    let closed = keeper.seal(&owner, field, secret)?;
                    store::account::put_secret(w, &owner, field, &closed)?;
                }
            }
            Ok(id)
        })
        .await?;
    engine.account(id).await
}

/// Tries to sign in at the servers of an account that is about to be added; gives what works there.
///
/// # Errors
/// The first refusal, as the server or the network gave it.
pub(crate) async fn let_in(engine: &Engine, imap: &Access, smtp: Option<&Access>) -> Result<ProbeReport> {
    let clock = engine.store().clock();
    let report = remote::probe(Some(imap), smtp, &*clock, engine.stopping()).await;
    let gate = |kind| {
        use model::account::ProbeStepKind::{ImapConnect, ImapLogin, SmtpConnect, SmtpLogin};
        matches!(kind, ImapConnect | ImapLogin | SmtpConnect | SmtpLogin)
    };
    match report.steps.iter().find(|step| gate(step.kind) && !step.ok).and_then(|step| step.error.clone()) {
        Some(error) => Err(error),
        None => Ok(report),
    }
}

/// Replaces the password of an account.
pub(crate) async fn keep_password(engine: &Engine, id: AccountId, text: &str) -> Result<()> {
    password(text)?;
    let owner = store::account::owner(id);
    let sealed = engine.seal(&owner, "password", &Secret::new(text)).await?;
    engine
        .store()
        .write_durable(move |w| {
            store::account::get(w, id)?;
            store::account::put_secret(w, &owner, "password", &sealed)?;
            w.changed(model::Noun::Account, Some(id));
            Ok(())
        })
        .await
}

/// An account that signs in at its provider signs in with this password from now on, as soon as its servers take it.
///
/// # Errors
/// `Conflict` for accounts by an API, whose mail has other names there; what the servers say of the password.
pub(crate) async fn by_password(engine: &Engine, account: &Account, password: String) -> Result<()> {
    let (id, imap) = match (&account.imap, account.kind) {
        (Some(imap), AccountKind::Imap) => (account.id, imap.clone()),
        _ => {
            return Err(Error::new(
                ErrorCode::Conflict,
                "This account reads its mail by the provider's API, which takes no password.",
            )
            .remedy("Add the mailbox a second time with its password, then remove this account."));
        }
    };
    let secret = Secret::new(password);
    let ca_pem = engine.store().read(move |r| store::account::ca_pem(r, id)).await?;
    let access =
        |server: ServerSettings| Access { server, sign_in: SignIn::Password(secret.clone()), ca_pem: ca_pem.clone() };
    let outgoing = account.smtp.clone().map(access);
    let report = let_in(engine, &access(imap), outgoing.as_ref()).await?;
    engine.give_back(account).await;
    let owner = store::account::owner(id);
    let sealed = engine.seal(&owner, "password", &secret).await?;
    engine
        .store()
        .write_durable(move |w| {
            store::account::set_sign_in(w, id, None)?;
            store::account::remove_secret(w, &owner, crate::tokens::REFRESH_TOKEN)?;
            store::account::put_secret(w, &owner, "password", &sealed)?;
            store::account::set_probe(w, id, &report)?;
            crate::sign_in::go_on(w, id)
        })
        .await?;
    engine.forget_keeper(id).await;
    Ok(())
}

/// Takes over the aliases the provider names; false where it has no list of them.
pub(crate) async fn fetch_aliases(engine: &Engine, account: &Account) -> Result<bool> {
    if account.provider.as_deref() != Some("google") {
        return Ok(false);
    }
    let access = engine.gmail_access(account).await?;
    let aliases = remote::gmail::aliases(&access, engine.stopping()).await?;
    let header = |alias: &remote::gmail::Alias| {
        mail::address::validate(&alias.email) && !alias.name.chars().any(char::is_control)
    };
    let named: Vec<_> = aliases.into_iter().filter(header).map(|alias| (alias.name, alias.email)).collect();
    let id = account.id;
    engine.store().write(move |w| store::account::sync_identities(w, id, &named)).await?;
    Ok(true)
}

/// A test mail keeps no ledger: it is sent once, while somebody watches.
struct NoLedger;

#[async_trait]
impl PhaseLog for NoLedger {
    async fn handing_over(&self) -> Result<()> {
        Ok(())
    }
    async fn provider_ref(&self, _value: &str) -> Result<()> {
        Ok(())
    }
}

/// Sends a test mail now and gives the server's own answer.
pub(crate) async fn test_mail(engine: &Engine, args: TestMailArgs) -> Result<TestMailResult> {
    let account = engine.account(args.id).await?;
    let to: Vec<Address> = args.to.iter().flat_map(|text| mail::address::parse_list(text)).collect();
    if to.is_empty() {
        return Err(Error::invalid("A test mail needs a recipient."));
    }
    if let Some(bad) = to.iter().find(|a| !mail::address::validate(&a.email)) {
        return Err(Error::invalid(say!("“{text}” is not a mail address.", text = bad.email)));
    }
    let mut random = [0; 16];
    random.copy_from_slice(&ulid::Ulid::new().to_bytes());
    let domain = account.email.rsplit('@').next().unwrap_or("localhost");
    let outgoing = Outgoing {
        from: Address { name: account.sender_name.clone(), email: account.email.clone() },
        to: to.clone(),
        subject: args.subject,
        date: engine.store().now(),
        message_id: new_message_id(domain, random),
        text: args.text,
        ..Outgoing::default()
    };
    let built = crate::outbox::letter::build(&outgoing)?;
    let letter = Letter {
        from: account.email,
        recipients: to.into_iter().map(|a| a.email).collect(),
        bytes: built.bytes,
        message_id: outgoing.message_id,
        bcc: Vec::new(),
        provider_thread: None,
        provider_ref: None,
    };
    let submitter = match engine.submitter(args.id).await {
        Ok(submitter) => submitter,
        Err(error) => return Ok(TestMailResult { accepted: false, answer: String::new(), error: Some(error) }),
    };
    let outcome = submitter.submit(&letter, &NoLedger, engine.stopping()).await;
    submitter.close().await;
    Ok(match outcome {
        Ok(taken) => {
            let refused = taken.recipients.iter().find(|r| r.accepted != Some(true));
            let error = refused.map(|r| {
                Error::new(
                    model::ErrorCode::Refused,
                    say!("The server does not take mail for {email}.", email = r.email),
                )
                .remedy("Check the address.")
                .detail(&r.answer)
            });
            TestMailResult {
                accepted: error.is_none(),
                answer: if taken.answer.is_empty() {
                    taken.recipients.first().map(|r| r.answer.clone()).unwrap_or_default()
                } else {
                    taken.answer
                },
                error,
            }
        }
        Err(SubmitError::Before(error) | SubmitError::Uncertain(error) | SubmitError::Refused(error, _)) => {
            TestMailResult { accepted: false, answer: error.detail.clone().unwrap_or_default(), error: Some(error) }
        }
    })
}
