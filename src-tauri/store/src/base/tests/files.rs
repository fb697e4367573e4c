//! Files that are no base, damaged, newer, read-only, copied.

use super::*;
use model::base::ReadOnly;
use model::exchange::ExportFormat;
use std::io::{Seek as _, SeekFrom, Write as _};

fn refused(path: &Path) -> ErrorCode {
    let before = std::fs::read(path).unwrap();
    let code = BaseFile::open(path, clock()).err().unwrap().code;
    assert_eq!(std::fs::read(path).unwrap(), before, "the file was changed");
    code
}

fn closed(f: Fixture) -> (tempfile::TempDir, PathBuf) {
    let path = f.base.path().to_path_buf();
    drop(f.base);
    (f.folder, path)
}

#[test]
fn what_is_no_whole_base_is_refused_and_not_changed() {
    let (folder, path) = closed(fixture());
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    assert_eq!(refused(&file("empty", b"")), ErrorCode::Damaged);
    assert_eq!(refused(&file("text", &b"hello ".repeat(100))), ErrorCode::Damaged);
    let foreign = folder.path().join("foreign");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE x (a)").unwrap();
    assert_eq!(refused(&foreign), ErrorCode::Damaged);
    let whole = std::fs::read(&path).unwrap();
    assert_eq!(refused(&file("cut", &whole[..whole.len() / 2])), ErrorCode::Damaged);
    let mut broken = whole.clone();
    broken[100..4096].fill(0x5a);
    assert_eq!(refused(&file("broken", &broken)), ErrorCode::Damaged);
    assert_eq!(BaseFile::open(&folder.path().join("none"), clock()).err().unwrap().code, ErrorCode::NotFound);
}

#[test]
fn a_base_of_a_newer_tabella_is_refused_and_not_changed() {
    let (_folder, path) = closed(fixture());
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(60)).unwrap();
    file.write_all(&99_i32.to_be_bytes()).unwrap();
    drop(file);
    assert_eq!(refused(&path), ErrorCode::Newer);
}

#[test]
fn a_base_that_can_not_be_written_opens_for_reading() {
    let f = fixture();
    f.add(&[(f.first(), json!("Ann"))]);
    let table = f.table;
    let (folder, path) = closed(f);
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let base = BaseFile::open(&path, clock()).unwrap();
    // root writes whatever the permissions say: then there is nothing to show here.
    if base.read_only() == Some(ReadOnly::Place) {
        assert_eq!(base.list(&list(table)).unwrap().total, 1);
        assert_eq!(base.create_table("X").unwrap_err().code, ErrorCode::Conflict);
    }
    drop(folder);
}

#[test]
fn a_base_given_away_for_reading_can_be_looked_at_by_all_and_changed_by_none_but_in_a_copy() {
    let f = fixture();
    let record = f.add(&[(f.first(), json!("Ann"))]);
    f.base.add_comment(f.table, record, "hunter2-in-a-comment").unwrap();
    let path = f.folder.path().join("given.base");
    let options = ExportOptions {
        table: None,
        view: None,
        format: ExportFormat::Base,
        files: true,
        read_only: true,
        mark: false,
        delimiter: b',',
    };
    let report = f.base.export(&path, &options, &mut |_| true).unwrap();
    assert_eq!((report.tables, report.records), (1, 1));
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(20).any(|w| w == b"hunter2-in-a-comment"));
    let given = BaseFile::open(&path, clock()).unwrap();
    assert_eq!(given.read_only(), Some(ReadOnly::Shared));
    assert_ne!(given.id(), f.base.id());
    assert_eq!(given.list(&list(f.table)).unwrap().rows[0].cells, [json!("Ann")]);
    assert_eq!(given.remove_records(f.table, &[record]).unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(given.create_table("X").unwrap_err().code, ErrorCode::Conflict);
    let copied = f.folder.path().join("mine.base");
    given.copy_to(&copied, &BaseFile::new_id(&SystemClock)).unwrap();
    drop(given);
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "looking changed the file");
    let left: Vec<_> = std::fs::read_dir(f.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("given.base-")), "{left:?}");
    let mine = BaseFile::open(&copied, clock()).unwrap();
    assert_eq!(mine.read_only(), None);
    mine.create_table("X").unwrap();
}

#[test]
fn a_copy_has_its_own_id_and_nothing_that_was_removed() {
    let f = fixture();
    let secret = f.column("Secret", ColumnType::Text);
    let id = f.add(&[(f.first(), json!("Ann")), (secret, json!("hunter2-in-a-cell"))]);
    f.put(id, f.first(), json!("Bea"));
    f.base.remove_column(f.table, secret).unwrap();
    let gone = f.base.create_table("Gone").unwrap();
    f.base.remove_table(gone.id).unwrap();
    let target = f.folder.path().join("copy.base");
    let copied = BaseFile::new_id(&SystemClock);
    f.base.copy_to(&target, &copied).unwrap();
    let copy = BaseFile::open(&target, clock()).unwrap();
    assert_eq!(*copy.id(), copied);
    assert_eq!(copy.list(&list(f.table)).unwrap().rows[0].cells, [json!("Bea")]);
    assert_eq!(copy.undo().unwrap().what, None);
    drop(copy);
    let bytes = std::fs::read(&target).unwrap();
    assert!(!bytes.windows(17).any(|w| w == b"hunter2-in-a-cell"));
    assert_eq!(f.base.copy_to(&target, &copied).unwrap_err().code, ErrorCode::Conflict);
    f.base.undo().unwrap();
}

#[test]
fn two_programs_on_one_base_see_each_others_changes() {
    let f = fixture();
    let other = BaseFile::open(f.base.path(), clock()).unwrap();
    let mut args = list(f.table);
    args.sorts = Some(vec![Sort::by_value(f.first(), false)]);
    assert_eq!(other.list(&args).unwrap().total, 0);
    f.base.take_changes().unwrap();
    assert!(!other.changed_since());
    let id = f.add(&[(f.first(), json!("Ann"))]);
    assert!(other.changed_since());
    let changes = other.take_changes().unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(
        (changes[0].noun, changes[0].id.clone(), changes[0].base.clone()),
        (Noun::Record, Some(id.to_string()), Some(f.base.id().clone()))
    );
    assert_eq!(other.list(&args).unwrap().total, 1);
    assert_eq!(f.base.take_changes().unwrap(), changes);
    assert!(other.take_changes().unwrap().is_empty());
}
