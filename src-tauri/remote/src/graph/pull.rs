//! A round of sync: what changed in every folder, who only moved, and what has to be fetched.
//!
//! All folders tell their changes before any is committed, so that a message that left one and came into another
//! is recognised by its immutable id and keeps its row here.
//! Look next: `news` for what a delta tells, `listing` for folders without a usable cursor, `deliver` for contents.

use super::GraphRemote;
use super::api::Api;
use super::cursor::Cursor;
use super::fault::Fault;
use super::folder::elsewhere;
use super::news::{Gathering, News};
use super::wire::{LISTED, Message, Page, VERB};
use crate::contract::{Batch, Known, Local, Progress, PullScope, RemoteKey, RemoteMailbox};
use crate::imap::mailbox_order;
use crate::net;
use model::mailbox::MailboxRole;
use model::message::Flags;
use model::{Error, ErrorCode, Result};
use std::collections::{HashMap, HashSet};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Messages on a page of changes or of a listing.
pub(super) const PAGE: u32 = 100;
/// Messages asked for one by one where they went; more that are missing count as deleted.
const ASKED_MAX: usize = 200;
/// Changed messages asked for one by one whether they were answered or forwarded.
const VERBS_MAX: usize = 20;
/// Pages of one delta: a server that goes on for longer answers in circles.
pub(super) const PAGES_MAX: usize = 100_000;
/// Flags or deletions of one batch.
const BATCH_KEYS: usize = 5000;

/// A round in progress.
pub(super) struct Round<'a> {
    /// The mailbox.
    pub api: Api,
    /// The engine.
    pub local: &'a dyn Local,
    /// Ends it.
    pub cancel: &'a CancellationToken,
    /// What is wanted.
    pub scope: &'a PullScope,
    /// Keys of all folders that are synced.
    pub folders: HashSet<String>,
    /// Real numbers.
    pub progress: Progress,
    /// Messages set aside in this round.
    pub unreadable: u32,
}

/// What a folder's delta told.
struct Changed {
    mailbox: RemoteMailbox,
    cursor: Cursor,
    news: News,
    link: String,
}

/// A folder to be listed from its beginning, or on from a page.
pub(super) struct Listing {
    /// Which.
    pub mailbox: RemoteMailbox,
    /// Where an earlier round stopped.
    pub cursor: Option<Cursor>,
}

/// Where the account has a message, by its key.
pub(super) type Holders = HashMap<RemoteKey, Vec<(String, Known)>>;

/// One round over the account.
pub async fn pull(
    remote: &GraphRemote,
    local: &dyn Local,
    scope: &PullScope,
    cancel: &CancellationToken,
) -> Result<()> {
    let api = remote.api()?.clone();
    let mut mailboxes = remote.folders(cancel).await?;
    local.mailboxes(mailboxes.clone()).await?;
    mailboxes.sort_by_key(|mailbox| mailbox_order(mailbox.role));
    let inbox = mailboxes.iter().find(|m| m.role == Some(MailboxRole::Inbox)).map(|m| m.key.clone());
    let folders = mailboxes.iter().map(|mailbox| mailbox.key.clone()).collect();
    let mut round = Round { api, local, cancel, scope, folders, progress: Progress::default(), unreadable: 0 };
    let (mut increments, mut listings) = (Vec::new(), Vec::new());
    for mailbox in mailboxes {
        if !scope.mailboxes.is_empty() && !scope.mailboxes.contains(&mailbox.key) {
            continue;
        }
        let cursor = Cursor::read(local.cursor(&mailbox.key).await?.as_deref());
        match cursor {
            Some(cursor) if cursor.complete && !scope.full && cursor.covers(scope.since_at) => {
                match round.api.link(&cursor.link) {
                    Some(link) => increments.push((mailbox, cursor, link)),
                    None => listings.push(Listing { mailbox, cursor: None }),
                }
            }
            cursor => listings.push(Listing { mailbox, cursor: cursor.filter(|c| !c.complete && !scope.full) }),
        }
    }
    let (mut changed, lost) = round.changes(increments).await?;
    listings.extend(lost);
    listings.sort_by_key(|listing| mailbox_order(listing.mailbox.role));
    round.progress.total = listings.iter().filter_map(|listing| listing.mailbox.messages).sum();
    let mut holders = round.follow_moves(&mut changed).await?;
    for one in changed {
        if inbox.as_ref() == Some(&one.mailbox.key) {
            remote.remember_inbox(&one.link);
        }
        let key = one.mailbox.key.clone();
        let done = round.increment(one, &mut holders).await;
        left_for_later(&key, done)?;
    }
    for one in listings {
        let (key, first) = (one.mailbox.key.clone(), inbox.as_ref() == Some(&one.mailbox.key));
        match round.list(one).await {
            Ok(Some(link)) if first => remote.remember_inbox(&link),
            done => left_for_later(&key, done.map(|_| ()))?,
        }
    }
    Ok(())
}

