//! Conversations: which one a message joins, and their rows in the lists of mailboxes.
//!
//! Messages are joined by the Message-IDs they name (`reference`); one that links two
//! conversations makes them one. The subject is the last resort, and only for answers without any
//! reference, among people who already talk there, within [`SUBJECT_DAYS`].

use crate::db::{Read, WriteTx};
use crate::error::sql;
use crate::flag;
use crate::message::{People, Prepared};
use model::{AccountId, Noun, Result};
use rusqlite::OptionalExtension;
use std::collections::{BTreeMap, BTreeSet};

/// How far apart two letters may be that only their subject joins.
pub const SUBJECT_DAYS: i64 = 30;
const REFERENCES_MAX: usize = 100;
/// Conversations named one by one in the published changes; more are one change of "any".
const NAMED_CHANGES: usize = 20;

/// Conversations whose rows have to be derived anew before the transaction ends.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    threads: BTreeSet<i64>,
    /// Made one with another: gone, and to be told of.
    merged: BTreeSet<i64>,
}

impl Touched {
    /// Notes a conversation.
    pub(crate) fn thread(&mut self, thread: i64) {
        self.threads.insert(thread);
    }

    /// Notes the conversation of a message.
    pub(crate) fn message(&mut self, write: &WriteTx<'_>, message: i64) -> Result<()> {
        let thread: Option<i64> = write
            .sql()
            .prepare_cached("SELECT thread_id FROM message WHERE id = ?1")
            .and_then(|mut s| s.query_row([message], |r| r.get(0)).optional())
            .map_err(sql)?;
        self.threads.extend(thread);
        Ok(())
    }

    /// True where nothing was touched.
    pub(crate) fn is_empty(&self) -> bool {
        self.threads.is_empty()
    }

    /// Derives the rows anew, and says which conversations changed.
    pub(crate) fn refresh(self, write: &mut WriteTx<'_>) -> Result<()> {
        for thread in &self.threads {
            refresh(write, *thread)?;
        }
        if self.threads.len() + self.merged.len() > NAMED_CHANGES {
            write.changed(Noun::Thread, None::<i64>);
        } else {
            for thread in self.threads.iter().chain(&self.merged) {
                write.changed(Noun::Thread, Some(thread));
            }
        }
        Ok(())
    }
}

struct Shown {
    mailbox: Option<i64>,
    id: i64,
    date_at: i64,
    /// Its date, or when it came back after it was snoozed.
    listed_at: i64,
    flags: i64,
    has_attachments: bool,
    size: i64,
    sort_from: String,
    sort_subject: String,
}

#[derive(Default)]
struct Row {
    last_at: i64,
    matching: i64,
    unread: i64,
    flagged: i64,
    has_attachments: bool,
    size: i64,
    sort_from: String,
    sort_subject: String,
    last_id: i64,
}

fn refresh(write: &WriteTx<'_>, thread: i64) -> Result<()> {
    let shown: Vec<Shown> = write
        .sql()
        .prepare_cached(
            "SELECT p.mailbox_id, m.id, m.date_at, m.flags, m.has_attachments, m.size, m.sort_from, m.sort_subject,
                coalesce(p.date_at, m.date_at) FROM message m LEFT JOIN placement p ON p.message_id = m.id
             WHERE m.thread_id = ?1 ORDER BY m.date_at, m.id",
        )
        .and_then(|mut s| {
            s.query_map([thread], |r| {
                Ok(Shown {
                    mailbox: r.get(0)?,
                    id: r.get(1)?,
                    date_at: r.get(2)?,
                    flags: r.get(3)?,
                    has_attachments: r.get(4)?,
                    size: r.get(5)?,
                    sort_from: r.get(6)?,
                    sort_subject: r.get(7)?,
                    listed_at: r.get(8)?,
                })
            })?
            .collect()
        })
        .map_err(sql)?;
    write
        .sql()
        .prepare_cached("DELETE FROM thread_mailbox WHERE thread_id = ?1")
        .and_then(|mut s| s.execute([thread]))
        .map_err(sql)?;
    if shown.is_empty() {
        write
            .sql()
            .prepare_cached("DELETE FROM thread WHERE id = ?1")
            .and_then(|mut s| s.execute([thread]))
            .map_err(sql)?;
        return Ok(());
    }
    let mut rows: BTreeMap<i64, Row> = BTreeMap::new();
    let (mut messages, mut last_id, mut last_at) = (0, 0, 0);
    for one in shown {
        let Some(mailbox) = one.mailbox else { continue };
        if one.id != last_id {
            messages += 1;
            last_id = one.id;
        }
        last_at = one.date_at;
        let row = rows.entry(mailbox).or_default();
        row.last_at = if row.matching == 0 { one.listed_at } else { row.last_at.max(one.listed_at) };
        // The same content twice in one mailbox is one message.
        if row.last_id == one.id {
            continue;
        }
        row.last_id = one.id;
        row.matching += 1;
        row.unread += i64::from(one.flags & flag::SEEN == 0);
        row.flagged += i64::from(one.flags & flag::FLAGGED != 0);
        row.has_attachments |= one.has_attachments;
        row.size = row.size.max(one.size);
        row.sort_from = one.sort_from;
        row.sort_subject = one.sort_subject;
    }
    for (mailbox, row) in rows {
        write
            .sql()
            .prepare_cached(
                "INSERT INTO thread_mailbox (mailbox_id, thread_id, last_at, matching, unread, flagged, has_attachments,
                    size, sort_from, sort_subject) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
            )
            .and_then(|mut s| {
                s.execute(rusqlite::params![
                    mailbox,
                    thread,
                    row.last_at,
                    row.matching,
                    row.unread,
                    row.flagged,
                    row.has_attachments,
                    row.size,
                    row.sort_from,
                    row.sort_subject
                ])
            })
            .map_err(sql)?;
    }
    write
        .sql()
        .prepare_cached(
            "UPDATE thread SET messages = ?2, last_at = CASE WHEN ?2 > 0 THEN ?3 ELSE last_at END WHERE id = ?1",
        )
        .and_then(|mut s| s.execute((thread, messages, last_at)))
        .map_err(sql)?;
    Ok(())
}

