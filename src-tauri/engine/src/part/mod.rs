//! What streams over the reader's own scheme: bodies, inline pictures, attachments, sources.
//!
//! Owns: the addresses below `mail://localhost/`, and the headers each answer goes out with. A body
//! is sanitised here, each time it is shown, from the raw message.
//! Refuses: any network request but for remote images, and these only where the reader allowed
//! them for this message or its sender, whatever the address asks for.
//! Files of cells are given in pieces where a `Range` header asks for one.
//! Look next: [`mail::sanitize`], [`mail::document`], [`remote::image`]; [`raw`] for where bytes come from.

mod base_file;
mod range;
mod raw;
mod save;
pub(crate) mod thumbnail;

pub use thumbnail::Edge;

pub(crate) use raw::{keep, raw};
pub(crate) use save::{disk, save_attachments, write_new};

use crate::Engine;
use mail::document;
use mail::sanitize::{Sanitize, Sanitized, sanitize};
use model::message::{Message, MessageBody};
use model::{BaseId, DraftAttachmentId, DraftId, Error, ErrorCode, MessageId, Result};
use remote::image::{Images, Reach, is_raster, raster};
use store::search::Today;

/// The one script inside a letter's frame: it tells the reader height, keys and links.
const HELPER: &str = include_str!("frame-helper.js");

/// A source longer than this is cut in the view of the source.
const SOURCE_MAX_BYTES: usize = 8 * 1024 * 1024;
/// Messages whose HTML is looked at when a conversation is opened; the newest first.
const EXAMINED_AT_ONCE: usize = 30;

/// Something the reader's frame asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartRequest {
    /// `body/{message}?dark=0|1&remote=0|1`: the document to read.
    Body {
        /// Which message.
        message: MessageId,
        /// Colours for a dark window.
        dark: bool,
        /// Load remote images; has effect only with the reader's consent.
        remote: bool,
    },
    /// `part/{message}/{part}`: an inline picture or an attachment.
    Part {
        /// Which message.
        message: MessageId,
        /// Which part.
        part: u32,
    },
    /// `source/{message}`: the raw message as text.
    Source {
        /// Which message.
        message: MessageId,
    },
    /// `draft-part/{draft}/{attachment}`: a file of a draft.
    DraftPart {
        /// Which draft.
        draft: DraftId,
        /// Which file.
        attachment: DraftAttachmentId,
    },
    /// `image?u={address}&m={message}`: a remote image of a message.
    Image {
        /// Its address.
        url: String,
        /// The message that shows it.
        message: MessageId,
    },
    /// `base-file/{base}/{hash}?n={name}`: a file of a cell.
    BaseFile {
        /// Which base.
        base: BaseId,
        /// Names the content in it.
        hash: String,
        /// Its name, for a download.
        name: String,
    },
    /// `base-thumbnail/{base}/{hash}?for=cell|card`: a small picture of a file of a cell.
    BaseThumbnail {
        /// Which base.
        base: BaseId,
        /// Names the content in it.
        hash: String,
        /// How small.
        edge: Edge,
    },
}

