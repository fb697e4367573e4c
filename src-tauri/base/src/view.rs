//! Settings of views: which columns a kanban or a calendar is made of, colours, folders, forms.
//!
//! Keys of every kind: `folder` (text), `private` (yes or no), `owner` (the person to whom a private
//! view belongs; see [`seen_by`]), `colors` (of records), `cell_colors` (of cells). Each kind has one key of its own name: `kanban`, `calendar`, `gallery`, `timeline`,
//! `tree`, `form`. Keys nobody knows stay, for a file that is given back to another program.
//! Look next: [`crate::filter`] for the filters inside colour rules.

use crate::column::{Context, Family, Field};
use crate::filter;
use model::base::{ColumnType, FilterNode, View, ViewKind};
use model::{ColumnId, Error, Result, say};
use serde_json::{Map, Value as Json, json};

/// Rules one set of colours may have.
const RULES_MAX: usize = 100;
/// Levels a tree may have.
const LEVELS_MAX: usize = 3;

/// What to do with what does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// Refuse it with a reason.
    Refuse,
    /// Leave it out: a column was removed or has another type now.
    LeaveOut,
}

/// True for a word that names a person as profiles of Tabella do: 32 lower-case hexadecimal digits, made
/// at random, that tell nothing of who it is.
pub fn is_person(word: &str) -> bool {
    word.len() == 32 && word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// True for a view with the mark of a private one.
pub fn is_private(view: &View) -> bool {
    view.settings.get("private").and_then(Json::as_bool) == Some(true)
}

/// Whose a private view is. Without an owner it only has the mark, such as one of another program's.
pub fn owner(view: &View) -> Option<&str> {
    view.settings.get("owner").and_then(Json::as_str).filter(|_| is_private(view))
}

/// True where a person sees a view: it is everybody's, or theirs.
pub fn seen_by(view: &View, person: &str) -> bool {
    owner(view).is_none_or(|owner| owner == person)
}

/// Settles whose a view is that `person` changes from `old`: made private it is theirs, kept private it
/// stays whose it was, shared it is nobody's. What the settings say of an owner is never taken.
pub fn belongs(view: &mut View, old: &View, person: &str) {
    let owner = match (is_private(view), is_private(old)) {
        (true, true) => owner(old),
        (true, false) => Some(person).filter(|p| is_person(p)),
        (false, _) => None,
    };
    if let Json::Object(settings) = &mut view.settings {
        settings.shift_remove("owner");
        if let Some(owner) = owner {
            settings.insert("owner".into(), json!(owner));
        }
    }
}

/// Makes a private view of whomever one of `person`.
pub fn claim(view: &mut View, person: &str) {
    if let Json::Object(settings) = &mut view.settings
        && is_person(person)
    {
        settings.insert("owner".into(), json!(person));
    }
}

/// The settings of a view against the columns of its table.
///
/// # Errors
/// `Invalid` with what does not fit, under [`Strictness::Refuse`] only.
pub fn check(settings: Json, fields: &[&Field], context: &Context, strictness: Strictness) -> Result<Json> {
    let mut map = match settings {
        Json::Null => Map::new(),
        Json::Object(map) => map,
        _ if strictness == Strictness::LeaveOut => Map::new(),
        _ => return Err(Error::invalid("The settings of a view must be an object.")),
    };
    let check = Check { fields, context, strict: strictness == Strictness::Refuse };
    for (key, value) in std::mem::take(&mut map) {
        let kept = match key.as_str() {
            "folder" => check.folder(value)?,
            "private" => check.flag(value, "private")?,
            // Not the user's to set: what is no person's name is left out.
            "owner" => Some(value).filter(|owner| owner.as_str().is_some_and(is_person)),
            "colors" => check.colors(value)?,
            "cell_colors" => check.cell_colors(value)?,
            "kanban" => {
                check.section(value, &[("column", groups), ("title", any)], &[("fields", any)], &["hide_empty"], &[])?
            }
            "calendar" | "timeline" => check.section(
                value,
                &[("start", dates), ("end", dates), ("title", any), ("color", choices)],
                &[],
                &[],
                &[],
            )?,
            "gallery" => check.section(value, &[("image", images), ("title", any)], &[("fields", any)], &[], &[])?,
            "tree" => check.tree(value)?,
            "form" => check.form(value)?,
            _ => Some(value),
        };
        if let Some(kept) = kept {
            map.insert(key, kept);
        }
    }
    Ok(Json::Object(map))
}

/// Settings a new view of a kind starts with: the first columns that fit.
pub fn defaults(kind: ViewKind, fields: &[&Field]) -> Json {
    let first = |fits: fn(&Field) -> bool| fields.iter().find(|f| fits(f)).map(|f| f.id);
    let second = |fits: fn(&Field) -> bool| fields.iter().filter(|f| fits(f)).nth(1).map(|f| f.id);
    let title = fields.first().map(|f| f.id);
    let others = || fields.iter().skip(1).take(5).map(|f| f.id).collect::<Vec<_>>();
    match kind {
        ViewKind::Table => json!({}),
        ViewKind::Kanban => {
            json!({"kanban": {"column": first(groups), "title": title, "fields": others(), "hide_empty": false}})
        }
        ViewKind::Calendar => {
            json!({"calendar": {"start": first(dates), "end": null, "title": title, "color": first(choices)}})
        }
        ViewKind::Gallery => json!({"gallery": {"image": first(images), "title": title, "fields": others()}}),
        ViewKind::Timeline => {
            json!({"timeline": {"start": first(dates), "end": second(dates), "title": title, "color": first(choices)}})
        }
        ViewKind::Tree => json!({"tree": {"parent": first(links)}}),
        ViewKind::Form => {
            let asked = fields.iter().filter(|f| f.behaviour.editable() && f.kind != ColumnType::Button);
            let asked: Vec<_> = asked.map(|f| json!({"column": f.id, "required": false, "help": ""})).collect();
            json!({"form": {"title": "", "description": "", "fields": asked, "thanks": ""}})
        }
    }
}

/// The settings with other columns in place of those they name; for a copy of a table.
pub fn renumbered(settings: &Json, new: &dyn Fn(ColumnId) -> Option<ColumnId>) -> Json {
    const ONE: [&str; 8] = ["column", "title", "start", "end", "image", "color", "parent", "by"];
    match settings {
        Json::Object(map) => map
            .iter()
            .map(|(key, value)| {
                let value = match value {
                    Json::Number(id) if ONE.contains(&key.as_str()) => {
                        id.as_i64().and_then(|id| new(ColumnId(id))).map_or(Json::Null, |id| json!(id))
                    }
                    Json::Array(ids)
                        if matches!(key.as_str(), "fields" | "columns") && ids.iter().all(Json::is_number) =>
                    {
                        ids.iter().filter_map(|id| new(ColumnId(id.as_i64()?))).map(|id| json!(id)).collect()
                    }
                    other => renumbered(other, new),
                };
                (key.clone(), value)
            })
            .collect(),
        Json::Array(items) => items.iter().map(|item| renumbered(item, new)).collect(),
        other => other.clone(),
    }
}

fn any(_: &Field) -> bool {
    true
}

fn dates(field: &Field) -> bool {
    matches!(field.behaviour.family(), Family::Date | Family::Moment)
}

fn images(field: &Field) -> bool {
    matches!(field.kind, ColumnType::Image | ColumnType::File)
}

fn choices(field: &Field) -> bool {
    field.behaviour.family() == Family::OneOption
}

fn groups(field: &Field) -> bool {
    choices(field) || matches!(field.kind, ColumnType::Checkbox | ColumnType::Collaborator | ColumnType::Department)
}

fn links(field: &Field) -> bool {
    field.kind == ColumnType::Link
}

/// A key with the columns that fit it.
type Fit = (&'static str, fn(&Field) -> bool);

struct Check<'a> {
    fields: &'a [&'a Field],
    context: &'a Context,
    strict: bool,
}

