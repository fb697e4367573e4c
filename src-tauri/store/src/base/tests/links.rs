//! Links show, follow, are limited and come back; what is calculated over them follows them.

use super::*;
use model::base::{CandidateArgs, ColumnResult};

pub(in crate::base) struct Shop {
    pub(in crate::base) f: Fixture,
    pub(in crate::base) orders: TableId,
    /// Orders of a client.
    pub(in crate::base) link: ColumnId,
    /// The client of an order.
    pub(in crate::base) back: ColumnId,
    pub(in crate::base) amount: ColumnId,
}

/// Clients Ann and Bob (1, 2), and four orders (1 to 4) of 10, 20, 30 and nothing.
pub(in crate::base) fn shop(settings: Json) -> Shop {
    let f = fixture();
    for name in ["Ann", "Bob"] {
        f.add(&[(f.first(), json!(name))]);
    }
    let orders = f.base.create_table("Orders").unwrap();
    let amount = f.base.add_column(orders.id, "Amount", ColumnType::Number, None).unwrap().id;
    for (name, value) in [("O-1", json!(10)), ("O-2", json!(20)), ("O-3", json!(30)), ("O-4", json!(null))] {
        f.base
            .add_records(orders.id, &[BTreeMap::from([(orders.columns[0].id, json!(name)), (amount, value)])])
            .unwrap();
    }
    let mut given = json!({"table": orders.id});
    for (key, value) in settings.as_object().unwrap() {
        given[key] = value.clone();
    }
    let link = f.base.add_column(f.table, "Orders", ColumnType::Link, Some(given)).unwrap();
    let back = ColumnId(link.settings["back"].as_i64().unwrap_or_default());
    Shop { orders: orders.id, link: link.id, back, amount, f }
}

impl Shop {
    fn add(&self, table: TableId, name: &str, kind: ColumnType, settings: Json) -> ColumnId {
        self.f.base.add_column(table, name, kind, Some(settings)).unwrap().id
    }

    pub(in crate::base) fn put_in(&self, table: TableId, id: i64, column: ColumnId, value: Json) -> model::Result<()> {
        let record = RecordValues { id: RecordId(id), cells: BTreeMap::from([(column, value)]) };
        self.f.base.update_records(table, &[record]).map(|_| ())
    }

    pub(in crate::base) fn link(&self, client: i64, orders: Json) {
        self.put_in(self.f.table, client, self.link, orders).unwrap();
    }

    pub(in crate::base) fn cell_of(&self, table: TableId, id: i64, column: ColumnId) -> Json {
        let page = self.f.base.records(table, &[RecordId(id)]).unwrap();
        let at = page.columns.iter().position(|c| *c == column).unwrap();
        page.rows[0].cells[at].clone()
    }

    pub(in crate::base) fn texts(&self, table: TableId, id: i64, column: ColumnId) -> Vec<String> {
        let cell = self.cell_of(table, id, column);
        cell.as_array().into_iter().flatten().map(|v| v["text"].as_str().unwrap().to_owned()).collect()
    }

    fn orders_of(&self, client: i64) -> Vec<String> {
        self.texts(self.f.table, client, self.link)
    }

    fn clients_of(&self, order: i64) -> Vec<String> {
        self.texts(self.orders, order, self.back)
    }
}

