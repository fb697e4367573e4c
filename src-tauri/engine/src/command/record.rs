//! Commands of the noun `record`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;
use model::base::{BaseAct, RecordAddArgs, RecordListArgs, RecordPage, RecordRef, RecordRefs, RecordUpdateArgs};

/// `record.list`
pub(crate) async fn list(engine: &Engine, args: RecordListArgs) -> Result<RecordPage> {
    engine.read_base(&args.base.clone(), move |base| base.list(&args)).await
}

/// `record.add`
pub(crate) async fn add(engine: &Engine, args: RecordAddArgs) -> Result<BaseAct> {
    engine.write_base(&args.base, move |base| base.add_records(args.table, &args.records)).await
}

/// `record.update`
pub(crate) async fn update(engine: &Engine, args: RecordUpdateArgs) -> Result<BaseAct> {
    engine.write_base(&args.base, move |base| base.update_records(args.table, &args.records)).await
}

/// `record.remove`
pub(crate) async fn remove(engine: &Engine, args: RecordRefs) -> Result<BaseAct> {
    engine.write_base(&args.base, move |base| base.remove_records(args.table, &args.records)).await
}

/// `record.mail`
pub(crate) async fn mail(_engine: &Engine, _args: RecordRef) -> Result<model::message::MessagePage> {
    unbuilt()
}
