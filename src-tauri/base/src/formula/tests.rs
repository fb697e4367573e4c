use super::*;
use model::Timestamp;
use model::base::Column;

fn context() -> Context {
    Context { zone: jiff::tz::TimeZone::UTC, ..Context::local(Timestamp(1_795_363_200_000)) }
}

fn fields() -> Vec<Field> {
    let field = |id, name: &str, kind, settings| {
        Field::new(
            &Column {
                id: ColumnId(id),
                name: name.into(),
                kind,
                settings,
                description: String::new(),
                width: 1,
                result: None,
            },
            &context(),
        )
    };
    vec![
        field(1, "Price", ColumnType::Number, json!({})),
        field(2, "Client name", ColumnType::Text, json!({})),
        field(3, "Due", ColumnType::Date, json!({})),
        field(4, "Stage", ColumnType::SingleSelect, json!({"options": [{"id": 1, "name": "Open"}]})),
        field(5, "Paid", ColumnType::Checkbox, json!({})),
        field(6, "Nothing", ColumnType::Number, json!({})),
    ]
}

fn value(formula: &str) -> Value {
    let all = fields();
    let refs: Vec<&Field> = all.iter().collect();
    let program = compile(formula, &refs).unwrap_or_else(|e| panic!("{formula}: {e}"));
    let cells = [
        Cell::Number(12.5),
        Cell::text("Ann Lee"),
        Cell::Integer(1_795_996_800),
        Cell::Integer(1),
        Cell::Flag(true),
        Cell::Empty,
    ];
    let inputs: Vec<Cell> = program.inputs.iter().map(|id| cells[id.0 as usize - 1].clone()).collect();
    let behaviours: Vec<&dyn Behaviour> = program.inputs.iter().map(|id| &*all[id.0 as usize - 1].behaviour).collect();
    program.evaluate(&Record { fields: &behaviours, cells: &inputs, context: &context() })
}

fn text(formula: &str) -> String {
    eval::text(&value(formula))
}

/// Formulas and what they yield for the record of these tests; the store holds SQL to the same rows.
fn conformance() -> Vec<(&'static str, &'static str)> {
    include_str!("conformance.tsv").lines().map(|line| line.split_once('\t').unwrap()).collect()
}

#[test]
fn formulas_calculate_as_people_expect() {
    let rows = conformance();
    for (formula, expected) in &rows {
        assert_eq!(text(formula), *expected, "{formula}");
    }
    for function in catalogue() {
        let call = format!("{}(", function.name.to_lowercase());
        let called = |formula: &str| {
            let lower = formula.to_lowercase();
            lower.match_indices(&call).any(|(at, _)| !lower[..at].ends_with(char::is_alphanumeric))
        };
        assert!(rows.iter().any(|(formula, _)| called(formula)), "{} has no row in conformance.tsv", function.name);
    }
}

#[test]
fn a_mistake_in_the_values_is_told_in_the_cell() {
    assert_eq!(value("1 / {Nothing}"), Value::Error("Division by zero.".into()));
    assert_eq!(value("{Client name} + 1"), Value::Error("“Ann Lee” is not a number.".into()));
    assert_eq!(
        value("{Due} + 1"),
        Value::Error("A date is not a number; use dateDif() for the time between dates.".into())
    );
    assert!(matches!(value("rept('x', 1e9)"), Value::Error(_)));
    assert!(matches!(value("10 ^ 999"), Value::Error(_)));
}

#[test]
fn a_mistake_in_the_formula_is_told_with_its_place() {
    let all = fields();
    let refs: Vec<&Field> = all.iter().collect();
    for (formula, place) in [
        ("1 +", "character 4: a value was expected here."),
        ("(1", "character 3: a ) is missing."),
        ("{Prize}", "character 1: there is no column “Prize”."),
        ("1 + iff(1)", "character 5: there is no function “iff”."),
        ("if(1)", "character 1: if() takes 2 to 3 values."),
        ("Price * 2", "character 1: “Price” is neither a function nor a column; columns are written {Price}."),
        ("'abc", "character 1: the text has no closing quote."),
        ("1 2", "character 3: an operator or the end was expected here."),
    ] {
        let error = compile(formula, &refs).unwrap_err();
        assert_eq!(
            (error.code, error.message),
            (ErrorCode::Template, format!("The formula has a mistake at {place}")),
            "{formula}"
        );
    }
    for hostile in [
        "(".repeat(10_000),
        "-".repeat(10_000),
        "{".repeat(100),
        "1+".repeat(5_000) + "1",
        "é(".into(),
        "1.2.3".into(),
        "\u{0}".into(),
    ] {
        assert!(compile(&hostile, &refs).is_err());
    }
}

#[test]
fn a_renamed_column_is_renamed_in_formulas_but_not_in_texts() {
    assert_eq!(renamed("{A} & '{A}' & {B} & { a }", "A", "New"), "{New} & '{A}' & {B} & {New}");
    assert_eq!(quoted("{A} & '{B}'"), ["A"]);
}

