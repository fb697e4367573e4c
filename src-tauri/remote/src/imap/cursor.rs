//! Where a mailbox's sync stands, as the engine stores it for us.

use super::mailbox::Figures;
use super::set;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The place to go on from in one mailbox. Written with the messages it follows, so any of it is true.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cursor {
    /// UIDVALIDITY the keys belong to.
    pub uidvalidity: u32,
    /// Everything below was looked at.
    pub uidnext: u32,
    /// Flags are known up to here; 0 where the mailbox has no MODSEQ.
    pub modseq: u64,
    /// Messages in the mailbox then.
    pub messages: u32,
    /// Unread messages then, where STATUS told.
    pub unseen: Option<u32>,
    /// Nothing of the history is missing. While false, the next round compares everything with what is here.
    pub complete: bool,
    /// Start date it was made with, as milliseconds.
    pub since_at: Option<i64>,
    /// UIDs marked `\Deleted` that are hidden from people, as a set.
    pub hidden: String,
}

impl Cursor {
    /// Reads what was stored; anything unreadable starts over.
    pub fn read(text: Option<&str>) -> Option<Self> {
        serde_json::from_str(text?).ok()
    }

    /// As stored.
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The place after a whole round over a mailbox with these figures.
    pub fn after(figures: &Figures, since_at: Option<i64>, hidden: &HashSet<u32>) -> Self {
        let hidden: Vec<u32> = hidden.iter().copied().collect();
        Self {
            uidvalidity: figures.uidvalidity,
            uidnext: figures.uidnext,
            modseq: figures.modseq,
            messages: figures.messages,
            unseen: figures.unseen,
            complete: true,
            since_at,
            hidden: set::write(&hidden),
        }
    }

    /// The same place while contents are still missing.
    pub fn unfinished(&self) -> Self {
        Self { complete: false, ..self.clone() }
    }

    /// The hidden UIDs.
    pub fn hidden(&self) -> HashSet<u32> {
        set::read(&self.hidden, 1_000_000).into_iter().collect()
    }

    /// True where the server's figures say that nothing happened since.
    pub fn is_current(&self, figures: &Figures, since_at: Option<i64>) -> bool {
        self.complete
            && self.covers(since_at)
            && self.uidvalidity == figures.uidvalidity
            && self.uidnext == figures.uidnext
            && self.messages == figures.messages
            && self.modseq == figures.modseq
            && (figures.modseq > 0 || self.unseen == figures.unseen)
    }

    /// True where a start date asks for nothing older than this cursor saw.
    pub fn covers(&self, since_at: Option<i64>) -> bool {
        match (self.since_at, since_at) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(had), Some(wants)) => had <= wants,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_figures_mean_nothing_happened() {
        let figures = Figures { uidvalidity: 1, uidnext: 9, modseq: 5, messages: 3, unseen: Some(1) };
        let cursor = Cursor::after(&figures, None, &HashSet::from([4, 5]));
        assert!(cursor.is_current(&figures, None));
        assert!(!cursor.unfinished().is_current(&figures, None));
        assert!(!cursor.is_current(&Figures { modseq: 6, ..figures }, None));
        assert_eq!(Cursor::read(Some(&cursor.write())), Some(cursor.clone()));
        assert_eq!(cursor.hidden(), HashSet::from([4, 5]));
        assert_eq!(Cursor::read(Some("{damaged")), None);
    }

    #[test]
    fn an_earlier_start_date_needs_another_look() {
        let cursor = Cursor { since_at: Some(100), ..Cursor::default() };
        assert!(cursor.covers(Some(100)) && cursor.covers(Some(200)));
        assert!(!cursor.covers(Some(50)) && !cursor.covers(None));
    }
}
