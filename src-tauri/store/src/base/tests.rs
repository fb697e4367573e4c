//! A base file keeps what people put in, in order, and gives it back.

use super::*;
use model::base::{ColumnType, FilterNode, RecordListArgs, RecordValues, Sort};
use model::{ColumnId, RecordId, SystemClock, TableId, ViewId};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

mod attached;
mod conform;
mod copies;
mod dtable_persons;
mod dtables;
mod exports;
mod figures;
mod files;
mod formulas;
mod imports;
mod indexes;
mod keeping;
mod limits;
mod links;
mod lists;
mod me;
mod merges;
mod orders;
mod people;
mod persons;
mod pieces;
mod private_views;
mod undo;

pub(super) fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

pub(super) struct Fixture {
    pub(super) folder: tempfile::TempDir,
    pub(super) base: BaseFile,
    pub(super) table: TableId,
}

pub(super) fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let base = BaseFile::create(&folder.path().join("a.base"), &BaseFile::new_id(&SystemClock), "uk", clock()).unwrap();
    let table = base.create_table("Clients").unwrap().id;
    Fixture { folder, base, table }
}

pub(super) fn list(table: TableId) -> RecordListArgs {
    RecordListArgs {
        base: BaseId(String::new()),
        table,
        view: None,
        filter: None,
        search: None,
        sorts: None,
        offset: 0,
        limit: 1000,
    }
}

pub(super) fn rule(column: ColumnId, predicate: &str, value: Json) -> FilterNode {
    FilterNode::Rule { column, predicate: predicate.into(), value, modifier: None }
}

impl Fixture {
    pub(super) fn column(&self, name: &str, kind: ColumnType) -> ColumnId {
        self.base.add_column(self.table, name, kind, None).unwrap().id
    }

    pub(super) fn first(&self) -> ColumnId {
        self.base.table(self.table).unwrap().columns[0].id
    }

    pub(super) fn add(&self, cells: &[(ColumnId, Json)]) -> RecordId {
        let cells: BTreeMap<_, _> = cells.iter().cloned().collect();
        self.base.add_records(self.table, &[cells]).unwrap().records[0]
    }

    pub(super) fn put(&self, id: RecordId, column: ColumnId, value: Json) {
        self.base.update_records(self.table, &[RecordValues { id, cells: BTreeMap::from([(column, value)]) }]).unwrap();
    }

    pub(super) fn names(&self, args: &RecordListArgs) -> Vec<String> {
        self.base.list(args).unwrap().rows.iter().map(|r| r.cells[0].as_str().unwrap_or_default().to_owned()).collect()
    }

    pub(super) fn cell(&self, id: RecordId, at: usize) -> Json {
        self.base.records(self.table, &[id]).unwrap().rows[0].cells[at].clone()
    }
}

#[test]
fn cells_come_back_as_they_were_typed_or_given() {
    let f = fixture();
    let cases = [
        (ColumnType::LongText, json!("one\ntwo"), json!("one\ntwo")),
        (ColumnType::Number, json!("1.234,56"), json!(1234.56)),
        (ColumnType::Date, json!("30.11.2026"), json!("2026-11-30")),
        (ColumnType::Duration, json!(5400), json!(5400)),
        (ColumnType::SingleSelect, json!("Open"), json!(1)),
        (ColumnType::MultipleSelect, json!(["A", "B"]), json!([1, 2])),
        (ColumnType::Checkbox, json!("yes"), json!(true)),
        (ColumnType::Rating, json!("4"), json!(4)),
        (ColumnType::Email, json!("Ann <ann@example.org>"), json!("Ann <ann@example.org>")),
        (ColumnType::Geolocation, json!("50.45, 30.52"), json!({"lng": 30.52, "lat": 50.45})),
        (ColumnType::File, json!([{"name": "a.pdf"}]), json!([{"name": "a.pdf"}])),
    ];
    let mut columns = Vec::new();
    for (at, (kind, given, _)) in cases.iter().enumerate() {
        columns.push((f.column(&format!("Column {at}"), *kind), given.clone()));
    }
    let id = f.add(&columns);
    for (at, (kind, _, expected)) in cases.iter().enumerate() {
        assert_eq!(f.cell(id, at + 1), *expected, "{kind:?}");
    }
    f.put(id, columns[1].0, json!(null));
    assert_eq!(f.cell(id, 2), Json::Null);
    let error = f
        .base
        .update_records(f.table, &[RecordValues { id, cells: BTreeMap::from([(columns[1].0, json!("many"))]) }])
        .unwrap_err();
    assert_eq!(error.message, "The column “Column 1” can't take this: “many” is not a number.");
}

