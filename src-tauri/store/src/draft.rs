//! Drafts, their files, and their copies in the server's Drafts mailbox.

use crate::account::{json, to_json};
use crate::content::ContentHash;
use crate::db::{Read, WriteTx};
use crate::error::sql;
use model::draft::{Draft, DraftAttachment, DraftKind, DraftSaveArgs};
use model::message::Address;
use model::{
    AccountId, DraftAttachmentId, DraftId, Error, IdentityId, MessageId, Noun, Result, SubmissionId, Timestamp,
};
use rusqlite::{OptionalExtension, Row};
use serde::{Deserialize, Serialize};

/// How long a discarded draft can be taken back, ms.
const DISCARDED_MS: i64 = 24 * 3600 * 1000;
/// How long a draft rests before a copy goes to the server.
pub const COPY_AFTER_SECONDS: i64 = 30;

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Recipients {
    to: Vec<Address>,
    cc: Vec<Address>,
    bcc: Vec<Address>,
}

/// What a draft keeps beyond what people see of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ancestry {
    /// Message-ID of what it answers, without angle brackets.
    pub in_reply_to: Option<String>,
    /// References, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// The provider's conversation.
    pub provider_thread: Option<String>,
}

/// A new draft; `id` and `updated_at` of `draft` are given by the store, attachments follow by [`attach`].
#[derive(Clone, Debug)]
pub struct NewDraft {
    /// What people see.
    pub draft: Draft,
    /// Where it belongs.
    pub ancestry: Ancestry,
}

/// A file for a draft; its bytes are in content.db already.
#[derive(Clone, Debug)]
pub struct NewAttachment {
    /// File name.
    pub filename: String,
    /// Media type.
    pub mime: String,
    /// Bytes.
    pub size: u64,
    /// Content-ID of an inline image, without angle brackets.
    pub content_id: Option<String>,
    /// Its bytes.
    pub content: ContentHash,
}

fn kind_name(kind: DraftKind) -> &'static str {
    match kind {
        DraftKind::New => "new",
        DraftKind::Reply => "reply",
        DraftKind::ReplyAll => "reply_all",
        DraftKind::Forward => "forward",
    }
}

fn kind_of(name: &str) -> DraftKind {
    match name {
        "reply" => DraftKind::Reply,
        "reply_all" => DraftKind::ReplyAll,
        "forward" => DraftKind::Forward,
        _ => DraftKind::New,
    }
}

const COLUMNS: &str = "id, account_id, identity_id, kind, original, recipients, subject, html, text, quote, updated_at";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Draft> {
    let recipients: Recipients = json(row, 5)?.unwrap_or_default();
    Ok(Draft {
        id: DraftId(row.get(0)?),
        account_id: AccountId(row.get(1)?),
        identity_id: IdentityId(row.get(2)?),
        kind: kind_of(&row.get::<_, String>(3)?),
        original: row.get::<_, Option<i64>>(4)?.map(MessageId),
        to: recipients.to,
        cc: recipients.cc,
        bcc: recipients.bcc,
        subject: row.get(6)?,
        html: row.get(7)?,
        text: row.get(8)?,
        quote: row.get(9)?,
        attachments: Vec::new(),
        updated_at: Timestamp(row.get(10)?),
    })
}

/// Drafts that are not frozen into a letter, last changed first.
pub fn list(read: &impl Read) -> Result<Vec<Draft>> {
    let mut statement = read
        .sql()
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM draft WHERE submission_id IS NULL AND discarded_at IS NULL
             ORDER BY updated_at DESC, id DESC"
        ))
        .map_err(sql)?;
    let mut drafts: Vec<Draft> = statement.query_map([], from_row).and_then(Iterator::collect).map_err(sql)?;
    for draft in &mut drafts {
        draft.attachments = files(read, draft.id)?.into_iter().map(|(file, _)| file).collect();
    }
    Ok(drafts)
}

