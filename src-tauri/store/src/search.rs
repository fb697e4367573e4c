//! Searches: the query language on the tables.
//!
//! Typed conditions become conditions on columns, words become one expression of the full-text
//! index. A search of words alone, over everything, reads its hits in the index's own order and
//! merges them with a narrow index, since a common word has as many hits as there are messages; a
//! page of the newest is found by walking down the dates instead.
//! Look next: [`crate::words`] for how text becomes words, [`mail::query`] for the language.

use crate::correspondent;
use crate::db::{Read, WriteTx};
use crate::error::sql;
use crate::flag;
use crate::words::{is_character_word, words};
use jiff::tz::TimeZone;
use mail::query::{Query, State, Term, When};
use model::mailbox::MailboxRole;
use model::{Result, Timestamp};
use rusqlite::OptionalExtension as _;
use rusqlite::types::Value;
use std::collections::HashSet;

/// From this many hits on, joining by merging beats looking up each.
const MERGE_FROM: usize = 500;
/// Addresses a name is expanded to.
const ADDRESSES_MAX: usize = 60;
/// Words shorter than this match whole, since nearly every text has a word that begins so.
const PREFIX_MIN_CHARS: usize = 3;

/// The reader's clock: what relative dates and day borders depend on.
#[derive(Clone, Debug)]
pub struct Today {
    /// Now.
    pub now: Timestamp,
    /// The reader's time zone; `None` is the system's. Looked up only where a date is asked for: that
    /// reads the system's whole list of zones.
    pub zone: Option<TimeZone>,
}

/// A message found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The message.
    pub message: i64,
    /// Its time.
    pub date_at: i64,
    /// Its conversation.
    pub thread: i64,
}

/// Conditions on `message m`, joined by AND.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions {
    sql: Vec<String>,
    values: Vec<Value>,
    /// Expressions of the full-text index that must match, and must not.
    text: Vec<String>,
    not_text: Vec<String>,
    nothing: bool,
}

impl Conditions {
    pub(crate) fn push(&mut self, condition: impl Into<String>) {
        self.sql.push(condition.into());
    }

    /// Only messages shown in one of these mailboxes.
    pub(crate) fn in_mailboxes(&mut self, mailboxes: &[i64]) {
        self.push(in_mailboxes(mailboxes));
    }

    /// True where only words are asked for.
    fn is_text_alone(&self) -> bool {
        self.sql.is_empty() && !self.text.is_empty() && !self.nothing
    }

    fn match_expression(&self) -> Option<String> {
        if self.text.is_empty() {
            return None;
        }
        let mut all = self.text.iter().map(|t| format!("({t})")).collect::<Vec<_>>().join(" AND ");
        for not in &self.not_text {
            all = format!("({all}) NOT ({not})");
        }
        Some(all)
    }

    /// The WHERE clause and its values; shown messages only.
    fn clause(&self) -> (String, Vec<Value>) {
        let mut parts = self.sql.clone();
        let mut values = self.values.clone();
        let mut text = |expression: String, not: &str| {
            values.push(Value::Text(expression));
            parts.push(format!(
                "m.id {not}IN (SELECT rowid FROM message_text WHERE message_text MATCH ?{})",
                values.len()
            ));
        };
        match self.match_expression() {
            Some(expression) => text(expression, ""),
            None => self.not_text.iter().for_each(|expression| text(expression.clone(), "NOT ")),
        }
        if self.nothing {
            parts.push("0".into());
        }
        parts.push("NOT EXISTS (SELECT 1 FROM hidden h WHERE h.message_id = m.id)".into());
        (parts.join(" AND "), values)
    }
}

fn in_mailboxes(mailboxes: &[i64]) -> String {
    let list = mailboxes.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    format!("EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id AND p.mailbox_id IN ({list}))")
}

/// Every shown message that meets the conditions, the newest first.
pub(crate) fn hits(read: &impl Read, conditions: &Conditions) -> Result<Vec<Hit>> {
    let found =
        if conditions.is_text_alone() { dated(read, worded(read, conditions)?)? } else { selected(read, conditions)? };
    Ok(sorted(found))
}

