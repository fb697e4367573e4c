//! Cuts a message into its parts (RFC 2046) without decoding or copying a body.
//!
//! Parts are numbered depth first from 0 (the message itself); that number is the public part id.
//! Nested messages are leaves: they are files to open, not bodies to show.

use super::charset;
use super::transfer::Encoding;
use mail_parser::{HeaderName, HeaderValue, MessageParser};
use memchr::memmem;
use std::sync::LazyLock;

const DEPTH_MAX: usize = 32;
const PARTS_MAX: usize = 2_000;

pub(super) enum Content {
    Leaf,
    Multipart(Vec<usize>),
}

pub(super) struct Node<'a> {
    pub parent: Option<usize>,
    pub content: Content,
    /// Lower case `type/subtype`.
    pub mime: String,
    pub charset: Option<String>,
    pub filename: Option<String>,
    pub content_id: Option<String>,
    pub encoding: Encoding,
    pub is_attachment: bool,
    pub flowed: bool,
    pub delsp: bool,
    pub signed_data: bool,
    pub report_type: Option<String>,
    /// Header and body, as they stand in the message.
    pub whole: &'a [u8],
    pub body: &'a [u8],
}

static PART_HEADERS: LazyLock<MessageParser> = LazyLock::new(|| {
    MessageParser::new().with_mime_headers().header_raw(HeaderName::ContentId).default_header_ignore()
});

/// Header block (with its last line end) and body (after the blank line).
pub(super) fn cut_header(raw: &[u8]) -> (&[u8], &[u8]) {
    let mut from = 0;
    if raw.starts_with(b"\r\n") {
        return (&[], raw.get(2..).unwrap_or_default());
    }
    if raw.starts_with(b"\n") {
        return (&[], raw.get(1..).unwrap_or_default());
    }
    while let Some(at) = memchr::memchr(b'\n', raw.get(from..).unwrap_or_default()) {
        let next = from + at + 1;
        match raw.get(next..) {
            Some([b'\r', b'\n', ..]) => {
                return (raw.get(..next).unwrap_or_default(), raw.get(next + 2..).unwrap_or_default());
            }
            Some([b'\n', ..]) => {
                return (raw.get(..next).unwrap_or_default(), raw.get(next + 1..).unwrap_or_default());
            }
            _ => from = next,
        }
    }
    (raw, &[])
}

/// All parts of a message; never empty.
pub(super) fn split(raw: &[u8]) -> Vec<Node<'_>> {
    let mut nodes = Vec::with_capacity(4);
    add(raw, None, "text/plain", 0, &mut nodes);
    nodes
}

fn add<'a>(raw: &'a [u8], parent: Option<usize>, default_mime: &str, depth: usize, nodes: &mut Vec<Node<'a>>) -> usize {
    let (head, body) = cut_header(raw);
    let (mut node, boundary) = describe(head, body, parent, default_mime);
    node.whole = raw;
    let id = nodes.len();
    let multipart = node.mime.starts_with("multipart/");
    let child_mime = if node.mime == "multipart/digest" { "message/rfc822" } else { "text/plain" };
    let pieces = match (&boundary, multipart && depth < DEPTH_MAX) {
        (Some(boundary), true) if !boundary.is_empty() => cut_multipart(body, boundary.as_bytes()),
        _ => Vec::new(),
    };
    if multipart && pieces.is_empty() {
        // A multipart without its boundary: its text is still worth reading.
        node.mime = if memmem::find(body, b"<html").or_else(|| memmem::find(body, b"<HTML")).is_some() {
            "text/html"
        } else {
            "text/plain"
        }
        .into();
    }
    nodes.push(node);
    if !pieces.is_empty() {
        let mut children = Vec::with_capacity(pieces.len());
        for piece in pieces {
            if nodes.len() >= PARTS_MAX {
                break;
            }
            children.push(add(piece, Some(id), child_mime, depth + 1, nodes));
        }
        if let Some(node) = nodes.get_mut(id) {
            node.content = Content::Multipart(children);
        }
    }
    id
}

