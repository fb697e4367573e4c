//! One record and its place in a list; text found and replaced as people see it.

use super::error::sql;
use super::list::{Key, PAGE_MAX, key, load_cells, of, rows};
use super::meta::{self, Def};
use super::record::NAMED_MAX;
use super::{BaseFile, Write};
use base::text::fold;
use model::base::{
    BaseAct, CellRef, ColumnType, RecordDetail, RecordFindArgs, RecordHit, RecordHits, RecordListArgs, RecordPosition,
    RecordPositionArgs, RecordReplaceArgs, RecordValues,
};
use model::{ColumnId, Error, RecordId, Result, TableId, Timestamp, ViewId};
use rusqlite::Connection;
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Records with the text that are looked into.
const LOOKED_INTO: usize = 20_000;
/// Cells found at most.
const HITS_MAX: usize = PAGE_MAX as usize;

/// What to look for.
struct Needle {
    text: String,
    case: bool,
    whole: bool,
}

impl Needle {
    fn new(text: &str, case: bool, whole: bool) -> Result<Self> {
        if text.trim().is_empty() {
            return Err(Error::invalid("There is no text to look for."));
        }
        Ok(Self { text: if case { text.to_owned() } else { fold(text) }, case, whole })
    }

    fn is_in(&self, shown: &str) -> bool {
        let folded;
        let shown = if self.case {
            shown
        } else {
            folded = fold(shown);
            &folded
        };
        if self.whole { shown.trim() == self.text.trim() } else { shown.contains(&self.text) }
    }

    /// The text with every find replaced; folded finds are looked for letter by letter.
    fn replaced(&self, shown: &str, by: &str) -> String {
        if self.whole {
            return by.to_owned();
        }
        if self.case {
            return shown.replace(&self.text, by);
        }
        let mut out = String::with_capacity(shown.len());
        let mut rest = shown;
        while let Some(first) = rest.chars().next() {
            match self.length_at(rest) {
                Some(bytes) if bytes > 0 => {
                    out.push_str(by);
                    rest = rest.get(bytes..).unwrap_or_default();
                }
                _ => {
                    out.push(first);
                    rest = rest.get(first.len_utf8()..).unwrap_or_default();
                }
            }
        }
        out
    }

    /// How many bytes at the start of a text fold to what is looked for.
    fn length_at(&self, text: &str) -> Option<usize> {
        let mut folded = String::new();
        let mut end = 0;
        for (at, c) in text.char_indices() {
            if folded == self.text && !fold(c.encode_utf8(&mut [0; 4])).is_empty() {
                break;
            }
            end = at + c.len_utf8();
            folded = fold(text.get(..end)?);
            if !self.text.starts_with(&folded) {
                return None;
            }
        }
        (folded == self.text).then_some(end)
    }
}

impl BaseFile {
    /// One record with all its cells.
    pub fn record(&self, table: TableId, id: RecordId) -> Result<RecordDetail> {
        let context = self.context();
        self.read_snapshot(|c| {
            let def = meta::def(c, table, &context)?;
            let gone = || Error::not_found("This record does not exist any more.");
            let row = rows(c, &def, &[id.0])?.pop().ok_or_else(gone)?;
            let (created_at, modified_at) = c
                .prepare_cached(&format!("SELECT created_at, modified_at FROM t{table} WHERE id = ?1"))
                .and_then(|mut s| s.query_row([id.0], |r| Ok((Timestamp(r.get(0)?), Timestamp(r.get(1)?)))))
                .map_err(sql)?;
            Ok(RecordDetail {
                id,
                columns: def.columns.iter().map(|c| c.field.id).collect(),
                cells: row.cells,
                locked: row.locked,
                created_at,
                modified_at,
            })
        })
    }

    /// Where a record stands in a list.
    pub fn position(&self, args: &RecordPositionArgs) -> Result<RecordPosition> {
        let context = self.context();
        let list = RecordListArgs {
            view: args.view,
            filter: args.filter.clone(),
            search: args.search.clone(),
            sorts: args.sorts.clone(),
            ..of(&args.base, args.table)
        };
        self.read_snapshot(|c| {
            let def = meta::def(c, args.table, &context)?;
            let (key, stamp) = key(&def, &list, &context)?;
            let ids = self.ids(c, &def, key, stamp)?;
            Ok(RecordPosition { offset: ids.iter().position(|id| *id == args.record.0).map(|at| at as u32) })
        })
    }

    /// The cells of a view that hold a text, in its order.
    pub fn find(&self, args: &RecordFindArgs) -> Result<RecordHits> {
        let context = self.context();
        let needle = Needle::new(&args.text, args.case, args.whole)?;
        self.read_snapshot(|c| {
            let def = meta::def(c, args.table, &context)?;
            let (hits, total) = self.hits(c, &def, args, &needle)?;
            Ok(RecordHits { hits, total })
        })
    }

