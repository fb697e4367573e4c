//! What has to happen, told once for all protocols.

use super::{OWN, Place, World};
use crate::post::letter;
use crate::profile::{Profile, until};
use engine::sync::RoundReport;
use model::account::{Account, ProbeReport, SyncPhase, TestMailResult};
use model::draft::Draft;
use model::mailbox::{Mailbox, MailboxRole};
use model::message::{Message, MessagePage};
use model::submission::{Submission, SubmissionState};
use model::{AccountId, Error, ErrorCode, MailboxId, MessageId};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// A profile with an account on a world.
pub struct Scene {
    world: Box<dyn World>,
    profile: Profile,
    account: AccountId,
}

fn hello(id: &str) -> Vec<u8> {
    letter(id, "Ann <ann@x.test>", &format!("Subject {id}"), &format!("Hello from {id}"))
}

fn full(id: &str) -> String {
    format!("{id}@x.test")
}

impl Scene {
    pub async fn new(world: Box<dyn World>) -> Self {
        let profile = Profile::new().await;
        let account = world.account(&profile).await;
        Self { world, profile, account }
    }

    /// With these letters in the inbox, and in step.
    async fn with(self, ids: &[&str]) -> Self {
        for id in ids {
            self.world.put(Place::Inbox, &hello(id));
        }
        self.round().await;
        self
    }

    async fn try_round(&self, full: bool) -> Result<RoundReport, Error> {
        let report = engine::sync::round(&self.profile.engine, self.account, full, &CancellationToken::new()).await;
        let findings = self.profile.engine.store().read(|r| store::mailbox::check_counts(r)).await.unwrap();
        assert!(findings.is_empty(), "{findings:?}");
        report
    }

    async fn round(&self) -> RoundReport {
        self.try_round(false).await.unwrap()
    }

    async fn replay(&self) {
        engine::outbox::replay(&self.profile.engine, self.account, &CancellationToken::new()).await.unwrap();
    }

    async fn mailboxes(&self) -> Vec<Mailbox> {
        self.profile.call("mailbox.list", json!({"account_id": self.account})).await.unwrap()
    }

    async fn mailbox(&self, place: Place) -> MailboxId {
        let all = self.mailboxes().await;
        let found = match place.role() {
            None => all.iter().find(|m| m.path == OWN),
            // Where an account has no archive, it is what holds everything.
            Some(MailboxRole::Archive) => all
                .iter()
                .find(|m| m.role == Some(MailboxRole::Archive))
                .or_else(|| all.iter().find(|m| m.role == Some(MailboxRole::All))),
            role => all.iter().find(|m| m.role == role),
        };
        found.unwrap_or_else(|| panic!("no mailbox for {place:?}")).id
    }

    /// Message-IDs in a place as it is shown here, without their domain, sorted.
    async fn shown(&self, place: Place) -> Vec<String> {
        let scope = json!({"mailbox_id": self.mailbox(place).await});
        let page: MessagePage = self.profile.call("message.list", json!({"scope": scope, "limit": 500})).await.unwrap();
        let mut subjects: Vec<String> =
            page.rows.into_iter().map(|m| m.subject.trim_start_matches("Subject ").to_owned()).collect();
        subjects.sort();
        subjects
    }

    async fn id(&self, id: &str) -> MessageId {
        let (account, id) = (self.account, full(id));
        let found = self.profile.engine.store().read(move |r| store::message::by_message_id(r, account, &id)).await;
        found.unwrap()[0]
    }

    async fn message(&self, id: &str) -> Message {
        self.profile.call("message.get", json!({"id": self.id(id).await})).await.unwrap()
    }

    /// An act on a letter where it is shown.
    async fn act(&self, command: &str, id: &str, place: Place, mut more: Value) -> Value {
        more["selection"] = json!({"messages": [self.id(id).await], "mailbox_id": self.mailbox(place).await});
        self.profile.call(command, more).await.unwrap()
    }

