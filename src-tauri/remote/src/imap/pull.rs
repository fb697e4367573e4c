//! A round of sync: which mailboxes changed, what each needs, and handing it over in batches.
//!
//! While the engine commits one batch the next is being fetched; never more than that is in memory.

use super::cursor::Cursor;
use super::fault::Fault;
use super::fetch::{Changes, Fetched};
use super::harvest::{Harvest, Patience};
use super::mailbox::Figures;
use super::plan::{Plan, Wanted, compare, increment};
use super::session::Session;
use super::{ImapRemote, change, date, key, role};
use crate::contract::{
    Arrived, Batch, Content, Fingerprint, Local, Progress, PullScope, RemoteMailbox,
};
use model::mailbox::MailboxRole;
use model::{ErrorCode, Result};
use std::collections::{HashMap, HashSet};
use tokio_util::sync::CancellationToken;

/// Headers of so many newest messages make the list readable before the first body.
const FIRST_HEADERS: usize = 50;
/// Contents of one batch.
const BATCH_BYTES: u64 = 4 << 20;
/// Messages of one batch.
const BATCH_MESSAGES: usize = 400;
/// Flags or deletions of one batch.
const BATCH_KEYS: usize = 5000;
/// Messages looked up at once for contents that are here already.
const ADOPT_MESSAGES: usize = 1000;
/// UIDs of VANISHED taken as they are; more are first narrowed to what is here.
const VANISHED_LIMIT: u64 = 2000;

struct Task {
    mailbox: RemoteMailbox,
    cursor: Option<Cursor>,
    estimate: u32,
}

struct Round<'a> {
    remote: &'a ImapRemote,
    local: &'a dyn Local,
    scope: &'a PullScope,
    cancel: &'a CancellationToken,
    patience: Patience,
    progress: Progress,
    gmail: bool,
}

