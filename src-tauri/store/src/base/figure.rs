//! Figures of records: sums of columns, groups with subtotals.
//!
//! Each is one pass over the records asked for, without sorting them: a million of them are put
//! together by their values, and only the different values are put in order.
//! Look next: `statistics` for figures by two columns.

use super::condition::Sql;
use super::error::sql;
use super::list::{Key, conditions, key, of};
use super::meta::{self, Col, Def};
use super::{BaseFile, cells};
use base::column::{Family, Order};
use base::text;
use base::{Cell, Storage};
use model::base::{
    DateStep, Figure, RecordGroup, RecordGroups, RecordGroupsArgs, RecordListArgs, RecordSummaries, RecordSummary,
    RecordSummaryArgs, Sort,
};
use model::{ColumnId, Result};
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};
use serde_json::{Value as Json, json};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// Groups given at most.
const GROUPS_MAX: usize = 5_000;

/// What is known so far of a column's cells.
#[derive(Clone, Default)]
pub(super) struct Gathered {
    count: u32,
    filled: u32,
    unique: HashSet<u64>,
    numbers: Vec<f64>,
}

impl Gathered {
    pub(super) fn take(&mut self, value: ValueRef<'_>, family: Family) {
        self.count += 1;
        let number = match value {
            ValueRef::Null => return,
            ValueRef::Integer(0) if family == Family::Flag => return,
            ValueRef::Integer(n) => Some(n as f64),
            ValueRef::Real(n) => Some(n),
            ValueRef::Text(_) | ValueRef::Blob(_) => None,
        };
        self.filled += 1;
        self.unique.insert(hash(value));
        if matches!(family, Family::Number | Family::Date | Family::Moment) {
            self.numbers.extend(number);
        }
    }

    fn join(&mut self, other: &Self) {
        self.count += other.count;
        self.filled += other.filled;
        self.unique.extend(&other.unique);
        self.numbers.extend(&other.numbers);
    }

    pub(super) fn figure(&self, figure: Figure) -> Option<f64> {
        let any = !self.numbers.is_empty();
        let sum = || self.numbers.iter().sum::<f64>();
        match figure {
            Figure::Count => Some(f64::from(self.count)),
            Figure::Unique => Some(self.unique.len() as f64),
            Figure::Sum => any.then(sum),
            Figure::Average => any.then(|| sum() / self.numbers.len() as f64),
            Figure::Min => self.numbers.iter().copied().reduce(f64::min),
            Figure::Max => self.numbers.iter().copied().reduce(f64::max),
        }
    }

    fn summary(mut self, column: &Col) -> RecordSummary {
        let number = column.field.behaviour.family() == Family::Number;
        let bound = |n: Option<f64>| {
            let cell = n.map_or(Cell::Empty, |n| match column.storage() {
                Storage::Real => Cell::Number(n),
                _ => Cell::Integer(n as i64),
            });
            if cell.is_empty() { Json::Null } else { column.field.behaviour.to_json(&cell) }
        };
        let (min, max) = (bound(self.figure(Figure::Min)), bound(self.figure(Figure::Max)));
        RecordSummary {
            count: self.count,
            filled: self.filled,
            empty: self.count - self.filled,
            unique: self.unique.len() as u32,
            sum: self.figure(Figure::Sum).filter(|_| number),
            average: self.figure(Figure::Average).filter(|_| number),
            median: median(&mut self.numbers).filter(|_| number),
            min,
            max,
        }
    }
}

fn median(numbers: &mut [f64]) -> Option<f64> {
    let middle = numbers.len() / 2;
    if numbers.is_empty() {
        return None;
    }
    let even = numbers.len().is_multiple_of(2);
    let (below, upper, _) = numbers.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    if even { below.iter().copied().reduce(f64::max).map(|lower| f64::midpoint(lower, upper)) } else { Some(upper) }
}

fn hash(value: ValueRef<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        ValueRef::Null => 0_u8.hash(&mut hasher),
        ValueRef::Integer(n) => (1_u8, n).hash(&mut hasher),
        ValueRef::Real(n) => (2_u8, n.to_bits()).hash(&mut hasher),
        ValueRef::Text(t) | ValueRef::Blob(t) => (3_u8, t).hash(&mut hasher),
    }
    hasher.finish()
}

