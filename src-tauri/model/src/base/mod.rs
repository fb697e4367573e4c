//! Bases: the base itself here, and one file for each noun inside it.

mod column;
mod exchange;
mod figure;
mod file;
mod find;
mod record;
mod table;
mod view;

pub use column::*;
pub use exchange::*;
pub use figure::*;
pub use file::*;
pub use find::*;
pub use record::*;
pub use table::*;
pub use view::*;

use crate::{BaseId, Timestamp};
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
    /// Its file is not the profile's: it lies where a person keeps it, and stays there.
    #[serde(default)]
    pub elsewhere: bool,
    /// Last change.
    pub updated_at: Timestamp,
    /// Why nothing can be changed in it, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub read_only: Option<ReadOnly>,
    /// Tables, without their records.
    pub tables: Vec<Table>,
    /// Why it can't be opened, if so; then `tables` is empty.
    pub error: Option<crate::Error>,
}

/// Why a base can only be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReadOnly {
    /// It was given away for reading only; a copy can be changed.
    Shared,
    /// Its file, or the folder around it, can't be written.
    Place,
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
