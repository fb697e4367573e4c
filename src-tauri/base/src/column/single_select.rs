//! Single select: one of the options. A cell is the option's id.

use super::options::Options;
use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};
use serde_json::Value as Json;

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
            other => {
                self.options.find(other).map(Cell::Integer).ok_or_else(|| Misfit::not(&other.to_string(), "an option"))
            }
        }
    }
    fn options(&self) -> Option<&Options> {
        Some(&self.options)
    }
}
