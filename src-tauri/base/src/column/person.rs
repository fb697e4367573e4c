//! Persons: collaborators to choose, and who made or changed a record.

use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};
use model::say;
use serde_json::Value as Json;

/// A list of persons by name or address.
#[derive(Debug)]
pub(super) struct Persons;

impl Behaviour for Persons {
    fn storage(&self) -> Storage {
        Storage::Json
    }
    fn family(&self) -> Family {
        Family::Persons
    }
    fn order(&self) -> Order {
        Order::Language
    }
    fn parse(&self, text: &str) -> Result<Cell, Misfit> {
        Ok(persons(text.split([',', ';'])))
    }
    fn show(&self, cell: &Cell) -> String {
        match cell {
            Cell::Json(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(", "),
            _ => String::new(),
        }
    }
    fn read_json(&self, value: &Json) -> Result<Cell, Misfit> {
        match value {
            Json::Null => Ok(Cell::Empty),
            Json::Array(list) if list.iter().all(Json::is_string) => Ok(persons(list.iter().filter_map(Json::as_str))),
            Json::String(text) => self.parse(text),
            other => Err(Misfit::not(&other.to_string(), |text| say!("“{text}” is not a list of persons.", text))),
        }
    }
}

/// A cell of these persons, each once.
fn persons<'a>(given: impl Iterator<Item = &'a str>) -> Cell {
    let mut names: Vec<&str> = Vec::new();
    for name in given.map(str::trim).filter(|n| !n.is_empty()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { Cell::Empty } else { Cell::Json(Json::from(names)) }
}

/// Who made or changed a record last, by their own word; written with the record, never by hand.
#[derive(Debug)]
pub(super) struct Person;

impl Behaviour for Person {
    fn storage(&self) -> Storage {
        Storage::Text
    }
    fn family(&self) -> Family {
        Family::Person
    }
    fn order(&self) -> Order {
        Order::Language
    }
    fn parse(&self, _text: &str) -> Result<Cell, Misfit> {
        Err(Misfit::Wrong(say!("Tabella fills this column.")))
    }
    fn show(&self, cell: &Cell) -> String {
        cell.as_text().unwrap_or_default().to_owned()
    }
    fn editable(&self) -> bool {
        false
    }
}
