//! How a raw message is cut for storage: base64 bodies are kept decoded, so that equal files are
//! stored once and compress well, and the message comes back byte for byte.
//!
//! Owns: [`split`], [`join`], the skeleton's compact form. Refuses: to understand MIME; a body that
//! would not re-encode to the very same bytes stays as it is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;

/// Bodies smaller than this stay inside the skeleton.
pub const BLOB_MIN_BYTES: usize = 16 * 1024;
const LINE_MAX: usize = 998;

/// A run of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Bytes as they are.
    Bytes(Vec<u8>),
    /// A blob to be encoded as base64 again.
    Blob {
        /// Which blob.
        index: u32,
        /// Symbols a line; 0 for one line without end.
        line_len: u16,
        /// Lines end with CRLF; else with LF.
        crlf: bool,
    },
}

/// A message cut for storage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// The message in order.
    pub skeleton: Vec<Piece>,
    /// Decoded bodies.
    pub blobs: Vec<Vec<u8>>,
}

/// A skeleton that can't be joined: it was damaged in storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored skeleton of a message is damaged")]
pub struct DamagedSkeleton;

/// Cuts a raw message.
pub fn split(raw: &[u8]) -> Split {
    let mut cut = Split::default();
    let mut kept = 0;
    let mut from = 0;
    // "base64" in any case: search for the rarer half of the word.
    while let Some(found) = raw.get(from..).and_then(find_label) {
        let label = from + found;
        from = label + 6;
        if !names_encoding(raw, label) {
            continue;
        }
        let Some(body) = body_after(raw, label) else {
            continue;
        };
        if let Some((blob, line_len, crlf, used)) = decode_exactly(raw.get(body..).unwrap_or_default()) {
            if body > kept {
                cut.skeleton.push(Piece::Bytes(raw.get(kept..body).unwrap_or_default().to_vec()));
            }
            cut.skeleton.push(Piece::Blob { index: cut.blobs.len() as u32, line_len, crlf });
            cut.blobs.push(blob);
            kept = body + used;
            from = kept;
        }
    }
    if kept < raw.len() {
        cut.skeleton.push(Piece::Bytes(raw.get(kept..).unwrap_or_default().to_vec()));
    }
    // Mail must never change in storage, so the way back is walked before it is trusted.
    if !cut.blobs.is_empty() && join(&cut.skeleton, &cut.blobs).as_deref() != Ok(raw) {
        return Split { skeleton: vec![Piece::Bytes(raw.to_vec())], blobs: Vec::new() };
    }
    cut
}

fn find_label(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = memmem::find(bytes.get(from..)?, b"64") {
        let start = (from + at).checked_sub(4);
        if let Some(start) = start
            && bytes.get(start..start + 4).is_some_and(|head| head.eq_ignore_ascii_case(b"base"))
        {
            return Some(start);
        }
        from += at + 2;
    }
    None
}

/// True where the label is the value of a Content-Transfer-Encoding field.
fn names_encoding(raw: &[u8], label: usize) -> bool {
    const FIELD: &[u8] = b"content-transfer-encoding";
    let from = label.saturating_sub(120);
    let before = raw.get(from..label).unwrap_or_default();
    let value_start = before.iter().rposition(|byte| *byte == b':');
    let Some(colon) = value_start else {
        return false;
    };
    let between = before.get(colon + 1..).unwrap_or_default();
    let name = before.get(..colon).unwrap_or_default();
    between.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'"'))
        && name.len() >= FIELD.len()
        && name.get(name.len() - FIELD.len()..).is_some_and(|tail| tail.eq_ignore_ascii_case(FIELD))
}

/// The begin of the body of the header block in which the label stands.
fn body_after(raw: &[u8], label: usize) -> Option<usize> {
    let mut at = label;
    for _ in 0..200 {
        let newline = at + memchr::memchr(b'\n', raw.get(at..)?)?;
        at = newline + 1;
        match raw.get(at..)? {
            [b'\r', b'\n', ..] => return Some(at + 2),
            [b'\n', ..] => return Some(at + 1),
            [b'-', b'-', ..] => return None,
            _ => {}
        }
    }
    None
}

