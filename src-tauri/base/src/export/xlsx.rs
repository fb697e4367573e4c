//! Tables as an Excel workbook: a sheet a table, numbers and dates as such, in the formats of their columns.
//!
//! Text is always written as text, so that no cell runs as a formula.

use super::{OutColumn, Sink, unwritten};
use crate::Cell;
use crate::column::Family;
use crate::{civil, text};
use model::base::ColumnType;
use model::{Error, ErrorCode, Phrase, RecordId, Result, say};
use rust_xlsxwriter::{Format, FormatAlign, Image, Workbook, Worksheet};
use serde_json::Value as Json;
use std::collections::HashSet;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// Records of one sheet; its first line has the names.
const RECORDS_MAX: u32 = 1_048_575;
/// Characters of one cell, in UTF-16.
const TEXT_MAX: usize = 32_767;
/// Pictures of one workbook.
const PICTURES_MAX: usize = 1_000;
/// Seconds from 1899-12-30, Excel's day nought, to 1970.
const EXCEL_EPOCH_SECONDS: i64 = 25_569 * civil::DAY_SECONDS;
/// Before March 1900 Excel counts a day that never was.
const FIRST_SECONDS: i64 = 61 * civil::DAY_SECONDS - EXCEL_EPOCH_SECONDS;
/// The end of Excel's calendar, in the year 9999.
const LAST_SECONDS: i64 = 2_958_466 * civil::DAY_SECONDS - EXCEL_EPOCH_SECONDS;
/// Pixels of a line with pictures.
const PICTURE_PIXELS: u32 = 96;

/// Gives the bytes of a picture by what its cell says of it.
pub type Pictures<'a> = Box<dyn Fn(&Json) -> Option<Vec<u8>> + 'a>;

/// A workbook.
pub struct Book<'a> {
    file: File,
    workbook: Workbook,
    names: HashSet<String>,
    formats: Vec<Option<Format>>,
    row: u32,
    /// Cells that were cut to fit.
    cut: u32,
    pictures: Option<Pictures<'a>>,
    shown: usize,
    left_out: usize,
}

impl<'a> Book<'a> {
    /// Into this file; what is under way stands in `room`. Pictures where they can be given.
    pub fn new(file: File, room: &Path, pictures: Option<Pictures<'a>>) -> Result<Self> {
        let mut book = Workbook::new();
        book.set_tempdir(room).map_err(unwritten)?;
        Ok(Self {
            file,
            workbook: book,
            names: HashSet::new(),
            formats: Vec::new(),
            row: 0,
            cut: 0,
            pictures,
            shown: 0,
            left_out: 0,
        })
    }
}

/// A name fit for a sheet: at most 31 characters, without `[]:*?/\`, unique.
fn sheet_name(wanted: &str, taken: &mut HashSet<String>) -> String {
    let clean: String =
        wanted.chars().map(|c| if c.is_control() || "[]:*?/\\".contains(c) { ' ' } else { c }).collect();
    let clean = clean.trim().trim_matches('\'');
    let clean = if clean.is_empty() { "Table" } else { clean };
    for n in 1.. {
        let tail = if n == 1 { String::new() } else { format!(" {n}") };
        let mut name = String::new();
        for c in clean.chars() {
            if name.encode_utf16().count() + c.len_utf16() + tail.len() > 31 {
                break;
            }
            name.push(c);
        }
        name.truncate(name.trim_end_matches([' ', '\'']).len());
        name.push_str(&tail);
        if taken.insert(text::fold(&name)) {
            return name;
        }
    }
    clean.to_owned()
}

/// How Excel shows the numbers of a column; `None` is its own way.
fn number_format(column: &OutColumn<'_>) -> Option<String> {
    let word = |key: &str| column.settings.get(key).and_then(Json::as_str);
    match (column.field.kind, column.field.behaviour.family()) {
        (ColumnType::Duration, _) => {
            let format = word("duration_format").or(word("format")).unwrap_or("h:mm");
            Some(if format.contains('s') { "[h]:mm:ss" } else { "[h]:mm" }.to_owned())
        }
        (_, family @ (Family::Date | Family::Moment)) => {
            let shown = if family == Family::Moment { "YYYY-MM-DD HH:mm" } else { "YYYY-MM-DD" };
            let pattern = word("format").filter(|f| f.len() <= 40).unwrap_or(shown);
            Some(pattern.chars().map(|c| c.to_ascii_lowercase()).collect())
        }
        (ColumnType::Rating, _) => Some("0".to_owned()),
        (_, Family::Number) => amounts(column.settings),
        _ => None,
    }
}

