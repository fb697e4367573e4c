//! Settings of the profile.

use crate::base::Me;
use crate::db::{Read, WriteTx};
use crate::error::sql;
use model::setting::Settings;
use model::{Error, Noun, Result};
use rusqlite::OptionalExtension;

/// The settings; what was never set has its default.
pub fn get(read: &impl Read) -> Result<Settings> {
    let json: Option<String> = read
        .sql()
        .query_row("SELECT value FROM setting WHERE key = 'settings'", [], |r| r.get(0))
        .optional()
        .map_err(sql)?;
    Ok(json.and_then(|j| serde_json::from_str(&j).ok()).unwrap_or_default())
}

/// Who the user is to bases: the name they set, and the addresses of their accounts and identities.
pub fn me(read: &impl Read) -> Result<Me> {
    let name: Option<Option<String>> = read
        .sql()
        .prepare_cached("SELECT json_extract(value, '$.own_name') FROM setting WHERE key = 'settings'")
        .and_then(|mut s| s.query_row([], |r| r.get(0)).optional())
        .map_err(sql)?;
    let addresses = read
        .sql()
        .prepare_cached("SELECT email FROM account UNION SELECT email FROM identity")
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>())
        .map_err(sql)?;
    Ok(Me { name: name.flatten().unwrap_or_default(), addresses })
}

/// Replaces the settings.
pub fn put(write: &mut WriteTx<'_>, settings: &Settings) -> Result<()> {
    let json = serde_json::to_string(settings).map_err(|e| Error::internal(&e))?;
    write
        .sql()
        .execute(
            "INSERT INTO setting (key, value) VALUES ('settings', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1",
            [json],
        )
        .map_err(sql)?;
    write.changed(Noun::Setting, None::<i64>);
    Ok(())
}