#[test]
fn a_link_is_seen_from_both_tables_in_the_order_it_was_given() {
    let s = shop(json!({}));
    s.link(1, json!([3, 1]));
    s.link(2, json!([1]));
    assert_eq!(s.cell_of(s.f.table, 1, s.link), json!([{"id": 3, "text": "O-3"}, {"id": 1, "text": "O-1"}]));
    assert_eq!(s.clients_of(1), ["Ann", "Bob"]);
    assert_eq!(s.clients_of(2), [""; 0]);
    s.put_in(s.orders, 1, s.back, json!([2, 1])).unwrap();
    assert_eq!(s.clients_of(1), ["Bob", "Ann"]);
    assert_eq!(s.orders_of(1), ["O-3", "O-1"]);
    // By text, as pasted; a text nobody has writes nothing.
    s.link(2, json!("o-2, O-3"));
    assert_eq!(s.orders_of(2), ["O-2", "O-3"]);
    let error = s.put_in(s.f.table, 2, s.link, json!("O-9")).unwrap_err();
    assert_eq!(error.message, "The column “Orders” can't take this: there is no record “O-9”.");
    assert_eq!(s.put_in(s.f.table, 2, s.link, json!([99])).unwrap_err().code, ErrorCode::Invalid);
    assert_eq!(s.orders_of(2), ["O-2", "O-3"]);
    // A new record is linked as it is made.
    let made = s.f.base.add_records(s.f.table, &[BTreeMap::from([(s.link, json!([4]))])]).unwrap().records[0];
    assert_eq!(s.orders_of(made.0), ["O-4"]);
    s.f.base.undo().unwrap();
    assert_eq!(s.clients_of(4), [""; 0]);
    s.f.base.redo().unwrap();
    assert_eq!(s.orders_of(made.0), ["O-4"]);
}

#[test]
fn writes_of_links_are_taken_back_and_done_again() {
    let s = shop(json!({}));
    s.link(1, json!([1, 2, 3]));
    s.link(1, json!([3, 4]));
    assert_eq!(s.orders_of(1), ["O-3", "O-4"]);
    assert_eq!(s.f.base.undo().unwrap().conflicts, 0);
    assert_eq!(s.orders_of(1), ["O-1", "O-2", "O-3"]);
    assert_eq!(s.f.base.redo().unwrap().conflicts, 0);
    assert_eq!(s.orders_of(1), ["O-3", "O-4"]);
    s.f.base.undo().unwrap();
    s.f.base.undo().unwrap();
    assert_eq!(s.orders_of(1), [""; 0]);
}

#[test]
fn a_removed_record_leaves_its_links_and_undo_brings_them_back_in_their_places() {
    let s = shop(json!({}));
    s.link(1, json!([2, 1]));
    s.link(2, json!([1, 3]));
    s.f.base.remove_records(s.orders, &[RecordId(1)]).unwrap();
    assert_eq!((s.orders_of(1), s.orders_of(2)), (vec!["O-2".to_owned()], vec!["O-3".to_owned()]));
    assert_eq!(s.f.base.undo().unwrap().conflicts, 0);
    assert_eq!(s.orders_of(1), ["O-2", "O-1"]);
    assert_eq!(s.orders_of(2), ["O-1", "O-3"]);
    assert_eq!(s.clients_of(1), ["Ann", "Bob"]);
    s.f.base.redo().unwrap();
    assert_eq!(s.orders_of(2), ["O-3"]);
}

#[test]
fn a_column_of_one_record_takes_one_and_moves_it() {
    // One client an order: an order linked elsewhere comes over.
    let s = shop(json!({"back_multiple": false}));
    s.link(1, json!([1, 2]));
    s.link(2, json!([2, 3]));
    assert_eq!((s.orders_of(1), s.orders_of(2)), (vec!["O-1".to_owned()], vec!["O-2".to_owned(), "O-3".to_owned()]));
    assert_eq!(s.put_in(s.orders, 4, s.back, json!([1, 2])).unwrap_err().code, ErrorCode::Invalid);
    s.f.base.undo().unwrap();
    assert_eq!(s.orders_of(1), ["O-1", "O-2"]);
    // What was many can't be made one while a cell holds several.
    let one = ColumnChange { settings: Some(json!({"multiple": false})), ..ColumnChange::default() };
    assert_eq!(s.f.base.update_column(s.f.table, s.link, &one).unwrap_err().code, ErrorCode::Conflict);
    s.link(1, json!([1]));
    s.f.base.update_column(s.f.table, s.link, &one).unwrap();
    assert_eq!(s.put_in(s.f.table, 1, s.link, json!([1, 2])).unwrap_err().code, ErrorCode::Invalid);
}

