//! What was: acts, comments, what was removed, snapshots of a base.

use crate::{BaseId, ColumnId, RecordId, TableId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `base.history`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryArgs {
    /// The base.
    pub base: BaseId,
    /// Only acts on this table.
    #[serde(default)]
    pub table: Option<TableId>,
    /// Only acts on this record of it.
    #[serde(default)]
    pub record: Option<RecordId>,
    /// Only acts before this one: where the last page ended.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub before: Option<i64>,
    /// Only acts of this session, or only those of others.
    #[serde(default)]
    pub by: Option<HistoryBy>,
    /// Only acts from this moment on.
    #[serde(default)]
    pub from_at: Option<Timestamp>,
    /// Only acts before this moment.
    #[serde(default)]
    pub until_at: Option<Timestamp>,
    /// Acts to give, at most 200.
    pub limit: u32,
}

/// Whose acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HistoryBy {
    /// This session's.
    Me,
    /// Of other windows and programs, and of earlier sessions.
    Others,
}

/// Acts, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryPage {
    /// The acts.
    pub acts: Vec<Act>,
    /// There are older ones.
    pub more: bool,
}

/// Something done to a base, that one undo takes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Act {
    /// Its number in the log.
    #[ts(type = "number")]
    pub act: i64,
    /// When.
    pub at: Timestamp,
    /// The session that did it; this window's and this program's own is `me`.
    pub by: String,
    /// The command, such as `record.update`.
    pub what: String,
    /// The table most of it is about.
    pub table: Option<TableId>,
    /// Records it made, changed or removed.
    pub records: u32,
    /// It was taken back.
    pub undone: bool,
    /// The first changes, at most 50.
    pub changes: Vec<ActChange>,
}

/// One change of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ActChange {
    /// The table.
    pub table: TableId,
    /// The record; none where a table, column or view changed.
    pub record: Option<RecordId>,
    /// The record's first column, or the name of what changed.
    pub text: String,
    /// `add`, `update`, `remove` of a record; `table`, `column`, `view`.
    pub kind: String,
    /// The column of a changed cell.
    pub column: Option<ColumnId>,
    /// As it was shown before.
    pub before: Option<String>,
    /// And after.
    pub after: Option<String>,
}

/// Arguments of `comment.list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CommentListArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The record.
    pub record: RecordId,
}

/// Arguments of `comment.add`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CommentAddArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The record.
    pub record: RecordId,
    /// 1 to 10,000 characters.
    pub text: String,
}

/// Arguments of `comment.resolve`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CommentResolveArgs {
    /// The base.
    pub base: BaseId,
    /// The comment.
    #[ts(type = "number")]
    pub id: i64,
    /// Settled, or open again.
    pub resolved: bool,
}

/// Arguments of `comment.remove`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CommentRef {
    /// The base.
    pub base: BaseId,
    /// The comment.
    #[ts(type = "number")]
    pub id: i64,
}

/// A remark on a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Comment {
    /// Its number in the base.
    #[ts(type = "number")]
    pub id: i64,
    /// When it was written.
    pub at: Timestamp,
    /// What it says.
    pub text: String,
    /// It is settled.
    pub resolved: bool,
}

/// Arguments of `record.trash`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordTrashArgs {
    /// The base.
    pub base: BaseId,
    /// Only records of this table.
    #[serde(default)]
    pub table: Option<TableId>,
    /// Rows to skip.
    #[serde(default)]
    pub offset: u32,
    /// Rows to give, at most 500.
    pub limit: u32,
}

/// Removed records, the last one first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordTrashPage {
    /// All of them.
    pub total: u32,
    /// The page.
    pub rows: Vec<TrashedRecord>,
}

/// A removed record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TrashedRecord {
    /// Its table.
    pub table: TableId,
    /// Its number.
    pub id: RecordId,
    /// Its first column.
    pub text: String,
    /// When it was removed.
    pub removed_at: Timestamp,
    /// Its filled columns as they were shown: name and text.
    pub cells: Vec<(String, String)>,
}

/// A removed base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TrashedBase {
    /// Its id.
    pub id: BaseId,
    /// Its name.
    pub name: String,
    /// When it was removed.
    pub removed_at: Timestamp,
    /// Its file's size.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// Arguments of `snapshot.list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SnapshotListArgs {
    /// The base.
    pub base: BaseId,
}

/// Arguments of `snapshot.make`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SnapshotMakeArgs {
    /// The base.
    pub base: BaseId,
    /// What to call it.
    #[serde(default)]
    pub name: Option<String>,
}

/// Arguments that name a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SnapshotRef {
    /// The base.
    pub base: BaseId,
    /// The snapshot.
    pub id: String,
}

/// Arguments of `snapshot.restore`: a snapshot becomes a base beside the one it was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SnapshotRestoreArgs {
    /// The base.
    pub base: BaseId,
    /// The snapshot.
    pub id: String,
    /// Name of the new base.
    pub as_new_name: String,
}

/// A base as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Snapshot {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub at: Timestamp,
    /// What it is called; may be empty.
    pub name: String,
    /// Size of its file.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Records in it.
    pub records: u32,
}
