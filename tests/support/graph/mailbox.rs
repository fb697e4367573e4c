//! A mailbox: folders, messages, and the log of what changed that deltas are read from.

use std::collections::HashMap;

use super::letter;
pub use super::letter::File;

/// A folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its id, which never changes.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The folder above it.
    pub parent: Option<String>,
    /// A name that works in every language.
    pub well_known: Option<&'static str>,
    /// Not meant for people.
    pub hidden: bool,
    /// A search folder: its messages are elsewhere.
    pub search: bool,
}

/// A message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Its immutable id.
    pub id: String,
    /// The folder it is in.
    pub folder: String,
    /// As it was stored.
    pub raw: Vec<u8>,
    /// Files attached over the API.
    pub files: Vec<File>,
    /// Milliseconds UTC.
    pub received_at: i64,
    /// Milliseconds UTC.
    pub modified_at: i64,
    /// Read.
    pub is_read: bool,
    /// Not sent yet.
    pub is_draft: bool,
    /// Names of its categories.
    pub categories: Vec<String>,
    /// `notFlagged`, `flagged` or `complete`.
    pub flag: String,
    /// Extended properties by id.
    pub properties: HashMap<String, String>,
    /// With angle brackets.
    pub message_id: String,
    /// To, Cc, Bcc.
    pub recipients: [Vec<String>; 3],
    /// Left Drafts and did not arrive in Sent yet.
    pub in_transit: bool,
}

impl Item {
    /// As `$value` gives it.
    #[must_use]
    pub fn mime(&self) -> Vec<u8> {
        letter::with_files(&letter::with_message_id(&self.raw, &self.message_id), &self.files)
    }
}

/// A letter that went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The draft's id, which stays.
    pub id: String,
    /// As its recipients get it.
    pub raw: Vec<u8>,
    /// Everybody it went to.
    pub recipients: Vec<String>,
}

/// Something changed in a folder.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub folder: String,
    pub id: String,
    pub removed: bool,
}

/// What a link of a delta stands for.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub folder: String,
    /// Messages still to be told in this listing or round.
    pub rest: Vec<Event>,
    /// Where changes begin after it.
    pub since: usize,
    /// Only messages received since, milliseconds.
    pub filter: Option<i64>,
    /// A link to begin a round with.
    pub delta: bool,
}

/// A mailbox.
#[derive(Debug, Default)]
pub struct Mailbox {
    /// Its address.
    pub email: String,
    /// Its folders.
    pub folders: Vec<Folder>,
    /// Its messages by id.
    pub messages: HashMap<String, Item>,
    /// What was sent.
    pub sent: Vec<Sent>,
    /// Copies in Sent come only with [`Mailbox::settle`].
    pub slow_sent: bool,
    /// Deltas name every change once more, removals in between.
    pub repeats_itself: bool,
    pub(crate) log: Vec<Event>,
    pub(crate) tokens: HashMap<String, Token>,
    order: Vec<String>,
    next: usize,
}

const USUAL: [(&str, &str); 7] = [
    ("inbox", "Inbox"),
    ("drafts", "Drafts"),
    ("sentitems", "Sent Items"),
    ("deleteditems", "Deleted Items"),
    ("junkemail", "Junk Email"),
    ("archive", "Archive"),
    ("outbox", "Outbox"),
];

/// The machine's time, milliseconds UTC.
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

impl Mailbox {
    pub(crate) fn new(email: &str) -> Self {
        let mut mailbox = Self { email: email.to_owned(), ..Self::default() };
        for (well_known, name) in USUAL {
            let id = mailbox.fresh("folder");
            mailbox.folders.push(Folder {
                id,
                name: name.into(),
                parent: None,
                well_known: Some(well_known),
                hidden: false,
                search: false,
            });
        }
        mailbox
    }

    /// Ids as they are: long, with characters that mean something in addresses.
    pub(crate) fn fresh(&mut self, kind: &str) -> String {
        self.next += 1;
        format!("AAkALgAA{kind}-{:05}_w==", self.next)
    }

