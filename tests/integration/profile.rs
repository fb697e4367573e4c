//! An engine on a profile of its own, with a clock that the test moves.

use engine::{Engine, Options};
use model::account::AccountKind;
use model::draft::Draft;
use model::submission::{Submission, SubmissionState};
use model::{AccountId, Clock, Error, SubmissionId, SystemClock, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The machine's time and what the test added.
#[derive(Debug, Default)]
pub struct TestClock {
    ahead_ms: AtomicI64,
}

impl TestClock {
    /// Moves the clock ahead.
    pub fn advance(&self, seconds: i64) {
        self.ahead_ms.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_millis(self.ahead_ms.load(Ordering::SeqCst))
    }
}

/// An engine on a temporary profile.
pub struct Profile {
    pub engine: Engine,
    pub clock: Arc<TestClock>,
    folder: tempfile::TempDir,
}

/// A running worker.
pub struct Running {
    cancel: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    /// Stops the worker and waits for its end.
    pub async fn stop(self) {
        self.cancel.cancel();
        tokio::time::timeout(Duration::from_secs(20), self.task).await.expect("the worker ends").unwrap();
    }
}

/// Unlocks the test profiles.
pub const PASSPHRASE: &str = "correct horse battery";

async fn open(folder: &Path, clock: &Arc<TestClock>) -> Engine {
    Engine::open(Options {
        clock: clock.clone(),
        keyring: false,
        passphrase: Some(PASSPHRASE.into()),
        ..Options::new(folder)
    })
    .await
    .unwrap()
}

impl Profile {
    /// A new profile.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock::default());
        let engine = open(folder.path(), &clock).await;
        Self { engine, clock, folder }
    }

    /// A second engine on the same profile, as another program has it.
    pub async fn beside(other: &Self) -> Engine {
        open(other.path(), &other.clock).await
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Calls a command of the door.
    pub async fn call<T: DeserializeOwned>(&self, name: &str, args: Value) -> Result<T, Error> {
        self.engine.call(name, args).await.map(|value| serde_json::from_value(value).unwrap())
    }

    /// The engine's time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// An empty sandbox account.
    pub async fn sandbox(&self, email: &str) -> AccountId {
        let new = store::account::NewAccount {
            name: email.into(),
            email: email.into(),
            kind: AccountKind::Sandbox,
            sender_name: "Me Myself".into(),
            imap: None,
            smtp: None,
            ca_pem: None,
            since_at: None,
            sign_in: None,
            bulk_imap: false,
        };
        let id = self.engine.store().write(move |w| store::account::insert(w, &new)).await.unwrap();
        engine::sandbox::prepare(&self.engine, id).await.unwrap();
        id
    }

    /// An account of a user of a test server, with its special mailboxes known. Letters go straight
    /// to the relay, whose faults a client can see.
    pub async fn imap(&self, server: &e2e::MailServer, name: &str) -> AccountId {
        let user = server.user(name);
        let ca = std::fs::read_to_string(server.ca_file()).unwrap();
        let at = |port: u16| json!({"host": "localhost", "port": port, "tls": "tls", "username": user.email});
        let account: Value = self
            .call(
                "account.add_imap",
                json!({"email": user.email, "password": user.password, "sender_name": name, "ca_pem": ca, "unchecked": true,
                       "imap": at(server.ports().imaps), "smtp": at(server.relay().tls_port())}),
            )
            .await
            .unwrap();
        let id = AccountId(account["id"].as_i64().unwrap());
        let listed: Vec<store::mailbox::Listed> = [
            ("INBOX", model::mailbox::MailboxRole::Inbox),
            ("Sent", model::mailbox::MailboxRole::Sent),
            ("Drafts", model::mailbox::MailboxRole::Drafts),
        ]
        .map(|(path, role)| store::mailbox::Listed {
            key: path.into(),
            path: path.into(),
            role: Some(role),
            selectable: true,
            messages: None,
        })
        .to_vec();
        for mailbox in ["Sent", "Drafts"] {
            server.make_mailbox(name, mailbox);
        }
        self.engine.store().write(move |w| store::mailbox::sync(w, id, &listed)).await.unwrap();
        id
    }

    /// An account at the scripted Gmail behind this address, signed in as this person.
    pub async fn google(&self, api: &str, email: &str) -> AccountId {
        let endpoints = json!({"api": api, "authorize": format!("{api}/authorize"), "token": format!("{api}/token"),
            "revoke": format!("{api}/revoke")});
        let settings =
            json!({"name": "google", "client_id": "tests", "client_secret": "secret", "endpoints": endpoints});
        let _: Value = self.call("provider.set", settings).await.unwrap();
        let ticket: Value =
            self.call("account.begin_sign_in", json!({"provider": "google", "email": email})).await.unwrap();
        let address = ticket["address"].as_str().unwrap().to_owned();
        let browser = tokio::task::spawn_blocking(move || e2e::web::browse(&address));
        let finish = self.call("account.finish_sign_in", json!({"ticket": ticket["ticket"]}));
        // A browser that fails ends the wait for it.
        let (account, ()) = tokio::join!(finish, async { drop(browser.await.unwrap()) });
        let account: model::account::Account = account.unwrap();
        account.id
    }

    /// One round of an account.
    pub async fn sync(&self, account: AccountId) -> engine::sync::RoundReport {
        engine::sync::round(&self.engine, account, false, &CancellationToken::new()).await.unwrap()
    }

    /// A letter put into the ledger.
    pub async fn compose(&self, from: &str, to: &[&str], subject: &str) -> Submission {
        self.call("submission.compose", json!({"from": from, "to": to, "subject": subject, "text": "body"}))
            .await
            .unwrap()
    }

    /// Waits until a letter is in this state.
    pub async fn reaches(&self, id: SubmissionId, state: SubmissionState) -> Submission {
        let what = format!("letter {id} is {state:?}");
        until(&what, || async { self.letter(id).await.state == state }).await;
        self.letter(id).await
    }

    /// Runs the outbox of an account.
    pub fn run_outbox(&self, account: AccountId) -> Running {
        let cancel = CancellationToken::new();
        let task = tokio::spawn(engine::outbox::run_account(self.engine.clone(), account, cancel.clone()));
        Running { cancel, task }
    }

    /// Something changed that workers look at: they look at the clock, too.
    pub async fn nudge(&self) {
        self.engine
            .store()
            .write(|w| {
                w.changed(model::Noun::Submission, None::<i64>);
                w.changed(model::Noun::Draft, None::<i64>);
                Ok(())
            })
            .await
            .unwrap();
    }

    /// A draft to somebody from the first account.
    pub async fn draft(&self, to: &str, subject: &str, text: &str) -> Draft {
        let draft: Draft = self
            .call(
                "draft.create",
                json!({"kind": "new", "to": [{"name": "", "email": to}], "subject": subject, "text": text}),
            )
            .await
            .unwrap();
        draft
    }

    /// A letter of the ledger.
    pub async fn letter(&self, id: SubmissionId) -> Submission {
        self.call("submission.get", json!({"id": id})).await.unwrap()
    }

    /// A letter once it is accepted.
    pub async fn settled(&self, id: SubmissionId) -> Submission {
        until("the letter is accepted", || async { self.letter(id).await.state == SubmissionState::Accepted }).await;
        self.letter(id).await
    }

    async fn ids_in(&self, account: AccountId, mailbox: &str) -> Vec<model::MessageId> {
        let mailbox = mailbox.to_owned();
        self.engine
            .store()
            .read(move |r| {
                let all = store::mailbox::list(r, Some(account))?;
                let id = all.iter().find(|m| m.path == mailbox).unwrap().id;
                let mut found = Vec::new();
                let mut next = 1;
                // Small mailboxes: every id is looked at.
                while next < 500 {
                    if let Ok(message) = store::message::get(r, model::MessageId(next))
                        && message.mailbox_ids.contains(&id)
                    {
                        found.push(message.id);
                    }
                    next += 1;
                }
                Ok(found)
            })
            .await
            .unwrap()
    }

    /// The subjects in a mailbox, oldest first.
    pub async fn in_mailbox(&self, account: AccountId, mailbox: &str) -> Vec<String> {
        let ids = self.ids_in(account, mailbox).await;
        self.engine
            .store()
            .read(move |r| ids.iter().map(|id| Ok(store::message::get(r, *id)?.subject)).collect())
            .await
            .unwrap()
    }

    /// The ids in a mailbox, oldest first.
    pub async fn messages(&self, account: AccountId, mailbox: &str) -> Vec<model::MessageId> {
        self.ids_in(account, mailbox).await
    }

    /// The raw bytes of the newest message of a mailbox.
    pub async fn raw_of(&self, account: AccountId, mailbox: &str) -> Vec<u8> {
        let id = *self.ids_in(account, mailbox).await.last().unwrap();
        let store = self.engine.store().clone();
        let hash = store.read(move |r| store::message::content(r, id)).await.unwrap().unwrap();
        store.content().get(hash).unwrap()
    }

    /// Puts a message into a mailbox of a sandbox account.
    pub async fn deliver(&self, account: AccountId, mailbox: &str, raw: &[u8]) -> model::MessageId {
        let store = self.engine.store().clone();
        let hash = store.content().put(raw).unwrap();
        let prepared = store::message::prepare(&mail::parse::parse(raw));
        let incoming = store::ingest::Incoming {
            key: Some(format!("test-{}", hash.0[0])),
            mailboxes: vec![mailbox.to_owned()],
            flags: model::message::Flags::default(),
            received_at: self.now(),
            size: raw.len() as u64,
            body: store::ingest::Body::Whole(Box::new(prepared), hash),
            provider_thread: None,
        };
        store
            .write(move |w| {
                let delivery = store::ingest::Delivery { arrived: vec![incoming], ..Default::default() };
                store::ingest::apply(w, account, &delivery)
            })
            .await
            .unwrap();
        *self.ids_in(account, mailbox).await.last().unwrap()
    }

    /// A copy of the databases, as a backup takes them.
    pub fn backup(&self) -> PathBuf {
        let to = tempfile::tempdir().unwrap().keep();
        for name in ["mail.db", "mail.db-wal", "content.db", "content.db-wal"] {
            let from = self.path().join(name);
            if from.exists() {
                std::fs::copy(from, to.join(name)).unwrap();
            }
        }
        to
    }

    /// The profile as it is after a backup was put back: its files old, what belongs to the machine
    /// (`locks/`) as it is now.
    pub async fn restore(self, backup: &Path) -> Self {
        let Self { engine, clock, folder } = self;
        let restored = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(backup).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), restored.path().join(entry.file_name())).unwrap();
        }
        std::fs::create_dir(restored.path().join("locks")).unwrap();
        for entry in std::fs::read_dir(folder.path().join("locks")).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), restored.path().join("locks").join(entry.file_name())).unwrap();
        }
        std::fs::remove_dir_all(backup).unwrap();
        drop((engine, folder));
        let engine = open(restored.path(), &clock).await;
        Self { engine, clock, folder: restored }
    }
}

/// Waits for a condition; panics with `what` after 30 seconds.
pub async fn until<F: Future<Output = bool>>(what: &str, mut condition: impl FnMut() -> F) {
    let end = std::time::Instant::now() + Duration::from_secs(30);
    while !condition().await {
        assert!(std::time::Instant::now() < end, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
