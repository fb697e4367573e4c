//! Number: plain, percent or currency.
//!
//! Settings: `format` (`number`, `number-with-commas`, `percent`, `dollar`, `euro`, `yuan`,
//! `custom_currency`), `precision` 0..=8 with `enable_precision`, `decimal` (`dot`, `comma`),
//! `thousands` (`no`, `comma`, `dot`, `space`), `currency_symbol`, `currency_symbol_position`
//! (`before`, `after`), and with `enable_check_format` the limits `format_min_value` and `format_max_value`.

use super::{Behaviour, Family, Order, Storage};
use crate::text::trimmed;
use crate::{Cell, Misfit};
use model::say;
use serde_json::Value as Json;
use std::borrow::Cow;

/// Which sign stands before the fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decimal {
    /// 1.5
    Dot,
    /// 1,5
    Comma,
}

#[derive(Debug)]
pub(super) struct Number {
    percent: bool,
    precision: Option<usize>,
    decimal: Decimal,
    thousands: Option<char>,
    symbol: String,
    symbol_after: bool,
    least: Option<f64>,
    most: Option<f64>,
}

impl Number {
    pub(super) fn new(settings: &Json) -> Self {
        let word = |key: &str| settings.get(key).and_then(Json::as_str);
        let format = word("format").unwrap_or("number");
        let currency = matches!(format, "dollar" | "euro" | "yuan" | "rmb" | "custom_currency");
        let precision = settings.get("precision").and_then(Json::as_u64).map(|p| p.min(8) as usize);
        // Where nothing says otherwise a precision that is set counts.
        let enabled = settings.get("enable_precision").and_then(Json::as_bool).unwrap_or(precision.is_some());
        let thousands = match word("thousands") {
            Some("comma") => Some(','),
            Some("dot") => Some('.'),
            Some("space") => Some('\u{a0}'),
            Some("no") => None,
            _ if format == "number-with-commas" => Some(','),
            _ => None,
        };
        let symbol = match format {
            "dollar" => "$",
            "euro" => "€",
            "yuan" | "rmb" => "¥",
            "custom_currency" => word("currency_symbol").unwrap_or_default(),
            _ => "",
        };
        let limited = settings.get("enable_check_format").and_then(Json::as_bool) == Some(true);
        let limit = |key: &str| {
            let given = settings.get(key)?;
            given.as_f64().or_else(|| given.as_str()?.trim().parse().ok()).filter(|_| limited)
        };
        Self {
            least: limit("format_min_value"),
            most: limit("format_max_value"),
            percent: format == "percent",
            precision: if enabled { precision.or(currency.then_some(2)) } else { None },
            decimal: if word("decimal") == Some("comma") { Decimal::Comma } else { Decimal::Dot },
            thousands,
            symbol: symbol.to_owned(),
            symbol_after: word("currency_symbol_position") == Some("after"),
        }
    }
}

impl Behaviour for Number {
    fn storage(&self) -> Storage {
        Storage::Real
    }
    fn family(&self) -> Family {
        Family::Number
    }
    fn order(&self) -> Order {
        Order::Value
    }
    fn parse(&self, text: &str) -> Result<Cell, Misfit> {
        let text = trimmed(text);
        if text.is_empty() {
            return Ok(Cell::Empty);
        }
        let bare = if self.symbol.is_empty() { Cow::Borrowed(text) } else { text.replace(&self.symbol, "").into() };
        let bare = trimmed(&bare);
        let (bare, signed_percent) = match bare.strip_suffix('%') {
            Some(rest) => (rest.trim_end(), true),
            None => (bare, false),
        };
        let number = read_number(bare, self.decimal)
            .ok_or_else(|| Misfit::not(text, |text| say!("“{text}” is not a number.", text)))?;
        // Whoever types 50 or 50 % into a percent column means half.
        Ok(Cell::number(if signed_percent || self.percent { number / 100.0 } else { number }))
    }
    fn check(&self, cell: &Cell) -> Result<(), Misfit> {
        let Some(number) = cell.as_f64() else { return Ok(()) };
        let shown = |n: f64| self.show(&Cell::Number(n));
        match (self.least, self.most) {
            (Some(least), _) if number < least => Err(Misfit::Wrong(say!(
                "“{number}” is less than {least}, the least it takes.",
                number = shown(number),
                least = shown(least)
            ))),
            (_, Some(most)) if number > most => Err(Misfit::Wrong(say!(
                "“{number}” is more than {most}, the most it takes.",
                number = shown(number),
                most = shown(most)
            ))),
            _ => Ok(()),
        }
    }
    fn show(&self, cell: &Cell) -> String {
        let Some(number) = cell.as_f64() else { return String::new() };
        let number = if self.percent { number * 100.0 } else { number };
        let digits = match self.precision {
            Some(precision) => format!("{:.precision$}", number.abs()),
            // 0.07 * 100 is 7.000000000000001: percents are rounded where binary fractions show.
            None if self.percent => trim_zeros(format!("{:.10}", number.abs())),
            None => shortest(number.abs()),
        };
        let negative = number < 0.0 && digits.bytes().any(|b| matches!(b, b'1'..=b'9'));
        let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), None), |(w, f)| (w, Some(f)));
        let mut out = String::with_capacity(digits.len() + 8);
        if negative {
            out.push('-');
        }
        if !self.symbol_after {
            out.push_str(&self.symbol);
        }
        match self.thousands {
            Some(separator) if whole.bytes().all(|b| b.is_ascii_digit()) => {
                for (i, digit) in whole.chars().enumerate() {
                    if i > 0 && (whole.len() - i).is_multiple_of(3) {
                        out.push(separator);
                    }
                    out.push(digit);
                }
            }
            _ => out.push_str(whole),
        }
        if let Some(fraction) = fraction {
            out.push(if self.decimal == Decimal::Comma { ',' } else { '.' });
            out.push_str(fraction);
        }
        if self.percent {
            out.push('%');
        }
        if self.symbol_after && !self.symbol.is_empty() {
            out.push('\u{a0}');
            out.push_str(&self.symbol);
        }
        out
    }
    fn read_json(&self, value: &Json) -> Result<Cell, Misfit> {
        match value {
            // A number at the door is the value itself, in a percent column too.
            Json::Number(n) => Ok(n.as_f64().map_or(Cell::Empty, Cell::number)),
            Json::String(text) => self.parse(text),
            Json::Bool(b) => Ok(Cell::Number(f64::from(u8::from(*b)))),
            Json::Null => Ok(Cell::Empty),
            other => Err(Misfit::not(&other.to_string(), |text| say!("“{text}” is not a number.", text))),
        }
    }
}

