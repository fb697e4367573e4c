//! Commands of the noun `message`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `message.list`
pub(crate) async fn list(_engine: &Engine, _args: model::message::MessageListArgs) -> Result<model::message::MessagePage> {
    unbuilt()
}

/// `message.get`
pub(crate) async fn get(_engine: &Engine, _args: model::message::MessageRef) -> Result<model::message::Message> {
    unbuilt()
}

/// `message.body`
pub(crate) async fn body(_engine: &Engine, _args: model::message::MessageRef) -> Result<model::message::MessageBody> {
    unbuilt()
}

/// `message.flag`
pub(crate) async fn flag(_engine: &Engine, _args: model::message::FlagArgs) -> Result<model::message::Undoable> {
    unbuilt()
}

/// `message.move_to`
pub(crate) async fn move_to(_engine: &Engine, _args: model::message::MoveArgs) -> Result<model::message::Undoable> {
    unbuilt()
}

/// `message.archive`
pub(crate) async fn archive(_engine: &Engine, _args: model::message::ActArgs) -> Result<model::message::Undoable> {
    unbuilt()
}

/// `message.delete`
pub(crate) async fn delete(_engine: &Engine, _args: model::message::ActArgs) -> Result<model::message::Undoable> {
    unbuilt()
}

/// `message.junk`
pub(crate) async fn junk(_engine: &Engine, _args: model::message::ActArgs) -> Result<model::message::Undoable> {
    unbuilt()
}

/// `message.save_attachment`
pub(crate) async fn save_attachment(_engine: &Engine, _args: model::message::SaveAttachmentArgs) -> Result<model::message::SavedFiles> {
    unbuilt()
}

/// `message.allow_remote`
pub(crate) async fn allow_remote(_engine: &Engine, _args: model::message::AllowRemoteArgs) -> Result<model::setting::Nothing> {
    unbuilt()
}
