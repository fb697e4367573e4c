//! Messages and threads as the lists and the reader see them.

use crate::mailbox::MailboxRole;
use crate::{AccountId, MailboxId, MessageId, OperationGroupId, Phrase, ThreadId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A mail address with its display name (RFC 5322, section 3.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub struct Address {
    /// Display name, may be empty.
    pub name: String,
    /// `local@domain`.
    pub email: String,
}

/// The flags of a message that people see (RFC 9051, section 2.3.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Flags {
    /// Read.
    pub seen: bool,
    /// Starred.
    pub flagged: bool,
    /// Answered.
    pub answered: bool,
    /// Forwarded (`$Forwarded`).
    pub forwarded: bool,
    /// A draft.
    pub draft: bool,
}

/// What a list shows: everything that is `Some` or true narrows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListScope {
    /// One account.
    pub account_id: Option<AccountId>,
    /// One mailbox.
    pub mailbox_id: Option<MailboxId>,
    /// All mailboxes of this role: `inbox` is the unified inbox.
    pub role: Option<MailboxRole>,
    /// A search (operators from:, to:, subject:, has:attachment, is:unread, in:, before:, after:,
    /// larger:, "exact phrase", -not).
    pub query: Option<String>,
    /// Only unread.
    pub unread: bool,
    /// Only starred.
    pub flagged: bool,
    /// Only with attachments.
    pub has_attachments: bool,
}

/// Order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ListSort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// By sender's name or address.
    From,
    /// By subject without Re: and Fwd:.
    Subject,
    /// Largest first.
    Largest,
}

/// Arguments of `thread.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ThreadListArgs {
    /// Which.
    pub scope: ListScope,
    /// In which order.
    pub sort: ListSort,
    /// Rows to skip.
    pub offset: u32,
    /// Rows to give, at most 500.
    pub limit: u32,
}

/// A page of a thread list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ThreadPage {
    /// All rows of the list, on this page or not.
    pub total: u32,
    /// The page.
    pub rows: Vec<ThreadRow>,
}

/// One conversation in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ThreadRow {
    /// Its id.
    pub id: ThreadId,
    /// Whose.
    pub account_id: AccountId,
    /// Subject of the newest message.
    pub subject: String,
    /// Correspondents in order of appearance, at most four; in Sent and Drafts the recipients.
    pub people: Vec<Address>,
    /// Begin of the newest message's visible text.
    pub snippet: String,
    /// Time of the newest message in this list.
    pub last_at: Timestamp,
    /// Messages of the conversation.
    pub messages: u32,
    /// Of these, how many are in this list (the rest is elsewhere, such as in Sent).
    pub matching: u32,
    /// Unread messages.
    pub unread: u32,
    /// Any starred.
    pub flagged: bool,
    /// Any answered.
    pub answered: bool,
    /// Any with attachments.
    pub has_attachments: bool,
    /// A draft belongs to it.
    pub has_draft: bool,
    /// Put off until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub snoozed_until: Option<Timestamp>,
    /// Bytes of the largest message.
    #[ts(type = "number")]
    pub size: u64,
}

/// Arguments that name one thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ThreadRef {
    /// Which.
    pub id: ThreadId,
}

/// A conversation opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Thread {
    /// Its id.
    pub id: ThreadId,
    /// Whose.
    pub account_id: AccountId,
    /// Subject.
    pub subject: String,
    /// Messages, oldest first.
    pub messages: Vec<Message>,
}

/// A message without its body (bodies stream over the custom scheme, never as JSON).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Its conversation.
    pub thread_id: ThreadId,
    /// Whose.
    pub account_id: AccountId,
    /// The mailboxes it is in.
    pub mailbox_ids: Vec<MailboxId>,
    /// Message-ID header without angle brackets; may be empty.
    pub message_id: String,
    /// Subject.
    pub subject: String,
    /// Author.
    pub from: Address,
    /// Address of the submitter where it differs from the author.
    pub sender: Option<Address>,
    /// Where replies go, where it differs from the author.
    pub reply_to: Vec<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Bcc (only on our own sent mail and drafts).
    pub bcc: Vec<Address>,
    /// Date header, or the time of arrival where it is missing or absurd.
    pub date_at: Timestamp,
    /// Flags.
    pub flags: Flags,
    /// Names it has at its server besides the flags (Microsoft: categories), in the server's order.
    pub keywords: Vec<String>,
    /// Put off until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub snoozed_until: Option<Timestamp>,
    /// Begin of the visible text.
    pub snippet: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// Files and inline parts.
    pub attachments: Vec<Attachment>,
    /// The body is here; false while only headers were fetched.
    pub complete: bool,
    /// It could not be parsed: what is shown is the source.
    pub unreadable: bool,
    /// It has an HTML body.
    pub has_html: bool,
    /// Remote images it would load with consent.
    pub remote_images: u32,
    /// The user allowed remote images for it or its sender.
    pub remote_allowed: bool,
    /// RFC 2369 and 8058 unsubscribe address or link, if given.
    pub unsubscribe: Option<String>,
    /// Links whose text names another host than their target.
    pub deceptive_links: u32,
}

