//! Messages up: small ones inside JSON, larger ones by the upload address, as they are where nothing is
//! said of them.
//!
//! Source: <https://developers.google.com/workspace/gmail/api/guides/uploads>

use super::api::{ACT, Api, Ask, USER};
use crate::http::Answer;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use model::{Error, Result};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// Raw bytes up to which a message goes inside JSON; the API takes five megabytes of that.
const INLINE_BYTES_MAX: usize = 3 * 1024 * 1024;
const BOUNDARY: &str = "tabella_upload";

/// A message to hand to the API.
pub struct Upload<'a> {
    /// Below the user.
    pub path: &'a str,
    /// What is said of it.
    pub meta: Value,
    /// The field that holds the message, where it is not the resource itself.
    pub wrap: Option<&'a str>,
    pub raw: &'a [u8],
}

impl Upload<'_> {
    /// The request, to be made as often as needed.
    pub fn ask(&self, api: &Api) -> Result<Ask> {
        let (url, kind, body) = if self.raw.len() <= INLINE_BYTES_MAX {
            let mut meta = self.meta.clone();
            if let Some(fields) = meta.as_object_mut() {
                fields.insert("raw".to_owned(), json!(URL_SAFE.encode(self.raw)));
            }
            let body = self.wrapped(meta);
            let body = serde_json::to_vec(&body).map_err(|e| Error::internal(&e))?;
            (api.url(&format!("{USER}{}", self.path), &[]), "application/json".to_owned(), body)
        } else if self.meta.as_object().is_some_and(serde_json::Map::is_empty) {
            let url = api.url(&format!("/upload{USER}{}", self.path), &[("uploadType", "media")]);
            (url, "message/rfc822".to_owned(), self.raw.to_vec())
        } else {
            let meta = self.wrapped(self.meta.clone());
            let mut body = format!(
                "--{BOUNDARY}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{meta}\r\n\
                 --{BOUNDARY}\r\nContent-Type: message/rfc822\r\n\r\n"
            )
            .into_bytes();
            body.extend_from_slice(self.raw);
            body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
            let url = api.url(&format!("/upload{USER}{}", self.path), &[("uploadType", "multipart")]);
            (url, format!("multipart/related; boundary={BOUNDARY}"), body)
        };
        Ok(Ask::post(url, &kind, body))
    }

    fn wrapped(&self, meta: Value) -> Value {
        match self.wrap {
            Some(field) => json!({ field: meta }),
            None => meta,
        }
    }
}

/// Hands it over; for what may be handed over twice.
pub async fn post(api: &Api, cost: u32, upload: &Upload<'_>, cancel: &CancellationToken) -> Result<Answer> {
    api.call(cost, ACT, cancel, &upload.ask(api)?).await
}
