//! Message rows: how a parsed message becomes one, and how lists and the reader read it.
//!
//! A message is one immutable content in one account; where it is, is a placement. What can be
//! computed from the bytes alone is computed by [`prepare`], off the writer's thread.

use crate::account::json;
use crate::content::ContentHash;
use crate::db::{Read, WriteTx};
use crate::error::sql;
use crate::flag;
use crate::words::index_text;
use mail::parse::{Bounce, Parsed};
use model::message::{Address, Attachment, Message, Selection};
use model::{AccountId, MailboxId, MessageId, Noun, Result, ThreadId, Timestamp};
use rusqlite::{OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A Date header later than the arrival by more than this is not believed.
const FUTURE_MAX_MS: i64 = 24 * 3600 * 1000;

/// Everybody a message names besides its author.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct People {
    /// Submitter where it differs from the author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<Address>,
    /// Where replies go.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reply_to: Vec<Address>,
    /// To.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<Address>,
    /// Cc.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<Address>,
    /// Bcc.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bcc: Vec<Address>,
}

/// A message ready to be written.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    pub(crate) message_id: String,
    pub(crate) references: Vec<String>,
    pub(crate) subject_key: Option<String>,
    pub(crate) subject: String,
    pub(crate) sort_subject: String,
    pub(crate) from: Address,
    pub(crate) sort_from: String,
    pub(crate) people: People,
    pub(crate) people_json: String,
    pub(crate) date_at: Option<i64>,
    pub(crate) snippet: String,
    pub(crate) attachments: String,
    pub(crate) has_attachments: bool,
    pub(crate) has_html: bool,
    pub(crate) unreadable: Option<String>,
    pub(crate) unsubscribe: Option<String>,
    pub(crate) bounce: Option<Bounce>,
    pub(crate) automatic: bool,
    pub(crate) text: Text,
}

/// The columns of the full-text index.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    pub subject: String,
    pub author: String,
    pub recipients: String,
    pub copies: String,
    pub body: String,
    pub files: String,
}

impl Prepared {
    /// Message-ID without angle brackets; may be empty.
    pub fn message_id(&self) -> &str {
        &self.message_id
    }

    /// Subject.
    pub fn subject(&self) -> &str {
        &self.subject
    }
}

/// Shapes a parsed message for the tables.
pub fn prepare(parsed: &Parsed) -> Prepared {
    let references = mail::threading::references_of(parsed);
    let people = People {
        sender: parsed.sender.clone(),
        reply_to: parsed.reply_to.clone(),
        to: parsed.to.clone(),
        cc: parsed.cc.clone(),
        bcc: parsed.bcc.clone(),
    };
    let author = if parsed.from.name.is_empty() { &parsed.from.email } else { &parsed.from.name };
    let mut copies = all(&parsed.cc);
    copies.push_str(&all(&parsed.bcc));
    let mut files = String::new();
    for attachment in parsed.attachments.iter().filter(|a| !a.inline) {
        files.push_str(&attachment.filename);
        files.push('\n');
    }
    Prepared {
        message_id: parsed.message_id.clone(),
        references,
        subject_key: mail::threading::subject_key(parsed),
        sort_subject: mail::text::fold(&mail::threading::base_subject(&parsed.subject)),
        sort_from: mail::text::fold(author),
        people_json: serde_json::to_string(&people).unwrap_or_default(),
        date_at: parsed.date.map(|d| d.0),
        snippet: parsed.snippet.clone(),
        attachments: serde_json::to_string(&parsed.attachments).unwrap_or_default(),
        has_attachments: parsed.attachments.iter().any(|a| !a.inline),
        has_html: parsed.html.is_some(),
        unreadable: parsed.unreadable.then(|| "its structure can't be understood".to_owned()),
        unsubscribe: parsed.list_unsubscribe.clone(),
        bounce: parsed.bounce.clone(),
        automatic: parsed.auto_submitted.is_some(),
        text: Text {
            subject: index_text(&parsed.subject),
            author: index_text(&format!("{} {}", parsed.from.name, parsed.from.email)),
            recipients: index_text(&all(&parsed.to)),
            copies: index_text(&copies),
            body: index_text(&parsed.visible_text),
            files: index_text(&files),
        },
        subject: parsed.subject.clone(),
        from: parsed.from.clone(),
        people,
    }
}

