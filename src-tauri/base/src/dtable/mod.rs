//! SeaTable's `.dtable` files: a ZIP with `content.json` (format 9 and older).
//!
//! Tables, columns, records, options, views, links, formulas, files and times come over. What has no
//! place here is handed out as it stands ([`Dtable::base`], [`DtableTable::rows`]), for the way back.
//! Nothing in the file is run.
//! Look next: [`write`] for the way back.

mod assets;
pub mod write;

use crate::exchange::{ColumnPlan, Feed, Given, TablePlan, WIDTH, column_names};
use crate::filter::asks_for_me;
use model::base::{ColumnType, FilterNode, LOCKED, Sort, View, ViewKind};
use model::{ColumnId, Error, ErrorCode, Result, ViewId, say};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use std::io::{Read, Seek};
use std::sync::Arc;

/// In an option of ours: its id in the file, where that is no number.
const OPTION_KEY: &str = "key";
/// The `permission_type` of a column whose cells nobody may change.
const NOBODY: &str = "nobody";
/// How large `content.json` may be (bytes).
const CONTENT_BYTES_MAX: u64 = 512 << 20;

/// A whole file.
pub struct Dtable {
    /// Its tables.
    pub tables: Vec<DtableTable>,
    /// Its links.
    pub links: Vec<LinkGiven>,
    /// `content.json` without its tables and without who is linked with whom.
    pub base: Json,
}

/// A link of the file.
pub struct LinkGiven {
    /// Its id in the file.
    pub id: String,
    /// The ids of its tables.
    pub tables: [String; 2],
    /// Records of the first table with those of the second, in the order of the first one's cells.
    pub pairs: Vec<(String, Vec<String>)>,
    /// And the other way round.
    pub back: Vec<(String, Vec<String>)>,
}

/// A table of the file with its records.
pub struct DtableTable {
    /// The table to be made.
    pub plan: TablePlan,
    /// Columns that come over with less than they held, with why.
    pub reduced: Vec<String>,
    /// Where the values of each planned column come from.
    pub columns: Vec<Source>,
    /// Its records as they stand in the file.
    pub rows: Vec<Json>,
    /// The table as it stands in the file, without records.
    pub given: Json,
    content: Arc<Content>,
    /// Hashes of the archive's files by their paths in it, once they are in the base.
    pub files: Arc<HashMap<String, String>>,
    next: usize,
    values: Vec<Json>,
    times: (Option<i64>, Option<i64>),
}

/// What the records of all tables need.
struct Content {
    /// Names of persons by their id.
    persons: HashMap<String, String>,
    /// What a record of a table shows where it is linked, by table and record.
    shown: HashMap<(String, String), String>,
    /// Linked records by link, own table and own record.
    links: HashMap<(String, String, String), Vec<String>>,
}

/// Where a column's values come from.
pub struct Source {
    /// Its key in the file.
    pub key: String,
    /// Its type in the file.
    pub kind: String,
    /// The ids of options in the file and ours.
    options: HashMap<String, i64>,
    /// Of a link column: the link and the other table.
    pub link: Option<(String, String)>,
    /// Of a link column that offers the records of one view only: that view of the other table.
    pub offers: Option<String>,
    table: String,
}

/// True for a ZIP that holds a `content.json`.
pub fn is_dtable<R: Read + Seek>(file: R) -> bool {
    zip::ZipArchive::new(file).is_ok_and(|mut archive| archive.by_name("content.json").is_ok())
}

/// The tables of a `.dtable` file.
///
/// # Errors
/// As [`read`].
pub fn tables<R: Read + Seek>(file: R) -> Result<Vec<DtableTable>> {
    read(file).map(|d| d.tables)
}

