//! Attachments into files: under safe names, never over a file that is there.

use super::{blocking, raw};
use crate::Engine;
use model::message::{SaveAttachmentArgs, SavedFiles};
use model::{Error, ErrorCode, Result, say};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Names tried before giving up.
const NUMBERS_MAX: u32 = 10_000;

/// Saves one part, or all files of a message.
pub(crate) async fn save_attachments(engine: &Engine, args: &SaveAttachmentArgs) -> Result<SavedFiles> {
    let id = args.id;
    let bytes = raw(engine, id).await?;
    let message = engine.store().read(move |r| store::message::get(r, id)).await?;
    let (part, path) = (args.part, PathBuf::from(&args.path));
    if args.path.trim().is_empty() {
        return Err(Error::invalid("The path to save to is empty."));
    }
    blocking(move || {
        let mut paths = Vec::new();
        let parts: Vec<u32> = match part {
            Some(part) => vec![part],
            None => message.attachments.iter().filter(|a| !a.inline).map(|a| a.part).collect(),
        };
        if part.is_none() {
            std::fs::create_dir_all(&path).map_err(|e| disk(&path, &e))?;
        }
        for number in parts {
            let (_, name, content) = mail::parse::part(&bytes, number)
                .ok_or_else(|| Error::not_found("The message has no such attachment."))?;
            let name = mail::parse::safe_filename(&name);
            let wanted = if part.is_none() || path.is_dir() { path.join(name) } else { path.clone() };
            paths.push(write_new(&wanted, &content)?.to_string_lossy().into_owned());
        }
        Ok(SavedFiles { paths })
    })
    .await?
}

pub(crate) fn disk(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorCode::Disk, say!("{path} can't be written.", path = path.display()))
        .remedy("Check the folder's permissions and the space on the disk.")
        .detail(error)
}

/// Writes a file that was not there; where the name is taken a number is added.
pub(crate) fn write_new(wanted: &Path, content: &[u8]) -> Result<PathBuf> {
    let stem = wanted.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let extension = wanted.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    for number in 0..NUMBERS_MAX {
        let path = if number == 0 {
            wanted.to_owned()
        } else {
            wanted.with_file_name(format!("{stem} ({number}){extension}"))
        };
        match File::create_new(&path) {
            Ok(mut file) => {
                let written = file.write_all(content).and_then(|()| file.sync_all());
                if let Err(error) = written {
                    // Half a file is worse than none.
                    let _ = std::fs::remove_file(&path);
                    return Err(disk(&path, &error));
                }
                return Ok(path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(disk(&path, &error)),
        }
    }
    Err(Error::new(
        ErrorCode::Conflict,
        say!("There are too many files named {path} already.", path = wanted.display()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_never_written_over() {
        let folder = std::env::temp_dir().join(format!("tabella-save-{}", ulid::Ulid::new()));
        std::fs::create_dir(&folder).unwrap();
        let wanted = folder.join("a.txt");
        let first = write_new(&wanted, b"one").unwrap();
        let second = write_new(&wanted, b"two").unwrap();
        assert_eq!(
            (std::fs::read(&first).unwrap(), std::fs::read(&second).unwrap()),
            (b"one".to_vec(), b"two".to_vec())
        );
        assert!(second.ends_with("a (1).txt"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
