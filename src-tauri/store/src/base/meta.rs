//! Tables, columns and views as rows, and the working form of a table ([`Def`]).

use super::error::sql;
use super::schema::{self, Computed, ROW};
use base::column::Broken;
use base::{Context, Field, Storage};
use model::base::{Column, ColumnType, Table, View};
use model::{ColumnId, Error, Phrase, Result, TableId, ViewId, say};
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::Value as Json;

/// A table ready for work: its columns with their meaning and their places in `tN`.
pub(super) struct Def {
    pub(super) table: Table,
    pub(super) columns: Vec<Col>,
    pub(super) records: u32,
    pub(super) rows_version: i64,
    /// Who looks.
    pub(super) person: String,
}

/// A column ready for work.
pub(super) struct Col {
    pub(super) field: Field,
    /// Its table.
    pub(super) table: TableId,
    /// P of cP; `None` for columns without a value of their own.
    pub(super) physical: Option<i64>,
    pub(super) version: i64,
    /// How a formula, a link formula or a link is calculated.
    pub(super) computed: Option<Computed>,
    /// What a link column links.
    pub(super) link: Option<LinkEnd>,
    /// Why it can't be calculated.
    pub(super) broken: Option<Phrase>,
}

/// One end of a link: what a link column knows of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct LinkEnd {
    /// N of lN.
    pub(super) link: i64,
    /// This column is on side a.
    pub(super) side_a: bool,
    /// The table it leads to.
    pub(super) other: TableId,
    /// A cell holds any number of records, not just one.
    pub(super) multiple: bool,
    /// The column of the other table that shows the same link.
    pub(super) back: Option<ColumnId>,
}

impl LinkEnd {
    /// The columns of lN: this side, the other.
    pub(super) fn sides(self) -> (&'static str, &'static str) {
        if self.side_a { ("a", "b") } else { ("b", "a") }
    }
}

impl Col {
    /// How its value is stored, or would be if it were.
    pub(super) fn storage(&self) -> Storage {
        self.field.behaviour.storage()
    }

    /// SQL of what filters and sorts see; only numbers of ours go into it.
    pub(super) fn expression(&self) -> String {
        self.value_in(&format!("t{}", self.table))
    }

    /// SQL of its stored value, or of why there is none; see [`Col::expression`].
    pub(super) fn cell_expression(&self) -> String {
        self.cell_in(&format!("t{}", self.table))
    }

    /// [`Col::expression`] in a row of this name.
    pub(super) fn value_in(&self, row: &str) -> String {
        match &self.computed {
            Some(computed) => computed.value.replace(ROW, row),
            None => self.stored_in(row),
        }
    }

    /// [`Col::cell_expression`] in a row of this name.
    pub(super) fn cell_in(&self, row: &str) -> String {
        match &self.computed {
            Some(computed) => computed.cell.replace(ROW, row),
            None => self.stored_in(row),
        }
    }

    fn stored_in(&self, row: &str) -> String {
        self.name().map_or_else(|| "NULL".into(), |name| format!("{row}.{name}"))
    }

    /// The name of the column in the table of records where its value is stored.
    pub(super) fn name(&self) -> Option<String> {
        match (self.storage(), self.physical) {
            (Storage::CreatedAt, _) => Some("created_at".into()),
            (Storage::ModifiedAt, _) => Some("modified_at".into()),
            (_, physical) => physical.map(|p| format!("c{p}")),
        }
    }

    /// Every cell says why there is nothing.
    pub(super) fn break_with(&mut self, words: Phrase) {
        self.field.behaviour = Box::new(Broken(words.text.clone()));
        self.broken = Some(words);
    }
}

impl Def {
    /// A column by id.
    pub(super) fn column(&self, id: ColumnId) -> Result<&Col> {
        self.columns.iter().find(|c| c.field.id == id).ok_or_else(|| {
            Error::not_found(say!("The table “{name}” does not have this column any more.", name = self.table.name))
                .remedy("Reload the table.")
                .detail(id)
        })
    }

