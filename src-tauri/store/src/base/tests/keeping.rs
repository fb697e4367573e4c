//! What was: history, comments, removed records, snapshots, files nobody names any more.

use super::*;
use model::history::{HistoryArgs, HistoryBy};

/// A client, changed and removed, in a table with an amount and a stage.
fn story() -> (Fixture, RecordId, [ColumnId; 3]) {
    let f = fixture();
    let columns = [f.first(), f.column("Amount", ColumnType::Number), f.column("Stage", ColumnType::SingleSelect)];
    let ann = f.add(&[(columns[0], json!("Ann")), (columns[1], json!(5)), (columns[2], json!("open"))]);
    f.add(&[(columns[0], json!("Bob"))]);
    f.put(ann, columns[1], json!(7.5));
    f.put(ann, columns[2], json!("paid"));
    (f, ann, columns)
}

fn asked(table: Option<TableId>, record: Option<RecordId>, before: Option<i64>, limit: u32) -> HistoryArgs {
    let base = BaseId(String::new());
    HistoryArgs { base, table, record, before, by: None, from_at: None, until_at: None, limit }
}

fn history(
    f: &Fixture,
    table: Option<TableId>,
    record: Option<RecordId>,
    before: Option<i64>,
    limit: u32,
) -> model::history::HistoryPage {
    f.base.history(&asked(table, record, before, limit)).unwrap()
}

#[test]
fn history_is_narrowed_by_who_did_it_and_when() {
    let f = fixture();
    let ann = f.add(&[(f.first(), json!("Ann"))]);
    let other = BaseFile::open(f.base.path(), clock()).unwrap();
    let cells = BTreeMap::from([(f.first(), json!("Bea"))]);
    other.update_records(f.table, &[RecordValues { id: ann, cells }]).unwrap();
    let what = |args: &HistoryArgs| f.base.history(args).unwrap().acts.into_iter().map(|a| a.what).collect::<Vec<_>>();
    let all = HistoryArgs { record: Some(ann), table: Some(f.table), ..asked(None, None, None, 10) };
    assert_eq!(what(&all), ["record.update", "record.add"]);
    let by = |by| HistoryArgs { by: Some(by), ..all.clone() };
    assert_eq!(what(&by(HistoryBy::Me)), ["record.add"]);
    assert_eq!(what(&by(HistoryBy::Others)), ["record.update"]);
    let at = f.base.history(&all).unwrap().acts[0].at;
    let later = Timestamp(at.0 + 1);
    assert!(what(&HistoryArgs { from_at: Some(later), ..all.clone() }).is_empty());
    assert_eq!(what(&HistoryArgs { until_at: Some(later), ..all.clone() }).len(), 2);
    let whole = HistoryArgs { table: None, record: None, by: Some(HistoryBy::Others), ..all };
    assert_eq!(what(&whole), ["record.update"]);
}

#[test]
fn history_tells_what_was_done_in_the_words_of_the_cells() {
    let (f, ann, [_, amount, stage]) = story();
    let page = history(&f, Some(f.table), Some(ann), None, 10);
    let whats: Vec<_> = page.acts.iter().map(|a| (a.what.as_str(), a.records, a.by.as_str())).collect();
    assert_eq!(whats, [("record.update", 1, "me"), ("record.update", 1, "me"), ("record.add", 1, "me")]);
    let change = &page.acts[0].changes[0];
    assert_eq!((change.column, change.text.as_str()), (Some(stage), "Ann"));
    assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some("open"), Some("paid")));
    let change = &page.acts[1].changes[0];
    assert_eq!(
        (change.column, change.before.as_deref(), change.after.as_deref()),
        (Some(amount), Some("5"), Some("7.5"))
    );
    let whole = history(&f, None, None, None, 3);
    assert!(whole.more);
    let older = history(&f, None, None, Some(whole.acts[2].act), 200);
    assert!(!older.more && older.acts.iter().any(|a| a.what == "table.create"));
    let made = older.acts.iter().find(|a| a.what == "column.add").unwrap();
    assert_eq!((made.changes[0].before.as_deref(), made.changes[0].after.as_deref()), (None, Some("Stage")));
    f.base.undo().unwrap();
    assert!(history(&f, Some(f.table), Some(ann), None, 1).acts[0].undone);
}

#[test]
fn removed_records_come_back_from_the_trash_with_their_links() {
    let (f, ann, [name, ..]) = story();
    let other = f.base.create_table("Orders").unwrap();
    let link = f.base.add_column(f.table, "Orders", ColumnType::Link, Some(json!({"table": other.id}))).unwrap();
    let order = f.base.add_records(other.id, &[BTreeMap::from([(other.columns[0].id, json!("A-1"))])]).unwrap();
    f.put(ann, link.id, json!([order.records[0]]));
    let linked = history(&f, Some(f.table), Some(ann), None, 1);
    assert_eq!(linked.acts[0].changes[0].after.as_deref(), Some("A-1"));
    let before = f.base.records(f.table, &[ann]).unwrap().rows[0].cells.clone();
    f.base.remove_records(f.table, &[ann]).unwrap();
    let trash = f.base.record_trash(None, 0, 10).unwrap();
    assert_eq!((trash.total, trash.rows[0].id, trash.rows[0].text.as_str()), (1, ann, "Ann"));
    assert!(trash.rows[0].cells.contains(&("Stage".into(), "paid".into())), "{:?}", trash.rows[0].cells);
    let act = f.base.restore_records(f.table, &[ann]).unwrap();
    assert_eq!(act.records, [ann]);
    assert_eq!(f.base.records(f.table, &[ann]).unwrap().rows[0].cells, before);
    assert_eq!(f.base.record_trash(Some(f.table), 0, 10).unwrap().total, 0);
    f.base.undo().unwrap();
    assert_eq!(f.base.record_trash(None, 0, 10).unwrap().total, 1);
    assert_eq!(f.base.restore_records(f.table, &[RecordId(99)]).unwrap_err().code, ErrorCode::NotFound);
    let _ = name;
}

