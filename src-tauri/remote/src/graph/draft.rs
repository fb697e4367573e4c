//! Messages made from their bytes.
//!
//! A message is made from MIME, so that its header and text stay what they were. The API takes some 4 MB a request,
//! base64 included; of a larger message the largest files are cut out first and attached again one by one: up to
//! 3 MB in a request each, above that over an upload session. What arrives then has the same header, text and
//! files; only the order of its parts and their boundaries are Exchange's own.
//! Sources: <https://learn.microsoft.com/graph/api/user-post-messages>,
//! <https://learn.microsoft.com/graph/outlook-large-attachments>.

use super::api::{Api, Ask, Body};
use super::fault::Fault;
use super::wire::{Message, Page};
use crate::contract::RemoteKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::message::Attachment;
use model::{Error, ErrorCode};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Bytes of a message made in one request. Above some 2.2 MB the API was seen to answer well and lose it
/// (<https://github.com/microsoftgraph/microsoft-graph-docs/issues/13979>).
const MIME_BYTES_MAX: usize = 2 << 20;
/// Bytes of a file attached in one request; an upload session takes only larger ones.
const FILE_BYTES_MAX: usize = 3_000_000;
/// Bytes of one piece of an upload, below 4 MB.
const PIECE_BYTES: usize = 10 * 320 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UploadSession {
    upload_url: String,
}

/// Keys of messages with this Message-ID in a folder.
pub async fn find(
    api: &Api,
    mailbox: &str,
    message_id: &str,
    cancel: &CancellationToken,
) -> Result<Vec<RemoteKey>, Fault> {
    let filter = format!("internetMessageId eq '<{}>'", message_id.replace('\'', "''"));
    let query = [("$filter", filter.as_str()), ("$select", "id")];
    let page: Page<Message> = api.get(api.query(&["mailFolders", mailbox, "messages"], &query), cancel).await?;
    Ok(page.value.into_iter().map(|message| message.id).collect())
}

/// Makes a message in a folder (in Drafts where none is named), whole or not at all.
pub async fn make(api: &Api, mailbox: Option<&str>, raw: &[u8], cancel: &CancellationToken) -> Result<Message, Fault> {
    let (small, files) = split(raw)?;
    let address = match mailbox {
        Some(mailbox) => api.address(&["mailFolders", mailbox, "messages"]),
        None => api.address(&["messages"]),
    };
    let body = Body::Mime(Arc::from(STANDARD.encode(small)));
    let made: Message = api.post(address, body, cancel).await?;
    if made.id.is_empty() {
        return Err(Fault::Broken(Error::new(ErrorCode::Protocol, "Microsoft made a draft without a name.")));
    }
    for file in files {
        if let Err(fault) = attach(api, &made.id, raw, &file, cancel).await {
            discard(api, &made.id).await;
            return Err(fault);
        }
    }
    Ok(made)
}

/// Removes a draft that is of no use; it does no harm where that fails.
pub async fn discard(api: &Api, id: &str) {
    // Not with the caller's token: it may have been cancelled.
    let cancel = CancellationToken::new();
    let ask = Ask::new(Method::POST, api.address(&["messages", id, "permanentDelete"]));
    if api.ask(&ask, &cancel).await.is_err() {
        let _ = api.ask(&Ask::new(Method::DELETE, api.address(&["messages", id])), &cancel).await;
    }
}

