//! Commands of the noun `template`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `template.list`
pub(crate) async fn list(_engine: &Engine, _args: model::setting::Nothing) -> Result<Vec<model::template::Template>> {
    unbuilt()
}

/// `template.get`
pub(crate) async fn get(_engine: &Engine, _args: model::template::TemplateRef) -> Result<model::template::Template> {
    unbuilt()
}

/// `template.put`
pub(crate) async fn put(_engine: &Engine, _args: model::template::TemplatePutArgs) -> Result<model::template::Template> {
    unbuilt()
}

/// `template.remove`
pub(crate) async fn remove(_engine: &Engine, _args: model::template::TemplateRef) -> Result<model::setting::Nothing> {
    unbuilt()
}

/// `template.preview`
pub(crate) async fn preview(_engine: &Engine, _args: model::template::TemplatePreviewArgs) -> Result<model::template::TemplatePreview> {
    unbuilt()
}
