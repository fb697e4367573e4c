//! Files that hold mail, read part by part.
//!
//! What is read is decided by what is in a file, not by its name alone: a file that begins with a
//! separator is an mbox, one in `cur` or `new` is of a Maildir, else its name has to end in `.eml`.

use mail::mbox;
use model::message::Flags;
use model::{Error, ErrorCode, Phrase, Result, say};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Folders are followed this deep.
const DEPTH_MAX: usize = 8;
/// A message longer than this is left out.
const MESSAGE_MAX_BYTES: usize = 150 << 20;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    One,
    Maildir,
    Mbox,
}

struct Item {
    path: PathBuf,
    form: Form,
    bytes: u64,
}

/// A file or folder of mail.
pub(super) struct Source {
    items: Vec<Item>,
}

/// A message and the flags its file gives it.
pub(super) struct Found {
    pub raw: Vec<u8>,
    pub flags: Flags,
}

/// Some messages in the order of the files.
#[derive(Default)]
pub(super) struct Part {
    pub messages: Vec<Found>,
    pub unreadable: Vec<Phrase>,
    pub done_bytes: u64,
    pub next: Option<String>,
}

fn disk(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorCode::Disk, say!("{path} can't be read.", path = path.display()))
        .remedy("Check that it is there and may be read.")
        .detail(error)
}

impl Source {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let mut items = Vec::new();
        let data = std::fs::metadata(path).map_err(|e| disk(path, &e))?;
        if data.is_dir() {
            walk(path, 0, &mut items)?;
        } else {
            let form = if begins_mbox(path)? { Form::Mbox } else { Form::One };
            items.push(Item { path: path.to_owned(), form, bytes: data.len() });
        }
        if items.is_empty() {
            return Err(Error::invalid(say!("There is no mail in {path}.", path = path.display()))
                .remedy("Choose an .eml file, an mbox, a Maildir, or a folder of these."));
        }
        items.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { items })
    }

    pub(super) fn total_bytes(&self) -> u64 {
        self.items.iter().map(|item| item.bytes).sum()
    }

    /// The next messages from a place that [`Part::next`] gave.
    pub(super) fn part(&self, from: Option<&str>, messages: usize, bytes: usize) -> Result<Part> {
        let (mut index, mut offset) = match from {
            None => (0, 0),
            Some(place) => place
                .split_once(':')
                .and_then(|(index, offset)| Some((index.parse::<usize>().ok()?, offset.parse::<u64>().ok()?)))
                .ok_or_else(|| Error::invalid("This is no place to go on from."))?,
        };
        let mut part = Part::default();
        let mut taken = 0;
        while let Some(item) = self.items.get(index) {
            if part.messages.len() >= messages || taken >= bytes {
                part.next = Some(format!("{index}:{offset}"));
                break;
            }
            let before = part.messages.len();
            offset = match item.form {
                Form::Mbox => next_of_mbox(&item.path, offset, &mut part)?,
                Form::One | Form::Maildir => {
                    one(item, &mut part);
                    None
                }
            }
            .unwrap_or(0);
            taken += part.messages.get(before..).into_iter().flatten().map(|found| found.raw.len()).sum::<usize>();
            if offset == 0 {
                index += 1;
            }
        }
        let whole: u64 = self.items.iter().take(index).map(|item| item.bytes).sum();
        part.done_bytes = whole + offset;
        Ok(part)
    }
}

fn walk(folder: &Path, depth: usize, items: &mut Vec<Item>) -> Result<()> {
    if depth > DEPTH_MAX {
        return Ok(());
    }
    let in_maildir = folder.file_name().is_some_and(|name| name == "cur" || name == "new");
    for entry in std::fs::read_dir(folder).map_err(|e| disk(folder, &e))? {
        let entry = entry.map_err(|e| disk(folder, &e))?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(|e| disk(folder, &e))?);
        if kind.is_dir() {
            if entry.file_name() != "tmp" {
                walk(&path, depth + 1, items)?;
            }
        } else if kind.is_file() {
            let is_eml = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("eml"));
            let form = if in_maildir {
                Form::Maildir
            } else if is_eml {
                Form::One
            } else if begins_mbox(&path)? {
                Form::Mbox
            } else {
                continue;
            };
            items.push(Item { path, form, bytes: entry.metadata().map_or(0, |data| data.len()) });
        }
    }
    Ok(())
}

fn begins_mbox(path: &Path) -> Result<bool> {
    let mut begin = Vec::new();
    File::open(path).and_then(|file| file.take(5).read_to_end(&mut begin)).map_err(|e| disk(path, &e))?;
    Ok(begin == b"From ")
}

/// Mail travels with CRLF; files of Unix have LF.
fn with_crlf(raw: Vec<u8>) -> Vec<u8> {
    let bare = raw.iter().enumerate().any(|(at, byte)| *byte == b'\n' && (at == 0 || raw.get(at - 1) != Some(&b'\r')));
    if !bare {
        return raw;
    }
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 40);
    let mut last = 0;
    for byte in raw {
        if byte == b'\n' && last != b'\r' {
            out.push(b'\r');
        }
        out.push(byte);
        last = byte;
    }
    out
}

