//! A link column limited to a view offers its records, and the limit lives and dies with the view.

use super::links::{Shop, shop};
use super::*;
use model::base::CandidateArgs;

/// A link limited to the view “Large” of orders: those of 20 and more.
fn limited() -> (Shop, model::base::View) {
    let s = shop(json!({}));
    let mut large = s.f.base.add_view(s.orders, "Large", model::base::ViewKind::Table, None).unwrap();
    large.filter = Some(rule(s.amount, "greater_or_equal", json!(20)));
    large.sorts = vec![Sort { column: s.amount, descending: true, by: None }];
    let large = s.f.base.update_view(s.orders, &large).unwrap();
    s.limit(json!({"view": large.id}));
    (s, large)
}

impl Shop {
    fn limit(&self, settings: Json) {
        let change = ColumnChange { settings: Some(settings), ..ColumnChange::default() };
        self.f.base.update_column(self.f.table, self.link, &change).unwrap();
    }

    fn limited_to(&self, table: TableId, link: &str) -> Json {
        let table = self.f.base.table(table).unwrap();
        table.columns.iter().find(|c| c.name == link).unwrap().settings["view"].clone()
    }

    fn offered(&self, search: Option<&str>) -> Vec<String> {
        let args = CandidateArgs {
            base: BaseId(String::new()),
            table: self.f.table,
            column: self.link,
            search: search.map(str::to_owned),
            offset: 0,
            limit: 10,
        };
        self.f.base.candidates(&args).unwrap().rows.into_iter().map(|r| r.text).collect()
    }
}

#[test]
fn a_link_limited_to_a_view_offers_its_records_in_its_order_and_keeps_what_is_linked() {
    let (s, mut large) = limited();
    assert_eq!(s.offered(None), ["O-3", "O-2"]);
    assert_eq!((s.offered(Some("o-2")), s.offered(Some("o-1"))), (vec!["O-2".to_owned()], vec![]));
    // Pasted or imported, another record is taken, and what is linked stays whatever the view shows.
    s.put_in(s.f.table, 1, s.link, json!("O-1, O-3")).unwrap();
    large.name = "Big".into();
    large.filter = Some(rule(s.amount, "greater", json!(30)));
    s.f.base.update_view(s.orders, &large).unwrap();
    assert_eq!((s.offered(None), s.texts(s.f.table, 1, s.link)), (vec![], vec!["O-1".into(), "O-3".into()]));
    assert_eq!(s.limited_to(s.f.table, "Orders"), json!(large.id));
}

#[test]
fn a_limit_goes_with_its_view_and_comes_back_with_it() {
    let (s, large) = limited();
    assert_eq!(s.f.base.remove_view(s.orders, large.id).unwrap().unlimited, ["Orders"]);
    assert_eq!((s.limited_to(s.f.table, "Orders"), s.offered(None).len()), (Json::Null, 4));
    // Settings that still name the view are kept without it.
    s.limit(json!({"view": null}));
    s.f.base.undo().unwrap();
    s.f.base.undo().unwrap();
    assert_eq!(
        (s.limited_to(s.f.table, "Orders"), s.offered(None)),
        (json!(large.id), vec!["O-3".into(), "O-2".into()])
    );
    assert_eq!(s.f.base.remove_view(s.orders, ViewId(99)).unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn a_copied_table_that_links_itself_offers_the_records_of_its_own_views() {
    let f = fixture();
    for name in ["Ann", "Bob"] {
        f.add(&[(f.first(), json!(name))]);
    }
    let mut bosses = f.base.add_view(f.table, "Bosses", model::base::ViewKind::Table, None).unwrap();
    bosses.filter = Some(rule(f.first(), "is", json!("Ann")));
    f.base.update_view(f.table, &bosses).unwrap();
    let not_bob = rule(f.first(), "is_not", json!("Bob"));
    let settings = json!({"table": f.table, "two_way": false, "view": bosses.id, "filter": not_bob});
    f.base.add_column(f.table, "Boss", ColumnType::Link, Some(settings)).unwrap();
    let copy = f.base.duplicate_table(f.table, "Copy", true).unwrap();
    let boss = &copy.columns[1];
    assert_eq!(boss.settings["view"], json!(copy.views[1].id));
    assert_eq!(boss.settings["filter"]["column"], json!(copy.columns[0].id));
    let args = CandidateArgs {
        base: BaseId(String::new()),
        table: copy.id,
        column: boss.id,
        search: None,
        offset: 0,
        limit: 10,
    };
    let offered = f.base.candidates(&args).unwrap().rows;
    assert_eq!(offered.iter().map(|r| r.text.as_str()).collect::<Vec<_>>(), ["Ann"]);
}