/// One draft that is not frozen into a letter.
///
/// # Errors
/// `NotFound` where it was sent or discarded.
pub fn get(read: &impl Read, id: DraftId) -> Result<Draft> {
    let mut draft = read
        .sql()
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM draft WHERE id = ?1 AND submission_id IS NULL AND discarded_at IS NULL"
        ))
        .and_then(|mut s| s.query_row([id.0], from_row).optional())
        .map_err(sql)?
        .ok_or_else(|| Error::not_found("This draft is no longer there: it was sent or discarded."))?;
    draft.attachments = files(read, id)?.into_iter().map(|(file, _)| file).collect();
    Ok(draft)
}

/// Where a draft belongs.
pub fn ancestry(read: &impl Read, id: DraftId) -> Result<Ancestry> {
    read.sql()
        .query_row("SELECT in_reply_to, refs, provider_thread FROM draft WHERE id = ?1", [id.0], |r| {
            Ok(Ancestry {
                in_reply_to: r.get(0)?,
                references: json(r, 1)?.unwrap_or_default(),
                provider_thread: r.get(2)?,
            })
        })
        .map_err(sql)
}

/// The files of a draft with the hashes of their bytes.
pub fn files(read: &impl Read, id: DraftId) -> Result<Vec<(DraftAttachment, ContentHash)>> {
    let mut statement = read
        .sql()
        .prepare_cached(
            "SELECT id, filename, mime, size, content_id, content FROM draft_attachment WHERE draft_id = ?1 ORDER BY id",
        )
        .map_err(sql)?;
    let rows = statement
        .query_map([id.0], |r| {
            Ok((
                DraftAttachment {
                    id: DraftAttachmentId(r.get(0)?),
                    filename: r.get(1)?,
                    mime: r.get(2)?,
                    size: r.get::<_, i64>(3)? as u64,
                    content_id: r.get(4)?,
                },
                r.get::<_, Vec<u8>>(5)?,
            ))
        })
        .map_err(sql)?;
    let mut files = Vec::new();
    for row in rows {
        let (file, hash) = row.map_err(sql)?;
        let hash = ContentHash::from_row(&hash).ok_or_else(|| Error::internal("a draft's file has no hash"))?;
        files.push((file, hash));
    }
    Ok(files)
}

/// Makes a draft. No copy goes to the server before the first change.
pub fn insert(write: &mut WriteTx<'_>, new: &NewDraft) -> Result<DraftId> {
    let draft = &new.draft;
    let recipients = to_json(&Recipients { to: draft.to.clone(), cc: draft.cc.clone(), bcc: draft.bcc.clone() })?;
    let now = write.now().0;
    write
        .sql()
        .execute(
            "INSERT INTO draft (account_id, identity_id, kind, original, in_reply_to, refs, provider_thread,
                                recipients, subject, html, text, quote, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            rusqlite::params![
                draft.account_id.0,
                draft.identity_id.0,
                kind_name(draft.kind),
                draft.original.map(|o| o.0),
                new.ancestry.in_reply_to,
                to_json(&new.ancestry.references)?,
                new.ancestry.provider_thread,
                recipients,
                draft.subject,
                draft.html,
                draft.text,
                draft.quote,
                now
            ],
        )
        .map_err(sql)?;
    let id = DraftId(write.sql().last_insert_rowid());
    write.changed(Noun::Draft, Some(id));
    Ok(id)
}

