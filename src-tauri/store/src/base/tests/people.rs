//! People of e-mail columns, as whoever types a recipient finds them.

use super::*;
use crate::likeness::Typed;
use std::time::Instant;

fn far() -> Instant {
    Instant::now() + Duration::from_mins(1)
}

fn found(base: &BaseFile, typed: &str, until: Instant) -> Vec<(String, String)> {
    let people = base.people("Clients", &Typed::new(typed), 8, until).unwrap();
    assert!(people.iter().all(|p| p.table.as_ref().is_some_and(|t| t.base == "Clients" && t.name == "Clients")));
    people.into_iter().map(|p| (p.name, p.email)).collect()
}

fn pair(name: &str, email: &str) -> (String, String) {
    (name.into(), email.into())
}

#[test]
fn a_person_has_the_name_in_the_cell_or_else_that_of_the_record() {
    let f = fixture();
    let (name, email) = (f.first(), f.column("Mail", ColumnType::Email));
    f.add(&[(name, json!("Jörg Müller")), (email, json!("Joerg@X.test"))]);
    f.add(&[(name, json!("Acme")), (email, json!("Ann Boss <ann@acme.test>"))]);
    f.add(&[(name, json!("Ann Lee"))]);
    assert_eq!(found(&f.base, "müller", far()), [pair("Jörg Müller", "joerg@x.test")]);
    assert_eq!(found(&f.base, "mueller", far()), [pair("Jörg Müller", "joerg@x.test")]);
    assert_eq!(found(&f.base, "ann", far()), [pair("Ann Boss", "ann@acme.test")]);
    assert_eq!(found(&f.base, "lee", far()), []);
}

#[test]
fn a_person_in_two_tables_is_one_and_a_removed_table_knows_nobody() {
    let f = fixture();
    let email = f.column("Mail", ColumnType::Email);
    f.add(&[(f.first(), json!("Ann")), (email, json!("ann@x.test"))]);
    f.add(&[(f.first(), json!("Ann Lee")), (email, json!("Ann@x.test"))]);
    assert_eq!(found(&f.base, "ann", far()), [pair("Ann Lee", "ann@x.test")]);
    let other = f.base.create_table("Other").unwrap().id;
    f.base.remove_table(f.table).unwrap();
    assert_eq!(found(&f.base, "ann", far()), []);
    f.base.table(other).unwrap();
}

#[test]
fn a_calculated_first_column_names_people_too() {
    let f = fixture();
    let table = f.base.create_table("Clients 2").unwrap().id;
    let first = f.base.table(table).unwrap().columns[0].id;
    let email = f.base.add_column(table, "Mail", ColumnType::Email, None).unwrap().id;
    f.base.add_records(table, &[BTreeMap::from([(first, json!("ann")), (email, json!("a@x.test"))])]).unwrap();
    f.base
        .update_column(
            table,
            first,
            &ColumnChange {
                kind: Some(ColumnType::Formula),
                settings: Some(json!({"formula": "upper(\"boss\")"})),
                ..ColumnChange::default()
            },
        )
        .unwrap();
    let people = f.base.people("B", &Typed::new("boss"), 8, far()).unwrap();
    assert_eq!(people.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["BOSS"]);
}

#[test]
fn looking_ends_at_the_deadline_with_the_newest_records_seen_first() {
    let f = fixture();
    let email = f.column("Mail", ColumnType::Email);
    let records: Vec<BTreeMap<_, _>> =
        (0..60_000).map(|n| BTreeMap::from([(email, json!(format!("p{n}@x.test")))])).collect();
    for part in records.chunks(20_000) {
        f.base.add_records(f.table, part).unwrap();
    }
    let began = Instant::now();
    let within = Duration::from_millis(20);
    assert_eq!(found(&f.base, "p59999@", began + within)[0].1, "p59999@x.test", "the newest is seen");
    let quick = found(&f.base, "p0@x", Instant::now() + Duration::from_millis(1));
    assert!(quick.iter().all(|(_, email)| email != "p0@x.test"), "the oldest is not reached");
    assert_eq!(found(&f.base, "p0@x", far())[0].1, "p0@x.test");
}
