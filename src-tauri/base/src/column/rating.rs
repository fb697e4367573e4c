//! Rating: 1 to `rate_max_number` (1..=10, default 5).

use super::{Behaviour, Decimal, Family, Order, Storage, read_number};
use crate::{Cell, Misfit};
use model::say;
use serde_json::Value as Json;

#[derive(Debug)]
pub(super) struct Rating {
    max: i64,
}

impl Rating {
    pub(super) fn new(settings: &Json) -> Self {
        let max = settings.get("rate_max_number").or_else(|| settings.get("max")).and_then(Json::as_i64);
        Self { max: max.unwrap_or(5).clamp(1, 10) }
    }
}

impl Behaviour for Rating {
    fn storage(&self) -> Storage {
        Storage::Integer
    }
    fn family(&self) -> Family {
        Family::Number
    }
    fn order(&self) -> Order {
        Order::Value
    }
    fn parse(&self, text: &str) -> Result<Cell, Misfit> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Ok(Cell::Empty);
        }
        let stars = trimmed.chars().filter(|c| matches!(c, '★' | '⭐' | '*')).count();
        let number = if stars > 0 && trimmed.chars().all(|c| matches!(c, '★' | '☆' | '⭐' | '*' | '\u{fe0f}')) {
            Some(stars as f64)
        } else {
            read_number(trimmed, Decimal::Dot)
        };
        match number.map(f64::round) {
            Some(0.0) => Ok(Cell::Empty),
            Some(n) if n >= 1.0 && n <= self.max as f64 => Ok(Cell::Integer(n as i64)),
            _ => Err(Misfit::not(text, |text| say!("“{text}” is not a rating from 1 to {max}.", text, max = self.max))),
        }
    }
    fn show(&self, cell: &Cell) -> String {
        cell.as_i64().map(|n| n.to_string()).unwrap_or_default()
    }
}
