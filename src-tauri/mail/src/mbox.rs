//! The mbox form of a mailbox, line by line: mboxrd, in which every line that could be taken for a
//! separator is quoted with one more `>`, so that a message comes back as it was.
//!
//! Refuses: files; whoever reads or writes one does it line by line with these.

use model::Timestamp;
use model::message::Flags;

/// Does this line begin a message? Only at the begin of the file, or after an empty line.
pub fn is_separator(line: &[u8], after_empty_line: bool) -> bool {
    after_empty_line && line.starts_with(b"From ")
}

/// A line of a message as it stands in the file.
pub fn quote(line: &[u8]) -> Option<u8> {
    is_quoted_from(line).then_some(b'>')
}

/// A line of the file as it stands in the message.
pub fn unquote(line: &[u8]) -> &[u8] {
    match line.split_first() {
        Some((b'>', rest)) if is_quoted_from(rest) => rest,
        _ => line,
    }
}

fn is_quoted_from(line: &[u8]) -> bool {
    let marks = line.iter().take_while(|byte| **byte == b'>').count();
    line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "))
}

/// The line that begins a message, without its end: sender and time as ctime writes it, in UTC.
pub fn separator(sender: &str, at: Timestamp) -> String {
    let plain = !sender.is_empty() && sender.bytes().all(|b| b.is_ascii_graphic());
    let sender = if plain { sender } else { "MAILER-DAEMON" };
    let date = jiff::Timestamp::from_millisecond(at.0)
        .map_or_else(|_| "Thu Jan  1 00:00:00 1970".to_owned(), |t| t.strftime("%a %b %e %H:%M:%S %Y").to_string());
    format!("From {sender} {date}")
}

/// What Status and X-Status of a header block say.
pub fn flags(header_block: &str) -> Flags {
    let mut flags = Flags::default();
    for line in header_block.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("status") {
            flags.seen |= value.contains('R');
        } else if name.eq_ignore_ascii_case("x-status") {
            flags.answered |= value.contains('A');
            flags.flagged |= value.contains('F');
            flags.draft |= value.contains('T');
        }
    }
    flags
}

/// The flags in the name of a file of a Maildir.
pub fn maildir_flags(file_name: &str) -> Flags {
    let info = file_name.rsplit_once(":2,").or_else(|| file_name.rsplit_once(";2,")).map_or("", |(_, info)| info);
    Flags {
        seen: info.contains('S'),
        flagged: info.contains('F'),
        answered: info.contains('R'),
        forwarded: info.contains('P'),
        draft: info.contains('D'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_looks_like_a_separator_comes_back_as_it_was() {
        for line in ["From here on", ">From there", ">>From", ">> From x", "from here", "> quoted", ""] {
            let mut written: Vec<u8> = quote(line.as_bytes()).into_iter().collect();
            written.extend_from_slice(line.as_bytes());
            assert!(!is_separator(&written, true), "{line}");
            assert_eq!(unquote(&written), line.as_bytes());
        }
        assert!(is_separator(b"From ann@x.org Thu Nov 19 10:00:00 2026", true) && !is_separator(b"From x", false));
    }

    #[test]
    fn a_separator_names_sender_and_time_and_never_breaks_its_line() {
        let at = Timestamp(1_795_082_400_000);
        assert_eq!(separator("ann@x.org", at), "From ann@x.org Thu Nov 19 10:00:00 2026");
        assert!(separator("a b\r\nFrom c", at).starts_with("From MAILER-DAEMON "));
    }

    #[test]
    fn flags_come_from_the_headers_of_an_mbox_and_the_names_of_a_maildir() {
        let read = flags("Subject: x\nStatus: RO\nX-Status: AF\n");
        assert!(read.seen && read.answered && read.flagged && !read.draft);
        let named = maildir_flags("1700000000.M1P2.host,S=12:2,FS");
        assert!(named.seen && named.flagged && !named.answered);
        assert_eq!(maildir_flags("1700000000.M1P2.host"), Flags::default());
    }
}
