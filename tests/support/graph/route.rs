//! The requests, each as its page describes it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::answer::{empty, json as answer_json, missing, refuse};
use super::letter::File;
use super::mailbox::{Event, Folder, Item, Mailbox, Token, now};
use super::{Shared, State};
use crate::web::{Page, Request};

/// A request is at most 4 MB. <https://learn.microsoft.com/graph/throttling-limits>
const REQUEST_BYTES_MAX: usize = 4 << 20;
/// MIME above this was seen to be answered well and lost.
/// <https://github.com/microsoftgraph/microsoft-graph-docs/issues/13979>
const MIME_BYTES_MAX: usize = 2_300_000;
/// <https://learn.microsoft.com/graph/api/attachment-createuploadsession>
const SMALL_FILE_BYTES: usize = 3 << 20;
const PAGE: usize = 10;

/// A file on its way over an upload session.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    user: String,
    message: String,
    file: File,
    size: usize,
}

fn decode(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let hex = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
        out.push(match byte {
            b'%' => (hex(bytes.next()).unwrap_or(0) * 16 + hex(bytes.next()).unwrap_or(0)) as u8,
            other => other,
        });
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The target with its escapes read.
pub(crate) fn plain(target: &str) -> String {
    decode(target)
}

struct Asked<'a> {
    request: &'a Request,
    root: String,
    user: String,
    immutable: bool,
    page: usize,
    query: Vec<(String, String)>,
}

impl Asked<'_> {
    fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.request.body).unwrap_or(Value::Null)
    }

    /// Ids change with the folder where the request does not ask for others.
    /// <https://learn.microsoft.com/graph/outlook-immutable-id>
    fn id(&self, item: &Item) -> String {
        if self.immutable { item.id.clone() } else { format!("{}in{}", item.id, item.folder) }
    }

    fn user_path(&self) -> String {
        if self.user == "me" { "me".into() } else { format!("users/{}", self.user) }
    }
}

/// Answers a request that has a valid token.
pub(crate) fn answer(shared: &Shared, request: &Request) -> Page {
    if request.body.len() > REQUEST_BYTES_MAX {
        return refuse(413, "RequestEntityTooLarge", "The request is larger than 4 MB.");
    }
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let mut parts: Vec<String> = Vec::new();
    for part in path.trim_start_matches("/v1.0").split('/').filter(|part| !part.is_empty()) {
        // Links of deltas are written with the key in brackets.
        match part.strip_suffix("')").and_then(|part| part.split_once("('")) {
            Some((name, key)) => parts.extend([decode(name), decode(key)]),
            None => parts.push(decode(part)),
        }
    }
    let prefer = request.headers.get("prefer").cloned().unwrap_or_default();
    let page = prefer.split("odata.maxpagesize=").nth(1).and_then(|rest| rest.split([',', ' ']).next()?.parse().ok());
    let query: Vec<(String, String)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    let (user, rest) = match parts.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["me", rest @ ..] => ("me".to_owned(), rest.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()),
        ["users", user, rest @ ..] => (user.to_lowercase(), rest.iter().map(|s| (*s).to_owned()).collect()),
        _ => return refuse(400, "BadRequest", "Resource not found for the segment."),
    };
    let asked = Asked {
        request,
        root: shared.root(),
        user: user.clone(),
        immutable: prefer.contains("IdType=\"ImmutableId\""),
        page: page.unwrap_or(PAGE),
        query,
    };
    let mut state = shared.state();
    if state.accounts_without_mailbox {
        // <https://learn.microsoft.com/graph/resolve-auth-errors>
        return refuse(
            404,
            "MailboxNotEnabledForRESTAPI",
            "The mailbox is either inactive, soft-deleted, or on-premise.",
        );
    }
    let State { mailboxes, uploads, .. } = &mut *state;
    let Some(mailbox) = mailboxes.get_mut(&user) else {
        return refuse(404, "ErrorInvalidUser", "The requested user is invalid.");
    };
    let rest: Vec<&str> =
        rest.iter().map(|part| if part.eq_ignore_ascii_case("mailfolders") { "mailFolders" } else { part }).collect();
    match (request.method.as_str(), rest.as_slice()) {
        ("POST", ["messages", id, "attachments", "createUploadSession"]) => {
            let Some(upload) = session(&asked, mailbox, id) else { return missing() };
            if upload.size <= SMALL_FILE_BYTES {
                let code = "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize";
                return refuse(400, code, "The attachment is too small for an upload session.");
            }
            let key = format!("s{}", uploads.len() + 1);
            uploads.insert(key.clone(), upload);
            let address = format!("{}/upload/{key}", asked.root.trim_end_matches("/v1.0"));
            let body = json!({ "uploadUrl": address, "expirationDateTime": "2026-12-31T00:00:00Z", "nextExpectedRanges": ["0-"] });
            answer_json(201, &body)
        }
        (method, ["mailFolders", ..]) => folders(&asked, mailbox, method, &rest),
        (method, ["messages", ..]) => messages(&asked, mailbox, method, &rest),
        _ => refuse(400, "BadRequest", "Resource not found for the segment."),
    }
}

