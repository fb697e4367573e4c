//! Into SeaTable's `.dtable` (format 9).
//!
//! Whatever came out of such a file goes back as it stood, as long as it means the same: each part is
//! built anew, and where it is what it was when it came in, what stood in the file is written
//! ([`merged`]). So unknown keys, cells of columns that are gone, the digits of numbers, and the
//! difference between nothing and an empty list survive the way through Tabella.

use super::{NOBODY, OPTION_KEY};
use crate::export::unwritten;
use crate::filter::{INCLUDE_ME, IS_CURRENT_USER_ID};
use crate::{Cell, Field};
use model::base::{Column, ColumnType, FilterNode, LOCKED, Sort, View, ViewKind};
use model::{ColumnId, Result, TableId, ViewId};
use serde_json::{Map, Value as Json, json};
use std::collections::{HashMap, HashSet};
use std::io::{Seek, Write};

/// How the file names what is ours.
#[derive(Debug, Default)]
pub struct Names {
    /// Tables.
    pub tables: HashMap<TableId, String>,
    /// Columns, in the whole base.
    pub columns: HashMap<ColumnId, String>,
    /// Views, in the whole base.
    pub views: HashMap<ViewId, String>,
    /// Links, by their numbers.
    pub links: HashMap<i64, String>,
    /// Persons, from their names to their ids.
    pub persons: HashMap<String, String>,
    /// What persons are called, from their ids.
    pub called: HashMap<String, String>,
    /// Columns whose filters name persons.
    pub of_persons: HashSet<ColumnId>,
    /// Ids of the options of select columns.
    pub options: HashMap<ColumnId, HashMap<i64, String>>,
}

impl Names {
    /// The id of a person.
    fn person(&self, name: &Json) -> Option<&String> {
        self.persons.get(name.as_str()?)
    }
}

/// What goes into the file: what stood there (`theirs`), but for what has changed from `then` to `now`.
pub fn merged(
    theirs: Option<&Map<String, Json>>,
    then: Option<&Map<String, Json>>,
    now: Map<String, Json>,
) -> Map<String, Json> {
    let (Some(theirs), Some(then)) = (theirs, then) else { return now };
    let mut out = theirs.clone();
    for key in then.keys().filter(|key| !now.contains_key(*key)) {
        out.shift_remove(key);
    }
    for (key, value) in now {
        if then.get(&key) != Some(&value) {
            out.insert(key, value);
        }
    }
    out
}

fn type_word(kind: ColumnType) -> &'static str {
    use ColumnType as T;
    match kind {
        T::Text => "text",
        T::LongText => "long-text",
        T::Number => "number",
        T::Date => "date",
        T::Duration => "duration",
        T::SingleSelect => "single-select",
        T::MultipleSelect => "multiple-select",
        T::Checkbox => "checkbox",
        T::Rating => "rate",
        T::Image => "image",
        T::File => "file",
        T::Signature => "digital-sign",
        T::Email => "email",
        T::Url => "url",
        T::Phone => "phone",
        T::Geolocation => "geolocation",
        T::Collaborator => "collaborator",
        T::Department => "department",
        T::Creator => "creator",
        T::LastModifier => "last-modifier",
        T::CreatedTime => "ctime",
        T::ModifiedTime => "mtime",
        T::AutoNumber => "auto-number",
        T::Link => "link",
        T::LinkFormula => "link-formula",
        T::Formula => "formula",
        T::Button => "button",
    }
}

/// The ids of options as the file has them.
pub fn option_ids(settings: &Json) -> HashMap<i64, String> {
    let options = settings.get("options").and_then(Json::as_array).into_iter().flatten();
    options
        .filter_map(|o| {
            let id = o.get("id")?.as_i64()?;
            let given = o.get(OPTION_KEY).and_then(Json::as_str);
            Some((id, given.map_or_else(|| id.to_string(), str::to_owned)))
        })
        .collect()
}

