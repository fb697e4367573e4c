//! Statistics: a table of figures by the values of one or two columns.
//!
//! Look next: `figure` for what is gathered of each cell of the table.

use super::error::sql;
use super::figure::{Gathered, Rank, Ranking, Raw, scan};
use super::list::{key, of};
use super::meta::{self, Col, Def};
use super::{BaseFile, cells};
use base::column::Family;
use base::text;
use base::{Cell, Context, Storage, civil};
use model::base::{
    DateStep, Figure, RecordListArgs, RecordStatistics, RecordStatisticsArgs, StatisticAxis, StatisticLabel,
};
use model::{Error, Result, say};
use rusqlite::types::ValueRef;
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// Values an axis may have.
const AXIS_MAX: usize = 2_000;

impl BaseFile {
    /// A table of figures by the values of one or two columns.
    ///
    /// # Errors
    /// `Invalid` where the figure needs numbers and the column has none, or an axis has too many values.
    pub fn statistics(&self, args: &RecordStatisticsArgs) -> Result<RecordStatistics> {
        let context = self.context();
        let order = text::Order::new(&self.language);
        self.read_snapshot(|c| {
            let def = meta::def(c, args.table, &context)?;
            let list = RecordListArgs { view: args.view, filter: args.filter.clone(), ..of(&args.base, args.table) };
            let axes: Vec<Axis<'_>> = std::iter::once(args.rows)
                .chain(args.columns)
                .map(|axis| Axis::new(&def, axis, &order))
                .collect::<Result<_>>()?;
            let measured = args.measure.column.map(|id| def.column(id)).transpose()?;
            let family = measured.map_or(Family::Presence, |c| c.field.behaviour.family());
            let numbers = !matches!(args.measure.summary, Figure::Count | Figure::Unique);
            if numbers && family != Family::Number {
                return Err(
                    Error::invalid("This figure needs a number column.").remedy("Choose one, or count records.")
                );
            }
            let mut expressions: Vec<String> = axes.iter().map(Axis::expression).collect();
            expressions.push(measured.map_or_else(|| "1".to_owned(), Col::expression));
            let mut found: HashMap<(Json2, Json2), Gathered> = HashMap::new();
            let mut seen: Vec<HashMap<Json2, Rank>> = vec![HashMap::new(); axes.len()];
            scan(c, &def, &key(&def, &list, &context)?.0, &expressions, |row| {
                let mut places: Vec<Vec<Json2>> = Vec::with_capacity(2);
                for (at, (axis, seen)) in axes.iter().zip(&mut seen).enumerate() {
                    let values = axis.values(row.get_ref(at).map_err(sql)?, &context);
                    for (value, rank) in &values {
                        if !seen.contains_key(value) {
                            seen.insert(value.clone(), rank.clone());
                        }
                    }
                    if seen.len() > AXIS_MAX {
                        return Err(Error::invalid(say!(
                            "“{name}” has more than {max} different values.",
                            name = axis.ranking.column.field.name,
                            max = AXIS_MAX
                        ))
                        .remedy("Choose another column, or put dates together by month or year."));
                    }
                    places.push(values.into_iter().map(|(value, _)| value).collect());
                }
                let value = row.get_ref(axes.len()).map_err(sql)?;
                let columns = places.get(1).cloned().unwrap_or_else(|| vec![(String::new(), String::new())]);
                for row in places.first().into_iter().flatten() {
                    for column in &columns {
                        found.entry((row.clone(), column.clone())).or_default().take(value, family);
                    }
                }
                Ok(true)
            })?;
            let sorted = |seen: Option<&HashMap<Json2, Rank>>| {
                let mut all: Vec<(Json2, Rank)> = match seen {
                    Some(seen) => seen.iter().map(|(v, r)| (v.clone(), r.clone())).collect(),
                    None => vec![((String::new(), String::new()), Rank::Nothing)],
                };
                all.sort_by(|a, b| a.1.compare(&b.1, false).then_with(|| a.0.cmp(&b.0)));
                all.into_iter().map(|(v, _)| v).collect::<Vec<Json2>>()
            };
            let (rows, columns) = (sorted(seen.first()), sorted(seen.get(1)));
            let values = rows
                .iter()
                .map(|r| {
                    let cell =
                        |k: &Json2| found.get(&(r.clone(), k.clone())).and_then(|g| g.figure(args.measure.summary));
                    columns.iter().map(cell).collect()
                })
                .collect();
            let labels = |all: Vec<Json2>| {
                all.into_iter()
                    .map(|(value, label)| StatisticLabel {
                        value: serde_json::from_str(&value).unwrap_or_default(),
                        label,
                    })
                    .collect()
            };
            Ok(RecordStatistics { rows: labels(rows), columns: labels(columns), values })
        })
    }
}

/// A value as JSON text, and as people read it.
type Json2 = (String, String);

/// One axis of statistics.
struct Axis<'a> {
    ranking: Ranking<'a>,
    step: Option<DateStep>,
}

