//! Excel workbooks: every sheet a table, the first row its names.
//!
//! Values only: a formula gives what the workbook last calculated; pictures and formats stay behind.

use crate::civil;
use crate::column::{Decimal, read_number};
use crate::csv::guess::{Evidence, Guess};
use crate::exchange::{ColumnPlan, Feed, Given, TablePlan, column_names};
use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx};
use model::base::ColumnType;
use model::{Error, ErrorCode, Result, say};
use serde_json::json;
use std::fmt::Write as _;
use std::io::{Read, Seek};

/// What a workbook may grow to when unpacked.
const UNPACKED_BYTES_MAX: u128 = 2 << 30;
/// Entries of an archive.
const ENTRIES_MAX: usize = 200_000;
/// The most that deflate can pack: 1032 bytes in one.
const DEFLATE_RATIO_MAX: u128 = 1032;
/// Columns of a table.
const COLUMNS_MAX: usize = 500;

/// A sheet: its plan and its records.
pub struct Sheet {
    /// The table to be made.
    pub plan: TablePlan,
    grid: Grid,
    /// The first record's row.
    from: usize,
    current: Option<usize>,
    texts: Vec<String>,
}

/// A cell of a sheet that holds something.
enum Value {
    Text(Box<str>),
    Number(f64),
    Flag(bool),
    Moment(ExcelDateTime),
}

/// The filled cells of a sheet, row by row. What lies between them takes no room: a sheet may say that
/// it is a million rows by sixteen thousand columns and hold two cells.
#[derive(Default)]
struct Grid {
    /// Column from the left, and what is there.
    cells: Vec<(u32, Value)>,
    /// Where each row with anything in it begins among the cells.
    rows: Vec<usize>,
    width: usize,
}

impl Grid {
    fn row(&self, at: usize) -> &[(u32, Value)] {
        let Some(from) = self.rows.get(at).copied() else { return &[] };
        self.cells.get(from..self.rows.get(at + 1).copied().unwrap_or(self.cells.len())).unwrap_or_default()
    }

    /// A row as text, one a column.
    fn texts(&self, at: usize) -> Vec<String> {
        let mut texts = vec![String::new(); self.width];
        for (column, value) in self.row(at) {
            if let Some(to) = texts.get_mut(*column as usize) {
                *to = text(value);
            }
        }
        texts
    }
}

/// The sheets of a workbook that hold anything.
///
/// # Errors
/// `Damaged` where it is no workbook, `TooLarge` where it would unpack to gigabytes or is too wide.
pub fn sheets<R: Read + Seek>(mut file: R) -> Result<Vec<Sheet>> {
    refuse_bombs(&mut file)?;
    let mut book: Xlsx<R> = Xlsx::new(file).map_err(damaged)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let mut reader = match book.worksheet_cells_reader(&name) {
            Ok(reader) => reader,
            // A sheet of charts has no cells.
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(e) => return Err(damaged(e)),
        };
        let mut found: Vec<((u32, u32), Value)> = Vec::new();
        while let Some(cell) = reader.next_cell().map_err(damaged)? {
            let at = cell.get_position();
            let value = match cell.get_value() {
                DataRef::SharedString(text) if !text.is_empty() => Value::Text((*text).into()),
                DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) if !text.is_empty() => {
                    Value::Text(text.as_str().into())
                }
                DataRef::Int(n) => Value::Number(*n as f64),
                DataRef::Float(n) => Value::Number(*n),
                DataRef::Bool(flag) => Value::Flag(*flag),
                DataRef::DateTime(moment) => Value::Moment(*moment),
                _ => continue,
            };
            found.push((at, value));
        }
        if !found.is_empty() {
            sheets.push(sheet(name, grid(found))?);
        }
    }
    if sheets.is_empty() {
        return Err(Error::invalid("This workbook holds no records.").remedy("Choose a file with at least one row."));
    }
    Ok(sheets)
}

fn damaged(e: calamine::XlsxError) -> Error {
    Error::new(ErrorCode::Damaged, "This Excel workbook can't be read.")
        .remedy("Open it in Excel or LibreOffice and save it again as .xlsx.")
        .detail(e)
}

