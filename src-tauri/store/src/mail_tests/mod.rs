//! What comes in and what people do with it, held against a recount after every step.

use crate::account::NewAccount;
use crate::content::pack;
use crate::ingest::{Body, Delivery, Incoming, apply};
use crate::known::{has, known};
use crate::mailbox::{Listed, check_counts};
use crate::operation::{self, Claim};
use crate::search::Today;
use crate::{Store, list, mailbox, message, placement};
use model::account::AccountKind;
use model::mailbox::MailboxRole;
use model::message::{FlagArgs, Flags, ListScope, ListSort, MessageListArgs, Selection, ThreadListArgs};
use model::{AccountId, Error, ErrorCode, MailboxId, MessageId, Result, SystemClock, ThreadId, Timestamp};
use std::sync::Arc;

mod acts;
mod responses;
mod searches;
mod snoozes;
mod sweeps;

struct House {
    _folder: tempfile::TempDir,
    store: Store,
    account: AccountId,
}

const SEEN: Flags = Flags { seen: true, flagged: false, answered: false, forwarded: false, draft: false };

fn listed(key: &str, role: Option<MailboxRole>) -> Listed {
    Listed { key: key.into(), path: key.into(), role, selectable: true, messages: None }
}

fn whole(key: &str, mailbox: &str, raw: &str, flags: Flags) -> Incoming {
    let prepared = message::prepare(&mail::parse::parse(raw.as_bytes()));
    Incoming {
        key: Some(key.into()),
        mailboxes: vec![mailbox.into()],
        flags,
        received_at: Timestamp(1_795_000_000_000),
        size: raw.len() as u64,
        body: Body::Whole(Box::new(prepared), pack(raw.as_bytes()).hash()),
        provider_thread: None,
    }
}

fn letter(id: &str, from: &str, subject: &str, more: &str, body: &str) -> String {
    format!(
        "Message-ID: <{id}@x>\r\nFrom: {from}\r\nTo: Me <me@example.org>\r\nSubject: {subject}\r\nDate: Thu, 19 Nov 2026 10:00:00 +0000\r\n{more}\r\n{body}\r\n"
    )
}

impl House {
    async fn of(kind: AccountKind) -> Self {
        Self::at(kind, Arc::new(SystemClock)).await
    }

    async fn at(kind: AccountKind, clock: Arc<dyn model::Clock>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), clock).unwrap();
        let account = store
            .write(move |w| {
                crate::account::insert(
                    w,
                    &NewAccount {
                        name: "me".into(),
                        email: "me@example.org".into(),
                        kind,
                        sender_name: "Me".into(),
                        imap: None,
                        smtp: None,
                        ca_pem: None,
                        since_at: None,
                        sign_in: None,
                        bulk_imap: false,
                    },
                )
            })
            .await
            .unwrap();
        let house = Self { _folder: folder, store, account };
        house
            .write(|w, account| {
                mailbox::sync(
                    w,
                    account,
                    &[
                        listed("INBOX", Some(MailboxRole::Inbox)),
                        listed("Sent", Some(MailboxRole::Sent)),
                        listed("Trash", Some(MailboxRole::Trash)),
                        listed("Projects", None),
                    ],
                )
            })
            .await
            .unwrap();
        house
    }

    async fn new() -> Self {
        Self::of(AccountKind::Imap).await
    }

    /// Writes, then holds every count against a recount.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut crate::WriteTx<'_>, AccountId) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let account = self.account;
        let result = self.store.write(move |w| work(w, account)).await;
        let findings = self.store.read(|r| check_counts(r)).await.unwrap();
        assert!(findings.is_empty(), "{findings:?}");
        result
    }

    async fn take(&self, arrived: Vec<Incoming>) -> crate::sync_log::Tally {
        self.write(|w, a| apply(w, a, &Delivery { mailbox: "INBOX".into(), arrived, ..Delivery::default() }))
            .await
            .unwrap()
    }

    async fn deliver(&self, delivery: Delivery) -> Result<crate::sync_log::Tally> {
        self.write(move |w, a| apply(w, a, &delivery)).await
    }

    fn box_id(&self, key: &str) -> MailboxId {
        let account = self.account;
        self.store.read_now(|r| mailbox::by_key(r, account, key)).unwrap().unwrap()
    }

    fn counts(&self, key: &str) -> (u32, u32) {
        let id = self.box_id(key);
        let found = self.store.read_now(|r| mailbox::get(r, id)).unwrap();
        (found.messages, found.unread)
    }

    fn threads(&self, scope: ListScope) -> model::message::ThreadPage {
        let args = ThreadListArgs { scope, limit: 100, ..ThreadListArgs::default() };
        self.store.read_now(|r| list::threads(r, &args, &today())).unwrap()
    }

    fn inbox(&self) -> model::message::ThreadPage {
        self.threads(ListScope { mailbox_id: Some(self.box_id("INBOX")), ..ListScope::default() })
    }

    fn search(&self, query: &str) -> Vec<String> {
        let args = MessageListArgs {
            scope: ListScope { query: Some(query.into()), ..ListScope::default() },
            limit: 100,
            ..MessageListArgs::default()
        };
        let page = self.store.read_now(|r| list::messages(r, &args, &today())).unwrap();
        assert_eq!(page.total as usize, page.rows.len());
        page.rows.into_iter().map(|m| m.message_id.trim_end_matches("@x").to_owned()).collect()
    }

    fn id(&self, message_id: &str) -> MessageId {
        let account = self.account;
        self.store.read_now(|r| message::by_message_id(r, account, &format!("{message_id}@x"))).unwrap()[0]
    }

    fn thread_of(&self, message_id: &str) -> ThreadId {
        let id = self.id(message_id);
        self.store.read_now(|r| message::get(r, id)).unwrap().thread_id
    }

    fn flags(&self, message_id: &str) -> Flags {
        let id = self.id(message_id);
        self.store.read_now(|r| message::get(r, id)).unwrap().flags
    }

    fn selection(&self, ids: &[&str]) -> Selection {
        Selection { messages: ids.iter().map(|id| self.id(id)).collect(), ..Selection::default() }
    }
}

