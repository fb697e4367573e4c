//! Remarks on records. They are not on the undo stack: what somebody said stays said until it is removed.

use super::error::sql;
use super::{BaseFile, Write, meta};
use model::history::Comment;
use model::{Error, RecordId, Result, TableId, Timestamp};
use rusqlite::OptionalExtension as _;

/// Characters of one comment.
const TEXT_MAX: usize = 10_000;

fn comment(row: &rusqlite::Row<'_>) -> rusqlite::Result<Comment> {
    Ok(Comment {
        id: row.get(0)?,
        at: Timestamp(row.get(1)?),
        text: row.get(2)?,
        resolved: row.get::<_, Option<i64>>(3)?.is_some(),
    })
}

impl BaseFile {
    /// The comments of a record, oldest first.
    pub fn comments(&self, table: TableId, record: RecordId) -> Result<Vec<Comment>> {
        self.read(|c| {
            c.prepare_cached(
                "SELECT id, at, body, resolved_at FROM comment WHERE table_id = ?1 AND record_id = ?2 ORDER BY id",
            )
            .and_then(|mut s| s.query_map((table.0, record.0), comment)?.collect())
            .map_err(sql)
        })
    }

    /// Adds a comment to a record.
    pub fn add_comment(&self, table: TableId, record: RecordId, text: &str) -> Result<Comment> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > TEXT_MAX {
            return Err(Error::invalid("A comment has 1 to 10,000 characters."));
        }
        self.write(|w| {
            meta::require_table(&w.tx, table)?;
            if w.row(table, record.0)?.is_none() {
                return Err(Error::not_found("This record does not exist any more."));
            }
            let id =
                w.tx.prepare_cached("INSERT INTO comment (table_id, record_id, at, body) VALUES (?1, ?2, ?3, ?4)")
                    .and_then(|mut s| s.insert((table.0, record.0, w.now.0, text)))
                    .map_err(sql)?;
            w.record_changed(Some(record.0));
            Ok(Comment { id, at: w.now, text: text.to_owned(), resolved: false })
        })
    }

    /// Settles a comment, or opens it again.
    pub fn resolve_comment(&self, id: i64, resolved: bool) -> Result<Comment> {
        self.write(|w| {
            let at = resolved.then_some(w.now.0);
            w.on_comment("UPDATE comment SET resolved_at = ?2 WHERE id = ?1 RETURNING record_id", id, at)?;
            w.tx.query_row("SELECT id, at, body, resolved_at FROM comment WHERE id = ?1", [id], comment).map_err(sql)
        })
    }

    /// Removes a comment.
    pub fn remove_comment(&self, id: i64) -> Result<()> {
        self.write(|w| w.on_comment("DELETE FROM comment WHERE id = ?1 AND ?2 IS NULL RETURNING record_id", id, None))
    }
}

impl Write<'_> {
    fn on_comment(&mut self, text: &str, id: i64, at: Option<i64>) -> Result<()> {
        let record: Option<i64> = self
            .tx
            .prepare_cached(text)
            .and_then(|mut s| s.query_row((id, at), |r| r.get(0)).optional())
            .map_err(sql)?;
        let record = record.ok_or_else(|| Error::not_found("This comment does not exist any more."))?;
        self.record_changed(Some(record));
        Ok(())
    }
}
