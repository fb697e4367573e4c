//! Drafts: begun, kept, checked, continued, copied to the Drafts mailbox.

use crate::profile::{Profile, until};
use model::draft::{Draft, DraftWarning};
use model::submission::Submission;
use serde_json::{Value, json};

fn save(draft: &Draft, more: Value) -> Value {
    let mut args = json!({"id": draft.id, "identity_id": draft.identity_id, "to": draft.to, "cc": draft.cc, "bcc": draft.bcc,
        "subject": draft.subject, "html": draft.html, "text": draft.text, "quote": draft.quote});
    for (key, value) in more.as_object().unwrap() {
        args[key] = value.clone();
    }
    args
}

const ORIGINAL: &str = "Message-ID: <orig@example.org>\r\nReferences: <root@example.org>\r\nFrom: Ann Lee <ann@example.org>\r\n\
    To: me@sandbox.test, Bob <bob@example.org>\r\nCc: cid@example.org\r\nSubject: Offer\r\n\
    Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Our <b>offer</b> \u{20ac} 5</p><script>alert(1)</script>\r\n\
    --b\r\nContent-Type: application/pdf; name=offer.pdf\r\nContent-Disposition: attachment; filename=offer.pdf\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n--b--\r\n";

async fn with_original() -> (Profile, model::AccountId, model::MessageId) {
    let profile = Profile::new().await;
    let account = profile.sandbox("me@sandbox.test").await;
    let id = profile.deliver(account, "Inbox", ORIGINAL.as_bytes()).await;
    (profile, account, id)
}

