//! Bases, tables, columns, records and views.

use crate::draft::PastedFile;
use crate::{BaseId, ColumnId, RecordId, TableId, Timestamp, ViewId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A base of this profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Base {
    /// Its id.
    pub id: BaseId,
    /// Unique name.
    pub name: String,
    /// A colour of the palette, `#rrggbb`.
    pub color: String,
    /// Its file.
    pub path: String,
    /// Last change.
    pub updated_at: Timestamp,
    /// Tables, without their records.
    pub tables: Vec<Table>,
    /// Why it can't be opened, if so; then `tables` is empty.
    pub error: Option<crate::Error>,
}

/// A table: columns and views, not the records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Table {
    /// Its id, unique in the base.
    pub id: TableId,
    /// Unique name in the base.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Columns in the table's order.
    pub columns: Vec<Column>,
    /// Views in order; there is always one.
    pub views: Vec<View>,
}

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
}

/// How a view shows records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ViewKind {
    /// Grid.
    Table,
    /// Cards in columns.
    Kanban,
    /// Month and week.
    Calendar,
    /// Cards with pictures.
    Gallery,
    /// Bars over time.
    Timeline,
    /// Linked levels.
    Tree,
    /// Entry form.
    Form,
}

/// A view: a way to look at a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct View {
    /// Its id, unique in the base.
    pub id: ViewId,
    /// Unique name in its table.
    pub name: String,
    /// How it shows records.
    pub kind: ViewKind,
    /// Which records.
    pub filter: Option<FilterNode>,
    /// In which order.
    pub sorts: Vec<Sort>,
    /// Grouped by, at most three.
    pub groups: Vec<Sort>,
    /// Columns not shown.
    pub hidden: Vec<ColumnId>,
    /// Order of the columns where it differs from the table's.
    pub order: Vec<ColumnId>,
    /// Columns frozen at the left, counted from the first.
    pub frozen: u32,
    /// 1 to 4 lines.
    pub row_height: u32,
    /// Nobody may change it.
    pub locked: bool,
    /// Further settings of its kind.
    #[ts(type = "Record<string, unknown>")]
    pub settings: serde_json::Value,
}

impl Eq for View {}

/// An order by one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Sort {
    /// By this.
    pub column: ColumnId,
    /// Largest first.
    #[serde(default)]
    pub descending: bool,
}

/// A filter: a rule, or a group of rules and groups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FilterNode {
    /// All of these, or any of these.
    Group {
        /// True: all must match; false: one is enough.
        all: bool,
        /// The members; an empty group matches everything.
        items: Vec<FilterNode>,
    },
    /// One condition on one column.
    Rule {
        /// The column.
        column: ColumnId,
        /// The predicate, such as `contains` or `is_before`; each column type lists its own.
        predicate: String,
        /// What to compare with; `null` where the predicate needs nothing.
        #[serde(default)]
        #[ts(type = "unknown")]
        value: serde_json::Value,
        /// For dates: `today`, `days_ago`, `this_month`, `exact`, ...
        #[serde(default)]
        modifier: Option<String>,
    },
}

/// Arguments that name a base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BaseRef {
    /// Which.
    pub id: BaseId,
}

/// Arguments of `base.create`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BaseCreateArgs {
    /// Unique name.
    pub name: String,
}

/// Arguments of `base.rename`, which also changes the colour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BaseUpdateArgs {
    /// Which.
    pub id: BaseId,
    /// New name.
    #[serde(default)]
    pub name: Option<String>,
    /// New colour.
    #[serde(default)]
    pub color: Option<String>,
}

/// Arguments of `base.copy`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BaseCopyArgs {
    /// Which.
    pub id: BaseId,
    /// The copy's name.
    pub name: String,
}

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
}

/// Arguments that name a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TableRef {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
}

/// Arguments of `table.create`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TableCreateArgs {
    /// The base.
    pub base: BaseId,
    /// Unique name.
    pub name: String,
}

/// Arguments of `table.update`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TableUpdateArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// New name.
    #[serde(default)]
    pub name: Option<String>,
    /// New description.
    #[serde(default)]
    pub description: Option<String>,
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

/// Arguments of `view.update`: replaces the view of this id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ViewUpdateArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The view as it shall be.
    pub view: View,
}

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

/// Arguments of `base.undo` and `base.redo`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BaseUndoArgs {
    /// The base.
    pub base: BaseId,
}

/// What undo or redo did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BaseUndone {
    /// What was taken back, such as `record.update`; `None` where there was nothing.
    pub what: Option<String>,
    /// Cells left alone because somebody changed them since.
    pub conflicts: u32,
}
