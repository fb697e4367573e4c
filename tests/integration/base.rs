//! Bases through the door: made, filled, edited, taken back, seen by two programs at once.

use engine::{Engine, Options};
use model::{ErrorCode, Noun};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

async fn engine(profile: &Path) -> Engine {
    Engine::open(Options { keyring: false, ..Options::new(profile) }).await.unwrap()
}

async fn call(engine: &Engine, name: &str, args: Value) -> Value {
    engine.call(name, args).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A profile with a base made of a CSV file of invoices; gives the base's and the table's id.
async fn invoices(folder: &Path) -> (Engine, String, i64) {
    let file = folder.join("Invoices.csv");
    std::fs::write(
        &file,
        "Number;Client;E-mail;Amount;Due;Status\n\
         2026-001;Müller & Söhne;mueller@example.org;1.234,50;30.11.2026;open\n\
         2026-002;Łódź Trade;anna@example.org;99,00;01.12.2026;paid\n\
         2026-003;Шевченко ТОВ;taras@example.org;7,25;02.12.2026;open\n\
         2026-004;Acme;ceo@example.org;15,00;03.12.2026;paid\n\
         2026-005;Zebra;z@example.org;20,00;;open\n\
         2026-006;apple;a@example.org;1,00;05.12.2026;open\n",
    )
    .unwrap();
    let engine = engine(&folder.join("profile")).await;
    let imported = call(&engine, "base.import_file", json!({"path": file})).await;
    assert_eq!((&imported["records"], &imported["misfits"]), (&json!(6), &json!([])));
    let (base, table) = (imported["base"].as_str().unwrap().to_owned(), imported["tables"][0].as_i64().unwrap());
    (engine, base, table)
}

async fn column(engine: &Engine, base: &str, name: &str) -> i64 {
    let base = call(engine, "base.get", json!({"id": base})).await;
    let columns = base["tables"][0]["columns"].as_array().unwrap();
    columns.iter().find(|c| c["name"] == name).unwrap()["id"].as_i64().unwrap()
}

async fn clients(engine: &Engine, base: &str, table: i64, more: Value) -> Vec<String> {
    let mut args = json!({"base": base, "table": table, "limit": 100});
    for (key, value) in more.as_object().unwrap() {
        args[key] = value.clone();
    }
    let page = call(engine, "record.list", args).await;
    page["rows"].as_array().unwrap().iter().map(|r| r["cells"][1].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_new_base_has_a_table_to_type_into_and_a_name_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path()).await;
    let base = call(&engine, "base.create", json!({"name": " Clients "})).await;
    assert_eq!((&base["name"], &base["tables"][0]["columns"][0]["name"]), (&json!("Clients"), &json!("Name")));
    assert_eq!(engine.call("base.create", json!({"name": "clients"})).await.unwrap_err().code, ErrorCode::Conflict);
    let (id, table, column) = (&base["id"], &base["tables"][0]["id"], &base["tables"][0]["columns"][0]["id"]);
    let cells = json!({column.to_string(): "Ann"});
    let act = call(&engine, "record.add", json!({"base": id, "table": table, "records": [cells]})).await;
    assert_eq!(act["records"], json!([1]));
    let base = call(&engine, "base.update", json!({"id": id, "name": "People", "color": "#112233"})).await;
    assert_eq!((&base["name"], &base["color"]), (&json!("People"), &json!("#112233")));
    let copy = call(&engine, "base.copy", json!({"id": id, "name": "People too"})).await;
    assert_ne!(copy["id"], *id);
    let page = call(&engine, "record.list", json!({"base": copy["id"], "table": table, "limit": 10})).await;
    assert_eq!(page["rows"][0]["cells"], json!(["Ann"]));
    call(&engine, "base.remove", json!({"id": id})).await;
    let left = call(&engine, "base.list", json!({})).await;
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert_eq!(engine.call("base.get", json!({"id": id})).await.unwrap_err().code, ErrorCode::NotFound);
}

async fn completed(engine: &Engine, text: &str) -> Vec<Value> {
    let found = call(engine, "correspondent.complete", json!({"text": text, "limit": 5})).await;
    found.as_array().unwrap().clone()
}

#[tokio::test]
async fn recipients_are_found_in_bases_and_a_base_that_is_gone_or_damaged_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, good, _) = invoices(folder.path()).await;
    let mut paths = Vec::new();
    for name in ["Gone", "Damaged"] {
        let copy = call(&engine, "base.copy", json!({"id": good, "name": name})).await;
        paths.push(copy["path"].as_str().unwrap().to_owned());
    }
    let found = completed(&engine, "taras").await;
    assert_eq!(found.len(), 1, "one person, however many bases know them: {found:?}");
    drop(engine);
    std::fs::remove_file(&paths[0]).unwrap();
    std::fs::write(&paths[1], b"no base any more").unwrap();

    let engine = self::engine(&folder.path().join("profile")).await;
    let until = Instant::now() + Duration::from_secs(30);
    // A base that was not open is opened by the first letter typed.
    while completed(&engine, "taras").await.is_empty() {
        assert!(Instant::now() < until, "the base is never asked");
    }
    let found = completed(&engine, "tarsa@").await;
    assert_eq!(found[0]["email"], "taras@example.org", "{found:?}");
    assert_eq!((&found[0]["table"]["base"], &found[0]["table"]["name"]), (&json!("Invoices"), &json!("Invoices")));
    assert!(!Path::new(&paths[0]).exists(), "nobody makes a file that is gone");
    drop(engine);
}