#[test]
fn both_columns_of_a_link_come_and_go_together() {
    let s = shop(json!({}));
    s.link(1, json!([1]));
    let names = |table| s.f.base.table(table).unwrap().columns.into_iter().map(|c| c.name).collect::<Vec<_>>();
    assert_eq!(names(s.orders), ["Name", "Amount", "Clients"]);
    s.f.base.remove_column(s.orders, s.back).unwrap();
    assert_eq!(
        (names(s.f.table), names(s.orders)),
        (vec!["Name".to_owned()], vec!["Name".to_owned(), "Amount".to_owned()])
    );
    s.f.base.undo().unwrap();
    assert_eq!(s.orders_of(1), ["O-1"]);
    s.f.base.remove_table(s.orders).unwrap();
    assert_eq!(names(s.f.table), ["Name"]);
    s.f.base.undo().unwrap();
    assert_eq!(s.clients_of(1), ["Ann"]);
    // One-way: the other table knows nothing of it.
    let lone = s.add(s.f.table, "Seen", ColumnType::Link, json!({"table": s.orders, "two_way": false}));
    assert_eq!(names(s.orders).len(), 3);
    let two =
        ColumnChange { settings: Some(json!({"two_way": true, "back_name": "Seen by"})), ..ColumnChange::default() };
    s.put_in(s.f.table, 2, lone, json!([4])).unwrap();
    let column = s.f.base.update_column(s.f.table, lone, &two).unwrap();
    let back = ColumnId(column.settings["back"].as_i64().unwrap());
    assert_eq!(s.texts(s.orders, 4, back), ["Bob"]);
    let away = ColumnChange { settings: Some(json!({"two_way": false})), ..ColumnChange::default() };
    s.f.base.update_column(s.f.table, lone, &away).unwrap();
    assert_eq!(names(s.orders).len(), 3);
    s.f.base.undo().unwrap();
    assert_eq!(s.texts(s.orders, 4, back), ["Bob"]);
}

#[test]
fn a_table_links_to_itself() {
    let f = fixture();
    let boss = f
        .base
        .add_column(
            f.table,
            "Boss",
            ColumnType::Link,
            Some(json!({"table": f.table, "multiple": false, "back_name": "Team"})),
        )
        .unwrap();
    let team = ColumnId(boss.settings["back"].as_i64().unwrap());
    for name in ["Ann", "Bob", "Cid"] {
        f.add(&[(f.first(), json!(name))]);
    }
    for id in [2, 3] {
        f.put(RecordId(id), boss.id, json!([1]));
    }
    assert_eq!(f.cell(RecordId(1), 2), json!([{"id": 2, "text": "Bob"}, {"id": 3, "text": "Cid"}]));
    let count = f
        .base
        .add_column(f.table, "People", ColumnType::LinkFormula, Some(json!({"kind": "count", "link": team})))
        .unwrap();
    assert_eq!(f.cell(RecordId(1), 3), json!(2));
    // Whose boss has how many people: over the link and back.
    f.base
        .add_column(
            f.table,
            "Peers",
            ColumnType::LinkFormula,
            Some(json!({"kind": "lookup", "link": boss.id, "column": count.id})),
        )
        .unwrap();
    assert_eq!((f.cell(RecordId(2), 4), f.cell(RecordId(1), 4)), (json!(2), json!(null)));
    f.base.remove_records(f.table, &[RecordId(2)]).unwrap();
    assert_eq!(f.cell(RecordId(3), 4), json!(1));
}

