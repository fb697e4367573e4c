//! Waiting for news: a second connection that stays in IDLE on the inbox.
//!
//! It goes on listening between two waits, so news that comes while a round runs wakes the next wait.

use super::ImapRemote;
use super::fault::Fault;
use super::mailbox::Figures;
use super::worker::Connection;
use crate::contract::Woken;
use crate::net;
use model::{Error, Result};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// IDLE is begun anew after this: shorter than any server's or router's patience.
const REISSUE: Duration = Duration::from_mins(4);

/// The waiting connection.
pub enum Push {
    /// Not tried yet, or broken.
    Unopened,
    /// The server has no IDLE.
    Unsupported,
    /// Listening.
    Open(Arc<Watch>),
}

/// A listener on the inbox.
pub struct Watch {
    news: Notify,
    failure: Mutex<Option<Error>>,
    stop: CancellationToken,
}

impl Drop for Push {
    fn drop(&mut self) {
        if let Self::Open(watch) = self {
            watch.stop.cancel();
        }
    }
}

impl Push {
    /// Ends listening.
    pub fn stop(&mut self) {
        if matches!(self, Self::Open(_)) {
            *self = Self::Unopened;
        }
    }
}

impl ImapRemote {
    /// Waits until the inbox has news, at most `time`.
    pub(super) async fn wait_for_news(&self, time: Duration, cancel: &CancellationToken) -> Result<Woken> {
        let watch = self.watch(cancel).await?;
        let news = async {
            match &watch {
                Some(watch) => watch.news.notified().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(net::cancelled()),
            () = news => {}
            () = tokio::time::sleep(time) => return Ok(Woken::Elapsed),
        }
        let failure = watch.and_then(|watch| watch.failure.lock().unwrap_or_else(PoisonError::into_inner).take());
        match failure {
            None => Ok(Woken::News),
            Some(error) => {
                self.push.lock().await.stop();
                Err(error)
            }
        }
    }

    /// The listener, started where there is none; `None` where the server can't push.
    async fn watch(&self, cancel: &CancellationToken) -> Result<Option<Arc<Watch>>> {
        let mut push = self.push.lock().await;
        match &*push {
            Push::Open(watch) => return Ok(Some(watch.clone())),
            Push::Unsupported => return Ok(None),
            Push::Unopened => {}
        }
        let connection = Connection::open(&self.access, cancel).await?;
        let begun = connection
            .run(cancel, |session| {
                let figures = session.select("INBOX", true)?;
                Ok(session.has("IDLE").then_some(figures))
            })
            .await
            .map_err(|fault| connection.explain(fault))?;
        let Some(figures) = begun else {
            *push = Push::Unsupported;
            return Ok(None);
        };
        let watch = Arc::new(Watch { news: Notify::new(), failure: Mutex::new(None), stop: CancellationToken::new() });
        if self.remembered_inbox().is_some_and(|seen| differs(&seen, &figures)) {
            watch.news.notify_one();
        }
        tokio::spawn(listen(connection, watch.clone()));
        *push = Push::Open(watch.clone());
        Ok(Some(watch))
    }
}

fn differs(seen: &Figures, now: &Figures) -> bool {
    (seen.uidvalidity, seen.uidnext, seen.messages) != (now.uidvalidity, now.uidnext, now.messages)
        || (now.modseq > 0 && seen.modseq != now.modseq)
}

async fn listen(connection: Connection, watch: Arc<Watch>) {
    loop {
        match connection.run(&watch.stop, |session| session.idle(REISSUE)).await {
            Ok(true) => watch.news.notify_one(),
            Ok(false) => {}
            Err(_) if watch.stop.is_cancelled() => return,
            Err(fault) => {
                let error = match fault {
                    // A server may end IDLE whenever it likes; a new one is asked for after a round.
                    Fault::Refused { .. } | Fault::Epoch => {
                        Fault::Bye("IDLE was refused".into()).explain("The server", 0)
                    }
                    fault => connection.explain(fault),
                };
                *watch.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                watch.news.notify_one();
                return;
            }
        }
    }
}
