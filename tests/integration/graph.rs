//! Microsoft Graph: rounds of sync into a real store, and acts, against a server that speaks as documented.

use std::any::Any;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use e2e::Graph;
use e2e::graph::{EMAIL, Fault, SHARED};
use engine::sync::{RoundReport, round_over};
use model::account::AccountKind;
use model::message::Flags;
use model::{AccountId, Error, ErrorCode, Timestamp};
use remote::auth::provider::{Entered, resolve};
use remote::auth::token::{Keeper, Vault};
use remote::contract::{Act, Remote, Woken};
use remote::graph::{GraphAccess, GraphRemote};
use remote::{Local, Secret};
use tokio_util::sync::CancellationToken;

use crate::memory::{Memory, letter};
use crate::profile::{Profile, until};

const SEEN: Flags = Flags { seen: true, flagged: false, answered: false, forwarded: false, draft: false };

/// A refresh token in memory.
struct Pocket(Mutex<Secret>);

#[async_trait]
impl Vault for Pocket {
    async fn load(&self) -> model::Result<Secret> {
        Ok(self.0.lock().unwrap().clone())
    }

    async fn store(&self, token: &Secret) -> model::Result<()> {
        *self.0.lock().unwrap() = token.clone();
        Ok(())
    }

    async fn turn(&self) -> model::Result<Box<dyn Any + Send>> {
        Ok(Box::new(()))
    }

    async fn ended(&self, _: &Error) {}
}

/// The way to the server's own or shared mailbox.
pub fn access(server: &Graph, mailbox: Option<&str>) -> GraphAccess {
    let entered = Entered {
        client_id: "client".into(),
        endpoints: [("token".into(), server.token_endpoint()), ("api".into(), server.api())].into(),
        ..Entered::default()
    };
    let provider = resolve("microsoft", &entered).unwrap();
    let vault = Arc::new(Pocket(Mutex::new(Secret::new("refresh-0"))));
    GraphAccess {
        api: provider.api.clone(),
        email: EMAIL.into(),
        tokens: Arc::new(Keeper::new(provider, vault, Arc::new(model::SystemClock))),
        mailbox: mailbox.map(str::to_owned),
    }
}

/// An account whose mailbox is the server's.
struct World {
    server: Graph,
    profile: Profile,
    account: AccountId,
    remote: GraphRemote,
}

impl World {
    async fn new() -> Self {
        let server = Graph::start();
        let profile = Profile::new().await;
        let new = store::account::NewAccount {
            name: EMAIL.into(),
            email: EMAIL.into(),
            kind: AccountKind::Microsoft,
            sender_name: "Anna".into(),
            imap: None,
            smtp: None,
            ca_pem: None,
            since_at: None,
            sign_in: None,
            bulk_imap: false,
        };
        let account = profile.engine.store().write(move |w| store::account::insert(w, &new)).await.unwrap();
        let remote = GraphRemote::new(access(&server, None));
        Self { server, profile, account, remote }
    }

    async fn round(&self) -> Result<RoundReport, Error> {
        round_over(&self.profile.engine, self.account, &self.remote, false, &CancellationToken::new()).await
    }

    async fn subjects(&self, mailbox: &str) -> Vec<String> {
        let mut subjects = self.profile.in_mailbox(self.account, mailbox).await;
        subjects.sort();
        subjects
    }

    async fn act(&self, act: Act) -> remote::contract::ActDone {
        self.remote.act(&act, &CancellationToken::new()).await.unwrap()
    }

    fn key(&self, folder: &str) -> String {
        self.server.mailbox(|m| m.folder(folder)).unwrap()
    }

    fn contents_fetched(&self) -> usize {
        self.server.count("GET", "/$value")
    }
}

