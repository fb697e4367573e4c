//! Commands of the noun `account`.

use crate::{Engine, account};
use model::account::{
    Account, AccountKind, AccountRef, AccountScope, AccountUpdateArgs, AddImapArgs, AddSandboxArgs, DiscoverArgs,
    Discovery, ProbeReport, ReauthorizeArgs, ServerSettings, SyncLogEntry, SyncPhase, TestMailArgs, TestMailResult,
};
use model::provider::{BeginSignInArgs, SignInRef, SignInTicket};
use model::setting::Nothing;
use model::{Error, ErrorCode, Result, say};
use remote::{Access, Secret, SignIn};
use store::account::{NewAccount, SyncUpdate};

/// `account.list`
pub(crate) async fn list(engine: &Engine, _args: Nothing) -> Result<Vec<Account>> {
    engine.store().read(|r| store::account::list(r)).await
}

/// `account.get`
pub(crate) async fn get(engine: &Engine, args: AccountRef) -> Result<Account> {
    engine.account(args.id).await
}

/// `account.discover`
pub(crate) async fn discover(_engine: &Engine, args: DiscoverArgs) -> Result<Discovery> {
    remote::discover::Discoverer::new()?.discover(&args.email).await
}

/// `account.add_imap`
pub(crate) async fn add_imap(engine: &Engine, args: AddImapArgs) -> Result<Account> {
    let email = account::email(&args.email)?;
    let (mut imap, mut smtp) = (args.imap, args.smtp);
    if imap.is_none() {
        let found = remote::discover::Discoverer::new()?.discover(&email).await?;
        imap = found.imap;
        smtp = smtp.or(found.smtp);
    }
    let named = |mut server: ServerSettings| {
        if let Some(username) = args.username.as_deref().map(str::trim).filter(|u| !u.is_empty()) {
            username.clone_into(&mut server.username);
        }
        account::server(server)
    };
    let imap = imap.map(named).transpose()?.ok_or_else(|| {
        Error::not_found(say!("No mail server was found for {email}.", email))
            .remedy("Enter the server's name and port; your provider's help pages have them.")
    })?;
    let smtp = smtp.map(named).transpose()?;
    account::password(&args.password)?;
    let ca_pem = args.ca_pem.filter(|pem| !pem.trim().is_empty());
    if let Some(pem) = &ca_pem {
        remote::tls::authorities(pem)?;
    }
    let password = Secret::new(args.password);
    let smtp_password = args.smtp_password.filter(|p| !p.is_empty()).map(Secret::new);
    let mut report = None;
    if !args.unchecked {
        let access = |server: &ServerSettings, secret: &Secret| Access {
            server: server.clone(),
            sign_in: SignIn::Password(secret.clone()),
            ca_pem: ca_pem.clone(),
        };
        let outgoing = smtp.as_ref().map(|server| access(server, smtp_password.as_ref().unwrap_or(&password)));
        report = Some(account::let_in(engine, &access(&imap, &password), outgoing.as_ref()).await?);
    }
    let new = NewAccount {
        name: args.name.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).unwrap_or_else(|| email.clone()),
        sender_name: account::line(args.sender_name.as_deref().unwrap_or_default())?,
        email,
        kind: AccountKind::Imap,
        imap: Some(imap),
        smtp,
        ca_pem,
        since_at: args.since_at,
        sign_in: None,
        bulk_imap: false,
    };
    let mut secrets = vec![("password", password)];
    secrets.extend(smtp_password.map(|secret| ("smtp_password", secret)));
    let added = account::insert(engine, new, secrets).await?;
    let Some(report) = report else { return Ok(added) };
    engine.store().write(move |w| store::account::set_probe(w, added.id, &report)).await?;
    engine.account(added.id).await
}

/// `account.add_sandbox`
pub(crate) async fn add_sandbox(engine: &Engine, args: AddSandboxArgs) -> Result<Account> {
    let email = account::email(&args.email)?;
    let new = NewAccount {
        name: email.clone(),
        sender_name: String::new(),
        email,
        kind: AccountKind::Sandbox,
        imap: None,
        smtp: None,
        ca_pem: None,
        since_at: None,
        sign_in: None,
        bulk_imap: false,
    };
    let id = account::insert(engine, new, Vec::new()).await?.id;
    crate::sandbox::prepare(engine, id).await?;
    if args.samples {
        crate::sandbox::fill(engine, id, args.language.as_deref().unwrap_or("en")).await?;
    }
    engine
        .store()
        .write(move |w| {
            store::account::set_sync(
                w,
                id,
                &SyncUpdate { phase: Some(SyncPhase::UpToDate), ok: true, ..SyncUpdate::default() },
            )
        })
        .await?;
    engine.account(id).await
}

/// `account.update`
pub(crate) async fn update(engine: &Engine, mut args: AccountUpdateArgs) -> Result<Account> {
    let id = args.id.ok_or_else(|| Error::invalid("Which account? The id is missing."))?;
    let old = engine.account(id).await?;
    let server = if old.provider.is_some() { account::token_server } else { account::server };
    args.imap = args.imap.take().map(server).transpose()?;
    args.smtp = args.smtp.take().map(server).transpose()?;
    if args.bulk_imap == Some(true) && old.kind != AccountKind::Gmail {
        return Err(Error::invalid("Only Gmail by its API can read the first letters by IMAP."));
    }
    if let Some(name) = &args.sender_name {
        args.sender_name = Some(account::line(name)?);
    }
    if let Some(pem) = args.ca_pem.as_deref().filter(|pem| !pem.is_empty()) {
        remote::tls::authorities(pem)?;
    }
    if let Some(password) = args.password.take().filter(|p| !p.is_empty()) {
        by_password(&old)?;
        account::keep_password(engine, id, &password).await?;
    }
    engine.store().write(move |w| store::account::update(w, id, &args)).await?;
    engine.account(id).await
}

