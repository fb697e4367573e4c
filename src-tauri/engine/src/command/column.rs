//! Commands of the noun `column`.

use crate::Engine;
use model::Result;
use model::base::{
    Column, ColumnAddArgs, ColumnDuplicateArgs, ColumnRef, ColumnUpdateArgs, FormulaFunction, FormulaPreview,
    PreviewFormulaArgs,
};
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
        description: args.description,
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

/// `column.duplicate`
pub(crate) async fn duplicate(engine: &Engine, args: ColumnDuplicateArgs) -> Result<Column> {
    engine
        .write_base(&args.base, move |base| base.duplicate_column(args.table, args.column, args.name.as_deref()))
        .await
}

/// `column.preview_formula`
pub(crate) async fn preview_formula(engine: &Engine, args: PreviewFormulaArgs) -> Result<FormulaPreview> {
    engine.read_base(&args.base.clone(), move |base| base.preview_formula(&args)).await
}

/// `column.names`: the persons or departments in a column.
pub(crate) async fn names(engine: &Engine, args: ColumnRef) -> Result<Vec<String>> {
    engine.read_base(&args.base.clone(), move |base| base.names(&args)).await
}

/// `column.functions`: what formulas may call.
pub(crate) async fn functions(_engine: &Engine, _args: Nothing) -> Result<Vec<FormulaFunction>> {
    Ok(::base::formula::catalogue())
}
