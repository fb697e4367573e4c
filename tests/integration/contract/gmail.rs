//! The contract's world behind Gmail's API: the scripted server.

use super::{Behaviour, OWN, Place, World};
use crate::profile::Profile;
use async_trait::async_trait;
use e2e::Gmail;
use e2e::gmail::{Fault, SendAs};
use model::AccountId;

pub struct GmailWorld {
    server: Gmail,
}

impl GmailWorld {
    pub fn start() -> Self {
        let server = Gmail::start();
        server.mailbox(|mailbox| mailbox.make_label(OWN));
        Self { server }
    }

    fn own(&self) -> String {
        self.server.mailbox(|mailbox| mailbox.make_label(OWN))
    }

    /// The id of the message.
    fn one(&self, message_id: &str) -> String {
        self.server.mailbox(|mailbox| mailbox.by_message_id(message_id)[0].id.clone())
    }

    fn relabel(&self, message_id: &str, add: &[&str], remove: &[&str]) {
        let id = self.one(message_id);
        let owned = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(self.server.mailbox(|mailbox| mailbox.relabel(&id, &owned(add), &owned(remove))));
    }
}

#[async_trait]
impl World for GmailWorld {
    fn cannot(&self, behaviour: Behaviour) -> Option<&'static str> {
        (behaviour == Behaviour::Keyword).then_some("Gmail's labels are mailboxes here")
    }

    async fn account(&self, profile: &Profile) -> AccountId {
        profile.google(&self.server.url(), &self.server.email()).await
    }

    fn put(&self, place: Place, raw: &[u8]) {
        let own = self.own();
        match place {
            Place::Inbox => self.server.put(raw, &["INBOX", "UNREAD", "CATEGORY_PERSONAL"]),
            Place::Own => self.server.put(raw, &[&own, "UNREAD"]),
            Place::Sent => self.server.put(raw, &["SENT"]),
            Place::Drafts => self.server.put(raw, &["DRAFT"]),
            Place::Archive => self.server.put(raw, &["UNREAD"]),
            Place::Trash => self.server.put(raw, &["TRASH", "UNREAD"]),
        };
    }

    fn places(&self, message_id: &str) -> Vec<Place> {
        let Some(labels) = self.server.labels(message_id) else { return Vec::new() };
        let own = self.own();
        let named = |label: &String| match label.as_str() {
            "INBOX" => Some(Place::Inbox),
            "SENT" => Some(Place::Sent),
            "DRAFT" => Some(Place::Drafts),
            label if label == own => Some(Place::Own),
            _ => None,
        };
        if labels.iter().any(|label| label == "TRASH") {
            return vec![Place::Trash];
        }
        let mut places: Vec<Place> = labels.iter().filter_map(named).collect();
        if places.is_empty() {
            places.push(Place::Archive);
        }
        places.sort();
        places
    }

    fn flags(&self, message_id: &str) -> (bool, bool) {
        let labels = self.server.labels(message_id).unwrap();
        let has = |name: &str| labels.iter().any(|label| label == name);
        (!has("UNREAD"), has("STARRED"))
    }

    fn all(&self, place: Place) -> Vec<Vec<u8>> {
        let ids: Vec<(String, Vec<u8>)> =
            self.server.mailbox(|mailbox| mailbox.messages.values().map(|m| (m.message_id(), m.raw.clone())).collect());
        ids.into_iter().filter(|(id, _)| self.places(id).contains(&place)).map(|(_, raw)| raw).collect()
    }

    fn raw(&self, place: Place, message_id: &str) -> Option<Vec<u8>> {
        self.places(message_id)
            .contains(&place)
            .then(|| self.server.mailbox(|mailbox| mailbox.by_message_id(message_id)[0].raw.clone()))
    }

    fn read_elsewhere(&self, message_id: &str) {
        self.relabel(message_id, &["STARRED"], &["UNREAD"]);
    }

    fn move_elsewhere(&self, message_id: &str) {
        let own = self.own();
        self.relabel(message_id, &[&own], &["INBOX"]);
    }

    fn delete_elsewhere(&self, message_id: &str) {
        let id = self.one(message_id);
        assert!(self.server.mailbox(|mailbox| mailbox.delete(&id)));
    }

    fn taken(&self, message_id: &str) -> Vec<Vec<u8>> {
        let named = |raw: &Vec<u8>| mail::parse::parse_headers(raw).message_id == message_id;
        self.server.sent().into_iter().filter(named).collect()
    }

    fn given(&self) -> Option<usize> {
        Some(self.server.given())
    }

    fn alias(&self) -> String {
        let alias = "sales@tabella.test".to_owned();
        self.server.mailbox(|mailbox| {
            let one = |email: &str, verified| SendAs { email: email.to_owned(), name: "Sales".to_owned(), verified };
            mailbox.send_as = vec![one(&alias, true), one("waiting@tabella.test", false)];
        });
        alias
    }

    fn throttle(&self) {
        self.server.fault("PART GET", 7, Fault::Answer(429, "rateLimitExceeded", 1));
        self.server.fault("GET /gmail/v1/users/me/history", 1, Fault::Answer(403, "userRateLimitExceeded", 1));
    }

    fn expire(&self) {
        self.server.expire();
    }

    fn end_permission(&self) {
        self.server.revoke();
    }

    fn lose_cursor(&self) {
        self.server.forget_history();
    }

    fn fail_mid_page(&self) -> bool {
        self.server.fault("PART GET", 2, Fault::Answer(503, "backendError", 0));
        self.server.fault("PART GET", 1, Fault::Cut);
        true
    }

    fn muddle(&self) {
        self.server.muddle();
    }

    fn vanish(&self, message_id: &str) {
        self.server.vanish(&self.one(message_id));
    }

    fn lose_answer(&self) {
        self.server.fault("/messages/send", 1, Fault::Lost);
    }
}
