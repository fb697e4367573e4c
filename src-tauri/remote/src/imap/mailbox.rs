//! Mailboxes of a session: listing, status, selecting, waiting for news.

use super::exchange::{Response, Status, Verdict, quote};
use super::fault::Fault;
use super::session::Session;
use super::value::Value;
use super::{name, role};
use crate::contract::RemoteMailbox;
use model::account::Quota;
use std::collections::{HashMap, HashSet};
use std::io;
use std::time::{Duration, Instant};

/// STATUS commands sent ahead of their answers.
const STATUS_AHEAD: usize = 40;

/// What STATUS or SELECT tells of a mailbox; equal figures mean nothing happened there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// UIDVALIDITY.
    pub uidvalidity: u32,
    /// UIDNEXT.
    pub uidnext: u32,
    /// HIGHESTMODSEQ; 0 where the mailbox has none.
    pub modseq: u64,
    /// MESSAGES or EXISTS.
    pub messages: u32,
    /// UNSEEN, from STATUS only.
    pub unseen: Option<u32>,
}

/// The selected mailbox.
#[derive(Clone, Debug)]
pub struct Selected {
    /// Its key.
    pub key: String,
    /// As told at selection.
    pub figures: Figures,
}

/// The mailboxes of an account, with figures where the server gave them.
pub type Listed = Vec<(RemoteMailbox, Option<Figures>)>;

impl Session {
    /// All mailboxes, with their figures.
    pub fn list(&mut self) -> Result<Listed, Fault> {
        let with_status = self.has("LIST-STATUS") && self.has("LIST-EXTENDED") || self.has("IMAP4REV2");
        let items = self.status_items();
        let command = match (with_status, self.has("SPECIAL-USE")) {
            (true, true) => format!("LIST \"\" \"*\" RETURN (SPECIAL-USE STATUS {items})"),
            (true, false) => format!("LIST \"\" \"*\" RETURN (STATUS {items})"),
            (false, true) if self.has("LIST-EXTENDED") => "LIST \"\" \"*\" RETURN (SPECIAL-USE)".to_owned(),
            _ => "LIST \"\" \"*\"".to_owned(),
        };
        let mut mailboxes = Vec::new();
        let mut figures = HashMap::new();
        self.exchange.run(&command, |response| {
            if let Response::Data(values) = response {
                match values.first().and_then(Value::atom) {
                    Some(word) if word.eq_ignore_ascii_case("LIST") => {
                        mailboxes.extend(listed(&values));
                    }
                    Some(word) if word.eq_ignore_ascii_case("STATUS") => {
                        figures.extend(status_of(&values));
                    }
                    _ => {}
                }
            }
        })?;
        let mut seen = HashSet::new();
        mailboxes.retain(|mailbox: &RemoteMailbox| seen.insert(mailbox.key.clone()));
        guess_roles(&mut mailboxes);
        let unknown: Vec<String> = mailboxes
            .iter()
            .filter(|mailbox| mailbox.selectable && !figures.contains_key(&mailbox.key))
            .map(|mailbox| mailbox.key.clone())
            .collect();
        figures.extend(self.statuses(&unknown)?);
        Ok(mailboxes
            .into_iter()
            .map(|mut mailbox| {
                let figures = figures.get(&mailbox.key).copied();
                mailbox.messages = figures.map(|f| f.messages);
                (mailbox, figures)
            })
            .collect())
    }