#[tokio::test]
async fn a_csv_file_is_looked_into_and_then_becomes_a_base_with_types() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, base, _) = invoices(folder.path()).await;
    let preview = call(&engine, "base.preview_file", json!({"path": folder.path().join("Invoices.csv")})).await;
    assert_eq!((&preview["delimiter"], &preview["header"], &preview["total"]), (&json!(";"), &json!(true), &json!(6)));
    let types: Vec<&str> = preview["columns"].as_array().unwrap().iter().map(|c| c["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["text", "text", "email", "number", "date", "single_select"]);
    let base = call(&engine, "base.get", json!({"id": base})).await;
    assert_eq!(base["name"], "Invoices");
    let made: Vec<&str> =
        base["tables"][0]["columns"].as_array().unwrap().iter().map(|c| c["type"].as_str().unwrap()).collect();
    assert_eq!(made, types);
    // A file without a path comes as its content.
    let pasted = json!({"filename": "drop.csv", "mime": "text/csv", "base64": "YSxiCjEsMgo="});
    let dropped = call(&engine, "base.import_file", json!({"bytes": pasted, "base": base["id"]})).await;
    assert_eq!((&dropped["base"], &dropped["records"]), (&base["id"], &json!(1)));
}

#[tokio::test]
async fn records_are_filtered_sorted_and_searched() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, base, table) = invoices(folder.path()).await;
    let (client, amount, due, status) = (
        column(&engine, &base, "Client").await,
        column(&engine, &base, "Amount").await,
        column(&engine, &base, "Due").await,
        column(&engine, &base, "Status").await,
    );
    let rule = |column: i64, predicate: &str, value: Value| json!({"kind": "rule", "column": column, "predicate": predicate, "value": value});
    let all = |items: Value| json!({"kind": "group", "all": true, "items": items});
    let filter = all(json!([rule(status, "is", json!("open")), rule(amount, "greater", json!("5,00"))]));
    let sorts = json!([{"column": amount, "descending": true}]);
    assert_eq!(
        clients(&engine, &base, table, json!({"filter": filter, "sorts": sorts})).await,
        ["Müller & Söhne", "Zebra", "Шевченко ТОВ"]
    );
    assert_eq!(clients(&engine, &base, table, json!({"search": "muller"})).await, ["Müller & Söhne"]);
    assert_eq!(
        clients(&engine, &base, table, json!({"sorts": [{"column": client, "descending": false}]})).await,
        ["Acme", "apple", "Łódź Trade", "Müller & Söhne", "Zebra", "Шевченко ТОВ"]
    );
    assert_eq!(
        clients(&engine, &base, table, json!({"filter": rule(due, "is_before", json!("2026-12-02"))})).await,
        ["Müller & Söhne", "Łódź Trade"]
    );
    // What a view says holds wherever nothing else is asked for.
    let table_now = call(&engine, "base.get", json!({"id": base})).await["tables"][0].clone();
    let mut view = table_now["views"][0].clone();
    view["filter"] = all(json!([rule(status, "is", json!("paid"))]));
    view["sorts"] = json!([{"column": amount}]);
    call(&engine, "view.update", json!({"base": base, "table": table, "view": view})).await;
    assert_eq!(clients(&engine, &base, table, json!({"view": view["id"]})).await, ["Acme", "Łódź Trade"]);
    let wrong = engine
        .call("record.list", json!({"base": base, "table": table, "filter": rule(amount, "contains", json!("1"))}))
        .await;
    assert_eq!(wrong.unwrap_err().code, ErrorCode::Invalid);
}

