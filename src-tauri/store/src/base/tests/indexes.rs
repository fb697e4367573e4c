//! A long list that is made again and again gets an index, and stands as it did without.

use super::*;
use crate::base::indexes::Index;
use std::sync::atomic::{AtomicI64, Ordering};

struct Days(AtomicI64);

impl Clock for Days {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

struct Long {
    f: Fixture,
    amount: ColumnId,
    clock: Arc<Days>,
}

const RECORDS: i64 = 50_500;

fn long() -> Long {
    let mut f = fixture();
    let amount = f.column("Amount", ColumnType::Number);
    {
        let writer = lock(&f.base.writer);
        let mut physical = writer.prepare("SELECT physical FROM data_column ORDER BY id").unwrap();
        let physical: Vec<i64> = physical.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
        writer
            .execute_batch(&format!(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {RECORDS})
                 INSERT INTO t{} (created_at, modified_at, c{}, c{})
                 SELECT 0, 0, CASE i % 50 WHEN 0 THEN NULL ELSE 'Ø ' || (i * 7919 % 3001) END,
                        CASE i % 70 WHEN 0 THEN NULL ELSE i * 31 % 997 END FROM n;
                 UPDATE data_table SET records = {RECORDS}, rows_version = 1;",
                f.table, physical[0], physical[1]
            ))
            .unwrap();
    }
    let clock = Arc::new(Days(AtomicI64::new(SystemClock.now().0)));
    let path = f.folder.path().join("a.base");
    f.base = BaseFile::open(&path, clock.clone()).unwrap();
    Long { f, amount, clock }
}

impl Long {
    fn args(&self, column: ColumnId, descending: bool, filter: Option<FilterNode>) -> RecordListArgs {
        let sorts = Some(vec![Sort::by_value(column, descending)]);
        RecordListArgs { sorts, filter, limit: 100, ..list(self.f.table) }
    }

    /// Opens the base anew, so that no list is known, and shows a screen.
    fn show(&mut self, args: &RecordListArgs) -> Vec<RecordId> {
        let path = self.f.folder.path().join("a.base");
        self.f.base = BaseFile::open(&path, self.clock.clone()).unwrap();
        self.f.base.list(args).unwrap().rows.iter().map(|row| row.id).collect()
    }

    /// Shows a screen, and some quiet time goes by.
    fn use_once(&mut self, args: &RecordListArgs) -> Vec<RecordId> {
        let shown = self.show(args);
        self.clock.0.fetch_add(10_000, Ordering::SeqCst);
        self.f.base.tend().unwrap();
        shown
    }

    fn indexes(&self) -> i64 {
        self.f
            .base
            .read(|c| {
                c.query_row(
                    "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name LIKE 'list\\_t%' ESCAPE '\\'",
                    [],
                    |r| r.get(0),
                )
                .map_err(sql)
            })
            .unwrap()
    }

    /// How SQLite finds a list by its index.
    fn plan(&self, args: &RecordListArgs) -> String {
        let context = self.f.base.context();
        self.f
            .base
            .read_snapshot(|c| {
                let def = meta::def(c, self.f.table, &context)?;
                let key = list::key(&def, args, &context)?.0;
                let index = Index::of(&def, &key)?.unwrap();
                let query = list::statement(&def, &key, &format!(" INDEXED BY {}", index.name()))?;
                let mut plan = c.prepare(&format!("EXPLAIN QUERY PLAN {}", query.text)).map_err(sql)?;
                let rows = plan.query_map(rusqlite::params_from_iter(query.params), |r| r.get::<_, String>(3));
                Ok(rows.map_err(sql)?.map(Result::unwrap).collect::<Vec<_>>().join("; "))
            })
            .unwrap()
    }

    fn by_sql(&self, args: &RecordListArgs) -> Vec<RecordId> {
        let context = self.f.base.context();
        let ids = self.f.base.read_snapshot(|c| {
            let def = meta::def(c, self.f.table, &context)?;
            let mut statement = list::statement(&def, &list::key(&def, args, &context)?.0, " NOT INDEXED")?;
            let mut query = c.prepare(&statement.text).map_err(sql)?;
            let ids = query.query_map(rusqlite::params_from_iter(std::mem::take(&mut statement.params)), |r| r.get(0));
            Ok(ids.map_err(sql)?.map(|id| RecordId(id.unwrap())).collect::<Vec<_>>())
        });
        ids.unwrap()
    }
}

#[test]
fn a_list_made_twice_gets_an_index_that_holds_all_of_it_and_follows_edits() {
    let mut t = long();
    let first = t.f.first();
    let filter = || Some(rule(t.amount, "greater", json!(400)));
    for args in [t.args(first, true, None), t.args(first, false, filter())] {
        let before = t.use_once(&args);
        let none = t.indexes();
        assert_eq!(t.use_once(&args), before);
        assert_eq!(t.indexes(), none + 1);
        let plan = t.plan(&args);
        assert!(plan.contains("USING COVERING INDEX") && !plan.contains("TEMP B-TREE"), "{plan}");
        assert_eq!(t.show(&args), before);
        let record = t.f.base.list(&args).unwrap().rows[50].id;
        t.f.put(record, first, json!("Ø 1500"));
        t.f.put(before[0], t.amount, json!(12));
        let all = t.by_sql(&args);
        assert_eq!(t.show(&args), all[..100]);
        assert!(t.f.base.list_ids(&args).unwrap() == all);
        let total = t.f.base.list(&RecordListArgs { offset: 30_000, ..args.clone() }).unwrap().total;
        assert_eq!(total as usize, all.len());
        t.f.base.undo().unwrap();
        assert!(t.f.base.list_ids(&args).unwrap() == t.by_sql(&args));
    }
    // A copy begins anew: what is in it is what people put in.
    let copy = t.f.folder.path().join("copy.base");
    t.f.base.copy_to(&copy, &BaseFile::new_id(&SystemClock)).unwrap();
    t.f.base = BaseFile::open(&copy, t.clock.clone()).unwrap();
    assert_eq!(t.indexes(), 0);
}

#[test]
fn indexes_are_few_and_go_when_nobody_uses_them_or_the_rules_of_order_change() {
    let mut t = long();
    for least in 0..6 {
        let args = t.args(t.amount, least % 2 == 0, Some(rule(t.f.first(), "contains", json!(least.to_string()))));
        t.use_once(&args);
        t.use_once(&args);
    }
    // What is looked for is no matter of the index.
    assert_eq!(t.indexes(), 2);
    for column in [t.f.first(), t.amount] {
        for descending in [true, false] {
            let args = t.args(column, descending, None);
            t.use_once(&args);
            t.use_once(&args);
        }
    }
    assert_eq!(t.indexes(), 4);
    t.clock.0.fetch_add(31 * 86_400_000, Ordering::SeqCst);
    let args = t.args(t.amount, true, None);
    t.use_once(&args);
    assert_eq!(t.indexes(), 1);
    lock(&t.f.base.writer).execute("UPDATE meta SET value = 'other rules' WHERE key = 'order'", []).unwrap();
    let shown = t.show(&args);
    assert_eq!(t.indexes(), 0);
    assert_eq!(shown, t.by_sql(&args)[..100]);
}
