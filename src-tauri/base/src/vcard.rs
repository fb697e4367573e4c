//! vCard files (RFC 6350 and the older 2.1 and 3.0): every card a record.
//!
//! Names, addresses, phones, organisation, birthday and note come over; pictures and keys stay behind.

use crate::exchange::{ColumnPlan, Feed, Given, TablePlan, WIDTH};
use encoding_rs::Encoding;
use model::base::ColumnType;
use model::{Error, ErrorCode, Result};
use serde_json::json;
use std::io::Read;

/// How large a file of cards may be (bytes).
const BYTES_MAX: u64 = 256 << 20;
/// Columns for values a card has several of.
const SEVERAL_MAX: usize = 4;

/// What a property of a card becomes.
const COLUMNS: &[(&str, &str, ColumnType, bool)] = &[
    ("FN", "Name", ColumnType::Text, false),
    ("GIVEN", "First name", ColumnType::Text, false),
    ("FAMILY", "Last name", ColumnType::Text, false),
    ("ORG", "Company", ColumnType::Text, false),
    ("TITLE", "Title", ColumnType::Text, false),
    ("EMAIL", "E-mail", ColumnType::Email, true),
    ("TEL", "Phone", ColumnType::Phone, true),
    ("ADR", "Address", ColumnType::LongText, true),
    ("URL", "Website", ColumnType::Url, true),
    ("BDAY", "Birthday", ColumnType::Date, false),
    ("CATEGORIES", "Categories", ColumnType::MultipleSelect, false),
    ("NOTE", "Note", ColumnType::LongText, false),
];

/// The cards of a file.
pub struct Cards {
    /// The table to be made.
    pub plan: TablePlan,
    rows: Vec<Vec<String>>,
    next: usize,
}

/// True where a file begins as a vCard does.
pub fn is_vcard<R: Read>(file: R) -> bool {
    let mut head = Vec::new();
    if file.take(64).read_to_end(&mut head).is_err() {
        return false;
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    let text = head.trim_ascii_start();
    text.get(..11).is_some_and(|begin| begin.eq_ignore_ascii_case(b"BEGIN:VCARD"))
}

/// Reads all cards.
///
/// # Errors
/// `TooLarge`, `Damaged` where a card has no end.
pub fn cards<R: Read>(file: R) -> Result<Cards> {
    let mut bytes = Vec::new();
    file.take(BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| Error::new(ErrorCode::Disk, "The file can't be read.").detail(e))?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(Error::new(ErrorCode::TooLarge, "This file of contacts is larger than 256 MB."));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut found: Vec<Vec<Vec<String>>> = Vec::new();
    let mut open: Option<Vec<Vec<String>>> = None;
    for line in unfolded(bytes) {
        let Some(property) = Property::read(&line) else { continue };
        match (property.name.as_str(), property.raw.trim().to_ascii_uppercase().as_str()) {
            ("BEGIN", "VCARD") => open = Some(vec![Vec::new(); COLUMNS.len()]),
            ("END", "VCARD") => found.extend(open.take()),
            _ => {
                if let Some(card) = &mut open {
                    property.into_card(card);
                }
            }
        }
    }
    if open.is_some() || found.is_empty() {
        return Err(Error::new(ErrorCode::Damaged, "This file of contacts is cut off.")
            .remedy("Export it again from the address book."));
    }
    Ok(table(&found))
}

fn table(found: &[Vec<Vec<String>>]) -> Cards {
    let mut columns = Vec::new();
    let mut places = Vec::new();
    for (at, (_, name, kind, several)) in COLUMNS.iter().enumerate() {
        let most = found.iter().filter_map(|card| card.get(at)).map(Vec::len).max().unwrap_or_default();
        let most = most.min(if *several { SEVERAL_MAX } else { 1 });
        // Every list of people has names and addresses, even where nobody has one.
        let wanted = if matches!(*name, "Name" | "E-mail") { most.max(1) } else { most };
        for nth in 0..wanted {
            let name = if nth == 0 { (*name).to_owned() } else { format!("{name} {}", nth + 1) };
            columns.push(ColumnPlan { name, kind: *kind, settings: json!({}), width: WIDTH });
            places.push((at, nth, nth + 1 == wanted && *several));
        }
    }
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|card| {
            let values = |at: usize| card.get(at).map(Vec::as_slice).unwrap_or_default();
            places
                .iter()
                .map(|(at, nth, last)| match COLUMNS.get(*at) {
                    // What there is no column for stands with the last one rather than nowhere.
                    Some((_, _, ColumnType::Phone | ColumnType::LongText, true)) if *last => {
                        values(*at).get(*nth..).unwrap_or_default().join("\n")
                    }
                    _ => values(*at).get(*nth).cloned().unwrap_or_default(),
                })
                .collect()
        })
        .collect();
    let plan = TablePlan {
        columns,
        first: rows.iter().take(20).cloned().collect(),
        total: rows.len() as u64,
        ..TablePlan::default()
    };
    Cards { plan, rows, next: 0 }
}

