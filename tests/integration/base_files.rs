//! Files of cells through the door: in from paths and bytes, shown to the window, saved, copied, exported.

use engine::part::PartRequest;
use engine::{Engine, Options};
use model::ErrorCode;
use serde_json::{Value, json};
use std::path::Path;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";

async fn call(engine: &Engine, name: &str, args: Value) -> Value {
    engine.call(name, args).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

struct Album {
    engine: Engine,
    base: Value,
    table: Value,
    record: Value,
    files: Value,
    pictures: Value,
}

async fn album(folder: &Path) -> Album {
    let engine = Engine::open(Options { keyring: false, ..Options::new(folder.join("profile")) }).await.unwrap();
    let base = call(&engine, "base.create", json!({"name": "Album"})).await;
    let table = base["tables"][0]["id"].clone();
    let column = |name: &'static str, kind: &'static str| {
        let args = json!({"base": base["id"], "table": table, "name": name, "type": kind});
        let engine = engine.clone();
        async move { call(&engine, "column.add", args).await["id"].clone() }
    };
    let (files, pictures) = (column("Papers", "file").await, column("Pictures", "image").await);
    let added = call(&engine, "record.add", json!({"base": base["id"], "table": table, "records": [{}]})).await;
    Album { record: added["records"][0].clone(), base: base["id"].clone(), engine, table, files, pictures }
}

impl Album {
    fn at(&self, column: &Value, more: Value) -> Value {
        let mut args = json!({"base": self.base, "table": self.table, "record": self.record, "column": column});
        for (key, value) in more.as_object().unwrap() {
            args[key] = value.clone();
        }
        args
    }

    async fn cell(&self, column: &Value) -> Value {
        let args = json!({"base": self.base, "table": self.table, "record": self.record});
        let record = call(&self.engine, "record.get", args).await;
        let at = record["columns"].as_array().unwrap().iter().position(|id| id == column).unwrap();
        record["cells"][at].clone()
    }

    async fn header(&self, file: &Value, name: &str) -> String {
        let address = format!(
            "base-file/{}/{}?n=..%2F{}",
            self.base.as_str().unwrap(),
            file["hash"].as_str().unwrap(),
            file["name"].as_str().unwrap()
        );
        let part = self.engine.part(PartRequest::parse(&address).unwrap()).await.unwrap();
        part.headers.into_iter().find(|(key, _)| key == name).map(|(_, value)| value).unwrap_or_default()
    }
}

#[tokio::test]
async fn a_file_goes_into_a_cell_is_shown_without_running_and_comes_out_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let album = album(folder.path()).await;
    let path = folder.path().join("logo.svg");
    std::fs::write(&path, SVG).unwrap();
    let pasted = json!({"filename": "../dot.png", "mime": "image/png", "base64": base64(PNG)});
    let added =
        call(&album.engine, "file.add", album.at(&album.files, json!({"paths": [path], "bytes": [pasted]}))).await;
    assert_eq!((&added["files"][0]["name"], &added["files"][1]["name"]), (&json!("logo.svg"), &json!("dot.png")));
    let cell = album.cell(&album.files).await;
    assert_eq!(cell, added["files"]);
    // A drawing is a document that may run scripts: it is never shown as one.
    assert_eq!(album.header(&cell[0], "Content-Type").await, "application/octet-stream");
    assert!(album.header(&cell[0], "Content-Disposition").await.starts_with("attachment; filename*=UTF-8''logo.svg"));
    assert_eq!(album.header(&cell[1], "Content-Type").await, "image/png");
    assert_eq!(album.header(&cell[1], "X-Content-Type-Options").await, "nosniff");
    assert!(album.header(&cell[1], "Content-Security-Policy").await.contains("sandbox"));
    let strange = format!("base-file/{}/{}", album.base.as_str().unwrap(), "00".repeat(32));
    let missing = album.engine.part(PartRequest::parse(&strange).unwrap()).await.unwrap_err();
    assert_eq!(missing.code, ErrorCode::NotFound);

    let out = folder.path().join("out");
    let saved = call(&album.engine, "file.save", album.at(&album.files, json!({"path": out}))).await;
    assert_eq!(saved["paths"].as_array().unwrap().len(), 2);
    assert_eq!(std::fs::read(out.join("logo.svg")).unwrap(), SVG);
    call(&album.engine, "file.save", album.at(&album.files, json!({"path": out, "file": 1}))).await;
    assert_eq!(std::fs::read(out.join("dot (1).png")).unwrap(), PNG);
    call(&album.engine, "base.undo", json!({"base": album.base})).await;
    assert_eq!(album.cell(&album.files).await, Value::Null);
}