fn today() -> Today {
    Today { now: Timestamp(1_795_363_200_000), zone: Some(jiff::tz::TimeZone::UTC) }
}

#[tokio::test]
async fn a_batch_is_listed_counted_and_known() {
    let house = House::new().await;
    let tally = house
        .take(vec![
            whole("7:1", "INBOX", &letter("a", "Ann <ann@example.org>", "Hello", "", "one"), Flags::default()),
            whole("7:10", "INBOX", &letter("b", "Bob <bob@example.org>", "World", "", "two"), SEEN),
            whole(
                "7:2",
                "INBOX",
                &letter("c", "Ann <ann@example.org>", "Re: Hello", "References: <a@x>\r\n", "three"),
                Flags::default(),
            ),
        ])
        .await;
    assert_eq!(tally.new, 3);
    assert_eq!(house.counts("INBOX"), (3, 2));
    let page = house.inbox();
    assert_eq!(page.total, 2);
    let hello = page.rows.iter().find(|r| r.id == house.thread_of("a")).unwrap();
    assert_eq!((hello.messages, hello.matching, hello.unread), (2, 2, 2));
    let account = house.account;
    let rows = house.store.read_now(|r| known(r, account, "INBOX")).unwrap();
    assert_eq!(rows.iter().map(|k| k.key.as_str()).collect::<Vec<_>>(), ["7:1", "7:2", "7:10"]);
    let fingerprint = (
        String::from("a@x"),
        letter("a", "Ann <ann@example.org>", "Hello", "", "one").len() as u64,
        Timestamp(1_795_000_000_000),
    );
    assert_eq!(
        house.store.read_now(|r| has(r, account, &[fingerprint, ("z@x".into(), 1, Timestamp(1))])).unwrap(),
        [true, false]
    );
}

#[tokio::test]
async fn a_message_that_links_two_conversations_makes_them_one() {
    let house = House::new().await;
    house
        .take(vec![
            whole("1:1", "INBOX", &letter("a", "Ann <a@x.org>", "One", "", ""), SEEN),
            whole("1:2", "INBOX", &letter("b", "Bob <b@x.org>", "Two", "", ""), SEEN),
        ])
        .await;
    assert_ne!(house.thread_of("a"), house.thread_of("b"));
    house
        .take(vec![whole(
            "1:3",
            "INBOX",
            &letter("c", "Cy <c@x.org>", "Three", "References: <a@x> <b@x>\r\n", ""),
            SEEN,
        )])
        .await;
    assert_eq!(house.thread_of("a"), house.thread_of("b"));
    assert_eq!(house.inbox().rows[0].messages, 3);
}

