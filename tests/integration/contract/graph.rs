//! The contract's world behind Microsoft Graph: the scripted server.

use super::{Behaviour, OWN, Place, World};
use crate::profile::Profile;
use async_trait::async_trait;
use e2e::Graph;
use e2e::graph::mailbox::{Item, Mailbox};
use e2e::graph::{EMAIL, Fault};
use model::AccountId;
use serde_json::{Value, json};

pub struct GraphWorld {
    server: Graph,
}

fn folder(place: Place) -> &'static str {
    match place {
        Place::Inbox => "inbox",
        Place::Own => OWN,
        Place::Sent => "sentitems",
        Place::Drafts => "drafts",
        Place::Archive => "archive",
        Place::Trash => "deleteditems",
    }
}

impl GraphWorld {
    pub fn start() -> Self {
        let server = Graph::start();
        server.mailbox(|mailbox| mailbox.make_folder(None, OWN));
        Self { server }
    }

    fn all_of(&self, message_id: &str) -> Vec<Item> {
        let wanted = format!("<{message_id}>");
        self.server.mailbox(|m| m.messages.values().filter(|item| item.message_id == wanted).cloned().collect())
    }

    fn id(&self, message_id: &str) -> String {
        self.all_of(message_id)[0].id.clone()
    }
}

#[async_trait]
impl World for GraphWorld {
    fn cannot(&self, behaviour: Behaviour) -> Option<&'static str> {
        (behaviour == Behaviour::Alias).then_some("Graph names no addresses to send as")
    }

    async fn account(&self, profile: &Profile) -> AccountId {
        let endpoints = json!({"api": self.server.api(), "authorize": self.server.authorize_endpoint(),
            "token": self.server.token_endpoint()});
        let settings = json!({"name": "microsoft", "client_id": "tests", "endpoints": endpoints});
        let _: Value = profile.call("provider.set", settings).await.unwrap();
        let begin = json!({"provider": "microsoft", "email": EMAIL});
        let ticket: Value = profile.call("account.begin_sign_in", begin).await.unwrap();
        let address = ticket["address"].as_str().unwrap().to_owned();
        let browser = tokio::task::spawn_blocking(move || e2e::web::browse(&address));
        let finish = profile.call("account.finish_sign_in", json!({"ticket": ticket["ticket"]}));
        let (account, ()) = tokio::join!(finish, async { drop(browser.await.unwrap()) });
        let account: model::account::Account = account.unwrap();
        account.id
    }

    fn email(&self) -> String {
        EMAIL.into()
    }

    fn put(&self, place: Place, raw: &[u8]) {
        let _ = self.server.put(folder(place), raw);
    }

    fn places(&self, message_id: &str) -> Vec<Place> {
        let items = self.all_of(message_id);
        [Place::Inbox, Place::Own, Place::Sent, Place::Drafts, Place::Archive, Place::Trash]
            .into_iter()
            .filter(|place| {
                let here = self.server.mailbox(|m| m.folder(folder(*place)));
                items.iter().any(|item| Some(&item.folder) == here.as_ref())
            })
            .collect()
    }

    fn flags(&self, message_id: &str) -> (bool, bool) {
        let item = &self.all_of(message_id)[0];
        (item.is_read, item.flag == "flagged")
    }

    fn all(&self, place: Place) -> Vec<Vec<u8>> {
        self.server.items(folder(place)).iter().map(Item::mime).collect()
    }

    fn raw(&self, place: Place, message_id: &str) -> Option<Vec<u8>> {
        let wanted = format!("<{message_id}>");
        self.server.items(folder(place)).iter().find(|item| item.message_id == wanted).map(Item::mime)
    }

    fn read_elsewhere(&self, message_id: &str) {
        let id = self.id(message_id);
        self.server.mailbox(|m| {
            m.change(&id, |item| {
                item.is_read = true;
                item.flag = "flagged".into();
            });
        });
    }

    fn keywords(&self, message_id: &str) -> Vec<String> {
        self.all_of(message_id)[0].categories.clone()
    }

    fn name_elsewhere(&self, message_id: &str, names: &[&str]) {
        let id = self.id(message_id);
        let names = names.iter().map(ToString::to_string).collect();
        self.server.mailbox(|m| m.change(&id, |item| item.categories = names));
    }

    fn move_elsewhere(&self, message_id: &str) {
        let id = self.id(message_id);
        self.server.mailbox(|m| m.move_to(&id, OWN));
    }

    fn delete_elsewhere(&self, message_id: &str) {
        let id = self.id(message_id);
        self.server.mailbox(|m| m.delete(&id));
    }

    fn taken(&self, message_id: &str) -> Vec<Vec<u8>> {
        let named = |raw: &Vec<u8>| mail::parse::parse_headers(raw).message_id == message_id;
        self.server.mailbox(|m| m.sent.iter().map(|sent| sent.raw.clone()).filter(named).collect())
    }

    fn given(&self) -> Option<usize> {
        Some(self.server.count("GET", "/$value"))
    }

    fn throttle(&self) {
        self.server.fail("GET", "/$value", 3, Fault::Busy(429, 1));
    }

    fn expire(&self) {
        self.server.expire_tokens();
    }

    fn end_permission(&self) {
        self.server.end_permission();
    }

    fn lose_cursor(&self) {
        self.server.mailbox(Mailbox::void_deltas);
    }

    fn fail_mid_page(&self) -> bool {
        self.server.fail("GET", "/$value", 1, Fault::Status(502, "BadGateway"));
        self.server.fail("GET", "/$value", 1, Fault::Dropped);
        true
    }

    fn muddle(&self) {
        self.server.mailbox(|m| m.repeats_itself = true);
    }

    fn vanish(&self, message_id: &str) {
        let target = format!("{}/$value", self.id(message_id));
        self.server.fail("GET", &target, 1, Fault::Status(404, "ErrorItemNotFound"));
    }

    fn lose_answer(&self) {
        self.server.fail("POST", "/send", 1, Fault::AnswerLost);
    }
}
