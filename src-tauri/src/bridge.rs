//! The bridge: one command in, changes out.

use engine::Engine;
use model::{Change, Error};
use std::path::Path;
use std::sync::Mutex;
use tauri::ipc::Channel;
use tauri::{AppHandle, Emitter, Manager, State};
use tokio::sync::broadcast::error::RecvError;

/// Every command of the door passes here.
#[tauri::command]
pub async fn door(
    engine: State<'_, Engine>,
    name: String,
    args: serde_json::Value,
) -> Result<serde_json::Value, Error> {
    engine.call(&name, args).await
}

/// Sends every change to the window from now on, in order.
#[tauri::command]
pub fn watch(engine: State<'_, Engine>, channel: Channel<Vec<Change>>) {
    let mut bus = engine.changes();
    tauri::async_runtime::spawn(async move {
        loop {
            let batch = match bus.recv().await {
                Ok(batch) => batch.to_vec(),
                // The window fell behind: one change of every noun makes it read everything anew.
                Err(RecvError::Lagged(_)) => all_nouns(),
                Err(RecvError::Closed) => return,
            };
            if channel.send(batch).is_err() {
                return;
            }
        }
    });
}

fn all_nouns() -> Vec<Change> {
    use model::Noun::{
        Account, Base, Draft, Mailbox, Message, Provider, Record, Run, Setting, Submission, SyncState, Table, Template,
    };
    [Account, SyncState, Provider, Mailbox, Message, Draft, Submission, Template, Run, Base, Table, Record, Setting]
        .into_iter()
        .map(|noun| Change { seq: 0, noun, id: None, base: None, arrived: false })
        .collect()
}

/// What the program was asked to open and the window has not taken yet: addresses (`mailto:`) and
/// the paths of bases' files.
pub struct Opened(Mutex<Vec<String>>);

impl Opened {
    pub fn from_arguments() -> Self {
        let arguments: Vec<String> = std::env::args().collect();
        Self(Mutex::new(asked(&arguments, &std::env::current_dir().unwrap_or_default())))
    }
}

/// What of a command line given in `folder` is to be opened.
fn asked(arguments: &[String], folder: &Path) -> Vec<String> {
    let path = |argument: &str| {
        // A desktop may give a file as an address.
        let named = argument.starts_with("file:").then(|| tauri::Url::parse(argument).ok()?.to_file_path().ok());
        let path = folder.join(named.flatten().unwrap_or_else(|| argument.into()));
        let is_base = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("base")) && path.is_file();
        is_base.then(|| path.to_string_lossy().into_owned())
    };
    let open = |argument: &String| {
        if argument.starts_with("mailto:") { Some(argument.clone()) } else { path(argument) }
    };
    arguments.iter().skip(1).filter_map(open).collect()
}

/// Takes the addresses and files the program was asked to open.
#[tauri::command]
pub fn opened(waiting: State<'_, Opened>) -> Vec<String> {
    waiting.0.lock().map(|mut list| std::mem::take(&mut *list)).unwrap_or_default()
}

/// A second start of the program: shows the window and hands over what it was asked to open.
pub fn open_arguments(app: &AppHandle, arguments: &[String], folder: &Path) {
    if let Ok(mut list) = app.state::<Opened>().0.lock() {
        list.extend(asked(arguments, folder));
    }
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
    let _ = app.emit("opened", ());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_bases_are_opened_and_nothing_else_of_a_command_line() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().join("Мої клієнти.base");
        std::fs::write(&base, "").unwrap();
        std::fs::write(folder.path().join("other.txt"), "").unwrap();
        let address = tauri::Url::from_file_path(&base).unwrap().to_string();
        let line = [
            "tabella-desktop",
            "--profile",
            "p",
            "mailto:a@example.org",
            "Мої клієнти.base",
            "other.txt",
            "no.base",
            &address,
        ];
        let path = base.to_string_lossy().into_owned();
        let expected = ["mailto:a@example.org".to_owned(), path.clone(), path];
        assert_eq!(asked(&line.map(String::from), folder.path()), expected);
    }
}
