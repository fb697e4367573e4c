//! Records of a file on their way into a table: read and understood on one thread, written on another.
//!
//! They meet in batches that are used again and again, so that a cell costs no memory of its own.
//! Look next: `import` for the act around it.

use base::column::options;
use base::exchange::{Feed, Given};
use base::text::trimmed;
use base::{Cell, Context, Field, Misfit, Storage};
use model::base::Column;
use model::{ColumnId, Result};
use rusqlite::types::Value;
use serde_json::Value as Json;
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

/// Records of a batch, and the bytes of text after which it is full.
const BATCH_RECORDS: usize = 256;
const BATCH_BYTES: usize = 1 << 20;
/// A batch that grew beyond this is not used again.
const BATCH_BYTES_KEPT: usize = 4 << 20;
/// Batches that may wait to be written.
const WAITING: usize = 4;

/// A column while it is being filled.
pub(super) struct Filling {
    pub(super) id: ColumnId,
    pub(super) physical: i64,
    /// Its place in the plan.
    pub(super) place: usize,
    pub(super) model: Column,
    pub(super) field: Field,
    pub(super) plain: bool,
    /// Its values are given by the file as they are: numbers of an auto-number, who made a record.
    pub(super) filled: bool,
    pub(super) misfits: Vec<(i64, String)>,
}

/// Records ready to be written.
#[derive(Default)]
pub(super) struct Batch {
    times: Vec<(Option<i64>, Option<i64>)>,
    /// Row by row.
    cells: Vec<Stored>,
    texts: String,
}

/// A cell; of a text its place among the batch's texts.
#[derive(Clone, Debug)]
enum Stored {
    Null,
    Integer(i64),
    Real(f64),
    Text(Range<usize>),
}

impl Batch {
    /// When each record was made and changed, where the file knows.
    pub(super) fn times(&self) -> &[(Option<i64>, Option<i64>)] {
        &self.times
    }

    /// Binds the cells of a record to the parameters from `first` on.
    pub(super) fn bind(
        &self,
        record: usize,
        insert: &mut rusqlite::Statement<'_>,
        first: usize,
    ) -> rusqlite::Result<()> {
        let width = self.cells.len() / self.times.len().max(1);
        let cells = self.cells.get(record * width..(record + 1) * width).unwrap_or_default();
        for (at, cell) in cells.iter().enumerate() {
            let at = first + at;
            match cell {
                Stored::Null => insert.raw_bind_parameter(at, rusqlite::types::Null),
                Stored::Integer(n) => insert.raw_bind_parameter(at, n),
                Stored::Real(n) => insert.raw_bind_parameter(at, n),
                Stored::Text(range) => insert.raw_bind_parameter(at, self.texts.get(range.clone())),
            }?;
        }
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.times.len() >= BATCH_RECORDS || self.texts.len() >= BATCH_BYTES
    }

    fn clear(&mut self) {
        self.times.clear();
        self.cells.clear();
        self.texts.clear();
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            self.cells.push(Stored::Null);
            return;
        }
        let from = self.texts.len();
        self.texts.push_str(text);
        self.cells.push(Stored::Text(from..self.texts.len()));
    }

    /// Takes one value of a record.
    fn take(&mut self, column: &mut Filling, given: Given<'_>, record: i64, context: &Context) {
        if let Given::Text(value) = given
            && column.plain
            && !value.bytes().any(|b| matches!(b, b'\n' | b'\r'))
        {
            self.text(trimmed(value));
            return;
        }
        if column.filled {
            self.text(match given {
                Given::Text(text) => text,
                Given::Json(value) => value.as_str().unwrap_or_default(),
            });
            return;
        }
        let cell = match read(&column.field, given) {
            Err(Misfit::UnknownOptions(names))
                if count(&column.model.settings) + names.len() <= super::structure::OPTIONS_MAX =>
            {
                column.model.settings = options::with_added(&column.model.settings, &names);
                column.field = Field::new(&column.model, context);
                read(&column.field, given)
            }
            other => other,
        };
        match cell {
            Ok(Cell::Empty) => self.cells.push(Stored::Null),
            Ok(Cell::Number(n)) => self.cells.push(Stored::Real(n)),
            Ok(Cell::Integer(n)) if column.field.behaviour.storage() != Storage::Real => {
                self.cells.push(Stored::Integer(n));
            }
            Ok(Cell::Text(text)) => self.text(&text),
            Ok(cell) => match super::cells::store(&cell, column.field.behaviour.storage()) {
                Value::Integer(n) => self.cells.push(Stored::Integer(n)),
                Value::Real(n) => self.cells.push(Stored::Real(n)),
                Value::Text(text) => self.text(&text),
                Value::Null | Value::Blob(_) => self.cells.push(Stored::Null),
            },
            Err(_) => {
                let text = match given {
                    Given::Text(text) => text.to_owned(),
                    Given::Json(value) => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
                };
                column.misfits.push((record, text));
                self.cells.push(Stored::Null);
            }
        }
    }
}

fn read(field: &Field, given: Given<'_>) -> Result<Cell, Misfit> {
    match given {
        Given::Text(text) => field.behaviour.parse(text),
        Given::Json(value) => field.behaviour.read_json(value),
    }
}

fn count(settings: &Json) -> usize {
    settings.get("options").and_then(Json::as_array).map_or(0, Vec::len)
}

/// Hands all records of a file to `write`, batch by batch and in order.
pub(super) fn pour(
    feed: &mut dyn Feed,
    columns: &mut [Filling],
    context: &Context,
    write: &mut dyn FnMut(&Batch) -> Result<()>,
) -> Result<()> {
    std::thread::scope(|scope| {
        let (to, batches) = sync_channel::<Batch>(WAITING);
        let (used, again) = channel();
        let reader = scope.spawn(move || understand(feed, columns, context, &to, &again));
        let written = (|| {
            for mut batch in &batches {
                write(&batch)?;
                if batch.texts.capacity() <= BATCH_BYTES_KEPT {
                    batch.clear();
                    // Nobody wants it any more at the end.
                    let _ = used.send(batch);
                }
            }
            Ok(())
        })();
        // Nobody waits for more: the reader stops.
        drop(batches);
        let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        written.and(read)
    })
}

/// Reads records until there are no more, or nobody takes them.
fn understand(
    feed: &mut dyn Feed,
    columns: &mut [Filling],
    context: &Context,
    to: &SyncSender<Batch>,
    again: &Receiver<Batch>,
) -> Result<()> {
    let mut record = 0_i64;
    let mut batch = Batch::default();
    while feed.advance()? {
        record += 1;
        batch.times.push(feed.times());
        for column in &mut *columns {
            batch.take(column, feed.value(column.place), record, context);
        }
        if batch.is_full() {
            let full = std::mem::replace(&mut batch, again.try_recv().unwrap_or_default());
            if to.send(full).is_err() {
                return Ok(());
            }
        }
    }
    if !batch.times.is_empty() {
        // Refused only where writing failed, which is told there.
        let _ = to.send(batch);
    }
    Ok(())
}
