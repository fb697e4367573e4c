//! Messages as bytes: what a draft is made of, and what Exchange puts together anew.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mail::parse::Parsed;

/// A file attached to a draft over the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub mime: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Shown inside the text.
    pub inline: bool,
    /// Content-ID without angle brackets.
    pub content_id: Option<String>,
}

/// Header fields of a message, unfolded, in order.
pub fn fields(raw: &[u8]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in String::from_utf8_lossy(mail::parse::header_block(raw)).lines() {
        match (line.starts_with([' ', '\t']), line.split_once(':')) {
            (true, _) => {
                if let Some((_, value)) = fields.last_mut() {
                    value.push_str("\r\n");
                    value.push_str(line);
                }
            }
            (false, Some((name, value))) => fields.push((name.to_owned(), value.trim_start().to_owned())),
            (false, None) => {}
        }
    }
    fields
}

fn text(fields: &[(String, String)]) -> String {
    fields.iter().flat_map(|(name, value)| [name.as_ref(), ": ", value.as_ref(), "\r\n"]).collect()
}

/// The message with another Message-ID and without Bcc.
pub fn with_message_id(raw: &[u8], message_id: &str) -> Vec<u8> {
    let body = raw.get(mail::parse::header_block(raw).len()..).unwrap_or_default();
    let mut fields = fields(raw);
    fields.retain(|(name, _)| !name.eq_ignore_ascii_case("bcc"));
    match fields.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("message-id")) {
        Some((_, value)) => message_id.clone_into(value),
        None => fields.push(("Message-ID".into(), message_id.to_owned())),
    }
    [text(&fields).as_bytes(), body].concat()
}

/// The message with files behind what it had, in parts and boundaries of the server's own.
pub fn with_files(raw: &[u8], files: &[File]) -> Vec<u8> {
    if files.is_empty() {
        return raw.to_vec();
    }
    let body = raw.get(mail::parse::header_block(raw).len()..).unwrap_or_default();
    let (inner, outer): (Vec<_>, Vec<_>) =
        fields(raw).into_iter().partition(|(name, _)| name.to_ascii_lowercase().starts_with("content-"));
    let boundary = "_004_exchange_";
    let mut out = text(&outer).into_bytes();
    out.extend_from_slice(
        format!("Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n").as_bytes(),
    );
    out.extend_from_slice(text(&inner).as_bytes());
    out.extend_from_slice(body);
    for file in files {
        let kind = if file.inline { "inline" } else { "attachment" };
        let id = file.content_id.as_ref().map(|id| format!("Content-ID: <{id}>\r\n")).unwrap_or_default();
        out.extend_from_slice(
            format!(
                "\r\n--{boundary}\r\nContent-Type: {}; name=\"{}\"\r\nContent-Disposition: {kind}; filename=\"{}\"\r\n{id}\
                 Content-Transfer-Encoding: base64\r\n\r\n",
                file.mime, file.name, file.name
            )
            .as_bytes(),
        );
        for line in STANDARD.encode(&file.bytes).as_bytes().chunks(76) {
            out.extend_from_slice(line);
            out.extend_from_slice(b"\r\n");
        }
    }
    out.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    out
}

/// Addresses of To, Cc and Bcc.
pub fn recipients(parsed: &Parsed) -> [Vec<String>; 3] {
    [&parsed.to, &parsed.cc, &parsed.bcc].map(|list| list.iter().map(|one| one.email.clone()).collect())
}
