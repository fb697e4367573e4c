//! Labels as mailboxes.
//!
//! A message has any number of labels, so it is in any number of mailboxes; archived is what is only
//! in All Mail, which here stands for "not in Spam or Trash", as in Gmail's own view. Starred and
//! unread are flags; Important, the categories and Chats are left out.
//! Source: <https://developers.google.com/workspace/gmail/api/guides/labels>

use super::wire::Label;
use crate::contract::RemoteMailbox;
use model::mailbox::MailboxRole;
use model::message::Flags;

/// The key of what Gmail has no label for: everything outside Spam and Trash.
pub const ALL_MAIL: &str = "ALL_MAIL";
pub const INBOX: &str = "INBOX";
pub const SENT: &str = "SENT";
pub const DRAFT: &str = "DRAFT";
pub const SPAM: &str = "SPAM";
pub const TRASH: &str = "TRASH";
pub const UNREAD: &str = "UNREAD";
pub const STARRED: &str = "STARRED";
const CHAT: &str = "CHAT";

/// The mailboxes that every account has.
const SYSTEM: [(&str, &str, MailboxRole); 6] = [
    (INBOX, "Inbox", MailboxRole::Inbox),
    (DRAFT, "Drafts", MailboxRole::Drafts),
    (SENT, "Sent", MailboxRole::Sent),
    (ALL_MAIL, "All Mail", MailboxRole::All),
    (SPAM, "Spam", MailboxRole::Junk),
    (TRASH, "Trash", MailboxRole::Trash),
];

/// The mailboxes of these labels: the system's, then the user's own.
pub fn mailboxes(labels: &[Label]) -> Vec<RemoteMailbox> {
    let own = labels.iter().filter(|label| is_own(label));
    SYSTEM
        .iter()
        .map(|(key, path, role)| ((*key).to_owned(), (*path).to_owned(), Some(*role)))
        .chain(own.map(|label| (label.id.clone(), label.name.clone(), None)))
        .map(|(key, path, role)| RemoteMailbox { key, path, role, selectable: true, messages: None })
        .collect()
}

/// True for a label that the user made.
pub fn is_own(label: &Label) -> bool {
    !label.id.is_empty() && label.kind != "system" && !is_system(&label.id)
}

/// True for a label that Gmail made; these are words in capitals.
pub fn is_system(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

/// The keys of the mailboxes a message with these labels is in; none for a chat.
pub fn places(labels: &[String]) -> Vec<String> {
    let has = |id: &str| labels.iter().any(|label| label == id);
    if has(CHAT) {
        return Vec::new();
    }
    for hidden in [TRASH, SPAM] {
        if has(hidden) {
            return vec![hidden.to_owned()];
        }
    }
    let mut places = vec![ALL_MAIL.to_owned()];
    for label in labels {
        if (!is_system(label) || matches!(label.as_str(), INBOX | SENT | DRAFT)) && !places.contains(label) {
            places.push(label.clone());
        }
    }
    places
}

/// The flags that these labels stand for.
pub fn flags(labels: &[String]) -> Flags {
    let has = |id: &str| labels.iter().any(|label| label == id);
    Flags { seen: !has(UNREAD), flagged: has(STARRED), draft: has(DRAFT), ..Flags::default() }
}

/// The flags that no label stands for.
pub fn untold() -> Flags {
    Flags { answered: true, forwarded: true, ..Flags::default() }
}

/// Labels to add and to remove for a move; `None` where Gmail lets nobody move there. Trash and Spam hide
/// the user's labels without taking them away, so that a message that comes back is where it was.
pub fn moving(from: &str, to: &str) -> Option<(Vec<String>, Vec<String>)> {
    let add = match to {
        SENT | DRAFT => return None,
        ALL_MAIL => Vec::new(),
        label => vec![label.to_owned()],
    };
    let remove = match from {
        // What Gmail alone gives can't be taken away either; a sent letter stays sent.
        ALL_MAIL | SENT | DRAFT => Vec::new(),
        label if label == to || (!is_system(label) && matches!(to, TRASH | SPAM)) => Vec::new(),
        label => vec![label.to_owned()],
    };
    Some((add, remove))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(names: &str) -> Vec<String> {
        names.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_message_is_in_all_its_labels_and_in_all_mail() {
        assert_eq!(places(&labels("INBOX UNREAD IMPORTANT CATEGORY_SOCIAL Label_7")), ["ALL_MAIL", "INBOX", "Label_7"]);
        assert_eq!(places(&labels("")), ["ALL_MAIL"]);
        assert_eq!(places(&labels("Label_7 TRASH")), ["TRASH"]);
        assert_eq!(places(&labels("SPAM INBOX")), ["SPAM"]);
        assert!(places(&labels("CHAT")).is_empty());
    }

    #[test]
    fn unread_starred_and_draft_are_flags() {
        assert_eq!(flags(&labels("INBOX UNREAD STARRED")), Flags { flagged: true, ..Flags::default() });
        assert_eq!(flags(&labels("DRAFT")), Flags { seen: true, draft: true, ..Flags::default() });
    }

    #[test]
    fn archiving_only_takes_the_inbox_away() {
        assert_eq!(moving(INBOX, ALL_MAIL), Some((vec![], labels("INBOX"))));
        assert_eq!(moving(INBOX, "Label_1"), Some((labels("Label_1"), labels("INBOX"))));
        assert_eq!(moving("Label_1", TRASH), Some((labels("TRASH"), vec![])));
        assert_eq!(moving(TRASH, INBOX), Some((labels("INBOX"), labels("TRASH"))));
        assert_eq!(moving(SPAM, TRASH), Some((labels("TRASH"), labels("SPAM"))));
        assert_eq!(moving(INBOX, SENT), None);
    }

    #[test]
    fn labels_of_the_system_that_are_no_places_are_left_out() {
        let label = |id: &str, kind: &str| Label { id: id.into(), name: id.into(), kind: kind.into() };
        let list = mailboxes(&[label("INBOX", "system"), label("CATEGORY_SOCIAL", "system"), label("Label_1", "user")]);
        let keys: Vec<&str> = list.iter().map(|m| m.key.as_str()).collect();
        assert_eq!(keys, ["INBOX", "DRAFT", "SENT", "ALL_MAIL", "SPAM", "TRASH", "Label_1"]);
    }
}