    async fn undo(&self, act: &Value) {
        let _: Value = self.profile.call("operation.undo", json!({"group": act["group"]})).await.unwrap();
    }

    async fn state(&self) -> model::account::SyncState {
        self.profile.call::<Account>("account.get", json!({"id": self.account})).await.unwrap().sync
    }

    async fn compose(&self, to: &[&str], more: Value) -> Submission {
        let mut args = json!({"from": self.world.email(), "to": to, "subject": "Subject out", "text": "body"});
        for (key, value) in more.as_object().unwrap() {
            args[key] = value.clone();
        }
        self.profile.call("submission.compose", args).await.unwrap()
    }
}

pub async fn arrive(scene: Scene) {
    let s = scene.with(&["a", "b"]).await;
    assert_eq!(s.shown(Place::Inbox).await, ["a", "b"]);
    let a = s.message("a").await;
    assert_eq!((a.from.email.as_str(), a.flags.seen), ("ann@x.test", false));
    let body: model::message::MessageBody = s.profile.call("message.body", json!({"id": a.id})).await.unwrap();
    assert_eq!(body.text.trim(), "Hello from a");
    s.world.put(Place::Inbox, &hello("c"));
    let report = s.round().await;
    assert_eq!((report.new, report.removed, report.messages), (1, 0, 3));
    assert_eq!(s.shown(Place::Inbox).await, ["a", "b", "c"]);
    let again = s.round().await;
    assert_eq!((again.new, again.changed, again.removed), (0, 0, 0));
}

pub async fn read(scene: Scene) {
    let s = scene.with(&["a", "b", "c"]).await;
    s.world.read_elsewhere(&full("a"));
    s.world.move_elsewhere(&full("b"));
    s.world.delete_elsewhere(&full("c"));
    let b = s.id("b").await;
    s.round().await;
    let a = s.message("a").await;
    assert!(a.flags.seen && a.flags.flagged, "{:?}", a.flags);
    assert_eq!((s.shown(Place::Inbox).await, s.shown(Place::Own).await), (vec!["a".into()], vec!["b".to_owned()]));
    assert_eq!(s.id("b").await, b, "it is the same row");
}

pub async fn flag(scene: Scene) {
    let s = scene.with(&["a", "b"]).await;
    let act = s.act("message.flag", "a", Place::Inbox, json!({"seen": true, "flagged": true})).await;
    s.act("message.flag", "b", Place::Inbox, json!({"answered": true})).await;
    assert!(s.message("a").await.flags.seen, "shown at once");
    s.replay().await;
    assert_eq!((s.world.flags(&full("a")), s.world.flags(&full("b"))), ((true, true), (false, false)));
    s.world.read_elsewhere(&full("b"));
    s.round().await;
    let (a, b) = (s.message("a").await.flags, s.message("b").await.flags);
    assert!(a.seen && a.flagged && b.seen && b.answered, "{a:?} {b:?}");
    s.undo(&act).await;
    s.replay().await;
    s.round().await;
    assert_eq!(s.world.flags(&full("a")), (false, false));
    assert!(!s.message("a").await.flags.seen);
}