fn grid(mut found: Vec<((u32, u32), Value)>) -> Grid {
    if !found.is_sorted_by_key(|(at, _)| *at) {
        found.sort_by_key(|(at, _)| *at);
    }
    let left = found.iter().map(|((_, column), _)| *column).min().unwrap_or_default();
    let right = found.iter().map(|((_, column), _)| *column).max().unwrap_or_default();
    let mut grid =
        Grid { cells: Vec::with_capacity(found.len()), rows: Vec::new(), width: (right - left) as usize + 1 };
    let mut last = None;
    for ((row, column), value) in found {
        if last.replace(row) != Some(row) {
            grid.rows.push(grid.cells.len());
        }
        grid.cells.push((column - left, value));
    }
    grid
}

/// A small file that unpacks to gigabytes is refused before it is, whatever it says of itself.
pub(crate) fn refuse_bombs<R: Read + Seek>(file: &mut R) -> Result<()> {
    refuse_beyond(file, UNPACKED_BYTES_MAX)
}

fn refuse_beyond<R: Read + Seek>(file: &mut R, most: u128) -> Result<()> {
    let broken = |e: &dyn std::fmt::Display| {
        Error::new(ErrorCode::Damaged, "This file is damaged: its archive can't be opened.").detail(e)
    };
    let too_large = || {
        Error::new(ErrorCode::TooLarge, "This file unpacks to more than 2 GB.").remedy("Split it into smaller files.")
    };
    let mut archive = zip::ZipArchive::new(&mut *file).map_err(|e| broken(&e))?;
    if archive.len() > ENTRIES_MAX {
        return Err(too_large());
    }
    let (mut packed, mut unpacked) = (0, 0);
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(|e| broken(&e))?;
        unpacked += u128::from(entry.size());
        if entry.compression() != zip::CompressionMethod::Stored {
            packed += u128::from(entry.compressed_size());
        }
    }
    if unpacked > most {
        return Err(too_large());
    }
    // Up to here even the best bomb stays small; beyond, what entries say of their size is checked.
    if packed * DEFLATE_RATIO_MAX > most {
        for at in 0..archive.len() {
            let entry = archive.by_index(at).map_err(|e| broken(&e))?;
            let said = entry.size();
            if entry.compression() == zip::CompressionMethod::Stored {
                continue;
            }
            let real = std::io::copy(&mut entry.take(said + 1), &mut std::io::sink()).map_err(|e| broken(&e))?;
            if real > said {
                return Err(broken(&"an entry is larger than it says"));
            }
        }
    }
    drop(archive);
    file.rewind().map_err(|e| Error::new(ErrorCode::Disk, "The file can't be read.").detail(e))
}

fn sheet(name: String, grid: Grid) -> Result<Sheet> {
    if grid.width > COLUMNS_MAX {
        return Err(Error::new(
            ErrorCode::TooLarge,
            say!(
                "The sheet “{name}” has {width} columns; a table holds {max}.",
                name,
                width = grid.width,
                max = COLUMNS_MAX
            ),
        )
        .remedy("Remove empty columns at its right, or split it."));
    }
    let header = grid.rows.len() > 1 && is_header(grid.row(0));
    let from = usize::from(header);
    let names = column_names(&if header { grid.texts(0) } else { Vec::new() }, grid.width);
    let columns = names.into_iter().zip(guesses(&grid, from)).map(|(n, g)| ColumnPlan::guessed(n, g)).collect();
    let first = (from..grid.rows.len()).take(20).map(|at| grid.texts(at)).collect();
    let total = (grid.rows.len() - from) as u64;
    let texts = vec![String::new(); grid.width];
    Ok(Sheet {
        plan: TablePlan { name, columns, first, total, ..TablePlan::default() },
        grid,
        from,
        current: None,
        texts,
    })
}

/// Names are words: a first row with a number or date in it is a record.
fn is_header(row: &[(u32, Value)]) -> bool {
    row.iter()
        .all(|(_, value)| matches!(value, Value::Text(s) if !s.contains('@') && read_number(s, Decimal::Dot).is_none()))
}

/// What the cells of a column are.
#[derive(Default)]
struct Kinds {
    filled: usize,
    numbers: usize,
    flags: usize,
    dates: usize,
    durations: usize,
    timed: bool,
}

