//! From the relay into a mailbox, by LMTP.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use super::Letter;
use crate::server::DOMAIN;

/// A message as DATA wants it: every line ended by CRLF, a second dot before a dot at its start.
#[must_use]
pub fn dot_stuffed(raw: &[u8]) -> Vec<u8> {
    let mut stuffed = Vec::with_capacity(raw.len() + 64);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.starts_with(b".") {
            stuffed.push(b'.');
        }
        stuffed.extend_from_slice(line);
        stuffed.extend_from_slice(b"\r\n");
    }
    stuffed
}

/// Delivers by LMTP to those recipients that are of the test domain; gives the first refusal.
pub(super) fn deliver(socket: &Path, letter: &Letter) -> Result<(), String> {
    let own = format!("@{DOMAIN}");
    let local: Vec<_> = letter.recipients.iter().filter(|address| address.to_lowercase().ends_with(&own)).collect();
    if local.is_empty() {
        return Ok(());
    }
    let go = || -> io::Result<Option<String>> {
        let mut stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        let mut answers = BufReader::new(stream.try_clone()?);
        let mut answer = || -> io::Result<String> {
            loop {
                let mut line = String::new();
                if answers.read_line(&mut line)? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                if line.as_bytes().get(3) != Some(&b'-') {
                    return Ok(line.trim_end().to_owned());
                }
            }
        };
        answer()?;
        let mut commands = vec!["LHLO relay.tabella.test".to_owned(), format!("MAIL FROM:<{}>", letter.from)];
        commands.extend(local.iter().map(|address| format!("RCPT TO:<{address}>")));
        commands.push("DATA".into());
        for command in commands {
            stream.write_all(format!("{command}\r\n").as_bytes())?;
            let said = answer()?;
            if !said.starts_with(['2', '3']) {
                return Ok(Some(said));
            }
        }
        stream.write_all(&dot_stuffed(&letter.raw))?;
        stream.write_all(b".\r\n")?;
        let mut refusal = None;
        for _ in &local {
            let said = answer()?;
            if !said.starts_with('2') {
                refusal = Some(said);
            }
        }
        Ok(refusal)
    };
    match go() {
        Ok(None) => Ok(()),
        Ok(Some(refusal)) => Err(refusal),
        Err(error) => Err(format!("451 4.4.1 Delivery is not possible now: {error}")),
    }
}
