//! Who made and who changed a record, and who "me" is.

use super::*;
use model::exchange::{ImportInto, MergeMode};

/// A table with a link to itself that asks who made and who changed a record.
struct Signed {
    f: Fixture,
    name: ColumnId,
    link: ColumnId,
}

const MADE: usize = 1;
const CHANGED: usize = 2;

fn signed() -> Signed {
    let f = fixture();
    let name = f.first();
    f.column("Made by", ColumnType::Creator);
    f.column("Changed by", ColumnType::LastModifier);
    let settings = json!({"table": f.table, "two_way": false});
    let link = f.base.add_column(f.table, "Friends", ColumnType::Link, Some(settings)).unwrap().id;
    Signed { f, name, link }
}

pub(super) fn call(f: &Fixture, name: &str, addresses: &[&str]) {
    let addresses = addresses.iter().map(|a| (*a).to_owned()).collect();
    f.base.introduce(&Me { name: name.into(), addresses });
}

impl Signed {
    fn add(&self, name: &str) -> RecordId {
        self.f.add(&[(self.name, json!(name))])
    }

    fn says(&self, id: RecordId) -> [Json; 2] {
        [self.f.cell(id, MADE), self.f.cell(id, CHANGED)]
    }
}

#[test]
fn a_record_says_who_made_it_and_who_changed_it_last() {
    let s = signed();
    call(&s.f, "Ann", &["ann@example.org"]);
    let id = s.add("a");
    assert_eq!(s.says(id), ["Ann", "Ann"]);
    call(&s.f, "Bob", &["bob@example.org"]);
    s.f.put(id, s.name, json!("b"));
    assert_eq!(s.says(id), ["Ann", "Bob"]);
    // Who writes what stands there already changed nothing.
    call(&s.f, "Eve", &[]);
    s.f.put(id, s.name, json!("b"));
    assert_eq!(s.says(id), ["Ann", "Bob"]);
    let other = s.add("other");
    s.f.put(id, s.link, json!([other]));
    assert_eq!(s.says(id), ["Ann", "Eve"]);
    assert_eq!(s.says(other), ["Eve", "Eve"]);
}

#[test]
fn who_has_no_name_leaves_none_and_nobody_elses() {
    let s = signed();
    let id = s.add("a");
    assert_eq!(s.says(id), [Json::Null, Json::Null]);
    call(&s.f, "Ann", &[]);
    s.f.put(id, s.name, json!("b"));
    assert_eq!(s.says(id), [Json::Null, json!("Ann")]);
    call(&s.f, "", &["ann@example.org"]);
    s.f.put(id, s.name, json!("c"));
    assert_eq!(s.says(id), [Json::Null, Json::Null]);
    call(&s.f, "Ann", &[]);
    let mine = s.add("d");
    call(&s.f, "", &[]);
    let copy = s.f.base.duplicate_records(s.f.table, &[mine]).unwrap().records[0];
    assert_eq!((s.says(mine), s.says(copy)), ([json!("Ann"), json!("Ann")], [Json::Null, Json::Null]));
}

#[test]
fn undo_and_redo_bring_back_who_changed_a_record_with_the_change() {
    let s = signed();
    call(&s.f, "Ann", &[]);
    let id = s.add("a");
    call(&s.f, "Bob", &[]);
    s.f.put(id, s.name, json!("b"));
    s.f.put(id, s.link, json!([id]));
    call(&s.f, "Eve", &[]);
    assert_eq!(s.f.base.undo().unwrap().conflicts, 0);
    assert_eq!(s.says(id), ["Ann", "Bob"]);
    assert_eq!(s.f.base.undo().unwrap().conflicts, 0);
    assert_eq!(s.says(id), ["Ann", "Ann"]);
    assert_eq!(s.f.base.redo().unwrap().conflicts, 0);
    assert_eq!(s.says(id), ["Ann", "Bob"]);
    s.f.base.undo().unwrap();
    assert_eq!(s.f.base.undo().unwrap().conflicts, 0);
    assert_eq!(s.f.base.list(&list(s.f.table)).unwrap().total, 0);
    s.f.base.redo().unwrap();
    assert_eq!(s.says(id), ["Ann", "Ann"]);
}

