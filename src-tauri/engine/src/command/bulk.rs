//! Commands of the noun `bulk`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `bulk.plan`
pub(crate) async fn plan(_engine: &Engine, _args: model::bulk::BulkArgs) -> Result<model::bulk::BulkPlan> {
    unbuilt()
}

/// `bulk.send`
pub(crate) async fn send(_engine: &Engine, _args: model::bulk::BulkArgs) -> Result<model::bulk::Run> {
    unbuilt()
}

/// `bulk.list`
pub(crate) async fn list(_engine: &Engine, _args: model::setting::Nothing) -> Result<Vec<model::bulk::Run>> {
    unbuilt()
}

/// `bulk.status`
pub(crate) async fn status(_engine: &Engine, _args: model::bulk::RunRef) -> Result<model::bulk::Run> {
    unbuilt()
}

/// `bulk.pause`
pub(crate) async fn pause(_engine: &Engine, _args: model::bulk::RunRef) -> Result<model::bulk::Run> {
    unbuilt()
}

/// `bulk.resume`
pub(crate) async fn resume(_engine: &Engine, _args: model::bulk::RunRef) -> Result<model::bulk::Run> {
    unbuilt()
}

/// `bulk.stop`
pub(crate) async fn stop(_engine: &Engine, _args: model::bulk::RunRef) -> Result<model::bulk::Run> {
    unbuilt()
}