/// A value as SQL gave it, to tell groups apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Raw {
    Null,
    Integer(i64),
    Real(u64),
    Text(Box<[u8]>),
}

impl Raw {
    pub(super) fn new(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(n) => Self::Integer(n),
            ValueRef::Real(n) => Self::Real(n.to_bits()),
            ValueRef::Text(t) | ValueRef::Blob(t) => Self::Text(t.into()),
        }
    }

    fn value(&self) -> ValueRef<'_> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Integer(n) => ValueRef::Integer(*n),
            Self::Real(bits) => ValueRef::Real(f64::from_bits(*bits)),
            Self::Text(t) => ValueRef::Text(t),
        }
    }
}

/// Where a value stands among others of its column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Rank {
    Bytes(Vec<u8>),
    Number(f64),
    Nothing,
}

impl Rank {
    /// As the list is sorted: nothing stands last, whichever way it goes.
    pub(super) fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let order = match (self, other) {
            (Self::Nothing, Self::Nothing) => return Ordering::Equal,
            (Self::Nothing, _) => return Ordering::Greater,
            (_, Self::Nothing) => return Ordering::Less,
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
            (Self::Number(_), Self::Bytes(_)) => Ordering::Less,
            (Self::Bytes(_), Self::Number(_)) => Ordering::Greater,
        };
        if descending { order.reverse() } else { order }
    }
}

/// What the values of a column are put in order by, in the words of `list`.
pub(super) struct Ranking<'a> {
    pub(super) column: &'a Col,
    pub(super) order: &'a text::Order,
    places: HashMap<i64, usize>,
    by_option: bool,
    /// Dates put together by this.
    by: Option<DateStep>,
}

impl<'a> Ranking<'a> {
    pub(super) fn new(column: &'a Col, order: &'a text::Order) -> Self {
        let ids = match column.field.behaviour.order() {
            Order::Options(ids) => ids,
            _ => Vec::new(),
        };
        let by_option = !ids.is_empty();
        let places = ids.into_iter().enumerate().map(|(at, id)| (id, at)).collect();
        Self { column, order, places, by_option, by: None }
    }

    /// The ranking of a group, which may put dates together.
    fn of_group(column: &'a Col, by: Option<DateStep>, order: &'a text::Order) -> Self {
        let dates = matches!(column.field.behaviour.family(), Family::Date | Family::Moment);
        Self { by: by.filter(|_| dates), ..Self::new(column, order) }
    }

    /// SQL of the value that makes a group.
    pub(super) fn expression(&self) -> String {
        let c = super::statistics::step_expression(self.column, self.by);
        match (self.column.field.behaviour.family(), self.column.storage()) {
            (Family::Flag, _) => format!("coalesce({c},0)"),
            (_, Storage::List) => format!("json_extract({c},'$[0]')"),
            _ => c,
        }
    }

    pub(super) fn rank(&self, raw: &Raw) -> Rank {
        match (raw, self.column.field.behaviour.order()) {
            (Raw::Null, _) => Rank::Nothing,
            (Raw::Integer(id), Order::Options(_)) if self.by_option => {
                Rank::Number(self.places.get(id).copied().unwrap_or(self.places.len()) as f64)
            }
            (Raw::Text(t), Order::Language) => Rank::Bytes(self.order.key(&String::from_utf8_lossy(t))),
            (Raw::Text(t), _) => Rank::Bytes(t.to_vec()),
            (Raw::Integer(n), _) => Rank::Number(*n as f64),
            (Raw::Real(bits), _) => Rank::Number(f64::from_bits(*bits)),
        }
    }

