//! Types of columns from all their values.

use crate::civil::{self, DayOrder, Shape};
use crate::column::{Decimal, read_number};
use crate::text::trimmed;
use model::base::ColumnType;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A column's type and settings as its values suggest them.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The type.
    pub kind: ColumnType,
    /// Its settings.
    pub settings: Json,
}

/// More distinct values than this are no options.
const OPTIONS_MAX: usize = 40;
/// Longer values than this (characters) are no options.
const OPTION_LENGTH_MAX: usize = 40;
/// Text longer than this (bytes) wants a long text column.
const LONG_BYTES: usize = 400;

/// Hashes short texts quickly: of options there are too few for anybody to make them collide.
#[derive(Clone)]
struct Fnv(u64);

type Quick = BuildHasherDefault<Fnv>;

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// What a column's values can still be; fed value by value.
#[derive(Debug)]
pub struct Evidence {
    filled: u64,
    dot: bool,
    comma: bool,
    grouped: bool,
    /// Decimal places after a dot, and after a comma.
    places: [Places; 2],
    percent: bool,
    day_first: bool,
    month_first: bool,
    shape: Option<Shape>,
    date_mixed: bool,
    timed: bool,
    email: bool,
    url: bool,
    flag: bool,
    long: bool,
    distinct: Option<HashMap<String, u64, Quick>>,
}

/// The decimal places of numbers, as they are written.
#[derive(Clone, Copy, Debug, Default)]
struct Places {
    /// The same in all values so far.
    count: Option<usize>,
    mixed: bool,
    /// A value ends in a zero that says nothing but the number of places.
    padded: bool,
}

impl Places {
    fn add(&mut self, bare: &str, decimal: char) {
        let fraction = bare.split_once(decimal).map_or("", |(_, fraction)| fraction);
        self.mixed |= self.count.is_some_and(|count| count != fraction.len());
        self.count = Some(fraction.len());
        self.padded |= fraction.ends_with('0');
    }

    /// How many places all values were written with; `None` where they were written as they came.
    fn written(self) -> Option<usize> {
        self.count.filter(|count| (1..=8).contains(count) && self.padded && !self.mixed)
    }
}

impl Default for Evidence {
    fn default() -> Self {
        Self {
            filled: 0,
            dot: true,
            comma: true,
            grouped: false,
            places: [Places::default(); 2],
            percent: true,
            day_first: true,
            month_first: true,
            shape: None,
            date_mixed: false,
            timed: false,
            email: true,
            url: true,
            flag: true,
            long: false,
            distinct: Some(HashMap::default()),
        }
    }
}

impl Evidence {
    /// Takes one value into account.
    pub fn add(&mut self, value: &str) {
        let value = trimmed(value);
        if value.is_empty() {
            return;
        }
        self.filled += 1;
        if self.dot || self.comma {
            self.number(value);
        }
        if self.day_first || self.month_first {
            self.date(value);
        }
        if self.email {
            self.email = value.contains('@') && crate::column::address(value).is_some();
        }
        if self.url {
            self.url = is_web(value);
        }
        if self.flag {
            self.flag = crate::column::read_flag(value).is_some();
        }
        if !self.long {
            self.long = value.len() > LONG_BYTES || value.contains('\n');
        }
        self.option(value);
    }

    /// Takes all into account that another has seen: of other records of the same column.
    pub fn join(&mut self, other: Self) {
        self.filled += other.filled;
        self.dot &= other.dot;
        self.comma &= other.comma;
        self.grouped |= other.grouped;
        self.percent &= other.percent;
        self.day_first &= other.day_first;
        self.month_first &= other.month_first;
        let apart = self.shape.zip(other.shape).is_some_and(|(a, b)| a != b);
        self.date_mixed |= other.date_mixed || apart;
        self.shape = other.shape.or(self.shape);
        self.timed |= other.timed;
        self.email &= other.email;
        self.url &= other.url;
        self.flag &= other.flag;
        self.long |= other.long;
        self.distinct = self.distinct.take().zip(other.distinct).and_then(|(mut all, more)| {
            for (value, count) in more {
                *all.entry(value).or_insert(0) += count;
            }
            (all.len() <= OPTIONS_MAX).then_some(all)
        });
    }

