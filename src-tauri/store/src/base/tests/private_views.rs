//! A private view is there for its owner alone, and nothing that others do harms it.

use super::*;
use model::base::{ColumnResult, View, ViewKind};
use model::history::HistoryArgs;

const ANN: &str = "0123456789abcdef0123456789abcdef";
const BOB: &str = "fedcba9876543210fedcba9876543210";

/// Ann's and Bob's window on one base, whose table has a shared view and Ann's private one.
struct Two {
    ann: BaseFile,
    bob: BaseFile,
    table: TableId,
    secret: View,
    folder: tempfile::TempDir,
}

fn two() -> Two {
    let f = fixture();
    let bob = BaseFile::open(f.base.path(), clock()).unwrap().for_person(BOB);
    let Fixture { folder, base, table } = f;
    let ann = base.for_person(ANN);
    let view = ann.add_view(table, "Secret", ViewKind::Table, None).unwrap();
    let secret = ann.update_view(table, &with_private(&view, true)).unwrap();
    Two { ann, bob, table, secret, folder }
}

fn with_private(view: &View, private: bool) -> View {
    let mut view = view.clone();
    view.settings["private"] = json!(private);
    view
}

fn names(base: &BaseFile, table: TableId) -> Vec<String> {
    base.table(table).unwrap().views.into_iter().map(|v| v.name).collect()
}

fn history(base: &BaseFile) -> String {
    let args = HistoryArgs {
        base: BaseId(String::new()),
        table: None,
        record: None,
        before: None,
        limit: 50,
        from_at: None,
        until_at: None,
        by: None,
    };
    format!("{:?}", base.history(&args).unwrap())
}

#[test]
fn a_view_made_private_is_its_makers_until_they_share_it() {
    let t = two();
    assert_eq!(t.secret.settings["owner"], ANN);
    assert_eq!(names(&t.ann, t.table), ["Основне подання", "Secret"]);
    assert_eq!(names(&t.bob, t.table), ["Основне подання"]);
    assert_eq!(t.bob.tables().unwrap()[0].views.len(), 1);
    assert!(!history(&t.bob).contains("Secret") && history(&t.ann).contains("Secret"));
    // To Bob it is not there, whatever he calls it by.
    let list = RecordListArgs { view: Some(t.secret.id), ..list(t.table) };
    let gone = [
        t.bob.list(&list).map(drop),
        t.bob.update_view(t.table, &with_private(&t.secret, false)).map(drop),
        t.bob.remove_view(t.table, t.secret.id).map(drop),
        t.bob.move_view(t.table, t.secret.id, 0),
        t.bob.add_view(t.table, "Mine", ViewKind::Table, Some(t.secret.id)).map(drop),
    ];
    for refused in gone {
        assert_eq!(refused.unwrap_err().code, ErrorCode::NotFound);
    }
    let error = t.bob.add_view(t.table, "secret", ViewKind::Table, None).unwrap_err();
    assert_eq!(error.message, "A private view of somebody else is named “secret”.");
    // Nobody makes a view somebody else's.
    let mut other = t.ann.add_view(t.table, "Other", ViewKind::Table, None).unwrap();
    (other.settings["private"], other.settings["owner"]) = (json!(true), json!(BOB));
    let other = t.ann.update_view(t.table, &other).unwrap();
    assert_eq!(other.settings["owner"], ANN);
    t.ann.update_view(t.table, &with_private(&other, false)).unwrap();
    let shared = t.ann.update_view(t.table, &with_private(&t.secret, false)).unwrap();
    assert_eq!(shared.settings.get("owner"), None);
    assert_eq!(names(&t.bob, t.table), ["Основне подання", "Secret", "Other"]);
}

#[test]
fn a_table_keeps_a_view_that_everybody_sees() {
    let t = two();
    let first = t.ann.table(t.table).unwrap().views.remove(0);
    let words = "A table keeps at least one view that everybody sees.";
    assert_eq!(t.ann.update_view(t.table, &with_private(&first, true)).unwrap_err().message, words);
    assert_eq!(
        t.bob.remove_view(t.table, first.id).unwrap_err().message,
        "A table keeps at least one view that everybody sees."
    );
    // Nor does undo take the last one away.
    let second = t.bob.add_view(t.table, "Second", ViewKind::Table, None).unwrap();
    t.ann.update_view(t.table, &with_private(&first, true)).unwrap();
    assert!(t.bob.undo().unwrap().conflicts > 0);
    assert_eq!(names(&t.bob, t.table), ["Second"]);
    t.ann.remove_view(t.table, t.secret.id).unwrap();
    assert_eq!(t.ann.table(t.table).unwrap().views.last().unwrap().id, second.id);
}

