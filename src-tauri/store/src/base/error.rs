//! SQLite's errors about a base file in plain words.

use model::{Error, ErrorCode};
use rusqlite::ErrorCode as Sqlite;

/// Turns an error of SQLite into one of the door.
pub(super) fn sql(error: rusqlite::Error) -> Error {
    match &error {
        rusqlite::Error::QueryReturnedNoRows => Error::not_found("That is no longer there."),
        rusqlite::Error::SqliteFailure(e, _) => match e.code {
            Sqlite::DatabaseBusy | Sqlite::DatabaseLocked => {
                Error::new(ErrorCode::Busy, "Another program is writing to this base.")
                    .remedy("Try again in a moment.")
                    .detail(&error)
            }
            Sqlite::DiskFull => Error::new(ErrorCode::Disk, "The disk is full; the step was taken back.")
                .remedy("Free some space and try again.")
                .detail(&error),
            Sqlite::DatabaseCorrupt | Sqlite::NotADatabase => damaged().detail(&error),
            Sqlite::ReadOnly => Error::new(ErrorCode::Conflict, "This base is open for reading only.")
                .remedy("Copy it to a folder you may write to, and open the copy.")
                .detail(&error),
            Sqlite::CannotOpen | Sqlite::PermissionDenied | Sqlite::SystemIoFailure => {
                Error::new(ErrorCode::Disk, "The base's file can't be read or written.")
                    .remedy("Check the folder's permissions and the disk.")
                    .detail(&error)
            }
            Sqlite::OperationInterrupted => Error::new(ErrorCode::Cancelled, "Stopped; nothing was changed."),
            _ => Error::internal(&error),
        },
        _ => Error::internal(&error),
    }
}

/// The file is a base, but broken.
pub(super) fn damaged() -> Error {
    Error::new(ErrorCode::Damaged, "The base's file is damaged.")
        .remedy("Nothing was written to it; restore a copy from a backup.")
}

/// True where a name was taken.
pub(super) fn is_unique(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqliteFailure(e, _) if e.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE)
}