    fn status_items(&self) -> &'static str {
        if self.condstore() {
            "(MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ)"
        } else {
            "(MESSAGES UIDNEXT UIDVALIDITY UNSEEN)"
        }
    }

    fn statuses(&mut self, keys: &[String]) -> Result<HashMap<String, Figures>, Fault> {
        let items = self.status_items();
        let mut found = HashMap::new();
        for part in keys.chunks(STATUS_AHEAD) {
            let mut tags = Vec::new();
            for key in part {
                tags.push(self.exchange.send(&format!("STATUS {} {items}", quote(key)?))?);
            }
            for (tag, key) in tags.iter().zip(part) {
                let done = self.exchange.finish(tag, |response| {
                    if let Response::Data(values) = response
                        && let Some((_, figures)) = status_of(&values)
                    {
                        found.insert(key.clone(), figures);
                    }
                });
                match done {
                    Ok(_) | Err(Fault::Refused { .. }) => {}
                    Err(e) => return Err(e),
                }
            }
        }
        Ok(found)
    }

    /// Selects a mailbox; does nothing where it is selected already, unless `again`.
    pub fn select(&mut self, key: &str, again: bool) -> Result<Figures, Fault> {
        if !again && let Some(selected) = self.selected.as_ref().filter(|s| s.key == key) {
            return Ok(selected.figures);
        }
        let parameter = if self.condstore() && !self.qresync { " (CONDSTORE)" } else { "" };
        let command = format!("SELECT {}{parameter}", quote(key)?);
        self.selected = None;
        let mut figures = Figures::default();
        self.exchange.run(&command, |response| match response {
            Response::Data(values) => {
                if values.get(1).and_then(Value::atom).is_some_and(|word| word.eq_ignore_ascii_case("EXISTS"))
                    && let Some(count) = values.first().and_then(Value::number)
                {
                    figures.messages = count;
                }
            }
            Response::Status(Status { verdict: Verdict::Ok, code, args, .. }) => match code.as_str() {
                "UIDVALIDITY" => figures.uidvalidity = args.trim().parse().unwrap_or(0),
                "UIDNEXT" => figures.uidnext = args.trim().parse().unwrap_or(0),
                "HIGHESTMODSEQ" => figures.modseq = args.trim().parse().unwrap_or(0),
                _ => {}
            },
            _ => {}
        })?;
        self.selected = Some(Selected { key: key.to_owned(), figures });
        Ok(figures)
    }

    /// Selects a mailbox whose keys must still be those of `uidvalidity`.
    pub fn select_epoch(&mut self, key: &str, uidvalidity: u32) -> Result<Figures, Fault> {
        let figures = self.select(key, false)?;
        if figures.uidvalidity == uidvalidity { Ok(figures) } else { Err(Fault::Epoch) }
    }

    /// The UIDVALIDITY of any mailbox.
    pub fn uidvalidity_of(&mut self, key: &str) -> Result<u32, Fault> {
        let mut found = 0;
        self.exchange.run(&format!("STATUS {} (UIDVALIDITY)", quote(key)?), |response| {
            if let Response::Data(values) = response
                && let Some((_, figures)) = status_of(&values)
            {
                found = figures.uidvalidity;
            }
        })?;
        Ok(found)
    }

    /// Creates a mailbox by its key.
    pub fn create(&mut self, key: &str) -> Result<(), Fault> {
        self.exchange.run(&format!("CREATE {}", quote(key)?), |_| {})?;
        Ok(())
    }

    /// Makes a mailbox beside the inbox, or below it where the server has all mailboxes there
    /// (RFC 2342); its key. One that is there already is as good.
    pub fn create_at_top(&mut self, path: &str) -> Result<String, Fault> {
        let listed = self.list()?;
        if let Some((there, _)) = listed.iter().find(|(mailbox, _)| mailbox.path == path) {
            return Ok(there.key.clone());
        }
        let below = ["INBOX.", "INBOX/"].into_iter().find(|prefix| {
            let mut others = listed.iter().filter(|(mailbox, _)| !mailbox.key.eq_ignore_ascii_case("INBOX")).peekable();
            others.peek().is_some() && others.all(|(mailbox, _)| mailbox.key.starts_with(prefix))
        });
        let key = format!("{}{}", below.unwrap_or_default(), super::name::encode(path));
        self.create(&key)?;
        Ok(key)
    }

    /// Used and allowed storage (RFC 9208), where the server tells.
    pub fn quota(&mut self) -> Result<Option<Quota>, Fault> {
        let mut quota = None;
        let done = self.exchange.run("GETQUOTAROOT \"INBOX\"", |response| {
            if let Response::Data(values) = response
                && values.first().and_then(Value::atom).is_some_and(|word| word.eq_ignore_ascii_case("QUOTA"))
            {
                let numbers = values.get(2).map(Value::list).unwrap_or_default();
                for triple in numbers.chunks(3) {
                    if let [name, used, limit] = triple
                        && name.atom().is_some_and(|n| n.eq_ignore_ascii_case("STORAGE"))
                        && let (Some(used), Some(limit)) = (used.number::<u64>(), limit.number::<u64>())
                    {
                        quota = Some(Quota { used: used.saturating_mul(1024), limit: limit.saturating_mul(1024) });
                    }
                }
            }
        });
        match done {
            Ok(_) | Err(Fault::Refused { .. }) => Ok(quota),
            Err(e) => Err(e),
        }
    }

    /// Waits in the selected mailbox for news (RFC 2177), at most `time`. True where there is some.
    pub fn idle(&mut self, time: Duration) -> Result<bool, Fault> {
        let until = Instant::now() + time;
        let tag = self.exchange.send("IDLE")?;
        let mut news = false;
        let mut began = false;
        loop {
            if began {
                self.exchange
                    .wire
                    .borrow_mut()
                    .within(until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1)));
            }
            let read = self.exchange.next();
            self.exchange.wire.borrow_mut().unlimited();
            match read {
                Ok(Response::Continue) => began = true,
                // News may come before the server's leave to wait, and all of it counts.
                Ok(Response::Data(values)) => news |= is_news(&values),
                Ok(Response::Status(status)) if status.verdict == Verdict::Bye => {
                    return Err(Fault::Bye(status.text));
                }
                Ok(Response::Done(got, status)) if got == tag => {
                    // The server ended it by itself.
                    return match status.verdict {
                        Verdict::Ok => Ok(news),
                        _ => Err(Fault::Refused {
                            bad: status.verdict == Verdict::Bad,
                            code: status.code,
                            text: status.text,
                        }),
                    };
                }
                Ok(_) => {}
                Err(Fault::Io(e))
                    if began && matches!(e.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) =>
                {
                    if Instant::now() >= until {
                        break;
                    }
                }
                Err(e) => return Err(e),
            }
            if began && (news || Instant::now() >= until) {
                break;
            }
        }
        self.exchange.wire.borrow_mut().send(b"DONE\r\n")?;
        self.exchange.finish(&tag, |response| {
            if let Response::Data(values) = response {
                news |= is_news(&values);
            }
        })?;
        Ok(news)
    }
}

