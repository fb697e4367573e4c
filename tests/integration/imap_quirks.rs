//! IMAP against scripted servers: what is legal and rare, and what is neither.

use std::time::Duration;

use model::ErrorCode;
use model::account::TlsMode;
use remote::Remote;
use remote::contract::{Act, PullScope, Woken};
use remote::imap::ImapRemote;
use tokio_util::sync::CancellationToken;

use crate::memory::{Memory, letter, plain_access};
use e2e::{Answer, Script, Scripted};

fn say(text: &str) -> Answer {
    Answer::Say(text.into())
}

/// A server with some messages in its inbox; `bodies` answers for single and joint fetches.
fn with_messages(count: u32) -> Script {
    let lines: Vec<String> = (1..=count)
        .map(|n| {
            format!(
                "* {n} FETCH (UID {n} FLAGS () INTERNALDATE \" 1-Jan-2026 10:00:0{} +0000\" RFC822.SIZE 60)\n",
                n % 10
            )
        })
        .collect();
    let listing = lines.concat();
    Script::imap("IMAP4rev1")
        .first(
            "STATUS",
            say(&format!("* STATUS INBOX (MESSAGES {count} UIDNEXT {} UIDVALIDITY 1)\n{{tag}} OK done", count + 1)),
        )
        .first("SELECT", say(&selected(count, "")))
        .first("1:* (UID FLAGS", say(&format!("{listing}{{tag}} OK done")))
}

fn selected(count: u32, extra: &str) -> String {
    format!(
        "{extra}* {count} EXISTS\n* OK [UIDVALIDITY 1] x\n* OK [UIDNEXT {}] x\n{{tag}} OK [READ-WRITE] done",
        count + 1
    )
}

fn body(uid: u32) -> String {
    let text = format!("Message-ID: <{uid}@x>\n\nBody of {uid}.\n").replace('\n', "\r\n");
    format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\n{})\n", text.len(), text.replace("\r\n", "\n"))
}

fn remote_of(server: &Scripted) -> ImapRemote {
    ImapRemote::new(plain_access(server.port()))
}

async fn pull(remote: &ImapRemote, memory: &Memory) -> model::Result<()> {
    remote.pull(memory, &PullScope::default(), &CancellationToken::new()).await
}

#[tokio::test]
async fn an_untagged_no_and_unknown_data_in_select_are_no_trouble() {
    let extra =
        "* NO [ALERT] quota almost full\n* BAD something\n* PREAUTH what\n* XFUTURE (a (b \"c\"\n* FLAGS (\\Seen)\n";
    let server = with_messages(1)
        .first("SELECT", say(&selected(1, extra)))
        .first("BODY.PEEK[]", say(&format!("* OK still here\n{}* 5 EXISTS\n{{tag}} OK done", body(1))))
        .start();
    let memory = Memory::default();
    pull(&remote_of(&server), &memory).await.unwrap();
    assert_eq!(memory.complete("INBOX"), 1);
}

#[tokio::test]
async fn one_message_the_server_chokes_on_is_set_aside_and_the_others_arrive() {
    let whole: String = [1, 2, 4].map(body).concat();
    let server = with_messages(4)
        .first("UID FETCH 4 ", say(&format!("{}{{tag}} OK done", body(4))))
        .first("UID FETCH 3 ", Answer::Close)
        .first("UID FETCH 1:2 ", say(&format!("{}{}{{tag}} OK done", body(1), body(2))))
        .first("UID FETCH 3:4 ", Answer::Close)
        .first("UID FETCH 1:4 ", Answer::SayAndClose(whole))
        .start();
    let memory = Memory::default();
    pull(&remote_of(&server), &memory).await.unwrap();
    assert_eq!(memory.complete("INBOX"), 3, "{:#?}", server.lines());
    let state = memory.state.lock().unwrap();
    assert_eq!(state.unreadable.len(), 1);
    assert_eq!(state.unreadable[0].1, "1:3");
}