pub async fn keyword(scene: Scene) {
    let s = scene.with(&["a", "b"]).await;
    s.world.put(Place::Inbox, &hello("c"));
    s.world.name_elsewhere(&full("c"), &["Red"]);
    s.world.name_elsewhere(&full("a"), &["Travel"]);
    s.round().await;
    assert_eq!(
        (s.message("a").await.keywords, s.message("c").await.keywords),
        (vec!["Travel".into()], vec!["Red".to_owned()])
    );
    let act = s.act("message.keyword", "a", Place::Inbox, json!({"add": ["Important", "TRAVEL"]})).await;
    assert_eq!(s.message("a").await.keywords, ["Travel", "Important"], "shown at once, and each once");
    // What another program did meanwhile is not lost.
    s.world.name_elsewhere(&full("a"), &["Travel", "Elsewhere"]);
    s.round().await;
    assert_eq!(s.message("a").await.keywords, ["Travel", "Elsewhere", "Important"]);
    s.replay().await;
    assert_eq!(s.world.keywords(&full("a")), ["Travel", "Elsewhere", "Important"]);
    let again = s.round().await;
    assert_eq!((again.new, s.message("a").await.keywords.len()), (0, 3));
    s.act("message.keyword", "c", Place::Inbox, json!({"remove": ["red"]})).await;
    s.undo(&act).await;
    s.replay().await;
    s.round().await;
    assert_eq!(s.world.keywords(&full("a")), ["Travel", "Elsewhere"]);
    assert_eq!(s.message("a").await.keywords, ["Travel", "Elsewhere"]);
    assert!(s.world.keywords(&full("c")).is_empty() && s.message("c").await.keywords.is_empty());
}

pub async fn shift(scene: Scene) {
    let s = scene.with(&["a", "b"]).await;
    let own = s.mailbox(Place::Own).await;
    let a = s.id("a").await;
    let act = s.act("message.move_to", "a", Place::Inbox, json!({"mailbox_id": own})).await;
    assert_eq!((s.shown(Place::Inbox).await, s.shown(Place::Own).await), (vec!["b".into()], vec!["a".to_owned()]));
    s.replay().await;
    assert!(s.world.places(&full("a")).contains(&Place::Own) && !s.world.places(&full("a")).contains(&Place::Inbox));
    let report = s.round().await;
    assert_eq!((report.new, report.messages), (0, 2), "nothing comes twice");
    assert_eq!((s.shown(Place::Own).await, s.id("a").await), (vec!["a".to_owned()], a));
    s.undo(&act).await;
    s.replay().await;
    s.round().await;
    assert!(s.world.places(&full("a")).contains(&Place::Inbox) && !s.world.places(&full("a")).contains(&Place::Own));
    assert_eq!((s.shown(Place::Inbox).await, s.shown(Place::Own).await), (vec!["a".into(), "b".into()], vec![]));
}

pub async fn archive(scene: Scene) {
    let s = scene.with(&["a", "b"]).await;
    let act = s.act("message.archive", "a", Place::Inbox, json!({})).await;
    assert_eq!(s.shown(Place::Inbox).await, ["b"]);
    s.replay().await;
    assert_eq!(s.world.places(&full("a")), [Place::Archive]);
    let report = s.round().await;
    assert_eq!((report.new, report.messages), (0, 2));
    assert!(s.shown(Place::Archive).await.contains(&"a".to_owned()));
    assert_eq!(s.shown(Place::Inbox).await, ["b"]);
    s.undo(&act).await;
    s.replay().await;
    s.round().await;
    assert!(s.world.places(&full("a")).contains(&Place::Inbox));
    assert_eq!(s.shown(Place::Inbox).await, ["a", "b"]);
}

pub async fn delete(scene: Scene) {
    let s = scene.with(&["a", "b"]).await;
    s.act("message.delete", "a", Place::Inbox, json!({})).await;
    s.replay().await;
    assert_eq!(s.world.places(&full("a")), [Place::Trash]);
    s.round().await;
    assert_eq!((s.shown(Place::Trash).await, s.shown(Place::Inbox).await), (vec!["a".into()], vec!["b".to_owned()]));
    s.act("message.delete", "a", Place::Trash, json!({})).await;
    assert!(s.shown(Place::Trash).await.is_empty(), "gone here at once");
    // The server learns of it when it can no longer be taken back.
    s.profile.clock.advance(3600);
    s.replay().await;
    assert!(s.world.places(&full("a")).is_empty());
    let report = s.round().await;
    assert_eq!(report.messages, 1);
}