/// A message that fits into one request, and the files cut out of it.
fn split(raw: &[u8]) -> Result<(Vec<u8>, Vec<Attachment>), Fault> {
    if raw.len() <= MIME_BYTES_MAX {
        return Ok((raw.to_vec(), Vec::new()));
    }
    let mut files = mail::parse::parse(raw).attachments;
    files.sort_by_key(|file| std::cmp::Reverse(file.size));
    let mut cut = Vec::new();
    let mut small = raw.to_vec();
    for file in files {
        cut.push(file.part);
        small = mail::parse::without(raw, &cut);
        if small.len() <= MIME_BYTES_MAX {
            break;
        }
    }
    if small.len() > MIME_BYTES_MAX {
        let error = Error::new(ErrorCode::TooLarge, "The text of this letter is too large for Microsoft.")
            .remedy("Put a part of it into a file and attach that.");
        return Err(Fault::Refused { code: "ErrorMessageSizeExceeded".into(), error });
    }
    // In the order in which they stood.
    let mut cut: Vec<Attachment> =
        mail::parse::parse(raw).attachments.into_iter().filter(|file| cut.contains(&file.part)).collect();
    cut.sort_by_key(|file| file.part);
    Ok((small, cut))
}

async fn attach(api: &Api, id: &str, raw: &[u8], file: &Attachment, cancel: &CancellationToken) -> Result<(), Fault> {
    let (mime, name, bytes) = mail::parse::part(raw, file.part)
        .ok_or_else(|| Fault::Broken(Error::internal("a file was cut out of a letter and can't be read")))?;
    if bytes.len() > FILE_BYTES_MAX {
        match upload(api, id, file, &mime, &bytes, cancel).await {
            // Where the server draws the line elsewhere.
            Err(fault) if fault.is("ErrorAttachmentSizeShouldNotBeLessThanMinimumSize") => {}
            done => return done,
        }
    }
    // <https://learn.microsoft.com/graph/api/message-post-attachments>
    let attachment = json!({
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": name,
        "contentType": mime,
        "contentBytes": STANDARD.encode(&bytes),
        "isInline": file.inline,
        "contentId": file.content_id,
    });
    let ask = Ask::new(Method::POST, api.address(&["messages", id, "attachments"])).body(Body::Json(attachment));
    api.ask(&ask, cancel).await.map(|_| ())
}

/// <https://learn.microsoft.com/graph/api/attachment-createuploadsession>
async fn upload(
    api: &Api,
    id: &str,
    file: &Attachment,
    mime: &str,
    bytes: &[u8],
    cancel: &CancellationToken,
) -> Result<(), Fault> {
    let item = json!({ "AttachmentItem": {
        "attachmentType": "file",
        "name": file.filename,
        "contentType": mime,
        "size": bytes.len(),
        "isInline": file.inline,
        "contentId": file.content_id,
    }});
    let address = api.address(&["messages", id, "attachments", "createUploadSession"]);
    let session: UploadSession = api.post(address, Body::Json(item), cancel).await?;
    let mut from = 0;
    for piece in bytes.chunks(PIECE_BYTES) {
        let range = format!("bytes {from}-{}/{}", from + piece.len() - 1, bytes.len());
        api.put_piece(&session.upload_url, piece.to_vec(), &range, cancel).await?;
        from += piece.len();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_of_five_megabytes_keeps_its_header_and_text_and_loses_its_file_to_an_upload() {
        let file = STANDARD.encode(vec![7u8; 5_000_000]);
        let small = STANDARD.encode(b"small");
        let part = |name: &str, body: &str| {
            format!(
                "--b\r\nContent-Type: application/pdf; name={name}\r\nContent-Disposition: attachment; filename={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n"
            )
        };
        let raw = format!(
            "Message-ID: <1@x>\r\nFrom: a@x\r\nList-Unsubscribe: <mailto:u@x>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n{}{}--b--\r\n",
            part("large.pdf", &file),
            part("small.pdf", &small)
        );
        let (slim, files) = split(raw.as_bytes()).unwrap();
        assert_eq!(files.iter().map(|f| f.filename.as_str()).collect::<Vec<_>>(), ["large.pdf"]);
        let parsed = mail::parse::parse(&slim);
        assert_eq!((parsed.message_id.as_str(), parsed.text.as_deref().map(str::trim)), ("1@x", Some("hello")));
        assert!(parsed.list_unsubscribe.is_some());
        assert_eq!(parsed.attachments.iter().map(|f| f.filename.as_str()).collect::<Vec<_>>(), ["small.pdf"]);
    }
}