/// Replaces the text of a draft. The account follows the identity.
///
/// # Errors
/// `NotFound` where the draft was sent or discarded, or the identity removed.
pub fn save(write: &mut WriteTx<'_>, args: &DraftSaveArgs) -> Result<()> {
    let before = get(write, args.id)?;
    let account: i64 = write
        .sql()
        .query_row("SELECT account_id FROM identity WHERE id = ?1", [args.identity_id.0], |r| r.get(0))
        .optional()
        .map_err(sql)?
        .ok_or_else(|| Error::not_found("This sender is no longer there.").remedy("Choose another sender."))?;
    let unchanged = before.identity_id == args.identity_id
        && before.to == args.to
        && before.cc == args.cc
        && before.bcc == args.bcc
        && before.subject == args.subject
        && before.html == args.html
        && before.text == args.text
        && before.quote == args.quote;
    if !unchanged {
        let recipients = to_json(&Recipients { to: args.to.clone(), cc: args.cc.clone(), bcc: args.bcc.clone() })?;
        write
            .sql()
            .prepare_cached(
                "UPDATE draft SET account_id = ?2, identity_id = ?3, recipients = ?4, subject = ?5, html = ?6,
                                  text = ?7, quote = ?8 WHERE id = ?1",
            )
            .and_then(|mut s| {
                s.execute((
                    args.id.0,
                    account,
                    args.identity_id.0,
                    recipients,
                    &args.subject,
                    &args.html,
                    &args.text,
                    args.quote,
                ))
            })
            .map_err(sql)?;
        if account != before.account_id.0 {
            // Its copy lies with the account it was begun in.
            doom_copies(write, args.id)?;
        }
        touched(write, args.id)?;
    }
    if args.closed {
        let now = write.now().0;
        write
            .sql()
            .execute(
                "UPDATE draft SET copy_at = min(copy_at, ?2) WHERE id = ?1 AND copy_at IS NOT NULL",
                (args.id.0, now),
            )
            .map_err(sql)?;
        write.changed(Noun::Draft, Some(args.id));
    }
    Ok(())
}

fn touched(write: &mut WriteTx<'_>, id: DraftId) -> Result<()> {
    let now = write.now();
    write
        .sql()
        .prepare_cached("UPDATE draft SET updated_at = ?2, copy_at = ?3, copy_attempts = 0 WHERE id = ?1")
        .and_then(|mut s| s.execute((id.0, now.0, now.plus_seconds(COPY_AFTER_SECONDS).0)))
        .map_err(sql)?;
    write.changed(Noun::Draft, Some(id));
    Ok(())
}

/// Adds a file to a draft.
pub fn attach(write: &mut WriteTx<'_>, id: DraftId, file: &NewAttachment) -> Result<DraftAttachmentId> {
    get(write, id)?;
    write
        .sql()
        .execute(
            "INSERT INTO draft_attachment (draft_id, filename, mime, size, content_id, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (id.0, &file.filename, &file.mime, file.size as i64, &file.content_id, file.content.0.as_slice()),
        )
        .map_err(sql)?;
    let attachment = DraftAttachmentId(write.sql().last_insert_rowid());
    touched(write, id)?;
    Ok(attachment)
}

/// Takes a file off a draft.
pub fn detach(write: &mut WriteTx<'_>, id: DraftId, file: DraftAttachmentId) -> Result<()> {
    get(write, id)?;
    write.sql().execute("DELETE FROM draft_attachment WHERE draft_id = ?1 AND id = ?2", (id.0, file.0)).map_err(sql)?;
    touched(write, id)
}

/// Discards a draft: it is hidden, and its copies on the server are removed by and by. For
/// [`DISCARDED_MS`] it can be taken back.
pub fn discard(write: &mut WriteTx<'_>, id: DraftId) -> Result<()> {
    get(write, id)?;
    forget_discarded(write)?;
    doom_copies(write, id)?;
    let now = write.now().0;
    write
        .sql()
        .execute("UPDATE draft SET discarded_at = ?2, copy_at = NULL WHERE id = ?1", (id.0, now))
        .map_err(sql)?;
    write.changed(Noun::Draft, Some(id));
    Ok(())
}

/// Takes a discarded draft back, with its files.
///
/// # Errors
/// `NotFound` where it is gone for good.
pub fn restore(write: &mut WriteTx<'_>, id: DraftId) -> Result<Draft> {
    let back = write
        .sql()
        .execute("UPDATE draft SET discarded_at = NULL WHERE id = ?1 AND discarded_at IS NOT NULL", [id.0])
        .map_err(sql)?;
    if back == 0 {
        return Err(Error::not_found("This draft can no longer be taken back."));
    }
    touched(write, id)?;
    get(write, id)
}

