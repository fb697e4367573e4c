//! Letters by SMTP: what the server's answers, silences and refusals become in the ledger.

use crate::profile::{Profile, until};
use e2e::server::address;
use e2e::{MailServer, Phase};
use model::submission::SubmissionState as State;
use model::{ErrorCode, SubmissionId};
use serde_json::{Value, json};

async fn anna(server: &MailServer) -> (Profile, model::AccountId, String) {
    let profile = Profile::new().await;
    let account = profile.imap(server, "anna").await;
    (profile, account, address("anna"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_reaches_its_recipients_once_and_sent_holds_one_copy_of_the_same_bytes() {
    let server = MailServer::start();
    let (profile, account, from) = anna(&server).await;
    let letter: model::submission::Submission = profile
        .call(
            "submission.compose",
            json!({"from": from, "to": [address("boris")], "bcc": [address("clara")], "subject": "Привіт", "text": "Світ"}),
        )
        .await
        .unwrap();
    let running = profile.run_outbox(account);
    let done = profile.reaches(letter.id, State::Accepted).await;
    assert!(done.answer.is_some() && done.recipients.iter().all(|r| r.state == State::Accepted));
    // At once in Sent here, soon on the server.
    until("Sent shows it", || async { profile.in_mailbox(account, "Sent").await == ["Привіт"] }).await;
    until("the copy is filed", || async { profile.letter(letter.id).await.filed }).await;
    let id = &letter.message_id;
    assert_eq!((server.copies("boris", id), server.copies("clara", id)), (1, 1));
    let sent = server.find_in("anna", "Sent", id);
    assert_eq!(sent.len(), 1);
    let raw = profile.raw_of(account, "Sent").await;
    let unix = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
    assert_eq!(unix(sent[0].raw()), unix(raw));
    let got = String::from_utf8(server.find_in("clara", "INBOX", id)[0].raw()).unwrap();
    assert!(!got.contains(&address("clara")) || !got.split("\n\n").next().unwrap().contains("Bcc"), "{got}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_recipient_is_shown_and_the_others_have_the_letter() {
    let server = MailServer::start();
    let (profile, account, from) = anna(&server).await;
    let letter = profile.compose(&from, &[&address("boris"), &address("refuse")], "partly").await;
    let alone = profile.compose(&from, &[&address("refuse")], "nobody").await;
    let running = profile.run_outbox(account);
    let done = profile.reaches(letter.id, State::Accepted).await;
    let refused = done.recipients.iter().find(|r| r.email == address("refuse")).unwrap();
    assert_eq!((refused.state, refused.code), (State::Refused, Some(550)));
    assert_eq!(server.copies("boris", &letter.message_id), 1);
    let none = profile.reaches(alone.id, State::Refused).await;
    assert_eq!(none.error.unwrap().code, ErrorCode::Refused);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deferred_recipient_is_tried_again_alone() {
    let server = MailServer::start();
    let (profile, account, from) = anna(&server).await;
    let letter = profile.compose(&from, &[&address("boris"), &address("greylist")], "grey").await;
    let running = profile.run_outbox(account);
    until("one is served, one waits", || async {
        let letter = profile.letter(letter.id).await;
        letter.state == State::Queued && letter.recipients.iter().any(|r| r.state == State::Accepted)
    })
    .await;
    let waits = profile.letter(letter.id).await;
    let pause = waits.retry_at.unwrap().0 - waits.state_at.0;
    assert!((30_000..=36_000).contains(&pause), "{pause}");
    profile.clock.advance(40);
    profile.nudge().await;
    profile.reaches(letter.id, State::Accepted).await;
    let id = &letter.message_id;
    assert_eq!((server.copies("boris", id), server.copies("greylist", id)), (1, 1));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_given_up_after_three_days_with_the_last_reason() {
    let server = MailServer::start();
    let (profile, account, from) = anna(&server).await;
    let letter = profile.compose(&from, &[&address("defer")], "never").await;
    let running = profile.run_outbox(account);
    until("it was tried", || async { profile.letter(letter.id).await.retry_at.is_some() }).await;
    assert_eq!(profile.letter(letter.id).await.state, State::Queued);
    profile.clock.advance(3 * 24 * 3600);
    profile.nudge().await;
    let done = profile.reaches(letter.id, State::Refused).await;
    assert!(done.recipients[0].answer.as_ref().unwrap().contains("451") || done.recipients[0].code == Some(451));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_holds_the_lane_until_somebody_signs_in() {
    let server = MailServer::start();
    let (profile, account, from) = anna(&server).await;
    server.relay().accept_only(&from, "another password");
    let letter = profile.compose(&from, &[&address("boris")], "locked out").await;
    let other = profile.compose(&from, &[&address("clara")], "behind it").await;
    let running = profile.run_outbox(account);
    let says_why = |id: SubmissionId| {
        let profile = &profile;
        async move {
            until("the letter says why it waits", || async {
                profile.letter(id).await.error.is_some_and(|e| e.code == ErrorCode::SignIn)
            })
            .await;
        }
    };
    says_why(letter.id).await;
    says_why(other.id).await;
    assert_eq!(profile.letter(letter.id).await.state, State::Queued);
    let sessions = server.relay().sessions();
    for _ in 0..5 {
        profile.nudge().await;
    }
    assert_eq!(server.relay().sessions(), sessions, "a lane that stands still does not knock");
    server.relay().accept_only(&from, &server.user("anna").password);
    let _: Value = profile.call("submission.resume", json!({"id": account})).await.unwrap();
    profile.reaches(letter.id, State::Accepted).await;
    profile.reaches(other.id, State::Accepted).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_whose_answer_is_lost_is_uncertain_and_never_sent_again_by_itself() {
    let server = MailServer::start();
    let (profile, account, from) = anna(&server).await;
    let delivered = profile.compose(&from, &[&address("silent")], "delivered").await;
    let lost = profile.compose(&from, &[&address("lost")], "lost").await;
    let running = profile.run_outbox(account);
    profile.reaches(delivered.id, State::Uncertain).await;
    profile.reaches(lost.id, State::Uncertain).await;
    for _ in 0..6 {
        profile.clock.advance(12 * 3600);
        profile.nudge().await;
        tokio::task::yield_now().await;
    }
    let error = profile.call::<Value>("submission.retry", json!({"id": lost.id})).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    // The user looked: one arrived, one did not.
    let yes = json!({"id": delivered.id, "sent": true});
    let settled: model::submission::Submission = profile.call("submission.settle", yes).await.unwrap();
    assert_eq!(settled.state, State::Accepted);
    let no = json!({"id": lost.id, "sent": false});
    let settled: model::submission::Submission = profile.call("submission.settle", no).await.unwrap();
    assert_eq!(settled.state, State::Unsent);
    until("the copy is filed", || async { profile.letter(delivered.id).await.filed }).await;
    assert_eq!(server.copies("silent", &delivered.message_id), 1);
    assert_eq!(server.copies("lost", &lost.message_id), 0);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_in_sent_settles_an_uncertain_letter() {
    let server = MailServer::start();
    let (profile, account, from) = anna(&server).await;
    let gate = server.relay().gate(Phase::Delivered);
    let letter = profile.compose(&from, &[&address("silent")], "found").await;
    let running = profile.run_outbox(account);
    tokio::task::block_in_place(|| gate.reached());
    // A provider that files the copy by itself.
    let raw = server.find("silent", &letter.message_id)[0].raw();
    server.put("anna", "Sent", &raw, "S");
    gate.open();
    profile.reaches(letter.id, State::Uncertain).await;
    profile.clock.advance(10);
    profile.nudge().await;
    let done = profile.reaches(letter.id, State::Accepted).await;
    assert!(done.filed);
    assert_eq!(server.find_in("anna", "Sent", &letter.message_id).len(), 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_costs_nothing_but_time() {
    let server = MailServer::start();
    let (profile, account, from) = anna(&server).await;
    let proxy = e2e::FaultProxy::before(server.relay().tls_port());
    let user = server.user("anna");
    let smtp = json!({"host": "localhost", "port": proxy.port(), "tls": "tls", "username": user.email});
    let _: Value = profile.call("account.update", json!({"id": account, "smtp": smtp})).await.unwrap();
    proxy.set(e2e::proxy::Fault::Refuse);
    let letter = profile.compose(&from, &[&address("boris")], "later").await;
    let running = profile.run_outbox(account);
    until("the letter says why it waits", || async {
        profile.letter(letter.id).await.error.is_some_and(|e| e.code.is_transient())
    })
    .await;
    proxy.set(e2e::proxy::Fault::None);
    profile.clock.advance(400);
    profile.nudge().await;
    profile.reaches(letter.id, State::Accepted).await;
    assert_eq!(server.copies("boris", &letter.message_id), 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_a_real_account_lies_once_in_the_servers_drafts() {
    let server = MailServer::start();
    let (profile, account, _) = anna(&server).await;
    let running = profile.run_outbox(account);
    let draft = profile.draft(&address("boris"), "one", "text").await;
    let save = |subject: &str| {
        json!({"id": draft.id, "identity_id": draft.identity_id, "to": draft.to, "cc": [], "bcc": [], "subject": subject,
            "html": null, "text": "text", "quote": false, "closed": true})
    };
    let subjects = || {
        let found: Vec<String> =
            server.messages("anna", "Drafts").iter().map(|m| mail::parse::parse(&m.raw()).subject).collect();
        found
    };
    for subject in ["two", "three"] {
        let _: Value = profile.call("draft.save", save(subject)).await.unwrap();
        until("one copy, the newest", || async { subjects() == [subject] }).await;
    }
    let _: Value =
        profile.call("submission.send", json!({"draft_id": draft.id, "send_at": profile.now()})).await.unwrap();
    until("the copy is gone with the letter", || async { subjects().is_empty() }).await;
    running.stop().await;
}