fn shortest(number: f64) -> String {
    if number != 0.0 && !(1e-7..1e21).contains(&number) { format!("{number:e}") } else { number.to_string() }
}

fn trim_zeros(digits: String) -> String {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.').to_owned() } else { digits }
}

/// Reads a number with or without thousands separators, currency signs and a sign: `1 234,56`,
/// `1.234,56 €`, `-$5`, `(5.00)`, `1e-3`, `1'000`. Where both `.` and `,` occur the last one is
/// the decimal sign; where one alone could be either, `decimal` decides.
pub fn read_number(text: &str, decimal: Decimal) -> Option<f64> {
    let text = trimmed(text);
    if text.len() > 64 {
        return None;
    }
    // Most numbers of most files are this plain; a million of them are read twice in an import.
    if text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.')) {
        match text.split_once('.') {
            None => return text.parse().ok(),
            Some((_, fraction)) if !fraction.contains('.') && (decimal == Decimal::Dot || fraction.len() != 3) => {
                return text.parse().ok();
            }
            Some(_) => {}
        }
    }
    let (text, parenthesised) = match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inner) => (inner, true),
        None => (text, false),
    };
    let mut bare = String::with_capacity(text.len());
    let mut symbols = 0;
    for c in text.chars() {
        match c {
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' => {}
            '−' => bare.push('-'),
            '$' | '€' | '£' | '¥' | '₴' | '₽' | '₺' | '₹' | '₩' => symbols += 1,
            c => bare.push(c),
        }
    }
    if symbols > 1 {
        return None;
    }
    let bare = bare.strip_prefix('+').unwrap_or(&bare);
    let (mantissa, exponent) = bare.find(['e', 'E']).map_or((bare, ""), |at| bare.split_at(at));
    let last_dot = mantissa.rfind('.');
    let last_comma = mantissa.rfind(',');
    let mark = match (last_dot, last_comma) {
        (Some(d), Some(c)) => Some(if d > c { '.' } else { ',' }),
        (Some(_), None) => lone('.', mantissa, decimal == Decimal::Dot),
        (None, Some(_)) => lone(',', mantissa, decimal == Decimal::Comma),
        (None, None) => None,
    };
    let mut digits = String::with_capacity(bare.len());
    let (whole, fraction) = match mark {
        Some(mark) => mantissa.rsplit_once(mark)?,
        None => (mantissa, ""),
    };
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    // After the first group every group of a number has three digits: 1,23,4 is no number.
    if groups.len() > 1 && groups.iter().skip(1).any(|g| g.len() != 3 || !g.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    digits.extend(groups);
    if mark.is_some() {
        digits.push('.');
        digits.push_str(fraction);
    }
    if !digits.bytes().any(|b| b.is_ascii_digit())
        || !digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'))
    {
        return None;
    }
    digits.push_str(exponent);
    let number: f64 = digits.parse().ok()?;
    number.is_finite().then_some(if parenthesised { -number } else { number })
}

/// Whether a separator that stands alone is the decimal sign: surely not if it occurs twice;
/// surely if not exactly three digits follow; else the column's own sign decides.
fn lone(mark: char, mantissa: &str, is_own: bool) -> Option<char> {
    if mantissa.matches(mark).count() > 1 {
        return None;
    }
    let after = mantissa.rsplit(mark).next().map_or(0, str::len);
    let before = mantissa.trim_start_matches('-').split(mark).next().map_or(0, str::len);
    (is_own || after != 3 || before == 0 || before > 3).then_some(mark)
}