fn folders(asked: &Asked<'_>, mailbox: &mut Mailbox, method: &str, path: &[&str]) -> Page {
    match (method, path) {
        // <https://learn.microsoft.com/graph/api/user-list-mailfolders>
        ("GET", ["mailFolders"]) => list_folders(asked, mailbox, None),
        // <https://learn.microsoft.com/graph/api/user-post-mailfolders>
        ("POST", ["mailFolders"]) => {
            let name = asked.json()["displayName"].as_str().unwrap_or_default().to_owned();
            if mailbox.folders.iter().any(|f| f.parent.is_none() && f.name.eq_ignore_ascii_case(&name)) {
                return refuse(409, "ErrorFolderExists", "A folder with the specified name already exists.");
            }
            let id = mailbox.make_folder(None, &name);
            answer_json(201, &json!({ "id": id, "displayName": name }))
        }
        ("GET", ["mailFolders", name]) => {
            match mailbox.folder(name).and_then(|id| mailbox.folders.iter().find(|f| f.id == id)) {
                Some(folder) => answer_json(200, &folder_json(mailbox, folder)),
                None => refuse(404, "ErrorFolderNotFound", "The specified folder could not be found in the store."),
            }
        }
        // <https://learn.microsoft.com/graph/api/mailfolder-list-childfolders>
        ("GET", ["mailFolders", name, "childFolders"]) => match mailbox.folder(name) {
            Some(id) => list_folders(asked, mailbox, Some(&id)),
            None => missing(),
        },
        ("GET", ["mailFolders", name, "messages", "delta"]) => match mailbox.folder(name) {
            Some(id) => delta(asked, mailbox, &id),
            None => refuse(404, "ErrorFolderNotFound", "The specified folder could not be found in the store."),
        },
        // <https://learn.microsoft.com/graph/api/mailfolder-list-messages>
        ("GET", ["mailFolders", name, "messages"]) => {
            let wanted = asked.query("$filter").and_then(|filter| filter.strip_prefix("internetMessageId eq '"));
            let Some(wanted) = wanted.and_then(|rest| rest.strip_suffix('\'')).map(|id| id.replace("''", "'")) else {
                return refuse(400, "ErrorInvalidUrlQuery", "This filter is not served here.");
            };
            let found: Vec<Value> = mailbox
                .items(name)
                .iter()
                .filter(|item| item.message_id == wanted)
                .map(|item| message_json(asked, item))
                .collect();
            answer_json(200, &json!({ "value": found }))
        }
        ("POST", ["mailFolders", name, "messages"]) => create(asked, mailbox, name),
        ("POST", ["mailFolders", _, "messages", id, "permanentDelete"]) => {
            messages(asked, mailbox, "POST", &["messages", id, "permanentDelete"])
        }
        _ => refuse(400, "BadRequest", "Resource not found for the segment."),
    }
}

