//! Calculation. A mistake in the values is an `Err` with words for the cell.

use super::parse::{Expr, Op};
use super::{Record, Type, Value, type_of};
use crate::civil::{self, DAY_SECONDS, DayOrder};
use crate::column::{Decimal, read_number};
use jiff::ToSpan as _;
use jiff::civil::DateTime;

type Answer = Result<Value, String>;

/// Text a formula may build (bytes).
const TEXT_MAX: usize = 1 << 20;

pub(super) fn eval(expr: &Expr, record: &Record<'_>) -> Answer {
    Ok(match expr {
        Expr::Number(n) => Value::Number(*n),
        Expr::Text(t) => Value::Text(t.clone()),
        Expr::Flag(b) => Value::Flag(*b),
        Expr::Column(name, _) => return Err(format!("There is no column “{name}”.")),
        Expr::Input(at) => input(*at, record),
        Expr::Negative(inner) => Value::Number(-number(&eval(inner, record)?)?),
        Expr::Binary(op, a, b) => binary(*op, &eval(a, record)?, &eval(b, record)?)?,
        Expr::Call(function, args) => call(function.name, args, record)?,
    })
}

fn input(at: usize, record: &Record<'_>) -> Value {
    let (Some(field), Some(cell)) = (record.fields.get(at), record.cells.get(at)) else { return Value::Empty };
    if let Some((cells, inner)) = field.each(cell) {
        return Value::List(cells.iter().map(|cell| value_of(inner, cell, record)).collect());
    }
    value_of(*field, cell, record)
}

fn value_of(field: &dyn crate::column::Behaviour, cell: &crate::Cell, record: &Record<'_>) -> Value {
    if cell.is_empty() {
        return if type_of(field) == Type::Flag { Value::Flag(false) } else { Value::Empty };
    }
    match (type_of(field), cell.as_f64(), cell.as_i64()) {
        (Type::Number, Some(n), _) => Value::Number(n),
        (Type::Flag, ..) => Value::Flag(*cell == crate::Cell::Flag(true)),
        (Type::Date, _, Some(n)) if field.family() == crate::column::Family::Moment => {
            Value::Date(record.context.wall_clock(n))
        }
        (Type::Date, _, Some(n)) => Value::Date(n),
        _ => Value::Text(field.show(cell)),
    }
}

fn finite(n: f64) -> Answer {
    if n.is_finite() { Ok(Value::Number(n)) } else { Err("The number is too large.".into()) }
}

/// A list as one value: its only one, else its text.
fn single(value: Value) -> Value {
    match value {
        Value::List(mut list) => match list.len() {
            0 => Value::Empty,
            1 => list.pop().map_or(Value::Empty, single),
            _ => Value::Text(text(&Value::List(list))),
        },
        other => other,
    }
}

/// Functions that take lists apart: their values stand beside the other arguments.
const OF_LISTS: &[&str] = &[
    "and",
    "or",
    "xor",
    "sum",
    "average",
    "max",
    "min",
    "count",
    "counta",
    "countall",
    "countblank",
    "product",
    "large",
    "small",
];

fn flat(values: Vec<Value>) -> Vec<Value> {
    values
        .into_iter()
        .flat_map(|value| match value {
            Value::List(list) => flat(list),
            other => vec![other],
        })
        .collect()
}

fn binary(op: Op, a: &Value, b: &Value) -> Answer {
    // Sums of lists are left to the functions of lists: their words say so.
    let (a, b) = match op {
        Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Power => (a, b),
        _ => (&single(a.clone()), &single(b.clone())),
    };
    match op {
        Op::Join => limited(text(a) + &text(b)),
        Op::Add => finite(number(a)? + number(b)?),
        Op::Subtract => finite(number(a)? - number(b)?),
        Op::Multiply => finite(number(a)? * number(b)?),
        Op::Divide => {
            let by = number(b)?;
            if by == 0.0 { Err("Division by zero.".into()) } else { finite(number(a)? / by) }
        }
        Op::Power => finite(number(a)?.powf(number(b)?)),
        Op::Equal => Ok(Value::Flag(equal(a, b))),
        Op::NotEqual => Ok(Value::Flag(!equal(a, b))),
        Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => {
            use std::cmp::Ordering::{Equal, Greater, Less};
            let order = compare(a, b);
            Ok(Value::Flag(match op {
                Op::Less => order == Some(Less),
                Op::LessOrEqual => matches!(order, Some(Less | Equal)),
                Op::Greater => order == Some(Greater),
                _ => matches!(order, Some(Greater | Equal)),
            }))
        }
    }
}

