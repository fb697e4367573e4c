//! Acts on the server; each may be repeated safely. A message that is gone is no error.

use super::api::{Api, Ask, Body};
use super::draft;
use super::fault::Fault;
use super::wire::{Folder, Message, Page, patch};
use crate::contract::{Act, ActDone, RemoteKey};
use model::message::Flags;
use model::{Error, ErrorCode};
use reqwest::Method;
use serde_json::json;
use std::future::Future;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Acts on single messages under way.
const AT_ONCE: usize = 4;

/// Makes an act.
pub async fn make(api: &Api, act: &Act, cancel: &CancellationToken) -> Result<ActDone, Fault> {
    match act {
        Act::Flag { keys, add, remove, .. } => {
            if let Some(patch) = patch(*add, *remove) {
                each(keys, |key| {
                    let (api, cancel, patch) = (api.clone(), cancel.clone(), patch.clone());
                    async move {
                        let ask = Ask::new(Method::PATCH, api.address(&["messages", &key])).body(Body::Json(patch));
                        api.ask(&ask, &cancel).await.map(|_| ())
                    }
                })
                .await?;
            }
            Ok(ActDone::default())
        }
        Act::Keyword { keys, add, remove, .. } => {
            each(keys, |key| {
                let (api, cancel, add, remove) = (api.clone(), cancel.clone(), add.clone(), remove.clone());
                async move { categorize(&api, &key, &add, &remove, &cancel).await }
            })
            .await?;
            Ok(ActDone::default())
        }
        Act::Move { keys, to, .. } => {
            let moved = each(keys, |key| {
                let (api, cancel, to) = (api.clone(), cancel.clone(), to.clone());
                async move { move_one(&api, &key, &to, &cancel).await }
            })
            .await?;
            Ok(ActDone { keys: moved })
        }
        Act::Delete { mailbox, keys } => {
            each(keys, |key| {
                let (api, cancel, mailbox) = (api.clone(), cancel.clone(), mailbox.clone());
                async move { delete_one(&api, &mailbox, &key, &cancel).await }
            })
            .await?;
            Ok(ActDone::default())
        }
        Act::Append { mailbox, raw, message_id, flags, .. } => {
            let key = append(api, mailbox, raw, message_id, *flags, cancel).await?;
            Ok(ActDone { keys: vec![(String::new(), key)] })
        }
        Act::CreateMailbox { path } => {
            let key = create(api, path, cancel).await?;
            Ok(ActDone { keys: vec![(String::new(), key)] })
        }
    }
}

/// Does something to each message, four at a time; gives what came of those that are there.
async fn each<T, F>(keys: &[RemoteKey], act: impl Fn(RemoteKey) -> F) -> Result<Vec<(RemoteKey, T)>, Fault>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Fault>> + Send + 'static,
{
    let mut waiting = keys.iter().cloned();
    let (mut acting, mut done) = (JoinSet::new(), Vec::with_capacity(keys.len()));
    loop {
        while acting.len() < AT_ONCE
            && let Some(key) = waiting.next()
        {
            let one = act(key.clone());
            acting.spawn(async move { (key, one.await) });
        }
        let Some(one) = acting.join_next().await else { return Ok(done) };
        match one.map_err(|e| Fault::Broken(Error::internal(&e)))? {
            (key, Ok(value)) => done.push((key, value)),
            (_, Err(Fault::Missing(_))) => {}
            (_, Err(fault)) => return Err(fault),
        }
    }
}

/// The list of categories is written as a whole, so it is read first; a name is told from another without regard to
/// case. <https://learn.microsoft.com/graph/api/message-update>
async fn categorize(
    api: &Api,
    key: &str,
    add: &[String],
    remove: &[String],
    cancel: &CancellationToken,
) -> Result<(), Fault> {
    let address = api.query(&["messages", key], &[("$select", "id,categories")]);
    let there: Message = api.get(address, cancel).await?;
    let had = there.categories.unwrap_or_default();
    let is_in = |list: &[String], name: &str| list.iter().any(|one| one.to_lowercase() == name.to_lowercase());
    let mut list: Vec<String> = had.iter().filter(|name| !is_in(remove, name)).cloned().collect();
    for name in add {
        if !is_in(&list, name) {
            list.push(name.clone());
        }
    }
    if list == had {
        return Ok(());
    }
    let body = Body::Json(json!({ "categories": list }));
    api.ask(&Ask::new(Method::PATCH, api.address(&["messages", key])).body(body), cancel).await.map(|_| ())
}

