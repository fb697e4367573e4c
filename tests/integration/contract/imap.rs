//! The contract's world behind IMAP and SMTP: the tests' own Dovecot, a proxy that cuts connections.

use super::{Behaviour, OWN, Place, World};
use crate::profile::Profile;
use async_trait::async_trait;
use e2e::proxy::Fault;
use e2e::server::Stored;
use e2e::{FaultProxy, MailServer};
use model::AccountId;
use model::account::Account;
use serde_json::json;

const ANNA: &str = "anna";

pub struct Imap {
    server: MailServer,
    proxy: FaultProxy,
}

impl Imap {
    pub fn start() -> Self {
        let server = MailServer::start();
        for name in [OWN, "Sent", "Drafts", "Archive", "Trash"] {
            server.make_mailbox(ANNA, name);
        }
        let proxy = FaultProxy::before(server.ports().imaps);
        Self { server, proxy }
    }

    fn name(place: Place) -> &'static str {
        match place {
            Place::Inbox => "INBOX",
            Place::Own => OWN,
            Place::Sent => "Sent",
            Place::Drafts => "Drafts",
            Place::Archive => "Archive",
            Place::Trash => "Trash",
        }
    }

    fn one(&self, message_id: &str) -> Stored {
        self.server.find(ANNA, message_id).remove(0)
    }
}

const PLACES: [Place; 6] = [Place::Inbox, Place::Own, Place::Sent, Place::Drafts, Place::Archive, Place::Trash];

#[async_trait]
impl World for Imap {
    fn cannot(&self, behaviour: Behaviour) -> Option<&'static str> {
        match behaviour {
            Behaviour::Alias => Some("IMAP and SMTP have no list of addresses"),
            Behaviour::Keyword => Some("keywords of IMAP servers are not kept"),
            Behaviour::Throttled => Some("IMAP has no word for a pause; servers that end connections are offline"),
            Behaviour::TokenExpired | Behaviour::PermissionEnded => Some("this account signs in with a password"),
            Behaviour::Muddled => Some("IMAP tells what is, not what happened"),
            Behaviour::GoneBeforeGet => Some("a selected mailbox keeps a message until its end was told"),
            Behaviour::AnswerLost => Some("SMTP's lost answers have their own tests, phase by phase"),
            _ => None,
        }
    }

    async fn account(&self, profile: &Profile) -> AccountId {
        let user = self.server.user(ANNA);
        let ca = std::fs::read_to_string(self.server.ca_file()).unwrap();
        let at = |port: u16| json!({"host": "localhost", "port": port, "tls": "tls", "username": user.email});
        let account: Account = profile
            .call(
                "account.add_imap",
                json!({"email": user.email, "password": user.password, "ca_pem": ca, "imap": at(self.proxy.port()),
                       "smtp": at(self.server.ports().submissions)}),
            )
            .await
            .unwrap();
        account.id
    }

    fn put(&self, place: Place, raw: &[u8]) {
        self.server.put(ANNA, Self::name(place), raw, "");
    }

    fn places(&self, message_id: &str) -> Vec<Place> {
        PLACES.into_iter().filter(|p| !self.server.find_in(ANNA, Self::name(*p), message_id).is_empty()).collect()
    }

    fn flags(&self, message_id: &str) -> (bool, bool) {
        let flags = self.one(message_id).flags;
        (flags.contains('S'), flags.contains('F'))
    }

    fn all(&self, place: Place) -> Vec<Vec<u8>> {
        self.server.messages(ANNA, Self::name(place)).iter().map(Stored::raw).collect()
    }

    fn raw(&self, place: Place, message_id: &str) -> Option<Vec<u8>> {
        self.server.find_in(ANNA, Self::name(place), message_id).first().map(Stored::raw)
    }

    fn read_elsewhere(&self, message_id: &str) {
        let user = self.server.user(ANNA).email;
        self.server.doveadm(&["flags", "add", "-u", &user, "\\Seen \\Flagged", "HEADER", "Message-ID", message_id]);
    }

    fn move_elsewhere(&self, message_id: &str) {
        let user = self.server.user(ANNA).email;
        let query = ["mailbox", "INBOX", "HEADER", "Message-ID", message_id];
        self.server.doveadm(&[&["move", "-u", &user, OWN][..], &query[..]].concat());
    }

    fn delete_elsewhere(&self, message_id: &str) {
        std::fs::remove_file(&self.one(message_id).path).unwrap();
    }

    fn taken(&self, message_id: &str) -> Vec<Vec<u8>> {
        let letters = self.server.relay().letters();
        let named = |raw: &Vec<u8>| mail::parse::parse_headers(raw).message_id == message_id;
        letters.into_iter().map(|letter| letter.raw).filter(named).collect()
    }

    fn lose_cursor(&self) {
        self.server.change_uid_validity(ANNA, "INBOX");
    }

    fn fail_mid_page(&self) -> bool {
        self.proxy.set(Fault::CutAfterDown(60_000));
        false
    }

    fn mend(&self) {
        self.proxy.set(Fault::None);
    }
}