#[tokio::test]
async fn a_message_the_server_refuses_or_garbles_costs_nothing_but_itself() {
    for poison in [
        say("{tag} NO [SERVERBUG] Internal error occurred"),
        say("* 2 FETCH (UID 2 BODY[] \"never closed)\n{tag} OK done"),
        say("{tag} OK done"),
        say("* 2 FETCH (UID 2 BODY[] NIL)\n{tag} OK done"),
        Answer::Bytes(b"* 2 FETCH (UID 2 BODY[] {99999999999}\r\n".to_vec()),
        say("this is not IMAP"),
    ] {
        let server = with_messages(2)
            .first("UID FETCH 2 (UID FLAGS)", say("* 2 FETCH (UID 2 FLAGS ())\n{tag} OK done"))
            .first("UID FETCH 1 (UID BODY", say(&format!("{}{{tag}} OK done", body(1))))
            .first("UID FETCH 2 (UID BODY", poison.clone())
            .first("UID FETCH 1:2 (UID BODY", poison.clone())
            .first(
                "UID FETCH 1:2 (UID FLAGS)",
                say("* 1 FETCH (UID 1 FLAGS ())\n* 2 FETCH (UID 2 FLAGS ())\n{tag} OK done"),
            )
            .start();
        let memory = Memory::default();
        pull(&remote_of(&server), &memory).await.unwrap_or_else(|e| panic!("{poison:?}: {e}"));
        assert_eq!(memory.complete("INBOX"), 1, "{poison:?} {:#?}", server.lines());
        assert_eq!(memory.state.lock().unwrap().unreadable.len(), 1, "{poison:?}");
    }
}

#[tokio::test]
async fn news_before_the_leave_to_idle_neither_hangs_nor_is_lost() {
    let server =
        Script::imap("IMAP4rev1 IDLE").first("IDLE", say("* 1 EXISTS\n+ idling")).first("DONE", Answer::Hang).start();
    let remote = remote_of(&server);
    let woken = tokio::time::timeout(Duration::from_secs(10), remote.wait(1, &CancellationToken::new())).await.unwrap();
    assert!(matches!(woken, Ok(Woken::News | Woken::Elapsed)), "{woken:?}");
    assert!(server.lines().iter().any(|line| line == "DONE"), "the news ended the idling");
}

#[tokio::test]
async fn a_goodbye_in_idle_is_an_error_and_the_next_wait_connects_anew() {
    let server = Script::imap("IMAP4rev1 IDLE")
        .first("IDLE", Answer::SayAndClose("+ idling\n* BYE shutting down".into()))
        .start();
    let remote = remote_of(&server);
    let cancel = CancellationToken::new();
    for _ in 0..2 {
        let error = remote.wait(30, &cancel).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Network, "{error}");
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_throttled_account_is_told_how_long_to_wait() {
    let text = "{tag} BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds";
    let server = with_messages(2).first("BODY.PEEK[]", say(text)).start();
    let error = pull(&remote_of(&server), &Memory::default()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Throttled);
    assert_eq!(error.retry_after_seconds, Some(300));
    let server = Script::imap("IMAP4rev1")
        .first("LOGIN", Answer::SayAndClose("* BYE Too many simultaneous connections".into()))
        .start();
    let error = pull(&remote_of(&server), &Memory::default()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Throttled, "{error}");
}

#[tokio::test]
async fn data_sent_along_with_the_leave_to_start_tls_is_an_attack() {
    let server = Script::imap("IMAP4rev1 STARTTLS").first("STARTTLS", say("{tag} OK go\n* OK injected")).start();
    let mut access = plain_access(server.port());
    access.server.tls = TlsMode::StartTls;
    let error = pull(&ImapRemote::new(access), &Memory::default()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Protocol, "{error}");
    assert!(!server.lines().iter().any(|line| line.contains("LOGIN")), "no password in plain text");
}

#[tokio::test]
async fn without_starttls_no_password_is_sent() {
    for server in [
        Script::imap("IMAP4rev1").first("STARTTLS", say("{tag} NO not here")).start(),
        Script::greeting("* PREAUTH welcome").say("", "{tag} OK").start(),
    ] {
        let mut access = plain_access(server.port());
        access.server.tls = TlsMode::StartTls;
        let error = pull(&ImapRemote::new(access), &Memory::default()).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::NoTls, "{error}");
        assert!(!server.lines().iter().any(|line| line.contains("secret")));
    }
}

