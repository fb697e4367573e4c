//! One letter per record: the plan (dry run) and the run.

use crate::base::{FilterNode, Sort};
use crate::phrase::Parts;
use crate::{AccountId, BaseId, ColumnId, RecordId, RunId, TableId, TemplateId, Timestamp, ViewId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What to send to whom; the same for the plan and the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BulkArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The template.
    pub template: TemplateId,
    /// The column with the recipients' addresses.
    pub to: ColumnId,
    /// The account that sends.
    pub account: AccountId,
    /// The ticked records; `None` is all records of the view and filter.
    #[serde(default)]
    pub records: Option<Vec<RecordId>>,
    /// Records of this view.
    #[serde(default)]
    pub view: Option<ViewId>,
    /// Records that match.
    #[serde(default)]
    pub filter: Option<FilterNode>,
    /// In this order.
    #[serde(default)]
    pub sorts: Vec<Sort>,
    /// Where the outcome is written: status text, time and Message-ID. Columns are made where they
    /// are missing.
    #[serde(default)]
    pub write_back: bool,
    /// Shortest time between two letters of this run, seconds.
    #[serde(default)]
    pub pace_seconds: u32,
}

/// What a dry run found. Nothing is queued by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulkPlan {
    /// Records looked at.
    pub records: u32,
    /// Letters that would go out.
    pub letters: u32,
    /// What is wrong; records named here get no letter, except for `empty_value`.
    pub problems: Vec<BulkProblem>,
    /// The first letters, rendered.
    pub samples: Vec<PlannedLetter>,
    /// A mistake in the template stops the whole run.
    pub template_error: Option<crate::Error>,
}

/// A letter of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlannedLetter {
    /// Its record.
    pub record: RecordId,
    /// Recipient.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// One finding of a dry run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulkProblem {
    /// The record.
    pub record: RecordId,
    /// What is wrong.
    pub kind: BulkProblemKind,
    /// The address or column it is about; what is wrong, where the letter can't be rendered.
    pub what: String,
    /// What `what` is made of, where it is a sentence with arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub what_parts: Option<Box<Parts>>,
}

/// What can be wrong with one letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BulkProblemKind {
    /// No address in the record.
    NoAddress,
    /// This is no address.
    BadAddress,
    /// Another record has the same address; the first one gets the letter.
    Duplicate,
    /// A quoted column is empty; the letter goes out all the same.
    EmptyValue,
    /// The letter can't be rendered.
    Template,
}

/// State of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Letters are being made or sent.
    Running,
    /// Paused by the user.
    Paused,
    /// Stopped by the user; what was not sent is cancelled.
    Stopped,
    /// Nothing is left to do.
    Done,
}

/// A bulk run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// State.
    pub state: RunState,
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The template's name when it began.
    pub template: String,
    /// The account.
    pub account: AccountId,
    /// When it began.
    pub created_at: Timestamp,
    /// Letters in all.
    pub total: u32,
    /// Letters accepted.
    pub accepted: u32,
    /// Letters refused, bounced or unsent.
    pub failed: u32,
    /// Letters uncertain.
    pub uncertain: u32,
    /// Letters that wait.
    pub waiting: u32,
    /// Letters cancelled.
    pub cancelled: u32,
    /// Each letter, in order (filled by `bulk.status`, empty in `bulk.list`).
    pub recipients: Vec<RunRecipient>,
}

/// A letter of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunRecipient {
    /// Its record.
    pub record: RecordId,
    /// Recipient.
    pub to: String,
    /// Its entry in the ledger.
    pub submission: crate::SubmissionId,
    /// Where it stands.
    pub state: crate::submission::SubmissionState,
    /// The server's answer or the reason it waits.
    pub answer: Option<String>,
}

/// Arguments that name one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunRef {
    /// Which.
    pub id: RunId,
}
