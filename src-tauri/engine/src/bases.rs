//! Open bases: each file is opened once, and its changes are told on the profile's bus.
//!
//! Owns: which bases are open, and the look-out for what other programs write into them.
//! Refuses: what a base holds (`store::base` has it).

use crate::Engine;
use model::{BaseId, Change, Error, ErrorCode, Noun, Result, say};
use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;
use store::base::{BaseFile, registry};
use tokio::sync::broadcast::error::RecvError;

/// How often another program's commits are looked for.
const LOOK_OUT: Duration = Duration::from_millis(300);

/// The open bases of an engine.
#[derive(Default)]
pub(crate) struct Bases {
    open: tokio::sync::Mutex<HashMap<BaseId, Arc<BaseFile>>>,
}

impl Engine {
    /// The base of this id, opened if it is not yet.
    ///
    /// # Errors
    /// `NotFound` where the profile knows no such base or its file is gone; what
    /// [`BaseFile::open`] answers.
    pub async fn base(&self, id: &BaseId) -> Result<Arc<BaseFile>> {
        let mut open = self.bases().open.lock().await;
        if let Some(base) = open.get(id) {
            return Ok(base.clone());
        }
        let wanted = id.clone();
        let entry = self.store().read(move |r| registry::get(r, &wanted)).await?;
        let (path, clock) = (entry.file(self.store().profile()), self.store().clock());
        let person = self.person().await?;
        let base = Arc::new(blocking(move || Ok(BaseFile::open(&path, clock)?.for_person(&person))).await?);
        if base.id() != id {
            return Err(Error::new(
                ErrorCode::Conflict,
                say!("Another base stands in the place of “{name}”.", name = entry.name),
            )
            .remedy(say!("Put the right file back: {path}", path = base.path().display())));
        }
        open.insert(id.clone(), base.clone());
        self.watch(&base);
        Ok(base)
    }

    /// Takes over a base that was just made.
    pub(crate) async fn opened(&self, base: BaseFile) -> Result<Arc<BaseFile>> {
        let base = Arc::new(base.for_person(&self.person().await?));
        self.bases().open.lock().await.insert(base.id().clone(), base.clone());
        self.watch(&base);
        Ok(base)
    }

    /// Who the user of this profile is to bases: a name made at random once, which tells nothing of them
    /// and stands in a base only where a view of it is theirs alone.
    async fn person(&self) -> Result<String> {
        const PERSON: &str = "person";
        if let Some(known) = self.store().read(|r| store::meta::get(r, PERSON)).await? {
            return Ok(known);
        }
        let new = crate::random::hex::<16>()?;
        self.store()
            .write(move |w| {
                // Another program may have been first.
                if let Some(known) = store::meta::get(w, PERSON)? {
                    return Ok(known);
                }
                store::meta::put(w, PERSON, &new)?;
                Ok(new)
            })
            .await
    }

    /// The bases that are open.
    pub(crate) async fn open_bases(&self) -> Vec<Arc<BaseFile>> {
        self.bases().open.lock().await.values().cloned().collect()
    }

    /// Closes a base.
    pub(crate) async fn close_base(&self, id: &BaseId) {
        self.bases().open.lock().await.remove(id);
    }

    /// Reads in a base, off the async threads.
    pub async fn read_base<T: Send + 'static>(
        &self,
        id: &BaseId,
        work: impl FnOnce(&BaseFile) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (base, store) = (self.base(id).await?, self.store().clone());
        blocking(move || {
            base.introduce(&store.read_now(|r| store::setting::me(r))?);
            work(&base)
        })
        .await
    }

    /// Writes in a base, off the async threads, and tells what changed.
    pub async fn write_base<T: Send + 'static>(
        &self,
        id: &BaseId,
        work: impl FnOnce(&BaseFile) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (base, store) = (self.base(id).await?, self.store().clone());
        let (value, changes) = blocking(move || {
            base.introduce(&store.read_now(|r| store::setting::me(r))?);
            let value = work(&base)?;
            Ok((value, base.take_changes()?))
        })
        .await?;
        self.store().publish(changes);
        Ok(value)
    }

    /// Looks out for commits of other programs as long as the base is open.
    fn watch(&self, base: &Arc<BaseFile>) {
        let base: Weak<BaseFile> = Arc::downgrade(base);
        let (store, stopping) = (self.store().clone(), self.stopping().clone());
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = stopping.cancelled() => return,
                    () = tokio::time::sleep(LOOK_OUT) => {}
                }
                let Some(base) = base.upgrade() else { return };
                let tended = base.clone();
                let seen =
                    blocking(move || if base.changed_since() { base.take_changes() } else { Ok(Vec::new()) }).await;
                match seen {
                    Ok(changes) => store.publish(changes),
                    Err(error) => tracing::warn!(%error, "changes of a base can't be read"),
                }
                if let Err(error) = blocking(move || tended.tend()).await {
                    tracing::warn!(%error, "the indexes of a base can't be tended");
                }
            }
        });
    }
}

/// Tells that records may be other ones since the user is called otherwise: what is filtered by "me" is asked
/// for anew. Who the user is, every command looks up for itself.
pub(crate) async fn keep_introduced(engine: Engine) {
    let mut changes = engine.changes();
    let known = || engine.store().read(|r| store::setting::me(r));
    let mut last = known().await.ok();
    loop {
        tokio::select! {
            () = engine.stopping().cancelled() => return,
            told = changes.recv() => match told {
                Ok(batch) if !batch.iter().any(|c| matches!(c.noun, Noun::Setting | Noun::Account)) => continue,
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
        let now = match known().await {
            Ok(now) => Some(now),
            Err(error) => {
                tracing::warn!(%error, "who the user is can't be read");
                continue;
            }
        };
        if now != last {
            last = now;
            let of = |base: &Arc<BaseFile>| Some(base.id().clone());
            let bases = engine.open_bases().await;
            let told = |base| Change { seq: 0, noun: Noun::Record, id: None, base: of(base), arrived: false };
            engine.store().publish(bases.iter().map(told).collect());
        }
    }
}

/// Runs blocking work off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::internal(&e))?
}