#[allow(clippy::float_cmp)] // "=" in a formula means the very number
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Empty, Value::Empty) => true,
        (Value::Empty, Value::Text(t)) | (Value::Text(t), Value::Empty) => t.is_empty(),
        (Value::Text(x), Value::Text(y)) => x == y,
        (Value::Flag(x), Value::Flag(y)) => x == y,
        (Value::Date(_), Value::Text(_)) | (Value::Text(_), Value::Date(_)) => {
            matches!((date(a), date(b)), (Ok(Some(x)), Ok(Some(y))) if x == y)
        }
        (Value::Date(x), Value::Date(y)) => x == y,
        (Value::Empty, _) | (_, Value::Empty) => false,
        _ => matches!((number(a), number(b)), (Ok(x), Ok(y)) if x == y),
    }
}

/// No order with an empty value: it is neither before nor after.
fn compare(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::Empty, _) | (_, Value::Empty) => None,
        (Value::Text(x), Value::Text(y)) => Some(x.cmp(y)),
        (Value::Date(_), _) | (_, Value::Date(_)) => date(a).ok()??.partial_cmp(&date(b).ok()??),
        _ => number(a).ok()?.partial_cmp(&number(b).ok()?),
    }
}

pub(super) fn number(value: &Value) -> Result<f64, String> {
    match value {
        Value::Empty => Ok(0.0),
        Value::Number(n) => Ok(*n),
        Value::Flag(b) => Ok(f64::from(u8::from(*b))),
        Value::Text(t) if t.trim().is_empty() => Ok(0.0),
        Value::Text(t) => read_number(t, Decimal::Dot).ok_or_else(|| format!("“{t:.60}” is not a number.")),
        list @ Value::List(_) => match single(list.clone()) {
            Value::Text(_) => {
                Err("This holds several values; use sum(), average() or another function of lists.".into())
            }
            one => number(&one),
        },
        Value::Date(_) => Err("A date is not a number; use dateDif() for the time between dates.".into()),
        Value::Error(words) => Err(words.clone()),
    }
}

pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Number(n) if n.fract() == 0.0 && n.abs() < 9e15 => (*n as i64).to_string(),
        Value::Number(n) => n.to_string(),
        Value::Text(t) | Value::Error(t) => t.clone(),
        Value::Flag(b) => b.to_string(),
        Value::List(list) => join(list, ", "),
        Value::Date(s) => {
            civil::format(*s, if s.rem_euclid(DAY_SECONDS) == 0 { "YYYY-MM-DD" } else { "YYYY-MM-DD HH:mm" })
        }
    }
}

fn join(list: &[Value], joint: &str) -> String {
    list.iter().map(text).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(joint)
}

fn flag(value: &Value) -> Result<bool, String> {
    match value {
        list @ Value::List(_) => flag(&single(list.clone())),
        Value::Text(t) => Ok(!t.is_empty() && t != "false"),
        Value::Date(_) => Ok(true),
        other => number(other).map(|n| n != 0.0),
    }
}

fn date(value: &Value) -> Result<Option<i64>, String> {
    match value {
        Value::Empty => Ok(None),
        Value::Date(s) => Ok(Some(*s)),
        list @ Value::List(_) => date(&single(list.clone())),
        Value::Text(t) if t.trim().is_empty() => Ok(None),
        Value::Text(t) => civil::parse(t, DayOrder::DayFirst)
            .map(|p| Some(p.seconds))
            .ok_or_else(|| format!("“{t:.60}” is not a date.")),
        other => Err(format!("“{}” is not a date.", text(other))),
    }
}

fn limited(text: String) -> Answer {
    if text.len() > TEXT_MAX { Err("The text is too long.".into()) } else { Ok(Value::Text(text)) }
}

/// A value as the type the formula was found to yield.
pub(super) fn as_type(value: Value, kind: Type) -> Result<Value, String> {
    Ok(match (kind, value) {
        (_, Value::Empty) => Value::Empty,
        (_, Value::Error(words)) => Value::Error(words),
        (Type::Text, v) => Value::Text(text(&v)),
        (Type::Number, v @ Value::Number(_)) | (Type::Flag, v @ Value::Flag(_)) | (Type::Date, v @ Value::Date(_)) => v,
        (Type::Number, v) => Value::Number(number(&v)?),
        (Type::Flag, v) => Value::Flag(flag(&v)?),
        (Type::Date, v) => date(&v)?.map_or(Value::Empty, Value::Date),
    })
}

