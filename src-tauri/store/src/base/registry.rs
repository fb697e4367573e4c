//! The profile's list of bases: table `base` of mail.db.

use crate::db::{Read, WriteTx};
use crate::error::{self, sql};
use model::{BaseId, Error, ErrorCode, Noun, Result, Timestamp};
use rusqlite::OptionalExtension as _;
use std::path::{Path, PathBuf};

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The base.
    pub id: BaseId,
    /// Unique name.
    pub name: String,
    /// `#rrggbb`.
    pub color: String,
    /// Its file; a relative path is inside the profile.
    pub path: String,
    /// When it was made or renamed.
    pub updated_at: Timestamp,
}

impl Entry {
    /// Its file on this machine.
    pub fn file(&self, profile: &Path) -> PathBuf {
        profile.join(&self.path)
    }
}

fn entry(row: &rusqlite::Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: BaseId(row.get(0)?),
        name: row.get(1)?,
        color: row.get(2)?,
        path: row.get(3)?,
        updated_at: Timestamp(row.get(4)?),
    })
}

/// All bases, in the user's order.
pub fn list(read: &impl Read) -> Result<Vec<Entry>> {
    read.sql()
        .prepare_cached("SELECT id, name, color, path, updated_at FROM base ORDER BY position, name COLLATE NOCASE")
        .and_then(|mut s| s.query_map([], entry)?.collect())
        .map_err(sql)
}

/// One base.
pub fn get(read: &impl Read, id: &BaseId) -> Result<Entry> {
    read.sql()
        .prepare_cached("SELECT id, name, color, path, updated_at FROM base WHERE id = ?1")
        .and_then(|mut s| s.query_row([&id.0], entry).optional())
        .map_err(sql)?
        .ok_or_else(|| Error::not_found("This base does not exist any more.").remedy("Choose another base."))
}

/// A name for a base, checked: 1 to 255 characters on one line, not taken by another than `own`.
pub fn check_name(read: &impl Read, name: &str, own: Option<&BaseId>) -> Result<String> {
    let name = base::column::check_name(name, "base")?;
    let taken: i64 = read
        .sql()
        .query_row(
            "SELECT count(*) FROM base WHERE name = ?1 COLLATE NOCASE AND id <> ?2",
            (&name, own.map_or("", |o| &o.0)),
            |r| r.get(0),
        )
        .map_err(sql)?;
    if taken > 0 {
        return Err(error::taken(&name));
    }
    Ok(name)
}

/// A name like `wanted` that no base has.
pub fn free_name(read: &impl Read, wanted: &str) -> Result<String> {
    let clean: String = wanted.chars().filter(|c| !c.is_control()).take(200).collect();
    let clean = if clean.trim().is_empty() { "Base".to_owned() } else { clean.trim().to_owned() };
    let mut name = clean.clone();
    let mut n = 2;
    while let Err(error) = check_name(read, &name, None) {
        if error.code != ErrorCode::Conflict {
            return Err(error);
        }
        name = format!("{clean} {n}");
        n += 1;
    }
    Ok(name)
}

/// Adds a base at the end; it takes the next colour in turn.
pub fn insert(write: &mut WriteTx<'_>, id: &BaseId, name: &str, path: &str) -> Result<()> {
    let name = check_name(write, name, None)?;
    let count: i64 = write.sql().query_row("SELECT count(*) FROM base", [], |r| r.get(0)).map_err(sql)?;
    let palette = crate::account::PALETTE;
    let color = palette.get(count as usize % palette.len()).copied().unwrap_or(palette[0]);
    write
        .sql()
        .execute(
            "INSERT INTO base (id, name, path, color, position, updated_at)
             VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(position), 0) + 1 FROM base), ?5)",
            (&id.0, &name, path, color, write.now().0),
        )
        .map_err(sql)?;
    write.changed(Noun::Base, Some(id));
    Ok(())
}

/// Renames or recolours a base.
pub fn update(write: &mut WriteTx<'_>, id: &BaseId, name: Option<&str>, color: Option<&str>) -> Result<()> {
    get(write, id)?;
    let name = name.map(|n| check_name(write, n, Some(id))).transpose()?;
    if color.is_some_and(|c| c.len() != 7 || !c.starts_with('#') || !c.bytes().skip(1).all(|b| b.is_ascii_hexdigit())) {
        return Err(Error::invalid("A colour is written like #3b6fd8."));
    }
    write
        .sql()
        .execute(
            "UPDATE base SET name = coalesce(?2, name), color = coalesce(?3, color), updated_at = ?4 WHERE id = ?1",
            (&id.0, name, color, write.now().0),
        )
        .map_err(sql)?;
    write.changed(Noun::Base, Some(id));
    Ok(())
}

/// A base's file stands elsewhere now.
pub fn moved(write: &mut WriteTx<'_>, id: &BaseId, path: &str) -> Result<()> {
    get(write, id)?;
    write
        .sql()
        .execute("UPDATE base SET path = ?2, updated_at = ?3 WHERE id = ?1", (&id.0, path, write.now().0))
        .map_err(sql)?;
    write.changed(Noun::Base, Some(id));
    Ok(())
}

/// Takes a base off the list; gives what stood there.
pub fn remove(write: &mut WriteTx<'_>, id: &BaseId) -> Result<Entry> {
    let entry = get(write, id)?;
    write.sql().execute("DELETE FROM base WHERE id = ?1", [&id.0]).map_err(sql)?;
    write.changed(Noun::Base, Some(id));
    Ok(entry)
}
