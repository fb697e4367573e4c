//! People in e-mail columns, for whoever types a recipient.
//!
//! Looks at the newest records first and only until a deadline: a base of a million records answers
//! as quickly as a small one, with what was seen by then.

use super::BaseFile;
use super::error::sql;
use super::meta::{self, Def};
use super::schema::shown_key;
use crate::correspondent::{Person, arrange};
use crate::likeness::Typed;
use base::column::address;
use model::base::ColumnType;
use model::message::PeopleTable;
use model::{Result, TableId};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::time::Instant;

/// People kept while looking, in lengths of what is asked for.
const KEPT: usize = 8;

impl BaseFile {
    /// People of the base's e-mail columns whom `typed` fits, best first, each once. Their name is the
    /// one in the cell, or what the first column shows. `base` is what the profile calls this base.
    pub fn people(&self, base: &str, typed: &Typed, limit: u32, until: Instant) -> Result<Vec<Person>> {
        let context = self.context();
        self.read_snapshot(|c| {
            let mut found = Vec::new();
            for table in with_email(c)? {
                if Instant::now() >= until {
                    break;
                }
                let def = meta::def(c, table, &context)?;
                let name = def.columns.first().zip(def.table.columns.first()).map_or_else(
                    || "NULL".into(),
                    |(column, model)| match model.kind {
                        ColumnType::Text => column.cell_expression(),
                        ColumnType::Email => "NULL".into(),
                        _ => format!("shown({},{})", shown_key(column, model, &context), column.cell_expression()),
                    },
                );
                let place = PeopleTable { base: base.to_owned(), name: def.table.name.clone() };
                for cells in emails(&def) {
                    look(c, table, (&cells, &name), typed, &place, until, &mut found, limit)?;
                }
            }
            Ok(arrange(found, limit))
        })
    }
}

/// The tables that have an e-mail column.
fn with_email(c: &Connection) -> Result<Vec<TableId>> {
    c.prepare_cached(
        "SELECT t.id FROM data_table t WHERE t.removed_at IS NULL AND EXISTS (SELECT 1 FROM data_column c
            WHERE c.table_id = t.id AND c.kind = 'email' AND c.removed_at IS NULL) ORDER BY t.position",
    )
    .and_then(|mut s| s.query_map([], |r| r.get(0).map(TableId))?.collect())
    .map_err(sql)
}

fn emails(def: &Def) -> Vec<String> {
    let columns = def.table.columns.iter().zip(&def.columns);
    columns.filter(|(model, _)| model.kind == ColumnType::Email).map(|(_, column)| column.cell_expression()).collect()
}

#[expect(clippy::too_many_arguments, reason = "one scan: what is read, what is looked for, where it goes")]
fn look(
    c: &Connection,
    table: TableId,
    (email, name): (&str, &str),
    typed: &Typed,
    place: &PeopleTable,
    until: Instant,
    found: &mut Vec<Person>,
    limit: u32,
) -> Result<()> {
    let mut statement =
        c.prepare_cached(&format!("SELECT {email}, {name} FROM t{table} ORDER BY id DESC")).map_err(sql)?;
    let mut rows = statement.query([]).map_err(sql)?;
    while Instant::now() < until
        && let Some(row) = rows.next().map_err(sql)?
    {
        let text = |at| match row.get_ref(at) {
            Ok(ValueRef::Text(text)) => std::str::from_utf8(text).unwrap_or_default(),
            _ => "",
        };
        let cell = text(0);
        let Some(email) = address(cell) else { continue };
        let own = cell.split_once('<').map_or("", |(name, _)| name.trim().trim_matches('"'));
        let name = if own.is_empty() { text(1) } else { own };
        let Some(fit) = typed.fit(name, email) else { continue };
        found.push(Person {
            name: name.split_whitespace().collect::<Vec<_>>().join(" "),
            email: email.to_lowercase(),
            fit,
            table: Some(place.clone()),
            ..Person::default()
        });
        if found.len() > KEPT * limit.max(1) as usize {
            *found = arrange(std::mem::take(found), limit);
        }
    }
    Ok(())
}
