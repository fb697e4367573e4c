//! Copies are whole, locks hold, finds are found where people see them.

use super::links::shop;
use super::*;
use model::base::{PreviewFormulaArgs, RecordFindArgs, RecordPositionArgs, RecordReplaceArgs};

fn find(f: &Fixture, text: &str) -> RecordFindArgs {
    RecordFindArgs {
        base: BaseId(String::new()),
        table: f.table,
        view: None,
        text: text.into(),
        case: false,
        whole: false,
        column: None,
        from: 0,
    }
}

fn replace(f: &Fixture, text: &str, by: &str) -> RecordReplaceArgs {
    RecordReplaceArgs {
        base: BaseId(String::new()),
        table: f.table,
        view: None,
        text: text.into(),
        replacement: by.into(),
        case: false,
        whole: false,
        column: None,
        records: None,
    }
}

#[test]
fn a_copied_record_has_the_same_cells_and_links_and_a_number_of_its_own() {
    let s = shop(json!({}));
    let number =
        s.f.base.add_column(s.f.table, "No", ColumnType::AutoNumber, Some(json!({"format": "K-0"}))).unwrap().id;
    s.link(1, json!([2, 1]));
    let copy = s.f.base.duplicate_records(s.f.table, &[RecordId(1)]).unwrap().records[0];
    assert_eq!(s.cell_of(s.f.table, copy.0, s.link), s.cell_of(s.f.table, 1, s.link));
    assert_eq!((s.f.cell(copy, 0), s.cell_of(s.f.table, copy.0, number)), (json!("Ann"), json!("K-3")));
    s.f.base.undo().unwrap();
    assert_eq!(s.f.base.list(&list(s.f.table)).unwrap().total, 2);
    s.f.base.redo().unwrap();
    assert_eq!(s.cell_of(s.f.table, copy.0, s.link), s.cell_of(s.f.table, 1, s.link));
}