    fn hits(&self, c: &Connection, def: &Def, args: &RecordFindArgs, needle: &Needle) -> Result<(Vec<RecordHit>, u32)> {
        let context = self.context();
        let all = RecordListArgs { view: args.view, ..of(&args.base, args.table) };
        let (whole, stamp) = key(def, &all, &context)?;
        let searched = RecordListArgs { search: Some(args.text.clone()), ..all };
        let (mut narrowed, _) = key(def, &searched, &context)?;
        let columns = places(def, args.view, args.column)?;
        narrow(&mut narrowed, def, &columns);
        let found_stamp = super::list::stamp(def, &narrowed);
        let found: HashSet<i64> = self.ids(c, def, narrowed, found_stamp)?.iter().copied().collect();
        let order = self.ids(c, def, whole, stamp)?;
        let placed: Vec<(u32, i64)> = (0_u32..)
            .zip(order.iter().copied())
            .skip(args.from as usize)
            .filter(|(_, id)| found.contains(id))
            .take(LOOKED_INTO)
            .collect();
        let offsets: HashMap<i64, u32> = placed.iter().map(|(at, id)| (*id, *at)).collect();
        let (mut hits, mut total) = (Vec::new(), 0);
        for chunk in placed.chunks(1_000) {
            let ids: Vec<i64> = chunk.iter().map(|(_, id)| *id).collect();
            for (id, cells) in load_cells(c, def, &ids)? {
                for at in &columns {
                    let (Some(column), Some(cell)) = (def.columns.get(*at), cells.get(*at)) else { continue };
                    if !needle.is_in(&column.field.behaviour.show(cell)) {
                        continue;
                    }
                    total += 1;
                    if hits.len() < HITS_MAX {
                        let offset = offsets.get(&id).copied().unwrap_or_default();
                        hits.push(RecordHit { record: RecordId(id), column: column.field.id, offset });
                    }
                }
            }
        }
        Ok((hits, total))
    }

    /// Replaces a text in cells: one act. Cells that people can't write are passed over.
    ///
    /// # Errors
    /// `Invalid` where what would stand there does not fit its column; then nothing is written.
    pub fn replace(&self, args: &RecordReplaceArgs) -> Result<BaseAct> {
        let needle = Needle::new(&args.text, args.case, args.whole)?;
        let context = self.context();
        let cells: Vec<CellRef> = if let Some(cells) = &args.records {
            cells.clone()
        } else {
            // Read before the write begins: the list of finds is the readers' business.
            self.read_snapshot(|c| {
                let def = meta::def(c, args.table, &context)?;
                let searched =
                    RecordListArgs { view: args.view, search: Some(args.text.clone()), ..of(&args.base, args.table) };
                let (mut key, _) = key(&def, &searched, &context)?;
                let columns = places(&def, args.view, args.column)?;
                narrow(&mut key, &def, &columns);
                let stamp = super::list::stamp(&def, &key);
                let ids = self.ids(c, &def, key, stamp)?;
                let fields: Vec<ColumnId> =
                    columns.iter().filter_map(|at| Some(def.columns.get(*at)?.field.id)).collect();
                let cells =
                    ids.iter().flat_map(|id| fields.iter().map(|f| CellRef { record: RecordId(*id), column: *f }));
                Ok(cells.collect())
            })?
        };
        self.write(|w| w.replace(args.table, &cells, &needle, &args.replacement))
    }
}

/// The places of the columns to look into: those a view shows, or one.
fn places(def: &Def, view: Option<ViewId>, column: Option<ColumnId>) -> Result<Vec<usize>> {
    if let Some(id) = column {
        def.column(id)?;
    }
    let view = view.map(|id| def.view(id)).transpose()?;
    let hidden = |id: ColumnId| view.is_some_and(|v| v.hidden.contains(&id));
    let wanted = |id: ColumnId| column.map_or_else(|| !hidden(id), |only| only == id);
    Ok((0..def.columns.len()).filter(|at| def.columns.get(*at).is_some_and(|c| wanted(c.field.id))).collect())
}

fn narrow(key: &mut Key, def: &Def, columns: &[usize]) {
    key.look_in(columns.iter().filter_map(|at| def.columns.get(*at)).map(|c| c.field.id.0).collect());
}

impl Write<'_> {
    fn replace(&mut self, table: TableId, cells: &[CellRef], needle: &Needle, by: &str) -> Result<BaseAct> {
        let mut def = meta::def(&self.tx, table, &self.context)?;
        let act = self.begin("record.replace")?;
        let mut by_record: BTreeMap<RecordId, Vec<ColumnId>> = BTreeMap::new();
        for cell in cells {
            by_record.entry(cell.record).or_default().push(cell.column);
        }
        let mut records = Vec::new();
        for (record, columns) in by_record {
            let Some((_, loaded)) = load_cells(&self.tx, &def, &[record.0])?.pop() else { continue };
            let mut new = BTreeMap::new();
            for (column, cell) in def.columns.iter().zip(&loaded) {
                let writable = column.field.behaviour.editable()
                    && !matches!(column.field.kind, ColumnType::File | ColumnType::Image | ColumnType::Signature);
                let shown = column.field.behaviour.show(cell);
                if writable && columns.contains(&column.field.id) && needle.is_in(&shown) {
                    new.insert(column.field.id, Json::String(needle.replaced(&shown, by)));
                }
            }
            let values = RecordValues { id: record, cells: new };
            if self.write_cells(act, &mut def, table, &values)? && records.len() < NAMED_MAX {
                records.push(record);
            }
        }
        Ok(BaseAct { act, records })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_replaced_whatever_its_case_unless_case_counts() {
        let needle = |text: &str, case| Needle::new(text, case, false).unwrap();
        assert_eq!(needle("straße", false).replaced("Die STRASSE, die Straße.", "Gasse"), "Die Gasse, die Gasse.");
        assert_eq!(needle("Straße", true).replaced("STRASSE Straße", "Gasse"), "STRASSE Gasse");
        assert_eq!(needle("ł", false).replaced("Łódź", "L"), "Lódź");
        assert_eq!(needle("e", false).replaced("é e\u{301}x", "a"), "a ax");
        assert_eq!(needle("aa", false).replaced("aaaa a", "b"), "bb a");
        assert_eq!(needle("ї", false).replaced("Їжак", "Е"), "Ежак");
        assert!(Needle::new(" ", false, false).is_err());
        assert!(Needle::new("Ann", false, true).unwrap().is_in(" ANN "));
    }
}
