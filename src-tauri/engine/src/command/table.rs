//! Commands of the noun `table`.

use crate::Engine;
use model::Result;
use model::base::{Table, TableCreateArgs, TableRef, TableUpdateArgs};
use model::setting::Nothing;

/// `table.create`
pub(crate) async fn create(engine: &Engine, args: TableCreateArgs) -> Result<Table> {
    engine.write_base(&args.base, move |base| base.create_table(&args.name)).await
}

/// `table.update`
pub(crate) async fn update(engine: &Engine, args: TableUpdateArgs) -> Result<Table> {
    engine
        .write_base(&args.base, move |base| {
            base.update_table(args.table, args.name.as_deref(), args.description.as_deref())
        })
        .await
}

/// `table.remove`
pub(crate) async fn remove(engine: &Engine, args: TableRef) -> Result<Nothing> {
    engine.write_base(&args.base, move |base| base.remove_table(args.table)).await?;
    Ok(Nothing {})
}
