//! Links, and the values of linked records.
//!
//! A cell of either is a list with its text, [`several`]: `{"text": "Ann, Bob", "list": [...]}`.
//! Of a link the list holds `{id, text}`, of a lookup the values themselves. Filters, sorts and
//! formulas see the text.

use super::{Behaviour, Family, Order, Storage};
use crate::{Cell, Misfit};
use model::say;
use serde_json::{Value as Json, json};

/// What stands between the texts of a list.
const JOINT: &str = ", ";

/// The cell of a list of values, each with its text; an empty list is an empty cell.
pub fn several(values: impl IntoIterator<Item = (Json, String)>) -> Cell {
    let (list, mut texts): (Vec<Json>, Vec<String>) = values.into_iter().unzip();
    texts.retain(|t| !t.is_empty());
    if list.is_empty() { Cell::Empty } else { Cell::Json(json!({"text": texts.join(JOINT), "list": list})) }
}

/// The text of a list made by [`several`].
pub fn several_text(cell: &Cell) -> Option<&str> {
    match cell {
        Cell::Json(map) => map.get("text").and_then(Json::as_str),
        _ => None,
    }
}

fn show(cell: &Cell) -> String {
    match cell {
        Cell::Json(map) => match map.get("error").and_then(Json::as_str) {
            Some(words) => format!("#ERROR: {words}"),
            None => several_text(cell).unwrap_or_default().to_owned(),
        },
        _ => String::new(),
    }
}

fn to_json(cell: &Cell) -> Json {
    match cell {
        Cell::Json(map) => map.get("list").cloned().unwrap_or_else(|| map.clone()),
        _ => Json::Null,
    }
}

/// Records of another table, or of the same. A cell to be written is a list of their ids.
#[derive(Debug)]
pub struct Link;

impl Behaviour for Link {
    fn storage(&self) -> Storage {
        Storage::Json
    }
    fn family(&self) -> Family {
        Family::Text
    }
    fn order(&self) -> Order {
        Order::Language
    }
    /// Which record a text means only the base knows: text does not fit here.
    fn parse(&self, text: &str) -> Result<Cell, Misfit> {
        if text.trim().is_empty() {
            Ok(Cell::Empty)
        } else {
            Err(Misfit::not(text, |text| say!("“{text}” is not a list of records.", text)))
        }
    }
    fn show(&self, cell: &Cell) -> String {
        show(cell)
    }
    fn to_json(&self, cell: &Cell) -> Json {
        to_json(cell)
    }
    fn read_json(&self, value: &Json) -> Result<Cell, Misfit> {
        let id = |v: &Json| v.as_i64().or_else(|| v.get("id").and_then(Json::as_i64));
        let given = match value {
            Json::Null => return Ok(Cell::Empty),
            Json::String(text) => return self.parse(text),
            Json::Array(list) => list.iter().map(id).collect::<Option<Vec<_>>>(),
            one => id(one).map(|id| vec![id]),
        };
        let mut ids = Vec::new();
        for id in given
            .ok_or_else(|| Misfit::not(&value.to_string(), |text| say!("“{text}” is not a list of records.", text)))?
        {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(if ids.is_empty() { Cell::Empty } else { Cell::List(ids) })
    }
}

/// Values of linked records, each with this meaning.
#[derive(Debug)]
pub struct Several(pub Box<dyn Behaviour>);

impl Behaviour for Several {
    fn storage(&self) -> Storage {
        Storage::Json
    }
    fn family(&self) -> Family {
        Family::Text
    }
    fn order(&self) -> Order {
        Order::Language
    }
    fn parse(&self, _text: &str) -> Result<Cell, Misfit> {
        Err(Misfit::Wrong(say!("This column is calculated.")))
    }
    fn show(&self, cell: &Cell) -> String {
        show(cell)
    }
    fn to_json(&self, cell: &Cell) -> Json {
        to_json(cell)
    }
    fn editable(&self) -> bool {
        false
    }
    fn each(&self, cell: &Cell) -> Option<(Vec<Cell>, &dyn Behaviour)> {
        let list = match cell {
            Cell::Json(map) => map.get("list").and_then(Json::as_array)?,
            _ => return Some((Vec::new(), &*self.0)),
        };
        // A looked-up link crosses as its records: their texts are what it means.
        let read = |v: &Json| match v.get("text").and_then(Json::as_str) {
            Some(text) => Cell::text(text),
            None => self.0.read_json(v).unwrap_or_default(),
        };
        Some((list.iter().map(read).collect(), &*self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_shows_its_texts_and_crosses_as_its_values() {
        let context = super::super::Context::local(model::Timestamp(0));
        let cell =
            several([(json!({"id": 1, "text": "Ann"}), "Ann".into()), (json!({"id": 7, "text": "Bob"}), "Bob".into())]);
        assert_eq!(Link.show(&cell), "Ann, Bob");
        assert_eq!(Link.to_json(&cell), json!([{"id": 1, "text": "Ann"}, {"id": 7, "text": "Bob"}]));
        assert_eq!(several([]), Cell::Empty);
        assert_eq!(
            Several(super::super::behaviour(model::base::ColumnType::Text, &json!({}), &context))
                .to_json(&Cell::Json(json!({"error": "No."}))),
            json!({"error": "No."})
        );
    }

    #[test]
    fn a_link_is_written_by_ids_each_once() {
        assert_eq!(Link.read_json(&json!([3, {"id": 1, "text": "x"}, 3])), Ok(Cell::List(vec![3, 1])));
        assert_eq!(Link.read_json(&json!(5)), Ok(Cell::List(vec![5])));
        assert_eq!(Link.read_json(&json!([])), Ok(Cell::Empty));
        assert!(Link.read_json(&json!(["Ann"])).is_err());
        assert!(Link.read_json(&json!("Ann")).is_err());
    }
}
