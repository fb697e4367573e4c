//! Header fields: folded at 76 columns, encoded words (RFC 2047), parameters (RFC 2231).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Timestamp;
use model::message::Address;
use std::fmt::Write;

const LINE_MAX: usize = 76;
/// Bytes of text in an encoded word: 60 columns, so that the field's name fits in front of the first.
const WORD_BYTES: usize = 36;
/// Longest word of a field that is no prose (an address on the web); RFC 5322 ends at 998.
const STRUCTURED_WORD_MAX: usize = 900;

/// Date in UTC (RFC 5322, section 3.3).
pub(super) fn date(out: &mut String, at: Timestamp) {
    let date = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    out.push_str(&date.strftime("Date: %a, %d %b %Y %H:%M:%S +0000\r\n").to_string());
}

/// Unstructured text.
pub(super) fn text(out: &mut String, name: &str, value: &str) {
    let mut line = Line::new(out, name);
    // Prose may be encoded; other fields, such as List-Unsubscribe, are read by machines as they are.
    let word_max = if name == "Subject" { LINE_MAX - 2 } else { STRUCTURED_WORD_MAX };
    if is_plain(value) && value.split(' ').all(|word| word.len() <= word_max) {
        for word in value.split(' ').filter(|word| !word.is_empty()) {
            line.word(word);
        }
    } else {
        for word in encoded_words(value) {
            line.word(&word);
        }
    }
    line.end();
}

fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| (0x20..0x7f).contains(&byte)) && !value.contains("=?")
}

/// An address list; nothing for an empty one.
pub(super) fn addresses(out: &mut String, name: &str, list: &[Address]) {
    if list.is_empty() {
        return;
    }
    let mut line = Line::new(out, name);
    for (at, address) in list.iter().enumerate() {
        let comma = if at + 1 < list.len() { "," } else { "" };
        if address.name.is_empty() {
            line.word(&format!("{}{comma}", address.email));
            continue;
        }
        if is_plain(&address.name) && address.name.len() <= 60 {
            line.word(&phrase(&address.name));
        } else {
            for word in encoded_words(&address.name) {
                line.word(&word);
            }
        }
        line.word(&format!("<{}>{comma}", address.email));
    }
    line.end();
}

/// A display name of printable ASCII: bare where it is atoms, else a quoted string.
fn phrase(name: &str) -> String {
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" !#$%&'*+-/=?^_`{|}~".contains(&byte))
        && !name.contains("=?")
    {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Message ids in angle brackets; nothing for none.
pub(super) fn ids(out: &mut String, name: &str, ids: &[String]) {
    if ids.is_empty() {
        return;
    }
    let mut line = Line::new(out, name);
    for id in ids {
        line.word(&format!("<{id}>"));
    }
    line.end();
}

/// Base64 words, cut between characters.
fn encoded_words(value: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut chunk = String::new();
    for c in value.chars() {
        if chunk.len() + c.len_utf8() > WORD_BYTES {
            words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(&chunk)));
            chunk.clear();
        }
        chunk.push(c);
    }
    if !chunk.is_empty() {
        words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(&chunk)));
    }
    words
}

/// `; name=value`, quoted, or in RFC 2231 form, folded before it.
pub(super) fn parameter(out: &mut String, name: &str, value: &str) {
    if value.len() <= 60 && value.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\') {
        let _ = write!(out, ";\r\n {name}=\"{value}\"");
        return;
    }
    let mut pieces = vec![String::from("utf-8''")];
    for c in value.chars() {
        let mut encoded = String::new();
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
                encoded.push(byte as char);
            } else {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
        if pieces.last().is_some_and(|piece| piece.len() + encoded.len() > 50) {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(&encoded);
        }
    }
    if let [only] = pieces.as_slice() {
        let _ = write!(out, ";\r\n {name}*={only}");
        return;
    }
    for (at, piece) in pieces.iter().enumerate() {
        let _ = write!(out, ";\r\n {name}*{at}*={piece}");
    }
}

/// A field that is folded between words.
struct Line<'a> {
    out: &'a mut String,
    column: usize,
    first: bool,
}

impl<'a> Line<'a> {
    fn new(out: &'a mut String, name: &str) -> Self {
        out.push_str(name);
        out.push(':');
        Self { out, column: name.len() + 1, first: true }
    }

    fn word(&mut self, word: &str) {
        if !self.first && self.column + 1 + word.len() > LINE_MAX {
            self.out.push_str("\r\n ");
            self.column = 1;
        } else {
            self.out.push(' ');
            self.column += 1;
        }
        self.out.push_str(word);
        self.column += word.len();
        self.first = false;
    }

    fn end(self) {
        if self.first {
            self.out.push(' ');
        }
        self.out.push_str("\r\n");
    }
}