fn all(addresses: &[Address]) -> String {
    let mut out = String::new();
    for address in addresses {
        out.push_str(&address.name);
        out.push(' ');
        out.push_str(&address.email);
        out.push('\n');
    }
    out
}

/// A message row to insert.
pub(crate) struct NewRow<'a> {
    pub account: AccountId,
    pub thread: i64,
    pub content: Option<ContentHash>,
    pub received_at: i64,
    pub size: u64,
    pub provider_thread: Option<&'a str>,
    pub flags: i64,
}

impl Prepared {
    /// The time the message is listed under.
    pub(crate) fn shown_at(&self, received_at: i64) -> i64 {
        match self.date_at {
            Some(date) if date <= received_at.saturating_add(FUTURE_MAX_MS) => date,
            _ => received_at,
        }
    }
}

/// Inserts a message and its text.
pub(crate) fn insert(write: &WriteTx<'_>, p: &Prepared, row: &NewRow<'_>) -> Result<i64> {
    write
        .sql()
        .prepare_cached(
            "INSERT INTO message (account_id, thread_id, content, message_id, subject, sort_subject, from_name,
                from_email, sort_from, people, date_at, received_at, size, snippet, attachments, has_attachments,
                has_html, unreadable, unsubscribe, provider_thread, flags, remote_images)
             VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22)",
        )
        .and_then(|mut s| {
            s.execute(rusqlite::params![
                row.account.0,
                row.thread,
                row.content.map(|h| h.0),
                p.message_id,
                p.subject,
                p.sort_subject,
                p.from.name,
                p.from.email,
                p.sort_from,
                p.people_json,
                p.shown_at(row.received_at),
                row.received_at,
                row.size as i64,
                p.snippet,
                p.attachments,
                p.has_attachments,
                p.has_html,
                p.unreadable,
                p.unsubscribe,
                row.provider_thread,
                row.flags,
                (!p.has_html && row.content.is_some()).then_some(0),
            ])
        })
        .map_err(sql)?;
    let id = write.sql().last_insert_rowid();
    insert_text(write, id, &p.text)?;
    Ok(id)
}

fn insert_text(write: &WriteTx<'_>, id: i64, text: &Text) -> Result<()> {
    write
        .sql()
        .prepare_cached(
            "INSERT INTO message_text (rowid, subject, author, recipients, copies, body, files)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .and_then(|mut s| {
            s.execute((id, &text.subject, &text.author, &text.recipients, &text.copies, &text.body, &text.files))
        })
        .map_err(sql)?;
    Ok(())
}

/// Completes a message known by its header alone.
pub(crate) fn complete(write: &WriteTx<'_>, id: i64, p: &Prepared, content: ContentHash) -> Result<()> {
    write
        .sql()
        .prepare_cached(
            "UPDATE message SET content = ?2, snippet = ?3, attachments = ?4, has_attachments = ?5, has_html = ?6,
                unreadable = ?7, remote_images = ?8 WHERE id = ?1",
        )
        .and_then(|mut s| {
            s.execute(rusqlite::params![
                id,
                content.0,
                p.snippet,
                p.attachments,
                p.has_attachments,
                p.has_html,
                p.unreadable,
                (!p.has_html).then_some(0)
            ])
        })
        .map_err(sql)?;
    write
        .sql()
        .prepare_cached("DELETE FROM message_text WHERE rowid = ?1")
        .and_then(|mut s| s.execute([id]))
        .map_err(sql)?;
    insert_text(write, id, &p.text)
}

/// Removes a message row and its text; its placements have to be gone.
pub(crate) fn remove(write: &WriteTx<'_>, id: i64) -> Result<()> {
    for statement in ["DELETE FROM message_text WHERE rowid = ?1", "DELETE FROM message WHERE id = ?1"] {
        write.sql().prepare_cached(statement).and_then(|mut s| s.execute([id])).map_err(sql)?;
    }
    Ok(())
}

