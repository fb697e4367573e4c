//! Multiple select: any of the options. A cell is a list of option ids.

use super::options::Options;
use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};
use model::say;
use serde_json::Value as Json;

#[derive(Debug)]
pub(super) struct MultipleSelect {
    options: Options,
}

impl MultipleSelect {
    pub(super) fn new(settings: &Json) -> Self {
        Self { options: Options::new(settings) }
    }

    fn of_names<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<Cell, Misfit> {
        let mut ids = Vec::new();
        let mut unknown = Vec::new();
        for name in names.map(str::trim).filter(|n| !n.is_empty()) {
            match self.options.id(name) {
                Some(id) if !ids.contains(&id) => ids.push(id),
                Some(_) => {}
                None => unknown.push(name.to_owned()),
            }
        }
        match (unknown.is_empty(), ids.is_empty()) {
            (false, _) => Err(Misfit::UnknownOptions(unknown)),
            (_, true) => Ok(Cell::Empty),
            _ => Ok(Cell::List(ids)),
        }
    }
}

impl Behaviour for MultipleSelect {
    fn storage(&self) -> Storage {
        Storage::List
    }
    fn family(&self) -> Family {
        Family::ManyOptions
    }
    fn order(&self) -> Order {
        Order::Options(self.options.ids())
    }
    fn parse(&self, text: &str) -> Result<Cell, Misfit> {
        // An option whose own name has a comma wins over splitting at it.
        if let Some(id) = self.options.id(text.trim()) {
            return Ok(Cell::List(vec![id]));
        }
        self.of_names(text.split([',', ';', '\n', '，']))
    }
    fn show(&self, cell: &Cell) -> String {
        match cell {
            Cell::List(ids) => ids.iter().filter_map(|id| self.options.name(*id)).collect::<Vec<_>>().join(", "),
            _ => String::new(),
        }
    }
    fn read_json(&self, value: &Json) -> Result<Cell, Misfit> {
        match value {
            Json::Null => Ok(Cell::Empty),
            Json::String(text) => self.parse(text),
            Json::Array(items) => {
                let mut ids = Vec::with_capacity(items.len());
                let mut unknown = Vec::new();
                for item in items {
                    match (self.options.find(item), item) {
                        (Some(id), _) if !ids.contains(&id) => ids.push(id),
                        (Some(_), _) => {}
                        (None, Json::String(name)) => unknown.push(name.clone()),
                        (None, other) => {
                            return Err(Misfit::not(&other.to_string(), |text| {
                                say!("“{text}” is not an option.", text)
                            }));
                        }
                    }
                }
                match (unknown.is_empty(), ids.is_empty()) {
                    (false, _) => Err(Misfit::UnknownOptions(unknown)),
                    (_, true) => Ok(Cell::Empty),
                    _ => Ok(Cell::List(ids)),
                }
            }
            other => self
                .options
                .find(other)
                .map(|id| Cell::List(vec![id]))
                .ok_or_else(|| Misfit::not(&other.to_string(), |text| say!("“{text}” is not an option.", text))),
        }
    }
    fn options(&self) -> Option<&Options> {
        Some(&self.options)
    }
}
