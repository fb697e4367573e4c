//! Filters mean the same in SQL and in Rust: every type, predicate and value, cell by cell.

use super::*;
use ::base::filter::{MODIFIERS, RANGE_MODIFIERS, compile, predicates};
use ::base::{Cell, Field};

fn samples(kind: ColumnType) -> Vec<Json> {
    let mut all = vec![json!(null)];
    all.extend(match kind {
        ColumnType::Number => {
            vec![json!(0), json!(-1.5), json!(7), json!(0.1 + 0.2), json!(1e15), json!(7.000_001)]
        }
        ColumnType::Duration => vec![json!(0), json!(60), json!(-60), json!(7)],
        ColumnType::Rating => vec![json!(1), json!(5), json!(3)],
        ColumnType::Date => {
            let today = Context::local(SystemClock.now()).today();
            [-800, -366, -40, -31, -8, -7, -1, 0, 1, 7, 8, 31, 366]
                .iter()
                .map(|d| json!(::base::civil::format((today + d) * 86_400, "YYYY-MM-DD")))
                .collect()
        }
        ColumnType::SingleSelect => vec![json!("A"), json!("B"), json!("C")],
        ColumnType::MultipleSelect => vec![json!(["A"]), json!(["B", "A"]), json!(["A", "B", "C"]), json!(["C"])],
        ColumnType::Checkbox => vec![json!(true), json!(false)],
        ColumnType::Email => vec![json!("ann@example.org"), json!("Ann <ANN@Example.org>")],
        ColumnType::Phone => vec![json!("+380 44 123"), json!("123")],
        ColumnType::Geolocation => vec![json!("50, 30"), json!("Kyiv")],
        ColumnType::CreatedTime | ColumnType::ModifiedTime => vec![],
        ColumnType::Collaborator => vec![
            json!(["Тарас ШЕВЧЕНКО"]),
            json!(["шевченко", "Łódź"]),
            json!(["a'b", "%", "LODZ"]),
            json!(["lodz"]),
            json!(["ß"]),
        ],
        _ => vec![
            json!("Тарас ШЕВЧЕНКО"),
            json!("шевченко"),
            json!("Łódź"),
            json!("100%_x"),
            json!("a'b\"c"),
            json!("7"),
            json!("ß"),
        ],
    });
    all
}

fn values(kind: ColumnType) -> Vec<Json> {
    match kind {
        ColumnType::Number | ColumnType::Duration | ColumnType::Rating => {
            vec![json!(7), json!(0), json!(-1.5), json!("3"), json!(null)]
        }
        ColumnType::SingleSelect | ColumnType::MultipleSelect => {
            vec![json!("A"), json!(["A", "B"]), json!([2, 1]), json!([]), json!(["gone"]), json!(null)]
        }
        ColumnType::Checkbox => vec![json!(true), json!(false)],
        ColumnType::Collaborator => vec![
            json!(["шевченко", "lodz"]),
            json!("LODZ"),
            json!(["%", "a'b", "łódź"]),
            json!([" ss", ""]),
            json!([]),
            json!(null),
        ],
        ColumnType::Date | ColumnType::CreatedTime | ColumnType::ModifiedTime => vec![json!("2026-11-22"), json!(null)],
        _ => vec![json!("шевченко"), json!("LODZ"), json!("%"), json!("a'b"), json!("ss"), json!("org"), json!("")],
    }
}

