//! FETCH: what messages are there, and their contents.
//!
//! Headers and bodies come raw; ENVELOPE and BODYSTRUCTURE are never asked for, since servers get them
//! wrong. A response that can't be understood costs its message, not the mailbox.

use super::exchange::Response;
use super::fault::Fault;
use super::session::Session;
use super::value::Value;
use super::{date, set};
use model::Timestamp;
use model::message::Flags;

/// Messages larger than this come in pieces of this size.
pub const PIECE_BYTES: u64 = 1 << 20;
/// The longest UID set in one command.
const SET_CHARS: usize = 7000;

/// What one FETCH response told.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// UID.
    pub uid: u32,
    /// Flags.
    pub flags: Option<Flags>,
    /// Marked `\Deleted`: gone as far as people are concerned.
    pub deleted: bool,
    /// INTERNALDATE.
    pub received_at: Option<Timestamp>,
    /// RFC822.SIZE.
    pub size: Option<u64>,
    /// The raw message or a piece of it.
    pub body: Option<Vec<u8>>,
    /// The raw header, or the fields asked for.
    pub header: Option<Vec<u8>>,
    /// X-GM-THRID.
    pub thread: Option<String>,
    /// X-GM-MSGID.
    pub gmail_id: Option<u64>,
}

/// Understands an untagged FETCH; `None` where it is none or tells no UID.
pub fn fetched(values: Vec<Value>) -> Option<Fetched> {
    let mut values = values.into_iter();
    values.next()?.number::<u32>()?;
    if !values.next()?.atom()?.eq_ignore_ascii_case("FETCH") {
        return None;
    }
    let Value::List(attributes) = values.next()? else {
        return None;
    };
    let mut out = Fetched::default();
    let mut attributes = attributes.into_iter();
    while let (Some(name), Some(value)) = (attributes.next(), attributes.next()) {
        let name = name.atom()?.to_ascii_uppercase();
        match name.as_str() {
            "UID" => out.uid = value.number()?,
            "FLAGS" => {
                let (flags, deleted) = flags(value.list());
                out.flags = Some(flags);
                out.deleted = deleted;
            }
            "INTERNALDATE" => {
                out.received_at = value.bytes().and_then(|b| date::parse(&String::from_utf8_lossy(b)));
            }
            "RFC822.SIZE" => out.size = value.number(),
            "X-GM-MSGID" => out.gmail_id = value.number(),
            "X-GM-THRID" => out.thread = value.atom().map(str::to_owned),
            _ if name.starts_with("BODY[HEADER") => out.header = text(value),
            _ if name.starts_with("BODY[]") => out.body = text(value),
            _ => {}
        }
    }
    (out.uid > 0).then_some(out)
}

fn text(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::Text(bytes) => Some(bytes),
        _ => None,
    }
}

fn flags(list: &[Value]) -> (Flags, bool) {
    let mut flags = Flags::default();
    let mut deleted = false;
    for name in list.iter().filter_map(Value::atom) {
        match name.to_ascii_lowercase().as_str() {
            "\\seen" => flags.seen = true,
            "\\flagged" => flags.flagged = true,
            "\\answered" => flags.answered = true,
            "\\draft" => flags.draft = true,
            "$forwarded" | "forwarded" => flags.forwarded = true,
            "\\deleted" => deleted = true,
            _ => {}
        }
    }
    (flags, deleted)
}

/// The names of flags as STORE and APPEND take them.
pub fn flag_names(flags: Flags) -> Vec<&'static str> {
    [
        (flags.seen, "\\Seen"),
        (flags.flagged, "\\Flagged"),
        (flags.answered, "\\Answered"),
        (flags.draft, "\\Draft"),
        (flags.forwarded, "$Forwarded"),
    ]
    .into_iter()
    .filter_map(|(on, name)| on.then_some(name))
    .collect()
}

/// What came of asking for contents.
#[derive(Debug, Default)]
pub struct Contents {
    /// Messages with their bodies.
    pub whole: Vec<(u32, Vec<u8>, Option<String>)>,
    /// Asked for, but the server gave nothing usable: gone meanwhile, or unreadable.
    pub missing: Vec<u32>,
}

