//! What the API says, as far as it is listened to.
//!
//! Source of every shape: <https://developers.google.com/workspace/gmail/api/reference/rest/v1> (each
//! type names its page there). Unknown fields are nothing; missing ones are empty.

use serde::Deserialize;

/// `users.messages.list`, and the messages of `users.history.list`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MessageList {
    pub messages: Vec<MessageRef>,
    pub next_page_token: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MessageRef {
    pub id: String,
    pub thread_id: String,
}

/// `users.messages`, in the formats minimal, raw and metadata.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Message {
    pub id: String,
    pub thread_id: String,
    pub label_ids: Vec<String>,
    /// Milliseconds since 1970.
    pub internal_date: Option<String>,
    pub history_id: Option<String>,
    /// base64url.
    pub raw: Option<String>,
    pub payload: Option<Payload>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Payload {
    pub headers: Vec<Header>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Header {
    pub name: String,
    pub value: String,
}

/// `users.getProfile`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    pub email_address: String,
    pub history_id: Option<String>,
}

/// `users.history.list`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HistoryList {
    pub history: Vec<History>,
    pub history_id: Option<String>,
    pub next_page_token: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct History {
    pub messages_added: Vec<Touched>,
    pub messages_deleted: Vec<Touched>,
    pub labels_added: Vec<Touched>,
    pub labels_removed: Vec<Touched>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Touched {
    pub message: MessageRef,
}

/// `users.labels.list`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LabelList {
    pub labels: Vec<Label>,
}

/// `users.labels`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Label {
    pub id: String,
    pub name: String,
    /// `system` or `user`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// `users.drafts`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub message: Message,
}

/// `users.settings.sendAs.list`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SendAsList {
    pub send_as: Vec<SendAs>,
}

/// `users.settings.sendAs`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[allow(clippy::struct_field_names)] // Google's names
pub struct SendAs {
    #[serde(rename = "sendAsEmail")]
    pub email: String,
    pub display_name: String,
    pub reply_to_address: String,
    pub is_primary: bool,
    pub is_default: bool,
    /// `accepted` or `pending`; left out for the account's own address.
    pub verification_status: Option<String>,
}

/// The body of an error: <https://developers.google.com/workspace/gmail/api/guides/handle-errors>
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Refusal {
    pub error: Reasons,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Reasons {
    pub message: String,
    pub status: String,
    pub errors: Vec<Reason>,
    pub details: Vec<Reason>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Reason {
    pub reason: String,
}
