//! The routes a mail client needs, each under the page it follows.
//! Root of the pages: <https://developers.google.com/workspace/gmail/api/reference/rest/v1>

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::mailbox::{self, Kind, SYSTEM};
use super::{State, shape};
use crate::web::{Page, Request};

const USER: &str = "/gmail/v1/users/me";
/// `messages.send` and its kin by upload: 35 MB.
const UPLOAD_MAX: usize = 36_700_160;

struct Asked {
    query: Vec<(String, String)>,
}

impl Asked {
    fn one(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }
}

/// Answers a request of somebody who is signed in.
pub fn answer(state: &mut State, request: &Request) -> Page {
    let (path, query) = request.target.split_once('?').unwrap_or((request.target.as_str(), ""));
    let (upload, path) = match path.strip_prefix("/upload") {
        Some(path) => (true, path),
        None => (false, path),
    };
    let asked = Asked { query: pairs(query) };
    let Some(path) = path.strip_prefix(USER) else { return missing() };
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match (request.method.as_str(), parts.as_slice()) {
        ("GET", ["profile"]) => profile(state),
        ("GET", ["messages"]) => list(state, &asked),
        ("GET", ["messages", id]) => get(state, id, &asked),
        ("POST", ["messages"]) => insert(state, request, upload),
        ("POST", ["messages", "send"]) => send(state, request, upload),
        ("POST", ["messages", "batchModify"]) => batch_modify(state, request),
        ("POST", ["messages", "batchDelete"]) => batch_delete(state, request),
        ("GET", ["history"]) => history(state, &asked),
        ("GET", ["labels"]) => labels(state),
        ("POST", ["labels"]) => make_label(state, request),
        ("POST", ["drafts"]) => make_draft(state, request, upload),
        ("GET", ["settings", "sendAs"]) => send_as(state),
        _ => missing(),
    }
}

fn missing() -> Page {
    shape::refusal(404, "notFound", "Requested entity was not found.")
}

/// `users/getProfile`
fn profile(state: &mut State) -> Page {
    state.spend(1);
    if !state.options.profile {
        return missing();
    }
    let history = state.mailbox.history().to_string();
    let total = state.mailbox.messages.len();
    shape::page(200, &json!({"emailAddress": state.email, "messagesTotal": total, "historyId": history}))
}

/// `users.messages/list`
fn list(state: &mut State, asked: &Asked) -> Page {
    state.spend(5);
    let labels = asked.all("labelIds");
    if labels.iter().any(|label| !state.mailbox.knows(label)) {
        return shape::refusal(400, "invalidArgument", "Invalid label");
    }
    let hidden = asked.one("includeSpamTrash") == Some("true");
    let found = state.mailbox.list(&labels, asked.one("q").unwrap_or_default(), hidden);
    let total = found.len();
    let (from, size) = page_of(state.options.page, asked);
    let page: Vec<Value> =
        found.iter().skip(from).take(size).map(|m| json!({"id": m.id, "threadId": m.thread})).collect();
    let mut body = json!({"resultSizeEstimate": total});
    // Nothing found: the field is left out.
    if !page.is_empty() {
        body["messages"] = json!(page);
    }
    if from + size < total {
        body["nextPageToken"] = json!((from + size).to_string());
    }
    shape::page(200, &body)
}

fn page_of(most: usize, asked: &Asked) -> (usize, usize) {
    let number = |name| asked.one(name).and_then(|text| text.parse::<usize>().ok());
    (number("pageToken").unwrap_or(0), number("maxResults").unwrap_or(100).clamp(1, most.min(500)))
}

/// `users.messages/get`
fn get(state: &mut State, id: &str, asked: &Asked) -> Page {
    state.spend(20);
    if state.vanishing.iter().any(|gone| gone == id) {
        state.mailbox.delete(id);
    }
    let format = asked.one("format").unwrap_or("full");
    match state.mailbox.message(id) {
        Some(message) => shape::page(200, &shape::message(message, format, &asked.all("metadataHeaders"))),
        None => missing(),
    }
}

