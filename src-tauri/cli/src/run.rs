//! `tabella sync` and `tabella run`.

use crate::account;
use crate::output::{Output, columns};
use engine::Engine;
use model::account::AccountKind;
use model::{Error, Result};
use serde::Serialize;
use std::time::Duration;

#[derive(Serialize)]
struct Synced {
    accounts: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    email: String,
    mailboxes: u32,
    messages: u32,
    new: u32,
    unreadable: u32,
    error: Option<Error>,
}

/// One round of all accounts, or of one; fails where an account is not in step afterwards.
pub async fn sync(engine: &Engine, out: &Output, wanted: Option<&str>, full: bool) -> Result<()> {
    let accounts = match wanted {
        Some(name) => vec![account::find(engine, name).await?],
        None => account::all(engine).await?.into_iter().filter(|a| !a.paused).collect(),
    };
    let mut synced = Synced { accounts: Vec::new() };
    for account in accounts.into_iter().filter(|a| a.kind != AccountKind::Sandbox) {
        eprintln!("{} ...", account.email);
        let done = engine.sync_round(account.id, full).await;
        let mut row = Row { email: account.email, mailboxes: 0, messages: 0, new: 0, unreadable: 0, error: None };
        match done {
            Ok(report) => {
                row.mailboxes = report.mailboxes;
                row.messages = report.messages;
                row.new = report.new;
                row.unreadable = report.unreadable;
            }
            Err(error) => row.error = Some(error),
        }
        synced.accounts.push(row);
    }
    let failed = synced.accounts.iter().find_map(|a| a.error.clone());
    out.show(&synced, |synced| {
        let mut rows = vec![["ACCOUNT", "MAILBOXES", "MESSAGES", "NEW", "UNREADABLE"].map(String::from).to_vec()];
        rows.extend(synced.accounts.iter().map(|a| {
            // What a round that failed would have counted, nobody knows.
            let count = |number: u32| if a.error.is_some() { "-".to_owned() } else { number.to_string() };
            vec![a.email.clone(), count(a.mailboxes), count(a.messages), count(a.new), count(a.unreadable)]
        }));
        columns(&rows)
    })?;
    failed.map_or(Ok(()), Err)
}

/// The engine without a window: push, outbox and bulk runs, until Ctrl+C or the time is over.
pub async fn run(engine: &Engine, seconds: Option<u64>) -> Result<()> {
    engine.open_key().await?;
    engine.start();
    let end = async {
        match seconds {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = end => {}
        stopped = tokio::signal::ctrl_c() => stopped.map_err(|e| Error::internal(&e))?,
    }
    Ok(())
}
