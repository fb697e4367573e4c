//! Hot queries are answered from their indexes, without sorting.

use crate::Store;
use model::SystemClock;
use std::sync::Arc;

#[test]
fn hot_queries_use_their_indexes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Arc::new(SystemClock)).unwrap();
    let plan = |query: &str| -> String {
        store
            .read_now(|r| {
                use crate::db::Read;
                let mut statement =
                    r.sql().prepare(&format!("EXPLAIN QUERY PLAN {query}")).map_err(crate::error::sql)?;
                let rows: Vec<String> =
                    statement.query_map([], |r| r.get(3)).and_then(Iterator::collect).map_err(crate::error::sql)?;
                Ok(rows.join("; "))
            })
            .unwrap()
    };
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
            "SELECT message_id FROM placement INDEXED BY placement_message WHERE message_id BETWEEN 1 AND 2 AND mailbox_id IS NOT NULL ORDER BY message_id",
            "COVERING INDEX placement_message",
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
        let plan = plan(query);
        assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{query}: {plan}");
    }
}
