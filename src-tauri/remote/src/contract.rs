//! What every protocol promises the engine, and what the engine promises every protocol.

use async_trait::async_trait;
use model::mailbox::MailboxRole;
use model::message::Flags;
use model::{Error, Result, Timestamp};
use tokio_util::sync::CancellationToken;

/// A mailbox as the server names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteMailbox {
    /// The server's own name, byte for byte as the protocol wants it back (IMAP: modified UTF-7 or
    /// UTF-8 as listed; Gmail: label id; Graph: folder id). The key of the mailbox.
    pub key: String,
    /// The path in Unicode, parts joined by `/`.
    pub path: String,
    /// Special use, announced or recognised by name.
    pub role: Option<MailboxRole>,
    /// False where it only holds others.
    pub selectable: bool,
    /// Messages on the server, where the listing tells.
    pub messages: Option<u32>,
}

/// A message inside a mailbox, as the protocol names it; opaque to the engine. IMAP: `UIDVALIDITY:UID`, so
/// that a key of a renumbered mailbox can never name another message; Gmail and Graph: their id.
pub type RemoteKey = String;

/// A message the store has, as the adapter needs it for comparing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its key.
    pub key: RemoteKey,
    /// Flags as the server last told them (local acts not yet replayed are not in here).
    pub flags: Flags,
    /// The body is here, not only the header.
    pub complete: bool,
}

/// What identifies a content across a change of UIDVALIDITY without fetching it again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// RFC822.SIZE.
    pub size: u64,
    /// INTERNALDATE.
    pub received_at: Timestamp,
}

/// A message that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Its key.
    pub key: RemoteKey,
    /// The mailboxes it is in: one for IMAP and Graph, any number for Gmail.
    pub mailboxes: Vec<String>,
    /// Flags.
    pub flags: Flags,
    /// When the server received it.
    pub received_at: Timestamp,
    /// Bytes on the server.
    pub size: u64,
    /// The whole message, or only its header block.
    pub content: Content,
    /// The provider's own conversation id, where it has one.
    pub provider_thread: Option<String>,
}

/// How much of a message was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The raw message.
    Whole(Vec<u8>),
    /// The raw header block; the body follows in a later batch under the same key.
    Header(Vec<u8>),
    /// It is here already: same content as this known fingerprint (UIDVALIDITY changed, or moved).
    Same(Fingerprint),
}

/// What one transaction of the store takes in; commits whole or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The mailbox it is about; empty for an account-wide batch (Gmail).
    pub mailbox: String,
    /// New messages, or bodies of messages known by header.
    pub arrived: Vec<Arrived>,
    /// New flags; keys that are unknown here mean nothing.
    pub flags: Vec<(RemoteKey, Flags)>,
    /// Keywords (Graph: categories) as the server has them; a message that is not named here keeps its own.
    pub keywords: Vec<(RemoteKey, Vec<String>)>,
    /// New sets of mailboxes (Gmail labels).
    pub placed: Vec<(RemoteKey, Vec<String>)>,
    /// Flags that the protocol has no word for: in this batch they say nothing, and stay as they are here.
    pub untold: Flags,
    /// Gone from the mailbox, with proof; keys that are unknown here mean nothing.
    pub gone: Vec<RemoteKey>,
    /// Could not be fetched or parsed by the server's own doing: set aside with the reason.
    pub unreadable: Vec<(RemoteKey, String)>,
    /// Every key of this mailbox from before is void (UIDVALIDITY changed): what is not adopted by
    /// [`Content::Same`] until the cursor is next set is gone.
    pub new_epoch: bool,
    /// The place to go on from, opaque to the engine; stored with the batch.
    pub cursor: Option<String>,
    /// How far this round has come.
    pub progress: Option<Progress>,
    /// Messages the server holds in this mailbox, if it told.
    pub on_server: Option<u32>,
}

/// Real numbers for the progress line, over the whole round of the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Messages fetched.
    pub done: u32,
    /// Messages to fetch.
    pub total: u32,
}

