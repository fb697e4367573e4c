//! The names under which a base sends. The base's file holds the names; which account each is, `base_account`
//! in mail.db says, for this profile alone.

use super::BaseFile;
use super::error::{is_unique, sql};
use crate::db::{Read, WriteTx};
use crate::error::taken;
use model::{AccountId, BaseId, Error, Noun, Result, say};
use rusqlite::OptionalExtension as _;

fn missing(name: &str) -> Error {
    Error::not_found(say!("This base has no account name “{name}”.", name)).remedy("Reload the list.")
}

impl BaseFile {
    /// The names, in the order they were made.
    pub fn account_names(&self) -> Result<Vec<String>> {
        self.read(|c| {
            c.prepare_cached("SELECT name FROM account_name ORDER BY position, name")
                .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
                .map_err(sql)
        })
    }

    /// Adds a name; gives it as it is kept.
    ///
    /// # Errors
    /// `Conflict` where the base has it already, whatever its case.
    pub fn add_account_name(&self, name: &str) -> Result<String> {
        let name = base::column::check_name(name, "account")?;
        self.write(|w| {
            w.tx.execute(
                "INSERT INTO account_name (name, position) VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM account_name))",
                [&name],
            )
            .map_err(|e| if is_constraint(&e) { taken(&name) } else { sql(e) })?;
            w.changes.insert((Noun::Base, None));
            Ok(name.clone())
        })
    }

    /// Gives a name another name.
    pub fn rename_account_name(&self, name: &str, new: &str) -> Result<String> {
        let new = base::column::check_name(new, "account")?;
        self.write(|w| {
            let done =
                w.tx.execute("UPDATE account_name SET name = ?2 WHERE name = ?1", [name, &new])
                    .map_err(|e| if is_constraint(&e) { taken(&new) } else { sql(e) })?;
            if done == 0 {
                return Err(missing(name));
            }
            w.changes.insert((Noun::Base, None));
            Ok(new.clone())
        })
    }

    /// Takes a name off the list.
    pub fn remove_account_name(&self, name: &str) -> Result<()> {
        self.write(|w| {
            if w.tx.execute("DELETE FROM account_name WHERE name = ?1", [name]).map_err(sql)? == 0 {
                return Err(missing(name));
            }
            w.changes.insert((Noun::Base, None));
            Ok(())
        })
    }
}

/// A name that is the primary key is told by another code than one of an index.
fn is_constraint(error: &rusqlite::Error) -> bool {
    is_unique(error)
        || matches!(error, rusqlite::Error::SqliteFailure(e, _) if e.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY)
}

/// The account that serves a name of a base in this profile.
pub fn bound(read: &impl Read, base: &BaseId, name: &str) -> Result<Option<AccountId>> {
    read.sql()
        .prepare_cached("SELECT account_id FROM base_account WHERE base_id = ?1 AND name = ?2")
        .and_then(|mut s| s.query_row((&base.0, name), |r| Ok(AccountId(r.get(0)?))).optional())
        .map_err(crate::error::sql)
}

/// Binds a name of a base to an account, or, with `None`, frees it.
pub fn bind(write: &mut WriteTx<'_>, base: &BaseId, name: &str, account: Option<AccountId>) -> Result<()> {
    write
        .sql()
        .execute("DELETE FROM base_account WHERE base_id = ?1 AND name = ?2", (&base.0, name))
        .map_err(crate::error::sql)?;
    if let Some(account) = account {
        crate::account::get(write, account)?;
        write
            .sql()
            .execute(
                "INSERT INTO base_account (base_id, name, account_id) VALUES (?1, ?2, ?3)",
                (&base.0, name, account.0),
            )
            .map_err(crate::error::sql)?;
    }
    write.changed(Noun::Base, Some(base));
    Ok(())
}

/// A name of a base is called otherwise now.
pub fn rebind(write: &mut WriteTx<'_>, base: &BaseId, name: &str, new: &str) -> Result<()> {
    write
        .sql()
        .execute("UPDATE base_account SET name = ?3 WHERE base_id = ?1 AND name = ?2", (&base.0, name, new))
        .map_err(crate::error::sql)?;
    write.changed(Noun::Base, Some(base));
    Ok(())
}