/// <https://learn.microsoft.com/graph/api/message-move>; gives its id there, which is the same.
async fn move_one(api: &Api, key: &str, to: &str, cancel: &CancellationToken) -> Result<RemoteKey, Fault> {
    let body = Body::Json(json!({ "destinationId": to }));
    let fault = match api.post::<Folder>(api.address(&["messages", key, "move"]), body, cancel).await {
        Ok(moved) => return Ok(moved.id),
        Err(fault @ (Fault::Refused { .. } | Fault::Broken(_) | Fault::Missing(_))) => fault,
        Err(fault) => return Err(fault),
    };
    // Moved by an earlier try whose answer was lost, or is it the folder that is missing?
    let address = api.query(&["messages", key], &[("$select", "id,parentFolderId")]);
    let message: Message = api.get(address, cancel).await?;
    if message.parent_folder_id.as_deref() == Some(to) {
        return Ok(message.id);
    }
    Err(match fault {
        Fault::Missing(error) => Fault::Refused {
            code: "ErrorFolderNotFound".into(),
            error: Error::new(ErrorCode::Refused, "The folder does not exist on the server any more.")
                .detail(error.detail.unwrap_or_default()),
        },
        fault => fault,
    })
}

/// <https://learn.microsoft.com/graph/api/message-permanentdelete>; clouds without it delete in two steps, as a plain
/// deletion only moves a message to Deleted Items.
async fn delete_one(api: &Api, mailbox: &str, key: &str, cancel: &CancellationToken) -> Result<(), Fault> {
    let address = api.address(&["mailFolders", mailbox, "messages", key, "permanentDelete"]);
    let ask = Ask::new(Method::POST, address).repeatable();
    let fault = match api.ask(&ask, cancel).await {
        Ok(_) => return Ok(()),
        Err(fault @ (Fault::Missing(_) | Fault::Refused { .. })) => fault,
        Err(fault) => return Err(fault),
    };
    let address = api.query(&["messages", key], &[("$select", "id,parentFolderId")]);
    let message: Message = api.get(address, cancel).await?;
    if message.parent_folder_id.as_deref() != Some(mailbox) {
        // Somebody moved it elsewhere: that is not what was to be deleted.
        return Ok(());
    }
    if matches!(&fault, Fault::Refused { code, .. } if code.starts_with("Error")) {
        return Err(fault);
    }
    for _ in 0..2 {
        api.ask(&Ask::new(Method::DELETE, api.address(&["messages", key])), cancel).await?;
    }
    Ok(())
}

/// Stores a message once. What the API makes of MIME is always a draft.
async fn append(
    api: &Api,
    mailbox: &str,
    raw: &[u8],
    message_id: &str,
    flags: Flags,
    cancel: &CancellationToken,
) -> Result<RemoteKey, Fault> {
    if let Some(there) = draft::find(api, mailbox, message_id, cancel).await?.into_iter().next() {
        return Ok(there);
    }
    let made = draft::make(api, Some(mailbox), raw, cancel).await?;
    let wanted = Flags { draft: false, ..flags };
    let unwanted = Flags { seen: !flags.seen, ..Flags::default() };
    if let Some(patch) = patch(wanted, unwanted) {
        let ask = Ask::new(Method::PATCH, api.address(&["messages", &made.id])).body(Body::Json(patch));
        api.ask(&ask, cancel).await?;
    }
    Ok(made.id)
}

/// <https://learn.microsoft.com/graph/api/user-post-mailfolders>
async fn create(api: &Api, path: &str, cancel: &CancellationToken) -> Result<RemoteKey, Fault> {
    let body = Body::Json(json!({ "displayName": path }));
    let fault = match api.post::<Folder>(api.address(&["mailFolders"]), body, cancel).await {
        Ok(made) => return Ok(made.id),
        Err(fault) => fault,
    };
    // Made by an earlier try, or by somebody else.
    let filter = format!("displayName eq '{}'", path.replace('\'', "''"));
    let address = api.query(&["mailFolders"], &[("$filter", &filter), ("$select", "id,displayName")]);
    let there: Page<Folder> = match api.get(address, cancel).await {
        Ok(there) => there,
        Err(_) => return Err(fault),
    };
    there.value.into_iter().find(|folder| folder.display_name == path).map(|folder| folder.id).ok_or(fault)
}
