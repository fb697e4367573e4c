//! Files of cells: kept once, added in one act, swept when nothing can bring them back.

use super::*;
use model::base::FilesAdded;
use std::sync::atomic::{AtomicI64, Ordering};

fn add(f: &Fixture, column: ColumnId, record: Option<RecordId>, files: &[(&str, &[u8])]) -> Result<FilesAdded> {
    let files: Vec<_> = files.iter().map(|(name, bytes)| ((*name).to_owned(), pack(bytes.to_vec()))).collect();
    f.base.add_files(f.table, column, record, &files)
}

fn names(cell: &Json) -> Vec<&str> {
    cell.as_array().into_iter().flatten().filter_map(|f| f["name"].as_str()).collect()
}

#[test]
fn files_are_added_behind_those_that_are_there_and_undo_takes_them_back() {
    let f = fixture();
    let papers = f.column("Papers", ColumnType::File);
    let id = f.add(&[(f.first(), json!("Ann"))]);
    let text = b"an offer ".repeat(200);
    let first = add(&f, papers, Some(id), &[("offer.txt", &text)]).unwrap();
    assert_eq!((first.files[0].size, first.act.unwrap().records), (1800, vec![id]));
    add(&f, papers, Some(id), &[("copy.txt", &text), ("sign.bin", b"x")]).unwrap();
    assert_eq!(names(&f.cell(id, 1)), ["offer.txt", "copy.txt", "sign.bin"]);
    assert_eq!(f.base.file(f.cell(id, 1)[1]["hash"].as_str().unwrap()).unwrap(), text);
    f.base.undo().unwrap();
    assert_eq!(names(&f.cell(id, 1)), ["offer.txt"]);
    f.base.redo().unwrap();
    assert_eq!(names(&f.cell(id, 1)).len(), 3);
    // Removing, renaming and reordering are writes of the cell.
    let mut list = f.cell(id, 1).as_array().unwrap().clone();
    list.reverse();
    list[0]["name"] = json!("seal.bin");
    list.pop();
    f.put(id, papers, json!(list));
    assert_eq!(names(&f.cell(id, 1)), ["seal.bin", "copy.txt"]);
}

#[test]
fn a_signature_takes_the_place_of_the_one_before_and_says_when_it_was_given() {
    let f = fixture();
    let signed = f.column("Signed", ColumnType::Signature);
    let id = f.add(&[(f.first(), json!("Ann"))]);
    add(&f, signed, Some(id), &[("Signature.png", b"first")]).unwrap();
    let first = f.cell(id, 1);
    assert!(first["sign_time"].as_str().unwrap().starts_with("20"), "{first}");
    add(&f, signed, Some(id), &[("Signature.png", b"second")]).unwrap();
    let second = f.cell(id, 1);
    assert_eq!(f.base.file(second["hash"].as_str().unwrap()).unwrap(), b"second");
    let two: [(&str, &[u8]); 2] = [("a.png", b"a"), ("b.png", b"b")];
    assert_eq!(add(&f, signed, Some(id), &two).unwrap_err().message, "A cell holds one signature.");
    f.base.undo().unwrap();
    assert_eq!(f.cell(id, 1), first);
}

#[test]
fn a_cell_takes_no_file_that_is_not_in_the_base_and_no_column_but_those_of_files() {
    let f = fixture();
    let papers = f.column("Papers", ColumnType::File);
    let id = f.add(&[(f.first(), json!("Ann"))]);
    let strange = json!([{"name": "a", "hash": "00".repeat(32)}]);
    let values = RecordValues { id, cells: BTreeMap::from([(papers, strange)]) };
    let error = f.base.update_records(f.table, &[values]).unwrap_err();
    assert_eq!(error.message, "The column “Papers” can't take a file that is not in this base.");
    assert_eq!(add(&f, f.first(), Some(id), &[("a", b"x")]).unwrap_err().code, ErrorCode::Invalid);
    f.base.lock_records(f.table, &[id], true).unwrap();
    assert_eq!(add(&f, papers, Some(id), &[("a", b"x")]).unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(f.cell(id, 1), Json::Null);
}

#[derive(Debug)]
struct Hours(AtomicI64);

impl Clock for Hours {
    fn now(&self) -> Timestamp {
        Timestamp(1_700_000_000_000 + self.0.load(Ordering::Relaxed) * 3_600_000)
    }
}

#[test]
fn a_sweep_takes_what_no_cell_and_no_undo_needs_and_spares_what_just_came() {
    let clock = Arc::new(Hours(AtomicI64::new(0)));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.base");
    let open = || BaseFile::open(&path, clock.clone()).unwrap();
    let base = BaseFile::create(&path, &BaseFile::new_id(&*clock), "en", clock.clone()).unwrap();
    let table = base.create_table("Clients").unwrap().id;
    let mut f = Fixture { folder, base, table };
    let papers = f.column("Papers", ColumnType::File);
    let id = f.add(&[]);
    let hash = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
    let here = |f: &Fixture, bytes: &[u8]| f.base.file(&hash(bytes)).is_ok();
    add(&f, papers, Some(id), &[("a", b"named"), ("b", b"removed from the cell")]).unwrap();
    let first = f.cell(id, 1)[0].clone();
    f.put(id, papers, json!([first]));
    add(&f, papers, None, &[("c", b"of a form that was left")]).unwrap();
    let hour = |f: &Fixture, hours: i64| {
        clock.0.fetch_add(hours, Ordering::Relaxed);
        f.base.sweep_files().unwrap().0
    };
    assert_eq!((hour(&f, 0), hour(&f, 0)), (0, 0));
    assert!(here(&f, b"of a form that was left"));
    add(&f, papers, None, &[("d", b"of a form that is open")]).unwrap();
    assert_eq!(hour(&f, 1), 1);
    assert!(!here(&f, b"of a form that was left") && here(&f, b"of a form that is open"));
    // Undo could bring it back for as long as the log holds it.
    assert!(here(&f, b"removed from the cell"));
    drop(f.base);
    clock.0.fetch_add(24 * 91, Ordering::Relaxed);
    f.base = open();
    assert_eq!(hour(&f, 1), 2);
    assert!(here(&f, b"named") && !here(&f, b"removed from the cell"));
}