/// A column's `data`.
fn data(column: &Column, own: TableId, names: &Names) -> Json {
    let column_key = |key: &str| {
        let id = column.settings.get(key).and_then(Json::as_i64).map(ColumnId);
        json!(id.and_then(|id| names.columns.get(&id)))
    };
    match column.kind {
        ColumnType::Link => {
            let other = column.settings.get("table").and_then(Json::as_i64).map(TableId);
            let link = column.settings.get("link").and_then(Json::as_i64);
            let view = column.settings.get("view").and_then(Json::as_i64);
            let mut data = json!({
                "link_id": link.and_then(|l| names.links.get(&l)),
                "table_id": names.tables.get(&own),
                "other_table_id": other.and_then(|t| names.tables.get(&t)),
                "is_multiple": column.settings.get("multiple").and_then(Json::as_bool).unwrap_or(true),
                "display_column_key": "0000",
                "is_internal_link": true,
                "result_type": "array",
                "array_type": "text",
                "array_data": null,
            });
            if let (Some(view), Json::Object(data)) = (view.and_then(|v| names.views.get(&ViewId(v))), &mut data) {
                data.insert("is_row_from_view".into(), json!(true));
                data.insert("other_view_id".into(), json!(view));
            }
            data
        }
        ColumnType::LinkFormula => {
            let filter: Option<FilterNode> =
                column.settings.get("filter").and_then(|f| serde_json::from_value(f.clone()).ok());
            let kind = column.settings.get("kind").and_then(Json::as_str).unwrap_or("lookup");
            json!({
                "formula": match kind {
                    "count" => "countlinks",
                    "find_max" => "findmax",
                    "find_min" => "findmin",
                    other => other,
                },
                "link_column_key": column_key("link"),
                "level1_linked_table_column_key": column_key("column"),
                "column_key_in_linked_record": column_key("column"),
                "column_key_for_comparison": column_key("by"),
                "rollup_function": column.settings.get("summary"),
                "include_condition": filter.is_some(),
                "condition_conjunction": if matches!(filter, Some(FilterNode::Group { all: false, .. })) { "Or" } else { "And" },
                "conditions": match &filter {
                    Some(FilterNode::Group { items, .. }) => rules(items, names),
                    Some(one) => rules(std::slice::from_ref(one), names),
                    None => json!([]),
                },
                "result_type": "array",
            })
        }
        _ => {
            let mut settings = column.settings.as_object().cloned().unwrap_or_default();
            settings.shift_remove("next_option");
            settings.shift_remove(LOCKED);
            let ids = option_ids(&column.settings);
            for option in settings.get_mut("options").and_then(Json::as_array_mut).into_iter().flatten() {
                let Json::Object(option) = option else { continue };
                option.shift_remove(OPTION_KEY);
                let id = option.get("id").and_then(Json::as_i64).and_then(|id| ids.get(&id));
                if let Some(id) = id {
                    option.insert("id".into(), json!(id));
                }
                option.entry("textColor").or_insert_with(|| json!("#202428"));
            }
            if settings.is_empty() { Json::Null } else { Json::Object(settings) }
        }
    }
}

