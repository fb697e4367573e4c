//! A single pass over tags and text. It builds no tree and decides nothing about safety.

use super::entity;

pub(super) enum Event<'a> {
    Text(&'a str),
    Open { name: &'a str, attributes: &'a str },
    Close { name: &'a str },
}

pub(super) struct Scan<'a> {
    rest: &'a str,
    /// Name of an element whose content is no markup, just opened.
    raw: Option<&'a str>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(html: &'a str) -> Self {
        Self { rest: html, raw: None }
    }

    fn advance(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }
}

impl<'a> Iterator for Scan<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        if let Some(name) = self.raw.take() {
            let end = raw_end(self.rest, name);
            let text = self.advance(end);
            if !text.is_empty() {
                return Some(Event::Text(text));
            }
        }
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let at = memchr::memchr(b'<', self.rest.as_bytes()).unwrap_or(self.rest.len());
            if at > 0 {
                return Some(Event::Text(self.advance(at)));
            }
            let bytes = self.rest.as_bytes();
            match bytes.get(1) {
                Some(b'!') if self.rest.starts_with("<!--") => {
                    let inner = self.rest.get(4..).unwrap_or_default();
                    let end = if inner.starts_with('>') || inner.starts_with("->") {
                        4 + inner.find('>').map_or(0, |at| at + 1)
                    } else {
                        memchr::memmem::find(inner.as_bytes(), b"-->").map_or(self.rest.len(), |at| at + 7)
                    };
                    self.advance(end);
                }
                Some(b'!' | b'?') => {
                    let end = memchr::memchr(b'>', bytes).map_or(self.rest.len(), |at| at + 1);
                    self.advance(end);
                }
                Some(b'/') if bytes.get(2).is_some_and(u8::is_ascii_alphabetic) => {
                    let end = memchr::memchr(b'>', bytes).map_or(self.rest.len(), |at| at + 1);
                    let tag = self.advance(end);
                    return Some(Event::Close { name: name_of(tag.get(2..).unwrap_or_default()) });
                }
                Some(first) if first.is_ascii_alphabetic() => {
                    let end = tag_end(bytes);
                    let tag = self.advance(end);
                    let inner = tag.get(1..).unwrap_or_default();
                    let inner = inner.strip_suffix('>').unwrap_or(inner);
                    let name = name_of(inner);
                    if ["script", "style", "title", "textarea", "xmp"].iter().any(|raw| name.eq_ignore_ascii_case(raw))
                    {
                        self.raw = Some(name);
                    }
                    return Some(Event::Open { name, attributes: inner.get(name.len()..).unwrap_or_default() });
                }
                _ => return Some(Event::Text(self.advance(1))),
            }
        }
    }
}

fn name_of(tag: &str) -> &str {
    let end = tag.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(tag.len());
    tag.get(..end).unwrap_or_default()
}

/// One past the `>` that ends the tag, quotes respected within 64 KiB.
fn tag_end(bytes: &[u8]) -> usize {
    let mut quote: Option<u8> = None;
    let mut previous = 0_u8;
    for (at, byte) in bytes.iter().enumerate().take(64 * 1024) {
        match (quote, byte) {
            (Some(open), byte) if *byte == open => quote = None,
            (None, b'"' | b'\'') if previous == b'=' => quote = Some(*byte),
            (None, b'>') => return at + 1,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            previous = *byte;
        }
    }
    memchr::memchr(b'>', bytes).map_or(bytes.len(), |at| at + 1)
}

fn raw_end(rest: &str, name: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(bytes.get(from..).unwrap_or_default(), b"</") {
        let start = from + at;
        if bytes.get(start + 2..start + 2 + name.len()).is_some_and(|close| close.eq_ignore_ascii_case(name.as_bytes()))
        {
            return start;
        }
        from = start + 2;
    }
    rest.len()
}

/// The value of an attribute, resolved; `None` where it is missing.
pub(super) fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    Attributes { rest: attributes }
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map(|(_, value)| entity::unescape(value))
}

/// Pairs of name and value as written.
pub(super) struct Attributes<'a> {
    pub rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        let rest = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .bytes()
            .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'/'))
            .unwrap_or(rest.len())
            .max(1);
        let (name, after) = rest.split_at_checked(end)?;
        let Some(value) = after.trim_ascii_start().strip_prefix('=') else {
            self.rest = after;
            return Some((name, ""));
        };
        let value = value.trim_ascii_start();
        let (value, tail) = match value.as_bytes().first() {
            Some(quote @ (b'"' | b'\'')) => {
                let inner = value.get(1..).unwrap_or_default();
                let close = memchr::memchr(*quote, inner.as_bytes()).unwrap_or(inner.len());
                (inner.get(..close).unwrap_or_default(), inner.get(close + 1..).unwrap_or_default())
            }
            _ => value.split_at(value.bytes().position(|byte| byte.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        self.rest = tail;
        Some((name, value))
    }
}

pub(super) fn is_void(name: &str) -> bool {
    ["br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr", "param"]
        .iter()
        .any(|void| name.eq_ignore_ascii_case(void))
}