    /// The settings and shown values of a column by id.
    pub(super) fn model(&self, id: ColumnId) -> Option<&Column> {
        self.table.columns.iter().find(|c| c.id == id)
    }

    /// The views that whoever looks may see, in order.
    pub(super) fn seen_views(&self) -> impl Iterator<Item = &View> {
        self.table.views.iter().filter(|v| base::view::seen_by(v, &self.person))
    }

    /// A view by id; somebody else's private one is not there.
    pub(super) fn view(&self, id: ViewId) -> Result<&View> {
        self.seen_views().find(|v| v.id == id).ok_or_else(|| Error::not_found("This view does not exist any more."))
    }

    /// The table as whoever looks may see it.
    pub(super) fn seen(mut self) -> Table {
        hide_others(&mut self.table, &self.person);
        self.table
    }

    /// True where everybody sees a view of the table beside this one.
    pub(super) fn others_shared(&self, id: ViewId) -> bool {
        self.table.views.iter().any(|v| v.id != id && base::view::owner(v).is_none())
    }
}

/// Leaves the views of a table that a person may see, and counts the others.
pub(super) fn hide_others(table: &mut Table, person: &str) {
    let all = table.views.len();
    table.views.retain(|v| base::view::seen_by(v, person));
    table.others_views = Some((all - table.views.len()) as u32).filter(|count| *count > 0);
}

/// The word of a type in the file, such as `single_select`.
pub(super) fn kind_word(kind: ColumnType) -> String {
    serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn kind_of(word: &str) -> ColumnType {
    // A word of a later version can't stand in a file of this version; text shows at least the value.
    serde_json::from_value(Json::String(word.to_owned())).unwrap_or(ColumnType::Text)
}

/// The tables, in order.
pub(super) fn table_ids(connection: &Connection) -> Result<Vec<TableId>> {
    connection
        .prepare_cached("SELECT id FROM data_table WHERE removed_at IS NULL ORDER BY position, id")
        .and_then(|mut s| s.query_map([], |r| r.get(0).map(TableId))?.collect())
        .map_err(sql)
}

/// What a table's rows say beyond the table itself.
pub(super) struct Versions {
    pub(super) records: u32,
    pub(super) rows: i64,
    /// The physical column and the version of each column.
    pub(super) columns: Vec<(Option<i64>, i64)>,
}

/// One table as its rows say; `None` where there is none.
pub(super) fn found(connection: &Connection, id: TableId) -> Result<Option<(Table, Versions)>> {
    let row = connection
        .prepare_cached(
            "SELECT name, description, hidden, records, rows_version FROM data_table WHERE id = ?1 AND removed_at IS NULL",
        )
        .and_then(|mut s| {
            s.query_row([id.0], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get::<_, i64>(2)? != 0, r.get::<_, u32>(3)?, r.get::<_, i64>(4)?))
            })
            .optional()
        })
        .map_err(sql)?;
    let Some((name, description, hidden, records, rows)) = row else { return Ok(None) };
    let (columns, versions) = column_rows(connection, id)?
        .into_iter()
        .map(|(column, physical, version)| (column, (physical, version)))
        .unzip();
    let table = Table { id, name, description, columns, views: views(connection, id)?, hidden, others_views: None };
    Ok(Some((table, Versions { records, rows, columns: versions })))
}

/// One table, without what its calculated columns yield.
pub(super) fn table(connection: &Connection, id: TableId) -> Result<Table> {
    found(connection, id)?.map(|(table, _)| table).ok_or_else(no_table)
}

/// There is no such table.
pub(super) fn no_table() -> Error {
    Error::not_found("This table does not exist any more.").remedy("Choose another table.")
}

type ColumnRow = (Column, Option<i64>, i64);