/// The decoded body, its form, and the bytes it covers. The decoder is strict (canonical padding,
/// no spare bits), so what it takes is what the encoder writes.
fn decode_exactly(body: &[u8]) -> Option<(Vec<u8>, u16, bool, usize)> {
    let newline = memchr::memchr(b'\n', body);
    let (line_len, crlf) = match newline {
        Some(at) if at > 0 && body.get(at - 1) == Some(&b'\r') => (at - 1, true),
        Some(at) => (at, false),
        None => (0, true),
    };
    if line_len > LINE_MAX && newline.is_some() {
        // One endless line: the line end belongs to what follows.
        return Some((STANDARD.decode(body.get(..line_len)?).ok()?, 0, crlf, line_len))
            .filter(|_| line_len >= BLOB_MIN_BYTES);
    }
    if newline.is_none() {
        return Some((STANDARD.decode(body).ok()?, 0, true, body.len())).filter(|_| body.len() >= BLOB_MIN_BYTES);
    }
    if line_len == 0 || !line_len.is_multiple_of(4) {
        return None;
    }
    let ending = if crlf { 2 } else { 1 };
    let mut symbols = Vec::new();
    let mut used = 0;
    loop {
        // The line end in front counts only once a line follows it.
        let begin = if used == 0 { 0 } else { used + ending };
        let rest = body.get(begin..).unwrap_or_default();
        let end = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..end)?;
        // A boundary begins with `-`, which is no symbol.
        if line.is_empty() || line.len() > line_len || line.starts_with(b"-") {
            break;
        }
        symbols.extend_from_slice(line);
        used = begin + end;
        let last = line.len() < line_len || line.ends_with(b"=");
        let separated =
            if crlf { body.get(used..used + 2) == Some(b"\r\n") } else { body.get(used..=used) == Some(b"\n") };
        if last || !separated {
            break;
        }
    }
    if symbols.len() < BLOB_MIN_BYTES {
        return None;
    }
    Some((STANDARD.decode(&symbols).ok()?, line_len as u16, crlf, used))
}

/// Puts a message together again.
pub fn join<B: AsRef<[u8]>>(skeleton: &[Piece], blobs: &[B]) -> Result<Vec<u8>, DamagedSkeleton> {
    let mut raw = Vec::new();
    for piece in skeleton {
        match piece {
            Piece::Bytes(bytes) => raw.extend_from_slice(bytes),
            Piece::Blob { index, line_len, crlf } => {
                let blob = blobs.get(*index as usize).ok_or(DamagedSkeleton)?.as_ref();
                let encoded = STANDARD.encode(blob);
                if *line_len == 0 {
                    raw.extend_from_slice(encoded.as_bytes());
                    continue;
                }
                let ending: &[u8] = if *crlf { b"\r\n" } else { b"\n" };
                raw.reserve(encoded.len() + encoded.len() / usize::from(*line_len) * 2);
                for (at, line) in encoded.as_bytes().chunks(usize::from(*line_len)).enumerate() {
                    if at > 0 {
                        raw.extend_from_slice(ending);
                    }
                    raw.extend_from_slice(line);
                }
            }
        }
    }
    Ok(raw)
}

const FORMAT: u8 = 1;

/// The skeleton's compact form for storage.
pub fn encode_skeleton(skeleton: &[Piece]) -> Vec<u8> {
    let mut out = vec![FORMAT];
    for piece in skeleton {
        match piece {
            Piece::Bytes(bytes) => {
                out.push(0);
                put(bytes.len() as u64, &mut out);
                out.extend_from_slice(bytes);
            }
            Piece::Blob { index, line_len, crlf } => {
                out.push(if *crlf { 1 } else { 2 });
                put(u64::from(*index), &mut out);
                put(u64::from(*line_len), &mut out);
            }
        }
    }
    out
}

/// The inverse of [`encode_skeleton`].
pub fn decode_skeleton(stored: &[u8]) -> Result<Vec<Piece>, DamagedSkeleton> {
    let mut rest = stored.strip_prefix(&[FORMAT]).ok_or(DamagedSkeleton)?;
    let mut skeleton = Vec::new();
    while let Some((kind, after)) = rest.split_first() {
        rest = after;
        match kind {
            0 => {
                let length = usize::try_from(take(&mut rest)?).map_err(|_| DamagedSkeleton)?;
                let (bytes, after) = rest.split_at_checked(length).ok_or(DamagedSkeleton)?;
                skeleton.push(Piece::Bytes(bytes.to_vec()));
                rest = after;
            }
            1 | 2 => {
                let index = u32::try_from(take(&mut rest)?).map_err(|_| DamagedSkeleton)?;
                let line_len = u16::try_from(take(&mut rest)?).map_err(|_| DamagedSkeleton)?;
                skeleton.push(Piece::Blob { index, line_len, crlf: *kind == 1 });
            }
            _ => return Err(DamagedSkeleton),
        }
    }
    Ok(skeleton)
}

