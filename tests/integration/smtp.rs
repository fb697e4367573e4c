//! SMTP submission: every recipient's own result, and never twice.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use model::ErrorCode;
use model::account::TlsMode;
use remote::contract::{Letter, PhaseLog, SubmitError, Submitted};
use remote::smtp::SmtpSubmit;
use remote::{Access, Secret, SignIn, Submit};
use tokio_util::sync::CancellationToken;

use crate::memory::{access, letter, plain_access};
use e2e::{Answer, MailServer, Phase, Script, Scripted};

/// A ledger that only counts, and fails on demand.
#[derive(Default)]
struct Log {
    handed_over: Mutex<usize>,
    fails: bool,
}

#[async_trait]
impl PhaseLog for Log {
    async fn handing_over(&self) -> model::Result<()> {
        *self.handed_over.lock().unwrap() += 1;
        if self.fails { Err(model::Error::new(ErrorCode::Disk, "full")) } else { Ok(()) }
    }

    async fn provider_ref(&self, _: &str) -> model::Result<()> {
        Ok(())
    }
}

fn to(recipients: &[&str]) -> Letter {
    Letter {
        from: "anna@tabella.test".into(),
        recipients: recipients.iter().map(|r| (*r).to_owned()).collect(),
        bytes: letter(1),
        message_id: "letter-1@tabella.test".into(),
        bcc: Vec::new(),
        provider_thread: None,
        provider_ref: None,
    }
}

/// The relay itself, whose faults are not softened by anything between.
fn relay(server: &MailServer) -> SmtpSubmit {
    let user = server.user("anna");
    server.relay().accept_only(&user.email, &user.password);
    SmtpSubmit::new(access(server, &user, server.relay().tls_port(), TlsMode::Tls))
}

async fn send(smtp: &SmtpSubmit, recipients: &[&str]) -> (Result<Submitted, SubmitError>, usize) {
    let log = Log::default();
    let done = smtp.submit(&to(recipients), &log, &CancellationToken::new()).await;
    let count = *log.handed_over.lock().unwrap();
    (done, count)
}

fn accepted(submitted: &Submitted) -> Vec<Option<bool>> {
    submitted.recipients.iter().map(|r| r.accepted).collect()
}

#[tokio::test]
async fn a_letter_arrives_byte_for_byte_over_every_way_to_connect() {
    let server = MailServer::start();
    let user = server.user("anna");
    for (number, (port, tls)) in [
        (server.ports().submissions, TlsMode::Tls),
        (server.ports().submission, TlsMode::StartTls),
        (server.ports().submission, TlsMode::None),
    ]
    .into_iter()
    .enumerate()
    {
        let smtp = SmtpSubmit::new(access(&server, &user, port, tls));
        let id = format!("way-{number}@tabella.test");
        let mut sent = to(&["boris@tabella.test"]);
        sent.bytes = format!("Message-ID: <{id}>\r\nSubject: dots\r\n\r\n.\r\n..x\r\n.end\r\nlast").into_bytes();
        let done = smtp.submit(&sent, &Log::default(), &CancellationToken::new()).await.unwrap();
        assert_eq!(accepted(&done), [Some(true)]);
        let stored = server.find_in("boris", "INBOX", &id);
        assert_eq!(stored.len(), 1);
        let raw = String::from_utf8(stored[0].raw()).unwrap().replace("\r\n", "\n");
        assert!(raw.ends_with("\n\n.\n..x\n.end\nlast\n"), "{raw:?}");
        assert!(smtp.size_limit(&CancellationToken::new()).await.unwrap().is_some());
        smtp.close().await;
    }
}

#[tokio::test]
async fn one_bad_recipient_never_stops_the_others() {
    let server = MailServer::start();
    let (done, handed_over) = send(
        &relay(&server),
        &["boris@tabella.test", "refuse@tabella.test", "defer@tabella.test", "clara@tabella.test"],
    )
    .await;
    let done = done.unwrap();
    assert_eq!(accepted(&done), [Some(true), Some(false), None, Some(true)]);
    assert_eq!(done.recipients[1].code, Some(550));
    assert_eq!(handed_over, 1);
    assert_eq!(server.copies("boris", "letter-1@tabella.test"), 1);
    assert_eq!(server.copies("clara", "letter-1@tabella.test"), 1);
}

