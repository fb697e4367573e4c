//! A round of sync: which mailboxes changed, and what each of them needs.
//!
//! Look next: `deliver` for how it is handed over, `plan` for the rules.

use super::cursor::Cursor;
use super::fault::Fault;
use super::fetch::{Changes, Fetched};
use super::harvest::Patience;
use super::mailbox::Figures;
use super::plan::{Plan, compare, increment};
use super::session::Session;
use super::{ImapRemote, date, key, role};
use crate::contract::{Local, Progress, PullScope, RemoteMailbox};
use model::mailbox::MailboxRole;
use model::{ErrorCode, Result};
use std::collections::HashSet;
use tokio_util::sync::CancellationToken;

/// UIDs of VANISHED taken as they are; more are first narrowed to what is here.
const VANISHED_LIMIT: u64 = 2000;

/// A mailbox that may have changed.
pub(super) struct Task {
    /// Which.
    pub mailbox: RemoteMailbox,
    /// Where its sync stands.
    pub cursor: Option<Cursor>,
    estimate: u32,
}

/// A round in progress.
pub(super) struct Round<'a> {
    /// The server.
    pub remote: &'a ImapRemote,
    /// The engine.
    pub local: &'a dyn Local,
    /// Ends it.
    pub cancel: &'a CancellationToken,
    /// How much went wrong so far.
    pub patience: Patience,
    /// Real numbers.
    pub progress: Progress,
    /// Labels instead of mailboxes: contents show up several times.
    pub gmail: bool,
    scope: &'a PullScope,
}

/// One round over the account.
pub async fn pull(remote: &ImapRemote, local: &dyn Local, scope: &PullScope, cancel: &CancellationToken) -> Result<()> {
    let (listed, gmail) = remote.job(cancel, |session| Ok((session.list()?, session.has("X-GM-EXT-1")))).await?;
    local.mailboxes(listed.iter().map(|(mailbox, _)| mailbox.clone()).collect()).await?;
    let mut tasks = Vec::new();
    for (mailbox, figures) in listed {
        let wanted = scope.mailboxes.is_empty() || scope.mailboxes.contains(&mailbox.key);
        if !mailbox.selectable || !wanted {
            continue;
        }
        let cursor = Cursor::read(local.cursor(&mailbox.key).await?.as_deref());
        let since_at = scope.since_at.map(|at| at.0);
        if let (Some(cursor), Some(figures), false) = (&cursor, &figures, scope.full) {
            let poor_inbox = figures.modseq == 0 && mailbox.role == Some(MailboxRole::Inbox);
            if cursor.is_current(figures, since_at) && !poor_inbox {
                if mailbox.role == Some(MailboxRole::Inbox) {
                    remote.remember_inbox(*figures);
                }
                continue;
            }
        }
        let estimate = match (&cursor, &figures) {
            (Some(cursor), Some(figures)) if cursor.complete => {
                figures.uidnext.saturating_sub(cursor.uidnext).min(figures.messages)
            }
            (_, Some(figures)) => figures.messages,
            _ => 0,
        };
        tasks.push(Task { mailbox, cursor, estimate });
    }
    tasks.sort_by_key(|task| role::order(task.mailbox.role));
    let total = tasks.iter().map(|task| task.estimate).sum();
    let mut round = Round {
        remote,
        local,
        scope,
        cancel,
        patience: Patience::default(),
        progress: Progress { done: 0, total },
        gmail,
    };
    for task in tasks {
        round.mailbox(task).await?;
    }
    Ok(())
}