pub async fn draft(scene: Scene) {
    let s = scene.with(&[]).await;
    let draft: Draft = s.profile.draft("bob@x.test", "Subject begun", "first words").await;
    let saved = |subject: &str| {
        json!({"id": draft.id, "identity_id": draft.identity_id, "to": draft.to, "cc": [], "bcc": [], "quote": false,
            "subject": subject, "html": null, "text": format!("Words of {subject}"), "closed": true})
    };
    let copies = || async {
        s.profile.nudge().await;
        let subject = |raw: Vec<u8>| mail::parse::parse(&raw).subject;
        s.world.all(Place::Drafts).into_iter().map(subject).collect::<Vec<_>>()
    };
    let running = s.profile.run_outbox(s.account);
    let _: Draft = s.profile.call("draft.save", saved("Subject begun")).await.unwrap();
    until("the draft has a copy on the server", || async { copies().await == ["Subject begun"] }).await;
    s.round().await;
    assert_eq!(s.shown(Place::Drafts).await, ["begun"]);
    let _: Draft = s.profile.call("draft.save", saved("Subject changed")).await.unwrap();
    until("the newer copy has taken its place", || async { copies().await == ["Subject changed"] }).await;
    s.round().await;
    assert_eq!(s.shown(Place::Drafts).await, ["changed"]);
    let _: Value = s.profile.call("draft.discard", json!({"id": draft.id})).await.unwrap();
    until("the copy is gone with its draft", || async { copies().await.is_empty() }).await;
    running.stop().await;
    s.round().await;
    assert!(s.shown(Place::Drafts).await.is_empty());
}

pub async fn send(scene: Scene) {
    let s = scene.with(&[]).await;
    let (own, blind) = (s.world.email(), e2e::server::address("clara"));
    let letter = s.compose(&[&own], json!({"bcc": [blind]})).await;
    let running = s.profile.run_outbox(s.account);
    let done = s.profile.reaches(letter.id, SubmissionState::Accepted).await;
    assert!(done.recipients.len() == 2 && done.recipients.iter().all(|r| r.state == SubmissionState::Accepted));
    until("the Sent copy is filed", || async { s.profile.letter(letter.id).await.filed }).await;
    running.stop().await;
    let id = &letter.message_id;
    assert_eq!(s.world.taken(id).len(), 1);
    assert!(s.world.raw(Place::Sent, id).is_some());
    s.round().await;
    assert_eq!((s.shown(Place::Sent).await, s.shown(Place::Inbox).await), (vec!["out".into()], vec!["out".to_owned()]));
    let again = s.round().await;
    assert_eq!((again.new, again.removed), (0, 0));
}

pub async fn reply(scene: Scene) {
    let s = scene.with(&["question"]).await;
    let draft: Draft =
        s.profile.call("draft.create", json!({"kind": "reply", "original": s.id("question").await})).await.unwrap();
    let letter: Submission =
        s.profile.call("submission.send", json!({"draft_id": draft.id, "send_at": s.profile.now()})).await.unwrap();
    let running = s.profile.run_outbox(s.account);
    s.profile.reaches(letter.id, SubmissionState::Accepted).await;
    until("the Sent copy is filed", || async { s.profile.letter(letter.id).await.filed }).await;
    until("the question is marked", || async { s.message("question").await.flags.answered }).await;
    running.stop().await;
    s.round().await;
    let raw = String::from_utf8(s.world.raw(Place::Sent, &letter.message_id).unwrap()).unwrap();
    assert!(raw.contains("In-Reply-To: <question@x.test>") && raw.contains("References: <question@x.test>"), "{raw}");
    let question = s.message("question").await;
    let (account, id) = (s.account, letter.message_id.clone());
    let answer = s.profile.engine.store().read(move |r| store::message::by_message_id(r, account, &id)).await.unwrap();
    let answer: Message = s.profile.call("message.get", json!({"id": answer[0]})).await.unwrap();
    assert_eq!(answer.thread_id, question.thread_id);
    assert!(s.message("question").await.flags.answered, "the server's news do not take that away");
}

