//! `tabella bulk`.

use crate::args::{BulkArgs as Form, BulkVerb};
use crate::output::{Output, columns};
use crate::profile::ask;
use crate::{account, base, template};
use engine::Engine;
use model::bulk::{BulkArgs, BulkPlan, Run, RunRef, RunState};
use model::{Result, RunId};

async fn resolve(engine: &Engine, form: &Form) -> Result<BulkArgs> {
    let found = base::find(engine, &form.base).await?;
    let table = base::find_table(&found, &form.table)?;
    Ok(BulkArgs {
        base: found.id,
        table: table.id,
        template: template::find(engine, &form.template).await?.id,
        to: base::find_column(&table, &form.to)?.id,
        account: account::find(engine, &form.account).await?.id,
        records: None,
        view: form.view.as_deref().map(|v| base::find_view(&table, v)).transpose()?,
        filter: form.filter.as_deref().map(|f| base::filter(&table, f)).transpose()?,
        sorts: Vec::new(),
        write_back: form.write_back,
        pace_seconds: form.pace,
    })
}

/// `tabella bulk`
pub async fn run(engine: &Engine, out: &Output, verb: BulkVerb) -> Result<()> {
    match verb {
        BulkVerb::Plan(form) => {
            let plan: BulkPlan = ask(engine, "bulk.plan", &resolve(engine, &form).await?).await?;
            let failed = plan.template_error.clone();
            out.show(&plan, |p| {
                let mut rows =
                    vec![vec!["records".into(), p.records.to_string()], vec!["letters".into(), p.letters.to_string()]];
                rows.extend(
                    p.problems
                        .iter()
                        .map(|x| vec![format!("record {}", x.record), format!("{:?}: {}", x.kind, x.what)]),
                );
                columns(&rows)
            })?;
            failed.map_or(Ok(()), Err)
        }
        BulkVerb::Send { args, wait } => {
            let mut run: Run = ask(engine, "bulk.send", &resolve(engine, &args).await?).await?;
            if wait {
                run = wait_for(engine, run.id).await?;
            }
            out.show(&run, show)
        }
        BulkVerb::Status { run } => out.show(&verb_on(engine, "bulk.status", run).await?, show),
        BulkVerb::Pause { run } => out.show(&verb_on(engine, "bulk.pause", run).await?, show),
        BulkVerb::Resume { run } => out.show(&verb_on(engine, "bulk.resume", run).await?, show),
        BulkVerb::Stop { run } => out.show(&verb_on(engine, "bulk.stop", run).await?, show),
    }
}

async fn verb_on(engine: &Engine, name: &str, run: i64) -> Result<Run> {
    ask(engine, name, &RunRef { id: RunId(run) }).await
}

async fn wait_for(engine: &Engine, id: RunId) -> Result<Run> {
    let mut changes = engine.changes();
    engine.start();
    loop {
        let run: Run = ask(engine, "bulk.status", &RunRef { id }).await?;
        if matches!(run.state, RunState::Done | RunState::Stopped) || (run.total > 0 && run.waiting == 0) {
            return Ok(run);
        }
        let _ = tokio::time::timeout(std::time::Duration::from_secs(2), changes.recv()).await;
    }
}

fn show(run: &Run) -> String {
    let mut rows = vec![
        vec!["run".into(), run.id.to_string()],
        vec!["state".into(), format!("{:?}", run.state).to_lowercase()],
        vec!["letters".into(), run.total.to_string()],
        vec!["accepted".into(), run.accepted.to_string()],
        vec!["failed".into(), run.failed.to_string()],
        vec!["uncertain".into(), run.uncertain.to_string()],
        vec!["waiting".into(), run.waiting.to_string()],
    ];
    rows.extend(
        run.recipients
            .iter()
            .map(|r| vec![r.to.clone(), format!("{} {}", r.state.as_str(), r.answer.clone().unwrap_or_default())]),
    );
    columns(&rows)
}
