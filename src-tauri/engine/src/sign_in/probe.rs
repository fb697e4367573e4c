//! Trying out an account that works by its provider's API.

use crate::Engine;
use crate::tokens::transport;
use model::account::{Account, ProbeReport, ProbeStep, ProbeStepKind};
use model::{ErrorCode, Result};
use remote::auth::flow::Tokens;
use remote::auth::person;

/// Refreshes the token if need be, and asks the API whose mailbox it is.
pub(crate) async fn probe(engine: &Engine, account: &Account) -> Result<ProbeReport> {
    let keeper = engine.keeper(account).await?;
    let tried = async {
        let access = keeper.access().await?;
        let tokens = Tokens { access, lives_seconds: 0, refresh: None, scopes: Vec::new(), person: None };
        person::learn(keeper.provider(), transport(account.kind), &tokens).await
    };
    let step = |kind, found: &str, error: Option<model::Error>| ProbeStep {
        kind,
        ok: error.is_none(),
        found: found.to_owned(),
        error,
    };
    let api = keeper.provider().api.as_str();
    let steps = match tried.await {
        Ok(person) => vec![
            step(ProbeStepKind::ImapConnect, api, None),
            step(ProbeStepKind::ImapLogin, person.as_deref().unwrap_or(&account.email), None),
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
        mailboxes: 0,
        push: false,
        quota: None,
        size_limit: None,
        files_sent_copy: Some(true),
    };
    let (id, stored) = (account.id, report.clone());
    engine.store().write(move |w| store::account::set_probe(w, id, &stored)).await?;
    Ok(report)
}
