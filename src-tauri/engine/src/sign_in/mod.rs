//! Signing in by OAuth: from the ticket to the account.
//!
//! Owns: the sign-ins that wait for a browser, whose account a finished one is for, and giving the
//! permission back when an account is removed.
//! Refuses: the flows themselves (`remote::auth::flow`), keeping tokens (see [`crate::tokens`]).

mod keep;
mod page;
mod probe;

pub(crate) use keep::go_on;
pub(crate) use probe::probe;

use crate::tokens::{self, transport};
use crate::{Engine, Inner, account};
use model::account::{Account, AccountKind};
use model::provider::{BeginSignInArgs, SignInTicket, SignInTransport};
use model::{AccountId, Error, ErrorCode, Result, Timestamp, say};
use remote::auth::flow::{self, Device, Pending, Tokens};
use remote::auth::loopback::PATIENCE;
use remote::auth::person;
use remote::auth::provider::{Provider, usual_transport};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a removed account's permission is taken back at most.
const REVOKE_TIME: Duration = Duration::from_secs(8);

/// The sign-ins that wait.
#[derive(Default)]
pub(crate) struct SignIns {
    by_ticket: Mutex<HashMap<String, Waiting>>,
}

struct Waiting {
    cancel: CancellationToken,
    /// Taken by whoever finishes it.
    begun: Option<Box<(Flow, Plan)>>,
}

enum Flow {
    Browser(Pending),
    Device(Device),
}

/// What a sign-in is for.
struct Plan {
    provider: Provider,
    transport: SignInTransport,
    /// The account to renew.
    renew: Option<AccountId>,
    email: Option<String>,
    name: Option<String>,
    sender_name: String,
    since_at: Option<Timestamp>,
    shared_mailbox: Option<String>,
    bulk_imap: bool,
}

impl Engine {
    fn waiting(&self) -> std::sync::MutexGuard<'_, HashMap<String, Waiting>> {
        // Nothing panics while holding it; if something did, the map is still whole.
        self.inner.sign_ins.by_ticket.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Begins a sign-in: gives what to open in the browser.
    pub(crate) async fn begin_sign_in(&self, args: BeginSignInArgs) -> Result<SignInTicket> {
        // Before anybody is sent to a browser: the tokens need a safe place.
        self.secrets().sealer().await?;
        let device = args.device;
        let (plan, hint) = self.plan(args).await?;
        let now = self.store().now();
        let (flow, address, code, ends_at) = if device {
            let device = flow::begin_device(&plan.provider).await?;
            let (address, code) = (device.address(), device.code());
            let ends_at = now.plus_seconds(device.lives_seconds());
            (Flow::Device(device), address, Some(code), ends_at)
        } else {
            let pending = flow::begin(&plan.provider, hint.as_deref()).await?;
            let address = pending.address().to_owned();
            (Flow::Browser(pending), address, None, now.plus_seconds(PATIENCE.as_secs() as i64))
        };
        let ticket = crate::random::hex::<16>()?;
        let cancel = self.stopping().child_token();
        let begun = Some(Box::new((flow, plan)));
        self.waiting().insert(ticket.clone(), Waiting { cancel: cancel.clone(), begun });
        // Nobody may ever come for it: the port it listens on is not held for longer.
        tokio::spawn(give_up(Arc::downgrade(&self.inner), ticket.clone(), cancel));
        Ok(SignInTicket { ticket, address, code, ends_at })
    }

