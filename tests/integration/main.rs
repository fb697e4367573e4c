//! Tests through the engine's door, against real servers and real files.
#![allow(clippy::unwrap_used, missing_docs)]

mod base;
mod generate;
mod bulk;
mod drafts;
mod profile;
mod send;
mod imap;
mod imap_quirks;
mod memory;
mod support;
mod tidy;
