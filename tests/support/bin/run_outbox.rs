//! Runs the outbox of one account until it is killed: what the tests end with `kill -9`.
//!
//! Arguments: the profile's folder and the account's number. The passphrase is in TABELLA_PASSPHRASE.

use engine::{Engine, Options};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(profile), Some(account)) = (args.next(), args.next()) else {
        anyhow::bail!("usage: run-outbox PROFILE ACCOUNT");
    };
    let options =
        Options { keyring: false, passphrase: std::env::var("TABELLA_PASSPHRASE").ok(), ..Options::new(profile) };
    let engine = Engine::open(options).await?;
    let account = model::AccountId(account.parse()?);
    engine::outbox::run_account(engine, account, tokio_util::sync::CancellationToken::new()).await;
    Ok(())
}
