//! What a folder's delta tells, put in order.
//!
//! A delta may name a message several times, in any order, and calls one removed that was only moved:
//! <https://learn.microsoft.com/graph/delta-query-overview#resource-representation-in-the-delta-query-response>.

use super::wire::Message;
use std::collections::HashMap;

/// Changes of one folder.
#[derive(Debug, Default)]
pub struct News {
    /// In the folder, new or changed; what was told last.
    pub here: Vec<Message>,
    /// Said to be in it no longer.
    pub removed: Vec<String>,
    /// Named both ways: only the message itself can tell.
    pub doubtful: Vec<String>,
}

/// Collects the pages of a delta.
#[derive(Debug, Default)]
pub struct Gathering {
    seen: HashMap<String, (Option<Message>, bool)>,
    order: Vec<String>,
}

impl Gathering {
    /// Takes a page in.
    pub fn add(&mut self, messages: Vec<Message>) {
        for message in messages {
            if message.id.is_empty() {
                continue;
            }
            if !self.seen.contains_key(&message.id) {
                self.order.push(message.id.clone());
            }
            let (here, removed) = self.seen.entry(message.id.clone()).or_default();
            if message.removed.is_some() {
                *removed = true;
                continue;
            }
            *here = Some(match here.take() {
                Some(before) => merge(before, message),
                None => message,
            });
        }
    }

    /// All that was told.
    pub fn finish(mut self) -> News {
        let mut news = News::default();
        for id in std::mem::take(&mut self.order) {
            match self.seen.remove(&id) {
                Some((Some(message), false)) => news.here.push(message),
                Some((None, _)) => news.removed.push(id),
                Some((Some(_), true)) => news.doubtful.push(id),
                None => {}
            }
        }
        news
    }
}

/// A later entry may tell only what changed; the one changed last wins.
fn merge(before: Message, after: Message) -> Message {
    let (old, new) = match (&before.last_modified_date_time, &after.last_modified_date_time) {
        (Some(first), Some(second)) if first > second => (after, before),
        _ => (before, after),
    };
    Message {
        received_date_time: new.received_date_time.or(old.received_date_time),
        last_modified_date_time: new.last_modified_date_time.or(old.last_modified_date_time),
        is_read: new.is_read.or(old.is_read),
        is_draft: new.is_draft.or(old.is_draft),
        flag: new.flag.or(old.flag),
        conversation_id: new.conversation_id.or(old.conversation_id),
        ..new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(json: &str) -> Message {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_message_named_twice_is_what_was_changed_last_in_whatever_order_it_came() {
        let older = r#"{"id":"a","isRead":false,"lastModifiedDateTime":"2026-11-01T10:00:00Z","isDraft":false}"#;
        let newer = r#"{"id":"a","isRead":true,"lastModifiedDateTime":"2026-11-01T10:00:05Z"}"#;
        for pages in [[older, newer], [newer, older]] {
            let mut gathering = Gathering::default();
            gathering.add(pages.map(message).into());
            let news = gathering.finish();
            assert_eq!(news.here.len(), 1);
            assert_eq!((news.here[0].is_read, news.here[0].is_draft), (Some(true), Some(false)));
        }
    }

    #[test]
    fn what_is_called_both_removed_and_here_is_in_doubt() {
        let mut gathering = Gathering::default();
        gathering.add(vec![
            message(r#"{"id":"a","@removed":{"reason":"deleted"}}"#),
            message(r#"{"id":"b","@removed":{"reason":"changed"}}"#),
            message(r#"{"id":"b","isRead":true}"#),
        ]);
        let news = gathering.finish();
        assert_eq!((news.removed, news.doubtful), (vec!["a".to_owned()], vec!["b".to_owned()]));
    }
}
