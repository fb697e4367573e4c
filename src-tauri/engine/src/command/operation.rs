//! Commands of the noun `operation`.

use crate::Engine;
use model::Result;
use model::message::{PendingOperation, UndoArgs};
use model::setting::Nothing;

/// `operation.undo`
pub(crate) async fn undo(engine: &Engine, args: UndoArgs) -> Result<Nothing> {
    let mut below = None;
    loop {
        below = engine.store().write(move |w| store::operation::undo_step(w, args.group, below)).await?;
        if below.is_none() {
            break;
        }
    }
    Ok(Nothing {})
}

/// `operation.pending`
pub(crate) async fn pending(engine: &Engine, _args: Nothing) -> Result<Vec<PendingOperation>> {
    let now = engine.store().now();
    engine.store().read(move |r| store::operation::pending(r, now)).await
}