#[tokio::test]
async fn a_picture_column_takes_pictures_only() {
    let folder = tempfile::tempdir().unwrap();
    let album = album(folder.path()).await;
    let of = |bytes: &[u8]| json!({"bytes": [{"filename": "a.png", "mime": "image/png", "base64": base64(bytes)}]});
    let error = album.engine.call("file.add", album.at(&album.pictures, of(SVG))).await.unwrap_err();
    assert_eq!(
        (error.code, error.message.as_str()),
        (ErrorCode::Invalid, "“a.png” is not a picture that can be shown.")
    );
    call(&album.engine, "file.add", album.at(&album.pictures, of(PNG))).await;
    assert_eq!(album.cell(&album.pictures).await[0]["size"], json!(PNG.len()));
    let relative = album.engine.call("file.add", album.at(&album.files, json!({"paths": ["Cargo.toml"]}))).await;
    assert_eq!(relative.unwrap_err().code, ErrorCode::Invalid);
}

#[tokio::test]
async fn a_copied_and_an_exported_base_carry_their_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut album = album(folder.path()).await;
    let pasted = json!({"bytes": [{"filename": "dot.png", "mime": "image/png", "base64": base64(PNG)}]});
    call(&album.engine, "file.add", album.at(&album.pictures, pasted)).await;
    let first = album.cell(&album.pictures).await;
    let copy = call(&album.engine, "base.copy", json!({"id": album.base, "name": "Copy"})).await;
    let original = std::mem::replace(&mut album.base, copy["id"].clone());
    assert_eq!(album.cell(&album.pictures).await, first);
    assert_eq!(album.header(&first[0], "Content-Type").await, "image/png");

    let path = folder.path().join("album.dtable");
    call(&album.engine, "base.export", json!({"base": original, "format": "dtable", "path": path, "files": true}))
        .await;
    let imported = call(&album.engine, "base.import_file", json!({"path": path})).await;
    let base = call(&album.engine, "base.get", json!({"id": imported["base"]})).await;
    album.base = base["id"].clone();
    let table = &base["tables"][0];
    album.table = table["id"].clone();
    album.record = json!(1);
    let pictures = table["columns"].as_array().unwrap().iter().find(|c| c["type"] == "image").unwrap()["id"].clone();
    let there = album.cell(&pictures).await;
    assert_eq!((&there[0]["hash"], &there[0]["name"]), (&first[0]["hash"], &first[0]["name"]));
    assert_eq!(album.header(&there[0], "Content-Type").await, "image/png");
}

#[tokio::test]
async fn a_paste_is_one_act_and_records_below_are_found_by_the_link_they_hold() {
    let folder = tempfile::tempdir().unwrap();
    let album = album(folder.path()).await;
    let column = json!({
        "base": album.base, "table": album.table, "name": "Above", "type": "link",
        "settings": {"table": album.table, "multiple": false, "two_way": false},
    });
    let above = call(&album.engine, "column.add", column).await["id"].as_i64().unwrap();
    let list = json!({"base": album.base, "table": album.table, "offset": 0, "limit": 10});
    let columns = call(&album.engine, "record.list", list.clone()).await["columns"].clone();
    let name = columns[0].as_i64().unwrap();
    let cells = |text: &str, link: Value| json!({ name.to_string(): text, above.to_string(): link });
    let put = json!({
        "base": album.base, "table": album.table,
        "update": [{"id": album.record, "cells": cells("Root", Value::Null)}],
        "add": [cells("Leaf", json!([album.record]))],
    });
    let act = call(&album.engine, "record.put", put).await;
    assert_eq!(act["records"].as_array().unwrap().len(), 2);
    let asked = json!({"base": album.base, "table": album.table, "column": above, "record": album.record, "limit": 10});
    let below = call(&album.engine, "record.linking", asked).await;
    assert_eq!((&below["total"], &below["rows"][0]["text"]), (&json!(1), &json!("Leaf")));
    call(&album.engine, "base.undo", json!({"base": album.base})).await;
    assert_eq!(call(&album.engine, "record.list", list).await["total"], json!(1));
}

fn base64(bytes: &[u8]) -> String {
    use ::base64::Engine as _;
    ::base64::engine::general_purpose::STANDARD.encode(bytes)
}
