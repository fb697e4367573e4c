//! Many letters of a Gmail account at once by IMAP, all else by the API.

use crate::post::letter;
use crate::profile::Profile;
use e2e::Gmail;
use e2e::gmail::Imap;
use engine::sync::RoundReport;
use model::account::{Account, SyncPhase};
use model::message::Message;
use model::{AccountId, Error, ErrorCode, MessageId};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

struct Office {
    server: Gmail,
    imap: Imap,
    profile: Profile,
    account: AccountId,
}

impl Office {
    async fn new() -> Self {
        let server = Gmail::start();
        let imap = server.imap();
        let profile = Profile::new().await;
        let account = profile.google(&server.url(), &server.email()).await;
        let set = json!({"name": "google", "endpoints": {"imap": imap.address()}});
        profile.call::<Value>("provider.set", set).await.unwrap();
        let chosen: Account = profile.call("account.update", json!({"id": account, "bulk_imap": true})).await.unwrap();
        assert!(chosen.bulk_imap);
        Self { server, imap, profile, account }
    }

    fn put(&self, id: &str, labels: &[&str]) -> String {
        self.server.put(&letter(id, "Ann <ann@x.test>", &format!("Subject {id}"), id), labels)
    }

    async fn round(&self) -> Result<RoundReport, Error> {
        engine::sync::round(&self.profile.engine, self.account, false, &CancellationToken::new()).await
    }

    async fn message(&self, id: &str) -> Option<Message> {
        let (account, message_id) = (self.account, format!("{id}@x.test"));
        let found: Vec<MessageId> = self
            .profile
            .engine
            .store()
            .read(move |r| store::message::by_message_id(r, account, &message_id))
            .await
            .unwrap();
        assert!(found.len() < 2, "{id} is here {} times", found.len());
        Some(self.profile.call("message.get", json!({"id": found.first()?})).await.unwrap())
    }

    /// The paths of the mailboxes a letter is in.
    async fn places(&self, id: &str) -> Vec<String> {
        let all: Vec<model::mailbox::Mailbox> =
            self.profile.call("mailbox.list", json!({"account_id": self.account})).await.unwrap();
        let ids = self.message(id).await.map(|m| m.mailbox_ids).unwrap_or_default();
        let mut paths: Vec<String> = all.into_iter().filter(|m| ids.contains(&m.id)).map(|m| m.path).collect();
        paths.sort();
        paths
    }

