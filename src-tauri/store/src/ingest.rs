//! Mail into the tables: one batch of a server, one transaction.
//!
//! Owns: the rules by which what a server says becomes rows. Local acts that were not replayed yet
//! win over what the server says; a deletion needs the server's proof; a message that was only
//! moved, or whose key changed with UIDVALIDITY, keeps its row; the cursor commits with what it stands for.
//! Look next: [`crate::known`] for what is here already, [`crate::thread`] for conversations, [`crate::placement`] for where messages are.

use crate::content::ContentHash;
use crate::correspondent::Met;
use crate::db::{Read, WriteTx};
use crate::error::sql;
use crate::message::{self, NewRow, Prepared};
use crate::sync_log::Tally;
use crate::thread::{Touched, join};
use crate::{flag, mailbox, operation, placement, response};
use model::mailbox::MailboxRole;
use model::message::Flags;
use model::{AccountId, Error, ErrorCode, MailboxId, MessageId, Noun, Result, Timestamp};
use rusqlite::OptionalExtension;
use std::collections::HashMap;

/// Changed rows named one by one in the published changes; more are one change of "any".
const NAMED_CHANGES: usize = 20;

/// A message that arrived.
#[derive(Debug)]
pub struct Incoming {
    /// Its key at the server; `None` where there is no server (sandbox).
    pub key: Option<String>,
    /// Keys of the mailboxes it is in.
    pub mailboxes: Vec<String>,
    /// Flags.
    pub flags: Flags,
    /// When the server received it.
    pub received_at: Timestamp,
    /// Bytes on the server.
    pub size: u64,
    /// What of it is here.
    pub body: Body,
    /// The provider's conversation id.
    pub provider_thread: Option<String>,
}

/// How much of a message is here.
#[derive(Debug)]
pub enum Body {
    /// All of it; the raw bytes are in content.db under this hash.
    Whole(Box<Prepared>, ContentHash),
    /// Its header block.
    Header(Box<Prepared>),
    /// The same content as a message that is here.
    Same {
        /// Message-ID without angle brackets.
        message_id: String,
        /// Bytes on the server.
        size: u64,
        /// Time of arrival.
        received_at: Timestamp,
    },
}

/// What one transaction takes in.
#[derive(Debug, Default)]
pub struct Delivery {
    /// Key of the mailbox it is about; empty for the whole account.
    pub mailbox: String,
    /// New messages, or bodies of messages known by header.
    pub arrived: Vec<Incoming>,
    /// New flags by key.
    pub flags: Vec<(String, Flags)>,
    /// Keywords by key, as the server has them.
    pub keywords: Vec<(String, Vec<String>)>,
    /// New sets of mailboxes by key.
    pub placed: Vec<(String, Vec<String>)>,
    /// Flags that the protocol has no word for: they stay as they are here.
    pub untold: Flags,
    /// Gone, with proof.
    pub gone: Vec<String>,
    /// Set aside with the reason.
    pub unreadable: Vec<(String, String)>,
    /// All keys of this mailbox from before are void.
    pub new_epoch: bool,
    /// Where to go on from.
    pub cursor: Option<String>,
    /// Messages the server has in this mailbox.
    pub on_server: Option<u32>,
    /// When the round began that brings this: flags that the server told before it learned of an
    /// act made meanwhile are old news.
    pub began_at: Option<Timestamp>,
    /// New unseen mail in an inbox is worth telling of (not in a first sync).
    pub notify: bool,
}

struct Place {
    id: i64,
    role: Option<MailboxRole>,
}

struct Ingest<'w, 'tx> {
    write: &'w mut WriteTx<'tx>,
    account: AccountId,
    mailboxes: HashMap<String, Place>,
    own: Vec<String>,
    untold: i64,
    touched: Touched,
    met: Met,
    tally: Tally,
    arrived: Vec<i64>,
    changed: Vec<i64>,
    /// There are letters that something may come back for.
    expects: bool,
}