fn subjects(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    let mut subjects: Vec<String> = numbers.into_iter().map(|n| format!("Letter {n}")).collect();
    subjects.sort();
    subjects
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_become_mailboxes_with_their_roles_and_hidden_ones_stay_away() {
    let world = World::new().await;
    world.server.mailbox(|m| {
        let deep = m.make_folder(None, "Projects");
        m.make_folder(Some(&deep), "2026/27");
        for n in 0..9 {
            m.make_folder(None, &format!("Folder {n}"));
        }
        let hidden = m.make_folder(None, "Clutter");
        let search = m.make_folder(Some("inbox"), "Weekly digests");
        for folder in &mut m.folders {
            folder.hidden |= folder.id == hidden;
            folder.search |= folder.id == search;
        }
    });
    world.round().await.unwrap();
    let account = world.account;
    let listed = world.profile.engine.store().read(move |r| store::mailbox::list(r, Some(account))).await.unwrap();
    let roles: Vec<_> = listed.iter().filter_map(|m| Some((m.path.as_str(), m.role?.as_str()))).collect();
    assert_eq!(
        roles,
        [
            ("Inbox", "inbox"),
            ("Drafts", "drafts"),
            ("Sent Items", "sent"),
            ("Archive", "archive"),
            ("Junk Email", "junk"),
            ("Deleted Items", "trash")
        ]
    );
    let paths: Vec<_> = listed.iter().map(|m| m.path.as_str()).collect();
    assert!(paths.contains(&"Projects/2026\u{2215}27") && paths.contains(&"Folder 8"), "{paths:?}");
    for absent in ["Clutter", "Inbox/Weekly digests", "Outbox"] {
        assert!(!paths.contains(&absent), "{absent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_round_brings_everything_and_the_next_ones_only_what_changed() {
    let world = World::new().await;
    for n in 0..130 {
        let _ = world.server.put("inbox", &letter(n));
    }
    let _ = world.server.put("archive", &letter(500));
    let first = world.round().await.unwrap();
    assert_eq!((first.new, first.messages), (131, 131));
    assert_eq!(world.subjects("Inbox").await, subjects(0..130));
    let fetched = world.contents_fetched();
    assert_eq!(fetched, 131);
    let quiet = world.round().await.unwrap();
    assert_eq!((quiet.new, quiet.changed, quiet.removed), (0, 0, 0));
    let (read, gone) = (world.server.items("inbox")[3].id.clone(), world.server.items("inbox")[4].id.clone());
    let _ = world.server.put("inbox", &letter(777));
    world.server.mailbox(|m| {
        m.change(&read, |item| {
            item.is_read = true;
            item.flag = "flagged".into();
            item.properties.insert("Integer 0x1081".into(), "102".into());
        });
        m.delete(&gone);
    });
    let next = world.round().await.unwrap();
    assert_eq!((next.new, next.changed, next.removed), (1, 1, 1));
    assert_eq!(world.contents_fetched(), fetched + 1);
    let account = world.account;
    let keys = vec![read.clone(), gone];
    let held = world.profile.engine.store().read(move |r| store::known::held(r, account, &keys)).await.unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].1.flags, Flags { seen: true, flagged: true, answered: true, ..Flags::default() });
    assert!(world.server.requests().iter().all(|r| {
        r.target == "/token" || r.headers.get("prefer").is_some_and(|p| p.contains("IdType=\"ImmutableId\""))
    }));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_than_four_requests_are_under_way_for_a_mailbox() {
    let world = World::new().await;
    for n in 0..40 {
        let _ = world.server.put("inbox", &letter(n));
    }
    world.server.slow_down(Duration::from_millis(10));
    let beside = GraphRemote::new(GraphAccess { ..access(&world.server, None) });
    let (memory, cancel) = (Memory::default(), CancellationToken::new());
    let scope = remote::contract::PullScope::default();
    let (one, two) = tokio::join!(world.round(), beside.pull(&memory as &dyn Local, &scope, &cancel));
    one.unwrap();
    two.unwrap();
    // The token endpoint is not the mailbox.
    assert!((2..=5).contains(&world.server.most_at_once()), "{}", world.server.most_at_once());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_moved_elsewhere_keeps_its_row_and_is_not_fetched_again() {
    let world = World::new().await;
    world.server.mailbox(|m| m.make_folder(None, "Projects"));
    let ids: Vec<String> = (0..3).map(|n| world.server.put("inbox", &letter(n))).collect();
    world.round().await.unwrap();
    let before = world.profile.messages(world.account, "Inbox").await;
    world.server.mailbox(|m| {
        m.move_to(&ids[0], "Projects");
        m.move_to(&ids[1], "archive");
        let new = m.make_folder(None, "Made elsewhere");
        m.move_to(&ids[2], &new);
    });
    world.round().await.unwrap();
    assert_eq!(world.subjects("Projects").await, subjects([0]));
    assert_eq!(world.subjects("Archive").await, subjects([1]));
    assert_eq!(world.subjects("Made elsewhere").await, subjects([2]), "a folder that was never listed");
    assert!(world.subjects("Inbox").await.is_empty());
    assert_eq!(world.contents_fetched(), 3);
    let after = world.profile.messages(world.account, "Projects").await;
    assert!(before.contains(&after[0]), "the same row");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_delta_is_listed_anew_without_fetching_what_is_here() {
    let world = World::new().await;
    let ids: Vec<String> = (0..150).map(|n| world.server.put("inbox", &letter(n))).collect();
    world.round().await.unwrap();
    world.server.mailbox(|m| {
        m.delete(&ids[7]);
        m.change(&ids[8], |item| item.is_read = true);
        m.move_to(&ids[9], "archive");
        m.void_deltas();
    });
    let _ = world.server.put("inbox", &letter(500));
    let report = world.round().await.unwrap();
    assert_eq!((report.new, report.removed), (1, 1));
    assert_eq!(world.contents_fetched(), 151);
    assert_eq!(world.subjects("Inbox").await, subjects((0..150).filter(|n| *n != 7 && *n != 9).chain([500])));
    assert_eq!(world.subjects("Archive").await, subjects([9]));
    // And from there on by changes again.
    let _ = world.server.put("inbox", &letter(501));
    assert_eq!(world.round().await.unwrap().new, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_told_twice_and_in_disorder_are_asked_about_and_change_nothing_wrongly() {
    let world = World::new().await;
    let ids: Vec<String> = (0..4).map(|n| world.server.put("inbox", &letter(n))).collect();
    world.round().await.unwrap();
    world.server.mailbox(|m| {
        m.repeats_itself = true;
        m.change(&ids[0], |item| item.is_read = true);
        m.change(&ids[0], |item| item.flag = "flagged".into());
        m.move_to(&ids[1], "archive");
        m.delete(&ids[2]);
        m.move_to(&ids[3], "archive");
        m.move_to(&ids[3], "inbox");
    });
    world.round().await.unwrap();
    assert_eq!(world.subjects("Inbox").await, subjects([0, 3]));
    assert_eq!(world.subjects("Archive").await, subjects([1]));
    assert_eq!(world.contents_fetched(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_error_in_the_middle_of_a_listing_is_resumed_where_it_was() {
    let world = World::new().await;
    for n in 0..250 {
        let _ = world.server.put("inbox", &letter(n));
    }
    world.server.fail("GET", "$skiptoken=t2x", 4, Fault::Status(502, "BadGateway"));
    let error = world.round().await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Network, "{error}");
    let fetched = world.contents_fetched();
    assert!((100..250).contains(&fetched), "the first pages were kept: {fetched}");
    assert_eq!(world.round().await.unwrap().messages, 250);
    assert_eq!(world.contents_fetched(), 250);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_gone_between_list_and_get_is_no_error() {
    let world = World::new().await;
    for n in 0..3 {
        let _ = world.server.put("inbox", &letter(n));
    }
    world.server.fail("GET", "/$value", 1, Fault::Status(404, "ErrorItemNotFound"));
    let report = world.round().await.unwrap();
    assert_eq!((report.new, report.unreadable), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_the_server_can_t_give_stands_aside_and_stops_nobody() {
    let world = World::new().await;
    let ids: Vec<String> = (0..5).map(|n| world.server.put("inbox", &letter(n))).collect();
    world.server.fail(
        "GET",
        &format!("{}/$value", ids[2]),
        100,
        Fault::Status(500, "ErrorMimeContentConversionFailed"),
    );
    let report = world.round().await.unwrap();
    assert_eq!((report.new, report.unreadable), (4, 1));
    assert_eq!(world.subjects("Inbox").await, subjects([0, 1, 3, 4]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_the_server_asks_for_is_kept() {
    let world = World::new().await;
    let _ = world.server.put("inbox", &letter(0));
    world.server.fail("GET", "/$value", 1, Fault::Busy(429, 2));
    let begin = std::time::Instant::now();
    world.round().await.unwrap();
    assert!(begin.elapsed() >= Duration::from_secs(2), "{:?}", begin.elapsed());
    // A long one is told to the worker instead of waited out.
    let _ = world.server.put("inbox", &letter(1));
    world.server.fail("GET", "/$value", 1, Fault::Busy(429, 300));
    let error = world.round().await.unwrap_err();
    assert_eq!((error.code, error.retry_after_seconds), (ErrorCode::Throttled, Some(300)));
    let asked = world.server.requests().len();
    let error = world.round().await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Throttled);
    assert_eq!(world.server.requests().len(), asked, "it is left alone meanwhile");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ends_in_the_middle_of_a_round_is_renewed_once() {
    let world = World::new().await;
    for n in 0..20 {
        let _ = world.server.put("inbox", &letter(n));
    }
    world.round().await.unwrap();
    assert_eq!(world.server.refreshes(), 1);
    world.server.expire_tokens();
    let _ = world.server.put("inbox", &letter(30));
    assert_eq!(world.round().await.unwrap().new, 1);
    assert_eq!(world.server.refreshes(), 2, "all requests waited for one refresh");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_newer_than_the_start_date_is_fetched_and_an_earlier_one_brings_the_rest() {
    let world = World::new().await;
    for n in 0..6 {
        let dated = format!("Date: Tue, {:02} Sep 2026 10:00:00 +0000\r\n", n * 4 + 1);
        let raw = [dated.as_bytes(), &letter(n)].concat();
        let _ = world.server.put("inbox", &raw);
    }
    let since: jiff::Timestamp = "2026-09-10T00:00:00Z".parse().unwrap();
    let account = world.account;
    let from = |at: Option<i64>| {
        let args = model::account::AccountUpdateArgs {
            id: Some(account),
            since_at: Some(at.map(Timestamp)),
            ..Default::default()
        };
        world.profile.engine.store().write(move |w| store::account::update(w, account, &args))
    };
    from(Some(since.as_millisecond())).await.unwrap();
    world.round().await.unwrap();
    assert_eq!(world.subjects("Inbox").await, subjects([3, 4, 5]));
    assert_eq!(world.contents_fetched(), 3);
    from(None).await.unwrap();
    world.round().await.unwrap();
    assert_eq!(world.subjects("Inbox").await, subjects(0..6));
    assert_eq!(world.contents_fetched(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_changed_elsewhere_is_fetched_anew_under_its_id() {
    let world = World::new().await;
    let id = world.server.put("drafts", &letter(1));
    world.server.mailbox(|m| m.change(&id, |item| item.is_draft = true));
    world.round().await.unwrap();
    assert_eq!(world.subjects("Drafts").await, subjects([1]));
    world.server.mailbox(|m| m.change(&id, |item| item.raw = letter(2)));
    world.round().await.unwrap();
    assert_eq!(world.subjects("Drafts").await, subjects([2]));
}

#[tokio::test(flavor = "multi_thread")]
async fn news_of_the_inbox_ends_a_wait_and_silence_does_not() {
    let world = World::new().await;
    world.round().await.unwrap();
    let cancel = CancellationToken::new();
    assert_eq!(world.remote.wait(0, &cancel).await.unwrap(), Woken::Elapsed);
    let _ = world.server.put("inbox", &letter(1));
    assert_eq!(world.remote.wait(60, &cancel).await.unwrap(), Woken::News);
    world.round().await.unwrap();
    assert_eq!(world.remote.wait(0, &cancel).await.unwrap(), Woken::Elapsed);
    let stop = cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        stop.cancel();
    });
    let begin = std::time::Instant::now();
    assert_eq!(world.remote.wait(60, &cancel).await.unwrap_err().code, ErrorCode::Cancelled);
    assert!(begin.elapsed() < Duration::from_secs(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_reach_the_server_and_may_be_repeated() {
    let world = World::new().await;
    let (one, two) = (world.server.put("inbox", &letter(1)), world.server.put("inbox", &letter(2)));
    let inbox = world.key("inbox");
    let flag = Act::Flag {
        mailbox: inbox.clone(),
        keys: vec![one.clone(), "gone".into()],
        add: Flags { flagged: true, answered: true, ..SEEN },
        remove: Flags::default(),
    };
    for _ in 0..2 {
        world.act(flag.clone()).await;
    }
    let item = world.server.items("inbox").remove(0);
    assert!(item.is_read && item.flag == "flagged");
    assert_eq!(item.properties["Integer 0x1081"], "102", "Outlook shows it as answered");
    world.act(Act::Flag { mailbox: inbox.clone(), keys: vec![one.clone()], add: Flags::default(), remove: SEEN }).await;
    assert!(!world.server.items("inbox")[0].is_read);

    let archive = world.key("archive");
    let to_archive = Act::Move { mailbox: inbox.clone(), keys: vec![one.clone(), "gone".into()], to: archive.clone() };
    world.server.fail("POST", "/move", 1, Fault::AnswerLost);
    for _ in 0..2 {
        assert_eq!(world.act(to_archive.clone()).await.keys, [(one.clone(), one.clone())]);
    }
    assert_eq!(world.server.items("archive").len(), 1);

    let delete = Act::Delete { mailbox: inbox.clone(), keys: vec![two.clone()] };
    for _ in 0..2 {
        world.act(delete.clone()).await;
    }
    assert!(world.server.items("inbox").is_empty() && world.server.items("deleteditems").is_empty());

    let create = Act::CreateMailbox { path: "It's new".into() };
    let made = world.act(create.clone()).await.keys;
    assert_eq!(world.act(create).await.keys, made, "made once");
    assert_eq!(world.server.mailbox(|m| m.folder("It's new")), Some(made[0].1.clone()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_without_permanent_deletion_deletes_in_two_steps() {
    let world = World::new().await;
    let id = world.server.put("inbox", &letter(1));
    world.server.fail("POST", "/permanentDelete", 1, Fault::Status(400, "BadRequest"));
    world.act(Act::Delete { mailbox: world.key("inbox"), keys: vec![id] }).await;
    assert!(world.server.items("inbox").is_empty() && world.server.items("deleteditems").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_draft_is_there_once_and_found_by_its_message_id() {
    let world = World::new().await;
    let drafts = world.key("drafts");
    let append = Act::Append {
        mailbox: drafts.clone(),
        raw: letter(1),
        message_id: "letter-1@tabella.test".into(),
        flags: Flags { draft: true, ..SEEN },
        received_at: Timestamp(0),
    };
    let first = world.act(append.clone()).await.keys;
    assert_eq!(world.act(append).await.keys, first);
    let items = world.server.items("drafts");
    assert!(items.len() == 1 && items[0].is_draft && items[0].is_read);
    let cancel = CancellationToken::new();
    let found = world.remote.find(&drafts, "letter-1@tabella.test", &cancel).await.unwrap();
    assert_eq!(found, [first[0].1.clone()]);
    assert!(world.remote.find(&drafts, "o'reilly@tabella.test", &cancel).await.unwrap().is_empty());
    let raw = world.remote.fetch(&drafts, &found[0], &cancel).await.unwrap().unwrap();
    assert!(String::from_utf8(raw).unwrap().contains("Subject: Letter 1"));
    assert_eq!(world.remote.fetch(&drafts, "gone", &cancel).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_mailbox_is_read_under_its_own_address() {
    let world = World::new().await;
    let _ = world.server.put("inbox", &letter(1));
    let _ = world.server.mailbox_of(SHARED, |m| m.put("inbox", &letter(2), false));
    let shared = GraphRemote::new(access(&world.server, Some(SHARED)));
    round_over(&world.profile.engine, world.account, &shared, false, &CancellationToken::new()).await.unwrap();
    assert_eq!(world.subjects("Inbox").await, subjects([2]));
    assert_eq!(world.server.count("GET", "/me/"), 0);
    let closed = GraphRemote::new(access(&world.server, Some("secret@contoso.test")));
    let error =
        round_over(&world.profile.engine, world.account, &closed, false, &CancellationToken::new()).await.unwrap_err();
    assert!(error.message.contains("shared mailbox"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_told_in_plain_words() {
    let world = World::new().await;
    world.server.fail("GET", "/mailFolders", 7, Fault::Status(403, "ErrorAccessDenied"));
    assert_eq!(world.round().await.unwrap_err().code, ErrorCode::AdminConsent);
    let world = World::new().await;
    world.server.without_mailbox();
    let error = world.round().await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Refused);
    assert!(error.message.contains("has no mailbox"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_lead_elsewhere_are_never_given_the_token() {
    let world = World::new().await;
    let _ = world.server.put("inbox", &letter(1));
    world.round().await.unwrap();
    let web = e2e::Web::catch_all();
    let cursor = format!(r#"{{"link":"{}/v1.0/me/delta?$deltatoken=x","complete":true,"since_at":null}}"#, web.url());
    let (account, inbox) = (world.account, world.key("inbox"));
    let batch = store::ingest::Delivery { mailbox: inbox, cursor: Some(cursor), ..Default::default() };
    world.profile.engine.store().write(move |w| store::ingest::apply(w, account, &batch)).await.unwrap();
    world.round().await.unwrap();
    assert_eq!(web.hits(), 0);
    until("the folder was listed anew", || async { world.subjects("Inbox").await == subjects([1]) }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_before_the_start_date_stays_on_the_server_until_it_is_wanted() {
    let world = World::new().await;
    let day: i64 = 24 * 3600 * 1000;
    let now = world.profile.now().0;
    for (n, days) in [(0, 900), (1, 40), (2, 0)] {
        let id = world.server.put("inbox", &letter(n));
        world.server.mailbox(|m| m.change(&id, |item| item.received_at = now - days * day));
    }
    let since = async |at: Option<i64>| {
        let change = serde_json::json!({"id": world.account, "since_at": at});
        world.profile.call::<model::account::Account>("account.update", change).await.unwrap();
        world.round().await.unwrap().messages
    };
    assert_eq!((since(Some(now - 7 * day)).await, world.contents_fetched()), (1, 1));
    assert_eq!((since(Some(now - 100 * day)).await, world.contents_fetched()), (2, 2));
    assert_eq!((since(None).await, world.contents_fetched()), (3, 3));
    assert_eq!((since(Some(now - 7 * day)).await, world.contents_fetched()), (3, 3));
}