/// Lines with their continuations: RFC 6350 folds by a leading blank, quoted-printable by a last `=`.
fn unfolded(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for line in bytes.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line.first(), lines.last_mut()) {
            (Some(b' ' | b'\t'), Some(last)) => last.extend_from_slice(line.get(1..).unwrap_or_default()),
            (_, Some(last)) if last.ends_with(b"=") && is_quoted(last) => {
                last.pop();
                last.extend_from_slice(line);
            }
            _ => lines.push(line.to_vec()),
        }
    }
    lines.into_iter()
}

fn is_quoted(line: &[u8]) -> bool {
    let head = line.split(|b| *b == b':').next().unwrap_or_default();
    head.to_ascii_uppercase().windows(16).any(|w| w == b"QUOTED-PRINTABLE")
}

/// A line of a card.
struct Property {
    name: String,
    /// The value without its transfer encoding, still with backslashes.
    raw: String,
}

impl Property {
    fn read(line: &[u8]) -> Option<Self> {
        let colon = colon(line)?;
        let (head, value) = (line.get(..colon)?, line.get(colon + 1..)?);
        let head = String::from_utf8_lossy(head);
        let mut parts = head.split(';');
        // item1.EMAIL: a group in front of the name.
        let name = parts.next()?.rsplit('.').next()?.trim().to_ascii_uppercase();
        let (mut quoted, mut binary, mut charset) = (false, false, None);
        for parameter in parts {
            let (key, value) = parameter.split_once('=').unwrap_or(("ENCODING", parameter));
            match (key.to_ascii_uppercase().as_str(), value.trim_matches('"').to_ascii_uppercase().as_str()) {
                ("ENCODING", "QUOTED-PRINTABLE") => quoted = true,
                ("ENCODING", "B" | "BASE64") => binary = true,
                ("CHARSET", label) => charset = Encoding::for_label(label.as_bytes()),
                _ => {}
            }
        }
        if binary {
            return None;
        }
        let value = if quoted { unquoted(value) } else { value.to_vec() };
        let raw = match (std::str::from_utf8(&value), charset) {
            (Ok(text), _) => text.to_owned(),
            (Err(_), charset) => charset.unwrap_or(encoding_rs::WINDOWS_1252).decode(&value).0.into_owned(),
        };
        Some(Self { name, raw })
    }

    fn into_card(self, card: &mut [Vec<String>]) {
        let mut put = |name: &str, value: String| {
            let at = COLUMNS.iter().position(|(property, ..)| *property == name);
            if let Some(list) = at.and_then(|at| card.get_mut(at))
                && !value.trim().is_empty()
                && !list.contains(&value)
            {
                list.push(value.trim().to_owned());
            }
        };
        match self.name.as_str() {
            "N" => {
                let parts = split(&self.raw, ';');
                put("FAMILY", parts.first().cloned().unwrap_or_default());
                put("GIVEN", parts.get(1).cloned().unwrap_or_default());
            }
            "ORG" => put("ORG", filled(&split(&self.raw, ';'), ", ")),
            "ADR" => put("ADR", filled(&split(&self.raw, ';'), "\n")),
            "CATEGORIES" => put("CATEGORIES", filled(&split(&self.raw, ','), ", ")),
            "TEL" => put("TEL", text(&self.raw).trim_start_matches("tel:").to_owned()),
            "EMAIL" => put("EMAIL", text(&self.raw).trim_start_matches("mailto:").to_owned()),
            "BDAY" => put("BDAY", text(&self.raw).get(..10).map_or_else(|| text(&self.raw), str::to_owned)),
            name => put(name, text(&self.raw)),
        }
    }
}

