//! Ranges of bytes, as RFC 9110 (14.1.2) words them: one range; several at once are answered by the whole.

use std::ops::Range;

/// What of a content is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// These bytes; never none.
    Bytes(Range<u64>),
    /// Bytes that it does not have.
    Nothing,
}

/// The most bytes of one piece: who wants more asks on from its end.
pub(super) const PIECE_BYTES_MAX: u64 = 4 << 20;

/// Reads a `Range` header against a content of `size` bytes. What is no range of bytes is as good as no header.
pub(super) fn wanted(range: Option<&str>, size: u64) -> Wanted {
    let spec = range.and_then(|r| r.trim().strip_prefix("bytes=")).map(str::trim);
    let Some((first, last)) = spec.filter(|s| !s.contains(',')).and_then(|s| s.split_once('-')) else {
        return Wanted::Whole;
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // What is too large for a number lies beyond every end.
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let (first, last) = (first.trim(), last.trim());
    let (from, to) = match (number(first), number(last)) {
        (None, Some(most)) if first.is_empty() => (size.saturating_sub(most), size),
        (Some(from), None) if last.is_empty() => (from, size),
        (Some(from), Some(last)) if from <= last => (from, last.saturating_add(1).min(size)),
        _ => return Wanted::Whole,
    };
    if from >= to { Wanted::Nothing } else { Wanted::Bytes(from..to.min(from + PIECE_BYTES_MAX)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_of_bytes_is_read_and_everything_else_means_the_whole() {
        for (header, expected) in [
            ("bytes=0-0", Wanted::Bytes(0..1)),
            ("bytes=10-19", Wanted::Bytes(10..20)),
            ("bytes=90-", Wanted::Bytes(90..100)),
            ("bytes=90-900", Wanted::Bytes(90..100)),
            ("bytes= 5 - 6 ", Wanted::Bytes(5..7)),
            ("bytes=-10", Wanted::Bytes(90..100)),
            ("bytes=-1000", Wanted::Bytes(0..100)),
            ("bytes=99-99999999999999999999999", Wanted::Bytes(99..100)),
            ("bytes=100-", Wanted::Nothing),
            ("bytes=99999999999999999999999-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=20-10", Wanted::Whole),
            ("bytes=0-1,5-6", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("lines=1-2", Wanted::Whole),
            ("", Wanted::Whole),
        ] {
            assert_eq!(wanted(Some(header), 100), expected, "{header}");
        }
        assert_eq!(wanted(None, 100), Wanted::Whole);
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Nothing);
    }

    #[test]
    fn a_piece_is_no_longer_than_memory_can_bear() {
        let size = 200 << 20;
        assert_eq!(wanted(Some("bytes=7-"), size), Wanted::Bytes(7..7 + PIECE_BYTES_MAX));
    }
}