fn call(name: &str, args: &[Expr], record: &Record<'_>) -> Answer {
    let arg = |at: usize| args.get(at).map_or(Ok(Value::Empty), |e| eval(e, record));
    match name {
        "if" => return arg(if flag(&arg(0)?)? { 1 } else { 2 }),
        "ifs" => {
            for pair in args.chunks(2) {
                if let [condition, value] = pair
                    && flag(&eval(condition, record)?)?
                {
                    return eval(value, record);
                }
            }
            return Ok(Value::Empty);
        }
        "switch" => {
            let wanted = arg(0)?;
            for pair in args.get(1..).unwrap_or_default().chunks(2) {
                match pair {
                    [case, value] if equal(&wanted, &eval(case, record)?) => return eval(value, record),
                    [otherwise] => return eval(otherwise, record),
                    _ => {}
                }
            }
            return Ok(Value::Empty);
        }
        "iferror" => return arg(0).or_else(|_| arg(1)),
        _ => {}
    }
    let values: Vec<Value> = args.iter().map(|a| eval(a, record)).collect::<Result<_, _>>()?;
    match name {
        "join" => {
            let joint = values.get(1).map_or_else(|| ", ".to_owned(), text);
            let list = values.into_iter().next().unwrap_or(Value::Empty);
            return limited(join(&flat(vec![list]), &joint));
        }
        "countitems" if matches!(values.first(), Some(Value::List(_))) => {
            return finite(flat(values).iter().filter(|v| !text(v).is_empty()).count() as f64);
        }
        _ => {}
    }
    let values =
        if OF_LISTS.contains(&name) { flat(values) } else { values.into_iter().map(single).collect::<Vec<_>>() };
    plain(name, &values, record)
}

