//! Reads a message of any origin.
//!
//! Owns: [`Parsed`], the choice of body parts, attachments by number, bounces.
//! Refuses: to fail. What can't be understood is `unreadable` and shows what its header gave.
//! Look next: `tree` cuts a message into parts without decoding, `charset` turns bytes into text,
//! `header` reads fields, `report` reads RFC 3464.

mod charset;
mod cut;
mod filename;
mod flowed;
mod header;
mod report;
#[cfg(test)]
mod tests;
mod transfer;
mod tree;

pub use cut::without;
pub use filename::safe_filename;
pub use report::{Bounce, BouncedRecipient};

use crate::text;
use model::Timestamp;
use model::message::{Address, Attachment};
use std::panic::catch_unwind;
use tree::{Content, Node};

/// A message taken apart. Bodies are decoded, attachments are only described.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Message-ID without angle brackets; empty where missing.
    pub message_id: String,
    /// In-Reply-To, without angle brackets.
    pub in_reply_to: Vec<String>,
    /// References in order, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// Subject, decoded, one line.
    pub subject: String,
    /// Author.
    pub from: Address,
    /// Submitter where it differs from the author.
    pub sender: Option<Address>,
    /// Where replies go; empty where it is the author alone.
    pub reply_to: Vec<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Bcc.
    pub bcc: Vec<Address>,
    /// Date; `None` where missing, unreadable or outside 1982..=2100.
    pub date: Option<Timestamp>,
    /// The plain text, from real text parts only; format=flowed undone (RFC 3676).
    pub text: Option<String>,
    /// The HTML, from real HTML parts only, not sanitised.
    pub html: Option<String>,
    /// What a reader sees without the quoted history; for the index. At most 512 KiB.
    pub visible_text: String,
    /// Its begin: one line, at most 200 characters.
    pub snippet: String,
    /// Files and inline parts, in order.
    pub attachments: Vec<Attachment>,
    /// List-Id without angle brackets (RFC 2919).
    pub list_id: Option<String>,
    /// Auto-Submitted other than `no` (RFC 3834), or another sign of a machine as author.
    pub auto_submitted: Option<String>,
    /// The best of List-Unsubscribe (RFC 2369): an https link, else a mailto.
    pub list_unsubscribe: Option<String>,
    /// List-Unsubscribe-Post allows one-click (RFC 8058).
    pub unsubscribe_one_click: bool,
    /// A delivery failure report (RFC 3464), or what looks like one.
    pub bounce: Option<Bounce>,
    /// Encrypted content that only another program can open.
    pub encrypted: Option<Encryption>,
    /// It asks for a read receipt (RFC 8098); never answered by itself.
    pub wants_receipt: bool,
    /// It could not be parsed: what is shown is the source.
    pub unreadable: bool,
}

/// How a message is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// OpenPGP (RFC 3156 or inline).
    OpenPgp,
    /// S/MIME (RFC 8551).
    Smime,
}

impl Parsed {
    /// True for a delivery failure report.
    pub fn is_bounce(&self) -> bool {
        self.bounce.is_some()
    }
}

const VISIBLE_MAX_BYTES: usize = 512 * 1024;
const BODY_MAX_BYTES: usize = 8 * 1024 * 1024;

/// Reads a whole message. Never fails and never panics.
pub fn parse(raw: &[u8]) -> Parsed {
    catch_unwind(|| parse_whole(raw)).unwrap_or_else(|_| unreadable(raw))
}

/// Reads a header block alone, as header-only fetches give it.
pub fn parse_headers(raw_header_block: &[u8]) -> Parsed {
    let block = header_block(raw_header_block);
    catch_unwind(|| header::read(block)).unwrap_or_else(|_| Parsed { unreadable: true, ..Parsed::default() })
}

