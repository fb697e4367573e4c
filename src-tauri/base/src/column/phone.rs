//! Phone: a telephone number, kept as typed.

use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};
use model::say;

#[derive(Debug)]
pub(super) struct Phone;

impl Behaviour for Phone {
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
        let trimmed = text.trim();
        let fits = trimmed.len() <= 64
            && trimmed.chars().filter(char::is_ascii_digit).count() >= 2
            && trimmed.chars().all(|c| c.is_ascii_digit() || " +-–()./#*,;xextXEXT\u{a0}".contains(c));
        if trimmed.is_empty() || fits {
            Ok(Cell::text(trimmed))
        } else {
            Err(Misfit::not(text, |text| say!("“{text}” is not a telephone number.", text)))
        }
    }
    fn show(&self, cell: &Cell) -> String {
        cell.as_text().unwrap_or_default().to_owned()
    }
}
