//! An engine with an IMAP account on the tests' own Dovecot.

use crate::profile::Profile;
use e2e::MailServer;
use engine::sync::RoundReport;
use model::account::Account;
use model::mailbox::Mailbox;
use model::message::{MessagePage, ThreadPage, Undoable};
use model::{AccountId, Error, MailboxId, MessageId};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// A profile with anna's account.
pub struct Post {
    pub server: MailServer,
    pub profile: Profile,
    pub account: AccountId,
}

/// A small letter.
pub fn letter(id: &str, from: &str, subject: &str, body: &str) -> Vec<u8> {
    format!(
        "Message-ID: <{id}@x.test>\r\nFrom: {from}\r\nTo: anna@tabella.test\r\nSubject: {subject}\r\n\
         Date: Thu, 19 Nov 2026 10:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

impl Post {
    /// On a server of its own.
    pub async fn new() -> Self {
        Self::on(MailServer::start(), None).await
    }

    /// On this server, through this port.
    pub async fn on(server: MailServer, port: Option<u16>) -> Self {
        let profile = Profile::new().await;
        let user = server.user("anna");
        let port = port.unwrap_or(server.ports().imaps);
        let ca = std::fs::read_to_string(server.ca_file()).unwrap();
        let account: Account = profile
            .call(
                "account.add_imap",
                json!({
                    "email": user.email, "password": user.password, "ca_pem": ca, "unchecked": true,
                    "imap": {"host": "localhost", "port": port, "tls": "tls", "username": user.email},
                    "smtp": {"host": "localhost", "port": server.ports().submissions, "tls": "tls", "username": user.email},
                }),
            )
            .await
            .unwrap();
        Self { server, profile, account: account.id }
    }

    /// One round.
    pub async fn try_round(&self) -> Result<RoundReport, Error> {
        let report = engine::sync::round(&self.profile.engine, self.account, false, &CancellationToken::new()).await;
        self.counted().await;
        report
    }

    /// One round that works.
    pub async fn round(&self) -> RoundReport {
        self.try_round().await.unwrap()
    }

    /// One round that trusts no cursor.
    pub async fn full_round(&self) -> RoundReport {
        engine::sync::round(&self.profile.engine, self.account, true, &CancellationToken::new()).await.unwrap()
    }

    /// All counts are what a recount gives.
    pub async fn counted(&self) {
        let findings = self.profile.engine.store().read(|r| store::mailbox::check_counts(r)).await.unwrap();
        assert!(findings.is_empty(), "{findings:?}");
    }

    /// Makes local acts on the server.
    pub async fn replay(&self) -> Result<u32, Error> {
        let done = engine::outbox::replay(&self.profile.engine, self.account, &CancellationToken::new()).await;
        self.counted().await;
        done
    }

    /// The account as it says of itself.
    pub async fn state(&self) -> model::account::SyncState {
        self.profile.call::<Account>("account.get", json!({"id": self.account})).await.unwrap().sync
    }

    /// A mailbox by path.
    pub async fn mailbox(&self, path: &str) -> Mailbox {
        let all: Vec<Mailbox> = self.profile.call("mailbox.list", json!({"account_id": self.account})).await.unwrap();
        all.into_iter().find(|m| m.path == path).unwrap_or_else(|| panic!("no mailbox {path}"))
    }

    /// Subjects in a mailbox, newest first.
    pub async fn subjects(&self, path: &str) -> Vec<String> {
        let id: MailboxId = self.mailbox(path).await.id;
        let page: MessagePage =
            self.profile.call("message.list", json!({"scope": {"mailbox_id": id}, "limit": 1000})).await.unwrap();
        page.rows.into_iter().map(|m| m.subject).collect()
    }

    /// What a search finds, newest first.
    pub async fn search(&self, query: &str) -> MessagePage {
        self.profile.call("message.list", json!({"scope": {"query": query}, "limit": 1000})).await.unwrap()
    }

    /// Conversations a search finds.
    pub async fn threads(&self, scope: Value) -> ThreadPage {
        self.profile.call("thread.list", json!({"scope": scope, "limit": 100})).await.unwrap()
    }

    /// The message with this Message-ID.
    pub async fn id(&self, id: &str) -> MessageId {
        let (account, id) = (self.account, format!("{id}@x.test"));
        self.profile.engine.store().read(move |r| store::message::by_message_id(r, account, &id)).await.unwrap()[0]
    }

    /// An act on one message.
    pub async fn act(&self, command: &str, id: &str, mut more: Value) -> Undoable {
        more["selection"] = json!({"messages": [self.id(id).await]});
        self.profile.call(command, more).await.unwrap()
    }

    /// Takes an act back.
    pub async fn undo(&self, act: Undoable) -> Result<Value, Error> {
        self.profile.call("operation.undo", json!({"group": act.group})).await
    }

    /// Message-IDs and flags in a mailbox of the server.
    pub fn on_server(&self, mailbox: &str) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = self
            .server
            .messages("anna", mailbox)
            .into_iter()
            .map(|m| {
                let id = mail::parse::parse_headers(&m.raw()).message_id;
                (id.trim_end_matches("@x.test").to_owned(), m.flags)
            })
            .collect();
        found.sort();
        found
    }
}
