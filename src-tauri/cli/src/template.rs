//! `tabella template`.

use crate::args::TemplateVerb;
use crate::output::{Output, columns, time};
use crate::profile::{ask, text_from};
use engine::Engine;
use model::setting::Nothing;
use model::template::{Template, TemplatePutArgs, TemplateRef};
use model::{Error, Result, say};

/// The template of this name or id.
pub async fn find(engine: &Engine, wanted: &str) -> Result<Template> {
    let list: Vec<Template> = ask(engine, "template.list", &Nothing {}).await?;
    let id = wanted.parse::<i64>().ok();
    list.into_iter().find(|t| t.name.eq_ignore_ascii_case(wanted) || Some(t.id.0) == id).ok_or_else(|| {
        Error::not_found(say!("There is no template “{wanted}”.", wanted)).remedy("`tabella template list` shows them.")
    })
}

pub async fn run(engine: &Engine, out: &Output, verb: TemplateVerb) -> Result<()> {
    match verb {
        TemplateVerb::List => {
            let list: Vec<Template> = ask(engine, "template.list", &Nothing {}).await?;
            out.show(&list, |list| {
                let mut rows = vec![["ID", "NAME", "SUBJECT", "CHANGED"].map(String::from).to_vec()];
                rows.extend(
                    list.iter().map(|t| vec![t.id.to_string(), t.name.clone(), t.subject.clone(), time(t.updated_at)]),
                );
                columns(&rows)
            })
        }
        TemplateVerb::Show { template } => out.show(&find(engine, &template).await?, |t| {
            format!("Subject: {}\n\n{}", t.subject, t.html.as_deref().unwrap_or(&t.text))
        }),
        TemplateVerb::Put { template, subject, html, text } => {
            let args = TemplatePutArgs {
                id: None,
                name: template,
                subject,
                html: html.as_deref().map(text_from).transpose()?,
                text: text.as_deref().map(text_from).transpose()?.unwrap_or_default(),
            };
            let put: Template = ask(engine, "template.put", &args).await?;
            out.show(&put, |t| format!("{} ({})", t.name, t.id))
        }
        TemplateVerb::Remove { template } => {
            let id = find(engine, &template).await?.id;
            let _: Nothing = ask(engine, "template.remove", &TemplateRef { id }).await?;
            Ok(())
        }
    }
}
