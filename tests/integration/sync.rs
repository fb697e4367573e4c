//! Mail in: from Dovecot to the lists, whatever happens on the way.

use crate::post::{Post, letter};
use crate::profile::until;
use e2e::proxy::Fault;
use e2e::{FaultProxy, MailServer};
use model::account::{SyncLogEntry, SyncPhase};
use model::{ErrorCode, Noun};
use serde_json::json;
use std::time::Duration;
use store::db::Read as _;
use tokio_util::sync::CancellationToken;

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_fills_is_read_and_stays_in_step() {
    let post = Post::new().await;
    post.server.put("anna", "INBOX", &letter("a", "Ann <ann@x.test>", "Hello", "one"), "");
    post.server.put("anna", "INBOX", &letter("b", "Bob <bob@x.test>", "World", "two"), "SF");
    post.server.put("anna", "Projects/2026", &letter("c", "Cy <cy@x.test>", "Plan", "three"), "S");
    let report = post.round().await;
    assert_eq!((report.new, report.messages), (3, 3));
    let state = post.state().await;
    assert_eq!((state.phase, state.error), (SyncPhase::UpToDate, None));
    let inbox = post.mailbox("INBOX").await;
    assert_eq!((inbox.messages, inbox.unread, inbox.on_server), (2, 1, Some(2)));
    assert_eq!(post.subjects("Projects/2026").await, ["Plan"]);
    let body: model::message::MessageBody =
        post.profile.call("message.body", json!({"id": post.id("a").await})).await.unwrap();
    assert_eq!(body.text.trim(), "one");
    assert!(body.headers.contains("Message-ID: <a@x.test>"));
    // Nothing new: nothing done.
    let again = post.round().await;
    assert_eq!((again.new, again.changed, again.removed), (0, 0, 0));
    // Another program reads one and deletes the other.
    let message = post.server.find_in("anna", "INBOX", "a@x.test").remove(0);
    let read = message.path.with_file_name(format!("{}S", message.path.file_name().unwrap().to_str().unwrap()));
    std::fs::rename(&message.path, &read).unwrap();
    std::fs::remove_file(&post.server.find_in("anna", "INBOX", "b@x.test")[0].path).unwrap();
    let report = post.round().await;
    assert_eq!((report.new, report.changed, report.removed), (0, 1, 1));
    let inbox = post.mailbox("INBOX").await;
    assert_eq!((inbox.messages, inbox.unread), (1, 0));
    let log: Vec<SyncLogEntry> = post.profile.call("account.log", json!({"id": post.account})).await.unwrap();
    assert!(log.len() >= 2 && log.iter().all(|l| l.ended_at.is_some() && l.error.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_moved_by_another_program_keeps_its_row_and_is_not_fetched_again() {
    let post = Post::new().await;
    post.server.make_mailbox("anna", "Projects");
    let path = post.server.put("anna", "INBOX", &letter("a", "Ann <ann@x.test>", "Hello", &"x".repeat(50_000)), "S");
    post.round().await;
    let before = post.id("a").await;
    post.server.doveadm(&["move", "-u", "anna@tabella.test", "Projects", "mailbox", "INBOX", "all"]);
    assert!(!path.exists());
    let report = post.round().await;
    assert_eq!(report.messages, 1);
    assert_eq!(post.subjects("Projects").await, ["Hello"]);
    assert!(post.subjects("INBOX").await.is_empty());
    assert_eq!(post.id("a").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_uidvalidity_keeps_every_row() {
    let post = Post::new().await;
    for n in 0..30 {
        post.server.put("anna", "INBOX", &letter(&format!("m{n}"), "Ann <ann@x.test>", &format!("S{n}"), "x"), "S");
    }
    post.round().await;
    let before = post.id("m7").await;
    post.server.change_uid_validity("anna", "INBOX");
    let report = post.round().await;
    assert_eq!((report.new, report.messages), (0, 30));
    assert_eq!(post.id("m7").await, before);
    let again = post.round().await;
    assert_eq!((again.new, again.changed, again.removed), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn push_brings_a_new_letter_by_itself_and_it_is_announced_once() {
    let post = Post::new().await;
    post.server.put("anna", "INBOX", &letter("old", "Ann <ann@x.test>", "Old", "x"), "");
    let mut changes = post.profile.engine.changes();
    let cancel = CancellationToken::new();
    let worker = tokio::spawn(engine::sync::run_account(post.profile.engine.clone(), post.account, cancel.clone()));
    until("the first round is over", || async { post.state().await.phase == SyncPhase::UpToDate }).await;
    post.server.deliver("anna", &letter("new", "Bob <bob@x.test>", "New", "y"));
    until("the letter is here", || async { post.mailbox("INBOX").await.messages == 2 }).await;
    cancel.cancel();
    worker.await.unwrap();
    let mut arrived = Vec::new();
    while let Ok(batch) = changes.try_recv() {
        arrived.extend(batch.iter().filter(|c| c.arrived && c.noun == Noun::Message).filter_map(|c| c.id.clone()));
    }
    assert_eq!(arrived, [post.id("new").await.to_string()], "a first sync announces nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_that_is_cut_goes_on_where_it_was() {
    let server = MailServer::start();
    for n in 0..400 {
        server.put(
            "anna",
            "INBOX",
            &letter(&format!("m{n}"), "Ann <ann@x.test>", &format!("S{n}"), &"lorem ipsum ".repeat(300)),
            "S",
        );
    }
    let proxy = FaultProxy::before(server.ports().imaps);
    let post = Post::on(server, Some(proxy.port())).await;
    proxy.set(Fault::CutAfterDown(600_000));
    let error = post.try_round().await.unwrap_err();
    assert!(error.code.is_transient(), "{error}");
    let state = post.state().await;
    assert_eq!(state.phase, SyncPhase::Offline);
    assert!(state.error.is_some());
    let first = post.mailbox("INBOX").await.messages;
    proxy.set(Fault::None);
    let report = post.round().await;
    assert_eq!(report.messages, 400);
    assert_eq!(report.new + first, 400, "nothing is fetched twice");
    assert_eq!(post.state().await.error, None);
    assert_eq!(post.full_round().await.new, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_server_is_offline_and_comes_back_by_itself() {
    let post = Post::new().await;
    post.server.put("anna", "INBOX", &letter("a", "Ann <ann@x.test>", "Hello", "x"), "");
    let cancel = CancellationToken::new();
    let worker = tokio::spawn(engine::sync::run_account(post.profile.engine.clone(), post.account, cancel.clone()));
    until("the first round is over", || async { post.state().await.phase == SyncPhase::UpToDate }).await;
    post.server.kill();
    until("the account is offline", || async { post.state().await.phase == SyncPhase::Offline }).await;
    assert_eq!(post.subjects("INBOX").await, ["Hello"], "what is here stays readable");
    post.server.put("anna", "INBOX", &letter("b", "Bob <bob@x.test>", "Back", "x"), "");
    post.server.start_again();
    // Somebody asks, as the window does when the network is back, and again while it is not.
    let account = post.account;
    until("the letter is here", || async {
        if post.state().await.error.is_some() {
            post.profile.engine.store().write(move |w| store::account::want_sync(w, account, false)).await.unwrap();
        }
        post.mailbox("INBOX").await.messages == 2
    })
    .await;
    until("the account is in step", || async { post.state().await.phase == SyncPhase::UpToDate }).await;
    cancel.cancel();
    worker.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_with_a_wrong_password_is_not_added() {
    let (server, profile) = (e2e::MailServer::start(), crate::profile::Profile::new().await);
    let user = server.user("clara");
    let at = |port: u16| json!({"host": "localhost", "port": port, "tls": "tls", "username": user.email});
    let mut account = json!({
        "email": user.email, "password": "not hers", "ca_pem": std::fs::read_to_string(server.ca_file()).unwrap(),
        "imap": at(server.ports().imaps), "smtp": at(server.ports().submissions),
    });
    let refused = profile.call::<serde_json::Value>("account.add_imap", account.clone()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SignIn);
    let accounts: Vec<model::account::Account> = profile.call("account.list", json!({})).await.unwrap();
    assert!(accounts.is_empty(), "{accounts:?}");
    account["password"] = user.password.clone().into();
    let _: model::account::Account = profile.call("account.add_imap", account).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_asks_for_sign_in_and_a_new_one_goes_on() {
    let post = Post::new().await;
    post.server.set_password("anna", "another-9Zk");
    let error = post.try_round().await.unwrap_err();
    assert_eq!(error.code, ErrorCode::SignIn);
    assert_eq!(post.state().await.phase, SyncPhase::SignIn);
    let _: model::account::Account =
        post.profile.call("account.reauthorize", json!({"id": post.account, "password": "another-9Zk"})).await.unwrap();
    post.round().await;
    assert_eq!(post.state().await.phase, SyncPhase::UpToDate);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_asked_for_beside_a_working_window_is_run_by_that_window() {
    let post = Post::new().await;
    let cancel = CancellationToken::new();
    let worker = tokio::spawn(engine::sync::run_account(post.profile.engine.clone(), post.account, cancel.clone()));
    until("the first round is over", || async { post.state().await.phase == SyncPhase::UpToDate }).await;
    post.server.put("anna", "Projects", &letter("a", "Ann <ann@x.test>", "Hello", "x"), "");
    // A second program on the same profile, as `tabella sync` is.
    let other = crate::profile::Profile::beside(&post.profile).await;
    let report = tokio::time::timeout(
        Duration::from_secs(20),
        engine::sync::round(&other, post.account, false, &CancellationToken::new()),
    )
    .await
    .expect("the round ends")
    .unwrap();
    assert_eq!((report.new, report.messages), (1, 1));
    cancel.cancel();
    worker.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_and_huge_messages_never_stop_a_mailbox() {
    let post = Post::new().await;
    let nested: Vec<String> =
        (0..200).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n")).collect();
    let deep = nested.concat();
    let hostile: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"\r\n\r\n".to_vec(),
        b"no header at all, just words\r\n".to_vec(),
        format!("Message-ID: <deep@x.test>\r\nSubject: Deep\r\n{deep}").into_bytes(),
        b"Message-ID: <bytes@x.test>\r\nSubject: =?x-nothing?Q?=FF=FE?= \xff\xfe\r\nFrom: \xfc <\xfc@\xfc>\r\n\r\n\x00\x01\xff".to_vec(),
        [b"Message-ID: <long@x.test>\r\nSubject: ".as_slice(), &b"x".repeat(200_000), b"\r\n\r\nbody"].concat(),
        b"Message-ID: <b64@x.test>\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n====!!!!\r\n".to_vec(),
    ];
    for raw in &hostile {
        post.server.put("anna", "INBOX", raw, "");
    }
    post.server.put("anna", "INBOX", &letter("good", "Ann <ann@x.test>", "Good", "fine"), "");
    let big = [
        letter("big", "Ann <ann@x.test>", "Big", ""),
        b"0123456789abcdefghijklmnopqrstuvwxyz\r\n".repeat(50 * 1024 * 1024 / 38),
    ]
    .concat();
    post.server.put("anna", "INBOX", &big, "");
    let report = post.round().await;
    assert_eq!(post.mailbox("INBOX").await.messages + report.unreadable, hostile.len() as u32 + 2);
    assert_eq!(post.search("subject:good").await.total, 1);
    let id = post.id("big").await;
    let hash = post.profile.engine.store().read(move |r| store::message::content(r, id)).await.unwrap().unwrap();
    assert!(post.profile.engine.store().content().get(hash).unwrap() == big, "byte for byte");
    assert_eq!(post.round().await.new, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_line_still_fills_the_mailbox() {
    let server = MailServer::start();
    for n in 0..20 {
        server.put("anna", "INBOX", &letter(&format!("m{n}"), "Ann <ann@x.test>", &format!("S{n}"), "x"), "");
    }
    let proxy = FaultProxy::before(server.ports().imaps);
    let post = Post::on(server, Some(proxy.port())).await;
    proxy.set(Fault::Slow(Duration::from_millis(30)));
    assert_eq!(post.round().await.messages, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_round_ends_at_once_and_the_next_one_goes_on() {
    let server = MailServer::start();
    for n in 0..300 {
        server.put(
            "anna",
            "INBOX",
            &letter(&format!("m{n}"), "Ann <ann@x.test>", &format!("S{n}"), &"lorem ".repeat(2000)),
            "",
        );
    }
    let proxy = FaultProxy::before(server.ports().imaps);
    let post = Post::on(server, Some(proxy.port())).await;
    proxy.set(Fault::Slow(Duration::from_millis(20)));
    let (engine, account) = (post.profile.engine.clone(), post.account);
    let round =
        tokio::spawn(async move { engine::sync::round(&engine, account, false, &CancellationToken::new()).await });
    until("it has begun", || async { proxy.down_bytes() > 20_000 }).await;
    let _: model::setting::Nothing = post.profile.call("account.stop_sync", json!({"id": post.account})).await.unwrap();
    let error = tokio::time::timeout(Duration::from_secs(5), round).await.expect("it ends").unwrap().unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled);
    proxy.set(Fault::None);
    assert_eq!(post.round().await.messages, 300);
}

#[tokio::test(flavor = "multi_thread")]
async fn chosen_messages_are_compared_again_mended_and_cleared_away_with_proof() {
    let post = Post::new().await;
    for name in ["well", "lost", "gone", "other"] {
        post.server.put("anna", "INBOX", &letter(name, "Ann <ann@x.test>", name, &"words ".repeat(400)), "S");
    }
    post.round().await;
    let ids = [post.id("well").await, post.id("lost").await, post.id("gone").await];
    let lost = ids[1].0;
    let forget = move |w: &mut store::WriteTx<'_>| {
        let lost = w.sql().execute("UPDATE message SET content = NULL WHERE id = ?1", [lost]);
        lost.map_err(|error| model::Error::internal(&error))
    };
    assert_eq!(post.profile.engine.store().write(forget).await.unwrap(), 1);
    for name in ["gone", "other"] {
        std::fs::remove_file(&post.server.find_in("anna", "INBOX", &format!("{name}@x.test"))[0].path).unwrap();
    }
    let args = json!({"selection": {"messages": ids}});
    let done: model::message::MailResynced = post.profile.call("message.resync", args.clone()).await.unwrap();
    assert_eq!((done.messages, done.mended, done.gone, done.local), (3, 1, 1, 0));
    // Only what was chosen was compared.
    assert_eq!(post.subjects("INBOX").await.len(), 3);
    let body: model::message::MessageBody = post.profile.call("message.body", json!({"id": ids[1]})).await.unwrap();
    assert!(body.text.starts_with("words words"));
    // What else is new comes with the round that it asked for.
    assert_eq!(post.round().await.removed, 1);
    assert_eq!(post.subjects("INBOX").await.len(), 2);
    let error = post.profile.call::<model::message::MailResynced>("message.resync", args).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    // A server that is not there proves nothing.
    post.server.stop();
    let args = json!({"selection": {"messages": [ids[0]]}});
    let error = post.profile.call::<model::message::MailResynced>("message.resync", args).await.unwrap_err();
    assert!(error.code.is_transient(), "{error}");
    assert_eq!(post.subjects("INBOX").await.len(), 2);
}