/// Takes a delivery in.
///
/// # Errors
/// `Conflict` where a message said to be here is not (a later round fetches it).
pub fn apply(write: &mut WriteTx<'_>, account: AccountId, delivery: &Delivery) -> Result<Tally> {
    let mailboxes = write
        .sql()
        .prepare_cached("SELECT key, id, role FROM mailbox WHERE account_id = ?1")
        .and_then(|mut s| {
            s.query_map([account.0], |r| {
                let role = r.get::<_, Option<String>>(2)?.as_deref().and_then(MailboxRole::parse);
                Ok((r.get(0)?, Place { id: r.get(1)?, role }))
            })?
            .collect()
        })
        .map_err(sql)?;
    let own = message::own_addresses(write, account)?;
    let expects = response::expected(write)?;
    let mut ingest = Ingest {
        write,
        account,
        mailboxes,
        own,
        untold: flag::bits(delivery.untold),
        touched: Touched::default(),
        met: Met::default(),
        tally: Tally::default(),
        arrived: Vec::new(),
        changed: Vec::new(),
        expects,
    };
    ingest.take(delivery)?;
    let Ingest { write, touched, met, tally, arrived, changed, .. } = ingest;
    let moved = !touched.is_empty();
    touched.refresh(write)?;
    met.store(write)?;
    for id in arrived {
        write.arrived(MessageId(id));
    }
    if changed.len() > NAMED_CHANGES || (moved && changed.is_empty()) {
        write.changed(Noun::Message, None::<i64>);
    } else {
        for id in changed {
            write.changed(Noun::Message, Some(id));
        }
    }
    if moved || delivery.on_server.is_some() {
        write.changed(Noun::Mailbox, None::<i64>);
    }
    Ok(tally)
}

impl Ingest<'_, '_> {
    fn take(&mut self, delivery: &Delivery) -> Result<()> {
        let here = self.mailboxes.get(&delivery.mailbox).map(|b| b.id);
        if !delivery.mailbox.is_empty() && here.is_none() {
            return Err(Error::new(ErrorCode::Conflict, "A mailbox disappeared while it was synced."));
        }
        if delivery.new_epoch
            && let Some(here) = here
        {
            self.sql("UPDATE placement SET key = NULL, uid = NULL, stale = 1 WHERE server_mailbox_id = ?1", [here])?;
            self.sql("DELETE FROM set_aside WHERE mailbox_id = ?1", [here])?;
        }
        for incoming in &delivery.arrived {
            self.arrive(incoming, delivery.mailbox.is_empty(), delivery.notify)?;
        }
        for (key, flags) in &delivery.flags {
            self.flag(here, key, flag::bits(*flags), delivery.began_at)?;
        }
        for (key, keywords) in &delivery.keywords {
            for (_, message, _) in self.placements_by_key(here, key)? {
                if operation::told_keywords(self.write, message, keywords, delivery.began_at)? {
                    self.changed.push(message);
                }
            }
        }
        for (key, mailboxes) in &delivery.placed {
            self.place(key, mailboxes)?;
        }
        for key in &delivery.gone {
            self.gone(here, key)?;
        }
        for (key, reason) in &delivery.unreadable {
            if let Some(here) = here {
                let now = self.write.now().0;
                let new = self.sql(
                    "INSERT INTO set_aside (mailbox_id, key, reason, set_at) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (mailbox_id, key) DO UPDATE SET reason = ?3, set_at = ?4",
                    (here, key, reason, now),
                )?;
                self.tally.unreadable += new as u32;
            }
        }
        if let Some(cursor) = &delivery.cursor {
            if let Some(here) = here
                && !delivery.new_epoch
            {
                self.drop_stale(here)?;
            }
            mailbox::set_cursor(self.write, self.account, &delivery.mailbox, cursor)?;
        }
        if let (Some(count), Some(here)) = (delivery.on_server, here) {
            self.sql("UPDATE mailbox SET on_server = ?2 WHERE id = ?1 AND on_server IS NOT ?2", (here, count))?;
        }
        Ok(())
    }

