//! Mail in: from a server's adapter into the store.
//!
//! Owns: rounds ([`round`]), the worker that keeps an account in step ([`run_account`]), what it says
//! of itself (phase, progress in real numbers, log), and back-off.
//! Refuses: protocols ([`remote`] has them), SQL, and what goes out (`crate::outbox`).
//! Look next: [`local`] for how batches flow into the store, [`worker`] for the loop, [`chosen`] for
//! single messages compared again.

mod chosen;
mod local;
mod round;
mod worker;

pub(crate) use chosen::resync;
pub use round::{RoundReport, round, round_over};
pub use worker::run_account;
