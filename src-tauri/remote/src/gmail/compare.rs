//! Everything here against everything there, by lists of ids: no message is fetched for it.
//!
//! A list of ids a label costs a hundredth of asking for every message. What is on no list at all is
//! gone; the lists were read to their end, or there is no comparison.

use super::label::{self, ALL_MAIL, DRAFT, INBOX, SENT, SPAM, STARRED, TRASH, UNREAD};
use super::pull::Pull;
use model::Result;
use model::message::Flags;
use std::collections::{HashMap, HashSet};

/// The system's labels that say where a message is and what its flags are.
pub const LABELS: [&str; 7] = [INBOX, SENT, DRAFT, SPAM, TRASH, UNREAD, STARRED];

/// What the store has of a message.
#[derive(Default)]
struct Here {
    places: Vec<u16>,
    flags: Flags,
}

/// Brings mailboxes and flags of what is here in step. What is missing here is left to be fetched.
pub async fn compare(pull: &mut Pull<'_>) -> Result<()> {
    pull.flush(None).await?;
    let mut labels: Vec<String> = LABELS.map(str::to_owned).to_vec();
    labels.extend(pull.own_labels());
    let mut names: Vec<String> = vec![ALL_MAIL.to_owned()];
    names.extend(labels.iter().filter(|l| !matches!(l.as_str(), UNREAD | STARRED)).cloned());
    let mut here: HashMap<String, Here> = HashMap::new();
    for (number, name) in names.iter().enumerate() {
        for known in pull.local.known(name).await? {
            let one = here.entry(known.key).or_default();
            one.places.push(number as u16);
            one.flags = union(one.flags, known.flags);
        }
    }
    if here.is_empty() {
        return Ok(());
    }
    let all: HashSet<String> = pull.list(&[]).await?.into_iter().map(|one| one.id).collect();
    let mut there: HashMap<&String, Vec<u16>> = HashMap::new();
    let mut lists = Vec::with_capacity(labels.len());
    for name in &labels {
        lists.push(pull.list(&[("labelIds", name)]).await?);
    }
    for (number, list) in lists.iter().enumerate() {
        for one in list {
            if here.contains_key(&one.id) {
                there.entry(&one.id).or_default().push(number as u16);
            }
        }
    }
    for (id, have) in &here {
        let Some(numbers) = there.get(id) else {
            if all.contains(id) {
                pull.settle(id, &[], have.flags, &place_names(&names, have)).await?;
            } else {
                pull.gone(id.clone());
            }
            continue;
        };
        let of_server: Vec<String> = numbers.iter().filter_map(|n| labels.get(usize::from(*n))).cloned().collect();
        pull.settle(id, &of_server, have.flags, &place_names(&names, have)).await?;
    }
    pull.flush(None).await
}

fn place_names<'n>(names: &'n [String], here: &Here) -> HashSet<&'n str> {
    here.places.iter().filter_map(|n| names.get(usize::from(*n))).map(String::as_str).collect()
}

fn union(one: Flags, other: Flags) -> Flags {
    Flags {
        seen: one.seen || other.seen,
        flagged: one.flagged || other.flagged,
        answered: one.answered || other.answered,
        forwarded: one.forwarded || other.forwarded,
        draft: one.draft || other.draft,
    }
}

impl Pull<'_> {
    /// Places a message anew where the labels of the server differ from what is here.
    async fn settle(&mut self, id: &str, labels: &[String], flags: Flags, places: &HashSet<&str>) -> Result<()> {
        let told = label::flags(labels);
        let wanted = label::places(labels);
        let same_flags = (told.seen, told.flagged, told.draft) == (flags.seen, flags.flagged, flags.draft);
        let same_places = wanted.len() == places.len() && wanted.iter().all(|place| places.contains(place.as_str()));
        if same_flags && same_places {
            return Ok(());
        }
        self.place(id.to_owned(), labels).await
    }
}