#[test]
fn links_are_chosen_from_what_the_columns_view_and_filter_allow() {
    let s = shop(json!({}));
    let large = rule(s.amount, "greater_or_equal", json!(20));
    let limit = ColumnChange { settings: Some(json!({"filter": large})), ..ColumnChange::default() };
    s.f.base.update_column(s.f.table, s.link, &limit).unwrap();
    let args = |search: Option<&str>| CandidateArgs {
        base: BaseId(String::new()),
        table: s.f.table,
        column: s.link,
        search: search.map(str::to_owned),
        offset: 0,
        limit: 10,
    };
    let page = s.f.base.candidates(&args(None)).unwrap();
    assert_eq!((page.total, page.rows.iter().map(|r| r.text.as_str()).collect::<Vec<_>>()), (2, vec!["O-2", "O-3"]));
    assert_eq!(s.f.base.candidates(&args(Some("-3"))).unwrap().total, 1);
    assert_eq!(
        s.put_in(s.f.table, 1, s.link, json!([9])).unwrap_err().message,
        "The column “Orders” can't take this: Record 9 of “Orders” does not exist."
    );
    s.link(1, json!([2]));
    s.f.base.undo().unwrap();
    s.f.base.undo().unwrap();
    assert_eq!(s.f.base.candidates(&args(None)).unwrap().total, 4);
}

#[test]
fn text_becomes_links_where_it_names_records_and_stays_beside_where_it_does_not() {
    let s = shop(json!({}));
    let wish = s.f.column("Wish", ColumnType::Text);
    s.put_in(s.f.table, 1, wish, json!("o-3, O-1")).unwrap();
    s.put_in(s.f.table, 2, wish, json!("O-1, nothing")).unwrap();
    let to_link = ColumnChange {
        kind: Some(ColumnType::Link),
        settings: Some(json!({"table": s.orders, "back_name": "Wished by"})),
        ..ColumnChange::default()
    };
    s.f.base.update_column(s.f.table, wish, &to_link).unwrap();
    assert_eq!(s.texts(s.f.table, 1, wish), ["O-3", "O-1"]);
    assert_eq!(s.cell_of(s.f.table, 2, wish), json!(null));
    let table = s.f.base.table(s.f.table).unwrap();
    let beside = table.columns.iter().find(|c| c.name == "Wish (text)").unwrap();
    assert_eq!(s.cell_of(s.f.table, 2, beside.id), json!("O-1, nothing"));
    let to_text = ColumnChange { kind: Some(ColumnType::Text), ..ColumnChange::default() };
    s.f.base.update_column(s.f.table, wish, &to_text).unwrap();
    assert_eq!(s.cell_of(s.f.table, 1, wish), json!("O-3, O-1"));
    assert!(!s.f.base.table(s.orders).unwrap().columns.iter().any(|c| c.name == "Wished by"));
    s.f.base.undo().unwrap();
    assert_eq!(s.texts(s.f.table, 1, wish), ["O-3", "O-1"]);
    s.f.base.undo().unwrap();
    assert_eq!(s.cell_of(s.f.table, 1, wish), json!("o-3, O-1"));
    assert!(!s.f.base.table(s.f.table).unwrap().columns.iter().any(|c| c.name == "Wish (text)"));
}

