//! A list that is kept follows what is written, and its first screen is right before the rest is known.

use super::*;
use crate::base::lists::Ready;

const WORDS: [&str; 10] =
    ["їжак", "Łódź", "lodz", "", "item 10", "item 2", "ÅÄ", "aaaaaaaaaaaaab", "aaaaaaaaaaaaac", "Ґ"];

struct Table {
    f: Fixture,
    amount: ColumnId,
    stage: ColumnId,
    args: Vec<RecordListArgs>,
}

/// Sixty records, and lists of them by every kind of order.
fn table() -> Table {
    let f = fixture();
    let amount = f.column("Amount", ColumnType::Number);
    let stage = f.column("Stage", ColumnType::SingleSelect);
    let records: Vec<BTreeMap<ColumnId, Json>> = (0..60_usize)
        .map(|n| {
            BTreeMap::from([
                (f.first(), json!(WORDS[n * 7 % WORDS.len()])),
                (amount, if n % 7 == 0 { Json::Null } else { json!(n * 13 % 29) }),
                (stage, json!(["open", "paid", "late"][n % 3])),
            ])
        })
        .collect();
    f.base.add_records(f.table, &records).unwrap();
    let by = |column: ColumnId, descending: bool| Sort::by_value(column, descending);
    let sorted = |sorts: Vec<Sort>| RecordListArgs { sorts: Some(sorts), ..list(f.table) };
    let args = vec![
        sorted(vec![by(f.first(), false)]),
        sorted(vec![by(amount, true)]),
        sorted(vec![by(stage, false), by(f.first(), true), by(amount, false)]),
        RecordListArgs { filter: Some(rule(amount, "greater", json!(9))), ..sorted(vec![by(f.first(), true)]) },
        RecordListArgs { filter: Some(rule(amount, "is_empty", Json::Null)), ..list(f.table) },
        RecordListArgs { search: Some("lodz".into()), ..sorted(vec![by(amount, false)]) },
    ];
    Table { f, amount, stage, args }
}

impl Table {
    /// Every list is as it would be made anew; tells how many of them needed not be.
    fn followed(&self) -> usize {
        let context = self.f.base.context();
        let mut followed = 0;
        for args in &self.args {
            self.f
                .base
                .read_snapshot(|c| {
                    let def = meta::def(c, self.f.table, &context)?;
                    let (key, stamp) = list::key(&def, args, &context)?;
                    if let Ready::List(_) = self.f.base.lists.ready(c, &def, &key, stamp, "uk")? {
                        followed += 1;
                    }
                    let anew = list::sorted_by_sql(c, &def, &key)?;
                    assert_eq!(*self.f.base.ids(c, &def, key, stamp)?, anew, "{args:?}");
                    Ok(())
                })
                .unwrap();
        }
        followed
    }
}

#[test]
fn a_kept_list_follows_every_edit_of_records_without_being_made_anew() {
    let t = table();
    assert_eq!(t.followed(), 0);
    assert_eq!(t.followed(), t.args.len(), "nothing happened");
    let by_hand: [&dyn Fn(); 8] = [
        &|| t.f.put(RecordId(5), t.amount, json!(10.5)),
        &|| t.f.put(RecordId(5), t.amount, Json::Null),
        &|| t.f.put(RecordId(9), t.f.first(), json!("Łodzianin")),
        &|| t.f.put(RecordId(60), t.stage, json!("late")),
        &|| _ = t.f.add(&[(t.amount, json!(11)), (t.f.first(), json!("item 3"))]),
        &|| drop(t.f.base.remove_records(t.f.table, &[RecordId(1), RecordId(30), RecordId(60)]).unwrap()),
        &|| drop(t.f.base.undo().unwrap()),
        &|| drop(t.f.base.redo().unwrap()),
    ];
    for (at, edit) in by_hand.iter().enumerate() {
        edit();
        assert_eq!(t.followed(), t.args.len(), "edit {at}");
    }
    // Several, one after the other, before anybody asks again.
    for n in 2..20_i64 {
        t.f.put(RecordId(n), t.amount, json!(n % 5 * 4));
        t.f.put(RecordId(n + 31), t.f.first(), json!(WORDS[n as usize % WORDS.len()]));
    }
    assert_eq!(t.followed(), t.args.len());
}

#[test]
fn what_another_program_writes_moves_the_lists_here() {
    let t = table();
    t.followed();
    let other = BaseFile::open(&t.f.folder.path().join("a.base"), clock()).unwrap();
    let cells = BTreeMap::from([(t.amount, json!(28.5))]);
    other.update_records(t.f.table, &[RecordValues { id: RecordId(3), cells }]).unwrap();
    assert_eq!(t.followed(), t.args.len());
}

#[test]
fn a_list_is_made_anew_where_nobody_knows_which_records_changed() {
    let t = table();
    t.followed();
    // The order of options is the order of the list.
    let settings =
        json!({"options": [{"id": 3, "name": "late"}, {"id": 2, "name": "paid"}, {"id": 1, "name": "open"}]});
    let change = ColumnChange { settings: Some(settings), ..ColumnChange::default() };
    t.f.base.update_column(t.f.table, t.stage, &change).unwrap();
    assert!(t.followed() < t.args.len());
    // More than the log of changes tells one by one.
    let records: Vec<RecordValues> = (1..=60)
        .map(|n| RecordValues { id: RecordId(n), cells: BTreeMap::from([(t.amount, json!(n % 11))]) })
        .collect();
    for _ in 0..2 {
        t.f.base.update_records(t.f.table, &records).unwrap();
        t.f.base.undo().unwrap();
    }
    t.followed();
}

#[test]
fn a_long_list_shows_its_first_screen_before_the_rest_is_in_order() {
    let f = fixture();
    {
        let writer = lock(&f.base.writer);
        let physical: i64 = writer.query_row("SELECT physical FROM data_column", [], |r| r.get(0)).unwrap();
        writer
            .execute_batch(&format!(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
                 INSERT INTO t{} (created_at, modified_at, c{physical})
                 SELECT 0, 0, CASE i % 50 WHEN 0 THEN NULL ELSE 'Ørn ' || (i * 7919 % 30011) END FROM n;
                 UPDATE data_table SET records = 60000, rows_version = 1;",
                f.table
            ))
            .unwrap();
    }
    for descending in [false, true] {
        let args = RecordListArgs {
            sorts: Some(vec![Sort::by_value(f.first(), descending)]),
            offset: 40,
            limit: 100,
            ..list(f.table)
        };
        let screen = f.base.list(&args).unwrap();
        // Whoever asks further down waits for the rest.
        let further = f.base.list(&RecordListArgs { offset: 50_000, ..args.clone() }).unwrap();
        let all: Vec<RecordId> = f.base.list_ids(&args).unwrap();
        let context = f.base.context();
        let anew = f.base.read_snapshot(|c| {
            let def = meta::def(c, f.table, &context)?;
            list::sorted_by_sql(c, &def, &list::key(&def, &args, &context)?.0)
        });
        let anew: Vec<RecordId> = anew.unwrap().into_iter().map(RecordId).collect();
        let shown = |page: &model::base::RecordPage| page.rows.iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!((screen.total, further.total, all.len()), (60_000, 60_000, 60_000));
        assert!(all == anew);
        assert_eq!(shown(&screen), anew[40..140]);
        assert_eq!(shown(&further), anew[50_000..50_100]);
    }
}
