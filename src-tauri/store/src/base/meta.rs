//! Tables, columns and views as rows, and the working form of a table ([`Def`]).

use super::error::sql;
use super::formula::Formula;
use base::{Context, Field, Storage};
use model::base::{Column, ColumnType, Table, View};
use model::{ColumnId, Error, Result, TableId, ViewId};
use rusqlite::Connection;
use serde_json::Value as Json;

/// A table ready for work: its columns with their meaning and their places in `tN`.
pub(super) struct Def {
    pub(super) table: Table,
    pub(super) columns: Vec<Col>,
    pub(super) records: u32,
    pub(super) rows_version: i64,
}

/// A column ready for work.
pub(super) struct Col {
    pub(super) field: Field,
    /// P of cP; `None` for columns without a value of their own.
    pub(super) physical: Option<i64>,
    pub(super) version: i64,
    /// How a formula column calculates.
    pub(super) formula: Option<Formula>,
    /// Why it can't.
    pub(super) broken: Option<String>,
}

impl Col {
    /// How its value is stored, or would be if it were.
    pub(super) fn storage(&self) -> Storage {
        self.field.behaviour.storage()
    }

    /// The SQL expression of its value where an error has to be told; see [`Col::expression`].
    pub(super) fn cell_expression(&self) -> String {
        self.formula.as_ref().map_or_else(|| self.expression(), Formula::cell)
    }

    /// The SQL expression of its stored value; only numbers of ours go into it.
    pub(super) fn expression(&self) -> String {
        if let Some(formula) = &self.formula {
            return formula.expression();
        }
        match (self.field.behaviour.storage(), self.physical) {
            (Storage::CreatedAt, _) => "created_at".into(),
            (Storage::ModifiedAt, _) => "modified_at".into(),
            (_, Some(p)) => format!("c{p}"),
            _ => "NULL".into(),
        }
    }
}

impl Def {
    /// A column by id.
    pub(super) fn column(&self, id: ColumnId) -> Result<&Col> {
        self.columns.iter().find(|c| c.field.id == id).ok_or_else(|| {
            Error::not_found(format!("The table “{}” has no column {id}.", self.table.name))
                .remedy("It may have been removed; reload the table.")
        })
    }

    /// The settings and shown values of a column by id.
    pub(super) fn model(&self, id: ColumnId) -> Option<&Column> {
        self.table.columns.iter().find(|c| c.id == id)
    }

    /// A view by id.
    pub(super) fn view(&self, id: ViewId) -> Result<&View> {
        self.table
            .views
            .iter()
            .find(|v| v.id == id)
            .ok_or_else(|| Error::not_found("This view does not exist any more."))
    }
}

/// The word of a type in the file, such as `single_select`.
pub(super) fn kind_word(kind: ColumnType) -> String {
    serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn kind_of(word: &str) -> ColumnType {
    // A word of a later version can't stand in a file of this version; text shows at least the value.
    serde_json::from_value(Json::String(word.to_owned())).unwrap_or(ColumnType::Text)
}

/// All tables with their columns and views, in order.
pub(super) fn tables(connection: &Connection) -> Result<Vec<Table>> {
    let ids: Vec<i64> = connection
        .prepare_cached("SELECT id FROM data_table WHERE removed_at IS NULL ORDER BY position, id")
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .map_err(sql)?;
    ids.into_iter().map(|id| table(connection, TableId(id))).collect()
}

/// One table.
pub(super) fn table(connection: &Connection, id: TableId) -> Result<Table> {
    let (name, description) = connection
        .prepare_cached("SELECT name, description FROM data_table WHERE id = ?1 AND removed_at IS NULL")
        .and_then(|mut s| s.query_row([id.0], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?))))
        .map_err(missing_table)?;
    let columns = column_rows(connection, id)?.into_iter().map(|(column, _, _)| column).collect();
    Ok(Table { id, name, description, columns, views: views(connection, id)? })
}

fn missing_table(e: rusqlite::Error) -> Error {
    match e {
        rusqlite::Error::QueryReturnedNoRows => {
            Error::not_found("This table does not exist any more.").remedy("Choose another table.")
        }
        other => sql(other),
    }
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

/// A view that shows everything.
pub(super) fn new_view() -> View {
    View {
        id: ViewId(0),
        name: "Default view".into(),
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
    let (name, description, records, rows_version) = connection
        .prepare_cached(
            "SELECT name, description, records, rows_version FROM data_table WHERE id = ?1 AND removed_at IS NULL",
        )
        .and_then(|mut s| {
            s.query_row([id.0], |r| {
                Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, u32>(2)?, r.get::<_, i64>(3)?))
            })
        })
        .map_err(missing_table)?;
    let mut columns = Vec::new();
    let mut models = Vec::new();
    for (column, physical, version) in column_rows(connection, id)? {
        columns.push(Col { field: Field::new(&column, context), physical, version, formula: None, broken: None });
        models.push(column);
    }
    super::formula::resolve(&mut columns, &models, context);
    let table = Table { id, name, description, columns: models, views: views(connection, id)? };
    Ok(Def { table, columns, records, rows_version })
}

/// Refuses a table that does not exist.
pub(super) fn require_table(connection: &Connection, id: TableId) -> Result<()> {
    connection
        .prepare_cached("SELECT 1 FROM data_table WHERE id = ?1 AND removed_at IS NULL")
        .and_then(|mut s| s.query_row([id.0], |_| Ok(())))
        .map_err(missing_table)
}
