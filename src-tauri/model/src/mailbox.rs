//! Mailboxes.

use crate::{AccountId, MailboxId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a mailbox is for (RFC 6154 special uses, plus the inbox).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MailboxRole {
    /// Where mail arrives.
    Inbox,
    /// What comes back to the inbox at its time; here only, never at a server.
    Snoozed,
    /// Drafts.
    Drafts,
    /// Sent copies.
    Sent,
    /// Archive.
    Archive,
    /// Junk or spam.
    Junk,
    /// Deleted mail.
    Trash,
    /// Everything (Gmail's "All Mail").
    All,
}

impl MailboxRole {
    /// The role as stored and as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Snoozed => "snoozed",
            Self::Drafts => "drafts",
            Self::Sent => "sent",
            Self::Archive => "archive",
            Self::Junk => "junk",
            Self::Trash => "trash",
            Self::All => "all",
        }
    }

    /// The inverse of [`MailboxRole::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "inbox" => Self::Inbox,
            "snoozed" => Self::Snoozed,
            "drafts" => Self::Drafts,
            "sent" => Self::Sent,
            "archive" => Self::Archive,
            "junk" => Self::Junk,
            "trash" => Self::Trash,
            "all" => Self::All,
            _ => return None,
        })
    }
}

/// A mailbox of an account, as shown in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Mailbox {
    /// Its id.
    pub id: MailboxId,
    /// Whose it is.
    pub account_id: AccountId,
    /// The whole path in Unicode, parts joined by `/`, such as `Projects/2026`.
    pub path: String,
    /// The last part of the path.
    pub name: String,
    /// Its special use, if any.
    pub role: Option<MailboxRole>,
    /// False where it only holds other mailboxes.
    pub selectable: bool,
    /// Messages known here.
    pub messages: u32,
    /// Unread messages known here.
    pub unread: u32,
    /// Messages the server says it holds, where that is known; more than `messages` while syncing.
    pub on_server: Option<u32>,
}

/// Arguments of `mailbox.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct MailboxListArgs {
    /// Only of this account.
    pub account_id: Option<AccountId>,
}