    /// Numbers as most files have them; false where it takes a closer look.
    fn plain_number(&mut self, value: &str) -> bool {
        let (whole, fraction) = match value.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (value, None),
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // 1.234 could be more than a thousand.
        let sound = fraction.is_none_or(|f| f.len() != 3 && digits(f));
        if !sound || !digits(whole) || (whole.len() > 1 && whole.starts_with('0')) || value.len() > 15 {
            return false;
        }
        self.comma &= fraction.is_none();
        self.percent = false;
        true
    }

    fn number(&mut self, value: &str) {
        if self.plain_number(value) {
            return;
        }
        let (bare, percent) = value.strip_suffix('%').map_or((value, false), |v| (v.trim_end(), true));
        self.percent &= percent;
        let digits = bare.bytes().filter(u8::is_ascii_digit).count();
        let unsigned = bare.trim_start_matches(['-', '+']);
        let leading_zero = unsigned.len() > 1
            && unsigned.starts_with('0')
            && !unsigned.starts_with("0.")
            && !unsigned.starts_with("0,");
        // 00420 and 4006381333931234 are names written in digits: a number would lose some of them.
        if leading_zero || digits > 15 || bare.contains(['e', 'E', '(', '/']) {
            (self.dot, self.comma) = (false, false);
            return;
        }
        self.places[0].add(bare, '.');
        self.places[1].add(bare, ',');
        if digits > 0 && digits == unsigned.len() && bare.len() - unsigned.len() <= 1 {
            return;
        }
        self.dot = self.dot && read_number(bare, Decimal::Dot).is_some() && sound(bare, '.', ',');
        self.comma = self.comma && read_number(bare, Decimal::Comma).is_some() && sound(bare, ',', '.');
        if bare.contains(['.', ',']) {
            self.grouped |= bare.matches(['.', ',', '\'', ' ', '\u{a0}', '\u{202f}']).count() > 1;
        }
    }

    fn date(&mut self, value: &str) {
        let by = |order| civil::parse(value, order);
        let first = self.day_first.then(|| by(DayOrder::DayFirst)).flatten();
        let second = match first {
            // Read the same in either order.
            Some(parsed) if self.month_first && parsed.shape != Shape::Slashed => first,
            _ => self.month_first.then(|| by(DayOrder::MonthFirst)).flatten(),
        };
        self.day_first = first.is_some();
        self.month_first = second.is_some();
        // Eight digits alone are a number or a key; only next to real dates they would be a date.
        if !value.contains(['-', '/', '.']) {
            (self.day_first, self.month_first) = (false, false);
        }
        if let Some(parsed) = first.or(second) {
            self.timed |= parsed.timed;
            self.date_mixed |= self.shape.is_some_and(|s| s != parsed.shape);
            self.shape = Some(parsed.shape);
        }
    }

    fn option(&mut self, value: &str) {
        let Some(distinct) = &mut self.distinct else { return };
        if let Some(count) = distinct.get_mut(value) {
            *count += 1;
        } else if distinct.len() >= OPTIONS_MAX || value.chars().count() > OPTION_LENGTH_MAX || value.contains('\n') {
            self.distinct = None;
        } else {
            distinct.insert(value.to_owned(), 1);
        }
    }