#[test]
fn filters_find_the_same_records_in_sql_and_in_rust() {
    use ColumnType as T;
    let f = fixture();
    let kinds = [
        T::Text,
        T::LongText,
        T::Number,
        T::Date,
        T::Duration,
        T::SingleSelect,
        T::MultipleSelect,
        T::Checkbox,
        T::Rating,
        T::Email,
        T::Url,
        T::Phone,
        T::CreatedTime,
        T::ModifiedTime,
        T::Geolocation,
        T::Department,
        T::Collaborator,
        T::Creator,
    ];
    let mut compared = 0;
    for kind in kinds {
        let table = f.base.create_table(&format!("{kind:?}")).unwrap().id;
        let settings = Some(json!({"options": ["A", "B", "C"]}));
        let column = f.base.add_column(table, "X", kind, settings).unwrap();
        for value in samples(kind) {
            let mut cells = BTreeMap::new();
            if kind == T::Creator {
                me::call(&f, value.as_str().unwrap_or_default(), &[]);
            } else if !value.is_null() {
                cells.insert(column.id, value);
            }
            f.base.add_records(table, &[cells]).unwrap();
        }
        me::call(&f, "Шевченко", &["LODZ", "ann@example.org", "a'b"]);
        let context = f.base.context();
        let field = Field::new(&column, &context);
        let records: Vec<(i64, Cell)> = f
            .base
            .read_snapshot(|c| {
                let def = meta::def(c, table, &context)?;
                let ids: Vec<i64> = (1..=i64::from(def.records)).collect();
                Ok(list::load_cells(c, &def, &ids)?.into_iter().map(|(id, mut cells)| (id, cells.remove(1))).collect())
            })
            .unwrap();
        let mut rules = Vec::new();
        for predicate in predicates(field.behaviour.family()) {
            for value in values(kind) {
                rules.push(rule(column.id, predicate, value));
            }
            if matches!(kind, T::Date | T::CreatedTime | T::ModifiedTime) {
                for modifier in MODIFIERS.iter().chain(RANGE_MODIFIERS) {
                    let value = if *modifier == "exact_date" { json!("2026-11-22") } else { json!(8) };
                    rules.push(FilterNode::Rule {
                        column: column.id,
                        predicate: (*predicate).into(),
                        value,
                        modifier: Some((*modifier).into()),
                    });
                }
            }
        }
        let pairs: Vec<_> = rules
            .iter()
            .zip(rules.iter().rev())
            .map(|(a, b)| FilterNode::Group { all: false, items: vec![a.clone(), b.clone()] })
            .collect();
        for node in rules.into_iter().chain(pairs) {
            let condition = compile(&node, &[&field], &context).unwrap();
            let in_rust: Vec<i64> =
                records.iter().filter(|(_, cell)| condition.matches(&|_| cell)).map(|(id, _)| *id).collect();
            let in_sql: Vec<i64> = f
                .base
                .list_ids(&RecordListArgs { filter: Some(node.clone()), ..super::list(table) })
                .unwrap()
                .iter()
                .map(|id| id.0)
                .collect();
            assert_eq!(in_sql, in_rust, "{kind:?} {node:?}");
            compared += records.len();
        }
    }
    assert!(compared > 5000, "only {compared} cells compared");
}

#[test]
fn formulas_yield_the_same_in_sql_and_in_rust() {
    let f = fixture();
    let table = f.base.create_table("Clients 2").unwrap();
    let add = |name: &str, kind, settings| f.base.add_column(table.id, name, kind, settings).unwrap().id;
    let cells = BTreeMap::from([
        (add("Price", ColumnType::Number, None), json!(12.5)),
        (add("Client name", ColumnType::Text, None), json!("Ann Lee")),
        (add("Due", ColumnType::Date, None), json!("2026-11-30")),
        (add("Stage", ColumnType::SingleSelect, Some(json!({"options": ["Open"]}))), json!("Open")),
        (add("Paid", ColumnType::Checkbox, None), json!(true)),
    ]);
    add("Nothing", ColumnType::Number, None);
    f.base.add_records(table.id, &[cells]).unwrap();
    let rows = include_str!("../../../../base/src/formula/conformance.tsv");
    assert!(rows.lines().count() > 80);
    for (at, line) in rows.lines().enumerate() {
        // As text, so that nothing is rounded or put into a format on the way.
        let formula = format!("'' & ({})", line.split('\t').next().unwrap().trim_start_matches('='));
        let column = add(&format!("F{at}"), ColumnType::Formula, Some(json!({"formula": formula})));
        let preview = model::base::PreviewFormulaArgs {
            base: BaseId(String::new()),
            table: table.id,
            formula: formula.clone(),
            record: Some(RecordId(1)),
        };
        let in_rust = f.base.preview_formula(&preview).unwrap().samples[0].text.clone();
        let in_sql = f.base.record(table.id, RecordId(1)).unwrap().cells.pop().unwrap();
        assert_eq!(in_sql, json!(in_rust), "{formula}");
        f.base.remove_column(table.id, column).unwrap();
    }
}