fn is_news(values: &[Value]) -> bool {
    values
        .iter()
        .take(2)
        .filter_map(Value::atom)
        .any(|word| ["EXISTS", "EXPUNGE", "FETCH", "VANISHED"].iter().any(|news| word.eq_ignore_ascii_case(news)))
}

fn listed(values: &[Value]) -> Option<RemoteMailbox> {
    let attributes: Vec<&str> = values.get(1)?.list().iter().filter_map(Value::atom).collect();
    let delimiter = values.get(2)?.bytes().and_then(|b| std::str::from_utf8(b).ok()).and_then(|s| s.chars().next());
    let key = String::from_utf8(values.get(3)?.bytes()?.to_vec()).ok()?;
    let key = if key.eq_ignore_ascii_case("INBOX") { "INBOX".to_owned() } else { key };
    let has = |wanted: &str| attributes.iter().any(|a| a.eq_ignore_ascii_case(wanted));
    if has("\\NonExistent") && !has("\\HasChildren") {
        return None;
    }
    let path = name::path(&key, delimiter);
    let role = if key == "INBOX" {
        role::by_path(&key)
    } else {
        attributes.iter().find_map(|attribute| role::by_attribute(attribute))
    };
    let selectable = !has("\\Noselect") && !has("\\NonExistent") && !key.contains(['\r', '\n', '\0']);
    Some(RemoteMailbox { key, path, role, selectable, messages: None })
}

/// Gives roles by name, each only where no mailbox has it yet.
fn guess_roles(mailboxes: &mut [RemoteMailbox]) {
    let mut taken: HashSet<_> = mailboxes.iter().filter_map(|mailbox| mailbox.role).collect();
    for mailbox in mailboxes.iter_mut().filter(|mailbox| mailbox.role.is_none() && mailbox.selectable) {
        if let Some(role) = role::by_path(&mailbox.path)
            && taken.insert(role)
        {
            mailbox.role = Some(role);
        }
    }
}

fn status_of(values: &[Value]) -> Option<(String, Figures)> {
    if !values.first()?.atom()?.eq_ignore_ascii_case("STATUS") {
        return None;
    }
    let key = String::from_utf8(values.get(1)?.bytes()?.to_vec()).ok()?;
    let key = if key.eq_ignore_ascii_case("INBOX") { "INBOX".to_owned() } else { key };
    let mut figures = Figures::default();
    for pair in values.get(2)?.list().chunks(2) {
        let [name, value] = pair else { continue };
        match name.atom()?.to_ascii_uppercase().as_str() {
            "MESSAGES" => figures.messages = value.number().unwrap_or(0),
            "UIDNEXT" => figures.uidnext = value.number().unwrap_or(0),
            "UIDVALIDITY" => figures.uidvalidity = value.number().unwrap_or(0),
            "UNSEEN" => figures.unseen = value.number(),
            "HIGHESTMODSEQ" => figures.modseq = value.number().unwrap_or(0),
            _ => {}
        }
    }
    Some((key, figures))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::value::{Piece, parse};
    use model::mailbox::MailboxRole;

    fn mailbox(line: &str) -> Option<RemoteMailbox> {
        listed(&parse(vec![Piece::Line(line.as_bytes().to_vec())])?)
    }

    #[test]
    fn a_listed_mailbox_has_its_path_and_role() {
        let sent = mailbox(r#"LIST (\HasNoChildren \Sent) "." INBOX.Gesendet&AOQ-"#).unwrap();
        assert_eq!((sent.path.as_str(), sent.role), ("INBOX/Gesendetä", Some(MailboxRole::Sent)));
        let inbox = mailbox(r#"LIST () "/" inbox"#).unwrap();
        assert_eq!((inbox.key.as_str(), inbox.role), ("INBOX", Some(MailboxRole::Inbox)));
        assert!(!mailbox(r#"LIST (\Noselect) "/" "[Gmail]""#).unwrap().selectable);
        assert_eq!(mailbox(r#"LIST () NIL "a \" b""#).unwrap().key, "a \" b");
    }

    #[test]
    fn a_role_by_name_goes_to_one_mailbox_and_never_over_an_announced_one() {
        let mut list = vec![
            mailbox(r#"LIST () "/" "Gesendet""#).unwrap(),
            mailbox(r#"LIST (\Sent) "/" "Sent""#).unwrap(),
            mailbox(r#"LIST () "/" "Papierkorb""#).unwrap(),
            mailbox(r#"LIST () "/" "Trash""#).unwrap(),
        ];
        guess_roles(&mut list);
        let roles: Vec<_> = list.iter().map(|m| m.role).collect();
        assert_eq!(roles, [None, Some(MailboxRole::Sent), Some(MailboxRole::Trash), None]);
    }
}
