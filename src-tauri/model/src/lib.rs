//! The glossary as types: every noun that crosses a boundary of Tabella.
//!
//! Owns: ids, times, errors, changes, and the values that the door (see [`door`]) takes and gives.
//! Refuses: any I/O, any behaviour beyond construction and checks of a single value.
//! Look next: `docs/glossary.md` for the words, [`door`] for the list of commands.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod account;
pub mod base;
pub mod bulk;
pub mod change;
pub mod door;
pub mod draft;
pub mod error;
pub mod exchange;
pub mod history;
pub mod ids;
pub mod mailbox;
pub mod message;
pub mod phrase;
pub mod provider;
pub mod setting;
pub mod submission;
pub mod template;
pub mod time;

pub use change::{Change, Noun};
pub use error::{Error, ErrorCode, Result};
pub use ids::*;
pub use phrase::Phrase;
pub use time::{Clock, SystemClock, Timestamp};