impl PartRequest {
    /// Reads the address below `mail://localhost/`, such as `body/12?dark=1&remote=0`.
    ///
    /// # Errors
    /// `NotFound` where it names nothing.
    pub fn parse(address: &str) -> Result<Self> {
        let nothing = || Error::not_found("There is nothing under this address.");
        let (path, query) =
            address.trim_start_matches('/').split_once('?').unwrap_or((address.trim_start_matches('/'), ""));
        let value = |name: &str| {
            query
                .split('&')
                .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| decode(value)))
        };
        let number = |text: &str| text.parse::<i64>().map_err(|_| nothing());
        let mut steps = path.trim_end_matches('/').split('/');
        let request = match (steps.next(), steps.next(), steps.next(), steps.next()) {
            (Some("body"), Some(id), None, _) => Self::Body {
                message: MessageId(number(id)?),
                dark: value("dark").as_deref() == Some("1"),
                remote: value("remote").as_deref() == Some("1"),
            },
            (Some("part"), Some(id), Some(part), None) => {
                Self::Part { message: MessageId(number(id)?), part: part.parse().map_err(|_| nothing())? }
            }
            (Some("source"), Some(id), None, _) => Self::Source { message: MessageId(number(id)?) },
            (Some("draft-part"), Some(id), Some(file), None) => {
                Self::DraftPart { draft: DraftId(number(id)?), attachment: DraftAttachmentId(number(file)?) }
            }
            (Some("base-file"), Some(base), Some(hash), None) => Self::BaseFile {
                base: BaseId(base.to_owned()),
                hash: hash.to_owned(),
                name: mail::parse::safe_filename(&value("n").unwrap_or_default()),
            },
            (Some("base-thumbnail"), Some(base), Some(hash), None) => Self::BaseThumbnail {
                base: BaseId(base.to_owned()),
                hash: hash.to_owned(),
                edge: if value("for").as_deref() == Some("card") { Edge::Card } else { Edge::Cell },
            },
            (Some("image"), None, ..) => Self::Image {
                url: value("u").ok_or_else(nothing)?,
                message: MessageId(number(&value("m").ok_or_else(nothing)?)?),
            },
            _ => return Err(nothing()),
        };
        Ok(request)
    }
}

/// Undoes percent-encoding; what is no UTF-8 then is replaced.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = |byte: Option<&u8>| byte.and_then(|b| (*b as char).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (first, hex(after.first()), hex(after.get(1))) {
            bytes.push((high * 16 + low) as u8);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(if *first == b'+' { b' ' } else { *first });
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// An answer to a [`PartRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The status it goes out with: 200, 206 for a piece, 416 for one that is not there (RFC 9110).
    pub status: u16,
    /// Media type.
    pub mime: String,
    /// Bytes.
    pub bytes: Vec<u8>,
    /// All headers it goes out with, Content-Type and Content-Security-Policy among them.
    pub headers: Vec<(String, String)>,
}

impl Engine {
    /// Answers what the reader's frame asks for.
    ///
    /// # Errors
    /// `NotFound`; `Refused` for a remote image without consent; what fetching a body or an image
    /// gives.
    pub async fn part(&self, request: PartRequest) -> Result<Part> {
        self.part_in(request, None).await
    }

    /// [`Engine::part`], under the `Range` header of the request.
    pub async fn part_in(&self, request: PartRequest, range: Option<&str>) -> Result<Part> {
        match request {
            PartRequest::Body { message, dark, remote } => body(self, message, dark, remote).await,
            PartRequest::Part { message, part } => {
                let bytes = raw(self, message).await?;
                let found = blocking(move || mail::parse::part(&bytes, part)).await?;
                let (mime, name, bytes) = found.ok_or_else(|| Error::not_found("The message has no such part."))?;
                Ok(file(&mime, &name, bytes))
            }
            PartRequest::Source { message } => {
                let mut bytes = raw(self, message).await?;
                bytes.truncate(SOURCE_MAX_BYTES);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                Ok(part("text/plain; charset=utf-8", text.into_bytes(), None))
            }
            PartRequest::DraftPart { draft, attachment } => {
                let files = self.store().read(move |r| store::draft::files(r, draft)).await?;
                let (file_of, hash) = files
                    .into_iter()
                    .find(|(file, _)| file.id == attachment)
                    .ok_or_else(|| Error::not_found("The draft has no such file."))?;
                let content = self.store().content().clone();
                let bytes = blocking(move || content.get(hash)).await??;
                Ok(file(&file_of.mime, &file_of.filename, bytes))
            }
            PartRequest::BaseFile { base, hash, name } => base_file::answer(self, &base, hash, &name, range).await,
            PartRequest::BaseThumbnail { base, hash, edge } => base_file::small(self, &base, &hash, edge).await,
            PartRequest::Image { url, message } => {
                let allowed = self.store().read(move |r| store::message::get(r, message)).await?.remote_allowed;
                if !allowed {
                    return Err(Error::new(ErrorCode::Refused, "Remote images of this message are not allowed."));
                }
                let image = Images::new(Reach::Public)?.fetch(&url).await?;
                Ok(part(image.mime, image.bytes, None))
            }
        }
    }
}

