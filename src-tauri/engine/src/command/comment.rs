//! Commands of the noun `comment`.

use crate::Engine;
use model::Result;
use model::history::{Comment, CommentAddArgs, CommentListArgs, CommentRef, CommentResolveArgs};
use model::setting::Nothing;

/// `comment.list`
pub(crate) async fn list(engine: &Engine, args: CommentListArgs) -> Result<Vec<Comment>> {
    engine.read_base(&args.base, move |base| base.comments(args.table, args.record)).await
}

/// `comment.add`
pub(crate) async fn add(engine: &Engine, args: CommentAddArgs) -> Result<Comment> {
    engine.write_base(&args.base, move |base| base.add_comment(args.table, args.record, &args.text)).await
}

/// `comment.resolve`
pub(crate) async fn resolve(engine: &Engine, args: CommentResolveArgs) -> Result<Comment> {
    engine.write_base(&args.base, move |base| base.resolve_comment(args.id, args.resolved)).await
}

/// `comment.remove`
pub(crate) async fn remove(engine: &Engine, args: CommentRef) -> Result<Nothing> {
    engine.write_base(&args.base, move |base| base.remove_comment(args.id)).await?;
    Ok(Nothing {})
}
