//! Excel workbooks: every sheet a table, the first row its names.
//!
//! Values only: a formula gives what the workbook last calculated; pictures and formats stay behind.

use crate::civil;
use crate::column::{Decimal, read_number};
use crate::csv::guess::{Evidence, Guess};
use crate::exchange::{ColumnPlan, Feed, Given, TablePlan, column_names};
use calamine::{Data, ExcelDateTime, Range, Reader as _, Xlsx};
use model::base::ColumnType;
use model::{Error, ErrorCode, Result};
use serde_json::json;
use std::io::{Read, Seek};

/// What a workbook may grow to when unpacked.
const UNPACKED_BYTES_MAX: u128 = 2 << 30;
/// Columns of a table.
const COLUMNS_MAX: usize = 500;

/// A sheet: its plan and its records.
pub struct Sheet {
    /// The table to be made.
    pub plan: TablePlan,
    range: Range<Data>,
    /// The first record's row in the range.
    from: usize,
    current: Option<usize>,
    texts: Vec<String>,
}

/// The sheets of a workbook that hold anything.
///
/// # Errors
/// `Damaged` where it is no workbook, `TooLarge` where it would unpack to gigabytes or is too wide.
pub fn sheets<R: Read + Seek>(mut file: R) -> Result<Vec<Sheet>> {
    refuse_bombs(&mut file)?;
    let damaged = |e: calamine::XlsxError| {
        Error::new(ErrorCode::Damaged, "This Excel workbook can't be read.")
            .remedy("Open it in Excel or LibreOffice and save it again as .xlsx.")
            .detail(e)
    };
    let mut book: Xlsx<R> = Xlsx::new(file).map_err(damaged)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(damaged)?;
        if range.rows().any(|row| row.iter().any(|cell| !matches!(cell, Data::Empty))) {
            sheets.push(sheet(name, range)?);
        }
    }
    if sheets.is_empty() {
        return Err(Error::invalid("This workbook holds no records.").remedy("Choose a file with at least one row."));
    }
    Ok(sheets)
}

/// A small file that says it unpacks to gigabytes is refused before it is.
pub(crate) fn refuse_bombs<R: Read + Seek>(file: &mut R) -> Result<()> {
    let archive = zip::ZipArchive::new(&mut *file)
        .map_err(|e| Error::new(ErrorCode::Damaged, "This file is damaged: its archive can't be opened.").detail(e))?;
    let unpacked = archive.decompressed_size();
    if unpacked.is_some_and(|bytes| bytes > UNPACKED_BYTES_MAX) {
        return Err(Error::new(ErrorCode::TooLarge, "This file unpacks to more than 2 GB.")
            .remedy("Split it into smaller files."));
    }
    drop(archive);
    file.rewind().map_err(|e| Error::new(ErrorCode::Disk, "The file can't be read.").detail(e))
}

fn sheet(name: String, range: Range<Data>) -> Result<Sheet> {
    if range.width() > COLUMNS_MAX {
        return Err(Error::new(
            ErrorCode::TooLarge,
            format!("The sheet “{name}” has {} columns; a table holds {COLUMNS_MAX}.", range.width()),
        )
        .remedy("Remove empty columns at its right, or split it."));
    }
    let top: Vec<String> = range.rows().next().map(|row| row.iter().map(text).collect()).unwrap_or_default();
    let header = range.height() > 1 && is_header(&range);
    let from = usize::from(header);
    let names = column_names(if header { &top } else { &[] }, range.width());
    let columns =
        names.into_iter().enumerate().map(|(at, name)| ColumnPlan::guessed(name, guess(&range, from, at))).collect();
    let first = range.rows().skip(from).take(20).map(|row| row.iter().map(text).collect()).collect();
    let total = (range.height() - from) as u64;
    let width = range.width();
    Ok(Sheet {
        plan: TablePlan { name, columns, first, total, views: Vec::new() },
        range,
        from,
        current: None,
        texts: vec![String::new(); width],
    })
}

/// Names are words: a first row with a number or date in it is a record.
fn is_header(range: &Range<Data>) -> bool {
    range.rows().next().is_some_and(|row| {
        row.iter().all(|cell| {
            matches!(cell, Data::String(s) if !s.contains('@') && read_number(s, Decimal::Dot).is_none())
                || matches!(cell, Data::Empty)
        }) && row.iter().any(|cell| matches!(cell, Data::String(_)))
    })
}

/// A column's type: from the cells' own types where they agree, else from their text.
fn guess(range: &Range<Data>, from: usize, at: usize) -> Guess {
    let (mut filled, mut numbers, mut dates, mut timed, mut durations, mut flags) = (0, 0, 0, false, 0, 0);
    let mut evidence = Evidence::default();
    for row in range.rows().skip(from) {
        let cell = row.get(at).unwrap_or(&Data::Empty);
        match cell {
            Data::Empty => continue,
            Data::Int(_) | Data::Float(_) => numbers += 1,
            Data::Bool(_) => flags += 1,
            Data::DateTime(d) if d.is_duration() => durations += 1,
            Data::DateTime(d) => {
                dates += 1;
                timed |= d.as_f64().fract() != 0.0;
            }
            _ => {}
        }
        filled += 1;
        evidence.add(&text(cell));
    }
    let of = |kind, settings| Guess { kind, settings };
    match filled {
        0 => of(ColumnType::Text, json!({})),
        n if n == numbers => of(ColumnType::Number, json!({})),
        n if n == dates => {
            of(ColumnType::Date, json!({ "format": if timed { "YYYY-MM-DD HH:mm" } else { "YYYY-MM-DD" } }))
        }
        n if n == durations => of(ColumnType::Duration, json!({ "duration_format": "h:mm:ss" })),
        n if n == flags => of(ColumnType::Checkbox, json!({})),
        _ => evidence.guess(),
    }
}