/// LEB128.
fn put(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn take(rest: &mut &[u8]) -> Result<u64, DamagedSkeleton> {
    let mut value = 0_u64;
    for shift in (0..63).step_by(7) {
        let (byte, after) = rest.split_first().ok_or(DamagedSkeleton)?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(DamagedSkeleton)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(length: usize, seed: u64) -> Vec<u8> {
        let mut state = seed | 1;
        (0..length)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state as u8
            })
            .collect()
    }

    fn wrap(blob: &[u8], line_len: usize, ending: &str) -> String {
        let encoded = STANDARD.encode(blob);
        encoded
            .as_bytes()
            .chunks(line_len)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect::<Vec<_>>()
            .join(ending)
    }

    fn comes_back(raw: &[u8]) -> Split {
        let cut = split(raw);
        let stored = encode_skeleton(&cut.skeleton);
        let skeleton = decode_skeleton(&stored).unwrap();
        assert_eq!(skeleton, cut.skeleton);
        assert!(join(&skeleton, &cut.blobs).unwrap() == raw, "the message came back changed");
        cut
    }

    #[test]
    fn a_large_attachment_is_kept_decoded_and_comes_back() {
        let file = noise(50_001, 7);
        for (line_len, ending) in [(76, "\r\n"), (72, "\n"), (60, "\r\n"), (64, "\n")] {
            let body = wrap(&file, line_len, ending);
            for tail in ["\r\n--b--\r\n", "\n--b--", "", "\r\n", "\n\n\n"] {
                let raw = format!(
                    "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: BASE64\r\nContent-Type: a/b\r\n\r\n{body}{tail}"
                );
                let cut = comes_back(raw.as_bytes());
                assert_eq!(cut.blobs, std::slice::from_ref(&file), "{line_len} {tail:?}");
            }
        }
    }

    #[test]
    fn two_files_are_two_blobs() {
        let (one, two) = (noise(30_000, 1), noise(40_000, 2));
        let raw = format!(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding:\n base64\n\n{}\n--b\ncontent-transfer-encoding: base64\n\n{}\n--b--\n",
            wrap(&one, 76, "\n"),
            wrap(&two, 76, "\n")
        );
        assert_eq!(comes_back(raw.as_bytes()).blobs, [one, two]);
    }

    #[test]
    fn what_would_not_encode_the_same_stays_as_it_is() {
        let file = noise(40_000, 3);
        let head = "Content-Transfer-Encoding: base64\r\n\r\n";
        let mut mixed = wrap(&file, 76, "\r\n").into_bytes();
        if let Some(at) = memmem::find(&mixed, b"\r\n") {
            mixed.remove(at);
        }
        let uneven = wrap(&file, 75, "\r\n");
        let early_padding = format!("{}==\r\n{}", wrap(&file[..39_997], 76, "\r\n"), wrap(&file, 76, "\r\n"));
        for body in [mixed, uneven.into_bytes(), early_padding.into_bytes()] {
            comes_back(&[head.as_bytes(), &body].concat());
        }
    }

    #[test]
    fn any_bytes_come_back_whatever_was_done_to_them() {
        let file = noise(24_000, 9);
        let raw = format!(
            "X: base64\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n\r\n--x--\r\n",
            wrap(&file, 76, "\r\n")
        )
        .into_bytes();
        let changes = noise(4 * 3_000, 11);
        for change in changes.chunks(4).take(if cfg!(debug_assertions) { 150 } else { 3_000 }) {
            let mut damaged = raw.clone();
            let at = (usize::from(change[0]) << 8 | usize::from(change[1])) * 3 % damaged.len();
            match change[2] % 5 {
                0 => damaged[at] = change[3],
                1 => {
                    damaged.remove(at);
                }
                2 => damaged.insert(at, b'\n'),
                3 => damaged.insert(at, b'='),
                _ => damaged.truncate(at),
            }
            comes_back(&damaged);
        }
        for seed in 0..50 {
            comes_back(&noise(3_000, seed));
        }
        comes_back(b"");
    }

    #[test]
    fn a_damaged_skeleton_is_an_error_and_not_a_wrong_message() {
        assert_eq!(decode_skeleton(b""), Err(DamagedSkeleton));
        assert_eq!(decode_skeleton(&[FORMAT, 0, 200, 1, 2]), Err(DamagedSkeleton));
        assert_eq!(join::<Vec<u8>>(&[Piece::Blob { index: 3, line_len: 76, crlf: true }], &[]), Err(DamagedSkeleton));
    }
}
