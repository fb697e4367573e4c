//! Commands of the noun `template`.

use crate::Engine;
use crate::bulk::quote;
use crate::outbox::letter;
use model::setting::Nothing;
use model::template::{Template, TemplatePreview, TemplatePreviewArgs, TemplatePutArgs, TemplateRef};
use model::{Error, Result};

/// `template.list`
pub(crate) async fn list(engine: &Engine, _args: Nothing) -> Result<Vec<Template>> {
    engine.store().read(|r| store::template::list(r)).await
}

/// `template.get`
pub(crate) async fn get(engine: &Engine, args: TemplateRef) -> Result<Template> {
    engine.store().read(move |r| store::template::get(r, args.id)).await
}

/// `template.put`
pub(crate) async fn put(engine: &Engine, args: TemplatePutArgs) -> Result<Template> {
    let mut args = args;
    args.name = mail::compose::clean_line(&args.name);
    args.subject = mail::compose::clean_line(&args.subject);
    if args.name.is_empty() {
        return Err(Error::invalid("The template needs a name."));
    }
    if args.html.as_deref().is_some_and(|html| html.trim().is_empty()) && !args.text.trim().is_empty() {
        args.html = None;
    }
    engine
        .store()
        .write(move |w| {
            let id = store::template::put(w, &args)?;
            store::template::get(w, id)
        })
        .await
}

/// `template.remove`
pub(crate) async fn remove(engine: &Engine, args: TemplateRef) -> Result<Nothing> {
    engine.store().write(move |w| store::template::remove(w, args.id)).await?;
    Ok(Nothing {})
}

/// `template.preview`
pub(crate) async fn preview(engine: &Engine, args: TemplatePreviewArgs) -> Result<TemplatePreview> {
    engine
        .read_base(&args.base, move |base| {
            let columns = base.table(args.table)?.columns;
            let template = quote::compile(&args.subject, args.html.as_deref(), &args.text, &columns)?;
            let shown = base
                .shown_all(args.table, &[args.record])?
                .pop()
                .ok_or_else(|| Error::not_found("This record does not exist any more."))?;
            let rendered = quote::render(&template, &columns, &shown.1)?;
            Ok(TemplatePreview {
                subject: rendered.subject,
                html: rendered.html.as_deref().map(letter::editable),
                text: rendered.text,
                empty: rendered.empty_columns,
            })
        })
        .await
}
