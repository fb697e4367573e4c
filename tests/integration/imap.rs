//! IMAP against a real Dovecot: sync, acts, push, faults on the line.
#![allow(clippy::disallowed_methods)] // servers live in the machine's own time

use std::time::{Duration, SystemTime};

use model::account::TlsMode;
use model::mailbox::MailboxRole;
use model::message::Flags;
use model::{ErrorCode, Timestamp};
use remote::Remote;
use remote::contract::{Act, Content, PullScope, Woken};
use remote::imap::ImapRemote;
use tokio_util::sync::CancellationToken;

use crate::memory::{Memory, access, letter};
use e2e::proxy::Fault;
use e2e::{CertificateKind, FaultProxy, MailServer};

fn anna(server: &MailServer) -> ImapRemote {
    ImapRemote::new(access(server, &server.user("anna"), server.ports().imaps, TlsMode::Tls))
}

async fn pull(remote: &ImapRemote, memory: &Memory) {
    remote.pull(memory, &PullScope::default(), &CancellationToken::new()).await.unwrap();
}

fn fill(server: &MailServer, mailbox: &str, count: usize) {
    for number in 0..count {
        let age = Duration::from_secs((count - number) as u64 * 60);
        server.put_at("anna", mailbox, &letter(number), "", SystemTime::now() - age);
    }
}

#[tokio::test]
async fn a_mailbox_is_pulled_newest_first_with_roles_and_unicode_names() {
    let server = MailServer::start();
    fill(&server, "INBOX", 120);
    server.put("anna", "Entw&APw-rfe alt", &letter(500), "S");
    let (remote, memory) = (anna(&server), Memory::default());
    pull(&remote, &memory).await;
    assert_eq!(memory.complete("INBOX"), 120);
    let state = memory.state.lock().unwrap();
    let role = |wanted| state.mailboxes.iter().find(|m| m.role == Some(wanted)).map(|m| m.path.clone());
    assert_eq!(role(MailboxRole::Inbox).as_deref(), Some("INBOX"));
    assert_eq!(role(MailboxRole::Sent).as_deref(), Some("Sent"));
    assert!(state.mailboxes.iter().any(|m| m.path == "Entwürfe alt"));
    let first = &state.batches[0];
    assert_eq!(first.mailbox, "INBOX", "the inbox comes first");
    assert_eq!(first.arrived.len(), 50, "the list is readable before the first body");
    assert!(first.arrived.iter().all(|a| matches!(a.content, Content::Header(_))));
    let subject = |content: &Content| match content {
        Content::Header(raw) => String::from_utf8_lossy(raw).contains("Subject: Letter 119"),
        _ => false,
    };
    assert!(subject(&first.arrived[0].content), "the newest message comes first");
    let last = state.batches.last().unwrap().progress.unwrap();
    assert_eq!((last.done, last.total), (121, 121));
}

#[tokio::test]
async fn a_second_pull_of_an_unchanged_account_writes_nothing() {
    for server in [MailServer::start(), MailServer::poor()] {
        fill(&server, "INBOX", 3);
        let (remote, memory) = (anna(&server), Memory::default());
        pull(&remote, &memory).await;
        let batches = memory.batches();
        pull(&remote, &memory).await;
        assert_eq!(memory.batches(), batches);
    }
}

#[tokio::test]
async fn new_changed_and_deleted_messages_are_noticed_with_and_without_extensions() {
    for server in [MailServer::start(), MailServer::poor()] {
        fill(&server, "INBOX", 5);
        let (remote, memory) = (anna(&server), Memory::default());
        pull(&remote, &memory).await;
        let keys = memory.keys("INBOX");
        server.put("anna", "INBOX", &letter(77), "");
        let anna = server.user("anna").email;
        let uid = |at: usize| keys[at].split_once(':').unwrap().1.to_owned();
        server.doveadm(&["flags", "add", "-u", &anna, "\\Seen \\Flagged", "mailbox", "INBOX", "uid", &uid(0)]);
        server.doveadm(&["expunge", "-u", &anna, "mailbox", "INBOX", "uid", &uid(1)]);
        pull(&remote, &memory).await;
        assert_eq!(memory.complete("INBOX"), 5, "one came, one went");
        assert!(!memory.keys("INBOX").contains(&keys[1]));
        let flags = memory.flags("INBOX", &keys[0]);
        assert!(flags.seen && flags.flagged);
        assert_eq!(memory.fetched(), 6, "nothing is fetched twice");
    }
}

