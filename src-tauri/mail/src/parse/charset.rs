//! Bytes to text, whatever the label says.
//!
//! Labels lie: UTF-8 wins where the bytes are valid UTF-8, a named charset next, a guess last.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, WINDOWS_1252};
use memchr::memmem;
use std::borrow::Cow;

/// Decodes text by its label, or by guess where there is none or it can't be true.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> String {
    let label = label.map(|label| label.trim().trim_matches(['"', '\'']).to_ascii_lowercase());
    let escapes = memchr::memchr(0x1b, bytes).is_some();
    if bytes.is_ascii() && !escapes && !label.as_deref().is_some_and(seven_bit_needs_label) {
        return strip_nul(String::from_utf8_lossy(bytes).into_owned());
    }
    let named = label.as_deref().and_then(by_label);
    if named.is_none_or(encoding_rs::Encoding::is_ascii_compatible)
        && !label.as_deref().is_some_and(seven_bit_needs_label)
        && !escapes
        && let Ok(valid) = std::str::from_utf8(bytes)
    {
        return strip_nul(valid.to_owned());
    }
    if matches!(label.as_deref(), Some("utf-7" | "unicode-1-1-utf-7" | "x-utf-7"))
        && let Some(decoder) = mail_parser::decoders::charsets::map::charset_decoder(b"utf-7")
    {
        return strip_nul(decoder(bytes));
    }
    if escapes && named.is_none() && is_iso_2022_jp(bytes) {
        return strip_nul(ISO_2022_JP.decode(bytes).0.into_owned());
    }
    let decoded = match named {
        Some(encoding) => {
            let (decoded, _, damaged) = encoding.decode(bytes);
            if damaged && encoding == UTF_8 && mostly_wrong(&decoded) { guess(bytes).decode(bytes).0 } else { decoded }
        }
        None => guess(bytes).decode(bytes).0,
    };
    strip_nul(decoded.into_owned())
}

fn strip_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

fn seven_bit_needs_label(label: &str) -> bool {
    matches!(label, "utf-7" | "unicode-1-1-utf-7" | "x-utf-7" | "utf-16" | "utf-16le" | "utf-16be" | "hz-gb-2312")
        || label.starts_with("iso-2022-")
}

fn mostly_wrong(decoded: &str) -> bool {
    let wrong = decoded.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let foreign = decoded.chars().filter(|c| !c.is_ascii()).count();
    wrong * 4 > foreign
}

fn by_label(label: &str) -> Option<&'static Encoding> {
    let alias = match label {
        "cp932" | "ms932" => "shift_jis",
        "cp936" => "gbk",
        "gb18030-2005" | "gb18030-2022" => "gb18030",
        "cp949" | "ks_c_5601" => "euc-kr",
        "cp950" => "big5",
        "win-1251" | "cp-1251" | "windows1251" => "windows-1251",
        "win-1250" | "cp-1250" => "windows-1250",
        "koi8r" => "koi8-r",
        "koi8u" => "koi8-u",
        "utf8mb4" | "utf_8" => "utf-8",
        "us-ascii" | "ascii" | "ansi_x3.4-1968" | "unknown-8bit" | "x-unknown" | "8bit" | "binary" | "default" => {
            return None;
        }
        other => other,
    };
    Encoding::for_label_no_replacement(alias.as_bytes())
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes.get(..bytes.len().min(64 * 1024)).unwrap_or(bytes), true);
    let encoding = detector.guess(None, Utf8Detection::Allow);
    if encoding == UTF_8 && std::str::from_utf8(bytes).is_err() { WINDOWS_1252 } else { encoding }
}

fn is_iso_2022_jp(bytes: &[u8]) -> bool {
    [&b"\x1b$B"[..], b"\x1b$@", b"\x1b(J", b"\x1b(I"].iter().any(|escape| memmem::find(bytes, escape).is_some())
}

/// The charset an HTML part names in its first kilobyte, for parts without a label of their own.
pub(super) fn html_label(bytes: &[u8]) -> Option<&str> {
    let head = bytes.get(..bytes.len().min(2048))?;
    label_after(head, b"charset=")
}

fn label_after<'a>(bytes: &'a [u8], key: &[u8]) -> Option<&'a str> {
    let at = bytes.windows(key.len()).position(|window| window.eq_ignore_ascii_case(key))?;
    let rest = bytes.get(at + key.len()..)?;
    let start = rest.iter().position(|byte| !matches!(byte, b'"' | b'\'' | b' '))?;
    let rest = rest.get(start..)?;
    let end = rest
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':')))
        .unwrap_or(rest.len());
    std::str::from_utf8(rest.get(..end)?).ok().filter(|label| !label.is_empty() && label.len() < 40)
}

