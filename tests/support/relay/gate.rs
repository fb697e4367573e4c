//! Holding a conversation at a chosen place.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::lock;

/// Places in a conversation where it can be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A client has connected; the greeting is not sent yet.
    Connected,
    /// MAIL came; not answered yet.
    Sender,
    /// A RCPT came; not answered yet.
    Recipient,
    /// DATA came; 354 not sent yet.
    Data,
    /// The final dot came; nothing delivered, nothing answered yet.
    Dot,
    /// Delivered; not answered yet.
    Delivered,
    /// Answered with 250.
    Answered,
}

#[derive(Debug)]
struct Held {
    phase: Phase,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: usize,
    open: bool,
}

/// All gates of a relay that are not open yet.
#[derive(Debug, Default)]
pub(super) struct Gates(Mutex<Vec<Arc<Held>>>);

impl Gates {
    pub(super) fn close(self: &Arc<Self>, phase: Phase) -> Gate {
        let held = Arc::new(Held { phase, state: Mutex::default(), changed: Condvar::new() });
        lock(&self.0).push(held.clone());
        Gate { gates: self.clone(), held }
    }

    /// A conversation has come to this phase: waits while a gate is there, two minutes at most.
    pub(super) fn pass(&self, phase: Phase) {
        let here: Vec<_> = lock(&self.0).iter().filter(|held| held.phase == phase).cloned().collect();
        for held in here {
            let mut state = lock(&held.state);
            state.waiting += 1;
            held.changed.notify_all();
            let waited = held.changed.wait_timeout_while(state, Duration::from_mins(2), |state| !state.open);
            waited.expect("no panic while held").0.waiting -= 1;
        }
    }

    pub(super) fn open_all(&self) {
        for held in std::mem::take(&mut *lock(&self.0)) {
            held.open();
        }
    }
}

impl Held {
    fn open(&self) {
        lock(&self.state).open = true;
        self.changed.notify_all();
    }
}

/// Holds conversations at a phase. They go on when it is opened or dropped.
#[derive(Debug)]
pub struct Gate {
    gates: Arc<Gates>,
    held: Arc<Held>,
}

impl Gate {
    /// Waits until a conversation stands at the gate; panics after 30 seconds.
    pub fn reached(&self) {
        let state = lock(&self.held.state);
        let changed = &self.held.changed;
        let waited = changed.wait_timeout_while(state, Duration::from_secs(30), |state| state.waiting == 0);
        let over = waited.expect("no panic while held").1;
        assert!(!over.timed_out(), "nobody came to {:?}", self.held.phase);
    }

    /// Opens the gate for good.
    pub fn open(&self) {
        self.held.open();
        lock(&self.gates.0).retain(|held| !Arc::ptr_eq(held, &self.held));
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.open();
    }
}