#[tokio::test]
async fn edits_are_taken_back_and_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, base, table) = invoices(folder.path()).await;
    let (client, amount) = (column(&engine, &base, "Client").await, column(&engine, &base, "Amount").await);
    let before = clients(&engine, &base, table, json!({})).await;
    let cells = json!({client.to_string(): "Renamed", amount.to_string(): "2.000,75"});
    call(&engine, "record.update", json!({"base": base, "table": table, "records": [{"id": 1, "cells": cells}]})).await;
    call(&engine, "record.remove", json!({"base": base, "table": table, "records": [2, 3]})).await;
    call(
        &engine,
        "column.update",
        json!({"base": base, "table": table, "column": amount, "type": "text", "name": "Sum"}),
    )
    .await;
    let page = call(&engine, "record.list", json!({"base": base, "table": table, "limit": 1})).await;
    assert_eq!(
        (&page["total"], &page["rows"][0]["cells"][1], &page["rows"][0]["cells"][3]),
        (&json!(4), &json!("Renamed"), &json!("2.000,75"))
    );
    for what in ["column.update", "record.remove", "record.update"] {
        assert_eq!(call(&engine, "base.undo", json!({"base": base})).await, json!({"what": what, "conflicts": 0}));
    }
    assert_eq!(clients(&engine, &base, table, json!({})).await, before);
    for what in ["record.update", "record.remove", "column.update"] {
        assert_eq!(call(&engine, "base.redo", json!({"base": base})).await, json!({"what": what, "conflicts": 0}));
    }
    assert_eq!(call(&engine, "base.redo", json!({"base": base})).await, json!({"what": null, "conflicts": 0}));
    let error = engine
        .call("record.update", json!({"base": base, "table": table, "records": [{"id": 2, "cells": {}}]}))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn two_programs_on_one_base_see_each_others_changes() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, base, table) = invoices(folder.path()).await;
    let theirs = engine(&folder.path().join("profile")).await;
    let client = column(&theirs, &base, "Client").await;
    let mut bus = theirs.changes();
    let cells = json!({client.to_string(): "Seen"});
    call(&ours, "record.update", json!({"base": base, "table": table, "records": [{"id": 1, "cells": cells}]})).await;
    tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            let changes = bus.recv().await.unwrap();
            if changes.iter().any(|c| c.noun == Noun::Record && c.base.as_ref().is_some_and(|b| b.0 == base)) {
                return;
            }
        }
    })
    .await
    .expect("the other program never heard of the change");
    assert_eq!(clients(&theirs, &base, table, json!({})).await[0], "Seen");
    // Each takes back its own acts only.
    assert_eq!(call(&theirs, "base.undo", json!({"base": base})).await["what"], Value::Null);
    assert_eq!(call(&ours, "base.undo", json!({"base": base})).await["what"], "record.update");
    assert_eq!(clients(&theirs, &base, table, json!({})).await[0], "Müller & Söhne");
}

