//! Letters over Microsoft Graph: a draft and its `/send`, with everything that can go wrong between.

use std::sync::Mutex;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::Graph;
use e2e::graph::{Fault, SHARED};
use model::ErrorCode;
use remote::contract::{Fate, Letter, PhaseLog, Submit, SubmitError, Submitted};
use remote::graph::GraphSubmit;
use tokio_util::sync::CancellationToken;

use crate::graph::access;

/// Remembers what was made durable, in order.
#[derive(Default)]
struct Phases {
    notes: Mutex<Vec<String>>,
}

impl Phases {
    fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap().clone()
    }

    fn draft(&self) -> Option<String> {
        self.notes().iter().find_map(|note| note.strip_prefix("ref ").map(str::to_owned))
    }
}

#[async_trait]
impl PhaseLog for Phases {
    async fn handing_over(&self) -> model::Result<()> {
        self.notes.lock().unwrap().push("handing over".into());
        Ok(())
    }

    async fn provider_ref(&self, value: &str) -> model::Result<()> {
        self.notes.lock().unwrap().push(format!("ref {value}"));
        Ok(())
    }
}

fn letter(extra: &str, body: &str) -> Letter {
    Letter {
        from: e2e::graph::EMAIL.into(),
        recipients: vec!["boris@x.test".into(), "clara@x.test".into()],
        bytes: format!(
            "From: Anna <anna@contoso.test>\r\nTo: Boris <boris@x.test>\r\nSubject: Bonjour\r\n\
             Message-ID: <one@contoso.test>\r\nIn-Reply-To: <zero@x.test>\r\nReferences: <zero@x.test>\r\n\
             List-Unsubscribe: <mailto:stop@contoso.test>\r\nMIME-Version: 1.0\r\n{extra}\r\n{body}"
        )
        .into_bytes(),
        message_id: "one@contoso.test".into(),
        bcc: vec!["clara@x.test".into()],
        provider_thread: None,
        provider_ref: None,
    }
}

fn plain() -> Letter {
    letter("Content-Type: text/plain; charset=utf-8\r\n", "Hello\r\n")
}

async fn submit(server: &Graph, letter: &Letter, log: &Phases) -> Result<Submitted, SubmitError> {
    GraphSubmit::new(access(server, None)).submit(letter, log, &CancellationToken::new()).await
}

