//! Commands of the noun `profile`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `profile.get`
pub(crate) async fn get(_engine: &Engine, _args: model::setting::Nothing) -> Result<model::setting::Profile> {
    unbuilt()
}

/// `profile.unlock`
pub(crate) async fn unlock(_engine: &Engine, _args: model::setting::UnlockArgs) -> Result<model::setting::Profile> {
    unbuilt()
}

/// `profile.doctor`
pub(crate) async fn doctor(_engine: &Engine, _args: model::setting::Nothing) -> Result<Vec<model::setting::Finding>> {
    unbuilt()
}
