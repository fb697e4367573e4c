use super::*;
use crate::Cell;
use model::Timestamp;
use model::base::{Column, ColumnType};
use serde_json::json;

fn context() -> Context {
    // Sunday 2026-11-22 18:00 in Kyiv.
    Context {
        zone: jiff::tz::TimeZone::get("Europe/Kyiv").unwrap_or(jiff::tz::TimeZone::UTC),
        ..Context::local(Timestamp(1_795_363_200_000))
    }
}

fn field(kind: ColumnType) -> Field {
    let settings = json!({"options": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}, {"id": 3, "name": "C"}]});
    let column = Column {
        id: ColumnId(1),
        name: "X".into(),
        kind,
        settings,
        description: String::new(),
        width: 100,
        result: None,
    };
    Field::new(&column, &context())
}

fn asks(kind: ColumnType, predicate: &str, value: Json, modifier: Option<&str>) -> impl Fn(&str) -> bool {
    let field = field(kind);
    let node = FilterNode::Rule {
        column: ColumnId(1),
        predicate: predicate.into(),
        value,
        modifier: modifier.map(Into::into),
    };
    let condition = compile(&node, &[&field], &context()).unwrap();
    move |typed| {
        let cell = field.behaviour.parse(typed).unwrap();
        condition.matches(&|_| &cell)
    }
}

#[test]
fn text_is_compared_without_case_and_diacritics() {
    assert!(asks(ColumnType::Text, "contains", json!("шевч"), None)("Тарас ШЕВЧЕНКО"));
    assert!(asks(ColumnType::Text, "is", json!("lodz"), None)("Łódź"));
    assert!(asks(ColumnType::Text, "does_not_contain", json!("a"), None)(""));
    assert!(!asks(ColumnType::Text, "is", json!("a"), None)(""));
    assert!(asks(ColumnType::Text, "contains", json!(""), None)("anything"));
}

#[test]
fn empty_numbers_are_only_not_equal() {
    for (predicate, empty) in
        [("equal", false), ("not_equal", true), ("less", false), ("greater_or_equal", false), ("is_empty", true)]
    {
        assert_eq!(asks(ColumnType::Number, predicate, json!(5), None)(""), empty, "{predicate}");
    }
    assert!(asks(ColumnType::Number, "less", json!("1.234,5"), None)("1234"));
    assert!(asks(ColumnType::Duration, "greater", json!("1:30"), None)("1:31"));
}

#[test]
fn words_for_days_are_counted_from_today() {
    use ColumnType::Date;
    for (modifier, value, yes, no) in [
        ("today", json!(null), "2026-11-22", "2026-11-21"),
        ("number_of_days_ago", json!(2), "2026-11-20", "2026-11-21"),
        ("this_week", json!(null), "2026-11-16", "2026-11-23"),
        ("the_next_week", json!(null), "2026-11-23", "2026-11-22"),
        ("this_month", json!(null), "2026-11-30", "2026-12-01"),
        ("the_past_month", json!(null), "2026-10-31", "2026-11-01"),
        ("the_next_year", json!(null), "2027-12-31", "2028-01-01"),
        ("one_month_from_now", json!(null), "2026-12-22", "2026-12-23"),
        ("the_next_numbers_of_days", json!("3"), "2026-11-25", "2026-11-26"),
        ("exact_date", json!("22.11.2026"), "2026-11-22", "2026-11-23"),
    ] {
        let is =
            asks(Date, if RANGE_MODIFIERS.contains(&modifier) { "is_within" } else { "is" }, value, Some(modifier));
        assert!(is(yes) && !is(no), "{modifier}");
    }
    assert!(asks(Date, "is_before", json!("2026-11-22"), None)("2026-11-21"));
    assert!(!asks(Date, "is_after", json!("2026-11-22"), None)("2026-11-22"));
    assert!(asks(Date, "is_on_or_after", json!("2026-11-22"), None)("2026-11-22"));
    assert!(asks(Date, "is_not", json!(null), Some("today"))(""));
}

#[test]
fn a_moment_is_asked_for_by_the_day_of_the_reader() {
    let field = field(ColumnType::CreatedTime);
    let node = FilterNode::Rule {
        column: ColumnId(1),
        predicate: "is".into(),
        value: Json::Null,
        modifier: Some("today".into()),
    };
    let condition = compile(&node, &[&field], &context()).unwrap();
    // 22:30 UTC of the 21st is already the 22nd in Kyiv.
    assert!(condition.matches(&|_| &Cell::Integer(1_795_300_200_000)));
    assert!(!condition.matches(&|_| &Cell::Integer(1_795_298_400_000 - 1)));
}

#[test]
fn options_are_asked_for_by_id_or_name() {
    assert!(asks(ColumnType::SingleSelect, "is_any_of", json!([1, "b"]), None)("B"));
    assert!(asks(ColumnType::SingleSelect, "is_not", json!(1), None)(""));
    assert!(asks(ColumnType::MultipleSelect, "has_all_of", json!([2, 1]), None)("A, B, C"));
    assert!(!asks(ColumnType::MultipleSelect, "is_exactly", json!([2, 1]), None)("A, B, C"));
    assert!(asks(ColumnType::MultipleSelect, "is_exactly", json!([2, 1]), None)("A, B"));
    assert!(asks(ColumnType::MultipleSelect, "has_none_of", json!([3]), None)(""));
}