#[test]
fn a_locked_record_refuses_edits_until_it_is_unlocked() {
    let s = shop(json!({}));
    s.f.base.lock_records(s.f.table, &[RecordId(1)], true).unwrap();
    let locked = |id| s.f.base.record(s.f.table, RecordId(id)).unwrap().locked;
    assert!(locked(1) && !locked(2));
    assert!(s.f.base.list(&list(s.f.table)).unwrap().rows[0].locked);
    let name = s.f.first();
    let error = s.put_in(s.f.table, 1, name, json!("X")).unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (ErrorCode::Conflict, "Record 1 is locked."));
    assert_eq!(s.put_in(s.f.table, 1, s.link, json!([1])).unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(s.f.base.remove_records(s.f.table, &[RecordId(2), RecordId(1)]).unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(s.f.base.list(&list(s.f.table)).unwrap().total, 2);
    s.f.base.undo().unwrap();
    assert!(!locked(1));
    s.f.base.redo().unwrap();
    assert!(locked(1));
    s.f.base.lock_records(s.f.table, &[RecordId(1)], false).unwrap();
    s.put_in(s.f.table, 1, name, json!("X")).unwrap();
}

#[test]
fn locked_cells_of_a_column_refuse_edits_of_whatever_way_until_they_are_unlocked() {
    let s = shop(json!({}));
    let (table, name) = (s.f.table, s.f.first());
    let lock = |column, on: bool| {
        let mut settings =
            s.f.base.table(table).unwrap().columns.into_iter().find(|c| c.id == column).unwrap().settings;
        settings["locked"] = json!(on);
        let change = ColumnChange { settings: Some(settings), ..ColumnChange::default() };
        assert_eq!(s.f.base.update_column(table, column, &change).unwrap().cells_locked(), on);
    };
    for column in [name, s.link] {
        lock(column, true);
    }
    let error = s.put_in(table, 1, name, json!("X")).unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    assert_eq!(error.message, "The cells of the column “Name” are locked.");
    assert_eq!(s.put_in(table, 1, s.link, json!([1])).unwrap_err().code, ErrorCode::Conflict);
    let new = BTreeMap::from([(name, json!("New"))]);
    assert_eq!(s.f.base.add_records(table, &[new]).unwrap_err().code, ErrorCode::Conflict);
    assert!(s.f.base.replace(&replace(&s.f, "Ann", "Eve")).is_err());
    assert_eq!(s.f.cell(RecordId(1), 0), json!("Ann"));
    // What needs none of them goes on, and a copy is not a change.
    s.f.base.add_records(table, &[BTreeMap::new()]).unwrap();
    s.f.base.duplicate_records(table, &[RecordId(1)]).unwrap();
    lock(name, false);
    s.put_in(table, 1, name, json!("X")).unwrap();
    s.f.base.undo().unwrap();
    s.f.base.undo().unwrap();
    assert!(s.put_in(table, 1, name, json!("X")).is_err(), "taking the unlocking back locks again");
}

#[test]
fn text_is_found_in_the_order_of_the_view_and_replaced_in_one_act() {
    let f = fixture();
    let note = f.column("Note", ColumnType::LongText);
    let amount = f.column("Amount", ColumnType::Number);
    for (name, text, n) in [("Zebra Ltd", "pay ltd", 12), ("Acme LTD", "", 7), ("Beta", "none", 12)] {
        f.add(&[(f.first(), json!(name)), (note, json!(text)), (amount, json!(n))]);
    }
    let mut view = f.base.table(f.table).unwrap().views.remove(0);
    view.sorts = vec![Sort::by_value(f.first(), false)];
    f.base.update_view(f.table, &view).unwrap();
    let mut args = RecordFindArgs { view: Some(view.id), ..find(&f, "ltd") };
    let hits = |args: &RecordFindArgs| {
        let found = f.base.find(args).unwrap();
        assert_eq!(found.total as usize, found.hits.len());
        found.hits.iter().map(|h| (h.record.0, h.column, h.offset)).collect::<Vec<_>>()
    };
    assert_eq!(hits(&args), [(2, f.first(), 0), (1, f.first(), 2), (1, note, 2)]);
    args.from = 1;
    assert_eq!(hits(&args).len(), 2);
    args = RecordFindArgs { case: true, ..find(&f, "LTD") };
    assert_eq!(hits(&args), [(2, f.first(), 1)]);
    args = RecordFindArgs { whole: true, ..find(&f, "12") };
    assert_eq!(hits(&args), [(1, amount, 0), (3, amount, 2)]);
    assert_eq!(f.base.replace(&replace(&f, "Ltd", "GmbH")).unwrap().records, [RecordId(1), RecordId(2)]);
    assert_eq!((f.cell(RecordId(1), 0), f.cell(RecordId(1), 1)), (json!("Zebra GmbH"), json!("pay GmbH")));
    f.base.undo().unwrap();
    assert_eq!(f.cell(RecordId(2), 0), json!("Acme LTD"));
    f.base.replace(&RecordReplaceArgs { column: Some(amount), ..replace(&f, "2", "5") }).unwrap();
    assert_eq!(f.cell(RecordId(3), 2), json!(15));
    // What does not fit its column writes nothing at all.
    assert_eq!(f.base.replace(&replace(&f, "1", "x")).unwrap_err().code, ErrorCode::Invalid);
    assert_eq!(f.cell(RecordId(3), 2), json!(15));
    let place = RecordPositionArgs {
        base: BaseId(String::new()),
        table: f.table,
        record: RecordId(1),
        view: Some(view.id),
        filter: None,
        search: None,
        sorts: None,
    };
    assert_eq!(f.base.position(&place).unwrap().offset, Some(2));
    assert_eq!(f.base.position(&RecordPositionArgs { record: RecordId(9), ..place }).unwrap().offset, None);
}

#[test]
fn a_copied_column_holds_the_same_cells_beside_the_original() {
    let s = shop(json!({}));
    s.link(1, json!([1, 2]));
    let names = |table| s.f.base.table(table).unwrap().columns.into_iter().map(|c| c.name).collect::<Vec<_>>();
    let describe = ColumnChange { description: Some("What they ordered".into()), ..ColumnChange::default() };
    s.f.base.update_column(s.f.table, s.link, &describe).unwrap();
    let copy = s.f.base.duplicate_column(s.f.table, s.link, None).unwrap();
    assert_eq!((copy.name.as_str(), copy.description.as_str()), ("Orders 2", "What they ordered"));
    assert_eq!(s.cell_of(s.f.table, 1, copy.id), s.cell_of(s.f.table, 1, s.link));
    s.f.base.duplicate_column(s.orders, s.amount, Some("Price")).unwrap();
    assert_eq!(names(s.orders), ["Name", "Amount", "Price", "Clients", "Clients 2"]);
    s.f.base.undo().unwrap();
    s.f.base.undo().unwrap();
    assert_eq!(
        (names(s.f.table), names(s.orders)),
        (vec!["Name".into(), "Orders".into()], vec!["Name".into(), "Amount".into(), "Clients".into()])
    );
}

#[test]
fn a_copied_table_has_its_own_links_formulas_and_views() {
    let s = shop(json!({}));
    s.link(1, json!([2, 1]));
    let count =
        s.f.base
            .add_column(s.f.table, "Count", ColumnType::LinkFormula, Some(json!({"kind": "count", "link": s.link})))
            .unwrap()
            .id;
    s.f.base.add_column(s.f.table, "Twice", ColumnType::Formula, Some(json!({"formula": "{Count} * 2"}))).unwrap();
    let boss =
        s.f.base
            .add_column(s.f.table, "Boss", ColumnType::Link, Some(json!({"table": s.f.table, "back_name": "Team"})))
            .unwrap();
    s.put_in(s.f.table, 2, boss.id, json!([1])).unwrap();
    let mut view = s.f.base.table(s.f.table).unwrap().views.remove(0);
    view.filter = Some(rule(count, "greater", json!(0)));
    view.hidden = vec![boss.id];
    s.f.base.update_view(s.f.table, &view).unwrap();
    let copy = s.f.base.duplicate_table(s.f.table, "Clients too", true).unwrap();
    let names: Vec<_> = copy.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["Name", "Orders", "Count", "Twice", "Boss", "Team"]);
    let mut args = list(copy.id);
    let rows = s.f.base.list(&args).unwrap().rows;
    let orders = json!([{"id": 2, "text": "O-2"}, {"id": 1, "text": "O-1"}]);
    assert_eq!(
        rows[0].cells,
        [json!("Ann"), orders, json!(2), json!(4), json!(null), json!([{"id": 2, "text": "Bob"}])]
    );
    args.view = Some(copy.views[0].id);
    assert_eq!(s.f.names(&args), ["Ann"]);
    assert_eq!(copy.views[0].hidden, [copy.columns[4].id]);
    // What is done to the copy leaves the original alone.
    s.put_in(copy.id, 1, copy.columns[1].id, json!([])).unwrap();
    assert_eq!(s.cell_of(s.f.table, 1, count), json!(2));
    let empty = s.f.base.duplicate_table(s.f.table, "Empty", false).unwrap();
    assert_eq!(s.f.base.list(&list(empty.id)).unwrap().total, 0);
    s.f.base.undo().unwrap();
    s.f.base.undo().unwrap();
    s.f.base.undo().unwrap();
    assert_eq!(s.f.base.tables().unwrap().len(), 2);
    assert_eq!(s.f.base.table(s.orders).unwrap().columns.len(), 3);
}

