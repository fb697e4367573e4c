//! Views, filters and orders.

use super::DateStep;
use crate::{BaseId, ColumnId, TableId, ViewId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// Dates put together by this, in groups; each moment by itself if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub by: Option<DateStep>,
}

impl Sort {
    /// By the values of a column themselves.
    pub fn by_value(column: ColumnId, descending: bool) -> Self {
        Self { column, descending, by: None }
    }
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

/// Arguments of `view.add`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ViewAddArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// Unique name in the table.
    pub name: String,
    /// How it shows records.
    pub kind: ViewKind,
    /// Starts as this view is: its filter, order, columns and settings.
    #[serde(default)]
    pub copy_of: Option<ViewId>,
}

/// Arguments that name a view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ViewRef {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The view.
    pub view: ViewId,
}

/// What went with a view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ViewRemoved {
    /// Names of link columns that offered the records of this view only, and now offer all.
    pub unlimited: Vec<String>,
}

/// Arguments of `view.move_to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ViewMoveArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The view.
    pub view: ViewId,
    /// New place among the table's views, from 0.
    pub position: u32,
}