#[tokio::test]
async fn a_damaged_or_newer_base_is_shown_with_its_reason_and_is_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    for (code, at, bytes) in [("damaged", 0, b"rubbish!".as_slice()), ("newer", 60, &[0, 0, 1, 0])] {
        let profile = folder.path().join(code);
        let path = {
            let engine = engine(&profile).await;
            let base = call(&engine, "base.create", json!({"name": "A"})).await;
            base["path"].as_str().unwrap().to_owned()
        };
        // The file is closed when its engine is gone.
        e2e::wait_until("the base is closed", || !Path::new(&format!("{path}-wal")).exists());
        let mut file = std::fs::read(&path).unwrap();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        std::fs::write(&path, &file).unwrap();
        let engine = engine(&profile).await;
        let list = call(&engine, "base.list", json!({})).await;
        assert_eq!((&list[0]["error"]["code"], &list[0]["tables"]), (&json!(code), &json!([])));
        assert_eq!(std::fs::read(&path).unwrap(), file);
    }
}

#[tokio::test]
async fn a_page_far_down_a_hundred_thousand_records_comes_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("Name,Amount,Status\n");
    for n in 0..100_000 {
        let _ = writeln!(text, "Client {n},{},{}", (n * 7919) % 100_000, ["open", "paid", "late"][n % 3]);
    }
    let file = folder.path().join("many.csv");
    std::fs::write(&file, text).unwrap();
    let engine = engine(&folder.path().join("profile")).await;
    let imported = call(&engine, "base.import_file", json!({"path": file})).await;
    let (base, table) = (imported["base"].as_str().unwrap().to_owned(), &imported["tables"][0]);
    let started = Instant::now();
    let page =
        call(&engine, "record.list", json!({"base": base, "table": table, "offset": 70_000, "limit": 200})).await;
    let took = started.elapsed();
    assert_eq!(
        (&page["total"], &page["rows"][0]["cells"][0], page["rows"].as_array().unwrap().len()),
        (&json!(100_000), &json!("Client 70000"), 200)
    );
    assert!(took < Duration::from_secs(1), "{took:?}");
    let amount = column(&engine, &base, "Amount").await;
    let sorted = json!({"base": base, "table": table, "sorts": [{"column": amount}], "offset": 70_000, "limit": 3});
    let first = call(&engine, "record.list", sorted.clone()).await;
    let amounts: Vec<&Value> = first["rows"].as_array().unwrap().iter().map(|r| &r["cells"][1]).collect();
    assert_eq!(amounts, [&json!(70_000), &json!(70_001), &json!(70_002)]);
    // The list is kept: the next page costs no sort.
    let started = Instant::now();
    call(&engine, "record.list", sorted).await;
    assert!(started.elapsed() < Duration::from_millis(500), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_workbook_becomes_a_base_with_a_table_a_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Book.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    for name in ["Clients", "Orders"] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write_row(0, 0, ["Name", "Amount"]).unwrap();
        for row in 1..=300 {
            sheet.write_string(row, 0, format!("{name} {row}")).unwrap();
            sheet.write_number(row, 1, f64::from(row) / 4.0).unwrap();
        }
    }
    book.save(&file).unwrap();
    let engine = engine(&folder.path().join("profile")).await;
    let preview = call(&engine, "base.preview_file", json!({"path": file})).await;
    assert_eq!((&preview["columns"][1]["type"], &preview["total"]), (&json!("number"), &json!(300)));
    let imported = call(&engine, "base.import_file", json!({"path": file})).await;
    assert_eq!(imported["records"], 600);
    let base = call(&engine, "base.get", json!({"id": imported["base"]})).await;
    assert_eq!((&base["name"], &base["tables"][1]["name"]), (&json!("Book"), &json!("Orders")));
    let page = call(
        &engine,
        "record.list",
        json!({"base": base["id"], "table": base["tables"][1]["id"], "offset": 299, "limit": 5}),
    )
    .await;
    assert_eq!(page["rows"][0]["cells"], json!(["Orders 300", 75]));
}