impl Round<'_> {
    /// One mailbox; a refusal by the server leaves it for the next round and does not stop the others.
    async fn mailbox(&mut self, task: Task) -> Result<()> {
        if self.cancel.is_cancelled() {
            return Err(crate::net::cancelled());
        }
        let key = task.mailbox.key.clone();
        let expected = task.estimate;
        let done = match self.plan(&task).await {
            Ok(plan) => {
                self.progress.total = self.progress.total.saturating_sub(expected) + plan.wanted.len() as u32;
                self.deliver(&task, plan).await
            }
            Err(error) => Err(error),
        };
        match done {
            Err(error) if error.code == ErrorCode::Refused => {
                tracing::warn!(mailbox = key, %error, "left for the next round");
                self.local.left(&key, error).await;
                Ok(())
            }
            other => other,
        }
    }

    async fn plan(&mut self, task: &Task) -> Result<Plan> {
        let mailbox = task.mailbox.key.clone();
        let since_at = self.scope.since_at;
        let usable = task
            .cursor
            .as_ref()
            .filter(|cursor| cursor.complete && !self.scope.full && cursor.covers(since_at.map(|at| at.0)));
        let figures = {
            let mailbox = mailbox.clone();
            self.remote.job(self.cancel, move |session| session.select(&mailbox, true)).await?
        };
        if let Some(cursor) = &task.cursor
            && cursor.uidvalidity != figures.uidvalidity
        {
            let mut plan = self.whole(&mailbox, figures, false).await?;
            plan.new_epoch = true;
            plan.gone.clear();
            return Ok(plan);
        }
        if let Some(cursor) = usable {
            if cursor.modseq > 0
                && figures.modseq > 0
                && let Some(plan) = self.since_modseq(&mailbox, figures, cursor).await?
            {
                return Ok(plan);
            }
            return self.by_listing(&mailbox, figures, cursor).await;
        }
        self.whole(&mailbox, figures, true).await
    }

    /// Compares everything the server has with everything that is here.
    async fn whole(&self, mailbox: &str, figures: Figures, with_known: bool) -> Result<Plan> {
        let known = if with_known { self.local.known(mailbox).await? } else { Vec::new() };
        let since_at = self.scope.since_at;
        let proof = !known.is_empty();
        let key = mailbox.to_owned();
        let (figures, listing, details) = self
            .remote
            .job(self.cancel, move |session| {
                session.select_epoch(&key, figures.uidvalidity)?;
                let Some(since_at) = since_at else {
                    let listing = if figures.messages == 0 { Vec::new() } else { session.listing("1:*", true)? };
                    let (figures, listing) = settled(figures, listing);
                    return Ok((figures, listing, None));
                };
                let recent = session.search(&format!("SINCE {}", date::day_before(since_at)))?;
                let (figures, details) = settled(figures, session.listing_of(&recent, true)?);
                let listing = if proof { settled(figures, session.listing("1:*", false)?).1 } else { Vec::new() };
                Ok((figures, listing, Some(details)))
            })
            .await?;
        let details = details.as_deref().unwrap_or(&listing);
        let full_list = if proof || since_at.is_none() { &listing } else { details };
        Ok(compare(mailbox, &figures, full_list, details, &known, since_at))
    }

    /// What changed since the cursor's MODSEQ; `None` where deletions need a listing to be proven.
    async fn since_modseq(&self, mailbox: &str, figures: Figures, cursor: &Cursor) -> Result<Option<Plan>> {
        let key = mailbox.to_owned();
        let (modseq, uidnext) = (cursor.modseq, cursor.uidnext);
        let (changes, fresh, qresync) = self
            .remote
            .job(self.cancel, move |session| {
                session.select_epoch(&key, figures.uidvalidity)?;
                let changes = session.changes(modseq)?;
                let fresh = newer(session, &figures, uidnext)?;
                Ok((changes, fresh, session.qresync))
            })
            .await?;
        let Changes { messages, vanished } = changes;
        if !qresync && figures.messages.checked_sub(fresh.len() as u32) != Some(cursor.messages) {
            return Ok(None);
        }
        let within = |uid: u32| figures.uidnext == 0 || uid < figures.uidnext;
        let vanished = self.narrow(mailbox, figures.uidvalidity, vanished, cursor.uidnext).await?;
        let mut news = fresh;
        news.extend(messages.into_iter().filter(|found| within(found.uid)));
        Ok(Some(increment(mailbox, &figures, cursor, news, vanished, self.scope.since_at)))
    }

    /// UIDs out of VANISHED ranges, which may name far more than ever was here.
    async fn narrow(&self, mailbox: &str, epoch: u32, ranges: Vec<(u32, u32)>, uidnext: u32) -> Result<Vec<u32>> {
        let ranges: Vec<(u32, u32)> = ranges
            .into_iter()
            .filter(|(a, _)| *a < uidnext)
            .map(|(a, b)| (a, b.min(uidnext.saturating_sub(1))))
            .collect();
        let count: u64 = ranges.iter().map(|(a, b)| u64::from(b - a) + 1).sum();
        if count <= VANISHED_LIMIT {
            return Ok(ranges.into_iter().flat_map(|(a, b)| a..=b).collect());
        }
        let known = self.local.known(mailbox).await?;
        Ok(known
            .iter()
            .filter_map(|known| key::uid(&known.key, epoch))
            .filter(|uid| ranges.iter().any(|(a, b)| (a..=b).contains(&uid)))
            .collect())
    }

    /// For servers without MODSEQ: all flags, details of what is new.
    async fn by_listing(&self, mailbox: &str, figures: Figures, cursor: &Cursor) -> Result<Plan> {
        let known = self.local.known(mailbox).await?;
        let key = mailbox.to_owned();
        let uidnext = cursor.uidnext;
        let hidden = cursor.hidden();
        let (figures, listing, details) = self
            .remote
            .job(self.cancel, move |session| {
                session.select_epoch(&key, figures.uidvalidity)?;
                let listing = if figures.messages == 0 { Vec::new() } else { session.listing("1:*", false)? };
                let (figures, listing) = settled(figures, listing);
                let shown: Vec<u32> =
                    listing.iter().filter(|f| !f.deleted && hidden.contains(&f.uid)).map(|f| f.uid).collect();
                let mut details = newer(session, &figures, uidnext)?;
                details.extend(session.listing_of(&shown, true)?);
                Ok((figures, listing, details))
            })
            .await?;
        Ok(compare(mailbox, &figures, &listing, &details, &known, self.scope.since_at))
    }
}

/// Messages that came after the mailbox was selected belong to the next round; a missing UIDNEXT is
/// what the listing shows.
fn settled(mut figures: Figures, mut listing: Vec<Fetched>) -> (Figures, Vec<Fetched>) {
    if figures.uidnext > 0 {
        listing.retain(|found| found.uid < figures.uidnext);
    } else {
        figures.uidnext = listing.iter().map(|found| found.uid).max().map_or(1, |max| max.saturating_add(1));
    }
    let mut seen = HashSet::new();
    listing.retain(|found| seen.insert(found.uid));
    (figures, listing)
}

/// Details of what came since `uidnext`.
fn newer(session: &mut Session, figures: &Figures, uidnext: u32) -> std::result::Result<Vec<Fetched>, Fault> {
    if figures.messages == 0 || (figures.uidnext > 0 && figures.uidnext <= uidnext) {
        return Ok(Vec::new());
    }
    let mut found = session.listing(&format!("{}:*", uidnext.max(1)), true)?;
    // `n:*` always names the last message, even one before n.
    found.retain(|found| found.uid >= uidnext && (figures.uidnext == 0 || found.uid < figures.uidnext));
    Ok(found)
}
