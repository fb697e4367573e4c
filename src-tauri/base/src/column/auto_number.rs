//! Auto-number: a counting number with a prefix, given once when the record is made.
//!
//! Settings: `prefix_type` (`date`, `string`, none), `prefix`, `digits` (1..=12, default 4) or, as
//! in SeaTable, `format` such as `INV-0000`; `max_used_auto_number` is the last number given.

use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit, civil};
use model::say;
use serde_json::Value as Json;

/// The numbering of a column.
#[derive(Debug)]
pub struct AutoNumber {
    dated: bool,
    prefix: String,
    digits: usize,
}

impl AutoNumber {
    /// The numbering that settings describe.
    pub fn new(settings: &Json) -> Self {
        let word = |key: &str| settings.get(key).and_then(Json::as_str);
        let digits =
            settings.get("digits").and_then(|d| d.as_u64().or_else(|| d.as_str().and_then(|s| s.parse().ok())));
        let format = word("format").unwrap_or_default();
        let zeros = format.len() - format.trim_end_matches('0').len();
        let own = format.get(..format.len() - zeros).unwrap_or_default();
        let dated = word("prefix_type") == Some("date") || own.starts_with("YYYYMMDD");
        Self {
            dated,
            prefix: if dated {
                String::new()
            } else {
                word("prefix").filter(|p| !p.is_empty()).unwrap_or(own).to_owned()
            },
            digits: digits.map_or(if zeros > 0 { zeros } else { 4 }, |d| d as usize).clamp(1, 12),
        }
    }

    /// The text of the `number`th record, made at these wall-clock seconds.
    pub fn text(&self, number: i64, made_at_seconds: i64) -> String {
        let digits = self.digits;
        if self.dated {
            format!("{}-{number:0digits$}", civil::format(made_at_seconds, "YYYYMMDD"))
        } else {
            format!("{}{number:0digits$}", self.prefix)
        }
    }
}

impl Behaviour for AutoNumber {
    fn storage(&self) -> Storage {
        Storage::Text
    }
    fn family(&self) -> Family {
        Family::Text
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
