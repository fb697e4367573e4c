//! Handing a mailbox's plan to the engine, batch by batch.
//!
//! While the engine commits one batch the next is being fetched; never more than that is in memory.
//! Each batch carries a cursor that is true with it, so a round may end after any of them.

use super::cursor::Cursor;
use super::harvest::Harvest;
use super::mailbox::Figures;
use super::plan::{Plan, Wanted};
use super::pull::{Round, Task};
use super::{change, key};
use crate::contract::{Arrived, Batch, Content, Fingerprint};
use model::Result;
use model::mailbox::MailboxRole;
use std::collections::HashMap;

/// Headers of so many newest messages make the list readable before the first body.
const FIRST_HEADERS: usize = 50;
/// Contents of one batch.
const BATCH_BYTES: u64 = 3 << 20;
/// Messages of one batch.
const BATCH_MESSAGES: usize = 400;
/// Flags or deletions of one batch.
const BATCH_KEYS: usize = 5000;
/// Messages looked up at once for contents that are here already.
const ADOPT_MESSAGES: usize = 1000;

impl Round<'_> {
    /// Hands a plan over, batch by batch.
    pub(super) async fn deliver(&mut self, task: &Task, mut plan: Plan) -> Result<()> {
        let mailbox = plan.mailbox.clone();
        let epoch = plan.cursor.uidvalidity;
        let on_server = Some(plan.cursor.messages);
        let unfinished = Some(plan.cursor.unfinished().write());
        let inbox = task.mailbox.role == Some(MailboxRole::Inbox);
        let first_sync = task.cursor.is_none();
        if plan.new_epoch || (self.gmail && !inbox && first_sync) {
            self.adopt(&mut plan).await?;
        }
        let mut first = Batch { mailbox: mailbox.clone(), on_server, ..Batch::default() };
        for part in plan.flags.chunks(BATCH_KEYS) {
            self.flush_when_full(&mut first).await?;
            first.flags = part.to_vec();
        }
        for part in plan.gone.chunks(BATCH_KEYS) {
            self.flush_when_full(&mut first).await?;
            first.gone = part.to_vec();
        }
        if inbox && first_sync && plan.wanted.len() > FIRST_HEADERS {
            let headers =
                self.first_headers(&mailbox, epoch, plan.wanted.get(..FIRST_HEADERS).unwrap_or_default()).await?;
            first.arrived = headers;
            first.cursor.clone_from(&unfinished);
            first.progress = Some(self.progress);
            self.local.apply(std::mem::take(&mut first)).await?;
            first = Batch { mailbox: mailbox.clone(), on_server, ..Batch::default() };
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
            batch.cursor = if last { Some(plan.cursor.write()) } else { unfinished.clone() };
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
            if task.cursor.as_ref() != Some(&plan.cursor) || !first.flags.is_empty() || !first.gone.is_empty() {
                first.cursor = Some(plan.cursor.write());
                first.progress = Some(self.progress);
                self.local.apply(first).await?;
            }
        }
        if inbox {
            let Cursor { uidvalidity, uidnext, modseq, messages, unseen, .. } = plan.cursor;
            self.remote.remember_inbox(Figures { uidvalidity, uidnext, modseq, messages, unseen });
        }
        Ok(())
    }

    async fn flush_when_full(&self, batch: &mut Batch) -> Result<()> {
        if batch.flags.is_empty() && batch.gone.is_empty() {
            return Ok(());
        }
        let next = Batch { mailbox: batch.mailbox.clone(), on_server: batch.on_server, ..Batch::default() };
        self.local.apply(std::mem::replace(batch, next)).await
    }

    async fn harvest(&self, mailbox: &str, epoch: u32, group: Option<&&[Wanted]>) -> Result<Harvest> {
        let group = group.copied().unwrap_or_default();
        self.remote.harvest(mailbox, epoch, group, &self.patience, self.cancel).await
    }

    fn fill(&mut self, batch: &mut Batch, epoch: u32, harvest: Harvest) {
        let count = harvest.whole.len() + harvest.unreadable.len();
        self.progress.done = self.progress.done.saturating_add(count as u32);
        self.progress.total = self.progress.total.max(self.progress.done);
        batch.progress = Some(self.progress);
        let mailbox = batch.mailbox.clone();
        batch.arrived.extend(harvest.whole.into_iter().map(|(wanted, raw, thread)| Arrived {
            provider_thread: thread,
            ..arrived(&mailbox, epoch, &wanted, Content::Whole(raw))
        }));
        batch.unreadable.extend(harvest.unreadable.into_iter().map(|(uid, reason)| (key::write(epoch, uid), reason)));
    }

    async fn first_headers(&self, mailbox: &str, epoch: u32, wanted: &[Wanted]) -> Result<Vec<Arrived>> {
        let by_uid: HashMap<u32, Wanted> = wanted.iter().map(|wanted| (wanted.uid, *wanted)).collect();
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
                Some(arrived(mailbox, epoch, wanted, Content::Header(found.header?)))
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
        let mut batch = Batch { mailbox: plan.mailbox.clone(), new_epoch: plan.new_epoch, ..Batch::default() };
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
                .filter_map(|found| Some((found.uid, change::message_id(found.header.as_deref()?)?)))
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
            let asked: Vec<Fingerprint> = prints.iter().filter_map(|(_, print)| print.clone()).collect();
            let mut here = self.local.has(&asked).await?.into_iter();
            for (wanted, print) in prints {
                match print {
                    Some(print) if here.next() == Some(true) => {
                        self.progress.done = self.progress.done.saturating_add(1);
                        batch.arrived.push(arrived(&plan.mailbox, epoch, &wanted, Content::Same(print)));
                    }
                    _ => left.push(wanted),
                }
            }
            batch.on_server = Some(plan.cursor.messages);
            batch.progress = Some(self.progress);
            // Setting the cursor ends the adoption: only the last batch may.
            batch.cursor = (at + 1 == parts).then(|| plan.cursor.unfinished().write());
            let next = Batch { mailbox: plan.mailbox.clone(), ..Batch::default() };
            self.local.apply(std::mem::replace(&mut batch, next)).await?;
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

/// Batches by bytes; the first is small, so that something is there soon.
fn groups(wanted: &[Wanted]) -> Vec<&[Wanted]> {
    let mut groups = Vec::new();
    let mut rest = wanted;
    while !rest.is_empty() {
        let limit = if groups.is_empty() { BATCH_BYTES / 4 } else { BATCH_BYTES };
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