/// News since a MODSEQ.
#[derive(Debug, Default)]
pub struct Changes {
    /// New and changed messages.
    pub messages: Vec<Fetched>,
    /// Ranges of UIDs that are gone (QRESYNC only).
    pub vanished: Vec<(u32, u32)>,
}

impl Session {
    /// Flags, and with `details` date and size, of the messages of a set such as `1:*`.
    pub fn listing(&mut self, set: &str, details: bool) -> Result<Vec<Fetched>, Fault> {
        let items = if details { "(UID FLAGS INTERNALDATE RFC822.SIZE)" } else { "(UID FLAGS)" };
        let mut found = Vec::new();
        let mut unknown = None;
        self.exchange.run(&format!("UID FETCH {set} {items}"), |response| match response {
            Response::Data(values) => found.extend(fetched(values)),
            Response::Unknown(text) => unknown = Some(text),
            _ => {}
        })?;
        // A listing is proof of deletions: one with a hole in it is none.
        match unknown {
            Some(text) => Err(Fault::Protocol(text)),
            None => Ok(found),
        }
    }

    /// Like [`Session::listing`] for UIDs in any number.
    pub fn listing_of(&mut self, uids: &[u32], details: bool) -> Result<Vec<Fetched>, Fault> {
        let mut found = Vec::with_capacity(uids.len());
        for part in sets(uids) {
            found.extend(self.listing(&part, details)?);
        }
        Ok(found)
    }

    /// What changed since a MODSEQ (RFC 7162); needs CONDSTORE, tells deletions with QRESYNC.
    pub fn changes(&mut self, modseq: u64) -> Result<Changes, Fault> {
        let vanished = if self.qresync { " VANISHED" } else { "" };
        let mut changes = Changes::default();
        let mut unknown = None;
        let command = format!("UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE) (CHANGEDSINCE {modseq}{vanished})");
        self.exchange.run(&command, |response| match response {
            Response::Data(values) => match values.first().and_then(Value::atom) {
                Some(word) if word.eq_ignore_ascii_case("VANISHED") => {
                    if let Some(ranges) = values.last().and_then(Value::atom) {
                        changes.vanished.extend(set::ranges(ranges));
                    }
                }
                _ => changes.messages.extend(fetched(values)),
            },
            Response::Unknown(text) => unknown = Some(text),
            _ => {}
        })?;
        match unknown {
            Some(text) => Err(Fault::Protocol(text)),
            None => Ok(changes),
        }
    }

    /// Raw header blocks; with `fields`, only these, such as `MESSAGE-ID`.
    pub fn headers(&mut self, uids: &[u32], fields: Option<&str>) -> Result<Vec<Fetched>, Fault> {
        let section = fields.map_or_else(|| "HEADER".to_owned(), |fields| format!("HEADER.FIELDS ({fields})"));
        let mut found = Vec::with_capacity(uids.len());
        for part in sets(uids) {
            let command = format!("UID FETCH {part} (UID BODY.PEEK[{section}])");
            self.exchange.run(&command, |response| {
                if let Response::Data(values) = response {
                    found.extend(fetched(values).filter(|f| f.header.is_some()));
                }
            })?;
        }
        Ok(found)
    }

    /// Whole messages, given with the sizes the server told; large ones come in pieces.
    pub fn contents(&mut self, wanted: &[(u32, u64)]) -> Result<Contents, Fault> {
        let mut contents = Contents::default();
        let (large, small): (Vec<_>, Vec<_>) = wanted.iter().partition(|(_, size)| *size > PIECE_BYTES);
        let small: Vec<u32> = small.into_iter().map(|(uid, _)| uid).collect();
        let thread = if self.has("X-GM-EXT-1") { " X-GM-THRID" } else { "" };
        let mut tags = Vec::new();
        for part in sets(&small) {
            tags.push(self.exchange.send(&format!("UID FETCH {part} (UID{thread} BODY.PEEK[])"))?);
        }
        for tag in tags {
            self.exchange.finish(&tag, |response| {
                if let Response::Data(values) = response
                    && let Some(Fetched { uid, body: Some(body), thread, .. }) = fetched(values)
                {
                    contents.whole.push((uid, body, thread));
                }
            })?;
        }
        for (uid, size) in large {
            if let Some(body) = self.in_pieces(uid, size)? {
                contents.whole.push((uid, body, None));
            }
        }
        // No bytes for a message that has some is no content.
        let sizes: std::collections::HashMap<u32, u64> = wanted.iter().copied().collect();
        contents.whole.retain(|(uid, body, _)| sizes.get(uid).is_some_and(|size| !body.is_empty() || *size == 0));
        let got: std::collections::HashSet<u32> = contents.whole.iter().map(|(uid, ..)| *uid).collect();
        contents.missing = wanted.iter().map(|(uid, _)| *uid).filter(|uid| !got.contains(uid)).collect();
        Ok(contents)
    }