/// A folder that is gone or refused does not stop the others.
fn left_for_later(mailbox: &str, done: Result<(), Fault>) -> Result<()> {
    match done.map_err(Fault::error) {
        Err(error) if matches!(error.code, ErrorCode::Refused | ErrorCode::NotFound) => {
            tracing::warn!(mailbox, %error, "left for the next round");
            Ok(())
        }
        done => done,
    }
}

/// Follows a delta to its end.
async fn gather(api: &Api, mut link: Url, cancel: &CancellationToken) -> Result<(News, String), Fault> {
    let mut gathering = Gathering::default();
    for _ in 0..PAGES_MAX {
        let page: Page<Message> = api.page(link.clone(), PAGE, cancel).await?;
        gathering.add(page.value);
        if let Some(delta) = page.delta {
            return Ok((gathering.finish(), delta));
        }
        link = page.next.as_deref().and_then(|next| api.link(next)).ok_or_else(elsewhere)?;
    }
    Err(Fault::Broken(Error::new(ErrorCode::Protocol, "Microsoft tells of changes without end.")))
}

impl Round<'_> {
    pub(super) fn live(&self) -> Result<(), Fault> {
        if self.cancel.is_cancelled() { Err(Fault::Broken(net::cancelled())) } else { Ok(()) }
    }

    /// Asks all folders for their changes at once; those whose delta is void are listed anew.
    async fn changes(
        &self,
        increments: Vec<(RemoteMailbox, Cursor, Url)>,
    ) -> Result<(Vec<Changed>, Vec<Listing>), Fault> {
        let mut asking = JoinSet::new();
        for (at, (mailbox, cursor, link)) in increments.into_iter().enumerate() {
            let (api, cancel) = (self.api.clone(), self.cancel.clone());
            asking.spawn(async move { (at, gather(&api, link, &cancel).await, mailbox, cursor) });
        }
        let (mut changed, mut lost) = (Vec::new(), Vec::new());
        while let Some(done) = asking.join_next().await {
            let (at, told, mailbox, cursor) = done.map_err(|e| Fault::Broken(Error::internal(&e)))?;
            match told {
                Ok((news, link)) => changed.push((at, Changed { mailbox, cursor, news, link })),
                Err(Fault::Lost(error)) => {
                    tracing::info!(mailbox = mailbox.path, %error, "listed anew");
                    lost.push(Listing { mailbox, cursor: None });
                }
                // Deleted since the folders were listed: the next list says so.
                Err(Fault::Missing(_)) => {}
                Err(fault) => left_for_later(&mailbox.key, Err(fault)).map_err(Fault::Broken)?,
            }
        }
        changed.sort_by_key(|(at, _)| *at);
        Ok((changed.into_iter().map(|(_, one)| one).collect(), lost))
    }

    /// Finds out who only moved, and tells the engine before anything is called gone.
    async fn follow_moves(&self, changed: &mut [Changed]) -> Result<Holders, Fault> {
        let keys: Vec<RemoteKey> = changed
            .iter()
            .flat_map(|one| {
                let here = one.news.here.iter().map(|message| &message.id);
                here.chain(&one.news.removed).chain(&one.news.doubtful).cloned()
            })
            .collect();
        if keys.is_empty() {
            return Ok(Holders::new());
        }
        let mut holders = self.held(&keys).await?;
        self.settle_doubts(changed, &holders).await?;
        for one in changed.iter() {
            let keys = one.news.here.iter().map(|message| message.id.clone());
            self.place(&one.mailbox.key, keys, &mut holders).await?;
        }
        Ok(holders)
    }

    /// Asks the server for each message of which two folders, or one in two ways, say something.
    async fn settle_doubts(&self, changed: &mut [Changed], holders: &Holders) -> Result<(), Fault> {
        let mut claims: HashMap<&str, u32> = HashMap::new();
        for message in changed.iter().flat_map(|one| &one.news.here) {
            *claims.entry(&message.id).or_default() += 1;
        }
        let mut asked: Vec<String> = claims.iter().filter(|(_, n)| **n > 1).map(|(id, _)| (*id).to_owned()).collect();
        asked.extend(changed.iter().flat_map(|one| &one.news.doubtful).cloned());
        let missing: Vec<String> = changed
            .iter()
            .flat_map(|one| one.news.removed.iter().map(|id| (id, &one.mailbox.key)))
            .filter(|(id, key)| !claims.contains_key(id.as_str()) && held_in(holders, id, key).is_some())
            .map(|(id, _)| id.clone())
            .collect();
        asked.extend(missing.into_iter().take(ASKED_MAX));
        asked.sort();
        asked.dedup();
        let mut found = self.whereabouts(&asked).await?;
        for one in changed.iter_mut() {
            let key = &one.mailbox.key;
            let stays = |id: &String| !asked.contains(id);
            let left: Vec<String> = one
                .news
                .here
                .iter()
                .map(|message| &message.id)
                .chain(&one.news.doubtful)
                .filter(|id| {
                    asked.contains(id) && found.get(*id).is_none_or(|m| m.parent_folder_id.as_ref() != Some(key))
                })
                .cloned()
                .collect();
            one.news.here.retain(|message| stays(&message.id));
            one.news.removed.extend(left);
            one.news.doubtful.clear();
            let there: Vec<String> = found
                .iter()
                .filter(|(_, m)| m.parent_folder_id.as_ref() == Some(key))
                .map(|(id, _)| id.clone())
                .collect();
            one.news.removed.retain(|id| !there.contains(id));
            one.news.here.extend(there.into_iter().filter_map(|id| found.remove(&id)));
        }
        // Those in folders that are yet to be listed keep their row too.
        let mut homes: HashMap<String, Vec<RemoteKey>> = HashMap::new();
        for (id, message) in found {
            if let Some(home) = message.parent_folder_id.filter(|home| self.folders.contains(home)) {
                homes.entry(home).or_default().push(id);
            }
        }
        let mut holders = holders.clone();
        for (home, ids) in homes {
            self.place(&home, ids.into_iter(), &mut holders).await?;
        }
        Ok(())
    }

    /// Messages held elsewhere are in this folder now.
    pub(super) async fn place(
        &self,
        mailbox: &str,
        keys: impl Iterator<Item = RemoteKey>,
        holders: &mut Holders,
    ) -> Result<(), Fault> {
        let mut placed = Vec::new();
        for key in keys {
            let Some(held) = holders.get_mut(&key) else { continue };
            if held.iter().any(|(there, _)| there != mailbox) {
                placed.push((key, vec![mailbox.to_owned()]));
                held.truncate(1);
                for (there, _) in held.iter_mut() {
                    mailbox.clone_into(there);
                }
            }
        }
        for part in placed.chunks(BATCH_KEYS) {
            let batch = Batch { mailbox: mailbox.to_owned(), placed: part.to_vec(), ..Batch::default() };
            self.local.apply(batch).await?;
        }
        Ok(())
    }

    /// Where the account has these messages.
    pub(super) async fn held(&self, keys: &[RemoteKey]) -> Result<Holders, Fault> {
        let mut holders = Holders::new();
        for (mailbox, known) in self.local.held(keys).await? {
            holders.entry(known.key.clone()).or_default().push((mailbox, known));
        }
        Ok(holders)
    }

    /// Asks for messages one by one; those that are gone are missing in the answer.
    pub(super) async fn whereabouts(&self, ids: &[String]) -> Result<HashMap<String, Message>, Fault> {
        let fields = format!("{LISTED},parentFolderId");
        self.one_by_one(ids, &[("$select", fields.as_str()), ("$expand", VERB)]).await
    }

    async fn one_by_one(&self, ids: &[String], query: &[(&str, &str)]) -> Result<HashMap<String, Message>, Fault> {
        let mut asking = JoinSet::new();
        for id in ids {
            let (api, cancel, id) = (self.api.clone(), self.cancel.clone(), id.clone());
            let address = api.query(&["messages", &id], query);
            asking.spawn(async move { (id, api.get::<Message>(address, &cancel).await) });
        }
        let mut found = HashMap::new();
        while let Some(done) = asking.join_next().await {
            match done.map_err(|e| Fault::Broken(Error::internal(&e)))? {
                (id, Ok(message)) => {
                    found.insert(id, message);
                }
                (_, Err(Fault::Missing(_))) => {}
                (_, Err(fault)) => return Err(fault),
            }
        }
        Ok(found)
    }

    /// Takes a folder's changes in.
    async fn increment(&mut self, changed: Changed, holders: &mut Holders) -> Result<(), Fault> {
        self.live()?;
        let Changed { mailbox, cursor, news, link } = changed;
        let Some(rest) = self.sort(&mailbox.key, news, holders).await? else { return Ok(()) };
        let (wanted, mut batch) = rest;
        self.progress.total = self.progress.total.saturating_add(wanted.len() as u32);
        batch.on_server = mailbox.messages;
        batch.cursor = Some(Cursor { link, ..cursor }.write());
        self.deliver(wanted, batch).await
    }

    /// What of a folder's news has to be fetched, and what is only told; `None` where there is no news.
    pub(super) async fn sort(
        &self,
        mailbox: &str,
        news: News,
        holders: &Holders,
    ) -> Result<Option<(Vec<Message>, Batch)>, Fault> {
        if news.here.is_empty() && news.removed.is_empty() {
            return Ok(None);
        }
        let (mut wanted, mut known) = (Vec::new(), Vec::new());
        for message in news.here {
            match held_in(holders, &message.id, mailbox) {
                Some(have) if have.complete && message.is_draft != Some(true) => known.push((message, have.flags)),
                Some(_) => wanted.push(message),
                None if self.is_wanted(&message) => wanted.push(message),
                None => {}
            }
        }
        let mut batch = Batch { mailbox: mailbox.to_owned(), gone: news.removed, ..Batch::default() };
        for (key, flags, names) in self.told(known).await? {
            batch.keywords.extend(names.map(|names| (key.clone(), names)));
            batch.flags.push((key, flags));
        }
        wanted.sort_by_key(|message| std::cmp::Reverse(message.received_at()));
        Ok(Some((wanted, batch)))
    }

    pub(super) fn is_wanted(&self, message: &Message) -> bool {
        match (self.scope.since_at, message.received_at()) {
            (Some(since), Some(at)) => at >= since,
            _ => true,
        }
    }

    /// Flags and categories of messages that are here already; what a delta leaves out is asked for.
    async fn told(&self, known: Vec<(Message, Flags)>) -> Result<Vec<(RemoteKey, Flags, Option<Vec<String>>)>, Fault> {
        let few = known.len() <= VERBS_MAX;
        let asked: Vec<String> = known
            .iter()
            .filter(|(message, before)| few || message.flags(*before).is_none())
            .map(|(message, _)| message.id.clone())
            .collect();
        let told = self.whereabouts(&asked).await?;
        Ok(known
            .into_iter()
            .filter_map(|(message, before)| {
                let message = told.get(&message.id).unwrap_or(&message);
                Some((message.id.clone(), message.flags(before)?, message.categories.clone()))
            })
            .collect())
    }
}

pub(super) fn held_in<'a>(holders: &'a Holders, id: &str, mailbox: &str) -> Option<&'a Known> {
    holders.get(id)?.iter().find(|(there, _)| there == mailbox).map(|(_, known)| known)
}