    fn sql(&self, statement: &str, params: impl rusqlite::Params) -> Result<usize> {
        self.write.sql().prepare_cached(statement).and_then(|mut s| s.execute(params)).map_err(sql)
    }

    /// In a batch for the whole account a message comes with all the mailboxes it is in.
    fn arrive(&mut self, incoming: &Incoming, everywhere: bool, notify: bool) -> Result<()> {
        let mut places = Vec::with_capacity(1);
        for key in &incoming.mailboxes {
            let Some(place) = self.mailboxes.get(key) else { continue };
            places.push((place.id, place.role));
        }
        let known = match (&incoming.key, places.first()) {
            (Some(key), _) if everywhere => {
                self.placements_by_key(None, key)?.first().map(|(id, message, _)| (*id, *message))
            }
            (Some(key), Some((mailbox, _))) => self.placement_by_key(*mailbox, key)?,
            _ => None,
        };
        let (message, new) = match known {
            Some((_, message)) => (self.complete(message, incoming)?, false),
            None => self.resolve(incoming, &places)?,
        };
        if self.expects
            && places.iter().any(|(_, role)| *role == Some(MailboxRole::Sent))
            && let (Body::Whole(prepared, _), Some(key)) = (&incoming.body, &incoming.key)
        {
            response::note_copy(self.write, self.account, key, &prepared.message_id)?;
        }
        if self.expects
            && !places.iter().any(|(_, role)| matches!(role, Some(MailboxRole::Sent | MailboxRole::Drafts)))
            && let Body::Whole(prepared, _) | Body::Header(prepared) = &incoming.body
        {
            response::note(self.write, self.account, message, prepared)?;
        }
        let bits = flag::bits(incoming.flags);
        for (mailbox, _) in &places {
            self.put(message, *mailbox, incoming.key.as_deref(), bits)?;
        }
        if let Some(key) = &incoming.key {
            if everywhere && known.is_some() {
                self.place(key, &incoming.mailboxes)?;
            }
            for (mailbox, _) in &places {
                self.sql("DELETE FROM set_aside WHERE mailbox_id = ?1 AND key = ?2", (*mailbox, key))?;
            }
        }
        if new {
            self.tally.new += 1;
            let inbox = places.iter().any(|(_, role)| *role == Some(MailboxRole::Inbox));
            if inbox {
                operation::snooze::answered(self.write, message, &mut self.touched)?;
            }
            if notify && inbox && !incoming.flags.seen {
                self.arrived.push(message);
            } else {
                self.changed.push(message);
            }
        } else {
            placement::refresh_flags(self.write, message, &mut self.touched)?;
            self.tally.changed += 1;
            self.changed.push(message);
        }
        Ok(())
    }

    fn placement_by_key(&self, mailbox: i64, key: &str) -> Result<Option<(i64, i64)>> {
        self.write
            .sql()
            .prepare_cached("SELECT id, message_id FROM placement WHERE server_mailbox_id = ?1 AND key = ?2")
            .and_then(|mut s| s.query_row((mailbox, key), |r| Ok((r.get(0)?, r.get(1)?))).optional())
            .map_err(sql)
    }

    /// A message known by its key comes again: with its body, or as another content (a draft that
    /// a provider keeps under one id).
    fn complete(&mut self, message: i64, incoming: &Incoming) -> Result<i64> {
        let Body::Whole(prepared, hash) = &incoming.body else { return Ok(message) };
        let have: Option<[u8; 32]> = self
            .write
            .sql()
            .prepare_cached("SELECT content FROM message WHERE id = ?1")
            .and_then(|mut s| s.query_row([message], |r| r.get(0)))
            .map_err(sql)?;
        if have == Some(hash.0) {
            return Ok(message);
        }
        if let Some(twin) = self.by_content(*hash)? {
            self.replace(message, twin)?;
            return Ok(twin);
        }
        if have.is_none() {
            message::complete(self.write, message, prepared, *hash)?;
            self.touched.message(self.write, message)?;
            return Ok(message);
        }
        let (new, _) = self.insert(incoming, prepared, Some(*hash))?;
        self.replace(message, new)?;
        Ok(new)
    }

