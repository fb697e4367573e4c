//! Removed records, as the log has them, and the way back.

use super::error::sql;
use super::history::Tables;
use super::meta;
use super::{BaseFile, Write};
use model::base::BaseAct;
use model::history::{RecordTrashPage, TrashedRecord};
use model::{Error, ErrorCode, RecordId, Result, TableId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::{Map, Value as Json};
use std::fmt::Write as _;

/// Rows of a page.
const ROWS_MAX: u32 = 500;

impl BaseFile {
    /// Records that were removed and not brought back, the last one first.
    pub fn record_trash(&self, table: Option<TableId>, offset: u32, limit: u32) -> Result<RecordTrashPage> {
        let context = self.context();
        self.read_snapshot(|c| {
            let tables = match table {
                Some(table) => {
                    meta::require_table(c, table)?;
                    vec![table]
                }
                None => living(c)?,
            };
            let Some(removed) = removed(&tables) else { return Ok(RecordTrashPage { total: 0, rows: Vec::new() }) };
            let total = c.query_row(&format!("SELECT count(*) FROM ({removed})"), [], |r| r.get(0)).map_err(sql)?;
            let text = format!(
                "SELECT s.table_id, s.object_id, a.at, s.before FROM ({removed}) r JOIN step s ON s.id = r.step
                 JOIN act a ON a.id = s.act_id ORDER BY r.step DESC LIMIT ?1 OFFSET ?2"
            );
            let found: Vec<(i64, i64, i64, String)> = c
                .prepare(&text)
                .and_then(|mut s| {
                    s.query_map((limit.min(ROWS_MAX), offset), |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?
                        .collect()
                })
                .map_err(sql)?;
            let mut tables = Tables::new(c, context);
            let rows = found
                .into_iter()
                .map(|(table, id, at, before)| {
                    let (table, row): (_, Map<String, Json>) =
                        (TableId(table), serde_json::from_str(&before).unwrap_or_default());
                    let cells = tables.cells(table, &row).into_iter().map(|(_, name, text)| (name, text)).collect();
                    let text = tables.name(table, &row);
                    TrashedRecord { table, id: RecordId(id), text, removed_at: Timestamp(at), cells }
                })
                .collect();
            Ok(RecordTrashPage { total, rows })
        })
    }

    /// Brings removed records back, with their numbers, times and links; those that are there are passed over.
    ///
    /// # Errors
    /// `NotFound` where the log does not know one any more; then none comes back.
    pub fn restore_records(&self, table: TableId, records: &[RecordId]) -> Result<BaseAct> {
        self.write(|w| {
            meta::require_table(&w.tx, table)?;
            let act = w.begin("record.restore")?;
            let mut ids = Vec::new();
            for id in records {
                if w.row(table, id.0)?.is_some() {
                    continue;
                }
                w.bring_back(act, table, *id)?;
                ids.push(*id);
            }
            ids.truncate(1_000);
            Ok(BaseAct { act, records: ids })
        })
    }
}

impl Write<'_> {
    fn bring_back(&mut self, act: i64, table: TableId, id: RecordId) -> Result<()> {
        let before: Option<String> = self
            .tx
            .prepare_cached(
                "SELECT before FROM step WHERE table_id = ?1 AND object_id = ?2 AND kind = 'remove' ORDER BY id DESC LIMIT 1",
            )
            .and_then(|mut s| s.query_row((table.0, id.0), |r| r.get(0)).optional())
            .map_err(sql)?;
        let row: Map<String, Json> = before.and_then(|text| serde_json::from_str(&text).ok()).ok_or_else(|| {
            Error::new(ErrorCode::NotFound, "This record was removed too long ago to come back.")
                .remedy("Restore a snapshot of the base as a new base, and copy the record from it.")
        })?;
        self.insert_row(table, &row)?;
        self.links_back(&row)?;
        let made = self.row(table, id.0)?.unwrap_or_default();
        let after = made.into_iter().filter(|(k, v)| super::act::physical_of(k).is_some() && !v.is_null()).collect();
        self.step(act, "add", table, id.0, None, Some(after))
    }
}

/// Tables that were not removed.
fn living(c: &Connection) -> Result<Vec<TableId>> {
    c.prepare("SELECT id FROM data_table WHERE removed_at IS NULL")
        .and_then(|mut s| s.query_map([], |r| Ok(TableId(r.get(0)?)))?.collect())
        .map_err(sql)
}

/// The last step that removed each record that is not there now.
fn removed(tables: &[TableId]) -> Option<String> {
    let mut text = String::new();
    for table in tables {
        let joint = if text.is_empty() { "" } else { " UNION ALL " };
        let _ = write!(
            text,
            "{joint}SELECT max(s.id) AS step FROM step s WHERE s.kind = 'remove' AND s.table_id = {table}
             AND NOT EXISTS (SELECT 1 FROM t{table} WHERE id = s.object_id) GROUP BY s.object_id"
        );
    }
    (!text.is_empty()).then_some(text)
}