#[tokio::test]
async fn a_mailbox_name_can_never_carry_a_second_command() {
    let server = Script::imap("IMAP4rev1").start();
    let remote = remote_of(&server);
    let act = Act::Append {
        mailbox: "INBOX\" {1}\r\nt9 DELETE INBOX".into(),
        raw: letter(1),
        message_id: "1@x".into(),
        flags: model::message::Flags::default(),
        received_at: model::Timestamp(0),
    };
    assert_eq!(remote.act(&act, &CancellationToken::new()).await.unwrap_err().code, ErrorCode::Invalid);
    assert!(!server.lines().iter().any(|line| line.contains("DELETE")));
}

#[tokio::test]
async fn an_append_waits_for_leave_and_tells_why_it_was_refused() {
    let append = |server: Scripted| async move {
        let act = Act::Append {
            mailbox: "INBOX".into(),
            raw: letter(1),
            message_id: "1@x".into(),
            flags: model::message::Flags::default(),
            received_at: model::Timestamp(0),
        };
        remote_of(&server).act(&act, &CancellationToken::new()).await
    };
    let refusing = Script::imap("IMAP4rev1").first("APPEND", say("* 3 EXISTS\n{tag} NO [OVERQUOTA] full")).start();
    assert_eq!(append(refusing).await.unwrap_err().code, ErrorCode::Quota);
    let taking =
        Script::imap("IMAP4rev1 UIDPLUS").first("APPEND", say("* 3 EXISTS\n{tag} OK [APPENDUID 1 17] done")).start();
    assert_eq!(append(taking).await.unwrap().keys, [(String::new(), "1:17".to_owned())]);
}

#[tokio::test]
async fn a_server_that_is_no_imap_server_is_told_so() {
    for greeting in ["220 smtp.example.org ESMTP", "HTTP/1.1 400 Bad Request", "* BYE busy"] {
        let server = Script::greeting(greeting).say("", "what").start();
        let error = pull(&remote_of(&server), &Memory::default()).await.unwrap_err();
        assert!(matches!(error.code, ErrorCode::Protocol | ErrorCode::Network), "{greeting}: {error}");
    }
}

#[tokio::test]
async fn a_listing_with_a_hole_deletes_nothing() {
    let server = with_messages(2).first("BODY.PEEK[]", say(&format!("{}{}{{tag}} OK done", body(1), body(2)))).start();
    let memory = Memory::default();
    pull(&remote_of(&server), &memory).await.unwrap();
    assert_eq!(memory.complete("INBOX"), 2);
    drop(server);
    let holed = with_messages(2)
        .first("STATUS", say("* STATUS INBOX (MESSAGES 1 UIDNEXT 3 UIDVALIDITY 1)\n{tag} OK done"))
        .first("1:* (UID FLAGS", say("* 1 FETCH (UID 1 FLAGS (\n* 2 FETCH (UID 2 FLAGS ())\n{tag} OK done"))
        .start();
    let error = pull(&remote_of(&holed), &memory).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Protocol);
    assert_eq!(memory.complete("INBOX"), 2);
}

#[tokio::test]
async fn a_mailbox_the_server_does_not_open_is_named_and_stops_no_other() {
    let server = with_messages(1)
        .first("BODY.PEEK[]", say(&format!("{}{{tag}} OK done", body(1))))
        .first("Shared", say("{tag} NO [NOPERM] not for you"))
        .first(
            "LIST",
            say("* LIST (\\HasNoChildren) \"/\" INBOX\n* LIST (\\HasNoChildren) \"/\" Shared\n{tag} OK done"),
        )
        .start();
    let memory = Memory::default();
    pull(&remote_of(&server), &memory).await.unwrap();
    assert_eq!(memory.complete("INBOX"), 1);
    let state = memory.state.lock().unwrap();
    assert_eq!(state.left.len(), 1, "{:?}", server.lines());
    assert_eq!((state.left[0].0.as_str(), state.left[0].1.code), ("Shared", ErrorCode::Refused));
}
