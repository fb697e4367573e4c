//! Commands of the noun `bulk`.

use crate::Engine;
use crate::bulk as work;
use model::bulk::{BulkArgs, BulkPlan, Run, RunRef, RunState};
use model::setting::Nothing;
use model::{Error, Result, RunId};
use store::run::NewRun;

/// Letters made before `bulk.send` answers; the outbox makes the rest.
const AT_ONCE: u32 = 500;
/// The longest pace, seconds.
const PACE_MAX_SECONDS: u32 = 24 * 3600;

/// `bulk.plan`
pub(crate) async fn plan(engine: &Engine, args: BulkArgs) -> Result<BulkPlan> {
    Ok(work::plan::plan(engine, &args).await?.1.report)
}

/// `bulk.send`
pub(crate) async fn send(engine: &Engine, args: BulkArgs) -> Result<Run> {
    if args.pace_seconds > PACE_MAX_SECONDS {
        return Err(Error::invalid("The pace is at most one letter a day."));
    }
    let (template, planned) = work::plan::plan(engine, &args).await?;
    if let Some(error) = planned.report.template_error {
        return Err(error);
    }
    if planned.letters.is_empty() {
        return Err(
            Error::invalid("No record gives a letter.").remedy("The dry run says what is wrong with each of them.")
        );
    }
    let new = NewRun { args, template, letters: planned.letters };
    let run = engine.store().write_durable(move |w| store::run::insert(w, &new)).await?;
    let mut made = 0;
    while made < AT_ONCE && work::chunk(engine, run).await? {
        made = engine.store().read(move |r| Ok(store::run::made(r, run)?.0)).await?;
    }
    status(engine, RunRef { id: run }).await
}

/// `bulk.list`
pub(crate) async fn list(engine: &Engine, _args: Nothing) -> Result<Vec<Run>> {
    engine.store().read(|r| store::run::list(r)).await
}

/// `bulk.status`
pub(crate) async fn status(engine: &Engine, args: RunRef) -> Result<Run> {
    engine.store().read(move |r| store::run::status(r, args.id)).await
}

/// `bulk.pause`
pub(crate) async fn pause(engine: &Engine, args: RunRef) -> Result<Run> {
    set(engine, args.id, RunState::Paused).await
}

/// `bulk.resume`
pub(crate) async fn resume(engine: &Engine, args: RunRef) -> Result<Run> {
    set(engine, args.id, RunState::Running).await
}

/// `bulk.stop`
pub(crate) async fn stop(engine: &Engine, args: RunRef) -> Result<Run> {
    set(engine, args.id, RunState::Stopped).await
}

async fn set(engine: &Engine, id: RunId, state: RunState) -> Result<Run> {
    engine
        .store()
        .write_durable(move |w| {
            store::run::set_state(w, id, state)?;
            store::run::status(w, id)
        })
        .await
}