fn amounts(settings: &Json) -> Option<String> {
    let word = |key: &str| settings.get(key).and_then(Json::as_str);
    let format = word("format").unwrap_or("number");
    let symbol = match format {
        "dollar" => "$",
        "euro" => "€",
        "yuan" | "rmb" => "¥",
        "custom_currency" => word("currency_symbol").unwrap_or_default(),
        _ => "",
    };
    let precision = settings.get("precision").and_then(Json::as_u64).map(|p| p.min(8) as usize);
    let enabled = settings.get("enable_precision").and_then(Json::as_bool).unwrap_or(precision.is_some());
    let currency = matches!(format, "dollar" | "euro" | "yuan" | "rmb" | "custom_currency");
    let precision = if enabled { precision.or(currency.then_some(2)) } else { None };
    let grouped = matches!(word("thousands"), Some("comma" | "dot" | "space")) || format == "number-with-commas";
    let fraction = match precision {
        Some(0) => String::new(),
        Some(places) => format!(".{}", "0".repeat(places)),
        // A dot without digits behind it would show where nothing is set.
        None if format == "percent" => String::new(),
        None if symbol.is_empty() => return None,
        None => ".00".to_owned(),
    };
    let digits = format!("{}{fraction}", if grouped { "#,##0" } else { "0" });
    let quoted = format!("\"{}\"", symbol.replace('"', ""));
    Some(match (format, symbol.is_empty(), word("currency_symbol_position")) {
        ("percent", ..) => format!("{digits}%"),
        (_, true, _) => digits,
        (_, false, Some("after")) => format!("{digits}\u{a0}{quoted}"),
        _ => format!("{quoted}{digits}"),
    })
}