/// A `.dtable` file, but for its assets.
///
/// # Errors
/// `Damaged` where its content is not what a `.dtable` holds, `TooLarge` where it unpacks beyond reason.
pub fn read<R: Read + Seek>(mut file: R) -> Result<Dtable> {
    crate::xlsx::refuse_bombs(&mut file)?;
    let damaged = |detail: String| {
        Error::new(ErrorCode::Damaged, "This SeaTable file can't be read.")
            .remedy("Export it from SeaTable again.")
            .detail(detail)
    };
    let mut archive = zip::ZipArchive::new(file).map_err(|e| damaged(e.to_string()))?;
    let entry = archive.by_name("content.json").map_err(|e| damaged(e.to_string()))?;
    let mut text = Vec::new();
    entry.take(CONTENT_BYTES_MAX + 1).read_to_end(&mut text).map_err(|e| damaged(e.to_string()))?;
    if text.len() as u64 > CONTENT_BYTES_MAX {
        return Err(Error::new(ErrorCode::TooLarge, "This SeaTable file unpacks to more than 512 MB."));
    }
    let mut whole: Json = serde_json::from_slice(&text).map_err(|e| damaged(e.to_string()))?;
    drop(text);
    let given = match whole.get_mut("tables").map(Json::take) {
        Some(Json::Array(tables)) if !tables.is_empty() && tables.iter().all(Json::is_object) => tables,
        _ => return Err(damaged("no tables".into())),
    };
    let content = Arc::new(Content::new(&whole, &given));
    let links = links(&mut whole);
    let tables = given.into_iter().map(|t| table(t, &content)).collect();
    Ok(Dtable { tables, links, base: whole })
}

/// An entry of the archive beside `content.json`: a file of a cell, a form, a rule, a script.
pub struct Entry {
    /// Its path in the archive.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Hands out the entries beside `content.json`, one by one. Paths that lead out of the archive and
/// folders are passed over; nothing is ever written to a path of the file.
///
/// # Errors
/// `TooLarge` where one is larger than `most` bytes, `Damaged` where one can't be unpacked.
pub fn entries<R: Read + Seek>(file: R, most: u64, take: &mut dyn FnMut(Entry) -> Result<()>) -> Result<()> {
    let broken = |e: &dyn std::fmt::Display| {
        Error::new(ErrorCode::Damaged, "A file in this SeaTable file is damaged.")
            .remedy("Export it from SeaTable again.")
            .detail(e)
    };
    let mut archive = zip::ZipArchive::new(file).map_err(|e| broken(&e))?;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|e| broken(&e))?;
        let Ok(path) = entry.name().map(std::borrow::Cow::into_owned) else { continue };
        if path == "content.json"
            || !entry.is_file()
            || entry.enclosed_name().is_none()
            || path.starts_with('/')
            || path.contains('\\')
        {
            continue;
        }
        let mut bytes = Vec::new();
        entry.take(most + 1).read_to_end(&mut bytes).map_err(|e| broken(&e))?;
        if bytes.len() as u64 > most {
            return Err(Error::new(ErrorCode::TooLarge, say!("“{path}” in this SeaTable file is too large.", path))
                .remedy("Export it without its files."));
        }
        take(Entry { path, bytes })?;
    }
    Ok(())
}

/// Takes who is linked with whom out of the links.
fn links(whole: &mut Json) -> Vec<LinkGiven> {
    let Some(Json::Array(links)) = whole.get_mut("links") else { return Vec::new() };
    let mut found = Vec::new();
    for link in links {
        let mut map = |key: &str| -> Vec<(String, Vec<String>)> {
            let Some(Json::Object(map)) = link.get_mut(key).map(Json::take) else { return Vec::new() };
            let texts = |list: &Json| {
                list.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
            };
            map.iter().map(|(row, list)| (row.clone(), texts(list))).collect()
        };
        let (pairs, back) = (map("table1_table2_map"), map("table2_table1_map"));
        let id = |key: &str| word(link, key).to_owned();
        found.push(LinkGiven { id: id("_id"), tables: [id("table1_id"), id("table2_id")], pairs, back });
    }
    found
}

