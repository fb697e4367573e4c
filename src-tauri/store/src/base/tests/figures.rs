//! Groups stand where the list stands, figures are right, statistics count every value.

use super::links::shop;
use super::*;
use model::base::{
    DateStep, Figure, RecordGroup, RecordGroupsArgs, RecordStatisticsArgs, RecordSummaryArgs, StatisticAxis,
    StatisticMeasure,
};

struct Sales {
    f: Fixture,
    stage: ColumnId,
    tags: ColumnId,
    due: ColumnId,
    amount: ColumnId,
    done: ColumnId,
}

fn sales() -> Sales {
    let f = fixture();
    let options = json!({"options": ["open", "paid", "late"]});
    let stage = f.base.add_column(f.table, "Stage", ColumnType::SingleSelect, Some(options)).unwrap().id;
    let tags = f.column("Tags", ColumnType::MultipleSelect);
    let due = f.column("Due", ColumnType::Date);
    let amount = f.column("Amount", ColumnType::Number);
    let done = f.column("Done", ColumnType::Checkbox);
    for (name, s, t, d, n, b) in [
        ("a", json!("paid"), json!(["x", "y"]), json!("2026-01-05"), json!(10), json!(true)),
        ("b", json!("open"), json!(["y"]), json!("2026-02-01"), json!(1), json!(false)),
        ("c", json!("paid"), json!(null), json!("2026-01-31"), json!(4), json!(null)),
        ("d", json!(null), json!(["x"]), json!(null), json!(null), json!(null)),
        ("e", json!("open"), json!(["x"]), json!("2025-12-31"), json!(2), json!(true)),
        ("f", json!("paid"), json!(["y"]), json!("2026-01-05"), json!(10), json!(true)),
    ] {
        f.add(&[(f.first(), json!(name)), (stage, s), (tags, t), (due, d), (amount, n), (done, b)]);
    }
    Sales { f, stage, tags, due, amount, done }
}

fn groups(f: &Fixture, by: &[(ColumnId, bool)]) -> (Vec<RecordGroup>, RecordListArgs) {
    let mut view = f.base.table(f.table).unwrap().views.remove(0);
    view.groups = by.iter().map(|(column, descending)| Sort::by_value(*column, *descending)).collect();
    f.base.update_view(f.table, &view).unwrap();
    let args =
        RecordGroupsArgs { base: BaseId(String::new()), table: f.table, view: view.id, filter: None, search: None };
    let groups = f.base.groups(&args).unwrap();
    assert!(!groups.truncated);
    let mut list = list(f.table);
    list.view = Some(view.id);
    (groups.groups, list)
}

/// Every record of a group, and none beside it, has the group's value.
fn stand_where_the_list_stands(f: &Fixture, all: &[RecordGroup], list: &RecordListArgs, by: &[(ColumnId, bool)]) {
    let page = f.base.list(list).unwrap();
    let at = page.columns.iter().position(|c| *c == by[0].0).unwrap();
    let mut next = all.first().map_or(0, |g| g.offset);
    for group in all {
        assert_eq!(group.offset, next);
        next += group.count;
        for row in &page.rows[group.offset as usize..next as usize] {
            let cell = &row.cells[at];
            let first = cell.as_array().and_then(|l| l.first()).cloned();
            let wanted = group.value.as_array().and_then(|l| l.first()).cloned();
            assert!(cell == &group.value || (first.is_some() && first == wanted), "{cell} in {}", group.value);
        }
        if by.len() > 1 {
            stand_where_the_list_stands(f, &group.children, list, &by[1..]);
        }
    }
}

#[test]
fn groups_of_three_levels_stand_where_the_list_stands() {
    let s = sales();
    let columns = [s.stage, s.tags, s.due, s.amount, s.done, s.f.first()];
    for a in columns {
        for b in columns {
            for descending in [false, true] {
                let by = [(a, descending), (b, !descending), (s.f.first(), descending)];
                let by = if a == b { &by[..1] } else { &by[..] };
                let (all, list) = groups(&s.f, by);
                assert_eq!(all.iter().map(|g| g.count).sum::<u32>(), 6);
                stand_where_the_list_stands(&s.f, &all, &list, by);
            }
        }
    }
}