#[test]
fn comments_are_said_settled_and_taken_back() {
    let (f, ann, _) = story();
    let said = f.base.add_comment(f.table, ann, "  Call her \n").unwrap();
    assert_eq!((said.text.as_str(), said.resolved), ("Call her", false));
    assert!(f.base.resolve_comment(said.id, true).unwrap().resolved);
    assert_eq!(f.base.comments(f.table, ann).unwrap().len(), 1);
    assert_eq!(f.base.undo().unwrap().what.as_deref(), Some("record.update"), "a comment is no act");
    f.base.remove_comment(said.id).unwrap();
    assert!(f.base.comments(f.table, ann).unwrap().is_empty());
    assert_eq!(f.base.remove_comment(said.id).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(f.base.add_comment(f.table, RecordId(99), "x").unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(f.base.add_comment(f.table, ann, " ").unwrap_err().code, ErrorCode::Invalid);
}

#[test]
fn a_copy_has_the_files_and_comments_of_what_is_in_it_and_no_others() {
    let (f, ann, _) = story();
    let file = f.column("File", ColumnType::File);
    let named = f.base.add_file(b"named by a cell").unwrap();
    f.base.add_file(b"a secret nobody names").unwrap();
    f.put(ann, file, json!([{"name": "a.txt", "size": 15, "hash": named}]));
    let gone = f.add(&[(f.first(), json!("gone"))]);
    f.base.add_comment(f.table, gone, "said of a removed one").unwrap();
    f.base.add_comment(f.table, ann, "stays").unwrap();
    f.base.remove_records(f.table, &[gone]).unwrap();
    let target = f.folder.path().join("copy.base");
    f.base.copy_to(&target, &BaseFile::new_id(&SystemClock)).unwrap();
    let copy = BaseFile::open(&target, clock()).unwrap();
    assert_eq!(copy.file(&named).unwrap(), b"named by a cell");
    assert_eq!(copy.comments(f.table, ann).unwrap().len(), 1);
    drop(copy);
    let bytes = std::fs::read(&target).unwrap();
    for gone in ["a secret nobody names", "said of a removed one"] {
        assert!(!bytes.windows(gone.len()).any(|w| w == gone.as_bytes()), "{gone}");
    }
}

#[test]
fn a_snapshot_is_the_base_as_it_was_and_becomes_a_base_of_its_own() {
    let (f, ann, [name, ..]) = story();
    let profile = f.folder.path();
    let made = shelf::make_snapshot(profile, &f.base, "before the fair", &SystemClock).unwrap();
    assert_eq!((made.records, made.name.as_str()), (2, "before the fair"));
    f.put(ann, name, json!("Anna"));
    assert_eq!(shelf::list_snapshots(profile, f.base.id()).unwrap(), std::slice::from_ref(&made));
    let (target, new) = (profile.join("restored.base"), BaseFile::new_id(&SystemClock));
    shelf::restore_snapshot(profile, f.base.id(), &made.id, &target, &new).unwrap();
    let restored = BaseFile::open(&target, clock()).unwrap();
    assert_eq!((restored.id(), &restored.list(&list(f.table)).unwrap().rows[0].cells[0]), (&new, &json!("Ann")));
    shelf::remove_snapshot(profile, f.base.id(), &made.id).unwrap();
    assert!(shelf::list_snapshots(profile, f.base.id()).unwrap().is_empty());
    for id in ["../x", "", made.id.as_str()] {
        assert_eq!(shelf::remove_snapshot(profile, f.base.id(), id).unwrap_err().code, ErrorCode::NotFound);
    }
}

#[test]
fn a_name_for_an_account_is_unique_in_its_base() {
    let f = fixture();
    assert_eq!(f.base.add_account_name(" Sales ").unwrap(), "Sales");
    f.base.add_account_name("Info").unwrap();
    let error = f.base.add_account_name("sales").unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (ErrorCode::Conflict, "The name “sales” is taken already."));
    assert_eq!(f.base.rename_account_name("Info", "SALES").unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(f.base.rename_account_name("Info", "Desk").unwrap(), "Desk");
    assert_eq!(f.base.account_names().unwrap(), ["Sales", "Desk"]);
    f.base.remove_account_name("desk").unwrap();
    assert_eq!(f.base.remove_account_name("desk").unwrap_err().code, ErrorCode::NotFound);
}