fn folder_json(mailbox: &Mailbox, folder: &Folder) -> Value {
    let children = mailbox.folders.iter().filter(|f| f.parent.as_ref() == Some(&folder.id) && !f.hidden).count();
    let mut body = json!({ "id": folder.id, "displayName": folder.name, "parentFolderId": folder.parent,
        "childFolderCount": children, "totalItemCount": mailbox.items(&folder.id).len(), "isHidden": folder.hidden });
    if folder.search {
        // <https://learn.microsoft.com/graph/api/resources/mailsearchfolder>
        body["@odata.type"] = "#microsoft.graph.mailSearchFolder".into();
    }
    body
}

fn list_folders(asked: &Asked<'_>, mailbox: &Mailbox, parent: Option<&String>) -> Page {
    let hidden = asked.query("includeHiddenFolders") == Some("true");
    let name = asked
        .query("$filter")
        .and_then(|f| f.strip_prefix("displayName eq '")?.strip_suffix('\'').map(|n| n.replace("''", "'")));
    let all: Vec<Value> = mailbox
        .folders
        .iter()
        .filter(|f| f.parent.as_ref() == parent && (hidden || !f.hidden) && name.as_ref().is_none_or(|n| *n == f.name))
        .map(|folder| folder_json(mailbox, folder))
        .collect();
    // The default page has ten folders.
    let top = asked.query("$top").and_then(|top| top.parse().ok()).unwrap_or(PAGE).min(4);
    let skip: usize = asked.query("$skip").and_then(|skip| skip.parse().ok()).unwrap_or(0);
    let mut body = json!({ "value": all.iter().skip(skip).take(top).collect::<Vec<_>>() });
    if skip + top < all.len() {
        let below = parent.map(|id| format!("/{id}/childFolders")).unwrap_or_default();
        body["@odata.nextLink"] =
            format!("{}/{}/mailFolders{below}?$top={top}&$skip={}", asked.root, asked.user_path(), skip + top).into();
    }
    answer_json(200, &body)
}

/// <https://learn.microsoft.com/graph/api/message-delta>,
/// <https://learn.microsoft.com/graph/delta-query-messages>
fn delta(asked: &Asked<'_>, mailbox: &mut Mailbox, folder: &str) -> Page {
    if asked.query("$expand").is_some() {
        // <https://github.com/microsoftgraph/microsoft-graph-docs/issues/2270>
        return refuse(500, "InternalServerError", "Value cannot be null. Parameter name: type");
    }
    let given = asked.query("$skiptoken").or_else(|| asked.query("$deltatoken"));
    let mut token = if let Some(key) = given {
        let Some(token) = mailbox.tokens.get(key) else {
            return refuse(410, "syncStateNotFound", "The sync state generation is not found; resync.");
        };
        token.clone()
    } else {
        let filter = asked
            .query("$filter")
            .and_then(|f| f.strip_prefix("receivedDateTime ge ")?.parse::<jiff::Timestamp>().ok());
        let filter = filter.map(jiff::Timestamp::as_millisecond);
        let mut items = mailbox.items(folder);
        items.retain(|item| filter.is_none_or(|at| item.received_at >= at));
        if asked.query("$orderby").is_some() {
            items.sort_by_key(|item| std::cmp::Reverse(item.received_at));
        }
        // "Applying $filter in a delta query returns only up to 5,000 messages."
        items.truncate(if filter.is_some() { 5000 } else { usize::MAX });
        let rest = items.into_iter().map(|item| Event { folder: folder.into(), id: item.id, removed: false }).collect();
        Token { folder: folder.into(), rest, since: mailbox.log.len(), filter, delta: false }
    };
    if token.delta {
        token.rest = changes(mailbox, &token);
        token.since = mailbox.log.len();
        token.delta = false;
    }
    let later = token.rest.split_off(token.rest.len().min(asked.page));
    let value: Vec<Value> = token
        .rest
        .iter()
        .filter_map(|event| {
            let item = mailbox.messages.get(&event.id);
            if event.removed {
                let reason = if item.is_some() { "changed" } else { "deleted" };
                return Some(json!({ "@odata.type": "#microsoft.graph.message", "id": event.id, "@removed": { "reason": reason } }));
            }
            item.filter(|item| !item.in_transit).map(|item| message_json(asked, item))
        })
        .collect();
    let end = later.is_empty();
    let next = Token { rest: later, delta: end, ..token };
    let key = format!("t{}x", mailbox.tokens.len() + 1);
    mailbox.tokens.insert(key.clone(), next);
    let (name, kind) = if end { ("@odata.deltaLink", "$deltatoken") } else { ("@odata.nextLink", "$skiptoken") };
    let link = format!("{}/{}/mailfolders('{folder}')/messages/delta?{kind}={key}", asked.root, asked.user_path());
    answer_json(200, &json!({ "value": value, name: link }))
}

