//! Commands of the noun `record`.

use crate::Engine;
use model::Result;
use model::base::{
    BaseAct, CandidateArgs, CandidatePage, RecordAddArgs, RecordListArgs, RecordPage, RecordRef, RecordRefs,
    RecordUpdateArgs,
};
use model::history::{RecordTrashArgs, RecordTrashPage};
use model::message::MessagePage;

/// Messages shown beside a record.
const MAIL_MAX: usize = 200;

/// `record.list`
pub(crate) async fn list(engine: &Engine, args: RecordListArgs) -> Result<RecordPage> {
    engine.read_base(&args.base.clone(), move |base| base.list(&args)).await
}

/// `record.candidates`
pub(crate) async fn candidates(engine: &Engine, args: CandidateArgs) -> Result<CandidatePage> {
    engine.read_base(&args.base.clone(), move |base| base.candidates(&args)).await
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

/// `record.mail`: the newest mail from, to or in copy to the addresses in the record's e-mail columns.
pub(crate) async fn mail(engine: &Engine, args: RecordRef) -> Result<MessagePage> {
    let addresses = engine.read_base(&args.base, move |base| base.addresses(args.table, args.record)).await?;
    let (total, rows) = engine.store().read(move |r| store::addressed::messages(r, &addresses, MAIL_MAX)).await?;
    Ok(MessagePage { total, rows })
}

/// `record.trash`
pub(crate) async fn trash(engine: &Engine, args: RecordTrashArgs) -> Result<RecordTrashPage> {
    engine.read_base(&args.base, move |base| base.record_trash(args.table, args.offset, args.limit)).await
}

/// `record.restore`
pub(crate) async fn restore(engine: &Engine, args: RecordRefs) -> Result<BaseAct> {
    engine.write_base(&args.base, move |base| base.restore_records(args.table, &args.records)).await
}
