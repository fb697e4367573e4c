//! People we wrote to or heard from, for completion, and whose remote images are loaded.

use crate::db::{Read, WriteTx};
use crate::error::sql;
use mail::text::fold;
use model::Result;
use model::message::Address;
use std::collections::HashMap;

/// What a batch of mail says about people; written once a batch.
#[derive(Debug, Default)]
pub(crate) struct Met {
    people: HashMap<String, Person>,
}

#[derive(Debug, Default)]
struct Person {
    name: String,
    written: i64,
    received: i64,
    last_at: i64,
}

impl Met {
    fn add(&mut self, address: &Address, written: i64, received: i64, at: i64) {
        if !address.email.contains('@') || address.email.len() > 254 {
            return;
        }
        let person = self.people.entry(address.email.to_lowercase()).or_default();
        person.written += written;
        person.received += received;
        if !address.name.is_empty() && (at >= person.last_at || person.name.is_empty()) {
            person.name.clone_from(&address.name);
        }
        person.last_at = person.last_at.max(at);
    }

    /// A letter from somebody.
    pub(crate) fn received(&mut self, from: &Address, at: i64) {
        self.add(from, 0, 1, at);
    }

    /// A letter of ours to somebody.
    pub(crate) fn written<'a>(&mut self, to: impl Iterator<Item = &'a Address>, at: i64) {
        for address in to {
            self.add(address, 1, 0, at);
        }
    }

    /// Writes everything down.
    pub(crate) fn store(self, write: &WriteTx<'_>) -> Result<()> {
        let mut upsert = write
            .sql()
            .prepare_cached(
                "INSERT INTO correspondent (email, name, folded, written, received, last_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (email) DO UPDATE SET
                    written = written + ?4, received = received + ?5,
                    folded = CASE WHEN ?2 <> '' AND ?6 >= last_at THEN ?3 ELSE folded END,
                    name = CASE WHEN ?2 <> '' AND ?6 >= last_at THEN ?2 ELSE name END,
                    last_at = max(last_at, ?6)",
            )
            .map_err(sql)?;
        for (email, person) in self.people {
            let folded = fold(&format!("{} {email}", person.name));
            upsert
                .execute((&email, &person.name, folded, person.written, person.received, person.last_at))
                .map_err(sql)?;
        }
        Ok(())
    }
}

/// Remembers the recipients of a letter that was handed over.
pub fn written_to(write: &mut WriteTx<'_>, to: &[Address]) -> Result<()> {
    let mut met = Met::default();
    let now = write.now().0;
    met.written(to.iter(), now);
    met.store(write)
}

/// Loads remote images of this sender from now on.
pub(crate) fn allow_remote(write: &WriteTx<'_>, sender: &Address) -> Result<()> {
    let email = sender.email.to_lowercase();
    let folded = fold(&format!("{} {email}", sender.name));
    write
        .sql()
        .execute(
            "INSERT INTO correspondent (email, name, folded, last_at, remote_allowed) VALUES (?1, ?2, ?3, 0, 1)
             ON CONFLICT (email) DO UPDATE SET remote_allowed = 1",
            (&email, &sender.name, folded),
        )
        .map_err(sql)?;
    Ok(())
}

/// People whose name or address contains every word of `text`, those we write to most first, then
/// those whose name or address begins with it.
pub fn complete(read: &impl Read, text: &str, limit: u32) -> Result<Vec<Address>> {
    let folded = fold(text.trim());
    let mut patterns: Vec<String> =
        folded.split_whitespace().take(6).map(|w| format!("%{}%", escape_like(w))).collect();
    if patterns.is_empty() {
        patterns.push("%".into());
    }
    let conditions: Vec<String> = (1..=patterns.len()).map(|n| format!("folded LIKE ?{n} ESCAPE '\\'")).collect();
    let begin = format!("{}%", escape_like(&folded));
    let word = format!("% {}%", escape_like(&folded));
    let n = patterns.len();
    let query = format!(
        "SELECT name, email FROM correspondent WHERE {}
         ORDER BY written > 0 DESC,
            (folded LIKE ?{} ESCAPE '\\' OR folded LIKE ?{} ESCAPE '\\' OR email LIKE ?{} ESCAPE '\\') DESC,
            written * 5 + min(received, 50) DESC, last_at DESC, email LIMIT ?{}",
        conditions.join(" AND "),
        n + 1,
        n + 2,
        n + 1,
        n + 3
    );
    patterns.extend([begin, word, limit.clamp(1, 50).to_string()]);
    read.sql()
        .prepare_cached(&query)
        .and_then(|mut s| {
            s.query_map(rusqlite::params_from_iter(patterns), |r| Ok(Address { name: r.get(0)?, email: r.get(1)? }))?
                .collect()
        })
        .map_err(sql)
}

/// Addresses whose owner's name or address contains `text`; at most `limit`.
pub(crate) fn containing(read: &impl Read, text: &str, limit: usize) -> Result<Vec<String>> {
    read.sql()
        .prepare_cached("SELECT email FROM correspondent WHERE folded LIKE ?1 ESCAPE '\\' LIMIT ?2")
        .and_then(|mut s| {
            s.query_map((format!("%{}%", escape_like(&fold(text))), limit as i64), |r| r.get(0))?.collect()
        })
        .map_err(sql)
}

/// A text that LIKE takes as it is.
pub(crate) fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