/// A part of a message that can be opened or saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attachment {
    /// Number of the part inside the message (mail-parser's part id).
    pub part: u32,
    /// File name, safe to create: no path, no control characters; never empty.
    pub filename: String,
    /// Media type such as `application/pdf`.
    pub mime: String,
    /// Decoded bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// Content-ID without angle brackets, for inline images.
    pub content_id: Option<String>,
    /// Shown inside the text.
    pub inline: bool,
}

/// Arguments that name one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MessageRef {
    /// Which.
    pub id: MessageId,
}

/// Arguments of `message.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct MessageListArgs {
    /// Which.
    pub scope: ListScope,
    /// In which order.
    pub sort: ListSort,
    /// Rows to skip.
    pub offset: u32,
    /// Rows to give, at most 1,000; 0 gives only the total.
    pub limit: u32,
}

/// A page of messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MessagePage {
    /// All messages of the list.
    pub total: u32,
    /// The page.
    pub rows: Vec<Message>,
}

/// A message's text in both forms, for the command line and for quoting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MessageBody {
    /// Plain text: the text part, or the visible text of the HTML part.
    pub text: String,
    /// Sanitised HTML, where the message has an HTML part.
    pub html: Option<String>,
    /// The header block as text.
    pub headers: String,
}

/// Messages an act applies to: whole conversations, single messages, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Selection {
    /// Whole conversations.
    pub threads: Vec<ThreadId>,
    /// Single messages.
    pub messages: Vec<MessageId>,
    /// Where they were seen: moves take them out of here. `None`: out of every mailbox but Sent,
    /// Drafts and Trash.
    pub mailbox_id: Option<MailboxId>,
    /// The act this goes on with: a large one is done in parts, and taken back as one. The group of
    /// an answer that changed any message.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub group: Option<OperationGroupId>,
}

/// Arguments of `message.flag`: what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct FlagArgs {
    /// Which.
    pub selection: Selection,
    /// Read or unread.
    pub seen: Option<bool>,
    /// Star.
    pub flagged: Option<bool>,
    /// Answered.
    pub answered: Option<bool>,
    /// Forwarded.
    pub forwarded: Option<bool>,
}

/// Arguments of `message.keyword`. Only Microsoft's mailboxes keep such names; large and small letters are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct KeywordArgs {
    /// Which.
    pub selection: Selection,
    /// Names to set.
    pub add: Vec<String>,
    /// Names to take away.
    pub remove: Vec<String>,
}

/// Arguments of `message.move`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MoveArgs {
    /// Which.
    pub selection: Selection,
    /// Where to, in the same account.
    pub mailbox_id: MailboxId,
}

/// Arguments of `message.archive`, `message.delete`, `message.junk` and `thread.unsnooze`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ActArgs {
    /// Which.
    pub selection: Selection,
}

/// Arguments of `thread.snooze`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SnoozeArgs {
    /// Which; what of it is in no inbox stays where it is.
    #[serde(default)]
    pub selection: Selection,
    /// When it comes back; in the future.
    pub until: Timestamp,
}

/// What an act did, and how to take it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Undoable {
    /// Hand this to `operation.undo`.
    pub group: OperationGroupId,
    /// Messages it changed.
    pub messages: u32,
}

/// Arguments of `operation.undo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UndoArgs {
    /// The act.
    pub group: OperationGroupId,
}