    async fn state(&self) -> model::account::SyncState {
        self.profile.call::<Account>("account.get", json!({"id": self.account})).await.unwrap().sync
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_letters_come_by_imap_under_the_ids_of_the_api_and_later_ones_by_the_api() {
    let office = Office::new().await;
    let own = office.server.mailbox(|mailbox| mailbox.make_label("Projects/Roof"));
    office.put("read", &["INBOX"]);
    office.put("archived", &["UNREAD"]);
    office.put("starred", &["INBOX", "STARRED", "UNREAD", &own]);
    office.put("spam", &["SPAM", "UNREAD"]);
    office.put("trash", &["TRASH"]);
    office.put("newest", &["INBOX", "UNREAD"]);
    let report = office.round().await.unwrap();
    assert_eq!((report.messages, report.unreadable), (6, 0));
    assert_eq!(office.server.given(), 0, "no letter by the API");
    let named = |id: &str| office.server.mailbox(|m| m.by_message_id(&format!("{id}@x.test"))[0].id.clone());
    let order: Vec<String> = ["newest", "starred", "archived", "read"].map(named).to_vec();
    let given = office.imap.given();
    assert_eq!(given.iter().filter(|id| order.contains(id)).count(), 4);
    assert_eq!(given.len(), 6);
    assert_eq!(office.places("starred").await, ["All Mail", "Inbox", "Projects/Roof"]);
    assert_eq!(office.places("archived").await, ["All Mail"]);
    assert_eq!(
        (office.places("spam").await, office.places("trash").await),
        (vec!["Spam".into()], vec!["Trash".into()])
    );
    let starred = office.message("starred").await.unwrap();
    assert!(starred.flags.flagged && !starred.flags.seen);
    assert!(office.message("read").await.unwrap().flags.seen);
    let state = office.state().await;
    assert_eq!((state.phase, state.error), (SyncPhase::UpToDate, None));

    // From now on the API: a new letter, a change there, an act here.
    office.put("later", &["INBOX", "UNREAD"]);
    office.server.mailbox(|mailbox| {
        let id = mailbox.by_message_id("archived@x.test")[0].id.clone();
        mailbox.relabel(&id, &["INBOX".into()], &["UNREAD".into()])
    });
    office.round().await.unwrap();
    assert_eq!((office.server.given(), office.imap.given().len()), (1, 6));
    assert_eq!(office.places("archived").await, ["All Mail", "Inbox"]);
    assert!(office.message("archived").await.unwrap().flags.seen);
    let newest = office.message("newest").await.unwrap();
    let selection = json!({"messages": [newest.id]});
    office.profile.call::<Value>("message.archive", json!({"selection": selection})).await.unwrap();
    engine::outbox::replay(&office.profile.engine, office.account, &CancellationToken::new()).await.unwrap();
    assert_eq!(office.server.labels("newest@x.test").unwrap(), ["UNREAD"]);
    let again = office.round().await.unwrap();
    assert_eq!((again.new, again.removed, office.imap.given().len()), (0, 0, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_imap_does_not_show_comes_by_the_api_and_it_is_said() {
    let office = Office::new().await;
    let hidden = office.put("hidden", &["INBOX"]);
    office.put("shown", &["INBOX"]);
    office.imap.hide(&hidden);
    assert_eq!(office.round().await.unwrap().messages, 2);
    assert_eq!((office.server.given(), office.imap.given().len()), (1, 1));
    let state = office.state().await;
    assert_eq!(state.phase, SyncPhase::UpToDate);
    let said = state.error.unwrap();
    assert!(said.code == ErrorCode::Refused && said.message.contains("1 letter"), "{said}");
    let log: Vec<model::account::SyncLogEntry> =
        office.profile.call("account.log", json!({"id": office.account})).await.unwrap();
    assert!(log[0].error.is_some(), "the log keeps it");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_imap_is_refused_the_api_fetches_everything_and_it_is_said() {
    for hides_all_mail in [false, true] {
        let office = Office::new().await;
        office.put("a", &["INBOX"]);
        office.put("b", &["SPAM"]);
        if hides_all_mail {
            office.imap.hide_all_mail();
        } else {
            office.imap.refuse();
        }
        assert_eq!(office.round().await.unwrap().messages, 2);
        assert_eq!((office.server.given(), office.imap.given().len()), (2, 0));
        let state = office.state().await;
        assert_eq!(state.phase, SyncPhase::UpToDate);
        let said = state.error.unwrap();
        assert!(said.code == ErrorCode::Refused && said.message.contains("API"), "{said}");
        assert!(said.detail.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_ends_half_way_costs_no_letter_and_none_comes_twice() {
    let office = Office::new().await;
    for number in 0..120 {
        office.put(&format!("n{number}"), &["INBOX", "UNREAD"]);
    }
    office.imap.end_after(70);
    assert_eq!(office.round().await.unwrap().messages, 120);
    // The step of fifty that broke off comes again by the API.
    assert_eq!(office.server.given(), 70);
    for number in [0, 60, 119] {
        assert!(office.message(&format!("n{number}")).await.is_some());
    }
    assert!(office.state().await.error.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_while_letters_come_is_not_forgotten() {
    let office = Office::new().await;
    for number in 0..110 {
        office.put(&format!("n{number}"), &["INBOX", "UNREAD"]);
    }
    office.imap.meanwhile(|mailbox| {
        let id = |mailbox: &e2e::gmail::Mailbox, n: &str| mailbox.by_message_id(&format!("{n}@x.test"))[0].id.clone();
        let (read, gone) = (id(mailbox, "n0"), id(mailbox, "n1"));
        mailbox.relabel(&read, &["STARRED".into()], &["UNREAD".into(), "INBOX".into()]);
        mailbox.delete(&gone);
        mailbox.add(&letter("new", "Ann <ann@x.test>", "New", "new"), &["INBOX"], None);
    });
    office.round().await.unwrap();
    let changed = office.message("n0").await.unwrap();
    assert!(changed.flags.seen && changed.flags.flagged);
    assert_eq!(office.places("n0").await, ["All Mail"]);
    assert!(office.message("n1").await.is_none());
    assert_eq!(office.places("new").await, ["All Mail", "Inbox"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_gmail_account_by_its_api_has_the_choice() {
    let profile = Profile::new().await;
    let account = profile.sandbox("me@x.test").await;
    let refused =
        profile.call::<Account>("account.update", json!({"id": account, "bulk_imap": true})).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid);
    let begin = json!({"provider": "microsoft", "bulk_imap": true});
    let set = json!({"name": "microsoft", "client_id": "tests"});
    profile.call::<Value>("provider.set", set).await.unwrap();
    let refused = profile.call::<Value>("account.begin_sign_in", begin).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_date_holds_for_letters_by_imap_too() {
    let office = Office::new().await;
    let old = office.put("old", &["INBOX"]);
    office.put("new", &["INBOX"]);
    let day = 24 * 3600 * 1000;
    office.server.mailbox(|mailbox| {
        mailbox.messages.values_mut().filter(|m| m.id == old).for_each(|m| m.date -= 400 * day);
    });
    let since = async |at: Option<i64>| {
        let change = json!({"id": office.account, "since_at": at});
        office.profile.call::<Account>("account.update", change).await.unwrap();
        office.round().await.unwrap().messages
    };
    assert_eq!(since(Some(office.profile.now().0 - 30 * day)).await, 1);
    assert_eq!(office.imap.given().len(), 1);
    assert_eq!(since(None).await, 2);
    assert_eq!((office.imap.given(), office.server.given()), (vec![office.imap.given()[0].clone(), old], 0));
}