fn changes(mailbox: &Mailbox, token: &Token) -> Vec<Event> {
    let mut found: Vec<Event> = Vec::new();
    for event in mailbox.log.iter().skip(token.since).filter(|event| event.folder == token.folder) {
        let old = mailbox.messages.get(&event.id).zip(token.filter).is_some_and(|(item, at)| item.received_at < at);
        if old {
            continue;
        }
        // Told once, as it is now, unless the server repeats itself.
        found.retain(|known| known.id != event.id || mailbox.repeats_itself);
        found.push(event.clone());
    }
    for event in &mut found {
        event.removed = mailbox.messages.get(&event.id).is_none_or(|item| item.folder != token.folder);
    }
    if mailbox.repeats_itself {
        let again: Vec<Event> = found.iter().rev().cloned().collect();
        let false_alarms = found.iter().map(|event| Event { removed: true, ..event.clone() });
        found = false_alarms.chain(found.iter().cloned()).chain(again).collect();
    }
    found
}

fn time(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at).map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}

/// <https://learn.microsoft.com/graph/api/resources/message#json-representation>; what `$select` leaves out is left out.
fn message_json(asked: &Asked<'_>, item: &Item) -> Value {
    let addresses = |list: &[String]| {
        list.iter().map(|a| json!({ "emailAddress": { "name": a, "address": a } })).collect::<Vec<_>>()
    };
    let subject = mail::parse::parse_headers(&item.raw).subject;
    let mut all = json!({
        "receivedDateTime": time(item.received_at),
        "lastModifiedDateTime": time(item.modified_at),
        "subject": subject,
        "isRead": item.is_read,
        "isDraft": item.is_draft,
        "categories": item.categories,
        "flag": { "flagStatus": item.flag },
        "conversationId": format!("conversation of {}", subject.trim_start_matches("Re: ")),
        "parentFolderId": item.folder,
        "internetMessageId": item.message_id,
        "toRecipients": addresses(&item.recipients[0]),
        "ccRecipients": addresses(&item.recipients[1]),
        "bccRecipients": addresses(&item.recipients[2]),
    });
    if let (Some(select), Some(map)) = (asked.query("$select"), all.as_object_mut()) {
        map.retain(|name, _| select.split(',').any(|wanted| wanted == name));
    }
    all["id"] = asked.id(item).into();
    // <https://learn.microsoft.com/graph/api/singlevaluelegacyextendedproperty-get>
    if let Some(expand) = asked.query("$expand") {
        let properties: Vec<Value> = item
            .properties
            .iter()
            .filter(|(id, _)| expand.contains(id.as_str()))
            .map(|(id, value)| json!({ "id": id, "value": value }))
            .collect();
        if !properties.is_empty() {
            all["singleValueExtendedProperties"] = properties.into();
        }
    }
    all
}

