//! Persons of SeaTable's files: in columns, in rules, and who made and changed a record.

use super::dtables::{content, export, import, shop};
use super::*;

#[test]
fn rules_on_persons_come_in_by_name_and_go_back_by_id() {
    let mut given = shop();
    let table = &mut given["tables"][0];
    for (key, kind) in [("d1dd", "creator"), ("d2dd", "last-modifier")] {
        table["columns"].as_array_mut().unwrap().push(json!({"key": key, "type": kind, "name": key, "data": null}));
    }
    let rule = |key: &str, predicate: &str, term: Json| json!({"column_key": key, "filter_predicate": predicate, "filter_term": term});
    let rules = [
        rule("a7aa", "has_any_of", json!(["u1@auth.local", "u2@auth.local"])),
        rule("a7aa", "has_none_of", json!(["u2@auth.local"])),
        rule("d1dd", "contains", json!(["u1@auth.local"])),
        rule("d2dd", "is_not", json!("u2@auth.local")),
    ];
    table["views"][0]["filters"] = json!(rules);
    let shop = import(&given, &[]).unwrap();
    let orders = shop.report.tables[0];
    let mut view = shop.base.table(orders).unwrap().views[0].clone();
    let listed = |view: &model::base::View| {
        let page = shop.base.list(&RecordListArgs { view: Some(view.id), ..list(orders) }).unwrap();
        page.rows.iter().map(|r| r.cells[0].clone()).collect::<Vec<_>>()
    };
    assert_eq!(listed(&view), [json!("A-1")]);
    // Changed here, so that what stood in the file is not what is written.
    let Some(FilterNode::Group { items, .. }) = &mut view.filter else { panic!("{:?}", view.filter) };
    let FilterNode::Rule { value, .. } = &mut items[0] else { panic!("{items:?}") };
    assert_eq!(*value, json!(["Olga", "Ivan"]));
    *value = json!(["Ivan", "Nobody"]);
    shop.base.update_view(orders, &view).unwrap();
    assert_eq!(listed(&view), [] as [Json; 0]);
    let back = content(&export(&shop.base, shop.folder.path(), false));
    let mut expected = rules;
    expected[0]["filter_term"] = json!(["u2@auth.local", "Nobody"]);
    assert_eq!(back["tables"][0]["views"][0]["filters"], json!(expected));
}

#[test]
fn rules_on_me_come_in_and_go_back_without_who_asked() {
    let mut given = shop();
    let table = &mut given["tables"][0];
    table["columns"].as_array_mut().unwrap().push(json!({"key": "d1dd", "type": "creator", "name": "d", "data": null}));
    let rule = |key: &str, predicate: &str, term: Json| json!({"column_key": key, "filter_predicate": predicate, "filter_term": term});
    // What a server put in when somebody asked, and what it leaves there otherwise.
    let rules = |who: Json, id: &str| {
        [
            rule("a7aa", "include_me", who.clone()),
            rule("d1dd", "include_me", who),
            rule("0000", "is_current_user_ID", json!(id)),
        ]
    };
    table["views"][0]["filters"] = json!(rules(json!(["u1@auth.local"]), "7"));
    table["views"][0]["filter_conjunction"] = json!("Or");
    let shop = import(&given, &[]).unwrap();
    let orders = shop.report.tables[0];
    let view = shop.base.table(orders).unwrap().views[0].clone();
    let Some(FilterNode::Group { items, .. }) = &view.filter else { panic!("{:?}", view.filter) };
    let value = |item: &FilterNode| matches!(item, FilterNode::Rule { value, .. } if value.is_null());
    assert!(items.len() == 3 && items.iter().all(value), "{items:?}");
    let listed = || {
        let page = shop.base.list(&RecordListArgs { view: Some(view.id), ..list(orders) }).unwrap();
        page.rows.iter().map(|r| r.cells[0].clone()).collect::<Vec<_>>()
    };
    assert!(listed().is_empty());
    shop.base.introduce(&Me { name: "ivan".into(), addresses: Vec::new() });
    assert_eq!(listed(), [json!("A-2")]);
    let back = |base: &BaseFile| content(&export(base, shop.folder.path(), false))["tables"][0]["views"][0].clone();
    assert_eq!(back(&shop.base)["filters"], json!(rules(json!(["u1@auth.local"]), "7")));
    // Changed here, so that what stood in the file is not what is written.
    let with = |filter| model::base::View { filter, ..view.clone() };
    let mut turned = items.clone();
    turned.reverse();
    shop.base.update_view(orders, &with(Some(FilterNode::Group { all: false, items: turned }))).unwrap();
    let mut expected = rules(json!([]), "");
    expected.reverse();
    assert_eq!(back(&shop.base)["filters"], json!(expected));
}

#[test]
fn who_made_and_changed_records_goes_into_a_seatable_file_and_comes_back() {
    let mut given = shop();
    let table = &mut given["tables"][0];
    for (key, kind) in [("d1dd", "creator"), ("d2dd", "last-modifier")] {
        table["columns"].as_array_mut().unwrap().push(json!({"key": key, "type": kind, "name": key, "data": null}));
    }
    for row in table["rows"].as_array_mut().unwrap() {
        row["_last_modifier"] = json!("u2@auth.local");
    }
    let shop = import(&given, &[]).unwrap();
    let orders = shop.report.tables[0];
    let number = shop.base.table(orders).unwrap().columns[0].id;
    let people = |entries: &Json| {
        let rows = entries["tables"][0]["rows"].as_array().unwrap();
        rows.iter().map(|r| (r["_creator"].clone(), r["_last_modifier"].clone())).collect::<Vec<_>>()
    };
    let back = || content(&export(&shop.base, shop.folder.path(), false));
    assert_eq!(people(&back()), people(&given));
    let as_whom = |name: &str| shop.base.introduce(&Me { name: name.into(), addresses: Vec::new() });
    let put = |record: i64, value: &str| {
        let cells = BTreeMap::from([(number, json!(value))]);
        shop.base.update_records(orders, &[RecordValues { id: RecordId(record), cells }]).unwrap();
    };
    shop.base.lock_records(orders, &[RecordId(1)], false).unwrap();
    as_whom("Olga");
    put(1, "A-1 by Olga");
    as_whom("Zoe");
    shop.base.add_records(orders, &[BTreeMap::from([(number, json!("A-9"))])]).unwrap();
    as_whom("");
    put(2, "A-2 by nobody");
    let now = back();
    let [a, b, .., z] = &people(&now)[..] else { panic!("{now}") };
    assert_eq!((a, b), (&(json!("u1@auth.local"), json!("u1@auth.local")), &(json!("u2@auth.local"), json!(""))));
    assert_eq!(*z, (json!("Zoe"), json!("Zoe")));
    let again = import(&now, &[]).unwrap();
    let rows = again.base.list(&list(again.report.tables[0])).unwrap().rows;
    let at = again.base.table(again.report.tables[0]).unwrap().columns.iter().position(|c| c.name == "d1dd").unwrap();
    let says: Vec<_> = rows.iter().map(|r| r.cells[at..at + 2].to_vec()).collect();
    assert_eq!((&says[0], &says[1]), (&vec![json!("Olga"), json!("Olga")], &vec![json!("Ivan"), Json::Null]));
    assert_eq!(says.last().unwrap(), &[json!("Zoe"), json!("Zoe")]);
}
