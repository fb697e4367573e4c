//! Mail as values: bytes in, values out.
//!
//! Owns: reading any message, making safe ones, text and HTML of letters, threading, addresses,
//! templates, the search language, and how a message is cut for storage.
//! Refuses: I/O, a clock, randomness; every function is total and bounded, whatever the input.
//! Look next: [`parse`] for what arrives, [`compose`] for what leaves, [`sanitize`] for what is shown.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod address;
pub mod compose;
pub mod document;
pub mod mbox;
pub mod parse;
pub mod query;
pub mod reply;
pub mod sanitize;
pub mod segment;
pub mod template;
pub mod text;
pub mod threading;
