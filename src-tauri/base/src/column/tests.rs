use super::*;
use serde_json::json;

fn context() -> Context {
    Context {
        zone: jiff::tz::TimeZone::get("Europe/Kyiv").unwrap_or(jiff::tz::TimeZone::UTC),
        ..Context::local(Timestamp(1_795_363_200_000))
    }
}

fn of(kind: ColumnType, settings: Json) -> Box<dyn Behaviour> {
    behaviour(kind, &settings, &context())
}

fn shown(kind: ColumnType, settings: Json, typed: &str) -> String {
    let b = of(kind, settings);
    b.parse(typed).map_or_else(|m| format!("misfit: {m}"), |cell| b.show(&cell))
}

#[test]
fn numbers_are_read_as_people_write_them() {
    for (text, decimal, expected) in [
        ("1234", Decimal::Dot, Some(1234.0)),
        ("1.234,56", Decimal::Dot, Some(1234.56)),
        ("1,234.56", Decimal::Comma, Some(1234.56)),
        ("1 234,56 €", Decimal::Dot, Some(1234.56)),
        ("1,5", Decimal::Dot, Some(1.5)),
        ("1,234", Decimal::Dot, Some(1234.0)),
        ("1,234", Decimal::Comma, Some(1.234)),
        ("1.234", Decimal::Comma, Some(1234.0)),
        ("0.123", Decimal::Dot, Some(0.123)),
        (".5", Decimal::Comma, Some(0.5)),
        ("1.234.567", Decimal::Dot, Some(1_234_567.0)),
        ("−5", Decimal::Dot, Some(-5.0)),
        ("-$5", Decimal::Dot, Some(-5.0)),
        ("(5.00)", Decimal::Dot, Some(-5.0)),
        ("1e-3", Decimal::Dot, Some(0.001)),
        ("1'000'000", Decimal::Dot, Some(1_000_000.0)),
        ("1,23,4", Decimal::Dot, None),
        ("12a", Decimal::Dot, None),
        ("-", Decimal::Dot, None),
        ("NaN", Decimal::Dot, None),
        ("inf", Decimal::Dot, None),
        ("1.2.2026", Decimal::Dot, None),
        ("", Decimal::Dot, None),
    ] {
        assert_eq!(read_number(text, decimal), expected, "{text} {decimal:?}");
    }
}

#[test]
fn a_number_is_shown_by_its_format() {
    use ColumnType::Number;
    assert_eq!(shown(Number, json!({}), "1234.5"), "1234.5");
    assert_eq!(
        shown(Number, json!({"format": "euro", "precision": 2, "decimal": "comma", "thousands": "dot"}), "-1234567,5"),
        "-€1.234.567,50"
    );
    assert_eq!(
        shown(
            Number,
            json!({"format": "custom_currency", "currency_symbol": "₴", "currency_symbol_position": "after", "thousands": "space", "precision": 0}),
            "12345"
        ),
        "12\u{a0}345\u{a0}₴"
    );
    assert_eq!(shown(Number, json!({"format": "percent"}), "7"), "7%");
    assert_eq!(shown(Number, json!({"format": "percent"}), "7 %"), "7%");
    assert_eq!(shown(Number, json!({"precision": 1}), "-0.01"), "0.0");
    assert_eq!(shown(Number, json!({}), "abc"), "misfit: “abc” is not a number.");
    assert_eq!(of(Number, json!({"format": "percent"})).read_json(&json!(0.5)), Ok(Cell::Number(0.5)));
}

#[test]
fn dates_keep_a_time_only_where_the_format_shows_one() {
    let day = of(ColumnType::Date, json!({"format": "DD.MM.YYYY"}));
    let cell = day.parse("30.11.2026 09:05").unwrap();
    assert_eq!((day.show(&cell), day.to_json(&cell)), ("30.11.2026".into(), json!("2026-11-30")));
    let timed = of(ColumnType::Date, json!({"format": "M/D/YYYY HH:mm"}));
    let cell = timed.parse("3/4/2026 9:05 pm").unwrap();
    assert_eq!((timed.show(&cell), timed.to_json(&cell)), ("3/4/2026 21:05".into(), json!("2026-03-04 21:05")));
    assert_eq!(timed.read_json(&timed.to_json(&cell)), Ok(cell));
}

