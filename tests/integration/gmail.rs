//! What Gmail alone has: see `contract` for what it has in common with others.

use crate::profile::{Profile, until};
use e2e::Gmail;
use e2e::gmail::Fault;
use model::submission::SubmissionState;

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_was_refused_for_its_token_waits_for_the_next_one_and_is_not_in_doubt() {
    let server = Gmail::start();
    let profile = Profile::new().await;
    let account = profile.google(&server.url(), &server.email()).await;
    let running = profile.run_outbox(account);
    let first = profile.compose(&server.email(), &["bob@x.test"], "first").await;
    profile.settled(first.id).await;
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
