//! Files, images and drawn signatures: a list of files, each with a name or address.

use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};
use model::say;
use serde_json::Value as Json;

#[derive(Debug)]
pub(super) struct Files;

impl Behaviour for Files {
    fn storage(&self) -> Storage {
        Storage::Json
    }
    fn family(&self) -> Family {
        Family::Presence
    }
    fn order(&self) -> Order {
        Order::Value
    }
    fn parse(&self, text: &str) -> Result<Cell, Misfit> {
        if text.trim().is_empty() {
            Ok(Cell::Empty)
        } else {
            Err(Misfit::not(text, |text| say!("“{text}” is not a file.", text)))
        }
    }
    fn show(&self, cell: &Cell) -> String {
        let Cell::Json(files) = cell else { return String::new() };
        let name = |file: &Json| match file {
            Json::String(url) => Some(url.clone()),
            Json::Object(map) => map
                .get("name")
                .or_else(|| map.get("url"))
                .or_else(|| map.get("sign_image_url"))
                .and_then(Json::as_str)
                .map(str::to_owned),
            _ => None,
        };
        match files {
            Json::Array(list) => list.iter().filter_map(name).collect::<Vec<_>>().join(", "),
            one => name(one).unwrap_or_default(),
        }
    }
    fn read_json(&self, value: &Json) -> Result<Cell, Misfit> {
        match value {
            Json::Null => Ok(Cell::Empty),
            Json::Array(list) if list.is_empty() => Ok(Cell::Empty),
            Json::Array(list) if list.iter().all(|f| f.is_string() || f.is_object()) => Ok(Cell::Json(value.clone())),
            Json::Object(_) => Ok(Cell::Json(value.clone())),
            Json::String(text) => self.parse(text),
            other => Err(Misfit::not(&other.to_string(), |text| say!("“{text}” is not a list of files.", text))),
        }
    }
}
