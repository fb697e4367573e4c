//! Mail that was put off: where it is shown, what ends it, how it comes back.

use super::*;
use model::Clock;
use model::message::Undoable;
use std::sync::atomic::{AtomicI64, Ordering};

const HOUR: i64 = 3_600_000;
const START: i64 = 1_795_363_200_000;

/// A clock that is put forward by hand.
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

struct Bed {
    house: House,
    clock: Arc<Hand>,
}

impl Bed {
    /// Two conversations in the inbox: `a` with its answer `c`, and the newer `b`.
    async fn of(kind: AccountKind) -> Self {
        let clock = Arc::new(Hand(AtomicI64::new(START)));
        let house = House::at(kind, clock.clone()).await;
        let older = |text: String| text.replace("19 Nov", "10 Nov");
        let first = older(letter("a", "Ann <a@x.org>", "One", "", ""));
        let answer = older(letter("c", "Ann <a@x.org>", "Re: One", "References: <a@x>\r\n", ""));
        let newer = letter("b", "Bob <b@x.org>", "Two", "", "").replace("19 Nov", "12 Nov");
        house
            .take(vec![
                whole("1:1", "INBOX", &first, SEEN),
                whole("1:2", "INBOX", &answer, Flags::default()),
                whole("1:3", "INBOX", &newer, SEEN),
            ])
            .await;
        Self { house, clock }
    }

    async fn new() -> Self {
        Self::of(AccountKind::Imap).await
    }

    fn thread(&self) -> Selection {
        Selection { threads: vec![self.house.thread_of("a")], ..Selection::default() }
    }

    async fn snooze(&self, hours: i64) -> Result<Undoable> {
        let selection = self.thread();
        let until = Timestamp(self.clock.now().0 + hours * HOUR);
        self.house.write(move |w, _| operation::snooze(w, &selection, until)).await
    }

    async fn wake_after(&self, hours: i64) -> u32 {
        self.clock.0.fetch_add(hours * HOUR, Ordering::SeqCst);
        self.house.write(|w, _| operation::wake(w)).await.unwrap()
    }

    async fn undo(&self, act: Undoable) {
        self.house.write(move |w, _| operation::undo(w, act.group)).await.unwrap();
    }

    fn subjects(&self, role: MailboxRole) -> Vec<String> {
        let page = self.house.threads(ListScope { role: Some(role), ..ListScope::default() });
        page.rows.into_iter().map(|r| r.subject).collect()
    }

    fn inbox(&self) -> Vec<String> {
        self.subjects(MailboxRole::Inbox)
    }

    fn snoozed(&self) -> Vec<String> {
        self.subjects(MailboxRole::Snoozed)
    }

    fn until(&self) -> Option<i64> {
        let page = self.house.threads(ListScope { role: Some(MailboxRole::Snoozed), ..ListScope::default() });
        page.rows.first().and_then(|r| r.snoozed_until).map(|at| (at.0 - START) / HOUR)
    }

    fn owed(&self) -> usize {
        let now = self.clock.now();
        self.house.store.read_now(|r| operation::pending(r, now)).unwrap().len()
    }

