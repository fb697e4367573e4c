//! Date: a day, or a day and a time, on the wall clock.
//!
//! Settings: `format`, a pattern such as `YYYY-MM-DD`, `DD.MM.YYYY HH:mm` or `M/D/YYYY`; a pattern
//! with `HH` or `H` makes the column keep times.

use super::{Behaviour, Family, Order, Storage};
use crate::civil::{self, DAY_SECONDS, DayOrder};
use crate::{Cell, Misfit};
use model::say;
use serde_json::Value as Json;

#[derive(Debug)]
pub(super) struct DateColumn {
    format: String,
    timed: bool,
    order: DayOrder,
}

impl DateColumn {
    pub(super) fn new(settings: &Json) -> Self {
        let format = settings.get("format").and_then(Json::as_str).filter(|f| f.len() <= 40).unwrap_or("YYYY-MM-DD");
        Self {
            timed: format.contains('H'),
            order: if format.starts_with('M') { DayOrder::MonthFirst } else { DayOrder::DayFirst },
            format: format.to_owned(),
        }
    }
}

impl Behaviour for DateColumn {
    fn storage(&self) -> Storage {
        Storage::Integer
    }
    fn family(&self) -> Family {
        Family::Date
    }
    fn order(&self) -> Order {
        Order::Value
    }
    fn parse(&self, text: &str) -> Result<Cell, Misfit> {
        if text.trim().is_empty() {
            return Ok(Cell::Empty);
        }
        // 11/30/2026 can only be a November wherever it was written.
        let other = if self.order == DayOrder::DayFirst { DayOrder::MonthFirst } else { DayOrder::DayFirst };
        let parsed = civil::parse(text, self.order).or_else(|| civil::parse(text, other));
        let parsed = parsed.ok_or_else(|| Misfit::not(text, |text| say!("“{text}” is not a date.", text)))?;
        let seconds = if self.timed { parsed.seconds } else { parsed.seconds - parsed.seconds.rem_euclid(DAY_SECONDS) };
        Ok(Cell::Integer(seconds))
    }
    fn show(&self, cell: &Cell) -> String {
        cell.as_i64().map(|s| civil::format(s, &self.format)).unwrap_or_default()
    }
    fn to_json(&self, cell: &Cell) -> Json {
        match cell.as_i64() {
            Some(s) if self.timed && s.rem_euclid(60) != 0 => Json::String(civil::format(s, "YYYY-MM-DD HH:mm:ss")),
            Some(s) => Json::String(civil::format(s, if self.timed { "YYYY-MM-DD HH:mm" } else { "YYYY-MM-DD" })),
            None => Json::Null,
        }
    }
}
