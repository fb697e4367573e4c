//! The list of sample messages: file, mailbox, days ago, time of day, flags.

use super::samples::{ANSWERED, DRAFT, FLAGGED, SEEN, Sample};

macro_rules! sample {
    ($file:literal $mailbox:literal $days:literal $hour:literal:$minute:literal $flags:expr) => {
        Sample {
            raw: include_str!(concat!("samples/", $file, ".eml")),
            mailbox: $mailbox,
            days: $days,
            minute: $hour * 60 + $minute,
            flags: $flags,
        }
    };
}

/// Every sample but the greetings.
pub(super) const LETTERS: &[Sample] = &[
    sample!("01" "Inbox" 19 9:12 SEEN),
    sample!("02" "Sent" 19 11:40 SEEN),
    sample!("03" "Inbox" 18 10:5 SEEN | ANSWERED),
    sample!("04" "Inbox" 18 14:31 SEEN),
    sample!("05" "Inbox" 2 16:20 0),
    sample!("06" "Inbox" 6 8:2 FLAGGED),
    sample!("07" "Inbox" 4 7:30 0),
    sample!("08" "Inbox" 12 18:44 SEEN),
    sample!("09" "Inbox" 1 8:15 0),
    sample!("10" "Inbox" 9 13:0 SEEN),
    sample!("11" "Sent" 9 13:22 SEEN),
    sample!("12" "Archive" 40 15:10 SEEN),
    sample!("13" "Junk" 3 3:33 0),
    sample!("14" "Inbox" 15 10:21 SEEN),
    sample!("15" "Sent" 14 9:48 SEEN),
    sample!("16" "Inbox" 13 17:5 SEEN | ANSWERED),
    sample!("17" "Inbox" 5 11:11 0),
    sample!("18" "Inbox" 11 6:50 SEEN),
    sample!("19" "Inbox" 0 7:58 0),
    sample!("20" "Archive" 33 12:0 SEEN),
    sample!("21" "Inbox" 8 9:30 SEEN),
    sample!("22" "Sent" 8 10:2 SEEN),
    sample!("23" "Inbox" 7 18:20 SEEN),
    sample!("24" "Inbox" 3 12:47 0),
    sample!("25" "Inbox" 0 9:41 0),
    sample!("26" "Inbox" 21 16:16 SEEN),
    sample!("27" "Trash" 2 22:5 SEEN),
    sample!("28" "Inbox" 10 8:25 SEEN),
    sample!("29" "Sent" 10 12:10 SEEN),
    sample!("30" "Inbox" 9 9:0 SEEN),
    sample!("31" "Inbox" 4 19:32 0),
    sample!("32" "Inbox" 1 14:3 0),
    sample!("33" "Archive" 28 10:45 SEEN),
    sample!("34" "Inbox" 16 11:55 SEEN),
    sample!("35" "Sent" 16 15:30 SEEN),
    sample!("36" "Inbox" 12 9:17 SEEN | ANSWERED),
    sample!("37" "Inbox" 2 10:10 0),
    sample!("38" "Inbox" 7 8:40 SEEN),
    sample!("39" "Inbox" 25 20:20 SEEN),
    sample!("40" "Drafts" 1 17:50 SEEN | DRAFT),
];

/// The greeting in each language.
pub(super) const GREETINGS: &[(&str, Sample)] = &[
    ("en", sample!("welcome.en" "Inbox" 0 10:30 0)),
    ("de", sample!("welcome.de" "Inbox" 0 10:30 0)),
    ("uk", sample!("welcome.uk" "Inbox" 0 10:30 0)),
    ("pl", sample!("welcome.pl" "Inbox" 0 10:30 0)),
    ("ru", sample!("welcome.ru" "Inbox" 0 10:30 0)),
];
