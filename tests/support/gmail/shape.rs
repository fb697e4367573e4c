//! JSON as Gmail writes it.

use crate::web::Page;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::{Value, json};

use super::mailbox::{Event, Kind, Message};

/// A page of JSON.
pub fn page(status: u16, body: &Value) -> Page {
    Page { status, ..Page::ok("application/json; charset=UTF-8", body.to_string()) }
}

/// <https://developers.google.com/workspace/gmail/api/guides/handle-errors>
pub fn refusal(status: u16, reason: &str, message: &str) -> Page {
    let errors = json!([{"domain": "global", "reason": reason, "message": message}]);
    page(status, &json!({"error": {"code": status, "message": message, "errors": errors}}))
}

/// The same, with a time to stay away.
pub fn refusal_later(status: u16, reason: &str, seconds: u32) -> Page {
    let mut page = refusal(status, reason, "scripted");
    if seconds > 0 {
        page.headers.push(("Retry-After".into(), seconds.to_string()));
    }
    page
}

/// <https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages#Message>
pub fn message(message: &Message, format: &str, wanted: &[String]) -> Value {
    let mut shape = json!({
        "id": message.id,
        "threadId": message.thread,
        "labelIds": message.labels,
        "snippet": "",
        "historyId": message.history.to_string(),
        "internalDate": message.date.to_string(),
        "sizeEstimate": message.raw.len(),
    });
    if format == "raw" {
        shape["raw"] = json!(URL_SAFE.encode(&message.raw));
    }
    if format == "metadata" {
        let headers: Vec<Value> = wanted
            .iter()
            .filter_map(|name| message.header(name).map(|value| json!({"name": name, "value": value})))
            .collect();
        shape["payload"] = json!({"headers": headers});
    }
    shape
}

/// <https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.history/list>
pub fn event(event: &Event, labels: &[String]) -> Value {
    let message = json!({"id": event.message, "threadId": event.thread, "labelIds": labels});
    let mut shape = json!({"id": event.id.to_string(), "messages": [{"id": event.message, "threadId": event.thread}]});
    let (name, touched) = match event.kind {
        Kind::Added => ("messagesAdded", json!({"message": message})),
        Kind::Deleted => ("messagesDeleted", json!({"message": message})),
        Kind::Labelled => ("labelsAdded", json!({"message": message, "labelIds": event.labels})),
        Kind::Unlabelled => ("labelsRemoved", json!({"message": message, "labelIds": event.labels})),
    };
    shape[name] = json!([touched]);
    shape
}
