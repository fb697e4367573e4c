//! Desktop notifications of new mail: sender and subject, nothing else leaves the window. The few words
//! of their own are in the language of the window, or of the system where that follows it.

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
    let language = language(engine).await;
    if new.len() > SINGLY {
        return vec![("Tabella".into(), arrived(&language, new.len()))];
    }
    let mut told = Vec::new();
    for id in new {
        let Ok(message) = engine.call("message.get", serde_json::json!({ "id": id })).await else { continue };
        let text =
            |pointer: &str| message.pointer(pointer).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let (name, subject) = (text("/from/name"), text("/subject"));
        told.push((
            if name.is_empty() { text("/from/email") } else { name },
            if subject.trim().is_empty() { no_subject(&language).to_owned() } else { subject },
        ));
    }
    told
}

/// The language of the window's setting, else the system's.
async fn language(engine: &Engine) -> String {
    let setting = engine.call("setting.get", serde_json::Value::Null).await.ok();
    let chosen = setting.as_ref().and_then(|s| s.get("language")).and_then(serde_json::Value::as_str);
    if let Some(chosen) = chosen.filter(|c| !c.is_empty()) {
        return chosen.to_owned();
    }
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default()
}

/// How many letters are new, in words.
fn arrived(language: &str, count: usize) -> String {
    let words = match (language.get(..2), form(language, count)) {
        (Some("de"), Form::One) => "neue Nachricht",
        (Some("de"), _) => "neue Nachrichten",
        (Some("uk"), Form::One) => "новий лист",
        (Some("uk"), Form::Few) => "нові листи",
        (Some("uk"), Form::Many) => "нових листів",
        (Some("pl"), Form::One) => "nowa wiadomość",
        (Some("pl"), Form::Few) => "nowe wiadomości",
        (Some("pl"), Form::Many) => "nowych wiadomości",
        (Some("ru"), Form::One) => "новое письмо",
        (Some("ru"), Form::Few) => "новых письма",
        (Some("ru"), Form::Many) => "новых писем",
        (_, Form::One) => "new message",
        _ => "new messages",
    };
    format!("{count} {words}")
}

fn no_subject(language: &str) -> &'static str {
    match language.get(..2) {
        Some("de") => "(kein Betreff)",
        Some("uk") => "(без теми)",
        Some("pl") => "(bez tematu)",
        Some("ru") => "(без темы)",
        _ => "(no subject)",
    }
}

enum Form {
    One,
    Few,
    Many,
}

/// The plural form of a whole number (Unicode CLDR).
fn form(language: &str, count: usize) -> Form {
    let (tens, ones) = (count % 100, count % 10);
    let few = (2..=4).contains(&ones) && !(12..=14).contains(&tens);
    match language.get(..2) {
        Some("uk" | "ru") if ones == 1 && tens != 11 => Form::One,
        Some("pl") if count == 1 => Form::One,
        Some("uk" | "ru" | "pl") if few => Form::Few,
        Some("uk" | "ru" | "pl") => Form::Many,
        _ if count == 1 => Form::One,
        _ => Form::Many,
    }
}

#[cfg(test)]
mod tests {
    use super::arrived;

    #[test]
    fn new_letters_are_counted_in_the_language_of_the_window() {
        for (language, count, told) in [
            ("en", 4, "4 new messages"),
            ("de", 12, "12 neue Nachrichten"),
            ("uk", 21, "21 новий лист"),
            ("uk", 4, "4 нові листи"),
            ("uk", 11, "11 нових листів"),
            ("pl", 21, "21 nowych wiadomości"),
            ("pl", 22, "22 nowe wiadomości"),
            ("ru", 34, "34 новых письма"),
            ("ru_RU.UTF-8", 114, "114 новых писем"),
            ("", 5, "5 new messages"),
        ] {
            assert_eq!(arrived(language, count), told);
        }
    }
}
