//! Tests through the engine's door, against real servers and real files.
#![allow(clippy::unwrap_used, missing_docs)]

mod base;
mod bulk;
mod discover;
mod drafts;
mod generate;
mod imap;
mod imap_quirks;
mod kill;
mod memory;
mod outbox;
mod profile;
mod sandbox;
mod secret;
mod send;
mod smtp;
mod support;
mod tidy;
