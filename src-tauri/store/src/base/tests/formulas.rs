//! Formula columns are shown, filtered, sorted and follow what they read.

use super::*;

fn formula(f: &Fixture, name: &str, text: &str) -> ColumnId {
    f.base.add_column(f.table, name, ColumnType::Formula, Some(json!({"formula": text}))).unwrap().id
}

fn invoices() -> (Fixture, ColumnId, ColumnId) {
    let f = fixture();
    let (name, price, count) =
        (f.first(), f.column("Price", ColumnType::Number), f.column("Count", ColumnType::Number));
    for (n, p, c) in [
        ("a", json!(2.5), json!(4)),
        ("b", json!(100), json!(1)),
        ("c", json!(7), json!(null)),
        ("d", json!(null), json!(0)),
    ] {
        f.add(&[(name, json!(n)), (price, p), (count, c)]);
    }
    (f, price, count)
}

#[test]
fn a_formula_is_calculated_filtered_and_sorted() {
    let (f, price, _) = invoices();
    let total = formula(&f, "Total", "{Price} * {Count}");
    let each = formula(&f, "Each", "{Total} / {Count}");
    assert_eq!([1, 2, 3, 4].map(|id| f.cell(RecordId(id), 3)), [json!(10), json!(100), json!(0), json!(0)]);
    assert_eq!(f.cell(RecordId(4), 4), json!({"error": "Division by zero."}));
    let mut args = list(f.table);
    args.sorts = Some(vec![Sort::by_value(total, true)]);
    args.filter = Some(rule(total, "greater", json!(5)));
    assert_eq!(f.names(&args), ["b", "a"]);
    // What failed is neither large nor small.
    args.filter = Some(rule(each, "greater_or_equal", json!(0)));
    assert_eq!(f.names(&args), ["b", "a"]);
    f.put(RecordId(1), price, json!(1000));
    assert_eq!(f.names(&args), ["a", "b"]);
    assert!(
        f.base
            .update_records(f.table, &[RecordValues { id: RecordId(1), cells: BTreeMap::from([(total, json!(1))]) }])
            .is_err()
    );
}

#[test]
fn a_formula_follows_the_columns_it_reads() {
    let (f, price, _) = invoices();
    let total = formula(&f, "Total", "{Price} * 2 & \"{Price}\"");
    let rename = |name: &str| ColumnChange { name: Some(name.into()), ..ColumnChange::default() };
    f.base.update_column(f.table, price, &rename("Net price")).unwrap();
    let text = |f: &Fixture| f.base.table(f.table).unwrap().columns[3].settings["formula"].clone();
    assert_eq!(text(&f), json!("{Net price} * 2 & \"{Price}\""));
    assert_eq!(f.cell(RecordId(1), 3), json!("5{Price}"));
    f.base.undo().unwrap();
    assert_eq!(text(&f), json!("{Price} * 2 & \"{Price}\""));
    f.base.remove_column(f.table, price).unwrap();
    assert_eq!(
        f.cell(RecordId(1), 2)["error"],
        "The formula has a mistake at character 1: there is no column “Price”."
    );
    f.base.undo().unwrap();
    assert_eq!(f.cell(RecordId(1), 3), json!("5{Price}"));
    // A change of type keeps what was calculated last.
    f.base
        .update_column(f.table, total, &ColumnChange { kind: Some(ColumnType::Text), ..ColumnChange::default() })
        .unwrap();
    assert_eq!(f.cell(RecordId(1), 3), json!("5{Price}"));
}

#[test]
fn a_formula_with_a_mistake_is_refused_with_its_place() {
    let (f, ..) = invoices();
    let add =
        |name: &str, text: &str| f.base.add_column(f.table, name, ColumnType::Formula, Some(json!({"formula": text})));
    let error = add("X", "{Price} +").unwrap_err();
    assert_eq!(
        (error.code, error.message.as_str()),
        (ErrorCode::Template, "The formula has a mistake at character 10: a value was expected here.")
    );
    let total = formula(&f, "Total", "{Price}");
    formula(&f, "Twice", "{Total} * 2");
    let circle = ColumnChange { settings: Some(json!({"formula": "{Twice}"})), ..ColumnChange::default() };
    assert_eq!(f.base.update_column(f.table, total, &circle).unwrap_err().message, "The formula refers to itself.");
    assert_eq!(f.cell(RecordId(1), 4), json!(5));
    assert_eq!(f.base.table(f.table).unwrap().columns.len(), 5);
}

#[test]
fn a_formula_means_the_same_in_sql_as_in_rust() {
    use ::base::formula::{Record, compile};
    let f = fixture();
    let columns = [
        ("Number", ColumnType::Number, vec![json!(2.5), json!(-3), json!(null)]),
        ("Text", ColumnType::LongText, vec![json!("Тарас\nШ"), json!("12,5"), json!(null)]),
        ("Date", ColumnType::Date, vec![json!("2026-11-30"), json!("1969-01-31"), json!(null)]),
        ("Stage", ColumnType::SingleSelect, vec![json!("Open"), json!("Paid"), json!(null)]),
        ("Tags", ColumnType::MultipleSelect, vec![json!(["A", "B"]), json!("B"), json!(null)]),
        ("Paid", ColumnType::Checkbox, vec![json!(true), json!(false), json!(null)]),
        ("Time", ColumnType::Duration, vec![json!(90), json!(-90), json!(null)]),
        ("Made", ColumnType::CreatedTime, vec![]),
    ];
    let ids: Vec<ColumnId> = columns.iter().map(|(name, kind, _)| f.column(name, *kind)).collect();
    for row in 0..3 {
        let cells: Vec<_> =
            columns.iter().zip(&ids).filter_map(|((_, _, values), id)| Some((*id, values.get(row)?.clone()))).collect();
        f.add(&cells);
    }
    let mut formulas: Vec<String> = Vec::new();
    for (name, ..) in &columns {
        for pattern in [
            "{X}",
            "{X} & 'x'",
            "{X} + 1",
            "-{X}",
            "{X} = {Number}",
            "{X} < {Date}",
            "if({X}, {X}, 'no')",
            "len({X})",
            "isempty({X})",
            "sum({X}, {Number})",
            "year({X})",
            "upper({X})",
            "dateAdd({X}, {Number}, 'days')",
            "1 / {X}",
        ] {
            formulas.push(pattern.replace("{X}", &format!("{{{name}}}")));
        }
    }
    let context = f.base.context();
    let mut compared = 0;
    for text in formulas {
        let column = f.base.add_column(f.table, "F", ColumnType::Formula, Some(json!({"formula": text}))).unwrap();
        f.base
            .read_snapshot(|c| {
                let def = meta::def(c, f.table, &context)?;
                let fields: Vec<&::base::Field> = def.columns.iter().map(|c| &c.field).collect();
                let program = compile(&text, &fields).unwrap();
                for (_, cells) in list::load_cells(c, &def, &[1, 2, 3])? {
                    let at = |id: ColumnId| fields.iter().position(|f| f.id == id).unwrap();
                    let inputs: Vec<_> = program.inputs.iter().map(|id| cells[at(*id)].clone()).collect();
                    let behaviours: Vec<_> = program.inputs.iter().map(|id| &*fields[at(*id)].behaviour).collect();
                    let here = program.evaluate(&Record { fields: &behaviours, cells: &inputs, context: &context });
                    assert_eq!(cells[at(column.id)], ::base::Cell::from(here), "{text}");
                    compared += 1;
                }
                Ok(())
            })
            .unwrap();
        f.base.undo().unwrap();
    }
    assert_eq!(compared, 8 * 14 * 3);
}
