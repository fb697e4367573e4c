//! Mail in: what is missing is listed and fetched, the newest first; what is here follows the history.
//!
//! The history's id is taken before anything is listed, so that whatever happens meanwhile is told
//! afterwards. It moves on only with the batch that brought what it stands for. A history that has
//! ended (404) costs a comparison by lists, which is cheap, and no second download.
//! Look next: [`super::compare`] for the comparison, [`super::history`] for the increments, [`super::bulk`] for
//! letters by IMAP.

use super::api::{Api, PULL};
use super::bulk::{Came, OnTheWay};
use super::cursor::{Cursor, Stage};
use super::fetch::{Fetched, Fetcher, Format, Got};
use super::history::{self, Told};
use super::quota::cost;
use super::wire::{LabelList, Message, MessageList, MessageRef, Profile};
use super::{compare, label};
use crate::contract::{Arrived, Batch, Content, Local, Progress, PullScope};
use crate::imap::GmailImap;
use model::{Error, ErrorCode, Result};
use std::collections::HashSet;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Bytes and messages from which on a batch is committed; the first ones are smaller, so that a list
/// shows at once.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
const BATCH_MESSAGES: usize = 100;
const FIRST_MESSAGES: usize = 20;
/// While much is fetched, news are looked for this often.
const NEWS_EVERY: Duration = Duration::from_secs(30);
/// How often a pull begins anew because the history ended under it.
const RESTARTS_MAX: u32 = 3;
/// Pages of one list; a server that never ends is not believed.
const PAGES_MAX: usize = 100_000;

/// One pull.
pub struct Pull<'a> {
    pub api: &'a Api,
    pub local: &'a dyn Local,
    pub scope: &'a PullScope,
    pub cancel: &'a CancellationToken,
    /// Where many letters come from instead of the API, where that was chosen.
    imap: Option<&'a GmailImap>,
    /// Letters that come by IMAP.
    pub on_the_way: OnTheWay,
    looked: Instant,
    /// Keys of the mailboxes the store knows of.
    mailboxes: HashSet<String>,
    batch: Batch,
    bytes: usize,
    pub progress: Progress,
}

/// Brings the store in step; gives the history's id it is in step with.
pub async fn pull(
    api: &Api,
    imap: Option<&GmailImap>,
    local: &dyn Local,
    scope: &PullScope,
    cancel: &CancellationToken,
) -> Result<String> {
    let mut pull = Pull {
        api,
        local,
        scope,
        cancel,
        imap,
        on_the_way: OnTheWay::default(),
        looked: Instant::now(),
        mailboxes: HashSet::new(),
        batch: Batch::default(),
        bytes: 0,
        progress: Progress::default(),
    };
    pull.list_mailboxes().await?;
    let stored = local.cursor("").await?.as_deref().and_then(Cursor::read);
    let mut cursor = match stored {
        Some(mut cursor) if !scope.full => {
            if !cursor.covers(scope.since_at) && cursor.stage == Stage::Whole {
                cursor.stage = Stage::Fetch;
            }
            cursor
        }
        _ => pull.anew().await?,
    };
    for _ in 0..=RESTARTS_MAX {
        if pull.round(&mut cursor).await? {
            return Ok(cursor.history);
        }
        cursor = pull.anew().await?;
    }
    Err(Error::new(ErrorCode::Protocol, "Gmail forgets its history faster than it can be read."))
}