fn plain(name: &str, v: &[Value], record: &Record<'_>) -> Answer {
    let at = |i: usize| v.get(i).unwrap_or(&Value::Empty);
    let n = |i: usize| number(at(i));
    let t = |i: usize| text(at(i));
    let or = |i: usize, default: f64| if v.len() > i { number(at(i)) } else { Ok(default) };
    let numbers = || v.iter().filter(|x| !matches!(x, Value::Empty)).map(number).collect::<Result<Vec<f64>, _>>();
    let chars = |s: &str, from: usize, count: usize| s.chars().skip(from).take(count).collect::<String>();
    let size = |x: f64| x.clamp(0.0, 1e9) as usize;
    match name {
        "and" => v.iter().map(flag).try_fold(true, |a, b| Ok(a & b?)).map(Value::Flag),
        "or" => v.iter().map(flag).try_fold(false, |a, b| Ok(a | b?)).map(Value::Flag),
        "xor" => v.iter().map(flag).try_fold(false, |a, b| Ok(a ^ b?)).map(Value::Flag),
        "not" => Ok(Value::Flag(!flag(at(0))?)),
        "isempty" => Ok(Value::Flag(text(at(0)).is_empty())),
        "abs" => finite(n(0)?.abs()),
        "sum" => finite(numbers()?.iter().sum()),
        "average" => {
            let all = numbers()?;
            if all.is_empty() { Ok(Value::Empty) } else { finite(all.iter().sum::<f64>() / all.len() as f64) }
        }
        "max" => numbers()?.into_iter().reduce(f64::max).map_or(Ok(Value::Empty), finite),
        "min" => numbers()?.into_iter().reduce(f64::min).map_or(Ok(Value::Empty), finite),
        "count" => finite(v.iter().filter(|x| matches!(x, Value::Number(_))).count() as f64),
        "counta" => finite(v.iter().filter(|x| !text(x).is_empty()).count() as f64),
        "countblank" => finite(v.iter().filter(|x| text(x).is_empty()).count() as f64),
        "countall" => finite(v.len() as f64),
        "ceiling" | "floor" => {
            let step = or(1, 1.0)?.abs();
            let units = if step == 0.0 { return Err("The step is zero.".into()) } else { n(0)? / step };
            finite(if name == "ceiling" { units.ceil() } else { units.floor() } * step)
        }
        "even" | "odd" => {
            let x = n(0)?;
            let away = x.abs().ceil();
            let fits = (away % 2.0 == 0.0) == (name == "even");
            finite(if fits { away } else { away + 1.0 } * if x < 0.0 { -1.0 } else { 1.0 })
        }
        "exp" => finite(n(0)?.exp()),
        "int" => finite(n(0)?.floor()),
        "ln" | "log" | "lg" => {
            let (x, base) = (n(0)?, or(1, if name == "ln" { std::f64::consts::E } else { 10.0 })?);
            if x <= 0.0 || base <= 0.0 {
                Err("Only numbers above zero have a logarithm.".into())
            } else {
                // Of ten and two exactly: log(1000) is 3, not 2.9999999999999996.
                finite(if (base - 10.0).abs() < f64::EPSILON {
                    x.log10()
                } else if (base - 2.0).abs() < f64::EPSILON {
                    x.log2()
                } else {
                    x.log(base)
                })
            }
        }
        "mod" => {
            let by = n(1)?;
            if by == 0.0 {
                Err("Division by zero.".into())
            } else {
                n(0).and_then(|x| finite(x - by * (x / by).floor()))
            }
        }
        "power" => finite(n(0)?.powf(n(1)?)),
        "add" => binary(Op::Add, at(0), at(1)),
        "subtract" => binary(Op::Subtract, at(0), at(1)),
        "multiply" => binary(Op::Multiply, at(0), at(1)),
        "divide" => binary(Op::Divide, at(0), at(1)),
        "equal" => binary(Op::Equal, at(0), at(1)),
        "unequal" => binary(Op::NotEqual, at(0), at(1)),
        "greater" => binary(Op::Greater, at(0), at(1)),
        "lessthan" => binary(Op::Less, at(0), at(1)),
        "greatereq" => binary(Op::GreaterOrEqual, at(0), at(1)),
        "lesseq" => binary(Op::LessOrEqual, at(0), at(1)),
        "product" => finite(numbers()?.iter().product()),
        "pi" => finite(std::f64::consts::PI),
        "e" => finite(std::f64::consts::E),
        "large" | "small" => {
            let which = v.last().map_or(Ok(1.0), number)?;
            let few = v.split_last().map_or(&[][..], |(_, few)| few);
            let mut all =
                few.iter().filter(|x| !matches!(x, Value::Empty)).map(number).collect::<Result<Vec<f64>, _>>()?;
            all.sort_by(f64::total_cmp);
            if name == "large" {
                all.reverse();
            }
            let place = (which >= 1.0).then(|| size(which - 1.0));
            place.and_then(|p| all.get(p)).map_or_else(|| Err("There are not so many numbers.".into()), |n| finite(*n))
        }
        "countitems" => finite(t(0).split(',').filter(|part| !part.trim().is_empty()).count() as f64),
        "t" => Ok(Value::Text(if matches!(at(0), Value::Text(_)) { t(0) } else { String::new() })),
        // A place reads "country, town, street" or so; a country alone is a place of its own.
        "country" => Ok(Value::Text(t(0).split(',').next().unwrap_or_default().trim().to_owned())),
        "round" | "roundup" | "rounddown" => {
            let scale = 10_f64.powi(or(1, 0.0)?.clamp(-15.0, 15.0) as i32);
            let x = n(0)? * scale;
            // 1.005 * 100 is 100.49999999999999: what people see decides.
            let near = (x * 1e6).round() / 1e6;
            finite(
                match name {
                    "round" => near.round(),
                    "roundup" => near.abs().ceil() * near.signum(),
                    _ => near.trunc(),
                } / scale,
            )
        }
        "sign" => n(0).and_then(|x| finite(if x == 0.0 { 0.0 } else { x.signum() })),
        "sqrt" => {
            n(0).and_then(|x| if x < 0.0 { Err("A negative number has no root.".into()) } else { finite(x.sqrt()) })
        }
        "value" => finite(n(0)?),
        "concatenate" => limited(v.iter().map(text).collect()),
        "exact" => Ok(Value::Flag(t(0) == t(1))),
        "find" | "search" => {
            let fold = |s: String| if name == "search" { crate::text::fold(&s) } else { s };
            let (needle, hay, from) = (fold(t(0)), fold(t(1)), size(or(2, 1.0)?).max(1) - 1);
            let tail = chars(&hay, from, usize::MAX);
            finite(
                tail.find(&needle)
                    .map_or(0.0, |byte| (tail.get(..byte).unwrap_or_default().chars().count() + from + 1) as f64),
            )
        }
        "left" => Ok(Value::Text(chars(&t(0), 0, size(or(1, 1.0)?)))),
        "right" => {
            let s = t(0);
            let length = s.chars().count();
            Ok(Value::Text(chars(&s, length.saturating_sub(size(or(1, 1.0)?)), length)))
        }
        "mid" => Ok(Value::Text(chars(&t(0), size(n(1)?).max(1) - 1, size(n(2)?)))),
        "len" => finite(t(0).chars().count() as f64),
        "lower" => Ok(Value::Text(t(0).to_lowercase())),
        "upper" => Ok(Value::Text(t(0).to_uppercase())),
        "trim" => Ok(Value::Text(t(0).split_whitespace().collect::<Vec<_>>().join(" "))),
        "rept" => {
            let (s, times) = (t(0), size(n(1)?));
            if s.len().saturating_mul(times) > TEXT_MAX {
                Err("The text is too long.".into())
            } else {
                Ok(Value::Text(s.repeat(times)))
            }
        }
        "replace" => {
            let (s, from, count) = (t(0), size(n(1)?).max(1) - 1, size(n(2)?));
            limited(chars(&s, 0, from) + &t(3) + &chars(&s, from.saturating_add(count), usize::MAX))
        }
        "substitute" => {
            let (s, old, new) = (t(0), t(1), t(2));
            if old.is_empty() {
                return Ok(Value::Text(s));
            }
            if v.len() < 4 {
                return limited(s.replace(&old, &new));
            }
            let nth = size(n(3)?).max(1) - 1;
            let place = s.match_indices(&old).nth(nth).map(|(byte, _)| byte);
            limited(place.map_or_else(
                || s.clone(),
                |byte| {
                    format!(
                        "{}{new}{}",
                        s.get(..byte).unwrap_or_default(),
                        s.get(byte + old.len()..).unwrap_or_default()
                    )
                },
            ))
        }
        "startswith" => Ok(Value::Flag(t(0).starts_with(&t(1)))),
        "text" => Ok(Value::Text(match (at(0), v.get(1).map(text)) {
            (Value::Date(s), Some(pattern)) => civil::format(*s, &pattern),
            (value, _) => text(value),
        })),
        _ => dates(name, v, record),
    }
}

