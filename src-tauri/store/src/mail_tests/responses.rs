//! What comes back for letters: answers, reports, and what only looks like them.

use super::{House, SEEN, letter, whole};
use crate::content::ContentHash;
use crate::ingest::Delivery;
use crate::lane::{self, Answered, Outcome};
use crate::submission::{self, NewSubmission, RecipientKind};
use model::message::{Address, Flags};
use model::submission::SubmissionState::{self, Accepted, Bounced, Replied, Uncertain};
use model::{Error, ErrorCode, SubmissionId, Timestamp};

fn new(house: &House, id: &str, to: &[&str]) -> NewSubmission {
    NewSubmission {
        account_id: house.account,
        from: Address { name: "Me".into(), email: "me@example.org".into() },
        subject: "Offer".into(),
        message_id: format!("{id}@x"),
        content: ContentHash([7; 32]),
        size: 10,
        send_at: Timestamp(0),
        recipients: to.iter().map(|email| ((*email).to_owned(), RecipientKind::To)).collect(),
        original: None,
        provider_thread: None,
        record: None,
        held: false,
    }
}

/// A letter the lane is handing over.
async fn handed(house: &House, id: &str, to: &[&str]) -> SubmissionId {
    let new = new(house, id, to);
    house
        .write(move |w, account| {
            let id = submission::insert(w, &new)?;
            lane::claim(w, account)?.unwrap();
            lane::handing_over(w, id)?;
            Ok(id)
        })
        .await
        .unwrap()
}

async fn answer(house: &House, id: SubmissionId, to: &[&str]) {
    let outcomes = to
        .iter()
        .map(|email| Outcome {
            email: (*email).to_owned(),
            accepted: Some(true),
            code: Some(250),
            answer: "queued".into(),
        })
        .collect();
    let done = Answered { outcomes, answer: "queued".into(), ..Answered::default() };
    house.write(move |w, _| lane::answered(w, id, &done)).await.unwrap();
}

async fn sent(house: &House, id: &str, to: &[&str]) -> SubmissionId {
    let letter = handed(house, id, to).await;
    answer(house, letter, to).await;
    letter
}

fn states(house: &House, id: SubmissionId) -> (SubmissionState, Vec<SubmissionState>) {
    let letter = house.store.read_now(|r| submission::get(r, id)).unwrap();
    (letter.state, letter.recipients.iter().map(|r| r.state).collect())
}

/// A report as Postfix writes it.
fn report(id: &str, about: &str, of: Option<&str>) -> String {
    let original = of.map(|id| format!("Message-ID: <{id}@x>\r\nSubject: Offer\r\n")).unwrap_or_default();
    format!(
        "Message-ID: <{id}@mx>\r\nFrom: MAILER-DAEMON@mx.example.org\r\nTo: me@example.org\r\nSubject: Undelivered Mail\r\n\
         Auto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n\
         {about}\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{original}\r\n--b--\r\n"
    )
}

fn failed(email: &str) -> String {
    format!(
        "Final-Recipient: rfc822; {email}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user"
    )
}

#[tokio::test]
async fn an_answer_marks_the_letter_and_whoever_wrote_it() {
    let house = House::new().await;
    let id = sent(&house, "offer", &["ann@example.org", "bob@example.org"]).await;
    let raw = letter("r", "Bob <BOB@example.org>", "Re: Offer", "In-Reply-To: <offer@x>\r\n", "yes");
    let mut changes = house.store.changes();
    house.take(vec![whole("1:1", "INBOX", &raw, Flags::default())]).await;
    assert_eq!(states(&house, id), (Replied, vec![Accepted, Replied]));
    let named = changes.recv().await.unwrap();
    assert!(named.iter().any(|c| c.noun == model::Noun::Submission && c.id.as_deref() == Some(&id.to_string())));
}

#[tokio::test]
async fn an_answer_deep_in_a_conversation_is_one_too_and_one_from_another_address_counts_for_the_only_recipient() {
    let house = House::new().await;
    let id = sent(&house, "offer", &["ann@example.org"]).await;
    let more = "References: <offer@x> <their@y>\r\nIn-Reply-To: <their@y>\r\n";
    let raw = letter("r", "Ann <ann@private.org>", "Re: Offer", more, "yes");
    house.take(vec![whole("1:1", "INBOX", &raw, SEEN)]).await;
    assert_eq!(states(&house, id), (Replied, vec![Replied]));
}

