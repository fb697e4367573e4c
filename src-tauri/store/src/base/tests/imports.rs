//! A CSV file becomes a table, or leaves no trace.

use super::*;

const CLIENTS: &str = "Name,Amount,Due,Mail,Paid,Stage,Note\n\
    Ann,\"1,234.50\",2026-11-30,ann@example.org,yes,open,\"one\ntwo\"\n\
    Bob,7.25,2026-12-01,bob@example.org,no,paid,x\n\
    Eve,3,2026-12-02,eve@example.org,yes,open,y\n\
    Dan,4,2026-12-03,dan@example.org,no,paid,z\n\
    Pam,5,2026-12-04,pam@example.org,no,open,\n\
    Kim,6,,kim@example.org,no,open,\n";

fn csv(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("clients.csv");
    std::fs::write(&path, text).unwrap();
    path
}

fn options(types: Option<Vec<ColumnType>>) -> ImportOptions {
    ImportOptions { table: "Clients".into(), types, ..ImportOptions::default() }
}

#[test]
fn a_csv_file_becomes_a_base_with_types() {
    let folder = tempfile::tempdir().unwrap();
    let file = csv(folder.path(), CLIENTS);
    let (base, report) = BaseFile::create_from_file(
        &folder.path().join("b.base"),
        &BaseFile::new_id(&SystemClock),
        "en",
        clock(),
        Source::File(&file),
        &options(None),
        &mut |_| true,
    )
    .unwrap();
    assert_eq!((report.records, report.misfits.len()), (6, 0));
    let table = base.table(report.tables[0]).unwrap();
    assert_eq!(
        table.columns.iter().map(|c| c.kind).collect::<Vec<_>>(),
        [
            ColumnType::Text,
            ColumnType::Number,
            ColumnType::Date,
            ColumnType::Email,
            ColumnType::Checkbox,
            ColumnType::SingleSelect,
            ColumnType::LongText
        ]
    );
    let page = base.list(&list(report.tables[0])).unwrap();
    assert_eq!(page.total, 6);
    assert_eq!(
        page.rows[0].cells,
        [
            json!("Ann"),
            json!(1234.5),
            json!("2026-11-30"),
            json!("ann@example.org"),
            json!(true),
            json!(1),
            json!("one\ntwo")
        ]
    );
    assert_eq!(page.rows[5].cells[2], Json::Null);
    let mode: String = base.read(|c| c.query_row("PRAGMA journal_mode", [], |r| r.get(0)).map_err(sql)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn values_that_do_not_fit_a_chosen_type_stand_beside_it_as_text() {
    let f = fixture();
    let file = csv(f.folder.path(), "Name,Amount\nAnn,12\nBob,many\n");
    let report = f
        .base
        .import_file(Source::File(&file), &options(Some(vec![ColumnType::Text, ColumnType::Number])), &mut |_| true)
        .unwrap();
    assert_eq!(report.misfits, ["Amount"]);
    let table = f.base.table(report.tables[0]).unwrap();
    assert_eq!(table.name, "Clients 2");
    assert_eq!(table.columns[2].name, "Amount (text)");
    assert_eq!(f.base.list(&list(report.tables[0])).unwrap().rows[1].cells, [json!("Bob"), Json::Null, json!("many")]);
}

#[test]
fn an_import_is_one_act_that_undo_takes_back() {
    let f = fixture();
    let file = csv(f.folder.path(), CLIENTS);
    f.base.import_file(Source::File(&file), &options(None), &mut |_| true).unwrap();
    assert_eq!(f.base.undo().unwrap().what.as_deref(), Some("base.import_file"));
    assert_eq!(f.base.tables().unwrap().len(), 1);
    f.base.redo().unwrap();
    assert_eq!(f.base.list(&list(f.base.tables().unwrap()[1].id)).unwrap().total, 6);
}

#[test]
fn a_stopped_import_leaves_nothing_behind() {
    let f = fixture();
    let text: String = std::iter::once("n,m\n".to_owned()).chain((0..20_000).map(|n| format!("{n},x{n}\n"))).collect();
    let file = csv(f.folder.path(), &text);
    let mut calls = 0;
    // The first pass counts too: stop in the middle of the second.
    let mut stop = |_| {
        calls += 1;
        calls < 7
    };
    assert_eq!(
        f.base.import_file(Source::File(&file), &options(None), &mut stop).unwrap_err().code,
        ErrorCode::Cancelled
    );
    assert_eq!(f.base.tables().unwrap().len(), 1);
    let target = f.folder.path().join("new.base");
    let mut calls = 0;
    let mut stop = |_| {
        calls += 1;
        calls < 7
    };
    assert!(
        BaseFile::create_from_file(
            &target,
            &BaseFile::new_id(&SystemClock),
            "en",
            clock(),
            Source::File(&file),
            &options(None),
            &mut stop
        )
        .is_err()
    );
    let left: Vec<_> = std::fs::read_dir(f.folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .filter(|n| n.to_string_lossy().contains("new"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
