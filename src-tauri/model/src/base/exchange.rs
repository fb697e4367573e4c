//! Files into bases.

use super::ColumnType;
use crate::draft::PastedFile;
use crate::{BaseId, TableId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `base.preview_file`: looks into a file without importing it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewFileArgs {
    /// A file on this machine (.csv, .tsv, .txt; .xlsx and .dtable where the base knows them).
    #[serde(default)]
    pub path: String,
    /// The file itself where it has no path (dropped or pasted); `path` is ignored then.
    #[serde(default)]
    pub bytes: Option<PastedFile>,
    /// Field separator; guessed if left out.
    #[serde(default)]
    pub delimiter: Option<String>,
    /// Charset label (WHATWG); guessed if left out.
    #[serde(default)]
    pub encoding: Option<String>,
    /// The first line holds names; guessed if left out.
    #[serde(default)]
    pub header: Option<bool>,
    /// Which of the file's tables to show, from 0; the first if left out.
    #[serde(default)]
    #[ts(optional)]
    pub table: Option<u32>,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FilePreview {
    /// Name for the base and table, from the file's name.
    pub name: String,
    /// Separator used.
    pub delimiter: String,
    /// Charset used.
    pub encoding: String,
    /// Whether the first line was taken for names.
    pub header: bool,
    /// Columns with their guessed types.
    pub columns: Vec<PreviewColumn>,
    /// First records as text, at most 20.
    pub rows: Vec<Vec<String>>,
    /// Records in all.
    pub total: u32,
    /// The file's tables; the columns, rows and total above are those of the one asked for.
    pub tables: Vec<crate::exchange::PreviewTable>,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewColumn {
    /// Name.
    pub name: String,
    /// Guessed type.
    #[serde(rename = "type")]
    pub kind: ColumnType,
}

/// Arguments of `base.import_file`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportFileArgs {
    /// A file on this machine.
    #[serde(default)]
    pub path: String,
    /// The file itself where it has no path (dropped or pasted); `path` is ignored then.
    #[serde(default)]
    pub bytes: Option<PastedFile>,
    /// Into this base as a new table; `None` makes a new base.
    #[serde(default)]
    pub base: Option<BaseId>,
    /// Name of the new base or table; the file's name if left out.
    #[serde(default)]
    pub name: Option<String>,
    /// As in the preview.
    #[serde(default)]
    pub delimiter: Option<String>,
    /// As in the preview.
    #[serde(default)]
    pub encoding: Option<String>,
    /// As in the preview.
    #[serde(default)]
    pub header: Option<bool>,
    /// Types chosen by the user, in the file's order; guessed if left out.
    #[serde(default)]
    pub types: Option<Vec<ColumnType>>,
    /// Which of the file's tables, from 0; all if left out. Types are those of the first of them.
    #[serde(default)]
    #[ts(optional)]
    pub tables: Option<Vec<u32>>,
    /// Into a table that exists instead of a new one; `base` names its base.
    #[serde(default)]
    #[ts(optional)]
    pub into: Option<crate::exchange::ImportInto>,
    /// By this name its progress is asked for and it is stopped.
    #[serde(default)]
    #[ts(optional)]
    pub ticket: Option<String>,
}

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Imported {
    /// The base.
    pub base: BaseId,
    /// The new tables.
    pub tables: Vec<TableId>,
    /// Records in all.
    pub records: u32,
    /// Columns with values that did not fit the type; these stand in a new text column named after it.
    pub misfits: Vec<String>,
    /// What an import into an existing table did.
    pub merged: Option<crate::exchange::Merged>,
}
