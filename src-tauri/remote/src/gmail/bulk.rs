//! Many letters at once by IMAP, which is not in the API's quota; all else about them from the API.
//!
//! A letter's bytes and its date come by IMAP under the API's id. Its labels come from the API's lists, which
//! cost a hundredth of asking for each letter, and are kept fresh by the history while letters come. What IMAP
//! does not show, and everything where IMAP is refused, comes by the API.
//! Source: <https://developers.google.com/workspace/gmail/imap/imap-extensions>.

use super::compare::LABELS;
use super::cursor::Cursor;
use super::fetch::{Fetched, Got};
use super::history::Told;
use super::pull::Pull;
use super::wire::MessageRef;
use crate::imap::{GmailImap, Shown};
use model::{Error, ErrorCode, Result};
use std::collections::{HashMap, HashSet};

/// Messages and bytes of one step, after which news are looked at and the work can be stopped.
const STEP_MESSAGES: usize = 50;
const STEP_BYTES: u64 = 8 * 1024 * 1024;
/// Of so many missing letters one that IMAP does not show is worth a word.
const HIDDEN_SHARE: usize = 10;

/// What the API says of the letters that are on their way.
#[derive(Default)]
pub struct OnTheWay {
    labels: HashMap<String, Vec<String>>,
}

impl OnTheWay {
    /// The labels of one changed.
    pub fn relabel(&mut self, id: &str, labels: &[String]) {
        if let Some(there) = self.labels.get_mut(id) {
            labels.clone_into(there);
        }
    }

    /// One was deleted.
    pub fn remove(&mut self, id: &str) {
        self.labels.remove(id);
    }

    /// Nothing is on its way.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }
}

/// How far it came.
pub enum Came {
    /// These are left for the API, in the order in which they were missing.
    Left(Vec<String>),
    /// The history ended meanwhile.
    Lost,
}

impl Pull<'_> {
    /// Fetches of `missing`, the newest first, what IMAP shows.
    pub async fn in_bulk(
        &mut self,
        imap: &GmailImap,
        cursor: &mut Cursor,
        missing: Vec<MessageRef>,
        query: &[(&str, &str)],
    ) -> Result<Came> {
        let ids = || missing.iter().map(|one| one.id.clone());
        let index = match imap.index(self.scope.since_at, self.cancel).await {
            Ok(index) => index,
            Err(error) => {
                self.instead(error).await?;
                return Ok(Came::Left(ids().collect()));
            }
        };
        let mut shown: Vec<(&MessageRef, Shown)> =
            missing.iter().filter_map(|one| Some((one, *index.messages.get(&one.id)?))).collect();
        if (missing.len() - shown.len()) * HIDDEN_SHARE > missing.len() {
            self.local.remark(hidden(missing.len() - shown.len())).await;
        }
        // One mailbox after the other, each from its newest on.
        shown.sort_by_key(|(_, shown)| shown.mailbox);
        self.on_the_way.labels = self.labels_of(shown.iter().map(|(one, _)| one.id.clone()), query).await?;
        let mut came: HashSet<&str> = HashSet::new();
        let mut rest = shown.as_slice();
        while let Some((_, first)) = rest.first() {
            let step = step(rest, first.mailbox);
            let (now, later) = rest.split_at(step);
            rest = later;
            let wanted = now.iter().map(|(_, shown)| (shown.uid, shown.size)).collect();
            let Some(mailbox) = index.mailboxes.get(first.mailbox) else { break };
            let mut contents = match imap.contents(mailbox, wanted, self.cancel).await {
                Ok(contents) => contents,
                Err(error) => {
                    self.instead(error).await?;
                    break;
                }
            };
            for (one, shown) in now {
                let Some(raw) = contents.remove(&shown.uid) else { continue };
                came.insert(&one.id);
                self.progress.done += 1;
                // Deleted while it came.
                let Some(labels) = self.on_the_way.labels.remove(&one.id) else { continue };
                self.take(Got::Message(Box::new(Fetched {
                    id: one.id.clone(),
                    thread: one.thread_id.clone(),
                    labels,
                    received_at: shown.received_at,
                    raw,
                })))
                .await?;
            }
            if self.news_now(cursor).await? == Told::Lost {
                return Ok(Came::Lost);
            }
        }
        self.on_the_way.labels.clear();
        Ok(Came::Left(ids().filter(|id| !came.contains(id.as_str())).collect()))
    }

    /// The labels of these messages as the API's lists tell them.
    async fn labels_of(
        &self,
        ids: impl Iterator<Item = String>,
        query: &[(&str, &str)],
    ) -> Result<HashMap<String, Vec<String>>> {
        let mut of: HashMap<String, Vec<String>> = ids.map(|id| (id, Vec::new())).collect();
        for name in LABELS.iter().map(|name| (*name).to_owned()).chain(self.own_labels()) {
            let mut with = vec![("labelIds", name.as_str())];
            with.extend(query);
            for one in self.list(&with).await? {
                if let Some(labels) = of.get_mut(&one.id) {
                    labels.push(name.clone());
                }
            }
        }
        Ok(of)
    }

    /// So much changed that the labels of what is on its way are listed anew.
    pub async fn relist(&mut self) -> Result<()> {
        if !self.on_the_way.is_empty() {
            let ids: Vec<String> = self.on_the_way.labels.keys().cloned().collect();
            let mut fresh = self.labels_of(ids.into_iter(), &[]).await?;
            let there: HashSet<String> = self.list(&[]).await?.into_iter().map(|one| one.id).collect();
            fresh.retain(|id, _| there.contains(id));
            self.on_the_way.labels = fresh;
        }
        Ok(())
    }

    /// IMAP failed: the API goes on, and people are told.
    async fn instead(&mut self, error: Error) -> Result<()> {
        if error.code == ErrorCode::Cancelled {
            return Err(error);
        }
        tracing::info!(%error, "Gmail's IMAP gives no letters; the API does");
        let why = error.detail.unwrap_or(error.message);
        let told = Error::new(ErrorCode::Refused, "Gmail does not give the letters by IMAP; the API fetches them.")
            .remedy("Nothing is missing, it only takes longer. Allow IMAP in Gmail's settings, or choose the API for this account.")
            .detail(why);
        self.local.remark(told).await;
        Ok(())
    }
}

fn hidden(count: usize) -> Error {
    Error::new(
        ErrorCode::Refused,
        model::say!("Gmail does not show {count} letters by IMAP; the API fetches them.", count),
    )
    .remedy(
        "Nothing is missing, it only takes longer. Gmail's settings, Forwarding and POP/IMAP, limit what IMAP shows.",
    )
}

/// How many of these, all in one mailbox, are fetched next.
fn step(rest: &[(&MessageRef, Shown)], mailbox: usize) -> usize {
    let mut bytes = 0;
    let fits = |(_, shown): &&(&MessageRef, Shown)| {
        let fits = shown.mailbox == mailbox && (bytes == 0 || bytes + shown.size <= STEP_BYTES);
        bytes += shown.size;
        fits
    };
    rest.iter().take(STEP_MESSAGES).take_while(fits).count().max(1)
}
