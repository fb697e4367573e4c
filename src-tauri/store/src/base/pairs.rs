//! The pairs of a link: taken and given, kept with removed records and put back where they fit.
//!
//! Look next: `link` for the columns that show them.

use super::Write;
use super::error::sql;
use super::schema::link_end;
use model::{Result, TableId};
use serde_json::{Map, Value as Json, json};

/// A link between record a and record b: `[a, b, pa, pb]`.
pub(super) type Pair = [i64; 4];

impl Write<'_> {
    pub(super) fn pairs_of(&self, link: i64, side: &str, record: i64) -> Result<Vec<Pair>> {
        self.tx
            .prepare_cached(&format!("SELECT a, b, pa, pb FROM l{link} WHERE {side} = ?1 ORDER BY p{side}"))
            .and_then(|mut s| s.query_map([record], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]))?.collect())
            .map_err(sql)
    }

    pub(super) fn last_place(&self, link: i64, side: &str, record: i64) -> Result<i64> {
        self.tx
            .prepare_cached(&format!("SELECT coalesce(max(p{side}), -1) FROM l{link} WHERE {side} = ?1"))
            .and_then(|mut s| s.query_row([record], |r| r.get(0)))
            .map_err(sql)
    }

    pub(super) fn take_pair(&self, link: i64, pair: &Pair) -> Result<usize> {
        self.tx
            .prepare_cached(&format!("DELETE FROM l{link} WHERE a = ?1 AND b = ?2"))
            .and_then(|mut s| s.execute([pair[0], pair[1]]))
            .map_err(sql)
    }

    pub(super) fn give_pair(&self, link: i64, pair: &Pair) -> Result<()> {
        self.tx
            .prepare_cached(&format!("INSERT OR REPLACE INTO l{link} (a, b, pa, pb) VALUES (?1, ?2, ?3, ?4)"))
            .and_then(|mut s| s.execute(*pair))
            .map_err(sql)?;
        Ok(())
    }

    /// The links a table takes part in: their numbers, and whether it is on side a and on side b.
    fn links_of(&self, table: TableId) -> Result<Vec<(i64, bool, bool)>> {
        self.tx
            .prepare_cached("SELECT id, table_a = ?1, table_b = ?1 FROM link WHERE table_a = ?1 OR table_b = ?1")
            .and_then(|mut s| s.query_map([table.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect())
            .map_err(sql)
    }

    /// Takes a record out of all links; gives the pairs, by link.
    pub(super) fn take_links(&mut self, table: TableId, record: i64) -> Result<Map<String, Json>> {
        let mut taken = Map::new();
        for (link, a, b) in self.links_of(table)? {
            let mut pairs = if a { self.pairs_of(link, "a", record)? } else { Vec::new() };
            if b {
                let more = self.pairs_of(link, "b", record)?;
                pairs.extend(more.into_iter().filter(|p| !a || p[0] != record));
            }
            for pair in &pairs {
                self.take_pair(link, pair)?;
            }
            if !pairs.is_empty() {
                self.links.insert(link);
                taken.insert(link.to_string(), json!(pairs));
            }
        }
        Ok(taken)
    }

    /// Puts pairs back where both records are there and no single-record column is full; gives how many could not be.
    pub(super) fn give_back(&mut self, link: i64, pairs: &Json) -> Result<u32> {
        let Some((table_a, table_b)) = self.link_tables(link)? else { return Ok(0) };
        let singles = self.single_sides(link)?;
        let mut conflicts = 0;
        for pair in pairs_in(pairs) {
            let there = self.has_row(table_a, pair[0])? && self.has_row(table_b, pair[1])?;
            let mut full = false;
            for (side, record) in [("a", pair[0]), ("b", pair[1])] {
                full |= singles.contains(&side) && !self.pairs_of(link, side, record)?.is_empty();
            }
            if there && !full {
                self.give_pair(link, &pair)?;
                self.links.insert(link);
            } else {
                conflicts += 1;
            }
        }
        Ok(conflicts)
    }

    /// Takes pairs away; gives how many were gone already.
    pub(super) fn take_away(&mut self, link: i64, pairs: &Json) -> Result<u32> {
        if self.link_tables(link)?.is_none() {
            return Ok(0);
        }
        let mut conflicts = 0;
        for pair in pairs_in(pairs) {
            conflicts += u32::from(self.take_pair(link, &pair)? == 0);
        }
        self.links.insert(link);
        Ok(conflicts)
    }

    fn has_row(&self, table: i64, record: i64) -> Result<bool> {
        self.tx
            .prepare_cached(&format!("SELECT 1 FROM t{table} WHERE id = ?1"))
            .and_then(|mut s| s.exists([record]))
            .map_err(sql)
    }

    fn link_tables(&self, link: i64) -> Result<Option<(i64, i64)>> {
        self.tx
            .prepare_cached("SELECT table_a, table_b FROM link WHERE id = ?1")
            .and_then(|mut s| s.query_map([link], |r| Ok((r.get(0)?, r.get(1)?)))?.next().transpose())
            .map_err(sql)
    }

    /// The sides whose column takes one record only.
    fn single_sides(&self, link: i64) -> Result<Vec<&'static str>> {
        let settings: Vec<String> = self
            .tx
            .prepare_cached("SELECT settings FROM data_column WHERE kind = 'link' AND removed_at IS NULL AND json_extract(settings, '$.link') = ?1")
            .and_then(|mut s| s.query_map([link], |r| r.get(0))?.collect())
            .map_err(sql)?;
        let ends = settings.iter().filter_map(|s| link_end(&serde_json::from_str(s).ok()?));
        Ok(ends.filter(|e| !e.multiple).map(|e| e.sides().0).collect())
    }
}

fn pairs_in(pairs: &Json) -> Vec<Pair> {
    serde_json::from_value(pairs.clone()).unwrap_or_default()
}
