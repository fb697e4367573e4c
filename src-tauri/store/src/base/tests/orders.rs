//! A list sorted here stands as SQLite would have put it.

use super::links::shop;
use super::*;

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
                args.sorts = Some(vec![Sort::by_value(*a, da), Sort::by_value(*b, db)]);
                args.filter = Some(rule(columns[2], "not_equal", json!(7)));
                f.base
                    .read_snapshot(|c| {
                        let def = meta::def(c, f.table, &context)?;
                        let (key, _) = list::key(&def, &args, &context)?;
                        let rows = order::Rows::read(c, &def, &key, "uk")?;
                        let screen = rows.first(30);
                        let ours = rows.sorted();
                        assert_eq!(screen, ours[..30], "{a} {da} {b} {db}");
                        assert_eq!(ours, list::sorted_by_sql(c, &def, &key)?, "{a} {da} {b} {db}");
                        assert!(ours.len() > 150);
                        Ok(())
                    })
                    .unwrap();
            }
        }
    }
}
