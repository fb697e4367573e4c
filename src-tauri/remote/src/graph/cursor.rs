//! How far a folder is synced, as it rests in the store.

use model::Timestamp;
use serde::{Deserialize, Serialize};

/// The place to go on from. Written as JSON; what can't be read is no cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The next page of the first listing, or where changes since then are; absolute, as the server gave it.
    pub link: String,
    /// The folder was listed to its end.
    pub complete: bool,
    /// Nothing older was fetched, milliseconds; `None` is everything.
    pub since_at: Option<i64>,
    /// Messages listed so far, while it is not complete.
    #[serde(default)]
    pub listed: u32,
}

impl Cursor {
    /// Reads what [`Cursor::write`] wrote.
    pub fn read(text: Option<&str>) -> Option<Self> {
        serde_json::from_str(text?).ok()
    }

    /// As text.
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What was fetched reaches back this far.
    pub fn covers(&self, since_at: Option<Timestamp>) -> bool {
        match (self.since_at, since_at) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(have), Some(want)) => have <= want.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_knows_how_far_it_reaches() {
        let cursor =
            Cursor { link: "https://x/delta?$deltatoken=a".into(), complete: true, since_at: Some(100), listed: 0 };
        assert_eq!(Cursor::read(Some(&cursor.write())), Some(cursor.clone()));
        assert_eq!(Cursor::read(Some("1:2:3")), None);
        assert!(cursor.covers(Some(Timestamp(100))) && !cursor.covers(Some(Timestamp(99))) && !cursor.covers(None));
    }
}
