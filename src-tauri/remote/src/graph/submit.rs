//! Letters out over Microsoft Graph: a draft, then its `/send`.

use super::{GraphAccess, closed};
use crate::contract::{Letter, PhaseLog, Submit, SubmitError, Submitted};
use async_trait::async_trait;
use model::Result;
use tokio_util::sync::CancellationToken;

/// An account's way for letters.
pub struct GraphSubmit {
    access: GraphAccess,
}

impl GraphSubmit {
    /// An account's submitter; connects when it is first needed.
    pub fn new(access: GraphAccess) -> Self {
        Self { access }
    }
}

#[async_trait]
impl Submit for GraphSubmit {
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
