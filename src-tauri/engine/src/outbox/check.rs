//! What a careful reader would say of a draft before it is sent.

use super::letter::{self, Material};
use super::words;
use crate::Engine;
use model::draft::{DraftKind, DraftWarning};
use model::{AccountId, Error, ErrorCode, Result, Timestamp, say};

/// From this many addresses in To and Cc on, people are told that all see each other.
const MANY_VISIBLE: u32 = 15;

/// All warnings of a draft, those that forbid sending first.
pub(crate) async fn check(engine: &Engine, material: Material) -> Result<Vec<DraftWarning>> {
    let mut warnings = plain(&material);
    if let Some(limit) = size_limit(engine, material.draft.account_id).await? {
        let bad = warnings.iter().any(|w| matches!(w, DraftWarning::NoRecipient | DraftWarning::BadAddress { .. }));
        if !bad {
            let size =
                tokio::task::spawn_blocking(move || size(&material)).await.map_err(|e| Error::internal(&e))??;
            if size > limit {
                warnings.insert(0, DraftWarning::TooLarge { size, limit });
            }
        }
    }
    Ok(warnings)
}

/// Bytes the account's server takes, where the probe found out.
pub(crate) async fn size_limit(engine: &Engine, account: AccountId) -> Result<Option<u64>> {
    engine
        .store()
        .read(move |r| Ok(store::account::get(r, account)?.probe.and_then(|p| p.size_limit).filter(|limit| *limit > 0)))
        .await
}

/// The first warning that forbids sending, as an error.
pub(crate) fn forbidding(warnings: &[DraftWarning]) -> Option<Error> {
    warnings.iter().find_map(|warning| match warning {
        DraftWarning::NoRecipient => {
            Some(Error::invalid("This letter has no recipient.").remedy("Enter an address in To, Cc or Bcc."))
        }
        DraftWarning::BadAddress { address } => Some(
            Error::invalid(say!("“{text}” is not a mail address.", text = address))
                .remedy("Correct it or take it out."),
        ),
        DraftWarning::TooLarge { size, limit } => Some(too_large(*size, *limit)),
        _ => None,
    })
}

/// The letter is larger than the server takes.
pub(crate) fn too_large(size: u64, limit: u64) -> Error {
    let mb = |bytes: u64| format!("{:.1}", bytes as f64 / 1_000_000.0);
    Error::new(
        ErrorCode::TooLarge,
        say!("The letter has {size} MB, the server takes {limit} MB.", size = mb(size), limit = mb(limit)),
    )
    .remedy("Take out or shrink attachments, or send them as a link.")
}

fn size(material: &Material) -> Result<u64> {
    let id = letter::new_message_id(&material.sender.email)?;
    Ok(letter::build(&letter::outgoing(material, id, Timestamp(0)))?.size)
}

fn plain(material: &Material) -> Vec<DraftWarning> {
    let draft = &material.draft;
    let mut warnings = Vec::new();
    let everybody = || draft.to.iter().chain(&draft.cc).chain(&draft.bcc);
    if everybody().next().is_none() {
        warnings.push(DraftWarning::NoRecipient);
    }
    for address in everybody().filter(|a| !mail::address::validate(a.email.trim())) {
        warnings.push(DraftWarning::BadAddress { address: address.email.clone() });
    }
    if draft.subject.trim().is_empty() {
        warnings.push(DraftWarning::EmptySubject);
    }
    // A quoted forward carries what it speaks of.
    if material.files.is_empty() && draft.kind != DraftKind::Forward {
        let own = draft.html.as_deref().map_or_else(
            || draft.text.clone(),
            |html| mail::text::html_to_text(&mail::text::split_quoted_html(html).0),
        );
        if let Some(word) = words::promise(&own).or_else(|| words::promise(&draft.subject)) {
            warnings.push(DraftWarning::MissingAttachment { word });
        }
    }
    let visible: std::collections::BTreeSet<String> =
        draft.to.iter().chain(&draft.cc).map(|a| mail::address::normal(&a.email)).collect();
    if visible.len() as u32 >= MANY_VISIBLE {
        warnings.push(DraftWarning::ManyVisible { count: visible.len() as u32 });
    }
    warnings
}
