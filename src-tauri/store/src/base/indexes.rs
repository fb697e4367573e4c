//! Indexes that a base gets by being used.
//!
//! A long list that was made twice in the same order gets an index of its own, in a quiet moment: what
//! it is sorted by, then what its filter looks at, so that SQLite finds all of it there. It gives a first
//! screen without a sort, and the whole list without a look at the records. How often and when a list was
//! made stands in the table `meta` under `list:` and what the index holds; indexes that nobody used for a
//! month are dropped, and those used longest ago where there are too many.
//! Refuses: searches, and lists in whose order or filter anything is calculated.
//! Keys of a language live as long as the rules they were made by: others drop all indexes.

use super::condition::Sql;
use super::error::sql;
use super::list::{self, Key};
use super::meta::Def;
use super::{BaseFile, lock};
use base::text::ORDER_VERSION;
use model::{Result, Timestamp};
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::json;
use std::fmt::Write as _;
use std::sync::Mutex;

/// Shorter lists are sorted before anybody notices.
const WORTH_IT: u32 = 50_000;
/// How often a list has to be made until an index is worth its room.
const USES: i64 = 2;
/// Indexes of a table at most.
const PER_TABLE: usize = 4;
/// Columns of an index at most; each is written once more.
const COLUMNS_MAX: usize = 6;
/// How long an index may lie unused.
const UNUSED_MS: i64 = 30 * 24 * 3_600_000;
/// How long nobody made a list before an index is made: writing has to wait for it.
const QUIET_MS: i64 = 3_000;

/// The lists that were made and not yet noted.
#[derive(Default)]
pub(super) struct Indexes {
    made: Mutex<Vec<Wish>>,
    /// Indexes follow the rules by which this program orders texts.
    sound: bool,
}

/// A list that would be quicker by an index.
#[derive(Clone)]
struct Wish {
    index: Index,
    at: Timestamp,
}

/// An index as a list wants it.
#[derive(Clone, PartialEq)]
pub(super) struct Index {
    table: String,
    /// What it is sorted by, and then what it holds besides; SQL.
    terms: String,
}

impl Index {
    /// The index that holds all of a list; `None` where there can't be one.
    pub(super) fn of(def: &Def, key: &Key) -> Result<Option<Self>> {
        if def.records < WORTH_IT || key.sorts().is_empty() || key.searches() || key.calculates(def) {
            return Ok(None);
        }
        // Days put together are calculated.
        if key.sorts().iter().any(|sort| sort.by.is_some()) {
            return Ok(None);
        }
        let mut order = Sql::default();
        list::orders(&mut order, def, key)?;
        let table = format!("t{}", def.table.id);
        let Some(terms) = order.text.strip_prefix(" ORDER BY ").and_then(|t| t.strip_suffix(", id")) else {
            return Ok(None);
        };
        let mut terms = terms.replace(&format!("{table}."), "");
        let mut filtered: Vec<i64> = key.filtered();
        filtered.sort_unstable();
        filtered.dedup();
        if filtered.len() + key.sorts().len() > COLUMNS_MAX {
            return Ok(None);
        }
        if !filtered.is_empty() {
            // Records that are alike stand by their ids, whatever the filter sees in them.
            terms.push_str(", id");
        }
        for column in def.columns.iter().filter(|c| filtered.contains(&c.field.id.0)) {
            let Some(name) = column.name() else { return Ok(None) };
            terms.push_str(", ");
            terms.push_str(&name);
        }
        Ok(Some(Self { table, terms }))
    }

    fn key(&self) -> String {
        format!("list:{}:{}", self.table, self.terms)
    }

    /// Its name in the file, from what it holds.
    pub(super) fn name(&self) -> String {
        let hash = self
            .terms
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        format!("list_{}_{hash:016x}", self.table)
    }

    fn exists(&self, c: &Connection) -> Result<bool> {
        c.prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1")
            .and_then(|mut s| s.exists([self.name()]))
            .map_err(sql)
    }

    /// The ids of a list by this index; all of them, or the first.
    fn ids(&self, c: &Connection, def: &Def, key: &Key, first: Option<usize>) -> Result<Vec<i64>> {
        let mut query = list::statement(def, key, &format!(" INDEXED BY {}", self.name()))?;
        if let Some(first) = first {
            let _ = write!(query.text, " LIMIT {first}");
        }
        let mut statement = c.prepare_cached(&query.text).map_err(sql)?;
        let mut ids = Vec::with_capacity(first.unwrap_or(def.records as usize / 4));
        let mut rows = statement.query(rusqlite::params_from_iter(query.params)).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            ids.push(row.get(0).map_err(sql)?);
        }
        Ok(ids)
    }
}

impl Indexes {
    /// For a base whose indexes follow the rules of this program, or not.
    pub(super) fn new(sound: bool) -> Self {
        Self { sound, ..Self::default() }
    }

