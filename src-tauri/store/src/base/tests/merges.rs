//! Records of a file meet those of a table, by key.

use super::*;
use model::exchange::{ImportInto, MergeMode, Merged};

/// Clients with an address as key, an amount and a stage.
fn clients() -> (Fixture, [ColumnId; 4]) {
    let f = fixture();
    let columns = [
        f.first(),
        f.column("Mail", ColumnType::Email),
        f.column("Amount", ColumnType::Number),
        f.column("Stage", ColumnType::SingleSelect),
    ];
    for (name, mail, amount, stage) in
        [("Ann", "ann@example.org", 1.0, "open"), ("Bob", "bob@example.org", 2.0, "open"), ("Eve", "", 3.0, "paid")]
    {
        f.add(&[
            (columns[0], json!(name)),
            (columns[1], json!(mail)),
            (columns[2], json!(amount)),
            (columns[3], json!(stage)),
        ]);
    }
    (f, columns)
}

const FILE: &str = "mail,NAME,Amount,Stage,Unknown\n\
    ANN@example.org,Anna,10,open,x\n\
    bob@example.org,Bob,2,open,x\n\
    new@example.org,New,many,won,x\n\
    ,Nobody,5,,x\n";

fn into(f: &Fixture, mode: MergeMode, keys: &[ColumnId]) -> ImportInto {
    ImportInto { table: f.table, mode, keys: keys.to_vec(), mapping: None }
}

fn merge(f: &Fixture, text: &str, into: &ImportInto) -> Result<Merged> {
    f.base.merge_file(Source::Bytes(text.as_bytes()), &ImportOptions::default(), into, &mut |_| true)
}

fn rows(f: &Fixture) -> Vec<Vec<Json>> {
    f.base.list(&list(f.table)).unwrap().rows.into_iter().map(|r| r.cells).collect()
}

#[test]
fn records_with_the_same_key_are_written_over_and_the_others_added() {
    let (f, [_, mail, amount, _]) = clients();
    let before = rows(&f);
    let merged = merge(&f, FILE, &into(&f, MergeMode::Both, &[mail])).unwrap();
    assert_eq!((merged.added, merged.updated, merged.unchanged, merged.skipped), (2, 1, 1, 0));
    assert_eq!(merged.mapping.iter().filter(|m| m.is_some()).count(), 4);
    assert_eq!((merged.misfits.len(), merged.misfits[0].column), (1, amount));
    assert_eq!((merged.misfits[0].first.as_str(), merged.misfits[0].record), ("many", 3));
    let after = rows(&f);
    assert_eq!(after[0], [json!("Anna"), json!("ANN@example.org"), json!(10), json!(1)]);
    assert_eq!(after[3], [json!("New"), json!("new@example.org"), json!(null), json!(3)]);
    assert_eq!((after.len(), &after[4][0]), (5, &json!("Nobody")));
    assert_eq!(f.base.undo().unwrap().what.as_deref(), Some("base.import_file"));
    assert_eq!(rows(&f), before);
    let options = f.base.table(f.table).unwrap().columns[3].settings["options"].as_array().unwrap().len();
    assert_eq!(options, 2, "the option of the import went with it");
    f.base.redo().unwrap();
    assert_eq!(rows(&f), after);
}

#[test]
fn an_update_adds_nothing_and_an_append_changes_nothing() {
    let (f, [name, mail, ..]) = clients();
    let merged = merge(&f, FILE, &into(&f, MergeMode::Update, &[mail])).unwrap();
    assert_eq!((merged.added, merged.updated, merged.unchanged, merged.skipped), (0, 1, 1, 2));
    let merged = merge(&f, FILE, &into(&f, MergeMode::Append, &[])).unwrap();
    assert_eq!((merged.added, merged.updated), (4, 0));
    assert_eq!(rows(&f).len(), 7);
    // Only what is mapped is written; an empty value empties its cell.
    let mapping = vec![Some(mail), None, Some(f.base.table(f.table).unwrap().columns[2].id), None, None];
    let only = ImportInto { mapping: Some(mapping), ..into(&f, MergeMode::Update, &[mail]) };
    let merged = merge(&f, "m,n,a,s,u\nbob@example.org,Robert,,x,x\n", &only).unwrap();
    assert_eq!((merged.updated, merged.emptied), (1, 1));
    assert_eq!(rows(&f)[1][..3], [json!("Bob"), json!("bob@example.org"), json!(null)]);
    let _ = name;
}

#[test]
fn a_look_at_an_import_tells_what_it_would_do_and_does_nothing() {
    let (f, [_, mail, ..]) = clients();
    let (before, bytes) = (rows(&f), std::fs::read(f.base.path()).unwrap());
    let wanted = into(&f, MergeMode::Both, &[mail]);
    let look = f
        .base
        .try_merge_file(Source::Bytes(FILE.as_bytes()), &ImportOptions::default(), &wanted, &mut |_| true)
        .unwrap();
    assert_eq!(rows(&f), before);
    assert_eq!(std::fs::read(f.base.path()).unwrap(), bytes);
    assert_eq!(f.base.undo().unwrap().what.as_deref(), Some("record.add"), "no act of the look is there");
    f.base.redo().unwrap();
    assert_eq!(merge(&f, FILE, &wanted).unwrap(), look);
}

#[test]
fn what_can_not_be_merged_is_refused_in_words() {
    let (f, [name, mail, ..]) = clients();
    let made = f.column("Made", ColumnType::CreatedTime);
    let before = rows(&f);
    for (text, wanted, words) in [
        (FILE, into(&f, MergeMode::Update, &[]), "Choose the columns that tell records apart."),
        ("x,y\n1,2\n", into(&f, MergeMode::Append, &[]), "No column of the file goes into a column of the table."),
        ("Name\nx\n", into(&f, MergeMode::Both, &[mail]), "No column of the file goes into the key “Mail”."),
        (
            "a,b\n1,2\n",
            ImportInto { mapping: Some(vec![Some(name), Some(name)]), ..into(&f, MergeMode::Append, &[]) },
            "Two columns of the file go into “Name”.",
        ),
        (
            "a\n1\n",
            ImportInto { mapping: Some(vec![Some(made)]), ..into(&f, MergeMode::Append, &[]) },
            "The column “Made” can't be imported into.",
        ),
    ] {
        assert_eq!(merge(&f, text, &wanted).unwrap_err().message, words);
    }
    let many: String = std::iter::once("Name\n".into()).chain((0..5_000).map(|n| format!("n{n}\n"))).collect();
    let mut asked = 0;
    let stopped = f.base.merge_file(
        Source::Bytes(many.as_bytes()),
        &ImportOptions::default(),
        &into(&f, MergeMode::Append, &[]),
        &mut |_| {
            asked += 1;
            asked < 4
        },
    );
    assert_eq!(stopped.unwrap_err().code, ErrorCode::Cancelled);
    assert_eq!(rows(&f), before);
}
