//! The part tree and its bodies (RFC 2045, RFC 2046, RFC 2387).

use super::header::parameter;
use super::{Outgoing, Part};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// Writes the Content fields of the message itself, the blank line and the body.
pub(super) fn write(letter: &Outgoing, out: &mut Vec<u8>) {
    let seed = seed(letter);
    let boundary = |level: &str| format!("=_{level}_{seed}");
    if letter.attachments.is_empty() {
        body(letter, &boundary, out);
        return;
    }
    open("multipart/mixed", &boundary("m"), None, out);
    delimiter(&boundary("m"), out);
    body(letter, &boundary, out);
    for part in &letter.attachments {
        delimiter(&boundary("m"), out);
        file(part, "attachment", out);
    }
    close(&boundary("m"), out);
}

/// Equal letters get equal boundaries, and no body can know them: `_` after `=` is neither
/// quoted-printable nor base64.
fn seed(letter: &Outgoing) -> String {
    let mut hasher = blake3::Hasher::new();
    for text in [Some(&letter.message_id), Some(&letter.subject), letter.html.as_ref(), Some(&letter.text)]
        .into_iter()
        .flatten()
    {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    for part in letter.inline.iter().chain(&letter.attachments) {
        hasher.update(&(part.bytes.len() as u64).to_le_bytes());
        hasher.update(part.filename.as_bytes());
        hasher.update(&part.bytes);
    }
    hasher.finalize().to_hex().get(..24).unwrap_or_default().to_owned()
}

fn body(letter: &Outgoing, boundary: &dyn Fn(&str) -> String, out: &mut Vec<u8>) {
    if letter.html.is_none() || letter.inline.is_empty() {
        alternative(letter, boundary, out);
        return;
    }
    let kind = "multipart/alternative";
    open("multipart/related", &boundary("r"), Some(kind), out);
    delimiter(&boundary("r"), out);
    alternative(letter, boundary, out);
    for part in &letter.inline {
        delimiter(&boundary("r"), out);
        file(part, "inline", out);
    }
    close(&boundary("r"), out);
}

fn alternative(letter: &Outgoing, boundary: &dyn Fn(&str) -> String, out: &mut Vec<u8>) {
    let Some(html) = &letter.html else {
        text("text/plain", &letter.text, out);
        return;
    };
    open("multipart/alternative", &boundary("a"), None, out);
    delimiter(&boundary("a"), out);
    text("text/plain", &letter.text, out);
    delimiter(&boundary("a"), out);
    text("text/html", html, out);
    close(&boundary("a"), out);
}

fn open(kind: &str, boundary: &str, root: Option<&str>, out: &mut Vec<u8>) {
    let mut field = format!("Content-Type: {kind}");
    parameter(&mut field, "boundary", boundary);
    if let Some(root) = root {
        parameter(&mut field, "type", root);
    }
    field.push_str("\r\n\r\n");
    out.extend_from_slice(field.as_bytes());
}

fn delimiter(boundary: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("\r\n--{boundary}\r\n").as_bytes());
}

fn close(boundary: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
}

/// Short ASCII lines go as they are, everything else as quoted-printable or, where that would be
/// longer, base64. No relay has a reason to change any of them.
fn text(kind: &str, text: &str, out: &mut Vec<u8>) {
    let unix = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let plain = unix.is_ascii()
        && unix.lines().all(|line| {
            line.len() <= 76
                && !line.ends_with([' ', '\t'])
                && !line.starts_with("From ")
                && !line.starts_with('.')
                && !line.starts_with("--")
        })
        && !unix.bytes().any(|byte| byte.is_ascii_control() && byte != b'\n' && byte != b'\t');
    let foreign = unix.bytes().filter(|byte| !byte.is_ascii()).count();
    let charset = if plain { "us-ascii" } else { "utf-8" };
    let encoding = if plain {
        "7bit"
    } else if foreign * 3 > unix.len() {
        "base64"
    } else {
        "quoted-printable"
    };
    out.extend_from_slice(
        format!("Content-Type: {kind}; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n").as_bytes(),
    );
    match encoding {
        "7bit" => out.extend_from_slice(unix.replace('\n', "\r\n").as_bytes()),
        "base64" => base64(unix.replace('\n', "\r\n").as_bytes(), out),
        _ => quoted_printable(&unix, out),
    }
}

fn file(part: &Part, disposition: &str, out: &mut Vec<u8>) {
    let mut head = format!("Content-Type: {}", part.mime);
    parameter(&mut head, "name", &part.filename);
    head.push_str("\r\nContent-Transfer-Encoding: base64\r\n");
    if let Some(id) = &part.content_id {
        let _ = write!(head, "Content-ID: <{id}>\r\n");
    }
    let _ = write!(head, "Content-Disposition: {disposition}");
    parameter(&mut head, "filename", &part.filename);
    head.push_str("\r\n\r\n");
    out.extend_from_slice(head.as_bytes());
    base64(&part.bytes, out);
}

fn base64(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(bytes.len() / 57 * 78 + 80);
    for line in bytes.chunks(57) {
        out.extend_from_slice(STANDARD.encode(line).as_bytes());
        out.extend_from_slice(b"\r\n");
    }
}

/// RFC 2045, section 6.7; dots and `From ` at a line's begin are encoded, since relays change them.
fn quoted_printable(text: &str, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.extend_from_slice(b"\r\n");
        }
        let bytes = line.as_bytes();
        let mut column = 0;
        for (at, byte) in bytes.iter().enumerate() {
            let last = at + 1 == bytes.len();
            let risky_start = column == 0
                && (matches!(byte, b'.' | b'-') || bytes.get(at..).is_some_and(|rest| rest.starts_with(b"From ")));
            let literal = match byte {
                b'=' => false,
                b' ' | b'\t' => !last,
                33..=126 => !risky_start,
                _ => false,
            };
            let width = if literal { 1 } else { 3 };
            if column + width > if last { 76 } else { 75 } {
                out.extend_from_slice(b"=\r\n");
                column = 0;
                // The begin of the new line is as risky as any.
                let risky =
                    matches!(byte, b'.' | b'-') || bytes.get(at..).is_some_and(|rest| rest.starts_with(b"From "));
                if literal && risky {
                    push_hex(*byte, HEX, out);
                    column += 3;
                    continue;
                }
            }
            if literal {
                out.push(*byte);
            } else {
                push_hex(*byte, HEX, out);
            }
            column += width;
        }
    }
}

fn push_hex(byte: u8, digits: &[u8; 16], out: &mut Vec<u8>) {
    out.push(b'=');
    out.extend([byte >> 4, byte & 15].iter().filter_map(|nibble| digits.get(usize::from(*nibble))));
}
