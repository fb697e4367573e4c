//! Commands of the noun `correspondent`.

use crate::Engine;
use crate::bases::blocking;
use model::message::{CompleteArgs, Correspondent};
use model::{Error, Result};
use std::time::{Duration, Instant};
use store::base::registry;
use store::correspondent::{Person, acquaint, arrange};
use store::likeness::Typed;
use tokio::task::JoinSet;

/// How long people are looked for: whoever types does not wait.
const WITHIN: Duration = Duration::from_millis(100);
/// How much later answers of bases are still taken: looking ends by itself at the deadline.
const GRACE: Duration = Duration::from_millis(100);

/// `correspondent.complete`
pub(crate) async fn complete(engine: &Engine, args: CompleteArgs) -> Result<Vec<Correspondent>> {
    if !(1..=50).contains(&args.limit) {
        return Err(Error::invalid("The limit is between 1 and 50."));
    }
    let until = Instant::now() + WITHIN;
    let (typed, limit) = (Typed::new(&args.text), args.limit);
    let looked_for = typed.clone();
    let (mail, mut bases) = tokio::join!(
        engine.store().read(move |r| store::correspondent::complete(r, &looked_for, limit, until)),
        people(engine, &typed, limit, until)
    );
    let mut found = mail?;
    let bases = engine
        .store()
        .read(move |r| {
            acquaint(r, &mut bases)?;
            Ok(bases)
        })
        .await?;
    found.extend(bases);
    Ok(arrange(found, limit)
        .into_iter()
        .map(|p| Correspondent { name: p.name, email: p.email, table: p.table })
        .collect())
}

/// People in the profile's bases. One that is not there, can't be read or does not answer in time is
/// passed over; one that was not open yet is opened meanwhile, for the next letter typed.
async fn people(engine: &Engine, typed: &Typed, limit: u32, until: Instant) -> Vec<Person> {
    if typed.text().is_empty() {
        return Vec::new();
    }
    let Ok(entries) = engine.store().read(|r| registry::list(r)).await else { return Vec::new() };
    let mut asked = JoinSet::new();
    for entry in entries {
        let (engine, typed) = (engine.clone(), typed.clone());
        // Opening goes on when nobody waits for it any more.
        let opening = tokio::spawn(async move {
            let path = entry.file(engine.store().profile());
            if !blocking(move || Ok(path.is_file())).await? {
                return Ok(None);
            }
            Ok::<_, Error>(Some((engine.base(&entry.id).await?, entry.name)))
        });
        asked.spawn(async move {
            match opening.await {
                Ok(Ok(Some((base, name)))) => blocking(move || base.people(&name, &typed, limit, until)).await,
                _ => Ok(Vec::new()),
            }
        });
    }
    let mut found = Vec::new();
    let last = tokio::time::Instant::from_std(until + GRACE);
    while let Ok(Some(answer)) = tokio::time::timeout_at(last, asked.join_next()).await {
        match answer {
            Ok(Ok(people)) => found.extend(people),
            Ok(Err(error)) => tracing::debug!(%error, "a base can't be asked for people"),
            Err(_) => {}
        }
    }
    found
}
