//! What can be asked of a profile without an engine on it: no runtime, no secrets, no workers.
//!
//! For a program that asks one thing and ends. Whoever stays, or changes something, opens an [`crate::Engine`].

use model::message::{MessageListArgs, MessagePage};
use model::{Result, SystemClock};
use std::path::Path;
use std::sync::Arc;
use store::Store;
use store::search::Today;

/// What `message.list` answers on this profile.
///
/// # Errors
/// As [`crate::Engine::open`], and as the command.
pub fn messages(profile: &Path, args: &MessageListArgs) -> Result<MessagePage> {
    let store = Store::open(profile, Arc::new(SystemClock))?;
    let today = Today { now: store.now(), zone: None };
    store.read_now(|read| store::list::messages(read, args, &today))
}
