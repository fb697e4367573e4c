//! Commands of the noun `view`.

use crate::Engine;
use model::Result;
use model::base::{TableRef, View, ViewAddArgs, ViewMoveArgs, ViewRef, ViewRemoved, ViewUpdateArgs};
use model::setting::Nothing;

/// `view.add`
pub(crate) async fn add(engine: &Engine, args: ViewAddArgs) -> Result<View> {
    engine.write_base(&args.base, move |base| base.add_view(args.table, &args.name, args.kind, args.copy_of)).await
}

/// `view.update`
pub(crate) async fn update(engine: &Engine, args: ViewUpdateArgs) -> Result<View> {
    engine.write_base(&args.base, move |base| base.update_view(args.table, &args.view)).await
}

/// `view.move_to`
pub(crate) async fn move_to(engine: &Engine, args: ViewMoveArgs) -> Result<Nothing> {
    engine.write_base(&args.base, move |base| base.move_view(args.table, args.view, args.position)).await?;
    Ok(Nothing {})
}

/// `view.claim`
pub(crate) async fn claim(engine: &Engine, args: TableRef) -> Result<Vec<View>> {
    engine.write_base(&args.base, move |base| base.claim_views(args.table)).await
}

/// `view.remove`
pub(crate) async fn remove(engine: &Engine, args: ViewRef) -> Result<ViewRemoved> {
    engine.write_base(&args.base, move |base| base.remove_view(args.table, args.view)).await
}
