//! `tabella`: the second client of the door, for scripts, servers, tests and people who like
//! terminals.
//!
//! Owns: words on the command line, tables for people, JSON for programs, exit codes.
//! Refuses: anything the door does not offer. Results go to stdout, progress and warnings to stderr.
//! Look next: [`args`] for the forms, one file a noun for what each does, [`output`] for how it is shown.

mod account;
mod args;
mod base;
mod bulk;
mod files;
mod message;
mod output;
mod profile;
mod provider;
mod run;
mod send;
mod sign_in;
mod template;

use args::{Cli, Command};
use clap::Parser;
use model::{Error, Result};
use output::Output;
use std::process::ExitCode;
use tokio::runtime::{Builder, Runtime};

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("TABELLA_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
    let runtime = match runtime_for(&cli.command) {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Error::internal(&error)),
    };
    let done = runtime.block_on(carry_out(cli));
    // The engine has stopped: nobody waits for threads that have nothing left to do.
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

/// A question is answered by one thread; starting more would take as long as finding the answer.
fn runtime_for(command: &Command) -> std::io::Result<Runtime> {
    let mut builder = match command {
        Command::Search { .. } | Command::Thread { .. } => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    builder.enable_all().thread_stack_size(engine::STACK_BYTES).build()
}

fn fail(error: &Error) -> ExitCode {
    eprintln!("error[{}]: {error}", error.code.as_str());
    ExitCode::FAILURE
}

async fn carry_out(cli: Cli) -> Result<()> {
    let out = Output { json: cli.json };
    if let Command::Commands = cli.command {
        return profile::commands(&out);
    }
    let engine = profile::open(&cli).await?;
    let done = match cli.command {
        Command::Account { verb } => account::run(&engine, &out, verb).await,
        Command::Provider { verb } => provider::run(&engine, &out, verb).await,
        Command::Sync { account, full } => run::sync(&engine, &out, account.as_deref(), full).await,
        Command::Run { seconds } => run::run(&engine, seconds).await,
        Command::Mailbox { verb } => message::mailbox(&engine, &out, verb).await,
        Command::Message { verb } => message::run(&engine, &out, verb).await,
        Command::Thread { verb } => message::thread(&engine, &out, verb).await,
        Command::Search { query, limit, count } => message::search(&engine, &out, &query, limit, count).await,
        Command::Send(args) => send::send(&engine, &out, *args).await,
        Command::Outbox { verb } => send::outbox(&engine, &out, verb).await,
        Command::Template { verb } => template::run(&engine, &out, verb).await,
        Command::Base { verb } => base::run(&engine, &out, verb).await,
        Command::Table { verb } => base::table(&engine, &out, verb).await,
        Command::Record { verb } => base::record(&engine, &out, verb).await,
        Command::Bulk { verb } => bulk::run(&engine, &out, verb).await,
        Command::Call { name, arguments } => profile::call(&engine, &name, arguments.as_deref()).await,
        Command::Doctor => profile::doctor(&engine, &out).await,
        Command::Commands => Ok(()),
    };
    engine.stop().await;
    done
}