#[test]
fn undo_leaves_the_name_of_who_changed_another_cell_since() {
    let s = signed();
    let note = s.f.column("Note", ColumnType::Text);
    call(&s.f, "Ann", &[]);
    let id = s.add("a");
    call(&s.f, "Zoe", &[]);
    s.f.put(id, s.name, json!("b"));
    let bob = BaseFile::open(s.f.base.path(), clock()).unwrap();
    bob.introduce(&Me { name: "Bob".into(), addresses: Vec::new() });
    let cells = BTreeMap::from([(note, json!("seen"))]);
    bob.update_records(s.f.table, &[RecordValues { id, cells }]).unwrap();
    // Zoe's own change goes, Bob's name stays, and nothing is told to be lost.
    assert_eq!(s.f.base.undo().unwrap().conflicts, 0);
    assert_eq!((s.f.cell(id, 0), s.says(id)), (json!("a"), [json!("Ann"), json!("Bob")]));
}

#[test]
fn records_of_a_file_and_copies_are_made_by_whoever_brings_them() {
    let s = signed();
    call(&s.f, "Ann", &[]);
    let id = s.add("a");
    call(&s.f, "Bob", &[]);
    let into = ImportInto { table: s.f.table, mode: MergeMode::Both, keys: vec![s.name], mapping: None };
    let file = "Name,Made by\na,Mallory\nnew,Mallory\n";
    let merged =
        s.f.base.merge_file(Source::Bytes(file.as_bytes()), &ImportOptions::default(), &into, &mut |_| true).unwrap();
    assert_eq!((merged.added, merged.unchanged), (1, 1));
    assert_eq!((s.says(id), s.says(RecordId(2))), ([json!("Ann"), json!("Ann")], [json!("Bob"), json!("Bob")]));
    let copy = s.f.base.duplicate_records(s.f.table, &[id]).unwrap().records[0];
    assert_eq!(s.says(copy), ["Bob", "Bob"]);
    let cells = BTreeMap::from([(s.name, json!("z"))]);
    let pasted = s.f.base.put_records(s.f.table, &[RecordValues { id, cells }], &[BTreeMap::new()]).unwrap();
    assert_eq!(
        (s.says(pasted.records[0]), s.says(pasted.records[1])),
        (["Ann", "Bob"].map(Json::from), ["Bob", "Bob"].map(Json::from))
    );
}

#[test]
fn what_became_of_a_letter_is_written_in_the_name_of_who_sent_it() {
    let s = signed();
    call(&s.f, "Ann", &[]);
    let id = s.add("a");
    call(&s.f, "Bob", &[]);
    let outcome =
        Outcome { record: id, status: "Sent".into(), at: "2026-11-23 09:00".into(), message_id: "x@y".into() };
    let columns = OutcomeColumns { status: "Status", at: "Sent at", message_id: "Message" };
    s.f.base.write_outcomes("run", s.f.table, columns, &[outcome], Timestamp(1)).unwrap();
    assert_eq!(s.says(id), ["Ann", "Bob"]);
}

#[test]
fn history_tells_what_was_changed_and_not_the_name_beside() {
    let s = signed();
    call(&s.f, "Ann", &[]);
    let id = s.add("a");
    call(&s.f, "Bob", &[]);
    s.f.put(id, s.name, json!("b"));
    let args = model::history::HistoryArgs {
        base: BaseId(String::new()),
        table: Some(s.f.table),
        record: Some(id),
        before: None,
        limit: 10,
        from_at: None,
        until_at: None,
        by: None,
    };
    let acts = s.f.base.history(&args).unwrap().acts;
    let columns: Vec<_> = acts[0].changes.iter().map(|c| c.column).collect();
    assert_eq!((acts[0].what.as_str(), columns), ("record.update", vec![Some(s.name)]));
}

#[test]
fn nobody_writes_the_columns_of_who_made_and_changed_a_record_by_hand() {
    let s = signed();
    call(&s.f, "Ann", &[]);
    let id = s.add("a");
    for column in &s.f.base.table(s.f.table).unwrap().columns[MADE..=CHANGED] {
        let cells = BTreeMap::from([(column.id, json!("Mallory"))]);
        assert!(s.f.base.update_records(s.f.table, &[RecordValues { id, cells: cells.clone() }]).is_err());
        assert!(s.f.base.add_records(s.f.table, &[cells]).is_err());
    }
    assert_eq!(s.says(id), ["Ann", "Ann"]);
}

