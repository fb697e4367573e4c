//! Content-Transfer-Encoding (RFC 2045, section 6), forgiving on damage.

use std::borrow::Cow;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    None,
    Base64,
    QuotedPrintable,
    Uuencode,
}

impl Encoding {
    pub(super) fn from_label(label: &str) -> Self {
        match label.trim().to_ascii_lowercase().as_str() {
            "base64" => Self::Base64,
            "quoted-printable" => Self::QuotedPrintable,
            "x-uuencode" | "x-uue" | "uuencode" => Self::Uuencode,
            _ => Self::None,
        }
    }
}

pub(super) fn decode(body: &[u8], encoding: Encoding) -> Cow<'_, [u8]> {
    match encoding {
        Encoding::None => Cow::Borrowed(body),
        Encoding::Base64 => Cow::Owned(base64(body)),
        Encoding::QuotedPrintable => Cow::Owned(quoted_printable(body)),
        Encoding::Uuencode => Cow::Owned(uuencode(body)),
    }
}

/// Bytes after decoding, without decoding base64.
pub(super) fn decoded_size(body: &[u8], encoding: Encoding) -> u64 {
    match encoding {
        Encoding::None => body.len() as u64,
        Encoding::Base64 => {
            let line_ends = memchr::memchr_iter(b'\n', body).count();
            let returns = memchr::memchr_iter(b'\r', body).count();
            let padding = body.iter().rev().take(8).filter(|byte| **byte == b'=').count();
            let symbols = body.len() - line_ends - returns - padding;
            (symbols * 3 / 4) as u64
        }
        Encoding::QuotedPrintable | Encoding::Uuencode => decode(body, encoding).len() as u64,
    }
}

const SKIP: u8 = 0xff;
const STOP: u8 = 0xfe;

const BASE64: [u8; 256] = {
    let mut table = [SKIP; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0;
    while value < 64 {
        table[alphabet[value] as usize] = value as u8;
        value += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table[b'=' as usize] = STOP;
    table
};

/// Ignores everything outside the alphabet; padding in the middle starts anew, as some gateways
/// join two encoded pieces.
pub(super) fn base64(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let (mut bits, mut count) = (0_u32, 0_u8);
    for byte in body {
        let value = BASE64.get(usize::from(*byte)).copied().unwrap_or(SKIP);
        match value {
            SKIP => {}
            STOP => {
                flush(bits, count, &mut out);
                (bits, count) = (0, 0);
            }
            _ => {
                bits = (bits << 6) | u32::from(value);
                count += 1;
                if count == 4 {
                    out.extend_from_slice(&[(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
                    (bits, count) = (0, 0);
                }
            }
        }
    }
    flush(bits, count, &mut out);
    out
}

fn flush(bits: u32, count: u8, out: &mut Vec<u8>) {
    match count {
        2 => out.push((bits >> 4) as u8),
        3 => out.extend_from_slice(&[(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => {}
    }
}

fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    // Bytes before this were written as =XX: blanks among them are meant.
    let mut meant = 0;
    while !rest.is_empty() {
        let stop = memchr::memchr2(b'=', b'\n', rest).unwrap_or(rest.len());
        let (plain, tail) = rest.split_at(stop);
        out.extend_from_slice(plain);
        rest = match tail {
            [b'\n', after @ ..] => {
                // Blanks before a line end were added in transport.
                let cr = out.len() > meant && out.last() == Some(&b'\r');
                if cr {
                    out.pop();
                }
                while out.len() > meant && matches!(out.last(), Some(b' ' | b'\t')) {
                    out.pop();
                }
                if cr {
                    out.push(b'\r');
                }
                out.push(b'\n');
                after
            }
            [b'=', after @ ..] => {
                let after = soft(after, &mut out);
                meant = out.len();
                after
            }
            _ => &[],
        };
    }
    out
}

/// What follows `=`: two hex digits, a soft line break, or nothing that was meant.
fn soft<'a>(after: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    if let [high, low, rest @ ..] = after
        && let (Some(high), Some(low)) = (hex(*high), hex(*low))
    {
        out.push(high << 4 | low);
        return rest;
    }
    let blanks = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match after.get(blanks..) {
        Some([b'\r', b'\n', rest @ ..] | [b'\n', rest @ ..]) => rest,
        Some([]) | None => &[],
        _ => {
            out.push(b'=');
            after
        }
    }
}

fn hex(digit: u8) -> Option<u8> {
    (digit as char).to_digit(16).map(|value| value as u8)
}

fn uuencode(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() * 3 / 4);
    for line in body.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.starts_with(b"begin ") || line == b"end" {
            continue;
        }
        let Some((length, data)) = line.split_first() else {
            continue;
        };
        let length = usize::from(length.wrapping_sub(32) & 63);
        let start = out.len();
        for group in data.chunks(4) {
            let value = |at: usize| u32::from(group.get(at).copied().unwrap_or(32).wrapping_sub(32) & 63);
            let bits = value(0) << 18 | value(1) << 12 | value(2) << 6 | value(3);
            out.extend_from_slice(&[(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
        }
        out.truncate((start + length).min(out.len()));
    }
    out
}
