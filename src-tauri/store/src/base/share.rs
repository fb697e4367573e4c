//! Bases as files for others: to work on, or for reading only.
//!
//! A base for reading only carries a mark in its own file, so it stays that wherever it is opened.
//! It is no secret keeping: whoever has the file can copy the base and change the copy.

use super::error::sql;
use super::{BaseFile, ExportReport, meta};
use model::{BaseId, Result, Timestamp};
use rusqlite::Connection;
use std::path::Path;

/// True for a base that was given away for reading only.
pub(super) fn is_shared(connection: &Connection) -> bool {
    connection.query_row("SELECT 1 FROM meta WHERE key = 'shared_at'", [], |_| Ok(())).is_ok()
}

/// Makes a copy of a base given away somebody's own, to change as they like.
pub(super) fn take_over(copy: &Connection) -> Result<()> {
    copy.execute("DELETE FROM meta WHERE key = 'shared_at'", []).map(drop).map_err(sql)
}

impl BaseFile {
    /// Writes the base as it is now to the new file `target`: one file, without history, under an id of its
    /// own. With `read_only` it can't be changed, and what was said and seen among its makers, their comments
    /// and private views, is not in it.
    pub(super) fn give_away(&self, target: &Path, read_only: bool) -> Result<ExportReport> {
        let id: BaseId = Self::new_id(&*self.clock);
        self.copy_to(target, &id)?;
        let copy = Connection::open(target).map_err(sql)?;
        if read_only {
            lay_bare(&copy, self.clock.now())?;
        }
        // A journal kept beside the file would have to be given away with it.
        copy.execute_batch("PRAGMA journal_mode=DELETE;").map_err(sql)?;
        let tables = meta::table_ids(&copy)?.len() as u32;
        let records = copy
            .query_row("SELECT coalesce(sum(records), 0) FROM data_table WHERE removed_at IS NULL", [], |r| r.get(0))
            .map_err(sql)?;
        Ok(ExportReport { tables, records, ..ExportReport::default() })
    }
}

fn lay_bare(copy: &Connection, now: Timestamp) -> Result<()> {
    copy.execute_batch(
        "DELETE FROM comment;
         DELETE FROM data_view WHERE json_extract(body, '$.settings.private') AND json_extract(body, '$.settings.owner') IS NOT NULL;",
    )
    .map_err(sql)?;
    copy.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('shared_at', ?1)", [now.0.to_string()])
        .map_err(sql)?;
    copy.execute_batch("VACUUM;").map_err(sql)
}
