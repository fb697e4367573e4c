//! Facts of the profile itself, by key.

use crate::db::{Read, WriteTx};
use crate::error::sql;
use model::{Phrase, Result, say};
use rusqlite::OptionalExtension;

/// The value of `key`.
pub fn get(read: &impl Read, key: &str) -> Result<Option<String>> {
    read.sql()
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")
        .and_then(|mut s| s.query_row([key], |r| r.get(0)).optional())
        .map_err(sql)
}

/// Sets the value of `key`.
pub fn put(write: &mut WriteTx<'_>, key: &str, value: &str) -> Result<()> {
    write
        .sql()
        .prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2")
        .and_then(|mut s| s.execute((key, value)))
        .map_err(sql)?;
    Ok(())
}

/// Looks at the whole file for damage.
///
/// # Errors
/// `Damaged` with SQLite's own words.
pub fn check(read: &impl Read) -> Result<Phrase> {
    let found: String = read.sql().query_row("PRAGMA quick_check(5)", [], |r| r.get(0)).map_err(sql)?;
    if found != "ok" {
        return Err(model::Error::new(model::ErrorCode::Damaged, "The profile's file mail.db is damaged.")
            .remedy("Close Tabella, keep a copy of the folder, and restore it from a backup.")
            .detail(found));
    }
    let messages: i64 = read.sql().query_row("SELECT count(*) FROM message", [], |r| r.get(0)).map_err(sql)?;
    Ok(say!("whole, messages: {messages}", messages))
}