#[tokio::test]
async fn the_subject_joins_only_answers_without_references_among_people_who_talk_there() {
    let house = House::new().await;
    house
        .take(vec![
            whole("1:1", "INBOX", &letter("a", "Ann <a@x.org>", "Budget 2027 draft", "", ""), SEEN),
            whole("1:2", "INBOX", &letter("b", "Ann <a@x.org>", "Re: Budget 2027 draft", "", ""), SEEN),
            whole("1:3", "INBOX", &letter("c", "Eve <eve@y.org>", "Re: Budget 2027 draft", "", ""), SEEN),
            whole(
                "1:4",
                "INBOX",
                &letter("d", "Ann <a@x.org>", "Re: Budget 2027 draft", "References: <elsewhere@x>\r\n", ""),
                SEEN,
            ),
            whole("1:5", "INBOX", &letter("e", "Ann <a@x.org>", "Budget 2027 draft", "", ""), SEEN),
        ])
        .await;
    assert_eq!(house.thread_of("a"), house.thread_of("b"));
    for other in ["c", "d", "e"] {
        assert_ne!(house.thread_of("a"), house.thread_of(other), "{other}");
    }
}

#[tokio::test]
async fn a_header_is_listed_first_and_its_body_completes_the_same_row() {
    let house = House::new().await;
    let raw = letter("a", "Ann <a@x.org>", "Long", "", "the needle in the body");
    let mut header = whole("1:1", "INBOX", &raw, Flags::default());
    header.body = Body::Header(Box::new(message::prepare(&mail::parse::parse_headers(raw.as_bytes()))));
    house.take(vec![header]).await;
    let id = house.id("a");
    assert!(!house.store.read_now(|r| message::get(r, id)).unwrap().complete);
    assert_eq!(house.search("needle"), Vec::<String>::new());
    house.take(vec![whole("1:1", "INBOX", &raw, Flags::default())]).await;
    assert_eq!(house.id("a"), id);
    assert!(house.store.read_now(|r| message::get(r, id)).unwrap().complete);
    assert_eq!(house.search("needle"), ["a"]);
    assert_eq!(house.counts("INBOX"), (1, 1));
}

#[tokio::test]
async fn after_a_change_of_uidvalidity_rows_are_adopted_and_the_rest_goes_when_the_cursor_is_set() {
    let house = House::new().await;
    let (a, b) = (letter("a", "Ann <a@x.org>", "One", "", ""), letter("b", "Bob <b@x.org>", "Two", "", ""));
    house.take(vec![whole("7:1", "INBOX", &a, SEEN), whole("7:2", "INBOX", &b, SEEN)]).await;
    let before = house.id("a");
    let mut same = whole("8:1", "INBOX", &a, Flags::default());
    same.body =
        Body::Same { message_id: "a@x".into(), size: a.len() as u64, received_at: Timestamp(1_795_000_000_000) };
    house.deliver(Delivery { mailbox: "INBOX".into(), new_epoch: true, ..Delivery::default() }).await.unwrap();
    house.deliver(Delivery { mailbox: "INBOX".into(), arrived: vec![same], ..Delivery::default() }).await.unwrap();
    assert_eq!(house.counts("INBOX").0, 2, "nothing is gone before the cursor is set");
    let tally = house
        .deliver(Delivery { mailbox: "INBOX".into(), cursor: Some("8".into()), ..Delivery::default() })
        .await
        .unwrap();
    assert_eq!(tally.removed, 1);
    assert_eq!((house.id("a"), house.counts("INBOX").0), (before, 1));
    assert!(!house.flags("a").seen);
}

