//! Reads finished bytes back and compares them with what was meant.

use super::{ComposeError, Outgoing};
use crate::parse::{self, Parsed};
use model::message::Address;

/// The last gate: bytes that say anything else than the letter never leave.
pub(super) fn reads_back(letter: &Outgoing, bytes: &[u8]) -> Result<(), ComposeError> {
    let parsed = parse::parse(bytes);
    let wrong = difference(letter, &parsed, bytes);
    wrong.map_or(Ok(()), |what| Err(ComposeError::Changed(what)))
}

fn difference(letter: &Outgoing, parsed: &Parsed, bytes: &[u8]) -> Option<&'static str> {
    if !line_ends_are_sound(bytes) {
        return Some("line ends");
    }
    if field_names(bytes) != expected_names(letter) {
        return Some("header fields");
    }
    if !same(std::slice::from_ref(&letter.from), std::slice::from_ref(&parsed.from)) {
        return Some("From");
    }
    if !same(&letter.to, &parsed.to) {
        return Some("To");
    }
    if !same(&letter.cc, &parsed.cc) {
        return Some("Cc");
    }
    if !parsed.bcc.is_empty() {
        return Some("Bcc");
    }
    if squeezed(&letter.subject) != squeezed(&parsed.subject) && letter.subject.len() < 1_900 {
        return Some("Subject");
    }
    if letter.message_id != parsed.message_id {
        return Some("Message-ID");
    }
    if letter.in_reply_to.iter().ne(parsed.in_reply_to.iter()) || letter.references != parsed.references {
        return Some("References");
    }
    if letter.html.is_some() != parsed.html.is_some() {
        return Some("HTML part");
    }
    if squeezed(parsed.text.as_deref().unwrap_or_default()) != squeezed(&letter.text) {
        return Some("text part");
    }
    if let (Some(meant), Some(read)) = (&letter.html, &parsed.html)
        && squeezed(meant) != squeezed(read)
    {
        return Some("HTML part");
    }
    let inline = if letter.html.is_some() { letter.inline.as_slice() } else { &[] };
    if parsed.attachments.len() != inline.len() + letter.attachments.len() {
        return Some("parts");
    }
    let parts_differ = inline.iter().chain(&letter.attachments).zip(&parsed.attachments).any(|(meant, read)| {
        meant.bytes.len() as u64 != read.size || meant.filename != read.filename || meant.mime != read.mime
    });
    parts_differ.then_some("parts")
}

fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_whitespace()
                && !c.is_control()
                && !super::is_forbidden(*c)
                && !matches!(c, '\u{200b}' | '\u{ad}' | '\u{2060}'..='\u{206f}' | '\u{180e}')
        })
        .collect()
}

fn same(meant: &[Address], read: &[Address]) -> bool {
    // Quotes around a name are a matter of form.
    let name = |name: &str| squeezed(name).replace(['\'', '"'], "");
    meant.len() == read.len()
        && meant
            .iter()
            .zip(read)
            .all(|(meant, read)| meant.email == read.email && name(&meant.name) == name(&read.name))
}

fn line_ends_are_sound(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'\n', bytes).all(|at| at > 0 && bytes.get(at - 1) == Some(&b'\r'))
        && memchr::memchr_iter(b'\r', bytes).all(|at| bytes.get(at + 1) == Some(&b'\n'))
        && !bytes.contains(&0)
        && bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 999)
}

/// Names of the fields of the finished header, in order.
fn field_names(bytes: &[u8]) -> Vec<String> {
    parse::header_block(bytes)
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty() && !line.starts_with(b" ") && !line.starts_with(b"\t"))
        .map(|line| {
            String::from_utf8_lossy(line.split(|byte| *byte == b':').next().unwrap_or_default()).to_ascii_lowercase()
        })
        .collect()
}

fn expected_names(letter: &Outgoing) -> Vec<String> {
    let mut names = vec!["date".to_owned(), "from".into()];
    let mut add = |present: bool, name: &str| {
        if present {
            names.push(name.to_ascii_lowercase());
        }
    };
    add(letter.sender.is_some(), "Sender");
    add(!letter.reply_to.is_empty(), "Reply-To");
    add(!letter.to.is_empty() || letter.cc.is_empty(), "To");
    add(!letter.cc.is_empty(), "Cc");
    add(true, "Subject");
    add(true, "Message-ID");
    add(letter.in_reply_to.is_some(), "In-Reply-To");
    add(!letter.references.is_empty(), "References");
    for (name, _) in &letter.extra_headers {
        add(true, name);
    }
    add(true, "MIME-Version");
    add(true, "Content-Type");
    let multipart = letter.html.is_some() || !letter.attachments.is_empty();
    add(!multipart, "Content-Transfer-Encoding");
    names
}
