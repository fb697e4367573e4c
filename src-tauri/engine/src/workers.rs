//! The workers: two tasks an account, started and stopped as accounts come, change and go.
//!
//! Owns: when `sync::run_account` and `outbox::run_account` run, and that all of them end before
//! the engine does.
//! Refuses: knowing what they do. They meet only in the store.

use crate::{Engine, outbox, sync};
use model::account::{Account, AccountKind};
use model::{AccountId, Noun, Result};
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long the workers may take to end politely.
const FAREWELL: Duration = Duration::from_secs(5);

/// The supervisor's task, once it was started.
#[derive(Default)]
pub(crate) struct Workers {
    supervisor: Mutex<Option<JoinHandle<()>>>,
}

struct Worker {
    /// What the connection depends on; another value means: start anew.
    settings: String,
    cancel: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Engine {
    /// Starts sync, outbox and bulk runs in the background; a second call changes nothing.
    /// Must be called inside a Tokio runtime.
    pub fn start(&self) {
        let Ok(mut supervisor) = self.inner.workers.supervisor.lock() else { return };
        if supervisor.is_none() {
            tokio::spawn(crate::sweep::keep_swept(self.clone()));
            tokio::spawn(crate::snooze::keep_waking(self.clone()));
            tokio::spawn(crate::bases::keep_introduced(self.clone()));
            *supervisor = Some(tokio::spawn(supervise(self.clone())));
        }
    }

    /// Ends all workers in order: what is under way is finished or left resumable.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        let supervisor = self.inner.workers.supervisor.lock().ok().and_then(|mut s| s.take());
        if let Some(task) = supervisor {
            let _ = tokio::time::timeout(FAREWELL + Duration::from_secs(1), task).await;
        }
    }

    /// One round of an account's sync, now.
    ///
    /// # Errors
    /// As `remote` gives them; the account's state says the same.
    pub async fn sync_round(&self, account: AccountId, full: bool) -> Result<sync::RoundReport> {
        if let Err(error) = outbox::operations::replay(self, account, &self.inner.stop).await {
            tracing::info!(%account, %error, "acts stay owed");
        }
        sync::round(self, account, full, &self.inner.stop).await
    }

    /// Makes the acts that are owed to servers, where they can be reached now.
    pub async fn replay_operations(&self) {
        let Ok(accounts) = self.store().read(|r| store::account::list(r)).await else { return };
        for account in accounts.iter().filter(|a| !a.paused && a.kind != AccountKind::Sandbox) {
            if let Err(error) = outbox::operations::replay(self, account.id, &self.inner.stop).await {
                tracing::info!(account = account.id.0, %error, "acts stay owed");
            }
        }
    }

    /// A message's raw bytes; fetched from its server where only its header is here.
    ///
    /// # Errors
    /// `NotFound` where the server has it no longer.
    pub async fn raw(&self, message: model::MessageId) -> Result<Vec<u8>> {
        crate::part::raw(self, message).await
    }
}

async fn supervise(engine: Engine) {
    let mut changes = engine.changes();
    let mut running: HashMap<AccountId, Worker> = HashMap::new();
    loop {
        match wanted(&engine).await {
            Ok(accounts) => adjust(&engine, &mut running, accounts).await,
            Err(error) => tracing::warn!(%error, "accounts can't be read"),
        }
        loop {
            tokio::select! {
                () = engine.stopping().cancelled() => {
                    end(running.into_values().collect()).await;
                    return;
                }
                batch = changes.recv() => match batch {
                    Ok(batch) if batch.iter().any(|c| matches!(c.noun, Noun::Account | Noun::Setting | Noun::Provider)) => break,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return,
                }
            }
        }
    }
}

/// The accounts that should have workers, each with what its connection depends on.
async fn wanted(engine: &Engine) -> Result<Vec<(AccountId, String)>> {
    let accounts = engine.store().read(|r| store::account::list(r)).await?;
    // Nobody is asked for the key of a profile that has no use for it.
    let needed = accounts.iter().any(|a| !a.paused && a.kind != AccountKind::Sandbox);
    let open = needed && engine.secrets().is_open().await;
    engine
        .store()
        .read(move |r| {
            accounts
                .into_iter()
                .filter(|a| !a.paused && (open || a.kind == AccountKind::Sandbox))
                .map(|a| {
                    // Not the refresh token's time: it may change with every hour.
                    let sign_in = if let Some(provider) = &a.provider {
                        format!("{:?}", crate::tokens::entered(r, provider)?)
                    } else {
                        let secret = store::account::secret(r, &store::account::owner(a.id), "password")?;
                        secret.map_or(0, |(_, at)| at.0).to_string()
                    };
                    Ok((a.id, fingerprint(&a, &sign_in, store::account::ca_pem(r, a.id)?)))
                })
                .collect()
        })
        .await
}

fn fingerprint(account: &Account, sign_in: &str, ca_pem: Option<String>) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {} {sign_in} {ca_pem:?}",
        account.kind, account.imap, account.smtp, account.since_at, account.sync_minutes
    )
}

async fn adjust(engine: &Engine, running: &mut HashMap<AccountId, Worker>, wanted: Vec<(AccountId, String)>) {
    let stale: Vec<AccountId> = running
        .iter()
        .filter(|(id, worker)| !wanted.iter().any(|(w, settings)| w == *id && *settings == worker.settings))
        .map(|(id, _)| *id)
        .collect();
    let stopped: Vec<Worker> = stale.iter().filter_map(|id| running.remove(id)).collect();
    if !stopped.is_empty() {
        end(stopped).await;
    }
    for (id, settings) in wanted {
        running.entry(id).or_insert_with(|| {
            let cancel = engine.stopping().child_token();
            Worker {
                settings,
                tasks: vec![
                    tokio::spawn(sync::run_account(engine.clone(), id, cancel.clone())),
                    tokio::spawn(outbox::run_account(engine.clone(), id, cancel.clone())),
                ],
                cancel,
            }
        });
    }
}

async fn end(workers: Vec<Worker>) {
    for worker in &workers {
        worker.cancel.cancel();
    }
    let all = async {
        for task in workers.into_iter().flat_map(|w| w.tasks) {
            let _ = task.await;
        }
    };
    if tokio::time::timeout(FAREWELL, all).await.is_err() {
        tracing::warn!("a worker did not end in time; the store keeps what it had committed");
    }
}