fn messages(asked: &Asked<'_>, mailbox: &mut Mailbox, method: &str, path: &[&str]) -> Page {
    if let ("POST", ["messages"]) = (method, path) {
        return create(asked, mailbox, "drafts");
    }
    let Some(id) = path.get(1).map(|id| (*id).to_owned()) else {
        return refuse(400, "BadRequest", "Resource not found for the segment.");
    };
    let Some(item) = mailbox.messages.get(&id).filter(|item| !item.in_transit).cloned() else { return missing() };
    match (method, path.get(2..).unwrap_or_default()) {
        // <https://learn.microsoft.com/graph/api/message-get>
        ("GET", []) => answer_json(200, &message_json(asked, &item)),
        // <https://learn.microsoft.com/graph/outlook-get-mime-message>
        ("GET", ["$value"]) => Page { content_type: "text/plain".into(), ..Page::ok("text/plain", item.mime()) },
        ("PATCH", []) => update(asked, mailbox, &id),
        // <https://learn.microsoft.com/graph/api/message-delete>; what is not yet in Deleted Items goes there.
        ("DELETE", []) => {
            if mailbox.folder("deleteditems") == Some(item.folder) {
                mailbox.delete(&id);
            } else {
                mailbox.move_to(&id, "deleteditems");
            }
            empty(204)
        }
        // <https://learn.microsoft.com/graph/api/message-permanentdelete>
        ("POST", ["permanentDelete"]) => {
            mailbox.delete(&id);
            empty(204)
        }
        // <https://learn.microsoft.com/graph/api/message-move>
        ("POST", ["move"]) => {
            let to = asked.json()["destinationId"].as_str().and_then(|to| mailbox.folder(to));
            let Some(to) = to else {
                return refuse(404, "ErrorItemNotFound", "The specified folder could not be found in the store.");
            };
            mailbox.move_to(&id, &to);
            let moved = mailbox.messages.get(&id).cloned().unwrap_or_default();
            answer_json(201, &message_json(asked, &moved))
        }
        // <https://learn.microsoft.com/graph/api/message-send>
        ("POST", ["send"]) => {
            if !item.is_draft {
                return refuse(400, "ErrorInvalidOperation", "The message is not a draft.");
            }
            if item.recipients.concat().is_empty() {
                return refuse(400, "ErrorInvalidRecipients", "At least one recipient isn't valid.");
            }
            mailbox.send(&id);
            empty(202)
        }
        // <https://learn.microsoft.com/graph/api/message-post-attachments>
        ("POST", ["attachments"]) => {
            let body = asked.json();
            let text = |name: &str| body[name].as_str().map(str::to_owned);
            let Some(bytes) = text("contentBytes").and_then(|data| STANDARD.decode(data).ok()) else {
                return refuse(400, "ErrorInvalidRequest", "contentBytes is no base64.");
            };
            let file = File {
                name: text("name").unwrap_or_default(),
                mime: text("contentType").unwrap_or_else(|| "application/octet-stream".into()),
                bytes,
                inline: body["isInline"].as_bool().unwrap_or(false),
                content_id: text("contentId"),
            };
            mailbox.change(&id, |item| item.files.push(file));
            answer_json(201, &json!({ "id": "attachment" }))
        }
        _ => refuse(400, "BadRequest", "Resource not found for the segment."),
    }
}