fn dates(name: &str, v: &[Value], record: &Record<'_>) -> Answer {
    let at = |i: usize| v.get(i).unwrap_or(&Value::Empty);
    let n = |i: usize| number(at(i));
    let out = |dt: DateTime| Ok(Value::Date(civil::seconds(dt)));
    let wall = record.context.wall_clock(record.context.now.0);
    match name {
        "today" => return Ok(Value::Date(wall - wall.rem_euclid(DAY_SECONDS))),
        "now" => return Ok(Value::Date(wall)),
        "date" => {
            let first =
                jiff::civil::date(n(0)?.clamp(1.0, 9999.0) as i16, 1, 1).to_datetime(jiff::civil::Time::midnight());
            // As in a spreadsheet: month 13 is January of the next year.
            let span =
                jiff::Span::new().try_months(n(1)? as i64 - 1).and_then(|s| s.try_days(n(2).unwrap_or(1.0) as i64 - 1));
            return span
                .and_then(|s| first.checked_add(s))
                .map_err(|_| "There is no such date.".to_owned())
                .and_then(out);
        }
        _ => {}
    }
    let Some(first) = date(at(0))? else { return Ok(Value::Empty) };
    let Some(dt) = civil::datetime(first) else { return Err("There is no such date.".into()) };
    let day = first.div_euclid(DAY_SECONDS);
    match name {
        "year" => finite(f64::from(dt.year())),
        "month" => finite(f64::from(dt.month())),
        "day" => finite(f64::from(dt.day())),
        "hour" => finite(f64::from(dt.hour())),
        "minute" => finite(f64::from(dt.minute())),
        "second" => finite(f64::from(dt.second())),
        "weekday" => finite(f64::from(dt.weekday().to_monday_one_offset())),
        "isoweeknum" => finite(f64::from(dt.date().iso_week_date().week())),
        "startofweek" => Ok(Value::Date((day - i64::from(dt.weekday().to_monday_zero_offset())) * DAY_SECONDS)),
        "quarter" => finite(f64::from((dt.month() + 2) / 3)),
        "datetimeformat" => Ok(Value::Text(civil::format(first, &text(at(1))))),
        "weeknum" => {
            // As in a spreadsheet: weeks begin on Sunday (1) or Monday (2), the first holds 1 January; 21 is ISO's.
            let from = if v.len() > 1 { n(1)? } else { 1.0 };
            if (from - 21.0).abs() < 0.5 {
                return finite(f64::from(dt.date().iso_week_date().week()));
            }
            let first_day = dt.date().first_of_year().weekday();
            let before = if (from - 2.0).abs() < 0.5 {
                first_day.to_monday_zero_offset()
            } else {
                first_day.to_sunday_zero_offset()
            };
            finite(f64::from((i32::from(dt.date().day_of_year()) - 1 + i32::from(before)) / 7 + 1))
        }
        "isodate" => Ok(Value::Text(civil::format(first, "YYYY-MM-DD"))),
        "isomonth" => Ok(Value::Text(civil::format(first, "YYYY-MM"))),
        "eomonth" => {
            let moved = dt
                .checked_add((n(1)?.clamp(-12_000.0, 12_000.0) as i64).months())
                .map_err(|_| "There is no such date.")?;
            Ok(Value::Date(civil::days(moved.date().last_of_month()) * DAY_SECONDS))
        }
        "dateadd" => {
            let count = n(1)?.clamp(-1e9, 1e9).trunc() as i64;
            let span = match text(at(2)).to_lowercase().trim_end_matches('s') {
                "second" => jiff::Span::new().try_seconds(count),
                "minute" => jiff::Span::new().try_minutes(count),
                "hour" => jiff::Span::new().try_hours(count),
                "day" | "d" => jiff::Span::new().try_days(count),
                "week" | "w" => jiff::Span::new().try_weeks(count),
                "month" | "m" => jiff::Span::new().try_months(count),
                "year" | "y" => jiff::Span::new().try_years(count),
                other => {
                    return Err(format!(
                        "“{other}” is no unit of time; use days, weeks, months, years, hours, minutes or seconds."
                    ));
                }
            };
            span.and_then(|s| dt.checked_add(s)).map_err(|_| "There is no such date.".to_owned()).and_then(out)
        }
        _ => {
            let Some(second) = date(at(1))? else { return Ok(Value::Empty) };
            let Some(until) = civil::datetime(second) else { return Err("There is no such date.".into()) };
            between(name, v, (first, dt), (second, until))
        }
    }
}

