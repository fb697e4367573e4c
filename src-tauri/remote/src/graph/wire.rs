//! The API's JSON, as much of it as is read here.
//!
//! <https://learn.microsoft.com/graph/api/resources/message>,
//! <https://learn.microsoft.com/graph/api/resources/mailfolder>.

use model::Timestamp;
use model::message::Flags;
use serde::Deserialize;
use serde_json::{Value, json};

/// Answered or forwarded, as Outlook keeps it: PidTagLastVerbExecuted ([MS-OXOMSG] 2.2.1.4).
const LAST_VERB: &str = "Integer 0x1081";
/// The arrow beside a message: PidTagIconIndex ([MS-OXOMSG] 2.2.1.10).
const ICON: &str = "Integer 0x1080";
const REPLIED: (&str, &str) = ("102", "261");
const FORWARDED: (&str, &str) = ("104", "262");

/// What is asked of a message in lists.
pub const LISTED: &str = "id,receivedDateTime,lastModifiedDateTime,isRead,isDraft,flag,categories,conversationId";
/// What is asked of one message besides: what was last done with it.
pub const VERB: &str = "singleValueExtendedProperties($filter=id eq 'Integer 0x1081')";

/// A page of a list.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    /// Its rows.
    #[serde(default = "Vec::new")]
    pub value: Vec<T>,
    /// Where the next page is.
    #[serde(rename = "@odata.nextLink")]
    pub next: Option<String>,
    /// Where changes from now on are.
    #[serde(rename = "@odata.deltaLink")]
    pub delta: Option<String>,
}

/// A folder.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Folder {
    /// Its id.
    pub id: String,
    /// Its name in the mailbox's language.
    #[serde(default)]
    pub display_name: String,
    /// Folders right below it.
    #[serde(default)]
    pub child_folder_count: u32,
    /// Items in it, of whatever kind.
    pub total_item_count: Option<u32>,
    /// Not meant for people.
    #[serde(default)]
    pub is_hidden: bool,
    /// Told for search folders, whose messages are elsewhere.
    #[serde(rename = "@odata.type")]
    pub kind: Option<String>,
}

/// A message; what was not asked for or did not change is missing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Message {
    /// Its immutable id.
    pub id: String,
    /// It is in this folder no longer.
    #[serde(rename = "@removed")]
    pub removed: Option<Value>,
    /// When it arrived.
    pub received_date_time: Option<String>,
    /// When anything of it last changed.
    pub last_modified_date_time: Option<String>,
    /// Read.
    pub is_read: Option<bool>,
    /// Not sent yet.
    pub is_draft: Option<bool>,
    /// The star.
    pub flag: Option<FollowUp>,
    /// Names of the categories it is in.
    pub categories: Option<Vec<String>>,
    /// Its conversation.
    pub conversation_id: Option<String>,
    /// Where it is.
    pub parent_folder_id: Option<String>,
    /// Message-ID with its angle brackets.
    pub internet_message_id: Option<String>,
    /// To.
    pub to_recipients: Vec<Recipient>,
    /// Cc.
    pub cc_recipients: Vec<Recipient>,
    /// Bcc.
    pub bcc_recipients: Vec<Recipient>,
    /// Properties of Exchange that have no name here.
    pub single_value_extended_properties: Option<Vec<Property>>,
}

/// <https://learn.microsoft.com/graph/api/resources/followupflag>
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FollowUp {
    /// `notFlagged`, `complete` or `flagged`.
    pub flag_status: String,
}

/// An addressee.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Recipient {
    /// Who.
    pub email_address: EmailAddress,
}

/// An address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EmailAddress {
    /// `local@domain`; empty for some groups.
    pub address: String,
}

/// <https://learn.microsoft.com/graph/api/resources/singlevaluelegacyextendedproperty>
#[derive(Clone, Debug, Deserialize)]
pub struct Property {
    /// Type and number.
    pub id: String,
    /// Its value as text.
    #[serde(default)]
    pub value: String,
}

impl Message {
    /// When it arrived, or was made.
    pub fn received_at(&self) -> Option<Timestamp> {
        let text = self.received_date_time.as_deref().or(self.last_modified_date_time.as_deref())?;
        text.parse::<jiff::Timestamp>().ok().map(|at| Timestamp(at.as_millisecond()))
    }

    /// Its flags, if it was told whether it is read and starred. What is not told of answers and forwards
    /// is as it was in `before`.
    pub fn flags(&self, before: Flags) -> Option<Flags> {
        let mut flags = Flags {
            seen: self.is_read?,
            flagged: self.flag.as_ref()?.flag_status == "flagged",
            draft: self.is_draft.unwrap_or(before.draft),
            ..before
        };
        if let Some(properties) = &self.single_value_extended_properties {
            let verb = properties.iter().find(|p| p.id.eq_ignore_ascii_case(LAST_VERB)).map(|p| p.value.as_str());
            // Exchange keeps the last verb alone; the other one, once seen, is not forgotten here.
            match verb {
                Some("102" | "103") => flags.answered = true,
                Some("104") => flags.forwarded = true,
                _ => {}
            }
        }
        Some(flags)
    }
}

/// What to change so that a message has these flags and lacks those; `None` where nothing of it is kept there.
/// <https://learn.microsoft.com/graph/api/message-update>
pub fn patch(add: Flags, remove: Flags) -> Option<Value> {
    let mut patch = serde_json::Map::new();
    if add.seen || remove.seen {
        patch.insert("isRead".into(), add.seen.into());
    }
    if add.flagged || remove.flagged {
        let status = if add.flagged { "flagged" } else { "notFlagged" };
        patch.insert("flag".into(), json!({ "flagStatus": status }));
    }
    let verb = if add.answered {
        Some(REPLIED)
    } else if add.forwarded {
        Some(FORWARDED)
    } else if remove.answered || remove.forwarded {
        Some(("0", "-1"))
    } else {
        None
    };
    if let Some((verb, icon)) = verb {
        let properties = json!([{ "id": LAST_VERB, "value": verb }, { "id": ICON, "value": icon }]);
        patch.insert("singleValueExtendedProperties".into(), properties);
    }
    (!patch.is_empty()).then(|| Value::Object(patch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_and_what_is_not_told_stays() {
        let read = |json: &str| serde_json::from_str::<Message>(json).unwrap();
        let told = read(r#"{"id":"a","isRead":true,"isDraft":false,"flag":{"flagStatus":"flagged"}}"#);
        let before = Flags { answered: true, ..Flags::default() };
        assert_eq!(told.flags(before), Some(Flags { seen: true, flagged: true, answered: true, ..Flags::default() }));
        assert_eq!(read(r#"{"id":"a","isRead":true}"#).flags(before), None, "the star was not told");
        let forwarded = read(
            r#"{"id":"a","isRead":true,"flag":{"flagStatus":"notFlagged"},
               "singleValueExtendedProperties":[{"id":"Integer 0x1081","value":"104"}]}"#,
        );
        assert!(forwarded.flags(Flags::default()).unwrap().forwarded);
    }

    #[test]
    fn a_patch_names_only_what_changes() {
        let seen = Flags { seen: true, ..Flags::default() };
        assert_eq!(patch(seen, Flags::default()), Some(json!({ "isRead": true })));
        assert_eq!(patch(Flags::default(), seen), Some(json!({ "isRead": false })));
        assert_eq!(patch(Flags { draft: true, ..Flags::default() }, Flags::default()), None);
    }
}