/// Decodes one part by its number: media type, safe file name, bytes.
pub fn part(raw: &[u8], part_id: u32) -> Option<(String, String, Vec<u8>)> {
    catch_unwind(|| {
        let nodes = tree::split(raw);
        let node = nodes.get(part_id as usize)?;
        if matches!(node.content, Content::Multipart(_)) {
            return None;
        }
        let name = filename::of(node, part_id);
        Some((node.mime.clone(), name, transfer::decode(node.body, node.encoding).into_owned()))
    })
    .ok()
    .flatten()
}

/// The header block of a message, with the line end of its last field.
pub fn header_block(raw: &[u8]) -> &[u8] {
    tree::cut_header(raw).0
}

/// The header block as text, whatever its charset.
pub fn header_text(raw: &[u8]) -> String {
    charset::decode_header(header_block(raw)).into_owned()
}

fn unreadable(raw: &[u8]) -> Parsed {
    let mut parsed = parse_headers(raw);
    parsed.unreadable = true;
    let source = charset::decode(raw.get(..raw.len().min(64 * 1024)).unwrap_or_default(), None);
    parsed.snippet = text::snippet(&source);
    parsed.visible_text.clone_from(&source);
    parsed.text = Some(source);
    parsed
}

fn parse_whole(raw: &[u8]) -> Parsed {
    let nodes = tree::split(raw);
    let mut parsed = header::read(tree::cut_header(raw).0);
    let mut bodies = Bodies::default();
    if !nodes.is_empty() {
        choose(&nodes, 0, false, &mut bodies);
    }
    let (text, html) = bodies.finish(&nodes);
    parsed.visible_text = visible(text.as_deref(), html.as_deref());
    parsed.snippet = text::snippet(&parsed.visible_text);
    parsed.attachments = attachments(&nodes, &bodies, html.as_deref());
    parsed.encrypted = encryption(&nodes, text.as_deref());
    parsed.bounce = report::read(&nodes, &parsed, raw);
    parsed.text = text;
    parsed.html = html;
    let looks_like_mail = !parsed.message_id.is_empty()
        || !parsed.from.email.is_empty()
        || !parsed.subject.is_empty()
        || parsed.date.is_some()
        || !parsed.to.is_empty();
    if !looks_like_mail
        && parsed.text.as_deref().unwrap_or_default().trim().is_empty()
        && parsed.html.is_none()
        && parsed.attachments.is_empty()
    {
        return unreadable(raw);
    }
    parsed
}

fn visible(text: Option<&str>, html: Option<&str>) -> String {
    let mut visible = match (text, html) {
        (Some(text), _) if !text.trim().is_empty() => text::split_quoted(text).visible,
        (_, Some(html)) => text::visible_text_of_html(html),
        _ => String::new(),
    };
    text::truncate(&mut visible, VISIBLE_MAX_BYTES);
    visible
}

/// Parts chosen for reading, by number, and whether each stood inside multipart/alternative.
#[derive(Default)]
struct Bodies {
    chosen: Vec<(usize, bool)>,
}

