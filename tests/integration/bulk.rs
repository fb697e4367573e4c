//! One letter per record: the dry run, the run, its outcome in the records.

use crate::profile::{Profile, until};
use model::bulk::{BulkPlan, Run, RunState};
use serde_json::{Value, json};
use std::fmt::Write as _;

struct Clients {
    profile: Profile,
    account: model::AccountId,
    base: String,
    table: i64,
}

impl Clients {
    async fn new(rows: &str) -> Self {
        let profile = Profile::new().await;
        let account = profile.sandbox("me@sandbox.test").await;
        let file = profile.path().join("Clients.csv");
        std::fs::write(&file, format!("Name,E-mail,Amount\n{rows}")).unwrap();
        let imported: Value = profile.call("base.import_file", json!({"path": file})).await.unwrap();
        let (base, table) = (imported["base"].as_str().unwrap().to_owned(), imported["tables"][0].as_i64().unwrap());
        Self { profile, account, base, table }
    }

    async fn columns(&self) -> Vec<Value> {
        let base: Value = self.profile.call("base.get", json!({"id": self.base})).await.unwrap();
        base["tables"][0]["columns"].as_array().unwrap().clone()
    }

    async fn column(&self, name: &str) -> i64 {
        self.columns().await.iter().find(|c| c["name"] == name).unwrap()["id"].as_i64().unwrap()
    }

    async fn template(&self, subject: &str, text: &str) -> i64 {
        let made: Value =
            self.profile.call("template.put", json!({"name": "t", "subject": subject, "text": text})).await.unwrap();
        made["id"].as_i64().unwrap()
    }

    async fn args(&self, template: i64, more: Value) -> Value {
        let mut args = json!({"base": self.base, "table": self.table, "template": template,
            "to": self.column("E-mail").await, "account": self.account});
        for (key, value) in more.as_object().unwrap() {
            args[key] = value.clone();
        }
        args
    }

    async fn status(&self, run: &Run) -> Run {
        self.profile.call("bulk.status", json!({"id": run.id})).await.unwrap()
    }

    async fn cells(&self, column: &str) -> Vec<Value> {
        let page: Value = self
            .profile
            .call("record.list", json!({"base": self.base, "table": self.table, "limit": 100}))
            .await
            .unwrap();
        let id = self.column(column).await;
        let at = page["columns"].as_array().unwrap().iter().position(|c| *c == json!(id)).unwrap();
        page["rows"].as_array().unwrap().iter().map(|r| r["cells"][at].clone()).collect()
    }
}