/// Metadata and the raw message of an upload: <https://developers.google.com/workspace/gmail/api/guides/uploads>
fn upload_of(request: &Request, upload: bool) -> Result<(Value, Vec<u8>), Page> {
    let bad = || shape::refusal(400, "invalidArgument", "Invalid upload");
    let kind = request.headers.get("content-type").cloned().unwrap_or_default();
    if request.body.len() > UPLOAD_MAX + 64 * 1024 {
        return Err(shape::refusal(413, "uploadTooLarge", "Request is too large."));
    }
    if !upload {
        let meta: Value = serde_json::from_slice(&request.body).map_err(|_| bad())?;
        let text = meta["raw"].as_str().or(meta["message"]["raw"].as_str()).ok_or_else(bad)?;
        let raw = URL_SAFE.decode(text).or_else(|_| URL_SAFE_NO_PAD.decode(text)).map_err(|_| bad())?;
        return Ok((meta, raw));
    }
    if kind.starts_with("message/rfc822") {
        return Ok((json!({}), request.body.clone()));
    }
    let boundary = kind.split_once("boundary=").map(|(_, b)| b.trim_matches('"').to_owned()).ok_or_else(bad)?;
    let after = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|w| w == what).map(|at| at + what.len());
    let body = &request.body;
    let meta_from = after(body, b"\r\n\r\n").ok_or_else(bad)?;
    let delimiter = format!("\r\n--{boundary}");
    let meta_end = meta_from + after(&body[meta_from..], delimiter.as_bytes()).ok_or_else(bad)?;
    let meta = serde_json::from_slice(&body[meta_from..meta_end - delimiter.len()]).map_err(|_| bad())?;
    let raw_from = meta_end + after(&body[meta_end..], b"\r\n\r\n").ok_or_else(bad)?;
    let end = format!("\r\n--{boundary}--");
    let raw_end =
        body.len() - body.windows(end.len()).rev().position(|w| w == end.as_bytes()).ok_or_else(bad)? - end.len();
    Ok((meta, body[raw_from..raw_end].to_vec()))
}

/// `users.messages/insert`
fn insert(state: &mut State, request: &Request, upload: bool) -> Page {
    state.spend(25);
    let (meta, raw) = match upload_of(request, upload) {
        Ok(found) => found,
        Err(page) => return page,
    };
    let labels = strings(&meta["labelIds"]);
    if labels.iter().any(|label| !state.mailbox.knows(label)) {
        return shape::refusal(400, "invalidArgument", "Invalid label");
    }
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let id = state.mailbox.add(&raw, &labels, meta["threadId"].as_str());
    made(state, &id)
}

fn made(state: &State, id: &str) -> Page {
    match state.mailbox.message(id) {
        Some(message) => shape::page(200, &shape::message(message, "minimal", &[])),
        None => missing(),
    }
}

/// `users.messages/send`. The recipients are those of To, Cc and Bcc; the Sent copy keeps Bcc.
fn send(state: &mut State, request: &Request, upload: bool) -> Page {
    state.spend(100);
    let (meta, raw) = match upload_of(request, upload) {
        Ok(found) => found,
        Err(page) => return page,
    };
    let recipients: Vec<String> = ["To", "Cc", "Bcc"]
        .iter()
        .filter_map(|name| mailbox::header(&raw, name))
        .flat_map(|list| list.split(',').map(address).collect::<Vec<_>>())
        .filter(|email| !email.is_empty())
        .collect();
    if recipients.is_empty() {
        return shape::refusal(400, "invalidArgument", "Recipient address required");
    }
    if recipients.iter().any(|email| !email.contains('@')) {
        return shape::refusal(400, "invalidArgument", "Invalid To header");
    }
    let thread = meta["threadId"].as_str();
    if thread.is_some_and(|thread| !state.mailbox.messages.values().any(|m| m.thread == thread)) {
        return missing();
    }
    let raw = if state.options.renames { renamed(&raw, state.sent.len()) } else { raw };
    state.sent.push(raw.clone());
    let to_self = recipients.iter().any(|email| email.eq_ignore_ascii_case(&state.email));
    let labels: &[&str] = if to_self { &["SENT", "INBOX", "UNREAD"] } else { &["SENT"] };
    let id = state.mailbox.add(&raw, labels, thread);
    made(state, &id)
}