fn object(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

/// A column, but for its key.
pub fn column(column: &Column, own: TableId, names: &Names) -> Map<String, Json> {
    let mut out = object(json!({
        "type": type_word(column.kind),
        "name": column.name,
        "width": column.width,
        "data": data(column, own, names),
    }));
    if !column.description.is_empty() {
        out.insert("description".into(), json!(column.description));
    }
    if column.cells_locked() {
        out.insert("permission_type".into(), json!(NOBODY));
    }
    out
}

/// What a column that never was in such a file has beside that.
pub fn column_defaults(key: &str) -> Map<String, Json> {
    object(json!({
        "key": key, "type": "", "name": "", "editable": true, "width": 200, "resizable": true, "draggable": true,
        "data": null, "permission_type": "", "permitted_users": [], "permitted_group": [],
        "edit_metadata_permission_type": "", "edit_metadata_permitted_users": [], "edit_metadata_permitted_group": [],
        "description": null, "colorbys": {},
    }))
}

/// What a table that never was in such a file has.
pub fn table_defaults(id: &str, name: &str) -> Map<String, Json> {
    object(json!({
        "_id": id, "name": name, "is_header_locked": false, "header_settings": {}, "summary_configs": {},
        "columns": [], "rows": [], "view_structure": {"folders": [], "view_ids": []}, "views": [], "id_row_map": {},
    }))
}

/// What a view that never was in such a file has.
pub fn view_defaults(id: &str) -> Map<String, Json> {
    object(json!({
        "_id": id, "name": "", "type": "table", "private_for": null, "is_locked": false, "row_height": "default",
        "filter_conjunction": "And", "filters": [], "sorts": [], "groupbys": [], "hidden_columns": [], "colorbys": {},
        "rows": [], "formula_rows": {}, "link_rows": {}, "groups": [], "summaries": {}, "colors": {},
        "column_colors": {},
    }))
}

/// A view, but for its id. `columns` are those of its table.
pub fn view(view: &View, columns: &[Column], names: &Names) -> Map<String, Json> {
    let key = |id: &ColumnId| names.columns.get(id).cloned();
    let sorts = |list: &[Sort]| -> Json {
        list.iter()
            .filter_map(|s| {
                let mut sort =
                    json!({ "column_key": key(&s.column)?, "sort_type": if s.descending { "down" } else { "up" } });
                if let Some(by) = s.by {
                    sort["count_type"] = json!(by);
                }
                Some(sort)
            })
            .collect()
    };
    let hidden: Json = view.hidden.iter().filter_map(key).map(|k| json!(k)).collect();
    let mut out = object(json!({
        "name": view.name,
        "is_locked": view.locked,
        "sorts": sorts(&view.sorts),
        "groupbys": sorts(&view.groups),
        "hidden_columns": hidden,
    }));
    let (all, items) = match &view.filter {
        Some(FilterNode::Group { all, items }) => (*all, items.as_slice()),
        Some(rule) => (true, std::slice::from_ref(rule)),
        None => (true, &[][..]),
    };
    let word = |all: bool| if all { "And" } else { "Or" };
    out.insert("filter_conjunction".into(), json!(word(all)));
    out.insert("filters".into(), rules(items, names));
    let groups: Vec<Json> = items
        .iter()
        .filter_map(|node| match node {
            FilterNode::Group { all, items } => {
                Some(json!({ "filter_conjunction": word(*all), "filters": rules(items, names) }))
            }
            FilterNode::Rule { .. } => None,
        })
        .collect();
    if !groups.is_empty() {
        out.insert("filter_groups".into(), Json::from(groups));
    }
    if crate::view::is_private(view) {
        out.insert("private_for".into(), json!(crate::view::owner(view).unwrap_or_default()));
    }
    if let Some(own) = own_look(view, columns, names) {
        out.insert(OWN_LOOK.into(), own);
    }
    out
}

/// Under this key stands what only Tabella knows of a view; others pass it over.
pub(super) const OWN_LOOK: &str = "tabella";

/// The kind of a view and how it looks, with columns as places in a list of their keys; `None` for a plain grid.
fn own_look(view: &View, columns: &[Column], names: &Names) -> Option<Json> {
    let settings = view.settings.as_object().is_some_and(|s| !s.is_empty());
    if view.kind == ViewKind::Table && !settings && view.order.is_empty() && view.frozen == 1 && view.row_height == 1 {
        return None;
    }
    let own: Vec<&Column> = columns.iter().filter(|c| names.columns.contains_key(&c.id)).collect();
    let place = |id: ColumnId| own.iter().position(|c| c.id == id).map(|at| ColumnId(at as i64));
    let mut settings = crate::view::renumbered(&view.settings, &place);
    if let Json::Object(settings) = &mut settings {
        // Whose it is stands where SeaTable looks for it.
        settings.shift_remove("owner");
    }
    if let Some(tree) = settings.get_mut("tree").and_then(Json::as_object_mut) {
        // Levels are columns of other tables, which this list does not name.
        tree.shift_remove("levels");
    }
    Some(json!({
        "kind": view.kind,
        "columns": own.iter().filter_map(|c| names.columns.get(&c.id)).collect::<Vec<_>>(),
        "settings": settings,
        "order": view.order.iter().filter_map(|id| place(*id)).collect::<Vec<_>>(),
        "frozen": view.frozen,
        "row_height": view.row_height,
    }))
}

fn rules(items: &[FilterNode], names: &Names) -> Json {
    items.iter().filter_map(|n| rule(n, names)).collect()
}

fn rule(node: &FilterNode, names: &Names) -> Option<Json> {
    let FilterNode::Rule { column, predicate, value, modifier } = node else { return None };
    let ids = names.options.get(column);
    let persons = names.of_persons.contains(column);
    let id = |v: &Json| {
        let key = if persons { names.person(v) } else { v.as_i64().and_then(|id| ids?.get(&id)) };
        key.map_or_else(|| v.clone(), |key| json!(key))
    };
    let term = match value {
        // SeaTable puts in who asks.
        _ if predicate == INCLUDE_ME => json!([]),
        _ if predicate == IS_CURRENT_USER_ID => json!(""),
        Json::Array(list) => list.iter().map(id).collect(),
        one => id(one),
    };
    let mut out =
        json!({ "column_key": names.columns.get(column)?, "filter_predicate": predicate, "filter_term": term });
    if let (Some(modifier), Json::Object(out)) = (modifier, &mut out) {
        out.insert("filter_term_modifier".into(), json!(modifier));
    }
    Some(out)
}

/// Who made or changed a record (`_creator`, `_last_modifier`), as it stood unless it is somebody else now. Who is
/// nobody in the file stands there by name.
pub fn set_person(row: &mut Map<String, Json>, key: &str, name: &str, names: &Names) {
    let there = row.get(key).and_then(Json::as_str).unwrap_or_default();
    let called = names.called.get(there).filter(|n| !n.is_empty()).map_or(there, String::as_str);
    if called != name {
        row.insert(key.into(), json!(names.persons.get(name).map_or(name, String::as_str)));
    }
}

/// Where in the archive a file of a cell is put; `None` where it stands elsewhere.
pub type Address<'a> = dyn FnMut(ColumnType, &Map<String, Json>) -> Option<String> + 'a;

/// A cell; `None` where the file has nothing for it: empty ones, and what SeaTable calculates itself.
/// A file in the base is named by its hash; `address` gives its place in the archive, by the kind of its column.
pub fn cell(field: &Field, settings: &Json, cell: &Cell, names: &Names, address: &mut Address<'_>) -> Option<Json> {
    use ColumnType as T;
    let value = match field.kind {
        T::Formula
        | T::Link
        | T::LinkFormula
        | T::Button
        | T::CreatedTime
        | T::ModifiedTime
        | T::Creator
        | T::LastModifier => return None,
        _ if cell.is_empty() => return None,
        T::SingleSelect | T::MultipleSelect => {
            let ids = option_ids(settings);
            match cell {
                Cell::Integer(id) => json!(ids.get(id)?),
                Cell::List(list) => list.iter().filter_map(|id| ids.get(id)).map(|key| json!(key)).collect(),
                _ => return None,
            }
        }
        T::Collaborator => match field.behaviour.to_json(cell) {
            Json::Array(list) => {
                list.into_iter().map(|name| names.person(&name).map_or(name.clone(), |id| json!(id))).collect()
            }
            other => other,
        },
        T::File | T::Image | T::Signature => files(field.kind, field.behaviour.to_json(cell), address),
        _ => field.behaviour.to_json(cell),
    };
    Some(value)
}

fn files(kind: ColumnType, value: Json, address: &mut Address<'_>) -> Json {
    let mut one = |file: Json| match file {
        Json::Object(mut map) => {
            let given = if kind == ColumnType::Signature { "sign_image_url" } else { "url" };
            let url = map.get(given).and_then(Json::as_str).map(str::to_owned);
            let url = url.or_else(|| address(kind, &map));
            map.shift_remove("hash");
            match (kind, url) {
                (ColumnType::Image, Some(url)) => Json::String(url),
                (ColumnType::File, Some(url)) => {
                    map.insert("url".into(), json!(url));
                    map.entry("type").or_insert_with(|| json!("file"));
                    Json::Object(map)
                }
                (ColumnType::Signature, Some(url)) => {
                    map.shift_remove("name");
                    map.shift_remove("size");
                    map.entry("username").or_insert_with(|| json!(""));
                    map.insert(given.into(), json!(url));
                    Json::Object(map)
                }
                _ => Json::Object(map),
            }
        }
        other => other,
    };
    match value {
        Json::Array(list) => list.into_iter().map(one).collect(),
        single => one(single),
    }
}

/// A moment as the file writes it.
pub fn moment(at_ms: i64) -> Json {
    jiff::Timestamp::from_millisecond(at_ms)
        .map_or(Json::Null, |t| json!(t.strftime("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string()))
}

/// The archive: `content.json` first, then what stands beside it.
pub struct Archive<W: Write + Seek> {
    zip: zip::ZipWriter<W>,
}

impl<W: Write + Seek> Archive<W> {
    /// Begins with `content.json`.
    pub fn new(to: W) -> Result<Self> {
        let mut zip = zip::ZipWriter::new(to);
        let options = zip::write::SimpleFileOptions::default().large_file(true);
        zip.start_file("content.json", options).map_err(unwritten)?;
        Ok(Self { zip })
    }

    /// Writes a piece of the entry that is open.
    pub fn put(&mut self, text: &str) -> Result<()> {
        self.zip.write_all(text.as_bytes()).map_err(unwritten)
    }

    /// Adds another entry.
    pub fn entry(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let options = zip::write::SimpleFileOptions::default();
        self.zip.start_file(path, options).map_err(unwritten)?;
        self.zip.write_all(bytes).map_err(unwritten)
    }

    /// The archive is whole.
    pub fn finish(self) -> Result<()> {
        self.zip.finish().map_err(unwritten)?.flush().map_err(unwritten)
    }
}
