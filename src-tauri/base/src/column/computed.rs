//! Columns that keep no value of their own: links, formulas, buttons.

use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};
use model::say;
use serde_json::Value as Json;

#[derive(Debug)]
pub(super) struct Computed;

impl Behaviour for Computed {
    fn storage(&self) -> Storage {
        Storage::Nothing
    }
    fn family(&self) -> Family {
        Family::Presence
    }
    fn order(&self) -> Order {
        Order::Value
    }
    fn parse(&self, _text: &str) -> Result<Cell, Misfit> {
        Err(Misfit::Wrong(say!("This column is calculated.")))
    }
    fn show(&self, _cell: &Cell) -> String {
        String::new()
    }
    fn editable(&self) -> bool {
        false
    }
}

/// A type whose cells are calculated: shown, sorted and filtered as the type inside, never written.
#[derive(Debug)]
pub struct ReadOnly(pub Box<dyn Behaviour>);

impl Behaviour for ReadOnly {
    fn storage(&self) -> Storage {
        self.0.storage()
    }
    fn family(&self) -> Family {
        self.0.family()
    }
    fn order(&self) -> Order {
        self.0.order()
    }
    fn parse(&self, text: &str) -> Result<Cell, Misfit> {
        self.0.parse(text)
    }
    fn show(&self, cell: &Cell) -> String {
        match cell {
            Cell::Json(error) => {
                error.get("error").and_then(Json::as_str).map(|words| format!("#ERROR: {words}")).unwrap_or_default()
            }
            cell => self.0.show(cell),
        }
    }
    fn to_json(&self, cell: &Cell) -> Json {
        match cell {
            Cell::Json(error) => error.clone(),
            cell => self.0.to_json(cell),
        }
    }
    fn editable(&self) -> bool {
        false
    }
}

/// A calculated column that can't be: every cell says why.
#[derive(Debug)]
pub struct Broken(pub String);

impl Behaviour for Broken {
    fn storage(&self) -> Storage {
        Storage::Nothing
    }
    fn family(&self) -> Family {
        Family::Presence
    }
    fn order(&self) -> Order {
        Order::Value
    }
    fn parse(&self, _text: &str) -> Result<Cell, Misfit> {
        Err(Misfit::Wrong(say!("This column is calculated.")))
    }
    fn show(&self, _cell: &Cell) -> String {
        format!("#ERROR: {}", self.0)
    }
    fn to_json(&self, _cell: &Cell) -> Json {
        serde_json::json!({ "error": self.0 })
    }
    fn editable(&self) -> bool {
        false
    }
}
