//! Outcomes of letters, written into the records they were made for.
//!
//! The cursor of a run lives in this file and commits with the cells it stands for: a crash between
//! repeats nothing and loses nothing. Written under a session of its own, so that no window's undo
//! takes an outcome back.

use super::error::sql;
use super::{BaseFile, meta};
use model::base::{ColumnType, RecordValues};
use model::{ColumnId, Error, ErrorCode, RecordId, Result, TableId, Timestamp, say};
use rusqlite::OptionalExtension as _;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// What became of one letter, as its record shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The record.
    pub record: RecordId,
    /// A word for people.
    pub status: String,
    /// Wall-clock time, `YYYY-MM-DD HH:MM`.
    pub at: String,
    /// Message-ID without angle brackets.
    pub message_id: String,
}

/// Names of the columns outcomes go to; made where they are missing.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeColumns<'a> {
    /// Single select or text.
    pub status: &'a str,
    /// Date with time, or text.
    pub at: &'a str,
    /// Text.
    pub message_id: &'a str,
}

impl BaseFile {
    /// Up to when the outcomes of a run were written here.
    pub fn written_until(&self, run: &str) -> Result<Timestamp> {
        self.read_snapshot(|c| {
            c.query_row("SELECT until_at FROM writeback WHERE run = ?1", [run], |r| r.get(0))
                .optional()
                .map(|at| Timestamp(at.unwrap_or_default()))
                .map_err(sql)
        })
    }

    /// Writes outcomes and the run's cursor in one transaction. Records that are gone are passed over.
    ///
    /// # Errors
    /// `Conflict` where a column of such a name is of a type that can't hold it.
    pub fn write_outcomes(
        &self,
        run: &str,
        table: TableId,
        columns: OutcomeColumns<'_>,
        outcomes: &[Outcome],
        until: Timestamp,
    ) -> Result<()> {
        self.write(|w| {
            w.session = "outbox".into();
            w.past_locks = true;
            let act = w.begin("run.write_back")?;
            let mut ids = [ColumnId(0); 3];
            let wanted = [
                (columns.status, ColumnType::SingleSelect, json!({})),
                (columns.at, ColumnType::Date, json!({"format": "YYYY-MM-DD HH:mm"})),
                (columns.message_id, ColumnType::Text, json!({})),
            ];
            for (slot, (name, kind, settings)) in ids.iter_mut().zip(wanted) {
                let have = meta::table(&w.tx, table)?.columns.into_iter().find(|c| c.name.eq_ignore_ascii_case(name));
                *slot = match have {
                    Some(column)
                        if column.kind == kind || matches!(column.kind, ColumnType::Text | ColumnType::LongText) =>
                    {
                        column.id
                    }
                    Some(column) => {
                        return Err(Error::new(
                            ErrorCode::Conflict,
                            say!("The column “{name}” can't hold the outcome of letters.", name = column.name),
                        )
                        .remedy("Rename that column, or make it a text column."));
                    }
                    None => w.make_column(act, table, name, kind, super::structure::settings(kind, settings)?)?.0,
                };
            }
            let [status, at, message_id] = ids;
            let mut def = meta::def(&w.tx, table, &w.context)?;
            for outcome in outcomes {
                let cells: BTreeMap<ColumnId, Json> = BTreeMap::from([
                    (status, Json::from(outcome.status.as_str())),
                    (at, Json::from(outcome.at.as_str())),
                    (message_id, Json::from(outcome.message_id.as_str())),
                ]);
                let record = RecordValues { id: outcome.record, cells };
                if w.row(table, outcome.record.0)?.is_some() {
                    w.write_cells(act, &mut def, table, &record)?;
                }
            }
            w.tx.execute(
                "INSERT INTO writeback (run, until_at) VALUES (?1, ?2) ON CONFLICT (run) DO UPDATE SET until_at = ?2",
                (run, until.0),
            )
            .map_err(sql)?;
            Ok(())
        })
    }
}
