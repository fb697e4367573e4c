//! Settles uncertain letters by what can be seen: what the provider says of the draft it was made of, a copy in
//! Sent, or in the own inbox of a letter to oneself. Not finding one proves nothing; it only makes the next search
//! later. A draft that lies there unsent after some minutes is proof the other way.

use super::errand::{Errands, unreachable};
use model::mailbox::MailboxRole;
use model::{Error, Result};
use remote::contract::Fate;
use store::errand::Sought;

/// The first search comes this long after the connection broke.
pub(super) const FIRST_SECONDS: i64 = 5;
/// Seconds from one search to the next; after the last one only the user can tell.
const DELAYS_SECONDS: [i64; 7] = [30, 120, 600, 3600, 4 * 3600, 8 * 3600, 11 * 3600];

/// A provider that says "unsent" is believed in this search, the first being 0: what it had begun is done by then.
const UNSENT_FROM: u32 = 2;

/// Looks for the letter that is due; false where none is.
pub(super) async fn seek(errands: &mut Errands<'_>) -> Result<bool> {
    let (store, account) = (errands.engine.store().clone(), errands.account);
    let now = store.now();
    let Some(sought) = store.read(move |r| store::errand::evidence_due(r, account, now)).await? else {
        return Ok(false);
    };
    let id = sought.id;
    if sought.served_before {
        // Its copy in Sent may be of the earlier try.
        store.write(move |w| store::errand::evidence_missing(w, id, true, None)).await?;
        return Ok(true);
    }
    match look(errands, &sought).await {
        Ok(Fate::NotSent) if sought.searches >= UNSENT_FROM => {
            tracing::info!(%account, letter = %id, "an uncertain letter lies unsent at the provider; it goes out now");
            store.write_durable(move |w| store::errand::evidence_unsent(w, id)).await?;
        }
        Ok(Fate::Sent) => {
            tracing::info!(%account, letter = %id, "an uncertain letter was found: it was sent");
            store.write_durable(move |w| store::errand::evidence_found(w, id)).await?;
            if let Err(error) = super::sent_copy::mark_original(errands.engine, id).await {
                tracing::info!(%error, "the original of a letter could not be marked");
            }
        }
        Ok(Fate::NotSent | Fate::Unknown) => {
            let next = DELAYS_SECONDS.get(sought.searches as usize).map(|s| now.plus_seconds(*s));
            store.write(move |w| store::errand::evidence_missing(w, id, true, next)).await?;
        }
        Err(error) => {
            let next = now.plus_seconds(60);
            store.write(move |w| store::errand::evidence_missing(w, id, false, Some(next))).await?;
            if unreachable(&error) {
                return Err(error);
            }
        }
    }
    Ok(true)
}

async fn look(errands: &mut Errands<'_>, sought: &Sought) -> Result<Fate> {
    let (account, id) = (errands.account, sought.id);
    if sought.provider_ref.is_some() {
        let submitter = errands.engine.submitter(account).await?;
        let fate = submitter.fate(&sought.message_id, sought.provider_ref.as_deref(), errands.cancel).await;
        submitter.close().await;
        match fate? {
            Fate::Unknown => {}
            told => return Ok(told),
        }
    }
    let mailboxes = errands
        .engine
        .store()
        .read(move |r| {
            let letter = store::submission::get(r, id)?;
            let own: Vec<String> = store::account::identities(r, account)?
                .iter()
                .map(|identity| mail::address::normal(&identity.email))
                .collect();
            let to_self = letter.recipients.iter().any(|to| own.contains(&mail::address::normal(&to.email)));
            let mut keys = Vec::new();
            let roles: &[MailboxRole] =
                if to_self { &[MailboxRole::Sent, MailboxRole::Inbox] } else { &[MailboxRole::Sent] };
            for role in roles {
                if let Some(mailbox) = store::mailbox::by_role(r, account, *role)? {
                    keys.push(store::mailbox::key(r, mailbox)?);
                }
            }
            Ok(keys)
        })
        .await?;
    let remote = errands.remote().await?;
    for mailbox in mailboxes {
        if !remote.find(&mailbox, &sought.message_id, errands.cancel).await?.is_empty() {
            return Ok(Fate::Sent);
        }
    }
    Ok::<_, Error>(Fate::Unknown)
}