const FEW: &str = "Ann,ann@example.org,10\nBob,bob@example.org,20\nCid,,30\nDan,not-an-address,40\nAnn again,ANN@example.org,50\nEve,eve@example.org,\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_names_what_is_wrong_with_each_record_and_queues_nothing() {
    let clients = Clients::new(FEW).await;
    let template = clients.template("Invoice for {Name}", "Dear {Name}, you owe {Amount}.").await;
    let plan: BulkPlan = clients.profile.call("bulk.plan", clients.args(template, json!({})).await).await.unwrap();
    assert_eq!((plan.records, plan.letters), (6, 3));
    let mut problems: Vec<_> = plan
        .problems
        .iter()
        .map(|p| format!("{} {} {}", p.record, serde_json::to_value(p.kind).unwrap().as_str().unwrap(), p.what))
        .collect();
    problems.sort();
    assert_eq!(
        problems,
        ["3 no_address E-mail", "4 bad_address not-an-address", "5 duplicate ANN@example.org", "6 empty_value Amount"]
    );
    assert_eq!(plan.samples[0].subject, "Invoice for Ann");
    assert!(plan.samples[1].text.contains("you owe 20"), "{}", plan.samples[1].text);
    let outbox: Value = clients.profile.call("submission.list", json!({})).await.unwrap();
    assert_eq!(outbox["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_column_stops_the_run_before_its_first_letter() {
    let clients = Clients::new(FEW).await;
    let template = clients.template("For {Nmae}", "x").await;
    let args = clients.args(template, json!({})).await;
    let plan: BulkPlan = clients.profile.call("bulk.plan", args.clone()).await.unwrap();
    let error = plan.template_error.unwrap();
    assert_eq!((error.code, plan.letters), (model::ErrorCode::Template, 0));
    assert!(error.remedy.contains("{Name}"), "{error}");
    assert_eq!(clients.profile.call::<Run>("bulk.send", args).await.unwrap_err().code, model::ErrorCode::Template);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_record_gets_its_letter_once_and_shows_what_became_of_it() {
    let clients = Clients::new(FEW).await;
    let template = clients.template("Invoice for {Name}", "Dear {Name}").await;
    let args = clients.args(template, json!({"write_back": true, "records": [1, 2, 1]})).await;
    let run: Run = clients.profile.call("bulk.send", args).await.unwrap();
    assert_eq!((run.total, run.waiting, run.state), (2, 2, RunState::Running));
    let running = clients.profile.run_outbox(clients.account);
    until("the run is done", || async { clients.status(&run).await.state == RunState::Done }).await;
    let done = clients.status(&run).await;
    assert_eq!((done.accepted, done.waiting, done.failed), (2, 0, 0));
    let mut got = clients.profile.in_mailbox(clients.account, "Inbox").await;
    got.sort();
    assert_eq!(got, ["Invoice for Ann", "Invoice for Bob"]);
    until("the outcome is in the records", || async {
        clients
            .columns()
            .await
            .iter()
            .any(|c| c["name"] == "Mail status" && c["settings"].to_string().contains("\"sent\""))
    })
    .await;
    let ids = clients.cells("Message-ID").await;
    assert!(ids[0].as_str().unwrap().ends_with("@sandbox.test") && ids[2].is_null());
    let status = clients.cells("Mail status").await;
    assert!(!status[0].is_null() && status[0] == status[1] && status[2].is_null(), "{status:?}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_can_be_paused_resumed_and_stopped() {
    let mut rows = String::new();
    for n in 0..30 {
        writeln!(rows, "P{n},p{n}@example.org,{n}").unwrap();
    }
    let clients = Clients::new(&rows).await;
    let template = clients.template("For {Name}", "x").await;
    let args = clients.args(template, json!({"pace_seconds": 60})).await;
    let run: Run = clients.profile.call("bulk.send", args).await.unwrap();
    let running = clients.profile.run_outbox(clients.account);
    let accepted = |n: u32| {
        let (clients, run) = (&clients, &run);
        async move { until("letters are accepted", || async { clients.status(run).await.accepted == n }).await }
    };
    accepted(1).await;
    clients.profile.clock.advance(61);
    clients.profile.nudge().await;
    accepted(2).await;
    let paused: Run = clients.profile.call("bulk.pause", json!({"id": run.id})).await.unwrap();
    assert_eq!(paused.state, RunState::Paused);
    clients.profile.clock.advance(300);
    clients.profile.nudge().await;
    // A letter of one's own passes the paused run.
    let own: model::submission::Submission = clients
        .profile
        .call(
            "submission.compose",
            json!({"from": "me@sandbox.test", "to": ["x@example.org"], "subject": "own", "text": "x"}),
        )
        .await
        .unwrap();
    clients.profile.settled(own.id).await;
    assert_eq!(clients.status(&run).await.accepted, 2);
    let _: Run = clients.profile.call("bulk.resume", json!({"id": run.id})).await.unwrap();
    accepted(3).await;
    let stopped: Run = clients.profile.call("bulk.stop", json!({"id": run.id})).await.unwrap();
    assert_eq!((stopped.state, stopped.accepted, stopped.cancelled), (RunState::Stopped, 3, 27));
    assert!(clients.profile.call::<Run>("bulk.resume", json!({"id": run.id})).await.is_err());
    clients.profile.clock.advance(600);
    clients.profile.nudge().await;
    assert_eq!(clients.status(&run).await.accepted, 3);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_run_goes_on_making_letters_after_a_restart_where_it_stood() {
    let mut rows = String::new();
    for n in 0..730 {
        writeln!(rows, "P{n},p{n}@example.org,{n}").unwrap();
    }
    let clients = Clients::new(&rows).await;
    let template = clients.template("For {Name}", "x").await;
    let run: Run = clients.profile.call("bulk.send", clients.args(template, json!({})).await).await.unwrap();
    // The first letters are made at once; the rest belongs to whoever runs the outbox.
    assert_eq!((run.total, run.waiting, run.recipients.len()), (730, 730, 500));
    let paused: Run = clients.profile.call("bulk.pause", json!({"id": run.id})).await.unwrap();
    assert_eq!(paused.waiting, 730);
    let running = clients.profile.run_outbox(clients.account);
    until("all letters are made", || async { clients.status(&run).await.recipients.len() == 730 }).await;
    running.stop().await;
    let status = clients.status(&run).await;
    let mut records: Vec<i64> = status.recipients.iter().map(|r| r.record.0).collect();
    records.dedup();
    assert_eq!((records.len(), status.accepted), (730, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_kept_by_name_and_previewed_on_a_record() {
    let clients = Clients::new(FEW).await;
    let first = clients.template("Hello {Name}", "a").await;
    assert_eq!(clients.template("Hi {Name}", "b").await, first);
    let args = json!({"subject": "Hello {Name}", "html": "<p>{Name} <script>alert(1)</script>{Amount}</p>", "text": "",
        "base": clients.base, "table": clients.table, "record": 6});
    let preview: Value = clients.profile.call("template.preview", args).await.unwrap();
    assert_eq!((&preview["subject"], &preview["empty"]), (&json!("Hello Eve"), &json!(["Amount"])));
    assert!(!preview["html"].as_str().unwrap().contains("script"));
    assert!(preview["text"].as_str().unwrap().contains("Eve"));
    let _: Value = clients.profile.call("template.remove", json!({"id": first})).await.unwrap();
    let left: Vec<Value> = clients.profile.call("template.list", json!({})).await.unwrap();
    assert!(left.is_empty());
}
