//! Mail from files and into files, here and on the server.

use crate::post::{Post, letter};
use e2e::MailServer;
use model::ErrorCode;
use model::exchange::ExchangeProgress;
use model::message::{MailExported, MailImported, PendingOperation};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// All parts of an import: messages and skipped.
async fn import(post: &Post, mailbox: &str, path: &Path) -> (u32, u32) {
    let mailbox_id = post.mailbox(mailbox).await.id;
    let (mut from, mut group) = (Value::Null, Value::Null);
    let (mut messages, mut skipped) = (0, 0);
    loop {
        let part: MailImported = post
            .profile
            .call("message.import_file", json!({"mailbox_id": mailbox_id, "path": path, "from": from, "group": group}))
            .await
            .unwrap();
        messages += part.messages;
        skipped += part.skipped;
        (from, group) = (json!(part.next), json!(part.group));
        if part.next.is_none() {
            assert_eq!(part.done_bytes, part.total_bytes);
            post.counted().await;
            return (messages, skipped);
        }
    }
}

async fn export(post: &Post, mailbox: &str, format: &str, path: &Path) -> MailExported {
    let scope = json!({"mailbox_id": post.mailbox(mailbox).await.id});
    post.profile.call("message.export_file", json!({"scope": scope, "format": format, "path": path})).await.unwrap()
}

async fn with_mailboxes(server: MailServer, names: &[&str]) -> Post {
    for name in names {
        server.make_mailbox("anna", name);
    }
    let post = Post::on(server, None).await;
    post.round().await;
    post
}