#[tokio::test]
async fn a_renumbered_mailbox_is_adopted_without_fetching_it_again() {
    let server = MailServer::start();
    fill(&server, "INBOX", 30);
    let (remote, memory) = (anna(&server), Memory::default());
    pull(&remote, &memory).await;
    let before = memory.keys("INBOX");
    server.change_uid_validity("anna", "INBOX");
    server.put("anna", "INBOX", &letter(99), "");
    pull(&remote, &memory).await;
    let after = memory.keys("INBOX");
    assert_eq!(after.len(), 31);
    assert!(after.iter().all(|key| !before.contains(key)), "old keys are void");
    assert_eq!(memory.fetched(), 31, "only the new message was fetched");
    let act = Act::Delete { mailbox: "INBOX".into(), keys: vec![before[0].clone()] };
    let error = remote.act(&act, &CancellationToken::new()).await.unwrap_err();
    assert!(error.code.is_transient(), "an act with an old key hits nothing: {error}");
    assert_eq!(server.messages("anna", "INBOX").len(), 31);
}

#[tokio::test]
async fn acts_reach_the_server_and_may_be_repeated() {
    for server in [MailServer::start(), MailServer::poor()] {
        fill(&server, "INBOX", 3);
        let (remote, memory) = (anna(&server), Memory::default());
        pull(&remote, &memory).await;
        let keys = memory.keys("INBOX");
        let cancel = CancellationToken::new();
        let flag = Act::Flag {
            mailbox: "INBOX".into(),
            keys: vec![keys[0].clone()],
            add: Flags { seen: true, forwarded: true, ..Flags::default() },
            remove: Flags::default(),
        };
        let moved = Act::Move { mailbox: "INBOX".into(), keys: vec![keys[1].clone()], to: "Archive".into() };
        let delete = Act::Delete { mailbox: "INBOX".into(), keys: vec![keys[2].clone()] };
        let append = Act::Append {
            mailbox: "Sent".into(),
            raw: letter(9),
            message_id: "letter-9@tabella.test".into(),
            flags: Flags { seen: true, ..Flags::default() },
            received_at: Timestamp(1_767_225_600_000),
        };
        let mut appended = Vec::new();
        for _ in 0..2 {
            for act in [&flag, &moved, &delete] {
                remote.act(act, &cancel).await.unwrap();
            }
            appended.push(remote.act(&append, &cancel).await.unwrap().keys);
        }
        assert_eq!(appended[0].len(), 1, "the new key is told");
        assert_eq!(appended[0], appended[1], "a repeated append stores nothing");
        pull(&remote, &memory).await;
        assert_eq!(memory.keys("INBOX"), [keys[0].clone()]);
        let flags = memory.flags("INBOX", &keys[0]);
        assert!(flags.seen && flags.forwarded);
        assert_eq!(server.find_in("anna", "Archive", "letter-1@tabella.test").len(), 1);
        assert_eq!(memory.complete("Archive"), 1);
        assert_eq!(memory.complete("Sent"), 1);
        let found = remote.find("Sent", "letter-9@tabella.test", &cancel).await.unwrap();
        assert_eq!(found, [appended[0][0].1.clone()]);
        let raw = remote.fetch("Sent", &found[0], &cancel).await.unwrap().unwrap();
        assert_eq!(raw, letter(9));
    }
}

#[tokio::test]
async fn a_move_tells_the_new_keys() {
    let server = MailServer::start();
    fill(&server, "INBOX", 2);
    let (remote, memory) = (anna(&server), Memory::default());
    pull(&remote, &memory).await;
    let keys = memory.keys("INBOX");
    let act = Act::Move { mailbox: "INBOX".into(), keys: keys.clone(), to: "Archive".into() };
    let done = remote.act(&act, &CancellationToken::new()).await.unwrap();
    pull(&remote, &memory).await;
    let mut new: Vec<String> = done.keys.into_iter().map(|(_, new)| new).collect();
    new.sort();
    let mut here = memory.keys("Archive");
    here.sort();
    assert_eq!(new, here);
}

#[tokio::test]
async fn news_wakes_a_wait_at_once_even_when_it_came_between_two_waits() {
    let server = MailServer::start();
    let (remote, memory) = (anna(&server), Memory::default());
    pull(&remote, &memory).await;
    let cancel = CancellationToken::new();
    assert_eq!(remote.wait(1, &cancel).await.unwrap(), Woken::Elapsed);
    server.deliver("anna", &letter(1));
    assert_eq!(remote.wait(60, &cancel).await.unwrap(), Woken::News);
    pull(&remote, &memory).await;
    assert_eq!(memory.complete("INBOX"), 1);
    let stop = cancel.clone();
    let (woken, ()) = tokio::join!(remote.wait(60, &cancel), async { stop.cancel() });
    assert_eq!(woken.unwrap_err().code, ErrorCode::Cancelled);
    remote.close().await;
}

