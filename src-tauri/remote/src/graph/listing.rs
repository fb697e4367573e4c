//! Listing a folder: the first time page by page, newest first; again (a lost delta, another start date, a wish) to
//! its end, before anything is called gone.

use super::cursor::Cursor;
use super::fault::Fault;
use super::folder::elsewhere;
use super::news::Gathering;
use super::pull::{Listing, PAGE, PAGES_MAX, Round};
use super::wire::{LISTED, Message, Page};
use crate::contract::{Batch, RemoteKey};
use model::{Error, ErrorCode, Result};
use std::collections::HashSet;
use url::Url;

/// A delta with a filter ends after so many, whatever there is.
/// <https://learn.microsoft.com/graph/delta-query-messages#use-query-parameters-in-a-delta-query-for-messages>
const FILTERED_MAX: u32 = 5000;

/// Missing messages asked for one by one where they went.
const ASKED_MAX: usize = 200;

impl Round<'_> {
    /// Lists a folder; gives where its changes are from now on.
    pub(super) async fn list(&mut self, listing: Listing) -> Result<Option<String>, Fault> {
        self.live()?;
        let since_at = self.scope.since_at.map(|at| at.0);
        let known: HashSet<RemoteKey> =
            self.local.known(&listing.mailbox.key).await?.into_iter().map(|known| known.key).collect();
        let resumed = listing
            .cursor
            .as_ref()
            .filter(|cursor| !cursor.complete && cursor.since_at == since_at)
            .and_then(|cursor| Some((self.api.link(&cursor.link)?, cursor.listed)));
        let first = match resumed {
            Some((link, listed)) => self.first(&listing, link, listed).await,
            None if known.is_empty() => {
                let link = self.beginning(&listing, since_at.is_some());
                self.first(&listing, link, 0).await
            }
            None => Err(Fault::Lost(Error::new(ErrorCode::Network, "The folder is compared anew."))),
        };
        match first {
            Err(Fault::Lost(_)) => self.again(&listing).await.map(Some),
            done => done.map(Some),
        }
    }

    fn beginning(&self, listing: &Listing, filtered: bool) -> Url {
        let since = self.scope.since_at.and_then(|at| jiff::Timestamp::from_millisecond(at.0).ok());
        let filter =
            since.filter(|_| filtered).map(|at| format!("receivedDateTime ge {}", at.strftime("%Y-%m-%dT%H:%M:%SZ")));
        let mut query = vec![("$select", LISTED)];
        if let Some(filter) = &filter {
            query.push(("$filter", filter));
        }
        query.push(("$orderby", "receivedDateTime desc"));
        self.api.query(&["mailFolders", &listing.mailbox.key, "messages", "delta"], &query)
    }

    /// A page of a listing; where the order is refused, without it.
    async fn listed(&self, link: &Url) -> Result<Page<Message>, Fault> {
        match self.api.page(link.clone(), PAGE, self.cancel).await {
            Err(Fault::Refused { error, .. }) if error.code == ErrorCode::Refused => {
                let mut plain = link.clone();
                let pairs: Vec<&str> =
                    link.query().unwrap_or_default().split('&').filter(|pair| !pair.starts_with("$orderby=")).collect();
                plain.set_query(Some(&pairs.join("&")));
                if plain == *link {
                    return Err(Fault::Refused { code: Box::default(), error });
                }
                self.api.page(plain, PAGE, self.cancel).await
            }
            page => page,
        }
    }

    /// The first listing: every page is committed with the place of the next.
    async fn first(&mut self, listing: &Listing, mut link: Url, mut listed: u32) -> Result<String, Fault> {
        let mailbox = &listing.mailbox;
        let since_at = self.scope.since_at.map(|at| at.0);
        for _ in 0..PAGES_MAX {
            self.live()?;
            let page = self.listed(&link).await?;
            listed = listed.saturating_add(page.value.len() as u32);
            let cut = since_at.is_some() && page.delta.is_some() && listed >= FILTERED_MAX;
            let (to, complete) = match (page.delta, page.next) {
                _ if cut => (link.to_string(), false),
                (Some(delta), _) => (delta, true),
                (None, Some(next)) => (next, false),
                (None, None) => return Err(elsewhere()),
            };
            let cursor = Cursor { link: to.clone(), complete, since_at, listed };
            let batch =
                Batch { cursor: (!cut).then(|| cursor.write()), on_server: mailbox.messages, ..Batch::default() };
            self.take(&mailbox.key, page.value, batch, None).await?;
            if cut {
                return Err(Fault::Lost(Error::new(ErrorCode::Network, "The filtered list may be cut short.")));
            }
            if complete {
                return Ok(to);
            }
            link = self.api.link(&to).ok_or_else(elsewhere)?;
        }
        Err(endless())
    }

    /// Lists everything and compares it with what is here; the cursor is set at the end, as only then it
    /// is known what is gone.
    async fn again(&mut self, listing: &Listing) -> Result<String, Fault> {
        let mailbox = &listing.mailbox;
        let mut link = self.beginning(listing, false);
        let mut seen = HashSet::new();
        let mut delta = None;
        for _ in 0..PAGES_MAX {
            self.live()?;
            let page = self.listed(&link).await?;
            self.take(&mailbox.key, page.value, Batch::default(), Some(&mut seen)).await?;
            if page.delta.is_some() {
                delta = page.delta;
                break;
            }
            link = page.next.as_deref().and_then(|next| self.api.link(next)).ok_or_else(elsewhere)?;
        }
        let to = delta.ok_or_else(endless)?;
        let known = self.local.known(&mailbox.key).await?;
        let missing: Vec<RemoteKey> =
            known.into_iter().map(|known| known.key).filter(|key| !seen.contains(key)).collect();
        let asked = missing.get(..missing.len().min(ASKED_MAX)).unwrap_or_default();
        let found = self.whereabouts(asked).await?;
        let mut holders = self.held(asked).await?;
        let mut gone = Vec::new();
        for key in missing {
            match found.get(&key).and_then(|message| message.parent_folder_id.as_ref()) {
                // It came back, or is only told late.
                Some(home) if *home == mailbox.key => {}
                Some(home) if self.folders.contains(home) => {
                    self.place(home, std::iter::once(key), &mut holders).await?;
                }
                _ => gone.push(key),
            }
        }
        let since_at = self.scope.since_at.map(|at| at.0);
        let cursor = Cursor { link: to.clone(), complete: true, since_at, listed: 0 };
        let batch = Batch {
            mailbox: mailbox.key.clone(),
            gone,
            on_server: mailbox.messages,
            cursor: Some(cursor.write()),
            progress: Some(self.progress),
            ..Batch::default()
        };
        self.local.apply(batch).await?;
        Ok(to)
    }

    /// Takes a page in with this batch.
    async fn take(
        &mut self,
        mailbox: &str,
        messages: Vec<Message>,
        batch: Batch,
        seen: Option<&mut HashSet<RemoteKey>>,
    ) -> Result<(), Fault> {
        let listed = messages.len() as u32;
        let mut gathering = Gathering::default();
        gathering.add(messages);
        let mut news = gathering.finish();
        let found = self.whereabouts(&news.doubtful).await?;
        news.here.extend(found.into_values().filter(|m| m.parent_folder_id.as_deref() == Some(mailbox)));
        if let Some(seen) = seen {
            seen.extend(news.here.iter().map(|message| message.id.clone()));
            for id in &news.removed {
                seen.remove(id);
            }
        }
        let keys: Vec<RemoteKey> = news.here.iter().map(|message| message.id.clone()).collect();
        let mut holders = self.held(&keys).await?;
        self.place(mailbox, keys.into_iter(), &mut holders).await?;
        let (wanted, told) = self.sort(mailbox, news, &holders).await?.unwrap_or_default();
        self.progress.done = self.progress.done.saturating_add(listed.saturating_sub(wanted.len() as u32));
        let batch =
            Batch { mailbox: mailbox.to_owned(), flags: told.flags, keywords: told.keywords, gone: told.gone, ..batch };
        self.deliver(wanted, batch).await
    }
}

fn endless() -> Fault {
    Fault::Broken(Error::new(ErrorCode::Protocol, "Microsoft lists messages without end."))
}
