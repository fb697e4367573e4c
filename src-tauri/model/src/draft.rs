//! Letters being written.

use crate::message::Address;
use crate::{AccountId, DraftAttachmentId, DraftId, IdentityId, MessageId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a draft was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DraftKind {
    /// A new letter.
    New,
    /// An answer to the author.
    Reply,
    /// An answer to all.
    ReplyAll,
    /// A forward.
    Forward,
}

/// A letter being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// The account that will send it.
    pub account_id: AccountId,
    /// The sender.
    pub identity_id: IdentityId,
    /// Why it was begun.
    pub kind: DraftKind,
    /// The message it answers or forwards.
    pub original: Option<MessageId>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Bcc.
    pub bcc: Vec<Address>,
    /// Subject.
    pub subject: String,
    /// Rich text as mail-safe HTML; `None` in plain text mode. Inline images are `cid:` addresses.
    pub html: Option<String>,
    /// Plain text (in rich mode made from `html` when saved).
    pub text: String,
    /// Put the original, verbatim, below the text when it is sent.
    pub quote: bool,
    /// Files.
    pub attachments: Vec<DraftAttachment>,
    /// Last change.
    pub updated_at: Timestamp,
}

/// A file of a draft; its bytes are in the profile until it is sent or discarded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftAttachment {
    /// Its id.
    pub id: DraftAttachmentId,
    /// File name.
    pub filename: String,
    /// Media type.
    pub mime: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// Content-ID where it is an inline image.
    pub content_id: Option<String>,
}

/// Arguments of `draft.create`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftCreateArgs {
    /// Why.
    pub kind: DraftKind,
    /// What it answers or forwards; needed for all kinds but `new`.
    #[serde(default)]
    pub original: Option<MessageId>,
    /// Sender; chosen by rule if left out (the address the original was sent to).
    #[serde(default)]
    pub identity_id: Option<IdentityId>,
    /// Recipients to begin with.
    #[serde(default)]
    pub to: Vec<Address>,
    /// Subject to begin with.
    #[serde(default)]
    pub subject: Option<String>,
    /// Text to begin with.
    #[serde(default)]
    pub text: Option<String>,
}

/// Arguments of `draft.save`: the whole text each time; attachments have their own commands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftSaveArgs {
    /// Which.
    pub id: DraftId,
    /// Sender.
    pub identity_id: IdentityId,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Bcc.
    pub bcc: Vec<Address>,
    /// Subject.
    pub subject: String,
    /// Rich text; `None` in plain text mode.
    pub html: Option<String>,
    /// Plain text.
    pub text: String,
    /// Quote the original.
    pub quote: bool,
    /// The composer was closed: the copy for the server's Drafts need not wait.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub closed: bool,
}

/// Arguments that name one draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftRef {
    /// Which.
    pub id: DraftId,
}

/// Arguments of `draft.attach`: one of `path` and `bytes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftAttachArgs {
    /// Which draft.
    pub id: DraftId,
    /// A file on this machine.
    #[serde(default)]
    pub path: Option<String>,
    /// Name and base64 of pasted or dropped bytes.
    #[serde(default)]
    pub bytes: Option<PastedFile>,
    /// As an inline image.
    #[serde(default)]
    pub inline: bool,
}

/// A file that has no path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PastedFile {
    /// File name.
    pub filename: String,
    /// Media type.
    pub mime: String,
    /// Content, base64 (RFC 4648, section 4).
    pub base64: String,
}

/// Arguments of `draft.detach`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftDetachArgs {
    /// Which draft.
    pub id: DraftId,
    /// Which file.
    pub attachment_id: DraftAttachmentId,
}

/// What a careful reader would say before this is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DraftWarning {
    /// Nobody to send to: sending is refused.
    NoRecipient,
    /// This is no address: sending is refused.
    BadAddress {
        /// What was typed.
        address: String,
    },
    /// The subject is empty.
    EmptySubject,
    /// The text speaks of an attachment and there is none.
    MissingAttachment {
        /// The word that says so.
        word: String,
    },
    /// Many people see each other's addresses.
    ManyVisible {
        /// How many in To and Cc.
        count: u32,
    },
    /// Larger than the server takes: sending is refused.
    TooLarge {
        /// Bytes of the finished message.
        #[ts(type = "number")]
        size: u64,
        /// Bytes the server takes.
        #[ts(type = "number")]
        limit: u64,
    },
}