#[tokio::test]
async fn our_own_copies_and_absence_notices_are_no_answers() {
    let house = House::new().await;
    let id = sent(&house, "offer", &["ann@example.org"]).await;
    let own = letter("f", "Me <Me@example.org>", "Re: Offer", "References: <offer@x>\r\n", "one more thing");
    let away = letter(
        "v",
        "Ann <ann@example.org>",
        "Away",
        "In-Reply-To: <offer@x>\r\nAuto-Submitted: auto-replied\r\n",
        "back on Monday",
    );
    let alias = letter("s", "Me <alias@example.org>", "Re: Offer", "References: <offer@x>\r\n", "by an alias");
    house.take(vec![whole("1:1", "INBOX", &own, SEEN), whole("1:2", "INBOX", &away, SEEN)]).await;
    house
        .deliver(Delivery {
            mailbox: "Sent".into(),
            arrived: vec![whole("2:1", "Sent", &alias, SEEN)],
            ..Delivery::default()
        })
        .await
        .unwrap();
    assert_eq!(states(&house, id), (Accepted, vec![Accepted]));
}

#[tokio::test]
async fn a_report_marks_the_recipient_it_names_and_an_answer_of_another_wins_the_letter() {
    let house = House::new().await;
    let id = sent(&house, "offer", &["ann@example.org", "bob@example.org"]).await;
    let late =
        report("d0", "Final-Recipient: rfc822; ann@example.org\r\nAction: delayed\r\nStatus: 4.4.1", Some("offer"));
    house.take(vec![whole("1:1", "INBOX", &late, SEEN)]).await;
    assert_eq!(states(&house, id).0, Accepted, "a delay is no failure");
    house.take(vec![whole("1:2", "INBOX", &report("d", &failed("ANN@example.org"), Some("offer")), SEEN)]).await;
    assert_eq!(states(&house, id), (Bounced, vec![Bounced, Accepted]));
    let ann = house.store.read_now(|r| submission::recipients(r, id)).unwrap().remove(0);
    assert_eq!((ann.code, ann.answer.as_deref()), (Some(550), Some("550 5.1.1 no such user")));
    let raw = letter("r", "Bob <bob@example.org>", "Re: Offer", "In-Reply-To: <offer@x>\r\n", "yes");
    house.take(vec![whole("1:3", "INBOX", &raw, SEEN)]).await;
    assert_eq!(states(&house, id), (Replied, vec![Bounced, Replied]));
}

#[tokio::test]
async fn a_report_without_a_name_is_of_the_only_letter_that_went_there_lately() {
    let house = House::new().await;
    let id = sent(&house, "offer", &["ann@example.org"]).await;
    house.take(vec![whole("1:1", "INBOX", &report("d", &failed("ann@example.org"), None), SEEN)]).await;
    assert_eq!(states(&house, id).0, Bounced);
    let (one, two) = (sent(&house, "b1", &["bob@example.org"]).await, sent(&house, "b2", &["bob@example.org"]).await);
    house.take(vec![whole("1:2", "INBOX", &report("e", &failed("bob@example.org"), None), SEEN)]).await;
    assert_eq!((states(&house, one).0, states(&house, two).0), (Accepted, Accepted), "nobody knows which");
}

#[tokio::test]
async fn a_report_that_is_quicker_than_the_servers_answer_is_not_lost() {
    let house = House::new().await;
    let id = handed(&house, "offer", &["ann@example.org"]).await;
    house.take(vec![whole("1:1", "INBOX", &report("d", &failed("ann@example.org"), Some("offer")), SEEN)]).await;
    assert_eq!(states(&house, id).0, SubmissionState::HandingOver);
    answer(&house, id, &["ann@example.org"]).await;
    assert_eq!(states(&house, id), (Bounced, vec![Bounced]));
}

#[tokio::test]
async fn an_answer_proves_that_an_uncertain_letter_was_sent() {
    let house = House::new().await;
    let id = handed(&house, "offer", &["ann@example.org", "bob@example.org"]).await;
    house
        .write(move |w, _| lane::uncertain(w, id, Timestamp(0), &Error::new(ErrorCode::Network, "cut")))
        .await
        .unwrap();
    assert_eq!(states(&house, id).0, Uncertain);
    let raw = letter("r", "Bob <bob@example.org>", "Re: Offer", "In-Reply-To: <offer@x>\r\n", "yes");
    house.take(vec![whole("1:1", "INBOX", &raw, SEEN)]).await;
    assert_eq!(states(&house, id), (Replied, vec![Accepted, Replied]));
}