const COLUMNS: &str = "m.id, m.thread_id, m.account_id, m.message_id, m.subject, m.from_name, m.from_email, m.people,
    m.date_at, m.flags, m.snippet, m.size, m.attachments, m.content IS NOT NULL, m.unreadable IS NOT NULL, m.has_html,
    coalesce(m.remote_images, 0), m.remote_allowed OR coalesce((SELECT c.remote_allowed FROM correspondent c
        WHERE c.email = lower(m.from_email)), 0), m.unsubscribe, m.deceptive_links, m.keywords,
    (SELECT max(s.until_at) FROM placement p JOIN snooze s ON s.placement_id = p.id AND s.ended_by IS NULL
     WHERE p.message_id = m.id)";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Message> {
    let people: People = json(row, 7)?.unwrap_or_default();
    Ok(Message {
        id: MessageId(row.get(0)?),
        thread_id: ThreadId(row.get(1)?),
        account_id: AccountId(row.get(2)?),
        mailbox_ids: Vec::new(),
        message_id: row.get(3)?,
        subject: row.get(4)?,
        from: Address { name: row.get(5)?, email: row.get(6)? },
        sender: people.sender,
        reply_to: people.reply_to,
        to: people.to,
        cc: people.cc,
        bcc: people.bcc,
        date_at: Timestamp(row.get(8)?),
        flags: flag::flags(row.get(9)?),
        keywords: json(row, 20)?.unwrap_or_default(),
        snoozed_until: row.get::<_, Option<i64>>(21)?.map(Timestamp),
        snippet: row.get(10)?,
        size: row.get::<_, i64>(11)?.max(0) as u64,
        attachments: json::<Vec<Attachment>>(row, 12)?.unwrap_or_default(),
        complete: row.get(13)?,
        unreadable: row.get(14)?,
        has_html: row.get(15)?,
        remote_images: row.get(16)?,
        remote_allowed: row.get(17)?,
        unsubscribe: row.get(18)?,
        deceptive_links: row.get(19)?,
    })
}

/// One message.
pub fn get(read: &impl Read, id: MessageId) -> Result<Message> {
    let mut message = read
        .sql()
        .prepare_cached(&format!("SELECT {COLUMNS} FROM message m WHERE m.id = ?1"))
        .and_then(|mut s| s.query_row([id.0], from_row).optional())
        .map_err(sql)?
        .ok_or_else(missing)?;
    message.mailbox_ids = mailboxes_of(read, id)?;
    Ok(message)
}

fn missing() -> model::Error {
    model::Error::not_found("This message is no longer there.")
}

/// Messages of an account that are in any mailbox.
pub fn count(read: &impl Read, account: AccountId) -> Result<u32> {
    read.sql()
        .prepare_cached("SELECT coalesce(sum(messages), 0) FROM thread WHERE account_id = ?1")
        .and_then(|mut s| s.query_row([account.0], |r| r.get(0)))
        .map_err(sql)
}

/// These messages, in this order; the missing ones are left out.
pub fn get_all(read: &impl Read, ids: &[i64]) -> Result<Vec<Message>> {
    let mut messages = Vec::with_capacity(ids.len());
    for id in ids {
        match get(read, MessageId(*id)) {
            Ok(message) => messages.push(message),
            Err(error) if error.code == model::ErrorCode::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(messages)
}

/// The mailboxes a message is shown in.
pub fn mailboxes_of(read: &impl Read, id: MessageId) -> Result<Vec<MailboxId>> {
    read.sql()
        .prepare_cached(
            "SELECT DISTINCT mailbox_id FROM placement WHERE message_id = ?1 AND mailbox_id IS NOT NULL ORDER BY mailbox_id",
        )
        .and_then(|mut s| s.query_map([id.0], |r| Ok(MailboxId(r.get(0)?)))?.collect())
        .map_err(sql)
}

/// The messages of a thread that are in any mailbox, oldest first.
pub fn of_thread(read: &impl Read, thread: ThreadId) -> Result<Vec<Message>> {
    let mut messages: Vec<Message> = read
        .sql()
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM message m WHERE m.thread_id = ?1
                AND EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id AND p.mailbox_id IS NOT NULL)
             ORDER BY m.date_at, m.id"
        ))
        .and_then(|mut s| s.query_map([thread.0], from_row)?.collect())
        .map_err(sql)?;
    for message in &mut messages {
        message.mailbox_ids = mailboxes_of(read, message.id)?;
    }
    Ok(messages)
}

/// The hash of a message's raw content; `None` while only its header is here.
pub fn content(read: &impl Read, id: MessageId) -> Result<Option<ContentHash>> {
    read.sql()
        .prepare_cached("SELECT content FROM message WHERE id = ?1")
        .and_then(|mut s| s.query_row([id.0], |r| r.get::<_, Option<[u8; 32]>>(0)).optional())
        .map_err(sql)?
        .ok_or_else(missing)
        .map(|hash| hash.map(ContentHash))
}

