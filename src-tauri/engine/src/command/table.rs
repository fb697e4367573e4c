//! Commands of the noun `table`.

use crate::Engine;
use model::Result;
use model::base::{Table, TableCreateArgs, TableDuplicateArgs, TableMoveArgs, TableRef, TableUpdateArgs};
use model::setting::Nothing;

/// `table.create`
pub(crate) async fn create(engine: &Engine, args: TableCreateArgs) -> Result<Table> {
    engine.write_base(&args.base, move |base| base.create_table(&args.name)).await
}

/// `table.update`
pub(crate) async fn update(engine: &Engine, args: TableUpdateArgs) -> Result<Table> {
    engine
        .write_base(&args.base, move |base| {
            base.update_table(args.table, args.name.as_deref(), args.description.as_deref(), args.hidden)
        })
        .await
}

/// `table.remove`
pub(crate) async fn remove(engine: &Engine, args: TableRef) -> Result<Nothing> {
    engine.write_base(&args.base, move |base| base.remove_table(args.table)).await?;
    Ok(Nothing {})
}

/// `table.move_to`
pub(crate) async fn move_to(engine: &Engine, args: TableMoveArgs) -> Result<Nothing> {
    engine.write_base(&args.base, move |base| base.move_table(args.table, args.position)).await?;
    Ok(Nothing {})
}

/// `table.duplicate`
pub(crate) async fn duplicate(engine: &Engine, args: TableDuplicateArgs) -> Result<Table> {
    engine.write_base(&args.base, move |base| base.duplicate_table(args.table, &args.name, args.records)).await
}