    async fn plan(&self, args: BeginSignInArgs) -> Result<(Plan, Option<String>)> {
        let text = |given: Option<String>| given.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        let email = text(args.email).map(|email| account::email(&email)).transpose()?;
        let shared_mailbox = text(args.shared_mailbox).map(|email| account::email(&email)).transpose()?;
        let mut name = args.provider.trim().to_owned();
        let mut way = args.transport;
        let mut hint = email.clone();
        let mut shared = shared_mailbox.clone();
        if let Some(id) = args.account {
            let old = self.account(id).await?;
            match self.signed_in(id).await? {
                Some(signed_in) if !name.is_empty() && name != signed_in.provider => {
                    return Err(Error::new(
                        ErrorCode::Conflict,
                        say!("{email} signs in through another provider.", email = old.email),
                    )
                    .remedy("Add a further account instead."));
                }
                Some(signed_in) => {
                    name = signed_in.provider;
                    way = Some(transport(old.kind));
                    hint = Some(signed_in.person);
                    shared = signed_in.shared_mailbox;
                }
                // From its password to the provider: by the same protocol, so that all mail stays.
                None if old.kind == AccountKind::Imap && !name.is_empty() => {
                    way = Some(SignInTransport::Imap);
                    hint = Some(old.email);
                }
                None => {
                    return Err(Error::new(
                        ErrorCode::Conflict,
                        say!("{email} signs in with a password.", email = old.email),
                    )
                    .remedy("Give its password in the account's settings."));
                }
            }
        }
        let way = way.unwrap_or_else(|| usual_transport(&name));
        let looked_up = name.clone();
        let (stored, _) = self.store().read(move |r| tokens::entered(r, &looked_up)).await?;
        let mut provider = self.provider(&stored, way).await?;
        check(&provider, way, shared.is_some(), hint.is_some())?;
        if args.bulk_imap == Some(true) && (provider.name != "google" || way != SignInTransport::Api) {
            return Err(Error::invalid("Only Gmail by its API can read the first letters by IMAP."));
        }
        if shared.is_some() && stored.scopes.is_empty() {
            provider.scopes.extend(
                ["Mail.ReadWrite.Shared", "Mail.Send.Shared"].map(|s| format!("https://graph.microsoft.com/{s}")),
            );
        }
        let plan = Plan {
            provider,
            transport: way,
            renew: args.account,
            email,
            name: text(args.name),
            sender_name: account::line(args.sender_name.as_deref().unwrap_or_default())?,
            since_at: args.since_at,
            shared_mailbox,
            bulk_imap: args.bulk_imap == Some(true),
        };
        Ok((plan, hint))
    }

    /// Waits for the browser, and keeps what it brought: a new account, or an old one renewed.
    pub(crate) async fn finish_sign_in(&self, ticket: &str) -> Result<Account> {
        let (begun, cancel) = {
            let mut waiting = self.waiting();
            let found = waiting.get_mut(ticket).ok_or_else(over)?;
            let begun = found.begun.take().ok_or_else(|| {
                Error::new(ErrorCode::Conflict, "Somebody waits for this sign-in already.")
                    .remedy("Finish it in the browser, or start again.")
            })?;
            (begun, found.cancel.clone())
        };
        let _done = Ended { engine: self.clone(), ticket: ticket.to_owned() };
        let (flow, plan) = *begun;
        let tokens = match flow {
            Flow::Browser(pending) => pending.finish(&page::page(&self.language().await), &cancel).await?,
            Flow::Device(device) => device.finish(&cancel).await?,
        };
        let person = person::learn(&plan.provider, plan.transport, &tokens).await?;
        self.keep_sign_in(plan, &tokens, person).await
    }

    /// Gives a sign-in up; whoever waits for it learns so.
    pub(crate) fn cancel_sign_in(&self, ticket: &str) -> Result<()> {
        let waiting = self.waiting().remove(ticket).ok_or_else(over)?;
        waiting.cancel.cancel();
        Ok(())
    }

    /// The language of the window; where it follows the system, the system's.
    async fn language(&self) -> String {
        let set = self.store().read(|r| store::setting::get(r)).await.map(|s| s.language).unwrap_or_default();
        if !set.is_empty() {
            return set;
        }
        let system = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().filter_map(|name| std::env::var(name).ok());
        system.filter(|value| !value.is_empty()).map(|v| v.chars().take(2).collect()).next().unwrap_or_default()
    }