#[test]
fn link_formulas_calculate_and_follow_what_they_read() {
    let s = shop(json!({}));
    s.link(1, json!([1, 3, 4]));
    let of = |kind: &str, more: Json| {
        let mut settings = json!({"kind": kind, "link": s.link, "column": s.amount});
        for (key, value) in more.as_object().unwrap() {
            settings[key] = value.clone();
        }
        s.add(s.f.table, &format!("{kind} {more}").replace(['{', '}', '.'], ""), ColumnType::LinkFormula, settings)
    };
    let name = s.f.base.table(s.orders).unwrap().columns[0].id;
    let sum = of("rollup", json!({"summary": "sum"}));
    let cases = [
        (of("lookup", json!({})), json!([10, 30]), json!(null)),
        (of("lookup", json!({"column": name})), json!(["O-1", "O-3", "O-4"]), json!(null)),
        (of("count", json!({})), json!(3), json!(0)),
        (sum, json!(40), json!(null)),
        (of("rollup", json!({"summary": "average"})), json!(20), json!(null)),
        (of("rollup", json!({"summary": "min"})), json!(10), json!(null)),
        (of("rollup", json!({"summary": "max"})), json!(30), json!(null)),
        (of("rollup", json!({"summary": "concatenate", "column": name})), json!("O-1, O-3, O-4"), json!(null)),
        (of("find_max", json!({"by": s.amount, "column": name})), json!("O-3"), json!(null)),
        (of("find_min", json!({"by": s.amount, "column": name})), json!("O-1"), json!(null)),
    ];
    for (column, ann, bob) in &cases {
        assert_eq!(s.cell_of(s.f.table, 1, *column), *ann, "{column}");
        assert_eq!(s.cell_of(s.f.table, 2, *column), *bob, "{column}");
    }
    // Formulas read them; sorts and filters follow a change in the other table.
    let vat = s.add(
        s.f.table,
        "VAT",
        ColumnType::Formula,
        json!({"formula": format!("{{{}}} / 10", "rollup \"summary\":\"sum\"")}),
    );
    assert_eq!(s.cell_of(s.f.table, 1, vat), json!(4));
    s.link(2, json!([2]));
    let mut args = list(s.f.table);
    args.sorts = Some(vec![Sort::by_value(vat, true)]);
    args.filter = Some(rule(sum, "greater", json!(5)));
    assert_eq!(s.f.names(&args), ["Ann", "Bob"]);
    s.put_in(s.orders, 2, s.amount, json!(1000)).unwrap();
    assert_eq!(s.f.names(&args), ["Bob", "Ann"]);
    s.f.base.remove_records(s.orders, &[RecordId(2)]).unwrap();
    assert_eq!(s.f.names(&args), ["Ann"]);
    s.f.base.undo().unwrap();
    assert_eq!(s.f.names(&args), ["Bob", "Ann"]);
    // The text of a link and of a list is what filters see.
    let by = |column, predicate: &str, value: Json| {
        let mut args = list(s.f.table);
        args.filter = Some(rule(column, predicate, value));
        s.f.names(&args)
    };
    assert_eq!(by(s.link, "contains", json!("o-3")), ["Ann"]);
    assert_eq!(by(cases[1].0, "contains", json!("o-2")), ["Bob"]);
    s.link(1, json!([]));
    assert_eq!(by(s.link, "is_empty", json!(null)), ["Ann"]);
    let mut search = list(s.f.table);
    search.search = Some("o-2".into());
    assert_eq!(s.f.names(&search), ["Bob"]);
}

#[test]
fn a_link_formula_says_what_it_yields_and_what_is_wrong() {
    let s = shop(json!({}));
    let result = |column: ColumnId| {
        s.f.base.table(s.f.table).unwrap().columns.into_iter().find(|c| c.id == column).unwrap().result
    };
    let lookup =
        s.add(s.f.table, "L", ColumnType::LinkFormula, json!({"kind": "lookup", "link": s.link, "column": s.amount}));
    let yields = result(lookup).unwrap();
    assert_eq!((yields.kind, yields.list, yields.error), (ColumnType::Number, true, None));
    let one = ColumnChange { settings: Some(json!({"multiple": false})), ..ColumnChange::default() };
    s.f.base.update_column(s.f.table, s.link, &one).unwrap();
    assert!(!result(lookup).unwrap().list);
    s.link(1, json!([2]));
    assert_eq!(s.cell_of(s.f.table, 1, lookup), json!(20));
    let name = s.f.base.table(s.orders).unwrap().columns[0].id;
    for (settings, words) in [
        (json!({"kind": "lookup", "link": s.link, "column": 99}), "The column of the linked table was removed."),
        (json!({"kind": "lookup", "link": s.amount, "column": name}), "The link it reads was removed."),
        (json!({"kind": "rollup", "link": s.link, "column": name}), "“Name” holds nothing to calculate with."),
        (
            json!({"kind": "magic", "link": s.link, "column": name}),
            "It is none of lookup, count, rollup, find_max and find_min.",
        ),
    ] {
        let error = s.f.base.add_column(s.f.table, "X", ColumnType::LinkFormula, Some(settings)).unwrap_err();
        assert_eq!(error.message, words);
    }
    s.f.base.remove_column(s.f.table, s.link).unwrap();
    let broken = ColumnResult { error: Some(model::say!("The link it reads was removed.")), ..result(lookup).unwrap() };
    assert_eq!(result(lookup), Some(broken));
    assert_eq!(s.cell_of(s.f.table, 1, lookup), json!({"error": "The link it reads was removed."}));
}

