//! Records of a file into a table that exists: added, or written over those with the same key.
//!
//! One transaction and one act. Where a column of the file goes into a column of the table, the file
//! says what is in it, empty cells too; what does not fit leaves its cell as it was and is told.

use super::act::Object;
use super::cells::{self, store, write_down};
use super::error::sql;
use super::import::{ImportOptions, Progress, Source, with_feed};
use super::meta::{self, Def};
use super::record::column_locked;
use super::{BaseFile, Write};
use base::column::{behaviour, convert, options};
use base::exchange::{Feed, Given, TablePlan};
use base::{Behaviour, Cell, Field, Misfit};
use model::base::{Column, ColumnType};
use model::exchange::{ImportInto, MergeMisfit, MergeMode, Merged};
use model::{ColumnId, Error, ErrorCode, RecordId, Result, say};
use rusqlite::types::Value;
use std::collections::{BTreeMap, HashMap};

/// Records between two questions whether to go on.
const CHECK_RECORDS: u64 = 512;

impl BaseFile {
    /// Brings the records of a file into a table.
    ///
    /// # Errors
    /// `Invalid` where no column meets one of the table or a key is missing, `NotFound`, `Cancelled`,
    /// and what reading the file answers. Then nothing was changed.
    pub fn merge_file(
        &self,
        file: Source<'_>,
        options: &ImportOptions,
        into: &ImportInto,
        progress: &mut Progress<'_>,
    ) -> Result<Merged> {
        with_feed(file, options, progress, |plan, feed, progress| self.write(|w| w.merge(&plan, feed, into, progress)))
    }

    /// What [`BaseFile::merge_file`] would do; nothing is changed.
    pub fn try_merge_file(
        &self,
        file: Source<'_>,
        options: &ImportOptions,
        into: &ImportInto,
        progress: &mut Progress<'_>,
    ) -> Result<Merged> {
        with_feed(file, options, progress, |plan, feed, progress| {
            let mut merged = None;
            // An error takes the transaction back.
            let done: Result<()> = self.write(|w| {
                merged = Some(w.merge(&plan, feed, into, progress)?);
                Err(Error::new(ErrorCode::Cancelled, "Only a look."))
            });
            merged.map_or_else(|| Err(done.err().unwrap_or_else(|| Error::internal("no look"))), Ok)
        })
    }
}

/// A column that is written.
struct Target {
    /// Its place in the file.
    from: usize,
    physical: i64,
    model: Column,
    field: Field,
    /// Its meaning in the file, where the file has typed values.
    given: Box<dyn Behaviour>,
    grown: bool,
}

fn targets(def: &Def, plan: &TablePlan, mapping: &[Option<ColumnId>], context: &base::Context) -> Result<Vec<Target>> {
    let mut targets: Vec<Target> = Vec::new();
    for (from, wanted) in mapping.iter().enumerate() {
        let (Some(id), Some(planned)) = (wanted, plan.columns.get(from)) else { continue };
        let column = def.column(*id)?;
        let (Some(physical), Some(model), true) = (column.physical, def.model(*id), column.field.behaviour.editable())
        else {
            return Err(Error::invalid(say!("The column “{name}” can't be imported into.", name = column.field.name))
                .remedy("Choose another column, or none."));
        };
        if model.cells_locked() {
            return Err(column_locked(&model.name));
        }
        if targets.iter().any(|t| t.model.id == *id) {
            return Err(Error::invalid(say!("Two columns of the file go into “{name}”.", name = column.field.name))
                .remedy("Choose another column for one of them, or none."));
        }
        let model = model.clone();
        targets.push(Target {
            from,
            physical,
            field: Field::new(&model, context),
            model,
            given: behaviour(planned.kind, &planned.settings, context),
            grown: false,
        });
    }
    Ok(targets)
}

