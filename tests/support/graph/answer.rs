//! Answers in the API's own form.

use serde_json::{Value, json};

use crate::web::Page;

/// JSON.
pub fn json(status: u16, body: &Value) -> Page {
    let body = serde_json::to_vec(body).expect("a value is JSON");
    Page { status, content_type: "application/json".into(), body, headers: Vec::new() }
}

/// Nothing.
pub fn empty(status: u16) -> Page {
    Page { status, content_type: "text/plain".into(), body: Vec::new(), headers: Vec::new() }
}

/// <https://learn.microsoft.com/graph/errors#error-resource-type>
pub fn refuse(status: u16, code: &str, message: &str) -> Page {
    json(
        status,
        &json!({ "error": { "code": code, "message": message,
            "innerError": { "request-id": "00000000-0000-0000-0000-000000000000", "date": "2026-11-22T12:00:00" } } }),
    )
}

/// <https://learn.microsoft.com/graph/api/message-get#response>
pub fn missing() -> Page {
    refuse(404, "ErrorItemNotFound", "The specified object was not found in the store.")
}
