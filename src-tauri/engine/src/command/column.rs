//! Commands of the noun `column`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `column.add`
pub(crate) async fn add(_engine: &Engine, _args: model::base::ColumnAddArgs) -> Result<model::base::Column> {
    unbuilt()
}

/// `column.update`
pub(crate) async fn update(_engine: &Engine, _args: model::base::ColumnUpdateArgs) -> Result<model::base::Column> {
    unbuilt()
}

/// `column.remove`
pub(crate) async fn remove(_engine: &Engine, _args: model::base::ColumnRef) -> Result<model::setting::Nothing> {
    unbuilt()
}