#[tokio::test]
async fn a_server_without_push_is_polled() {
    let server = MailServer::poor();
    let remote = anna(&server);
    assert_eq!(remote.wait(1, &CancellationToken::new()).await.unwrap(), Woken::Elapsed);
}

#[tokio::test]
async fn a_start_date_leaves_older_messages_on_the_server() {
    let server = MailServer::start();
    let day = Duration::from_hours(24);
    for age in 0..10 {
        server.put_at("anna", "INBOX", &letter(age), "", SystemTime::now() - day * age as u32);
    }
    let (remote, memory) = (anna(&server), Memory::default());
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as i64;
    let since = |days: i64| PullScope {
        since_at: Some(Timestamp(now - days * 86_400_000 - 3_600_000)),
        ..PullScope::default()
    };
    let cancel = CancellationToken::new();
    remote.pull(&memory, &since(3), &cancel).await.unwrap();
    assert_eq!(memory.complete("INBOX"), 4);
    remote.pull(&memory, &since(6), &cancel).await.unwrap();
    assert_eq!(memory.complete("INBOX"), 7, "an earlier start date brings the rest");
    remote.pull(&memory, &since(1), &cancel).await.unwrap();
    server.put("anna", "INBOX", &letter(50), "");
    remote.pull(&memory, &since(1), &cancel).await.unwrap();
    assert_eq!(memory.complete("INBOX"), 8, "a later one takes nothing away");
}

#[tokio::test]
async fn a_first_sync_goes_on_where_it_was_cut() {
    let server = MailServer::start();
    let filler = "x".repeat(70).repeat(1000);
    for number in 0..60 {
        let mut raw = letter(number);
        raw.extend(filler.as_bytes().chunks(70).flat_map(|line| [line, b"\r\n"].concat()));
        server.put("anna", "INBOX", &raw, "");
    }
    let proxy = FaultProxy::before(server.ports().imaps);
    let remote = ImapRemote::new(access(&server, &server.user("anna"), proxy.port(), TlsMode::Tls));
    let memory = Memory::default();
    let cancel = CancellationToken::new();
    for cut in [1_500_000, 1_000_000] {
        proxy.set(Fault::CutAfterDown(cut));
        let _ = remote.pull(&memory, &PullScope::default(), &cancel).await;
        proxy.set(Fault::None);
    }
    *memory.batches_left.lock().unwrap() = Some(1);
    let error = remote.pull(&memory, &PullScope { full: true, ..PullScope::default() }, &cancel).await;
    *memory.batches_left.lock().unwrap() = None;
    drop(error);
    pull(&remote, &memory).await;
    assert_eq!(memory.complete("INBOX"), 60);
    assert!(memory.fetched() <= 60, "what was committed is not fetched again: {}", memory.fetched());
}

#[tokio::test]
async fn a_large_message_comes_in_pieces_byte_for_byte() {
    let server = MailServer::start();
    let mut raw = letter(1);
    for line in 0..90_000_u32 {
        raw.extend(format!("{line:070}\r\n").bytes());
    }
    server.put("anna", "INBOX", &raw, "");
    let (remote, memory) = (anna(&server), Memory::default());
    pull(&remote, &memory).await;
    let key = memory.keys("INBOX").remove(0);
    assert!(memory.raw("INBOX", &key) == raw, "6 MB arrive as they are");
}

#[tokio::test]
async fn starttls_and_implicit_tls_both_work_and_plain_text_is_never_fallen_back_to() {
    let server = MailServer::start();
    let user = server.user("anna");
    let cancel = CancellationToken::new();
    for (port, tls) in [(server.ports().imap, TlsMode::StartTls), (server.ports().imap, TlsMode::None)] {
        let remote = ImapRemote::new(access(&server, &user, port, tls));
        assert!(remote.find("INBOX", "x@y", &cancel).await.unwrap().is_empty());
    }
    let remote = ImapRemote::new(access(&server, &user, server.ports().imap, TlsMode::Tls));
    let error = remote.find("INBOX", "x@y", &cancel).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NoTls, "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_told_from_everything_else() {
    let server = MailServer::start();
    let mut user = server.user("anna");
    user.password = "wrong".into();
    let remote = ImapRemote::new(access(&server, &user, server.ports().imaps, TlsMode::Tls));
    let error = remote.find("INBOX", "x@y", &CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::SignIn);
    assert!(!format!("{error:?}").contains("wrong"), "no password in an error");
}