/// How many shown messages meet the conditions, and which stand from `offset` on, the newest first.
pub(crate) fn newest(
    read: &impl Read,
    conditions: &Conditions,
    offset: usize,
    limit: usize,
) -> Result<(u32, Vec<i64>)> {
    let of_page = |found: Vec<Hit>| found.iter().skip(offset).take(limit).map(|hit| hit.message).collect();
    if !conditions.is_text_alone() {
        let found = hits(read, conditions)?;
        return Ok((found.len() as u32, of_page(found)));
    }
    let ids = worded(read, conditions)?;
    let total = ids.len() as u32;
    // Walking down by date meets a hit every `span / hits` messages. Where that fills the page before
    // as many messages were met as there are hits, no other date is asked for.
    let span = ids.last().map_or(0, |last| *last as usize);
    let steps = (offset + limit).saturating_mul(span) / ids.len().max(1);
    let page = if steps < ids.len() { walked(read, &ids, offset, limit)? } else { of_page(sorted(dated(read, ids)?)) };
    Ok((total, page))
}

fn sorted(mut found: Vec<Hit>) -> Vec<Hit> {
    found.sort_unstable_by_key(|hit| (std::cmp::Reverse(hit.date_at), std::cmp::Reverse(hit.message)));
    found
}

/// The page of `ids` (ascending) that comes first when all messages are read by date.
fn walked(read: &impl Read, ids: &[i64], offset: usize, limit: usize) -> Result<Vec<i64>> {
    let mut by_date = read
        .sql()
        .prepare_cached("SELECT id FROM message INDEXED BY message_date ORDER BY date_at DESC, id DESC")
        .map_err(sql)?;
    let mut rows = by_date.query([]).map_err(sql)?;
    let (mut page, mut skip) = (Vec::with_capacity(limit), offset);
    while page.len() < limit
        && let Some(row) = rows.next().map_err(sql)?
    {
        let message: i64 = row.get(0).map_err(sql)?;
        if ids.binary_search(&message).is_err() {
            continue;
        }
        if skip > 0 {
            skip -= 1;
        } else {
            page.push(message);
        }
    }
    Ok(page)
}

fn selected(read: &impl Read, conditions: &Conditions) -> Result<Vec<Hit>> {
    let (clause, values) = conditions.clause();
    read.sql()
        .prepare_cached(&format!("SELECT m.id, m.date_at, m.thread_id FROM message m WHERE {clause}"))
        .and_then(|mut s| {
            s.query_map(rusqlite::params_from_iter(values), |r| {
                Ok(Hit { message: r.get(0)?, date_at: r.get(1)?, thread: r.get(2)? })
            })?
            .collect()
        })
        .map_err(sql)
}

/// The shown messages that have the words of the conditions, by id.
fn worded(read: &impl Read, conditions: &Conditions) -> Result<Vec<i64>> {
    let Some(expression) = conditions.match_expression() else { return Ok(Vec::new()) };
    let mut ids: Vec<i64> = read
        .sql()
        .prepare_cached("SELECT rowid FROM message_text WHERE message_text MATCH ?1 ORDER BY rowid")
        .and_then(|mut s| s.query_map([expression], |r| r.get(0))?.collect())
        .map_err(sql)?;
    let hidden: HashSet<i64> = read
        .sql()
        .prepare_cached("SELECT message_id FROM hidden")
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .map_err(sql)?;
    if !hidden.is_empty() {
        ids.retain(|id| !hidden.contains(id));
    }
    Ok(ids)
}