#[test]
fn who_made_a_record_is_asked_for_by_whole_names_or_by_a_piece() {
    for (predicate, value, yes, no) in [
        ("contains", json!(["Anna Lee", "Ben"]), "anna lee", "Anna"),
        ("contains", json!("lee"), "Anna Lee", "Anna"),
        ("does_not_contain", json!(["Ben"]), "Anna", "BEN"),
        ("is", json!("anna"), "Anna", "Anna Lee"),
        ("is_not", json!("anna"), "", "Anna"),
        ("is_not_empty", json!(null), "Anna", ""),
    ] {
        let node = FilterNode::Rule { column: ColumnId(1), predicate: predicate.into(), value, modifier: None };
        let condition = compile(&node, &[&field(ColumnType::Creator)], &context()).unwrap();
        let found = |name: &str| condition.matches(&|_| Box::leak(Box::new(Cell::text(name))));
        assert!(found(yes) && !found(no), "{node:?}");
    }
}

#[test]
fn me_is_whoever_looks_by_their_name_or_an_address_and_nobody_where_nobody_is_known() {
    let known = Context { me: vec![fold("Anna Lée"), "anna@example.org".into()], ..context() };
    for (kind, predicate, cell, yes) in [
        (ColumnType::Creator, "include_me", Cell::text("anna lee"), true),
        (ColumnType::LastModifier, "include_me", Cell::text("Anna"), false),
        (ColumnType::Creator, "include_me", Cell::Empty, false),
        (ColumnType::Collaborator, "include_me", Cell::Json(json!(["Ben", "ANNA@example.org"])), true),
        (ColumnType::Collaborator, "include_me", Cell::Json(json!(["Ben"])), false),
        (ColumnType::Collaborator, "include_me", Cell::Empty, false),
        (ColumnType::Text, "is_current_user_ID", Cell::text("ANNA LEE"), true),
        (ColumnType::Email, "is_current_user_ID", Cell::text("anna@example.org"), true),
        (ColumnType::Text, "is_current_user_ID", Cell::text("Anna Lee, Ben"), false),
    ] {
        // What SeaTable or an earlier predicate left as a value says nothing.
        for value in [json!(null), json!(["Ben"])] {
            let node = FilterNode::Rule { column: ColumnId(1), predicate: predicate.into(), value, modifier: None };
            let found = |context: &Context| {
                let condition = compile(&node, &[&field(kind)], context).unwrap();
                assert!(!condition.is_trivial());
                condition.matches(&|_| &cell)
            };
            assert_eq!((found(&known), found(&context())), (yes, false), "{kind:?} {cell:?}");
        }
    }
    let rule = |kind, predicate: &str| {
        let node =
            FilterNode::Rule { column: ColumnId(1), predicate: predicate.into(), value: json!(null), modifier: None };
        compile(&node, &[&field(kind)], &known)
    };
    assert!(rule(ColumnType::Text, "include_me").is_err() && rule(ColumnType::Creator, "is_current_user_ID").is_err());
}

#[test]
fn groups_nest_and_empty_ones_let_everything_through() {
    let rule = |predicate: &str, value: Json| FilterNode::Rule {
        column: ColumnId(1),
        predicate: predicate.into(),
        value,
        modifier: None,
    };
    let group = |all, items| FilterNode::Group { all, items };
    let number = field(ColumnType::Number);
    let fields = [&number];
    let node = group(
        true,
        vec![
            rule("greater", json!(1)),
            group(false, vec![rule("equal", json!(2)), rule("equal", json!(4)), rule("equal", json!(null))]),
        ],
    );
    let condition = compile(&node, &fields, &context()).unwrap();
    let matching: Vec<i64> =
        (0..6).filter(|n| condition.matches(&|_| Box::leak(Box::new(Cell::Integer(*n))))).collect();
    assert_eq!(matching, [2, 4]);
    assert!(compile(&group(false, vec![]), &fields, &context()).unwrap().is_trivial());
    let deep = (0..40).fold(group(true, vec![]), |inner, _| group(true, vec![inner]));
    assert!(compile(&deep, &fields, &context()).is_err());
}

#[test]
fn a_rule_that_makes_no_sense_is_refused_with_words() {
    let rule = |predicate: &str, value: Json| FilterNode::Rule {
        column: ColumnId(1),
        predicate: predicate.into(),
        value,
        modifier: None,
    };
    let why = |node| compile(&node, &[&field(ColumnType::Number)], &context()).unwrap_err().message;
    assert_eq!(why(rule("contains", json!(1))), "The column “X” has no filter “contains”.");
    assert_eq!(why(rule("equal", json!("abc"))), "The filter of “X” can't be used: “abc” is not a number.");
}
