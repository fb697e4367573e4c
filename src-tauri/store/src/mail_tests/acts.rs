//! Local acts: applied at once, owed to the server, taken back.

use super::*;

#[tokio::test]
async fn local_flags_win_over_the_server_until_they_are_replayed() {
    let house = House::new().await;
    house.take(vec![whole("1:1", "INBOX", &letter("a", "Ann <a@x.org>", "One", "", ""), Flags::default())]).await;
    let args = FlagArgs { selection: house.selection(&["a"]), seen: Some(true), ..FlagArgs::default() };
    house.write(move |w, _| operation::flag(w, &args)).await.unwrap();
    assert_eq!(house.counts("INBOX"), (1, 0));
    // The server does not know yet, and says something else.
    let flags = Flags { flagged: true, ..Flags::default() };
    house
        .deliver(Delivery { mailbox: "INBOX".into(), flags: vec![("1:1".into(), flags)], ..Delivery::default() })
        .await
        .unwrap();
    assert_eq!(house.flags("a"), Flags { flagged: true, ..SEEN });
    let claimed = house.write(operation::claim).await.unwrap().unwrap();
    let Claim::Flag(groups) = claimed.claim else { panic!("{claimed:?}") };
    assert_eq!((groups[0].mailbox.as_str(), groups[0].set), ("INBOX", SEEN));
    house
        .write(move |w, _| operation::settle_flags(w, &groups[0]).and_then(|()| operation::finish(w, claimed.id)))
        .await
        .unwrap();
    assert_eq!(house.flags("a"), Flags { flagged: true, ..SEEN });
    // From now on the server decides.
    house
        .deliver(Delivery {
            mailbox: "INBOX".into(),
            flags: vec![("1:1".into(), Flags::default())],
            ..Delivery::default()
        })
        .await
        .unwrap();
    assert_eq!(house.flags("a"), Flags::default());
}

#[tokio::test]
async fn an_act_and_its_opposite_are_never_sent_and_undo_restores_what_was_between() {
    let house = House::new().await;
    house.take(vec![whole("1:1", "INBOX", &letter("a", "Ann <a@x.org>", "One", "", ""), Flags::default())]).await;
    let flag = |seen| FlagArgs { selection: house.selection(&["a"]), seen: Some(seen), ..FlagArgs::default() };
    let (on, off) = (flag(true), flag(false));
    house.write(move |w, _| operation::flag(w, &on)).await.unwrap();
    let back = house.write(move |w, _| operation::flag(w, &off)).await.unwrap();
    assert!(!house.flags("a").seen);
    let now = house.store.now();
    assert!(house.store.read_now(|r| operation::pending(r, now)).unwrap().is_empty());
    house.write(move |w, _| operation::undo(w, back.group)).await.unwrap();
    assert!(house.flags("a").seen);
    let claimed = house.write(operation::claim).await.unwrap().unwrap();
    assert!(matches!(claimed.claim, Claim::Flag(groups) if groups[0].set == SEEN));
}

