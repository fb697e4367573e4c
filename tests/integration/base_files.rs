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

/// A PNG of one colour, so many pixels wide and high, without a library: rows of zeros, stored uncompressed.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let row = 1 + width as usize * 3;
    let rows = vec![0; row * height as usize];
    let mut zlib = vec![0x78, 0x01];
    let mut blocks = rows.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        zlib.push(u8::from(blocks.peek().is_none()));
        zlib.extend(length.to_le_bytes());
        zlib.extend((!length).to_le_bytes());
        zlib.extend(block);
    }
    // Adler-32 of nothing but zeros.
    zlib.extend((((rows.len() as u32 % 65_521) << 16) | 1).to_be_bytes());
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", header), (b"IDAT", zlib), (b"IEND", Vec::new())] {
        let body = [&kind[..], &data].concat();
        let sum = !body.iter().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
        });
        png.extend((data.len() as u32).to_be_bytes());
        png.extend(body);
        png.extend(sum.to_be_bytes());
    }
    png
}

#[tokio::test]
async fn a_file_of_a_cell_is_read_in_the_pieces_a_range_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let album = album(folder.path()).await;
    let film: Vec<u8> = (0..6_000_000_u32).map(|n| (n % 251) as u8).collect();
    let path = folder.path().join("film.mp4");
    std::fs::write(&path, &film).unwrap();
    let added = call(&album.engine, "file.add", album.at(&album.files, json!({"paths": [path]}))).await;
    let address = format!(
        "base-file/{}/{}?n=film.mp4",
        album.base.as_str().unwrap(),
        added["files"][0]["hash"].as_str().unwrap()
    );
    let ask = async |range: Option<&str>| {
        let part = album.engine.part_in(PartRequest::parse(&address).unwrap(), range).await.unwrap();
        let header = |name: &str| part.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        assert_eq!(header("Accept-Ranges").as_deref(), Some("bytes"));
        assert_eq!(header("Content-Type").as_deref(), Some("application/octet-stream"));
        (part.status, header("Content-Range"), part.bytes)
    };
    let piece =
        |from: usize, to: usize| (206, Some(format!("bytes {from}-{}/6000000", to - 1)), film[from..to].to_vec());
    assert_eq!(ask(Some("bytes=1000-1999")).await, piece(1000, 2000));
    assert_eq!(ask(Some("bytes=-500")).await, piece(5_999_500, 6_000_000));
    assert_eq!(ask(Some("bytes=5999990-")).await, piece(5_999_990, 6_000_000));
    // Who asks for all that is left gets as much as memory can bear, and asks on.
    assert_eq!(ask(Some("bytes=0-")).await, piece(0, 4 << 20));
    assert_eq!(ask(Some("bytes=6000000-")).await, (416, Some("bytes */6000000".into()), Vec::new()));
    assert_eq!(ask(None).await, (200, None, film.clone()));
    assert_eq!(ask(Some("bytes=0-1,4-5")).await.0, 200);
}

#[tokio::test]
async fn a_picture_of_a_cell_has_a_small_one_that_is_kept_beside_the_profile_and_never_in_the_base() {
    let folder = tempfile::tempdir().unwrap();
    let album = album(folder.path()).await;
    let names = ["big.png", "broken.png", "paper.png"];
    for (name, bytes) in names.iter().zip([picture(700, 300), PNG.to_vec(), SVG.to_vec()]) {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let paths: Vec<_> = names.iter().map(|name| folder.path().join(name)).collect();
    let added = call(&album.engine, "file.add", album.at(&album.files, json!({"paths": paths}))).await;
    let base = album.base.as_str().unwrap();
    let ask = async |at: usize, size: &str| {
        let hash = added["files"][at]["hash"].as_str().unwrap();
        let address = format!("base-thumbnail/{base}/{hash}?for={size}");
        album.engine.part(PartRequest::parse(&address).unwrap()).await
    };
    let bytes_of_base = || {
        let bases = folder.path().join("profile").join("bases");
        let files = std::fs::read_dir(bases).unwrap().map(|f| f.unwrap().path());
        files
            .filter(|path| path.extension().is_some_and(|e| e == "base"))
            .map(|path| std::fs::read(path).unwrap())
            .collect::<Vec<_>>()
    };
    let before = bytes_of_base();
    let small = ask(0, "cell").await.unwrap();
    assert_eq!((small.mime.as_str(), small.status), ("image/jpeg", 200));
    // The frame of a JPEG tells its height and width.
    let frame = small.bytes.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    assert_eq!(small.bytes[frame + 5..frame + 9], [0, 110, 1, 0]);
    let larger = ask(0, "card").await.unwrap();
    assert!(larger.bytes.len() > small.bytes.len());
    let cache = folder.path().join("profile").join("cache").join("thumbnails");
    let kept =
        || std::fs::read_dir(&cache).unwrap().map(|f| f.unwrap().path()).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(kept().len(), 2);
    // What was made is not made again.
    let first = kept().pop_first().unwrap();
    std::fs::write(&first, &larger.bytes).unwrap();
    assert_eq!(ask(0, "cell").await.unwrap().bytes, larger.bytes);
    for at in [1, 2] {
        assert_eq!(ask(at, "cell").await.unwrap_err().code, ErrorCode::NotFound, "{}", names[at]);
    }
    assert_eq!(kept().len(), 4);
    assert!(ask(1, "cell").await.is_err(), "what can't be made is remembered");
    assert_eq!(bytes_of_base(), before);
    // A hash that no base holds is not looked for on the disk.
    let strange = PartRequest::parse(&format!("base-thumbnail/{base}/..%2F..%2Fmail.db")).unwrap();
    assert_eq!(album.engine.part(strange).await.unwrap_err().code, ErrorCode::NotFound);
}