/// The pieces between the delimiter lines; the last one may lack its end.
fn cut_multipart<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut needle = Vec::with_capacity(boundary.len() + 2);
    needle.extend_from_slice(b"--");
    needle.extend_from_slice(boundary);
    let finder = memmem::Finder::new(&needle);
    let mut pieces = Vec::new();
    let mut open: Option<usize> = None;
    let mut from = 0;
    while let Some(found) = finder.find(body.get(from..).unwrap_or_default()) {
        let at = from + found;
        let after = at + needle.len();
        from = after;
        let at_line_start = at == 0 || body.get(at - 1) == Some(&b'\n');
        let rest = body.get(after..).unwrap_or_default();
        let closes = rest.starts_with(b"--");
        let ends_line = matches!(rest.first(), None | Some(b'\r' | b'\n' | b' ' | b'\t'));
        if !at_line_start || !(closes || ends_line) {
            continue;
        }
        if let Some(start) = open.take() {
            let mut end = at;
            if body.get(..end).is_some_and(|before| before.ends_with(b"\n")) {
                end -= 1;
                if body.get(..end).is_some_and(|before| before.ends_with(b"\r")) {
                    end -= 1;
                }
            }
            pieces.push(body.get(start..end.max(start)).unwrap_or_default());
            if pieces.len() >= PARTS_MAX {
                return pieces;
            }
        }
        if closes {
            return pieces;
        }
        let line_end = memchr::memchr(b'\n', rest).map_or(body.len(), |newline| after + newline + 1);
        open = Some(line_end);
        from = line_end;
    }
    if let Some(start) = open {
        pieces.push(body.get(start..).unwrap_or_default());
    }
    pieces
}

fn describe<'a>(head: &[u8], body: &'a [u8], parent: Option<usize>, default_mime: &str) -> (Node<'a>, Option<String>) {
    let mut node = Node {
        parent,
        content: Content::Leaf,
        mime: default_mime.to_owned(),
        charset: None,
        filename: None,
        content_id: None,
        encoding: Encoding::None,
        is_attachment: false,
        flowed: false,
        delsp: false,
        signed_data: false,
        report_type: None,
        whole: body,
        body,
    };
    let mut boundary = None;
    let head = charset::header_for_parser(head);
    let Some(message) = PART_HEADERS.parse_headers(head.as_ref()) else {
        return (node, None);
    };
    for header in message.headers() {
        match (&header.name, &header.value) {
            (HeaderName::ContentType, HeaderValue::ContentType(content_type)) => {
                let main = content_type.ctype().trim();
                if !main.is_empty() && main.len() < 64 {
                    node.mime = match content_type.subtype() {
                        Some(sub) if !sub.trim().is_empty() => clean_mime(&format!("{main}/{}", sub.trim())),
                        _ if main.eq_ignore_ascii_case("html") => "text/html".into(),
                        _ if main.eq_ignore_ascii_case("text") => "text/plain".into(),
                        _ => "application/octet-stream".into(),
                    };
                }
                node.charset = content_type.attribute("charset").map(str::to_owned);
                boundary = content_type.attribute("boundary").map(|boundary| boundary.trim_end().to_owned());
                node.flowed =
                    content_type.attribute("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
                node.delsp = content_type.attribute("delsp").is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"));
                node.signed_data =
                    content_type.attribute("smime-type").is_some_and(|kind| kind.eq_ignore_ascii_case("signed-data"));
                node.report_type = content_type.attribute("report-type").map(str::to_ascii_lowercase);
                if node.filename.is_none() {
                    node.filename = content_type.attribute("name").map(str::to_owned);
                }
            }
            (HeaderName::ContentDisposition, HeaderValue::ContentType(disposition)) => {
                node.is_attachment = disposition.is_attachment();
                if let Some(name) = disposition.attribute("filename") {
                    node.filename = Some(name.to_owned());
                }
            }
            (HeaderName::ContentTransferEncoding, HeaderValue::Text(encoding)) => {
                node.encoding = Encoding::from_label(encoding);
            }
            (HeaderName::ContentId, value) => {
                node.content_id = value
                    .as_text()
                    .map(|id| id.trim().trim_start_matches('<').trim_end_matches('>').trim().to_owned())
                    .filter(|id| !id.is_empty() && id.len() < 512 && !id.chars().any(char::is_control));
            }
            _ => {}
        }
    }
    (node, boundary)
}

fn clean_mime(mime: &str) -> String {
    let mime: String = mime
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "/.+-_!#$&^".contains(*c))
        .take(127)
        .collect::<String>()
        .to_ascii_lowercase();
    if mime.split('/').filter(|half| !half.is_empty()).count() == 2 { mime } else { "application/octet-stream".into() }
}