#[tokio::test]
async fn moves_collapse_replay_and_are_taken_back_before_and_after_the_server_learned_of_them() {
    let house = House::new().await;
    house.take(vec![whole("1:1", "INBOX", &letter("a", "Ann <a@x.org>", "One", "", ""), SEEN)]).await;
    let (projects, trash) = (house.box_id("Projects"), house.box_id("Trash"));
    let selection = house.selection(&["a"]);
    let (one, two) = (selection.clone(), selection.clone());
    house.write(move |w, _| operation::move_to(w, &one, projects)).await.unwrap();
    let second = house.write(move |w, _| operation::delete(w, &two, 0)).await.unwrap();
    assert_eq!((house.counts("INBOX").0, house.counts("Projects").0, house.counts("Trash").0), (0, 0, 1));
    house.write(move |w, _| operation::undo(w, second.group)).await.unwrap();
    assert_eq!((house.counts("Projects").0, house.counts("Trash").0), (1, 0));
    let third = house.write(move |w, _| operation::delete(w, &selection, 0)).await.unwrap();
    // The server hears of one move only.
    let claimed = house.write(operation::claim).await.unwrap().unwrap();
    let Claim::Move(aim, key, groups) = claimed.claim else { panic!("{claimed:?}") };
    assert_eq!((aim, key.as_str(), groups[0].mailbox.as_str()), (trash, "Trash", "INBOX"));
    let group = groups[0].clone();
    house
        .write(move |w, _| {
            operation::settle_move(w, &group, aim, &[("1:1".into(), "5:77".into())])?;
            operation::finish(w, claimed.id)
        })
        .await
        .unwrap();
    assert!(house.write(operation::claim).await.unwrap().is_none());
    house.write(move |w, _| operation::undo(w, third.group)).await.unwrap();
    assert_eq!((house.counts("Projects").0, house.counts("Trash").0), (1, 0));
    let reverse = house.write(operation::claim).await.unwrap().unwrap();
    assert!(
        matches!(reverse.claim, Claim::Move(to, _, groups) if to == projects && groups[0].targets[0].key.as_deref() == Some("5:77"))
    );
}

#[tokio::test]
async fn a_refused_act_is_shown_as_it_was_with_the_reason() {
    let house = House::new().await;
    house.take(vec![whole("1:1", "INBOX", &letter("a", "Ann <a@x.org>", "One", "", ""), SEEN)]).await;
    let selection = house.selection(&["a"]);
    house.write(move |w, _| operation::archive(w, &selection)).await.unwrap();
    assert_eq!(house.counts("INBOX").0, 0);
    assert_eq!(house.counts("Archive").0, 1, "the archive is made where there is none");
    let create = house.write(operation::claim).await.unwrap().unwrap();
    let Claim::Create(made, path) = create.claim else { panic!("{create:?}") };
    assert_eq!(path, "Archive");
    house
        .write(move |w, _| {
            operation::settle_created(w, made, "INBOX.Archive")?;
            operation::finish(w, create.id)
        })
        .await
        .unwrap();
    let moved = house.write(operation::claim).await.unwrap().unwrap();
    assert!(matches!(&moved.claim, Claim::Move(_, key, _) if key == "INBOX.Archive"));
    let why = Error::new(ErrorCode::Refused, "No.");
    house.write(move |w, _| operation::refuse(w, moved.id, &why)).await.unwrap();
    assert_eq!(house.counts("INBOX").0, 1);
    let now = house.store.now();
    let pending = house.store.read_now(|r| operation::pending(r, now)).unwrap();
    assert_eq!(pending[0].refused.as_ref().unwrap().message, "No.");
    assert_eq!(pending[0].subject, "One");
}

#[tokio::test]
async fn deleting_out_of_the_trash_is_for_good_and_can_be_taken_back_until_the_server_learns() {
    let house = House::new().await;
    let raw = letter("a", "Ann <a@x.org>", "One", "", "");
    house
        .deliver(Delivery {
            mailbox: "Trash".into(),
            arrived: vec![whole("2:1", "Trash", &raw, SEEN)],
            ..Delivery::default()
        })
        .await
        .unwrap();
    let selection = house.selection(&["a"]);
    let again = selection.clone();
    let act = house.write(move |w, _| operation::delete(w, &selection, 60_000)).await.unwrap();
    assert_eq!((act.messages, house.counts("Trash").0), (1, 0));
    assert!(house.write(operation::claim).await.unwrap().is_none(), "the server is not told yet");
    house.write(move |w, _| operation::undo(w, act.group)).await.unwrap();
    assert_eq!(house.counts("Trash").0, 1);
    let act = house.write(move |w, _| operation::delete(w, &again, 0)).await.unwrap();
    let claimed = house.write(operation::claim).await.unwrap().unwrap();
    let Claim::Delete(groups) = claimed.claim else { panic!("{claimed:?}") };
    house
        .write(move |w, _| operation::settle_delete(w, &groups[0]).and_then(|()| operation::finish(w, claimed.id)))
        .await
        .unwrap();
    assert_eq!(house.write(move |w, _| operation::undo(w, act.group)).await.unwrap_err().code, ErrorCode::Conflict);
}

