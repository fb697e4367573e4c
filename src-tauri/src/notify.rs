//! Desktop notifications of new mail: sender and subject, nothing else leaves the window.

use engine::Engine;
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;

/// Above this many new messages at once only their number is told.
const SINGLY: usize = 3;

/// Tells of new mail while the window is not in front.
pub fn watch(app: AppHandle, engine: Engine) {
    tauri::async_runtime::spawn(async move {
        let mut bus = engine.changes();
        while let Ok(changes) = bus.recv().await {
            let new: Vec<i64> = changes
                .iter()
                .filter(|c| c.arrived)
                .filter_map(|c| c.id.as_deref().and_then(|id| id.parse().ok()))
                .collect();
            if new.is_empty() || in_front(&app) || !wanted(&engine).await {
                continue;
            }
            for (title, body) in words(&engine, &new).await {
                let _ = app.notification().builder().title(title).body(body).show();
            }
        }
    });
}

fn in_front(app: &AppHandle) -> bool {
    app.get_webview_window("main").and_then(|w| w.is_focused().ok()).unwrap_or(false)
}

async fn wanted(engine: &Engine) -> bool {
    engine
        .call("setting.get", serde_json::Value::Null)
        .await
        .ok()
        .and_then(|s| s.get("notifications").and_then(serde_json::Value::as_bool))
        .unwrap_or(true)
}

async fn words(engine: &Engine, new: &[i64]) -> Vec<(String, String)> {
    if new.len() > SINGLY {
        return vec![("Tabella".into(), format!("+{}", new.len()))];
    }
    let mut told = Vec::new();
    for id in new {
        let Ok(message) = engine.call("message.get", serde_json::json!({ "id": id })).await else { continue };
        let text =
            |pointer: &str| message.pointer(pointer).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let name = text("/from/name");
        told.push((if name.is_empty() { text("/from/email") } else { name }, text("/subject")));
    }
    told
}