    /// The value as it crosses the door and as people read it.
    pub(super) fn label(&self, raw: &Raw) -> (Json, String) {
        let behaviour = &*self.column.field.behaviour;
        if let (Some(step), Raw::Integer(start)) = (self.by, raw) {
            // The value is the first day: what a record that is added to the group begins with.
            let day = base::civil::format(*start, "YYYY-MM-DD");
            return (Json::from(day), super::statistics::stepped(*start, step));
        }
        match (self.column.storage(), raw) {
            (Storage::List, Raw::Integer(id)) => {
                let cell = Cell::List(vec![*id]);
                (behaviour.to_json(&cell), behaviour.show(&cell))
            }
            // Lists of linked records are told apart by their text.
            (Storage::Json, Raw::Text(t)) if behaviour.family() == Family::Text && self.column.computed.is_some() => {
                let text = String::from_utf8_lossy(t).into_owned();
                (Json::from(text.as_str()), text)
            }
            (storage, raw) => {
                let cell = cells::load(raw.value(), storage);
                if cell.is_empty() {
                    (Json::Null, String::new())
                } else {
                    (behaviour.to_json(&cell), behaviour.show(&cell))
                }
            }
        }
    }
}

/// Records of the same values of all levels.
struct Leaf {
    raws: Vec<Raw>,
    ranks: Vec<Rank>,
    count: u32,
    columns: Vec<Gathered>,
}