#[tokio::test]
async fn what_nobody_takes_is_refused_before_anything_is_handed_over() {
    let server = MailServer::start();
    let smtp = relay(&server);
    let (done, handed_over) = send(&smtp, &["refuse@tabella.test"]).await;
    let Err(SubmitError::Refused(error, done)) = done else { panic!("{done:?}") };
    assert_eq!((error.code, accepted(&done)), (ErrorCode::Refused, vec![Some(false)]));
    assert_eq!(handed_over, 0);
    let (done, _) = send(&smtp, &["defer@tabella.test", "refuse@tabella.test"]).await;
    let Err(SubmitError::Refused(error, done)) = done else { panic!("{done:?}") };
    assert!(error.code.is_transient(), "somebody may be served later");
    assert_eq!(accepted(&done), [None, Some(false)]);
    let (done, _) = send(&smtp, &["boris@tabella.test"]).await;
    assert!(done.is_ok(), "the connection goes on after a refusal");
    assert_eq!(server.relay().sessions(), 1);
}

#[tokio::test]
async fn an_answer_to_the_final_dot_is_told_for_everyone() {
    let server = MailServer::start();
    let smtp = relay(&server);
    for (recipient, wanted) in [("refuse-data@tabella.test", Some(false)), ("defer-data@tabella.test", None)] {
        let (done, handed_over) = send(&smtp, &[recipient, "boris@tabella.test"]).await;
        let Err(SubmitError::Refused(_, done)) = done else { panic!("{done:?}") };
        assert_eq!(accepted(&done), [wanted, wanted]);
        assert_eq!(handed_over, 1);
    }
    assert_eq!(server.copies("boris", "letter-1@tabella.test"), 0);
}

#[tokio::test]
async fn a_connection_that_ends_before_the_dot_is_safe_and_after_it_is_uncertain() {
    let server = MailServer::start();
    let (done, handed_over) = send(&relay(&server), &["hangup@tabella.test"]).await;
    let Err(SubmitError::Before(error)) = done else { panic!("{done:?}") };
    assert!(error.code.is_transient());
    assert_eq!(handed_over, 0);
    for recipient in ["lost@tabella.test", "silent@tabella.test"] {
        let (done, handed_over) = send(&relay(&server), &[recipient]).await;
        assert!(matches!(done, Err(SubmitError::Uncertain(_))), "{recipient}: {done:?}");
        assert_eq!(handed_over, 1);
    }
}

#[tokio::test]
async fn the_ledger_knows_before_the_dot_leaves_and_can_still_stop_it() {
    let server = MailServer::start();
    let log = Log { fails: true, ..Log::default() };
    let done = relay(&server).submit(&to(&["boris@tabella.test"]), &log, &CancellationToken::new()).await;
    assert!(matches!(done, Err(SubmitError::Before(_))), "{done:?}");
    assert!(server.relay().letters().is_empty(), "without the final dot nothing is sent");
}

#[tokio::test]
async fn cancelling_before_the_dot_sends_nothing_and_after_it_waits_for_the_answer() {
    let server = MailServer::start();
    let smtp = relay(&server);
    for (phase, answered) in [(Phase::Recipient, false), (Phase::Dot, true)] {
        let gate = server.relay().gate(phase);
        let cancel = CancellationToken::new();
        let (letter, log) = (to(&["boris@tabella.test"]), Log::default());
        let (done, ()) = tokio::join!(smtp.submit(&letter, &log, &cancel), async {
            let gate = tokio::task::spawn_blocking(move || {
                gate.reached();
                gate
            })
            .await
            .unwrap();
            cancel.cancel();
            tokio::time::sleep(Duration::from_millis(50)).await;
            gate.open();
        });
        assert_eq!(done.is_ok(), answered, "{done:?}");
    }
    assert_eq!(server.copies("boris", "letter-1@tabella.test"), 1);
}

#[tokio::test]
async fn consecutive_letters_share_a_connection_and_a_closed_one_is_opened_again() {
    let server = MailServer::start();
    let smtp = relay(&server);
    for _ in 0..3 {
        send(&smtp, &["boris@tabella.test"]).await.0.unwrap();
    }
    assert_eq!(server.relay().sessions(), 1);
    send(&smtp, &["leave@tabella.test"]).await.0.unwrap();
    send(&smtp, &["boris@tabella.test"]).await.0.unwrap();
    assert_eq!(server.relay().sessions(), 2);
    assert_eq!(server.copies("boris", "letter-1@tabella.test"), 4);
}

