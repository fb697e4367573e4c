//! SQLite's errors in plain words.

use model::{Error, ErrorCode, say};
use rusqlite::ErrorCode as Sqlite;

/// Turns an error of SQLite into one of the door.
pub(crate) fn sql(error: rusqlite::Error) -> Error {
    match &error {
        rusqlite::Error::QueryReturnedNoRows => Error::not_found("That is no longer there."),
        rusqlite::Error::SqliteFailure(e, _) => match e.code {
            Sqlite::DatabaseBusy | Sqlite::DatabaseLocked => {
                Error::new(ErrorCode::Busy, "Another program is writing to the profile.")
                    .remedy("Try again in a moment.")
                    .detail(&error)
            }
            Sqlite::DiskFull => Error::new(ErrorCode::Disk, "The disk is full; the step was taken back.")
                .remedy("Free some space and try again.")
                .detail(&error),
            Sqlite::DatabaseCorrupt | Sqlite::NotADatabase => {
                Error::new(ErrorCode::Damaged, "A file of the profile is damaged.")
                    .remedy("Nothing was written; restore it from a backup, or let `tabella doctor` look at it.")
                    .detail(&error)
            }
            Sqlite::CannotOpen | Sqlite::ReadOnly | Sqlite::PermissionDenied | Sqlite::SystemIoFailure => {
                Error::new(ErrorCode::Disk, "A file of the profile can't be read or written.")
                    .remedy("Check the folder's permissions and the disk.")
                    .detail(&error)
            }
            _ => Error::internal(&error),
        },
        _ => Error::internal(&error),
    }
}

/// Turns an I/O error into one of the door; `what` names the file or folder.
pub(crate) fn io(what: &std::path::Path, error: &std::io::Error) -> Error {
    Error::new(ErrorCode::Disk, say!("{what} can't be read or written.", what = what.display()))
        .remedy("Check the folder's permissions and the space on the disk.")
        .detail(error)
}

/// A name that is taken.
pub(crate) fn taken(name: &str) -> Error {
    Error::new(ErrorCode::Conflict, say!("The name “{name}” is taken already.", name)).remedy("Choose another name.")
}
