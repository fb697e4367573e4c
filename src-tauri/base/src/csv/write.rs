//! Writing: quoted where needed, and safe to open in a spreadsheet.

use crate::column::Family;
use model::{Error, ErrorCode, Result};
use std::borrow::Cow;
use std::io::Write;

/// Text that a spreadsheet would run as a formula gets a `'` in front; numbers keep their minus.
pub fn guarded(text: &str, family: Family) -> Cow<'_, str> {
    let numeric = matches!(family, Family::Number | Family::Date | Family::Moment);
    if !numeric && text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Writes rows as CSV in UTF-8.
pub struct Writer<W: Write> {
    inner: csv::Writer<W>,
}

impl<W: Write> Writer<W> {
    /// A writer with a separator; line ends are CRLF as RFC 4180 says.
    pub fn new(to: W, delimiter: u8) -> Self {
        Self { inner: csv::WriterBuilder::new().delimiter(delimiter).terminator(csv::Terminator::CRLF).from_writer(to) }
    }

    /// Writes one row: shown text and the family of its column.
    pub fn row<'a>(&mut self, cells: impl Iterator<Item = (&'a str, Family)>) -> Result<()> {
        for (text, family) in cells {
            self.inner.write_field(guarded(text, family).as_bytes()).map_err(failed)?;
        }
        self.inner.write_record(None::<&[u8]>).map_err(failed)
    }

    /// Writes what is still held back.
    pub fn finish(mut self) -> Result<()> {
        self.inner.flush().map_err(|e| Error::new(ErrorCode::Disk, "The file can't be written.").detail(e))
    }
}

fn failed(e: csv::Error) -> Error {
    Error::new(ErrorCode::Disk, "The file can't be written.").detail(e)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_in_a_spreadsheet() {
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out, b',');
        writer
            .row(
                [
                    ("=cmd|' /C calc'!A0", Family::Text),
                    ("-5", Family::Number),
                    ("@x", Family::Text),
                    ("a,\"b\"", Family::Text),
                ]
                .into_iter(),
            )
            .unwrap();
        writer.finish().unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "'=cmd|' /C calc'!A0,-5,'@x,\"a,\"\"b\"\"\"\r\n");
    }
}
