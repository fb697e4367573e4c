//! Who the user is to a base: the name that acts write into the columns of who made and who changed a
//! record, and the names that filters on "me" look for.
//!
//! Refuses: addresses in the file. They are known here only to be compared with.

use super::cells::write_down;
use super::error::sql;
use super::meta::Def;
use super::{BaseFile, Write, lock};
use base::text::fold;
use model::base::ColumnType;
use model::{RecordId, Result, TableId};
use rusqlite::OptionalExtension as _;
use rusqlite::types::Value;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Who the user is, by their own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Me {
    /// Written where a base asks who made or changed a record; empty writes nothing.
    pub name: String,
    /// Addresses under which records may know them; looked for, never written.
    pub addresses: Vec<String>,
}

/// The same, as a base keeps it while it is open.
#[derive(Debug, Default)]
pub(super) struct Known {
    me: Me,
    /// The name and the addresses, folded as filters compare them, each once.
    pub(super) names: Vec<String>,
}

impl Known {
    /// The name that acts write.
    pub(super) fn name(&self) -> &str {
        &self.me.name
    }
}

impl BaseFile {
    /// Says who the user is, from now on.
    pub fn introduce(&self, me: &Me) {
        let mut known = lock(&self.me);
        if known.me != *me {
            let given = std::iter::once(&me.name).chain(&me.addresses);
            let mut names: Vec<String> = given.map(|n| fold(n.trim())).filter(|n| !n.is_empty()).collect();
            names.sort_unstable();
            names.dedup();
            *known = Known { me: me.clone(), names };
        }
    }
}

/// The physical columns of these types.
fn physical(def: &Def, wanted: impl Fn(ColumnType) -> bool) -> impl Iterator<Item = i64> {
    def.columns.iter().filter(move |c| wanted(c.field.kind)).filter_map(|c| c.physical)
}

/// What differs from a row of the log: physical columns with their new values.
pub(super) fn differing(row: &Map<String, Json>, values: &BTreeMap<i64, Value>) -> BTreeMap<i64, Value> {
    let stands = |p: &i64| row.get(&format!("c{p}")).unwrap_or(&Json::Null);
    values.iter().filter(|(p, v)| *stands(p) != write_down((*v).into())).map(|(p, v)| (*p, v.clone())).collect()
}

impl Write<'_> {
    /// Says in a new record who made it. What stood there is another record's.
    pub(super) fn sign_new(&self, def: &Def, values: &mut BTreeMap<i64, Value>) {
        for p in physical(def, |kind| matches!(kind, ColumnType::Creator | ColumnType::LastModifier)) {
            if self.context.own_name.is_empty() {
                values.remove(&p);
            } else {
                values.insert(p, Value::Text(self.context.own_name.clone()));
            }
        }
    }

    /// What a record says of who changed it last: nobody, where they have no name.
    pub(super) fn signature(&self, def: &Def) -> BTreeMap<i64, Value> {
        let name = &self.context.own_name;
        let value = if name.is_empty() { Value::Null } else { Value::Text(name.clone()) };
        physical(def, |kind| kind == ColumnType::LastModifier).map(|p| (p, value.clone())).collect()
    }

    /// Says in a record who changed it, where no cell of it did.
    pub(super) fn sign(&mut self, act: i64, def: &Def, id: RecordId) -> Result<()> {
        let signature = self.signature(def);
        if signature.is_empty() {
            return Ok(());
        }
        let row = self.row(def.table.id, id.0)?.unwrap_or_default();
        self.put_cells(act, def.table.id, id, &row, &differing(&row, &signature))
    }

    /// Writes cells of a record, and notes them with what stood in `row`.
    pub(super) fn put_cells(
        &mut self,
        act: i64,
        table: TableId,
        id: RecordId,
        row: &Map<String, Json>,
        values: &BTreeMap<i64, Value>,
    ) -> Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        let (mut before, mut after) = (Map::new(), Map::new());
        let mut text = format!("UPDATE t{table} SET version = version + 1, modified_at = ?2");
        let mut params = vec![Value::Integer(id.0), Value::Integer(self.now.0)];
        for (p, value) in values {
            let name = format!("c{p}");
            params.push(value.clone());
            let _ = write!(text, ", {name} = ?{}", params.len());
            before.insert(name.clone(), row.get(&name).cloned().unwrap_or_default());
            after.insert(name, write_down(value.into()));
        }
        text.push_str(" WHERE id = ?1");
        self.tx.prepare_cached(&text).and_then(|mut s| s.execute(rusqlite::params_from_iter(params))).map_err(sql)?;
        self.step(act, "update", table, id.0, Some(before), Some(after))?;
        self.cells_changed(values.keys().copied());
        self.record_changed(Some(id.0));
        Ok(())
    }

    /// True for a physical column that says who changed a record last.
    pub(super) fn says_who_changed(&self, physical: i64) -> Result<bool> {
        self.tx
            .prepare_cached("SELECT kind = 'last_modifier' FROM data_column WHERE physical = ?1")
            .and_then(|mut s| s.query_row([physical], |r| r.get(0)).optional())
            .map(Option::unwrap_or_default)
            .map_err(sql)
    }
}
