//! Mail into files, byte for byte: one file a message, or one mbox.
//!
//! An mbox is written beside its place and moved there when it is whole; a folder is made new. What
//! was there is never written over.

use super::absolute;
use crate::Engine;
use crate::choice::meant;
use crate::part::raw;
use mail::mbox;
use model::message::{MailExportArgs, MailExported, MailFormat, Message};
use model::{Error, ErrorCode, Result, say};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

fn disk(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorCode::Disk, say!("{path} can't be written.", path = path.display()))
        .remedy("Check the folder's permissions and the space on the disk.")
        .detail(error)
}

/// Writes the messages of a scope, oldest first.
///
/// # Errors
/// `Conflict` where something is at the path already, `Disk`, `Cancelled` where it was stopped (nothing is left then),
/// and what fetching a missing body gives.
pub(crate) async fn export(engine: &Engine, args: MailExportArgs) -> Result<MailExported> {
    let mut ticket = engine.ticket(args.ticket.clone());
    let path = absolute(&args.path)?;
    if path.exists() {
        return Err(Error::new(ErrorCode::Conflict, say!("{path} is there already.", path = path.display()))
            .remedy("Choose a new name."));
    }
    let ids = meant(engine, args.scope, args.selection).await?;
    ticket.out_of(ids.len());
    let mut out = match args.format {
        MailFormat::Eml => {
            std::fs::create_dir(&path).map_err(|e| disk(&path, &e))?;
            Out::Folder(path.clone())
        }
        MailFormat::Mbox => {
            let beside =
                path.with_file_name(format!(".{}.part", path.file_name().unwrap_or_default().to_string_lossy()));
            Out::File(BufWriter::new(File::create(&beside).map_err(|e| disk(&beside, &e))?), beside)
        }
    };
    let mut report = MailExported { messages: 0, missing: Vec::new(), path: args.path };
    for (done, id) in ids.into_iter().enumerate() {
        if !ticket.go_on(done as u64) {
            out.give_up();
            return Err(Error::new(ErrorCode::Cancelled, "The export was stopped; no file was written."));
        }
        let message = engine.store().read(move |r| store::message::get(r, id)).await?;
        let bytes = match raw(engine, id).await {
            Ok(bytes) => bytes,
            Err(error) if error.code == ErrorCode::NotFound => {
                report.missing.push(message.subject);
                continue;
            }
            Err(error) => {
                out.give_up();
                return Err(error);
            }
        };
        report.messages += 1;
        if let Err(error) = out.write(report.messages, &message, &bytes) {
            out.give_up();
            return Err(disk(&path, &error));
        }
    }
    out.finish(&path).map_err(|e| disk(&path, &e))?;
    Ok(report)
}

enum Out {
    Folder(PathBuf),
    File(BufWriter<File>, PathBuf),
}

impl Out {
    fn write(&mut self, number: u32, message: &Message, raw: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Folder(folder) => {
                let words: String = message.subject.chars().take(60).collect();
                let name = mail::parse::safe_filename(&format!("{number:06} {}.eml", words.trim()));
                std::fs::write(folder.join(name), raw)
            }
            Self::File(file, _) => {
                writeln!(file, "{}", mbox::separator(&message.from.email, message.date_at))?;
                for line in raw.split_inclusive(|byte| *byte == b'\n') {
                    let text = line.strip_suffix(b"\n").unwrap_or(line);
                    let text = text.strip_suffix(b"\r").unwrap_or(text);
                    if let Some(mark) = mbox::quote(text) {
                        file.write_all(&[mark])?;
                    }
                    file.write_all(text)?;
                    file.write_all(b"\n")?;
                }
                file.write_all(b"\n")
            }
        }
    }

    fn finish(self, path: &Path) -> std::io::Result<()> {
        match self {
            Self::Folder(_) => Ok(()),
            Self::File(mut file, beside) => {
                file.flush()?;
                file.get_ref().sync_all()?;
                std::fs::rename(beside, path)
            }
        }
    }

    /// Leaves nothing half written.
    fn give_up(&self) {
        let _ = match self {
            Self::Folder(folder) => std::fs::remove_dir_all(folder),
            Self::File(_, beside) => std::fs::remove_file(beside),
        };
    }
}
