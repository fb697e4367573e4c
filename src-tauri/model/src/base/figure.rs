//! Figures of records: groups with subtotals, sums of columns, statistics.

use super::FilterNode;
use crate::{BaseId, ColumnId, RecordId, TableId, ViewId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Arguments of `record.groups`: a list as `record.list` gives it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordGroupsArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The view whose groups are meant.
    pub view: ViewId,
    /// Further filter.
    #[serde(default)]
    pub filter: Option<FilterNode>,
    /// Only records with this text.
    #[serde(default)]
    pub search: Option<String>,
}

/// The groups of a view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordGroups {
    /// Groups of the first level in the order of the list.
    pub groups: Vec<RecordGroup>,
    /// Records in all.
    pub total: u32,
    /// There are more than 5,000 groups: none are given.
    pub truncated: bool,
}

/// Records of one value, next to each other in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordGroup {
    /// The value; `null` for empty cells.
    #[ts(type = "unknown")]
    pub value: serde_json::Value,
    /// The value as people read it.
    pub label: String,
    /// Its records.
    pub count: u32,
    /// Where its first record stands in `record.list` of the same view, filter and search.
    pub offset: u32,
    /// Figures of the number columns the view shows.
    #[ts(type = "Record<number, RecordSummary>")]
    pub subtotals: BTreeMap<ColumnId, RecordSummary>,
    /// Groups of the next level.
    pub children: Vec<RecordGroup>,
}

/// Figures of one column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordSummary {
    /// Records.
    pub count: u32,
    /// Cells that hold something; of checkboxes those that are checked.
    pub filled: u32,
    /// All others.
    pub empty: u32,
    /// Different values.
    pub unique: u32,
    /// Of numbers.
    pub sum: Option<f64>,
    /// Of numbers.
    pub average: Option<f64>,
    /// Of numbers.
    pub median: Option<f64>,
    /// Of numbers and dates, as the column's cells cross the door.
    #[ts(type = "unknown")]
    pub min: serde_json::Value,
    /// Of numbers and dates.
    #[ts(type = "unknown")]
    pub max: serde_json::Value,
}

/// Arguments of `record.summary`: of a list, or of the records given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordSummaryArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// Records of this view.
    #[serde(default)]
    pub view: Option<ViewId>,
    /// Further filter.
    #[serde(default)]
    pub filter: Option<FilterNode>,
    /// Only records with this text.
    #[serde(default)]
    pub search: Option<String>,
    /// Figures of these columns; of all number columns if left out.
    #[serde(default)]
    pub columns: Option<Vec<ColumnId>>,
    /// Only of these records.
    #[serde(default)]
    pub records: Option<Vec<RecordId>>,
}

/// Figures by column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "Record<number, RecordSummary>")]
pub struct RecordSummaries(pub BTreeMap<ColumnId, RecordSummary>);

/// How dates are put together in statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DateStep {
    /// `2026-11-30`
    Day,
    /// `2026-W49` (ISO)
    Week,
    /// `2026-11`
    Month,
    /// `2026-Q4`
    Quarter,
    /// `2026`
    Year,
}

/// An axis of statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StatisticAxis {
    /// By the values of this column.
    pub column: ColumnId,
    /// Dates put together by this; days if left out.
    #[serde(default)]
    pub by: Option<DateStep>,
}

/// What statistics calculate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Records.
    Count,
    /// Of a number column.
    Sum,
    /// Of a number column.
    Average,
    /// Of a number column.
    Min,
    /// Of a number column.
    Max,
    /// Different values.
    Unique,
}

/// What to calculate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StatisticMeasure {
    /// Of this column; not needed to count records.
    #[serde(default)]
    pub column: Option<ColumnId>,
    /// Which figure.
    pub summary: Figure,
}

/// Arguments of `record.statistics`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordStatisticsArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// Records of this view.
    #[serde(default)]
    pub view: Option<ViewId>,
    /// Further filter.
    #[serde(default)]
    pub filter: Option<FilterNode>,
    /// One row a value.
    pub rows: StatisticAxis,
    /// One column a value; one column in all if left out.
    #[serde(default)]
    pub columns: Option<StatisticAxis>,
    /// What stands in the cells.
    pub measure: StatisticMeasure,
}

/// A value of an axis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StatisticLabel {
    /// The value as it crosses the door; `null` is empty.
    #[ts(type = "unknown")]
    pub value: serde_json::Value,
    /// The value as people read it.
    pub label: String,
}

/// A table of figures. A record with several values in a list counts under each of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordStatistics {
    /// One a row.
    pub rows: Vec<StatisticLabel>,
    /// One a column; without a second axis a single one without label.
    pub columns: Vec<StatisticLabel>,
    /// By row and column; `None` where there is nothing.
    pub values: Vec<Vec<Option<f64>>>,
}
