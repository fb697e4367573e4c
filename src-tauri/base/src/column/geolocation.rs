//! Geolocation: `{lng, lat}`, a country `{country_region}` or an address
//! `{province, city, district, detail}` or `{address, title}`.

use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};
use model::say;
use serde_json::{Value as Json, json};

#[derive(Debug)]
pub(super) struct Geolocation;

impl Behaviour for Geolocation {
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
        let text = text.trim();
        if text.is_empty() {
            return Ok(Cell::Empty);
        }
        let mut parts = text.split([',', ';']).map(|p| p.trim().parse::<f64>());
        if let (Some(Ok(lat)), Some(Ok(lng)), None) = (parts.next(), parts.next(), parts.next()) {
            if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lng) {
                return Err(Misfit::not(text, |text| say!("“{text}” is not a place (latitude, longitude).", text)));
            }
            return Ok(Cell::Json(json!({ "lng": lng, "lat": lat })));
        }
        Ok(Cell::Json(json!({ "address": text })))
    }
    fn show(&self, cell: &Cell) -> String {
        let Cell::Json(place) = cell else { return String::new() };
        if let (Some(lat), Some(lng)) =
            (place.get("lat").and_then(Json::as_f64), place.get("lng").and_then(Json::as_f64))
        {
            return format!("{lat}, {lng}");
        }
        ["country_region", "province", "city", "district", "detail", "address", "title"]
            .iter()
            .filter_map(|key| place.get(key).and_then(Json::as_str))
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
    fn read_json(&self, value: &Json) -> Result<Cell, Misfit> {
        match value {
            Json::Null => Ok(Cell::Empty),
            Json::Object(map) if map.is_empty() => Ok(Cell::Empty),
            Json::Object(_) => Ok(Cell::Json(value.clone())),
            Json::String(text) => self.parse(text),
            other => Err(Misfit::not(&other.to_string(), |text| {
                say!("“{text}” is not a place (latitude, longitude).", text)
            })),
        }
    }
}
