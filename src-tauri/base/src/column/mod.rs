//! Column types: one file a type, all with the contract [`Behaviour`].
//!
//! A column's settings become a [`Behaviour`] once (see [`behaviour`]); it then reads and shows
//! cells without looking at JSON again. Settings are named as in SeaTable's `data` of a column.

mod auto_number;
mod checkbox;
mod computed;
mod date;
mod duration;
mod email;
mod files;
mod geolocation;
pub mod link;
mod long_text;
mod multiple_select;
mod number;
pub mod options;
mod person;
mod phone;
mod rating;
mod single_select;
mod text;
mod time;
mod url;

pub use auto_number::AutoNumber;
pub(crate) use checkbox::read_flag;
pub use computed::{Broken, ReadOnly};
pub use email::address;
pub use number::{Decimal, read_number};
pub use single_select::Cascade;

use crate::{Cell, Misfit};
use model::base::{Column, ColumnResult, ColumnType};
use model::{ColumnId, Timestamp, say};
use serde_json::Value as Json;

/// What the meaning of cells depends on beside their column: who looks, where and when.
#[derive(Clone, Debug)]
pub struct Context {
    /// Now, for "today" in filters.
    pub now: Timestamp,
    /// The zone in which stored moments are shown and days begin.
    pub zone: jiff::tz::TimeZone,
    /// Weeks begin on Sunday instead of Monday.
    pub sunday_first: bool,
    /// Who looks, as [`crate::view::is_person`] says; empty where nobody is named.
    pub person: String,
    /// What they are called where a record says who made or changed it; empty where nobody is named.
    pub own_name: String,
    /// All names and addresses under which records may know them, folded: who "me" is in filters.
    pub me: Vec<String>,
}

impl Context {
    /// The context of this machine at `now`: its zone, weeks from Monday.
    pub fn local(now: Timestamp) -> Self {
        Self {
            now,
            zone: jiff::tz::TimeZone::system(),
            sunday_first: false,
            person: String::new(),
            own_name: String::new(),
            me: Vec::new(),
        }
    }

    /// Today, as days since 1970-01-01.
    pub fn today(&self) -> i64 {
        self.wall_clock(self.now.0).div_euclid(crate::civil::DAY_SECONDS)
    }

    /// Wall-clock seconds of a moment in ms UTC.
    pub fn wall_clock(&self, moment_ms: i64) -> i64 {
        jiff::Timestamp::from_millisecond(moment_ms)
            .map_or(moment_ms.div_euclid(1000), |t| crate::civil::seconds(self.zone.to_datetime(t)))
    }

    /// The moment in ms UTC of wall-clock seconds.
    pub fn moment(&self, wall_clock_seconds: i64) -> i64 {
        crate::civil::datetime(wall_clock_seconds)
            .and_then(|at| self.zone.to_timestamp(at).ok())
            .map_or(wall_clock_seconds.saturating_mul(1000), jiff::Timestamp::as_millisecond)
    }
}

/// How cells of a type are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// As text.
    Text,
    /// As a 64-bit float.
    Real,
    /// As a whole number.
    Integer,
    /// As 0 or 1.
    Flag,
    /// As a JSON list of whole numbers.
    List,
    /// As JSON.
    Json,
    /// The record's own creation time, ms UTC.
    CreatedAt,
    /// The record's own time of last change, ms UTC.
    ModifiedAt,
    /// Not kept: calculated or a button.
    Nothing,
}

/// How cells of a type are put in order; empty ones always stand last.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// By the language of the base.
    Language,
    /// By the stored value itself.
    Value,
    /// By the place of the option (for lists: of the first option), given as ids in order.
    Options(Vec<i64>),
}

/// Which predicates a type's filters know (see [`crate::filter::predicates`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Words.
    Text,
    /// Numbers.
    Number,
    /// Wall-clock days and times.
    Date,
    /// Moments in ms UTC, asked for by wall clock.
    Moment,
    /// One option.
    OneOption,
    /// Any options.
    ManyOptions,
    /// One person, by name or address.
    Person,
    /// Any persons, by name or address.
    Persons,
    /// Yes or no.
    Flag,
    /// Only empty or not.
    Presence,
}