pub async fn alias(scene: Scene) {
    let s = scene.with(&[]).await;
    let alias = s.world.alias();
    let identities: Vec<model::account::Identity> =
        s.profile.call("identity.sync", json!({"id": s.account})).await.unwrap();
    let emails: Vec<&str> = identities.iter().map(|i| i.email.as_str()).collect();
    assert!(emails.contains(&alias.as_str()) && emails.contains(&s.world.email().as_str()), "{emails:?}");
    let again: Vec<model::account::Identity> = s.profile.call("identity.sync", json!({"id": s.account})).await.unwrap();
    assert_eq!(again.len(), identities.len(), "nothing comes twice");
}

pub async fn throttled(scene: Scene) {
    let s = scene.with(&["a"]).await;
    for n in 0..20 {
        s.world.put(Place::Inbox, &hello(&format!("m{n}")));
    }
    s.world.throttle();
    let first = s.try_round(false).await;
    if let Err(error) = first {
        assert_eq!(error.code, ErrorCode::Throttled);
        assert!(error.retry_after_seconds.is_some(), "it says how long");
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
        s.round().await;
    }
    assert_eq!(s.shown(Place::Inbox).await.len(), 21);
}

pub async fn expired(scene: Scene) {
    let s = scene.with(&["a"]).await;
    s.world.put(Place::Inbox, &hello("b"));
    s.world.expire();
    s.round().await;
    assert_eq!(s.shown(Place::Inbox).await, ["a", "b"]);
    s.world.expire();
    let letter = s.compose(&["boris@tabella.test"], json!({})).await;
    let running = s.profile.run_outbox(s.account);
    s.profile.reaches(letter.id, SubmissionState::Accepted).await;
    running.stop().await;
    assert_eq!(s.world.taken(&letter.message_id).len(), 1);
}

pub async fn ended(scene: Scene) {
    let s = scene.with(&["a"]).await;
    s.world.put(Place::Inbox, &hello("b"));
    s.world.end_permission();
    let error = s.try_round(false).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::SignIn);
    assert_eq!(s.state().await.phase, SyncPhase::SignIn);
    assert_eq!(s.shown(Place::Inbox).await, ["a"], "nothing is lost");
}

