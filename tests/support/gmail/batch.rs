//! Many requests in one: <https://developers.google.com/workspace/gmail/api/guides/batch>

use std::fmt::Write as _;

use super::{Fault, State, routes, shape};
use crate::web::{Page, Request};
use std::collections::HashMap;

const KIND: &str = "multipart/mixed; boundary=batch_tabella";
/// Most requests in one.
const MOST: usize = 100;

/// Answers every part by its route; faults may meet parts too.
pub fn answer(state: &mut State, request: &Request) -> Page {
    let kind = request.headers.get("content-type").cloned().unwrap_or_default();
    let Some((_, boundary)) = kind.split_once("boundary=") else {
        return shape::refusal(400, "badRequest", "no boundary");
    };
    let text = String::from_utf8_lossy(&request.body).into_owned();
    let parts: Vec<&str> =
        text.split(&format!("--{}", boundary.trim_matches('"'))).filter(|part| part.contains("GET ")).collect();
    if parts.len() > MOST {
        return shape::refusal(400, "badRequest", "too many parts");
    }
    let mut body: Vec<u8> = Vec::new();
    for part in parts {
        let id = part.lines().find_map(|line| line.strip_prefix("Content-ID: <")?.trim().strip_suffix('>'));
        let Some(line) = part.lines().find(|line| line.starts_with("GET ")) else { continue };
        let target = line.split_whitespace().nth(1).unwrap_or_default().to_owned();
        let inner = Request { method: "GET".into(), target, headers: HashMap::new(), body: Vec::new() };
        let page = match state.meets(&format!("PART GET {}", inner.target)) {
            Some(Fault::Answer(status, reason, seconds)) => shape::refusal_later(status, reason, seconds),
            // The answer breaks off here.
            Some(Fault::Lost | Fault::Cut) => return Page::ok(KIND, body),
            None => routes::answer(state, &inner),
        };
        let mut head = String::from("--batch_tabella\r\nContent-Type: application/http\r\n");
        if let Some(id) = id {
            let _ = write!(head, "Content-ID: <response-{id}>\r\n");
        }
        let _ = write!(head, "\r\nHTTP/1.1 {} x\r\nContent-Type: {}\r\n", page.status, page.content_type);
        for (name, value) in &page.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(b"\r\n");
        body.extend_from_slice(&page.body);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--batch_tabella--");
    Page::ok(KIND, body)
}
