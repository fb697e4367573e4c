//! The real window, driven as a person would: WebKitGTK, the real engine, real servers.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod accounts;
mod base;
mod base_way;
mod crowd;
mod first_start;
mod hostile;
mod letters;
mod mailbox;
mod providers;

use anyhow::{Context, Result};
use e2e::{Keyring, MailServer, Window};
use std::path::Path;
use std::process::{Command, Stdio};

/// The program on `profile`, in a session whose keyring is open.
async fn open(profile: &Path, keyring: &Keyring) -> Result<Window> {
    open_with(profile, keyring, &[]).await
}

/// The same, with further environment variables.
async fn open_with(profile: &Path, keyring: &Keyring, further: &[(String, String)]) -> Result<Window> {
    let session: Vec<(String, String)> = keyring
        .env()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_string_lossy().into_owned()))
        .chain(further.iter().cloned())
        .collect();
    Window::open(Path::new(env!("CARGO_BIN_EXE_tabella-desktop")), profile, &session).await
}

/// A profile whose person has seen the welcome, with English words and no time to take letters back.
fn settle(profile: &Path, keyring: &Keyring) -> Result<()> {
    tabella(profile, keyring, &["call", "setting.put", r#"{"welcomed":true,"language":"en","undo_seconds":0}"#], "")?;
    Ok(())
}

/// Runs `tabella` on the profile, with the window's keyring.
fn tabella(profile: &Path, keyring: &Keyring, arguments: &[&str], input: &str) -> Result<String> {
    use std::io::Write as _;
    let mut child = Command::new(e2e::tabella_binary())
        .arg("--profile")
        .arg(profile)
        .args(arguments)
        .envs(keyring.env())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child.stdin.take().context("stdin")?.write_all(input.as_bytes())?;
    let output = child.wait_with_output()?;
    anyhow::ensure!(output.status.success(), "tabella {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Connects `user` of the server to the profile and fetches its mail.
fn connect(profile: &Path, keyring: &Keyring, server: &MailServer, user: &str) -> Result<()> {
    let user = server.user(user);
    let ca = server.ca_file();
    let arguments = [
        "account",
        "add",
        "imap",
        "--email",
        &user.email,
        "--password-stdin",
        "--imap",
        &server.imaps(),
        "--smtp",
        &server.relay().submissions(),
        "--ca-file",
        &ca.display().to_string(),
    ];
    tabella(profile, keyring, &arguments, &format!("{}\n", user.password))?;
    tabella(profile, keyring, &["sync"], "")?;
    // The welcome is for people who have nothing yet.
    settle(profile, keyring)
}

/// A message as it lies on a server.
fn letter(subject: &str, id: &str, body: &str) -> Vec<u8> {
    format!(
        "From: Nina Berger <nina@tabella.test>\r\nTo: anna@tabella.test\r\nSubject: {subject}\r\n\
         Date: Mon, 16 Nov 2026 10:00:00 +0000\r\nMessage-ID: <{id}@tabella.test>\r\nMIME-Version: 1.0\r\n{body}"
    )
    .into_bytes()
}

/// Every file below a folder.
fn files(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}
