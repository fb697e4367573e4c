//! From a draft to a letter: sender, quote, inline images, files.
//!
//! Owns: what stands in the letter. Refuses: rows and states; `ledger` freezes what is made here.
//! The bytes are made by `mail::compose`, which lets no line break into a header and no Bcc into
//! the bytes, and reads back what it wrote.

use super::words;
use crate::Engine;
use mail::compose::{Built, ComposeError, Outgoing, Part};
use mail::parse::Parsed;
use model::account::Identity;
use model::draft::{Draft, DraftKind};
use model::message::Address;
use model::{Error, Result, Timestamp, say};
use store::draft::Ancestry;

/// A draft with all that its letter is made of.
#[derive(Clone, Debug)]
pub(crate) struct Material {
    pub draft: Draft,
    pub ancestry: Ancestry,
    pub sender: Identity,
    pub files: Vec<Part>,
    pub inline: Vec<Part>,
    pub original: Option<Parsed>,
    pub original_raw: Option<Vec<u8>>,
    pub language: String,
}

/// Reads a draft and its files.
///
/// # Errors
/// `NotFound` where the draft, its sender, or the original it quotes is gone.
pub(crate) async fn material(engine: &Engine, id: model::DraftId) -> Result<Material> {
    let store = engine.store().clone();
    let (draft, ancestry, sender, files, language) = store
        .read(move |r| {
            let draft = store::draft::get(r, id)?;
            let sender = store::account::identities(r, draft.account_id)?
                .into_iter()
                .find(|identity| identity.id == draft.identity_id)
                .ok_or_else(|| {
                    Error::not_found("The sender of this draft is no longer there.").remedy("Choose another sender.")
                })?;
            let (ancestry, files) = (store::draft::ancestry(r, id)?, store::draft::files(r, id)?);
            Ok((draft, ancestry, sender, files, store::setting::get(r)?.language))
        })
        .await?;
    let original_raw = match draft.original {
        Some(original) if draft.quote => Some(engine.raw(original).await.map_err(|e| missing_original(&e))?),
        _ => None,
    };
    let language = words::language(&language);
    let store = engine.store().clone();
    tokio::task::spawn_blocking(move || {
        let content = store.content();
        let mut parts = Vec::with_capacity(files.len());
        for (file, hash) in files {
            parts.push(Part {
                filename: file.filename,
                mime: file.mime,
                content_id: file.content_id,
                bytes: content.get(hash)?,
            });
        }
        let (inline, files): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| part.content_id.is_some());
        let original = original_raw.as_deref().map(mail::parse::parse);
        Ok(Material { draft, ancestry, sender, files, inline, original, original_raw, language })
    })
    .await
    .map_err(|e| Error::internal(&e))?
}

fn missing_original(error: &Error) -> Error {
    Error::new(error.code, "The letter to be quoted is not on this machine.")
        .remedy("Try again when its server can be reached, or take the quote out.")
        .detail(error)
}

/// The letter a draft becomes.
pub(crate) fn outgoing(material: &Material, message_id: String, date: Timestamp) -> Outgoing {
    let draft = &material.draft;
    let mut inline = material.inline.clone();
    let mut html = draft.html.clone();
    let mut text = match &html {
        Some(html) => mail::text::html_to_text(html),
        None => draft.text.clone(),
    };
    if let (Some(original), Some(raw)) = (&material.original, &material.original_raw) {
        let quote = Quote::of(original, &material.language, draft.kind == DraftKind::Forward);
        text = format!("{}\n\n{}", text.trim_end(), quote.text);
        if let Some(html) = &mut html {
            html.push_str(&quote.html);
            inline.extend(quoted_images(original, raw, &quote.html, &inline));
        }
    }
    // An image that was taken out of the text again is not sent.
    if let Some(html) = &html {
        inline.retain(|part| part.content_id.as_ref().is_some_and(|id| html.contains(&format!("cid:{id}"))));
    } else {
        inline.clear();
    }
    Outgoing {
        from: Address { name: material.sender.name.clone(), email: material.sender.email.clone() },
        to: draft.to.clone(),
        cc: draft.cc.clone(),
        bcc: draft.bcc.clone(),
        subject: draft.subject.clone(),
        date,
        message_id,
        in_reply_to: material.ancestry.in_reply_to.clone(),
        references: material.ancestry.references.clone(),
        html: html.map(|body| document(&body)),
        text,
        inline,
        attachments: material.files.clone(),
        ..Outgoing::default()
    }
}

