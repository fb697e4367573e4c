//! `tabella`: the second client of the door, for scripts, servers, tests and people who like
//! terminals.
//!
//! Two programs: `tabella` reads the command line, answers a search itself and leaves all else to
//! `tabella-engine` beside it, which has the whole engine in it. Starting so much program takes
//! longer than a search.
//!
//! Owns: words on the command line, tables for people, JSON for programs, exit codes.
//! Refuses: anything the door does not offer. Results go to stdout, progress and warnings to stderr.
//! Look next: [`args`] for the forms, one file a noun for what each does, [`output`] for how it is shown,
//! [`hand_over`] for the way from the one program to the other.

mod account;
mod args;
mod base;
mod bulk;
mod files;
mod hand_over;
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
use tokio::runtime::Builder;

/// What people call: answers what needs no engine, and hands the rest over.
pub fn tabella() -> ExitCode {
    let cli = Cli::parse();
    let Command::Search { query, limit, count } = &cli.command else { return hand_over::to_the_engine() };
    let out = Output { json: cli.json };
    match message::search(&profile::folder(&cli), &out, query, *limit, *count) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

/// All commands, with the whole engine.
pub fn engine() -> ExitCode {
    let cli = Cli::parse();
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("TABELLA_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
    let runtime = match Builder::new_multi_thread().enable_all().thread_stack_size(engine::STACK_BYTES).build() {
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

fn fail(error: &Error) -> ExitCode {
    eprintln!("error[{}]: {error}", error.code.as_str());
    ExitCode::FAILURE
}

async fn carry_out(cli: Cli) -> Result<()> {
    let out = Output { json: cli.json };
    match &cli.command {
        Command::Commands => return profile::commands(&out),
        Command::Search { query, limit, count } => {
            return message::search(&profile::folder(&cli), &out, query, *limit, *count);
        }
        _ => {}
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
        Command::Send(args) => send::send(&engine, &out, *args).await,
        Command::Outbox { verb } => send::outbox(&engine, &out, verb).await,
        Command::Template { verb } => template::run(&engine, &out, verb).await,
        Command::Base { verb } => base::run(&engine, &out, verb).await,
        Command::Table { verb } => base::table(&engine, &out, verb).await,
        Command::Record { verb } => base::record(&engine, &out, verb).await,
        Command::Bulk { verb } => bulk::run(&engine, &out, verb).await,
        Command::Call { name, arguments } => profile::call(&engine, &name, arguments.as_deref()).await,
        Command::Doctor => profile::doctor(&engine, &out).await,
        Command::Commands | Command::Search { .. } => Ok(()),
    };
    engine.stop().await;
    done
}
