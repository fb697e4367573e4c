//! Acts: labels added and removed, letters stored and deleted. Each may be made again without harm.

use super::api::{ACT, Api};
use super::label::{self, ALL_MAIL, DRAFT, SPAM, STARRED, TRASH, UNREAD};
use super::quota::cost;
use super::upload::{self, Upload};
use super::wire::{Draft, Label, LabelList, Message, MessageList};
use crate::contract::{Act, ActDone, RemoteKey};
use model::message::Flags;
use model::{Error, ErrorCode, Result};
use serde_json::json;
use tokio_util::sync::CancellationToken;

/// Messages in one call; Google's bound.
const IDS_MAX: usize = 1000;
/// Messages of one Message-ID that are looked at.
const FOUND_MAX: usize = 10;

/// Makes an act.
pub async fn act(api: &Api, act: &Act, cancel: &CancellationToken) -> Result<ActDone> {
    match act {
        Act::Flag { keys, add, remove, .. } => {
            let (added, removed) = labels_of(*add, *remove);
            modify(api, keys, &added, &removed, cancel).await?;
            Ok(ActDone::default())
        }
        Act::Keyword { .. } => {
            Err(Error::new(ErrorCode::Refused, "Gmail has labels, which are mailboxes here, and no keywords."))
        }
        Act::Move { mailbox, keys, to } => {
            let (add, remove) = label::moving(mailbox, to).ok_or_else(|| {
                Error::new(ErrorCode::Refused, "Gmail alone decides what is in Sent and in Drafts.")
                    .remedy("Choose another label.")
            })?;
            modify(api, keys, &add, &remove, cancel).await?;
            Ok(ActDone { keys: keys.iter().map(|key| (key.clone(), key.clone())).collect() })
        }
        Act::Delete { keys, .. } => {
            for ids in keys.chunks(IDS_MAX) {
                api.post(cost::BATCH_DELETE, "/messages/batchDelete", &json!({ "ids": ids }), cancel).await?;
            }
            Ok(ActDone::default())
        }
        Act::Append { mailbox, raw, message_id, flags, .. } => {
            append(api, mailbox, raw, message_id, *flags, cancel).await
        }
        Act::CreateMailbox { path } => {
            let id = create(api, path, cancel).await?;
            Ok(ActDone { keys: vec![(String::new(), id)] })
        }
    }
}

/// Labels to add and to remove for flags to set and to clear; what has no label is ours alone.
fn labels_of(add: Flags, remove: Flags) -> (Vec<String>, Vec<String>) {
    let named = |pairs: [(bool, &str); 2]| {
        pairs.into_iter().filter(|(set, _)| *set).map(|(_, label)| label.to_owned()).collect()
    };
    (named([(remove.seen, UNREAD), (add.flagged, STARRED)]), named([(add.seen, UNREAD), (remove.flagged, STARRED)]))
}

async fn modify(
    api: &Api,
    keys: &[RemoteKey],
    add: &[String],
    remove: &[String],
    cancel: &CancellationToken,
) -> Result<()> {
    if add.is_empty() && remove.is_empty() {
        return Ok(());
    }
    for ids in keys.chunks(IDS_MAX) {
        let body = json!({ "ids": ids, "addLabelIds": add, "removeLabelIds": remove });
        api.post(cost::BATCH_MODIFY, "/messages/batchModify", &body, cancel).await?;
    }
    Ok(())
}

/// Stores a letter, where none of this Message-ID is.
async fn append(
    api: &Api,
    mailbox: &str,
    raw: &[u8],
    message_id: &str,
    flags: Flags,
    cancel: &CancellationToken,
) -> Result<ActDone> {
    if let Some(there) = find(api, mailbox, message_id, cancel).await?.pop() {
        return Ok(ActDone { keys: vec![(String::new(), there)] });
    }
    let id = if mailbox == DRAFT {
        let upload = Upload { path: "/drafts", meta: json!({}), wrap: Some("message"), raw };
        let draft: Draft = upload::post(api, cost::DRAFT_CREATE, &upload, cancel).await?.json()?;
        draft.message.id
    } else {
        let mut labels: Vec<&str> = if mailbox == ALL_MAIL { Vec::new() } else { vec![mailbox] };
        labels.extend((!flags.seen).then_some(UNREAD));
        labels.extend(flags.flagged.then_some(STARRED));
        let meta = json!({ "labelIds": labels });
        let upload = Upload { path: "/messages", meta, wrap: None, raw };
        let message: Message = upload::post(api, cost::MESSAGE_INSERT, &upload, cancel).await?.json()?;
        message.id
    };
    api.quota.remember(message_id, &id);
    Ok(ActDone { keys: vec![(String::new(), id)] })
}

