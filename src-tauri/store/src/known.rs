//! What of a server's mail is here already: asked by adapters before they fetch anything.

use crate::db::Read;
use crate::error::sql;
use crate::{flag, mailbox};
use model::message::Flags;
use model::{AccountId, Result, Timestamp};

/// A message the store has in a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRow {
    /// Its key.
    pub key: String,
    /// Flags as the server last told.
    pub flags: Flags,
    /// The body is here.
    pub complete: bool,
}

/// Every message the store has in a mailbox of the server, by ascending number or key; then those that were
/// set aside, as complete.
pub fn known(read: &impl Read, account: AccountId, key: &str) -> Result<Vec<KnownRow>> {
    let Some(id) = mailbox::by_key(read, account, key)? else { return Ok(Vec::new()) };
    read.sql()
        .prepare_cached(
            "SELECT p.key, p.server_flags, m.content IS NOT NULL, 0, p.uid
             FROM placement p JOIN message m ON m.id = p.message_id WHERE p.server_mailbox_id = ?1 AND p.key IS NOT NULL
             UNION ALL SELECT key, 0, 1, 1, NULL FROM set_aside s WHERE mailbox_id = ?1 AND NOT EXISTS
                (SELECT 1 FROM placement p WHERE p.server_mailbox_id = ?1 AND p.key = s.key)
             ORDER BY 4, 5, 1",
        )
        .and_then(|mut s| {
            s.query_map([id.0], |r| {
                Ok(KnownRow { key: r.get(0)?, flags: flag::flags(r.get(1)?), complete: r.get(2)? })
            })?
            .collect()
        })
        .map_err(sql)
}

/// Where an account has messages with these keys: each with the key of the mailbox that holds it.
pub fn held(read: &impl Read, account: AccountId, keys: &[String]) -> Result<Vec<(String, KnownRow)>> {
    let mut look = read
        .sql()
        .prepare_cached(
            "SELECT b.key, p.key, p.server_flags, m.content IS NOT NULL FROM mailbox b
                JOIN placement p ON p.server_mailbox_id = b.id AND p.key = ?2 JOIN message m ON m.id = p.message_id
             WHERE b.account_id = ?1",
        )
        .map_err(sql)?;
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        let rows = look
            .query_map((account.0, key), |r| {
                Ok((r.get(0)?, KnownRow { key: r.get(1)?, flags: flag::flags(r.get(2)?), complete: r.get(3)? }))
            })
            .map_err(sql)?;
        for row in rows {
            found.push(row.map_err(sql)?);
        }
    }
    Ok(found)
}

/// Which of these contents (Message-ID, size, arrival) the account has.
pub fn has(read: &impl Read, account: AccountId, contents: &[(String, u64, Timestamp)]) -> Result<Vec<bool>> {
    let mut look = read
        .sql()
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM message WHERE account_id = ?1 AND message_id = ?2 AND size = ?3
                AND received_at = ?4 AND content IS NOT NULL)",
        )
        .map_err(sql)?;
    contents
        .iter()
        .map(|(id, size, at)| {
            if id.is_empty() {
                return Ok(false);
            }
            look.query_row((account.0, id, *size as i64, at.0), |r| r.get(0)).map_err(sql)
        })
        .collect()
}
