//! What one mailbox needs in this round, from what the server says and what is here.
//!
//! A deletion is a claim and needs proof: the same UIDVALIDITY and a complete list of UIDs, or VANISHED.

use super::cursor::Cursor;
use super::fetch::Fetched;
use super::key;
use super::mailbox::Figures;
use crate::contract::Known;
use model::Timestamp;
use model::message::Flags;
use std::collections::{HashMap, HashSet};

/// A message to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// UID.
    pub uid: u32,
    /// Bytes, as the server says.
    pub size: u64,
    /// Flags.
    pub flags: Flags,
    /// INTERNALDATE.
    pub received_at: Timestamp,
    /// Its header is here already.
    pub header_known: bool,
}

/// What a mailbox needs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Its key.
    pub mailbox: String,
    /// The cursor when all is done.
    pub cursor: Cursor,
    /// Every key from before is void.
    pub new_epoch: bool,
    /// To fetch, newest first.
    pub wanted: Vec<Wanted>,
    /// New flags.
    pub flags: Vec<(String, Flags)>,
    /// Gone, proven.
    pub gone: Vec<String>,
}

impl Plan {
    /// A plan for a mailbox with these figures.
    pub fn new(mailbox: &str, figures: &Figures, since_at: Option<i64>, hidden: &HashSet<u32>) -> Self {
        Self { mailbox: mailbox.to_owned(), cursor: Cursor::after(figures, since_at, hidden), ..Self::default() }
    }

    /// Orders what is wanted: newest first.
    pub fn sort(&mut self) {
        self.wanted.sort_unstable_by_key(|wanted| std::cmp::Reverse(wanted.uid));
    }
}

fn wanted(found: &Fetched, header_known: bool) -> Wanted {
    Wanted {
        uid: found.uid,
        size: found.size.unwrap_or(0),
        flags: found.flags.unwrap_or_default(),
        received_at: found.received_at.unwrap_or_default(),
        header_known,
    }
}

fn too_old(found: &Fetched, since_at: Option<Timestamp>) -> bool {
    matches!((since_at, found.received_at), (Some(since), Some(at)) if at < since)
}

/// Compares a complete list of the mailbox with what is here.
///
/// `listing` holds every UID of the mailbox with its flags; `details` those that may be fetched, with
/// date and size (the same as `listing` where everything may).
pub fn compare(
    mailbox: &str,
    figures: &Figures,
    listing: &[Fetched],
    details: &[Fetched],
    known: &[Known],
    since_at: Option<Timestamp>,
) -> Plan {
    let hidden: HashSet<u32> = listing.iter().filter(|found| found.deleted).map(|found| found.uid).collect();
    let mut plan = Plan::new(mailbox, figures, since_at.map(|at| at.0), &hidden);
    let here: HashMap<u32, &Known> =
        known.iter().filter_map(|known| Some((key::uid(&known.key, figures.uidvalidity)?, known))).collect();
    let there: HashSet<u32> = listing.iter().map(|found| found.uid).collect();
    for found in listing.iter().filter(|found| !found.deleted) {
        if let (Some(known), Some(flags)) = (here.get(&found.uid), found.flags)
            && known.flags != flags
        {
            plan.flags.push((known.key.clone(), flags));
        }
    }
    plan.gone = known
        .iter()
        .filter(|known| {
            key::uid(&known.key, figures.uidvalidity).is_none_or(|uid| !there.contains(&uid) || hidden.contains(&uid))
        })
        .map(|known| known.key.clone())
        .collect();
    for found in details.iter().filter(|found| !found.deleted && !too_old(found, since_at)) {
        let known = here.get(&found.uid);
        if known.is_none_or(|known| !known.complete) {
            plan.wanted.push(wanted(found, known.is_some()));
        }
    }
    plan.sort();
    plan
}

