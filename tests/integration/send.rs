//! Letters out: from the draft to the server's answer, along every edge of the ledger.

use crate::profile::{Profile, until};
use model::submission::{Submission, SubmissionState};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_of_the_sandbox_arrives_in_its_own_inbox_and_nowhere_else() {
    let profile = Profile::new().await;
    let account = profile.sandbox("me@sandbox.test").await;
    let letter: Submission = profile
        .call(
            "submission.compose",
            json!({"from": "me@sandbox.test", "to": ["Ann Lee <ann@example.org>"], "bcc": ["boss@example.org"],
                   "subject": "Hello\r\nBcc: evil@example.org", "text": "Hi Ann"}),
        )
        .await
        .unwrap();
    assert_eq!(letter.state, SubmissionState::Queued);
    assert!(letter.message_id.ends_with("@sandbox.test"), "{}", letter.message_id);
    assert_eq!(letter.subject, "Hello Bcc: evil@example.org");
    let running = profile.run_outbox(account);
    let letter = profile.settled(letter.id).await;
    assert_eq!(letter.state, SubmissionState::Accepted);
    assert_eq!(letter.recipients.len(), 2);
    assert!(letter.recipients.iter().all(|r| r.state == SubmissionState::Accepted));
    assert!(letter.filed);
    assert_eq!(profile.in_mailbox(account, "Inbox").await, ["Hello Bcc: evil@example.org"]);
    assert_eq!(profile.in_mailbox(account, "Sent").await, ["Hello Bcc: evil@example.org"]);
    let raw = profile.raw_of(account, "Inbox").await;
    let raw = String::from_utf8(raw).unwrap();
    assert!(!raw.to_lowercase().contains("\nbcc:"), "{raw}");
    assert!(!raw.contains("boss@example.org"), "{raw}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_can_be_taken_back_while_the_undo_time_runs_and_its_draft_comes_back() {
    let profile = Profile::new().await;
    let account = profile.sandbox("me@sandbox.test").await;
    let running = profile.run_outbox(account);
    let draft = profile.draft("ann@example.org", "Wait", "I changed my mind").await;
    let letter: Submission = profile.call("submission.send", json!({"draft_id": draft.id})).await.unwrap();
    assert!((9_000..=10_000).contains(&(letter.send_at.0 - letter.created_at.0)));
    assert!(profile.call::<serde_json::Value>("draft.get", json!({"id": draft.id})).await.is_err());
    let back: model::submission::Cancelled = profile.call("submission.cancel", json!({"id": letter.id})).await.unwrap();
    assert_eq!(back.draft_id, Some(draft.id));
    let again: model::draft::Draft = profile.call("draft.get", json!({"id": draft.id})).await.unwrap();
    assert_eq!(again.text, draft.text);
    profile.clock.advance(60);
    // Another letter goes out; the cancelled one does not.
    let other: Submission = profile
        .call(
            "submission.compose",
            json!({"from": "me@sandbox.test", "to": ["b@example.org"], "subject": "two", "text": "x"}),
        )
        .await
        .unwrap();
    profile.settled(other.id).await;
    assert_eq!(profile.in_mailbox(account, "Inbox").await, ["two"]);
    assert_eq!(profile.letter(letter.id).await.state, SubmissionState::Cancelled);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_waits_for_its_time_and_can_be_sent_earlier() {
    let profile = Profile::new().await;
    let account = profile.sandbox("me@sandbox.test").await;
    let running = profile.run_outbox(account);
    let at = profile.now().plus_seconds(3600);
    let compose = |subject: &str| json!({"from": "me@sandbox.test", "to": ["a@example.org"], "subject": subject, "text": "x", "send_at": at});
    let early: Submission = profile.call("submission.compose", compose("early")).await.unwrap();
    let later: Submission = profile.call("submission.compose", compose("later")).await.unwrap();
    let _: Submission = profile.call("submission.retry", json!({"id": early.id})).await.unwrap();
    profile.settled(early.id).await;
    assert_eq!(profile.letter(later.id).await.state, SubmissionState::Queued);
    profile.clock.advance(3601);
    profile.nudge().await;
    profile.settled(later.id).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_missed_its_time_by_more_than_a_day_is_held_and_says_why() {
    let profile = Profile::new().await;
    let account = profile.sandbox("me@sandbox.test").await;
    let now = profile.now();
    let mut ids = Vec::new();
    for (subject, hours) in [("little", 1), ("much", 25)] {
        let letter: Submission = profile
            .call(
                "submission.compose",
                json!({"from": "me@sandbox.test", "to": ["a@example.org"], "subject": subject,
                "text": "x", "send_at": now.plus_seconds((48 - hours) * 3600)}),
            )
            .await
            .unwrap();
        ids.push(letter.id);
    }
    profile.clock.advance(48 * 3600);
    let running = profile.run_outbox(account);
    profile.settled(ids[0]).await;
    let held = profile.letter(ids[1]).await;
    assert_eq!(held.state, SubmissionState::Frozen);
    assert!(held.error.unwrap().message.contains("more than a day"));
    let _: Submission = profile.call("submission.retry", json!({"id": ids[1]})).await.unwrap();
    profile.settled(ids[1]).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_lane_sends_nothing_and_goes_on_where_it_stood() {
    let profile = Profile::new().await;
    let account = profile.sandbox("me@sandbox.test").await;
    let running = profile.run_outbox(account);
    let _: serde_json::Value = profile.call("submission.pause", json!({"id": account})).await.unwrap();
    let letter: Submission = profile
        .call(
            "submission.compose",
            json!({"from": "me@sandbox.test", "to": ["a@example.org"], "subject": "s", "text": "x"}),
        )
        .await
        .unwrap();
    let page: model::submission::SubmissionPage = profile.call("submission.list", json!({"open": true})).await.unwrap();
    assert_eq!((page.open, page.paused.as_slice()), (1, [account].as_slice()));
    profile.clock.advance(3 * 24 * 3600);
    profile.nudge().await;
    assert_eq!(profile.letter(letter.id).await.state, SubmissionState::Queued);
    let _: serde_json::Value = profile.call("submission.resume", json!({})).await.unwrap();
    profile.settled(letter.id).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_profile_holds_its_queue_and_asks() {
    let profile = Profile::new().await;
    let account = profile.sandbox("me@sandbox.test").await;
    let compose =
        |subject: &str| json!({"from": "me@sandbox.test", "to": ["a@example.org"], "subject": subject, "text": "x"});
    let first: Submission = profile.call("submission.compose", compose("first")).await.unwrap();
    let running = profile.run_outbox(account);
    profile.settled(first.id).await;
    running.stop().await;
    let second: Submission = profile.call("submission.compose", compose("second")).await.unwrap();
    // The backup says "queued" of a letter that is sent after it was made.
    let backup = profile.backup();
    let running = profile.run_outbox(account);
    profile.settled(second.id).await;
    running.stop().await;
    let profile = profile.restore(&backup).await;
    let running = profile.run_outbox(account);
    until("the queue is held", || async { profile.letter(second.id).await.state == SubmissionState::Frozen }).await;
    let held = profile.letter(second.id).await;
    assert!(held.error.unwrap().message.contains("restored"));
    running.stop().await;
    // Asked once, the ledger is this machine's again.
    let third: Submission = profile.call("submission.compose", compose("third")).await.unwrap();
    let running = profile.run_outbox(account);
    profile.settled(third.id).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsendable_letter_is_refused_before_it_is_frozen() {
    let profile = Profile::new().await;
    profile.sandbox("me@sandbox.test").await;
    for (to, code) in [(json!([]), "invalid"), (json!(["not an address"]), "invalid")] {
        let error = profile
            .call::<Submission>(
                "submission.compose",
                json!({"from": "me@sandbox.test", "to": to, "subject": "s", "text": "x"}),
            )
            .await
            .unwrap_err();
        assert_eq!(error.code.as_str(), code);
    }
    let error = profile
        .call::<Submission>(
            "submission.compose",
            json!({"from": "nobody@x.org", "to": ["a@x.org"], "subject": "s", "text": "x"}),
        )
        .await
        .unwrap_err();
    assert_eq!(error.code.as_str(), "not_found");
}