/// A column type under its settings.
pub trait Behaviour: Send + Sync + std::fmt::Debug {
    /// How cells are kept.
    fn storage(&self) -> Storage;

    /// Which predicates filters know.
    fn family(&self) -> Family;

    /// How cells are put in order.
    fn order(&self) -> Order;

    /// Reads what a person typed or pasted, leniently. Empty text is an empty cell.
    fn parse(&self, text: &str) -> Result<Cell, Misfit>;

    /// The cell as a person reads it; empty text for an empty cell. Also what `{Column}` quotes
    /// in a letter.
    fn show(&self, cell: &Cell) -> String;

    /// The cell as it crosses the door.
    fn to_json(&self, cell: &Cell) -> Json {
        plain_json(cell)
    }

    /// The cell of a value that crossed the door; text is read as if typed.
    fn read_json(&self, value: &Json) -> Result<Cell, Misfit> {
        match value {
            Json::Null => Ok(Cell::Empty),
            Json::String(text) => self.parse(text),
            Json::Number(n) => self.parse(&n.to_string()),
            Json::Bool(b) => self.parse(if *b { "true" } else { "false" }),
            other => Err(Misfit::not(&other.to_string(), |text| say!("“{text}” is not a value of this column.", text))),
        }
    }

    /// Refuses a value that fits the type but not the column's limits. Asked where people write; what
    /// a file brings stays as it is.
    fn check(&self, _cell: &Cell) -> Result<(), Misfit> {
        Ok(())
    }

    /// People may write into it.
    fn editable(&self) -> bool {
        true
    }

    /// The values of a cell that holds a list of them, each with its meaning; `None` where a cell is one value.
    fn each(&self, _cell: &Cell) -> Option<(Vec<Cell>, &dyn Behaviour)> {
        None
    }

    /// Option names by id, for select columns.
    fn options(&self) -> Option<&options::Options> {
        None
    }
}

/// A column ready for work.
#[derive(Debug)]
pub struct Field {
    /// Its id.
    pub id: ColumnId,
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: ColumnType,
    /// Its meaning under its settings.
    pub behaviour: Box<dyn Behaviour>,
}

impl Field {
    /// The field of a column.
    pub fn new(column: &Column, context: &Context) -> Self {
        Self {
            id: column.id,
            name: column.name.clone(),
            kind: column.kind,
            behaviour: behaviour(column.kind, &column.settings, context),
        }
    }
}

/// The meaning of a type under settings; what the settings leave out or have wrong gets its default.
pub fn behaviour(kind: ColumnType, settings: &Json, context: &Context) -> Box<dyn Behaviour> {
    use ColumnType as T;
    match kind {
        T::Text | T::Department => Box::new(text::Text),
        T::LongText => Box::new(long_text::LongText),
        T::Number => Box::new(number::Number::new(settings)),
        T::Date => Box::new(date::DateColumn::new(settings)),
        T::Duration => Box::new(duration::Duration::new(settings)),
        T::SingleSelect => Box::new(single_select::SingleSelect::new(settings)),
        T::MultipleSelect => Box::new(multiple_select::MultipleSelect::new(settings)),
        T::Checkbox => Box::new(checkbox::Checkbox),
        T::Rating => Box::new(rating::Rating::new(settings)),
        T::Email => Box::new(email::Email),
        T::Url => Box::new(url::Url),
        T::Phone => Box::new(phone::Phone),
        T::CreatedTime => Box::new(time::Time::created(settings, context)),
        T::ModifiedTime => Box::new(time::Time::modified(settings, context)),
        T::AutoNumber => Box::new(AutoNumber::new(settings)),
        T::Geolocation => Box::new(geolocation::Geolocation),
        T::Image | T::File | T::Signature => Box::new(files::Files),
        T::Collaborator => Box::new(person::Persons),
        T::Creator | T::LastModifier => Box::new(person::Person),
        T::Link => Box::new(link::Link),
        T::LinkFormula | T::Formula | T::Button => Box::new(computed::Computed),
    }
}