    /// The type that fits all values.
    pub fn guess(self) -> Guess {
        let of = |kind, settings| Guess { kind, settings };
        if self.filled == 0 {
            return of(ColumnType::Text, json!({}));
        }
        if self.dot || self.comma {
            return of(ColumnType::Number, self.number_settings());
        }
        if self.day_first || self.month_first {
            let day = match self.shape {
                Some(Shape::YearFirst) | None => "YYYY-MM-DD",
                _ if self.date_mixed => "YYYY-MM-DD",
                Some(Shape::Dotted) => "DD.MM.YYYY",
                Some(Shape::Slashed) if self.day_first => "DD/MM/YYYY",
                Some(Shape::Slashed) => "M/D/YYYY",
            };
            return of(
                ColumnType::Date,
                json!({ "format": if self.timed { format!("{day} HH:mm") } else { day.to_owned() } }),
            );
        }
        if self.flag {
            return of(ColumnType::Checkbox, json!({}));
        }
        if self.email {
            return of(ColumnType::Email, json!({}));
        }
        if self.url {
            return of(ColumnType::Url, json!({}));
        }
        if self.long {
            return of(ColumnType::LongText, json!({}));
        }
        if let Some(options) = self.options() {
            return of(ColumnType::SingleSelect, options);
        }
        of(ColumnType::Text, json!({}))
    }

    fn number_settings(&self) -> Json {
        let mut settings = serde_json::Map::new();
        // 1,234 throughout could be either: it is a thousand unless only the comma reading fits.
        if self.comma && !self.dot {
            settings.insert("decimal".into(), json!("comma"));
            if self.grouped {
                settings.insert("thousands".into(), json!("dot"));
            }
        } else if self.grouped {
            settings.insert("thousands".into(), json!("comma"));
        }
        // 12,50 beside 7,00: amounts, to be shown as they were written.
        if let Some(places) = self.places[usize::from(self.comma && !self.dot)].written() {
            settings.insert("precision".into(), json!(places));
            settings.insert("enable_precision".into(), json!(true));
        }
        if self.percent {
            settings.insert("format".into(), json!("percent"));
        }
        Json::Object(settings)
    }

    /// Options where few values repeat often: a status, a country, a kind.
    fn options(&self) -> Option<Json> {
        let distinct = self.distinct.as_ref()?;
        let repeats = self.filled >= 6 && distinct.len() >= 2 && (distinct.len() as u64) * 3 <= self.filled;
        if !repeats {
            return None;
        }
        let mut names: Vec<(&String, &u64)> = distinct.iter().collect();
        names.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let names: Vec<String> = names.into_iter().map(|(name, _)| name.clone()).collect();
        Some(crate::column::options::with_added(&json!({}), &names))
    }
}

/// A number whose thousands separator, if any, is only used as one: `1.5` is no comma number.
fn sound(text: &str, decimal: char, thousands: char) -> bool {
    let whole = text.split(decimal).next().unwrap_or(text);
    let groups: Vec<&str> = whole.split(thousands).collect();
    text.matches(decimal).count() <= 1
        && groups.iter().skip(1).all(|g| g.len() == 3)
        && !text.rsplit(decimal).next().is_some_and(|f| f != text && f.contains(thousands))
}

