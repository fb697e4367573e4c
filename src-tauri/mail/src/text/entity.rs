//! Character references of HTML.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// Appends `text` with its character references resolved.
pub(super) fn unescape_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        if let Some((length, chars)) = reference(after) {
            out.extend(chars.into_iter().flatten());
            rest = after.get(length..).unwrap_or_default();
        } else {
            out.push('&');
            rest = after.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
}

/// A text with its character references resolved.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    unescape_into(text, &mut out);
    out
}

fn reference(text: &str) -> Option<(usize, [Option<char>; 2])> {
    let body = text.strip_prefix('&')?;
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix, skip) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16, 3),
            None => (number, 10, 2),
        };
        let length = digits.chars().take(8).take_while(|c| c.is_digit(radix)).count();
        if length == 0 {
            return None;
        }
        let value = u32::from_str_radix(digits.get(..length)?, radix).ok()?;
        let ended = usize::from(digits.as_bytes().get(length) == Some(&b';'));
        let c = match value {
            0x80..=0x9f => {
                C1_REPLACEMENTS.get(value as usize - 0x80).copied().flatten().or_else(|| char::from_u32(value))
            }
            0 => Some(char::REPLACEMENT_CHARACTER),
            _ => char::from_u32(value),
        };
        return Some((skip + length + ended, [c.or(Some(char::REPLACEMENT_CHARACTER)), None]));
    }
    let length = body.bytes().take(32).take_while(u8::is_ascii_alphanumeric).count();
    let end = length + usize::from(body.as_bytes().get(length) == Some(&b';'));
    let name = body.get(..end)?;
    let (first, second) = NAMED_ENTITIES.get(name).copied().filter(|(first, _)| *first != 0)?;
    Some((1 + end, [char::from_u32(first), (second != 0).then(|| char::from_u32(second)).flatten()]))
}
