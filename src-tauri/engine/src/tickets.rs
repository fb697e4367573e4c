//! Imports and exports under way, by the ticket their caller chose: how far they are, and to stop them.

use crate::Engine;
use model::exchange::ExchangeProgress;
use model::{Change, Noun};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How often progress is told (ms).
const TOLD_MS: i64 = 200;

/// All tickets of an engine.
#[derive(Default)]
pub(crate) struct Tickets {
    open: Mutex<HashMap<String, Arc<State>>>,
}

#[derive(Default)]
struct State {
    records: AtomicU32,
    /// None where it is not known: a number of nothing is not told.
    total: AtomicU32,
    stopped: AtomicBool,
}

impl Tickets {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<State>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far it is.
    pub(crate) fn progress(&self, ticket: &str) -> ExchangeProgress {
        let open = self.lock();
        let read = |count: fn(&State) -> &AtomicU32| open.get(ticket).map(|state| count(state).load(Ordering::Relaxed));
        let records = read(|state| &state.records);
        ExchangeProgress {
            running: records.is_some(),
            records: records.unwrap_or_default(),
            total: read(|state| &state.total).filter(|total| *total > 0),
        }
    }

    /// Stops it at the next look; one that is over already stays as it is.
    pub(crate) fn stop(&self, ticket: &str) {
        if let Some(state) = self.lock().get(ticket) {
            state.stopped.store(true, Ordering::Relaxed);
        }
    }
}

/// One import or export under way; over when dropped.
pub(crate) struct Ticket {
    engine: Engine,
    name: Option<String>,
    state: Arc<State>,
    told_at: i64,
}

impl Engine {
    /// Takes a ticket; without a name it can still be stopped by the end of the engine.
    pub(crate) fn ticket(&self, name: Option<String>) -> Ticket {
        let state = Arc::new(State::default());
        if let Some(name) = &name {
            self.tickets().lock().insert(name.clone(), state.clone());
        }
        Ticket { engine: self.clone(), name, state, told_at: 0 }
    }
}

impl Ticket {
    /// Notes how many there are in all.
    pub(crate) fn out_of(&mut self, total: usize) {
        self.state.total.store(u32::try_from(total).unwrap_or(u32::MAX), Ordering::Relaxed);
    }

    /// Notes how far it is; false: stop.
    pub(crate) fn go_on(&mut self, records: u64) -> bool {
        self.state.records.store(u32::try_from(records).unwrap_or(u32::MAX), Ordering::Relaxed);
        let now = self.engine.store().clock().now().0;
        if now - self.told_at >= TOLD_MS {
            self.told_at = now;
            self.tell();
        }
        !self.state.stopped.load(Ordering::Relaxed) && !self.engine.stopping().is_cancelled()
    }

    fn tell(&self) {
        if let Some(id) = self.name.clone() {
            let change = Change { seq: 0, noun: Noun::Exchange, id: Some(id), base: None, arrived: false };
            self.engine.store().publish(vec![change]);
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            self.engine.tickets().lock().remove(name);
        }
        self.tell();
    }
}