#[tokio::test]
async fn what_is_gone_here_and_turns_up_there_keeps_its_row_and_an_orphan_goes_with_the_round() {
    let house = House::new().await;
    let raw = letter("a", "Ann <a@x.org>", "One", "", "");
    house.take(vec![whole("7:1", "INBOX", &raw, SEEN)]).await;
    let id = house.id("a");
    house.deliver(Delivery { mailbox: "INBOX".into(), gone: vec!["7:1".into()], ..Delivery::default() }).await.unwrap();
    assert_eq!((house.inbox().total, house.search("one").len()), (0, 0));
    house
        .deliver(Delivery {
            mailbox: "Projects".into(),
            arrived: vec![whole("3:9", "Projects", &raw, SEEN)],
            ..Delivery::default()
        })
        .await
        .unwrap();
    assert_eq!((house.id("a"), house.counts("Projects")), (id, (1, 0)));
    house
        .deliver(Delivery { mailbox: "Projects".into(), gone: vec!["3:9".into()], ..Delivery::default() })
        .await
        .unwrap();
    house.write(placement::purge).await.unwrap();
    let account = house.account;
    assert!(house.store.read_now(|r| message::by_message_id(r, account, "a@x")).unwrap().is_empty());
}

#[tokio::test]
async fn a_message_said_to_be_here_that_is_not_stops_the_batch() {
    let house = House::new().await;
    let mut same = whole("8:1", "INBOX", "x", SEEN);
    same.body = Body::Same { message_id: "q@x".into(), size: 1, received_at: Timestamp(1) };
    let error = house
        .deliver(Delivery {
            mailbox: "INBOX".into(),
            arrived: vec![same],
            cursor: Some("c".into()),
            ..Delivery::default()
        })
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    let account = house.account;
    assert_eq!(house.store.read_now(|r| mailbox::cursor(r, account, "INBOX")).unwrap(), None);
}

#[tokio::test]
async fn lists_page_in_every_order_and_scope_with_exact_totals() {
    let house = House::new().await;
    let mut arrived = Vec::new();
    for n in 0..25 {
        let raw = letter(
            &format!("m{n}"),
            &format!("P{:02} <p{n}@x.org>", n * 7 % 25),
            &format!("S{:02} topic", n * 3 % 25),
            "",
            &"x".repeat(n * 10),
        )
        .replace("10:00:00", &format!("10:{n:02}:00"));
        let flags = Flags { seen: n % 5 != 0, flagged: n % 10 == 0, ..Flags::default() };
        arrived.push(whole(&format!("1:{}", n + 1), if n % 2 == 0 { "INBOX" } else { "Projects" }, &raw, flags));
    }
    house.take(arrived).await;
    let page = |scope: ListScope, sort, offset, limit| {
        let args = ThreadListArgs { scope, sort, offset, limit };
        house.store.read_now(|r| list::threads(r, &args, &today())).unwrap()
    };
    let inbox = ListScope { role: Some(MailboxRole::Inbox), ..ListScope::default() };
    let first = page(inbox.clone(), ListSort::Newest, 0, 5);
    assert_eq!((first.total, first.rows.len(), first.rows[0].subject.as_str()), (13, 5, "S22 topic"));
    assert!(first.rows.windows(2).all(|w| w[0].last_at >= w[1].last_at));
    assert_eq!(page(inbox.clone(), ListSort::Newest, 10, 5).rows.len(), 3);
    assert!(page(inbox.clone(), ListSort::Subject, 0, 50).rows.windows(2).all(|w| w[0].subject <= w[1].subject));
    assert!(
        page(inbox.clone(), ListSort::From, 0, 50).rows.windows(2).all(|w| w[0].people[0].name <= w[1].people[0].name)
    );
    assert!(page(inbox.clone(), ListSort::Largest, 0, 50).rows.windows(2).all(|w| w[0].size >= w[1].size));
    let unread = page(ListScope { unread: true, ..inbox.clone() }, ListSort::Newest, 0, 50);
    assert_eq!((unread.total, unread.rows.len()), (3, 3));
    assert_eq!(
        page(ListScope { account_id: Some(house.account), ..ListScope::default() }, ListSort::Newest, 0, 50).total,
        25
    );
    assert_eq!(page(ListScope { flagged: true, ..ListScope::default() }, ListSort::Oldest, 0, 50).total, 3);
    let args = MessageListArgs {
        scope: ListScope { mailbox_id: Some(house.box_id("Projects")), ..ListScope::default() },
        limit: 7,
        offset: 3,
        ..MessageListArgs::default()
    };
    let messages = house.store.read_now(|r| list::messages(r, &args, &today())).unwrap();
    assert_eq!((messages.total, messages.rows.len()), (12, 7));
}

