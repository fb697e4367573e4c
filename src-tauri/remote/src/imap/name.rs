//! Mailbox names: modified UTF-7 (RFC 3501, section 5.1.3) both ways, and paths in Unicode.

use base64::Engine;
use base64::alphabet::Alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::sync::LazyLock;

/// Base64 with `,` for `/` and no padding.
static BASE64: LazyLock<Option<GeneralPurpose>> = LazyLock::new(|| {
    let alphabet = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").ok()?;
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    Some(GeneralPurpose::new(&alphabet, config))
});

/// The name in Unicode. What is not well-formed modified UTF-7 (some servers send plain UTF-8) stays as it is.
pub fn decode(name: &str) -> String {
    try_decode(name).unwrap_or_else(|| name.to_owned())
}

fn try_decode(name: &str) -> Option<String> {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((plain, tail)) = rest.split_once('&') {
        out.push_str(plain);
        let (shifted, after) = tail.split_once('-')?;
        if shifted.is_empty() {
            out.push('&');
        } else {
            let bytes = BASE64.as_ref()?.decode(shifted).ok()?;
            let (pairs, odd) = bytes.as_chunks::<2>();
            if !odd.is_empty() {
                return None;
            }
            let units = pairs.iter().map(|pair| u16::from_be_bytes(*pair));
            out.push_str(&char::decode_utf16(units).collect::<Result<String, _>>().ok()?);
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// The name in modified UTF-7.
pub fn encode(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut shifted = String::new();
    for c in name.chars() {
        if (' '..='~').contains(&c) {
            unshift(&mut out, &mut shifted);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            shifted.push(c);
        }
    }
    unshift(&mut out, &mut shifted);
    out
}

fn unshift(out: &mut String, shifted: &mut String) {
    if shifted.is_empty() {
        return;
    }
    let bytes: Vec<u8> = shifted.encode_utf16().flat_map(u16::to_be_bytes).collect();
    if let Some(base64) = BASE64.as_ref() {
        out.push('&');
        out.push_str(&base64.encode(bytes));
        out.push('-');
    }
    shifted.clear();
}

/// The path of a listed name: its parts in Unicode, joined by `/`.
pub fn path(name: &str, delimiter: Option<char>) -> String {
    let part = |text: &str| {
        // A slash inside a part would read as a level.
        let text = decode(text);
        if delimiter == Some('/') { text } else { text.replace('/', "\u{2215}") }
    };
    match delimiter {
        Some(delimiter) => name.split(delimiter).map(part).collect::<Vec<_>>().join("/"),
        None => part(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_modified_utf7_both_ways() {
        for (unicode, wire) in [
            ("INBOX", "INBOX"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("Отправленные", "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-"),
            ("台北", "&U,BTFw-"),
            ("A & B", "A &- B"),
            ("😀", "&2D3eAA-"),
            ("ü-ü", "&APw--&APw-"),
            ("tab\there", "tab&AAk-here"),
        ] {
            assert_eq!(encode(unicode), wire);
            assert_eq!(decode(wire), unicode);
        }
    }

    #[test]
    fn what_is_no_utf7_stays_as_it_is() {
        for name in ["R&D", "&", "&###-", "&2D0-", "Entwürfe", "&AA-"] {
            assert_eq!(decode(name), name);
        }
    }

    #[test]
    fn a_path_joins_its_parts_with_slashes() {
        assert_eq!(path("INBOX.Gel&APY-scht", Some('.')), "INBOX/Gelöscht");
        assert_eq!(path("a/b", Some('.')), "a\u{2215}b");
        assert_eq!(path("a/b", Some('/')), "a/b");
    }
}
