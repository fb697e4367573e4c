//! Letter templates.

use crate::{BaseId, RecordId, TableId, TemplateId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A letter with `{Column}` in its subject and body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Unique name.
    pub name: String,
    /// Subject.
    pub subject: String,
    /// Rich text; `None` for plain text.
    pub html: Option<String>,
    /// Plain text.
    pub text: String,
    /// Last change.
    pub updated_at: Timestamp,
}

/// Arguments of `template.put`: makes or replaces the template of this name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplatePutArgs {
    /// Which; `None` finds it by name or makes a new one.
    #[serde(default)]
    pub id: Option<TemplateId>,
    /// Unique name.
    pub name: String,
    /// Subject.
    pub subject: String,
    /// Rich text.
    #[serde(default)]
    pub html: Option<String>,
    /// Plain text.
    #[serde(default)]
    pub text: String,
}

/// Arguments that name one template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateRef {
    /// Which.
    pub id: TemplateId,
}

/// Arguments of `template.preview`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplatePreviewArgs {
    /// Subject as typed.
    pub subject: String,
    /// Rich text as typed.
    #[serde(default)]
    pub html: Option<String>,
    /// Plain text as typed.
    #[serde(default)]
    pub text: String,
    /// The base.
    pub base: BaseId,
    /// The table.
    pub table: TableId,
    /// The record.
    pub record: RecordId,
}

/// A rendered letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplatePreview {
    /// Subject.
    pub subject: String,
    /// HTML, sanitised.
    pub html: Option<String>,
    /// Plain text.
    pub text: String,
    /// Quoted columns that are empty in this record.
    pub empty: Vec<String>,
}