    /// Takes a permission back at the provider, unless another account lives by the same one. What goes
    /// wrong is only logged: the account is gone here in any case.
    pub(crate) async fn give_back(&self, account: &Account) {
        let Ok(Some(signed_in)) = self.signed_in(account.id).await else { return };
        let (id, of) = (account.id, signed_in.clone());
        let shared = self
            .store()
            .read(move |r| {
                let others = store::account::list(r)?.into_iter().filter(|a| a.id != id);
                let same = |a: Account| -> Result<bool> {
                    Ok(store::account::signed_in(r, a.id)?
                        .is_some_and(|o| o.provider == of.provider && o.person.eq_ignore_ascii_case(&of.person)))
                };
                others.map(same).try_fold(false, |any, one| one.map(|one| any || one))
            })
            .await;
        if !matches!(shared, Ok(false)) {
            return;
        }
        let Ok(keeper) = self.keeper(account).await else { return };
        let Ok(Some(token)) = self.secret(&store::account::owner(account.id), tokens::REFRESH_TOKEN).await else {
            return;
        };
        let revoked = tokio::time::timeout(REVOKE_TIME, flow::revoke(keeper.provider(), &token)).await;
        match revoked {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::info!(%error, "the permission of a removed account could not be given back"),
            Err(_) => tracing::info!("the provider did not answer when a permission was given back"),
        }
    }
}

/// Whether this provider can serve what is asked for.
fn check(provider: &Provider, way: SignInTransport, shared: bool, hinted: bool) -> Result<()> {
    let title = &provider.title;
    let known = matches!(provider.name.as_str(), "google" | "microsoft");
    if way == SignInTransport::Api && !known {
        return Err(
            Error::invalid(say!("{title} has no API that Tabella speaks.", title)).remedy("Connect it by IMAP.")
        );
    }
    if way == SignInTransport::Imap && provider.imap.is_none() {
        return Err(Error::new(ErrorCode::Conflict, say!("No incoming server is entered for {title}.", title))
            .remedy("Enter it in Settings, Providers."));
    }
    if shared && (provider.name != "microsoft" || way != SignInTransport::Api) {
        return Err(Error::invalid("Shared mailboxes are opened by Microsoft's API alone."));
    }
    if !known && !hinted && !provider.scopes.iter().any(|scope| scope == "openid") {
        return Err(Error::invalid(say!("{title} does not tell whose mailbox it is.", title))
            .remedy("Type the mailbox's address first."));
    }
    Ok(())
}

/// Takes a finished sign-in from the list, however it ended.
struct Ended {
    engine: Engine,
    ticket: String,
}

impl Drop for Ended {
    fn drop(&mut self) {
        if let Some(waiting) = self.engine.waiting().remove(&self.ticket) {
            waiting.cancel.cancel();
        }
    }
}

async fn give_up(engine: Weak<Inner>, ticket: String, cancel: CancellationToken) {
    tokio::select! {
        () = cancel.cancelled() => {}
        () = tokio::time::sleep(PATIENCE + Duration::from_secs(10)) => {}
    }
    if let Some(inner) = engine.upgrade() {
        let _ = Engine { inner }.cancel_sign_in(&ticket);
    }
}

fn over() -> Error {
    Error::not_found("This sign-in is over.").remedy("Start it again.")
}

impl Engine {
    /// Keeps the tokens of a finished sign-in where they belong.
    async fn keep_sign_in(&self, plan: Plan, tokens: &Tokens, person: Option<String>) -> Result<Account> {
        let id = match keep::whose(self, &plan, person.as_deref()).await? {
            Some(id) if self.signed_in(id).await?.is_none() => {
                keep::switch(self, id, plan, tokens, person).await?;
                id
            }
            Some(id) => {
                keep::renew(self, id, tokens).await?;
                id
            }
            None => keep::add(self, plan, tokens, person).await?,
        };
        let kept = self.account(id).await?;
        self.keeper(&kept).await?.adopt(tokens).await;
        // Aliases are a convenience: the account stands without them.
        if let Err(error) = account::fetch_aliases(self, &kept).await {
            tracing::debug!(%error, "aliases were not fetched");
        }
        self.account(id).await
    }
}
