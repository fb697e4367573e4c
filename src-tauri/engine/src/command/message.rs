//! Commands of the noun `message`.

use crate::Engine;
use crate::part::{body_of, examine, save_attachments, today};
use model::Result;
use model::exchange::{ExchangeProgress, TicketArgs};
use model::message::{
    ActArgs, AllowRemoteArgs, FlagArgs, KeywordArgs, MailExportArgs, MailExported, MailImportArgs, MailImported,
    MailResyncArgs, MailResynced, Message, MessageBody, MessageListArgs, MessagePage, MessageRef, MoveArgs,
    SaveAttachmentArgs, SavedFiles, Undoable,
};
use model::setting::Nothing;

/// The shortest time a deletion for good can be taken back, seconds.
const UNDO_SECONDS_MIN: u32 = 5;

/// `message.list`
pub(crate) async fn list(engine: &Engine, args: MessageListArgs) -> Result<MessagePage> {
    let today = today(engine);
    engine.store().read(move |r| store::list::messages(r, &args, &today)).await
}

/// `message.get`
pub(crate) async fn get(engine: &Engine, args: MessageRef) -> Result<Message> {
    let message = engine.store().read(move |r| store::message::get(r, args.id)).await?;
    let mut one = vec![message];
    examine(engine, &mut one).await?;
    one.pop().ok_or_else(|| model::Error::not_found("This message is no longer there."))
}

/// `message.body`
pub(crate) async fn body(engine: &Engine, args: MessageRef) -> Result<MessageBody> {
    body_of(engine, args.id).await
}

/// `message.flag`
pub(crate) async fn flag(engine: &Engine, args: FlagArgs) -> Result<Undoable> {
    engine.store().write(move |w| store::operation::flag(w, &args)).await
}

/// `message.keyword`
pub(crate) async fn keyword(engine: &Engine, args: KeywordArgs) -> Result<Undoable> {
    engine.store().write(move |w| store::operation::keyword(w, &args)).await
}

/// `message.move_to`
pub(crate) async fn move_to(engine: &Engine, args: MoveArgs) -> Result<Undoable> {
    engine.store().write(move |w| store::operation::move_to(w, &args.selection, args.mailbox_id)).await
}

/// `message.archive`
pub(crate) async fn archive(engine: &Engine, args: ActArgs) -> Result<Undoable> {
    engine.store().write(move |w| store::operation::archive(w, &args.selection)).await
}

/// `message.delete`
pub(crate) async fn delete(engine: &Engine, args: ActArgs) -> Result<Undoable> {
    engine
        .store()
        .write(move |w| {
            let seconds = store::setting::get(w)?.undo_seconds.max(UNDO_SECONDS_MIN);
            store::operation::delete(w, &args.selection, i64::from(seconds) * 1000)
        })
        .await
}

/// `message.junk`
pub(crate) async fn junk(engine: &Engine, args: ActArgs) -> Result<Undoable> {
    engine.store().write(move |w| store::operation::junk(w, &args.selection)).await
}

/// `message.save_attachment`
pub(crate) async fn save_attachment(engine: &Engine, args: SaveAttachmentArgs) -> Result<SavedFiles> {
    save_attachments(engine, &args).await
}

/// `message.import_file`
pub(crate) async fn import_file(engine: &Engine, args: MailImportArgs) -> Result<MailImported> {
    crate::files::import(engine, args).await
}

/// `message.resync`
pub(crate) async fn resync(engine: &Engine, args: MailResyncArgs) -> Result<MailResynced> {
    crate::sync::resync(engine, args).await
}

/// `message.export_file`
pub(crate) async fn export_file(engine: &Engine, args: MailExportArgs) -> Result<MailExported> {
    crate::files::export(engine, args).await
}

/// `message.progress`
pub(crate) async fn progress(engine: &Engine, args: TicketArgs) -> Result<ExchangeProgress> {
    Ok(engine.tickets().progress(&args.ticket))
}

/// `message.stop`
pub(crate) async fn stop(engine: &Engine, args: TicketArgs) -> Result<Nothing> {
    engine.tickets().stop(&args.ticket);
    Ok(Nothing {})
}

/// `message.allow_remote`
pub(crate) async fn allow_remote(engine: &Engine, args: AllowRemoteArgs) -> Result<Nothing> {
    engine.store().write(move |w| store::message::allow_remote(w, args.id, args.sender)).await?;
    Ok(Nothing {})
}
