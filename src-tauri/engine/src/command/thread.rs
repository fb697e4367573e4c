//! Commands of the noun `thread`.

use crate::Engine;
use crate::part::{examine, today};
use model::Result;
use model::message::{ActArgs, SnoozeArgs, Thread, ThreadListArgs, ThreadPage, ThreadRef, Undoable};

/// `thread.list`
pub(crate) async fn list(engine: &Engine, args: ThreadListArgs) -> Result<ThreadPage> {
    let today = today(engine);
    engine.store().read(move |r| store::list::threads(r, &args, &today)).await
}

/// `thread.get`
pub(crate) async fn get(engine: &Engine, args: ThreadRef) -> Result<Thread> {
    let mut thread = engine.store().read(move |r| store::list::thread(r, args.id)).await?;
    examine(engine, &mut thread.messages).await?;
    Ok(thread)
}

/// `thread.snooze`
pub(crate) async fn snooze(engine: &Engine, args: SnoozeArgs) -> Result<Undoable> {
    engine.store().write(move |w| store::operation::snooze(w, &args.selection, args.until)).await
}

/// `thread.unsnooze`
pub(crate) async fn unsnooze(engine: &Engine, args: ActArgs) -> Result<Undoable> {
    engine.store().write(move |w| store::operation::unsnooze(w, &args.selection)).await
}