#[test]
fn tables_are_moved_and_hidden() {
    let s = shop(json!({}));
    s.f.base.move_table(s.orders, 0).unwrap();
    let names = || s.f.base.tables().unwrap().into_iter().map(|t| (t.name, t.hidden)).collect::<Vec<_>>();
    assert_eq!(names(), [("Orders".to_owned(), false), ("Clients".to_owned(), false)]);
    s.f.base.update_table(s.orders, None, None, Some(true)).unwrap();
    assert!(names()[0].1);
    s.f.base.undo().unwrap();
    s.f.base.undo().unwrap();
    assert_eq!(names(), [("Clients".to_owned(), false), ("Orders".to_owned(), false)]);
}

#[test]
fn a_formula_is_previewed_with_values_or_with_its_mistake() {
    let s = shop(json!({}));
    let preview = |formula: &str, record: Option<i64>| {
        let args = PreviewFormulaArgs {
            base: BaseId(String::new()),
            table: s.orders,
            formula: formula.into(),
            record: record.map(RecordId),
        };
        s.f.base.preview_formula(&args).unwrap()
    };
    let seen = preview("100 / {Amount}", None);
    assert_eq!(seen.result.map(|r| r.kind), Some(ColumnType::Number));
    let texts: Vec<_> = seen.samples.iter().map(|s| s.text.as_str()).collect();
    assert_eq!(texts, ["10", "5", "3.3333333333333335", "#ERROR: Division by zero."]);
    assert_eq!(preview("{Name} & '!'", Some(2)).samples[0].text, "O-2!");
    let wrong = preview("{Name} & {Nam}", None);
    assert_eq!((wrong.at, wrong.error.unwrap().code, wrong.samples.len()), (Some(9), ErrorCode::Template, 0));
}