    /// The placements of one message become those of another.
    fn replace(&mut self, old: i64, new: i64) -> Result<()> {
        self.touched.message(self.write, old)?;
        self.touched.message(self.write, new)?;
        self.sql(
            "UPDATE placement SET message_id = ?2, date_at = (SELECT date_at FROM message WHERE id = ?2) WHERE message_id = ?1",
            (old, new),
        )?;
        self.sql("UPDATE operation_target SET message_id = ?2 WHERE message_id = ?1", (old, new))?;
        message::remove(self.write, old)?;
        placement::refresh_pending_flags(self.write, new, &mut self.touched)
    }

    fn by_content(&self, hash: ContentHash) -> Result<Option<i64>> {
        self.write
            .sql()
            .prepare_cached("SELECT id FROM message WHERE content = ?1 AND account_id = ?2")
            .and_then(|mut s| s.query_row((hash.0, self.account.0), |r| r.get(0)).optional())
            .map_err(sql)
    }

    /// The row of an arriving message, and whether it is new.
    fn resolve(&mut self, incoming: &Incoming, places: &[(i64, Option<MailboxRole>)]) -> Result<(i64, bool)> {
        match &incoming.body {
            Body::Whole(prepared, hash) => {
                if let Some(message) = self.by_content(*hash)? {
                    return Ok((message, false));
                }
                let made = self.insert(incoming, prepared, Some(*hash))?;
                self.meet(prepared, made.1, places);
                Ok((made.0, true))
            }
            Body::Header(prepared) => {
                let made = self.insert(incoming, prepared, None)?;
                self.meet(prepared, made.1, places);
                Ok((made.0, true))
            }
            Body::Same { message_id, size, received_at } => {
                let here = places.first().map_or(0, |(mailbox, _)| *mailbox);
                self.by_fingerprint(message_id, *size, *received_at, here)?.map(|message| (message, false)).ok_or_else(
                    || Error::new(ErrorCode::Conflict, "A message that was here is gone; it is fetched again."),
                )
            }
        }
    }