#[test]
fn durations_are_seconds_whatever_was_typed() {
    let b = of(ColumnType::Duration, json!({"duration_format": "h:mm"}));
    for (typed, seconds) in
        [("1:30", 5400), ("90", 5400), ("1h 30m", 5400), ("1,5 h", 5400), ("-0:45", -2700), ("1:00:30", 3630)]
    {
        assert_eq!(b.parse(typed), Ok(Cell::Integer(seconds)), "{typed}");
    }
    assert_eq!(b.read_json(&json!(5400)), Ok(Cell::Integer(5400)));
    assert_eq!(b.show(&Cell::Integer(-5400)), "-1:30");
    assert!(b.parse("soon").is_err());
}

#[test]
fn options_are_found_by_name_and_told_when_unknown() {
    let settings = json!({"options": [{"id": 1, "name": "Open"}, {"id": 7, "name": "Paid, in full"}]});
    let one = of(ColumnType::SingleSelect, settings.clone());
    assert_eq!(one.parse("open"), Ok(Cell::Integer(1)));
    assert_eq!(one.read_json(&json!(7)), Ok(Cell::Integer(7)));
    assert!(one.read_json(&json!(8)).is_err());
    assert_eq!(one.parse("Lost"), Err(Misfit::UnknownOptions(vec!["Lost".into()])));
    let many = of(ColumnType::MultipleSelect, settings);
    assert_eq!(many.parse("Paid, in full"), Ok(Cell::List(vec![7])));
    assert_eq!(many.read_json(&json!([7, "Open", 7])), Ok(Cell::List(vec![7, 1])));
    assert_eq!(many.show(&Cell::List(vec![7, 1])), "Paid, in full, Open");
}

#[test]
fn an_option_id_is_never_used_again() {
    let settings = check_settings(ColumnType::SingleSelect, Some(json!({"options": ["A", {"name": "B"}]}))).unwrap();
    let mut settings = options::with_added(&settings, &["b".into(), "C".into()]);
    assert_eq!(options::Options::new(&settings).ids(), [1, 2, 3]);
    settings["options"].as_array_mut().unwrap().pop();
    let settings = options::with_added(&settings, &["D".into()]);
    assert_eq!(options::Options::new(&settings).ids(), [1, 2, 4]);
    assert!(check_settings(ColumnType::SingleSelect, Some(json!({"options": ["A", "A"]}))).is_err());
}

#[test]
fn mail_addresses_are_checked_and_may_carry_a_name() {
    let b = of(ColumnType::Email, json!({}));
    for good in ["ann@example.org", "Ann Lee <ann@example.org>", "олена@пошта.укр", "a+b@mail.example.co.uk"]
    {
        assert_eq!(b.parse(good), Ok(Cell::text(good)));
    }
    for bad in [
        "ann",
        "ann@",
        "ann@host",
        "a b@example.org",
        "ann@example..org",
        "x <ann@example.org",
        "a@b.c\r\nBcc: x@y.z",
        "a@x.org, b@x.org",
    ] {
        assert!(b.parse(bad).is_err(), "{bad}");
    }
    assert_eq!(address("Ann <ann@example.org>"), Some("ann@example.org"));
}

#[test]
fn times_are_shown_in_the_zone_of_whoever_looks() {
    let b = of(ColumnType::CreatedTime, json!({}));
    assert_eq!(b.to_json(&Cell::Integer(1_795_363_200_000)), json!("2026-11-22 18:00"));
    assert!(!b.editable() && b.parse("2026-01-01").is_err());
    let c = context();
    assert_eq!(c.moment(c.wall_clock(1_795_363_200_000)), 1_795_363_200_000);
}