/// The columns' types: from the cells' own types where they agree, else from their text.
fn guesses(grid: &Grid, from: usize) -> Vec<Guess> {
    let mut kinds: Vec<Kinds> = std::iter::repeat_with(Kinds::default).take(grid.width).collect();
    let records = grid.rows.get(from).map_or(&[][..], |start| grid.cells.get(*start..).unwrap_or_default());
    for (column, value) in records {
        let Some(kinds) = kinds.get_mut(*column as usize) else { continue };
        kinds.filled += 1;
        match value {
            Value::Text(_) => {}
            Value::Number(_) => kinds.numbers += 1,
            Value::Flag(_) => kinds.flags += 1,
            Value::Moment(d) if d.is_duration() => kinds.durations += 1,
            Value::Moment(d) => {
                kinds.dates += 1;
                kinds.timed |= d.as_f64().fract() != 0.0;
            }
        }
    }
    let of = |kind, settings| Some(Guess { kind, settings });
    let mut guesses: Vec<Option<Guess>> = kinds
        .iter()
        .map(|k| match k.filled {
            0 => of(ColumnType::Text, json!({})),
            n if n == k.numbers => of(ColumnType::Number, json!({})),
            n if n == k.dates => {
                of(ColumnType::Date, json!({ "format": if k.timed { "YYYY-MM-DD HH:mm" } else { "YYYY-MM-DD" } }))
            }
            n if n == k.durations => of(ColumnType::Duration, json!({ "duration_format": "h:mm:ss" })),
            n if n == k.flags => of(ColumnType::Checkbox, json!({})),
            _ => None,
        })
        .collect();
    let mut evidence: Vec<Evidence> = Vec::new();
    evidence.resize_with(grid.width, Evidence::default);
    for (column, value) in records {
        let at = *column as usize;
        if let (Some(None), Some(evidence)) = (guesses.get(at), evidence.get_mut(at)) {
            match value {
                Value::Text(text) => evidence.add(text),
                value => evidence.add(&text(value)),
            }
        }
    }
    for (guess, evidence) in guesses.iter_mut().zip(evidence) {
        if guess.is_none() {
            *guess = Some(evidence.guess());
        }
    }
    guesses.into_iter().flatten().collect()
}

/// A cell as text that its column reads back.
fn text(value: &Value) -> String {
    match value {
        Value::Text(s) => s.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Moment(d) => date_text(d),
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
        if next >= self.grid.rows.len() {
            return Ok(false);
        }
        for to in &mut self.texts {
            to.clear();
        }
        for (column, value) in self.grid.row(next) {
            let Some(to) = self.texts.get_mut(*column as usize) else { continue };
            match value {
                Value::Text(text) => to.push_str(text),
                Value::Number(n) => {
                    let _ = write!(to, "{n}");
                }
                other => *to = text(other),
            }
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

    #[test]
    fn a_sheet_of_two_far_cells_takes_no_more_room_than_they_need() {
        let file = book(|book| {
            let sheet = book.add_worksheet();
            sheet.write_number(0, 0, 1).unwrap();
            sheet.write_number(1_048_575, 3, 2).unwrap();
        });
        let found = sheets(file).unwrap();
        assert_eq!((found[0].plan.total, found[0].plan.columns.len()), (2, 4));
        let file = book(|book| {
            let sheet = book.add_worksheet();
            sheet.write_number(0, 0, 1).unwrap();
            sheet.write_number(1_048_575, 16_383, 2).unwrap();
        });
        assert_eq!(sheets(file).err().unwrap().code, ErrorCode::TooLarge);
    }

    #[test]
    fn an_archive_that_unpacks_to_gigabytes_is_refused_even_if_it_denies_it() {
        use std::io::Write as _;
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&vec![0; 3 << 20]).unwrap();
        let honest = archive.finish().unwrap().into_inner();
        let refused = |bytes: &[u8], most| refuse_beyond(&mut Cursor::new(bytes), most).err().map(|e| e.code);
        assert_eq!(refused(&honest, 4 << 20), None);
        assert_eq!(refused(&honest, 2 << 20), Some(ErrorCode::TooLarge));
        // The same, but its directory says it were one byte.
        let mut lying = honest;
        let real = (3_u32 << 20).to_le_bytes();
        let mut at = 0;
        while at + 4 <= lying.len() {
            if lying[at..at + 4] == real {
                lying[at..at + 4].copy_from_slice(&1_u32.to_le_bytes());
            }
            at += 1;
        }
        assert_eq!(refused(&lying, 2 << 20), Some(ErrorCode::Damaged));
    }
}
