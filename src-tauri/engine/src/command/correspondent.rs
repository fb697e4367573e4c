//! Commands of the noun `correspondent`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `correspondent.complete`
pub(crate) async fn complete(_engine: &Engine, _args: model::message::CompleteArgs) -> Result<Vec<model::message::Address>> {
    unbuilt()
}
