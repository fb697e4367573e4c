//! Commands of the noun `submission`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `submission.send`
pub(crate) async fn send(_engine: &Engine, _args: model::submission::SendArgs) -> Result<model::submission::Submission> {
    unbuilt()
}

/// `submission.compose`
pub(crate) async fn compose(_engine: &Engine, _args: model::submission::ComposeArgs) -> Result<model::submission::Submission> {
    unbuilt()
}

/// `submission.list`
pub(crate) async fn list(_engine: &Engine, _args: model::submission::SubmissionListArgs) -> Result<model::submission::SubmissionPage> {
    unbuilt()
}

/// `submission.get`
pub(crate) async fn get(_engine: &Engine, _args: model::submission::SubmissionRef) -> Result<model::submission::Submission> {
    unbuilt()
}

/// `submission.cancel`
pub(crate) async fn cancel(_engine: &Engine, _args: model::submission::SubmissionRef) -> Result<model::submission::Cancelled> {
    unbuilt()
}

/// `submission.retry`
pub(crate) async fn retry(_engine: &Engine, _args: model::submission::SubmissionRef) -> Result<model::submission::Submission> {
    unbuilt()
}

/// `submission.settle`
pub(crate) async fn settle(_engine: &Engine, _args: model::submission::SettleArgs) -> Result<model::submission::Submission> {
    unbuilt()
}

/// `submission.pause`
pub(crate) async fn pause(_engine: &Engine, _args: model::account::AccountScope) -> Result<model::setting::Nothing> {
    unbuilt()
}

/// `submission.resume`
pub(crate) async fn resume(_engine: &Engine, _args: model::account::AccountScope) -> Result<model::setting::Nothing> {
    unbuilt()
}
