//! Commands of the noun `mailbox`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `mailbox.list`
pub(crate) async fn list(_engine: &Engine, _args: model::mailbox::MailboxListArgs) -> Result<Vec<model::mailbox::Mailbox>> {
    unbuilt()
}
