//! Gmail as others understood it: the engine and its adapter against the `emulate` package.
//!
//! What the emulator lacks, the adapter does without: it has no profile and takes no batches. What it gets
//! wrong is said where a test meets it.

use crate::post::letter;
use crate::profile::{Profile, until};
use e2e::Emulate;
use e2e::server::address;
use engine::sync::RoundReport;
use model::account::{Account, AccountKind, Identity};
use model::draft::Draft;
use model::mailbox::{Mailbox, MailboxRole};
use model::message::{Message, MessageBody};
use model::submission::SubmissionState;
use model::{AccountId, MessageId};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

const ALL: &str = "All Mail";

/// A profile with an account that signed in at the emulator.
struct Elsewhere {
    google: Arc<Emulate>,
    profile: Profile,
    account: Account,
}

fn hello(id: &str) -> Vec<u8> {
    letter(id, "Ann <ann@x.test>", &format!("Subject {id}"), &format!("Hello from {id}"))
}

impl Elsewhere {
    /// With these letters in the inbox, unread; signed in, nothing synced yet.
    async fn with(ids: &[&str]) -> Self {
        let raw: Vec<Vec<u8>> = ids.iter().map(|id| hello(id)).collect();
        let google = tokio::task::spawn_blocking(move || {
            let letters: Vec<(&[u8], &[&str])> =
                raw.iter().map(|raw| (raw.as_slice(), ["INBOX", "UNREAD"].as_slice())).collect();
            Arc::new(Emulate::start(&address("anna"), "Anna Example", &letters))
        });
        let google = google.await.unwrap();
        let profile = Profile::new().await;
        let settings =
            json!({"name": "google", "client_id": "tests", "client_secret": "x", "endpoints": google.endpoints()});
        let _: Value = profile.call("provider.set", settings).await.unwrap();
        let ticket: Value = profile.call("account.begin_sign_in", json!({"provider": "google"})).await.unwrap();
        let (browser, at) = (google.clone(), ticket["address"].as_str().unwrap().to_owned());
        let browser = tokio::task::spawn_blocking(move || browser.consent(&at));
        let finish = profile.call::<Account>("account.finish_sign_in", json!({"ticket": ticket["ticket"]}));
        let (account, page) = tokio::join!(finish, browser);
        assert!(page.unwrap().contains("Tabella"));
        Self { google, profile, account: account.unwrap() }
    }

    fn id(&self) -> AccountId {
        self.account.id
    }

    async fn round(&self) -> RoundReport {
        let report = engine::sync::round(&self.profile.engine, self.id(), false, &CancellationToken::new()).await;
        report.unwrap()
    }

    async fn replay(&self) {
        engine::outbox::replay(&self.profile.engine, self.id(), &CancellationToken::new()).await.unwrap();
    }

    async fn shown(&self, mailbox: &str) -> Vec<String> {
        let mut subjects = self.profile.in_mailbox(self.id(), mailbox).await;
        subjects.sort();
        subjects
    }

    async fn message(&self, id: &str) -> Message {
        let (account, message_id) = (self.id(), format!("{id}@x.test"));
        let found = self.profile.engine.store().read(move |r| store::message::by_message_id(r, account, &message_id));
        let found: MessageId = found.await.unwrap()[0];
        self.profile.call("message.get", json!({"id": found})).await.unwrap()
    }

    async fn mailbox(&self, path: &str) -> Mailbox {
        let all: Vec<Mailbox> = self.profile.call("mailbox.list", json!({"account_id": self.id()})).await.unwrap();
        all.into_iter().find(|mailbox| mailbox.path == path).unwrap_or_else(|| panic!("no mailbox {path}"))
    }

    async fn act(&self, command: &str, id: &str, mailbox: &str, mut more: Value) {
        more["selection"] =
            json!({"messages": [self.message(id).await.id], "mailbox_id": self.mailbox(mailbox).await.id});
        let _: Value = self.profile.call(command, more).await.unwrap();
        self.replay().await;
    }