#[test]
fn a_group_has_its_label_and_subtotals() {
    let s = sales();
    let (all, _) = groups(&s.f, &[(s.stage, false), (s.due, false)]);
    let shape: Vec<_> = all.iter().map(|g| (g.label.as_str(), g.count, g.offset, g.children.len())).collect();
    assert_eq!(shape, [("open", 2, 0, 2), ("paid", 3, 2, 2), ("", 1, 5, 1)]);
    let paid = &all[1].subtotals[&s.amount];
    assert_eq!((paid.sum, paid.average, paid.median, paid.unique), (Some(24.0), Some(8.0), Some(10.0), 2));
    assert_eq!((&paid.min, &paid.max), (&json!(4), &json!(10)));
    assert_eq!((all[2].value.clone(), all[2].subtotals[&s.amount].empty), (json!(null), 1));
    let (by_done, _) = groups(&s.f, &[(s.done, true)]);
    assert_eq!(
        by_done.iter().map(|g| (g.value.clone(), g.count)).collect::<Vec<_>>(),
        [(json!(true), 3), (json!(false), 3)]
    );
}

#[test]
fn a_summary_covers_a_list_or_the_records_given() {
    let s = sales();
    let args = RecordSummaryArgs {
        base: BaseId(String::new()),
        table: s.f.table,
        view: None,
        filter: None,
        search: None,
        columns: None,
        records: None,
    };
    let whole = s.f.base.summary(&args).unwrap().0;
    assert_eq!(whole.keys().copied().collect::<Vec<_>>(), [s.amount]);
    let amount = &whole[&s.amount];
    assert_eq!((amount.count, amount.filled, amount.empty, amount.unique), (6, 5, 1, 4));
    assert_eq!((amount.sum, amount.average, amount.median), (Some(27.0), Some(5.4), Some(4.0)));
    let chosen = RecordSummaryArgs {
        columns: Some(vec![s.due, s.done, s.f.first()]),
        records: Some(vec![RecordId(1), RecordId(2), RecordId(4), RecordId(99)]),
        ..args.clone()
    };
    let some = s.f.base.summary(&chosen).unwrap().0;
    assert_eq!(
        (&some[&s.due].min, &some[&s.due].max, some[&s.due].sum),
        (&json!("2026-01-05"), &json!("2026-02-01"), None)
    );
    assert_eq!((some[&s.done].count, some[&s.done].filled), (3, 1));
    assert_eq!((some[&s.f.first()].unique, &some[&s.f.first()].min), (3, &json!(null)));
    let filtered = RecordSummaryArgs { filter: Some(rule(s.amount, "greater", json!(3))), ..args };
    assert_eq!(s.f.base.summary(&filtered).unwrap().0[&s.amount].sum, Some(24.0));
}

#[test]
fn statistics_put_dates_together_and_count_every_value_of_a_list() {
    let s = sales();
    let ask = |rows: (ColumnId, Option<DateStep>), columns: Option<ColumnId>, summary: Figure| {
        let args = RecordStatisticsArgs {
            base: BaseId(String::new()),
            table: s.f.table,
            view: None,
            filter: None,
            rows: StatisticAxis { column: rows.0, by: rows.1 },
            columns: columns.map(|column| StatisticAxis { column, by: None }),
            measure: StatisticMeasure { column: Some(s.amount), summary },
        };
        let table = s.f.base.statistics(&args).unwrap();
        let labels = |all: Vec<model::base::StatisticLabel>| all.into_iter().map(|l| l.label).collect::<Vec<_>>();
        (labels(table.rows), labels(table.columns), table.values)
    };
    let (rows, columns, values) = ask((s.due, Some(DateStep::Month)), None, Figure::Sum);
    assert_eq!(rows, ["2025-12", "2026-01", "2026-02", ""]);
    assert_eq!(
        (columns, values),
        (vec![String::new()], vec![vec![Some(2.0)], vec![Some(24.0)], vec![Some(1.0)], vec![None]])
    );
    assert_eq!(ask((s.due, Some(DateStep::Quarter)), None, Figure::Count).0, ["2025-Q4", "2026-Q1", ""]);
    assert_eq!(ask((s.due, Some(DateStep::Week)), None, Figure::Count).0, ["2026-W01", "2026-W02", "2026-W05", ""]);
    let (rows, columns, values) = ask((s.tags, None), Some(s.stage), Figure::Count);
    assert_eq!(
        (rows, columns),
        (vec!["x".into(), "y".into(), String::new()], vec!["open".into(), "paid".into(), String::new()])
    );
    assert_eq!(values, [[Some(1.0), Some(1.0), Some(1.0)], [Some(1.0), Some(2.0), None], [None, Some(1.0), None]]);
    assert_eq!(ask((s.stage, None), None, Figure::Max).2, [[Some(2.0)], [Some(10.0)], [None]]);
    let text = RecordStatisticsArgs {
        base: BaseId(String::new()),
        table: s.f.table,
        view: None,
        filter: None,
        rows: StatisticAxis { column: s.stage, by: None },
        columns: None,
        measure: StatisticMeasure { column: Some(s.f.first()), summary: Figure::Sum },
    };
    assert_eq!(s.f.base.statistics(&text).unwrap_err().code, ErrorCode::Invalid);
}

