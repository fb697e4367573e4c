//! Commands of the noun `mailbox`.

use crate::Engine;
use model::Result;
use model::mailbox::{Mailbox, MailboxListArgs};

/// `mailbox.list`
pub(crate) async fn list(engine: &Engine, args: MailboxListArgs) -> Result<Vec<Mailbox>> {
    engine.store().read(move |r| store::mailbox::list(r, args.account_id)).await
}