#[tokio::test]
async fn in_a_sandbox_acts_are_done_at_once_and_can_be_taken_back() {
    let house = House::of(AccountKind::Sandbox).await;
    house.take(vec![whole("1:1", "INBOX", &letter("a", "Ann <a@x.org>", "One", "", ""), Flags::default())]).await;
    let (one, two, three) = (house.selection(&["a"]), house.selection(&["a"]), house.selection(&["a"]));
    let args = FlagArgs { selection: one, flagged: Some(true), ..FlagArgs::default() };
    house.write(move |w, _| operation::flag(w, &args)).await.unwrap();
    assert!(house.flags("a").flagged);
    let first = house.write(move |w, _| operation::delete(w, &two, 0)).await.unwrap();
    assert_eq!(house.counts("Trash").0, 1);
    let second = house.write(move |w, _| operation::delete(w, &three, 0)).await.unwrap();
    assert_eq!(house.counts("Trash").0, 0);
    assert!(house.write(operation::claim).await.unwrap().is_none());
    house.write(move |w, _| operation::undo(w, second.group)).await.unwrap();
    house.write(move |w, _| operation::undo(w, first.group)).await.unwrap();
    assert_eq!((house.counts("INBOX").0, house.counts("Trash").0), (1, 0));
}

#[tokio::test]
async fn a_conversation_moves_as_a_whole_but_for_what_we_sent() {
    let house = House::new().await;
    house.take(vec![whole("1:1", "INBOX", &letter("a", "Ann <a@x.org>", "One", "", ""), SEEN)]).await;
    let reply = letter("b", "Me <me@example.org>", "Re: One", "In-Reply-To: <a@x>\r\n", "");
    house
        .deliver(Delivery {
            mailbox: "Sent".into(),
            arrived: vec![whole("4:1", "Sent", &reply, SEEN)],
            ..Delivery::default()
        })
        .await
        .unwrap();
    let selection = Selection { threads: vec![house.thread_of("a")], ..Selection::default() };
    let projects = house.box_id("Projects");
    let act = house.write(move |w, _| operation::move_to(w, &selection, projects)).await.unwrap();
    assert_eq!((act.messages, house.counts("Projects").0, house.counts("Sent").0), (1, 1, 1));
    let row = &house.threads(ListScope { mailbox_id: Some(projects), ..ListScope::default() }).rows[0];
    assert_eq!((row.messages, row.matching), (2, 1));
}

#[tokio::test]
async fn an_act_that_waits_goes_along_when_the_server_moves_the_message_under_the_same_key() {
    let house = House::new().await;
    house.take(vec![whole("id-1", "INBOX", &letter("a", "Ann <a@x.org>", "One", "", ""), Flags::default())]).await;
    let args = FlagArgs { selection: house.selection(&["a"]), seen: Some(true), ..FlagArgs::default() };
    house.write(move |w, _| operation::flag(w, &args)).await.unwrap();
    let moved = Delivery {
        mailbox: "Projects".into(),
        placed: vec![("id-1".into(), vec!["Projects".into()])],
        ..Delivery::default()
    };
    house.deliver(moved).await.unwrap();
    assert_eq!((house.counts("INBOX").0, house.counts("Projects")), (0, (1, 0)));
    let claimed = house.write(operation::claim).await.unwrap().unwrap();
    assert!(matches!(claimed.claim, Claim::Flag(groups) if groups[0].mailbox == "Projects" && groups[0].set == SEEN));
}

