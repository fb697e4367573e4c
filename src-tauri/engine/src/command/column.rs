//! Commands of the noun `column`.

use crate::Engine;
use model::Result;
use model::base::{Column, ColumnAddArgs, ColumnRef, ColumnUpdateArgs};
use model::setting::Nothing;
use store::base::ColumnChange;

/// `column.add`
pub(crate) async fn add(engine: &Engine, args: ColumnAddArgs) -> Result<Column> {
    engine.write_base(&args.base, move |base| base.add_column(args.table, &args.name, args.kind, args.settings)).await
}

/// `column.update`
pub(crate) async fn update(engine: &Engine, args: ColumnUpdateArgs) -> Result<Column> {
    let change = ColumnChange {
        name: args.name,
        kind: args.kind,
        settings: args.settings,
        width: args.width,
        position: args.position,
    };
    engine.write_base(&args.base, move |base| base.update_column(args.table, args.column, &change)).await
}

/// `column.remove`
pub(crate) async fn remove(engine: &Engine, args: ColumnRef) -> Result<Nothing> {
    engine.write_base(&args.base, move |base| base.remove_column(args.table, args.column)).await?;
    Ok(Nothing {})
}