/// Time and conversation of messages, given and returned by id.
fn dated(read: &impl Read, ids: Vec<i64>) -> Result<Vec<Hit>> {
    let mut found = Vec::with_capacity(ids.len());
    let hit = |row: &rusqlite::Row<'_>| Ok(Hit { message: row.get(0)?, date_at: row.get(1)?, thread: row.get(2)? });
    if ids.len() < MERGE_FROM {
        let mut look = read
            .sql()
            .prepare_cached("SELECT id, date_at, thread_id FROM message INDEXED BY message_hit WHERE id = ?1")
            .map_err(sql)?;
        for message in ids {
            found.extend(look.query_row([message], hit).optional().map_err(sql)?);
        }
        return Ok(found);
    }
    let (first, last) = (ids.first().copied().unwrap_or(0), ids.last().copied().unwrap_or(0));
    let mut statement = read
        .sql()
        .prepare_cached(
            "SELECT id, date_at, thread_id FROM message INDEXED BY message_hit WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
        )
        .map_err(sql)?;
    let mut messages = statement.query([first, last]).map_err(sql)?;
    let mut wanted = ids.into_iter().peekable();
    while let Some(row) = messages.next().map_err(sql)? {
        let message: i64 = row.get(0).map_err(sql)?;
        while wanted.next_if(|id| *id < message).is_some() {}
        if wanted.next_if_eq(&message).is_some() {
            found.push(hit(row).map_err(sql)?);
        }
    }
    Ok(found)
}

/// Pages of the full-text index that one step of [`tidy`] rewrites.
const TIDY_PAGES: i64 = 400;

/// One step of making the full-text index quick to read after much was added; true while there is
/// more to do. `begin` is given once, with the first step.
pub fn tidy(write: &WriteTx<'_>, begin: bool) -> Result<bool> {
    let before = write.sql().total_changes();
    let pages = if begin { -TIDY_PAGES } else { TIDY_PAGES };
    write
        .sql()
        .prepare_cached("INSERT INTO message_text (message_text, rank) VALUES ('merge', ?1)")
        .and_then(|mut s| s.execute([pages]))
        .map_err(sql)?;
    // The command itself counts as one change; see the documentation of FTS5's 'merge'.
    Ok(write.sql().total_changes() - before >= 2)
}

/// Adds a search to the conditions.
pub(crate) fn add(read: &impl Read, query: &Query, today: &Today, conditions: &mut Conditions) -> Result<()> {
    for term in &query.terms {
        match compile(read, term, today)? {
            Compiled::All => {}
            Compiled::Text(expression) => conditions.text.push(expression),
            Compiled::NotText(expression) => conditions.not_text.push(expression),
            Compiled::Sql(condition) => conditions.push(condition),
            Compiled::Nothing => conditions.nothing = true,
        }
    }
    Ok(())
}

enum Compiled {
    /// Says nothing.
    All,
    /// Matches nothing.
    Nothing,
    /// An expression of the full-text index.
    Text(String),
    /// Its negation.
    NotText(String),
    /// A condition on columns, without foreign text in it.
    Sql(String),
}

fn compile(read: &impl Read, term: &Term, today: &Today) -> Result<Compiled> {
    Ok(match term {
        Term::Word(word) => text(phrase(word, true)),
        Term::Phrase(words) => text(phrase(words, false)),
        Term::Subject(words) => text(phrase(words, true).map(|p| format!("subject : {p}"))),
        Term::Filename(words) => text(phrase(words, true).map(|p| format!("files : {p}"))),
        Term::From(who) => text(person(read, "author", who)?),
        Term::To(who) => text(person(read, "recipients", who)?),
        Term::Cc(who) => text(person(read, "copies", who)?),
        Term::In(name) | Term::Label(name) => {
            let mailboxes = named(read, name)?;
            if mailboxes.is_empty() { Compiled::Nothing } else { Compiled::Sql(in_mailboxes(&mailboxes)) }
        }
        Term::HasAttachment => Compiled::Sql("m.has_attachments".into()),
        Term::Is(state) => Compiled::Sql(match state {
            State::Unread => format!("m.flags & {} = 0", flag::SEEN),
            State::Read => format!("m.flags & {} <> 0", flag::SEEN),
            State::Starred => format!("m.flags & {} <> 0", flag::FLAGGED),
            State::Answered => format!("m.flags & {} <> 0", flag::ANSWERED),
            State::Draft => format!("m.flags & {} <> 0", flag::DRAFT),
        }),
        Term::Before(when) => Compiled::Sql(format!("m.date_at < {}", range(*when, today).0)),
        Term::After(when) => Compiled::Sql(format!("m.date_at >= {}", range(*when, today).0)),
        Term::On(when) => {
            let (from, until) = range(*when, today);
            Compiled::Sql(format!("m.date_at >= {from} AND m.date_at < {until}"))
        }
        Term::Larger(bytes) => Compiled::Sql(format!("m.size > {bytes}")),
        Term::Smaller(bytes) => Compiled::Sql(format!("m.size < {bytes}")),
        Term::Not(inner) => match compile(read, inner, today)? {
            Compiled::All => Compiled::Nothing,
            Compiled::Nothing => Compiled::All,
            Compiled::Text(expression) => Compiled::NotText(expression),
            Compiled::NotText(expression) => Compiled::Text(expression),
            Compiled::Sql(condition) => Compiled::Sql(format!("NOT ({condition})")),
        },
        Term::Any(terms) => any(read, terms, today)?,
    })
}