fn one(item: &Item, part: &mut Part) {
    let too_long = item.bytes > MESSAGE_MAX_BYTES as u64;
    let path = item.path.display();
    if too_long {
        return part.unreadable.push(say!("{path}: it is too long.", path));
    }
    match std::fs::read(&item.path) {
        Ok(raw) if raw.iter().all(u8::is_ascii_whitespace) => {
            part.unreadable.push(say!("{path}: it is empty.", path));
        }
        Ok(raw) => {
            let name = item.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let flags = if item.form == Form::Maildir { mbox::maildir_flags(&name) } else { seen() };
            part.messages.push(Found { raw: with_crlf(raw), flags });
        }
        Err(error) => {
            part.unreadable.push(say!("{path} can't be read: {reason}", path, reason = error.to_string()));
        }
    }
}

/// What somebody kept in a file was read.
fn seen() -> Flags {
    Flags { seen: true, ..Flags::default() }
}

/// The message that begins at `offset`; where the next one begins, if there is one.
fn next_of_mbox(path: &Path, offset: u64, part: &mut Part) -> Result<Option<u64>> {
    let mut file = BufReader::with_capacity(256 * 1024, File::open(path).map_err(|e| disk(path, &e))?);
    file.seek(SeekFrom::Start(offset)).map_err(|e| disk(path, &e))?;
    let (mut raw, mut line) = (Vec::new(), Vec::new());
    let (mut at, mut after_empty, mut begun, mut too_long) = (offset, true, false, false);
    let next = loop {
        line.clear();
        let read = file.read_until(b'\n', &mut line).map_err(|e| disk(path, &e))?;
        if read == 0 {
            break None;
        }
        if mbox::is_separator(&line, after_empty) {
            if begun {
                break Some(at);
            }
            begun = true;
        } else if raw.len() + line.len() > MESSAGE_MAX_BYTES {
            too_long = true;
        } else {
            raw.extend_from_slice(mbox::unquote(&line));
        }
        at += read as u64;
        after_empty = matches!(line.as_slice(), b"\n" | b"\r\n");
    };
    // The empty line before a separator is the file's, not the message's.
    for end in [&b"\r\n\r\n"[..], b"\n\n"] {
        if raw.ends_with(end) {
            raw.truncate(raw.len() - end.len() / 2);
            break;
        }
    }
    if too_long {
        part.unreadable.push(say!("{path}, at byte {offset}: it is too long.", path = path.display(), offset));
    } else if !raw.is_empty() {
        let raw = with_crlf(raw);
        let header = mail::parse::header_text(&raw);
        let told = header.lines().any(|line| line.to_ascii_lowercase().starts_with("status:"));
        let flags = if told { mbox::flags(&header) } else { seen() };
        part.messages.push(Found { raw, flags });
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(path: &Path, messages: usize) -> Vec<String> {
        let source = Source::open(path).unwrap();
        let (mut found, mut from) = (Vec::new(), None);
        loop {
            let part = source.part(from.as_deref(), messages, 1 << 20).unwrap();
            found.extend(part.messages.into_iter().map(|m| String::from_utf8(m.raw).unwrap()));
            if part.next.is_none() {
                assert_eq!(part.done_bytes, source.total_bytes());
                return found;
            }
            from = part.next;
        }
    }

    #[test]
    fn an_mbox_is_read_in_parts_of_any_size_and_quoted_lines_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inbox");
        let text = "From a@x Thu Nov 19 10:00:00 2026\nSubject: one\nStatus: RO\n\nHello\n>From here\nFrom inside\n\n\
                    From b@x Thu Nov 19 10:00:00 2026\nSubject: two\n\nlast line\n";
        std::fs::write(&path, text).unwrap();
        for messages in [1, 10] {
            assert_eq!(
                all(&path, messages),
                [
                    "Subject: one\r\nStatus: RO\r\n\r\nHello\r\nFrom here\r\nFrom inside\r\n",
                    "Subject: two\r\n\r\nlast line\r\n"
                ]
            );
        }
    }

    #[test]
    fn a_folder_of_everything_is_read_and_what_is_no_mail_is_left() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("a.eml", "Subject: eml\n\nx\n"),
            ("notes.txt", "no mail"),
            ("box", "From x Thu Nov 19 10:00:00 2026\nSubject: mbox\n\nx\n"),
            ("dir/cur/1.host:2,FS", "Subject: maildir\n\nx\n"),
            ("dir/tmp/2.host", "Subject: unfinished\n\nx\n"),
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let found = all(folder.path(), 1);
        let subjects: Vec<&str> = found.iter().map(|raw| raw.lines().next().unwrap()).collect();
        assert_eq!(subjects, ["Subject: eml", "Subject: mbox", "Subject: maildir"]);
        assert!(Source::open(&folder.path().join("dir/tmp")).is_err());
    }
}
