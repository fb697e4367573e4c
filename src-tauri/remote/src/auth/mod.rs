//! Signing in with OAuth 2.0 in the system's browser.
//!
//! Owns: the built-in providers ([`provider`]) and what may be entered for them ([`endpoint`]), the loopback
//! redirect ([`loopback`]), the flows ([`flow`]), whose mailbox was signed in to ([`person`]), and fresh
//! access tokens for every task that needs one ([`token`]).
//! Refuses: keeping anything. Refresh tokens are handed to a [`token::Vault`], which seals them;
//! access tokens live in memory; codes and verifiers are gone after the exchange.
//! Sources: RFC 6749, RFC 7636 (PKCE), RFC 8252 (native apps), RFC 8628 (device grant).

pub mod endpoint;
pub mod flow;
pub mod loopback;
pub mod person;
pub mod provider;
pub mod token;
