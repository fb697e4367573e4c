//! Searches on the tables: what every operator finds, and in which order.

use super::*;

#[tokio::test]
async fn every_operator_of_a_search_finds_what_it_says() {
    let house = House::new().await;
    let attached = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n";
    let body = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nsee the file\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"Invoice-17.pdf\"\r\n\r\nxxxx\r\n--b--\r\n";
    let utf = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n";
    let old = letter("old", "Zoë <zoe@example.org>", "Старий лист", utf, "Ёлка и Žlutý kůň")
        .replace("19 Nov 2026", "03 Mar 2025");
    house
        .take(vec![
            whole("1:1", "INBOX", &letter("file", "Ann <ann@example.org>", "Bill", attached, body), Flags::default()),
            whole("1:2", "INBOX", &old, Flags { flagged: true, ..SEEN }),
            whole(
                "1:3",
                "INBOX",
                &letter("cjk", "Li <li@microsoft.test>", "会議", utf, "明日東京で会議があります"),
                SEEN,
            ),
            whole(
                "1:4",
                "INBOX",
                &letter(
                    "plain",
                    "Bob <bob@example.org>",
                    "Quick brown fox",
                    "Cc: Carl <carl@example.org>\r\n",
                    "jumps over lazy dogs",
                ),
                SEEN,
            ),
        ])
        .await;
    for (query, expected) in [
        ("from:ann", vec!["file"]),
        ("from:soft", vec!["cjk"]),
        ("from:zoe", vec!["old"]),
        ("to:me -from:ann -from:li -from:bob", vec!["old"]),
        ("cc:carl", vec!["plain"]),
        ("subject:fox", vec!["plain"]),
        ("subject:jumps", vec![]),
        ("has:attachment", vec!["file"]),
        ("filename:invoice", vec!["file"]),
        ("invoice-17", vec!["file"]),
        ("is:unread", vec!["file"]),
        ("is:starred", vec!["old"]),
        ("елка", vec!["old"]),
        ("ЁЛКА", vec!["old"]),
        ("zluty kun", vec!["old"]),
        ("стар", vec!["old"]),
        ("東京", vec!["cjk"]),
        ("日東", vec!["cjk"]),
        ("京東", vec![]),
        ("before:2026-01-01", vec!["old"]),
        ("after:2026-01-01 subject:bill", vec!["file"]),
        ("\"brown fox\"", vec!["plain"]),
        ("\"fox brown\"", vec![]),
        ("jump", vec!["plain"]),
        ("-is:read", vec!["file"]),
        ("fox OR bill", vec!["plain", "file"]),
        ("in:projects fox", vec![]),
        ("in:inbox fox", vec!["plain"]),
        ("in:nowhere", vec![]),
        ("larger:100k", vec![]),
        ("smaller:100k fox", vec!["plain"]),
        ("\"; DROP TABLE message; --", vec![]),
        ("author:x ' \" * ^ NEAR(", vec![]),
    ] {
        let mut found = house.search(query);
        let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{query}");
    }
    let page = house.threads(ListScope { query: Some("fox".into()), ..ListScope::default() });
    assert_eq!((page.total, page.rows[0].id, page.rows[0].matching), (1, house.thread_of("plain"), 1));
}

/// Enough messages for a word to be read by merging, in an order of dates that is not that of arrival.
const MANY: i64 = 1200;

#[tokio::test]
async fn the_newest_with_a_word_are_the_same_however_common_it_is() {
    let house = House::new().await;
    let minute = |n: i64| n * 7 % MANY;
    let mut arrived = Vec::new();
    for n in 0..MANY {
        let word = if n % 100 == 0 {
            "common rare"
        } else if n % 2 == 0 {
            "common"
        } else {
            "else"
        };
        let raw = letter(&format!("m{n}"), "Ann <a@x.org>", "S", "", word)
            .replace("19 Nov 2026 10:00:00", &format!("17 Nov 2026 {:02}:{:02}:00", minute(n) / 60, minute(n) % 60));
        arrived.push(whole(&format!("1:{}", n + 1), "INBOX", &raw, SEEN));
    }
    house.take(arrived).await;
    // Some are gone, and must be counted nowhere.
    let gone = (0..MANY).filter(|n| n % 60 == 0).map(|n| format!("1:{}", n + 1)).collect();
    house.deliver(Delivery { mailbox: "INBOX".into(), gone, ..Delivery::default() }).await.unwrap();
    for (query, every) in [("common", 2), ("rare", 100)] {
        let mut expected: Vec<i64> = (0..MANY).filter(|n| n % every == 0 && n % 60 != 0).collect();
        expected.sort_by_key(|n| std::cmp::Reverse(minute(*n)));
        for (offset, limit) in [(0, 5), (3, 40), (500, 100), (2000, 5), (0, 0)] {
            let scope = ListScope { query: Some(query.into()), ..ListScope::default() };
            let args = MessageListArgs { scope, offset, limit, ..MessageListArgs::default() };
            let page = house.store.read_now(|r| list::messages(r, &args, &today())).unwrap();
            let found: Vec<String> = page.rows.into_iter().map(|m| m.message_id).collect();
            let wanted = expected.iter().skip(offset as usize).take(limit as usize);
            let wanted: Vec<String> = wanted.map(|n| format!("m{n}@x")).collect();
            assert_eq!((page.total as usize, found), (expected.len(), wanted), "{query} from {offset}");
        }
    }
}
