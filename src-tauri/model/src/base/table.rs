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
    /// Private views of other persons, which are not among the views; left out for none. See `view.claim`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub others_views: Option<u32>,
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
    /// Hide it among the tables, or show it again.
    #[serde(default)]
    pub hidden: Option<bool>,
}

/// Arguments of `table.move_to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TableMoveArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// New place among the base's tables, from 0.
    pub position: u32,
}

/// Arguments of `table.duplicate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TableDuplicateArgs {
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The copy's name, unique in the base.
    pub name: String,
    /// With its records and their links.
    #[serde(default)]
    pub records: bool,
}