#[tokio::test]
async fn an_act_in_parts_is_taken_back_as_one() {
    let house = House::new().await;
    let letters = (0..60)
        .map(|n| {
            let raw = letter(&format!("m{n}"), "Ann <ann@example.org>", &format!("Subject {n}"), "", "x");
            whole(&format!("1:{n}"), "INBOX", &raw, Flags::default())
        })
        .collect();
    house.take(letters).await;
    let mut group = None;
    let mut moved = 0;
    for part in (0..60).collect::<Vec<_>>().chunks(5) {
        let ids: Vec<String> = part.iter().map(|n| format!("m{n}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let selection = Selection { group, ..house.selection(&ids) };
        let done = house.write(move |w, _| operation::delete(w, &selection, 0)).await.unwrap();
        assert_eq!(group.unwrap_or(done.group), done.group);
        group = Some(done.group);
        moved += done.messages;
    }
    assert_eq!((moved, house.counts("INBOX"), house.counts("Trash")), (60, (0, 0), (60, 60)));
    let group = group.unwrap();
    house.write(move |w, _| operation::undo(w, group)).await.unwrap();
    assert_eq!((house.counts("INBOX"), house.counts("Trash")), ((60, 60), (0, 0)));
}

#[tokio::test]
async fn all_mail_keeps_what_it_holds_and_a_sent_letter_stays_in_sent_when_it_is_put_away() {
    let house = House::new().await;
    house
        .write(|w, account| {
            let roles = [
                ("INBOX", Some(MailboxRole::Inbox)),
                ("Sent", Some(MailboxRole::Sent)),
                ("All", Some(MailboxRole::All)),
                ("Trash", Some(MailboxRole::Trash)),
                ("Projects", None),
            ];
            mailbox::sync(w, account, &roles.map(|(key, role)| listed(key, role)))
        })
        .await
        .unwrap();
    let own = letter("own", "Me <me@example.org>", "Mine", "", "");
    let got = letter("got", "Ann <a@x.org>", "Hers", "", "");
    house
        .take(vec![
            whole("1:1", "INBOX", &got, SEEN),
            whole("2:1", "All", &got, SEEN),
            whole("2:2", "All", &own, SEEN),
            whole("3:1", "Sent", &own, SEEN),
        ])
        .await;
    let at = |key: &str| house.counts(key).0;
    assert_eq!((at("INBOX"), at("All"), at("Sent")), (1, 2, 1));
    // Archived from Sent, or as a conversation: nothing to do for the sent letter.
    let sent = Selection { mailbox_id: Some(house.box_id("Sent")), ..house.selection(&["own"]) };
    let done = house.write(move |w, _| operation::archive(w, &sent)).await.unwrap();
    assert_eq!((done.messages, at("Sent"), at("All")), (0, 1, 2));
    let both = house.selection(&["own", "got"]);
    let done = house.write(move |w, _| operation::archive(w, &both)).await.unwrap();
    assert_eq!((done.messages, at("INBOX"), at("Sent")), (1, 0, 1));
    house.write(move |w, _| operation::undo(w, done.group)).await.unwrap();
    // Into a mailbox of one's own it leaves the inbox, and nothing else.
    let (got, projects) = (house.selection(&["got"]), house.box_id("Projects"));
    house.write(move |w, _| operation::move_to(w, &got, projects)).await.unwrap();
    assert_eq!((at("INBOX"), at("Projects"), at("All")), (0, 1, 2));
    let claimed = house.write(operation::claim).await.unwrap().unwrap();
    let Claim::Move(_, _, groups) = claimed.claim else { panic!("{claimed:?}") };
    assert_eq!(groups.iter().map(|g| g.mailbox.as_str()).collect::<Vec<_>>(), ["INBOX"]);
    // Deleted it is nowhere but in Trash.
    let own = house.selection(&["own"]);
    house.write(move |w, _| operation::delete(w, &own, 0)).await.unwrap();
    assert_eq!((at("All"), at("Trash")), (1, 1));
}