/// The colon before the value: not one within a quoted parameter.
fn colon(line: &[u8]) -> Option<usize> {
    let mut quoted = false;
    line.iter().position(|b| {
        quoted ^= *b == b'"';
        *b == b':' && !quoted
    })
}

fn filled(parts: &[String], joint: &str) -> String {
    parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()).collect::<Vec<_>>().join(joint)
}

fn text(raw: &str) -> String {
    split(raw, '\0').into_iter().next().unwrap_or_default()
}

/// Parts of a value, with what a backslash protects.
fn split(raw: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => '\n',
                Some(other) => other,
                None => '\\',
            },
            c if c == separator => {
                parts.push(String::new());
                continue;
            }
            c => c,
        };
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

fn unquoted(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    let mut at = 0;
    while let Some(byte) = value.get(at) {
        let hex = value.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
        if let Some(decoded) = hex.and_then(|h| u8::from_str_radix(h, 16).ok()).filter(|_| *byte == b'=') {
            out.push(decoded);
            at += 3;
        } else {
            out.push(*byte);
            at += 1;
        }
    }
    out
}

impl Feed for Cards {
    fn advance(&mut self) -> Result<bool> {
        self.next += 1;
        Ok(self.next <= self.rows.len())
    }

    fn value(&self, at: usize) -> Given<'_> {
        let row = self.next.checked_sub(1).and_then(|row| self.rows.get(row));
        Given::Text(row.and_then(|r| r.get(at)).map_or("", String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOK: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Müller;Jörg;;Dr.;\r\nFN:Dr. Jörg Müller\r\n\
        ORG:Müller \\; Söhne;Vertrieb\r\nEMAIL;TYPE=work:jm@example.org\r\nitem1.EMAIL:joerg@exam\r\n ple.net\r\n\
        TEL;TYPE=\"cell:x\":+49 30 1\r\nADR;TYPE=home:;;Weg 1;Berlin;;10115;DE\r\nBDAY:1970-01-31T00:00:00Z\r\n\
        CATEGORIES:Kunde,VIP\r\nNOTE:eins\\nzwei\\, drei\r\nPHOTO;ENCODING=b:AAAA\r\nEND:VCARD\r\n\
        BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=90=D0=BD=D0=\r\n=BD=D0=B0\r\nEND:VCARD\r\n";

    #[test]
    fn every_card_is_a_record_whatever_wrote_it() {
        assert!(is_vcard(BOOK.as_bytes()) && !is_vcard(&b"Name,BEGIN:VCARD"[..]));
        let mut cards = cards(BOOK.as_bytes()).unwrap();
        let names: Vec<&str> = cards.plan.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "Name",
                "First name",
                "Last name",
                "Company",
                "E-mail",
                "E-mail 2",
                "Phone",
                "Address",
                "Birthday",
                "Categories",
                "Note"
            ]
        );
        assert_eq!(
            cards.plan.first[0],
            [
                "Dr. Jörg Müller",
                "Jörg",
                "Müller",
                "Müller ; Söhne, Vertrieb",
                "jm@example.org",
                "joerg@example.net",
                "+49 30 1",
                "Weg 1\nBerlin\n10115\nDE",
                "1970-01-31",
                "Kunde, VIP",
                "eins\nzwei, drei"
            ]
        );
        assert_eq!(cards.plan.first[1][0], "Анна");
        assert!(cards.advance().unwrap() && cards.advance().unwrap() && !cards.advance().unwrap());
    }

    #[test]
    fn a_file_that_is_cut_off_or_rubbish_is_refused() {
        for text in ["BEGIN:VCARD\r\nFN:Ann\r\n", "BEGIN:VCARD", "BEGIN:VCARD\n\u{0}\u{1}=\n=\n;;;:::\n"] {
            assert_eq!(cards(text.as_bytes()).err().map(|e| e.code), Some(ErrorCode::Damaged));
        }
    }
}