/// One round over the account.
pub async fn pull(
    remote: &ImapRemote,
    local: &dyn Local,
    scope: &PullScope,
    cancel: &CancellationToken,
) -> Result<()> {
    let (listed, gmail) = remote
        .job(cancel, |session| {
            Ok((session.list()?, session.has("X-GM-EXT-1")))
        })
        .await?;
    local
        .mailboxes(listed.iter().map(|(mailbox, _)| mailbox.clone()).collect())
        .await?;
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
            (Some(cursor), Some(figures)) if cursor.complete => figures
                .uidnext
                .saturating_sub(cursor.uidnext)
                .min(figures.messages),
            (_, Some(figures)) => figures.messages,
            _ => 0,
        };
        tasks.push(Task {
            mailbox,
            cursor,
            estimate,
        });
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
                self.progress.total =
                    self.progress.total.saturating_sub(expected) + plan.wanted.len() as u32;
                self.deliver(&task, plan).await
            }
            Err(error) => Err(error),
        };
        match done {
            Err(error) if error.code == ErrorCode::Refused => {
                tracing::warn!(mailbox = key, %error, "left for the next round");
                Ok(())
            }
            other => other,
        }
    }

    async fn plan(&mut self, task: &Task) -> Result<Plan> {
        let mailbox = task.mailbox.key.clone();
        let since_at = self.scope.since_at;
        let usable = task.cursor.as_ref().filter(|cursor| {
            cursor.complete && !self.scope.full && cursor.covers(since_at.map(|at| at.0))
        });
        let figures = {
            let mailbox = mailbox.clone();
            self.remote
                .job(self.cancel, move |session| session.select(&mailbox, true))
                .await?
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
        let known = if with_known {
            self.local.known(mailbox).await?
        } else {
            Vec::new()
        };
        let since_at = self.scope.since_at;
        let proof = !known.is_empty();
        let key = mailbox.to_owned();
        let (figures, listing, details) = self
            .remote
            .job(self.cancel, move |session| {
                session.select_epoch(&key, figures.uidvalidity)?;
                let Some(since_at) = since_at else {
                    let listing = if figures.messages == 0 {
                        Vec::new()
                    } else {
                        session.listing("1:*", true)?
                    };
                    let (figures, listing) = settled(figures, listing);
                    return Ok((figures, listing, None));
                };
                let recent = session.search(&format!("SINCE {}", date::day_before(since_at)))?;
                let (figures, details) = settled(figures, session.listing_of(&recent, true)?);
                let listing = if proof {
                    settled(figures, session.listing("1:*", false)?).1
                } else {
                    Vec::new()
                };
                Ok((figures, listing, Some(details)))
            })
            .await?;
        let details = details.as_deref().unwrap_or(&listing);
        let full_list = if proof || since_at.is_none() {
            &listing
        } else {
            details
        };
        Ok(compare(
            mailbox, &figures, full_list, details, &known, since_at,
        ))
    }

    /// What changed since the cursor's MODSEQ; `None` where deletions need a listing to be proven.
    async fn since_modseq(
        &self,
        mailbox: &str,
        figures: Figures,
        cursor: &Cursor,
    ) -> Result<Option<Plan>> {
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
        let vanished = self
            .narrow(mailbox, figures.uidvalidity, vanished, cursor.uidnext)
            .await?;
        let mut news = fresh;
        news.extend(messages.into_iter().filter(|found| within(found.uid)));
        Ok(Some(increment(
            mailbox,
            &figures,
            cursor,
            news,
            vanished,
            self.scope.since_at,
        )))
    }

    /// UIDs out of VANISHED ranges, which may name far more than ever was here.
    async fn narrow(
        &self,
        mailbox: &str,
        epoch: u32,
        ranges: Vec<(u32, u32)>,
        uidnext: u32,
    ) -> Result<Vec<u32>> {
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
                let listing = if figures.messages == 0 {
                    Vec::new()
                } else {
                    session.listing("1:*", false)?
                };
                let (figures, listing) = settled(figures, listing);
                let shown: Vec<u32> = listing
                    .iter()
                    .filter(|f| !f.deleted && hidden.contains(&f.uid))
                    .map(|f| f.uid)
                    .collect();
                let mut details = newer(session, &figures, uidnext)?;
                details.extend(session.listing_of(&shown, true)?);
                Ok((figures, listing, details))
            })
            .await?;
        Ok(compare(
            mailbox,
            &figures,
            &listing,
            &details,
            &known,
            self.scope.since_at,
        ))
    }

    /// Hands a plan over, batch by batch.
    async fn deliver(&mut self, task: &Task, mut plan: Plan) -> Result<()> {
        let mailbox = plan.mailbox.clone();
        let epoch = plan.cursor.uidvalidity;
        let on_server = Some(plan.cursor.messages);
        let unfinished = Some(plan.cursor.unfinished().write());
        let inbox = task.mailbox.role == Some(MailboxRole::Inbox);
        let first_sync = task.cursor.is_none();
        if plan.new_epoch || (self.gmail && !inbox && first_sync) {
            self.adopt(&mut plan).await?;
        }
        let mut first = Batch {
            mailbox: mailbox.clone(),
            on_server,
            ..Batch::default()
        };
        for part in plan.flags.chunks(BATCH_KEYS) {
            self.flush_when_full(&mut first).await?;
            first.flags = part.to_vec();
        }
        for part in plan.gone.chunks(BATCH_KEYS) {
            self.flush_when_full(&mut first).await?;
            first.gone = part.to_vec();
        }
        if inbox && first_sync && plan.wanted.len() > FIRST_HEADERS {
            let headers = self
                .first_headers(
                    &mailbox,
                    epoch,
                    plan.wanted.get(..FIRST_HEADERS).unwrap_or_default(),
                )
                .await?;
            first.arrived = headers;
            first.cursor.clone_from(&unfinished);
            first.progress = Some(self.progress);
            self.local.apply(std::mem::take(&mut first)).await?;
            first = Batch {
                mailbox: mailbox.clone(),
                on_server,
                ..Batch::default()
            };
        }
        let groups = groups(&plan.wanted);
        let mut coming: Option<Harvest> = None;
        for at in 0..groups.len() {
            let harvest = match coming.take() {
                Some(harvest) => harvest,
                None => self.harvest(&mailbox, epoch, groups.get(at)).await?,
            };
            let last = at + 1 == groups.len();
            let mut batch = std::mem::take(&mut first);
            batch.mailbox.clone_from(&mailbox);
            batch.on_server = on_server;
            self.fill(&mut batch, epoch, harvest);
            batch.cursor = if last {
                Some(plan.cursor.write())
            } else {
                unfinished.clone()
            };
            let (applied, next) = tokio::join!(self.local.apply(batch), async {
                match groups.get(at + 1) {
                    Some(group) => self.harvest(&mailbox, epoch, Some(group)).await.map(Some),
                    None => Ok(None),
                }
            });
            applied?;
            coming = next?;
        }
        if groups.is_empty() {
            // A look that found nothing needs no transaction.
            if task.cursor.as_ref() != Some(&plan.cursor)
                || !first.flags.is_empty()
                || !first.gone.is_empty()
            {
                first.cursor = Some(plan.cursor.write());
                first.progress = Some(self.progress);
                self.local.apply(first).await?;
            }
        }
        if inbox {
            let Cursor {
                uidvalidity,
                uidnext,
                modseq,
                messages,
                unseen,
                ..
            } = plan.cursor;
            self.remote.remember_inbox(Figures {
                uidvalidity,
                uidnext,
                modseq,
                messages,
                unseen,
            });
        }
        Ok(())
    }

    async fn flush_when_full(&self, batch: &mut Batch) -> Result<()> {
        if batch.flags.is_empty() && batch.gone.is_empty() {
            return Ok(());
        }
        let next = Batch {
            mailbox: batch.mailbox.clone(),
            on_server: batch.on_server,
            ..Batch::default()
        };
        self.local.apply(std::mem::replace(batch, next)).await
    }

    async fn harvest(
        &self,
        mailbox: &str,
        epoch: u32,
        group: Option<&&[Wanted]>,
    ) -> Result<Harvest> {
        let group = group.copied().unwrap_or_default();
        self.remote
            .harvest(mailbox, epoch, group, &self.patience, self.cancel)
            .await
    }

    fn fill(&mut self, batch: &mut Batch, epoch: u32, harvest: Harvest) {
        let count = harvest.whole.len() + harvest.unreadable.len();
        self.progress.done = self.progress.done.saturating_add(count as u32);
        self.progress.total = self.progress.total.max(self.progress.done);
        batch.progress = Some(self.progress);
        let mailbox = batch.mailbox.clone();
        batch.arrived.extend(
            harvest
                .whole
                .into_iter()
                .map(|(wanted, raw, thread)| Arrived {
                    provider_thread: thread,
                    ..arrived(&mailbox, epoch, &wanted, Content::Whole(raw))
                }),
        );
        batch.unreadable.extend(
            harvest
                .unreadable
                .into_iter()
                .map(|(uid, reason)| (key::write(epoch, uid), reason)),
        );
    }

    async fn first_headers(
        &self,
        mailbox: &str,
        epoch: u32,
        wanted: &[Wanted],
    ) -> Result<Vec<Arrived>> {
        let by_uid: HashMap<u32, Wanted> =
            wanted.iter().map(|wanted| (wanted.uid, *wanted)).collect();
        let uids: Vec<u32> = by_uid.keys().copied().collect();
        let key = mailbox.to_owned();
        let found = self
            .remote
            .job(self.cancel, move |session| {
                session.select_epoch(&key, epoch)?;
                session.headers(&uids, None)
            })
            .await?;
        let mut headers: Vec<Arrived> = found
            .into_iter()
            .filter_map(|found| {
                let wanted = by_uid.get(&found.uid)?;
                Some(arrived(
                    mailbox,
                    epoch,
                    wanted,
                    Content::Header(found.header?),
                ))
            })
            .collect();
        headers.sort_by_key(|header| std::cmp::Reverse(key::uid(&header.key, epoch)));
        Ok(headers)
    }

    /// Contents that are here already, under an old key or in another mailbox, are not fetched again:
    /// they are told by Message-ID, size and date.
    async fn adopt(&mut self, plan: &mut Plan) -> Result<()> {
        let epoch = plan.cursor.uidvalidity;
        let mut left = Vec::new();
        let parts = plan.wanted.chunks(ADOPT_MESSAGES).count();
        let mut batch = Batch {
            mailbox: plan.mailbox.clone(),
            new_epoch: plan.new_epoch,
            ..Batch::default()
        };
        for (at, part) in plan.wanted.chunks(ADOPT_MESSAGES).enumerate() {
            let key = plan.mailbox.clone();
            let uids: Vec<u32> = part.iter().map(|wanted| wanted.uid).collect();
            let ids: HashMap<u32, String> = self
                .remote
                .job(self.cancel, move |session| {
                    session.select_epoch(&key, epoch)?;
                    session.headers(&uids, Some("MESSAGE-ID"))
                })
                .await?
                .into_iter()
                .filter_map(|found| {
                    Some((found.uid, change::message_id(found.header.as_deref()?)?))
                })
                .collect();
            let prints: Vec<(Wanted, Option<Fingerprint>)> = part
                .iter()
                .map(|wanted| {
                    let print = ids.get(&wanted.uid).map(|id| Fingerprint {
                        message_id: id.clone(),
                        size: wanted.size,
                        received_at: wanted.received_at,
                    });
                    (*wanted, print)
                })
                .collect();
            let asked: Vec<Fingerprint> = prints
                .iter()
                .filter_map(|(_, print)| print.clone())
                .collect();
            let mut here = self.local.has(&asked).await?.into_iter();
            for (wanted, print) in prints {
                match print {
                    Some(print) if here.next() == Some(true) => {
                        self.progress.done = self.progress.done.saturating_add(1);
                        batch.arrived.push(arrived(
                            &plan.mailbox,
                            epoch,
                            &wanted,
                            Content::Same(print),
                        ));
                    }
                    _ => left.push(wanted),
                }
            }
            batch.on_server = Some(plan.cursor.messages);
            batch.progress = Some(self.progress);
            // Setting the cursor ends the adoption: only the last batch may.
            batch.cursor = (at + 1 == parts).then(|| plan.cursor.unfinished().write());
            let next = Batch {
                mailbox: plan.mailbox.clone(),
                ..Batch::default()
            };
            self.local
                .apply(std::mem::replace(&mut batch, next))
                .await?;
        }
        if parts == 0 && plan.new_epoch {
            batch.cursor = Some(plan.cursor.unfinished().write());
            self.local.apply(batch).await?;
        }
        plan.wanted = left;
        plan.new_epoch = false;
        Ok(())
    }
}

