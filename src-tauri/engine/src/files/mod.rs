//! Mail from files and into files: single messages, mbox, Maildir.
//!
//! Owns: which files hold mail, and the form they are written in. An import goes part by part: each
//! part is one transaction, tells how far it came and where to go on; what is in the mailbox already
//! is left out, so a broken import is simply begun again.
//! Refuses: the network; the server is given what is new by operations, like every other act.
//! Look next: [`source`] for reading, [`export`] for writing, `store/src/operation/append.rs`.

mod export;
mod source;

pub(crate) use export::export;

use crate::Engine;
use model::mailbox::MailboxRole;
use model::message::{MailImportArgs, MailImported};
use model::{Error, OperationGroupId, Result};
use source::{Found, Source};
use std::path::{Path, PathBuf};
use store::content::{Packed, pack};
use store::ingest::{Body, Incoming};

/// Messages of one part.
const PART_MESSAGES: usize = 100;
/// Bytes of one part, unless a single message is larger.
const PART_BYTES: usize = 16 << 20;

/// An absolute path as a caller gives it.
fn absolute(path: &str) -> Result<PathBuf> {
    let path = Path::new(path.trim());
    if !path.is_absolute() {
        return Err(Error::invalid("Choose a file or folder by its whole path."));
    }
    Ok(path.to_owned())
}

/// Puts the next part of a file or folder into a mailbox.
///
/// # Errors
/// `Invalid` where there is no mail in it, `Disk` where it can't be read.
pub(crate) async fn import(engine: &Engine, args: MailImportArgs) -> Result<MailImported> {
    let path = absolute(&args.path)?;
    let into = args.mailbox_id;
    let account = engine
        .store()
        .read(move |r| {
            let mailbox = store::mailbox::get(r, into)?;
            if !mailbox.selectable {
                return Err(Error::invalid("This mailbox only holds other mailboxes."));
            }
            if mailbox.role == Some(MailboxRole::Snoozed) {
                return Err(
                    Error::invalid("What is snoozed needs a time to come back.").remedy("Choose another mailbox.")
                );
            }
            Ok(mailbox.account_id)
        })
        .await?;
    let now = engine.store().now();
    let (from, content) = (args.from.clone(), engine.store().content().clone());
    let (mut report, ready) = tokio::task::spawn_blocking(move || {
        let source = Source::open(&path)?;
        let part = source.part(from.as_deref(), PART_MESSAGES, PART_BYTES)?;
        let report = MailImported {
            unreadable: part.unreadable,
            done_bytes: part.done_bytes,
            total_bytes: source.total_bytes(),
            next: part.next,
            ..MailImported::default()
        };
        let (mut packed, mut ready): (Vec<Packed>, Vec<Incoming>) = (Vec::new(), Vec::new());
        for Found { raw, flags } in part.messages {
            let parsed = mail::parse::parse(&raw);
            let content = pack(&raw);
            ready.push(Incoming {
                key: None,
                mailboxes: Vec::new(),
                flags,
                received_at: parsed.date.unwrap_or(now),
                size: raw.len() as u64,
                body: Body::Whole(Box::new(store::message::prepare(&parsed)), content.hash()),
                provider_thread: None,
            });
            packed.push(content);
        }
        content.put_packed(&packed)?;
        Ok::<_, Error>((report, ready))
    })
    .await
    .map_err(|e| Error::internal(&e))??;
    let known = args.group;
    let (group, messages, skipped) = engine
        .store()
        .write(move |w| {
            let group: OperationGroupId = match known {
                Some(group) => group,
                None => store::operation::group(w)?,
            };
            let (mut messages, mut skipped) = (0, 0);
            for incoming in ready {
                match store::operation::append(w, group, account, into, incoming)? {
                    Some(_) => messages += 1,
                    None => skipped += 1,
                }
            }
            Ok((group, messages, skipped))
        })
        .await?;
    report.messages = messages;
    report.skipped = skipped;
    report.group = known.or((messages > 0).then_some(group));
    Ok(report)
}
