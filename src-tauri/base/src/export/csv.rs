//! One table as CSV: values as they are shown, safe to open in a spreadsheet.

use super::{OutColumn, Sink, unwritten};
use crate::Cell;
use crate::column::Family;
use crate::csv::Writer;
use model::{Error, Phrase, RecordId, Result};
use std::io::Write;

/// By this Excel knows that a text file is UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A CSV file.
pub struct Csv<W: Write> {
    writer: Writer<W>,
    begun: bool,
}

impl<W: Write> Csv<W> {
    /// Into this, with a separator, with or without a byte order mark.
    pub fn new(mut to: W, delimiter: u8, mark: bool) -> Result<Self> {
        if mark {
            to.write_all(MARK).map_err(unwritten)?;
        }
        Ok(Self { writer: Writer::new(to, delimiter), begun: false })
    }
}

impl<W: Write> Sink for Csv<W> {
    fn table(&mut self, _name: &str, columns: &[OutColumn<'_>]) -> Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Err(Error::invalid("A CSV file holds one table.").remedy("Choose a table, or another format."));
        }
        self.writer.row(columns.iter().map(|c| (c.field.name.as_str(), Family::Text)))
    }

    fn record(&mut self, _id: RecordId, columns: &[OutColumn<'_>], cells: &[Cell]) -> Result<()> {
        let shown: Vec<String> = columns.iter().zip(cells).map(|(c, cell)| c.field.behaviour.show(cell)).collect();
        // What is shown of a failed formula, or of text in a number's place, is text.
        let family = |c: &OutColumn<'_>, cell: &Cell| match cell {
            Cell::Text(_) | Cell::Json(_) | Cell::List(_) => Family::Text,
            _ => c.field.behaviour.family(),
        };
        self.writer
            .row(shown.iter().zip(columns.iter().zip(cells)).map(|(text, (c, cell))| (text.as_str(), family(c, cell))))
    }

    fn finish(self: Box<Self>) -> Result<Vec<Phrase>> {
        self.writer.finish()?;
        Ok(Vec::new())
    }
}
