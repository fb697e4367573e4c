//! Settings of the profile, its lock, and the doctor.

use crate::Error;
use crate::phrase::{Parts, Phrase};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Characters of [`Settings::own_name`].
pub const OWN_NAME_MAX: usize = 100;

/// Settings people may change; every field has a default, so an older file reads well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// UI language: en, de, uk, pl or ru; empty follows the system.
    pub language: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// `comfortable`, `cozy` or `compact`.
    pub density: String,
    /// Seconds a sent letter can be taken back, 0 or 5..=60.
    pub undo_seconds: u32,
    /// Group messages into conversations.
    pub conversations: bool,
    /// Single-letter shortcuts.
    pub shortcuts: bool,
    /// Desktop notifications for new mail.
    pub notifications: bool,
    /// `right`, `bottom` or `off`.
    pub reader: String,
    /// What opens after archive or delete: `newer`, `older` or `list`.
    pub after_act: String,
    /// Columns of the message list beyond the subject: any of `size`, `account`, `snippet`, `attachments`.
    pub list_columns: Vec<String>,
    /// Saved searches.
    pub saved_filters: Vec<SavedFilter>,
    /// Who the user is in bases: written into the columns of who made or changed a record, and nowhere else.
    /// At most [`OWN_NAME_MAX`] characters on one line; empty writes nothing.
    pub own_name: String,
    /// First start is over.
    pub welcomed: bool,
    /// Sizes and places the window remembers, by name.
    pub layout: std::collections::BTreeMap<String, i32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: String::new(),
            theme: "system".into(),
            density: "cozy".into(),
            undo_seconds: 10,
            conversations: true,
            shortcuts: true,
            notifications: true,
            reader: "right".into(),
            after_act: "older".into(),
            list_columns: vec!["snippet".into(), "attachments".into()],
            saved_filters: Vec::new(),
            own_name: String::new(),
            welcomed: false,
            layout: std::collections::BTreeMap::new(),
        }
    }
}

/// A search kept in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedFilter {
    /// Shown name.
    pub name: String,
    /// The search.
    pub query: String,
}

/// Whether secrets can be read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretsState {
    /// The OS keyring holds the profile's key.
    Keyring,
    /// A passphrase unlocked it for this session.
    Passphrase,
    /// No keyring answers and no passphrase was ever set: one must be chosen.
    NeedsPassphrase,
    /// A passphrase was set and has to be given.
    Locked,
}

/// The profile as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Profile {
    /// Its folder.
    pub path: String,
    /// Tabella's version.
    pub version: String,
    /// Secrets.
    pub secrets: SecretsState,
}

/// Arguments of `profile.unlock`: sets the passphrase where none is set yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UnlockArgs {
    /// At least 8 characters when it is set.
    pub passphrase: String,
}

impl std::fmt::Debug for UnlockArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UnlockArgs(..)")
    }
}

/// One finding of `profile.doctor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// What was looked at, such as `keyring` or `mail.db`.
    pub what: String,
    /// Whether it is well.
    pub ok: bool,
    /// What was found.
    pub found: String,
    /// What `what` is made of, where it has arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub what_parts: Option<Box<Parts>>,
    /// What `found` is made of, where it has arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub found_parts: Option<Box<Parts>>,
    /// What is wrong and what to do.
    pub error: Option<Error>,
}

impl Finding {
    /// A finding in words; it is well where there is no error.
    pub fn new(what: Phrase, found: Phrase, error: Option<Error>) -> Self {
        Self {
            what: what.text,
            what_parts: what.parts,
            ok: error.is_none(),
            found: found.text,
            found_parts: found.parts,
            error,
        }
    }
}

/// What `profile.sweep` did with contents that nothing needs any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Swept {
    /// Contents removed.
    pub removed: u32,
    /// Contents that are so new that somebody may be about to need them; a later sweep looks again.
    pub spared: u32,
    /// Bytes given back to the system.
    #[ts(type = "number")]
    pub freed_bytes: u64,
    /// Bytes kept for what comes next.
    #[ts(type = "number")]
    pub kept_bytes: u64,
}

/// No arguments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Nothing {}
