//! Files of cells: pictures and documents that stand in the base itself.

use super::BaseAct;
use crate::draft::PastedFile;
use crate::{BaseId, ColumnId, RecordId, TableId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A file in a cell of a file or image column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CellFile {
    /// Its name as people see it.
    pub name: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// Names its content in this base.
    pub hash: String,
}

/// Arguments of `file.add`: files from paths or pasted bytes, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileAddArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// A file or image column.
    pub column: ColumnId,
    /// The record whose cell they are added to, as one act; left out, they are kept for a record
    /// that is about to be made: its cell must name them within the hour.
    #[serde(default)]
    pub record: Option<RecordId>,
    /// Files of this machine, by their whole paths.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Files that have no path.
    #[serde(default)]
    pub bytes: Vec<PastedFile>,
}

/// What `file.add` added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FilesAdded {
    /// The act on the record, if one was named.
    pub act: Option<BaseAct>,
    /// The files as a cell names them.
    pub files: Vec<CellFile>,
}

/// Arguments of `file.save`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileSaveArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The record.
    pub record: RecordId,
    /// The column; one that looks files up is fine.
    pub column: ColumnId,
    /// Which of the cell's files, from 0; all of them if left out.
    #[serde(default)]
    pub file: Option<u32>,
    /// Where to: a file for one, a folder for one or all. What is there stays: the new file gets a number.
    pub path: String,
}