pub async fn cursor_lost(scene: Scene) {
    let names: Vec<String> = (0..30).map(|n| format!("m{n:02}")).collect();
    let s = scene.with(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let before = s.id("m07").await;
    let given = s.world.given();
    s.world.read_elsewhere(&full("m03"));
    s.world.move_elsewhere(&full("m04"));
    s.world.delete_elsewhere(&full("m05"));
    s.world.put(Place::Inbox, &hello("new"));
    s.world.lose_cursor();
    let report = s.round().await;
    assert_eq!((report.new, report.messages), (1, 30));
    assert!(s.message("m03").await.flags.seen);
    assert_eq!(s.shown(Place::Own).await, ["m04"]);
    assert_eq!(s.shown(Place::Inbox).await.len(), 29);
    assert_eq!(s.id("m07").await, before);
    if let (Some(before), Some(now)) = (given, s.world.given()) {
        assert_eq!(now - before, 1, "only the new one is fetched");
    }
    let again = s.try_round(true).await.unwrap();
    assert_eq!((again.new, again.changed, again.removed), (0, 0, 0));
}

pub async fn mid_page(scene: Scene) {
    let s = scene.with(&[]).await;
    for n in 0..60 {
        let body = "lorem ipsum ".repeat(400);
        let raw = letter(&format!("m{n}"), "Ann <ann@x.test>", &format!("Subject m{n}"), &body);
        s.world.put(Place::Inbox, &raw);
    }
    let must = s.world.fail_mid_page();
    let first = s.try_round(false).await;
    if must {
        first.as_ref().unwrap();
    }
    if let Err(error) = first {
        assert!(error.code.is_transient(), "{error}");
        s.world.mend();
        s.round().await;
    }
    assert_eq!(s.shown(Place::Inbox).await.len(), 60);
}

pub async fn muddled(scene: Scene) {
    let s = scene.with(&["a", "b", "c", "d"]).await;
    s.world.muddle();
    s.world.put(Place::Inbox, &hello("e"));
    s.world.read_elsewhere(&full("a"));
    s.world.move_elsewhere(&full("b"));
    s.world.delete_elsewhere(&full("c"));
    s.world.put(Place::Inbox, &hello("short"));
    s.world.delete_elsewhere(&full("short"));
    let report = s.round().await;
    assert_eq!((report.new, report.messages), (1, 4));
    assert_eq!(
        (s.shown(Place::Inbox).await, s.shown(Place::Own).await),
        (vec!["a".into(), "d".into(), "e".into()], vec!["b".to_owned()])
    );
    assert!(s.message("a").await.flags.seen);
    let again = s.round().await;
    assert_eq!((again.new, again.removed), (0, 0));
}

pub async fn gone(scene: Scene) {
    let s = scene.with(&["a"]).await;
    s.world.put(Place::Inbox, &hello("b"));
    s.world.put(Place::Inbox, &hello("c"));
    s.world.vanish(&full("b"));
    s.round().await;
    s.round().await;
    assert_eq!(s.shown(Place::Inbox).await, ["a", "c"]);
}

pub async fn answer_lost(scene: Scene) {
    let s = scene.with(&[]).await;
    s.world.lose_answer();
    let letter = s.compose(&[&s.world.email()], json!({})).await;
    let running = s.profile.run_outbox(s.account);
    s.profile.reaches(letter.id, SubmissionState::Uncertain).await;
    until("the letter is found", || async {
        s.profile.clock.advance(10);
        s.profile.nudge().await;
        s.profile.letter(letter.id).await.state == SubmissionState::Accepted
    })
    .await;
    running.stop().await;
    assert_eq!(s.world.taken(&letter.message_id).len(), 1, "never a second time");
}

pub async fn probe(scene: Scene) {
    let s = scene.with(&["a"]).await;
    let probe = || s.profile.call::<ProbeReport>("account.probe", json!({"id": s.account}));
    let report = probe().await.unwrap();
    assert!(report.steps.len() >= 3 && report.steps.iter().all(|step| step.ok), "{:?}", report.steps);
    let kept: Account = s.profile.call("account.get", json!({"id": s.account})).await.unwrap();
    assert_eq!(kept.probe, Some(report));
    if s.world.cannot(super::Behaviour::PermissionEnded).is_none() {
        s.world.end_permission();
        let failed = probe().await.unwrap();
        let step = failed.steps.iter().find(|step| !step.ok).unwrap();
        assert_eq!(step.error.as_ref().map(|e| e.code), Some(ErrorCode::SignIn), "{:?}", failed.steps);
    }
}

pub async fn test_mail(scene: Scene) {
    let s = scene.with(&[]).await;
    let send = |to: &str| {
        let args = json!({"id": s.account, "to": [to], "subject": "Is it on?", "text": "It is."});
        s.profile.call::<TestMailResult>("account.test_mail", args)
    };
    let done = send(&s.world.email()).await.unwrap();
    assert!(done.accepted && !done.answer.is_empty() && done.error.is_none(), "{done:?}");
    assert_eq!(send("nobody").await.unwrap_err().code, ErrorCode::Invalid);
    if s.world.cannot(super::Behaviour::PermissionEnded).is_none() {
        s.world.end_permission();
        let refused = send(&s.world.email()).await.unwrap();
        assert!(!refused.accepted && refused.error.is_some_and(|e| e.code == ErrorCode::SignIn));
    }
}