fn sent(server: &Graph) -> Vec<e2e::graph::mailbox::Sent> {
    server.mailbox(|m| m.sent.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_goes_out_as_it_was_frozen_and_its_draft_is_durable_before_the_step() {
    let server = Graph::start();
    let log = Phases::default();
    let done = submit(&server, &plain(), &log).await.unwrap();
    assert!(done.recipients.len() == 2 && done.recipients.iter().all(|r| r.accepted == Some(true)));
    let draft = log.draft().unwrap();
    assert_eq!(log.notes(), [format!("ref {draft}"), "handing over".into()]);
    assert_eq!(done.provider_ref.as_ref(), Some(&draft));
    let sent = sent(&server);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].recipients, ["boris@x.test", "clara@x.test"]);
    assert_eq!(sent[0].raw, plain().bytes, "without Bcc, every byte as it was frozen");
    let items = server.items("sentitems");
    assert!(items.len() == 1 && items[0].id == draft && server.items("drafts").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_of_five_megabytes_keeps_its_header_text_and_files() {
    let server = Graph::start();
    let (large, middle, small) = (vec![1u8; 5_000_000], vec![2u8; 2_500_000], vec![3u8; 20_000]);
    let part = |name: &str, bytes: &[u8]| {
        format!(
            "--b\r\nContent-Type: application/pdf; name={name}\r\nContent-Disposition: attachment; filename={name}\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            STANDARD.encode(bytes)
        )
    };
    let text = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n";
    let body = format!("{text}{}{}{}--b--\r\n", part("a.pdf", &large), part("b.pdf", &middle), part("c.pdf", &small));
    let letter = letter("Content-Type: multipart/mixed; boundary=b\r\n", &body);
    submit(&server, &letter, &Phases::default()).await.unwrap();
    let sent = sent(&server);
    let (was, is) = (mail::parse::parse(&letter.bytes), mail::parse::parse(&sent[0].raw));
    assert_eq!((is.message_id, is.subject, is.references), (was.message_id, was.subject, was.references));
    assert_eq!((is.text.as_deref().map(str::trim), is.list_unsubscribe), (Some("Hello"), was.list_unsubscribe));
    let mut files: Vec<(String, Vec<u8>)> = is
        .attachments
        .iter()
        .filter_map(|file| mail::parse::part(&sent[0].raw, file.part).map(|(_, name, bytes)| (name, bytes)))
        .collect();
    files.sort();
    assert!(files == [("a.pdf".into(), large), ("b.pdf".into(), middle), ("c.pdf".into(), small)]);
    assert_eq!(server.count("PUT", "/upload/"), 2, "in pieces, in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_uncertain_and_the_draft_says_what_became_of_it() {
    let server = Graph::start();
    let log = Phases::default();
    server.fail("POST", "/send", 1, Fault::AnswerLost);
    let error = submit(&server, &plain(), &log).await.unwrap_err();
    assert!(matches!(error, SubmitError::Uncertain(_)), "{error:?}");
    let submitter = GraphSubmit::new(access(&server, None));
    let cancel = CancellationToken::new();
    let draft = log.draft();
    assert_eq!(submitter.fate("one@contoso.test", draft.as_deref(), &cancel).await.unwrap(), Fate::Sent);
    // Told to try again all the same, it sees that it is sent.
    let again = Letter { provider_ref: draft, ..plain() };
    let done = submit(&server, &again, &Phases::default()).await.unwrap();
    assert!(done.recipients.iter().all(|r| r.accepted == Some(true)));
    assert_eq!(sent(&server).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_that_never_arrived_leaves_a_draft_which_is_sent_by_the_next_try() {
    let server = Graph::start();
    let log = Phases::default();
    server.fail("POST", "/send", 1, Fault::Status(504, "GatewayTimeout"));
    let error = submit(&server, &plain(), &log).await.unwrap_err();
    assert!(matches!(error, SubmitError::Uncertain(_)), "{error:?}");
    let submitter = GraphSubmit::new(access(&server, None));
    let fate = submitter.fate("one@contoso.test", log.draft().as_deref(), &CancellationToken::new()).await.unwrap();
    assert_eq!(fate, Fate::NotSent);
    let again = Letter { provider_ref: log.draft(), ..plain() };
    submit(&server, &again, &Phases::default()).await.unwrap();
    assert_eq!(sent(&server).len(), 1);
    assert_eq!(server.count("POST", "/me/messages") - server.count("POST", "/send"), 1, "one draft for both tries");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_between_drafts_and_sent_has_no_fate_yet() {
    let server = Graph::start();
    server.mailbox(|m| m.slow_sent = true);
    server.fail("POST", "/send", 1, Fault::AnswerLost);
    let log = Phases::default();
    submit(&server, &plain(), &log).await.unwrap_err();
    let submitter = GraphSubmit::new(access(&server, None));
    let fate =
        async || submitter.fate("one@contoso.test", log.draft().as_deref(), &CancellationToken::new()).await.unwrap();
    assert_eq!(fate().await, Fate::Unknown);
    server.mailbox(e2e::graph::mailbox::Mailbox::settle);
    assert_eq!(fate().await, Fate::Sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_before_the_step_leave_nothing_behind_and_are_safe_to_repeat() {
    let server = Graph::start();
    let log = Phases::default();
    server.fail("POST", "/me/messages", 1, Fault::Dropped);
    let error = submit(&server, &plain(), &log).await.unwrap_err();
    assert!(matches!(&error, SubmitError::Before(e) if e.code == ErrorCode::Network), "{error:?}");
    assert!(log.notes().is_empty());
    // The draft was made and its answer lost: it is thrown away, not sent.
    server.fail("POST", "/me/messages", 1, Fault::AnswerLost);
    submit(&server, &plain(), &log).await.unwrap_err();
    assert_eq!(server.items("drafts").len(), 1);
    submit(&server, &plain(), &log).await.unwrap();
    assert!(server.items("drafts").is_empty());
    assert_eq!(sent(&server).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_of_a_letter_say_whether_to_try_again() {
    let server = Graph::start();
    server.fail("POST", "/send", 1, Fault::Status(403, "ErrorSendAsDenied"));
    let Err(SubmitError::Refused(error, done)) = submit(&server, &plain(), &Phases::default()).await else { panic!() };
    assert!(error.code == ErrorCode::Refused && done.recipients.iter().all(|r| r.accepted == Some(false)));
    assert!(server.items("drafts").is_empty(), "nothing is left lying there");
    server.fail("POST", "/send", 3, Fault::Busy(429, 120));
    let log = Phases::default();
    let Err(SubmitError::Refused(error, done)) = submit(&server, &plain(), &log).await else { panic!() };
    assert_eq!((error.code, error.retry_after_seconds), (ErrorCode::Throttled, Some(120)));
    assert!(done.recipients.iter().all(|r| r.accepted.is_none()));
    assert!(sent(&server).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_that_was_refused_for_its_token_is_in_no_doubt_whatever_keeps_the_next_token_away() {
    let server = Graph::start();
    server.fail("POST", "/send", 1, Fault::Status(401, "InvalidAuthenticationToken"));
    // The token to begin with comes; the one after the refusal does not.
    let log = Phases::default();
    let before = server.refreshes();
    let submitter = GraphSubmit::new(access(&server, None));
    submitter.fate("none@contoso.test", Some("none"), &CancellationToken::new()).await.unwrap();
    assert!(server.refreshes() > before);
    server.fail("POST", "/token", 1, Fault::Dropped);
    let failed = submitter.submit(&plain(), &log, &CancellationToken::new()).await;
    let Err(SubmitError::Refused(error, done)) = failed else { panic!("{failed:?}") };
    assert_eq!(error.code, ErrorCode::Network);
    assert!(done.recipients.iter().all(|r| r.accepted.is_none()), "all are tried again");
    assert!(sent(&server).is_empty());
    let again = Letter { provider_ref: log.draft(), ..plain() };
    submit(&server, &again, &Phases::default()).await.unwrap();
    assert_eq!((sent(&server).len(), server.items("drafts").len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_mailbox_sends_from_its_own_drafts() {
    let server = Graph::start();
    let submitter = GraphSubmit::new(access(&server, Some(SHARED)));
    submitter.submit(&plain(), &Phases::default(), &CancellationToken::new()).await.unwrap();
    assert_eq!(server.mailbox_of(SHARED, |m| m.sent.len()), 1);
    assert!(sent(&server).is_empty());
}
