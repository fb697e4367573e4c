//! `tabella send` and `tabella outbox`.

use crate::account;
use crate::args::{OutboxVerb, SendArgs};
use crate::output::{Output, columns, time};
use crate::profile::{ask, text_from};
use engine::Engine;
use model::account::AccountScope;
use model::setting::Nothing;
use model::submission::{
    Cancelled, ComposeArgs, Submission, SubmissionListArgs, SubmissionPage, SubmissionRef, SubmissionState,
};
use model::{Error, ErrorCode, Result, SubmissionId, Timestamp, say};

/// `tabella send`
pub async fn send(engine: &Engine, out: &Output, args: SendArgs) -> Result<()> {
    let compose = ComposeArgs {
        from: args.from,
        to: args.to,
        cc: args.cc,
        bcc: args.bcc,
        reply_to: args.reply_to,
        subject: args.subject,
        text: args.text.as_deref().map(text_from).transpose()?,
        html: args.html.as_deref().map(text_from).transpose()?,
        attach: args.attach.iter().map(|p| p.display().to_string()).collect(),
        send_at: args.at.as_deref().map(instant).transpose()?,
    };
    let mut letter: Submission = ask(engine, "submission.compose", &compose).await?;
    if args.wait {
        letter = wait(engine, letter.id).await?;
    }
    let failed = failure(&letter);
    out.show(&letter, show)?;
    failed.map_or(Ok(()), Err)
}

/// Runs the engine until the letter has its answer or needs a person.
pub async fn wait(engine: &Engine, id: SubmissionId) -> Result<Submission> {
    let mut changes = engine.changes();
    engine.start();
    loop {
        let letter: Submission = ask(engine, "submission.get", &SubmissionRef { id }).await?;
        let settled = letter.state.is_final() && (letter.filed || letter.state != SubmissionState::Accepted);
        if settled || matches!(letter.state, SubmissionState::Uncertain | SubmissionState::Frozen) {
            return Ok(letter);
        }
        if needs_somebody(&letter).is_some() {
            return Ok(letter);
        }
        // A commit tells; the deadline only guards against one that was missed.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(2), changes.recv()).await;
    }
}

/// Why a waiting letter waits for a person; it goes out by itself as soon as they did their part.
fn needs_somebody(letter: &Submission) -> Option<&Error> {
    use ErrorCode::{AdminConsent, Certificate, Conflict, Locked, NoTls, NotFound, SignIn};
    letter.error.as_ref().filter(|error| {
        letter.state == SubmissionState::Queued
            && matches!(error.code, SignIn | AdminConsent | Locked | Certificate | NoTls | NotFound | Conflict)
    })
}

fn failure(letter: &Submission) -> Option<Error> {
    match letter.state {
        SubmissionState::Queued => needs_somebody(letter).cloned(),
        SubmissionState::Refused => Some(letter.error.clone().unwrap_or_else(|| {
            Error::new(ErrorCode::Refused, "The server refused the letter.")
                .detail(letter.answer.clone().unwrap_or_default())
        })),
        SubmissionState::Uncertain => Some(
            Error::new(
                ErrorCode::Network,
                "The connection broke while the letter was handed over; nobody knows whether it was sent.",
            )
            .remedy("Tabella looks for evidence and sends nothing twice; `tabella outbox show` tells what it found."),
        ),
        _ => None,
    }
}

/// A moment as RFC 3339 writes it.
pub fn instant(text: &str) -> Result<Timestamp> {
    let at: jiff::Timestamp =
        text.parse().map_err(|_| Error::invalid(say!("“{text}” is not a time like 2026-12-01T08:00:00Z.", text)))?;
    Ok(Timestamp(at.as_millisecond()))
}

fn show(letter: &Submission) -> String {
    let mut rows = vec![
        vec!["id".into(), letter.id.to_string()],
        vec!["state".into(), letter.state.as_str().into()],
        vec!["subject".into(), letter.subject.clone()],
        vec!["message-id".into(), letter.message_id.clone()],
        vec!["send at".into(), time(letter.send_at)],
        vec!["error".into(), letter.error.as_ref().map(ToString::to_string).unwrap_or_default()],
    ];
    rows.extend(
        letter
            .recipients
            .iter()
            .map(|r| vec![r.email.clone(), format!("{} {}", r.state.as_str(), r.answer.clone().unwrap_or_default())]),
    );
    columns(&rows)
}

async fn scope(engine: &Engine, wanted: Option<&str>) -> Result<AccountScope> {
    Ok(AccountScope {
        id: match wanted {
            Some(name) => Some(account::find(engine, name).await?.id),
            None => None,
        },
    })
}

/// `tabella outbox`
pub async fn outbox(engine: &Engine, out: &Output, verb: OutboxVerb) -> Result<()> {
    match verb {
        OutboxVerb::List => {
            let page: SubmissionPage =
                ask(engine, "submission.list", &SubmissionListArgs { limit: 1000, ..SubmissionListArgs::default() })
                    .await?;
            out.show(&page.rows, |rows| {
                let mut lines = vec![["ID", "STATE", "SEND AT", "TO", "SUBJECT"].map(String::from).to_vec()];
                lines.extend(rows.iter().map(|s| {
                    let to = s.recipients.iter().map(|r| r.email.clone()).collect::<Vec<_>>().join(", ");
                    vec![s.id.to_string(), s.state.as_str().into(), time(s.send_at), to, s.subject.clone()]
                }));
                columns(&lines)
            })
        }
        OutboxVerb::Show { id } => {
            let letter: Submission = ask(engine, "submission.get", &SubmissionRef { id: SubmissionId(id) }).await?;
            out.show(&letter, show)
        }
        OutboxVerb::Pause { account } => {
            let _: Nothing = ask(engine, "submission.pause", &scope(engine, account.as_deref()).await?).await?;
            Ok(())
        }
        OutboxVerb::Resume { account } => {
            let _: Nothing = ask(engine, "submission.resume", &scope(engine, account.as_deref()).await?).await?;
            Ok(())
        }
        OutboxVerb::Retry { id } => {
            let letter: Submission = ask(engine, "submission.retry", &SubmissionRef { id: SubmissionId(id) }).await?;
            out.show(&letter, show)
        }
        OutboxVerb::Cancel { id } => {
            let cancelled: Cancelled =
                ask(engine, "submission.cancel", &SubmissionRef { id: SubmissionId(id) }).await?;
            out.show(&cancelled, |_| "cancelled".into())
        }
    }
}