fn word<'a>(of: &'a Json, key: &str) -> &'a str {
    of.get(key).and_then(Json::as_str).unwrap_or_default()
}

fn items<'a>(of: &'a Json, key: &str) -> impl Iterator<Item = &'a Json> + use<'a> {
    of.get(key).and_then(Json::as_array).into_iter().flatten()
}

impl Content {
    fn new(whole: &Json, tables: &[Json]) -> Self {
        let persons =
            items(whole, "collaborators").map(|p| (word(p, "email").to_owned(), word(p, "name").to_owned())).collect();
        let mut shown = HashMap::new();
        for table in tables {
            let first = items(table, "columns").next();
            let key = first.map_or("0000", |c| word(c, "key"));
            let options = first.map(option_names).unwrap_or_default();
            for row in items(table, "rows") {
                let text = match row.get(key) {
                    Some(Json::String(s)) => options.get(s).cloned().unwrap_or_else(|| s.clone()),
                    Some(Json::Null) | None => String::new(),
                    Some(other) => other.to_string(),
                };
                shown.insert((word(table, "_id").to_owned(), word(row, "_id").to_owned()), text);
            }
        }
        let mut links = HashMap::new();
        for link in items(whole, "links") {
            for (table, map) in [("table1_id", "table1_table2_map"), ("table2_id", "table2_table1_map")] {
                for (row, others) in link.get(map).and_then(Json::as_object).into_iter().flatten() {
                    let others =
                        others.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect();
                    links
                        .entry((word(link, "_id").to_owned(), word(link, table).to_owned(), row.clone()))
                        .or_insert(others);
                }
            }
        }
        Self { persons, shown, links }
    }

    fn person(&self, id: &Json) -> Option<String> {
        let id = id.as_str()?;
        Some(self.persons.get(id).filter(|n| !n.is_empty()).cloned().unwrap_or_else(|| id.to_owned()))
    }

    /// The persons of a rule by their names.
    fn named(&self, term: &Json) -> Json {
        match term {
            Json::Array(ids) => ids.iter().filter_map(|id| self.person(id)).collect(),
            one => self.person(one).filter(|n| !n.is_empty()).map_or(Json::Null, Json::from),
        }
    }
}

fn option_names(column: &Json) -> HashMap<String, String> {
    column
        .get("data")
        .map(|d| items(d, "options").map(|o| (word(o, "id").to_owned(), word(o, "name").to_owned())).collect())
        .unwrap_or_default()
}

fn kind_of(kind: &str) -> ColumnType {
    use ColumnType as T;
    match kind {
        "long-text" => T::LongText,
        "number" => T::Number,
        "date" => T::Date,
        "duration" => T::Duration,
        "single-select" => T::SingleSelect,
        "multiple-select" => T::MultipleSelect,
        "checkbox" => T::Checkbox,
        "rate" => T::Rating,
        "image" => T::Image,
        "file" => T::File,
        "digital-sign" => T::Signature,
        "email" => T::Email,
        "url" => T::Url,
        "phone" => T::Phone,
        "geolocation" => T::Geolocation,
        "collaborator" => T::Collaborator,
        "department" => T::Department,
        "creator" => T::Creator,
        "last-modifier" => T::LastModifier,
        "ctime" => T::CreatedTime,
        "mtime" => T::ModifiedTime,
        "auto-number" => T::AutoNumber,
        "formula" => T::Formula,
        "link" => T::Link,
        "link-formula" => T::LinkFormula,
        "button" => T::Button,
        _ => T::Text,
    }
}