#[tokio::test(flavor = "multi_thread")]
async fn an_mbox_goes_into_a_mailbox_and_onto_the_server_once_and_comes_out_byte_for_byte() {
    let post = with_mailboxes(MailServer::start(), &["Old", "Copy"]).await;
    let file = post.profile.path().join("old.mbox");
    let mut text = String::new();
    for n in 0..250 {
        let body = format!("line\n>From a friend\n>>From two\n\nnumber {n}");
        let raw = String::from_utf8(letter(&format!("m{n}"), "Ann <ann@x.test>", &format!("S{n}"), &body)).unwrap();
        write!(text, "From ann@x.test Thu Nov 19 10:00:00 2026\n{}\n", raw.replace("\r\n", "\n")).unwrap();
    }
    std::fs::write(&file, text).unwrap();
    assert_eq!(import(&post, "Old", &file).await, (250, 0));
    assert_eq!(post.mailbox("Old").await.messages, 250, "shown at once");
    assert!(post.on_server("Old").is_empty());
    post.replay().await.unwrap();
    assert_eq!(post.on_server("Old").len(), 250);
    assert_eq!(post.on_server("Old")[0], ("m0".into(), "S".into()), "what was kept in a file was read");
    let again = post.round().await;
    assert_eq!((again.new, again.messages), (0, 250), "the server's copies are ours");
    assert_eq!(import(&post, "Old", &file).await, (0, 250), "an import that is begun again adds nothing");

    let out = post.profile.path().join("out.mbox");
    assert_eq!(export(&post, "Old", "mbox", &out).await.messages, 250);
    assert_eq!(import(&post, "Copy", &out).await, (250, 0));
    let folder = post.profile.path().join("eml");
    assert_eq!(export(&post, "Copy", "eml", &folder).await.messages, 250);
    let one = std::fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.to_string_lossy().ends_with(" S7.eml"));
    let raw = String::from_utf8(std::fs::read(one.unwrap()).unwrap()).unwrap();
    assert!(raw.contains("line\r\nFrom a friend\r\n>From two\r\n\r\nnumber 7\r\n"), "{raw}");
    let taken = post
        .profile
        .call::<Value>("message.export_file", json!({"scope": {}, "format": "mbox", "path": out}))
        .await
        .unwrap_err();
    assert_eq!(taken.code, ErrorCode::Conflict, "nothing is written over");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_tells_how_far_it_is_and_leaves_nothing_where_it_is_stopped() {
    let post = with_mailboxes(MailServer::start(), &["Old"]).await;
    let file = post.profile.path().join("old.mbox");
    let mut text = String::new();
    for n in 0..400 {
        let raw = String::from_utf8(letter(&format!("m{n}"), "Ann <ann@x.test>", &format!("S{n}"), "text")).unwrap();
        write!(text, "From ann@x.test Thu Nov 19 10:00:00 2026\n{}\n", raw.replace("\r\n", "\n")).unwrap();
    }
    std::fs::write(&file, text).unwrap();
    assert_eq!(import(&post, "Old", &file).await, (400, 0));
    let scope = json!({"mailbox_id": post.mailbox("Old").await.id});

    for (format, name) in [("mbox", "out.mbox"), ("eml", "out")] {
        let out = post.profile.path().join(name);
        let args = json!({"scope": scope, "format": format, "path": out, "ticket": "t"});
        let engine = post.profile.engine.clone();
        let going = tokio::spawn(async move { engine.call("message.export_file", args).await });
        let seen = loop {
            let now: ExchangeProgress = post.profile.call("message.progress", json!({"ticket": "t"})).await.unwrap();
            if now.total.is_some() && now.records > 0 {
                break now;
            }
            assert!(!going.is_finished(), "it was over before it was looked at");
            tokio::task::yield_now().await;
        };
        assert!(seen.running && seen.total == Some(400) && seen.records < 400, "{seen:?}");
        let _: Value = post.profile.call("message.stop", json!({"ticket": "t"})).await.unwrap();
        assert_eq!(going.await.unwrap().unwrap_err().code, ErrorCode::Cancelled);
        let left: Vec<_> = std::fs::read_dir(post.profile.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(!left.iter().any(|n| n.to_string_lossy().contains("out")), "{left:?}");
    }
    let over: ExchangeProgress = post.profile.call("message.progress", json!({"ticket": "t"})).await.unwrap();
    assert!(!over.running);

    let some = post.profile.path().join("some.mbox");
    let (one, other) = (post.id("m7").await, post.id("m3").await);
    let args = json!({"scope": {}, "selection": {"messages": [one, other]}, "format": "mbox", "path": some});
    let written: MailExported = post.profile.call("message.export_file", args).await.unwrap();
    assert_eq!(written.messages, 2, "the selection alone, whatever the scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_full_mailbox_refuses_is_taken_back_with_the_reason() {
    let server = MailServer::start();
    server.set_quota_bytes("anna", 50_000);
    let post = with_mailboxes(server, &["Old"]).await;
    let file = post.profile.path().join("large.eml");
    std::fs::write(&file, letter("big", "Ann <ann@x.test>", "Big", &"lorem ipsum ".repeat(20_000))).unwrap();
    assert_eq!(import(&post, "Old", &file).await, (1, 0));
    post.replay().await.unwrap();
    assert_eq!(post.mailbox("Old").await.messages, 0);
    assert!(post.on_server("Old").is_empty());
    let owed: Vec<PendingOperation> = post.profile.call("operation.pending", json!({})).await.unwrap();
    assert_eq!(owed[0].refused.as_ref().map(|e| e.code), Some(ErrorCode::Quota));
    assert_eq!(owed[0].subject, "Big");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_fifty_megabytes_goes_out_and_comes_in_whole() {
    let post = with_mailboxes(MailServer::start(), &["Old"]).await;
    let mut state = 7u64;
    let mut line = || -> String {
        (0..76)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                char::from(b'A' + ((state >> 33) % 26) as u8)
            })
            .collect::<String>()
            + "\r\n"
    };
    let mut raw = letter("fifty", "Ann <ann@x.test>", "Fifty", "");
    while raw.len() < 50 << 20 {
        raw.extend_from_slice(line().as_bytes());
    }
    let file = post.profile.path().join("fifty.eml");
    std::fs::write(&file, &raw).unwrap();
    assert_eq!(import(&post, "Old", &file).await, (1, 0));
    post.replay().await.unwrap();
    // Dovecot keeps lines as it likes; what it gives back is compared below.
    let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte != b'\r').copied().collect::<Vec<u8>>();
    assert!(lines(&post.server.find_in("anna", "Old", "fifty@x.test")[0].raw()) == lines(&raw), "whole on the server");
    let Post { server, .. } = post;
    let other = Post::on(server, None).await;
    other.round().await;
    let here = other.profile.engine.raw(other.id("fifty").await).await.unwrap();
    assert!(here == raw, "and here again");
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_and_news_reach_servers_that_can_do_only_a_part() {
    for capability in ["IMAP4rev1 UIDPLUS", "IMAP4rev1 CONDSTORE ENABLE"] {
        let settings = e2e::server::Settings { capability: Some(capability.into()), ..Default::default() };
        let post = with_mailboxes(MailServer::with(settings), &["Projects", "Trash"]).await;
        for id in ["a", "b", "c", "d"] {
            post.server.put("anna", "INBOX", &letter(id, "Ann <ann@x.test>", &format!("Subject {id}"), "x"), "");
        }
        post.round().await;
        let projects = post.mailbox("Projects").await.id;
        post.act("message.move_to", "a", json!({"mailbox_id": projects})).await;
        post.act("message.flag", "b", json!({"seen": true})).await;
        post.replay().await.unwrap();
        assert_eq!(post.on_server("Projects"), [("a".into(), String::new())], "{capability}");
        // Only what was moved is expunged, not what another program marked.
        let marked = post.server.find_in("anna", "INBOX", "c@x.test").remove(0);
        let name = format!("{}T", marked.path.file_name().unwrap().to_str().unwrap());
        std::fs::rename(&marked.path, marked.path.with_file_name(name)).unwrap();
        post.round().await;
        post.act("message.move_to", "d", json!({"mailbox_id": projects})).await;
        post.replay().await.unwrap();
        let left: Vec<String> = post.on_server("INBOX").into_iter().map(|(id, _)| id).collect();
        if capability.contains("UIDPLUS") {
            assert_eq!(left, ["b", "c"], "{capability}");
        }
        // Another program reads nothing anew and deletes one.
        std::fs::remove_file(&post.server.find_in("anna", "INBOX", "b@x.test")[0].path).unwrap();
        post.round().await;
        assert!(!post.subjects("INBOX").await.contains(&"Subject b".to_owned()), "{capability}");
        assert_eq!(post.subjects("Projects").await.len(), 2, "{capability}");
    }
}
