//! Trying an account out for real: what works, step by step, in plain words.
//!
//! Owns: the order of the steps. Refuses: sending anything; see the engine for the test letter.

use crate::access::Access;
use crate::discover::files_sent_copy;
use crate::imap::try_out;
use crate::smtp::Dialogue;
use model::account::{ProbeReport, ProbeStep, ProbeStepKind};
use model::{Clock, Error, ErrorCode};
use tokio_util::sync::CancellationToken;

fn worked(kind: ProbeStepKind, found: impl Into<String>) -> ProbeStep {
    ProbeStep { kind, ok: true, found: found.into(), error: None }
}

fn failed(kind: ProbeStepKind, error: Error) -> ProbeStep {
    ProbeStep { kind, ok: false, found: String::new(), error: Some(error) }
}

fn place(access: &Access, protection: &str) -> String {
    format!("{}:{}, {protection}", access.server.host, access.server.port)
}

/// Tries incoming and outgoing server; a step that fails ends its side.
pub async fn probe(
    imap: Option<&Access>,
    smtp: Option<&Access>,
    clock: &dyn Clock,
    cancel: &CancellationToken,
) -> ProbeReport {
    let mut report = ProbeReport {
        probed_at: clock.now(),
        steps: Vec::new(),
        mailboxes: 0,
        push: false,
        quota: None,
        size_limit: None,
        files_sent_copy: None,
    };
    if let Some(access) = imap {
        incoming(&mut report, access, cancel).await;
    }
    if let Some(access) = smtp {
        outgoing(&mut report, access, cancel).await;
    }
    report
}

async fn incoming(report: &mut ProbeReport, access: &Access, cancel: &CancellationToken) {
    use ProbeStepKind::{ImapConnect, ImapLogin, Mailboxes, Push, Quota};
    match try_out(access, cancel).await {
        Ok(found) => {
            report.mailboxes = found.mailboxes;
            report.push = found.push;
            report.quota = found.quota;
            report.steps.push(worked(ImapConnect, place(access, &found.protection)));
            report.steps.push(worked(ImapLogin, access.server.username.as_str()));
            report.steps.push(worked(Mailboxes, found.mailboxes.to_string()));
            let push = if found.push { "IDLE" } else { "" };
            report.steps.push(ProbeStep { ok: found.push, ..worked(Push, push) });
            if let Some(quota) = found.quota {
                let megabytes = |bytes: u64| format!("{:.1}", bytes as f64 / 1e6);
                report.steps.push(worked(Quota, format!("{} / {} MB", megabytes(quota.used), megabytes(quota.limit))));
            }
        }
        Err(error) if matches!(error.code, ErrorCode::SignIn | ErrorCode::AdminConsent) => {
            report.steps.push(worked(ImapConnect, format!("{}:{}", access.server.host, access.server.port)));
            report.steps.push(failed(ImapLogin, error));
        }
        Err(error) => report.steps.push(failed(ImapConnect, error)),
    }
}

async fn outgoing(report: &mut ProbeReport, access: &Access, cancel: &CancellationToken) {
    use ProbeStepKind::{SentCopy, SizeLimit, SmtpConnect, SmtpLogin};
    let dialogue = match Dialogue::connect(access, cancel).await {
        Ok(dialogue) => dialogue,
        Err(error) => return report.steps.push(failed(SmtpConnect, error)),
    };
    report.steps.push(worked(SmtpConnect, place(access, dialogue.protection)));
    let dialogue = match dialogue.signed_in(access, cancel).await {
        Ok(dialogue) => dialogue,
        Err(error) => return report.steps.push(failed(SmtpLogin, error)),
    };
    report.steps.push(worked(SmtpLogin, access.server.username.as_str()));
    report.size_limit = dialogue.extensions.size;
    if let Some(limit) = report.size_limit {
        report.steps.push(worked(SizeLimit, format!("{:.1} MB", limit as f64 / 1e6)));
    }
    let files = files_sent_copy(&access.server.host);
    report.files_sent_copy = Some(files);
    report.steps.push(worked(SentCopy, if files { access.server.host.as_str() } else { "Tabella" }));
    dialogue.quit().await;
}
