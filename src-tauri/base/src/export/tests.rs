use super::*;
use crate::Context;
use calamine::{Data, Reader as _, Xlsx};
use model::base::{Column, ColumnType};
use model::{ColumnId, Timestamp};
use serde_json::json;
use std::io::{Cursor, Read as _, Seek as _};

struct Sheet {
    columns: Vec<(Field, Json)>,
}

impl Sheet {
    fn new(columns: &[(&str, ColumnType, Json)]) -> Self {
        let context = Context { zone: jiff::tz::TimeZone::UTC, ..Context::local(Timestamp(0)) };
        let columns = columns
            .iter()
            .enumerate()
            .map(|(at, (name, kind, settings))| {
                let column = Column {
                    id: ColumnId(at as i64 + 1),
                    name: (*name).to_owned(),
                    kind: *kind,
                    settings: settings.clone(),
                    description: String::new(),
                    width: 120,
                    result: None,
                };
                (Field::new(&column, &context), settings.clone())
            })
            .collect();
        Self { columns }
    }

    fn out(&self) -> Vec<OutColumn<'_>> {
        self.columns.iter().map(|(field, settings)| OutColumn { field, settings, width: 120 }).collect()
    }
}

fn samples() -> (Sheet, Vec<Cell>) {
    let options = json!({"options": [{"id": 7, "name": "Open"}, {"id": 8, "name": "Paid"}]});
    let sheet = Sheet::new(&[
        ("Name", ColumnType::Text, json!({})),
        (
            "Cost",
            ColumnType::Number,
            json!({"format": "euro", "precision": 2, "enable_precision": true, "decimal": "comma", "thousands": "dot"}),
        ),
        ("Due", ColumnType::Date, json!({"format": "DD.MM.YYYY"})),
        ("Spent", ColumnType::Duration, json!({"duration_format": "h:mm"})),
        ("Stage", ColumnType::SingleSelect, options.clone()),
        ("Tags", ColumnType::MultipleSelect, options),
        ("Done", ColumnType::Checkbox, json!({})),
        ("Made", ColumnType::CreatedTime, json!({})),
    ]);
    let cells = vec![
        Cell::text("=HYPERLINK(\"http://x\")"),
        Cell::Number(-1234.5),
        Cell::Integer(20_787 * 86_400),
        Cell::Integer(90 * 60),
        Cell::Integer(8),
        Cell::List(vec![8, 7]),
        Cell::Flag(true),
        Cell::Integer(1_795_996_800_000),
    ];
    (sheet, cells)
}

#[test]
fn csv_shows_values_as_people_see_them_and_runs_nothing() {
    let (sheet, cells) = samples();
    let mut out = Vec::new();
    let mut file = Box::new(csv::Csv::new(&mut out, b';', true).unwrap());
    file.table("T", &sheet.out()).unwrap();
    file.record(RecordId(1), &sheet.out(), &cells).unwrap();
    assert!(file.table("U", &sheet.out()).is_err());
    file.finish().unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "\u{feff}Name;Cost;Due;Spent;Stage;Tags;Done;Made\r\n\
         \"'=HYPERLINK(\"\"http://x\"\")\";-€1.234,50;30.11.2026;1:30;Paid;Paid, Open;true;2026-11-30 00:00\r\n"
    );
}

#[test]
fn json_names_columns_and_options() {
    let (sheet, cells) = samples();
    let mut out = Vec::new();
    let mut file = Box::new(json::Document::new(&mut out).unwrap());
    file.table("A \"b\"", &sheet.out()).unwrap();
    file.record(RecordId(1), &sheet.out(), &cells).unwrap();
    file.record(RecordId(2), &sheet.out(), &vec![Cell::Empty; 8]).unwrap();
    file.table("Empty", &sheet.out()[..1]).unwrap();
    file.finish().unwrap();
    let whole: Json = serde_json::from_slice(&out).unwrap();
    assert_eq!(whole["tables"][0]["name"], "A \"b\"");
    assert_eq!(whole["tables"][0]["records"][0]["cells"]["Tags"], json!(["Paid", "Open"]));
    assert_eq!(whole["tables"][0]["records"][0]["cells"]["Cost"], json!(-1234.5));
    assert_eq!(whole["tables"][0]["records"][1], json!({"id": 2, "cells": {}}));
    assert_eq!(whole["tables"][1]["columns"], json!([{"name": "Name", "type": "text"}]));
}

#[test]
fn a_workbook_has_real_numbers_dates_and_truths_in_the_formats_of_their_columns() {
    let (sheet, cells) = samples();
    let room = std::env::temp_dir();
    let file = crate::export::tests::unnamed();
    let mut book = Box::new(xlsx::Book::new(file.try_clone().unwrap(), &room, None).unwrap());
    book.table("Q1/Q2 [all] and a name that is far too long", &sheet.out()).unwrap();
    book.record(RecordId(1), &sheet.out(), &cells).unwrap();
    book.table("Q1 Q2  all  and a name that is far too long", &sheet.out()[..1]).unwrap();
    book.record(RecordId(1), &sheet.out()[..1], &[Cell::text("x".repeat(40_000))]).unwrap();
    assert_eq!(book.finish().unwrap()[0].text, "Long texts were cut, as an Excel cell holds 32,767 characters: 1.");
    let bytes = contents(file);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
    assert_eq!(book.sheet_names(), ["Q1 Q2  all  and a name that is", "Q1 Q2  all  and a name that i 2"]);
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let row: Vec<&Data> = range.rows().nth(1).unwrap().iter().collect();
    assert_eq!(*row[0], Data::String("=HYPERLINK(\"http://x\")".into()));
    assert_eq!(*row[1], Data::Float(-1234.5));
    assert!(matches!(row[2], Data::DateTime(d) if d.to_ymd_hms_milli().0 == 2026 && !d.is_duration()), "{:?}", row[2]);
    assert!(matches!(row[3], Data::DateTime(d) if d.is_duration() && (d.as_f64() - 0.0625).abs() < 1e-9));
    assert_eq!((row[4], row[5]), (&Data::String("Paid".into()), &Data::String("Paid, Open".into())));
    assert_eq!(*row[6], Data::Bool(true));
    let mut styles = String::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive.by_name("xl/styles.xml").unwrap().read_to_string(&mut styles).unwrap();
    assert!(styles.contains("&quot;€&quot;#,##0.00") && styles.contains("dd.mm.yyyy"), "{styles}");
    assert!(archive.by_name("xl/worksheets/sheet1.xml").is_ok());
}

/// A file that is gone when it is closed.
fn unnamed() -> std::fs::File {
    let path = std::env::temp_dir().join(format!("tabella-{}-{:?}", std::process::id(), std::thread::current().id()));
    let file = std::fs::File::options().read(true).write(true).create(true).truncate(true).open(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    file
}

fn contents(mut file: std::fs::File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    bytes
}
