//! What the tests talk to: real servers, started in a temporary folder and gone with their owner.
//!
//! Owns: a Dovecot with users, TLS and a relay that delivers ([`MailServer`]), faults on the way to
//! it ([`FaultProxy`], [`Relay`]), scripted servers ([`Script`], [`Web`], [`Gmail`]), somebody
//! else's Google ([`Emulate`]), an authorization server ([`OauthServer`]), a private Secret Service
//! ([`Keyring`]), realistic mailboxes and tables ([`generate`]) and
//! the program under test ([`program`]).
//! Refuses: fixed ports, the network beyond loopback, sleeping where a condition can be awaited
//! ([`wait_until`]), anything that outlives the process that started it ([`guard`]).
//! Look next: [`server`] for the mail server, `tests/integration` for how they are used.
#![allow(clippy::missing_panics_doc)] // a helper that can't do its work is a failed test
#![allow(clippy::disallowed_methods)] // servers live in the machine's own time
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod authority;
pub mod crowd;
pub mod emulate;
pub mod generate;
pub mod gmail;
pub mod graph;
pub mod guard;
pub mod keyring;
pub mod oauth;
pub mod program;
pub mod proxy;
pub mod relay;
pub mod script;
pub mod server;
pub mod wait;
pub mod web;
pub mod window;

pub use authority::{Authority, CertificateKind};
pub use emulate::Emulate;
pub use gmail::Gmail;
pub use graph::Graph;
pub use keyring::Keyring;
pub use oauth::{Consent, OauthServer};
pub use program::{tabella, tabella_binary};
pub use proxy::FaultProxy;
pub use relay::{Gate, Phase, Relay};
pub use script::{Answer, Script, Scripted};
pub use server::{MailServer, User};
pub use wait::{free_port, wait_until};
pub use web::{Page, Web};
pub use window::Window;
