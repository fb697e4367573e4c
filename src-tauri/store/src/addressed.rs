//! The mail of addresses: what was written from, to or in copy to any of them.
//!
//! The full-text index finds candidates by the words of an address; each is then held against the
//! addresses themselves, because words alone would also find `ann@example.org.uk`.

use crate::db::Read;
use crate::error::sql;
use crate::message::{self, People};
use crate::words::words;
use model::message::Message;
use model::Result;
use std::collections::BTreeSet;

/// The newest messages of these addresses, at most `limit`, and how many there are in all.
pub fn messages(read: &impl Read, addresses: &[String], limit: usize) -> Result<(u32, Vec<Message>)> {
    let wanted: Vec<String> = addresses.iter().map(|a| a.trim().to_lowercase()).filter(|a| a.contains('@')).collect();
    let mut found: BTreeSet<(i64, i64)> = BTreeSet::new();
    for address in &wanted {
        let phrase = words(address).join(" ");
        if phrase.is_empty() {
            continue;
        }
        let mut statement = read
            .sql()
            .prepare_cached(
                "SELECT m.id, m.date_at, m.from_email, m.people FROM message_text t JOIN message m ON m.id = t.rowid
                 WHERE message_text MATCH ?1
                   AND EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id AND p.mailbox_id IS NOT NULL)",
            )
            .map_err(sql)?;
        let mut rows = statement.query([format!("{{author recipients copies}} : \"{phrase}\"")]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let from: String = row.get(2).map_err(sql)?;
            let people: People = serde_json::from_str(&row.get::<_, String>(3).map_err(sql)?).unwrap_or_default();
            let is_it = |email: &str| email.to_lowercase() == *address;
            if is_it(&from) || people.to.iter().chain(&people.cc).any(|a| is_it(&a.email)) {
                found.insert((row.get(1).map_err(sql)?, row.get(0).map_err(sql)?));
            }
        }
    }
    let total = found.len() as u32;
    let ids: Vec<i64> = found.into_iter().rev().take(limit).map(|(_, id)| id).collect();
    Ok((total, message::get_all(read, &ids)?))
}
