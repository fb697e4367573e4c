//! Flags as the bit set of the tables.

use model::message::Flags;

/// Read.
pub const SEEN: i64 = 1;
/// Starred.
pub const FLAGGED: i64 = 2;
/// Answered.
pub const ANSWERED: i64 = 4;
/// Forwarded.
pub const FORWARDED: i64 = 8;
/// A draft.
pub const DRAFT: i64 = 16;

/// Flags to bits.
pub fn bits(flags: Flags) -> i64 {
    let bit = |on: bool, bit: i64| if on { bit } else { 0 };
    bit(flags.seen, SEEN)
        | bit(flags.flagged, FLAGGED)
        | bit(flags.answered, ANSWERED)
        | bit(flags.forwarded, FORWARDED)
        | bit(flags.draft, DRAFT)
}

/// Bits to flags; unknown bits are ignored.
pub fn flags(bits: i64) -> Flags {
    Flags {
        seen: bits & SEEN != 0,
        flagged: bits & FLAGGED != 0,
        answered: bits & ANSWERED != 0,
        forwarded: bits & FORWARDED != 0,
        draft: bits & DRAFT != 0,
    }
}
