//! Hot queries are answered from their indexes, without sorting.

use crate::Store;
use crate::list::page_sql;
use model::SystemClock;
use model::message::ListSort;
use std::sync::Arc;

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Arc::new(SystemClock)).unwrap();
    (folder, store)
}

fn plan(store: &Store, query: &str) -> String {
    store
        .read_now(|r| {
            use crate::db::Read;
            let mut statement = r.sql().prepare(&format!("EXPLAIN QUERY PLAN {query}")).map_err(crate::error::sql)?;
            let rows: Vec<String> = statement
                .query_map(rusqlite::params_from_iter(vec![0; statement.parameter_count()]), |r| r.get(3))
                .and_then(Iterator::collect)
                .map_err(crate::error::sql)?;
            Ok(rows.join("; "))
        })
        .unwrap()
}

#[test]
fn a_mailbox_in_any_order_is_read_from_an_index() {
    let (_folder, store) = store();
    for (sort, index) in [
        (ListSort::Newest, "thread_mailbox_last"),
        (ListSort::Oldest, "thread_mailbox_last"),
        (ListSort::From, "COVERING INDEX thread_mailbox_from"),
        (ListSort::Subject, "COVERING INDEX thread_mailbox_subject"),
        (ListSort::Largest, "COVERING INDEX thread_mailbox_size"),
    ] {
        let query = page_sql(&[1], "", sort);
        let plan = plan(&store, &query);
        assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{query}: {plan}");
        // Several mailboxes are merged from the head of each; only what is merged is sorted.
        let query = page_sql(&[1, 2], "", sort);
        let plan = self::plan(&store, &query);
        assert_eq!(plan.matches(index.trim_start_matches("COVERING INDEX ")).count(), 2, "{query}: {plan}");
        assert_eq!(plan.matches("TEMP B-TREE").count(), 1, "{query}: {plan}");
    }
}

#[test]
fn hot_queries_use_their_indexes() {
    let (_folder, store) = store();
    for (query, index) in [
        (
            "SELECT thread_id FROM thread_mailbox WHERE mailbox_id = 1 ORDER BY last_at DESC, thread_id DESC LIMIT 50 OFFSET 9",
            "thread_mailbox_last",
        ),
        (
            "SELECT DISTINCT message_id, date_at FROM placement WHERE mailbox_id = 1 ORDER BY date_at DESC, message_id DESC LIMIT 9",
            "placement_list",
        ),
        (
            "SELECT id, date_at, thread_id FROM message INDEXED BY message_hit WHERE id BETWEEN 1 AND 9 ORDER BY id",
            "COVERING INDEX message_hit",
        ),
        (
            "SELECT id FROM message INDEXED BY message_date ORDER BY date_at DESC, id DESC",
            "COVERING INDEX message_date",
        ),
        ("SELECT id FROM message WHERE content = x'00' AND account_id = 1", "message_content"),
        (
            "SELECT id FROM thread WHERE messages > 0 AND account_id = 1 ORDER BY last_at DESC, id DESC LIMIT 50",
            "thread_last",
        ),
        ("SELECT id FROM message WHERE account_id = 1 AND message_id = 'x'", "message_message_id"),
        (
            "SELECT p.id FROM placement p WHERE p.server_mailbox_id = 1 AND p.key = '1:2'",
            "sqlite_autoindex_placement_1",
        ),
    ] {
        let plan = plan(&store, query);
        assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{query}: {plan}");
    }
}
