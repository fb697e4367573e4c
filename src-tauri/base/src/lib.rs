//! Bases without a file: what cells are, how people write and read them, filters, CSV.
//!
//! Owns: the meaning of every column type (one file a type in [`column`]), filters as a language
//! of their own ([`filter`]), settings of views ([`view`]), files of records ([`csv`], [`xlsx`], [`dtable`]), and the language-correct order and
//! folding of text ([`text`]).
//! Refuses: SQL, files of its own, the clock. Values in, values out; nothing here panics on input.
//! Look next: [`column`] for the contract of a type; the SQL of a base file is in `store::base`.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod cell;
pub mod civil;
pub mod column;

pub mod csv;
pub mod dtable;
pub mod exchange;
pub mod export;
pub mod filter;
pub mod formula;
pub mod text;
pub mod vcard;
pub mod view;
pub mod xlsx;

pub use cell::{Cell, Misfit};
pub use column::{Behaviour, Context, Field, Storage};
