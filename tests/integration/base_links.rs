//! Links through the door: tables linked, chosen from, calculated over, taken back.

use engine::{Engine, Options};
use model::ErrorCode;
use serde_json::{Value, json};

async fn call(engine: &Engine, name: &str, args: Value) -> Value {
    engine.call(name, args).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[tokio::test]
async fn two_tables_are_linked_and_a_sum_over_the_link_follows_every_edit() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(Options { keyring: false, ..Options::new(folder.path()) }).await.unwrap();
    let base = call(&engine, "base.create", json!({"name": "Shop"})).await;
    let (id, clients) = (base["id"].clone(), base["tables"][0].clone());
    let orders = call(&engine, "table.create", json!({"base": id, "name": "Orders"})).await;
    let column = |table: &Value, name: &str, kind: &str, settings: Value| json!({"base": id, "table": table["id"], "name": name, "type": kind, "settings": settings});
    let amount = call(&engine, "column.add", column(&orders, "Amount", "number", json!({}))).await["id"].clone();
    let link = call(&engine, "column.add", column(&clients, "Orders", "link", json!({"table": orders["id"]}))).await;
    let sum = json!({"kind": "rollup", "link": link["id"], "column": amount, "summary": "sum"});
    let sum = call(&engine, "column.add", column(&clients, "Sum", "link_formula", sum)).await;
    assert_eq!(sum["result"], json!({"type": "number", "settings": {}, "list": false, "error": null}));
    let add = |table: &Value, cells: Value| json!({"base": id, "table": table["id"], "records": [cells]});
    let name = |table: &Value| table["columns"][0]["id"].to_string();
    for (order, value) in [("O-1", 10), ("O-2", 32)] {
        call(&engine, "record.add", add(&orders, json!({name(&orders): order, amount.to_string(): value}))).await;
    }
    let candidates = call(
        &engine,
        "record.candidates",
        json!({"base": id, "table": clients["id"], "column": link["id"], "search": "o-2", "limit": 10}),
    )
    .await;
    assert_eq!(candidates, json!({"total": 1, "rows": [{"id": 2, "text": "O-2"}]}));
    let cells = json!({name(&clients): "Ann", link["id"].to_string(): [2, 1]});
    call(&engine, "record.add", add(&clients, cells)).await;
    let list = |table: &Value| json!({"base": id, "table": table["id"], "limit": 10});
    let page = call(&engine, "record.list", list(&clients)).await;
    let linked = json!([{"id": 2, "text": "O-2"}, {"id": 1, "text": "O-1"}]);
    assert_eq!(page["rows"][0]["cells"], json!(["Ann", linked, 42]));
    let page = call(&engine, "record.list", list(&orders)).await;
    assert_eq!(page["rows"][0]["cells"][2], json!([{"id": 1, "text": "Ann"}]));
    call(&engine, "record.remove", json!({"base": id, "table": orders["id"], "records": [2]})).await;
    assert_eq!(call(&engine, "record.list", list(&clients)).await["rows"][0]["cells"][2], json!(10));
    call(&engine, "base.undo", json!({"base": id})).await;
    assert_eq!(call(&engine, "record.list", list(&clients)).await["rows"][0]["cells"], json!(["Ann", linked, 42]));
    let wrong = add(&clients, json!({link["id"].to_string(): [99]}));
    assert_eq!(engine.call("record.add", wrong).await.unwrap_err().code, ErrorCode::Invalid);
}