/// Reads `columns` of every record of a list.
pub(super) fn scan(
    c: &Connection,
    def: &Def,
    key: &Key,
    columns: &[String],
    mut each: impl FnMut(&rusqlite::Row<'_>) -> Result<bool>,
) -> Result<()> {
    let columns = if columns.is_empty() { "1".to_owned() } else { columns.join(",") };
    let mut query = Sql { text: format!("SELECT {columns} FROM t{}", def.table.id), params: Vec::new() };
    conditions(&mut query, def, key)?;
    run(c, &query.text, query.params, &mut each)
}

fn run(
    c: &Connection,
    text: &str,
    params: Vec<Value>,
    each: &mut dyn FnMut(&rusqlite::Row<'_>) -> Result<bool>,
) -> Result<()> {
    let mut statement = c.prepare(text).map_err(sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(sql)?;
    while let Some(row) = rows.next().map_err(sql)? {
        if !each(row)? {
            break;
        }
    }
    Ok(())
}

impl BaseFile {
    /// Figures of columns over a list or over given records.
    pub fn summary(&self, args: &RecordSummaryArgs) -> Result<RecordSummaries> {
        let context = self.context();
        self.read_snapshot(|c| {
            let def = meta::def(c, args.table, &context)?;
            let columns: Vec<&Col> = match &args.columns {
                Some(ids) => ids.iter().map(|id| def.column(*id)).collect::<Result<_>>()?,
                None => def.columns.iter().filter(|c| c.field.behaviour.family() == Family::Number).collect(),
            };
            let mut gathered = vec![Gathered::default(); columns.len()];
            let families: Vec<Family> = columns.iter().map(|c| c.field.behaviour.family()).collect();
            let mut each = |row: &rusqlite::Row<'_>| {
                for (at, (to, family)) in gathered.iter_mut().zip(&families).enumerate() {
                    to.take(row.get_ref(at).map_err(sql)?, *family);
                }
                Ok(true)
            };
            let expressions: Vec<String> = columns.iter().map(|c| c.expression()).collect();
            if let Some(records) = &args.records {
                let text = format!(
                    "SELECT {} FROM t{} WHERE id IN (SELECT value FROM json_each(?1))",
                    if expressions.is_empty() { "1".to_owned() } else { expressions.join(",") },
                    def.table.id
                );
                run(c, &text, vec![Value::Text(json!(records).to_string())], &mut each)?;
            } else {
                let list = RecordListArgs {
                    view: args.view,
                    filter: args.filter.clone(),
                    search: args.search.clone(),
                    ..of(&args.base, args.table)
                };
                scan(c, &def, &key(&def, &list, &context)?.0, &expressions, each)?;
            }
            let summaries = columns.iter().zip(gathered).map(|(c, g)| (c.field.id, g.summary(c))).collect();
            Ok(RecordSummaries(summaries))
        })
    }

    /// The groups of a view with subtotals, in the order in which its list stands.
    pub fn groups(&self, args: &RecordGroupsArgs) -> Result<RecordGroups> {
        let context = self.context();
        let order = text::Order::new(&self.language);
        self.read_snapshot(|c| {
            let def = meta::def(c, args.table, &context)?;
            let view = def.view(args.view)?;
            let list = RecordListArgs {
                view: Some(args.view),
                filter: args.filter.clone(),
                search: args.search.clone(),
                ..of(&args.base, args.table)
            };
            let levels: Vec<(&Col, Sort)> =
                view.groups.iter().map(|g| Ok((def.column(g.column)?, *g))).collect::<Result<_>>()?;
            let rankings: Vec<Ranking<'_>> = levels.iter().map(|(c, g)| Ranking::of_group(c, g.by, &order)).collect();
            let shown = |c: &&Col| c.field.behaviour.family() == Family::Number && !view.hidden.contains(&c.field.id);
            let figures: Vec<&Col> = def.columns.iter().filter(shown).collect();
            let mut expressions: Vec<String> = rankings.iter().map(Ranking::expression).collect();
            expressions.extend(figures.iter().map(|c| c.expression()));
            let mut leaves: HashMap<Vec<Raw>, Leaf> = HashMap::new();
            let (mut total, mut truncated) = (0_u32, false);
            scan(c, &def, &key(&def, &list, &context)?.0, &expressions, |row| {
                total += 1;
                if truncated {
                    return Ok(true);
                }
                let mut raws = Vec::with_capacity(rankings.len());
                for at in 0..rankings.len() {
                    raws.push(Raw::new(row.get_ref(at).map_err(sql)?));
                }
                if leaves.len() >= GROUPS_MAX && !leaves.contains_key(&raws) {
                    truncated = true;
                    return Ok(true);
                }
                let leaf = leaves.entry(raws).or_insert_with_key(|raws| Leaf {
                    ranks: rankings.iter().zip(raws).map(|(r, raw)| r.rank(raw)).collect(),
                    raws: raws.clone(),
                    count: 0,
                    columns: vec![Gathered::default(); figures.len()],
                });
                leaf.count += 1;
                for (at, to) in leaf.columns.iter_mut().enumerate() {
                    to.take(row.get_ref(rankings.len() + at).map_err(sql)?, Family::Number);
                }
                Ok(true)
            })?;
            if truncated || rankings.is_empty() {
                return Ok(RecordGroups { groups: Vec::new(), total, truncated });
            }
            let mut leaves: Vec<Leaf> = leaves.into_values().collect();
            leaves.sort_by(|a, b| {
                let pairs = a.ranks.iter().zip(&b.ranks).zip(&levels);
                pairs
                    .map(|((a, b), (_, group))| a.compare(b, group.descending))
                    .find(|o| o.is_ne())
                    .unwrap_or(Ordering::Equal)
            });
            let mut offset = 0;
            let groups = level(&leaves, 0, &rankings, &figures, &mut offset);
            Ok(RecordGroups { groups, total, truncated })
        })
    }
}

/// The groups of one level in leaves that stand in order.
fn level(
    leaves: &[Leaf],
    depth: usize,
    rankings: &[Ranking<'_>],
    figures: &[&Col],
    offset: &mut u32,
) -> Vec<RecordGroup> {
    let Some(ranking) = rankings.get(depth) else { return Vec::new() };
    let mut groups = Vec::new();
    // Values of one rank are one group: the list does not tell them apart either.
    for run in leaves.chunk_by(|a, b| a.ranks.get(depth) == b.ranks.get(depth)) {
        let Some(raw) = run.first().and_then(|l| l.raws.get(depth)) else { continue };
        let (value, label) = ranking.label(raw);
        let start = *offset;
        let children = level(run, depth + 1, rankings, figures, offset);
        let count: u32 = run.iter().map(|l| l.count).sum();
        *offset = start + count;
        let mut subtotals: BTreeMap<ColumnId, RecordSummary> = BTreeMap::new();
        for (at, column) in figures.iter().enumerate() {
            let mut all = Gathered::default();
            for gathered in run.iter().filter_map(|l| l.columns.get(at)) {
                all.join(gathered);
            }
            subtotals.insert(column.field.id, all.summary(column));
        }
        groups.push(RecordGroup { value, label, count, offset: start, subtotals, children });
    }
    groups
}
