//! `tabella message import` and `export`.

use crate::args::Format;
use crate::output::Output;
use crate::profile::ask;
use engine::Engine;
use model::message::{ListScope, MailExportArgs, MailExported, MailFormat, MailImportArgs, MailImported};
use model::{Error, ErrorCode, MailboxId, Result, say};
use serde::Serialize;
use std::path::Path;

/// What an import brought, all parts together.
#[derive(Default, Serialize)]
struct Brought {
    messages: u32,
    skipped: u32,
    unreadable: Vec<model::Phrase>,
}

fn whole(path: &Path) -> Result<String> {
    let path = std::path::absolute(path)
        .map_err(|e| Error::new(ErrorCode::Disk, say!("{path} is no path.", path = path.display())).detail(e))?;
    Ok(path.to_string_lossy().into_owned())
}

/// Part by part, here; then onto the server where it can be reached. What can't be now stays owed. Begun
/// again after a break it leaves out what is there.
pub async fn import(engine: &Engine, out: &Output, mailbox_id: MailboxId, path: &Path) -> Result<()> {
    let mut args = MailImportArgs { mailbox_id, path: whole(path)?, from: None, group: None };
    let mut brought = Brought::default();
    loop {
        let part: MailImported = ask(engine, "message.import_file", &args).await?;
        brought.messages += part.messages;
        brought.skipped += part.skipped;
        for line in &part.unreadable {
            eprintln!("left out: {line}");
        }
        brought.unreadable.extend(part.unreadable);
        eprintln!("{} % read, {} messages", part.done_bytes * 100 / part.total_bytes.max(1), brought.messages);
        args.group = part.group;
        args.from = part.next;
        if args.from.is_none() {
            break;
        }
    }
    engine.replay_operations().await;
    out.show(&brought, |b| format!("{} messages, {} were there already", b.messages, b.skipped))
}

/// Writes what a scope names.
pub async fn export(engine: &Engine, out: &Output, scope: ListScope, format: Format, path: &Path) -> Result<()> {
    let format = match format {
        Format::Eml => MailFormat::Eml,
        Format::Mbox => MailFormat::Mbox,
    };
    let args = MailExportArgs { scope, selection: None, format, path: whole(path)?, ticket: None };
    let written: MailExported = ask(engine, "message.export_file", &args).await?;
    for subject in &written.missing {
        eprintln!("no longer anywhere: {subject}");
    }
    out.show(&written, |w| format!("{} messages in {}", w.messages, w.path))
}
