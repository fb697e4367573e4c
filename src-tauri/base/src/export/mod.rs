//! Records into files: what every format is given, and how cells look in it.
//!
//! A format is a [`Sink`]: it is told of each table and then of its records, one by one, and never
//! sees more than one. Nothing of an account can reach it: it gets cells and names of columns.
//! Look next: [`csv`], [`xlsx`], [`json`]; SeaTable's file has [`crate::dtable`].

pub mod csv;
pub mod json;
pub mod xlsx;

use crate::{Cell, Field};
use model::{Error, ErrorCode, Phrase, RecordId, Result};
use serde_json::Value as Json;

/// A column of a table that is written.
#[derive(Clone, Copy, Debug)]
pub struct OutColumn<'a> {
    /// Its meaning.
    pub field: &'a Field,
    /// Settings of its type.
    pub settings: &'a Json,
    /// Pixels.
    pub width: u32,
}

/// A file that is being written.
pub trait Sink {
    /// A table begins.
    fn table(&mut self, name: &str, columns: &[OutColumn<'_>]) -> Result<()>;

    /// A record of the table, its cells in the order of the columns.
    fn record(&mut self, id: RecordId, columns: &[OutColumn<'_>], cells: &[Cell]) -> Result<()>;

    /// The file is whole; gives what it could not hold, one sentence each.
    fn finish(self: Box<Self>) -> Result<Vec<Phrase>>;
}

/// A cell as other programs understand it: options by name, links by what they show.
pub fn plain(field: &Field, cell: &Cell) -> Json {
    let Some(options) = field.behaviour.options() else { return field.behaviour.to_json(cell) };
    let name = |id: &i64| options.name(*id).map_or(Json::Null, Json::from);
    match cell {
        Cell::Integer(id) => name(id),
        Cell::List(ids) => ids.iter().map(name).collect(),
        other => field.behaviour.to_json(other),
    }
}

/// The file can't be written.
pub(crate) fn unwritten(e: impl std::fmt::Display) -> Error {
    Error::new(ErrorCode::Disk, "The file can't be written.")
        .remedy("Check the folder's permissions and the free space.")
        .detail(e)
}

#[cfg(test)]
mod tests;