/// How a calculated column shows and compares what it yields.
pub fn computed_as(result: &ColumnResult, context: &Context) -> Box<dyn Behaviour> {
    if let Some(words) = &result.error {
        return Box::new(Broken(words.text.clone()));
    }
    if result.list {
        return Box::new(link::Several(behaviour(result.kind, &result.settings, context)));
    }
    Box::new(ReadOnly(behaviour(result.kind, &result.settings, context)))
}

/// Checks and completes settings given from outside: option ids become numbers, names are trimmed
/// and unique. Unknown keys stay.
pub fn check_settings(kind: ColumnType, settings: Option<Json>) -> Result<Json, model::Error> {
    let settings = match settings {
        None | Some(Json::Null) => Json::Object(serde_json::Map::new()),
        Some(map @ Json::Object(_)) => map,
        Some(_) => return Err(model::Error::invalid("The settings of a column must be an object.")),
    };
    match kind {
        ColumnType::SingleSelect | ColumnType::MultipleSelect => options::check(settings),
        _ => Ok(settings),
    }
}

/// Checks a column's or table's name: trimmed, 1 to 255 characters, for columns without
/// `` { } . ` `` because those quote columns in letters and formulas.
pub fn check_name(name: &str, what: &str) -> Result<String, model::Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 255 || name.chars().any(char::is_control) {
        return Err(model::Error::invalid("A name has 1 to 255 characters on one line."));
    }
    if what == "column" && name.contains(['{', '}', '.', '`']) {
        return Err(model::Error::invalid("The name of a column has no { } . or `.")
            .remedy("Columns are quoted by name in letters as {Name}; choose another name."));
    }
    Ok(name.to_owned())
}

/// Reads a cell of one column as a cell of another. What does not fit is the misfit of the new one.
pub fn convert(from: &dyn Behaviour, cell: &Cell, to: &dyn Behaviour) -> Result<Cell, Misfit> {
    if cell.is_empty() {
        return Ok(Cell::Empty);
    }
    match (from.family(), to.family(), cell) {
        // The same value means the same: not by way of a text that may be rounded.
        (Family::Date, Family::Date, _) => Ok(cell.clone()),
        (Family::Number, Family::Number, Cell::Number(n)) if to.storage() == Storage::Real => Ok(Cell::Number(*n)),
        (Family::Number, Family::Number, Cell::Integer(n)) if to.storage() == Storage::Real => {
            Ok(Cell::Number(*n as f64))
        }
        (Family::Number, Family::Number, _) if to.storage() == Storage::Integer => {
            cell.as_f64().map_or(Ok(Cell::Empty), |n| to.read_json(&serde_json::json!(n.round())))
        }
        (Family::Flag, Family::Number, Cell::Flag(b)) => to.read_json(&serde_json::json!(i64::from(*b))),
        (Family::Number, Family::Flag, _) => Ok(Cell::Flag(cell.as_f64().is_some_and(|n| n != 0.0))),
        (Family::ManyOptions, Family::OneOption, Cell::List(ids)) => {
            let Some(options) = from.options() else { return Ok(Cell::Empty) };
            ids.first().and_then(|id| options.name(*id)).map_or(Ok(Cell::Empty), |name| to.parse(name))
        }
        _ => to.parse(&from.show(cell)),
    }
}

/// The cell as JSON without any meaning of its column.
pub(crate) fn plain_json(cell: &Cell) -> Json {
    match cell {
        Cell::Empty => Json::Null,
        Cell::Text(t) => Json::String(t.clone()),
        Cell::Number(n) => number_json(*n),
        Cell::Integer(n) => Json::from(*n),
        Cell::Flag(b) => Json::Bool(*b),
        Cell::List(ids) => Json::from(ids.clone()),
        Cell::Json(v) => v.clone(),
    }
}

/// Whole numbers cross as `3`, not as `3.0`.
fn number_json(n: f64) -> Json {
    if n.fract() == 0.0 && n.abs() < 9e15 { Json::from(n as i64) } else { Json::from(n) }
}

#[cfg(test)]
mod tests;
