//! Created and modified time: the record's own, to look at and not to write.
//!
//! Settings: `format`, a date pattern; default `YYYY-MM-DD HH:mm`.

use super::{Behaviour, Context, Family, Order, Storage};
use crate::{Cell, Misfit, civil};
use model::say;
use serde_json::Value as Json;

#[derive(Debug)]
pub(super) struct Time {
    storage: Storage,
    format: String,
    context: Context,
}

impl Time {
    pub(super) fn created(settings: &Json, context: &Context) -> Self {
        Self::of(Storage::CreatedAt, settings, context)
    }

    pub(super) fn modified(settings: &Json, context: &Context) -> Self {
        Self::of(Storage::ModifiedAt, settings, context)
    }

    fn of(storage: Storage, settings: &Json, context: &Context) -> Self {
        let format = settings.get("format").and_then(Json::as_str).filter(|f| f.len() <= 40);
        Self { storage, format: format.unwrap_or("YYYY-MM-DD HH:mm").to_owned(), context: context.clone() }
    }
}

impl Behaviour for Time {
    fn storage(&self) -> Storage {
        self.storage
    }
    fn family(&self) -> Family {
        Family::Moment
    }
    fn order(&self) -> Order {
        Order::Value
    }
    fn parse(&self, _text: &str) -> Result<Cell, Misfit> {
        Err(Misfit::Wrong(say!("Tabella fills this column.")))
    }
    fn show(&self, cell: &Cell) -> String {
        cell.as_i64().map(|ms| civil::format(self.context.wall_clock(ms), &self.format)).unwrap_or_default()
    }
    fn to_json(&self, cell: &Cell) -> Json {
        cell.as_i64()
            .map_or(Json::Null, |ms| Json::String(civil::format(self.context.wall_clock(ms), "YYYY-MM-DD HH:mm")))
    }
    fn editable(&self) -> bool {
        false
    }
}
