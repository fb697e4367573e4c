//! Signing in by OAuth from a terminal: the address is printed and opened, then the browser is waited for.

use crate::args::{AddOauth, Browser};
use crate::profile::ask;
use engine::Engine;
use model::Result;
use model::account::Account;
use model::provider::{BeginSignInArgs, SignInRef, SignInTicket, SignInTransport};

/// Adds an account through a provider.
pub async fn add(engine: &Engine, provider: String, args: AddOauth) -> Result<Account> {
    let transport = match (args.api, args.imap) {
        (true, _) => Some(SignInTransport::Api),
        (_, true) => Some(SignInTransport::Imap),
        _ => None,
    };
    let begin = BeginSignInArgs {
        provider,
        email: args.email,
        transport,
        account: None,
        device: args.browser.device,
        name: args.name,
        sender_name: args.sender_name,
        since_at: args.since.as_deref().map(crate::account::day).transpose()?,
        shared_mailbox: args.shared_mailbox,
    };
    sign_in(engine, &begin, &args.browser).await
}

/// Renews the sign-in of an account.
pub async fn renew(engine: &Engine, account: &Account, browser: &Browser) -> Result<Account> {
    let begin = BeginSignInArgs {
        provider: account.provider.clone().unwrap_or_default(),
        email: None,
        transport: None,
        account: Some(account.id),
        device: browser.device,
        name: None,
        sender_name: None,
        since_at: None,
        shared_mailbox: None,
    };
    sign_in(engine, &begin, browser).await
}

async fn sign_in(engine: &Engine, begin: &BeginSignInArgs, browser: &Browser) -> Result<Account> {
    let ticket: SignInTicket = ask(engine, "account.begin_sign_in", begin).await?;
    eprintln!("Open this address to sign in:\n{}", ticket.address);
    if let Some(code) = &ticket.code {
        eprintln!("and type there: {code}");
    }
    if !browser.no_browser
        && let Err(error) = open::that_detached(&ticket.address)
    {
        eprintln!("No browser could be opened ({error}); open the address by hand.");
    }
    eprintln!("Waiting for the browser; Ctrl+C gives up.");
    ask(engine, "account.finish_sign_in", &SignInRef { ticket: ticket.ticket }).await
}