/// Another one for each document, so that no letter can know it.
fn nonce() -> String {
    ulid::Ulid::new().to_string() + &ulid::Ulid::new().to_string()
}

/// Runs a computation off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::internal(&e))
}

/// The reader's clock and zone.
pub(crate) fn today(engine: &Engine) -> Today {
    Today { now: engine.store().now(), zone: None }
}

fn part(mime: &str, bytes: Vec<u8>, disposition: Option<String>) -> Part {
    let mut headers: Vec<(String, String)> = document::HEADERS
        .iter()
        .filter(|(name, _)| *name != "Content-Type")
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    headers.push(("Content-Type".into(), mime.into()));
    headers.push(("Content-Security-Policy".into(), "default-src 'none'; style-src 'unsafe-inline'; sandbox".into()));
    headers.extend(disposition.map(|value| ("Content-Disposition".to_owned(), value)));
    Part { status: 200, mime: mime.into(), bytes, headers }
}

/// A file of a message: shown only where it is a raster picture or plain text, else a download.
fn file(mime: &str, name: &str, bytes: Vec<u8>) -> Part {
    let shown = match raster(&bytes) {
        Some(picture) => Some(picture),
        None if mime == "text/plain" => Some("text/plain; charset=utf-8"),
        None => None,
    };
    let mime = shown.unwrap_or("application/octet-stream");
    let how = if shown.is_some() && (is_raster(mime) || mime.starts_with("text/")) { "inline" } else { "attachment" };
    part(mime, bytes, Some(format!("{how}; filename*=UTF-8''{}", encode(name))))
}

/// The caption of the folded history, in the languages of the window.
fn history_caption(language: &str) -> &'static str {
    match language.split(['-', '_']).next().unwrap_or_default() {
        "de" => "Zitierten Text anzeigen",
        "uk" => "Показати цитований текст",
        "pl" => "Pokaż cytowany tekst",
        "ru" => "Показать цитируемый текст",
        _ => "Show quoted text",
    }
}

fn sanitized(html: &str, message: &Message, dark: bool, allow_remote: bool) -> Sanitized {
    let inline = |id: &str| {
        let wanted = id.trim_start_matches('<').trim_end_matches('>');
        let found = message.attachments.iter().find(|a| a.content_id.as_deref() == Some(wanted))?;
        Some(format!("/part/{}/{}", message.id, found.part))
    };
    let away = |url: &str| format!("/image?u={}&m={}", encode(url), message.id);
    sanitize(html, &Sanitize { allow_remote, cid_url: &inline, remote_url: &away, dark })
}

async fn body(engine: &Engine, id: MessageId, dark: bool, remote: bool) -> Result<Part> {
    let (message, settings) =
        engine.store().read(move |r| Ok((store::message::get(r, id)?, store::setting::get(r)?))).await?;
    let bytes = raw(engine, id).await?;
    // A body that was fetched just now has parts that the row did not know.
    let message =
        if message.complete { message } else { engine.store().read(move |r| store::message::get(r, id)).await? };
    let allowed = remote && message.remote_allowed;
    let html = blocking(move || {
        let parsed = mail::parse::parse(&bytes);
        let language = if settings.language.is_empty() { "en".to_owned() } else { settings.language };
        let options = document::Options {
            history_caption: history_caption(&language).into(),
            language,
            dark,
            ..document::Options::default()
        };
        match parsed.html {
            Some(html) => document::render(&sanitized(&html, &message, dark, allowed), &options),
            None => document::render_text(&parsed.text.unwrap_or_default(), &options),
        }
    })
    .await?;
    let nonce = nonce();
    let html = format!("{html}<script nonce=\"{nonce}\">{HELPER}</script>");
    let mut part = part("text/html; charset=utf-8", html.into_bytes(), None);
    let images = ["mail:", "http://mail.localhost", "https://mail.localhost", "data:"];
    let policy = document::content_security_policy(&images, Some(&nonce));
    for header in &mut part.headers {
        if header.0 == "Content-Security-Policy" {
            header.1.clone_from(&policy);
        }
    }
    Ok(part)
}

