//! Bytes of mail: encoded words, transfer encodings, multiparts.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use encoding_rs::{Encoding, ISO_2022_JP};

use super::Dice;

/// A part with its header fields, both with CRLF.
pub(super) struct Part {
    pub header: String,
    pub body: Vec<u8>,
}

impl Part {
    /// The part as it stands inside a multipart or, after the message's own fields, as its body.
    pub fn append_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self.header.as_bytes());
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        if !self.body.ends_with(b"\r\n") {
            bytes.extend_from_slice(b"\r\n");
        }
    }
}

/// A header value as RFC 2047 wants it, in this charset where it can be said in it.
pub(super) fn encoded_words(dice: &mut Dice, text: &str, charset: &'static Encoding) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let quoted = charset != ISO_2022_JP && dice.chance(0.4);
    let mut words = Vec::new();
    let mut rest: Vec<char> = text.chars().collect();
    while !rest.is_empty() {
        let piece: String = rest.drain(..rest.len().min(12)).collect();
        let (bytes, used, unmappable) = charset.encode(&piece);
        let (bytes, used) = if unmappable { (piece.as_bytes().into(), encoding_rs::UTF_8) } else { (bytes, used) };
        words.push(if quoted {
            let mut word = String::new();
            for byte in bytes.iter() {
                match byte {
                    b' ' => word.push('_'),
                    b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => word.push(char::from(*byte)),
                    _ => {
                        let _ = write!(word, "={byte:02X}");
                    }
                }
            }
            format!("=?{}?Q?{word}?=", used.name())
        } else {
            format!("=?{}?B?{}?=", used.name(), BASE64.encode(&bytes))
        });
    }
    words.join("\r\n ")
}

/// A text part. Falls back to UTF-8 where the charset lacks a letter.
pub(super) fn text(dice: &mut Dice, subtype: &str, text: &str, charset: &'static Encoding) -> Part {
    let text = text.replace('\n', "\r\n");
    let (bytes, used, unmappable) = charset.encode(&text);
    let (bytes, used) = if unmappable { (text.as_bytes().into(), encoding_rs::UTF_8) } else { (bytes, used) };
    let long = bytes.split(|byte| *byte == b'\n').any(|line| line.len() > 900);
    let (encoding, body) = if used == ISO_2022_JP || (text.is_ascii() && !long) {
        ("7bit", bytes.into_owned())
    } else if !long && dice.chance(0.35) {
        ("8bit", bytes.into_owned())
    } else if bytes.iter().filter(|byte| !byte.is_ascii()).count() * 3 > bytes.len() {
        ("base64", base64_lines(&bytes))
    } else {
        ("quoted-printable", quoted_printable(&bytes))
    };
    let charset = if text.is_ascii() { "us-ascii" } else { used.name() };
    Part {
        header: format!("Content-Type: text/{subtype}; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n"),
        body,
    }
}

/// A multipart of these parts.
pub(super) fn multipart(dice: &mut Dice, subtype: &str, parts: &[Part]) -> Part {
    let boundary = format!("=_{:016x}{:08x}", dice.bits(), dice.bits() as u32);
    let mut body = Vec::with_capacity(parts.iter().map(|part| part.body.len() + 300).sum());
    for part in parts {
        body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        part.append_to(&mut body);
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Part { header: format!("Content-Type: multipart/{subtype};\r\n boundary=\"{boundary}\"\r\n"), body }
}

pub(super) fn base64_lines(bytes: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(bytes.len() * 7 / 5 + 4);
    for line in bytes.chunks(57) {
        lines.extend_from_slice(BASE64.encode(line).as_bytes());
        lines.extend_from_slice(b"\r\n");
    }
    lines
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 4);
    let mut column = 0;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let line_end = byte == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        if line_end {
            out.extend_from_slice(b"\r\n");
            column = 0;
            at += 2;
            continue;
        }
        let last_on_line = matches!(bytes.get(at + 1), None | Some(b'\r'));
        let plain = (byte.is_ascii_graphic() && byte != b'=') || ((byte == b' ' || byte == b'\t') && !last_on_line);
        let width = if plain { 1 } else { 3 };
        if column + width > 75 {
            out.extend_from_slice(b"=\r\n");
            column = 0;
        }
        if plain {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("={byte:02X}").as_bytes());
        }
        column += width;
        at += 1;
    }
    out
}