#[test]
fn auto_numbers_take_prefix_and_digits() {
    assert_eq!(AutoNumber::new(&json!({"format": "INV-0000"})).text(7, 0), "INV-0007");
    assert_eq!(AutoNumber::new(&json!({"prefix_type": "string", "prefix": "K", "digits": 2})).text(123, 0), "K123");
    assert_eq!(AutoNumber::new(&json!({"prefix_type": "date", "digits": 2})).text(1, 86_400), "19700102-01");
}

#[test]
fn cells_convert_between_types_without_losing_what_fits() {
    let number = of(ColumnType::Number, json!({"precision": 0}));
    let text = of(ColumnType::Text, json!({}));
    let select = of(ColumnType::SingleSelect, json!({"options": [{"id": 1, "name": "12"}]}));
    let check = of(ColumnType::Checkbox, json!({}));
    let duration = of(ColumnType::Duration, json!({}));
    assert_eq!(convert(&*text, &Cell::text("12,5"), &*number), Ok(Cell::Number(12.5)));
    assert!(convert(&*text, &Cell::text("many"), &*number).is_err());
    assert_eq!(convert(&*select, &Cell::Integer(1), &*number), Ok(Cell::Number(12.0)));
    assert_eq!(convert(&*number, &Cell::Number(12.0), &*select), Ok(Cell::Integer(1)));
    assert_eq!(convert(&*check, &Cell::Flag(true), &*number), Ok(Cell::Number(1.0)));
    assert_eq!(convert(&*number, &Cell::Number(61.4), &*duration), Ok(Cell::Integer(61)));
    assert_eq!(convert(&*duration, &Cell::Integer(90), &*number), Ok(Cell::Number(90.0)));
    assert_eq!(convert(&*text, &Cell::text("yes"), &*check), Ok(Cell::Flag(true)));
}

#[test]
fn no_type_panics_on_hostile_text_and_what_it_shows_it_reads_again() {
    let hostile = [
        "",
        " ",
        "\0",
        "💥",
        "-",
        "(",
        "()",
        "%",
        "$",
        ",",
        ".",
        "1e999",
        "9999999999999999999999",
        "{}",
        "[1",
        "\u{202e}",
        "é:é",
        "1:é",
        "00:00:00:00",
        "<>",
        "@",
        "<@>",
        "é-1-1",
    ];
    let big = "9".repeat(100_000);
    let kinds = [
        ColumnType::Text,
        ColumnType::LongText,
        ColumnType::Number,
        ColumnType::Date,
        ColumnType::Duration,
        ColumnType::SingleSelect,
        ColumnType::MultipleSelect,
        ColumnType::Checkbox,
        ColumnType::Rating,
        ColumnType::Image,
        ColumnType::File,
        ColumnType::Email,
        ColumnType::Url,
        ColumnType::Phone,
        ColumnType::Geolocation,
        ColumnType::Signature,
        ColumnType::Collaborator,
        ColumnType::Creator,
        ColumnType::LastModifier,
        ColumnType::CreatedTime,
        ColumnType::ModifiedTime,
        ColumnType::AutoNumber,
        ColumnType::Link,
        ColumnType::LinkFormula,
        ColumnType::Formula,
        ColumnType::Button,
        ColumnType::Department,
    ];
    for kind in kinds {
        let b = of(kind, json!({"options": [{"id": 1, "name": "💥"}]}));
        for text in hostile.iter().copied().chain([big.as_str()]) {
            if let Ok(cell) = b.parse(text) {
                let again = b.parse(&b.show(&cell));
                assert_eq!(again.map(|c| b.show(&c)), Ok(b.show(&cell)), "{kind:?} {text:.20}");
                let _ = b.read_json(&b.to_json(&cell)).unwrap();
            }
        }
        for value in
            [json!(null), json!(true), json!(1), json!(-1.5), json!("x"), json!([1]), json!({"a": 1}), json!(1e300)]
        {
            let _ = b.read_json(&value);
        }
    }
}
