//! One user's mailbox at the scripted Gmail: messages, labels, history.

use std::collections::BTreeMap;
use std::time::UNIX_EPOCH;

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// Its conversation.
    pub thread: String,
    /// Ids of its labels.
    pub labels: Vec<String>,
    /// The raw bytes.
    pub raw: Vec<u8>,
    /// Milliseconds since 1970.
    pub date: i64,
    /// The history's id of its last change.
    pub history: u64,
}

impl Message {
    /// A header field's value, unfolded.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        header(&self.raw, name)
    }

    /// Its Message-ID without angle brackets.
    #[must_use]
    pub fn message_id(&self) -> String {
        self.header("Message-ID").unwrap_or_default().trim_matches(['<', '>', ' ']).to_owned()
    }

    /// True where it has this label.
    #[must_use]
    pub fn has(&self, label: &str) -> bool {
        self.labels.iter().any(|l| l == label)
    }
}

/// The value of a header field in raw bytes, unfolded.
#[must_use]
pub fn header(raw: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(raw);
    let head = text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ").replace("\r\n\t", " ");
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(field, _)| field.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().to_owned())
}

/// What the history tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `messagesAdded`
    Added,
    /// `messagesDeleted`
    Deleted,
    /// `labelsAdded`
    Labelled,
    /// `labelsRemoved`
    Unlabelled,
}

/// A line of the history.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its id.
    pub id: u64,
    /// What happened.
    pub kind: Kind,
    /// To which message.
    pub message: String,
    /// The message's conversation.
    pub thread: String,
    /// Labels that came or went.
    pub labels: Vec<String>,
}

/// A label made by the user.
#[derive(Clone, Debug)]
pub struct Label {
    /// Its id.
    pub id: String,
    /// Its name, parts joined by `/`.
    pub name: String,
}

/// An address to send as.
#[derive(Clone, Debug)]
pub struct SendAs {
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// Its owner has agreed.
    pub verified: bool,
}

/// All of it.
#[derive(Debug, Default)]
pub struct Mailbox {
    /// By the order of arrival.
    pub messages: BTreeMap<u64, Message>,
    /// Made by the user.
    pub labels: Vec<Label>,
    /// From the oldest on.
    pub events: Vec<Event>,
    /// History up to this id is forgotten.
    pub floor: u64,
    /// Besides the account's own address.
    pub send_as: Vec<SendAs>,
    /// Draft id to message id.
    pub drafts: BTreeMap<String, String>,
    last: u64,
    clock: u64,
}

/// The labels that Gmail makes.
pub const SYSTEM: [&str; 14] = [
    "INBOX",
    "SENT",
    "DRAFT",
    "SPAM",
    "TRASH",
    "UNREAD",
    "STARRED",
    "IMPORTANT",
    "CHAT",
    "CATEGORY_PERSONAL",
    "CATEGORY_SOCIAL",
    "CATEGORY_PROMOTIONS",
    "CATEGORY_UPDATES",
    "CATEGORY_FORUMS",
];

impl Mailbox {
    /// An empty mailbox, whose history has begun.
    #[must_use]
    pub fn new() -> Self {
        Self { clock: 1000, ..Self::default() }
    }

    /// The history's id now.
    #[must_use]
    pub fn history(&self) -> u64 {
        self.clock
    }

    fn tick(&mut self) -> u64 {
        // Ids grow, and not by one.
        self.clock += 7;
        self.clock
    }

    /// A message by id.
    #[must_use]
    pub fn message(&self, id: &str) -> Option<&Message> {
        self.messages.values().find(|m| m.id == id)
    }

    /// Messages with this Message-ID.
    #[must_use]
    pub fn by_message_id(&self, message_id: &str) -> Vec<&Message> {
        self.messages.values().filter(|m| m.message_id() == message_id).collect()
    }

