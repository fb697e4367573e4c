//! The send ledger (docs/architecture.md, section 5) as people see it.

use crate::message::Address;
use crate::{AccountId, DraftId, Error, RunId, SubmissionId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where a letter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionState {
    /// Bytes and Message-ID are fixed; not yet released (a paused run, a restored backup).
    Frozen,
    /// Waits for `send_at`, the network or its lane.
    Queued,
    /// The outbox works on it; nothing irreversible has happened.
    Claimed,
    /// The irreversible step has begun; its answer is not known yet.
    HandingOver,
    /// The server took it for at least one recipient.
    Accepted,
    /// The server refused it for all recipients.
    Refused,
    /// The connection broke after the irreversible step: evidence is being sought, nothing is sent again.
    Uncertain,
    /// A bounce came back.
    Bounced,
    /// An answer came.
    Replied,
    /// Taken back before it was sent.
    Cancelled,
    /// The user said what became of an uncertain letter: it was not sent.
    Unsent,
}

impl SubmissionState {
    /// The state as stored and as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Frozen => "frozen",
            Self::Queued => "queued",
            Self::Claimed => "claimed",
            Self::HandingOver => "handing_over",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Uncertain => "uncertain",
            Self::Bounced => "bounced",
            Self::Replied => "replied",
            Self::Cancelled => "cancelled",
            Self::Unsent => "unsent",
        }
    }

    /// The inverse of [`SubmissionState::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "frozen" => Self::Frozen,
            "queued" => Self::Queued,
            "claimed" => Self::Claimed,
            "handing_over" => Self::HandingOver,
            "accepted" => Self::Accepted,
            "refused" => Self::Refused,
            "uncertain" => Self::Uncertain,
            "bounced" => Self::Bounced,
            "replied" => Self::Replied,
            "cancelled" => Self::Cancelled,
            "unsent" => Self::Unsent,
            _ => return None,
        })
    }

    /// True where nothing will happen any more by itself.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Accepted | Self::Refused | Self::Bounced | Self::Replied | Self::Cancelled | Self::Unsent)
    }
}

/// A letter in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Submission {
    /// Its id.
    pub id: SubmissionId,
    /// The account that sends it.
    pub account_id: AccountId,
    /// Where it stands.
    pub state: SubmissionState,
    /// Sender.
    pub from: Address,
    /// Subject.
    pub subject: String,
    /// Our Message-ID without angle brackets.
    pub message_id: String,
    /// The one it went out under, where the provider gave it another; replies name that.
    pub sent_message_id: Option<String>,
    /// Everybody it goes to, with what became of it.
    pub recipients: Vec<SubmissionRecipient>,
    /// When it was frozen.
    pub created_at: Timestamp,
    /// Not before this.
    pub send_at: Timestamp,
    /// When it reached its present state.
    pub state_at: Timestamp,
    /// Tries so far.
    pub attempts: u32,
    /// Next try, where it waits after a failure.
    pub retry_at: Option<Timestamp>,
    /// The server's answer to the whole letter.
    pub answer: Option<String>,
    /// Why it waits or failed.
    pub error: Option<Error>,
    /// The Sent copy is in place.
    pub filed: bool,
    /// The bulk run it belongs to.
    pub run_id: Option<RunId>,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
}

/// One recipient of a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SubmissionRecipient {
    /// Address.
    pub email: String,
    /// Where it stands.
    pub state: SubmissionState,
    /// SMTP reply code, if any.
    pub code: Option<u16>,
    /// The server's answer.
    pub answer: Option<String>,
}

/// Arguments of `submission.send`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SendArgs {
    /// The draft; it is gone once frozen, and comes back by `submission.cancel`.
    pub draft_id: DraftId,
    /// Send later; now (plus the undo time) if left out.
    #[serde(default)]
    pub send_at: Option<Timestamp>,
}

/// Arguments of `submission.compose`: a letter in one go, for the command line and scripts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ComposeArgs {
    /// Account or identity, by address or account name.
    pub from: String,
    /// To.
    pub to: Vec<String>,
    /// Cc.
    pub cc: Vec<String>,
    /// Bcc.
    pub bcc: Vec<String>,
    /// Reply-To.
    pub reply_to: Vec<String>,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: Option<String>,
    /// HTML.
    pub html: Option<String>,
    /// Files on this machine.
    pub attach: Vec<String>,
    /// Send later.
    pub send_at: Option<Timestamp>,
}

/// Arguments that name one submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SubmissionRef {
    /// Which.
    pub id: SubmissionId,
}

/// Arguments of `submission.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SubmissionListArgs {
    /// Only of this account.
    pub account_id: Option<AccountId>,
    /// Only of this run.
    pub run_id: Option<RunId>,
    /// Only what still waits or needs the user.
    pub open: bool,
    /// Rows to skip.
    pub offset: u32,
    /// Rows to give, at most 1,000; 0 means 200.
    pub limit: u32,
}

/// A page of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SubmissionPage {
    /// All rows.
    pub total: u32,
    /// Rows that still wait or need the user, of all accounts.
    pub open: u32,
    /// Accounts whose lane is paused.
    pub paused: Vec<AccountId>,
    /// The page, newest first.
    pub rows: Vec<Submission>,
}

/// Arguments of `submission.settle`: the user says what became of an uncertain letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettleArgs {
    /// Which.
    pub id: SubmissionId,
    /// It was sent.
    pub sent: bool,
}

/// What `submission.cancel` gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Cancelled {
    /// The draft it was made from, restored; none for letters of a bulk run.
    pub draft_id: Option<DraftId>,
}