    /// The ids of a list, all or the first, where an index has them. Notes that the list was asked for.
    pub(super) fn ids(
        &self,
        c: &Connection,
        def: &Def,
        key: &Key,
        first: Option<usize>,
        now: Timestamp,
    ) -> Result<Option<Vec<i64>>> {
        let Some(index) = Index::of(def, key)?.filter(|_| self.sound) else { return Ok(None) };
        {
            let mut made = lock(&self.made);
            made.retain(|wish| wish.index != index);
            made.push(Wish { index: index.clone(), at: now });
        }
        if !index.exists(c)? {
            return Ok(None);
        }
        // SQLite refuses an index that does not fit; then there is the other way.
        Ok(index.ids(c, def, key, first).ok())
    }
}

/// Drops all indexes where they were made by other rules of order; tells whether they are sound now.
pub(super) fn check(writer: &Connection, read_only: bool) -> Result<bool> {
    let rules: Option<String> =
        writer.query_row("SELECT value FROM meta WHERE key = 'order'", [], |r| r.get(0)).optional().map_err(sql)?;
    if rules.as_deref() == Some(ORDER_VERSION) || read_only {
        return Ok(rules.as_deref() == Some(ORDER_VERSION));
    }
    drop_all(writer)?;
    writer
        .execute(
            "INSERT INTO meta (key, value) VALUES ('order', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1",
            [ORDER_VERSION],
        )
        .map_err(sql)?;
    Ok(true)
}

/// Drops all indexes and forgets how often lists were made: a copy begins anew.
pub(super) fn drop_all(c: &Connection) -> Result<()> {
    let names: Vec<String> = c
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE 'list\\_t%' ESCAPE '\\'")
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .map_err(sql)?;
    for name in names {
        c.execute_batch(&format!("DROP INDEX \"{}\"", name.replace('"', "\"\""))).map_err(sql)?;
    }
    c.execute("DELETE FROM meta WHERE key LIKE 'list:%'", []).map_err(sql)?;
    Ok(())
}

impl BaseFile {
    /// Notes which lists were made, and makes or drops an index where that is due. To be called now and
    /// then; costs nothing unless the base was quiet for some seconds after a list was made.
    pub fn tend(&self) -> Result<()> {
        let quiet_since = self.clock.now().0 - QUIET_MS;
        let made = {
            let mut made = lock(&self.indexes.made);
            if made.is_empty() || self.read_only.is_some() || made.iter().any(|wish| wish.at.0 > quiet_since) {
                return Ok(());
            }
            std::mem::take(&mut *made)
        };
        for wish in made {
            self.tend_to(&wish.index, wish.at)?;
        }
        Ok(())
    }

    fn tend_to(&self, index: &Index, at: Timestamp) -> Result<()> {
        let writer = lock(&self.writer);
        let tx =
            rusqlite::Transaction::new_unchecked(&writer, rusqlite::TransactionBehavior::Immediate).map_err(sql)?;
        let known: Option<String> = tx
            .query_row("SELECT value FROM meta WHERE key = ?1", [index.key()], |r| r.get(0))
            .optional()
            .map_err(sql)?;
        let uses = 1 + known.map_or(0, |text| number(&text, "uses"));
        tx.execute(
            "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
            (index.key(), json!({ "uses": uses, "used_at": at.0 }).to_string()),
        )
        .map_err(sql)?;
        if uses >= USES && !index.exists(&tx)? {
            // A table or a column may be gone by now: then there is nothing to be indexed.
            let made = tx.execute_batch(&format!("CREATE INDEX {} ON {} ({})", index.name(), index.table, index.terms));
            if let Err(error) = made {
                tracing::debug!(%error, "an index can't be made");
            }
        }
        forget_unused(&tx, index, at)?;
        tx.commit().map_err(sql)
    }
}

/// Drops what was not used for long, and what is too much, of the table of an index.
fn forget_unused(c: &Connection, index: &Index, now: Timestamp) -> Result<()> {
    let prefix = format!("list:{}:", index.table);
    let mut known: Vec<(i64, Index)> = c
        .prepare("SELECT key, value FROM meta WHERE substr(key, 1, length(?1)) = ?1")
        .and_then(|mut s| {
            s.query_map([&prefix], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?
                .map(|row| {
                    let (key, value) = row?;
                    let terms = key.get(prefix.len()..).unwrap_or_default().to_owned();
                    Ok((number(&value, "used_at"), Index { table: index.table.clone(), terms }))
                })
                .collect()
        })
        .map_err(sql)?;
    known.sort_by_key(|(used_at, _)| std::cmp::Reverse(*used_at));
    let mut kept = 0;
    for (used_at, other) in known {
        let exists = other.exists(c)?;
        kept += usize::from(exists);
        if kept > PER_TABLE || now.0 - used_at > UNUSED_MS {
            c.execute_batch(&format!("DROP INDEX IF EXISTS {}", other.name())).map_err(sql)?;
            c.execute("DELETE FROM meta WHERE key = ?1", [other.key()]).map_err(sql)?;
        }
    }
    Ok(())
}

fn number(text: &str, field: &str) -> i64 {
    serde_json::from_str::<serde_json::Value>(text).ok().and_then(|v| v.get(field)?.as_i64()).unwrap_or_default()
}
