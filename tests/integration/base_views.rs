//! Views through the door: of every kind, in folders, private, locked, copied and taken back.

use engine::{Engine, Options};
use model::ErrorCode;
use serde_json::{Value, json};
use std::path::Path;

async fn engine(profile: &Path) -> Engine {
    Engine::open(Options { keyring: false, ..Options::new(profile) }).await.unwrap()
}

async fn call(engine: &Engine, name: &str, args: Value) -> Value {
    engine.call(name, args).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A base whose table has a text, a single select, a date and a number column.
async fn tasks(engine: &Engine) -> (Value, Value, Vec<i64>) {
    let base = call(engine, "base.create", json!({"name": "Work"})).await;
    let (id, table) = (base["id"].clone(), base["tables"][0]["id"].clone());
    let mut columns = vec![base["tables"][0]["columns"][0]["id"].as_i64().unwrap()];
    for (name, kind) in [("Stage", "single_select"), ("Due", "date"), ("Amount", "number")] {
        let column = call(engine, "column.add", json!({"base": id, "table": table, "name": name, "type": kind})).await;
        columns.push(column["id"].as_i64().unwrap());
    }
    (id, table, columns)
}

async fn views(engine: &Engine, base: &Value) -> Vec<Value> {
    call(engine, "base.get", json!({"id": base})).await["tables"][0]["views"].as_array().unwrap().clone()
}

fn names(views: &[Value]) -> Vec<&str> {
    views.iter().map(|v| v["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn views_of_every_kind_are_made_moved_and_removed_and_undo_takes_each_back() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path()).await;
    let (base, table, columns) = tasks(&engine).await;
    for kind in ["table", "kanban", "calendar", "gallery", "timeline", "tree", "form"] {
        let view = call(&engine, "view.add", json!({"base": base, "table": table, "name": kind, "kind": kind})).await;
        assert_eq!((&view["kind"], &view["name"]), (&json!(kind), &json!(kind)));
    }
    let all = views(&engine, &base).await;
    assert_eq!(all[2]["settings"]["kanban"]["column"], json!(columns[1]));
    assert_eq!(all[3]["settings"]["calendar"]["start"], json!(columns[2]));
    let form = all[7]["id"].clone();
    call(&engine, "view.move_to", json!({"base": base, "table": table, "view": form, "position": 1})).await;
    assert_eq!(
        names(&views(&engine, &base).await),
        ["Default view", "form", "table", "kanban", "calendar", "gallery", "timeline", "tree"]
    );
    call(&engine, "view.remove", json!({"base": base, "table": table, "view": form})).await;
    assert_eq!(views(&engine, &base).await.len(), 7);
    for what in ["view.remove", "view.move_to", "view.add"] {
        assert_eq!(call(&engine, "base.undo", json!({"base": base})).await["what"], what);
    }
    assert_eq!(
        names(&views(&engine, &base).await),
        ["Default view", "table", "kanban", "calendar", "gallery", "timeline", "tree"]
    );
}

#[tokio::test]
async fn a_view_keeps_its_folder_and_colours_and_refuses_settings_that_do_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path()).await;
    let (base, table, columns) = tasks(&engine).await;
    let mut view = views(&engine, &base).await.remove(0);
    let rule = json!({"kind": "rule", "column": columns[3], "predicate": "greater", "value": 5});
    let settings = json!({
        "folder": "Sales",
        "colors": {"by": "rules", "rules": [{"filter": rule, "color": "#ff0000"}]},
        "cell_colors": [{"column": columns[3], "by": "scale", "colors": ["#ffffff", "#00ff00"]}],
        "calendar": {"start": columns[2], "end": null, "title": columns[0]},
    });
    view["settings"] = settings.clone();
    let args = |view: &Value| json!({"base": base, "table": table, "view": view});
    assert_eq!(call(&engine, "view.update", args(&view)).await["settings"], settings);
    let copy = json!({"base": base, "table": table, "name": "Copy", "kind": "table", "copy_of": view["id"]});
    assert_eq!(call(&engine, "view.add", copy.clone()).await["settings"], settings);
    assert_eq!(engine.call("view.add", copy).await.unwrap_err().code, ErrorCode::Conflict);
    for wrong in [
        json!({"calendar": {"start": columns[0]}}),
        json!({"colors": {"by": "select", "column": columns[0]}}),
        json!({"kanban": {"column": 999}}),
    ] {
        let mut view = view.clone();
        view["settings"] = wrong.clone();
        assert_eq!(engine.call("view.update", args(&view)).await.unwrap_err().code, ErrorCode::Invalid, "{wrong}");
    }
    // A column that goes takes its places in views with it, and brings them back.
    call(&engine, "column.remove", json!({"base": base, "table": table, "column": columns[3]})).await;
    let left = views(&engine, &base).await.remove(0)["settings"].clone();
    assert_eq!((&left["colors"]["rules"], &left["cell_colors"]), (&json!([]), &json!([])));
    call(&engine, "base.undo", json!({"base": base})).await;
    assert_eq!(views(&engine, &base).await.remove(0)["settings"], settings);
}

#[tokio::test]
async fn a_locked_view_refuses_changes_until_it_is_unlocked() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path()).await;
    let (base, table, _) = tasks(&engine).await;
    let mut view = views(&engine, &base).await.remove(0);
    let only = json!({"base": base, "table": table, "view": view["id"]});
    assert_eq!(engine.call("view.remove", only.clone()).await.unwrap_err().message, "A table keeps at least one view.");
    call(&engine, "view.add", json!({"base": base, "table": table, "name": "Other", "kind": "table"})).await;
    let args = |view: &Value| json!({"base": base, "table": table, "view": view});
    view["locked"] = json!(true);
    call(&engine, "view.update", args(&view)).await;
    view["row_height"] = json!(3);
    let error = engine.call("view.update", args(&view)).await.unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (ErrorCode::Conflict, "The view “Default view” is locked."));
    assert_eq!(engine.call("view.remove", only.clone()).await.unwrap_err().code, ErrorCode::Conflict);
    view["locked"] = json!(false);
    assert_eq!(call(&engine, "view.update", args(&view)).await["row_height"], 3);
    call(&engine, "view.remove", only).await;
}