impl Sink for Book<'_> {
    fn table(&mut self, name: &str, columns: &[OutColumn<'_>]) -> Result<()> {
        let name = sheet_name(name, &mut self.names);
        let heading = Format::new().set_bold();
        self.formats = columns
            .iter()
            .map(|c| {
                number_format(c).map(|f| Format::new().set_num_format(f)).or_else(|| {
                    (c.field.kind == ColumnType::LongText)
                        .then(|| Format::new().set_text_wrap().set_align(FormatAlign::Top))
                })
            })
            .collect();
        let sheet = self.workbook.add_worksheet_with_constant_memory().map_err(unwritten)?;
        sheet.set_name(name).map_err(unwritten)?;
        sheet.set_freeze_panes(1, 0).map_err(unwritten)?;
        for (at, column) in columns.iter().enumerate() {
            let at = at as u16;
            sheet.set_column_width_pixels(at, column.width.clamp(40, 1200)).map_err(unwritten)?;
            sheet.write_string_with_format(0, at, &column.field.name, &heading).map_err(unwritten)?;
        }
        self.row = 0;
        Ok(())
    }

    fn record(&mut self, _id: RecordId, columns: &[OutColumn<'_>], cells: &[Cell]) -> Result<()> {
        if self.row >= RECORDS_MAX {
            return Err(Error::new(ErrorCode::TooLarge, "An Excel sheet holds at most 1,048,575 records.")
                .remedy("Export a view with a filter, or choose CSV."));
        }
        self.row += 1;
        let row = self.row;
        let Some(at) = self.workbook.worksheets().len().checked_sub(1) else { return Ok(()) };
        let sheet = self.workbook.worksheet_from_index(at).map_err(unwritten)?;
        for (at, (column, cell)) in columns.iter().zip(cells).enumerate() {
            let format = self.formats.get(at).and_then(Option::as_ref);
            if column.field.kind == ColumnType::Image
                && let (Some(pictures), Cell::Json(value)) = (&self.pictures, cell)
            {
                if self.shown >= PICTURES_MAX {
                    self.left_out += 1;
                } else if let Some(bytes) = pictures(value)
                    && let Ok(picture) = Image::new_from_buffer(&bytes)
                {
                    sheet.set_row_height_pixels(row, PICTURE_PIXELS).map_err(unwritten)?;
                    sheet.insert_image_fit_to_cell(row, at as u16, &picture, true).map_err(unwritten)?;
                    self.shown += 1;
                    continue;
                }
            }
            if write(sheet, row, at as u16, column, cell, format)? {
                self.cut += 1;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<Phrase>> {
        if self.workbook.worksheets().is_empty() {
            self.workbook.add_worksheet();
        }
        let mut to = BufWriter::with_capacity(1 << 20, &self.file);
        self.workbook.save_to_writer(&mut to).map_err(unwritten)?;
        std::io::Write::flush(&mut to).map_err(unwritten)?;
        let mut notes = Vec::new();
        if self.cut > 0 {
            notes.push(say!(
                "Long texts were cut, as an Excel cell holds 32,767 characters: {number}.",
                number = self.cut
            ));
        }
        if self.left_out > 0 {
            notes.push(say!(
                "Pictures were left out, as a workbook holds {max}: {number}.",
                max = PICTURES_MAX,
                number = self.left_out
            ));
        }
        Ok(notes)
    }
}

/// Writes a cell; true where its text was cut.
fn write(
    sheet: &mut Worksheet,
    row: u32,
    at: u16,
    column: &OutColumn<'_>,
    cell: &Cell,
    format: Option<&Format>,
) -> Result<bool> {
    let number = |sheet: &mut Worksheet, n: f64| {
        match format {
            Some(format) => sheet.write_number_with_format(row, at, n, format),
            None => sheet.write_number(row, at, n),
        }
        .map(|_| false)
        .map_err(unwritten)
    };
    let days = |seconds: i64| (seconds + EXCEL_EPOCH_SECONDS) as f64 / civil::DAY_SECONDS as f64;
    let family = column.field.behaviour.family();
    match cell {
        Cell::Empty => return Ok(false),
        Cell::Flag(flag) => return sheet.write_boolean(row, at, *flag).map(|_| false).map_err(unwritten),
        Cell::Integer(s) if family == Family::Date && (FIRST_SECONDS..LAST_SECONDS).contains(s) => {
            return number(sheet, days(*s));
        }
        Cell::Integer(_) if family == Family::Moment => {
            // The column knows the zone in which a moment is shown.
            let shown = column.field.behaviour.to_json(cell);
            let seconds = shown.as_str().and_then(|t| civil::parse(t, civil::DayOrder::DayFirst)).map(|p| p.seconds);
            if let Some(s) = seconds.filter(|s| (FIRST_SECONDS..LAST_SECONDS).contains(s)) {
                return number(sheet, days(s));
            }
        }
        Cell::Integer(seconds) if column.field.kind == ColumnType::Duration => {
            return number(sheet, *seconds as f64 / civil::DAY_SECONDS as f64);
        }
        Cell::Integer(n) if family == Family::Number => return number(sheet, *n as f64),
        Cell::Number(n) if family == Family::Number => return number(sheet, *n),
        _ => {}
    }
    let mut shown = column.field.behaviour.show(cell);
    let cut = shown.len() > TEXT_MAX && shown.encode_utf16().count() > TEXT_MAX;
    if cut {
        let mut left = TEXT_MAX - 1;
        shown = shown
            .chars()
            .take_while(|c| {
                let fits = c.len_utf16() <= left;
                left = left.saturating_sub(c.len_utf16());
                fits
            })
            .collect();
        shown.push('…');
    }
    match format.filter(|_| column.field.kind == ColumnType::LongText) {
        Some(format) => sheet.write_string_with_format(row, at, shown, format),
        None => sheet.write_string(row, at, shown),
    }
    .map(|_| cut)
    .map_err(unwritten)
}