    /// The id of a folder named by id, well-known name or path.
    #[must_use]
    pub fn folder(&self, name: &str) -> Option<String> {
        let path = |folder: &Folder| {
            let mut path = folder.name.clone();
            let mut above = folder.parent.clone();
            while let Some(parent) = self.folders.iter().find(|f| above.as_ref() == Some(&f.id)) {
                path = format!("{}/{path}", parent.name);
                above.clone_from(&parent.parent);
            }
            path
        };
        self.folders
            .iter()
            .find(|f| f.id == name || f.well_known.is_some_and(|w| w.eq_ignore_ascii_case(name)) || path(f) == name)
            .map(|f| f.id.clone())
    }

    /// Makes a folder below another, or at the top; gives its id.
    pub fn make_folder(&mut self, parent: Option<&str>, name: &str) -> String {
        let id = self.fresh("folder");
        let parent = parent.and_then(|parent| self.folder(parent));
        self.folders.push(Folder {
            id: id.clone(),
            name: name.into(),
            parent,
            well_known: None,
            hidden: false,
            search: false,
        });
        id
    }

    /// Puts a message into a folder; gives its id.
    ///
    /// # Panics
    /// Where there is no such folder.
    pub fn put(&mut self, folder: &str, raw: &[u8], is_read: bool) -> String {
        let folder = self.folder(folder).expect("the folder exists");
        let parsed = mail::parse::parse(raw);
        let id = self.fresh("message");
        let at = now();
        let item = Item {
            id: id.clone(),
            folder: folder.clone(),
            raw: raw.to_vec(),
            received_at: parsed.date.map_or(at, |date| date.0),
            modified_at: at,
            is_read,
            categories: Vec::new(),
            flag: "notFlagged".into(),
            message_id: format!("<{}>", parsed.message_id),
            recipients: letter::recipients(&parsed),
            ..Item::default()
        };
        self.messages.insert(id.clone(), item);
        self.order.push(id.clone());
        self.log.push(Event { folder, id: id.clone(), removed: false });
        id
    }

    /// Messages in a folder, oldest first.
    #[must_use]
    pub fn items(&self, folder: &str) -> Vec<Item> {
        let folder = self.folder(folder).unwrap_or_default();
        self.order
            .iter()
            .filter_map(|id| self.messages.get(id))
            .filter(|item| item.folder == folder && !item.in_transit)
            .cloned()
            .collect()
    }

    /// Changes a message.
    ///
    /// # Panics
    /// Where there is no such message.
    pub fn change(&mut self, id: &str, change: impl FnOnce(&mut Item)) {
        let item = self.messages.get_mut(id).expect("the message exists");
        change(item);
        item.modified_at = now().max(item.modified_at + 1);
        let (folder, id) = (item.folder.clone(), id.to_owned());
        self.log.push(Event { folder, id, removed: false });
    }

    /// Moves a message; its id stays.
    ///
    /// # Panics
    /// Where there is no such folder or message.
    pub fn move_to(&mut self, id: &str, folder: &str) {
        let folder = self.folder(folder).expect("the folder exists");
        let item = self.messages.get_mut(id).expect("the message exists");
        let before = std::mem::replace(&mut item.folder, folder);
        self.log.push(Event { folder: before, id: id.to_owned(), removed: true });
        self.change(id, |_| {});
    }

    /// Deletes a message for good.
    pub fn delete(&mut self, id: &str) {
        if let Some(item) = self.messages.remove(id) {
            self.log.push(Event { folder: item.folder, id: id.to_owned(), removed: true });
        }
    }

    /// Forgets how far everybody is synced: all links of deltas are void.
    pub fn void_deltas(&mut self) {
        self.tokens.clear();
    }

    /// A draft goes out.
    pub(crate) fn send(&mut self, id: &str) {
        let Some(item) = self.messages.get(id).cloned() else { return };
        let recipients: Vec<String> = item.recipients.concat();
        let raw = item.mime();
        if recipients.iter().any(|to| to.eq_ignore_ascii_case(&self.email)) {
            self.put("inbox", &raw, false);
        }
        self.sent.push(Sent { id: id.to_owned(), raw, recipients });
        let slow = self.slow_sent;
        self.move_to(id, "sentitems");
        self.change(id, |item| {
            item.is_draft = false;
            item.is_read = true;
            item.in_transit = slow;
        });
    }

    /// Copies in Sent that were on their way arrive.
    pub fn settle(&mut self) {
        let moving: Vec<String> = self.messages.values().filter(|m| m.in_transit).map(|m| m.id.clone()).collect();
        for id in moving {
            self.change(&id, |item| item.in_transit = false);
        }
    }
}
