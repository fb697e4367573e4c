//! Columns and their types.

use crate::{BaseId, ColumnId, Error, Phrase, RecordId, TableId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a column holds: the 26 types of SeaTable and, beyond them, our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// One line of text.
    Text,
    /// Markdown.
    LongText,
    /// Number, percent or currency.
    Number,
    /// Day, or day and time.
    Date,
    /// Seconds.
    Duration,
    /// One of the options.
    SingleSelect,
    /// Any of the options.
    MultipleSelect,
    /// Yes or no.
    Checkbox,
    /// 1 to 10.
    Rating,
    /// Pictures.
    Image,
    /// Files.
    File,
    /// Mail address.
    Email,
    /// Web address.
    Url,
    /// Telephone number.
    Phone,
    /// Place.
    Geolocation,
    /// Drawn signature.
    Signature,
    /// Persons.
    Collaborator,
    /// Who made the record.
    Creator,
    /// Who changed it last.
    LastModifier,
    /// When it was made.
    CreatedTime,
    /// When it was changed last.
    ModifiedTime,
    /// Counting number.
    AutoNumber,
    /// Records of another (or the same) table.
    Link,
    /// Look-up, count, roll-up, find-max, find-min over a link.
    LinkFormula,
    /// Calculated.
    Formula,
    /// A button.
    Button,
    /// One of the departments.
    Department,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Column {
    /// Its id, unique in the base and never used again.
    pub id: ColumnId,
    /// Unique name in its table; without `{`, `}`, `.` and `` ` ``.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Settings of its type (see the type's file in src-tauri/base/src/column).
    #[ts(type = "Record<string, unknown>")]
    pub settings: serde_json::Value,
    /// What it is for.
    pub description: String,
    /// Pixels.
    pub width: u32,
    /// What a formula, a link formula or a link shows; left out for all other types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub result: Option<ColumnResult>,
}

impl Column {
    /// True where no cell of it may be changed by hand: its setting `locked`, whatever its type.
    #[must_use]
    pub fn cells_locked(&self) -> bool {
        self.settings.get(LOCKED).and_then(serde_json::Value::as_bool) == Some(true)
    }
}

/// The setting of a column, whatever its type, that locks its cells.
pub const LOCKED: &str = "locked";

/// What a calculated column yields: cells read and look as those of a column of this type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ColumnResult {
    /// The type of the value, or of each value of a list.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Settings of that type, such as a number's format.
    #[ts(type = "Record<string, unknown>")]
    pub settings: serde_json::Value,
    /// A cell is a list of values.
    pub list: bool,
    /// Why nothing can be calculated, in words.
    pub error: Option<Phrase>,
}

/// Arguments of `column.add`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ColumnAddArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// Unique name.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Settings of the type; defaults if left out.
    #[serde(default)]
    #[ts(type = "Record<string, unknown> | null")]
    pub settings: Option<serde_json::Value>,
}

/// Arguments of `column.update`: what is left out stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ColumnUpdateArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The column.
    pub column: ColumnId,
    /// New name.
    #[serde(default)]
    pub name: Option<String>,
    /// New type; cells are converted, and what does not convert stays recoverable by undo.
    #[serde(default, rename = "type")]
    pub kind: Option<ColumnType>,
    /// New settings.
    #[serde(default)]
    #[ts(type = "Record<string, unknown> | null")]
    pub settings: Option<serde_json::Value>,
    /// New description.
    #[serde(default)]
    pub description: Option<String>,
    /// New width, pixels 40..=1200.
    #[serde(default)]
    pub width: Option<u32>,
    /// New place among the table's columns, from 0.
    #[serde(default)]
    pub position: Option<u32>,
}

/// Arguments that name a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ColumnRef {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The column.
    pub column: ColumnId,
}

/// Arguments of `column.duplicate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ColumnDuplicateArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The column.
    pub column: ColumnId,
    /// The copy's name; made from the column's own if left out.
    #[serde(default)]
    pub name: Option<String>,
}

/// Arguments of `column.preview_formula`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewFormulaArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The formula as it is being typed.
    pub formula: String,
    /// Calculate it for this record; for the first five if left out.
    #[serde(default)]
    pub record: Option<RecordId>,
}

/// What a formula would yield.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormulaPreview {
    /// What it yields; `None` where it has a mistake.
    pub result: Option<ColumnResult>,
    /// Values of some records.
    pub samples: Vec<FormulaSample>,
    /// The mistake.
    pub error: Option<Error>,
    /// Where it is: characters before it.
    pub at: Option<u32>,
}

/// What a formula yields in one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormulaSample {
    /// The record.
    pub record: RecordId,
    /// The value as people read it; a failure reads `#ERROR: ...`.
    pub text: String,
}

/// A function of formulas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormulaFunction {
    /// Its name as it is written.
    pub name: String,
    /// What it takes: `dateAdd(date, number, unit)`.
    pub signature: String,
    /// `logic`, `number`, `text`, `date` or `list`.
    pub category: String,
    /// A formula that uses it.
    pub example: String,
}
