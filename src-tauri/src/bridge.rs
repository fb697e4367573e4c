//! The bridge: one command in, changes out.

use engine::Engine;
use model::{Change, Error};
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

/// Addresses (`mailto:`) the program was started with and the window has not taken yet.
pub struct Opened(Mutex<Vec<String>>);

impl Opened {
    pub fn from_arguments() -> Self {
        Self(Mutex::new(std::env::args().skip(1).filter(|a| a.starts_with("mailto:")).collect()))
    }
}

/// Takes the addresses the program was asked to open.
#[tauri::command]
pub fn opened(waiting: State<'_, Opened>) -> Vec<String> {
    waiting.0.lock().map(|mut list| std::mem::take(&mut *list)).unwrap_or_default()
}

/// A second start of the program: shows the window and hands over what it was asked to open.
pub fn open_arguments(app: &AppHandle, arguments: &[String]) {
    if let Ok(mut list) = app.state::<Opened>().0.lock() {
        list.extend(arguments.iter().skip(1).filter(|a| a.starts_with("mailto:")).cloned());
    }
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
    let _ = app.emit("opened", ());
}
