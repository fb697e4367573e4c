//! Days and times of the wall clock, as people write them: no zone.
//!
//! A date cell holds seconds since 1970-01-01 00:00 on the wall clock, so that one integer sorts
//! and compares both days and times.

use crate::text::trimmed;
use jiff::civil::{Date, DateTime};

/// Seconds of a day.
pub const DAY_SECONDS: i64 = 86_400;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// Wall-clock seconds of a date and time.
pub fn seconds(at: DateTime) -> i64 {
    days(at.date()) * DAY_SECONDS + i64::from(at.hour()) * 3600 + i64::from(at.minute()) * 60 + i64::from(at.second())
}

/// Days since 1970-01-01.
pub fn days(date: Date) -> i64 {
    date.duration_since(EPOCH).as_secs().div_euclid(DAY_SECONDS)
}

/// The date and time of wall-clock seconds; `None` outside the years -9999..=9999.
pub fn datetime(seconds: i64) -> Option<DateTime> {
    EPOCH.to_datetime(jiff::civil::Time::midnight()).checked_add(jiff::SignedDuration::from_secs(seconds)).ok()
}

/// In which order a text such as `3/4/2026` names day and month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    /// 3 April.
    DayFirst,
    /// 4 March.
    MonthFirst,
}

/// What a text named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// Wall-clock seconds.
    pub seconds: i64,
    /// A time of day was written.
    pub timed: bool,
    /// The shape it was written in.
    pub shape: Shape,
}

/// How a date was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 2026-11-30 or 2026/11/30 or 20261130.
    YearFirst,
    /// 30.11.2026.
    Dotted,
    /// 30/11/2026, 11/30/2026 or 30-11-2026: the order is a matter of place.
    Slashed,
}

/// Reads a date, with or without a time, as people write it: `2026-11-30`, `2026-11-30T09:05:00Z`,
/// `30.11.2026 9:05`, `11/30/26 9:05 pm`, `2026/11/30`. An offset after a time is ignored: the wall
/// clock was meant.
pub fn parse(text: &str, order: DayOrder) -> Option<Parsed> {
    let text = trimmed(text);
    let bytes = text.as_bytes();
    if let Some(parsed) = plain(bytes) {
        return Some(parsed);
    }
    if bytes.len() < 6 || bytes.len() > 40 || !bytes[0].is_ascii_digit() {
        return None;
    }
    let end = text.find([' ', 'T', 't', ',']).unwrap_or(text.len());
    let (day, time) = (text.get(..end)?, text.get(end..)?.trim_start_matches([' ', 'T', 't', ',']).trim());
    let (date, shape) = parse_day(day, order)?;
    let of_day = if time.is_empty() { 0 } else { parse_time(time)? };
    Some(Parsed { seconds: days(date) * DAY_SECONDS + of_day, timed: !time.is_empty(), shape })
}

/// `2026-11-30` and `2026-11-30 09:05`, as most programs write them: read without a detour, because
/// files have millions of them.
fn plain(bytes: &[u8]) -> Option<Parsed> {
    let digits =
        |of: &[u8]| of.iter().try_fold(0_i64, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0')));
    let (day, clock) = bytes.split_at_checked(10)?;
    let [y @ .., b'-', m1, m2, b'-', d1, d2] = day else { return None };
    let (year, month, day) = (digits(y)?, digits(&[*m1, *m2])?, digits(&[*d1, *d2])?);
    let of_day = match clock {
        [] => 0,
        [b' ' | b'T', h1, h2, b':', m1, m2] => {
            let (hour, minute) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
            (hour < 24 && minute < 60).then_some(hour * 3600 + minute * 60)?
        }
        _ => return None,
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let long = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=long).contains(&day) {
        return None;
    }
    // Years are counted from March, so that the leap day is the last one.
    let years = if month > 2 { year } else { year - 1 };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = years * 365 + years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400) + of_year - 719_468;
    Some(Parsed { seconds: days * DAY_SECONDS + of_day, timed: !clock.is_empty(), shape: Shape::YearFirst })
}

fn parse_day(text: &str, order: DayOrder) -> Option<(Date, Shape)> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let date = Date::new(text.get(..4)?.parse().ok()?, text.get(4..6)?.parse().ok()?, text.get(6..)?.parse().ok()?);
        return date.ok().map(|d| (d, Shape::YearFirst));
    }
    let separator = *text.as_bytes().iter().find(|b| !b.is_ascii_digit())?;
    if !matches!(separator, b'-' | b'/' | b'.') {
        return None;
    }
    let mut parts = text.split(separator as char);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    // "30.11." of a calendar has no year: refuse rather than guess one.
    if parts.any(|p| !p.is_empty())
        || three.iter().any(|p| p.is_empty() || p.len() > 4 || !p.bytes().all(|x| x.is_ascii_digit()))
    {
        return None;
    }
    let [first, second, third] = [three[0].parse::<i16>().ok()?, three[1].parse().ok()?, three[2].parse().ok()?];
    let small = |n: i16| i8::try_from(n).ok();
    if three[0].len() == 4 {
        return Date::new(first, small(second)?, small(third)?).ok().map(|date| (date, Shape::YearFirst));
    }
    let year = match three[2].len() {
        4 => third,
        2 => third + if third < 70 { 2000 } else { 1900 },
        _ => return None,
    };
    let shape = if separator == b'.' { Shape::Dotted } else { Shape::Slashed };
    let day_first = shape == Shape::Dotted || order == DayOrder::DayFirst;
    let (day, month) = if day_first { (first, second) } else { (second, first) };
    Date::new(year, small(month)?, small(day)?).ok().map(|date| (date, shape))
}

