//! Commands of the noun `record`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `record.list`
pub(crate) async fn list(_engine: &Engine, _args: model::base::RecordListArgs) -> Result<model::base::RecordPage> {
    unbuilt()
}

/// `record.add`
pub(crate) async fn add(_engine: &Engine, _args: model::base::RecordAddArgs) -> Result<model::base::BaseAct> {
    unbuilt()
}

/// `record.update`
pub(crate) async fn update(_engine: &Engine, _args: model::base::RecordUpdateArgs) -> Result<model::base::BaseAct> {
    unbuilt()
}

/// `record.remove`
pub(crate) async fn remove(_engine: &Engine, _args: model::base::RecordRefs) -> Result<model::base::BaseAct> {
    unbuilt()
}

/// `record.mail`
pub(crate) async fn mail(_engine: &Engine, _args: model::base::RecordRef) -> Result<model::message::MessagePage> {
    unbuilt()
}