/// The engine's side of a pull.
#[async_trait]
pub trait Local: Send + Sync {
    /// Takes the server's whole list of mailboxes; those missing from it are gone.
    async fn mailboxes(&self, list: Vec<RemoteMailbox>) -> Result<()>;
    /// The cursor that was stored with the last batch of this mailbox.
    async fn cursor(&self, mailbox: &str) -> Result<Option<String>>;
    /// Every message the store has in this mailbox, in any order; those set aside as unreadable too,
    /// as complete, so that they are not asked for again and again.
    async fn known(&self, mailbox: &str) -> Result<Vec<Known>>;
    /// Where the account has messages with these keys, for protocols whose keys stay with a message wherever
    /// it goes: one entry a mailbox that holds it, with that mailbox's key.
    async fn held(&self, keys: &[RemoteKey]) -> Result<Vec<(String, Known)>>;
    /// Which of these contents the account has, anywhere.
    async fn has(&self, fingerprints: &[Fingerprint]) -> Result<Vec<bool>>;
    /// A mailbox that the server would not open this time; the round goes on without it.
    async fn left(&self, _mailbox: &str, _why: Error) {}
    /// Something that people should know, although all is in step in the end.
    async fn remark(&self, _what: Error) {}
    /// Commits a batch; returns when it is durable enough to go on. Called one at a time.
    async fn apply(&self, batch: Batch) -> Result<()>;
}

/// What to pull.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullScope {
    /// Only these mailboxes (keys); empty is all.
    pub mailboxes: Vec<String>,
    /// Nothing older than this.
    pub since_at: Option<Timestamp>,
    /// Compare everything, trusting no cursor (resync).
    pub full: bool,
}

/// An act the user made here, to be made on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Sets and clears flags.
    Flag {
        /// Where.
        mailbox: String,
        /// Which.
        keys: Vec<RemoteKey>,
        /// Flags to set.
        add: Flags,
        /// Flags to clear.
        remove: Flags,
    },
    /// Sets keywords and takes others away; only Graph keeps any (categories).
    Keyword {
        /// Where.
        mailbox: String,
        /// Which.
        keys: Vec<RemoteKey>,
        /// Names to set.
        add: Vec<String>,
        /// Names to take away.
        remove: Vec<String>,
    },
    /// Moves messages (Gmail: removes one label, adds another).
    Move {
        /// From.
        mailbox: String,
        /// Which.
        keys: Vec<RemoteKey>,
        /// To.
        to: String,
    },
    /// Deletes for good.
    Delete {
        /// Where.
        mailbox: String,
        /// Which.
        keys: Vec<RemoteKey>,
    },
    /// Stores a message, once: an adapter first looks for its Message-ID there.
    Append {
        /// Where.
        mailbox: String,
        /// The raw message.
        raw: Vec<u8>,
        /// Its Message-ID without angle brackets.
        message_id: String,
        /// Flags.
        flags: Flags,
        /// INTERNALDATE.
        received_at: Timestamp,
    },
    /// Makes a mailbox at the top; done already where there is one.
    CreateMailbox {
        /// Its name in Unicode.
        path: String,
    },
}

/// What became of an act.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActDone {
    /// Old key to new key, where the server tells (COPYUID, APPENDUID; for an append the old key is
    /// empty). For a new mailbox: nothing, and its key.
    pub keys: Vec<(RemoteKey, RemoteKey)>,
}

/// What woke a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// The server has news: pull.
    News,
    /// The time is over: poll.
    Elapsed,
}

/// Mail in, acts out. Every method ends by itself: each read and write has a deadline, and `cancel`
/// ends it within a second.
///
/// # Errors
/// `Network`, `Timeout`, `Certificate`, `NoTls`, `SignIn`, `AdminConsent`, `Throttled`, `Refused`,
/// `Quota`, `Protocol`, `Cancelled` as in [`model::ErrorCode`]; the engine decides by code alone.
#[async_trait]
pub trait Remote: Send + Sync {
    /// Brings the store in step: newest first, in batches, resumable after any of them.
    async fn pull(&self, local: &dyn Local, scope: &PullScope, cancel: &CancellationToken) -> Result<()>;
    /// Waits for news of the inbox by push, at most `poll_seconds` (other mailboxes have no push). News that
    /// came since the last wait, during a pull too, wakes it at once.
    async fn wait(&self, poll_seconds: u32, cancel: &CancellationToken) -> Result<Woken>;
    /// Makes an act on the server. Acts are idempotent: a repeated one changes nothing more. Keys of a
    /// mailbox that was renumbered since give a transient error: pull, then try with the new keys.
    async fn act(&self, act: &Act, cancel: &CancellationToken) -> Result<ActDone>;
    /// The raw message; `None` where the server has it no longer.
    async fn fetch(&self, mailbox: &str, key: &str, cancel: &CancellationToken) -> Result<Option<Vec<u8>>>;
    /// The keys of messages with this Message-ID in a mailbox: evidence for the ledger.
    async fn find(&self, mailbox: &str, message_id: &str, cancel: &CancellationToken) -> Result<Vec<RemoteKey>>;
    /// Closes connections politely; later calls open them again.
    async fn close(&self);
}

