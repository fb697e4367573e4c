//! The dry run: every letter is made and thrown away, and what is wrong is said.

use super::quote;
use crate::Engine;
use model::base::{Column, RecordListArgs};
use model::bulk::{BulkArgs, BulkPlan, BulkProblem, BulkProblemKind, PlannedLetter};
use model::template::Template;
use model::{Error, ErrorCode, RecordId, Result};
use std::collections::HashMap;
use store::base::BaseFile;

/// Letters shown as samples.
const SAMPLES: usize = 10;
/// Problems told one by one.
const PROBLEMS_MAX: usize = 5_000;
/// Records read at once.
const CHUNK: usize = 500;

/// What a dry run gives: the report, and the letters a run would begin with.
pub(crate) struct Planned {
    pub report: BulkPlan,
    pub letters: Vec<(RecordId, String)>,
}

/// Makes every letter of a run without keeping any.
///
/// # Errors
/// `NotFound` where base, table, template or account is gone; a mistake in the template is in the
/// report.
pub(crate) async fn plan(engine: &Engine, args: &BulkArgs) -> Result<(Template, Planned)> {
    let (template_id, account) = (args.template, args.account);
    let template = engine
        .store()
        .read(move |r| {
            store::account::get(r, account)?;
            store::template::get(r, template_id)
        })
        .await?;
    let (args, frozen) = (args.clone(), template.clone());
    let planned = engine.read_base(&args.base.clone(), move |base| dry_run(base, &args, &frozen)).await?;
    Ok((template, planned))
}

fn dry_run(base: &BaseFile, args: &BulkArgs, template: &Template) -> Result<Planned> {
    let columns = base.table(args.table)?.columns;
    let to = columns.iter().position(|c| c.id == args.to).ok_or_else(|| {
        Error::not_found("The column with the addresses is no longer there.").remedy("Choose another column.")
    })?;
    let records = records(base, args)?;
    let mut report = BulkPlan {
        records: records.len() as u32,
        letters: 0,
        problems: Vec::new(),
        samples: Vec::new(),
        template_error: None,
    };
    let compiled = match quote::compile(&template.subject, template.html.as_deref(), &template.text, &columns) {
        Ok(compiled) => compiled,
        Err(error) if error.code == ErrorCode::Template => {
            report.template_error = Some(error);
            return Ok(Planned { report, letters: Vec::new() });
        }
        Err(error) => return Err(error),
    };
    let mut seen: HashMap<String, RecordId> = HashMap::new();
    let mut letters = Vec::new();
    for chunk in records.chunks(CHUNK) {
        for (record, shown) in base.shown_all(args.table, chunk)? {
            let mut told = |kind, what: String, what_parts| {
                if report.problems.len() < PROBLEMS_MAX {
                    report.problems.push(BulkProblem { record, kind, what, what_parts });
                }
            };
            let mut problem = |kind, what: &str| told(kind, what.to_owned(), None);
            let cell = shown.get(to).map_or("", |s| s.trim());
            if cell.is_empty() {
                problem(BulkProblemKind::NoAddress, &columns[to].name);
                continue;
            }
            let mut own = Vec::new();
            for address in mail::address::parse_list(cell) {
                if !mail::address::validate(&address.email) {
                    problem(BulkProblemKind::BadAddress, if address.email.is_empty() { cell } else { &address.email });
                    continue;
                }
                match seen.get(&mail::address::normal(&address.email)) {
                    Some(other) if *other == record => {}
                    Some(_) => problem(BulkProblemKind::Duplicate, &address.email),
                    None => own.push(address.email),
                }
            }
            if own.is_empty() {
                continue;
            }
            let rendered = match quote::render(&compiled, &columns, &shown) {
                Ok(rendered) => rendered,
                Err(error) => {
                    told(BulkProblemKind::Template, error.message, error.message_parts);
                    continue;
                }
            };
            for column in &rendered.empty_columns {
                problem(BulkProblemKind::EmptyValue, column);
            }
            for email in own {
                if seen.insert(mail::address::normal(&email), record).is_some() {
                    continue;
                }
                if report.samples.len() < SAMPLES {
                    report.samples.push(PlannedLetter {
                        record,
                        to: email.clone(),
                        subject: rendered.subject.clone(),
                        text: rendered.text.clone(),
                    });
                }
                letters.push((record, email));
            }
        }
    }
    report.letters = letters.len() as u32;
    Ok(Planned { report, letters })
}

fn records(base: &BaseFile, args: &BulkArgs) -> Result<Vec<RecordId>> {
    if let Some(ticked) = &args.records {
        let mut once = std::collections::HashSet::new();
        return Ok(ticked.iter().copied().filter(|id| once.insert(*id)).collect());
    }
    base.list_ids(&RecordListArgs {
        base: args.base.clone(),
        table: args.table,
        view: args.view,
        filter: args.filter.clone(),
        search: None,
        sorts: (!args.sorts.is_empty()).then(|| args.sorts.clone()),
        offset: 0,
        limit: 0,
    })
}

/// All columns of a run's table.
pub(super) fn columns(base: &BaseFile, args: &BulkArgs) -> Result<Vec<Column>> {
    Ok(base.table(args.table)?.columns)
}