/// <https://learn.microsoft.com/graph/api/user-post-messages#example-3-create-a-new-message-draft-using-mime-format>
fn create(asked: &Asked<'_>, mailbox: &mut Mailbox, folder: &str) -> Page {
    if asked.request.headers.get("content-type").is_none_or(|kind| kind != "text/plain") {
        return refuse(400, "RequestBodyRead", "Only MIME is served here.");
    }
    let Ok(raw) = STANDARD.decode(&asked.request.body) else {
        return refuse(400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content.");
    };
    if raw.len() > MIME_BYTES_MAX {
        return answer_json(200, &json!({}));
    }
    if mailbox.folder(folder).is_none() {
        return refuse(404, "ErrorFolderNotFound", "The specified folder could not be found in the store.");
    }
    let id = mailbox.put(folder, &raw, true);
    let at = now();
    mailbox.change(&id, |item| {
        item.is_draft = true;
        item.received_at = at;
    });
    let made = mailbox.messages.get(&id).cloned().unwrap_or_default();
    answer_json(201, &message_json(asked, &made))
}

/// <https://learn.microsoft.com/graph/api/message-update>
fn update(asked: &Asked<'_>, mailbox: &mut Mailbox, id: &str) -> Page {
    let body = asked.json();
    mailbox.change(id, |item| {
        if let Some(read) = body["isRead"].as_bool() {
            item.is_read = read;
        }
        // The list is replaced as a whole.
        if let Some(names) = body["categories"].as_array() {
            item.categories = names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
        }
        if let Some(status) = body["flag"]["flagStatus"].as_str() {
            status.clone_into(&mut item.flag);
        }
        // "Updatable only if isDraft = true."
        if let Some(message_id) = body["internetMessageId"].as_str().filter(|_| item.is_draft) {
            message_id.clone_into(&mut item.message_id);
        }
        if let Some(list) = body["bccRecipients"].as_array() {
            item.recipients[2] =
                list.iter().filter_map(|one| one["emailAddress"]["address"].as_str()).map(str::to_owned).collect();
        }
        for property in body["singleValueExtendedProperties"].as_array().into_iter().flatten() {
            if let (Some(id), Some(value)) = (property["id"].as_str(), property["value"].as_str()) {
                item.properties.insert(id.to_owned(), value.to_owned());
            }
        }
    });
    let item = mailbox.messages.get(id).cloned().unwrap_or_default();
    answer_json(200, &message_json(asked, &item))
}

/// <https://learn.microsoft.com/graph/api/attachment-createuploadsession>
fn session(asked: &Asked<'_>, mailbox: &Mailbox, id: &str) -> Option<Upload> {
    mailbox.messages.get(id)?;
    let item = &asked.json()["AttachmentItem"];
    let text = |name: &str| item[name].as_str().map(str::to_owned);
    let file = File {
        name: text("name")?,
        mime: text("contentType").unwrap_or_else(|| "application/octet-stream".into()),
        bytes: Vec::new(),
        inline: item["isInline"].as_bool().unwrap_or(false),
        content_id: text("contentId"),
    };
    Some(Upload { user: asked.user.clone(), message: id.to_owned(), file, size: item["size"].as_u64()? as usize })
}

/// <https://learn.microsoft.com/graph/outlook-large-attachments#step-2-use-the-upload-session-to-upload-a-range-of-bytes-of-the-file>
pub(crate) fn upload(state: &mut State, request: &Request) -> Page {
    let key = request.target.trim_start_matches("/upload/").to_owned();
    let Some(upload) = state.uploads.get_mut(&key) else {
        return refuse(404, "uploadSessionNotFound", "Upload session not found.");
    };
    let expected = upload.file.bytes.len();
    let range = format!("bytes {expected}-{}/{}", expected + request.body.len() - 1, upload.size);
    if request.method != "PUT"
        || request.headers.get("content-range") != Some(&range)
        || request.body.len() > REQUEST_BYTES_MAX
    {
        return refuse(416, "fragmentOutOfOrder", "The range is not the one that is expected next.");
    }
    upload.file.bytes.extend_from_slice(&request.body);
    if upload.file.bytes.len() < upload.size {
        let next = upload.file.bytes.len().to_string();
        return answer_json(200, &json!({ "nextExpectedRanges": [next] }));
    }
    let done = upload.clone();
    state.uploads.remove(&key);
    if let Some(mailbox) = state.mailboxes.get_mut(&done.user).filter(|m| m.messages.contains_key(&done.message)) {
        mailbox.change(&done.message, |item| item.files.push(done.file));
    }
    empty(201)
}
