//! Acts of a session on its server: flags, moves, deletions, appends. Each may be repeated safely.

use super::exchange::{Response, Status, Verdict, quote};
use super::fault::Fault;
use super::fetch::flag_names;
use super::session::Session;
use super::{date, set};
use model::Timestamp;
use model::message::Flags;
use std::collections::HashMap;

/// More pairs than this in a COPYUID are a hostile answer.
const PAIR_LIMIT: usize = 1_000_000;

impl Session {
    /// Sets and clears flags. Messages that are gone are no error.
    pub fn store_flags(&mut self, uids: &[u32], add: Flags, remove: Flags) -> Result<(), Fault> {
        for (sign, flags) in [('+', add), ('-', remove)] {
            let names = flag_names(flags);
            if names.is_empty() || uids.is_empty() {
                continue;
            }
            match self.store(uids, sign, &names) {
                // Some mailboxes take no keywords; the others must not suffer for it.
                Err(Fault::Refused { .. }) if flags.forwarded && names.len() > 1 => {
                    let system: Vec<_> = names.into_iter().filter(|name| name.starts_with('\\')).collect();
                    self.store(uids, sign, &system)?;
                }
                Err(Fault::Refused { .. }) if flags.forwarded => {}
                done => done?,
            }
        }
        Ok(())
    }

    fn store(&mut self, uids: &[u32], sign: char, names: &[&str]) -> Result<(), Fault> {
        for part in uids.chunks(500) {
            let command = format!("UID STORE {} {sign}FLAGS.SILENT ({})", set::write(part), names.join(" "));
            self.exchange.run(&command, |_| {})?;
        }
        Ok(())
    }

    /// Deletes for good where UIDPLUS allows to name the messages; otherwise they stay marked and
    /// hidden, since a plain EXPUNGE would take other programs' marks along.
    pub fn delete(&mut self, uids: &[u32]) -> Result<(), Fault> {
        self.store(uids, '+', &["\\Deleted"])?;
        if self.has("UIDPLUS") || self.has("IMAP4REV2") {
            for part in uids.chunks(500) {
                self.exchange.run(&format!("UID EXPUNGE {}", set::write(part)), |_| {})?;
            }
        }
        Ok(())
    }

    /// Moves messages of the selected mailbox; returns old and new UIDs where the server tells.
    pub fn move_to(&mut self, uids: &[u32], to: &str) -> Result<Vec<(u32, u32)>, Fault> {
        match self.try_move(uids, to) {
            Err(Fault::Refused { code, .. }) if code == "TRYCREATE" || code == "NONEXISTENT" => {
                self.create(to)?;
                self.try_move(uids, to)
            }
            other => other,
        }
    }

    fn try_move(&mut self, uids: &[u32], to: &str) -> Result<Vec<(u32, u32)>, Fault> {
        let mut pairs = Vec::new();
        if self.has("MOVE") || self.has("IMAP4REV2") {
            for part in uids.chunks(500) {
                pairs.extend(self.copy_command("MOVE", part, to)?);
            }
            return Ok(pairs);
        }
        let uids = self.not_yet_in(uids, to, &mut pairs)?;
        for part in uids.chunks(500) {
            pairs.extend(self.copy_command("COPY", part, to)?);
        }
        let mut all: Vec<u32> = uids;
        all.extend(pairs.iter().map(|(old, _)| *old));
        all.sort_unstable();
        all.dedup();
        self.delete(&all)?;
        Ok(pairs)
    }

    fn copy_command(&mut self, verb: &str, uids: &[u32], to: &str) -> Result<Vec<(u32, u32)>, Fault> {
        let mut pairs = Vec::new();
        let command = format!("UID {verb} {} {}", set::write(uids), quote(to)?);
        let done = self.exchange.run(&command, |response| {
            if let Response::Status(Status { verdict: Verdict::Ok, code, args, .. }) = response
                && code == "COPYUID"
            {
                pairs.extend(copy_uid(&args));
            }
        })?;
        if done.code == "COPYUID" {
            pairs.extend(copy_uid(&done.args));
        }
        Ok(pairs)
    }