/// A letter to hand over: frozen bytes and envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Envelope sender.
    pub from: String,
    /// Envelope recipients still to be served.
    pub recipients: Vec<String>,
    /// The frozen message, without Bcc.
    pub bytes: Vec<u8>,
    /// Its Message-ID without angle brackets.
    pub message_id: String,
    /// Blind recipients, for providers whose API wants them as a header.
    pub bcc: Vec<String>,
    /// The provider's conversation to put it in.
    pub provider_thread: Option<String>,
    /// What an earlier attempt left at the provider (a Graph draft id).
    pub provider_ref: Option<String>,
}

/// What became of one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipientOutcome {
    /// Address.
    pub email: String,
    /// Accepted, refused for good, or (`None`) to be tried later.
    pub accepted: Option<bool>,
    /// SMTP reply code.
    pub code: Option<u16>,
    /// The server's answer.
    pub answer: String,
}

/// A letter handed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submitted {
    /// One entry a recipient.
    pub recipients: Vec<RecipientOutcome>,
    /// The answer to the whole letter.
    pub answer: String,
    /// The provider's id.
    pub provider_ref: Option<String>,
}

/// Why a letter was not handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubmitError {
    /// Before the irreversible step: nobody got it; the error says whether trying again may help.
    Before(model::Error),
    /// At or after the irreversible step, without an answer: nobody knows.
    Uncertain(model::Error),
    /// The server answered and took it for nobody; recipients in the outcome, those to be tried later
    /// with `accepted: None` (the error is transient where there is one).
    Refused(model::Error, Submitted),
}

/// The ledger's side of a hand-over.
#[async_trait]
pub trait PhaseLog: Send + Sync {
    /// Makes "the irreversible step begins now" durable; the adapter goes on only after `Ok`.
    async fn handing_over(&self) -> Result<()>;
    /// Keeps what a later attempt needs to know (a Graph draft id), durable.
    async fn provider_ref(&self, value: &str) -> Result<()>;
}

/// What the provider itself says of a letter nobody knows about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It went out.
    Sent,
    /// It lies there unsent, and nothing will send it by itself.
    NotSent,
    /// It has nothing to say.
    Unknown,
}

/// Letters out.
#[async_trait]
pub trait Submit: Send + Sync {
    /// Hands one letter over, at most once: calls [`PhaseLog::handing_over`] right before the step
    /// that can't be taken back (SMTP: the final dot).
    async fn submit(
        &self,
        letter: &Letter,
        log: &dyn PhaseLog,
        cancel: &CancellationToken,
    ) -> std::result::Result<Submitted, SubmitError>;
    /// Largest message it takes, bytes, where it tells.
    async fn size_limit(&self, cancel: &CancellationToken) -> Result<Option<u64>>;
    /// True where the provider files the Sent copy by itself (Gmail, Graph).
    fn files_sent_copy(&self) -> bool;
    /// What became of a letter whose hand-over had no answer, where the provider can say more than its Sent mailbox
    /// (a Graph draft): asked again and again, it may change its mind from unsent to sent for some minutes.
    async fn fate(&self, _message_id: &str, _provider_ref: Option<&str>, _cancel: &CancellationToken) -> Result<Fate> {
        Ok(Fate::Unknown)
    }
    /// The Message-ID (without angle brackets) under which a letter went out that the provider took under this id,
    /// where it may have given it another one; replies come to that.
    async fn sent_as(&self, _provider_ref: &str, _cancel: &CancellationToken) -> Result<Option<String>> {
        Ok(None)
    }
    /// Closes connections politely.
    async fn close(&self);
}