    /// The labels there of the letter with this subject; none where it is under no such label.
    fn labels(&self, label: &str, id: &str) -> Option<Vec<String>> {
        let subject = format!("Subject {id}");
        let found = self.google.messages(label).into_iter().find(|(_, raw)| mail::parse::parse(raw).subject == subject);
        found.map(|(labels, _)| labels)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_on_the_consent_page_and_the_mailbox_comes() {
    let there = Elsewhere::with(&["a", "b"]).await;
    // No profile: whose mailbox it is says the list of addresses to send as.
    assert_eq!((there.account.kind, there.account.email.as_str()), (AccountKind::Gmail, "anna@tabella.test"));
    // No batches: one by one.
    assert_eq!(there.round().await.messages, 2);
    assert_eq!(there.shown("Inbox").await, ["Subject a", "Subject b"]);
    assert_eq!(there.mailbox("Inbox").await.role, Some(MailboxRole::Inbox));
    let a = there.message("a").await;
    assert_eq!((a.from.email.as_str(), a.flags.seen, a.snippet.trim()), ("ann@x.test", false, "Hello from a"));
    let body: MessageBody = there.profile.call("message.body", json!({"id": a.id})).await.unwrap();
    assert_eq!(body.text.trim(), "Hello from a");
    let again = there.round().await;
    assert_eq!((again.new, again.changed, again.removed), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_does_there_is_so_here_after_a_look_at_the_history() {
    let there = Elsewhere::with(&["a", "b"]).await;
    there.round().await;
    let label = there.google.post("/labels", &json!({"name": "Projects"}))["id"].as_str().unwrap().to_owned();
    there.google.put(&hello("new"), &["INBOX", "UNREAD"]);
    let gone = there.google.put(&hello("short"), &["INBOX"]);
    there.google.post("/messages/batchDelete", &json!({"ids": [gone]}));
    let list = there.google.get("/messages?q=subject:Subject").unwrap();
    let ids: Vec<Value> = list["messages"].as_array().unwrap().iter().map(|m| m["id"].clone()).collect();
    assert_eq!(ids.len(), 3);
    let move_all = json!({"ids": ids, "addLabelIds": [label], "removeLabelIds": ["UNREAD"]});
    there.google.post("/messages/batchModify", &move_all);
    let report = there.round().await;
    assert_eq!((report.new, report.messages), (1, 3));
    assert_eq!(there.shown("Projects").await, ["Subject a", "Subject b", "Subject new"]);
    assert!(there.message("a").await.flags.seen);
    // An hour later the token is renewed. (The emulator takes any other for the first person's, so a
    // permission that ended can't be seen with it.)
    there.profile.clock.advance(3700);
    there.google.put(&hello("late"), &["INBOX"]);
    assert_eq!(there.round().await.new, 1);
    let again = there.round().await;
    assert_eq!((again.new, again.changed, again.removed), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn stars_and_moves_made_here_are_labels_there() {
    let there = Elsewhere::with(&["a", "b"]).await;
    there.round().await;
    there.act("message.flag", "a", "Inbox", json!({"seen": true, "flagged": true})).await;
    assert_eq!(there.labels("STARRED", "a").unwrap(), ["INBOX", "STARRED"]);
    there.act("message.archive", "a", "Inbox", json!({})).await;
    assert_eq!(there.labels("STARRED", "a").unwrap(), ["STARRED"]);
    assert!(there.labels("INBOX", "a").is_none());
    there.act("message.delete", "b", "Inbox", json!({})).await;
    assert!(there.labels("TRASH", "b").is_some() && there.labels("INBOX", "b").is_none());
    let report = there.round().await;
    assert_eq!((report.new, report.messages), (0, 2));
    assert_eq!(there.shown(ALL).await, ["Subject a"]);
    assert_eq!(there.shown("Trash").await, ["Subject b"]);
    assert!(there.shown("Inbox").await.is_empty());
    let a = there.message("a").await;
    assert!(a.flags.flagged && a.flags.seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_has_one_copy_there_and_goes_with_it() {
    let there = Elsewhere::with(&[]).await;
    there.round().await;
    // The emulator's search by Message-ID finds nothing (it takes the colon for a part of it); the adapter
    // remembers what it stored.
    let draft: Draft = there.profile.draft("bob@x.test", "begun", "first words").await;
    let saved = |subject: &str| {
        json!({"id": draft.id, "identity_id": draft.identity_id, "to": draft.to, "cc": [], "bcc": [], "quote": false,
            "subject": subject, "html": null, "text": "words", "closed": true})
    };
    let copies = || async {
        there.profile.nudge().await;
        let parsed = |(_, raw): (Vec<String>, Vec<u8>)| mail::parse::parse(&raw).subject;
        there.google.messages("DRAFT").into_iter().map(parsed).collect::<Vec<_>>()
    };
    let running = there.profile.run_outbox(there.id());
    let _: Draft = there.profile.call("draft.save", saved("begun")).await.unwrap();
    until("the draft is there", || async { copies().await == ["begun"] }).await;
    assert_eq!(there.google.get("/drafts").unwrap()["drafts"].as_array().unwrap().len(), 1);
    let _: Draft = there.profile.call("draft.save", saved("changed")).await.unwrap();
    until("the newer copy took its place", || async { copies().await == ["changed"] }).await;
    let _: Value = there.profile.call("draft.discard", json!({"id": draft.id})).await.unwrap();
    until("the copy is gone", || async { copies().await.is_empty() }).await;
    running.stop().await;
    there.round().await;
    assert!(there.shown("Drafts").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_small_and_large_are_sent_once_and_come_back_in_sent() {
    let there = Elsewhere::with(&[]).await;
    there.round().await;
    let running = there.profile.run_outbox(there.id());
    // The large one goes by the upload address. Where it answers in a conversation, the emulator would take
    // metadata and all for the letter.
    for (subject, text) in [("small", "body".to_owned()), ("large", "Lorem ipsum dolor.\n".repeat(250_000))] {
        let args = json!({"from": address("anna"), "to": ["bob@x.test"], "subject": subject, "text": text});
        let letter: model::submission::Submission = there.profile.call("submission.compose", args).await.unwrap();
        there.profile.reaches(letter.id, SubmissionState::Accepted).await;
        let taken = there.google.messages("SENT");
        let named = |raw: &[u8]| mail::parse::parse_headers(raw).message_id == letter.message_id;
        let copies: Vec<_> = taken.iter().filter(|(_, raw)| named(raw)).collect();
        assert_eq!(copies.len(), 1, "{subject}");
        assert!(copies[0].1.len() > text.len());
        until("the Sent copy is filed", || async { there.profile.letter(letter.id).await.filed }).await;
    }
    running.stop().await;
    // The emulator delivers to nobody; only Sent can be looked at.
    there.round().await;
    assert_eq!(there.shown("Sent").await, ["large", "small"]);
    let again = there.round().await;
    assert_eq!((again.new, again.removed), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_to_send_under_is_learned_there() {
    let there = Elsewhere::with(&[]).await;
    let identities: Vec<Identity> = there.profile.call("identity.sync", json!({"id": there.id()})).await.unwrap();
    let told: Vec<_> = identities.iter().map(|one| (one.name.as_str(), one.email.as_str())).collect();
    assert_eq!(told, [("Anna Example", "anna@tabella.test")]);
}
