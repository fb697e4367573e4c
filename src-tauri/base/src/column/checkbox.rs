//! Checkbox: yes or no; empty is no.

use super::{Behaviour, Family, Order, Storage};
use crate::text::trimmed;
use crate::{Cell, Misfit};
use model::say;
use serde_json::Value as Json;

#[derive(Debug)]
pub(super) struct Checkbox;

/// Reads yes or no in the words of many lands; `None` is neither.
pub(crate) fn read_flag(text: &str) -> Option<bool> {
    let text = trimmed(text);
    match text {
        "true" => return Some(true),
        "false" => return Some(false),
        // No character takes more than four bytes.
        _ if text.len() > 32 || text.chars().count() > 8 => return None,
        _ => {}
    }
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "1" | "x" | "✓" | "✔" | "√" | "☑" | "✅" | "checked" | "да" | "так" | "tak"
        | "ja" | "oui" | "sí" | "si" | "sim" | "是" | "wahr" => Some(true),
        "false" | "no" | "n" | "off" | "0" | "✗" | "✘" | "×" | "☐" | "❌" | "нет" | "ні" | "нi" | "nie" | "nein"
        | "non" | "não" | "否" | "falsch" => Some(false),
        _ => None,
    }
}

impl Behaviour for Checkbox {
    fn storage(&self) -> Storage {
        Storage::Flag
    }
    fn family(&self) -> Family {
        Family::Flag
    }
    fn order(&self) -> Order {
        Order::Value
    }
    fn parse(&self, text: &str) -> Result<Cell, Misfit> {
        if text.trim().is_empty() {
            return Ok(Cell::Flag(false));
        }
        read_flag(text)
            .map(Cell::Flag)
            .ok_or_else(|| Misfit::not(text, |text| say!("“{text}” is not yes or no.", text)))
    }
    fn show(&self, cell: &Cell) -> String {
        if *cell == Cell::Flag(true) { "true" } else { "false" }.to_owned()
    }
    fn to_json(&self, cell: &Cell) -> Json {
        Json::Bool(*cell == Cell::Flag(true))
    }
    fn read_json(&self, value: &Json) -> Result<Cell, Misfit> {
        match value {
            Json::Bool(b) => Ok(Cell::Flag(*b)),
            Json::Null => Ok(Cell::Flag(false)),
            Json::Number(n) => Ok(Cell::Flag(n.as_f64().is_some_and(|n| n != 0.0))),
            Json::String(text) => self.parse(text),
            other => Err(Misfit::not(&other.to_string(), |text| say!("“{text}” is not yes or no.", text))),
        }
    }
}
