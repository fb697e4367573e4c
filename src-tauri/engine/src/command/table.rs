//! Commands of the noun `table`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `table.create`
pub(crate) async fn create(_engine: &Engine, _args: model::base::TableCreateArgs) -> Result<model::base::Table> {
    unbuilt()
}

/// `table.update`
pub(crate) async fn update(_engine: &Engine, _args: model::base::TableUpdateArgs) -> Result<model::base::Table> {
    unbuilt()
}

/// `table.remove`
pub(crate) async fn remove(_engine: &Engine, _args: model::base::TableRef) -> Result<model::setting::Nothing> {
    unbuilt()
}