impl Check<'_> {
    /// An error, or nothing where what does not fit is left out.
    fn wrong<T>(&self, words: model::Phrase) -> Result<Option<T>> {
        if self.strict { Err(Error::invalid(words)) } else { Ok(None) }
    }

    fn folder(&self, value: Json) -> Result<Option<Json>> {
        match value.as_str().map(str::trim) {
            Some("") => Ok(None),
            Some(name) if name.chars().count() <= 255 && !name.chars().any(char::is_control) => {
                Ok(Some(Json::from(name)))
            }
            None if value.is_null() => Ok(None),
            _ => self.wrong(say!("A name has 1 to 255 characters on one line.")),
        }
    }

    fn flag(&self, value: Json, key: &str) -> Result<Option<Json>> {
        match value {
            Json::Bool(_) => Ok(Some(value)),
            Json::Null => Ok(None),
            _ => self.wrong(say!("“{key}” of a view is true or false.", key)),
        }
    }

    /// A column that fits; `None` where none is named.
    fn column(&self, value: &Json, key: &str, fits: fn(&Field) -> bool) -> Result<Option<Json>> {
        if value.is_null() {
            return Ok(None);
        }
        let field = value.as_i64().and_then(|id| self.fields.iter().find(|f| f.id == ColumnId(id)));
        match field {
            None => self.wrong(say!("“{key}” of this view names a column that does not exist.", key)),
            Some(field) if !fits(field) => self.wrong(say!(
                "The column “{name}” is of no type that “{key}” of this view can use.",
                name = field.name,
                key
            )),
            Some(_) => Ok(Some(value.clone())),
        }
    }

    /// A list of columns.
    fn columns(&self, value: &Json, key: &str, fits: fn(&Field) -> bool) -> Result<Option<Json>> {
        let Json::Array(given) = value else {
            return if value.is_null() {
                Ok(None)
            } else {
                self.wrong(say!("“{key}” of a view is a list of columns.", key))
            };
        };
        let mut kept = Vec::new();
        for id in given {
            kept.extend(self.column(id, key, fits)?.filter(|id| !kept.contains(id)));
        }
        Ok(Some(Json::Array(kept)))
    }

    /// The settings of one kind: columns, lists of columns, flags and texts; other keys stay.
    fn section(
        &self,
        value: Json,
        columns: &[Fit],
        lists: &[Fit],
        flags: &[&str],
        texts: &[&str],
    ) -> Result<Option<Json>> {
        let Json::Object(mut map) = value else {
            return if value.is_null() {
                Ok(None)
            } else {
                self.wrong(say!("The settings of a view's kind are an object."))
            };
        };
        for (key, fits) in columns {
            if let Some(value) = map.get(*key) {
                let kept = self.column(value, key, *fits)?;
                map.insert((*key).into(), kept.unwrap_or_default());
            }
        }
        for (key, fits) in lists {
            if let Some(value) = map.get(*key) {
                let kept = self.columns(value, key, *fits)?;
                map.insert((*key).into(), kept.unwrap_or_else(|| json!([])));
            }
        }
        for key in flags {
            if let Some(value) = map.get(*key).cloned() {
                let kept = self.flag(value, key)?;
                map.insert((*key).into(), kept.unwrap_or(Json::Bool(false)));
            }
        }
        for key in texts {
            if let Some(value) = map.get(*key)
                && !value.is_string()
            {
                if !value.is_null() {
                    self.wrong::<()>(say!("“{key}” of a view is text.", key))?;
                }
                map.insert((*key).into(), Json::from(""));
            }
        }
        Ok(Some(Json::Object(map)))
    }

    fn tree(&self, value: Json) -> Result<Option<Json>> {
        if value.get("levels").and_then(Json::as_array).is_some_and(|l| l.len() > LEVELS_MAX) {
            return self.wrong(say!("A tree has at most {max} levels.", max = LEVELS_MAX));
        }
        self.section(value, &[("parent", links)], &[], &[], &[])
    }

    fn form(&self, value: Json) -> Result<Option<Json>> {
        let Some(Json::Object(mut map)) = self.section(value, &[], &[], &[], &["title", "description", "thanks"])?
        else {
            return Ok(None);
        };
        if let Some(given) = map.get("fields") {
            let Some(given) = given.as_array() else {
                return self.wrong(say!("The fields of a form are a list."));
            };
            let mut kept: Vec<Json> = Vec::new();
            for field in given {
                let column = self.column(field.get("column").unwrap_or(&Json::Null), "fields", |f| {
                    f.behaviour.editable() && f.kind != ColumnType::Button
                })?;
                let (Some(column), Json::Object(field)) = (column, field) else { continue };
                if kept.iter().any(|k| k.get("column") == Some(&column)) {
                    continue;
                }
                let mut field = field.clone();
                field.insert("required".into(), json!(field.get("required").and_then(Json::as_bool).unwrap_or(false)));
                field.insert("help".into(), json!(field.get("help").and_then(Json::as_str).unwrap_or_default()));
                kept.push(Json::Object(field));
            }
            map.insert("fields".into(), Json::Array(kept));
        }
        Ok(Some(Json::Object(map)))
    }

    fn colors(&self, value: Json) -> Result<Option<Json>> {
        match value.get("by").and_then(Json::as_str) {
            _ if value.is_null() => Ok(None),
            Some("select") => {
                let column = self.column(value.get("column").unwrap_or(&Json::Null), "colors", choices)?;
                Ok(column.map(|_| value))
            }
            Some("rules") => self.rules(value),
            Some("duplicates") => {
                let columns = self.columns(value.get("columns").unwrap_or(&Json::Null), "colors", any)?;
                Ok(columns.filter(|c| c.as_array().is_some_and(|c| !c.is_empty())).map(|columns| {
                    let mut value = value;
                    if let Json::Object(map) = &mut value {
                        map.insert("columns".into(), columns);
                    }
                    value
                }))
            }
            _ => self.wrong(say!("Records are coloured by “select”, “rules” or “duplicates”.")),
        }
    }

    fn cell_colors(&self, value: Json) -> Result<Option<Json>> {
        let Json::Array(given) = value else {
            return if value.is_null() { Ok(None) } else { self.wrong(say!("The colours of cells are a list.")) };
        };
        let mut kept = Vec::new();
        for colors in given {
            let by = colors.get("by").and_then(Json::as_str).unwrap_or_default();
            let fits: fn(&Field) -> bool = match by {
                "rules" | "duplicates" => any,
                "scale" => |f| f.behaviour.family() == Family::Number,
                _ => {
                    self.wrong::<()>(say!("Cells are coloured by “rules”, “scale” or “duplicates”."))?;
                    continue;
                }
            };
            if self.column(colors.get("column").unwrap_or(&Json::Null), "cell_colors", fits)?.is_none() {
                continue;
            }
            if by == "rules" {
                kept.extend(self.rules(colors)?);
            } else {
                kept.push(colors);
            }
        }
        Ok(Some(Json::Array(kept)))
    }

    /// `rules: [{filter, color}]`, each filter one that the columns know.
    fn rules(&self, mut value: Json) -> Result<Option<Json>> {
        let given = value.get("rules").and_then(Json::as_array).cloned().unwrap_or_default();
        if given.len() > RULES_MAX {
            return self.wrong(say!("Colours have at most {max} rules.", max = RULES_MAX));
        }
        let mut kept = Vec::new();
        for rule in given {
            let filter = rule.get("filter").cloned().unwrap_or_default();
            let Ok(filter) = serde_json::from_value::<FilterNode>(filter) else {
                self.wrong::<()>(say!("A rule of colours needs a filter."))?;
                continue;
            };
            match filter::compile(&filter, self.fields, self.context) {
                Ok(_) => kept.push(rule),
                Err(error) if self.strict => return Err(error),
                Err(_) => {}
            }
        }
        if let Json::Object(map) = &mut value {
            map.insert("rules".into(), Json::Array(kept));
        }
        Ok(Some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;
    use model::base::Column;

    fn context() -> Context {
        Context { zone: jiff::tz::TimeZone::UTC, ..Context::local(Timestamp(0)) }
    }

    fn fields() -> Vec<Field> {
        [
            ("Name", ColumnType::Text),
            ("Stage", ColumnType::SingleSelect),
            ("Due", ColumnType::Date),
            ("Amount", ColumnType::Number),
            ("Total", ColumnType::Formula),
        ]
        .into_iter()
        .enumerate()
        .map(|(at, (name, kind))| {
            let column = Column {
                id: ColumnId(at as i64 + 1),
                name: name.into(),
                kind,
                settings: json!({}),
                description: String::new(),
                width: 1,
                result: None,
            };
            Field::new(&column, &context())
        })
        .collect()
    }

    fn checked(settings: Json, strictness: Strictness) -> Result<Json> {
        let all = fields();
        check(settings, &all.iter().collect::<Vec<_>>(), &context(), strictness)
    }

    #[test]
    fn settings_that_fit_stay_with_what_nobody_knows() {
        let settings = json!({
            "folder": "Sales", "private": true, "unknown": [1],
            "kanban": {"column": 2, "title": 1, "fields": [3, 4], "hide_empty": true, "cover": 9},
            "calendar": {"start": 3, "end": null},
            "colors": {"by": "rules", "rules": [{"filter": {"kind": "rule", "column": 4, "predicate": "greater", "value": 5}, "color": "#f00"}]},
            "cell_colors": [{"column": 4, "by": "scale", "colors": ["#fff", "#0f0"]}],
            "form": {"title": "Ask", "description": "", "thanks": "", "fields": [{"column": 1, "required": true, "help": "Yours"}]},
        });
        assert_eq!(checked(settings.clone(), Strictness::Refuse).unwrap(), settings);
    }

    #[test]
    fn what_does_not_fit_is_refused_or_left_out() {
        for (settings, left) in [
            (json!({"folder": "a\nb"}), json!({})),
            (json!({"folder": "  "}), json!({})),
            (json!({"private": "yes"}), json!({})),
            (json!({"kanban": {"column": 4}}), json!({"kanban": {"column": null}})),
            (json!({"kanban": {"column": 2, "fields": [1, 99]}}), json!({"kanban": {"column": 2, "fields": [1]}})),
            (json!({"calendar": {"start": 1}}), json!({"calendar": {"start": null}})),
            (json!({"gallery": {"image": 1}}), json!({"gallery": {"image": null}})),
            (json!({"tree": {"parent": 1}}), json!({"tree": {"parent": null}})),
            (json!({"colors": {"by": "select", "column": 1}}), json!({})),
            (json!({"colors": {"by": "magic"}}), json!({})),
            (json!({"colors": {"by": "duplicates", "columns": [99]}}), json!({})),
            (
                json!({"colors": {"by": "rules", "rules": [{"filter": {"kind": "rule", "column": 99, "predicate": "is"}, "color": "#f00"}]}}),
                json!({"colors": {"by": "rules", "rules": []}}),
            ),
            (json!({"cell_colors": [{"column": 1, "by": "scale"}]}), json!({"cell_colors": []})),
            (json!({"form": {"fields": [{"column": 5}]}}), json!({"form": {"fields": []}})),
        ] {
            let refused = checked(settings.clone(), Strictness::Refuse);
            assert!(refused.is_err() || settings == json!({"folder": "  "}), "{settings}");
            assert_eq!(checked(settings.clone(), Strictness::LeaveOut).unwrap(), left, "{settings}");
        }
    }

    #[test]
    fn a_new_view_starts_with_the_first_columns_that_fit_and_passes_its_own_check() {
        let all = fields();
        let refs: Vec<&Field> = all.iter().collect();
        let kinds = [
            ViewKind::Table,
            ViewKind::Kanban,
            ViewKind::Calendar,
            ViewKind::Gallery,
            ViewKind::Timeline,
            ViewKind::Tree,
            ViewKind::Form,
        ];
        for kind in kinds {
            check(defaults(kind, &refs), &refs, &context(), Strictness::Refuse).unwrap();
        }
        assert_eq!(defaults(ViewKind::Kanban, &refs)["kanban"]["column"], 2);
        assert_eq!(defaults(ViewKind::Calendar, &refs)["calendar"]["start"], 3);
        assert_eq!(defaults(ViewKind::Form, &refs)["form"]["fields"].as_array().unwrap().len(), 4);
    }

    #[test]
    fn a_view_belongs_to_who_made_it_private_whatever_its_settings_say() {
        let (ann, bob) = ("a".repeat(32), "b".repeat(32));
        let view = |settings: Json| -> View {
            let whole = json!({
                "id": 1, "name": "V", "kind": "table", "filter": null, "sorts": [], "groups": [], "hidden": [],
                "order": [], "frozen": 1, "row_height": 1, "locked": false, "settings": settings,
            });
            serde_json::from_value(whole).unwrap()
        };
        let shared = view(json!({}));
        let mut private = view(json!({"private": true, "owner": bob}));
        belongs(&mut private, &shared, &ann);
        assert_eq!((owner(&private), seen_by(&private, &ann), seen_by(&private, &bob)), (Some(&*ann), true, false));
        let mut kept = view(json!({"private": true, "folder": "Mine"}));
        belongs(&mut kept, &private, &bob);
        assert_eq!(owner(&kept), Some(&*ann));
        belongs(&mut view(json!(null)), &private, &ann);
        let mut shared_again = view(json!({"private": false, "owner": ann}));
        belongs(&mut shared_again, &private, &ann);
        assert_eq!(shared_again.settings, json!({"private": false}));
        // A mark of another program's names no owner here, and hides nothing.
        let marked = view(json!({"private": true}));
        let mut changed = view(json!({"private": true}));
        belongs(&mut changed, &marked, &ann);
        assert!(owner(&changed).is_none() && seen_by(&changed, &bob));
        assert!(!is_person("u1@auth.local") && !is_person(""));
    }
}
