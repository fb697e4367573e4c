//! Commands of the noun `operation`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `operation.undo`
pub(crate) async fn undo(_engine: &Engine, _args: model::message::UndoArgs) -> Result<model::setting::Nothing> {
    unbuilt()
}

/// `operation.pending`
pub(crate) async fn pending(_engine: &Engine, _args: model::setting::Nothing) -> Result<Vec<model::message::PendingOperation>> {
    unbuilt()
}
