//! Fetching contents so that no single message can stop a mailbox: what breaks a connection is halved
//! until the one message that does it stands alone, and that one is set aside.

use super::fault::Fault;
use super::fetch::Contents;
use super::plan::Wanted;
use super::{ImapRemote, Session};
use model::{ErrorCode, Result};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio_util::sync::CancellationToken;

/// Connections a round may lose to bad answers before it gives up until the next.
const RECONNECT_LIMIT: u32 = 60;
/// Messages a round may set aside before the server itself counts as broken.
const UNREADABLE_LIMIT: u32 = 200;

/// The contents of some messages.
#[derive(Debug, Default)]
pub struct Harvest {
    /// With contents, newest first.
    pub whole: Vec<(Wanted, Vec<u8>, Option<String>)>,
    /// Set aside, with the reason.
    pub unreadable: Vec<(u32, String)>,
}

/// How often things went wrong in this round.
#[derive(Debug, Default)]
pub struct Patience {
    reconnects: AtomicU32,
    unreadable: AtomicU32,
}

struct Group {
    wanted: Vec<Wanted>,
    tried: bool,
}

impl ImapRemote {
    /// Fetches messages of one mailbox.
    pub(super) async fn harvest(
        &self,
        mailbox: &str,
        epoch: u32,
        wanted: &[Wanted],
        patience: &Patience,
        cancel: &CancellationToken,
    ) -> Result<Harvest> {
        let mut harvest = Harvest::default();
        let mut groups = vec![Group { wanted: wanted.to_vec(), tried: false }];
        while let Some(group) = groups.pop() {
            let (connection, _) = self.work(cancel).await?;
            let asked: Vec<(u32, u64)> = group.wanted.iter().map(|wanted| (wanted.uid, wanted.size)).collect();
            let key = mailbox.to_owned();
            let fetched = connection.run(cancel, move |session| contents(session, &key, epoch, &asked)).await;
            let fault = match fetched {
                Ok((contents, there)) => {
                    take(&mut harvest, &group, contents.whole);
                    let missing = group.wanted.iter().filter(|wanted| there.contains(&wanted.uid)).copied();
                    if group.tried && group.wanted.len() == 1 {
                        for wanted in missing {
                            set_aside(
                                &mut harvest,
                                patience,
                                wanted.uid,
                                "The server gives no content for it.".into(),
                            )?;
                        }
                    } else {
                        groups.extend(missing.map(|wanted| Group { wanted: vec![wanted], tried: true }));
                    }
                    continue;
                }
                Err(fault) => fault,
            };
            let ended = matches!(fault, Fault::Io(_) | Fault::Bye(_) | Fault::Protocol(_));
            let refused = matches!(fault, Fault::Refused { .. });
            let broken_line = matches!(fault, Fault::Io(_) | Fault::Bye(_));
            let error = connection.explain(fault);
            let hopeless = matches!(error.code, ErrorCode::Throttled | ErrorCode::SignIn | ErrorCode::Cancelled);
            if hopeless || cancel.is_cancelled() || !(ended || refused) {
                return Err(error);
            }
            if ended && patience.reconnects.fetch_add(1, Ordering::Relaxed) >= RECONNECT_LIMIT {
                return Err(error);
            }
            tracing::warn!(mailbox, messages = group.wanted.len(), %error, "fetching failed; trying smaller");
            match group.wanted.as_slice() {
                // A line may break by itself: the same once more before anything is suspected.
                _ if broken_line && !group.tried => groups.push(Group { tried: true, ..group }),
                [alone] if group.tried || !ended => {
                    let reason = error.detail.unwrap_or(error.message);
                    set_aside(&mut harvest, patience, alone.uid, reason)?;
                }
                [_] => groups.push(Group { tried: true, ..group }),
                many => {
                    let (newer, older) = many.split_at(many.len() / 2);
                    groups.push(Group { wanted: older.to_vec(), tried: true });
                    groups.push(Group { wanted: newer.to_vec(), tried: true });
                }
            }
        }
        harvest.whole.sort_unstable_by_key(|(wanted, ..)| std::cmp::Reverse(wanted.uid));
        Ok(harvest)
    }
}

/// The contents, and those messages that exist but came without.
fn contents(
    session: &mut Session,
    mailbox: &str,
    epoch: u32,
    asked: &[(u32, u64)],
) -> std::result::Result<(Contents, HashSet<u32>), Fault> {
    session.select_epoch(mailbox, epoch)?;
    let contents = session.contents(asked)?;
    let there = if contents.missing.is_empty() {
        HashSet::new()
    } else {
        session.listing_of(&contents.missing, false)?.into_iter().map(|found| found.uid).collect()
    };
    Ok((contents, there))
}

fn take(harvest: &mut Harvest, group: &Group, whole: Vec<(u32, Vec<u8>, Option<String>)>) {
    let by_uid: HashMap<u32, &Wanted> = group.wanted.iter().map(|wanted| (wanted.uid, wanted)).collect();
    let mut seen = HashSet::new();
    for (uid, raw, thread) in whole {
        if let Some(wanted) = by_uid.get(&uid)
            && seen.insert(uid)
        {
            harvest.whole.push((**wanted, raw, thread));
        }
    }
}

fn set_aside(harvest: &mut Harvest, patience: &Patience, uid: u32, reason: String) -> Result<()> {
    if patience.unreadable.fetch_add(1, Ordering::Relaxed) >= UNREADABLE_LIMIT {
        return Err(model::Error::new(ErrorCode::Protocol, "The server can't read too many of its messages.")
            .remedy("Tabella tries again by itself; tell the provider if it lasts.")
            .detail(reason));
    }
    harvest.unreadable.push((uid, reason));
    Ok(())
}
