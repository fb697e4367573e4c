//! Commands of the noun `thread`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `thread.list`
pub(crate) async fn list(_engine: &Engine, _args: model::message::ThreadListArgs) -> Result<model::message::ThreadPage> {
    unbuilt()
}

/// `thread.get`
pub(crate) async fn get(_engine: &Engine, _args: model::message::ThreadRef) -> Result<model::message::Thread> {
    unbuilt()
}
