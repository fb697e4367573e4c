//! Duration: a length of time in seconds.
//!
//! Settings: `duration_format`, `h:mm` (default) or `h:mm:ss`.

use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};
use model::say;
use serde_json::Value as Json;

#[derive(Debug)]
pub(super) struct Duration {
    seconds_shown: bool,
}

impl Duration {
    pub(super) fn new(settings: &Json) -> Self {
        let format = settings.get("duration_format").or_else(|| settings.get("format")).and_then(Json::as_str);
        Self { seconds_shown: format.is_some_and(|f| f.contains('s')) }
    }
}

impl Behaviour for Duration {
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
        let (negative, body) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed),
        };
        let seconds = if body.contains(':') { clock(body) } else { words(body, self.seconds_shown) };
        let seconds = seconds
            .filter(|s| s.is_finite() && *s < 1e13)
            .ok_or_else(|| Misfit::not(text, |text| say!("“{text}” is not a duration.", text)))?;
        let seconds = seconds.round() as i64;
        Ok(Cell::Integer(if negative { -seconds } else { seconds }))
    }
    fn show(&self, cell: &Cell) -> String {
        let Some(seconds) = cell.as_i64() else { return String::new() };
        let sign = if seconds < 0 { "-" } else { "" };
        let s = seconds.unsigned_abs();
        if self.seconds_shown {
            format!("{sign}{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
        } else {
            format!("{sign}{}:{:02}", s / 3600, s / 60 % 60)
        }
    }
    fn read_json(&self, value: &Json) -> Result<Cell, Misfit> {
        match value {
            // A number at the door is seconds; a number typed is minutes or seconds by the format.
            Json::Number(n) => match n.as_f64() {
                Some(s) if s.abs() < 1e13 => Ok(Cell::Integer(s.round() as i64)),
                _ => Err(Misfit::not(&n.to_string(), |text| say!("“{text}” is not a duration.", text))),
            },
            Json::String(text) => self.parse(text),
            Json::Null => Ok(Cell::Empty),
            other => Err(Misfit::not(&other.to_string(), |text| say!("“{text}” is not a duration.", text))),
        }
    }
}

/// `h:mm:ss` or `h:mm`: two parts are hours and minutes in every format, so that a time copied from
/// a column that shows no seconds means the same in one that does.
fn clock(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    let number = |p: &str| (!p.is_empty() && p.bytes().all(|b| b.is_ascii_digit())).then(|| p.parse::<f64>().ok())?;
    match parts.as_slice() {
        [h, m] => Some(number(h)? * 3600.0 + number(m)? * 60.0),
        [h, m, s] => Some(number(h)? * 3600.0 + number(m)? * 60.0 + number(s)?),
        _ => None,
    }
}

/// `90`, `1h 30m`, `1.5 h`, `45 min`, `2d`.
fn words(text: &str, seconds_shown: bool) -> Option<f64> {
    let lower = text.to_lowercase().replace(',', ".");
    if let Ok(bare) = lower.parse::<f64>() {
        return Some(if seconds_shown { bare } else { bare * 60.0 });
    }
    let mut total = 0.0;
    let mut rest = lower.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, tail) = after.split_at(end);
        let factor = match unit {
            "s" | "sec" | "secs" | "second" | "seconds" | "с" | "сек" => 1.0,
            "m" | "min" | "mins" | "minute" | "minutes" | "м" | "мин" | "хв" => 60.0,
            "h" | "hr" | "hrs" | "hour" | "hours" | "std" | "ч" | "год" | "godz" => 3600.0,
            "d" | "day" | "days" | "д" => 86_400.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * factor;
        rest = tail.trim_start();
    }
    Some(total)
}