#[tokio::test]
async fn a_letter_that_is_too_large_is_stopped_before_it_is_sent() {
    let server = MailServer::start();
    server.relay().limit_size_bytes(50);
    let (done, handed_over) = send(&relay(&server), &["boris@tabella.test"]).await;
    let Err(SubmitError::Before(error)) = done else { panic!("{done:?}") };
    assert_eq!((error.code, handed_over), (ErrorCode::TooLarge, 0));
}

#[tokio::test]
async fn a_wrong_password_is_a_matter_of_signing_in() {
    let server = MailServer::start();
    let mut user = server.user("anna");
    user.password = "wrong-word".into();
    let smtp = SmtpSubmit::new(access(&server, &user, server.ports().submissions, TlsMode::Tls));
    let (done, _) = send(&smtp, &["boris@tabella.test"]).await;
    let Err(SubmitError::Before(error)) = done else { panic!("{done:?}") };
    assert_eq!(error.code, ErrorCode::SignIn);
    assert!(!format!("{error:?}").contains("wrong-word"));
}

fn scripted(ehlo: &str) -> Script {
    Script::greeting("220 ready")
        .say("EHLO", ehlo)
        .say("AUTH", "235 ok")
        .say("MAIL", "250 ok")
        .say("RCPT", "250 ok")
        .say("DATA", "354 go")
}

async fn try_scripted(server: &Scripted, access: Access) -> SubmitError {
    let done = SmtpSubmit::new(Access {
        server: model::account::ServerSettings { port: server.port(), ..access.server },
        ..access
    })
    .submit(&to(&["boris@tabella.test"]), &Log::default(), &CancellationToken::new())
    .await;
    done.unwrap_err()
}

/// Has but one token.
struct OneToken;

#[async_trait::async_trait]
impl remote::access::TokenSource for OneToken {
    async fn access(&self) -> model::Result<Secret> {
        Ok(Secret::new("token"))
    }
    async fn refused(&self, _token: &Secret) {}
}

#[tokio::test]
async fn a_refused_token_is_a_matter_of_signing_in_although_it_comes_as_a_challenge() {
    let server = Script::greeting("220 ready")
        .say("EHLO", "250-x\n250 AUTH XOAUTH2")
        .say("AUTH XOAUTH2", "334 eyJzdGF0dXMiOiI0MDAifQ==")
        .say("", "535 5.7.8 no")
        .start();
    let mut access = plain_access(server.port());
    access.sign_in = SignIn::Token(std::sync::Arc::new(OneToken));
    let SubmitError::Before(error) = try_scripted(&server, access).await else { panic!() };
    assert_eq!(error.code, ErrorCode::SignIn);
    assert!(error.detail.unwrap().contains("{\"status\":\"400\"}"));
}

#[tokio::test]
async fn without_starttls_no_password_is_sent() {
    for server in [
        scripted("250-x\n250 AUTH PLAIN").start(),
        scripted("250-x\n250-STARTTLS\n250 AUTH PLAIN").first("STARTTLS", Answer::Say("454 not now".into())).start(),
        scripted("250-x\n250-STARTTLS\n250 AUTH PLAIN")
            .first("STARTTLS", Answer::Say("220 go\n250 injected".into()))
            .start(),
    ] {
        let mut access = plain_access(server.port());
        access.server.tls = TlsMode::StartTls;
        let SubmitError::Before(error) = try_scripted(&server, access).await else { panic!() };
        assert!(matches!(error.code, ErrorCode::NoTls | ErrorCode::Protocol), "{error}");
        assert!(!server.lines().iter().any(|line| line.contains("AUTH")));
    }
}

#[tokio::test]
async fn nothing_tells_the_name_of_this_computer() {
    let server = scripted("250-x\n250 AUTH PLAIN").say("", "250 ok").start();
    let smtp = SmtpSubmit::new(plain_access(server.port()));
    smtp.size_limit(&CancellationToken::new()).await.unwrap();
    assert!(server.lines().contains(&"EHLO [127.0.0.1]".to_owned()), "{:?}", server.lines());
}

#[tokio::test]
async fn an_outgoing_server_that_makes_no_sense_is_told_so() {
    for greeting in ["* OK IMAP ready", "HTTP/1.1 400 Bad", "421 4.7.0 too busy", "554 no service"] {
        let server = Script::greeting(greeting).say("", "what").start();
        let SubmitError::Before(error) = try_scripted(&server, plain_access(server.port())).await else { panic!() };
        let wanted = match &greeting[..3] {
            "421" => ErrorCode::Throttled,
            "554" => ErrorCode::Refused,
            _ => ErrorCode::Protocol,
        };
        assert_eq!(error.code, wanted, "{greeting}: {error}");
    }
}