/// A message's text in both forms.
pub(crate) async fn body_of(engine: &Engine, id: MessageId) -> Result<MessageBody> {
    let bytes = raw(engine, id).await?;
    let message = engine.store().read(move |r| store::message::get(r, id)).await?;
    blocking(move || {
        let headers = mail::parse::header_text(&bytes);
        let parsed = mail::parse::parse(&bytes);
        let html = parsed.html.as_deref().map(|html| sanitized(html, &message, false, false).as_fragment());
        let text = match (parsed.text, &parsed.html) {
            (Some(text), _) => text,
            (None, Some(html)) => mail::text::html_to_text(html),
            (None, None) => String::new(),
        };
        MessageBody { text, html, headers }
    })
    .await
}

/// Looks at the HTML of messages that nobody opened before: the remote images and deceptive links
/// in it, kept for the next time.
pub(crate) async fn examine(engine: &Engine, messages: &mut [Message]) -> Result<()> {
    let ids: Vec<MessageId> = messages.iter().rev().take(EXAMINED_AT_ONCE).map(|m| m.id).collect();
    let open = engine.store().read(move |r| store::message::unexamined(r, &ids)).await?;
    if open.is_empty() {
        return Ok(());
    }
    let mut found = Vec::with_capacity(open.len());
    for message in messages.iter_mut().filter(|m| open.contains(&m.id)) {
        let Ok(bytes) = raw(engine, message.id).await else { continue };
        let copy = message.clone();
        let (images, links) = blocking(move || {
            let html = mail::parse::parse(&bytes).html.unwrap_or_default();
            let seen = sanitized(&html, &copy, false, false);
            (seen.remote_images, seen.deceptive_links.len() as u32)
        })
        .await?;
        message.remote_images = images;
        message.deceptive_links = links;
        found.push((message.id, images, links));
    }
    let store = engine.store().clone();
    // Nobody who reads waits for the disk: what is not kept is looked at once more.
    tokio::spawn(async move {
        let kept = store.write(move |w| {
            found.iter().try_for_each(|(id, images, links)| store::message::set_examined(w, *id, *images, *links))
        });
        if let Err(error) = kept.await {
            tracing::warn!(%error, "what was seen in messages is not kept");
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_the_window_writes_them() {
        assert_eq!(
            PartRequest::parse("/body/12?dark=1&remote=0").unwrap(),
            PartRequest::Body { message: MessageId(12), dark: true, remote: false }
        );
        assert_eq!(PartRequest::parse("part/3/4").unwrap(), PartRequest::Part { message: MessageId(3), part: 4 });
        let url = "https://example.org/ä b.png?a=1&b=2+3";
        let image = PartRequest::parse(&format!("image?u={}&m=5", encode(url))).unwrap();
        assert_eq!(image, PartRequest::Image { url: url.into(), message: MessageId(5) });
        for wrong in ["", "body", "body/x", "part/1", "part/1/2/3", "../etc", "image?m=5", "source/1/2"] {
            assert!(PartRequest::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_raster_pictures_and_plain_text_are_shown_and_all_else_is_a_download() {
        for (mime, bytes) in [
            ("image/svg+xml", "<svg/>"),
            ("text/html", "<p>"),
            ("image/png", "no picture"),
            ("application/pdf", "%PDF"),
        ] {
            let part = file(mime, "ä\"\r\n.x", bytes.into());
            assert_eq!(part.mime, "application/octet-stream");
            let how = &part.headers.iter().find(|(n, _)| n == "Content-Disposition").unwrap().1;
            assert!(how.starts_with("attachment;") && !how.contains(['\r', '\n', '"']), "{how}");
        }
        assert_eq!(file("image/x", "a", b"\x89PNG\r\n".to_vec()).mime, "image/png");
    }
}
