//! Columns of persons: filtered, grouped, counted, and their names offered.

use super::*;
use model::base::{
    ColumnRef, Figure, RecordGroupsArgs, RecordStatisticsArgs, StatisticAxis, StatisticMeasure, ViewKind,
};

/// A table with tasks of Anna and Ben, of both, and of nobody.
fn tasks() -> (Fixture, ColumnId) {
    let f = fixture();
    let (name, who) = (f.first(), f.column("Who", ColumnType::Collaborator));
    for (task, persons) in [
        ("both", json!(["Ben", "Anna"])),
        ("anna", json!(["Anna"])),
        ("ben", json!(["ben"])),
        ("Ben", json!("Ben; Ben ;")),
        ("öl", json!(["Ärzte, Team"])),
        ("none", json!([])),
    ] {
        f.add(&[(name, json!(task)), (who, persons)]);
    }
    (f, who)
}

#[test]
fn records_are_found_by_their_persons() {
    let (f, who) = tasks();
    for (predicate, value, expected) in [
        ("has_any_of", json!(["Anna"]), vec!["both", "anna"]),
        ("has_any_of", json!(["anna", "BEN"]), vec!["both", "anna", "ben", "Ben"]),
        ("has_all_of", json!(["Anna", "Ben"]), vec!["both"]),
        ("has_none_of", json!(["Ben"]), vec!["anna", "öl", "none"]),
        ("is_exactly", json!(["Ben"]), vec!["ben", "Ben"]),
        ("is_exactly", json!(["Arzte, Team"]), vec!["öl"]),
        ("is_empty", json!(null), vec!["none"]),
        ("has_any_of", json!([]), vec!["both", "anna", "ben", "Ben", "öl", "none"]),
    ] {
        let args = RecordListArgs { filter: Some(rule(who, predicate, value.clone())), ..list(f.table) };
        assert_eq!(f.names(&args), expected, "{predicate} {value}");
    }
    let wrong = RecordListArgs { filter: Some(rule(who, "has_any_of", json!([7]))), ..list(f.table) };
    assert!(f.base.list(&wrong).unwrap_err().message.contains("its value must be persons."));
}

#[test]
fn the_persons_of_a_column_are_offered_each_once_in_the_order_of_the_language() {
    let (f, who) = tasks();
    let args = |column| ColumnRef { base: BaseId(String::new()), table: f.table, column };
    f.add(&[(who, json!(["Дуб", "Ґудзь"]))]);
    assert_eq!(f.base.names(&args(who)).unwrap(), ["Ґудзь", "Дуб", "Anna", "Ärzte, Team", "Ben"]);
    let department = f.column("Team", ColumnType::Department);
    f.add(&[(department, json!("Sales"))]);
    assert_eq!(f.base.names(&args(department)).unwrap(), ["Sales"]);
    assert!(f.base.names(&args(f.first())).is_err());
}

#[test]
fn records_are_grouped_by_who_does_them_and_counted_by_each_person() {
    let (f, who) = tasks();
    let mut view = f.base.table(f.table).unwrap().views[0].clone();
    view.groups = vec![Sort::by_value(who, false)];
    f.base.update_view(f.table, &view).unwrap();
    let base = BaseId(String::new());
    let args = RecordGroupsArgs { base: base.clone(), table: f.table, view: view.id, filter: None, search: None };
    let groups = f.base.groups(&args).unwrap().groups;
    let seen: Vec<(String, u32)> = groups.iter().map(|g| (g.label.clone(), g.count)).collect();
    let expected = [("Anna", 1), ("Ärzte, Team", 1), ("Ben, Anna", 1), ("ben", 1), ("Ben", 1), ("", 1)];
    assert_eq!(seen, expected.map(|(label, count)| (label.to_owned(), count)));
    let args = RecordStatisticsArgs {
        base,
        table: f.table,
        view: None,
        filter: None,
        rows: StatisticAxis { column: who, by: None },
        columns: None,
        measure: StatisticMeasure { column: None, summary: Figure::Count },
    };
    let figures = f.base.statistics(&args).unwrap();
    let seen: Vec<(&str, Option<f64>)> =
        figures.rows.iter().zip(&figures.values).map(|(row, values)| (row.label.as_str(), values[0])).collect();
    assert_eq!(
        seen,
        [("Anna", Some(2.0)), ("Ärzte, Team", Some(1.0)), ("ben", Some(1.0)), ("Ben", Some(2.0)), ("", Some(1.0))]
    );
}

#[test]
fn a_board_may_stand_by_persons() {
    let (f, who) = tasks();
    let board = f.base.add_view(f.table, "Who does what", ViewKind::Kanban, None).unwrap();
    assert_eq!(board.settings["kanban"]["column"], json!(who));
}