/// Columns that meet by name, whatever its case, where no mapping was chosen.
fn by_name(def: &Def, plan: &TablePlan) -> Vec<Option<ColumnId>> {
    let writable = |id: &ColumnId| {
        def.column(*id).is_ok_and(|c| c.physical.is_some() && c.field.behaviour.editable())
            && def.model(*id).is_some_and(|c| !c.cells_locked())
    };
    let mut free: HashMap<String, ColumnId> =
        def.table.columns.iter().filter(|c| writable(&c.id)).map(|c| (base::text::fold(&c.name), c.id)).collect();
    plan.columns.iter().map(|c| free.remove(&base::text::fold(&c.name))).collect()
}

/// What tells a record from others, from the cells of its key columns; `None` where all are empty.
fn key_of<'a>(cells: impl Iterator<Item = (&'a Field, &'a Cell)>) -> Option<String> {
    let (mut key, mut filled) = (String::new(), false);
    for (field, cell) in cells {
        filled |= !cell.is_empty();
        match cell {
            // Nobody has two mailboxes that differ by case.
            Cell::Text(text) if field.kind == ColumnType::Email => key.push_str(&text.trim().to_lowercase()),
            Cell::Text(text) => key.push_str(text.trim()),
            cell => key.push_str(&field.behaviour.to_json(cell).to_string()),
        }
        key.push('\u{1}');
    }
    filled.then_some(key)
}