#[tokio::test]
async fn people_are_completed_by_any_part_of_their_name_and_those_we_write_to_come_first() {
    let house = House::new().await;
    let sent = letter("s", "Me <me@example.org>", "Hi", "", "")
        .replace("To: Me <me@example.org>", "To: Anna Žák <anna@firma.test>");
    house
        .deliver(Delivery {
            mailbox: "Sent".into(),
            arrived: vec![whole("4:1", "Sent", &sent, SEEN)],
            ..Delivery::default()
        })
        .await
        .unwrap();
    house
        .take(vec![
            whole("1:1", "INBOX", &letter("a", "Annabel <annabel@x.org>", "1", "", ""), SEEN),
            whole("1:2", "INBOX", &letter("b", "Joanna <joanna@x.org>", "2", "", ""), SEEN),
        ])
        .await;
    let complete = |text: &str| -> Vec<String> {
        let typed = crate::likeness::Typed::new(text);
        let until = std::time::Instant::now() + std::time::Duration::from_secs(10);
        let found = house.store.read_now(|r| crate::correspondent::complete(r, &typed, 10, until)).unwrap();
        found.into_iter().map(|a| a.email).collect()
    };
    assert_eq!(complete("ann"), ["anna@firma.test", "annabel@x.org", "joanna@x.org"]);
    assert_eq!(complete("zak"), ["anna@firma.test"]);
    assert_eq!(complete("firma anna"), ["anna@firma.test"]);
    assert_eq!(complete("joahna"), ["joanna@x.org"], "one mistake");
    assert_eq!(complete("az"), ["anna@firma.test"], "initials");
    assert_eq!(
        complete("annab"),
        ["annabel@x.org", "anna@firma.test"],
        "a guess comes after what was typed, however often we write"
    );
    assert!(complete("me@example").is_empty() && complete("%").is_empty());
}

#[tokio::test]
async fn a_mailbox_missing_from_the_server_s_list_is_gone_with_what_was_only_there() {
    let house = House::new().await;
    house
        .deliver(Delivery {
            mailbox: "Projects".into(),
            arrived: vec![whole("3:1", "Projects", &letter("a", "A <a@x.org>", "1", "", ""), SEEN)],
            ..Delivery::default()
        })
        .await
        .unwrap();
    house.take(vec![whole("1:1", "INBOX", &letter("b", "B <b@x.org>", "2", "", ""), SEEN)]).await;
    let (selection, projects) = (house.selection(&["b"]), house.box_id("Projects"));
    house.write(move |w, _| operation::move_to(w, &selection, projects)).await.unwrap();
    house.write(|w, a| mailbox::sync(w, a, &[listed("INBOX", Some(MailboxRole::Inbox))])).await.unwrap();
    assert_eq!(house.inbox().total, 1, "a move into it shows where the server has the message");
    assert_eq!(house.threads(ListScope::default()).total, 1);
    let claimed = house.write(operation::claim).await.unwrap().unwrap();
    assert_eq!(claimed.claim, Claim::Aimless);
}

#[tokio::test]
async fn flags_told_before_the_server_learned_of_an_act_do_not_take_it_back() {
    let house = House::new().await;
    house.take(vec![whole("1:1", "INBOX", &letter("a", "Ann <a@x.org>", "One", "", ""), Flags::default())]).await;
    let began_at = house.store.now();
    let args = FlagArgs { selection: house.selection(&["a"]), seen: Some(true), ..FlagArgs::default() };
    house.write(move |w, _| operation::flag(w, &args)).await.unwrap();
    let claimed = house.write(operation::claim).await.unwrap().unwrap();
    let Claim::Flag(groups) = claimed.claim else { panic!("{claimed:?}") };
    house
        .write(move |w, _| operation::settle_flags(w, &groups[0]).and_then(|()| operation::finish(w, claimed.id)))
        .await
        .unwrap();
    let told = |began_at| Delivery {
        mailbox: "INBOX".into(),
        flags: vec![("1:1".into(), Flags::default())],
        began_at: Some(began_at),
        ..Delivery::default()
    };
    house.deliver(told(began_at)).await.unwrap();
    assert!(house.flags("a").seen, "old news");
    house.deliver(told(house.store.now().plus_millis(1000))).await.unwrap();
    assert!(!house.flags("a").seen, "another program did it");
}
