//! The letters of a run: frozen in chunks, each chunk in one transaction with the run's place.
//!
//! Two makers of one run do no harm: a chunk is kept only where the run stands where the maker
//! found it, and the schema refuses a second letter for a record and recipient.

use super::{plan, quote};
use crate::Engine;
use crate::outbox::ledger::{self, Freeze};
use crate::outbox::letter;
use mail::compose::{Built, Outgoing};
use model::bulk::RunState;
use model::message::Address;
use model::{Error, ErrorCode, RecordId, Result, RunId};
use store::run::Making;
use store::submission::ForRecord;

/// Letters of one transaction.
const CHUNK: u32 = 100;

/// Makes the next letters of a run; false where all are made or the run was stopped.
pub(crate) async fn chunk(engine: &Engine, run: RunId) -> Result<bool> {
    let making = engine.store().read(move |r| store::run::making(r, run, CHUNK)).await?;
    if making.letters.is_empty() || making.state == RunState::Stopped {
        return Ok(false);
    }
    let account = making.args.account;
    let identity = engine
        .store()
        .read(move |r| Ok(store::account::identities(r, account)?.into_iter().find(|i| i.main)))
        .await?
        .ok_or_else(|| Error::not_found("The account of this run is no longer there."))?;
    let (from, upto) = (making.made, making.made + making.letters.len() as u32);
    let store = engine.store().clone();
    let now = store.now();
    let letters = engine
        .read_base(&making.args.base.clone(), move |base| {
            let columns = plan::columns(base, &making.args)?;
            let template = &making.template;
            let compiled = quote::compile(&template.subject, template.html.as_deref(), &template.text, &columns)?;
            let ids: Vec<RecordId> = making.letters.iter().map(|(record, _)| *record).collect();
            let shown = base.shown_all(making.args.table, &ids)?;
            let mut letters = Vec::with_capacity(making.letters.len());
            for (record, to) in &making.letters {
                let Some((_, cells)) = shown.iter().find(|(id, _)| id == record) else { continue };
                let Ok(rendered) = quote::render(&compiled, &columns, cells) else { continue };
                let outgoing = Outgoing {
                    from: Address { name: identity.name.clone(), email: identity.email.clone() },
                    to: vec![Address { name: String::new(), email: to.clone() }],
                    subject: rendered.subject,
                    date: now,
                    message_id: letter::new_message_id(&identity.email)?,
                    html: rendered.html.map(|html| letter::document(&html)),
                    text: rendered.text,
                    ..Outgoing::default()
                };
                let Ok(built) = letter::build(&outgoing) else { continue };
                letters.push(Letter { record: *record, built, freeze: freeze(&making, outgoing, now) });
            }
            Ok((making, letters))
        })
        .await;
    let (making, letters) = match letters {
        Ok(made) => made,
        Err(error)
            if matches!(
                error.code,
                ErrorCode::NotFound | ErrorCode::Template | ErrorCode::Damaged | ErrorCode::Newer
            ) =>
        {
            // The base, the table or a quoted column is gone: what is not made by now never will be.
            tracing::warn!(%run, %error, "a run can't make its letters any more");
            store.write_durable(move |w| store::run::set_state(w, run, RunState::Stopped)).await?;
            return Ok(false);
        }
        Err(error) => return Err(error),
    };
    let left_out = making.letters.len() - letters.len();
    let blobs = store.clone();
    let rows = crate::bases::blocking(move || {
        let hashes = blobs.content().put_all(&letters.iter().map(|l| l.built.bytes.as_slice()).collect::<Vec<_>>())?;
        letters
            .into_iter()
            .zip(hashes)
            .map(|(letter, content)| {
                let record =
                    ForRecord { run, base: making.args.base.clone(), table: making.args.table, record: letter.record };
                ledger::new_submission(&letter.freeze, content, letter.built.size, Some(record))
            })
            .collect::<Result<Vec<_>>>()
    })
    .await?;
    store
        .write_durable(move |w| {
            let (made, state) = store::run::made(w, run)?;
            if made != from || state == RunState::Stopped {
                return Ok(state != RunState::Stopped);
            }
            for mut row in rows {
                row.held = state == RunState::Paused;
                store::submission::insert(w, &row)?;
            }
            store::run::set_made(w, run, upto, left_out as u32)?;
            Ok(true)
        })
        .await
}

struct Letter {
    record: RecordId,
    built: Built,
    freeze: Freeze,
}

fn freeze(making: &Making, outgoing: Outgoing, now: model::Timestamp) -> Freeze {
    // The bytes are built; only the envelope is read from here on.
    Freeze {
        account: making.args.account,
        outgoing: Outgoing { html: None, text: String::new(), ..outgoing },
        send_at: now,
        draft: None,
        original: None,
        provider_thread: None,
    }
}
