//! Opening the profile, the door itself, and the doctor.

use crate::args::Cli;
use crate::output::{Output, columns};
use engine::{Engine, Options};
use model::setting::{Finding, Nothing};
use model::{Error, ErrorCode, Result, say};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The profile's folder.
pub fn folder(cli: &Cli) -> PathBuf {
    cli.profile.clone().unwrap_or_else(engine::default_profile)
}

/// Opens the engine on the profile that was asked for.
pub async fn open(cli: &Cli) -> Result<Engine> {
    let mut options = Options::new(folder(cli));
    options.passphrase = match &cli.passphrase_file {
        Some(file) => Some(first_line(&read_file(file)?)),
        None => std::env::var("TABELLA_PASSPHRASE").ok().filter(|p| !p.is_empty()),
    };
    Engine::open(options).await
}

/// Calls a command of the door with typed arguments and answer.
pub async fn ask<A: Serialize, R: DeserializeOwned>(engine: &Engine, name: &str, args: &A) -> Result<R> {
    let args = serde_json::to_value(args).map_err(|e| Error::internal(&e))?;
    let answer = engine.call(name, args).await?;
    serde_json::from_value(answer).map_err(|e| Error::internal(&e))
}

/// The password or other secret on the first line of stdin.
pub fn secret_from_stdin() -> Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|e| disk("stdin", &e))?;
    let secret = line.trim_end_matches(['\r', '\n']).to_owned();
    if secret.is_empty() {
        return Err(Error::invalid("No password came on stdin.")
            .remedy("Give it as the first line, such as: printf '%s' \"$PW\" | tabella ..."));
    }
    Ok(secret)
}

/// A text from a file, or from stdin for `-`.
pub fn text_from(name: &str) -> Result<String> {
    if name == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|e| disk("stdin", &e))?;
        return Ok(text);
    }
    read_file(Path::new(name))
}

fn read_file(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| disk(&path.display().to_string(), &e))
}

fn disk(what: &str, error: &std::io::Error) -> Error {
    Error::new(ErrorCode::Disk, say!("{what} can't be read.", what)).detail(error)
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// `tabella call`
pub async fn call(engine: &Engine, name: &str, json: Option<&str>) -> Result<()> {
    let text = match json {
        Some("-") => text_from("-")?,
        Some(text) => text.to_owned(),
        None => "null".to_owned(),
    };
    let args = serde_json::from_str(&text).map_err(|e| Error::invalid("The arguments are not JSON.").detail(e))?;
    println!("{}", engine.call(name, args).await?);
    Ok(())
}

/// `tabella commands`
pub fn commands(out: &Output) -> Result<()> {
    #[derive(Serialize)]
    struct Row {
        name: &'static str,
        read: bool,
        args: String,
        result: String,
    }
    let rows: Vec<Row> = model::door::declarations()
        .into_iter()
        .map(|d| Row { name: d.name, read: d.read, args: d.args, result: d.result })
        .collect();
    out.show(&rows, |rows| {
        columns(
            &rows
                .iter()
                .map(|r| {
                    vec![
                        r.name.to_owned(),
                        if r.read { "read" } else { "write" }.into(),
                        r.args.clone(),
                        r.result.clone(),
                    ]
                })
                .collect::<Vec<_>>(),
        )
    })
}

/// `tabella doctor`: fails where something is wrong.
pub async fn doctor(engine: &Engine, out: &Output) -> Result<()> {
    let findings: Vec<Finding> = ask(engine, "profile.doctor", &Nothing {}).await?;
    out.show(&findings, |findings| {
        columns(
            &findings
                .iter()
                .map(|f| {
                    let why = f.error.as_ref().map_or_else(|| f.found.clone(), ToString::to_string);
                    vec![if f.ok { "ok" } else { "WRONG" }.into(), f.what.clone(), why]
                })
                .collect::<Vec<_>>(),
        )
    })?;
    match findings.into_iter().find_map(|f| f.error.filter(|_| !f.ok)) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}
