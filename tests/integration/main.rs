//! Tests through the engine's door, against real servers and real files.
#![allow(clippy::unwrap_used, missing_docs)]

mod base;
mod generate;
mod profile;
mod send;
mod support;
mod tidy;