fn column_rows(connection: &Connection, table: TableId) -> Result<Vec<ColumnRow>> {
    let mut statement = connection
        .prepare_cached(
            "SELECT id, name, kind, settings, description, width, physical, version FROM data_column
             WHERE table_id = ?1 AND removed_at IS NULL ORDER BY position, id",
        )
        .map_err(sql)?;
    let rows = statement
        .query_map([table.0], |r| {
            let column = Column {
                id: ColumnId(r.get(0)?),
                name: r.get(1)?,
                kind: kind_of(&r.get::<_, String>(2)?),
                settings: serde_json::from_str(&r.get::<_, String>(3)?).unwrap_or_default(),
                description: r.get(4)?,
                width: r.get(5)?,
                result: None,
            };
            Ok((column, r.get(6)?, r.get(7)?))
        })
        .map_err(sql)?;
    rows.collect::<Result<_, _>>().map_err(sql)
}

/// The views of a table, in order.
pub(super) fn views(connection: &Connection, table: TableId) -> Result<Vec<View>> {
    let mut statement = connection
        .prepare_cached("SELECT id, name, kind, body FROM data_view WHERE table_id = ?1 AND removed_at IS NULL ORDER BY position, id")
        .map_err(sql)?;
    let rows = statement
        .query_map([table.0], |r| {
            Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?, r.get::<_, String>(3)?))
        })
        .map_err(sql)?;
    let mut views = Vec::new();
    for row in rows {
        let (id, name, kind, body) = row.map_err(sql)?;
        views.push(view_of(id, name, &kind, &body));
    }
    Ok(views)
}

fn view_of(id: i64, name: String, kind: &str, body: &str) -> View {
    let mut whole: serde_json::Map<String, Json> = serde_json::from_str(body).unwrap_or_default();
    whole.insert("id".into(), id.into());
    whole.insert("name".into(), name.clone().into());
    whole.insert("kind".into(), kind.into());
    serde_json::from_value(Json::Object(whole)).unwrap_or_else(|_| View { id: ViewId(id), name, ..new_view() })
}

/// The name of a table's first view, in the language of its base.
fn first_view(tx: &Connection) -> Result<&'static str> {
    let language: Option<String> =
        tx.query_row("SELECT value FROM meta WHERE key = 'language'", [], |r| r.get(0)).optional().map_err(sql)?;
    Ok(match language.as_deref().and_then(|tag| tag.get(..2)) {
        Some("de") => "Standardansicht",
        Some("uk") => "Основне подання",
        Some("pl") => "Widok domyślny",
        Some("ru") => "Основной вид",
        _ => "Default view",
    })
}

/// The view that every table begins with: it shows everything.
pub(super) fn default_view(tx: &Connection) -> Result<View> {
    Ok(View { name: first_view(tx)?.into(), ..new_view() })
}

/// A view that shows everything, without a name.
pub(super) fn new_view() -> View {
    View {
        id: ViewId(0),
        name: String::new(),
        kind: model::base::ViewKind::Table,
        filter: None,
        sorts: Vec::new(),
        groups: Vec::new(),
        hidden: Vec::new(),
        order: Vec::new(),
        frozen: 1,
        row_height: 1,
        locked: false,
        settings: Json::Object(serde_json::Map::new()),
    }
}

/// What stands in `data_view.body`.
pub(super) fn view_body(view: &View) -> Result<String> {
    let mut whole = serde_json::to_value(view).map_err(|e| Error::internal(&e))?;
    if let Json::Object(map) = &mut whole {
        for key in ["id", "name", "kind"] {
            map.shift_remove(key);
        }
    }
    Ok(whole.to_string())
}

/// The working form of a table.
pub(super) fn def(connection: &Connection, id: TableId, context: &Context) -> Result<Def> {
    schema::def(connection, id, context)
}

/// Refuses a table that does not exist.
pub(super) fn require_table(connection: &Connection, id: TableId) -> Result<()> {
    connection
        .prepare_cached("SELECT 1 FROM data_table WHERE id = ?1 AND removed_at IS NULL")
        .and_then(|mut s| s.query_row([id.0], |_| Ok(())).optional())
        .map_err(sql)?
        .ok_or_else(no_table)
}