    /// Stores a message.
    pub fn add(&mut self, raw: &[u8], labels: &[&str], thread: Option<&str>) -> String {
        self.last += 1;
        let id = format!("{:016x}", 0x19a0_0000_0000_0000_u64 + self.last * 4096 + 11);
        let thread = thread.map(str::to_owned).or_else(|| self.thread_of(raw)).unwrap_or_else(|| id.clone());
        let now = UNIX_EPOCH.elapsed().map_or(0, |d| d.as_millis() as i64);
        let history = self.tick();
        let labels: Vec<String> = labels.iter().map(ToString::to_string).collect();
        let event = Event {
            id: history,
            kind: Kind::Added,
            message: id.clone(),
            thread: thread.clone(),
            labels: labels.clone(),
        };
        self.events.push(event);
        let message = Message { id: id.clone(), thread, labels, raw: raw.to_vec(), date: now, history };
        self.messages.insert(self.last, message);
        id
    }

    fn thread_of(&self, raw: &[u8]) -> Option<String> {
        let named = format!(
            "{} {}",
            header(raw, "References").unwrap_or_default(),
            header(raw, "In-Reply-To").unwrap_or_default()
        );
        named
            .split_whitespace()
            .map(|id| id.trim_matches(['<', '>']))
            .filter(|id| !id.is_empty())
            .find_map(|id| self.by_message_id(id).first().map(|m| m.thread.clone()))
    }

    /// Adds and removes labels; false where there is no such message.
    pub fn relabel(&mut self, id: &str, add: &[String], remove: &[String]) -> bool {
        let Some(number) = self.messages.iter().find(|(_, m)| m.id == id).map(|(n, _)| *n) else { return false };
        let had = self.messages[&number].labels.clone();
        let added: Vec<String> = add.iter().filter(|l| !had.contains(l)).cloned().collect();
        let removed: Vec<String> = remove.iter().filter(|l| had.contains(l) && !add.contains(l)).cloned().collect();
        let thread = self.messages[&number].thread.clone();
        for (kind, labels) in [(Kind::Labelled, added), (Kind::Unlabelled, removed)] {
            if labels.is_empty() {
                continue;
            }
            let history = self.tick();
            if let Some(message) = self.messages.get_mut(&number) {
                message.history = history;
                match kind {
                    Kind::Labelled => message.labels.extend(labels.iter().cloned()),
                    _ => message.labels.retain(|l| !labels.contains(l)),
                }
            }
            self.events.push(Event { id: history, kind, message: id.to_owned(), thread: thread.clone(), labels });
        }
        true
    }

    /// Deletes a message for good.
    pub fn delete(&mut self, id: &str) -> bool {
        let Some(number) = self.messages.iter().find(|(_, m)| m.id == id).map(|(n, _)| *n) else { return false };
        let Some(message) = self.messages.remove(&number) else { return false };
        self.drafts.retain(|_, of| *of != message.id);
        let history = self.tick();
        self.events.push(Event {
            id: history,
            kind: Kind::Deleted,
            message: message.id,
            thread: message.thread,
            labels: message.labels,
        });
        true
    }

    /// Makes a label; its id, which it may have had already.
    pub fn make_label(&mut self, name: &str) -> String {
        if let Some(there) = self.labels.iter().find(|l| l.name.eq_ignore_ascii_case(name)) {
            return there.id.clone();
        }
        let id = format!("Label_{}", self.labels.len() + 1);
        self.labels.push(Label { id: id.clone(), name: name.to_owned() });
        id
    }

    /// True for a label that there is.
    #[must_use]
    pub fn knows(&self, label: &str) -> bool {
        SYSTEM.contains(&label) || self.labels.iter().any(|l| l.id == label)
    }

    /// Ids of the messages under all of these labels that a query finds, the newest first.
    #[must_use]
    pub fn list(&self, labels: &[String], query: &str, hidden: bool) -> Vec<&Message> {
        let found = |message: &&Message| {
            let shown = hidden || !(message.has("SPAM") || message.has("TRASH"));
            shown && labels.iter().all(|label| message.has(label)) && query.split_whitespace().all(|w| term(message, w))
        };
        self.messages.values().rev().filter(found).collect()
    }
}

/// The two operators of <https://support.google.com/mail/answer/7190> that are asked for.
fn term(message: &Message, word: &str) -> bool {
    match word.split_once(':') {
        Some(("rfc822msgid", id)) => message.message_id() == id,
        Some(("after", seconds)) => seconds.parse().is_ok_and(|seconds: i64| message.date / 1000 >= seconds),
        _ => String::from_utf8_lossy(&message.raw).contains(word),
    }
}