/// A local act that waits for its server, or was refused by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PendingOperation {
    /// Its id.
    pub id: crate::OperationId,
    /// Whose.
    pub account_id: AccountId,
    /// What: `flag`, `move`, `delete`, `append`, ...
    pub kind: String,
    /// Subject of the message it concerns, or of the first of them.
    pub subject: String,
    /// When the user did it.
    pub created_at: Timestamp,
    /// Tries so far.
    pub attempts: u32,
    /// The server refused it, and it was taken back here for this reason.
    pub refused: Option<crate::Error>,
}

/// Arguments of `message.save_attachment`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SaveAttachmentArgs {
    /// The message.
    pub id: MessageId,
    /// The part; `None` saves all files.
    pub part: Option<u32>,
    /// A file for one part, a folder for all. An existing file is never overwritten: a number is added.
    pub path: String,
}

/// Files written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedFiles {
    /// Their paths.
    pub paths: Vec<String>,
}

/// Arguments of `message.allow_remote`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AllowRemoteArgs {
    /// The message.
    pub id: MessageId,
    /// For every message of its sender.
    pub sender: bool,
}

/// Somebody a letter may go to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Correspondent {
    /// Display name, may be empty.
    pub name: String,
    /// `local@domain`.
    pub email: String,
    /// The table that knows this person; `None` for people known from mail alone.
    pub table: Option<PeopleTable>,
}

/// A table with people in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PeopleTable {
    /// Name of the base.
    pub base: String,
    /// Name of the table.
    pub name: String,
}

/// Arguments of `correspondent.complete`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CompleteArgs {
    /// What was typed: matched inside names and addresses, case and diacritics folded; then as
    /// initials, and with one typo.
    pub text: String,
    /// At most this many, 1..=50.
    pub limit: u32,
}

/// Arguments of `message.import_file`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MailImportArgs {
    /// Into this mailbox; its account stores what is new on the server, too.
    pub mailbox_id: MailboxId,
    /// An absolute path: a message (eml), an mbox, a Maildir, or a folder of these.
    pub path: String,
    /// Goes on from here: [`MailImported::next`] of the part before.
    #[serde(default)]
    pub from: Option<String>,
    /// The act this goes on with: [`MailImported::group`] of the part before.
    #[serde(default)]
    pub group: Option<OperationGroupId>,
}

/// What one part of an import brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MailImported {
    /// New messages.
    pub messages: u32,
    /// Messages that were in the mailbox already.
    pub skipped: u32,
    /// What could not be read, and why.
    pub unreadable: Vec<Phrase>,
    /// Bytes looked at so far, of all parts.
    #[ts(type = "number")]
    pub done_bytes: u64,
    /// Bytes in all.
    #[ts(type = "number")]
    pub total_bytes: u64,
    /// Where the next part begins; none: all is done.
    pub next: Option<String>,
    /// Hand this to `operation.undo` to take back what no server has stored yet.
    pub group: Option<OperationGroupId>,
}

/// Files of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MailFormat {
    /// A folder with one file a message.
    Eml,
    /// One file of all (mboxrd).
    Mbox,
}

/// Arguments of `message.resync`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MailResyncArgs {
    /// Which messages.
    #[serde(default)]
    pub scope: ListScope,
    /// These alone, whatever the scope: messages, and all of conversations.
    #[serde(default)]
    pub selection: Option<Selection>,
    /// A name of the caller's choice to ask how far it is, and to stop it.
    #[serde(default)]
    pub ticket: Option<String>,
}

/// What comparing chosen messages with their servers brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MailResynced {
    /// Messages that were compared.
    pub messages: u32,
    /// Of these, whose content was missing, damaged or another one here, and was fetched.
    pub mended: u32,
    /// Of these, which their server has no longer; they are gone from here too.
    pub gone: u32,
    /// Messages left out, since no server has them (yet).
    pub local: u32,
    /// It was stopped before the end.
    pub stopped: bool,
}

/// Arguments of `message.export_file`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MailExportArgs {
    /// Which messages.
    pub scope: ListScope,
    /// These alone, whatever the scope: messages, and all of conversations.
    #[serde(default)]
    pub selection: Option<Selection>,
    /// As what.
    pub format: MailFormat,
    /// An absolute path that is free: of the folder, or of the file.
    pub path: String,
    /// A name of the caller's choice to ask how far it is, and to stop it.
    #[serde(default)]
    pub ticket: Option<String>,
}

/// What an export wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MailExported {
    /// Messages written.
    pub messages: u32,
    /// Messages that neither this machine nor their server had any more, by subject.
    pub missing: Vec<String>,
    /// Where they are.
    pub path: String,
}