    /// A message by fingerprint; one that waits for a new key in this mailbox comes first.
    fn by_fingerprint(&self, message_id: &str, size: u64, received_at: Timestamp, mailbox: i64) -> Result<Option<i64>> {
        self.write
            .sql()
            .prepare_cached(
                "SELECT m.id FROM message m WHERE m.account_id = ?1 AND m.message_id = ?2 AND m.size = ?3
                    AND m.received_at = ?4 AND m.content IS NOT NULL
                 ORDER BY EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id AND p.server_mailbox_id = ?5
                    AND p.key IS NULL) DESC, m.id LIMIT 1",
            )
            .and_then(|mut s| {
                s.query_row((self.account.0, message_id, size as i64, received_at.0, mailbox), |r| r.get(0)).optional()
            })
            .map_err(sql)
    }

    fn insert(&mut self, incoming: &Incoming, prepared: &Prepared, content: Option<ContentHash>) -> Result<(i64, i64)> {
        let received_at = incoming.received_at.0;
        let date_at = prepared.shown_at(received_at);
        let provider_thread = incoming.provider_thread.as_deref();
        let thread = join(self.write, self.account, prepared, provider_thread, date_at, &mut self.touched)?;
        let flags = if incoming.mailboxes.is_empty() { 0 } else { flag::bits(incoming.flags) };
        let row =
            NewRow { account: self.account, thread, content, received_at, size: incoming.size, provider_thread, flags };
        Ok((message::insert(self.write, prepared, &row)?, date_at))
    }

    fn meet(&mut self, prepared: &Prepared, date_at: i64, places: &[(i64, Option<MailboxRole>)]) {
        if places.iter().any(|(_, role)| matches!(role, Some(MailboxRole::Junk | MailboxRole::Drafts))) {
            return;
        }
        if self.own.contains(&prepared.from.email.to_lowercase()) {
            let people = &prepared.people;
            self.met.written(people.to.iter().chain(&people.cc).chain(&people.bcc), date_at);
        } else {
            self.met.received(&prepared.from, date_at);
        }
    }

    /// Puts a message into a mailbox of the server, where it may already be under no key: moved
    /// there by us, or known from before UIDVALIDITY changed.
    fn put(&mut self, message: i64, mailbox: i64, key: Option<&str>, bits: i64) -> Result<()> {
        let uid = key.and_then(placement::number);
        let there: Option<i64> = match key {
            Some(key) => match self.placement_by_key(mailbox, key)? {
                Some((placement, _)) => Some(placement),
                None => self
                    .write
                    .sql()
                    .prepare_cached(
                        "SELECT id FROM placement WHERE message_id = ?1 AND server_mailbox_id = ?2 AND key IS NULL
                         ORDER BY id LIMIT 1",
                    )
                    .and_then(|mut s| s.query_row((message, mailbox), |r| r.get(0)).optional())
                    .map_err(sql)?,
            },
            None => None,
        };
        if let Some(placement) = there {
            self.sql(
                "UPDATE placement SET key = ?2, uid = ?3, server_flags = (?4 & ~?5) | (server_flags & ?5), stale = 0,
                    moved_at = NULL WHERE id = ?1",
                (placement, key, uid, bits, self.untold),
            )?;
            return Ok(());
        }
        self.sql(
            "INSERT INTO placement (message_id, mailbox_id, server_mailbox_id, key, uid, server_flags, date_at)
             VALUES (?1, ?2, ?2, ?3, ?4, ?5, (SELECT date_at FROM message WHERE id = ?1))",
            (message, mailbox, key, uid, bits),
        )?;
        self.touched.message(self.write, message)
    }

    /// Placement, message and the server's flags, wherever a key is.
    fn placements_by_key(&self, here: Option<i64>, key: &str) -> Result<Vec<(i64, i64, i64)>> {
        self.write
            .sql()
            .prepare_cached(
                "SELECT p.id, p.message_id, p.server_flags FROM mailbox b
                    JOIN placement p ON p.server_mailbox_id = b.id AND p.key = ?3
                 WHERE b.account_id = ?1 AND (?2 IS NULL OR b.id = ?2)",
            )
            .and_then(|mut s| {
                s.query_map((self.account.0, here, key), |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect()
            })
            .map_err(sql)
    }

    fn flag(&mut self, here: Option<i64>, key: &str, bits: i64, began_at: Option<Timestamp>) -> Result<()> {
        for (placement, message, had) in self.placements_by_key(here, key)? {
            let bits = (bits & !self.untold) | (had & self.untold);
            if let Some(began_at) = began_at
                && self.is_old_news(placement, bits, began_at)?
            {
                continue;
            }
            let changed = self.sql(
                "UPDATE placement SET server_flags = ?2 WHERE id = ?1 AND server_flags <> ?2",
                (placement, bits),
            )?;
            if changed > 0 {
                placement::refresh_flags(self.write, message, &mut self.touched)?;
                self.tally.changed += 1;
                self.changed.push(message);
            }
        }
        Ok(())
    }

    /// True where these flags are what the server had before it did an act of ours in this round.
    fn is_old_news(&self, placement: i64, bits: i64, began_at: Timestamp) -> Result<bool> {
        self.write
            .sql()
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM operation_target t JOIN operation o ON o.id = t.operation_id
                    JOIN placement p ON p.id = t.placement_id
                 WHERE t.placement_id = ?1 AND o.kind = 'flag' AND o.state = 'done' AND o.done_at >= ?3
                    AND t.void_by IS NULL AND ?2 = (p.server_flags & ~t.set_flags) | t.cleared_flags)",
            )
            .and_then(|mut s| s.query_row((placement, bits, began_at.0), |r| r.get(0)))
            .map_err(sql)
    }

    fn place(&mut self, key: &str, mailboxes: &[String]) -> Result<()> {
        let have: Vec<(i64, i64, i64, i64)> = self
            .write
            .sql()
            .prepare_cached(
                "SELECT p.id, p.message_id, b.id, p.server_flags FROM mailbox b
                    JOIN placement p ON p.server_mailbox_id = b.id AND p.key = ?2 WHERE b.account_id = ?1",
            )
            .and_then(|mut s| {
                s.query_map((self.account.0, key), |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?.collect()
            })
            .map_err(sql)?;
        let Some((_, message, _, bits)) = have.first().copied() else { return Ok(()) };
        let want: Vec<i64> = mailboxes.iter().filter_map(|key| self.mailboxes.get(key)).map(|b| b.id).collect();
        let mut changed = false;
        // One that leaves a mailbox takes the place of one that comes: local acts that wait stay with it.
        let mut leaving =
            have.iter().filter(|(_, _, there, _)| !want.contains(there)).map(|(placement, ..)| *placement);
        for mailbox in want.iter().filter(|id| !have.iter().any(|(_, _, there, _)| there == *id)) {
            match leaving.next() {
                Some(placement) => {
                    self.sql("UPDATE placement SET server_mailbox_id = ?2 WHERE id = ?1", (placement, mailbox))?;
                    operation::snooze::forget(self.write, placement)?;
                    placement::show_in(self.write, placement, placement::Show::Derived, &mut self.touched)?;
                }
                None => self.put(message, *mailbox, Some(key), bits)?,
            }
            changed = true;
        }
        for placement in leaving {
            placement::remove(self.write, placement, &mut self.touched)?;
            changed = true;
        }
        if changed {
            self.tally.changed += 1;
            self.changed.push(message);
        }
        Ok(())
    }

    fn gone(&mut self, here: Option<i64>, key: &str) -> Result<()> {
        if let Some(here) = here {
            self.sql("DELETE FROM set_aside WHERE mailbox_id = ?1 AND key = ?2", (here, key))?;
        } else {
            self.sql(
                "DELETE FROM set_aside WHERE key = ?2 AND mailbox_id IN (SELECT id FROM mailbox WHERE account_id = ?1)",
                (self.account.0, key),
            )?;
        }
        for (placement, message, _) in self.placements_by_key(here, key)? {
            placement::remove(self.write, placement, &mut self.touched)?;
            self.tally.removed += 1;
            self.changed.push(message);
        }
        Ok(())
    }

    /// Placements whose key was voided and that no message took over.
    fn drop_stale(&mut self, mailbox: i64) -> Result<()> {
        let stale: Vec<i64> = self
            .write
            .sql()
            .prepare_cached("SELECT id FROM placement WHERE server_mailbox_id = ?1 AND stale")
            .and_then(|mut s| s.query_map([mailbox], |r| r.get(0))?.collect())
            .map_err(sql)?;
        self.tally.removed += stale.len() as u32;
        for placement in stale {
            placement::remove(self.write, placement, &mut self.touched)?;
        }
        Ok(())
    }
}

/// Puts a message into a mailbox that has no server (sandbox), or that the server will be given by
/// somebody else (a Sent copy): shown at once.
pub fn deliver(
    write: &mut WriteTx<'_>,
    account: AccountId,
    into: MailboxId,
    incoming: Incoming,
    notify: bool,
) -> Result<MessageId> {
    let key = mailbox::key(write, into)?;
    let hash = match &incoming.body {
        Body::Whole(_, hash) => *hash,
        _ => return Err(Error::internal("a delivery needs the whole message")),
    };
    let incoming = Incoming { key: None, mailboxes: vec![key.clone()], ..incoming };
    apply(write, account, &Delivery { mailbox: key, arrived: vec![incoming], notify, ..Delivery::default() })?;
    write
        .sql()
        .prepare_cached("SELECT id FROM message WHERE content = ?1 AND account_id = ?2")
        .and_then(|mut s| s.query_row((hash.0, account.0), |r| Ok(MessageId(r.get(0)?))))
        .map_err(sql)
}
