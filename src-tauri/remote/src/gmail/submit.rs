//! Letters out over Google Graph: a draft, then its `/send`.

use super::{GmailAccess, closed};
use crate::contract::{Letter, PhaseLog, Submit, SubmitError, Submitted};
use async_trait::async_trait;
use model::Result;
use tokio_util::sync::CancellationToken;

/// An account's way for letters.
pub struct GmailSubmit {
    access: GmailAccess,
}

impl GmailSubmit {
    /// An account's submitter; connects when it is first needed.
    pub fn new(access: GmailAccess) -> Self {
        Self { access }
    }
}

#[async_trait]
impl Submit for GmailSubmit {
    async fn submit(
        &self,
        _: &Letter,
        _: &dyn PhaseLog,
        _: &CancellationToken,
    ) -> std::result::Result<Submitted, SubmitError> {
        Err(SubmitError::Before(closed(&self.access)))
    }

    async fn size_limit(&self, _: &CancellationToken) -> Result<Option<u64>> {
        Ok(None)
    }

    fn files_sent_copy(&self) -> bool {
        true
    }

    async fn close(&self) {}
}