#[test]
fn numbers_times_and_defaults_are_filled_in() {
    let f = fixture();
    let first = f.add(&[(f.first(), json!("before"))]);
    let number = f.base.add_column(f.table, "No", ColumnType::AutoNumber, Some(json!({"format": "K-000"}))).unwrap().id;
    f.column("Made", ColumnType::CreatedTime);
    f.base.add_column(f.table, "State", ColumnType::Text, Some(json!({"default_value": "new"}))).unwrap();
    let second = f.add(&[(f.first(), json!("after"))]);
    assert_eq!((f.cell(first, 1), f.cell(second, 1)), (json!("K-001"), json!("K-002")));
    assert_eq!(f.cell(second, 2).as_str().map(str::len), Some(16));
    assert_eq!((f.cell(first, 3), f.cell(second, 3)), (Json::Null, json!("new")));
    assert!(f.base.add_records(f.table, &[BTreeMap::from([(number, json!("K-9"))])]).is_err());
}

#[test]
fn records_are_sorted_in_the_language_of_the_base_with_empty_ones_last() {
    let f = fixture();
    let name = f.first();
    for word in ["їжак", "гава", "", "ґава", "єнот", "іва"] {
        f.add(&[(name, json!(word))]);
    }
    let mut args = list(f.table);
    args.sorts = Some(vec![Sort::by_value(name, false)]);
    assert_eq!(f.names(&args), ["гава", "ґава", "єнот", "іва", "їжак", ""]);
    args.sorts = Some(vec![Sort::by_value(name, true)]);
    assert_eq!(f.names(&args), ["їжак", "іва", "єнот", "ґава", "гава", ""]);
}

#[test]
fn options_sort_by_their_place_and_not_by_their_name() {
    let f = fixture();
    let stage = f
        .base
        .add_column(f.table, "Stage", ColumnType::SingleSelect, Some(json!({"options": ["Zero", "Alpha"]})))
        .unwrap()
        .id;
    for (name, option) in [("b", json!("Alpha")), ("a", json!("Zero")), ("c", json!(null))] {
        f.add(&[(f.first(), json!(name)), (stage, option)]);
    }
    let mut args = list(f.table);
    args.sorts = Some(vec![Sort::by_value(stage, false)]);
    assert_eq!(f.names(&args), ["a", "b", "c"]);
}

#[test]
fn a_list_follows_edits_only_where_they_matter() {
    let f = fixture();
    let (name, amount) = (f.first(), f.column("Amount", ColumnType::Number));
    let ids: Vec<_> = (0..10).map(|n| f.add(&[(name, json!(format!("r{n}"))), (amount, json!(n))])).collect();
    let mut args = list(f.table);
    args.filter = Some(rule(amount, "greater", json!(6)));
    args.sorts = Some(vec![Sort::by_value(amount, true)]);
    assert_eq!(f.names(&args), ["r9", "r8", "r7"]);
    f.put(ids[8], name, json!("renamed"));
    assert_eq!(f.names(&args), ["r9", "renamed", "r7"]);
    f.put(ids[0], amount, json!("100"));
    assert_eq!(f.names(&args), ["r0", "r9", "renamed", "r7"]);
    f.base.remove_records(f.table, &[ids[9], RecordId(999)]).unwrap();
    assert_eq!(f.names(&args), ["r0", "renamed", "r7"]);
    args.limit = 0;
    assert_eq!(f.base.list(&args).unwrap().total, 3);
}

