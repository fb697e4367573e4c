//! The options of select columns: `settings.options[{id, name, color}]`.

use crate::text::fold;
use model::Error;
use model::say;
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;

/// Colours given to new options in turn; soft enough for dark text.
const PALETTE: [&str; 12] = [
    "#9bd6f7", "#a6e3c4", "#ffd58a", "#f8b4c4", "#c9b8f5", "#f7c7a3", "#b8e986", "#8fd8d2", "#f3a6a6", "#d7c49e",
    "#a9c1f5", "#e3b1e8",
];

/// Options by id and by name.
#[derive(Clone, Debug, Default)]
pub struct Options {
    names: Vec<(i64, String)>,
    by_id: HashMap<i64, usize>,
    by_name: HashMap<String, i64>,
    by_fold: HashMap<String, i64>,
}

impl Options {
    /// The options in a column's settings; what is no option is skipped.
    pub fn new(settings: &Json) -> Self {
        let mut options = Self::default();
        for option in settings.get("options").and_then(Json::as_array).into_iter().flatten() {
            let (Some(id), Some(name)) = (option.get("id").and_then(id_of), option.get("name").and_then(Json::as_str))
            else {
                continue;
            };
            options.by_name.entry(name.to_owned()).or_insert(id);
            options.by_fold.entry(fold(name)).or_insert(id);
            options.by_id.insert(id, options.names.len());
            options.names.push((id, name.to_owned()));
        }
        options
    }

    /// The name of an option.
    pub fn name(&self, id: i64) -> Option<&str> {
        self.by_id.get(&id).and_then(|at| self.names.get(*at)).map(|(_, name)| name.as_str())
    }

    /// The option of a name: exactly so, else with case and diacritics folded.
    pub fn id(&self, name: &str) -> Option<i64> {
        self.by_name.get(name).or_else(|| self.by_fold.get(&fold(name))).copied()
    }

    /// The option a JSON value names: by its id, or by its name.
    pub fn find(&self, value: &Json) -> Option<i64> {
        match value {
            Json::String(name) => {
                self.id(name.trim()).or_else(|| name.parse().ok().filter(|id| self.by_id.contains_key(id)))
            }
            other => id_of(other).filter(|id| self.by_id.contains_key(id)),
        }
    }

    /// Ids in the order of the column.
    pub fn ids(&self) -> Vec<i64> {
        self.names.iter().map(|(id, _)| *id).collect()
    }
}

fn id_of(value: &Json) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str().and_then(|s| s.parse().ok()))
}

/// Settings with options of these names added where missing; ids are never used again as long as
/// `next_option` stays in the settings.
pub fn with_added(settings: &Json, names: &[String]) -> Json {
    let mut settings = settings.as_object().cloned().unwrap_or_default();
    let known = Options::new(&Json::Object(settings.clone()));
    let mut seen: Vec<String> = Vec::new();
    let mut list = settings.get("options").and_then(Json::as_array).cloned().unwrap_or_default();
    let mut next = next_id(&settings, &list);
    for name in names.iter().map(|n| n.trim()).filter(|n| !n.is_empty()) {
        let folded = fold(name);
        if known.id(name).is_some() || seen.contains(&folded) {
            continue;
        }
        let color = PALETTE.get(list.len() % PALETTE.len()).copied().unwrap_or(PALETTE[0]);
        list.push(json!({ "id": next, "name": name, "color": color }));
        seen.push(folded);
        next += 1;
    }
    settings.insert("options".into(), Json::Array(list));
    settings.insert("next_option".into(), json!(next));
    Json::Object(settings)
}

fn next_id(settings: &Map<String, Json>, list: &[Json]) -> i64 {
    let largest = list.iter().filter_map(|o| o.get("id").and_then(id_of)).max().unwrap_or(0);
    settings.get("next_option").and_then(Json::as_i64).unwrap_or(1).max(largest.saturating_add(1))
}

/// Checks options given from outside: unique names, ids as numbers (missing ones are given), colours.
pub(super) fn check(settings: Json) -> Result<Json, Error> {
    let Json::Object(mut settings) = settings else { return Ok(settings) };
    let given = match settings.get("options") {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::Array(list)) => list.clone(),
        Some(_) => return Err(Error::invalid("The options of a column must be a list.")),
    };
    let mut next = next_id(&settings, &given);
    let mut names = std::collections::HashSet::new();
    let mut ids = std::collections::HashSet::new();
    let mut list = Vec::with_capacity(given.len());
    for (at, option) in given.into_iter().enumerate() {
        let mut map = match option {
            Json::Object(map) => map,
            Json::String(name) => Map::from_iter([("name".to_owned(), Json::String(name))]),
            _ => return Err(Error::invalid("An option must have a name.")),
        };
        let name = map.get("name").and_then(Json::as_str).map(str::trim).unwrap_or_default().to_owned();
        if name.is_empty() || name.chars().count() > 255 {
            return Err(Error::invalid("A name has 1 to 255 characters on one line."));
        }
        if !names.insert(name.clone()) {
            return Err(
                Error::invalid(say!("There are two options “{name}”.", name)).remedy("Give each option its own name.")
            );
        }
        let id = match map.get("id").and_then(id_of) {
            Some(id) if ids.insert(id) => id,
            _ => {
                let id = next;
                next += 1;
                ids.insert(id);
                id
            }
        };
        map.insert("id".into(), json!(id));
        map.insert("name".into(), json!(name));
        if map.get("color").and_then(Json::as_str).is_none() {
            map.insert("color".into(), json!(PALETTE.get(at % PALETTE.len()).copied().unwrap_or(PALETTE[0])));
        }
        list.push(Json::Object(map));
    }
    settings.insert("options".into(), Json::Array(list));
    settings.insert("next_option".into(), json!(next));
    Ok(Json::Object(settings))
}