    /// The server does the one act that is owed.
    async fn replay(&self, new_keys: &'static [(&'static str, &'static str)]) {
        let claimed = self.house.write(operation::claim).await.unwrap().unwrap();
        let Claim::Move(aim, _, groups) = claimed.claim else { panic!("{claimed:?}") };
        self.house
            .write(move |w, _| {
                let keys: Vec<_> = new_keys.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
                for group in &groups {
                    operation::settle_move(w, group, aim, &keys)?;
                }
                operation::finish(w, claimed.id)
            })
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn what_is_snoozed_leaves_the_inbox_and_its_server_is_owed_nothing() {
    let bed = Bed::new().await;
    let act = bed.snooze(3).await.unwrap();
    assert_eq!(act.messages, 2);
    assert_eq!((bed.inbox(), bed.snoozed()), (vec!["Two".into()], vec!["Re: One".to_owned()]));
    assert_eq!((bed.house.counts("INBOX"), bed.until()), ((1, 0), Some(3)));
    assert_eq!(bed.owed(), 0);
    assert!(bed.house.write(operation::claim).await.unwrap().is_none());
    assert_eq!(bed.house.search("in:snoozed").len(), 2);
    let account = bed.house.account;
    assert_eq!(bed.house.store.read_now(|r| known(r, account, "INBOX")).unwrap().len(), 3, "the server has them there");
}

#[tokio::test]
async fn it_comes_back_at_its_time_on_top_of_the_inbox_and_is_told_once() {
    let bed = Bed::new().await;
    bed.snooze(3).await.unwrap();
    let mut told = bed.house.store.changes();
    assert_eq!(bed.wake_after(2).await, 0);
    assert_eq!(bed.inbox(), ["Two"]);
    assert_eq!(bed.wake_after(1).await, 2);
    assert_eq!(bed.inbox(), ["Re: One", "Two"]);
    assert!(bed.snoozed().is_empty());
    let mut arrived: Vec<String> = Vec::new();
    while arrived.is_empty() {
        let batch = told.recv().await.unwrap();
        arrived.extend(batch.iter().filter(|c| c.arrived).filter_map(|c| c.id.clone()));
    }
    assert_eq!(arrived, [bed.house.id("c").to_string()]);
    assert_eq!(bed.wake_after(100).await, 0);
}

#[tokio::test]
async fn undo_brings_it_back_and_a_second_snooze_taken_back_leaves_the_first() {
    let bed = Bed::new().await;
    let first = bed.snooze(3).await.unwrap();
    let second = bed.snooze(30).await.unwrap();
    assert_eq!(bed.until(), Some(30));
    bed.undo(second).await;
    assert_eq!(bed.until(), Some(3));
    bed.undo(first).await;
    assert_eq!((bed.inbox().len(), bed.snoozed().len()), (2, 0));
    assert_eq!(bed.wake_after(100).await, 0);
}

#[tokio::test]
async fn it_can_be_had_back_at_once_and_that_can_be_taken_back() {
    let bed = Bed::new().await;
    bed.snooze(3).await.unwrap();
    let selection = bed.thread();
    let act = bed.house.write(move |w, _| operation::unsnooze(w, &selection)).await.unwrap();
    assert_eq!((act.messages, bed.inbox().len(), bed.snoozed().len()), (2, 2, 0));
    bed.undo(act).await;
    assert_eq!((bed.inbox().len(), bed.until()), (1, Some(3)));
}

#[tokio::test]
async fn a_move_ends_it_and_a_move_taken_back_puts_it_back_before_and_after_the_server_learned() {
    let bed = Bed::new().await;
    bed.snooze(3).await.unwrap();
    let projects = bed.house.box_id("Projects");
    let moving = || {
        let selection = bed.thread();
        bed.house.write(move |w, _| operation::move_to(w, &selection, projects))
    };
    let act = moving().await.unwrap();
    assert_eq!((bed.house.counts("Projects").0, bed.snoozed().len()), (2, 0));
    bed.undo(act).await;
    assert_eq!((bed.house.counts("Projects").0, bed.until(), bed.owed()), (0, Some(3), 0));

    let act = moving().await.unwrap();
    bed.replay(&[("1:1", "4:1"), ("1:2", "4:2")]).await;
    bed.undo(act).await;
    assert_eq!((bed.house.counts("Projects").0, bed.until()), (0, Some(3)));
    bed.replay(&[("4:1", "1:8"), ("4:2", "1:9")]).await;
    assert_eq!((bed.inbox().len(), bed.until()), (1, Some(3)), "back at the server, and still put off");
    assert_eq!(bed.wake_after(3).await, 2);
    assert_eq!(bed.inbox(), ["Re: One", "Two"]);
}

#[tokio::test]
async fn what_was_moved_away_does_not_come_back_when_its_time_comes() {
    let bed = Bed::new().await;
    bed.snooze(3).await.unwrap();
    let selection = bed.thread();
    bed.house.write(move |w, _| operation::archive(w, &selection)).await.unwrap();
    assert_eq!(bed.wake_after(4).await, 0);
    assert_eq!(bed.inbox(), ["Two"]);
}

#[tokio::test]
async fn a_refused_move_puts_it_back_where_it_was() {
    let bed = Bed::new().await;
    bed.snooze(3).await.unwrap();
    let (selection, trash) = (bed.thread(), bed.house.box_id("Trash"));
    bed.house.write(move |w, _| operation::move_to(w, &selection, trash)).await.unwrap();
    let claimed = bed.house.write(operation::claim).await.unwrap().unwrap();
    bed.house.write(move |w, _| operation::refuse(w, claimed.id, &Error::invalid("no"))).await.unwrap();
    assert_eq!((bed.house.counts("Trash").0, bed.until()), (0, Some(3)));
}

#[tokio::test]
async fn a_letter_of_the_conversation_brings_it_back_at_once() {
    let bed = Bed::new().await;
    bed.snooze(30).await.unwrap();
    let other = letter("x", "Eve <e@x.org>", "Other", "", "");
    bed.house.take(vec![whole("1:4", "INBOX", &other, SEEN)]).await;
    assert_eq!(bed.snoozed().len(), 1, "another conversation does not");
    let answer = letter("d", "Ann <a@x.org>", "Re: One", "References: <a@x>\r\n", "now");
    bed.house.take(vec![whole("1:5", "INBOX", &answer, Flags::default())]).await;
    assert_eq!((bed.inbox().len(), bed.snoozed().len()), (3, 0));
    assert!(bed.inbox().contains(&"Re: One".to_owned()));
    assert_eq!(bed.wake_after(100).await, 0);
}

#[tokio::test]
async fn no_round_of_sync_shows_it_early_and_a_mailbox_of_that_name_is_another() {
    let bed = Bed::new().await;
    bed.snooze(3).await.unwrap();
    let listed = [
        listed("INBOX", Some(MailboxRole::Inbox)),
        listed("Sent", Some(MailboxRole::Sent)),
        listed("Snoozed", None),
        listed("Trash", Some(MailboxRole::Trash)),
    ];
    bed.house.write(move |w, a| mailbox::sync(w, a, &listed)).await.unwrap();
    let flags = Delivery {
        mailbox: "INBOX".into(),
        flags: vec![("1:1".into(), Flags { flagged: true, ..SEEN })],
        ..Delivery::default()
    };
    bed.house.deliver(flags).await.unwrap();
    assert_eq!((bed.inbox(), bed.until()), (vec!["Two".into()], Some(3)));
    assert_eq!(bed.house.counts("Snoozed").0, 0);
    // All keys are void, and the round finds the same letters under new ones.
    let raw = [
        letter("a", "Ann <a@x.org>", "One", "", ""),
        letter("c", "Ann <a@x.org>", "Re: One", "References: <a@x>\r\n", ""),
    ]
    .map(|text| text.replace("19 Nov", "10 Nov"));
    let anew = Delivery {
        mailbox: "INBOX".into(),
        new_epoch: true,
        arrived: vec![whole("2:1", "INBOX", &raw[0], SEEN), whole("2:2", "INBOX", &raw[1], SEEN)],
        ..Delivery::default()
    };
    bed.house.deliver(anew).await.unwrap();
    assert_eq!((bed.snoozed().len(), bed.until()), (1, Some(3)));
    assert_eq!(bed.wake_after(3).await, 2);
}

#[tokio::test]
async fn what_the_server_loses_or_moves_meanwhile_is_snoozed_no_longer() {
    let bed = Bed::new().await;
    bed.snooze(3).await.unwrap();
    let placed = Delivery { placed: vec![("1:1".into(), vec!["Projects".into()])], ..Delivery::default() };
    bed.house.deliver(placed).await.unwrap();
    assert_eq!((bed.house.counts("Projects").0, bed.house.search("in:snoozed")), (1, vec!["c".to_owned()]));
    bed.house
        .deliver(Delivery { mailbox: "INBOX".into(), gone: vec!["1:2".into()], ..Delivery::default() })
        .await
        .unwrap();
    assert!(bed.snoozed().is_empty());
    assert_eq!(bed.wake_after(3).await, 0);
    assert_eq!(bed.house.counts("Projects").0, 1);
}

#[tokio::test]
async fn a_sandbox_account_snoozes_and_moves_as_any_other() {
    let bed = Bed::of(AccountKind::Sandbox).await;
    bed.snooze(3).await.unwrap();
    let selection = bed.thread();
    let act = bed.house.write(move |w, _| operation::delete(w, &selection, 0)).await.unwrap();
    assert_eq!((bed.house.counts("Trash").0, bed.snoozed().len()), (2, 0));
    bed.undo(act).await;
    assert_eq!((bed.house.counts("Trash").0, bed.until()), (0, Some(3)));
    assert_eq!(bed.wake_after(3).await, 2);
    assert_eq!(bed.inbox()[0], "Re: One");
}

#[tokio::test]
async fn only_an_inbox_can_be_put_off_to_a_time_to_come_and_nothing_is_moved_into_snoozed() {
    let bed = Bed::new().await;
    assert_eq!(bed.snooze(0).await.unwrap_err().code, ErrorCode::Invalid);
    bed.snooze(3).await.unwrap();
    let account = bed.house.account;
    let snoozed = bed.house.store.read_now(|r| mailbox::by_role(r, account, MailboxRole::Snoozed)).unwrap().unwrap();
    let b = bed.house.selection(&["b"]);
    let refused = bed.house.write(move |w, _| operation::move_to(w, &b, snoozed)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid);
    let b = bed.house.selection(&["b"]);
    bed.house.write(move |w, _| operation::archive(w, &b)).await.unwrap();
    let (b, until) = (bed.house.selection(&["b"]), Timestamp(START + HOUR));
    let refused = bed.house.write(move |w, _| operation::snooze(w, &b, until)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid);
    bed.house.write(crate::account::remove).await.unwrap();
    assert_eq!(bed.wake_after(3).await, 0, "an account takes what it snoozed with it");
}