#[test]
fn every_page_is_right_with_and_without_gaps() {
    let f = fixture();
    let name = f.first();
    let records: Vec<_> = (0..5000).map(|n| BTreeMap::from([(name, json!(format!("r{n}")))])).collect();
    f.base.add_records(f.table, &records).unwrap();
    let page = |offset| {
        let page = f.base.list(&RecordListArgs { offset, limit: 2, ..list(f.table) }).unwrap();
        (page.total, page.rows.iter().map(|r| r.cells[0].as_str().unwrap().to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(page(4000), (5000, vec!["r4000".into(), "r4001".into()]));
    f.base.remove_records(f.table, &[RecordId(1), RecordId(4002)]).unwrap();
    assert_eq!(page(0), (4998, vec!["r1".into(), "r2".into()]));
    assert_eq!(page(3999), (4998, vec!["r4000".into(), "r4002".into()]));
    assert_eq!(page(5000), (4998, vec![]));
}

#[test]
fn search_finds_what_people_see() {
    let f = fixture();
    let name = f.first();
    let stage = f
        .base
        .add_column(f.table, "Stage", ColumnType::SingleSelect, Some(json!({"options": ["Відкрито", "Closed"]})))
        .unwrap()
        .id;
    let (amount, due) = (f.column("Amount", ColumnType::Number), f.column("Due", ColumnType::Date));
    f.add(&[
        (name, json!("Тарас ШЕВЧЕНКО")),
        (stage, json!("Closed")),
        (amount, json!(12.5)),
        (due, json!("2026-11-30")),
    ]);
    f.add(&[(name, json!("Łódź")), (stage, json!("Відкрито")), (amount, json!(7))]);
    let search = |text: &str| f.names(&RecordListArgs { search: Some(text.into()), ..list(f.table) });
    for (text, expected) in [
        ("шевч", "Тарас ШЕВЧЕНКО"),
        ("lodz", "Łódź"),
        ("відкр", "Łódź"),
        ("12.5", "Тарас ШЕВЧЕНКО"),
        ("12,5", "Тарас ШЕВЧЕНКО"),
        ("30.11.2026", "Тарас ШЕВЧЕНКО"),
        ("2026-11", "Тарас ШЕВЧЕНКО"),
    ] {
        assert_eq!(search(text), [expected], "{text}");
    }
    assert!(search("nothing like it").is_empty());
    assert_eq!(search("  ").len(), 2);
}

#[test]
fn a_change_of_type_keeps_what_fits_and_undo_brings_back_the_rest() {
    let f = fixture();
    let amount = f.column("Amount", ColumnType::Text);
    let ids: Vec<_> = ["12,5", "many", ""].iter().map(|t| f.add(&[(amount, json!(t))])).collect();
    let kind = |kind| ColumnChange { kind: Some(kind), ..ColumnChange::default() };
    f.base.update_column(f.table, amount, &kind(ColumnType::Number)).unwrap();
    assert_eq!((f.cell(ids[0], 1), f.cell(ids[1], 1)), (json!(12.5), Json::Null));
    f.base.undo().unwrap();
    assert_eq!((f.cell(ids[0], 1), f.cell(ids[1], 1)), (json!("12,5"), json!("many")));
    f.base.update_column(f.table, amount, &kind(ColumnType::MultipleSelect)).unwrap();
    assert_eq!(f.cell(ids[1], 1), json!([3]));
    let column = f.base.update_column(f.table, amount, &kind(ColumnType::SingleSelect)).unwrap();
    assert_eq!(column.settings["options"].as_array().unwrap().len(), 3);
    f.base.update_column(f.table, amount, &kind(ColumnType::Text)).unwrap();
    assert_eq!(f.cell(ids[1], 1), json!("many"));
}

#[test]
fn the_first_view_of_a_table_is_named_in_the_language_of_the_base() {
    let folder = tempfile::tempdir().unwrap();
    for (language, name) in [("de-AT", "Standardansicht"), ("ru", "Основной вид"), ("nl", "Default view")] {
        let path = folder.path().join(format!("{language}.base"));
        let base = BaseFile::create(&path, &BaseFile::new_id(&SystemClock), language, clock()).unwrap();
        assert_eq!(base.create_table("A").unwrap().views[0].name, name);
    }
}

#[test]
fn names_are_unique_and_columns_can_be_moved_and_removed() {
    let f = fixture();
    let (b, c) = (f.column("B", ColumnType::Text), f.column("C", ColumnType::Number));
    assert_eq!(f.base.add_column(f.table, "b", ColumnType::Text, None).unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(f.base.add_column(f.table, "{x}", ColumnType::Text, None).unwrap_err().code, ErrorCode::Invalid);
    assert_eq!(f.base.create_table("CLIENTS").unwrap_err().code, ErrorCode::Conflict);
    f.base
        .update_column(
            f.table,
            c,
            &ColumnChange { position: Some(0), name: Some("Cost".into()), ..ColumnChange::default() },
        )
        .unwrap();
    let names = |f: &Fixture| f.base.table(f.table).unwrap().columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&f), ["Cost", "Name", "B"]);
    let mut view = f.base.table(f.table).unwrap().views[0].clone();
    view.filter = Some(rule(b, "contains", json!("x")));
    view.sorts = vec![Sort::by_value(b, false)];
    f.base.update_view(f.table, &view).unwrap();
    f.base.remove_column(f.table, b).unwrap();
    let view = f.base.table(f.table).unwrap().views[0].clone();
    assert!(view.sorts.is_empty());
    assert_eq!(f.base.list(&RecordListArgs { view: Some(view.id), ..list(f.table) }).unwrap().total, 0);
    f.base.undo().unwrap();
    assert_eq!(names(&f), ["Cost", "Name", "B"]);
    assert_eq!(f.base.table(f.table).unwrap().views[0].sorts.len(), 1);
}
