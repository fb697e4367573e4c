//! Commands of the noun `view`.

use crate::Engine;
use model::Result;
use model::base::{View, ViewUpdateArgs};

/// `view.update`
pub(crate) async fn update(engine: &Engine, args: ViewUpdateArgs) -> Result<View> {
    engine.write_base(&args.base, move |base| base.update_view(args.table, &args.view)).await
}