fn table(mut whole: Json, content: &Arc<Content>) -> DtableTable {
    let rows = match whole.get_mut("rows").map(Json::take) {
        Some(Json::Array(rows)) => rows,
        _ => Vec::new(),
    };
    let given = &whole;
    let own = word(given, "_id").to_owned();
    let given_columns: Vec<&Json> = items(given, "columns").collect();
    let names: Vec<String> = given_columns.iter().map(|c| word(c, "name").to_owned()).collect();
    let names = column_names(&names, given_columns.len());
    let (mut columns, mut plans) = (Vec::new(), Vec::new());
    for (column, name) in given_columns.iter().zip(names) {
        let kind = word(column, "type");
        let data = column.get("data").cloned().unwrap_or_default();
        let link = (kind == "link").then(|| {
            let (a, b) = (word(&data, "table_id"), word(&data, "other_table_id"));
            (word(&data, "link_id").to_owned(), if a == own { b } else { a }.to_owned())
        });
        let offers = (data.get("is_row_from_view").and_then(Json::as_bool) == Some(true))
            .then(|| word(&data, "other_view_id").to_owned())
            .filter(|id| kind == "link" && !id.is_empty());
        let (mut settings, options) = settings(&data);
        if word(column, "permission_type") == NOBODY
            && let Json::Object(settings) = &mut settings
        {
            settings.insert(LOCKED.into(), json!(true));
        }
        let width = column.get("width").and_then(Json::as_u64).map_or(WIDTH, |w| w.clamp(40, 1200) as u32);
        plans.push(ColumnPlan { name, kind: kind_of(kind), settings, width });
        columns.push(Source {
            key: word(column, "key").to_owned(),
            kind: kind.to_owned(),
            options,
            link,
            offers,
            table: own.clone(),
        });
    }
    let mut views: Vec<View> =
        items(given, "views").filter(|v| comes_over(v)).map(|v| view(v, &columns, content)).collect();
    if views.iter().all(|v| crate::view::owner(v).is_some())
        && let Some(Json::Object(settings)) = views.first_mut().map(|v| &mut v.settings)
    {
        // A table keeps a view that everybody sees.
        settings.shift_remove("owner");
    }
    let plan = TablePlan {
        name: word(given, "name").to_owned(),
        columns: plans,
        first: Vec::new(),
        total: rows.len() as u64,
        views,
    };
    let values = vec![Json::Null; columns.len()];
    let mut table = DtableTable {
        plan,
        reduced: Vec::new(),
        columns,
        rows,
        given: whole,
        content: content.clone(),
        files: Arc::default(),
        next: 0,
        values,
        times: (None, None),
    };
    for at in 0..table.rows.len().min(20) {
        table.load(at);
        let text = |v: &Json| match v {
            Json::Null => String::new(),
            Json::String(s) => s.clone(),
            other => other.to_string(),
        };
        let shown = table.values.iter().map(text).collect();
        table.plan.first.push(shown);
    }
    table
}

/// A column's settings with numbers for the ids of options, and which is which.
fn settings(data: &Json) -> (Json, HashMap<String, i64>) {
    let Json::Object(mut settings) = data.clone() else { return (json!({}), HashMap::new()) };
    let mut ids = HashMap::new();
    if let Some(Json::Array(options)) = settings.get_mut("options") {
        let mut next = options.iter().filter_map(|o| word(o, "id").parse::<i64>().ok()).max().unwrap_or(0) + 1;
        let mut names = std::collections::HashSet::new();
        options.retain(|o| !word(o, "name").trim().is_empty() && names.insert(word(o, "name").trim().to_owned()));
        for option in options.iter_mut() {
            let given = word(option, "id").to_owned();
            let id = given.parse().unwrap_or_else(|_| {
                next += 1;
                next - 1
            });
            if let Json::Object(map) = option {
                map.insert("id".into(), json!(id));
                if given != id.to_string() {
                    map.insert(OPTION_KEY.into(), json!(given));
                }
            }
            ids.insert(given, id);
        }
    }
    (Json::Object(settings), ids)
}

/// True for a view that becomes one of ours; the others are kept as they stand.
pub fn comes_over(view: &Json) -> bool {
    matches!(word(view, "type"), "" | "table")
}