#[tokio::test]
async fn a_board_by_persons_has_a_lane_for_each_and_a_card_in_each_of_its_lanes() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path()).await;
    let (base, table, _) = tasks(&engine).await;
    let who = json!({"base": base, "table": table, "name": "Who", "type": "collaborator"});
    let who = call(&engine, "column.add", who).await["id"].clone();
    let records = json!([{who.to_string(): ["Ben", "Anna"]}, {who.to_string(): ["Anna"]}, {}]);
    call(&engine, "record.add", json!({"base": base, "table": table, "records": records})).await;
    let named = json!({"base": base, "table": table, "column": who});
    assert_eq!(call(&engine, "column.names", named).await, json!(["Anna", "Ben"]));
    let kanban = json!({"column": who, "title": null, "fields": [], "hide_empty": false});
    let mut view =
        call(&engine, "view.add", json!({"base": base, "table": table, "name": "B", "kind": "kanban"})).await;
    view["settings"]["kanban"] = kanban;
    call(&engine, "view.update", json!({"base": base, "table": table, "view": view})).await;
    let lane = async |predicate: &str, value: Value| {
        let filter = json!({"kind": "rule", "column": who, "predicate": predicate, "value": value, "modifier": null});
        let list = json!({"base": base, "table": table, "view": view["id"], "filter": filter, "limit": 9});
        let page = call(&engine, "record.list", list).await;
        page["rows"].as_array().unwrap().iter().map(|r| r["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(lane("has_any_of", json!(["Anna"])).await, [1, 2]);
    assert_eq!(lane("has_any_of", json!(["Ben"])).await, [1]);
    assert_eq!(lane("is_empty", Value::Null).await, [3]);
}

#[tokio::test]
async fn a_private_view_is_there_for_the_profile_that_made_it_so_and_for_no_other() {
    let [ann, bob] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (ann_engine, bob_engine) = (engine(ann.path()).await, engine(bob.path()).await);
    let (base, table, _) = tasks(&ann_engine).await;
    let path = call(&ann_engine, "base.get", json!({"id": base})).await["path"].clone();
    assert_eq!(call(&bob_engine, "base.open", json!({"path": path})).await["id"], base);
    let mut bobs = bob_engine.changes();
    let added = json!({"base": base, "table": table, "name": "Mine", "kind": "kanban"});
    let mut mine = call(&ann_engine, "view.add", added).await;
    mine["settings"]["private"] = json!(true);
    let mine = call(&ann_engine, "view.update", json!({"base": base, "table": table, "view": mine})).await;
    let owner = mine["settings"]["owner"].as_str().unwrap().to_owned();
    assert!(owner.len() == 32 && owner.bytes().all(|b| b.is_ascii_hexdigit()), "{owner}");
    // Bob's window is told that the table changed, and finds no such view in it.
    while !bobs.recv().await.unwrap().iter().any(|c| c.noun == model::Noun::Table) {}
    assert_eq!(names(&views(&bob_engine, &base).await), ["Default view"]);
    assert_eq!(names(&views(&ann_engine, &base).await), ["Default view", "Mine"]);
    let listed = json!({"base": base, "table": table, "view": mine["id"], "offset": 0, "limit": 10});
    assert_eq!(bob_engine.call("record.list", listed.clone()).await.unwrap_err().code, ErrorCode::NotFound);
    call(&ann_engine, "record.list", listed).await;
    // Each profile is one person, in every base and after it was closed; Bob's own view is his.
    let his = json!({"base": base, "table": table, "name": "His", "kind": "table"});
    let mut his = call(&bob_engine, "view.add", his).await;
    his["settings"] = json!({"private": true, "owner": owner});
    let his = call(&bob_engine, "view.update", json!({"base": base, "table": table, "view": his})).await;
    assert_ne!(his["settings"]["owner"], json!(owner));
    drop(ann_engine);
    let ann_engine = engine(ann.path()).await;
    assert_eq!(names(&views(&ann_engine, &base).await), ["Default view", "Mine"]);
    let copy = call(&bob_engine, "base.copy", json!({"id": base, "name": "Copy"})).await;
    assert_eq!(names(copy["tables"][0]["views"].as_array().unwrap()), ["Default view", "His"]);
    let mut shared = mine.clone();
    shared["settings"]["private"] = json!(false);
    call(&ann_engine, "view.update", json!({"base": base, "table": table, "view": shared})).await;
    assert_eq!(names(&views(&bob_engine, &base).await), ["Default view", "Mine", "His"]);
    // Whoever has the base from another profile is told of what is hidden, and may make it theirs.
    let get = json!({"id": base});
    assert_eq!(call(&ann_engine, "base.get", get.clone()).await["tables"][0]["others_views"], 1);
    assert!(call(&bob_engine, "base.get", get.clone()).await["tables"][0].get("others_views").is_none());
    let claimed = call(&ann_engine, "view.claim", json!({"base": base, "table": table})).await;
    assert_eq!(claimed[0]["settings"]["owner"], json!(owner));
    assert_eq!(names(&views(&ann_engine, &base).await), ["Default view", "Mine", "His"]);
    assert_eq!(names(&views(&bob_engine, &base).await), ["Default view", "Mine"]);
    call(&ann_engine, "base.undo", json!({"base": base})).await;
    assert_eq!(names(&views(&ann_engine, &base).await), ["Default view", "Mine"]);
    assert_eq!(names(&views(&bob_engine, &base).await), ["Default view", "Mine", "His"]);
}