#[test]
fn a_failure_in_a_linked_record_is_told_and_not_left_out() {
    let s = shop(json!({}));
    let half = s.add(s.orders, "Share", ColumnType::Formula, json!({"formula": "100 / {Amount}"}));
    let sum = s.add(
        s.f.table,
        "Sum",
        ColumnType::LinkFormula,
        json!({"kind": "rollup", "link": s.link, "column": half, "summary": "sum"}),
    );
    s.link(1, json!([1, 2]));
    assert_eq!(s.cell_of(s.f.table, 1, sum), json!(15));
    s.link(1, json!([1, 4]));
    assert_eq!(s.cell_of(s.f.table, 1, sum), json!({"error": "Division by zero."}));
    let mut args = list(s.f.table);
    args.filter = Some(rule(sum, "is_empty", json!(null)));
    assert_eq!(s.f.names(&args), ["Ann", "Bob"]);
}

#[test]
fn a_circle_over_tables_is_an_error_in_its_cells_and_nowhere_else() {
    let s = shop(json!({}));
    s.link(1, json!([1]));
    let total = s.add(
        s.f.table,
        "Total",
        ColumnType::LinkFormula,
        json!({"kind": "rollup", "link": s.link, "column": s.amount, "summary": "sum"}),
    );
    let of_client = s.add(
        s.orders,
        "Of client",
        ColumnType::LinkFormula,
        json!({"kind": "rollup", "link": s.back, "column": total, "summary": "sum"}),
    );
    let circle = ColumnChange {
        settings: Some(json!({"kind": "rollup", "link": s.link, "column": of_client, "summary": "sum"})),
        ..ColumnChange::default()
    };
    assert_eq!(s.f.base.update_column(s.f.table, total, &circle).unwrap_err().message, "The formula refers to itself.");
    // A first column made of the link shows nothing in it, and the link still works.
    let first = s.f.base.table(s.orders).unwrap().columns[0].id;
    let change = ColumnChange {
        kind: Some(ColumnType::Formula),
        settings: Some(json!({"formula": "{Clients} & '!'"})),
        ..ColumnChange::default()
    };
    s.f.base.update_column(s.orders, first, &change).unwrap();
    assert_eq!(s.cell_of(s.orders, 1, first), json!("Ann!"));
    assert_eq!(s.orders_of(1), ["Ann!"]);
    let change = ColumnChange {
        kind: Some(ColumnType::Formula),
        settings: Some(json!({"formula": "{Orders} & '?'"})),
        ..ColumnChange::default()
    };
    let own = s.f.first();
    assert_eq!(s.f.base.update_column(s.f.table, own, &change).unwrap_err().message, "The formula refers to itself.");
}