#[tokio::test]
async fn a_seatable_file_becomes_a_base_with_its_options_links_views_and_formulas() {
    let content = json!({
        "format_version": 9,
        "collaborators": [{"email": "x@auth.local", "name": "Olga"}],
        "links": [{"_id": "L1", "table1_id": "0000", "table2_id": "Ab12", "table1_table2_map": {"r1": ["s1", "s2"]}, "table2_table1_map": {"s1": ["r1"], "s2": ["r1"]}}],
        "tables": [
            {"_id": "0000", "name": "Invoices", "columns": [
                {"key": "0000", "type": "text", "name": "Number", "width": 120, "data": null},
                {"key": "a1", "type": "single-select", "name": "Stage", "data": {"options": [{"id": "140009", "name": "Open", "color": "#fff"}, {"id": "xyz", "name": "Paid"}]}},
                {"key": "a2", "type": "number", "name": "Amount", "data": {"format": "euro", "precision": 2}},
                {"key": "a3", "type": "link", "name": "Items", "data": {"link_id": "L1", "table_id": "0000", "other_table_id": "Ab12", "display_column_key": "0000"}},
                {"key": "a4", "type": "formula", "name": "Twice", "data": {"formula": "{Amount} * 2"}},
                {"key": "a5", "type": "creator", "name": "By"},
                {"key": "a6", "type": "auto-number", "name": "No", "data": {"format": "INV-00", "max_used_auto_number": 7}},
                {"key": "a7", "type": "ctime", "name": "Made"}],
             "rows": [
                {"_id": "r1", "_creator": "x@auth.local", "_ctime": "2024-03-01T10:00:00.000+00:00", "0000": "A-1", "a1": "140009", "a2": 12.5, "a6": "INV-07", "gone": "stale"},
                {"_id": "r2", "0000": "A-2", "a1": "xyz", "a2": "7", "a6": "INV-06"}],
             "views": [{"_id": "0000", "name": "Open ones", "type": "table", "filter_conjunction": "And", "hidden_columns": ["a7"],
                "filters": [{"column_key": "a1", "filter_predicate": "is", "filter_term": "140009"}, {"column_key": "a2", "filter_predicate": "nonsense"}],
                "sorts": [{"column_key": "a2", "sort_type": "down"}]}]},
            {"_id": "Ab12", "name": "Items", "columns": [{"key": "0000", "type": "text", "name": "Name"}], "rows": [{"_id": "s1", "0000": "Desk"}, {"_id": "s2", "0000": "Chair"}], "views": []}]
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Shop.dtable");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&file).unwrap());
    archive.start_file("content.json", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut archive, content.to_string().as_bytes()).unwrap();
    archive.finish().unwrap();
    let engine = engine(&folder.path().join("profile")).await;
    let imported = call(&engine, "base.import_file", json!({"path": file})).await;
    assert_eq!((&imported["records"], &imported["misfits"]), (&json!(4), &json!([])));
    let base = call(&engine, "base.get", json!({"id": imported["base"]})).await;
    let table = &base["tables"][0];
    let page = call(&engine, "record.list", json!({"base": base["id"], "table": table["id"], "limit": 10})).await;
    let cells = page["rows"][0]["cells"].as_array().unwrap();
    assert_eq!(
        cells[..7],
        [
            json!("A-1"),
            json!(140_009),
            json!(12.5),
            json!([{"id": 1, "text": "Desk"}, {"id": 2, "text": "Chair"}]),
            json!(25),
            json!("Olga"),
            json!("INV-07")
        ]
    );
    assert!(cells[7].as_str().unwrap().starts_with("2024-03-01"));
    assert_eq!(page["rows"][1]["cells"][2], json!(7));
    let view = &table["views"][0];
    assert_eq!((&view["name"], &view["filter"]["items"].as_array().unwrap().len()), (&json!("Open ones"), &1));
    let shown = call(
        &engine,
        "record.list",
        json!({"base": base["id"], "table": table["id"], "view": view["id"], "limit": 10}),
    )
    .await;
    assert_eq!(shown["total"], 1);
    let cells = json!({table["columns"][0]["id"].to_string(): "A-3"});
    call(&engine, "record.add", json!({"base": base["id"], "table": table["id"], "records": [cells]})).await;
    let page =
        call(&engine, "record.list", json!({"base": base["id"], "table": table["id"], "offset": 2, "limit": 1})).await;
    assert_eq!(page["rows"][0]["cells"][6], "INV-08");
}