    fn in_pieces(&mut self, uid: u32, size: u64) -> Result<Option<Vec<u8>>, Fault> {
        // The size is a promise servers break; what counts is the first short piece.
        let mut whole = Vec::with_capacity(usize::try_from(size.min(64 << 20)).unwrap_or(0));
        let ask = |offset: u64| format!("UID FETCH {uid} (UID BODY.PEEK[]<{offset}.{PIECE_BYTES}>)");
        let mut ahead = self.exchange.send(&ask(0))?;
        let mut next = PIECE_BYTES;
        loop {
            let following = if next < size { Some(self.exchange.send(&ask(next))?) } else { None };
            let mut piece = None;
            self.exchange.finish(&ahead, |response| {
                if let Response::Data(values) = response
                    && let Some(fetched) = fetched(values)
                    && fetched.uid == uid
                    && fetched.body.is_some()
                {
                    piece = fetched.body;
                }
            })?;
            let got = piece.as_ref().map(|p| p.len() as u64);
            whole.extend(piece.unwrap_or_default());
            let full = got == Some(PIECE_BYTES);
            ahead = match (following, full) {
                (Some(following), true) => following,
                (Some(following), false) => {
                    self.exchange.finish(&following, |_| {})?;
                    break;
                }
                (None, true) => self.exchange.send(&ask(next))?,
                (None, false) => break,
            };
            next += PIECE_BYTES;
        }
        Ok((!whole.is_empty()).then_some(whole))
    }

    /// UIDs of the selected mailbox for a search program, such as `SINCE 1-Feb-2026`.
    pub fn search(&mut self, program: &str) -> Result<Vec<u32>, Fault> {
        let mut found = Vec::new();
        self.exchange.run(&format!("UID SEARCH {program}"), |response| {
            if let Response::Data(values) = response
                && values.first().and_then(Value::atom).is_some_and(|word| word.eq_ignore_ascii_case("SEARCH"))
            {
                found.extend(values.iter().skip(1).filter_map(Value::number::<u32>));
            }
        })?;
        Ok(found)
    }
}

/// Sets short enough for a command line.
fn sets(uids: &[u32]) -> Vec<String> {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    let mut out = Vec::new();
    for part in sorted.chunks(SET_CHARS / 11) {
        out.push(set::write(part));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::value::{Piece, parse};

    fn read(line: &str) -> Option<Fetched> {
        fetched(parse(vec![Piece::Line(line.as_bytes().to_vec())])?)
    }

    #[test]
    fn a_fetch_response_tells_what_it_holds_and_skips_the_unknown() {
        let got = read(
            "3 FETCH (X-FUTURE (a (b)) FLAGS (\\Seen $Forwarded \\Deleted) UID 9 RFC822.SIZE 5000000000 \
             INTERNALDATE \" 1-Jan-2026 10:00:00 +0000\" MODSEQ (77))",
        )
        .unwrap();
        assert_eq!((got.uid, got.size, got.deleted), (9, Some(5_000_000_000), true));
        assert!(got.flags.unwrap().seen && got.flags.unwrap().forwarded);
        assert_eq!(got.received_at.unwrap().to_rfc3339(), "2026-01-01T10:00:00Z");
    }

    #[test]
    fn a_fetch_response_without_uid_is_left_out() {
        assert_eq!(read("3 FETCH (FLAGS (\\Seen))"), None);
        assert_eq!(read("3 EXISTS"), None);
        assert_eq!(read("3 FETCH nonsense"), None);
    }
}
