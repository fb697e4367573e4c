use super::*;
use model::Timestamp;
use model::base::Column;

fn context() -> Context {
    Context { now: Timestamp(1_795_363_200_000), zone: jiff::tz::TimeZone::UTC, sunday_first: false }
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

#[test]
fn formulas_calculate_as_people_expect() {
    for (formula, expected) in [
        ("1 + 2 * 3", "7"),
        ("=(1 + 2) * 3", "9"),
        ("-2 ^ 2", "-4"),
        ("2 ^ 3 ^ 2", "64"),
        ("10 - 4 - 3", "3"),
        ("{Price} * 2 & \" €\"", "25 €"),
        ("{price}", "12.5"),
        ("{Nothing} + 1", "1"),
        ("\"a\" & {Nothing} & 'b'", "ab"),
        ("{Stage} = \"Open\"", "true"),
        ("{Nothing} = 0", "false"),
        ("{Nothing} < 1", "false"),
        ("if({Price} > 10, \"big\", \"small\")", "big"),
        ("IF({Paid}, 1, 2)", "1"),
        ("ifs({Price} < 1, 'a', true, 'b')", "b"),
        ("switch({Stage}, 'Open', 'o', 'Closed', 'c', '-')", "o"),
        ("switch({Stage}, 'Closed', 'c', '-')", "-"),
        ("iferror(1 / 0, 'none')", "none"),
        ("and({Paid}, {Price} > 1)", "true"),
        ("round(1.005, 2)", "1.01"),
        ("roundup(1.21, 1) & rounddown(-1.29, 1)", "1.3-1.2"),
        ("mod(-7, 3)", "2"),
        ("sum(1, {Nothing}, \"2,5\")", "3.5"),
        ("average({Nothing}, 2, 4)", "3"),
        ("upper(left({Client name}, 3)) & right({Client name}, 3)", "ANNLee"),
        ("mid('їжачок', 2, 2)", "жа"),
        ("search('LEE', {Client name})", "5"),
        ("find('x', {Client name})", "0"),
        ("substitute('a-b-c', '-', '+', 2)", "a-b+c"),
        ("replace('abcdef', 2, 3, 'X')", "aXef"),
        ("trim('  a   b ')", "a b"),
        ("{Due}", "2026-11-30"),
        ("dateAdd({Due}, 1, 'months')", "2026-12-30"),
        ("dateDif(today(), {Due}, 'D')", "8"),
        ("dateDif('2024-02-29', '2026-02-28', 'Y')", "1"),
        ("months('2026-01-31', '2026-03-30')", "1"),
        ("networkdays('2026-11-20', '2026-11-30')", "7"),
        ("weekday({Due}) & isoweeknum({Due})", "149"),
        ("eomonth({Due}, 2)", "2027-01-31"),
        ("date(2026, 13, 1)", "2027-01-01"),
        ("text({Due}, 'DD.MM.YYYY')", "30.11.2026"),
        ("{Due} < today()", "false"),
        ("{Due} = '30.11.2026'", "true"),
        ("add(1, 2) & subtract(1, 2) & multiply(2, 3) & divide(1, 4)", "3-160.25"),
        ("product(2, {Nothing}, 3)", "6"),
        ("equal({Price}, 12.5) & unequal(1, 1) & greater(2, 1) & lessThan(2, 1)", "truefalsetruefalse"),
        ("greaterEq(1, 1) & lessEq(2, 1)", "truefalse"),
        ("round(pi(), 4) & '/' & round(e(), 4)", "3.1416/2.7183"),
        ("lg(1000)", "3"),
        ("large(3, 9, 7, 2) & small(3, 9, 7, 1)", "73"),
        ("countItems('a, b,,c')", "3"),
        ("t(5) & t('x')", "x"),
        ("datetimeFormat({Due}, 'D.M.YY HH:mm')", "30.11.26 00:00"),
        ("quarter({Due})", "4"),
        ("weeknum('2026-01-04') & weeknum('2026-01-04', 2) & weeknum('2027-01-01', 21)", "2153"),
        ("days('2026-12-24', '2026-12-01')", "23"),
    ] {
        assert_eq!(text(formula), expected, "{formula}");
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