fn view(given: &Json, columns: &[Source], content: &Content) -> View {
    let place = |key: &str| columns.iter().position(|c| c.key == key).map(|at| ColumnId(at as i64));
    let sorts = |list: &str| {
        items(given, list)
            .filter_map(|s| {
                let by = s.get("count_type").and_then(|by| serde_json::from_value(by.clone()).ok());
                Some(Sort { column: place(word(s, "column_key"))?, descending: word(s, "sort_type") == "down", by })
            })
            .collect::<Vec<_>>()
    };
    let filter = conditions(given, "filters", "filter_conjunction", columns, content);
    // What Tabella wrote beside: its columns are places in a list of keys.
    let own = given.get(write::OWN_LOOK).filter(|own| own.is_object());
    let keys: Vec<&str> = own.map(|own| items(own, "columns").filter_map(Json::as_str).collect()).unwrap_or_default();
    let listed = |at: ColumnId| place(keys.get(usize::try_from(at.0).ok()?)?);
    let number = |key: &str, most: u64| {
        let number = own.and_then(|own| own.get(key)?.as_u64()).filter(|n| (1..=most).contains(n));
        number.unwrap_or(1) as u32
    };
    let settings = match own.and_then(|own| own.get("settings")).map(|s| crate::view::renumbered(s, &listed)) {
        Some(Json::Object(settings)) => settings,
        _ => Map::new(),
    };
    View {
        id: ViewId(0),
        name: word(given, "name").to_owned(),
        kind: own.and_then(|own| serde_json::from_value(own.get("kind")?.clone()).ok()).unwrap_or(ViewKind::Table),
        filter,
        sorts: sorts("sorts"),
        groups: sorts("groupbys").into_iter().take(3).collect(),
        hidden: items(given, "hidden_columns").filter_map(|k| place(k.as_str()?)).collect(),
        order: own
            .map(|own| items(own, "order").filter_map(|at| listed(ColumnId(at.as_i64()?))).collect())
            .unwrap_or_default(),
        frozen: number("frozen", 1_000),
        row_height: number("row_height", 4),
        locked: given.get("is_locked").and_then(Json::as_bool).unwrap_or(false),
        settings: Json::Object(private_settings(settings, word(given, "private_for"))),
    }
}

/// Settings with whose view it is: a person of Tabella's keeps theirs, another program's leaves the mark.
fn private_settings(mut settings: Map<String, Json>, private_for: &str) -> Map<String, Json> {
    settings.shift_remove("owner");
    if !private_for.is_empty() {
        settings.insert("private".into(), Json::Bool(true));
    }
    if crate::view::is_person(private_for) {
        settings.insert("owner".into(), json!(private_for));
    }
    settings
}

/// The rules of a view, or the conditions of a link formula, with the groups beside them; columns by their places.
fn conditions(given: &Json, list: &str, joint: &str, columns: &[Source], content: &Content) -> Option<FilterNode> {
    let rules = |of: &Json, list: &str| {
        items(of, list)
            .filter_map(|f| {
                let at = columns.iter().position(|c| c.key == word(f, "column_key"))?;
                let column = columns.get(at)?;
                let term = f.get("filter_term").unwrap_or(&Json::Null);
                let value = match column.kind.as_str() {
                    // SeaTable may have put in who asked last.
                    _ if asks_for_me(word(f, "filter_predicate")) => Json::Null,
                    "collaborator" | "creator" | "last-modifier" => content.named(term),
                    _ => translated(term, &column.options),
                };
                let modifier = Some(word(f, "filter_term_modifier")).filter(|m| !m.is_empty()).map(str::to_owned);
                let (column, predicate) = (ColumnId(at as i64), word(f, "filter_predicate").to_owned());
                Some(FilterNode::Rule { column, predicate, value, modifier })
            })
            .collect::<Vec<_>>()
    };
    let mut nodes = rules(given, list);
    let groups =
        items(given, "filter_groups").map(|group| (word(group, "filter_conjunction"), rules(group, "filters")));
    nodes.extend(
        groups
            .filter(|(_, items)| !items.is_empty())
            .map(|(word, items)| FilterNode::Group { all: word != "Or", items }),
    );
    (!nodes.is_empty()).then(|| FilterNode::Group { all: word(given, joint) != "Or", items: nodes })
}

