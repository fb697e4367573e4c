//! What Gmail's IMAP gives beyond the protocol: every message under the API's own id.
//!
//! `X-GM-MSGID` is the API's id as a decimal number, and the API writes it in hexadecimal. All Mail, Spam and
//! Trash hold each message once. Owns: where a message is ([`Shown`]) and its bytes. Refuses: labels and flags;
//! the API tells those. Look next: `gmail/bulk`.
//! Sources: <https://developers.google.com/workspace/gmail/imap/imap-extensions>,
//! <https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>.

use super::exchange::Response;
use super::fault::Fault;
use super::fetch::fetched;
use super::session::Session;
use super::{ImapRemote, date, role, set};
use crate::access::Access;
use model::mailbox::MailboxRole;
use model::{Error, ErrorCode, Result, Timestamp};
use std::collections::HashMap;
use tokio_util::sync::CancellationToken;

/// UIDs in one FETCH where not the whole mailbox is asked for.
const UIDS_AT_ONCE: usize = 500;

/// A mailbox by IMAP at Google.
pub(crate) struct GmailImap {
    remote: ImapRemote,
}

/// A message as IMAP shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The mailbox that holds it, by its place in [`Index::mailboxes`].
    pub mailbox: usize,
    /// Its UID there.
    pub uid: u32,
    /// Bytes, as the server says.
    pub size: u64,
    /// INTERNALDATE, which is the API's `internalDate` in whole seconds.
    pub received_at: Timestamp,
}

/// Everything that IMAP shows.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// The mailboxes that hold each message once, with their UIDVALIDITY: All Mail first.
    pub mailboxes: Vec<(String, u32)>,
    /// By the API's id.
    pub messages: HashMap<String, Shown>,
}

impl GmailImap {
    /// Connects when it is first needed.
    pub fn new(access: Access) -> Self {
        Self { remote: ImapRemote::new(access) }
    }

    /// What IMAP shows of this account, from `since_at` on.
    ///
    /// # Errors
    /// As [`crate::Remote`]; `Refused` where the server is not Gmail's, or hides All Mail from IMAP.
    pub async fn index(&self, since_at: Option<Timestamp>, cancel: &CancellationToken) -> Result<Index> {
        self.remote.job(cancel, move |session| index(session, since_at)).await
    }

    /// The bytes of messages of one mailbox; those that the server does not give are left out.
    ///
    /// # Errors
    /// As [`crate::Remote`].
    pub async fn contents(
        &self,
        mailbox: &(String, u32),
        wanted: Vec<(u32, u64)>,
        cancel: &CancellationToken,
    ) -> Result<HashMap<u32, Vec<u8>>> {
        let (key, epoch) = mailbox.clone();
        self.remote
            .job(cancel, move |session| {
                session.select_epoch(&key, epoch)?;
                let contents = session.contents(&wanted)?;
                Ok(contents.whole.into_iter().map(|(uid, raw, _)| (uid, raw)).collect())
            })
            .await
    }
}

fn index(session: &mut Session, since_at: Option<Timestamp>) -> std::result::Result<Index, Fault> {
    let refused = |message: &'static str| Fault::Other(Error::new(ErrorCode::Refused, message));
    if !session.has("X-GM-EXT-1") {
        return Err(refused("The server does not say which letter is which at Gmail."));
    }
    let wanted = |role| matches!(role, Some(MailboxRole::All | MailboxRole::Junk | MailboxRole::Trash));
    let mut listed: Vec<_> =
        session.list()?.into_iter().filter(|(mailbox, _)| mailbox.selectable && wanted(mailbox.role)).collect();
    listed.sort_by_key(|(mailbox, _)| std::cmp::Reverse(role::order(mailbox.role)));
    if !listed.iter().any(|(mailbox, _)| mailbox.role == Some(MailboxRole::All)) {
        return Err(refused("All Mail is not shown in IMAP; Gmail's settings have it under Labels."));
    }
    let mut index = Index::default();
    for (mailbox, _) in listed {
        let figures = session.select(&mailbox.key, true)?;
        let at = index.mailboxes.len();
        index.mailboxes.push((mailbox.key, figures.uidvalidity));
        if figures.messages == 0 {
            continue;
        }
        let sets = match since_at {
            None => vec!["1:*".to_owned()],
            Some(since_at) => {
                let uids = session.search(&format!("SINCE {}", date::day_before(since_at)))?;
                uids.chunks(UIDS_AT_ONCE).map(set::write).collect()
            }
        };
        for set in sets {
            let command = format!("UID FETCH {set} (UID X-GM-MSGID INTERNALDATE RFC822.SIZE)");
            session.exchange.run(&command, |response| {
                if let Response::Data(values) = response
                    && let Some(found) = fetched(values)
                    && let (Some(id), Some(received_at)) = (found.gmail_id, found.received_at)
                {
                    let shown = Shown { mailbox: at, uid: found.uid, size: found.size.unwrap_or(0), received_at };
                    index.messages.insert(format!("{id:x}"), shown);
                }
            })?;
        }
    }
    Ok(index)
}
