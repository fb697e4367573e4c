//! The outside world behind two traits: [`Remote`] (mail in, acts out) and [`Submit`] (letters out).
//!
//! Owns: protocols, connections, certificates, discovery of servers, sealing of secrets.
//! Refuses: SQL, Tauri, decisions about what is sent or kept. An adapter asks the engine what is
//! already here through [`Local`], and hands over what it found in [`Batch`]es, each of which the
//! engine commits together with its cursor. Call [`tls::init`] first.
//! Look next: [`contract`] for the values; [`imap`], [`smtp`], [`gmail`] and [`graph`] for the adapters. A sandbox account has
//! none: the engine delivers its letters into its own store.

pub mod access;
pub mod auth;
pub mod contract;
pub mod discover;
pub mod gmail;
pub mod graph;
mod http;
pub mod image;
pub mod imap;
pub mod net;
mod probe;
pub mod secret;
pub mod smtp;
pub mod tls;

pub use access::{Access, Secret, SignIn};
pub use contract::{Local, PhaseLog, Remote, Submit};
pub use probe::probe;