#[test]
fn records_are_found_by_me_under_every_name_and_by_nobody_where_nobody_is_known() {
    let s = signed();
    let columns = s.f.base.table(s.f.table).unwrap().columns;
    let who = s.f.column("Who", ColumnType::Collaborator);
    call(&s.f, "Ann", &[]);
    let first = s.f.add(&[(s.name, json!("ann@example.org")), (who, json!(["Bob", "Ann"]))]);
    call(&s.f, "Bob", &[]);
    let second = s.f.add(&[(s.name, json!("Bob")), (who, json!(["bob@example.org"]))]);
    s.f.put(first, s.link, json!([second]));
    let found = |column, predicate: &str| {
        let args = RecordListArgs { filter: Some(rule(column, predicate, json!(null))), ..list(s.f.table) };
        s.f.base.list_ids(&args).unwrap().iter().map(|id| id.0).collect::<Vec<_>>()
    };
    let asked = || {
        [
            found(columns[MADE].id, "include_me"),
            found(columns[CHANGED].id, "include_me"),
            found(who, "include_me"),
            found(s.name, "is_current_user_ID"),
        ]
    };
    // Asked again and again of the same lists: what "me" found before is not what it finds now.
    for _ in 0..2 {
        call(&s.f, " ann ", &["Ann@Example.org"]);
        assert_eq!(asked(), [vec![1], vec![], vec![1], vec![1]]);
        call(&s.f, "BOB", &["bob@example.org"]);
        assert_eq!(asked(), [vec![2], vec![1, 2], vec![1, 2], vec![2]]);
        call(&s.f, "", &["bob@example.org"]);
        assert_eq!(asked(), [vec![], vec![], vec![2], vec![]]);
        call(&s.f, "", &[]);
        assert!(asked().iter().all(Vec::is_empty));
    }
}

#[test]
fn a_link_formula_on_me_is_not_what_it_was_for_somebody_else() {
    let s = signed();
    let made = s.f.base.table(s.f.table).unwrap().columns[MADE].id;
    let mine = rule(made, "include_me", json!(null));
    let settings = json!({"link": s.link, "kind": "count", "filter": mine});
    let count = s.f.base.add_column(s.f.table, "Mine", ColumnType::LinkFormula, Some(settings)).unwrap().id;
    call(&s.f, "Ann", &[]);
    let [first, own, other] = ["a", "b", "c"].map(|name| s.add(name));
    call(&s.f, "Bob", &[]);
    let bobs = s.add("d");
    s.f.put(first, s.link, json!([own, bobs]));
    s.f.put(other, s.link, json!([bobs]));
    let most = RecordListArgs { sorts: Some(vec![Sort::by_value(count, true)]), ..list(s.f.table) };
    let at_least = RecordListArgs { filter: Some(rule(count, "greater", json!(0))), ..list(s.f.table) };
    for _ in 0..2 {
        call(&s.f, "Ann", &[]);
        assert_eq!((s.f.cell(first, 4), s.f.cell(other, 4)), (json!(1), json!(0)));
        assert_eq!((s.f.names(&at_least), s.f.names(&most)[0].as_str()), (vec!["a".to_owned()], "a"));
        call(&s.f, "Bob", &[]);
        assert_eq!((s.f.cell(first, 4), s.f.cell(other, 4)), (json!(1), json!(1)));
        assert_eq!(s.f.names(&at_least), ["a", "c"]);
        call(&s.f, "", &[]);
        assert!(s.f.names(&at_least).is_empty());
    }
}

#[test]
fn no_name_and_no_address_of_the_user_stands_in_a_base_that_only_asks_for_them() {
    let s = signed();
    let made = s.f.base.table(s.f.table).unwrap().columns[MADE].id;
    call(&s.f, "Zaphod Quux", &["zaphod@heart.example"]);
    let mut view = s.f.base.table(s.f.table).unwrap().views[0].clone();
    view.filter = Some(rule(made, "include_me", json!(null)));
    s.f.base.update_view(s.f.table, &view).unwrap();
    s.f.base.list(&RecordListArgs { view: Some(view.id), ..list(s.f.table) }).unwrap();
    let copy = s.f.folder.path().join("copy.base");
    s.f.base.copy_to(&copy, &BaseFile::new_id(&SystemClock)).unwrap();
    let journal = s.f.base.path().with_file_name("a.base-wal");
    for path in [copy.as_path(), s.f.base.path(), &journal] {
        let bytes = std::fs::read(path).unwrap();
        for word in ["Zaphod", "zaphod", "heart.example"] {
            assert!(!bytes.windows(word.len()).any(|w| w == word.as_bytes()), "{word} in {}", path.display());
        }
    }
}
