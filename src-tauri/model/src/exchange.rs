//! Bases in and out of files, and the accounts a base names.

use crate::account::AccountKind;
use crate::base::PreviewColumn;
use crate::{AccountId, BaseId, ColumnId, Phrase, TableId, ViewId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What an export writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// A base of Tabella of its own: the whole base, without its history.
    Base,
    /// SeaTable's file: the whole base.
    Dtable,
    /// An Excel workbook: a sheet a table.
    Xlsx,
    /// Text: one table.
    Csv,
    /// JSON: tables with their columns and records.
    Json,
    /// A plain SQLite database: a table a table, with the names people gave.
    Sqlite,
}

/// Arguments of `base.export`. An existing file is replaced, and only by a whole one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportArgs {
    /// The base.
    pub base: BaseId,
    /// This table alone; `None` is every table.
    #[serde(default)]
    pub table: Option<TableId>,
    /// As this view of the table shows it: its filter, order and columns.
    #[serde(default)]
    pub view: Option<ViewId>,
    /// What to write.
    pub format: ExportFormat,
    /// The file to write.
    pub path: String,
    /// With pictures (xlsx) or files (dtable) where the format can hold them.
    #[serde(default)]
    pub files: bool,
    /// A base for reading only (base): without comments and private views, and nobody's to change.
    #[serde(default)]
    pub read_only: bool,
    /// CSV begins with a byte order mark, by which Excel knows UTF-8; yes if left out.
    #[serde(default)]
    pub bom: Option<bool>,
    /// CSV's separator; a comma if left out.
    #[serde(default)]
    pub delimiter: Option<String>,
    /// By this name its progress is asked for and it is stopped.
    #[serde(default)]
    pub ticket: Option<String>,
}

/// What an export wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Exported {
    /// The file.
    pub path: String,
    /// Its size.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Tables in it.
    pub tables: u32,
    /// Records in it.
    pub records: u32,
    /// What the format could not hold, one sentence each.
    pub notes: Vec<Phrase>,
}

/// Arguments of `base.progress`, `base.import_cancel`, `message.progress` and `message.stop`: an import or export
/// by its ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketArgs {
    /// The ticket given to `base.import_file`, `base.export` or `message.export_file`.
    pub ticket: String,
}

/// How far an import or export is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExchangeProgress {
    /// It is under way.
    pub running: bool,
    /// Records or messages read or written so far. An import reads a text file twice: first to find its types.
    pub records: u32,
    /// How many there are, where that is known.
    pub total: Option<u32>,
}

/// How the records of a file meet those of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MergeMode {
    /// Every record of the file is new.
    Append,
    /// Records with the same key are changed; the others of the file are left out.
    Update,
    /// Records with the same key are changed; the others of the file are new.
    Both,
}

/// An import into a table that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportInto {
    /// The table.
    pub table: TableId,
    /// How records meet.
    pub mode: MergeMode,
    /// Columns that together tell a record from every other; needed to update.
    #[serde(default)]
    pub keys: Vec<ColumnId>,
    /// For each column of the file the column it goes into, or none. By name if left out.
    #[serde(default)]
    pub mapping: Option<Vec<Option<ColumnId>>>,
}

/// What an import into a table does, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Merged {
    /// New records.
    pub added: u32,
    /// Records with other values than before.
    pub updated: u32,
    /// Records that were so already.
    pub unchanged: u32,
    /// Cells that held something and are empty now: where a column is mapped, the file says what is in it.
    pub emptied: u32,
    /// Records of the file left out: without a key, or with one the table does not have.
    pub skipped: u32,
    /// Values that do not fit their column; these cells stay as they were.
    pub misfits: Vec<MergeMisfit>,
    /// For each column of the file the column it goes into.
    pub mapping: Vec<Option<ColumnId>>,
}

/// Values of one column that do not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeMisfit {
    /// The column of the table.
    pub column: ColumnId,
    /// How many.
    pub count: u32,
    /// The first of them, as the file has it.
    pub first: String,
    /// Its line among the file's records, from 1.
    pub record: u32,
}

/// A table of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewTable {
    /// Its name; empty where the file does not name its tables.
    pub name: String,
    /// Columns with their types.
    pub columns: Vec<PreviewColumn>,
    /// Records in all.
    pub total: u32,
}

/// An account as a base names it. The name is the base's, the account the profile's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BaseAccount {
    /// The name, unique in the base.
    pub name: String,
    /// The account that serves it here, if one was chosen.
    pub account: Option<AccountId>,
    /// That account's name.
    pub account_name: Option<String>,
    /// And its kind.
    pub kind: Option<AccountKind>,
}

/// Arguments of `base.bind_account`: the name is made if the base does not have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BindAccountArgs {
    /// The base.
    pub base: BaseId,
    /// The name.
    pub name: String,
    /// The account; `None` keeps the name without one.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// True: the name must be new, else it is a conflict.
    #[serde(default)]
    pub add: bool,
}

/// Arguments of `base.rename_account`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RenameAccountArgs {
    /// The base.
    pub base: BaseId,
    /// The name.
    pub name: String,
    /// The new one.
    pub new_name: String,
}

/// Arguments of `base.unbind_account`: takes the name off the base's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UnbindAccountArgs {
    /// The base.
    pub base: BaseId,
    /// The name.
    pub name: String,
}

/// Arguments of `base.open`: puts a base's file on the list where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpenArgs {
    /// A `.base` file.
    pub path: String,
}
