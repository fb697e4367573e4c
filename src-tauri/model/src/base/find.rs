//! One record, its place in a list, text to be found and replaced.

use super::{FilterNode, Sort};
use crate::{BaseId, ColumnId, RecordId, TableId, Timestamp, ViewId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One record with all its cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordDetail {
    /// Its id.
    pub id: RecordId,
    /// The columns of the cells, in the table's order.
    pub columns: Vec<ColumnId>,
    /// One value a column, `null` where empty.
    #[ts(type = "unknown[]")]
    pub cells: Vec<serde_json::Value>,
    /// It refuses edits.
    pub locked: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub modified_at: Timestamp,
}

/// Arguments of `record.position`: a record and a list as `record.list` gives it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordPositionArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The record.
    pub record: RecordId,
    /// Records of this view.
    #[serde(default)]
    pub view: Option<ViewId>,
    /// Further filter.
    #[serde(default)]
    pub filter: Option<FilterNode>,
    /// Only records with this text.
    #[serde(default)]
    pub search: Option<String>,
    /// Order instead of the view's.
    #[serde(default)]
    pub sorts: Option<Vec<Sort>>,
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordPosition {
    /// Its place in the list, from 0; `None` where the list does not hold it.
    pub offset: Option<u32>,
}

/// A cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CellRef {
    /// The record.
    pub record: RecordId,
    /// The column.
    pub column: ColumnId,
}

/// Arguments of `record.find`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordFindArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// Records and columns of this view.
    #[serde(default)]
    pub view: Option<ViewId>,
    /// What to look for in the text people see.
    pub text: String,
    /// Case and diacritics count.
    #[serde(default)]
    pub case: bool,
    /// The whole cell is the text.
    #[serde(default)]
    pub whole: bool,
    /// Only in this column.
    #[serde(default)]
    pub column: Option<ColumnId>,
    /// Only behind the record at this place of the view's list.
    #[serde(default)]
    pub from: u32,
}

/// A cell that holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordHit {
    /// The record.
    pub record: RecordId,
    /// The column.
    pub column: ColumnId,
    /// Place of the record in the view's list.
    pub offset: u32,
}

/// Cells that hold a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordHits {
    /// In the order of the view, at most 1,000.
    pub hits: Vec<RecordHit>,
    /// All of them; of a very large table those of the first 20,000 records that hold the text.
    pub total: u32,
}

/// Arguments of `record.replace`: one undoable act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordReplaceArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// Records and columns of this view.
    #[serde(default)]
    pub view: Option<ViewId>,
    /// What to look for.
    pub text: String,
    /// What stands there afterwards; read as if typed.
    pub replacement: String,
    /// Case and diacritics count.
    #[serde(default)]
    pub case: bool,
    /// The whole cell is the text.
    #[serde(default)]
    pub whole: bool,
    /// Only in this column.
    #[serde(default)]
    pub column: Option<ColumnId>,
    /// Only in these cells.
    #[serde(default)]
    pub records: Option<Vec<CellRef>>,
}

/// Arguments of `record.lock`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordLockArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The records.
    pub records: Vec<RecordId>,
    /// True: they refuse edits from now on.
    pub locked: bool,
}
