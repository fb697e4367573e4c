//! Columns that keep no value of their own: links, formulas, buttons.

use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};

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
        Err(Misfit::Wrong("This column is calculated.".into()))
    }
    fn show(&self, _cell: &Cell) -> String {
        String::new()
    }
    fn editable(&self) -> bool {
        false
    }
}
