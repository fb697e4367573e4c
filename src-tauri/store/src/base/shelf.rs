//! Whole base files that are not on the list: removed ones, and snapshots.
//!
//! `bases/trash/ID.base` and `bases/snapshots/BASE/ID.base`, each with an `ID.json` beside it that says
//! what it is. The note is written last and removed first: a file without one is nobody's.

use super::error::sql;
use super::registry::Entry;
use super::{BaseFile, remove_file, ulid};
use model::history::{Snapshot, TrashedBase};
use model::{BaseId, Clock, Error, ErrorCode, Result, Timestamp};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What stands beside a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Note {
    name: String,
    #[serde(default)]
    color: String,
    at: i64,
    #[serde(default)]
    records: u32,
}

/// A file and its note.
struct Shelved {
    file: PathBuf,
    note: PathBuf,
}

impl Shelved {
    /// Ids come from outside: nothing but letters and digits gets into a path.
    fn new(folder: &Path, id: &str) -> Result<Self> {
        if id.is_empty() || id.len() > 40 || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Error::not_found("That is no longer there."));
        }
        Ok(Self { file: folder.join(format!("{id}.base")), note: folder.join(format!("{id}.json")) })
    }

    fn read(&self) -> Option<(Note, u64)> {
        let note = serde_json::from_slice(&std::fs::read(&self.note).ok()?).ok()?;
        Some((note, std::fs::metadata(&self.file).ok()?.len()))
    }

    fn write(&self, note: &Note) -> Result<()> {
        let text = serde_json::to_vec(note).map_err(|e| Error::internal(&e))?;
        std::fs::write(&self.note, text).map_err(|e| crate::error::io(&self.note, &e))
    }

    fn remove(&self) {
        let _ = std::fs::remove_file(&self.note);
        remove_file(&self.file);
    }
}

fn trash(profile: &Path) -> PathBuf {
    profile.join("bases/trash")
}

fn snapshots(profile: &Path, base: &BaseId) -> Result<PathBuf> {
    let folder = profile.join("bases/snapshots");
    // The same check as for files: the id is a folder's name here.
    Shelved::new(&folder, &base.0)?;
    Ok(folder.join(&base.0))
}

fn listed(folder: &Path) -> Vec<(String, Note, u64)> {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path());
    let notes = names.filter(|p| p.extension().is_some_and(|e| e == "json"));
    let ids = notes.filter_map(|p| p.file_stem().map(|s| s.to_string_lossy().into_owned()));
    let mut found: Vec<(String, Note, u64)> = ids
        .filter_map(|id| {
            let (note, bytes) = Shelved::new(folder, &id).ok()?.read()?;
            Some((id, note, bytes))
        })
        .collect();
    found.sort_by_key(|(id, note, _)| std::cmp::Reverse((note.at, id.clone())));
    found
}

fn make(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| crate::error::io(folder, &e))
}

/// Moves a base's file, with what SQLite may have left beside it.
fn move_file(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(Error::new(ErrorCode::Conflict, "There is already a file of this name."));
    }
    for suffix in ["-wal", ""] {
        let with = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        if with(from).exists() {
            std::fs::rename(with(from), with(to)).map_err(|e| crate::error::io(to, &e))?;
        }
    }
    Ok(())
}

/// Puts the file of a base that was taken off the list into the trash.
pub fn discard(profile: &Path, entry: &Entry, now: Timestamp) -> Result<()> {
    let folder = trash(profile);
    make(&folder)?;
    let shelved = Shelved::new(&folder, &entry.id.0)?;
    shelved.remove();
    move_file(&entry.file(profile), &shelved.file)?;
    shelved.write(&Note { name: entry.name.clone(), color: entry.color.clone(), at: now.0, records: 0 })
}

/// Removed bases, the last one first.
pub fn discarded(profile: &Path) -> Vec<TrashedBase> {
    listed(&trash(profile))
        .into_iter()
        .map(|(id, note, bytes)| TrashedBase { id: BaseId(id), name: note.name, removed_at: Timestamp(note.at), bytes })
        .collect()
}

