//! Rules on dates: words such as `today` or `the_next_month` become bounds.

use super::{Sense, Test};
use crate::civil::{self, DAY_SECONDS, DayOrder};
use crate::column::Context;
use jiff::ToSpan as _;
use jiff::civil::Date;
use model::{Phrase, say};
use serde_json::Value as Json;

/// Modifiers that name a day; `number_of_days_*` take a number and `exact_date` a date as value.
pub const MODIFIERS: &[&str] = &[
    "today",
    "tomorrow",
    "yesterday",
    "one_week_ago",
    "one_week_from_now",
    "one_month_ago",
    "one_month_from_now",
    "number_of_days_ago",
    "number_of_days_from_now",
    "exact_date",
];

/// Modifiers of `is_within`; `*_numbers_of_days` take a number as value.
pub const RANGE_MODIFIERS: &[&str] = &[
    "this_week",
    "this_month",
    "this_year",
    "the_past_week",
    "the_past_month",
    "the_past_year",
    "the_next_week",
    "the_next_month",
    "the_next_year",
    "the_past_numbers_of_days",
    "the_next_numbers_of_days",
];

/// Days as `from..to`.
type Span = (i64, i64);

/// One rule on a date column (wall-clock seconds) or a column of moments (ms UTC).
pub(super) fn rule(
    predicate: &str,
    value: &Json,
    modifier: Option<&str>,
    context: &Context,
    moments: bool,
) -> Result<Option<Test>, Phrase> {
    let span = match modifier {
        Some("exact_date" | "exact") | None => match exact(value, moments)? {
            Some(span) => span,
            None => return Ok(None),
        },
        Some(modifier) => match span(modifier, value, context)? {
            Some((from, to)) => (from * DAY_SECONDS, to * DAY_SECONDS),
            None => return Ok(None),
        },
    };
    let stored = |seconds: i64| if moments { context.moment(seconds) } else { seconds };
    let (from, to) = (Some(stored(span.0)), Some(stored(span.1)));
    Ok(Some(match predicate {
        "is" | "is_within" => Test::Within(from, to, Sense::Positive),
        "is_not" => Test::Within(from, to, Sense::Negative),
        "is_before" => Test::Within(None, from, Sense::Positive),
        "is_on_or_before" => Test::Within(None, to, Sense::Positive),
        "is_after" => Test::Within(to, None, Sense::Positive),
        _ => Test::Within(from, None, Sense::Positive),
    }))
}

/// Wall-clock seconds of an exact date: its day, or its minute where a time is given.
fn exact(value: &Json, moments: bool) -> Result<Option<Span>, Phrase> {
    let text = match value {
        Json::String(s) if !s.trim().is_empty() => s,
        Json::Null | Json::String(_) => return Ok(None),
        _ => return Err(say!("its value must be a date.")),
    };
    let at = civil::parse(text, DayOrder::DayFirst)
        .ok_or_else(|| say!("“{text}” is not a date.", text = format!("{text:.40}")))?;
    Ok(Some(if at.timed && !moments {
        let minute = at.seconds - at.seconds.rem_euclid(60);
        (minute, minute + 60)
    } else {
        let day = at.seconds - at.seconds.rem_euclid(DAY_SECONDS);
        (day, day + DAY_SECONDS)
    }))
}

fn span(modifier: &str, value: &Json, context: &Context) -> Result<Option<Span>, Phrase> {
    let today = context.today();
    let date = civil::datetime(today * DAY_SECONDS).map_or(Date::ZERO, jiff::civil::DateTime::date);
    let day = |d: i64| (d, d + 1);
    let plus = |span: jiff::Span| date.saturating_add(span);
    let number = || match value {
        Json::Null => Ok(None),
        Json::String(s) if s.trim().is_empty() => Ok(None),
        Json::String(s) => s.trim().parse::<i64>().map(Some).map_err(|_| say!("its value must be a number of days.")),
        other => other.as_i64().map(Some).ok_or_else(|| say!("its value must be a number of days.")),
    };
    let bounded = |n: i64| n.clamp(-1_000_000, 1_000_000);
    let first = if context.sunday_first {
        date.weekday().to_sunday_zero_offset()
    } else {
        date.weekday().to_monday_zero_offset()
    };
    let week = today - i64::from(first);
    let month = |d: Date| (civil::days(d.first_of_month()), civil::days(d.last_of_month()) + 1);
    let year = |d: Date| (civil::days(d.first_of_year()), civil::days(d.last_of_year()) + 1);
    Ok(Some(match modifier {
        "today" => day(today),
        "tomorrow" => day(today + 1),
        "yesterday" => day(today - 1),
        "one_week_ago" => day(today - 7),
        "one_week_from_now" => day(today + 7),
        "one_month_ago" => day(civil::days(plus(-1.months()))),
        "one_month_from_now" => day(civil::days(plus(1.months()))),
        "number_of_days_ago" | "days_ago" => match number()? {
            Some(n) => day(today - bounded(n)),
            None => return Ok(None),
        },
        "number_of_days_from_now" | "days_from_now" => match number()? {
            Some(n) => day(today + bounded(n)),
            None => return Ok(None),
        },
        "this_week" => (week, week + 7),
        "the_past_week" | "past_week" => (week - 7, week),
        "the_next_week" | "next_week" => (week + 7, week + 14),
        "this_month" => month(date),
        "the_past_month" | "past_month" => month(date.first_of_month().saturating_sub(1.days())),
        "the_next_month" | "next_month" => month(date.last_of_month().saturating_add(1.days())),
        "this_year" => year(date),
        "the_past_year" | "past_year" => year(date.first_of_year().saturating_sub(1.days())),
        "the_next_year" | "next_year" => year(date.last_of_year().saturating_add(1.days())),
        // Today counts: "the next 7 days" of a Monday end on Monday.
        "the_past_numbers_of_days" | "past_days" => match number()? {
            Some(n) => (today - bounded(n), today + 1),
            None => return Ok(None),
        },
        "the_next_numbers_of_days" | "next_days" => match number()? {
            Some(n) => (today, today + bounded(n) + 1),
            None => return Ok(None),
        },
        other => return Err(say!("there is no date “{name}”.", name = format!("{other:.40}"))),
    }))
}