/// A cell as text that its column reads back.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(s) | Data::DateTimeIso(s) | Data::DurationIso(s) => s.clone(),
        Data::Int(n) => n.to_string(),
        Data::Float(n) => n.to_string(),
        Data::Bool(b) => b.to_string(),
        Data::DateTime(d) => date_text(d),
    }
}

fn date_text(date: &ExcelDateTime) -> String {
    if date.is_duration() {
        let seconds = (date.as_f64() * 86_400.0).round() as i64;
        let sign = if seconds < 0 { "-" } else { "" };
        let s = seconds.unsigned_abs();
        return format!("{sign}{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
    }
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    let at = jiff::civil::Date::new(year as i16, month as i8, day as i8).map(civil::days).unwrap_or_default()
        * civil::DAY_SECONDS;
    let of_day = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second) + i64::from(milli >= 500);
    civil::format(at + of_day, if of_day == 0 { "YYYY-MM-DD" } else { "YYYY-MM-DD HH:mm:ss" })
}

impl Feed for Sheet {
    fn advance(&mut self) -> Result<bool> {
        let next = self.current.map_or(self.from, |at| at + 1);
        self.current = Some(next);
        if next >= self.range.height() {
            return Ok(false);
        }
        for (at, to) in self.texts.iter_mut().enumerate() {
            *to = self.range.get((next, at)).map(text).unwrap_or_default();
        }
        Ok(true)
    }

    fn value(&self, at: usize) -> Given<'_> {
        Given::Text(self.texts.get(at).map_or("", String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime as Date, Format, Workbook};
    use std::io::Cursor;

    fn book(fill: impl FnOnce(&mut Workbook)) -> Cursor<Vec<u8>> {
        let mut book = Workbook::new();
        fill(&mut book);
        Cursor::new(book.save_to_buffer().unwrap())
    }

    #[test]
    fn every_sheet_with_records_is_a_table_with_types() {
        let file = book(|book| {
            let sheet = book.add_worksheet().set_name("Invoices").unwrap();
            for (at, name) in ["Name", "Amount", "Due", "Paid", "Mail"].iter().enumerate() {
                sheet.write_string(0, at as u16, *name).unwrap();
            }
            let day = Format::new().set_num_format("dd.mm.yyyy");
            for row in 1..=2_u32 {
                sheet.write_string(row, 0, format!("Client {row}")).unwrap();
                sheet.write_number(row, 1, 1234.5 * f64::from(row)).unwrap();
                sheet
                    .write_datetime_with_format(row, 2, Date::from_ymd(2026, 11, 29 + row as u8 - 1).unwrap(), &day)
                    .unwrap();
                sheet.write_boolean(row, 3, row == 1).unwrap();
                sheet.write_string(row, 4, format!("c{row}@example.org")).unwrap();
            }
            book.add_worksheet().set_name("Empty").unwrap();
            book.add_worksheet().set_name("Numbers").unwrap().write_number(0, 0, 7).unwrap();
        });
        let mut found = sheets(file).unwrap();
        assert_eq!(found.iter().map(|s| s.plan.name.as_str()).collect::<Vec<_>>(), ["Invoices", "Numbers"]);
        let invoices = &mut found[0];
        let kinds: Vec<_> = invoices.plan.columns.iter().map(|c| c.kind).collect();
        assert_eq!(
            kinds,
            [ColumnType::Text, ColumnType::Number, ColumnType::Date, ColumnType::Checkbox, ColumnType::Email]
        );
        assert_eq!((invoices.plan.columns[0].name.as_str(), invoices.plan.total), ("Name", 2));
        assert!(invoices.advance().unwrap());
        let values: Vec<String> = (0..5)
            .map(|at| match invoices.value(at) {
                Given::Text(t) => t.to_owned(),
                Given::Json(v) => v.to_string(),
            })
            .collect();
        assert_eq!(values, ["Client 1", "1234.5", "2026-11-29", "true", "c1@example.org"]);
        assert!(invoices.advance().unwrap() && !invoices.advance().unwrap());
        assert_eq!((found[1].plan.columns[0].name.as_str(), found[1].plan.total), ("Column 1", 1));
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        for bytes in [b"".to_vec(), b"PK\x03\x04 rubbish".to_vec(), vec![0; 4096]] {
            assert_eq!(sheets(Cursor::new(bytes)).err().unwrap().code, ErrorCode::Damaged);
        }
    }
}
