//! A list sorted here stands as SQLite would have put it.

use super::links::shop;
use super::*;
use std::fmt::Write as _;
use std::time::Instant;

#[test]
fn a_long_list_stands_as_sqlite_would_have_put_it() {
    let s = shop(json!({}));
    let f = &s.f;
    let options = json!({"options": ["C", "A", "B"]});
    let kinds = [
        (ColumnType::Number, json!({})),
        (ColumnType::SingleSelect, options.clone()),
        (ColumnType::MultipleSelect, options),
        (ColumnType::Checkbox, json!({})),
        (ColumnType::Date, json!({})),
        (ColumnType::LongText, json!({})),
        (ColumnType::Collaborator, json!({})),
        (ColumnType::CreatedTime, json!({})),
    ];
    let mut columns = vec![f.first(), s.link];
    for (at, (kind, settings)) in kinds.iter().enumerate() {
        columns.push(f.base.add_column(f.table, &format!("C{at}"), *kind, Some(settings.clone())).unwrap().id);
    }
    let numbers = [json!(0), json!(-0.0), json!(-1.5), json!(1e300), json!(null), json!(7), json!(-7e-9)];
    let words = ["їжак", "Łódź", "lodz", "", "item 10", "item 2", "ÅÄ", "aaaaaaaaaaaaab", "aaaaaaaaaaaaac", "Ґ"];
    let picks = [json!("A"), json!("B"), json!("C"), json!(null)];
    let records: Vec<BTreeMap<ColumnId, Json>> = (0..200_usize)
        .map(|n| {
            let pick = |by: usize| picks[(n * by) % 4].clone();
            BTreeMap::from([
                (columns[0], json!(words[(n * 7) % words.len()])),
                (columns[1], if n % 3 == 0 { json!([n % 4 + 1]) } else { json!([]) }),
                (columns[2], numbers[(n * 5) % numbers.len()].clone()),
                (columns[3], pick(3)),
                (columns[4], if n % 5 == 0 { json!(null) } else { json!([pick(1), pick(1)]) }),
                (columns[5], json!(n % 2 == 0)),
                (columns[6], json!(::base::civil::format((n as i64 * 7919 % 300 - 150) * 86_400, "YYYY-MM-DD"))),
                (columns[7], json!(words[(n * 3) % words.len()])),
                (columns[8], json!(words[n % words.len()])),
            ])
        })
        .map(|mut cells| {
            cells.retain(|_, v| !v.as_array().is_some_and(|a| a.iter().any(Json::is_null)));
            cells
        })
        .collect();
    f.base.add_records(f.table, &records).unwrap();
    let context = f.base.context();
    for a in &columns {
        for b in &columns {
            for (da, db) in [(false, true), (true, false)] {
                let mut args = list(f.table);
                args.sorts = Some(vec![Sort { column: *a, descending: da }, Sort { column: *b, descending: db }]);
                args.filter = Some(rule(columns[2], "not_equal", json!(7)));
                f.base
                    .read_snapshot(|c| {
                        let def = meta::def(c, f.table, &context)?;
                        let (key, _) = list::key(&def, &args, &context)?;
                        let ours = order::ids(c, &def, &key, "uk")?;
                        assert_eq!(ours, list::sorted_by_sql(c, &def, &key)?, "{a} {da} {b} {db}");
                        assert!(ours.len() > 150);
                        Ok(())
                    })
                    .unwrap();
            }
        }
    }
}

/// Not a test of behaviour: prints how long a million records take. `cargo test -p store --release
/// -- --ignored a_million --nocapture`
#[test]
#[ignore = "measures"]
fn a_million_records_of_twenty_columns() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("Name,Amount,Stage,Due");
    for n in 4..20 {
        let _ = write!(text, ",C{n}");
    }
    text.push('\n');
    for n in 0_u64..1_000_000 {
        let m = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        let _ = write!(
            text,
            "Kunde Ł{},{},{},2026-{:02}-{:02}",
            m % 700_000,
            m % 99_991,
            ["open", "paid", "late"][m as usize % 3],
            m % 12 + 1,
            m % 28 + 1
        );
        for c in 4..20 {
            let _ = write!(text, ",{}", (m >> c) % 1000);
        }
        text.push('\n');
    }
    let file = folder.path().join("m.csv");
    std::fs::write(&file, text).unwrap();
    let started = Instant::now();
    let (base, report) = BaseFile::create_from_file(
        &folder.path().join("m.base"),
        &BaseFile::new_id(&SystemClock),
        "uk",
        clock(),
        Source::File(&file),
        &ImportOptions { table: "M".into(), ..ImportOptions::default() },
        &mut |_| true,
    )
    .unwrap();
    println!("import {:?}", started.elapsed());
    let table = report.tables[0];
    let columns: Vec<ColumnId> = base.table(table).unwrap().columns.iter().map(|c| c.id).collect();
    let timed = |what: &str, args: &RecordListArgs| {
        let started = Instant::now();
        let page = base.list(args).unwrap();
        println!("{what}: {:?} ({} of {})", started.elapsed(), page.rows.len(), page.total);
    };
    let first = RecordListArgs { limit: 200, ..list(table) };
    timed("first screen", &first);
    timed("record 700,000", &RecordListArgs { offset: 700_000, ..first.clone() });
    let by = |column: ColumnId| Some(vec![Sort { column, descending: true }]);
    let open = Some(rule(columns[2], "is", json!("open")));
    timed("sort number", &RecordListArgs { sorts: by(columns[1]), ..first.clone() });
    timed("sort number, 700,000", &RecordListArgs { sorts: by(columns[1]), offset: 700_000, ..first.clone() });
    timed("filter + sort number", &RecordListArgs { filter: open.clone(), sorts: by(columns[1]), ..first.clone() });
    timed("filter + sort text", &RecordListArgs { filter: open, sorts: by(columns[0]), ..first.clone() });
    timed("sort text", &RecordListArgs { sorts: by(columns[0]), ..first.clone() });
    timed("search", &RecordListArgs { search: Some("ł12345".into()), ..first.clone() });
    let started = Instant::now();
    let cells = BTreeMap::from([(columns[4], json!(5))]);
    base.update_records(table, &[RecordValues { id: RecordId(500_000), cells }]).unwrap();
    println!("edit {:?}", started.elapsed());
    timed("sorted page after an edit elsewhere", &RecordListArgs { sorts: by(columns[1]), ..first.clone() });
    let mut view = base.table(table).unwrap().views.remove(0);
    view.groups = vec![Sort { column: columns[2], descending: false }];
    base.update_view(table, &view).unwrap();
    let started = Instant::now();
    let groups = base
        .groups(&model::base::RecordGroupsArgs {
            base: BaseId(String::new()),
            table,
            view: view.id,
            filter: None,
            search: None,
        })
        .unwrap();
    println!("groups {:?} ({})", started.elapsed(), groups.groups.len());
}