impl Bodies {
    fn finish(&self, nodes: &[Node<'_>]) -> (Option<String>, Option<String>) {
        let parts: Vec<(&Node<'_>, bool)> =
            self.chosen.iter().filter_map(|(id, alternative)| Some((nodes.get(*id)?, *alternative))).collect();
        let any_html = parts.iter().any(|(node, _)| node.mime == "text/html");
        let real_text = !any_html || parts.iter().any(|(node, alternative)| *alternative && node.mime != "text/html");
        let (mut text, mut html): (Option<String>, Option<String>) = (None, None);
        for (node, alternative) in parts {
            let decoded = body_text(node);
            if node.mime == "text/html" {
                html.get_or_insert_default().push_str(&decoded);
                continue;
            }
            if any_html && !alternative {
                let html = html.get_or_insert_default();
                html.push_str("<hr>");
                html.push_str(&text::text_to_html(&decoded));
            }
            if real_text {
                let text = text.get_or_insert_default();
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push('\n');
                }
                text.push_str(&decoded);
            }
        }
        (text, html)
    }
}

fn body_text(node: &Node<'_>) -> String {
    let bytes = transfer::decode(node.body, node.encoding);
    let bytes = bytes.get(..bytes.len().min(BODY_MAX_BYTES)).unwrap_or_default();
    let label =
        node.charset.as_deref().or_else(|| (node.mime == "text/html").then(|| charset::html_label(bytes)).flatten());
    let decoded = charset::decode(bytes, label);
    let decoded = if decoded.contains('\r') { decoded.replace("\r\n", "\n").replace('\r', "\n") } else { decoded };
    if node.flowed { flowed::unwrap(&decoded, node.delsp) } else { decoded }
}

fn choose(nodes: &[Node<'_>], id: usize, alternative: bool, bodies: &mut Bodies) {
    let Some(node) = nodes.get(id) else { return };
    match &node.content {
        Content::Multipart(children) => {
            let alternative = alternative || node.mime == "multipart/alternative";
            for child in children {
                choose(nodes, *child, alternative, bodies);
            }
        }
        Content::Leaf => {
            let readable = matches!(node.mime.as_str(), "text/plain" | "text/html");
            let named = node.filename.is_some() && !bodies.chosen.is_empty();
            let taken_in_alternative = alternative
                && node.mime == "text/html"
                && bodies.chosen.iter().any(|(other, alt)| {
                    *alt && *other != id
                        && nodes.get(*other).is_some_and(|n| n.mime == "text/html" && n.parent == node.parent)
                });
            if readable && !node.is_attachment && !named && !taken_in_alternative {
                bodies.chosen.push((id, alternative));
            }
        }
    }
}

fn attachments(nodes: &[Node<'_>], bodies: &Bodies, html: Option<&str>) -> Vec<Attachment> {
    let mut found = Vec::new();
    for (id, node) in nodes.iter().enumerate() {
        if matches!(node.content, Content::Multipart(_)) || bodies.chosen.iter().any(|(chosen, _)| *chosen == id) {
            continue;
        }
        let blank = node.body.iter().all(u8::is_ascii_whitespace);
        if blank && node.filename.is_none() && node.mime.starts_with("text/") {
            continue;
        }
        let in_related =
            node.parent.and_then(|parent| nodes.get(parent)).is_some_and(|parent| parent.mime == "multipart/related");
        let referenced = match (&node.content_id, html) {
            (Some(cid), Some(html)) => mentions_cid(html, cid),
            _ => false,
        };
        found.push(Attachment {
            part: id as u32,
            filename: filename::of(node, id as u32),
            mime: node.mime.clone(),
            size: transfer::decoded_size(node.body, node.encoding),
            content_id: node.content_id.clone(),
            inline: referenced
                || (html.is_some()
                    && in_related
                    && !node.is_attachment
                    && node.content_id.is_some()
                    && node.mime.starts_with("image/")),
        });
    }
    found
}

fn mentions_cid(html: &str, cid: &str) -> bool {
    memchr::memmem::find_iter(html.as_bytes(), cid.as_bytes())
        .any(|at| at >= 4 && html.as_bytes().get(at - 4..at).is_some_and(|before| before.eq_ignore_ascii_case(b"cid:")))
}

fn encryption(nodes: &[Node<'_>], text: Option<&str>) -> Option<Encryption> {
    for node in nodes {
        match node.mime.as_str() {
            "multipart/encrypted" | "application/pgp-encrypted" => {
                return Some(Encryption::OpenPgp);
            }
            "application/pkcs7-mime" | "application/x-pkcs7-mime" if !node.signed_data => {
                return Some(Encryption::Smime);
            }
            _ => {}
        }
    }
    text.is_some_and(|text| text.contains("-----BEGIN PGP MESSAGE-----")).then_some(Encryption::OpenPgp)
}
