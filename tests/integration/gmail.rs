//! What Gmail alone has: see `contract` for what it has in common with others.

use crate::post::letter;
use crate::profile::{Profile, until};
use e2e::Gmail;
use e2e::gmail::{Fault, Options};
use model::submission::SubmissionState;

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_was_refused_for_its_token_waits_for_the_next_one_and_is_not_in_doubt() {
    let server = Gmail::start();
    let profile = Profile::new().await;
    let account = profile.google(&server.url(), &server.email()).await;
    let running = profile.run_outbox(account);
    let first = profile.compose(&server.email(), &["bob@x.test"], "first").await;
    profile.settled(first.id).await;
    // The last thing that the first letter asks of the server comes before this wish.
    let wanted = || profile.engine.store().read(move |r| store::account::sync_wanted(r, account));
    until("all is done for the first letter", || async { wanted().await.unwrap() }).await;
    server.expire();
    server.fault("POST /token", 1, Fault::Cut);
    let letter = profile.compose(&server.email(), &["bob@x.test"], "second").await;
    until("the letter says why it waits", || async { profile.letter(letter.id).await.error.is_some() }).await;
    assert_eq!(profile.letter(letter.id).await.state, SubmissionState::Queued);
    assert_eq!(server.sent().len(), 1);
    profile.clock.advance(3600);
    profile.nudge().await;
    profile.settled(letter.id).await;
    running.stop().await;
    assert_eq!(server.sent().len(), 2);
}

/// An answer by this person to the letter with this Message-ID.
fn answer(message_id: &str) -> Vec<u8> {
    let raw = String::from_utf8(letter("re", "Bob <bob@x.test>", "Re: hello", "yes")).unwrap();
    raw.replacen("Subject:", &format!("In-Reply-To: <{message_id}>\r\nReferences: <{message_id}>\r\nSubject:"), 1)
        .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_finds_its_letter_under_the_message_id_that_gmail_gave_it() {
    // Told after the hand-over, or, where that fails, by the copy in Sent.
    for told in [true, false] {
        let server = Gmail::with(Options { renames: true, ..Options::default() });
        let profile = Profile::new().await;
        let account = profile.google(&server.url(), &server.email()).await;
        let running = profile.run_outbox(account);
        if !told {
            server.fault("format=metadata", 10, Fault::Answer(500, "backendError", 0));
        }
        let sent = profile.compose(&server.email(), &["bob@x.test"], "hello").await;
        profile.settled(sent.id).await;
        if told {
            until("its new name is known", || async { profile.letter(sent.id).await.sent_message_id.is_some() }).await;
        }
        running.stop().await;
        let new = server.mailbox(|mailbox| mailbox.messages.values().next().unwrap().message_id());
        assert!(new.ends_with("@mail.gmail.com") && new != sent.message_id);
        if !told {
            profile.sync(account).await;
        }
        server.put(&answer(&new), &["INBOX", "UNREAD"]);
        profile.sync(account).await;
        assert_eq!(profile.letter(sent.id).await.state, SubmissionState::Replied);
    }
}