#[test]
fn linked_records_are_grouped_and_counted_too() {
    let s = shop(json!({}));
    s.link(1, json!([1, 2]));
    s.link(2, json!([2]));
    let (all, list) = groups(&s.f, &[(s.link, false)]);
    assert_eq!(all.iter().map(|g| (g.label.as_str(), g.count)).collect::<Vec<_>>(), [("O-1, O-2", 1), ("O-2", 1)]);
    assert_eq!(s.f.names(&list), ["Ann", "Bob"]);
    let args = RecordStatisticsArgs {
        base: BaseId(String::new()),
        table: s.f.table,
        view: None,
        filter: None,
        rows: StatisticAxis { column: s.link, by: None },
        columns: None,
        measure: StatisticMeasure { column: None, summary: Figure::Count },
    };
    let table = s.f.base.statistics(&args).unwrap();
    assert_eq!(table.rows.iter().map(|r| r.label.as_str()).collect::<Vec<_>>(), ["O-1", "O-2"]);
    assert_eq!(table.values, [[Some(1.0)], [Some(2.0)]]);
}

#[test]
fn dates_are_grouped_by_month_and_the_list_stands_by_months_too() {
    let s = sales();
    let mut view = s.f.base.table(s.f.table).unwrap().views.remove(0);
    view.groups =
        vec![Sort { column: s.due, descending: true, by: Some(DateStep::Month) }, Sort::by_value(s.stage, false)];
    s.f.base.update_view(s.f.table, &view).unwrap();
    let args =
        RecordGroupsArgs { base: BaseId(String::new()), table: s.f.table, view: view.id, filter: None, search: None };
    let groups = s.f.base.groups(&args).unwrap().groups;
    let mut rows = s.f.base.list(&RecordListArgs { view: Some(view.id), ..list(s.f.table) }).unwrap().rows;
    let mut seen = Vec::new();
    for group in &groups {
        seen.push((group.label.clone(), group.value.clone(), group.count));
        let own: Vec<_> = rows.drain(..group.count as usize).collect();
        for row in own {
            let day = row.cells[3].as_str().unwrap_or_default();
            assert_eq!(day.get(..7).unwrap_or_default(), group.label);
        }
        // The second level stands together inside of the month, whatever the days.
        let counts: u32 = group.children.iter().map(|g| g.count).sum();
        assert_eq!(counts, group.count);
    }
    assert!(seen.contains(&("2026-01".into(), json!("2026-01-01"), seen.iter().find(|g| g.0 == "2026-01").unwrap().2)));
    let labels: Vec<_> = seen.iter().map(|g| g.0.as_str()).filter(|l| !l.is_empty()).collect();
    assert!(labels.windows(2).all(|w| w[0] > w[1]), "{labels:?}");
    for (step, wanted) in [
        (DateStep::Day, "2026-02-01"),
        (DateStep::Week, "2026-W05"),
        (DateStep::Quarter, "2026-Q1"),
        (DateStep::Year, "2026"),
    ] {
        view.groups = vec![Sort { column: s.due, descending: false, by: Some(step) }];
        s.f.base.update_view(s.f.table, &view).unwrap();
        let groups = s.f.base.groups(&args).unwrap().groups;
        assert!(groups.iter().any(|g| g.label == wanted), "{step:?}");
    }
    assert_eq!(s.f.base.table(s.f.table).unwrap().views[0].groups[0].by, Some(DateStep::Year));
}
