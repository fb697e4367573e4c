//! Records: lists, cells, and what is done with them.

use super::{FilterNode, Sort};
use crate::{BaseId, ColumnId, RecordId, TableId, ViewId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `record.list`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordListArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// Records of this view (its filter and sorts).
    #[serde(default)]
    pub view: Option<ViewId>,
    /// Further filter.
    #[serde(default)]
    pub filter: Option<FilterNode>,
    /// Only records with this text in any shown column, case and diacritics folded.
    #[serde(default)]
    pub search: Option<String>,
    /// Order instead of the view's.
    #[serde(default)]
    pub sorts: Option<Vec<Sort>>,
    /// Rows to skip.
    #[serde(default)]
    pub offset: u32,
    /// Rows to give, at most 1,000; 0 gives only the total.
    #[serde(default)]
    pub limit: u32,
}

/// A page of records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordPage {
    /// All records of the list.
    pub total: u32,
    /// The columns of the cells below, in their order.
    pub columns: Vec<ColumnId>,
    /// The page.
    pub rows: Vec<RecordRow>,
}

/// A record in a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordRow {
    /// Its id.
    pub id: RecordId,
    /// One value a column of the page, `null` where empty.
    #[ts(type = "unknown[]")]
    pub cells: Vec<serde_json::Value>,
    /// It refuses edits.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub locked: bool,
}

/// Cells to write: values as the column type takes them, by column id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordValues {
    /// The record.
    pub id: RecordId,
    /// New values; `null` empties a cell.
    #[ts(type = "Record<number, unknown>")]
    pub cells: std::collections::BTreeMap<ColumnId, serde_json::Value>,
}

/// Arguments of `record.add`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordAddArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// Cells of each new record. Text is parsed as if typed.
    #[ts(type = "Record<number, unknown>[]")]
    pub records: Vec<std::collections::BTreeMap<ColumnId, serde_json::Value>>,
}

/// Arguments of `record.update`: one undoable act. Text is parsed as if typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordUpdateArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// What to write.
    pub records: Vec<RecordValues>,
}

/// Arguments of `record.put`: records are changed and added in one undoable act, as a paste does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordPutArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// What to write into records that are there.
    #[serde(default)]
    pub update: Vec<RecordValues>,
    /// Cells of each new record. Text is parsed as if typed.
    #[serde(default)]
    #[ts(type = "Record<number, unknown>[]")]
    pub add: Vec<std::collections::BTreeMap<ColumnId, serde_json::Value>>,
}

/// Arguments that name records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordRefs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The records.
    pub records: Vec<RecordId>,
}

/// Arguments that name one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordRef {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The record.
    pub record: RecordId,
}

/// What an act on a base did; `base.undo` takes it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BaseAct {
    /// Number of the act in the base's log.
    #[ts(type = "number")]
    pub act: i64,
    /// Records it made or changed, at most the first 1,000.
    pub records: Vec<RecordId>,
}

/// Arguments of `record.candidates`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CandidateArgs {
    /// The base.
    pub base: BaseId,
    /// The table of the link column.
    pub table: TableId,
    /// The link column.
    pub column: ColumnId,
    /// Only records whose first cell holds this text, case and diacritics folded.
    #[serde(default)]
    pub search: Option<String>,
    /// Rows to skip.
    #[serde(default)]
    pub offset: u32,
    /// Rows to give, at most 1,000; 0 gives only the total.
    #[serde(default)]
    pub limit: u32,
}

/// Arguments of `record.linking`: the records whose cell of a link column links a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LinkingArgs {
    /// The base.
    pub base: BaseId,
    /// The table of the link column.
    pub table: TableId,
    /// The link column; it need not be shown in the other table.
    pub column: ColumnId,
    /// The record it leads to.
    pub record: RecordId,
    /// Rows to skip.
    #[serde(default)]
    pub offset: u32,
    /// Rows to give, at most 1,000; 0 gives only the total.
    #[serde(default)]
    pub limit: u32,
}

/// Records a link column may link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CandidatePage {
    /// All of them.
    pub total: u32,
    /// The page.
    pub rows: Vec<Candidate>,
}

/// A record of the other table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Candidate {
    /// Its id.
    pub id: RecordId,
    /// Its first cell as people read it; may be empty.
    pub text: String,
}
