//! Long text: Markdown with line breaks.

use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};
use serde_json::Value as Json;

/// Kept as typed, with `\n` for every line break.
#[derive(Debug)]
pub(super) struct LongText;

impl Behaviour for LongText {
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
        if text.trim().is_empty() {
            return Ok(Cell::Empty);
        }
        Ok(if text.contains('\r') {
            Cell::text(text.replace("\r\n", "\n").replace('\r', "\n"))
        } else {
            Cell::text(text)
        })
    }
    fn show(&self, cell: &Cell) -> String {
        cell.as_text().unwrap_or_default().to_owned()
    }
    fn read_json(&self, value: &Json) -> Result<Cell, Misfit> {
        match value {
            // The other shape of SeaTable's long text: the text with a preview, links and pictures.
            Json::Object(map) => map.get("text").and_then(Json::as_str).map_or(Ok(Cell::Empty), |t| self.parse(t)),
            Json::String(text) => self.parse(text),
            Json::Null => Ok(Cell::Empty),
            other => self.parse(&other.to_string()),
        }
    }
}