/// The conversation a new message belongs to, made or merged as needed. The message's own id and
/// all it names lead there from now on.
pub(crate) fn join(
    write: &WriteTx<'_>,
    account: AccountId,
    message: &Prepared,
    provider_thread: Option<&str>,
    date_at: i64,
    touched: &mut Touched,
) -> Result<i64> {
    // A provider's own conversation id is one more name that all its messages share.
    let provider = provider_thread.map(|id| format!("\u{1}{id}"));
    let skip = message.references.len().saturating_sub(REFERENCES_MAX);
    let mut names: Vec<&str> = message.references.iter().skip(skip).map(String::as_str).collect();
    names.extend(provider.as_deref());
    if !message.message_id.is_empty() {
        names.push(&message.message_id);
    }
    let mut found: BTreeSet<i64> = BTreeSet::new();
    {
        let mut look = write
            .sql()
            .prepare_cached("SELECT thread_id FROM reference WHERE account_id = ?1 AND ref = ?2")
            .map_err(sql)?;
        for name in &names {
            found.extend(look.query_row((account.0, name), |r| r.get::<_, i64>(0)).optional().map_err(sql)?);
        }
    }
    if found.is_empty()
        && let Some(key) = &message.subject_key
    {
        found.extend(by_subject(write, account, key, message, date_at)?);
    }
    let mut found = found.into_iter();
    let thread = match found.next() {
        Some(thread) => thread,
        None => insert(write, account, &message.sort_subject, date_at)?,
    };
    for other in found {
        merge(write, thread, other)?;
        touched.threads.remove(&other);
        touched.merged.insert(other);
    }
    touched.thread(thread);
    let mut name_it = write
        .sql()
        .prepare_cached("INSERT OR IGNORE INTO reference (account_id, ref, thread_id) VALUES (?1, ?2, ?3)")
        .map_err(sql)?;
    for name in names {
        name_it.execute((account.0, name, thread)).map_err(sql)?;
    }
    Ok(thread)
}

fn insert(write: &WriteTx<'_>, account: AccountId, base_subject: &str, date_at: i64) -> Result<i64> {
    write
        .sql()
        .prepare_cached("INSERT INTO thread (account_id, base_subject, last_at) VALUES (?1, ?2, ?3)")
        .and_then(|mut s| s.execute((account.0, base_subject, date_at)))
        .map_err(sql)?;
    Ok(write.sql().last_insert_rowid())
}

fn merge(write: &WriteTx<'_>, into: i64, from: i64) -> Result<()> {
    for statement in [
        "UPDATE message SET thread_id = ?1 WHERE thread_id = ?2",
        "UPDATE reference SET thread_id = ?1 WHERE thread_id = ?2",
        "DELETE FROM thread_mailbox WHERE thread_id = ?2 AND ?1 <> ?2",
        "DELETE FROM thread WHERE id = ?2 AND ?1 <> ?2",
    ] {
        write.sql().prepare_cached(statement).and_then(|mut s| s.execute((into, from))).map_err(sql)?;
    }
    Ok(())
}

/// The last resort: a conversation of this subject in which somebody of this message talks.
fn by_subject(
    write: &WriteTx<'_>,
    account: AccountId,
    key: &str,
    message: &Prepared,
    date_at: i64,
) -> Result<Option<i64>> {
    let span = SUBJECT_DAYS * 24 * 3600 * 1000;
    let candidates: Vec<i64> = write
        .sql()
        .prepare_cached(
            "SELECT id FROM thread WHERE account_id = ?1 AND base_subject = ?2 AND last_at BETWEEN ?3 AND ?4
             ORDER BY last_at DESC LIMIT 5",
        )
        .and_then(|mut s| s.query_map((account.0, key, date_at - span, date_at + span), |r| r.get(0))?.collect())
        .map_err(sql)?;
    if candidates.is_empty() {
        return Ok(None);
    }
    let own = crate::message::own_addresses(write, account)?;
    let people = talking(&message.from.email, &message.people);
    for thread in candidates {
        let rows: Vec<(String, Option<People>)> = write
            .sql()
            .prepare_cached(
                "SELECT from_email, people FROM message WHERE thread_id = ?1 ORDER BY date_at DESC LIMIT 50",
            )
            .and_then(|mut s| s.query_map([thread], |r| Ok((r.get(0)?, crate::account::json(r, 1)?)))?.collect())
            .map_err(sql)?;
        for (from, others) in rows {
            let there = talking(&from, &others.unwrap_or_default());
            // We are in all our mail; somebody else has to be in both.
            if there.iter().any(|who| people.contains(who) && !own.contains(who)) {
                return Ok(Some(thread));
            }
        }
    }
    Ok(None)
}

fn talking(from: &str, people: &People) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = people.to.iter().chain(&people.cc).map(|a| a.email.to_lowercase()).collect();
    all.insert(from.to_lowercase());
    all.remove("");
    all
}
