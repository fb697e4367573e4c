//! URL: a web address. Kept as typed, for people also keep `example.org/page` here.

use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};
use model::say;

#[derive(Debug)]
pub(super) struct Url;

impl Behaviour for Url {
    fn storage(&self) -> Storage {
        Storage::Text
    }
    fn family(&self) -> Family {
        Family::Text
    }
    fn order(&self) -> Order {
        Order::Language
    }
    fn parse(&self, text: &str) -> Result<Cell, Misfit> {
        let text = text.trim();
        if text.contains(['\n', '\r']) {
            return Err(Misfit::not(text, |text| say!("“{text}” is not a web address.", text)));
        }
        Ok(Cell::text(text))
    }
    fn show(&self, cell: &Cell) -> String {
        cell.as_text().unwrap_or_default().to_owned()
    }
}