#[test]
fn new_records_get_the_default_of_their_columns() {
    let f = fixture();
    let with = |name: &str, kind, settings: Json| f.base.add_column(f.table, name, kind, Some(settings)).unwrap().id;
    with("Stage", ColumnType::SingleSelect, json!({"options": ["Open", "Paid"], "default": 2}));
    with("Number", ColumnType::Number, json!({"default": 1.5}));
    with("Day", ColumnType::Date, json!({"default": "today"}));
    let own = with("Note", ColumnType::Text, json!({"default": "new", "enable_fill_default_value": false}));
    let id = f.add(&[(own, json!("mine"))]);
    assert_eq!((f.cell(id, 1), f.cell(id, 2), f.cell(id, 4)), (json!(2), json!(1.5), json!("mine")));
    let today = ::base::civil::format(f.base.context().today() * 86_400, "YYYY-MM-DD");
    assert_eq!(f.cell(id, 3), json!(today));
}

#[test]
fn a_number_keeps_to_its_limits_and_a_choice_to_the_one_it_hangs_on() {
    let f = fixture();
    let with = |name: &str, kind, settings: Json| f.base.add_column(f.table, name, kind, Some(settings)).unwrap().id;
    let limits =
        json!({"format": "percent", "enable_check_format": true, "format_min_value": 0, "format_max_value": "1"});
    let share = with("Share", ColumnType::Number, limits);
    let country = with("Country", ColumnType::SingleSelect, json!({"options": ["UA", "PL"]}));
    let cascade = json!({"column": country, "options": {"1": [1, 2], "2": [3]}});
    let city = with("City", ColumnType::SingleSelect, json!({"options": ["Kyiv", "Lviv", "Łódź"], "cascade": cascade}));
    let id = f.add(&[(share, json!("100%")), (country, json!("UA")), (city, json!("Lviv"))]);
    let put = |cells: &[(ColumnId, Json)]| {
        f.base.update_records(f.table, &[RecordValues { id, cells: cells.iter().cloned().collect() }]).map(|_| ())
    };
    assert_eq!(
        put(&[(share, json!(1.5))]).unwrap_err().message,
        "The column “Share” can't take this: “150%” is more than 100%, the most it takes."
    );
    assert_eq!(
        put(&[(city, json!("Łódź"))]).unwrap_err().message,
        "The column “City” can't take this: “Łódź” does not go with “UA” in “Country”."
    );
    put(&[(city, json!("Łódź")), (country, json!("PL"))]).unwrap();
    put(&[(city, json!(null))]).unwrap();
    assert_eq!(put(&[(country, json!(null)), (city, json!(1))]).unwrap_err().code, ErrorCode::Invalid);
    // A filter may ask for what no cell may hold.
    let mut args = list(f.table);
    args.filter = Some(rule(share, "less", json!("500%")));
    assert_eq!(f.base.list(&args).unwrap().total, 1);
}
