//! Many reads in one request, their answers taken one by one as they come.
//!
//! Source: <https://developers.google.com/workspace/gmail/api/guides/batch>. An answer may hold dozens of
//! messages of 25 MB: only one of them is ever in memory.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use std::fmt::Write as _;

/// Between the parts of what we send.
pub const BOUNDARY: &str = "tabella_batch";
/// Longest head of a part.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// The body that asks for these paths.
pub fn body(paths: &[String]) -> String {
    let mut body = String::new();
    for (index, path) in paths.iter().enumerate() {
        let _ = write!(
            body,
            "--{BOUNDARY}\r\nContent-Type: application/http\r\nContent-ID: <{index}>\r\n\r\nGET {path}\r\n\r\n"
        );
    }
    body + "--" + BOUNDARY + "--\r\n"
}

/// One answer among many.
#[derive(Debug)]
pub struct Part {
    /// Which path it answers, by its place in the request, where it tells.
    pub index: Option<usize>,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// Cuts an answer into its parts while it comes.
pub struct Parts {
    delimiter: Vec<u8>,
    buffer: Vec<u8>,
    looked: usize,
    begun: bool,
    /// The end was seen: nothing is missing.
    pub ended: bool,
}

impl Parts {
    /// For an answer of this media type; `None` where it has no boundary.
    pub fn new(content_type: &str) -> Option<Self> {
        let (_, after) = content_type.split_once("boundary=")?;
        let boundary = after.split(';').next()?.trim().trim_matches('"');
        if boundary.is_empty() {
            return None;
        }
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        // The first delimiter may stand at the very beginning.
        Some(Self { delimiter, buffer: b"\r\n".to_vec(), looked: 0, begun: false, ended: false })
    }

    /// Takes in what came.
    pub fn push(&mut self, chunk: &[u8]) {
        if !self.ended {
            self.buffer.extend_from_slice(chunk);
        }
    }

    /// Bytes waiting for the end of their part.
    pub fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// The next whole part; a part that can't be read is skipped, and its path asked for again.
    pub fn next(&mut self) -> Option<Part> {
        loop {
            if self.ended {
                return None;
            }
            let from = self.looked.min(self.buffer.len());
            let rest = self.buffer.get(from..).unwrap_or_default();
            let Some(at) = memchr::memmem::find(rest, &self.delimiter).map(|at| at + from) else {
                self.looked = self.buffer.len().saturating_sub(self.delimiter.len());
                return None;
            };
            // What follows tells the end from the next part; it may not be here yet.
            let after = at + self.delimiter.len();
            let next = self.buffer.get(after..after + 2)?;
            if next == b"--" {
                self.ended = true;
            }
            let mut part: Vec<u8> = self.buffer.drain(..after).collect();
            part.truncate(at);
            self.looked = 0;
            if !std::mem::replace(&mut self.begun, true) {
                continue;
            }
            if let Some(part) = read(&part) {
                return Some(part);
            }
        }
    }
}

/// A part: its own head, the head of the answer inside, the body.
fn read(part: &[u8]) -> Option<Part> {
    // The rest of the delimiter's own line comes first.
    let first = memchr::memchr(b'\n', part)?;
    let (outer, inner) = split_head(part.get(first + 1..)?)?;
    let index = outer
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-id"))
        .and_then(|(_, value)| value.trim_matches(['<', '>']).strip_prefix("response-")?.parse().ok());
    let line_end = memchr::memchr(b'\n', inner)?;
    let line = std::str::from_utf8(inner.get(..line_end)?).ok()?;
    let status = line.split_whitespace().nth(1)?.parse().ok().and_then(|code| StatusCode::from_u16(code).ok())?;
    let (fields, body) = split_head(inner.get(line_end + 1..)?)?;
    let headers = fields
        .iter()
        .filter_map(|(name, value)| {
            let name: reqwest::header::HeaderName = name.parse().ok()?;
            Some((name, value.parse().ok()?))
        })
        .collect();
    Some(Part { index, status, headers, body: body.to_vec() })
}

type Fields = Vec<(String, String)>;

/// Header fields up to the empty line, and what follows it.
fn split_head(bytes: &[u8]) -> Option<(Fields, &[u8])> {
    let mut fields = Vec::new();
    let mut rest = bytes;
    loop {
        let end = memchr::memchr(b'\n', rest.get(..rest.len().min(HEAD_BYTES_MAX))?)?;
        let line = String::from_utf8_lossy(rest.get(..end)?).trim_end_matches('\r').to_owned();
        rest = rest.get(end + 1..)?;
        if line.is_empty() {
            return Some((fields, rest));
        }
        if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] = b"--b_1\r\nContent-Type: application/http\r\nContent-ID: <response-1>\r\n\r\n\
        HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"id\":\"x\"}\r\n--b_1\r\n\
        Content-Type: application/http\r\nContent-ID: <response-0>\r\n\r\nHTTP/1.1 404 Not Found\r\n\
        Retry-After: 3\r\n\r\n{}\r\n--b_1--\r\n";

    fn parts(chunk: usize) -> (Vec<Part>, bool) {
        let mut parts = Parts::new("multipart/mixed; boundary=b_1").unwrap();
        let mut found = Vec::new();
        for piece in ANSWER.chunks(chunk) {
            parts.push(piece);
            while let Some(part) = parts.next() {
                found.push(part);
            }
        }
        (found, parts.ended)
    }

    #[test]
    fn answers_are_cut_apart_however_they_come() {
        for chunk in [1, 2, 7, 1000] {
            let (found, ended) = parts(chunk);
            assert!(ended);
            assert_eq!(found.len(), 2, "{chunk}");
            assert_eq!((found[0].index, found[0].status.as_u16()), (Some(1), 200));
            assert_eq!(found[0].body, b"{\"id\":\"x\"}");
            assert_eq!((found[1].index, found[1].status.as_u16()), (Some(0), 404));
            assert_eq!(found[1].headers["retry-after"], "3");
        }
    }

    #[test]
    fn an_answer_that_breaks_off_is_not_taken_for_whole() {
        let mut parts = Parts::new("multipart/mixed; boundary=\"b_1\"").unwrap();
        parts.push(&ANSWER[..ANSWER.len() - 20]);
        assert!(parts.next().is_some());
        assert!(parts.next().is_none());
        assert!(!parts.ended);
    }

    #[test]
    fn every_path_is_asked_for_under_its_number() {
        let body = body(&["/gmail/v1/users/me/messages/1".into(), "/gmail/v1/users/me/messages/2".into()]);
        assert!(body.contains("Content-ID: <1>\r\n\r\nGET /gmail/v1/users/me/messages/2\r\n"));
        assert!(body.ends_with("--tabella_batch--\r\n"));
    }
}
