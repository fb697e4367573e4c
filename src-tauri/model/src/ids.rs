//! Ids as newtypes, so that a mailbox can never be passed where a message is meant.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        #[ts(type = "number")]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> std::result::Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A connected mail account of this profile.
    AccountId,
    /// A sender: a name and an address an account may send as.
    IdentityId,
    /// A mailbox (folder or label) of an account.
    MailboxId,
    /// A message: one immutable content in one account, in any number of mailboxes.
    MessageId,
    /// A conversation of one account.
    ThreadId,
    /// A draft being written.
    DraftId,
    /// A file attached to a draft.
    DraftAttachmentId,
    /// A local act that is owed to a server.
    OperationId,
    /// All operations of one act of the user; what undo takes back.
    OperationGroupId,
    /// A letter in the send ledger.
    SubmissionId,
    /// A letter template.
    TemplateId,
    /// One bulk send over records.
    RunId,
    /// A table inside one base.
    TableId,
    /// A column inside one base.
    ColumnId,
    /// A record of a table; unique inside its table.
    RecordId,
    /// A view of a table.
    ViewId,
}

/// A base: the ULID in its file, stable across renames; new when a copy is opened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct BaseId(pub String);

impl std::fmt::Display for BaseId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
