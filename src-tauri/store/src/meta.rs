//! Facts of the profile itself, by key.

use crate::db::{Read, WriteTx};
use crate::error::sql;
use model::Result;
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
