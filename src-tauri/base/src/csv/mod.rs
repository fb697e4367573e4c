//! Text files of records: CSV, TSV and their kin, in and out.
//!
//! Reading takes two passes over the file: [`inspect`] finds charset, separator, header and, from
//! all rows, the types; [`rows`] then gives the records one by one. Neither holds the file in memory.
//! Look next: [`guess`] for how types are found, [`write`] for how files are written safely.

pub mod guess;
mod read;
mod write;

pub use read::{Dialect, Inspection, ROW_BYTES_MAX, Rows, inspect, rows};
pub use write::{Writer, guarded};
