//! Mailboxes: the server's list, roles, counts.

use crate::db::{Read, WriteTx};
use crate::error::sql;
use model::mailbox::{Mailbox, MailboxRole};
use model::{AccountId, Error, MailboxId, Noun, Result};
use rusqlite::{OptionalExtension, Row};
use std::collections::HashSet;

/// A mailbox as the server lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The server's own name.
    pub key: String,
    /// Unicode path, parts joined by `/`.
    pub path: String,
    /// Special use.
    pub role: Option<MailboxRole>,
    /// Holds messages.
    pub selectable: bool,
    /// Messages on the server, where the listing tells.
    pub messages: Option<u32>,
}

const COLUMNS: &str = "id, account_id, path, role, selectable, messages, unread, on_server";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Mailbox> {
    let path: String = row.get(2)?;
    Ok(Mailbox {
        id: MailboxId(row.get(0)?),
        account_id: AccountId(row.get(1)?),
        name: path.rsplit('/').next().unwrap_or_default().to_owned(),
        path,
        role: row.get::<_, Option<String>>(3)?.as_deref().and_then(MailboxRole::parse),
        selectable: row.get(4)?,
        messages: row.get::<_, i64>(5)?.max(0) as u32,
        unread: row.get::<_, i64>(6)?.max(0) as u32,
        on_server: row.get(7)?,
    })
}

/// Mailboxes of an account or of all, accounts in their order, special ones first, then by path.
pub fn list(read: &impl Read, account: Option<AccountId>) -> Result<Vec<Mailbox>> {
    read.sql()
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM mailbox b WHERE ?1 IS NULL OR account_id = ?1
             ORDER BY (SELECT position FROM account a WHERE a.id = b.account_id), account_id,
                CASE role WHEN 'inbox' THEN 0 WHEN 'snoozed' THEN 1 WHEN 'drafts' THEN 2 WHEN 'sent' THEN 3 WHEN 'archive' THEN 4
                    WHEN 'all' THEN 5 WHEN 'junk' THEN 6 WHEN 'trash' THEN 7 ELSE 9 END, path COLLATE NOCASE"
        ))
        .and_then(|mut s| s.query_map([account.map(|a| a.0)], from_row)?.collect())
        .map_err(sql)
}

/// One mailbox.
pub fn get(read: &impl Read, id: MailboxId) -> Result<Mailbox> {
    read.sql()
        .prepare_cached(&format!("SELECT {COLUMNS} FROM mailbox WHERE id = ?1"))
        .and_then(|mut s| s.query_row([id.0], from_row).optional())
        .map_err(sql)?
        .ok_or_else(|| Error::not_found("This mailbox is no longer there."))
}

/// The mailbox of a role in an account.
pub fn by_role(read: &impl Read, account: AccountId, role: MailboxRole) -> Result<Option<MailboxId>> {
    read.sql()
        .prepare_cached("SELECT id FROM mailbox WHERE account_id = ?1 AND role = ?2 AND selectable ORDER BY id LIMIT 1")
        .and_then(|mut s| s.query_row((account.0, role.as_str()), |r| Ok(MailboxId(r.get(0)?))).optional())
        .map_err(sql)
}

/// The server's own name of a mailbox.
pub fn key(read: &impl Read, id: MailboxId) -> Result<String> {
    read.sql()
        .prepare_cached("SELECT key FROM mailbox WHERE id = ?1")
        .and_then(|mut s| s.query_row([id.0], |r| r.get(0)).optional())
        .map_err(sql)?
        .ok_or_else(|| Error::not_found("This mailbox is no longer there."))
}

/// The mailbox with this name at the server.
pub fn by_key(read: &impl Read, account: AccountId, key: &str) -> Result<Option<MailboxId>> {
    read.sql()
        .prepare_cached("SELECT id FROM mailbox WHERE account_id = ?1 AND key = ?2")
        .and_then(|mut s| s.query_row((account.0, key), |r| Ok(MailboxId(r.get(0)?))).optional())
        .map_err(sql)
}

/// The path of the mailbox with this name at the server.
pub fn path_of_key(read: &impl Read, account: AccountId, key: &str) -> Result<Option<String>> {
    read.sql()
        .prepare_cached("SELECT path FROM mailbox WHERE account_id = ?1 AND key = ?2")
        .and_then(|mut s| s.query_row((account.0, key), |r| r.get(0)).optional())
        .map_err(sql)
}

/// Adds a mailbox that is not (or, in a sandbox account, never) on a server; `local_only` ones
/// are made there by an operation and keep waiting until the server lists them.
pub fn add(
    write: &mut WriteTx<'_>,
    account: AccountId,
    path: &str,
    role: Option<MailboxRole>,
    local_only: bool,
) -> Result<MailboxId> {
    write
        .sql()
        .execute(
            "INSERT INTO mailbox (account_id, key, path, role, local_only) VALUES (?1, ?2, ?2, ?3, ?4)
             ON CONFLICT (account_id, key) DO UPDATE SET role = coalesce(role, excluded.role), selectable = 1",
            (account.0, path, role.map(MailboxRole::as_str), local_only),
        )
        .map_err(sql)?;
    let id = by_key(write, account, path)?.ok_or_else(|| Error::internal("the mailbox was not made"))?;
    write.changed(Noun::Mailbox, Some(id));
    Ok(id)
}

