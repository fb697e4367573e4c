//! A base, a table or a view as files of other programs.

use super::*;
use model::exchange::ExportFormat;

fn options(format: ExportFormat) -> ExportOptions {
    ExportOptions { table: None, view: None, format, files: false, read_only: false, mark: false, delimiter: b',' }
}

/// Five clients, and a view of those that owe, without the note.
fn clients() -> Fixture {
    let f = fixture();
    let (owed, note) = (f.column("Owed", ColumnType::Number), f.column("Note", ColumnType::LongText));
    f.base.add_column(f.table, "Twice", ColumnType::Formula, Some(json!({"formula": "{Owed} * 2"}))).unwrap();
    f.column("Press", ColumnType::Button);
    for (name, sum) in [("Ann", 5.0), ("Bob", 0.0), ("Їжак", 7.5), ("-1+2", 1.0), ("Eve", 2.0)] {
        f.add(&[(f.first(), json!(name)), (owed, json!(sum)), (note, json!("one\ntwo"))]);
    }
    let mut view = f.base.table(f.table).unwrap().views[0].clone();
    view.filter = Some(rule(owed, "greater", json!(1)));
    view.sorts = vec![Sort::by_value(owed, true)];
    view.hidden = vec![note];
    view.order = vec![owed, f.first()];
    f.base.update_view(f.table, &view).unwrap();
    f
}

fn export(f: &Fixture, name: &str, options: &ExportOptions) -> (ExportReport, PathBuf) {
    let path = f.folder.path().join(name);
    let report = f.base.export(&path, options, &mut |_| true).unwrap();
    assert_eq!(report.bytes, std::fs::metadata(&path).unwrap().len());
    (report, path)
}

#[test]
fn a_view_is_exported_with_its_filter_order_and_columns() {
    let f = clients();
    let view = f.base.table(f.table).unwrap().views[0].id;
    let wanted = ExportOptions { table: Some(f.table), view: Some(view), ..options(ExportFormat::Csv) };
    let (report, path) = export(&f, "view.csv", &wanted);
    assert_eq!((report.tables, report.records), (1, 3));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "Owed,Name,Twice\r\n7.5,Їжак,15\r\n5,Ann,10\r\n2,Eve,4\r\n");
    let (report, path) = export(&f, "table.csv", &ExportOptions { view: None, mark: true, ..wanted });
    assert_eq!(report.records, 5);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("\u{feff}Name,Owed,Note,Twice\r\nAnn,5,\"one\ntwo\",10\r\n"), "{text}");
    assert!(text.contains("\r\n'-1+2,1,"), "{text}");
}

#[test]
fn a_whole_base_is_exported_table_by_table() {
    let f = clients();
    f.base.create_table("name").unwrap();
    let (report, path) = export(&f, "base.sqlite", &options(ExportFormat::Sqlite));
    assert_eq!((report.tables, report.records), (2, 5));
    let plain = Connection::open(&path).unwrap();
    let row: (i64, String, f64, f64) = plain
        .query_row("SELECT id, Name, Owed, Twice FROM Clients WHERE Owed > 7", [], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))
        })
        .unwrap();
    assert_eq!(row, (3, "Їжак".to_owned(), 7.5, 15.0));
    assert_eq!(plain.query_row("SELECT count(*) FROM name", [], |r| r.get::<_, i64>(0)).unwrap(), 0);
    let (_, path) = export(&f, "base.json", &options(ExportFormat::Json));
    let whole: Json = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(whole["tables"][0]["records"][3]["cells"]["Name"], "-1+2");
    let (_, path) = export(&f, "base.xlsx", &options(ExportFormat::Xlsx));
    let back = look(Source::File(&path), &base::csv::Dialect::default(), &mut |_| true).unwrap();
    assert_eq!((back.tables[0].name.as_str(), back.tables[0].total), ("Clients", 5));
    let error = f.base.export(&f.folder.path().join("b.csv"), &options(ExportFormat::Csv), &mut |_| true).unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
}

#[test]
fn a_stopped_export_leaves_what_was_there() {
    let f = clients();
    let path = f.folder.path().join("out.json");
    std::fs::write(&path, "mine").unwrap();
    for format in [ExportFormat::Json, ExportFormat::Sqlite, ExportFormat::Xlsx] {
        let error = f.base.export(&path, &options(format), &mut |_| false).unwrap_err();
        assert_eq!(error.code, ErrorCode::Cancelled);
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
    }
    let own = f.base.path().to_path_buf();
    let error = f.base.export(&own, &options(ExportFormat::Json), &mut |_| true).unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    let left: Vec<_> = std::fs::read_dir(f.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|n| n.to_string_lossy().contains("part")), "{left:?}");
}

#[test]
fn a_file_of_a_cell_is_kept_once_and_comes_back() {
    let f = fixture();
    let text = "the same again ".repeat(1000).into_bytes();
    let hash = f.base.add_file(&text).unwrap();
    assert_eq!(f.base.add_file(&text).unwrap(), hash);
    assert_eq!(f.base.file(&hash).unwrap(), text);
    let small = f.base.add_file(b"x").unwrap();
    assert_eq!(f.base.file(&small).unwrap(), b"x");
    assert_eq!(f.base.file("00").unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(
        f.base.read(|c| c.query_row("SELECT count(*) FROM file", [], |r| r.get::<_, i64>(0)).map_err(sql)).unwrap(),
        2
    );
}
