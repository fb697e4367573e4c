//! Tables.

use super::{Column, View};
use crate::{BaseId, TableId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// Not shown among the tables unless asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub hidden: bool,
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