async fn flags(profile: &Profile, id: model::MessageId) -> model::message::Flags {
    let message: model::message::Message = profile.call("message.get", json!({"id": id})).await.unwrap();
    message.flags
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_all_takes_recipients_subject_references_and_the_quote_of_its_original() {
    let (profile, account, original) = with_original().await;
    let draft: Draft = profile.call("draft.create", json!({"kind": "reply_all", "original": original})).await.unwrap();
    assert_eq!(draft.subject, "Re: Offer");
    assert_eq!(draft.to.iter().map(|a| a.email.as_str()).collect::<Vec<_>>(), ["ann@example.org", "bob@example.org"]);
    assert_eq!(draft.cc[0].email, "cid@example.org");
    assert!(draft.quote && draft.attachments.is_empty());
    let _: Draft = profile.call("draft.save", save(&draft, json!({"html": "<p>Agreed.</p>"}))).await.unwrap();
    let letter: Submission =
        profile.call("submission.send", json!({"draft_id": draft.id, "send_at": profile.now()})).await.unwrap();
    let running = profile.run_outbox(account);
    profile.settled(letter.id).await;
    let raw = profile.raw_of(account, "Sent").await;
    let sent = mail::parse::parse(&raw);
    assert_eq!(sent.in_reply_to, ["orig@example.org"]);
    assert_eq!(sent.references, ["root@example.org", "orig@example.org"]);
    let html = sent.html.unwrap();
    assert!(html.contains("Agreed.") && html.contains("<b>offer</b>") && html.contains("blockquote"), "{html}");
    assert!(!html.contains("script"), "{html}");
    let text = sent.text.unwrap();
    assert!(text.contains("\n> Our"), "{text}");
    until("the original is marked as answered", || async { flags(&profile, original).await.answered }).await;
    // The draft is gone with the letter.
    let drafts: Vec<Draft> = profile.call("draft.list", json!({})).await.unwrap();
    assert!(drafts.is_empty());
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forward_carries_the_files_of_its_original_and_its_header() {
    let (profile, account, original) = with_original().await;
    let draft: Draft = profile.call("draft.create", json!({"kind": "forward", "original": original})).await.unwrap();
    assert_eq!((draft.subject.as_str(), draft.attachments[0].filename.as_str()), ("Fwd: Offer", "offer.pdf"));
    let _: Draft = profile
        .call("draft.save", save(&draft, json!({"to": [{"name": "", "email": "eve@example.org"}]})))
        .await
        .unwrap();
    let letter: Submission =
        profile.call("submission.send", json!({"draft_id": draft.id, "send_at": profile.now()})).await.unwrap();
    let running = profile.run_outbox(account);
    profile.settled(letter.id).await;
    let raw = profile.raw_of(account, "Sent").await;
    let sent = mail::parse::parse(&raw);
    assert!(sent.in_reply_to.is_empty());
    until("the original is marked as forwarded", || async { flags(&profile, original).await.forwarded }).await;
    let html = sent.html.unwrap();
    assert!(html.contains("Ann Lee") && html.contains("<b>offer</b>"), "{html}");
    let file = sent.attachments.iter().find(|a| !a.inline).unwrap();
    assert_eq!(mail::parse::part(&raw, file.part).unwrap().2, b"%PDF-1.4\n");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn warnings_say_what_a_careful_reader_would() {
    let profile = Profile::new().await;
    profile.sandbox("me@sandbox.test").await;
    let draft: Draft = profile.call("draft.create", json!({"kind": "new"})).await.unwrap();
    let warnings: Vec<DraftWarning> = profile.call("draft.check", json!({"id": draft.id})).await.unwrap();
    assert_eq!(warnings, [DraftWarning::NoRecipient, DraftWarning::EmptySubject]);
    let many: Vec<Value> = (0..15).map(|n| json!({"name": "", "email": format!("p{n}@example.org")})).collect();
    let html = "<p>Die Rechnung ist im Anhang.</p>";
    let _: Draft = profile
        .call(
            "draft.save",
            save(
                &draft,
                json!({"to": many, "cc": [{"name": "", "email": "no address"}], "subject": "s", "html": html}),
            ),
        )
        .await
        .unwrap();
    let warnings: Vec<DraftWarning> = profile.call("draft.check", json!({"id": draft.id})).await.unwrap();
    assert_eq!(
        warnings,
        [
            DraftWarning::BadAddress { address: "no address".into() },
            DraftWarning::MissingAttachment { word: "Anhang".into() },
            DraftWarning::ManyVisible { count: 16 }
        ]
    );
    let error = profile.call::<Submission>("submission.send", json!({"draft_id": draft.id})).await.unwrap_err();
    assert_eq!(error.code, model::ErrorCode::Invalid);
    assert!(profile.call::<Draft>("draft.get", json!({"id": draft.id})).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inline_image_is_sent_with_its_content_id_and_only_while_it_is_shown() {
    let profile = Profile::new().await;
    let account = profile.sandbox("me@sandbox.test").await;
    let draft = profile.draft("ann@example.org", "Picture", "").await;
    let attach = json!({"id": draft.id, "inline": true, "bytes": {"filename": "dot.png", "mime": "image/png", "base64": "iVBORw0KGgo="}});
    let draft: Draft = profile.call("draft.attach", attach.clone()).await.unwrap();
    let draft: Draft = {
        let _ = draft;
        profile.call("draft.attach", attach).await.unwrap()
    };
    let first = draft.attachments[0].content_id.clone().unwrap();
    let html = format!("<p>see <img src=\"cid:{first}\"></p>");
    let _: Draft = profile.call("draft.save", save(&draft, json!({"html": html}))).await.unwrap();
    let letter: Submission =
        profile.call("submission.send", json!({"draft_id": draft.id, "send_at": profile.now()})).await.unwrap();
    let running = profile.run_outbox(account);
    profile.settled(letter.id).await;
    let raw = profile.raw_of(account, "Sent").await;
    let parts: Vec<_> = mail::parse::parse(&raw).attachments;
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].content_id.as_deref(), Some(first.as_str()));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_lies_in_the_drafts_mailbox_once_and_goes_when_it_is_discarded() {
    let profile = Profile::new().await;
    let account = profile.sandbox("me@sandbox.test").await;
    let running = profile.run_outbox(account);
    let draft = profile.draft("ann@example.org", "first", "").await;
    let draft: Draft =
        profile.call("draft.save", save(&draft, json!({"subject": "second", "closed": true}))).await.unwrap();
    until("a copy is stored", || async { profile.in_mailbox(account, "Drafts").await == ["second"] }).await;
    let draft: Draft = profile.call("draft.save", save(&draft, json!({"subject": "third"}))).await.unwrap();
    assert_eq!(profile.in_mailbox(account, "Drafts").await, ["second"], "a copy waits for a rest in writing");
    profile.clock.advance(31);
    profile.nudge().await;
    until("the copy is replaced", || async { profile.in_mailbox(account, "Drafts").await == ["third"] }).await;
    // Opening the copy continues the same draft.
    let copy = profile.messages(account, "Drafts").await[0];
    let opened: Draft = profile.call("draft.open", json!({"id": copy})).await.unwrap();
    assert_eq!((opened.id, opened.subject.as_str()), (draft.id, "third"));
    let _: Value = profile.call("draft.discard", json!({"id": draft.id})).await.unwrap();
    until("the copy is gone", || async { profile.in_mailbox(account, "Drafts").await.is_empty() }).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discarded_draft_comes_back_with_its_files() {
    let profile = Profile::new().await;
    profile.sandbox("me@sandbox.test").await;
    let draft = profile.draft("ann@example.org", "Offer", "word for word").await;
    let file = profile.path().join("offer.pdf");
    std::fs::write(&file, b"%PDF offer").unwrap();
    let draft: Draft = profile.call("draft.attach", json!({"id": draft.id, "path": file})).await.unwrap();
    let _: Value = profile.call("draft.discard", json!({"id": draft.id})).await.unwrap();
    assert!(profile.call::<Draft>("draft.get", json!({"id": draft.id})).await.is_err());
    assert!(profile.call::<Vec<Draft>>("draft.list", json!({})).await.unwrap().is_empty());
    let back: Draft = profile.call("draft.restore", json!({"id": draft.id})).await.unwrap();
    assert_eq!((back.subject.as_str(), back.text.as_str()), ("Offer", "word for word"));
    let (_, bytes) = profile.engine.draft_file(back.id, back.attachments[0].id).await.unwrap();
    assert_eq!(bytes, b"%PDF offer");
    // For good after a day, when the next draft is discarded.
    let _: Value = profile.call("draft.discard", json!({"id": draft.id})).await.unwrap();
    profile.clock.advance(25 * 3600);
    let other = profile.draft("b@example.org", "x", "y").await;
    let _: Value = profile.call("draft.discard", json!({"id": other.id})).await.unwrap();
    assert!(profile.call::<Draft>("draft.restore", json!({"id": draft.id})).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_another_program_is_continued_with_its_files() {
    let profile = Profile::new().await;
    let account = profile.sandbox("me@sandbox.test").await;
    let raw = ORIGINAL.replace("From: Ann Lee <ann@example.org>", "From: me@sandbox.test");
    let id = profile.deliver(account, "Drafts", raw.as_bytes()).await;
    let draft: Draft = profile.call("draft.open", json!({"id": id})).await.unwrap();
    assert_eq!((draft.subject.as_str(), draft.attachments.len()), ("Offer", 1));
    assert!(draft.html.clone().unwrap().contains("<b>offer</b>"));
    let again: Draft = profile.call("draft.open", json!({"id": id})).await.unwrap();
    assert_eq!(again.id, draft.id);
    // Changed here, our copy takes the place of theirs.
    let running = profile.run_outbox(account);
    let _: Draft = profile.call("draft.save", save(&draft, json!({"subject": "Ours", "closed": true}))).await.unwrap();
    until("one copy, ours", || async { profile.in_mailbox(account, "Drafts").await == ["Ours"] }).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_are_there_after_the_program_died() {
    let profile = Profile::new().await;
    profile.sandbox("me@sandbox.test").await;
    let draft = profile.draft("ann@example.org", "kept", "word for word").await;
    let backup = profile.backup();
    let profile = profile.restore(&backup).await;
    let again: Vec<Draft> = profile.call("draft.list", json!({})).await.unwrap();
    assert_eq!(again, [draft]);
}
