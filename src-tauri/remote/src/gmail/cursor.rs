//! Where the account stands, as it is stored with the batches.

use model::Timestamp;
use serde::{Deserialize, Serialize};

/// How much of the mailbox is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nothing is known of what is here: all of it is compared with the server.
    Compare,
    /// What is here is followed by history; what is missing has to be listed and fetched.
    Fetch,
    /// Everything is here and followed by history.
    Whole,
}

/// The account's place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The history up to this id is in the store.
    pub history: String,
    pub stage: Stage,
    /// Nothing older was asked for; `None` is everything.
    pub since_at: Option<i64>,
}

impl Cursor {
    /// The cursor of an earlier round; `None` for one that can't be read, which costs a comparison.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Everything that `since_at` asks for was asked for before.
    pub fn covers(&self, since_at: Option<Timestamp>) -> bool {
        match (self.since_at, since_at) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(had), Some(wanted)) => wanted.0 >= had,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_an_earlier_beginning_is_noticed() {
        let cursor = Cursor { history: "77".into(), stage: Stage::Whole, since_at: Some(100) };
        assert_eq!(Cursor::read(&cursor.write()), Some(cursor.clone()));
        assert!(cursor.covers(Some(Timestamp(100))) && !cursor.covers(Some(Timestamp(99))) && !cursor.covers(None));
        assert_eq!(Cursor::read("12:34"), None);
    }
}