/// The letter under a Message-ID of Google's, as <https://developers.google.com/workspace/gmail/api/guides/sending>
/// leaves open and was seen with letters of other programs.
fn renamed(raw: &[u8], number: usize) -> Vec<u8> {
    let text = String::from_utf8_lossy(raw).into_owned();
    let lines = text.split("\r\n").map(|line| {
        if line.to_ascii_lowercase().starts_with("message-id:") {
            format!("Message-ID: <CAG{number}@mail.gmail.com>")
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\r\n").into_bytes()
}

fn address(text: &str) -> String {
    let text = text.trim();
    text.rsplit_once('<').map_or(text, |(_, after)| after.trim_end_matches('>')).to_owned()
}

/// `users.messages/batchModify`
fn batch_modify(state: &mut State, request: &Request) -> Page {
    state.spend(50);
    let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
        return shape::refusal(400, "parseError", "Parse Error");
    };
    let (ids, add, remove) = (strings(&body["ids"]), strings(&body["addLabelIds"]), strings(&body["removeLabelIds"]));
    let fixed = |label: &String| matches!(label.as_str(), "SENT" | "DRAFT" | "CHAT");
    if ids.len() > 1000 || add.iter().chain(&remove).any(|l| fixed(l) || !state.mailbox.knows(l)) {
        return shape::refusal(400, "invalidArgument", "Invalid label");
    }
    for id in ids {
        state.mailbox.relabel(&id, &add, &remove);
    }
    Page { status: 204, ..Page::ok("text/plain", "") }
}

/// `users.messages/batchDelete`
fn batch_delete(state: &mut State, request: &Request) -> Page {
    state.spend(50);
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    for id in strings(&body["ids"]) {
        state.mailbox.delete(&id);
    }
    Page { status: 204, ..Page::ok("text/plain", "") }
}

/// `users.history/list`
fn history(state: &mut State, asked: &Asked) -> Page {
    state.spend(2);
    let Some(start) = asked.one("startHistoryId").and_then(|id| id.parse::<u64>().ok()) else {
        return shape::refusal(400, "invalidArgument", "Missing startHistoryId");
    };
    let mailbox = &state.mailbox;
    if start < mailbox.floor || start > mailbox.history() {
        return missing();
    }
    let mut events: Vec<_> = mailbox.events.iter().filter(|event| event.id > start).collect();
    if state.options.muddled {
        let again = events.clone();
        events.extend(again);
        events.reverse();
    }
    let total = events.len();
    let (from, size) = page_of(state.options.page, asked);
    let labels = |id: &str| mailbox.message(id).map(|m| m.labels.clone()).unwrap_or_default();
    let page: Vec<Value> = events
        .iter()
        .skip(from)
        .take(size)
        .map(|event| {
            let now = if event.kind == Kind::Deleted { event.labels.clone() } else { labels(&event.message) };
            shape::event(event, &now)
        })
        .collect();
    let mut body = json!({"historyId": mailbox.history().to_string()});
    if !page.is_empty() {
        body["history"] = json!(page);
    }
    if from + size < total {
        body["nextPageToken"] = json!((from + size).to_string());
    }
    shape::page(200, &body)
}

/// `users.labels/list`
fn labels(state: &mut State) -> Page {
    state.spend(1);
    let system = SYSTEM.iter().map(|id| json!({"id": id, "name": id, "type": "system"}));
    let own = state.mailbox.labels.iter().map(|l| json!({"id": l.id, "name": l.name, "type": "user"}));
    shape::page(200, &json!({"labels": system.chain(own).collect::<Vec<_>>()}))
}

/// `users.labels/create`
fn make_label(state: &mut State, request: &Request) -> Page {
    state.spend(5);
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let name = body["name"].as_str().unwrap_or_default().to_owned();
    if name.is_empty() || SYSTEM.iter().any(|id| id.eq_ignore_ascii_case(&name)) {
        return shape::refusal(400, "invalidArgument", "Invalid label name");
    }
    if state.mailbox.labels.iter().any(|l| l.name.eq_ignore_ascii_case(&name)) {
        return shape::refusal(409, "aborted", "Label name exists or conflicts");
    }
    let id = state.mailbox.make_label(&name);
    shape::page(200, &json!({"id": id, "name": name, "type": "user"}))
}

/// `users.drafts/create`
fn make_draft(state: &mut State, request: &Request, upload: bool) -> Page {
    state.spend(10);
    let (_, raw) = match upload_of(request, upload) {
        Ok(found) => found,
        Err(page) => return page,
    };
    let message = state.mailbox.add(&raw, &["DRAFT"], None);
    let draft = format!("r{message}");
    state.mailbox.drafts.insert(draft.clone(), message.clone());
    let shape = state.mailbox.message(&message).map(|m| shape::message(m, "minimal", &[]));
    shape::page(200, &json!({"id": draft, "message": shape}))
}

/// `users.settings.sendAs/list`
fn send_as(state: &mut State) -> Page {
    state.spend(1);
    let mut list = vec![json!({
        "sendAsEmail": state.email, "displayName": "", "replyToAddress": "", "isPrimary": true, "isDefault": true,
    })];
    list.extend(state.mailbox.send_as.iter().map(|one| {
        let status = if one.verified { "accepted" } else { "pending" };
        json!({"sendAsEmail": one.email, "displayName": one.name, "verificationStatus": status, "treatAsAlias": true})
    }));
    shape::page(200, &json!({"sendAs": list}))
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

/// The pairs of a query or a form, decoded.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let hex = tail.get(..2).and_then(|h| u8::from_str_radix(std::str::from_utf8(h).ok()?, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