#[test]
fn what_others_do_leaves_a_private_view_whole() {
    let t = two();
    let name = t.ann.table(t.table).unwrap().columns[0].id;
    let stage = t.bob.add_column(t.table, "Stage", ColumnType::Text, None).unwrap().id;
    let mut secret = t.secret.clone();
    secret.filter = Some(FilterNode::Group { all: true, items: vec![rule(stage, "is", json!("Open"))] });
    secret.sorts = vec![Sort { column: stage, descending: true, by: None }];
    let secret = t.ann.update_view(t.table, &secret).unwrap();
    let now = || t.ann.table(t.table).unwrap().views.into_iter().find(|v| v.id == secret.id).unwrap();
    // A column goes and comes back with its place in the view.
    t.bob.remove_column(t.table, stage).unwrap();
    assert!(now().sorts.is_empty());
    assert_eq!(t.bob.undo().unwrap().conflicts, 0);
    assert_eq!(now(), secret);
    // Bob sorts the views he sees, and Ann's stays between its neighbours.
    let last = t.bob.add_view(t.table, "Last", ViewKind::Table, None).unwrap();
    t.bob.move_view(t.table, last.id, 0).unwrap();
    assert_eq!(names(&t.ann, t.table), ["Last", "Основне подання", "Secret"]);
    t.bob.move_view(t.table, last.id, 1).unwrap();
    assert_eq!(names(&t.ann, t.table), ["Основне подання", "Secret", "Last"]);
    // A view that Bob made and renamed, then Ann's: his undo neither renames nor removes it.
    let shared = t.bob.add_view(t.table, "Shared", ViewKind::Table, None).unwrap();
    t.bob.update_view(t.table, &View { name: "Ours".into(), ..shared.clone() }).unwrap();
    let ours = t.ann.table(t.table).unwrap().views.into_iter().find(|v| v.id == shared.id).unwrap();
    t.ann.update_view(t.table, &with_private(&ours, true)).unwrap();
    assert_eq!((t.bob.undo().unwrap().conflicts, t.bob.undo().unwrap().conflicts), (1, 1));
    assert!(names(&t.ann, t.table).contains(&"Ours".to_owned()));
    // Records it shows can be worked with; a link it limits keeps the limit in Bob's hands.
    let link = json!({"table": t.table, "two_way": false, "view": secret.id});
    let link = t.ann.add_column(t.table, "Like", ColumnType::Link, Some(link)).unwrap();
    assert_eq!(t.ann.table(t.table).unwrap().columns.last().unwrap().result, None::<ColumnResult>);
    let change = ColumnChange { settings: Some(link.settings.clone()), ..ColumnChange::default() };
    assert_eq!(t.bob.update_column(t.table, link.id, &change).unwrap().settings["view"], json!(secret.id));
    assert_eq!(t.bob.duplicate_column(t.table, link.id, None).unwrap().settings["view"], json!(secret.id));
    let new = ColumnChange { settings: Some(json!({"view": ours.id})), ..ColumnChange::default() };
    assert_eq!(t.bob.update_column(t.table, link.id, &new).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(name, t.bob.table(t.table).unwrap().columns[0].id);
}

#[test]
fn copies_snapshots_and_seatable_files_keep_whose_a_view_is() {
    let t = two();
    let copy = t.bob.duplicate_table(t.table, "Copy", true).unwrap();
    assert_eq!((copy.views.len(), names(&t.ann, copy.id).len()), (1, 2));
    let id = BaseFile::new_id(&SystemClock);
    let path = t.folder.path().join("copy.base");
    t.bob.copy_to(&path, &id).unwrap();
    let open = |person: &str| BaseFile::open(&path, clock()).unwrap().for_person(person);
    assert_eq!((names(&open(ANN), t.table).len(), names(&open(BOB), t.table).len()), (2, 1));
    let snapshot = shelf::make_snapshot(t.folder.path(), &t.bob, "Before", &SystemClock).unwrap();
    let restored = t.folder.path().join("restored.base");
    let new = BaseFile::new_id(&SystemClock);
    shelf::restore_snapshot(t.folder.path(), t.bob.id(), &snapshot.id, &restored, &new).unwrap();
    let restored = BaseFile::open(&restored, clock()).unwrap().for_person(ANN);
    assert_eq!(names(&restored, t.table), ["Основне подання", "Secret"]);
    // Into a SeaTable file and out of it.
    let out = t.folder.path().join("out.dtable");
    let options = ExportOptions {
        table: None,
        view: None,
        format: model::exchange::ExportFormat::Dtable,
        files: true,
        read_only: false,
        mark: false,
        delimiter: b',',
    };
    t.bob.export(&out, &options, &mut |_| true).unwrap();
    let again = t.folder.path().join("again.base");
    let (again, report) = BaseFile::create_from_file(
        &again,
        &BaseFile::new_id(&SystemClock),
        "en",
        clock(),
        Source::File(&out),
        &ImportOptions::default(),
        &mut |_| true,
    )
    .unwrap();
    let again = again.for_person(ANN);
    let there = again.table(report.tables[0]).unwrap();
    assert_eq!(there.views.iter().map(|v| v.name.as_str()).collect::<Vec<_>>(), ["Основне подання", "Secret"]);
    assert_eq!(there.views[1].settings, json!({"private": true, "owner": ANN}));
    assert_eq!(names(&again.for_person(BOB), report.tables[0]), ["Основне подання"]);
}