fn is_web(value: &str) -> bool {
    let rest =
        value.strip_prefix("https://").or_else(|| value.strip_prefix("http://")).or_else(|| value.strip_prefix("www."));
    let spaced = |text: &str| {
        if text.is_ascii() { text.bytes().any(|b| b <= b' ') } else { text.contains(char::is_whitespace) }
    };
    rest.is_some_and(|r| r.len() > 2) && !spaced(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(values: &[&str]) -> Guess {
        let mut evidence = Evidence::default();
        for value in values {
            evidence.add(value);
        }
        evidence.guess()
    }

    #[test]
    fn types_are_guessed_from_all_values() {
        use ColumnType as T;
        for (values, kind, settings) in [
            (vec!["1", "2.5", "-3"], T::Number, json!({})),
            (vec!["1.234,56", "7,5"], T::Number, json!({"decimal": "comma", "thousands": "dot"})),
            (vec!["1,234.56", "7.5"], T::Number, json!({"thousands": "comma"})),
            (
                vec!["12,50", "7,00", ""],
                T::Number,
                json!({"decimal": "comma", "precision": 2, "enable_precision": true}),
            ),
            (
                vec!["1,250.10", "7.99"],
                T::Number,
                json!({"thousands": "comma", "precision": 2, "enable_precision": true}),
            ),
            (vec!["1,250", "7,000"], T::Number, json!({})),
            (vec!["12.50", "7.5"], T::Number, json!({})),
            (vec!["12.50", "7"], T::Number, json!({})),
            (vec!["12.25", "7.75"], T::Number, json!({})),
            (vec!["12 %", "7%"], T::Number, json!({"format": "percent"})),
            (vec!["00123", "04567"], T::Text, json!({})),
            (vec!["4006381333931234567"], T::Text, json!({})),
            (vec!["2026-11-30", ""], T::Date, json!({"format": "YYYY-MM-DD"})),
            (vec!["30.11.2026 09:05"], T::Date, json!({"format": "DD.MM.YYYY HH:mm"})),
            (vec!["3/4/2026", "30/4/2026"], T::Date, json!({"format": "DD/MM/YYYY"})),
            (vec!["3/4/2026", "4/30/2026"], T::Date, json!({"format": "M/D/YYYY"})),
            (vec!["3/30/2026", "30/4/2026"], T::Text, json!({})),
            (vec!["yes", "no", "yes"], T::Checkbox, json!({})),
            (vec!["x", ""], T::Checkbox, json!({})),
            (vec!["ann@example.org", "Bob <bob@example.org>"], T::Email, json!({})),
            (vec!["https://example.org", "www.example.org"], T::Url, json!({})),
            (vec!["one\ntwo", "x"], T::LongText, json!({})),
            (vec!["Ann", "Bob", "Eve"], T::Text, json!({})),
            (vec!["1", "2", "n/a"], T::Text, json!({})),
            (vec!["", " "], T::Text, json!({})),
        ] {
            assert_eq!(guess(&values), Guess { kind, settings }, "{values:?}");
        }
    }

    #[test]
    fn what_two_have_seen_apart_is_what_one_would_have_seen() {
        let lists: [&[&str]; 12] = [
            &["1", "2.5", "-3"],
            &["1.234,56", "7,5", "1.234"],
            &["1,234.56", "7.5", "12.345"],
            &["12 %", "7%", "5"],
            &["30.11.2026", "2026-11-30", "3/4/2026", "30/4/2026"],
            &["3/4/2026", "4/30/2026", ""],
            &["yes", "no", "1"],
            &["ann@example.org", "Bob <bob@example.org>", "x"],
            &["https://example.org", "www.example.org", "a b"],
            &["open", "paid", "paid", "open", "late", "late", "late"],
            &["00123", "1.5", "0.5", "007"],
            &["one\ntwo", "x", "2026-11-30 10:00"],
        ];
        for list in lists {
            for cut in 0..=list.len() {
                for list in [list.to_vec(), list.iter().rev().copied().collect()] {
                    let seen = |values: &[&str]| {
                        let mut evidence = Evidence::default();
                        for value in values {
                            evidence.add(value);
                        }
                        evidence
                    };
                    let mut joined = seen(&list[..cut]);
                    joined.join(seen(&list[cut..]));
                    assert_eq!(joined.guess(), seen(&list).guess(), "{list:?} at {cut}");
                }
            }
        }
    }

    #[test]
    fn few_values_that_repeat_become_options_with_the_commonest_first() {
        let guess = guess(&["open", "paid", "paid", "open", "paid", "paid", "late", "late", "paid"]);
        assert_eq!(guess.kind, ColumnType::SingleSelect);
        let names: Vec<_> =
            guess.settings["options"].as_array().unwrap().iter().map(|o| o["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["paid", "late", "open"]);
    }
}