fn any(read: &impl Read, terms: &[Term], today: &Today) -> Result<Compiled> {
    let (mut texts, mut others) = (Vec::new(), Vec::new());
    for term in terms {
        match compile(read, term, today)? {
            Compiled::All => return Ok(Compiled::All),
            Compiled::Nothing => {}
            Compiled::Text(expression) => texts.push(format!("({expression})")),
            Compiled::NotText(expression) => others.push(format!("NOT ({})", matching(&expression))),
            Compiled::Sql(condition) => others.push(condition),
        }
    }
    let text = (!texts.is_empty()).then(|| texts.join(" OR "));
    Ok(match (text, others.is_empty()) {
        (Some(expression), true) => Compiled::Text(expression),
        (None, true) => Compiled::Nothing,
        (text, false) => {
            others.extend(text.as_deref().map(matching));
            Compiled::Sql(format!("({})", others.join(" OR ")))
        }
    })
}

/// A condition on columns that asks the full-text index. The expression holds words of letters and
/// digits, quotes and operators of our own; quoting it is for form.
fn matching(expression: &str) -> String {
    format!("m.id IN (SELECT rowid FROM message_text WHERE message_text MATCH '{}')", expression.replace('\'', "''"))
}

fn text(expression: Option<String>) -> Compiled {
    expression.map_or(Compiled::All, Compiled::Text)
}

/// A phrase of the index; with `begin`, its last word may go on.
fn phrase(text: &str, begin: bool) -> Option<String> {
    let words = words(text);
    let last = words.last()?;
    let open = begin && !is_character_word(last) && last.chars().count() >= PREFIX_MIN_CHARS;
    // Words have no quote in them; see `words`.
    Some(format!("\"{}\"{}", words.join(" "), if open { " *" } else { "" }))
}

/// Somebody in a column: by words, or by any part of a known name or address.
fn person(read: &impl Read, column: &str, who: &str) -> Result<Option<String>> {
    let Some(words) = phrase(who, true) else { return Ok(None) };
    let mut any = vec![words];
    for email in correspondent::containing(read, who, ADDRESSES_MAX)? {
        any.extend(phrase(&email, false));
    }
    Ok(Some(format!("{column} : ({})", any.join(" OR "))))
}

/// Mailboxes by role, name or path.
fn named(read: &impl Read, name: &str) -> Result<Vec<i64>> {
    let wanted = mail::text::fold(name.trim());
    let role = match wanted.as_str() {
        "spam" => Some(MailboxRole::Junk),
        "bin" | "deleted" => Some(MailboxRole::Trash),
        other => MailboxRole::parse(other),
    };
    let mailboxes = crate::mailbox::list(read, None)?;
    Ok(mailboxes
        .iter()
        .filter(|m| {
            (role.is_some() && m.role == role)
                || mail::text::fold(&m.name) == wanted
                || mail::text::fold(&m.path) == wanted
        })
        .map(|m| m.id.0)
        .collect())
}

fn range(when: When, today: &Today) -> (i64, i64) {
    let zone = today.zone.clone().unwrap_or_else(TimeZone::system);
    let (from, until) = when.range(today.now, &zone);
    (from.0, until.0)
}
