//! Signing in by OAuth from a terminal: the address is printed and opened, then the browser is waited for.

use crate::profile::ask;
use clap::{Args, ValueEnum};
use engine::Engine;
use model::Result;
use model::account::Account;
use model::provider::{BeginSignInArgs, SignInRef, SignInTicket, SignInTransport};

/// How to sign in where a browser is needed.
#[derive(Args)]
pub struct Browser {
    /// Only print the address to open, do not open it.
    #[arg(long)]
    pub no_browser: bool,
    /// Sign in with a browser on any machine, by a code to type there.
    #[arg(long)]
    pub device: bool,
}

/// By which way many letters come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Bulk {
    Api,
    Imap,
}

#[derive(Args)]
pub struct AddOauth {
    #[arg(long)]
    pub email: Option<String>,
    /// Unique name; the address if left out.
    #[arg(long)]
    pub name: Option<String>,
    /// Display name for letters.
    #[arg(long)]
    pub sender_name: Option<String>,
    /// Read and send by the provider's own API (the usual way of Google and Microsoft).
    #[arg(long, conflicts_with = "imap")]
    pub api: bool,
    /// Read by IMAP and send by SMTP.
    #[arg(long)]
    pub imap: bool,
    /// How the letters of the first sync come: IMAP costs nothing of the API's quota (Gmail by its API).
    #[arg(long, value_enum, default_value_t = Bulk::Api, conflicts_with = "imap")]
    pub bulk: Bulk,
    /// Open this shared mailbox as the person who signs in (Microsoft).
    #[arg(long, value_name = "ADDRESS")]
    pub shared_mailbox: Option<String>,
    /// Only mail from this day on, YYYY-MM-DD.
    #[arg(long)]
    pub since: Option<String>,
    #[command(flatten)]
    pub browser: Browser,
}

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
        bulk_imap: Some(args.bulk == Bulk::Imap),
    };
    sign_in(engine, &begin, &args.browser).await
}

/// Renews the sign-in of an account through a provider, or begins with it.
pub async fn renew(engine: &Engine, account: &Account, provider: String, browser: &Browser) -> Result<Account> {
    let begin = BeginSignInArgs {
        provider,
        email: None,
        transport: None,
        account: Some(account.id),
        device: browser.device,
        name: None,
        sender_name: None,
        since_at: None,
        shared_mailbox: None,
        bulk_imap: None,
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
