//! Kill -9 at every phase of sending: never two copies, and never a silent loss.

use crate::profile::{PASSPHRASE, Profile, until};
use e2e::server::address;
use e2e::{MailServer, Phase};
use model::submission::SubmissionState as State;
use std::process::{Child, Command, Stdio};

struct Worker(Child);

impl Worker {
    fn start(profile: &Profile, account: model::AccountId) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_run-outbox"))
            .arg(profile.path())
            .arg(account.to_string())
            .env("TABELLA_PASSPHRASE", PASSPHRASE)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }

    /// SIGKILL: no destructor runs, no file is closed by us.
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const ROUNDS: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_at_any_phase_sends_one_letter_or_says_that_it_does_not_know() {
    let server = MailServer::start();
    let profile = Profile::new().await;
    let account = profile.imap(&server, "anna").await;
    let (from, to) = (address("anna"), address("boris"));
    for round in 0..ROUNDS {
        for phase in [
            Phase::Connected,
            Phase::Sender,
            Phase::Recipient,
            Phase::Data,
            Phase::Dot,
            Phase::Delivered,
            Phase::Answered,
        ] {
            let gate = server.relay().gate(phase);
            let letter = profile.compose(&from, &[&to], &format!("{phase:?} {round}")).await;
            let worker = Worker::start(&profile, account);
            tokio::task::block_in_place(|| gate.reached());
            worker.kill();
            gate.open();
            drop(gate);
            // Another worker finds what the dead one left.
            let worker = Worker::start(&profile, account);
            until("the letter is decided", || async {
                matches!(profile.letter(letter.id).await.state, State::Accepted | State::Uncertain)
            })
            .await;
            let state = profile.letter(letter.id).await.state;
            let irreversible = matches!(phase, Phase::Dot | Phase::Delivered | Phase::Answered);
            if irreversible {
                // The answer may have been read before the kill.
                until("the relay is done with the dead client", || async {
                    server.copies("boris", &letter.message_id) == 1
                })
                .await;
                assert!(state == State::Uncertain || phase == Phase::Answered, "{phase:?}: {state:?}");
            } else {
                assert_eq!(state, State::Accepted, "{phase:?}");
            }
            assert_eq!(server.copies("boris", &letter.message_id), 1, "{phase:?} {round}");
            if state == State::Accepted {
                until("the Sent copy is filed", || async { profile.letter(letter.id).await.filed }).await;
                assert_eq!(server.find_in("anna", "Sent", &letter.message_id).len(), 1, "{phase:?} {round}");
            }
            worker.kill();
        }
    }
    // Whatever happened, nothing is sent again later.
    let worker = Worker::start(&profile, account);
    let last = profile.compose(&from, &[&to], "last").await;
    profile.reaches(last.id, State::Accepted).await;
    let letters = server.relay().letters();
    for letter in &letters {
        let id = mail::parse::parse(&letter.raw).message_id;
        assert_eq!(server.copies("boris", &id), 1, "{id}");
    }
    assert_eq!(letters.len(), ROUNDS * 7 + 1);
    worker.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_at_odd_moments_of_a_long_queue_never_doubles_a_letter() {
    let server = MailServer::start();
    let profile = Profile::new().await;
    let account = profile.imap(&server, "anna").await;
    let mut letters = Vec::new();
    for n in 0..60 {
        letters.push(profile.compose(&address("anna"), &[&address("boris")], &format!("letter {n}")).await);
    }
    let mut pause_ms = 30;
    let undecided = || async {
        let mut left = 0;
        for letter in &letters {
            left += usize::from(!matches!(profile.letter(letter.id).await.state, State::Accepted | State::Uncertain));
        }
        left
    };
    while undecided().await > 0 {
        let before = undecided().await;
        let worker = Worker::start(&profile, account);
        until("it has begun", || async { undecided().await < before }).await;
        // The moment of the kill is the input of this test.
        tokio::time::sleep(std::time::Duration::from_millis(pause_ms)).await;
        pause_ms = (pause_ms * 7 + 3) % 61;
        worker.kill();
    }
    let mut uncertain = 0;
    for letter in &letters {
        let copies = server.copies("boris", &letter.message_id);
        if profile.letter(letter.id).await.state == State::Accepted {
            assert_eq!(copies, 1, "{}", letter.subject);
        } else {
            assert!(copies <= 1, "{}", letter.subject);
            uncertain += 1;
        }
    }
    assert!(uncertain < 60);
}
