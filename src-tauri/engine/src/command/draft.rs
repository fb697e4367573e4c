//! Commands of the noun `draft`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `draft.list`
pub(crate) async fn list(_engine: &Engine, _args: model::setting::Nothing) -> Result<Vec<model::draft::Draft>> {
    unbuilt()
}

/// `draft.get`
pub(crate) async fn get(_engine: &Engine, _args: model::draft::DraftRef) -> Result<model::draft::Draft> {
    unbuilt()
}

/// `draft.create`
pub(crate) async fn create(_engine: &Engine, _args: model::draft::DraftCreateArgs) -> Result<model::draft::Draft> {
    unbuilt()
}

/// `draft.open`
pub(crate) async fn open(_engine: &Engine, _args: model::message::MessageRef) -> Result<model::draft::Draft> {
    unbuilt()
}

/// `draft.save`
pub(crate) async fn save(_engine: &Engine, _args: model::draft::DraftSaveArgs) -> Result<model::draft::Draft> {
    unbuilt()
}

/// `draft.attach`
pub(crate) async fn attach(_engine: &Engine, _args: model::draft::DraftAttachArgs) -> Result<model::draft::Draft> {
    unbuilt()
}

/// `draft.detach`
pub(crate) async fn detach(_engine: &Engine, _args: model::draft::DraftDetachArgs) -> Result<model::draft::Draft> {
    unbuilt()
}

/// `draft.check`
pub(crate) async fn check(_engine: &Engine, _args: model::draft::DraftRef) -> Result<Vec<model::draft::DraftWarning>> {
    unbuilt()
}

/// `draft.discard`
pub(crate) async fn discard(_engine: &Engine, _args: model::draft::DraftRef) -> Result<model::setting::Nothing> {
    unbuilt()
}