fn arrived(mailbox: &str, epoch: u32, wanted: &Wanted, content: Content) -> Arrived {
    Arrived {
        key: key::write(epoch, wanted.uid),
        mailboxes: vec![mailbox.to_owned()],
        flags: wanted.flags,
        received_at: wanted.received_at,
        size: wanted.size,
        content,
        provider_thread: None,
    }
}

/// Messages that came after the mailbox was selected belong to the next round; a missing UIDNEXT is
/// what the listing shows.
fn settled(mut figures: Figures, mut listing: Vec<Fetched>) -> (Figures, Vec<Fetched>) {
    if figures.uidnext > 0 {
        listing.retain(|found| found.uid < figures.uidnext);
    } else {
        figures.uidnext = listing
            .iter()
            .map(|found| found.uid)
            .max()
            .map_or(1, |max| max.saturating_add(1));
    }
    let mut seen = HashSet::new();
    listing.retain(|found| seen.insert(found.uid));
    (figures, listing)
}

/// Details of what came since `uidnext`.
fn newer(
    session: &mut Session,
    figures: &Figures,
    uidnext: u32,
) -> std::result::Result<Vec<Fetched>, Fault> {
    if figures.messages == 0 || (figures.uidnext > 0 && figures.uidnext <= uidnext) {
        return Ok(Vec::new());
    }
    let mut found = session.listing(&format!("{}:*", uidnext.max(1)), true)?;
    // `n:*` always names the last message, even one before n.
    found.retain(|found| {
        found.uid >= uidnext && (figures.uidnext == 0 || found.uid < figures.uidnext)
    });
    Ok(found)
}

/// Batches by bytes; the first is small, so that something is there soon.
fn groups(wanted: &[Wanted]) -> Vec<&[Wanted]> {
    let mut groups = Vec::new();
    let mut rest = wanted;
    while !rest.is_empty() {
        let limit = if groups.is_empty() {
            BATCH_BYTES / 4
        } else {
            BATCH_BYTES
        };
        let mut bytes = 0;
        let count = rest
            .iter()
            .take(BATCH_MESSAGES)
            .take_while(|wanted| {
                bytes += wanted.size;
                bytes <= limit
            })
            .count()
            .max(1);
        let (group, left) = rest.split_at(count);
        groups.push(group);
        rest = left;
    }
    groups
}
