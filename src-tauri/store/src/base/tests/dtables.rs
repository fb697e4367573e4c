//! SeaTable's files come in, and go back as they were.

use super::*;
use model::exchange::ExportFormat;
use std::io::Write as _;

/// Two linked tables as SeaTable writes them, with everything that a reader is tempted to lose.
pub(super) fn shop() -> Json {
    serde_json::from_str(include_str!("shop.json")).unwrap()
}

const ENTRIES: [(&str, &[u8]); 5] = [
    ("asset/images/2024-03/a b.png", b"\x89PNG picture"),
    ("asset/files/2024-03/offer.pdf", b"%PDF-"),
    ("asset/scripts/x1.py", b"print('never run')"),
    ("forms.json", br#"[{"username": "u", "form_config": "{}"}]"#),
    ("auto_rules.json", br#"[{"id": 1, "trigger": "{}"}]"#),
];

fn packed(content: &Json, entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("content.json", options).unwrap();
    archive.write_all(content.to_string().as_bytes()).unwrap();
    for (path, bytes) in entries {
        archive.start_file(*path, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn unpacked(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut entry = archive.by_index(at).unwrap();
            let (name, mut bytes) = (entry.name().unwrap().into_owned(), Vec::new());
            entry.read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

pub(super) struct Shop {
    pub(super) folder: tempfile::TempDir,
    pub(super) base: BaseFile,
    pub(super) report: ImportReport,
}

pub(super) fn import(content: &Json, entries: &[(&str, &[u8])]) -> Result<Shop> {
    let folder = tempfile::tempdir().unwrap();
    let (base, report) = BaseFile::create_from_file(
        &folder.path().join("shop.base"),
        &BaseFile::new_id(&SystemClock),
        "en",
        clock(),
        Source::Bytes(&packed(content, entries)),
        &ImportOptions::default(),
        &mut |_| true,
    )?;
    Ok(Shop { folder, base, report })
}

pub(super) fn export(base: &BaseFile, folder: &Path, files: bool) -> BTreeMap<String, Vec<u8>> {
    let options = ExportOptions {
        table: None,
        view: None,
        format: ExportFormat::Dtable,
        files,
        read_only: false,
        mark: false,
        delimiter: b',',
    };
    let path = folder.join("out.dtable");
    base.export(&path, &options, &mut |_| true).unwrap();
    unpacked(&path)
}

pub(super) fn content(entries: &BTreeMap<String, Vec<u8>>) -> Json {
    serde_json::from_slice(&entries["content.json"]).unwrap()
}

/// Where two documents differ first.
fn difference(a: &Json, b: &Json, path: &str) -> Option<String> {
    match (a, b) {
        (Json::Object(x), Json::Object(y)) => x.keys().chain(y.keys()).find_map(|k| match (x.get(k), y.get(k)) {
            (Some(x), Some(y)) => difference(x, y, &format!("{path}.{k}")),
            (x, y) => Some(format!("{path}.{k}: {x:?} became {y:?}")),
        }),
        (Json::Array(x), Json::Array(y)) if x.len() == y.len() => {
            x.iter().zip(y).enumerate().find_map(|(at, (x, y))| difference(x, y, &format!("{path}[{at}]")))
        }
        _ => (a != b).then(|| format!("{path}: {a} became {b}")),
    }
}

/// Cells that did not fit stand beside theirs, in columns of their own; the cells themselves are as they were.
fn without_misfits(mut content: Json) -> Json {
    for table in content["tables"].as_array_mut().unwrap() {
        let is_extra = |c: &Json| c["name"].as_str().unwrap().ends_with(" (text)");
        let columns = table["columns"].as_array_mut().unwrap();
        let extra: Vec<Json> = columns.iter().filter(|c| is_extra(c)).map(|c| c["key"].clone()).collect();
        columns.retain(|c| !is_extra(c));
        for row in table["rows"].as_array_mut().unwrap() {
            row.as_object_mut().unwrap().retain(|key, _| !extra.contains(&json!(key)));
        }
    }
    content
}

#[test]
fn a_seatable_file_goes_back_as_it_came() {
    let shop_given = shop();
    let shop = import(&shop_given, &ENTRIES).unwrap();
    let back = export(&shop.base, shop.folder.path(), true);
    assert_eq!(shop.report.misfits, ["New kind", "Due"]);
    let found = without_misfits(content(&back));
    assert_eq!(difference(&shop_given, &found, ""), None);
    for (path, bytes) in ENTRIES {
        assert_eq!(back[path], bytes, "{path}");
    }
    let text = String::from_utf8(back["content.json"].clone()).unwrap();
    assert!(text.contains("12345678901234567"), "digits were lost");
    let thin = export(&shop.base, shop.folder.path(), false);
    assert!(!thin.contains_key(ENTRIES[0].0) && thin.contains_key("asset/scripts/x1.py"));
}

#[test]
fn what_a_seatable_file_holds_can_be_worked_with() {
    let shop = import(&shop(), &ENTRIES).unwrap();
    let [orders, items] = shop.report.tables[..] else { panic!("{:?}", shop.report) };
    let table = shop.base.table(orders).unwrap();
    let page = shop.base.list(&list(orders)).unwrap();
    let cell = |row: usize, name: &str| {
        page.rows[row].cells[table.columns.iter().position(|c| c.name == name).unwrap()].clone()
    };
    assert_eq!(cell(0, "Items"), json!([{"id": 1, "text": "Desk"}, {"id": 2, "text": "Chair"}]));
    assert_eq!((cell(0, "Count"), cell(1, "Count")), (json!(2), json!(1)));
    assert_eq!(cell(1, "Parent"), json!([{"id": 2, "text": "A-2"}]), "a record may link itself");
    assert_eq!((cell(0, "Who"), cell(0, "Tags")), (json!(["Olga"]), json!([2, 1])));
    assert_eq!((cell(1, "Stage"), cell(1, "Twice")), (Json::Null, json!(0.2)));
    let file = &cell(0, "Files")[0];
    assert_eq!(shop.base.file(file["hash"].as_str().unwrap()).unwrap(), b"%PDF-");
    assert_eq!(cell(0, "Photo")[0]["name"], "a b.png");
    let other = shop.base.list(&list(items)).unwrap();
    assert_eq!(other.rows[0].cells[1], json!([{"id": 2, "text": "A-2"}, {"id": 1, "text": "A-1"}]));
    let view = table.views[0].id;
    assert_eq!(shop.base.list(&RecordListArgs { view: Some(view), ..list(orders) }).unwrap().total, 1);
    shop.base
        .update_records(
            orders,
            &[RecordValues { id: RecordId(1), cells: BTreeMap::from([(table.columns[0].id, json!("x"))]) }],
        )
        .unwrap_err();
    assert_eq!(shop.base.tables().unwrap().len(), 2);
}

#[test]
fn a_department_stays_one_on_its_way_in_and_out() {
    let mut given = shop();
    let table = &mut given["tables"][0];
    let column = json!({"key": "d3dd", "type": "department", "name": "Team", "width": 200, "data": null});
    table["columns"].as_array_mut().unwrap().push(column);
    table["rows"][0]["d3dd"] = json!("Sales");
    let shop = import(&given, &[]).unwrap();
    let orders = shop.report.tables[0];
    let team = shop.base.table(orders).unwrap().columns.into_iter().find(|c| c.name == "Team").unwrap();
    assert_eq!(team.kind, ColumnType::Department);
    let changed = BTreeMap::from([(team.id, json!("Stores"))]);
    shop.base.update_records(orders, &[RecordValues { id: RecordId(2), cells: changed }]).unwrap();
    let back = content(&export(&shop.base, shop.folder.path(), false));
    let table = &back["tables"][0];
    let column = table["columns"].as_array().unwrap().iter().find(|c| c["key"] == "d3dd").unwrap();
    assert_eq!(column["type"], "department");
    assert_eq!((&table["rows"][0]["d3dd"], &table["rows"][1]["d3dd"]), (&json!("Sales"), &json!("Stores")));
}

#[test]
fn what_was_changed_here_is_changed_in_the_file_and_nothing_else() {
    let shop = import(&shop(), &ENTRIES).unwrap();
    let [orders, items] = shop.report.tables[..] else { panic!() };
    let table = shop.base.table(orders).unwrap();
    let id = |name: &str| table.columns.iter().find(|c| c.name == name).unwrap().id;
    let put = |record: i64, column: ColumnId, value: Json| {
        let cells = BTreeMap::from([(column, value)]);
        shop.base.update_records(orders, &[RecordValues { id: RecordId(record), cells }]).unwrap();
    };
    put(2, id("Sum"), json!(7.5));
    put(2, id("Stage"), json!("Won"));
    put(2, id("Items"), json!([2]));
    let new = shop
        .base
        .add_records(items, &[BTreeMap::from([(shop.base.table(items).unwrap().columns[0].id, json!("Lamp"))])])
        .unwrap();
    shop.base.remove_records(items, &[RecordId(1)]).unwrap();
    shop.base.update_table(items, Some("Goods"), None, None).unwrap();
    let plain = shop.base.add_file(b"made here").unwrap();
    put(2, id("Files"), json!([{"name": "a/b.txt", "size": 9, "hash": plain}]));
    let back = export(&shop.base, shop.folder.path(), true);
    let found = without_misfits(content(&back));
    let row = &found["tables"][0]["rows"][1];
    assert_eq!((&row["a2aa"], &row["b6bb"]), (&json!(7.5), &json!("not a date")));
    assert_ne!(row["_mtime"], "2024-03-01T10:00:00.000+00:00");
    let options = &found["tables"][0]["columns"][1]["data"]["options"];
    assert_eq!(
        (&options[1]["id"], &options[2]["name"], &row["a1aa"]),
        (&json!("007"), &json!("Won"), &options[2]["id"])
    );
    assert_eq!(row["a5aa"][0]["url"].as_str().unwrap().rsplit('/').next(), Some("ab.txt"));
    assert!(back.iter().any(|(path, bytes)| path.ends_with("/ab.txt") && bytes == b"made here"));
    assert_eq!(found["tables"][0]["rows"][0], super::dtables::shop()["tables"][0]["rows"][0]);
    let goods = &found["tables"][1];
    assert_eq!(
        (&goods["name"], &goods["_id"], goods["rows"].as_array().unwrap().len()),
        (&json!("Goods"), &json!("Ab12"), 2)
    );
    assert_eq!(goods["rows"][1]["_id"].as_str().map(str::len), Some(22));
    assert_eq!(found["links"][0]["table1_table2_map"], json!({"Qv3C0yTcRQGZ0zW3nLVMUw": ["s2"], "r2": ["s2"]}));
    assert_eq!(found["links"][1], super::dtables::shop()["links"][1]);
    let _ = new;
    // And what goes out comes in again.
    let again = import(&found, &[]).unwrap();
    let goods = again.base.list(&list(again.report.tables[1])).unwrap();
    assert_eq!((goods.total, &goods.rows[1].cells[0]), (2, &json!("Lamp")));
}

#[test]
fn a_base_made_here_becomes_a_seatable_file() {
    let f = fixture();
    let orders = f.base.create_table("Orders").unwrap();
    f.base.add_column(f.table, "Orders", ColumnType::Link, Some(json!({"table": orders.id}))).unwrap();
    let stage = f.column("Stage", ColumnType::SingleSelect);
    let link = f.base.table(f.table).unwrap().columns[1].id;
    let order = f.base.add_records(orders.id, &[BTreeMap::from([(orders.columns[0].id, json!("A-1"))])]).unwrap();
    let ann = f.add(&[(f.first(), json!("Ann")), (stage, json!("Open"))]);
    f.put(ann, link, json!([order.records[0]]));
    let found = content(&export(&f.base, f.folder.path(), true));
    assert_eq!((&found["format_version"], found["tables"].as_array().unwrap().len()), (&json!(9), 2));
    let clients = &found["tables"][0];
    assert_eq!((&clients["_id"], &clients["columns"][0]["key"]), (&json!("0000"), &json!("0000")));
    assert_eq!(clients["id_row_map"], json!({}));
    let again = import(&found, &[]).unwrap();
    let page = again.base.list(&list(again.report.tables[0])).unwrap();
    assert_eq!(page.rows[0].cells, [json!("Ann"), json!([{"id": 1, "text": "A-1"}]), json!(1)]);
}

#[test]
fn a_hostile_seatable_file_is_refused_or_harmless() {
    let broken = |bytes: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.base");
        let id = BaseFile::new_id(&SystemClock);
        let done = BaseFile::create_from_file(
            &path,
            &id,
            "en",
            clock(),
            Source::Bytes(bytes),
            &ImportOptions::default(),
            &mut |_| true,
        );
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        assert!(done.is_ok() || left == 0, "something was left behind");
        done.err().map(|e| e.code)
    };
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for content in [
        "",
        "[]",
        "{}",
        "null",
        "{\"tables\": []}",
        "{\"tables\": 3}",
        "{\"tables\": [1]}",
        "{\"tables\":[{\"rows\":",
        &deep,
    ] {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file("content.json", zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        assert_eq!(broken(&bytes), Some(ErrorCode::Damaged), "{content:.30}");
    }
    // Paths that lead out of the archive name nothing; links in a circle, cells of ten megabytes and
    // shapes that are wrong are only what they are.
    let mut odd = shop();
    odd["tables"][0]["rows"][1]["a6aa"] = json!("x".repeat(10 << 20));
    odd["tables"][0]["rows"][1]["a5aa"] = json!({"name": ["?"], "url": {}});
    odd["tables"][0]["columns"][9]["data"]["formula"] = json!("{Twice} + {Twice}");
    odd["tables"][0]["views"][0]["filters"] = json!({"not": "a list"});
    odd["tables"][1]["rows"] = json!("no rows");
    odd["links"][0]["table1_table2_map"] = json!(["no", "map"]);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("slip.txt");
    let slip = format!("../../../../../..{}", out.display());
    let entries: [(&str, &[u8]); 3] = [(&slip, b"slipped"), ("/abs.txt", b"slipped"), ("a\\..\\b", b"slipped")];
    let shop = import(&odd, &entries).unwrap();
    assert!(!out.exists());
    let back = export(&shop.base, shop.folder.path(), true);
    assert!(!back.keys().any(|path| path.contains("..") || path.starts_with('/')), "{:?}", back.keys());
    assert_eq!(content(&back)["tables"][0]["rows"][1]["a6aa"].as_str().map(str::len), Some(10 << 20));
}

#[test]
fn pictures_and_signatures_of_our_own_stand_in_a_seatable_file_where_it_looks_for_them() {
    let f = fixture();
    let (photo, signed) = (f.column("Photo", ColumnType::Image), f.column("Signed", ColumnType::Signature));
    let id = f.add(&[(f.first(), json!("Ann"))]);
    for (column, name, bytes) in [(photo, "ann.png", &b"photo"[..]), (signed, "Signature.png", b"ink")] {
        f.base.add_files(f.table, column, Some(id), &[(name.into(), pack(bytes.to_vec()))]).unwrap();
    }
    let entries = export(&f.base, f.folder.path(), true);
    let found = content(&entries);
    let row = found["tables"][0]["rows"][0].as_object().unwrap();
    let picture = row.values().find_map(|cell| cell[0].as_str()).unwrap();
    let signature = row.values().find(|cell| cell["sign_time"].is_string()).unwrap();
    assert!(picture.starts_with("file://dtable-bundle/asset/images/"), "{picture}");
    assert!(signature["sign_image_url"].as_str().unwrap().contains("/digital-signs/"), "{signature}");
    let assets: Vec<(&str, &[u8])> = entries
        .iter()
        .filter(|(path, _)| path.starts_with("asset/"))
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
        .collect();
    let again = import(&found, &assets).unwrap();
    let there = again.base.list(&list(again.report.tables[0])).unwrap();
    for (at, bytes) in [(1, &b"photo"[..]), (2, b"ink")] {
        let cell = &there.rows[0].cells[at];
        let hash = cell["hash"].as_str().or(cell[0]["hash"].as_str()).unwrap();
        assert_eq!(again.base.file(hash).unwrap(), bytes);
    }
}

#[test]
fn own_views_groups_and_conditions_come_back_from_a_seatable_file() {
    use model::base::{DateStep, ViewKind};
    let f = fixture();
    let orders = f.base.create_table("Orders").unwrap();
    let state = f
        .base
        .add_column(orders.id, "State", ColumnType::SingleSelect, Some(json!({"options": ["Open", "Paid"]})))
        .unwrap()
        .id;
    let link = f.base.add_column(f.table, "Orders", ColumnType::Link, Some(json!({"table": orders.id}))).unwrap().id;
    let paid = json!({"kind": "group", "all": true, "items": [
        {"kind": "rule", "column": state, "predicate": "is", "value": 2},
    ]});
    let count = json!({"kind": "count", "link": link, "filter": paid});
    f.base.add_column(f.table, "Paid", ColumnType::LinkFormula, Some(count)).unwrap();
    let phase = f.column("Stage", ColumnType::SingleSelect);
    let due = f.column("Due", ColumnType::Date);
    let mut board = f.base.add_view(f.table, "Board", ViewKind::Kanban, None).unwrap();
    board.settings["kanban"]["column"] = json!(phase);
    f.base.update_view(f.table, &board).unwrap();
    let mut grid = f.base.table(f.table).unwrap().views.remove(0);
    grid.groups = vec![Sort { column: due, descending: true, by: Some(DateStep::Quarter) }];
    grid.row_height = 3;
    f.base.update_view(f.table, &grid).unwrap();
    let names = |base: &BaseFile, table: TableId| {
        let table = base.table(table).unwrap();
        let name = |id: &Json| table.columns.iter().find(|c| json!(c.id) == *id).map(|c| c.name.clone());
        let [grid, board] = [&table.views[0], &table.views[1]];
        let kanban = &board.settings["kanban"];
        let by = grid.groups[0];
        (
            (grid.row_height, by.by, by.descending, name(&json!(by.column))),
            (board.kind, name(&kanban["column"]), name(&kanban["title"]), kanban["fields"].as_array().unwrap().len()),
        )
    };
    let found = content(&export(&f.base, f.folder.path(), true));
    assert_eq!(found["tables"][0]["views"][1]["type"], "table");
    assert_eq!(found["tables"][0]["columns"][2]["data"]["conditions"][0]["filter_predicate"], "is");
    let again = import(&found, &[]).unwrap();
    assert_eq!(names(&again.base, again.report.tables[0]), names(&f.base, f.table));
    let there = again.base.table(again.report.tables[0]).unwrap();
    let column = again.base.table(again.report.tables[1]).unwrap().columns[1].id;
    assert_eq!(there.columns[2].settings["filter"]["items"][0]["column"], json!(column));
    assert_eq!(there.columns[2].settings["filter"]["items"][0]["value"], json!(2));
    // What nobody touched goes out once more as it came.
    assert_eq!(
        content(&export(&again.base, again.folder.path(), true))["tables"][0]["views"],
        found["tables"][0]["views"]
    );
}

#[test]
fn a_column_that_nobody_may_change_is_locked_here_and_goes_back_as_one() {
    let mut given = shop();
    let at = "/tables/0/columns/0/permission_type";
    given["tables"][0]["columns"][0]["permission_type"] = json!("nobody");
    let shop = import(&given, &ENTRIES).unwrap();
    let table = shop.base.tables().unwrap().remove(0);
    let column = table.columns[0].clone();
    assert!(column.cells_locked() && !table.columns[1].cells_locked());
    let back = without_misfits(content(&export(&shop.base, shop.folder.path(), true)));
    assert_eq!(difference(&given, &back, ""), None);
    let mut settings = column.settings;
    settings["locked"] = json!(false);
    let change = ColumnChange { settings: Some(settings), ..ColumnChange::default() };
    shop.base.update_column(table.id, column.id, &change).unwrap();
    let back = content(&export(&shop.base, shop.folder.path(), true));
    assert_ne!(back.pointer(at), Some(&json!("nobody")));
}

#[test]
fn a_link_limited_to_a_view_comes_from_a_seatable_file_and_goes_back() {
    let mut given = shop();
    // Views of other kinds stand between ours; the limit names one behind them.
    let mut paid = given["tables"][0]["views"][0].clone();
    (paid["_id"], paid["name"], paid["sorts"]) = (json!("Pa1d"), json!("Paid"), json!([]));
    paid["filters"] = json!([{"column_key": "a1aa", "filter_predicate": "is", "filter_term": "007"}]);
    given["tables"][0]["views"].as_array_mut().unwrap().push(paid);
    let structure = &mut given["tables"][0]["view_structure"]["view_ids"];
    structure.as_array_mut().unwrap().push(json!("Pa1d"));
    let parent = &mut given["tables"][0]["columns"][11]["data"];
    (parent["is_row_from_view"], parent["other_view_id"]) = (json!(true), json!("Pa1d"));
    let shop = import(&given, &ENTRIES).unwrap();
    let orders = shop.report.tables[0];
    let table = shop.base.table(orders).unwrap();
    assert_eq!(table.views.iter().map(|v| v.name.as_str()).collect::<Vec<_>>(), ["Open ones", "Paid"]);
    let parent = table.columns.iter().find(|c| c.name == "Parent").unwrap();
    assert_eq!(parent.settings["view"], json!(table.views[1].id));
    let found = without_misfits(content(&export(&shop.base, shop.folder.path(), true)));
    assert_eq!(difference(&given, &found, ""), None);
    // Limited to a view made here, it names that view in the file; and that comes in again.
    let mut new = shop.base.add_view(orders, "New", model::base::ViewKind::Table, None).unwrap();
    new.row_height = 2;
    shop.base.update_view(orders, &new).unwrap();
    let limit = ColumnChange { settings: Some(json!({"view": new.id})), ..ColumnChange::default() };
    shop.base.update_column(orders, parent.id, &limit).unwrap();
    let found = content(&export(&shop.base, shop.folder.path(), true));
    let views = found["tables"][0]["views"].as_array().unwrap();
    assert_eq!(
        views.iter().map(|v| v["name"].as_str().unwrap()).collect::<Vec<_>>(),
        ["Open ones", "Board", "Paid", "New"]
    );
    let data = &found["tables"][0]["columns"][11]["data"];
    assert_eq!((&data["is_row_from_view"], &data["other_view_id"]), (&json!(true), &views[3]["_id"]));
    let again = import(&found, &[]).unwrap();
    let table = again.base.table(again.report.tables[0]).unwrap();
    let parent = table.columns.iter().find(|c| c.name == "Parent").unwrap();
    assert_eq!(parent.settings["view"], json!(table.views.iter().find(|v| v.name == "New").unwrap().id));
    // A view that is not there limits nothing.
    given["tables"][0]["columns"][11]["data"]["other_view_id"] = json!("none");
    let shop = import(&given, &ENTRIES).unwrap();
    let table = shop.base.table(shop.report.tables[0]).unwrap();
    assert_eq!(table.columns.iter().find(|c| c.name == "Parent").unwrap().settings["view"], Json::Null);
}

#[test]
fn a_private_view_of_a_seatable_file_stays_in_sight_and_goes_back_with_its_mark() {
    let mut given = shop();
    given["tables"][0]["views"][0]["private_for"] = json!("u1@auth.local");
    let shop = import(&given, &ENTRIES).unwrap();
    let orders = shop.report.tables[0];
    let base = shop.base.for_person("0123456789abcdef0123456789abcdef");
    let mut view = base.table(orders).unwrap().views.remove(0);
    assert_eq!(view.settings, json!({"private": true}));
    let found = without_misfits(content(&export(&base, shop.folder.path(), true)));
    assert_eq!(difference(&given, &found, ""), None);
    // Shared here, it is shared there.
    view.settings = json!({});
    base.update_view(orders, &view).unwrap();
    let found = content(&export(&base, shop.folder.path(), true));
    assert_eq!(found.pointer("/tables/0/views/0/private_for"), Some(&Json::Null));
}
