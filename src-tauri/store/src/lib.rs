//! The only SQL of Tabella: mail.db, content.db and the files of bases.
//!
//! Owns: schema, migrations, one writer, many query-only readers, and the `Change`s that every
//! commit publishes, to this process and to every other one on the same profile.
//! Refuses: the network, and deciding what is written: callers run a closure on the writer or on
//! a reader, and call the functions of the table families from it.
//! Look next: [`db`] for connections, `migrations/0001_profile.sql` and `schema.sql` for the
//! tables, one file a table family beside this one.

pub mod account;
pub mod addressed;
pub mod base;
pub mod content;
pub mod correspondent;
pub mod db;
pub mod draft;
pub mod errand;
pub mod flag;
pub mod ingest;
pub mod known;
pub mod lane;
pub mod likeness;
pub mod list;
pub mod lock;
pub mod mailbox;
pub mod message;
pub mod meta;
pub mod operation;
pub mod placement;
pub mod provider;
pub mod run;
pub mod search;
pub mod setting;
pub mod submission;
pub mod sweep;
pub mod sync_log;
pub mod template;
pub mod thread;
pub mod words;

mod changes;
mod error;
#[cfg(test)]
mod mail_tests;
#[cfg(test)]
mod plan_tests;
mod response;

pub use content::{ContentHash, ContentStore};
pub use db::{ReadTx, Store, WriteTx};