/// A password is for accounts that sign in with one.
fn by_password(account: &Account) -> Result<()> {
    if account.provider.is_none() {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::Conflict,
        say!("{email} signs in at its provider, not with a password.", email = account.email),
    )
    .remedy("Choose \"Sign in again\"; it opens the browser."))
}

/// `account.reauthorize`
pub(crate) async fn reauthorize(engine: &Engine, args: ReauthorizeArgs) -> Result<Account> {
    account::password(&args.password)?;
    let (id, old) = (args.id, engine.account(args.id).await?);
    if args.switch == Some(true) && old.provider.is_some() {
        account::by_password(engine, &old, args.password).await?;
    } else {
        by_password(&old)?;
        account::keep_password(engine, id, &args.password).await?;
        engine.store().write(move |w| crate::sign_in::go_on(w, id)).await?;
    }
    engine.account(id).await
}

/// `account.begin_sign_in`
pub(crate) async fn begin_sign_in(engine: &Engine, args: BeginSignInArgs) -> Result<SignInTicket> {
    engine.begin_sign_in(args).await
}

/// `account.finish_sign_in`
pub(crate) async fn finish_sign_in(engine: &Engine, args: SignInRef) -> Result<Account> {
    engine.finish_sign_in(&args.ticket).await
}

/// `account.cancel_sign_in`
pub(crate) async fn cancel_sign_in(engine: &Engine, args: SignInRef) -> Result<Nothing> {
    engine.cancel_sign_in(&args.ticket)?;
    Ok(Nothing {})
}

/// `account.remove`
pub(crate) async fn remove(engine: &Engine, args: AccountRef) -> Result<Nothing> {
    let account = engine.account(args.id).await?;
    engine.give_back(&account).await;
    let store = engine.store();
    store.write_durable(move |w| store::account::begin_removal(w, args.id)).await?;
    while store.write(move |w| store::account::remove_messages(w, args.id)).await? {}
    store.write(move |w| store::account::remove(w, args.id)).await?;
    engine.forget_keeper(args.id).await;
    Ok(Nothing {})
}

/// `account.probe`
pub(crate) async fn probe(engine: &Engine, args: AccountRef) -> Result<ProbeReport> {
    let account = engine.account(args.id).await?;
    if matches!(account.kind, AccountKind::Gmail | AccountKind::Microsoft) {
        return crate::sign_in::probe(engine, &account).await;
    }
    let imap = match account.imap {
        Some(_) => Some(engine.imap_access(&account).await?),
        None => None,
    };
    let smtp = match account.smtp {
        Some(_) => Some(engine.smtp_access(&account).await?),
        None => None,
    };
    let clock = engine.store().clock();
    let report = remote::probe(imap.as_ref(), smtp.as_ref(), &*clock, engine.stopping()).await;
    let (id, stored) = (args.id, report.clone());
    engine.store().write(move |w| store::account::set_probe(w, id, &stored)).await?;
    Ok(report)
}

/// `account.test_mail`
pub(crate) async fn test_mail(engine: &Engine, args: TestMailArgs) -> Result<TestMailResult> {
    account::test_mail(engine, args).await
}

/// `account.sync`
pub(crate) async fn sync(engine: &Engine, args: AccountScope) -> Result<Nothing> {
    want(engine, args, false).await
}

/// `account.stop_sync`
pub(crate) async fn stop_sync(engine: &Engine, args: AccountScope) -> Result<Nothing> {
    engine
        .store()
        .write(move |w| {
            for account in store::account::list(w)? {
                if args.id.is_none_or(|id| id == account.id) {
                    store::account::stop_sync(w, account.id)?;
                }
            }
            Ok(Nothing {})
        })
        .await
}

/// `account.resync`
pub(crate) async fn resync(engine: &Engine, args: AccountRef) -> Result<Nothing> {
    want(engine, AccountScope { id: Some(args.id) }, true).await
}

async fn want(engine: &Engine, scope: AccountScope, full: bool) -> Result<Nothing> {
    engine
        .store()
        .write(move |w| {
            let mut asked = false;
            for account in store::account::list(w)? {
                if scope.id.is_none_or(|id| id == account.id) && account.kind != AccountKind::Sandbox {
                    if account.paused && scope.id.is_some() {
                        return Err(Error::new(ErrorCode::Conflict, say!("{name} is paused.", name = account.name))
                            .remedy("Resume the account first."));
                    }
                    store::account::want_sync(w, account.id, full)?;
                    asked = true;
                }
            }
            if !asked && scope.id.is_some_and(|id| store::account::get(w, id).is_err()) {
                return Err(Error::not_found("This account is no longer there."));
            }
            Ok(Nothing {})
        })
        .await
}

/// `account.log`
pub(crate) async fn log(engine: &Engine, args: AccountRef) -> Result<Vec<SyncLogEntry>> {
    engine.store().read(move |r| store::sync_log::list(r, args.id)).await
}