/// A value with our ids for those of options.
fn translated(value: &Json, options: &HashMap<String, i64>) -> Json {
    match value {
        Json::String(id) => options.get(id).map_or_else(|| value.clone(), |id| json!(id)),
        Json::Array(list) if !options.is_empty() => list.iter().map(|v| translated(v, options)).collect(),
        other => other.clone(),
    }
}

impl DtableTable {
    /// Its id in the file.
    pub fn id(&self) -> &str {
        word(&self.given, "_id")
    }

    /// The conditions of a link formula that leads here; columns by their places in this table.
    pub fn conditions(&self, data: &Json) -> Option<FilterNode> {
        let on = data.get("include_condition").and_then(Json::as_bool) != Some(false);
        if on { conditions(data, "conditions", "condition_conjunction", &self.columns, &self.content) } else { None }
    }

    /// Links become the text of what they show, where the other table does not come over.
    pub fn keep_links(&mut self, there: &dyn Fn(&str, &str) -> bool) {
        for (column, plan) in self.columns.iter_mut().zip(&mut self.plan.columns) {
            if plan.kind == ColumnType::Link && !column.link.as_ref().is_some_and(|(link, other)| there(link, other)) {
                plan.kind = ColumnType::Text;
                plan.settings = json!({});
                self.reduced.push(format!("{} (links are text)", plan.name));
            }
        }
    }

    fn load(&mut self, at: usize) {
        let Some(row) = self.rows.get(at) else { return };
        let content = &self.content;
        let moment = |key: &str| word(row, key).parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
        self.times = (moment("_ctime"), moment("_mtime"));
        for (column, to) in self.columns.iter().zip(&mut self.values) {
            let value = row.get(&column.key).unwrap_or(&Json::Null);
            *to = match column.kind.as_str() {
                "single-select" | "multiple-select" => match translated(value, &column.options) {
                    // What is left as text is an option that is gone.
                    Json::String(_) => Json::Null,
                    Json::Array(list) => list.into_iter().filter(Json::is_number).collect(),
                    other => other,
                },
                "collaborator" => value.as_array().into_iter().flatten().filter_map(|id| content.person(id)).collect(),
                "creator" => row.get("_creator").and_then(|id| content.person(id)).into(),
                "last-modifier" => row.get("_last_modifier").and_then(|id| content.person(id)).into(),
                "link" => column.link.as_ref().map_or(Json::Null, |(link, other)| {
                    let own = (link.clone(), column.table.clone(), word(row, "_id").to_owned());
                    let linked = content.links.get(&own).into_iter().flatten();
                    let shown: Vec<&str> = linked
                        .filter_map(|id| content.shown.get(&(other.clone(), id.clone())))
                        .map(String::as_str)
                        .filter(|s| !s.is_empty())
                        .collect();
                    Json::String(shown.join(", "))
                }),
                "image" | "file" | "digital-sign" => assets::with_hashes(value.clone(), &self.files),
                _ => value.clone(),
            };
        }
    }
}

impl Feed for DtableTable {
    fn advance(&mut self) -> Result<bool> {
        if self.next >= self.rows.len() {
            return Ok(false);
        }
        self.load(self.next);
        self.next += 1;
        Ok(true)
    }

    fn value(&self, at: usize) -> Given<'_> {
        Given::Json(self.values.get(at).unwrap_or(&Json::Null))
    }

    fn times(&self) -> (Option<i64>, Option<i64>) {
        self.times
    }
}