#[test]
fn a_copy_of_a_base_keeps_its_links_and_leaves_removed_ones_behind() {
    let s = shop(json!({}));
    s.link(1, json!([1, 2]));
    let gone = s.add(s.f.table, "Gone", ColumnType::Link, json!({"table": s.orders}));
    s.put_in(s.f.table, 1, gone, json!([3])).unwrap();
    s.f.base.remove_column(s.f.table, gone).unwrap();
    let other = s.f.base.create_table("Other").unwrap().id;
    s.add(s.f.table, "Other", ColumnType::Link, json!({"table": other}));
    s.f.base.remove_table(other).unwrap();
    let path = s.f.folder.path().join("copy.base");
    s.f.base.copy_to(&path, &BaseFile::new_id(&SystemClock)).unwrap();
    let copy = BaseFile::open(&path, clock()).unwrap();
    let page = copy.records(s.f.table, &[RecordId(1)]).unwrap();
    assert_eq!(page.rows[0].cells[1], json!([{"id": 1, "text": "O-1"}, {"id": 2, "text": "O-2"}]));
    let tables: i64 = copy
        .read(|c| {
            c.query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name GLOB 'l[0-9]*'", [], |r| {
                r.get(0)
            })
            .map_err(sql)
        })
        .unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn a_link_formula_counts_only_the_linked_records_that_meet_its_conditions() {
    let s = shop(json!({}));
    let note = s.add(s.orders, "Note", ColumnType::Text, json!({}));
    s.link(1, json!([1, 2, 3, 4]));
    s.put_in(s.orders, 3, note, json!("it's ? \u{1} t2.c1")).unwrap();
    let large = json!({"kind": "group", "all": true, "items": [
        {"kind": "rule", "column": s.amount, "predicate": "greater", "value": 15},
    ]});
    let of = |kind: &str, more: Json| {
        let mut settings = json!({"kind": kind, "link": s.link, "column": s.amount, "by": s.amount, "filter": large});
        for (key, value) in more.as_object().unwrap() {
            settings[key] = value.clone();
        }
        s.add(
            s.f.table,
            &format!("{kind} {}", more.to_string().replace(['{', '}', '.'], "")),
            ColumnType::LinkFormula,
            settings,
        )
    };
    let count = of("count", json!({}));
    let sum = of("rollup", json!({"summary": "sum"}));
    let least = of("find_min", json!({}));
    let all = of("lookup", json!({}));
    let odd =
        of("count", json!({"filter": {"kind": "rule", "column": note, "predicate": "is", "value": "it's ? t2.c1"}}));
    let cell = |column| s.cell_of(s.f.table, 1, column);
    assert_eq!((cell(count), cell(sum), cell(least), cell(all)), (json!(2), json!(50), json!(20), json!([20, 30])));
    assert_eq!(cell(odd), json!(0));
    s.put_in(s.orders, 2, note, json!("it's ? t2.c1")).unwrap();
    assert_eq!(cell(odd), json!(1));
    // They follow the columns of the conditions, in filters too.
    let mut args = list(s.f.table);
    args.filter = Some(rule(count, "equal", json!(3)));
    assert_eq!(s.f.base.list(&args).unwrap().total, 0);
    s.put_in(s.orders, 1, s.amount, json!(16)).unwrap();
    assert_eq!((cell(count), s.f.base.list(&args).unwrap().total), (json!(3), 1));
    let formula = s.add(s.f.table, "Mean", ColumnType::Formula, json!({"formula": format!("average({{{}}})", s.f.base.table(s.f.table).unwrap().columns.iter().find(|c| c.id == all).unwrap().name)}));
    assert_eq!(cell(formula), json!(22));
    s.f.base.remove_column(s.orders, note).unwrap();
    assert_eq!(cell(odd), json!({"error": "A column of its conditions was removed."}));
}

#[test]
fn who_links_a_record_is_found_without_a_column_that_shows_it_there() {
    let f = fixture();
    for name in ["Root", "Branch", "Leaf", "Twig"] {
        f.add(&[(f.first(), json!(name))]);
    }
    let above = json!({"table": f.table, "multiple": false, "two_way": false});
    let parent = f.base.add_column(f.table, "Above", ColumnType::Link, Some(above)).unwrap().id;
    for (child, of) in [(2, 1), (4, 2), (3, 2)] {
        f.put(RecordId(child), parent, json!([of]));
    }
    let below = |record, offset| {
        let args = model::base::LinkingArgs {
            base: BaseId(String::new()),
            table: f.table,
            column: parent,
            record: RecordId(record),
            offset,
            limit: 10,
        };
        let page = f.base.linking(&args).unwrap();
        (page.total, page.rows.into_iter().map(|r| (r.id.0, r.text)).collect::<Vec<_>>())
    };
    assert_eq!(below(1, 0), (1, vec![(2, "Branch".into())]));
    assert_eq!(below(2, 0), (2, vec![(3, "Leaf".into()), (4, "Twig".into())]));
    assert_eq!(below(2, 1), (2, vec![(4, "Twig".into())]));
    assert_eq!(below(4, 0), (0, vec![]));
}