impl<'a> Axis<'a> {
    fn new(def: &'a Def, axis: StatisticAxis, order: &'a text::Order) -> Result<Self> {
        let column = def.column(axis.column)?;
        let dates = matches!(column.field.behaviour.family(), Family::Date | Family::Moment);
        let step = dates.then(|| axis.by.unwrap_or(DateStep::Day));
        Ok(Self { ranking: Ranking::new(column, order), step })
    }

    fn expression(&self) -> String {
        let column = self.ranking.column;
        match column.storage() {
            Storage::List => column.expression(),
            Storage::Json => column.cell_expression(),
            _ => self.ranking.expression(),
        }
    }

    /// The values of a cell, with their ranks; several for lists.
    fn values(&self, value: ValueRef<'_>, context: &Context) -> Vec<(Json2, Rank)> {
        let column = self.ranking.column;
        let empty = || vec![(("null".to_owned(), String::new()), Rank::Nothing)];
        let cell = cells::load(value, column.storage());
        match (&cell, self.step) {
            (Cell::Empty, _) => empty(),
            (cell, Some(step)) => {
                let moment = column.field.behaviour.family() == Family::Moment;
                let Some(at) = cell.as_i64() else { return empty() };
                let text = stepped(if moment { context.wall_clock(at) } else { at }, step);
                vec![((json!(text).to_string(), text.clone()), Rank::Bytes(text.into_bytes()))]
            }
            (Cell::List(ids), _) => ids
                .iter()
                .map(|id| {
                    let raw = Raw::Integer(*id);
                    let name = column.field.behaviour.options().and_then(|o| o.name(*id)).unwrap_or_default();
                    ((id.to_string(), name.to_owned()), self.ranking.rank(&raw))
                })
                .collect(),
            (Cell::Json(Json::Array(names)), _) if column.field.behaviour.family() == Family::Persons => {
                let name = |name: &Json| {
                    let text = name.as_str().unwrap_or_default();
                    ((name.to_string(), text.to_owned()), Rank::Bytes(self.ranking.order.key(text)))
                };
                names.iter().map(name).collect()
            }
            (Cell::Json(map), _) if map.get("list").is_some() => map
                .get("list")
                .and_then(Json::as_array)
                .into_iter()
                .flatten()
                .map(|item| {
                    let text = item.get("text").and_then(Json::as_str).map(str::to_owned);
                    let text = text.unwrap_or_else(|| item.as_str().map_or_else(|| item.to_string(), str::to_owned));
                    let rank = Rank::Bytes(self.ranking.order.key(&text));
                    ((item.to_string(), text), rank)
                })
                .collect(),
            _ => {
                let raw = Raw::new(value);
                let (value, label) = self.ranking.label(&raw);
                vec![((value.to_string(), label), self.ranking.rank(&raw))]
            }
        }
    }
}

/// The first second of the step a moment lies in.
pub(super) fn step_start(seconds: i64, step: DateStep) -> i64 {
    let day = seconds.div_euclid(civil::DAY_SECONDS);
    let Some(date) = civil::datetime(seconds).map(jiff::civil::DateTime::date) else { return seconds };
    let first = match step {
        DateStep::Day => return day * civil::DAY_SECONDS,
        DateStep::Week => return (day - i64::from(date.weekday().to_monday_zero_offset())) * civil::DAY_SECONDS,
        DateStep::Month => Some(date.first_of_month()),
        DateStep::Quarter => jiff::civil::Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).ok(),
        DateStep::Year => Some(date.first_of_year()),
    };
    first.map_or(seconds, |first| civil::days(first) * civil::DAY_SECONDS)
}

/// SQL of a date column's value for an order or a group: the value, or the beginning of its step.
pub(super) fn step_expression(column: &Col, by: Option<DateStep>) -> String {
    let c = column.expression();
    match (by, column.field.behaviour.family()) {
        (Some(step), Family::Date) => format!("step_start({},{c},0)", step as i64),
        (Some(step), Family::Moment) => format!("step_start({},{c},1)", step as i64),
        _ => c,
    }
}

/// The step of the number that stands in [`step_expression`].
pub(super) fn step_of(number: i64) -> Option<DateStep> {
    [DateStep::Day, DateStep::Week, DateStep::Month, DateStep::Quarter, DateStep::Year]
        .into_iter()
        .find(|step| *step as i64 == number)
}

/// The step a day lies in, sorted as text is.
pub(super) fn stepped(seconds: i64, step: DateStep) -> String {
    let Some(at) = civil::datetime(seconds) else { return String::new() };
    match step {
        DateStep::Day => civil::format(seconds, "YYYY-MM-DD"),
        DateStep::Week => {
            let week = at.date().iso_week_date();
            format!("{:04}-W{:02}", week.year(), week.week())
        }
        DateStep::Month => civil::format(seconds, "YYYY-MM"),
        DateStep::Quarter => format!("{:04}-Q{}", at.year(), (at.month() + 2) / 3),
        DateStep::Year => civil::format(seconds, "YYYY"),
    }
}