#[tokio::test]
async fn a_password_with_umlauts_and_quotes_signs_in() {
    let server = MailServer::start();
    for password in ["pä\u{df}wört \u{2713}", "with \"quotes\" and \\ slash"] {
        server.set_password("boris", password);
        let mut user = server.user("boris");
        user.password = password.into();
        let remote = ImapRemote::new(access(&server, &user, server.ports().imaps, TlsMode::Tls));
        remote.find("INBOX", "x@y", &CancellationToken::new()).await.unwrap();
    }
}

#[tokio::test]
async fn a_bad_certificate_is_explained_in_plain_words() {
    for (kind, words) in [
        (CertificateKind::Expired, "has expired"),
        (CertificateKind::WrongHost, "it is for elsewhere.test"),
        (CertificateKind::SelfSigned, "does not know"),
    ] {
        let server = MailServer::with_certificate(kind);
        let error = anna(&server).find("INBOX", "x@y", &CancellationToken::new()).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Certificate, "{kind:?}: {error}");
        assert!(error.message.contains(words), "{kind:?}: {error}");
    }
    let server = MailServer::start();
    let mut unknown = access(&server, &server.user("anna"), server.ports().imaps, TlsMode::Tls);
    unknown.ca_pem = None;
    let error = ImapRemote::new(unknown).find("INBOX", "x@y", &CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Certificate);
}

#[tokio::test]
async fn a_full_mailbox_is_told_as_quota() {
    let server = MailServer::start();
    server.set_quota_bytes("anna", 300);
    let mut raw = letter(1);
    raw.extend(b"x".repeat(2000));
    let act = Act::Append {
        mailbox: "Sent".into(),
        raw,
        message_id: "letter-1@tabella.test".into(),
        flags: Flags::default(),
        received_at: Timestamp(0),
    };
    let error = anna(&server).act(&act, &CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Quota, "{error}");
}

#[tokio::test]
async fn a_silent_server_is_left_within_a_second_of_cancelling() {
    let server = MailServer::start();
    fill(&server, "INBOX", 3);
    let proxy = FaultProxy::before(server.ports().imaps);
    let remote = ImapRemote::new(access(&server, &server.user("anna"), proxy.port(), TlsMode::Tls));
    let memory = Memory::default();
    pull(&remote, &memory).await;
    proxy.set(Fault::BlackHole);
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let started = std::time::Instant::now();
    let scope = PullScope::default();
    let (done, ()) = tokio::join!(remote.pull(&memory, &scope, &cancel), async move {
        tokio::task::yield_now().await;
        stop.cancel();
    });
    assert_eq!(done.unwrap_err().code, ErrorCode::Cancelled);
    assert!(started.elapsed() < Duration::from_secs(1));
    proxy.set(Fault::None);
    pull(&remote, &memory).await;
}

#[tokio::test]
async fn a_server_that_was_stopped_is_offline_and_found_again() {
    let server = MailServer::start();
    fill(&server, "INBOX", 2);
    let (remote, memory) = (anna(&server), Memory::default());
    pull(&remote, &memory).await;
    server.kill();
    let cancel = CancellationToken::new();
    let error = remote.pull(&memory, &PullScope::default(), &cancel).await.unwrap_err();
    assert!(error.code.is_transient(), "{error}");
    server.start_again();
    server.put("anna", "INBOX", &letter(8), "");
    pull(&remote, &memory).await;
    assert_eq!(memory.complete("INBOX"), 3);
}

#[tokio::test]
async fn a_probe_tells_what_works() {
    let server = MailServer::start();
    let user = server.user("anna");
    let imap = access(&server, &user, server.ports().imaps, TlsMode::Tls);
    let smtp = access(&server, &user, server.ports().submissions, TlsMode::Tls);
    let cancel = CancellationToken::new();
    let report = remote::probe(Some(&imap), Some(&smtp), &model::SystemClock, &cancel).await;
    assert!(report.steps.iter().all(|step| step.ok), "{report:?}");
    assert!(report.push && report.mailboxes >= 6 && report.quota.is_some());
    let mut wrong = imap.clone();
    wrong.sign_in = remote::SignIn::Password(remote::Secret::new("wrong"));
    let report = remote::probe(Some(&wrong), None, &model::SystemClock, &cancel).await;
    let last = report.steps.last().unwrap();
    assert_eq!(last.kind, model::account::ProbeStepKind::ImapLogin);
    assert_eq!(last.error.as_ref().unwrap().code, ErrorCode::SignIn);
}