/// The label of this name, made where there is none.
async fn create(api: &Api, path: &str, cancel: &CancellationToken) -> Result<String> {
    let body = json!({ "name": path, "labelListVisibility": "labelShow", "messageListVisibility": "show" });
    match api.post(cost::LABEL_CREATE, "/labels", &body, cancel).await {
        Ok(answer) => Ok(answer.json::<Label>()?.id),
        Err(error) if error.code == ErrorCode::Refused => {
            let list: LabelList = api.get(cost::LABEL_LIST, "/labels", &[], ACT, cancel).await?;
            let there = list.labels.into_iter().find(|l| label::is_own(l) && l.name.eq_ignore_ascii_case(path));
            there.map(|label| label.id).ok_or(error)
        }
        Err(error) => Err(error),
    }
}

/// The ids of messages with this Message-ID under a label. Each is looked at: a search is no proof.
pub async fn find(api: &Api, mailbox: &str, message_id: &str, cancel: &CancellationToken) -> Result<Vec<RemoteKey>> {
    if message_id.is_empty() || message_id.contains(|c: char| c.is_whitespace() || c == '"') {
        return Ok(Vec::new());
    }
    let query = format!("rfc822msgid:{message_id}");
    let hidden = matches!(mailbox, SPAM | TRASH).to_string();
    let mut with = vec![("q", query.as_str()), ("maxResults", "20"), ("includeSpamTrash", hidden.as_str())];
    if mailbox != ALL_MAIL {
        with.push(("labelIds", mailbox));
    }
    let list: MessageList = api.get(cost::MESSAGE_LIST, "/messages", &with, ACT, cancel).await?;
    let mut ids: Vec<String> = list.messages.into_iter().map(|m| m.id).collect();
    // Gmail's search learns of a letter only a while after it was stored.
    for id in api.quota.remembered(message_id) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let mut found = Vec::new();
    for id in ids.into_iter().take(FOUND_MAX) {
        let Some((named, labels)) = self::message_id(api, &id, cancel).await? else { continue };
        if named == message_id && label::places(&labels).iter().any(|place| place == mailbox) {
            found.push(id);
        }
    }
    Ok(found)
}

/// The Message-ID of a message, without angle brackets, and its labels; `None` where it is gone or has none.
pub async fn message_id(api: &Api, id: &str, cancel: &CancellationToken) -> Result<Option<(String, Vec<String>)>> {
    let with = [("format", "metadata"), ("metadataHeaders", "Message-ID"), ("metadataHeaders", "Message-Id")];
    let message: Message = match api.get(cost::MESSAGE_GET, &format!("/messages/{id}"), &with, ACT, cancel).await {
        Ok(message) => message,
        Err(error) if error.code == ErrorCode::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let header = message.payload.iter().flat_map(|p| &p.headers).find(|h| h.name.eq_ignore_ascii_case("Message-ID"));
    let named = header.map(|h| h.value.trim().trim_start_matches('<').trim_end_matches('>').to_owned());
    Ok(named.filter(|named| !named.is_empty()).map(|named| (named, message.label_ids)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_takes_the_unread_label_away() {
        let seen = Flags { seen: true, flagged: true, answered: true, ..Flags::default() };
        let none = Flags::default();
        assert_eq!(labels_of(seen, none), (vec!["STARRED".to_owned()], vec!["UNREAD".to_owned()]));
        assert_eq!(labels_of(none, seen), (vec!["UNREAD".to_owned()], vec!["STARRED".to_owned()]));
        assert_eq!(labels_of(Flags { answered: true, ..none }, none), (vec![], vec![]));
    }
}