impl Pull<'_> {
    /// All there is to do from this place on; false where the history ended.
    async fn round(&mut self, cursor: &mut Cursor) -> Result<bool> {
        if cursor.stage == Stage::Compare {
            compare::compare(self).await?;
            cursor.stage = Stage::Fetch;
            self.flush(Some(cursor)).await?;
        }
        if self.news(cursor).await? == Told::Lost {
            return Ok(false);
        }
        if cursor.stage == Stage::Fetch {
            if !self.fetch_missing(cursor).await? {
                return Ok(false);
            }
            cursor.stage = Stage::Whole;
            cursor.since_at = self.scope.since_at.map(|at| at.0);
            self.flush(Some(cursor)).await?;
            if self.news(cursor).await? == Told::Lost {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The place of an account of which nothing is known, stored at once.
    async fn anew(&mut self) -> Result<Cursor> {
        let cursor = Cursor { history: self.baseline().await?, stage: Stage::Compare, since_at: None };
        self.flush(Some(&cursor)).await?;
        Ok(cursor)
    }

    /// The history's id now.
    async fn baseline(&self) -> Result<String> {
        baseline(self.api, self.cancel).await
    }

    async fn news(&mut self, cursor: &mut Cursor) -> Result<Told> {
        let told = history::follow(self, cursor).await?;
        if told == Told::TooMuch {
            // Lists tell the same for less.
            compare::compare(self).await?;
            self.relist().await?;
            self.flush(Some(cursor)).await?;
            return Ok(Told::All);
        }
        Ok(told)
    }

    /// Fetches what is not here, the newest first; false where the history ended meanwhile.
    async fn fetch_missing(&mut self, cursor: &mut Cursor) -> Result<bool> {
        let since = self.scope.since_at.map(|at| format!("after:{}", at.0.div_euclid(1000)));
        let query: Vec<(&str, &str)> = since.as_deref().map(|since| ("q", since)).into_iter().collect();
        let listed = self.list(&query).await?;
        let mut here: HashSet<String> = HashSet::new();
        for mailbox in [label::ALL_MAIL, label::SPAM, label::TRASH] {
            here.extend(self.local.known(mailbox).await?.into_iter().filter(|k| k.complete).map(|k| k.key));
        }
        let have = listed.iter().filter(|one| here.contains(&one.id)).count() as u32;
        let missing: Vec<MessageRef> = listed.into_iter().filter(|one| !here.contains(&one.id)).collect();
        drop(here);
        self.progress = Progress { done: have, total: have + missing.len() as u32 };
        self.looked = Instant::now();
        let left = match self.imap {
            Some(imap) if !missing.is_empty() => match self.in_bulk(imap, cursor, missing, &query).await? {
                Came::Left(left) => left,
                Came::Lost => return Ok(false),
            },
            _ => missing.into_iter().map(|one| one.id).collect(),
        };
        let mut fetcher = Fetcher::new(self.api, left, Format::Raw, self.cancel);
        while let Some(got) = fetcher.next().await? {
            self.progress.done += 1;
            self.take(got).await?;
            if self.news_if_due(cursor).await? == Told::Lost {
                return Ok(false);
            }
        }
        self.flush(None).await?;
        Ok(true)
    }

    /// While much is fetched: what happened meanwhile, now and then.
    pub async fn news_if_due(&mut self, cursor: &mut Cursor) -> Result<Told> {
        if self.looked.elapsed() > NEWS_EVERY { self.news_now(cursor).await } else { Ok(Told::All) }
    }

    /// What happened while much is fetched; what was fetched is committed first.
    pub async fn news_now(&mut self, cursor: &mut Cursor) -> Result<Told> {
        let progress = self.progress;
        self.flush(None).await?;
        let told = self.news(cursor).await?;
        self.progress = progress;
        self.looked = Instant::now();
        Ok(told)
    }

    /// Takes a fetched message into the batch, and commits the batch when it is large enough.
    pub async fn take(&mut self, got: Got) -> Result<()> {
        match got {
            Got::Gone(id) => self.batch.gone.push(id),
            Got::Unreadable(id, why) => {
                self.flush(None).await?;
                let aside =
                    Batch { mailbox: label::ALL_MAIL.to_owned(), unreadable: vec![(id, why)], ..Batch::default() };
                self.local.apply(aside).await?;
            }
            Got::Message(message) => self.arrive(*message).await?,
        }
        let most = if self.progress.done <= FIRST_MESSAGES as u32 { FIRST_MESSAGES } else { BATCH_MESSAGES };
        if self.bytes >= BATCH_BYTES || self.batch.arrived.len() + self.batch.gone.len() >= most {
            self.flush(None).await?;
        }
        Ok(())
    }

    async fn arrive(&mut self, message: Fetched) -> Result<()> {
        if self.scope.since_at.is_some_and(|since| message.received_at < since) {
            return Ok(());
        }
        let mailboxes = self.places(&message.labels).await?;
        if mailboxes.is_empty() {
            return Ok(());
        }
        self.bytes += message.raw.len();
        self.batch.arrived.push(Arrived {
            key: message.id,
            mailboxes,
            flags: label::flags(&message.labels),
            received_at: message.received_at,
            size: message.raw.len() as u64,
            content: Content::Whole(message.raw),
            provider_thread: Some(message.thread).filter(|thread| !thread.is_empty()),
        });
        Ok(())
    }

    /// Notes where a message is now, and its flags.
    pub async fn place(&mut self, id: String, labels: &[String]) -> Result<()> {
        self.on_the_way.relabel(&id, labels);
        let places = self.places(labels).await?;
        self.batch.flags.push((id.clone(), label::flags(labels)));
        self.batch.placed.push((id, places));
        if self.batch.placed.len() >= BATCH_MESSAGES {
            self.flush(None).await?;
        }
        Ok(())
    }

    /// Notes that the server has a message no longer.
    pub fn gone(&mut self, id: String) {
        self.on_the_way.remove(&id);
        self.batch.gone.push(id);
    }

    /// The mailboxes of these labels; one that was made a moment ago is made known first.
    async fn places(&mut self, labels: &[String]) -> Result<Vec<String>> {
        let places = label::places(labels);
        if places.iter().any(|key| !self.mailboxes.contains(key)) {
            self.list_mailboxes().await?;
            // One that is not even listed is asked for once only.
            self.mailboxes.extend(places.iter().cloned());
        }
        Ok(places)
    }

    /// Commits what was gathered, with the place to go on from.
    pub async fn flush(&mut self, cursor: Option<&Cursor>) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        self.bytes = 0;
        if batch == Batch::default() && cursor.is_none() {
            return Ok(());
        }
        let progress = (self.progress.total > 0 && !batch.arrived.is_empty()).then_some(self.progress);
        self.local.apply(Batch { cursor: cursor.map(Cursor::write), progress, untold: label::untold(), ..batch }).await
    }

    /// Takes over the labels.
    async fn list_mailboxes(&mut self) -> Result<()> {
        let list: LabelList = self.api.get(cost::LABEL_LIST, "/labels", &[], PULL, self.cancel).await?;
        let mailboxes = label::mailboxes(&list.labels);
        self.mailboxes = mailboxes.iter().map(|m| m.key.clone()).collect();
        self.local.mailboxes(mailboxes).await
    }

    /// Ids of the labels that the user made.
    pub fn own_labels(&self) -> Vec<String> {
        self.mailboxes.iter().filter(|key| !label::is_system(key)).cloned().collect()
    }

    /// The messages of a list, the newest first; Spam and Trash are in it.
    pub async fn list(&self, query: &[(&str, &str)]) -> Result<Vec<MessageRef>> {
        let mut listed: Vec<MessageRef> = Vec::new();
        let mut seen: HashSet<String> = HashSet::new();
        let mut token: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let mut with = vec![("maxResults", "500"), ("includeSpamTrash", "true")];
            with.extend(query);
            with.extend(token.as_deref().map(|token| ("pageToken", token)));
            let page: MessageList = self.api.get(cost::MESSAGE_LIST, "/messages", &with, PULL, self.cancel).await?;
            // A page may repeat what moved down while it was read.
            listed.extend(page.messages.into_iter().filter(|one| seen.insert(one.id.clone())));
            token = page.next_page_token.filter(|token| !token.is_empty());
            if token.is_none() {
                return Ok(listed);
            }
        }
        Err(Error::new(ErrorCode::Protocol, "Gmail's list of messages does not end."))
    }
}

/// The history's id now; from a list and its newest message where the profile is not to be had.
pub async fn baseline(api: &Api, cancel: &CancellationToken) -> Result<String> {
    let missing = |error: &Error| matches!(error.code, ErrorCode::NotFound | ErrorCode::Refused);
    match api.get::<Profile>(cost::PROFILE, "/profile", &[], PULL, cancel).await {
        Ok(profile) => {
            if let Some(id) = profile.history_id {
                return Ok(id);
            }
        }
        Err(error) if missing(&error) => {}
        Err(error) => return Err(error),
    }
    let with = [("maxResults", "1"), ("includeSpamTrash", "true")];
    let list: MessageList = api.get(cost::MESSAGE_LIST, "/messages", &with, PULL, cancel).await?;
    let Some(newest) = list.messages.first() else { return Ok("1".to_owned()) };
    // The newest letter need not be the last change: history up to now may be told a second time,
    // which does no harm.
    let path = format!("/messages/{}", newest.id);
    let message: Message = api.get(cost::MESSAGE_GET, &path, &[("format", "minimal")], PULL, cancel).await?;
    Ok(message.history_id.unwrap_or_else(|| "1".to_owned()))
}