impl Write<'_> {
    fn merge(
        &mut self,
        plan: &TablePlan,
        feed: &mut dyn Feed,
        into: &ImportInto,
        progress: &mut Progress<'_>,
    ) -> Result<Merged> {
        let table = into.table;
        let def = meta::def(&self.tx, table, &self.context)?;
        let mapping = into.mapping.clone().unwrap_or_else(|| by_name(&def, plan));
        let mut targets = targets(&def, plan, &mapping, &self.context)?;
        if targets.is_empty() {
            return Err(Error::invalid("No column of the file goes into a column of the table.")
                .remedy("Choose for each column of the file where it goes."));
        }
        let keys = if into.mode == MergeMode::Append { Vec::new() } else { key_places(&def, &targets, &into.keys)? };
        let mut known = if keys.is_empty() { HashMap::new() } else { self.known(&def, &into.keys)? };
        let act = self.begin("base.import_file")?;
        let mut merged = Merged { mapping, ..Merged::default() };
        let mut records = 0_u64;
        while feed.advance()? {
            records += 1;
            if records.is_multiple_of(CHECK_RECORDS) && !progress(records) {
                return Err(Error::new(ErrorCode::Cancelled, "The import was stopped; nothing was changed."));
            }
            let mut values = BTreeMap::new();
            let mut read: Vec<Option<Cell>> = Vec::with_capacity(targets.len());
            for target in &mut targets {
                let cell = self.fit(target, feed.value(target.from), records, &mut merged);
                if let Some(cell) = &cell {
                    values.insert(target.physical, store(cell, target.field.behaviour.storage()));
                }
                read.push(cell);
            }
            let empty = Cell::Empty;
            let key = key_of(
                keys.iter()
                    .filter_map(|at| Some((&targets.get(*at)?.field, read.get(*at)?.as_ref().unwrap_or(&empty)))),
            );
            match (into.mode, key.as_ref().and_then(|k| known.get(k))) {
                (MergeMode::Update | MergeMode::Both, Some(id)) => {
                    self.write_over(act, &def, RecordId(*id), &values, &mut merged)?;
                }
                (MergeMode::Update, None) => merged.skipped += 1,
                (MergeMode::Append | MergeMode::Both, _) => {
                    self.fill_in(&def, &mut values)?;
                    let id = self.insert(&def, &values)?;
                    let after = values
                        .iter()
                        .filter(|(_, v)| **v != Value::Null)
                        .map(|(p, v)| (format!("c{p}"), write_down(v.into())))
                        .collect();
                    self.step(act, "add", table, id, None, Some(after))?;
                    if let Some(key) = key {
                        known.insert(key, id);
                    }
                    merged.added += 1;
                }
            }
        }
        for target in targets.iter().filter(|t| t.grown) {
            let settings = Value::Text(target.model.settings.to_string());
            self.set(act, Object::Column, table, target.model.id.0, &[("settings", settings)])?;
        }
        self.rows_changed(table, i64::from(merged.added));
        self.record_changed(None);
        Ok(merged)
    }

    /// The cell of a value, with new options made; `None` where it does not fit.
    fn fit(&self, target: &mut Target, given: Given<'_>, record: u64, merged: &mut Merged) -> Option<Cell> {
        let read = |target: &Target| match given {
            Given::Text(text) => target.field.behaviour.parse(text),
            Given::Json(value) => {
                let cell = target.given.read_json(value)?;
                convert(&*target.given, &cell, &*target.field.behaviour)
            }
        };
        let cell = match read(target) {
            Err(Misfit::UnknownOptions(names)) => {
                let settings = options::with_added(&target.model.settings, &names);
                if options::Options::new(&settings).ids().len() <= super::structure::OPTIONS_MAX {
                    target.model.settings = settings;
                    target.field = Field::new(&target.model, &self.context);
                    target.grown = true;
                }
                read(target)
            }
            other => other,
        };
        if let Ok(cell) = cell {
            return Some(cell);
        }
        let column = target.model.id;
        if let Some(misfit) = merged.misfits.iter_mut().find(|m| m.column == column) {
            misfit.count += 1;
        } else {
            let first = match given {
                Given::Text(text) => text.chars().take(200).collect(),
                Given::Json(value) => value.to_string().chars().take(200).collect(),
            };
            let record = u32::try_from(record).unwrap_or(u32::MAX);
            merged.misfits.push(MergeMisfit { column, count: 1, first, record });
        }
        None
    }

    fn write_over(
        &mut self,
        act: i64,
        def: &Def,
        id: RecordId,
        values: &BTreeMap<i64, Value>,
        merged: &mut Merged,
    ) -> Result<()> {
        let emptied: Vec<String> =
            values.iter().filter(|(_, v)| **v == Value::Null).map(|(p, _)| format!("c{p}")).collect();
        if !emptied.is_empty() {
            let row = self.row(def.table.id, id.0)?.unwrap_or_default();
            merged.emptied += emptied.iter().filter(|c| row.get(*c).is_some_and(|v| !v.is_null())).count() as u32;
        }
        if self.update(act, def, id, values)? {
            merged.updated += 1;
        } else {
            merged.unchanged += 1;
        }
        Ok(())
    }

    /// Records by key; where several have the same one, the first.
    fn known(&self, def: &Def, keys: &[ColumnId]) -> Result<HashMap<String, i64>> {
        let columns = keys.iter().map(|id| def.column(*id)).collect::<Result<Vec<_>>>()?;
        let list: Vec<String> = columns.iter().map(|c| c.expression()).collect();
        let list = list.join(", ");
        let mut statement =
            self.tx.prepare(&format!("SELECT id, {list} FROM t{} ORDER BY id", def.table.id)).map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        let mut known = HashMap::with_capacity(def.records as usize);
        while let Some(row) = rows.next().map_err(sql)? {
            let mut read = Vec::with_capacity(columns.len());
            for (at, column) in columns.iter().enumerate() {
                read.push(cells::load(row.get_ref(at + 1).map_err(sql)?, column.storage()));
            }
            if let Some(key) = key_of(columns.iter().map(|c| &c.field).zip(&read)) {
                known.entry(key).or_insert(row.get(0).map_err(sql)?);
            }
        }
        Ok(known)
    }
}

/// The places of the key columns among those that are written.
fn key_places(def: &Def, targets: &[Target], keys: &[ColumnId]) -> Result<Vec<usize>> {
    if keys.is_empty() {
        return Err(Error::invalid("Choose the columns that tell records apart.")
            .remedy("A number or an e-mail address that occurs once is a good key."));
    }
    keys.iter()
        .map(|id| {
            let column = def.column(*id)?;
            targets.iter().position(|t| t.model.id == *id).ok_or_else(|| {
                Error::invalid(say!("No column of the file goes into the key “{name}”.", name = column.field.name))
                    .remedy("Choose for each key column which column of the file it is.")
            })
        })
        .collect()
}