/// A whole HTML document around what the editor gives.
pub(crate) fn document(body: &str) -> String {
    if body.trim_start().to_ascii_lowercase().starts_with("<!doctype")
        || body.trim_start().to_ascii_lowercase().starts_with("<html")
    {
        return body.to_owned();
    }
    format!("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>{body}</body></html>\n")
}

struct Quote {
    html: String,
    text: String,
}

impl Quote {
    fn of(original: &Parsed, language: &str, forward: bool) -> Self {
        let phrases = words::phrases(language);
        let date = original.date.map(local_time).unwrap_or_default();
        let body_text = original
            .text
            .clone()
            .or_else(|| original.html.as_deref().map(mail::text::html_to_text))
            .unwrap_or_default();
        let body_html = original.html.as_deref().map_or_else(|| mail::reply::text_as_html(&body_text), harmless);
        if forward {
            let [from, dated, subject, to, cc] = phrases.captions;
            let fields = [
                (from, mail::address::format(&original.from)),
                (dated, date),
                (subject, original.subject.clone()),
                (to, mail::address::format_list(&original.to)),
                (cc, mail::address::format_list(&original.cc)),
            ]
            .map(|(caption, value)| (caption.to_owned(), value));
            let (text, html) = mail::reply::forward_header(phrases.forwarded, &fields);
            return Self {
                html: format!("<br><div class=\"tabella-quote\">{html}{body_html}</div>"),
                text: format!("{text}{body_text}"),
            };
        }
        let line = mail::reply::attribution(phrases.attribution, &original.from, &date);
        Self {
            html: format!("<br>{}", mail::reply::quote_html(&line, &body_html)),
            text: mail::reply::quote_text(&line, &body_text),
        }
    }
}

/// HTML of another program as the editor may take it.
pub(crate) fn editable(html: &str) -> String {
    harmless(html)
}

/// The original's HTML without what acts, its images left as they are.
fn harmless(html: &str) -> String {
    let as_it_is = |cid: &str| Some(format!("cid:{cid}"));
    let remote = |url: &str| url.to_owned();
    let clean = mail::sanitize::sanitize(
        html,
        &mail::sanitize::Sanitize { allow_remote: true, cid_url: &as_it_is, remote_url: &remote, dark: false },
    );
    clean.as_fragment()
}

fn quoted_images(original: &Parsed, raw: &[u8], quote_html: &str, have: &[Part]) -> Vec<Part> {
    original
        .attachments
        .iter()
        .filter_map(|attachment| {
            let id = attachment.content_id.as_ref()?;
            let wanted =
                quote_html.contains(&format!("cid:{id}")) && !have.iter().any(|p| p.content_id.as_ref() == Some(id));
            let (mime, filename, bytes) = wanted.then(|| mail::parse::part(raw, attachment.part)).flatten()?;
            Some(Part { filename, mime, content_id: Some(id.clone()), bytes })
        })
        .collect()
}

fn local_time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .map(|t| t.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}

/// Makes the bytes.
///
/// # Errors
/// `Invalid` where an address is none, `Internal` where the bytes don't read back as meant.
pub(crate) fn build(outgoing: &Outgoing) -> Result<Built> {
    mail::compose::build(outgoing).map_err(|error| match &error {
        ComposeError::BadRecipient(address) => {
            Error::invalid(say!("“{text}” is not a mail address.", text = address)).remedy("Correct it or take it out.")
        }
        ComposeError::BadSender(address) => Error::invalid(say!("“{text}” is not a mail address.", text = address))
            .remedy("Choose another sender, or correct it in the account's settings."),
        ComposeError::BadMessageId(_) | ComposeError::BadField(_) | ComposeError::Changed(_) => Error::internal(error),
    })
}

/// A Message-ID of ours in the domain of the sender's address; names no machine.
pub(crate) fn new_message_id(from: &str) -> Result<String> {
    let mut random = [0u8; 16];
    getrandom::fill(&mut random).map_err(Error::internal)?;
    let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain);
    Ok(mail::compose::new_message_id(domain, random))
}
