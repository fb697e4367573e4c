//! Commands of the noun `view`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `view.update`
pub(crate) async fn update(_engine: &Engine, _args: model::base::ViewUpdateArgs) -> Result<model::base::View> {
    unbuilt()
}
