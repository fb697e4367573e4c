//! What the commit of every write tells everybody, in this process and in others.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The nouns that reads are made of and changes name. A cache that holds a read made of a noun is
/// stale when a [`Change`] names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Noun {
    /// Accounts, their settings and identities.
    Account,
    /// How far sync has come, per account; changes often.
    SyncState,
    /// OAuth providers.
    Provider,
    /// Mailboxes and their counts.
    Mailbox,
    /// Messages.
    Message,
    /// Conversations: which of them hold the messages that changed.
    Thread,
    /// Drafts.
    Draft,
    /// The send ledger.
    Submission,
    /// Letter templates.
    Template,
    /// Bulk runs.
    Run,
    /// The list of bases.
    Base,
    /// Tables, columns and views of a base.
    Table,
    /// Records of a base.
    Record,
    /// Settings of the profile.
    Setting,
    /// How far imports and exports are, by ticket.
    Exchange,
}

impl Noun {
    /// The noun as it stands in JSON and in the change table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::SyncState => "sync_state",
            Self::Provider => "provider",
            Self::Mailbox => "mailbox",
            Self::Message => "message",
            Self::Thread => "thread",
            Self::Draft => "draft",
            Self::Submission => "submission",
            Self::Template => "template",
            Self::Run => "run",
            Self::Base => "base",
            Self::Table => "table",
            Self::Record => "record",
            Self::Setting => "setting",
            Self::Exchange => "exchange",
        }
    }

    /// The inverse of [`Noun::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "account" => Self::Account,
            "sync_state" => Self::SyncState,
            "provider" => Self::Provider,
            "mailbox" => Self::Mailbox,
            "message" => Self::Message,
            "thread" => Self::Thread,
            "draft" => Self::Draft,
            "submission" => Self::Submission,
            "template" => Self::Template,
            "run" => Self::Run,
            "base" => Self::Base,
            "table" => Self::Table,
            "record" => Self::Record,
            "setting" => Self::Setting,
            "exchange" => Self::Exchange,
            _ => return None,
        })
    }
}

/// One fact of a committed transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Change {
    /// Grows with every change of one file (mail.db, or one base).
    #[ts(type = "number")]
    pub seq: i64,
    /// What changed.
    pub noun: Noun,
    /// Which one: an id of that noun; `None` means "any of them".
    pub id: Option<String>,
    /// The base that holds it, for tables and records.
    pub base: Option<crate::BaseId>,
    /// True where this is new incoming mail a person may want to be told of.
    #[serde(default)]
    pub arrived: bool,
}
