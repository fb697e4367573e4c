//! What Gmail alone has: see `contract` for what it has in common with others.

use crate::post::letter;
use crate::profile::{Profile, until};
use e2e::Gmail;
use e2e::gmail::{Fault, Options};
use model::submission::SubmissionState;

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_was_refused_for_its_token_waits_for_the_next_one_and_is_not_in_doubt() {
    let server = Gmail::start();
    let profile = Profile::new().await;
    let account = profile.google(&server.url(), &server.email()).await;
    let running = profile.run_outbox(account);
    let first = profile.compose(&server.email(), &["bob@x.test"], "first").await;
    profile.settled(first.id).await;
    // The last thing that the first letter asks of the server comes before this wish.
    let wanted = || profile.engine.store().read(move |r| store::account::sync_wanted(r, account));
    until("all is done for the first letter", || async { wanted().await.unwrap() }).await;
    server.expire();
    server.fault("POST /token", 1, Fault::Cut);
    let letter = profile.compose(&server.email(), &["bob@x.test"], "second").await;
    until("the letter says why it waits", || async { profile.letter(letter.id).await.error.is_some() }).await;
    assert_eq!(profile.letter(letter.id).await.state, SubmissionState::Queued);
    assert_eq!(server.sent().len(), 1);
    profile.clock.advance(3600);
    profile.nudge().await;
    profile.settled(letter.id).await;
    running.stop().await;
    assert_eq!(server.sent().len(), 2);
}

/// An answer by this person to the letter with this Message-ID.
fn answer(message_id: &str) -> Vec<u8> {
    let raw = String::from_utf8(letter("re", "Bob <bob@x.test>", "Re: hello", "yes")).unwrap();
    raw.replacen("Subject:", &format!("In-Reply-To: <{message_id}>\r\nReferences: <{message_id}>\r\nSubject:"), 1)
        .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_finds_its_letter_under_the_message_id_that_gmail_gave_it() {
    // Told after the hand-over, or, where that fails, by the copy in Sent.
    for told in [true, false] {
        let server = Gmail::with(Options { renames: true, ..Options::default() });
        let profile = Profile::new().await;
        let account = profile.google(&server.url(), &server.email()).await;
        let running = profile.run_outbox(account);
        if !told {
            server.fault("format=metadata", 10, Fault::Answer(500, "backendError", 0));
        }
        let sent = profile.compose(&server.email(), &["bob@x.test"], "hello").await;
        profile.settled(sent.id).await;
        if told {
            until("its new name is known", || async { profile.letter(sent.id).await.sent_message_id.is_some() }).await;
        }
        running.stop().await;
        let new = server.mailbox(|mailbox| mailbox.messages.values().next().unwrap().message_id());
        assert!(new.ends_with("@mail.gmail.com") && new != sent.message_id);
        if !told {
            profile.sync(account).await;
        }
        server.put(&answer(&new), &["INBOX", "UNREAD"]);
        profile.sync(account).await;
        assert_eq!(profile.letter(sent.id).await.state, SubmissionState::Replied);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyword_is_refused_before_anything_is_shown() {
    let server = Gmail::start();
    let profile = Profile::new().await;
    let account = profile.google(&server.url(), &server.email()).await;
    server.put(&letter("a", "Ann <ann@x.test>", "Hello", "one"), &["INBOX"]);
    profile.sync(account).await;
    let id = profile.messages(account, "Inbox").await[0];
    let act = serde_json::json!({"selection": {"messages": [id]}, "add": ["Red"]});
    let refused = profile.call::<serde_json::Value>("message.keyword", act).await.unwrap_err();
    assert_eq!(refused.code, model::ErrorCode::Invalid);
    let shown: model::message::Message = profile.call("message.get", serde_json::json!({"id": id})).await.unwrap();
    assert!(shown.keywords.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_that_was_cut_goes_on_where_it_stopped() {
    let server = Gmail::start();
    let ids: Vec<String> = (0..120)
        .map(|n| server.put(&letter(&format!("n{n}"), "Ann <ann@x.test>", &format!("Letter {n}"), "x"), &["INBOX"]))
        .collect();
    let profile = Profile::new().await;
    let account = profile.google(&server.url(), &server.email()).await;
    // The newest come first: it is cut at the eightieth.
    server.fault(&format!("messages/{}?format=raw", ids[40]), 1, Fault::Answer(403, "insufficientPermissions", 0));
    let cut = engine::sync::round(&profile.engine, account, false, &tokio_util::sync::CancellationToken::new()).await;
    assert_eq!(cut.unwrap_err().code, model::ErrorCode::SignIn);
    let here = profile.messages(account, "Inbox").await.len();
    assert!((20..=80).contains(&here), "{here} are here");
    let before = server.given();
    let report = profile.sync(account).await;
    assert_eq!((report.messages, report.new), (120, 120 - here as u32));
    assert_eq!(server.given() - before, 120 - here, "what is here is not asked for again");
    assert_eq!(profile.sync(account).await.new, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_before_the_start_date_stays_on_the_server_until_it_is_wanted() {
    let server = Gmail::start();
    let day = 24 * 3600 * 1000;
    for (n, days) in [(0, 900), (1, 40), (2, 0)] {
        let id = server.put(&letter(&format!("n{n}"), "Ann <ann@x.test>", &format!("Letter {n}"), "x"), &["INBOX"]);
        server.mailbox(|mailbox| {
            let one = mailbox.messages.values_mut().find(|m| m.id == id).unwrap();
            one.date -= days * day;
        });
    }
    let profile = Profile::new().await;
    let account = profile.google(&server.url(), &server.email()).await;
    let since = async |at: Option<i64>| {
        let change = serde_json::json!({"id": account, "since_at": at});
        profile.call::<model::account::Account>("account.update", change).await.unwrap();
        profile.sync(account).await
    };
    let now = profile.now().0;
    assert_eq!(since(Some(now - 7 * day)).await.messages, 1);
    assert_eq!((since(Some(now - 100 * day)).await.messages, server.given()), (2, 2));
    assert_eq!((since(None).await.messages, server.given()), (3, 3));
    // A later date takes nothing away that is here.
    assert_eq!((since(Some(now - 7 * day)).await.messages, server.given()), (3, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_round_does_not_hide_that_a_sign_in_is_needed() {
    use model::account::{Account, SyncPhase};
    let server = Gmail::start();
    let profile = Profile::new().await;
    let account = profile.google(&server.url(), &server.email()).await;
    profile.sync(account).await;
    server.revoke();
    let cancel = tokio_util::sync::CancellationToken::new();
    engine::sync::round(&profile.engine, account, false, &cancel).await.unwrap_err();
    cancel.cancel();
    let stopped = engine::sync::round(&profile.engine, account, false, &cancel).await.unwrap_err();
    assert_eq!(stopped.code, model::ErrorCode::Cancelled);
    let state = profile.call::<Account>("account.get", serde_json::json!({"id": account})).await.unwrap().sync;
    assert_eq!(state.phase, SyncPhase::SignIn);
    assert!(state.error.is_some_and(|error| error.code == model::ErrorCode::SignIn));
}
