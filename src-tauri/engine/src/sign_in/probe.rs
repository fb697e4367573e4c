//! Trying out an account that works by its provider's API.

use crate::Engine;
use model::account::{Account, AccountKind, ProbeReport, ProbeStep, ProbeStepKind};
use model::{Error, ErrorCode, Result};
use remote::gmail::GmailRemote;
use remote::graph::GraphRemote;

/// Asks the API for the mailboxes, in the account's name.
pub(crate) async fn probe(engine: &Engine, account: &Account) -> Result<ProbeReport> {
    let keeper = engine.keeper(account).await?;
    let tried = match account.kind {
        AccountKind::Gmail => GmailRemote::new(engine.gmail_access(account).await?).try_out(engine.stopping()).await,
        _ => GraphRemote::new(engine.graph_access(account).await?).try_out(engine.stopping()).await,
    };
    let step = |kind, found: &str, error: Option<Error>| ProbeStep {
        kind,
        ok: error.is_none(),
        found: found.to_owned(),
        error,
    };
    let api = keeper.provider().api.as_str();
    let mailboxes = *tried.as_ref().unwrap_or(&0);
    let steps = match tried {
        Ok(count) => vec![
            step(ProbeStepKind::ImapConnect, api, None),
            step(ProbeStepKind::ImapLogin, &account.email, None),
            step(ProbeStepKind::Mailboxes, &count.to_string(), None),
            step(ProbeStepKind::SentCopy, &keeper.provider().title, None),
        ],
        Err(error) if matches!(error.code, ErrorCode::Network | ErrorCode::Timeout | ErrorCode::Certificate) => {
            vec![step(ProbeStepKind::ImapConnect, "", Some(error))]
        }
        Err(error) => {
            vec![step(ProbeStepKind::ImapConnect, api, None), step(ProbeStepKind::ImapLogin, "", Some(error))]
        }
    };
    let report = ProbeReport {
        probed_at: engine.store().now(),
        steps,
        mailboxes,
        push: false,
        quota: None,
        size_limit: None,
        files_sent_copy: Some(true),
    };
    let (id, stored) = (account.id, report.clone());
    engine.store().write(move |w| store::account::set_probe(w, id, &stored)).await?;
    Ok(report)
}
