//! Commands of the noun `base`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `base.list`
pub(crate) async fn list(_engine: &Engine, _args: model::setting::Nothing) -> Result<Vec<model::base::Base>> {
    unbuilt()
}

/// `base.get`
pub(crate) async fn get(_engine: &Engine, _args: model::base::BaseRef) -> Result<model::base::Base> {
    unbuilt()
}

/// `base.create`
pub(crate) async fn create(_engine: &Engine, _args: model::base::BaseCreateArgs) -> Result<model::base::Base> {
    unbuilt()
}

/// `base.update`
pub(crate) async fn update(_engine: &Engine, _args: model::base::BaseUpdateArgs) -> Result<model::base::Base> {
    unbuilt()
}

/// `base.copy`
pub(crate) async fn copy(_engine: &Engine, _args: model::base::BaseCopyArgs) -> Result<model::base::Base> {
    unbuilt()
}

/// `base.remove`
pub(crate) async fn remove(_engine: &Engine, _args: model::base::BaseRef) -> Result<model::setting::Nothing> {
    unbuilt()
}

/// `base.preview_file`
pub(crate) async fn preview_file(_engine: &Engine, _args: model::base::PreviewFileArgs) -> Result<model::base::FilePreview> {
    unbuilt()
}

/// `base.import_file`
pub(crate) async fn import_file(_engine: &Engine, _args: model::base::ImportFileArgs) -> Result<model::base::Imported> {
    unbuilt()
}

/// `base.undo`
pub(crate) async fn undo(_engine: &Engine, _args: model::base::BaseUndoArgs) -> Result<model::base::BaseUndone> {
    unbuilt()
}

/// `base.redo`
pub(crate) async fn redo(_engine: &Engine, _args: model::base::BaseUndoArgs) -> Result<model::base::BaseUndone> {
    unbuilt()
}
