//! Single select: one of the options. A cell is the option's id.
//!
//! Settings: `options`, and `cascade: {column, options: {parent option: [own options]}}` where the
//! choice hangs on another single select of the table.

use super::options::Options;
use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};
use model::{ColumnId, say};
use serde_json::Value as Json;
use std::collections::HashMap;

/// On which column a select's choice hangs, and which options go with which of that column's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cascade {
    /// The other single select.
    pub column: ColumnId,
    options: HashMap<i64, Vec<i64>>,
}

impl Cascade {
    /// The cascade in a column's settings, if there is one.
    pub fn new(settings: &Json) -> Option<Self> {
        let cascade = settings.get("cascade")?;
        let column = ColumnId(cascade.get("column")?.as_i64()?);
        let given = cascade.get("options")?.as_object()?;
        let ids = |list: &Json| list.as_array().into_iter().flatten().filter_map(Json::as_i64).collect();
        let options = given.iter().filter_map(|(parent, own)| Some((parent.parse().ok()?, ids(own)))).collect();
        Some(Self { column, options })
    }

    /// True where an option goes with one of the other column; without one there nothing does.
    pub fn allows(&self, parent: Option<i64>, own: i64) -> bool {
        parent.and_then(|p| self.options.get(&p)).is_some_and(|own_options| own_options.contains(&own))
    }
}

#[derive(Debug)]
pub(super) struct SingleSelect {
    options: Options,
}

impl SingleSelect {
    pub(super) fn new(settings: &Json) -> Self {
        Self { options: Options::new(settings) }
    }
}

impl Behaviour for SingleSelect {
    fn storage(&self) -> Storage {
        Storage::Integer
    }
    fn family(&self) -> Family {
        Family::OneOption
    }
    fn order(&self) -> Order {
        Order::Options(self.options.ids())
    }
    fn parse(&self, text: &str) -> Result<Cell, Misfit> {
        let name = text.trim();
        if name.is_empty() {
            return Ok(Cell::Empty);
        }
        self.options.id(name).map(Cell::Integer).ok_or_else(|| Misfit::UnknownOptions(vec![name.to_owned()]))
    }
    fn show(&self, cell: &Cell) -> String {
        cell.as_i64().and_then(|id| self.options.name(id)).unwrap_or_default().to_owned()
    }
    fn read_json(&self, value: &Json) -> Result<Cell, Misfit> {
        match value {
            Json::String(text) => self.parse(text),
            Json::Null => Ok(Cell::Empty),
            other => self
                .options
                .find(other)
                .map(Cell::Integer)
                .ok_or_else(|| Misfit::not(&other.to_string(), |text| say!("“{text}” is not an option.", text))),
        }
    }
    fn options(&self) -> Option<&Options> {
        Some(&self.options)
    }
}