/// Removes for good what was discarded longer ago than it can be taken back.
pub fn forget_discarded(write: &mut WriteTx<'_>) -> Result<()> {
    let before = write.now().0 - DISCARDED_MS;
    write.sql().execute("DELETE FROM draft WHERE discarded_at < ?1", [before]).map_err(sql)?;
    Ok(())
}

fn remove(write: &mut WriteTx<'_>, id: DraftId) -> Result<()> {
    doom_copies(write, id)?;
    write.sql().execute("DELETE FROM draft WHERE id = ?1", [id.0]).map_err(sql)?;
    write.changed(Noun::Draft, Some(id));
    Ok(())
}

fn doom_copies(write: &mut WriteTx<'_>, id: DraftId) -> Result<()> {
    write
        .sql()
        .execute("UPDATE draft_copy SET draft_id = NULL, attempts = 0, next_at = 0 WHERE draft_id = ?1", [id.0])
        .map_err(sql)?;
    Ok(())
}

/// Ties a draft to the letter it was frozen into: it is hidden until that is cancelled.
///
/// # Errors
/// `NotFound` where another window has sent or discarded it.
pub fn freeze(write: &mut WriteTx<'_>, id: DraftId, submission: SubmissionId) -> Result<()> {
    get(write, id)?;
    write.sql().execute("UPDATE draft SET submission_id = ?2 WHERE id = ?1", (id.0, submission.0)).map_err(sql)?;
    write.changed(Noun::Draft, Some(id));
    Ok(())
}

/// Gives the draft of a cancelled letter back.
pub(crate) fn thaw(write: &mut WriteTx<'_>, submission: SubmissionId) -> Result<Option<DraftId>> {
    let id: Option<i64> = write
        .sql()
        .query_row("SELECT id FROM draft WHERE submission_id = ?1", [submission.0], |r| r.get(0))
        .optional()
        .map_err(sql)?;
    if let Some(id) = id {
        write.sql().execute("UPDATE draft SET submission_id = NULL WHERE id = ?1", [id]).map_err(sql)?;
        write.changed(Noun::Draft, Some(id));
    }
    Ok(id.map(DraftId))
}

/// Removes the draft of a letter that was sent.
pub(crate) fn sent(write: &mut WriteTx<'_>, submission: SubmissionId) -> Result<()> {
    let id: Option<i64> = write
        .sql()
        .query_row("SELECT id FROM draft WHERE submission_id = ?1", [submission.0], |r| r.get(0))
        .optional()
        .map_err(sql)?;
    id.map_or(Ok(()), |id| remove(write, DraftId(id)))
}

/// The draft whose copy on the server has this Message-ID.
pub fn by_copy(read: &impl Read, account: AccountId, message_id: &str) -> Result<Option<DraftId>> {
    read.sql()
        .query_row(
            "SELECT d.id FROM draft_copy c JOIN draft d ON d.id = c.draft_id
             WHERE c.message_id = ?1 AND c.account_id = ?2 AND d.submission_id IS NULL AND d.discarded_at IS NULL",
            (message_id, account.0),
            |r| r.get(0),
        )
        .optional()
        .map(|id| id.map(DraftId))
        .map_err(sql)
}

/// Says that the server holds a copy of this draft under this Message-ID already.
pub fn adopt_copy(write: &mut WriteTx<'_>, account: AccountId, id: DraftId, message_id: &str) -> Result<()> {
    write
        .sql()
        .execute(
            "INSERT OR REPLACE INTO draft_copy (message_id, account_id, draft_id) VALUES (?1, ?2, ?3)",
            (message_id, account.0, id.0),
        )
        .map_err(sql)?;
    Ok(())
}

/// A draft of the account whose copy on the server is due.
pub fn copy_due(read: &impl Read, account: AccountId, now: Timestamp) -> Result<Option<DraftId>> {
    read.sql()
        .prepare_cached(
            "SELECT id FROM draft WHERE account_id = ?1 AND copy_at <= ?2 AND submission_id IS NULL ORDER BY copy_at LIMIT 1",
        )
        .and_then(|mut s| s.query_row((account.0, now.0), |r| r.get(0)).optional())
        .map(|id| id.map(DraftId))
        .map_err(sql)
}