/// Where the server has a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnServer {
    /// Whose.
    pub account: AccountId,
    /// Key of its mailbox.
    pub mailbox: String,
    /// Key in it.
    pub key: String,
    /// Flags as the server last told.
    pub flags: model::message::Flags,
    /// When the server received it.
    pub received_at: Timestamp,
}

/// Everywhere that servers have a message.
pub fn on_server(read: &impl Read, id: MessageId) -> Result<Vec<OnServer>> {
    read.sql()
        .prepare_cached(
            "SELECT b.account_id, b.key, p.key, p.server_flags, m.received_at FROM placement p
                JOIN mailbox b ON b.id = p.server_mailbox_id JOIN message m ON m.id = p.message_id
             WHERE p.message_id = ?1 AND p.key IS NOT NULL ORDER BY p.id",
        )
        .and_then(|mut s| {
            s.query_map([id.0], |r| {
                Ok(OnServer {
                    account: AccountId(r.get(0)?),
                    mailbox: r.get(1)?,
                    key: r.get(2)?,
                    flags: flag::flags(r.get(3)?),
                    received_at: Timestamp(r.get(4)?),
                })
            })?
            .collect()
        })
        .map_err(sql)
}

/// The messages of a selection, oldest first: those named, and all of the conversations named.
///
/// # Errors
/// `NotFound` where a message that was named is no longer there.
pub fn selected(read: &impl Read, selection: &Selection) -> Result<Vec<MessageId>> {
    let mut found = BTreeSet::new();
    for thread in &selection.threads {
        found.extend(of_thread(read, *thread)?.into_iter().map(|m| (m.date_at, m.id)));
    }
    for id in &selection.messages {
        found.insert((get(read, *id)?.date_at, *id));
    }
    Ok(found.into_iter().map(|(_, id)| id).collect())
}

/// Messages of an account with this Message-ID, the newest first: a reply finds its original, the
/// ledger its Sent copy.
pub fn by_message_id(read: &impl Read, account: AccountId, message_id: &str) -> Result<Vec<MessageId>> {
    read.sql()
        .prepare_cached("SELECT id FROM message WHERE account_id = ?1 AND message_id = ?2 ORDER BY id DESC")
        .and_then(|mut s| s.query_map((account.0, message_id), |r| Ok(MessageId(r.get(0)?)))?.collect())
        .map_err(sql)
}

/// Of these, the messages whose HTML was never looked at.
pub fn unexamined(read: &impl Read, ids: &[MessageId]) -> Result<Vec<MessageId>> {
    let mut found = Vec::new();
    for id in ids {
        let open: bool = read
            .sql()
            .prepare_cached(
                "SELECT remote_images IS NULL AND has_html AND content IS NOT NULL FROM message WHERE id = ?1",
            )
            .and_then(|mut s| s.query_row([id.0], |r| r.get(0)).optional())
            .map_err(sql)?
            .unwrap_or(false);
        if open {
            found.push(*id);
        }
    }
    Ok(found)
}

/// Keeps what a look at a message's HTML found.
pub fn set_examined(write: &mut WriteTx<'_>, id: MessageId, remote_images: u32, deceptive_links: u32) -> Result<()> {
    write
        .sql()
        .prepare_cached("UPDATE message SET remote_images = ?2, deceptive_links = ?3 WHERE id = ?1")
        .and_then(|mut s| s.execute((id.0, remote_images, deceptive_links)))
        .map_err(sql)?;
    Ok(())
}

/// Allows remote images in a message, or for its sender.
pub fn allow_remote(write: &mut WriteTx<'_>, id: MessageId, sender: bool) -> Result<()> {
    let message = get(write, id)?;
    if sender && !message.from.email.is_empty() {
        crate::correspondent::allow_remote(write, &message.from)?;
    } else {
        write
            .sql()
            .prepare_cached("UPDATE message SET remote_allowed = 1 WHERE id = ?1")
            .and_then(|mut s| s.execute([id.0]))
            .map_err(sql)?;
    }
    write.changed(Noun::Message, Some(id));
    Ok(())
}

/// The addresses of an account, in lower case: its own and its identities'.
pub(crate) fn own_addresses(read: &impl Read, account: AccountId) -> Result<Vec<String>> {
    read.sql()
        .prepare_cached("SELECT lower(email) FROM identity WHERE account_id = ?1 UNION SELECT lower(email) FROM account WHERE id = ?1")
        .and_then(|mut s| s.query_map([account.0], |r| r.get(0))?.collect())
        .map_err(sql)
}