    /// Without MOVE an interrupted act may have copied already: those are found by Message-ID and not
    /// copied twice. They count as moved.
    fn not_yet_in(&mut self, uids: &[u32], to: &str, pairs: &mut Vec<(u32, u32)>) -> Result<Vec<u32>, Fault> {
        let Some(from) = self.selected.as_ref().map(|s| s.key.clone()) else {
            return Ok(uids.to_vec());
        };
        let ids: HashMap<u32, String> = self
            .headers(uids, Some("MESSAGE-ID"))?
            .into_iter()
            .filter_map(|f| Some((f.uid, message_id(f.header.as_deref()?)?)))
            .collect();
        let mut left = Vec::new();
        if self.select(to, true).is_err() {
            self.select(&from, true)?;
            return Ok(uids.to_vec());
        }
        for uid in uids {
            let there = match ids.get(uid) {
                Some(id) => self.search_message_id(id)?.into_iter().max(),
                None => None,
            };
            match there {
                Some(new) => pairs.push((*uid, new)),
                None => left.push(*uid),
            }
        }
        self.select(&from, true)?;
        Ok(left)
    }

    /// UIDs of the selected mailbox with this Message-ID (without angle brackets).
    pub fn search_message_id(&mut self, id: &str) -> Result<Vec<u32>, Fault> {
        if id.is_empty() {
            return Ok(Vec::new());
        }
        let charset = if id.is_ascii() { "" } else { "CHARSET UTF-8 " };
        self.search(&format!("{charset}HEADER Message-ID {}", quote(&format!("<{id}>"))?))
    }

    /// Stores a message once: one with its Message-ID that is there already is its result.
    pub fn append(
        &mut self,
        key: &str,
        raw: &[u8],
        id: &str,
        flags: Flags,
        received_at: Timestamp,
    ) -> Result<Option<u32>, Fault> {
        match self.select(key, true) {
            Ok(_) => {}
            // A missing mailbox may come as any refusal; whether it can be made decides.
            Err(refusal @ Fault::Refused { .. }) => {
                if matches!(self.create(key), Err(Fault::Refused { .. })) {
                    return Err(refusal);
                }
                self.select(key, true)?;
            }
            Err(e) => return Err(e),
        }
        if let Some(there) = self.search_message_id(id)?.into_iter().max() {
            return Ok(Some(there));
        }
        let command =
            format!("APPEND {} ({}) \"{}\"", quote(key)?, flag_names(flags).join(" "), date::date_time(received_at));
        let done = self.exchange.run_with_literal(&command, raw, |_| {})?;
        if done.code == "APPENDUID"
            && let Some((_, uid)) = done.args.trim().split_once(' ')
            && let Ok(uid) = uid.trim().parse()
        {
            return Ok(Some(uid));
        }
        self.select(key, true)?;
        Ok(self.search_message_id(id)?.into_iter().max())
    }
}

fn copy_uid(args: &str) -> Vec<(u32, u32)> {
    let mut words = args.split_whitespace().skip(1);
    match (words.next(), words.next()) {
        (Some(from), Some(to)) => {
            let (from, to) = (set::read(from, PAIR_LIMIT), set::read(to, PAIR_LIMIT));
            if from.len() == to.len() { from.into_iter().zip(to).collect() } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

/// The Message-ID in a header block, without angle brackets.
pub fn message_id(header: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(header);
    let unfolded = text.replace("\r\n ", " ").replace("\r\n\t", " ").replace("\n ", " ").replace("\n\t", " ");
    let value = unfolded.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("message-id").then(|| value.trim().to_owned())
    })?;
    let id = value.strip_prefix('<').map_or(value.as_str(), |rest| rest.split('>').next().unwrap_or(rest)).trim();
    (!id.is_empty()).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copyuid_pairs_old_and_new_keys_by_place() {
        assert_eq!(copy_uid("38505 304,319:320 3956:3958"), [(304, 3956), (319, 3957), (320, 3958)]);
        assert_eq!(copy_uid("38505 304 3956:3958"), [], "unequal lists pair nothing");
        assert_eq!(copy_uid(""), []);
    }

    #[test]
    fn a_message_id_is_found_in_a_folded_header() {
        assert_eq!(message_id(b"Subject: x\r\nMessage-ID:\r\n <a@b>\r\n\r\n").as_deref(), Some("a@b"));
        assert_eq!(message_id(b"message-id: <a@b> (comment)\r\n").as_deref(), Some("a@b"));
        assert_eq!(message_id(b"Subject: none\r\n\r\n"), None);
    }
}