fn between(name: &str, v: &[Value], (first, dt): (i64, DateTime), (second, until): (i64, DateTime)) -> Answer {
    let months = || {
        let whole =
            (i64::from(until.year()) - i64::from(dt.year())) * 12 + i64::from(until.month()) - i64::from(dt.month());
        let rest = (until.day(), until.time()).cmp(&(dt.day(), dt.time()));
        whole - i64::from(whole > 0 && rest.is_lt()) + i64::from(whole < 0 && rest.is_gt())
    };
    let days = second.div_euclid(DAY_SECONDS) - first.div_euclid(DAY_SECONDS);
    finite(match name {
        "hours" => ((second - first) / 3600) as f64,
        "days" => -days as f64,
        "minutes" => ((second - first) / 60) as f64,
        "months" => months() as f64,
        "networkdays" => {
            let (from, to) = (first.min(second).div_euclid(DAY_SECONDS), first.max(second).div_euclid(DAY_SECONDS));
            // 1970-01-01 was a Thursday; whole weeks have five days each.
            let weekday = |day: i64| (day + 3).rem_euclid(7);
            let count = to - from + 1;
            let open = (0..count % 7).filter(|i| weekday(from + i) < 5).count() as i64;
            ((count / 7 * 5 + open) * if second < first { -1 } else { 1 }) as f64
        }
        _ => match v.get(2).map_or_else(|| "D".into(), text).to_uppercase().as_str() {
            "S" => (second - first) as f64,
            "MIN" => ((second - first) / 60) as f64,
            "H" => ((second - first) / 3600) as f64,
            "D" => days as f64,
            "W" => (days / 7) as f64,
            "M" => months() as f64,
            "Y" => (months() / 12) as f64,
            other => return Err(format!("“{other}” is no unit of time; use D, M, Y, H or S.")),
        },
    })
}
