//! Undo takes back what this session did, and nothing that somebody else did since.

use super::*;

#[test]
fn a_paste_that_changes_and_adds_records_is_one_act() {
    let f = fixture();
    let amount = f.column("Amount", ColumnType::Number);
    let id = f.add(&[(f.first(), json!("a"))]);
    let update = RecordValues { id, cells: BTreeMap::from([(amount, json!(1))]) };
    let row = |name: &str| BTreeMap::from([(f.first(), json!(name)), (amount, json!("2,5"))]);
    let act = f.base.put_records(f.table, std::slice::from_ref(&update), &[row("b"), row("c")]).unwrap();
    assert_eq!(act.records, [id, RecordId(2), RecordId(3)]);
    assert_eq!((f.cell(id, 1), f.cell(RecordId(3), 1)), (json!(1), json!(2.5)));
    f.base.undo().unwrap();
    assert_eq!((f.cell(id, 1), f.base.list(&list(f.table)).unwrap().total), (Json::Null, 1));
    f.base.redo().unwrap();
    assert_eq!((f.cell(id, 1), f.names(&list(f.table))), (json!(1), vec!["a".to_owned(), "b".into(), "c".into()]));
    // One cell that does not fit, and nothing of it is written.
    let wrong = BTreeMap::from([(amount, json!("many"))]);
    let back = RecordValues { id, cells: BTreeMap::from([(amount, json!(9))]) };
    assert!(f.base.put_records(f.table, &[back], &[wrong]).is_err());
    assert_eq!((f.cell(id, 1), f.base.list(&list(f.table)).unwrap().total), (json!(1), 3));
}

#[test]
fn undo_and_redo_walk_through_everything_a_person_did() {
    let f = fixture();
    let name = f.first();
    let id = f.add(&[(name, json!("Ann"))]);
    f.put(id, name, json!("Bea"));
    f.base.remove_records(f.table, &[id]).unwrap();
    f.base.update_table(f.table, Some("People"), None, None).unwrap();
    let what = |u: model::base::BaseUndone| (u.what.unwrap_or_default(), u.conflicts);
    assert_eq!(what(f.base.undo().unwrap()), ("table.update".into(), 0));
    assert_eq!(f.base.table(f.table).unwrap().name, "Clients");
    assert_eq!(what(f.base.undo().unwrap()), ("record.remove".into(), 0));
    assert_eq!(f.names(&list(f.table)), ["Bea"]);
    assert_eq!(what(f.base.undo().unwrap()), ("record.update".into(), 0));
    assert_eq!(f.names(&list(f.table)), ["Ann"]);
    assert_eq!(what(f.base.undo().unwrap()), ("record.add".into(), 0));
    assert_eq!(f.base.list(&list(f.table)).unwrap().total, 0);
    for expected in [vec!["Ann"], vec!["Bea"], vec![]] {
        assert_eq!(f.base.redo().unwrap().conflicts, 0);
        assert_eq!(f.names(&list(f.table)), expected);
    }
    assert_eq!(what(f.base.redo().unwrap()), ("table.update".into(), 0));
    assert_eq!(f.base.table(f.table).unwrap().name, "People");
    assert_eq!(f.base.redo().unwrap().what, None);
}

#[test]
fn a_new_act_ends_what_could_be_redone() {
    let f = fixture();
    f.add(&[(f.first(), json!("Ann"))]);
    f.base.undo().unwrap();
    f.add(&[(f.first(), json!("Bea"))]);
    assert_eq!(f.base.redo().unwrap().what, None);
    assert_eq!(f.names(&list(f.table)), ["Bea"]);
}

#[test]
fn undo_leaves_alone_what_somebody_else_changed_since() {
    let f = fixture();
    let (name, amount) = (f.first(), f.column("Amount", ColumnType::Number));
    let id = f.add(&[(name, json!("Ann")), (amount, json!(1))]);
    let cells = BTreeMap::from([(name, json!("Bea")), (amount, json!(2))]);
    f.base.update_records(f.table, &[RecordValues { id, cells }]).unwrap();
    let other = BaseFile::open(f.base.path(), clock()).unwrap();
    other.update_records(f.table, &[RecordValues { id, cells: BTreeMap::from([(amount, json!(3))]) }]).unwrap();
    assert_eq!(f.base.undo().unwrap().conflicts, 1);
    assert_eq!((f.cell(id, 0), f.cell(id, 1)), (json!("Ann"), json!(3)));
    assert_eq!(f.base.undo().unwrap().conflicts, 1);
    assert_eq!(f.names(&list(f.table)), ["Ann"]);
    assert_eq!(other.undo().unwrap().conflicts, 0);
    assert_eq!(other.undo().unwrap().what, None);
}

#[test]
fn a_removed_table_comes_back_with_its_records_unless_its_name_was_taken() {
    let f = fixture();
    f.add(&[(f.first(), json!("Ann"))]);
    f.base.remove_table(f.table).unwrap();
    assert!(f.base.tables().unwrap().is_empty());
    assert_eq!(f.base.list(&list(f.table)).unwrap_err().code, ErrorCode::NotFound);
    f.base.undo().unwrap();
    assert_eq!(f.names(&list(f.table)), ["Ann"]);
    f.base.remove_table(f.table).unwrap();
    BaseFile::open(f.base.path(), clock()).unwrap().create_table("Clients").unwrap();
    assert_eq!(f.base.undo().unwrap().conflicts, 1);
}

#[test]
fn options_added_by_typing_go_with_the_cell() {
    let f = fixture();
    let stage = f.column("Stage", ColumnType::SingleSelect);
    let id = f.add(&[]);
    f.put(id, stage, json!("Open"));
    f.base.undo().unwrap();
    assert_eq!(f.cell(id, 1), Json::Null);
    let options = f.base.table(f.table).unwrap().columns[1].settings.get("options").cloned();
    assert!(options.is_none_or(|o| o.as_array().unwrap().is_empty()));
}
