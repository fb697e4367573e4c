//! Increments: which messages the history names, and what has become of them.
//!
//! Events are told twice, late and in part; so they only say which messages to look at, and the
//! message itself says what is so. A deletion is the exception: nothing is left to look at.
//! Source: <https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.history/list>

use super::api::PULL;
use super::cursor::Cursor;
use super::fetch::{Fetcher, Format, Got};
use super::pull::Pull;
use super::quota::cost;
use super::wire::HistoryList;
use model::{ErrorCode, Result};
use std::collections::HashSet;

/// Changed messages from which on lists are cheaper than asking for each.
const LOOK_MAX: usize = 400;
const PAGES_MAX: usize = 20_000;

/// How a look at the history ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The store is in step.
    All,
    /// So much changed that a comparison is cheaper; new messages are fetched already.
    TooMuch,
    /// The server does not know the place any more.
    Lost,
}

/// Messages that were touched, each once, in the order of the history.
#[derive(Default)]
struct Dirty {
    added: Vec<String>,
    changed: Vec<String>,
    deleted: HashSet<String>,
}

/// Brings the store from the cursor's place to now, and moves the cursor there.
pub async fn follow(pull: &mut Pull<'_>, cursor: &mut Cursor) -> Result<Told> {
    let Some((dirty, now)) = read(pull, &cursor.history).await? else { return Ok(Told::Lost) };
    let moved = now != cursor.history;
    cursor.history = now;
    let Dirty { added, changed, deleted } = dirty;
    for id in &deleted {
        pull.gone(id.clone());
    }
    let mut new: Vec<String> = added.into_iter().filter(|id| !deleted.contains(id)).collect();
    // The newest first here too.
    new.reverse();
    let fresh: HashSet<&String> = new.iter().collect();
    let look: Vec<String> = changed.into_iter().filter(|id| !deleted.contains(id) && !fresh.contains(id)).collect();
    let mut fetcher = Fetcher::new(pull.api, new, Format::Raw, pull.cancel);
    while let Some(got) = fetcher.next().await? {
        pull.take(got).await?;
    }
    if look.len() > LOOK_MAX {
        return Ok(Told::TooMuch);
    }
    let mut fetcher = Fetcher::new(pull.api, look, Format::Minimal, pull.cancel);
    while let Some(got) = fetcher.next().await? {
        match got {
            Got::Message(message) => pull.place(message.id, &message.labels).await?,
            Got::Gone(id) => pull.gone(id),
            // It is here already; its labels are asked for when it changes again.
            Got::Unreadable(id, why) => tracing::info!(id, why, "the labels of a message can't be read"),
        }
    }
    pull.flush(moved.then_some(&*cursor)).await?;
    Ok(Told::All)
}

/// All that happened since `start`, and the history's id now; `None` where that place is forgotten.
async fn read(pull: &Pull<'_>, start: &str) -> Result<Option<(Dirty, String)>> {
    let mut dirty = Dirty::default();
    let (mut seen_added, mut seen_changed) = (HashSet::new(), HashSet::new());
    let mut now: Option<String> = None;
    let mut token: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let mut with = vec![("startHistoryId", start), ("maxResults", "500")];
        with.extend(token.as_deref().map(|token| ("pageToken", token)));
        let page: HistoryList = match pull.api.get(cost::HISTORY_LIST, "/history", &with, PULL, pull.cancel).await {
            Ok(page) => page,
            Err(error) if error.code == ErrorCode::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        for event in page.history {
            for one in event.messages_added {
                if seen_added.insert(one.message.id.clone()) {
                    dirty.added.push(one.message.id);
                }
            }
            for one in event.labels_added.into_iter().chain(event.labels_removed) {
                if seen_changed.insert(one.message.id.clone()) {
                    dirty.changed.push(one.message.id);
                }
            }
            dirty.deleted.extend(event.messages_deleted.into_iter().map(|one| one.message.id));
        }
        // What happens while the pages are read may be on none of them: the first page's id counts.
        now = now.or(page.history_id);
        token = page.next_page_token.filter(|token| !token.is_empty());
        if token.is_none() {
            break;
        }
    }
    Ok(Some((dirty, now.unwrap_or_else(|| start.to_owned()))))
}

/// True where anything happened since `start`.
pub async fn any(api: &super::api::Api, start: &str, cancel: &tokio_util::sync::CancellationToken) -> Result<bool> {
    let with = [("startHistoryId", start), ("maxResults", "1")];
    match api.get::<HistoryList>(cost::HISTORY_LIST, "/history", &with, PULL, cancel).await {
        Ok(page) => Ok(!page.history.is_empty()),
        Err(error) if error.code == ErrorCode::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}