/// Brings the file of a removed base back to `target`; gives its name and colour.
pub fn take_back(profile: &Path, id: &BaseId, target: &Path) -> Result<(String, String)> {
    let shelved = Shelved::new(&trash(profile), &id.0)?;
    let (note, _) = shelved.read().ok_or_else(|| Error::not_found("This base is not in the trash any more."))?;
    move_file(&shelved.file, target)?;
    let _ = std::fs::remove_file(&shelved.note);
    Ok((note.name, note.color))
}

/// Removes a base from the trash, and its snapshots, for good.
pub fn purge(profile: &Path, id: &BaseId) -> Result<()> {
    let shelved = Shelved::new(&trash(profile), &id.0)?;
    if !shelved.file.exists() {
        return Err(Error::not_found("This base is not in the trash any more."));
    }
    shelved.remove();
    let _ = std::fs::remove_dir_all(snapshots(profile, id)?);
    Ok(())
}

/// The snapshots of a base, the last one first.
pub fn list_snapshots(profile: &Path, base: &BaseId) -> Result<Vec<Snapshot>> {
    Ok(listed(&snapshots(profile, base)?).into_iter().map(|(id, note, bytes)| snapshot(id, note, bytes)).collect())
}

fn snapshot(id: String, note: Note, bytes: u64) -> Snapshot {
    Snapshot { id, at: Timestamp(note.at), name: note.name, bytes, records: note.records }
}

/// Makes a snapshot of a base as it is now.
pub fn make_snapshot(profile: &Path, base: &BaseFile, name: &str, clock: &dyn Clock) -> Result<Snapshot> {
    let folder = snapshots(profile, base.id())?;
    make(&folder)?;
    let now = clock.now();
    let id = ulid(now);
    let shelved = Shelved::new(&folder, &id)?;
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let done = base.snapshot_to(&shelved.file).and_then(|records| {
        let note = Note { name: name.trim().to_owned(), color: String::new(), at: now.0, records };
        shelved.write(&note)?;
        let bytes = std::fs::metadata(&shelved.file).map_err(|e| crate::error::io(&shelved.file, &e))?.len();
        Ok(snapshot(id, note, bytes))
    });
    if done.is_err() {
        shelved.remove();
    }
    done
}

/// Makes a base of a snapshot: a file at `target` under a new id.
pub fn restore_snapshot(profile: &Path, base: &BaseId, id: &str, target: &Path, new: &BaseId) -> Result<()> {
    let shelved = Shelved::new(&snapshots(profile, base)?, id)?;
    shelved.read().ok_or_else(|| Error::not_found("This snapshot is not there any more."))?;
    let done = std::fs::copy(&shelved.file, target)
        .map_err(|e| crate::error::io(target, &e))
        .and_then(|_| BaseFile::give_id(target, new));
    if done.is_err() {
        remove_file(target);
    }
    done
}

/// Removes a snapshot.
pub fn remove_snapshot(profile: &Path, base: &BaseId, id: &str) -> Result<()> {
    let shelved = Shelved::new(&snapshots(profile, base)?, id)?;
    if !shelved.file.exists() {
        return Err(Error::not_found("This snapshot is not there any more."));
    }
    shelved.remove();
    Ok(())
}

impl BaseFile {
    /// Writes the base as it is now, log and all, to a new file; gives how many records are in it.
    fn snapshot_to(&self, target: &Path) -> Result<u32> {
        let name = target.to_str().ok_or_else(|| Error::invalid("This path is not valid text."))?;
        self.read(|c| {
            c.execute("VACUUM INTO ?1", [name]).map_err(sql)?;
            c.query_row("SELECT coalesce(sum(records), 0) FROM data_table WHERE removed_at IS NULL", [], |r| r.get(0))
                .map_err(sql)
        })
    }

    /// Gives the base in a file that nobody has open another id: it is a copy of one that is known already.
    ///
    /// # Errors
    /// What [`BaseFile::open`] answers; `Conflict` where the file can't be written.
    pub fn give_id(path: &Path, id: &BaseId) -> Result<()> {
        let base = Self::open(path, std::sync::Arc::new(model::SystemClock))?;
        base.write(|w| {
            w.tx.execute("UPDATE meta SET value = ?1 WHERE key = 'id'", [&id.0]).map_err(sql)?;
            Ok(())
        })
    }
}
