//! Text: one line.

use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};

/// Line breaks become spaces; everything else stays as typed, spaces at the ends aside.
#[derive(Debug)]
pub(super) struct Text;

impl Behaviour for Text {
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
            return Ok(Cell::text(text.split(['\n', '\r']).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ")));
        }
        Ok(Cell::text(text))
    }
    fn show(&self, cell: &Cell) -> String {
        cell.as_text().unwrap_or_default().to_owned()
    }
}
