//! Which messages a long command means, one by one.

use crate::Engine;
use crate::part::today;
use model::message::{ListScope, ListSort, MessageListArgs, Selection};
use model::{MessageId, Result};

/// Messages listed at once.
const PAGE: u32 = 500;

/// The messages of a selection, or without one all of a scope; the oldest first.
pub(crate) async fn meant(engine: &Engine, scope: ListScope, selection: Option<Selection>) -> Result<Vec<MessageId>> {
    let today = today(engine);
    engine
        .store()
        .read(move |r| {
            if let Some(selection) = &selection {
                return store::message::selected(r, selection);
            }
            let mut args = MessageListArgs { scope, sort: ListSort::Oldest, offset: 0, limit: PAGE };
            let mut ids: Vec<MessageId> = Vec::new();
            loop {
                let page = store::list::messages(r, &args, &today)?;
                ids.extend(page.rows.iter().map(|m| m.id));
                if page.rows.is_empty() || ids.len() >= page.total as usize {
                    return Ok(ids);
                }
                args.offset = ids.len() as u32;
            }
        })
        .await
}
