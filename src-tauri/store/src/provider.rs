//! OAuth providers: what was entered for them. Their secrets are sealed beside those of accounts.

use crate::account::{json, to_json};
use crate::db::{Read, WriteTx};
use crate::error::sql;
use model::account::ServerSettings;
use model::{Noun, Result, Timestamp};
use rusqlite::{OptionalExtension, Row};
use std::collections::BTreeMap;

/// What was entered for a provider; what was not is left to the built-in values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredProvider {
    /// `google`, `microsoft`, a preset's name, or an own one.
    pub name: String,
    /// Title of an own one.
    pub title: Option<String>,
    /// Client ID; empty until set.
    pub client_id: String,
    /// When the secret ends, as noted.
    pub secret_expires_at: Option<Timestamp>,
    /// Microsoft's tenant.
    pub tenant: Option<String>,
    /// Endpoints by name.
    pub endpoints: BTreeMap<String, String>,
    /// Scopes.
    pub scopes: Vec<String>,
    /// Incoming server of an own one.
    pub imap: Option<ServerSettings>,
    /// Outgoing server of an own one.
    pub smtp: Option<ServerSettings>,
}

const COLUMNS: &str = "name, title, client_id, secret_expires_at, tenant, endpoints, scopes, imap, smtp";

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredProvider> {
    Ok(StoredProvider {
        name: row.get(0)?,
        title: row.get(1)?,
        client_id: row.get(2)?,
        secret_expires_at: row.get::<_, Option<i64>>(3)?.map(Timestamp),
        tenant: row.get(4)?,
        endpoints: json(row, 5)?.unwrap_or_default(),
        scopes: json(row, 6)?.unwrap_or_default(),
        imap: json(row, 7)?,
        smtp: json(row, 8)?,
    })
}

/// The owner of a provider's secrets.
pub fn owner(name: &str) -> String {
    format!("provider:{name}")
}

/// All that anything was entered for, by name.
pub fn list(read: &impl Read) -> Result<Vec<StoredProvider>> {
    let mut statement =
        read.sql().prepare_cached(&format!("SELECT {COLUMNS} FROM provider ORDER BY name")).map_err(sql)?;
    statement.query_map([], from_row).and_then(Iterator::collect).map_err(sql)
}

/// One; `None` where nothing was entered for it.
pub fn get(read: &impl Read, name: &str) -> Result<Option<StoredProvider>> {
    read.sql()
        .prepare_cached(&format!("SELECT {COLUMNS} FROM provider WHERE name = ?1"))
        .and_then(|mut s| s.query_row([name], from_row).optional())
        .map_err(sql)
}

/// Stores what is entered for a provider, in place of what was.
pub fn put(write: &mut WriteTx<'_>, provider: &StoredProvider) -> Result<()> {
    let imap = provider.imap.as_ref().map(to_json).transpose()?;
    let smtp = provider.smtp.as_ref().map(to_json).transpose()?;
    write
        .sql()
        .execute(
            "INSERT INTO provider (name, title, client_id, secret_expires_at, tenant, endpoints, scopes, imap, smtp)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (name) DO UPDATE SET title = ?2, client_id = ?3, secret_expires_at = ?4, tenant = ?5,
                 endpoints = ?6, scopes = ?7, imap = ?8, smtp = ?9",
            rusqlite::params![
                provider.name,
                provider.title,
                provider.client_id,
                provider.secret_expires_at.map(|t| t.0),
                provider.tenant,
                to_json(&provider.endpoints)?,
                to_json(&provider.scopes)?,
                imap,
                smtp
            ],
        )
        .map_err(sql)?;
    write.changed(Noun::Provider, Some(&provider.name));
    Ok(())
}

/// Forgets what was entered for a provider, secrets too.
pub fn remove(write: &mut WriteTx<'_>, name: &str) -> Result<()> {
    let tx = write.sql();
    tx.execute("DELETE FROM provider WHERE name = ?1", [name])
        .and_then(|_| tx.execute("DELETE FROM secret WHERE owner = ?1", [owner(name)]))
        .map_err(sql)?;
    write.changed(Noun::Provider, Some(name));
    Ok(())
}

/// How many accounts sign in through it.
pub fn accounts(read: &impl Read, name: &str) -> Result<u32> {
    read.sql().query_row("SELECT count(*) FROM account WHERE provider = ?1", [name], |r| r.get(0)).map_err(sql)
}
