//! Who the user is in bases, through the door: named in the settings, written with records, found by filters.

use engine::{Engine, Options};
use model::{ErrorCode, Noun};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

async fn engine(profile: &Path) -> Engine {
    Engine::open(Options { keyring: false, ..Options::new(profile) }).await.unwrap()
}

async fn call(engine: &Engine, name: &str, args: Value) -> Value {
    engine.call(name, args).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

async fn name_me(engine: &Engine, name: &str) {
    let mut settings = call(engine, "setting.get", json!({})).await;
    settings["own_name"] = json!(name);
    let kept = call(engine, "setting.put", settings).await;
    assert_eq!(kept["own_name"], name.trim());
}

/// A base with a table of names that asks who made and who changed a record.
struct Team {
    base: String,
    table: i64,
    name: i64,
    made: i64,
    changed: i64,
}

impl Team {
    async fn new(engine: &Engine) -> Self {
        let made = call(engine, "base.create", json!({"name": "Team"})).await;
        let (base, table) = (made["id"].as_str().unwrap().to_owned(), made["tables"][0]["id"].as_i64().unwrap());
        let column = |name: &str, kind: &str| json!({"base": base, "table": table, "name": name, "type": kind});
        let id = |column: &Value| column["id"].as_i64().unwrap();
        let made_by = id(&call(engine, "column.add", column("Made by", "creator")).await);
        let changed_by = id(&call(engine, "column.add", column("Changed by", "last_modifier")).await);
        Self {
            name: id(&made["tables"][0]["columns"][0]),
            base: base.clone(),
            table,
            made: made_by,
            changed: changed_by,
        }
    }

    /// The records that fulfil a rule without a value: all cells of each.
    async fn where_(&self, engine: &Engine, column: i64, predicate: &str) -> Vec<Value> {
        let filter = json!({"kind": "rule", "column": column, "predicate": predicate, "value": null, "modifier": null});
        let args = json!({"base": self.base, "table": self.table, "filter": filter, "limit": 100});
        let page = call(engine, "record.list", args).await;
        page["rows"].as_array().unwrap().iter().map(|row| row["cells"].clone()).collect()
    }

    async fn add(&self, engine: &Engine, name: &str) -> i64 {
        let args = json!({"base": self.base, "table": self.table, "records": [{self.name.to_string(): name}]});
        call(engine, "record.add", args).await["records"][0].as_i64().unwrap()
    }

    async fn rename(&self, engine: &Engine, record: i64, name: &str) {
        let records = json!([{"id": record, "cells": {self.name.to_string(): name}}]);
        call(engine, "record.update", json!({"base": self.base, "table": self.table, "records": records})).await;
    }
}

#[tokio::test]
async fn my_name_is_written_with_what_i_add_and_change_found_by_me_and_taken_back_with_the_change() {
    let folder = tempfile::tempdir().unwrap();
    let ours = engine(folder.path()).await;
    let team = Team::new(&ours).await;
    let all = async |engine: &Engine| team.where_(engine, team.name, "is_not_empty").await;
    name_me(&ours, " Ann ").await;
    let first = team.add(&ours, "first").await;
    assert_eq!(all(&ours).await, [json!(["first", "Ann", "Ann"])]);
    // Another program gives the name; the base that is open here knows it with the next command.
    let theirs = engine(folder.path()).await;
    name_me(&theirs, "Bob").await;
    team.rename(&ours, first, "changed").await;
    team.add(&theirs, "second").await;
    assert_eq!(all(&ours).await, [json!(["changed", "Ann", "Bob"]), json!(["second", "Bob", "Bob"])]);
    assert_eq!(team.where_(&ours, team.made, "include_me").await, [json!(["second", "Bob", "Bob"])]);
    assert_eq!(team.where_(&ours, team.changed, "include_me").await.len(), 2);
    name_me(&ours, "ANN").await;
    assert_eq!(team.where_(&ours, team.made, "include_me").await, [json!(["changed", "Ann", "Bob"])]);
    call(&ours, "base.undo", json!({"base": team.base})).await;
    assert_eq!(all(&ours).await[0], json!(["first", "Ann", "Ann"]));
    call(&ours, "base.redo", json!({"base": team.base})).await;
    assert_eq!(all(&ours).await[0], json!(["changed", "Ann", "Bob"]));
    name_me(&ours, "").await;
    team.rename(&ours, first, "by nobody").await;
    assert_eq!(all(&ours).await[0], json!(["by nobody", "Ann", null]));
    assert!(team.where_(&ours, team.made, "include_me").await.is_empty());
    for wrong in ["two\nlines".to_owned(), "x".repeat(101)] {
        let mut settings = call(&ours, "setting.get", json!({})).await;
        settings["own_name"] = json!(wrong);
        assert_eq!(ours.call("setting.put", settings).await.unwrap_err().code, ErrorCode::Invalid);
    }
}

#[tokio::test]
async fn the_addresses_of_my_accounts_are_me_too_and_who_shows_records_hears_when_they_change() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path()).await;
    let team = Team::new(&engine).await;
    team.add(&engine, "Ann@Example.org").await;
    team.add(&engine, "alias@example.org").await;
    assert!(team.where_(&engine, team.name, "is_current_user_ID").await.is_empty());
    let mut changes = engine.changes();
    engine.start();
    let account = call(&engine, "account.add_sandbox", json!({"email": "ann@example.org"})).await["id"].clone();
    tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            let told = changes.recv().await.unwrap();
            let of_base = |base: &model::BaseId| base.0 == team.base;
            if told.iter().any(|c| c.noun == Noun::Record && c.base.as_ref().is_some_and(of_base)) {
                return;
            }
        }
    })
    .await
    .expect("who shows records never heard of the new address");
    let found = team.where_(&engine, team.name, "is_current_user_ID").await;
    assert_eq!(found, [json!(["Ann@Example.org", null, null])]);
    let identity = json!({"account_id": account, "name": "", "email": "alias@example.org"});
    call(&engine, "identity.save", identity).await;
    assert_eq!(team.where_(&engine, team.name, "is_current_user_ID").await.len(), 2);
    engine.stop().await;
}