#[test]
fn a_formula_yields_one_type() {
    let all = fields();
    let refs: Vec<&Field> = all.iter().collect();
    let kind = |formula| compile(formula, &refs).unwrap().result;
    assert_eq!(kind("{Price} * 2"), Type::Number);
    assert_eq!(kind("if({Paid}, {Due}, today())"), Type::Date);
    assert_eq!(kind("if({Paid}, 1, 'x')"), Type::Text);
    assert_eq!(kind("{Price} > 1"), Type::Flag);
    assert!(compile("today()", &refs).unwrap().volatile);
}

#[test]
fn every_function_in_the_catalogue_has_an_example_that_calculates() {
    let field = |id, name: &str, kind| {
        let column = Column {
            id: ColumnId(id),
            name: name.into(),
            kind,
            settings: json!({}),
            description: String::new(),
            width: 1,
            result: None,
        };
        Field::new(&column, &context())
    };
    let all = [field(1, "A", ColumnType::Number), field(2, "B", ColumnType::Text), field(3, "C", ColumnType::Date)];
    let refs: Vec<&Field> = all.iter().collect();
    let cells = [Cell::Number(12.5), Cell::text("Open"), Cell::Integer(1_795_996_800)];
    let functions = catalogue();
    assert!(functions.len() > 90, "{}", functions.len());
    for function in functions {
        let program = compile(&function.example, &refs).unwrap_or_else(|e| panic!("{}: {e}", function.example));
        let inputs: Vec<Cell> = program.inputs.iter().map(|id| cells[id.0 as usize - 1].clone()).collect();
        let behaviours: Vec<&dyn Behaviour> =
            program.inputs.iter().map(|id| &*all[id.0 as usize - 1].behaviour).collect();
        let value = program.evaluate(&Record { fields: &behaviours, cells: &inputs, context: &context() });
        assert!(!matches!(value, Value::Error(_)), "{}: {value:?}", function.example);
        assert!(function.example.to_lowercase().contains(&format!("{}(", function.name.to_lowercase())));
        assert!(["logic", "number", "text", "date", "list"].contains(&function.category.as_str()));
    }
}

#[test]
fn functions_of_lists_take_looked_up_values_apart_and_all_else_sees_their_text() {
    let lookup = |kind, settings| model::base::ColumnResult { kind, settings, list: true, error: None };
    let context = Context::local(model::Timestamp(0));
    let numbers = crate::column::computed_as(&lookup(ColumnType::Number, json!({"decimal": "comma"})), &context);
    let words = crate::column::computed_as(&lookup(ColumnType::Text, json!({})), &context);
    let field = |id, name: &str, behaviour| Field {
        id: ColumnId(id),
        name: name.into(),
        kind: ColumnType::LinkFormula,
        behaviour,
    };
    let fields = [field(1, "Sums", numbers), field(2, "Names", words)];
    let all: Vec<&Field> = fields.iter().collect();
    let cells = [
        crate::column::link::several([(json!(1.25), "1,25".into()), (json!(2), "2".into()), (json!(6), "6".into())]),
        crate::column::link::several([(json!("Ann"), "Ann".into()), (json!("Bob, Ltd"), "Bob, Ltd".into())]),
    ];
    let value = |text: &str, cells: &[Cell]| {
        let program = compile(text, &all).unwrap();
        let at = |id: &ColumnId| usize::try_from(id.0 - 1).unwrap();
        let behaviours: Vec<&dyn Behaviour> = program.inputs.iter().map(|id| &*fields[at(id)].behaviour).collect();
        let given: Vec<Cell> = program.inputs.iter().map(|id| cells[at(id)].clone()).collect();
        program.evaluate(&Record { fields: &behaviours, cells: &given, context: &context })
    };
    for (text, expected) in [
        ("sum({Sums})", Value::Number(9.25)),
        ("sum({Sums}, 0.75)", Value::Number(10.0)),
        ("average({Sums})", Value::Number(9.25 / 3.0)),
        ("max({Sums}) - min({Sums})", Value::Number(4.75)),
        ("product({Sums})", Value::Number(15.0)),
        ("large({Sums}, 2)", Value::Number(2.0)),
        ("count({Sums})", Value::Number(3.0)),
        ("counta({Names})", Value::Number(2.0)),
        ("countItems({Names})", Value::Number(2.0)),
        ("concatenate({Names}, '!')", Value::Text("Ann, Bob, Ltd!".into())),
        ("join({Names}, ' / ')", Value::Text("Ann / Bob, Ltd".into())),
        ("join({Sums})", Value::Text("1.25, 2, 6".into())),
        ("{Names}", Value::Text("Ann, Bob, Ltd".into())),
        ("left({Names}, 3)", Value::Text("Ann".into())),
        ("if({Names} = 'Ann, Bob, Ltd', 'both', 'not')", Value::Text("both".into())),
        ("isEmpty({Sums})", Value::Flag(false)),
        (
            "{Sums} + 1",
            Value::Error("This holds several values; use sum(), average() or another function of lists.".into()),
        ),
    ] {
        assert_eq!(value(text, &cells), expected, "{text}");
    }
    let one = [crate::column::link::several([(json!(4), "4".into())]), Cell::Empty];
    assert_eq!(value("{Sums} + 1", &one), Value::Number(5.0));
    assert_eq!(value("isEmpty({Names})", &one), Value::Flag(true));
    assert_eq!(value("sum({Names})", &one), Value::Number(0.0));
}