/// A mailbox made here has its name at the server.
pub fn made(write: &mut WriteTx<'_>, id: MailboxId, key: &str) -> Result<()> {
    let account = get(write, id)?.account_id;
    // The server's list may have brought it before the answer did.
    if by_key(write, account, key)?.is_none_or(|other| other == id) {
        write.sql().execute("UPDATE mailbox SET key = ?2, local_only = 0 WHERE id = ?1", (id.0, key)).map_err(sql)?;
    }
    write.changed(Noun::Mailbox, Some(id));
    Ok(())
}

/// Takes the server's whole list. Mailboxes missing from it are gone with their placements.
pub fn sync(write: &mut WriteTx<'_>, account: AccountId, listed: &[Listed]) -> Result<()> {
    let mut rows: Vec<(i64, String, String, bool)> = write
        .sql()
        .prepare_cached("SELECT id, key, path, local_only FROM mailbox WHERE account_id = ?1 AND role IS NOT 'snoozed'")
        .and_then(|mut s| s.query_map([account.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?.collect())
        .map_err(sql)?;
    // A mailbox made here is known by its path until the server names it.
    for (id, key, path, local_only) in &mut rows {
        if *local_only && let Some(there) = listed.iter().find(|l| l.path == *path || l.key == *key) {
            write
                .sql()
                .execute("UPDATE OR IGNORE mailbox SET key = ?2, local_only = 0 WHERE id = ?1", (*id, &there.key))
                .map_err(sql)?;
            key.clone_from(&there.key);
            *local_only = false;
        }
    }
    let mut taken: HashSet<MailboxRole> = HashSet::new();
    let mut changed = false;
    for mailbox in listed {
        // One mailbox a role: the first the server names.
        let role = mailbox.role.filter(|role| taken.insert(*role)).map(MailboxRole::as_str);
        changed |= write
            .sql()
            .prepare_cached(
                "INSERT INTO mailbox (account_id, key, path, role, selectable, on_server) VALUES (?1,?2,?3,?4,?5,?6)
                 ON CONFLICT (account_id, key) DO UPDATE SET path = ?3, role = ?4, selectable = ?5,
                    on_server = coalesce(?6, on_server)
                 WHERE path <> ?3 OR role IS NOT ?4 OR selectable <> ?5 OR (?6 IS NOT NULL AND on_server IS NOT ?6)",
            )
            .and_then(|mut s| {
                s.execute((account.0, &mailbox.key, &mailbox.path, role, mailbox.selectable, mailbox.messages))
            })
            .map_err(sql)?
            > 0;
    }
    let keys: HashSet<&str> = listed.iter().map(|l| l.key.as_str()).collect();
    for (id, ..) in rows.iter().filter(|(_, key, _, local_only)| !local_only && !keys.contains(key.as_str())) {
        remove(write, account, MailboxId(*id))?;
        changed = true;
    }
    if changed {
        write.changed(Noun::Mailbox, None::<i64>);
    }
    Ok(())
}

/// Removes a mailbox and what was only there.
fn remove(write: &mut WriteTx<'_>, account: AccountId, id: MailboxId) -> Result<()> {
    let placements: Vec<i64> = write
        .sql()
        .prepare_cached(
            "SELECT id FROM placement WHERE server_mailbox_id = ?1 OR (mailbox_id = ?1 AND server_mailbox_id IS NULL)",
        )
        .and_then(|mut s| s.query_map([id.0], |r| r.get(0))?.collect())
        .map_err(sql)?;
    let mut touched = crate::thread::Touched::default();
    for placement in placements {
        crate::placement::remove(write, placement, &mut touched)?;
    }
    // A local move into it that waits has lost its aim: shown again where the server has it.
    let moved: Vec<(i64, Option<i64>)> = write
        .sql()
        .prepare_cached("SELECT id, server_mailbox_id FROM placement WHERE mailbox_id = ?1")
        .and_then(|mut s| s.query_map([id.0], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .map_err(sql)?;
    for (placement, server) in moved {
        crate::placement::show_in(write, placement, server.into(), &mut touched)?;
    }
    touched.refresh(write)?;
    write.sql().execute("DELETE FROM mailbox WHERE id = ?1 AND account_id = ?2", (id.0, account.0)).map_err(sql)?;
    write.changed(Noun::Message, None::<i64>);
    Ok(())
}

/// The cursor stored with the last batch of a mailbox (`""` is the account-wide one).
pub fn cursor(read: &impl Read, account: AccountId, key: &str) -> Result<Option<String>> {
    if key.is_empty() {
        return crate::meta::get(read, &account_cursor(account));
    }
    Ok(read
        .sql()
        .prepare_cached("SELECT cursor FROM mailbox WHERE account_id = ?1 AND key = ?2")
        .and_then(|mut s| s.query_row((account.0, key), |r| r.get(0)).optional())
        .map_err(sql)?
        .flatten())
}

pub(crate) fn set_cursor(write: &mut WriteTx<'_>, account: AccountId, key: &str, cursor: &str) -> Result<()> {
    if key.is_empty() {
        return crate::meta::put(write, &account_cursor(account), cursor);
    }
    write
        .sql()
        .prepare_cached("UPDATE mailbox SET cursor = ?3 WHERE account_id = ?1 AND key = ?2")
        .and_then(|mut s| s.execute((account.0, key, cursor)))
        .map_err(sql)?;
    Ok(())
}

fn account_cursor(account: AccountId) -> String {
    format!("account:{account}:cursor")
}

/// Messages set aside, with the server's or parser's reason: mailbox path, key, reason.
pub fn set_aside(read: &impl Read, account: AccountId) -> Result<Vec<(String, String, String)>> {
    read.sql()
        .prepare_cached(
            "SELECT b.path, s.key, s.reason FROM set_aside s JOIN mailbox b ON b.id = s.mailbox_id
             WHERE b.account_id = ?1 ORDER BY s.set_at DESC LIMIT 1000",
        )
        .and_then(|mut s| s.query_map([account.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect())
        .map_err(sql)
}

/// Counts that differ from a recount, in words; empty where all is well. Tests and the doctor ask.
pub fn check_counts(read: &impl Read) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let checks = [
        (
            "mailbox counts",
            "SELECT b.id || ': ' || b.messages || '/' || b.unread FROM mailbox b WHERE
                b.messages <> (SELECT count(*) FROM placement p WHERE p.mailbox_id = b.id)
             OR b.unread <> (SELECT count(*) FROM placement p JOIN message m ON m.id = p.message_id
                    WHERE p.mailbox_id = b.id AND m.flags & 1 = 0)",
        ),
        (
            "thread counts",
            "SELECT t.id || ': ' || t.messages FROM thread t WHERE t.messages <> (SELECT count(*) FROM message m
                WHERE m.thread_id = t.id AND EXISTS
                    (SELECT 1 FROM placement p WHERE p.message_id = m.id AND p.mailbox_id IS NOT NULL))",
        ),
        (
            "hidden messages",
            "SELECT m.id FROM message m LEFT JOIN hidden h ON h.message_id = m.id WHERE (h.message_id IS NULL) <>
                EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id AND p.mailbox_id IS NOT NULL)
             UNION ALL SELECT message_id FROM hidden WHERE message_id NOT IN (SELECT id FROM message)",
        ),
        (
            "conversations of mailboxes",
            "WITH shown AS (SELECT p.mailbox_id, m.thread_id, m.id, max(p.date_at) AS date_at, m.flags, m.has_attachments, m.size
                    FROM placement p JOIN message m ON m.id = p.message_id WHERE p.mailbox_id IS NOT NULL
                    GROUP BY p.mailbox_id, m.id),
                counted AS (SELECT mailbox_id, thread_id, max(date_at) AS last_at, count(*) AS matching,
                    sum(flags & 1 = 0) AS unread, sum(flags & 2 <> 0) > 0 AS flagged, max(has_attachments) AS files,
                    max(size) AS size FROM shown GROUP BY mailbox_id, thread_id)
             SELECT k.mailbox_id || '/' || k.thread_id FROM
                (SELECT mailbox_id, thread_id FROM counted UNION SELECT mailbox_id, thread_id FROM thread_mailbox) k
                LEFT JOIN counted c USING (mailbox_id, thread_id)
                LEFT JOIN thread_mailbox t ON t.mailbox_id = k.mailbox_id AND t.thread_id = k.thread_id
             WHERE c.last_at IS NOT t.last_at OR c.matching IS NOT t.matching OR c.unread IS NOT t.unread
                OR c.flagged IS NOT (t.flagged > 0) OR c.files IS NOT t.has_attachments OR c.size IS NOT t.size",
        ),
        (
            "messages without their text in the index",
            "SELECT m.id FROM message m WHERE NOT EXISTS (SELECT 1 FROM message_text_docsize d WHERE d.id = m.id)",
        ),
        (
            "text in the index without its message",
            "SELECT d.id FROM message_text_docsize d WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.id = d.id)",
        ),
    ];
    for (name, query) in checks {
        let wrong: Vec<String> = read
            .sql()
            .prepare(query)
            .and_then(|mut s| {
                s.query_map([], |r| r.get::<_, rusqlite::types::Value>(0))?.collect::<rusqlite::Result<Vec<_>>>()
            })
            .map_err(sql)?
            .into_iter()
            .map(|value| match value {
                rusqlite::types::Value::Text(text) => text,
                rusqlite::types::Value::Integer(number) => number.to_string(),
                other => format!("{other:?}"),
            })
            .collect();
        if !wrong.is_empty() {
            findings.push(format!("{name}: {} wrong, such as {}", wrong.len(), wrong[0]));
        }
    }
    Ok(findings)
}