/// A header block as text: raw 8-bit fields follow the message's own charset, or a guess.
pub(super) fn decode_header(block: &[u8]) -> Cow<'_, str> {
    if let Ok(valid) = std::str::from_utf8(block)
        && !is_iso_2022_jp(block)
    {
        return Cow::Borrowed(valid);
    }
    Cow::Owned(decode(block, label_after(block, b"charset=")))
}

/// The header block as the field parser wants it: UTF-8, no NUL, ending in a blank line.
pub(super) fn header_for_parser(block: &[u8]) -> Cow<'_, [u8]> {
    let text = match decode_header(block) {
        Cow::Borrowed(text) => join_words(text),
        Cow::Owned(text) => Cow::Owned(join_words(&text).into_owned()),
    };
    let ends = block.ends_with(b"\n\r\n") || block.ends_with(b"\n\n");
    if let Cow::Borrowed(_) = text
        && ends
    {
        return Cow::Borrowed(block);
    }
    let mut bytes = text.into_owned().into_bytes();
    if !bytes.ends_with(b"\n") {
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    Cow::Owned(bytes)
}

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    length: usize,
}

/// An encoded word (RFC 2047) at the begin of `text`.
fn word(text: &str) -> Option<Word<'_>> {
    // A word is short (75 characters by the book), so no search goes far.
    let mut end = text.len().min(1_200);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let inner = text.get(..end)?.strip_prefix("=?")?;
    let (charset, inner) = inner.split_once('?')?;
    let (kind, inner) = inner.split_once('?')?;
    let end = inner.find("?=")?;
    let payload = inner.get(..end)?;
    if charset.len() > 40 || end > 1_000 || payload.contains([' ', '\n', '\t']) {
        return None;
    }
    let bytes = match kind {
        "B" | "b" => super::transfer::base64(payload.as_bytes()),
        "Q" | "q" => {
            super::transfer::decode(payload.replace('_', " ").as_bytes(), super::transfer::Encoding::QuotedPrintable)
                .into_owned()
        }
        _ => return None,
    };
    Some(Word { charset, bytes, length: 2 + charset.len() + 1 + kind.len() + 1 + end + 2 })
}

/// Joins neighbouring words where a careless sender cut in the middle of a character.
fn join_words(text: &str) -> Cow<'_, str> {
    let mut out: Option<String> = None;
    let mut kept = 0;
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| memmem::find(rest.as_bytes(), b"=?")) {
        let start = from + found;
        from = start + 2;
        let Some(mut first) = text.get(start..).and_then(word) else {
            continue;
        };
        let mut end = start + first.length;
        let mut joined = false;
        while cut_short(&first) {
            let rest = text.get(end..).unwrap_or_default();
            let gap = rest.len() - rest.trim_start().len();
            let Some(next) =
                rest.get(gap..).and_then(word).filter(|next| next.charset.eq_ignore_ascii_case(first.charset))
            else {
                break;
            };
            first.bytes.extend_from_slice(&next.bytes);
            end += gap + next.length;
            joined = true;
        }
        from = end;
        if joined {
            let out = out.get_or_insert_with(String::new);
            out.push_str(text.get(kept..start).unwrap_or_default());
            // Written anew in words of whole characters.
            let decoded = decode(&first.bytes, Some(first.charset));
            let letters: Vec<char> = decoded.chars().collect();
            for (at, chunk) in letters.chunks(14).enumerate() {
                let chunk: String = chunk.iter().collect();
                out.push_str(if at > 0 { " =?utf-8?B?" } else { "=?utf-8?B?" });
                out.push_str(&STANDARD.encode(chunk));
                out.push_str("?=");
            }
            kept = end;
        }
    }
    match out {
        Some(mut out) => {
            out.push_str(text.get(kept..).unwrap_or_default());
            Cow::Owned(out)
        }
        None => Cow::Borrowed(text),
    }
}

fn cut_short(word: &Word<'_>) -> bool {
    let label = word.charset.split('*').next().unwrap_or_default().to_ascii_lowercase();
    !word.bytes.is_ascii()
        && word.bytes.len() < 64 * 1024
        && by_label(&label)
            .is_some_and(|encoding| !encoding.is_single_byte() && encoding.decode_without_bom_handling(&word.bytes).1)
}