/// Takes in what changed since the cursor. `changed` holds new and changed messages with details,
/// `vanished` the UIDs the server said are gone.
pub fn increment(
    mailbox: &str,
    figures: &Figures,
    cursor: &Cursor,
    changed: Vec<Fetched>,
    vanished: Vec<u32>,
    since_at: Option<Timestamp>,
) -> Plan {
    let mut hidden = cursor.hidden();
    for uid in &vanished {
        hidden.remove(uid);
    }
    let mut gone: HashSet<u32> = vanished.into_iter().collect();
    let mut plan = Plan::new(mailbox, figures, since_at.map(|at| at.0), &HashSet::new());
    let mut seen = HashSet::new();
    for found in changed {
        if !seen.insert(found.uid) {
            continue;
        }
        let was_hidden = hidden.contains(&found.uid);
        let is_new = found.uid >= cursor.uidnext;
        if found.deleted {
            hidden.insert(found.uid);
            if !is_new {
                gone.insert(found.uid);
            }
        } else if is_new || was_hidden {
            hidden.remove(&found.uid);
            gone.remove(&found.uid);
            if !too_old(&found, since_at) {
                plan.wanted.push(wanted(&found, false));
            }
        } else if let Some(flags) = found.flags {
            plan.flags.push((key::write(figures.uidvalidity, found.uid), flags));
        }
    }
    let mut gone: Vec<u32> = gone.into_iter().collect();
    gone.sort_unstable();
    plan.gone = gone.iter().map(|uid| key::write(figures.uidvalidity, *uid)).collect();
    plan.cursor = Cursor::after(figures, since_at.map(|at| at.0), &hidden);
    plan.sort();
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIGURES: Figures = Figures { uidvalidity: 1, uidnext: 10, modseq: 5, messages: 3, unseen: None };

    fn found(uid: u32) -> Fetched {
        Fetched {
            uid,
            flags: Some(Flags::default()),
            size: Some(10),
            received_at: Some(Timestamp(1000)),
            ..Fetched::default()
        }
    }

    fn known(uid: u32, complete: bool) -> Known {
        Known { key: key::write(1, uid), flags: Flags::default(), complete }
    }

    #[test]
    fn comparing_fetches_what_is_missing_and_drops_what_is_proven_gone() {
        let listing = [found(1), found(3), Fetched { deleted: true, ..found(4) }, found(9)];
        let plan = compare(
            "A",
            &FIGURES,
            &listing,
            &listing,
            &[known(1, true), known(2, true), known(3, false), known(4, true)],
            None,
        );
        assert_eq!(plan.wanted.iter().map(|w| w.uid).collect::<Vec<_>>(), [9, 3], "newest first, bodies completed");
        assert_eq!(plan.gone, ["1:2", "1:4"]);
        assert_eq!(plan.cursor.hidden, "4");
    }

    #[test]
    fn what_is_older_than_the_start_date_is_ignored_and_not_gone() {
        let listing = [found(1), Fetched { received_at: Some(Timestamp(5000)), ..found(2) }];
        let plan = compare("A", &FIGURES, &listing, &listing, &[known(1, true)], Some(Timestamp(3000)));
        assert_eq!(plan.gone, Vec::<String>::new());
        assert_eq!(plan.wanted.len(), 1);
    }

    #[test]
    fn an_increment_tells_new_from_changed_from_gone() {
        let cursor = Cursor { uidvalidity: 1, uidnext: 5, hidden: "2".into(), complete: true, ..Cursor::default() };
        let read = Fetched { flags: Some(Flags { seen: true, ..Flags::default() }), ..found(1) };
        let changed = vec![read, found(2), Fetched { deleted: true, ..found(3) }, found(7)];
        let plan = increment("A", &FIGURES, &cursor, changed, vec![4], None);
        assert_eq!(plan.flags, [("1:1".to_owned(), Flags { seen: true, ..Flags::default() })]);
        assert_eq!(plan.gone, ["1:3", "1:4"]);
        assert_eq!(plan.wanted.iter().map(|w| w.uid).collect::<Vec<_>>(), [7, 2], "2 is no longer marked deleted");
        assert_eq!(plan.cursor.hidden, "3");
    }
}
