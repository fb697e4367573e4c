//! Locks between processes: only one of them syncs or sends for an account at a time.
//!
//! A lock is held by the operating system for as long as the process lives; `kill -9` frees it,
//! which a row with a lease could not promise.

use crate::error::io;
use model::Result;
use std::fs::{File, TryLockError};
use std::path::Path;

/// A held lock; dropping it frees it.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock `name` of the profile, or `None` where another process holds it.
    pub fn try_take(profile: &Path, name: &str) -> Result<Option<Self>> {
        let path = profile.join("locks").join(name);
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(|e| io(&path, &e))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(e)) => Err(io(&path, &e)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_once_and_freed_on_drop() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("locks")).unwrap();
        let first = Lock::try_take(folder.path(), "sync-1").unwrap();
        assert!(first.is_some());
        assert!(Lock::try_take(folder.path(), "sync-1").unwrap().is_none());
        drop(first);
        assert!(Lock::try_take(folder.path(), "sync-1").unwrap().is_some());
    }
}
