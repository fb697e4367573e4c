//! The messages a new user finds in the sandbox.

use crate::Engine;
use model::{AccountId, Result};

/// Delivers the sample messages.
pub(super) async fn deliver(_engine: &Engine, _account: AccountId, _language: &str) -> Result<()> {
    Ok(())
}