/// The copy of this Message-ID is on the server and holds the draft as of `holds_at`: older copies
/// are to be removed.
pub fn copied(write: &mut WriteTx<'_>, id: DraftId, message_id: &str, holds_at: Timestamp) -> Result<()> {
    let tx = write.sql();
    tx.execute(
        "UPDATE draft_copy SET draft_id = NULL, next_at = 0, attempts = 0 WHERE draft_id = ?1 AND message_id <> ?2",
        (id.0, message_id),
    )
    .and_then(|_| {
        tx.execute(
            "UPDATE draft SET copy_at = NULL, copy_attempts = 0 WHERE id = ?1 AND updated_at <= ?2",
            (id.0, holds_at.0),
        )
    })
    .map_err(sql)?;
    Ok(())
}

/// The copy could not be made; it is tried again at `next_at`, or not until the next change.
pub fn copy_failed(write: &mut WriteTx<'_>, id: DraftId, next_at: Option<Timestamp>) -> Result<()> {
    write
        .sql()
        .execute(
            "UPDATE draft SET copy_at = ?2, copy_attempts = copy_attempts + 1 WHERE id = ?1",
            (id.0, next_at.map(|t| t.0)),
        )
        .map_err(sql)?;
    Ok(())
}

/// How often making the copy of a draft has failed.
pub fn copy_attempts(read: &impl Read, id: DraftId) -> Result<u32> {
    read.sql().query_row("SELECT copy_attempts FROM draft WHERE id = ?1", [id.0], |r| r.get(0)).map_err(sql)
}

/// A copy on the server that is to be removed: its Message-ID, and how often that failed.
pub fn doomed_copy(read: &impl Read, account: AccountId, now: Timestamp) -> Result<Option<(String, u32)>> {
    read.sql()
        .query_row(
            "SELECT message_id, attempts FROM draft_copy
             WHERE account_id = ?1 AND draft_id IS NULL AND next_at <= ?2 ORDER BY next_at LIMIT 1",
            (account.0, now.0),
            |r| Ok((r.get(0)?, r.get(1)?)),
        )
        .optional()
        .map_err(sql)
}

/// A doomed copy is gone.
pub fn copy_removed(write: &mut WriteTx<'_>, message_id: &str) -> Result<()> {
    write.sql().execute("DELETE FROM draft_copy WHERE message_id = ?1", [message_id]).map_err(sql)?;
    Ok(())
}

/// A doomed copy could not be removed; it is tried again at `next_at`.
pub fn copy_removal_failed(write: &mut WriteTx<'_>, message_id: &str, next_at: Timestamp) -> Result<()> {
    write
        .sql()
        .execute(
            "UPDATE draft_copy SET attempts = attempts + 1, next_at = ?2 WHERE message_id = ?1",
            (message_id, next_at.0),
        )
        .map_err(sql)?;
    Ok(())
}

/// When the next copy of a draft is to be made or removed.
pub fn next_copy_at(read: &impl Read, account: AccountId) -> Result<Option<Timestamp>> {
    read.sql()
        .query_row(
            "SELECT min(at) FROM (
                SELECT min(copy_at) AS at FROM draft WHERE account_id = ?1 AND submission_id IS NULL
                UNION ALL SELECT min(next_at) FROM draft_copy WHERE account_id = ?1 AND draft_id IS NULL)",
            [account.0],
            |r| r.get::<_, Option<i64>>(0),
        )
        .map(|at| at.map(Timestamp))
        .map_err(sql)
}

/// What a draft needs to know of the message it answers or forwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Whose.
    pub account_id: AccountId,
    /// The provider's conversation.
    pub provider_thread: Option<String>,
}

/// The original of a draft; `None` where it is gone.
pub fn original(read: &impl Read, id: MessageId) -> Result<Option<Original>> {
    read.sql()
        .query_row("SELECT account_id, provider_thread FROM message WHERE id = ?1", [id.0], |r| {
            Ok(Original { account_id: AccountId(r.get(0)?), provider_thread: r.get(1)? })
        })
        .optional()
        .map_err(sql)
}
