//! Commands of the noun `record`.

use crate::Engine;
use model::Result;
use model::base::{
    BaseAct, CandidateArgs, CandidatePage, LinkingArgs, RecordAddArgs, RecordDetail, RecordFindArgs, RecordGroups,
    RecordGroupsArgs, RecordHits, RecordListArgs, RecordLockArgs, RecordPage, RecordPosition, RecordPositionArgs,
    RecordPutArgs, RecordRef, RecordRefs, RecordReplaceArgs, RecordStatistics, RecordStatisticsArgs, RecordSummaries,
    RecordSummaryArgs, RecordUpdateArgs,
};
use model::history::{RecordTrashArgs, RecordTrashPage};
use model::message::MessagePage;

/// Messages shown beside a record.
const MAIL_MAX: usize = 200;

/// `record.list`
pub(crate) async fn list(engine: &Engine, args: RecordListArgs) -> Result<RecordPage> {
    engine.read_base(&args.base.clone(), move |base| base.list(&args)).await
}

/// `record.groups`
pub(crate) async fn groups(engine: &Engine, args: RecordGroupsArgs) -> Result<RecordGroups> {
    engine.read_base(&args.base.clone(), move |base| base.groups(&args)).await
}

/// `record.summary`
pub(crate) async fn summary(engine: &Engine, args: RecordSummaryArgs) -> Result<RecordSummaries> {
    engine.read_base(&args.base.clone(), move |base| base.summary(&args)).await
}

/// `record.statistics`
pub(crate) async fn statistics(engine: &Engine, args: RecordStatisticsArgs) -> Result<RecordStatistics> {
    engine.read_base(&args.base.clone(), move |base| base.statistics(&args)).await
}

/// `record.candidates`
pub(crate) async fn candidates(engine: &Engine, args: CandidateArgs) -> Result<CandidatePage> {
    engine.read_base(&args.base.clone(), move |base| base.candidates(&args)).await
}

/// `record.linking`
pub(crate) async fn linking(engine: &Engine, args: LinkingArgs) -> Result<CandidatePage> {
    engine.read_base(&args.base.clone(), move |base| base.linking(&args)).await
}

/// `record.add`
pub(crate) async fn add(engine: &Engine, args: RecordAddArgs) -> Result<BaseAct> {
    engine.write_base(&args.base, move |base| base.add_records(args.table, &args.records)).await
}

/// `record.update`
pub(crate) async fn update(engine: &Engine, args: RecordUpdateArgs) -> Result<BaseAct> {
    engine.write_base(&args.base, move |base| base.update_records(args.table, &args.records)).await
}

/// `record.put`
pub(crate) async fn put(engine: &Engine, args: RecordPutArgs) -> Result<BaseAct> {
    engine.write_base(&args.base, move |base| base.put_records(args.table, &args.update, &args.add)).await
}

/// `record.remove`
pub(crate) async fn remove(engine: &Engine, args: RecordRefs) -> Result<BaseAct> {
    engine.write_base(&args.base, move |base| base.remove_records(args.table, &args.records)).await
}

/// `record.get`
pub(crate) async fn get(engine: &Engine, args: RecordRef) -> Result<RecordDetail> {
    engine.read_base(&args.base, move |base| base.record(args.table, args.record)).await
}

/// `record.position`
pub(crate) async fn position(engine: &Engine, args: RecordPositionArgs) -> Result<RecordPosition> {
    engine.read_base(&args.base.clone(), move |base| base.position(&args)).await
}

/// `record.find`
pub(crate) async fn find(engine: &Engine, args: RecordFindArgs) -> Result<RecordHits> {
    engine.read_base(&args.base.clone(), move |base| base.find(&args)).await
}

/// `record.replace`
pub(crate) async fn replace(engine: &Engine, args: RecordReplaceArgs) -> Result<BaseAct> {
    engine.write_base(&args.base.clone(), move |base| base.replace(&args)).await
}

/// `record.duplicate`
pub(crate) async fn duplicate(engine: &Engine, args: RecordRefs) -> Result<BaseAct> {
    engine.write_base(&args.base, move |base| base.duplicate_records(args.table, &args.records)).await
}

/// `record.lock`
pub(crate) async fn lock(engine: &Engine, args: RecordLockArgs) -> Result<BaseAct> {
    engine.write_base(&args.base, move |base| base.lock_records(args.table, &args.records, args.locked)).await
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