/// Seconds of the day: `9:05`, `09:05:30`, `9:05 pm`, `09:05:30.123+02:00`.
fn parse_time(text: &str) -> Option<i64> {
    let lower = text.to_ascii_lowercase();
    let (clock, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(rest), _) => (rest.trim_end(), Some(false)),
        (_, Some(rest)) => (rest.trim_end(), Some(true)),
        _ => (lower.as_str(), None),
    };
    let clock = clock.trim_end_matches('z');
    let clock = clock.split(['+', '-']).next()?.trim_end();
    let mut parts = clock.split(':');
    let mut hour: i64 = number(parts.next()?)?;
    let minute: i64 = number(parts.next()?)?;
    let second: i64 = match parts.next() {
        Some(s) => number(s.split('.').next()?)?,
        None => 0,
    };
    match half {
        Some(pm) if (1..=12).contains(&hour) => hour = hour % 12 + if pm { 12 } else { 0 },
        Some(_) => return None,
        None => {}
    }
    (parts.next().is_none() && hour < 24 && minute < 60 && second < 60).then_some(hour * 3600 + minute * 60 + second)
}

fn number(text: &str) -> Option<i64> {
    (matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Writes wall-clock seconds by a pattern of `YYYY`, `MM`, `M`, `DD`, `D`, `HH`, `H`, `mm`, `ss`;
/// everything else stands as it is.
pub fn format(seconds: i64, pattern: &str) -> String {
    use std::fmt::Write as _;
    let Some(at) = datetime(seconds) else { return String::new() };
    let mut out = String::with_capacity(pattern.len() + 2);
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let run = rest.chars().take_while(|c| *c == first).count();
        let token = rest.get(..run * first.len_utf8()).unwrap_or(rest);
        let _ = match token {
            "YYYY" => write!(out, "{:04}", at.year()),
            "YY" => write!(out, "{:02}", at.year().rem_euclid(100)),
            "MM" => write!(out, "{:02}", at.month()),
            "M" => write!(out, "{}", at.month()),
            "DD" => write!(out, "{:02}", at.day()),
            "D" => write!(out, "{}", at.day()),
            "HH" => write!(out, "{:02}", at.hour()),
            "H" => write!(out, "{}", at.hour()),
            "mm" => write!(out, "{:02}", at.minute()),
            "ss" => write!(out, "{:02}", at.second()),
            other => out.write_str(other),
        };
        rest = rest.get(token.len()..).unwrap_or("");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_date_is_the_day_of_the_calendar() {
        for year in [0, 1, 3, 4, 99, 100, 400, 1582, 1899, 1900, 1970, 2000, 2024, 2026, 2100, 9999] {
            for month in 1..=13 {
                for day in 0..=32 {
                    let text = format!("{year:04}-{month:02}-{day:02}");
                    let real = Date::new(year, month, day).ok().map(|date| days(date) * DAY_SECONDS);
                    assert_eq!(parse(&text, DayOrder::DayFirst).map(|p| p.seconds), real, "{text}");
                    let timed = parse(&format!("{text} 23:59"), DayOrder::MonthFirst).map(|p| (p.seconds, p.timed));
                    assert_eq!(timed, real.map(|s| (s + 86_340, true)), "{text}");
                }
            }
        }
        for wrong in ["2026-11-30 24:00", "2026-11-30 09:60", "2026-11-3x", "2026-11-30 9:5x"] {
            assert_eq!(parse(wrong, DayOrder::DayFirst), None, "{wrong}");
        }
    }

    fn iso(text: &str, order: DayOrder) -> Option<String> {
        parse(text, order).map(|p| format(p.seconds, if p.timed { "YYYY-MM-DD HH:mm:ss" } else { "YYYY-MM-DD" }))
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        use DayOrder::{DayFirst, MonthFirst};
        for (text, order, expected) in [
            ("2026-11-30", DayFirst, "2026-11-30"),
            ("2026/1/5", MonthFirst, "2026-01-05"),
            ("20261130", DayFirst, "2026-11-30"),
            ("30.11.2026", MonthFirst, "2026-11-30"),
            ("3.4.26", DayFirst, "2026-04-03"),
            ("3/4/2026", DayFirst, "2026-04-03"),
            ("3/4/2026", MonthFirst, "2026-03-04"),
            ("31-12-1999", DayFirst, "1999-12-31"),
            ("2026-11-30T09:05:07Z", DayFirst, "2026-11-30 09:05:07"),
            ("2026-11-30 09:05:07.123+02:00", DayFirst, "2026-11-30 09:05:07"),
            ("30.11.2026, 9:05", DayFirst, "2026-11-30 09:05:00"),
            ("11/30/26 12:05 AM", MonthFirst, "2026-11-30 00:05:00"),
            ("1969-12-31", DayFirst, "1969-12-31"),
        ] {
            assert_eq!(iso(text, order).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "hello",
            "2026-13-01",
            "30.02.2026",
            "1.2.3.4",
            "30.11.",
            "2026-11-30 25:00",
            "12345678901",
            "1,5",
            "192.168.1.1",
            "é0.11.2026",
            "3/4/2026x",
        ] {
            assert_eq!(parse(text, DayOrder::DayFirst), None, "{text}");
        }
    }

    #[test]
    fn a_date_is_written_by_its_pattern() {
        let at = parse("2026-03-04 05:06:07", DayOrder::DayFirst).unwrap().seconds;
        assert_eq!(format(at, "DD.MM.YYYY HH:mm"), "04.03.2026 05:06");
        assert_eq!(format(at, "M/D/YYYY"), "3/4/2026");
        assert_eq!(format(at, "D/M/YYYY"), "4/3/2026");
        assert_eq!(format(i64::MAX, "YYYY"), "");
    }
}
