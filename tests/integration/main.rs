//! Tests through the engine's door, against real servers and real files.
#![allow(clippy::unwrap_used, missing_docs)]

mod acts;
mod base;
mod base_links;
mod base_views;
mod bulk;
mod discover;
mod drafts;
mod generate;
mod imap;
mod imap_quirks;
mod kill;
mod memory;
mod outbox;
mod post;
mod profile;
mod responses;
mod sandbox;
mod search;
mod secret;
mod send;
mod smtp;
mod startup;
mod support;
mod sync;
mod tidy;
