//! What a new user finds in the sandbox.

use crate::profile::Profile;
use model::account::Account;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_is_full_of_readable_letters_in_five_languages() {
    let profile = Profile::new().await;
    let account: Account = profile
        .call("account.add_sandbox", json!({"email": "me@sandbox.test", "samples": true, "language": "uk"}))
        .await
        .unwrap();
    let mut subjects = Vec::new();
    let mut unread = 0;
    for mailbox in ["Inbox", "Sent", "Archive", "Junk", "Trash", "Drafts"] {
        for id in profile.messages(account.id, mailbox).await {
            let message: model::message::Message = profile.call("message.get", json!({"id": id})).await.unwrap();
            assert!(!message.unreadable && !message.snippet.is_empty(), "{}", message.subject);
            assert!(
                !message.subject.contains('\u{fffd}') && !message.snippet.contains('\u{fffd}'),
                "{}",
                message.snippet
            );
            assert!(message.date_at <= profile.now());
            unread += usize::from(!message.flags.seen && mailbox == "Inbox");
            subjects.push(message.subject);
        }
    }
    assert!(subjects.len() >= 41, "{}", subjects.len());
    assert!((5..20).contains(&unread), "{unread}");
    for expected in [
        "Ласкаво просимо до Tabella: це пісочниця",
        "Каталог и цены на зиму",
        "Zamówienie: półki do galerii",
        "AW: Anfrage: 12 Tische für den Lindenhof",
        "Issue 88: why good tools disappear",
    ] {
        assert!(subjects.iter().any(|s| s == expected), "{expected}: {subjects:?}");
    }
    assert!(!subjects.iter().any(|s| s.starts_with("Welcome")));
    // Answers belong to what they answer.
    let list = json!({"scope": {"account_id": account.id, "role": "inbox"}, "limit": 100});
    let threads: Value = profile.call("thread.list", list).await.unwrap();
    let long =
        threads["rows"].as_array().unwrap().iter().find(|t| t["subject"].as_str().unwrap().contains("first sketches"));
    assert_eq!(long.unwrap()["messages"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_base_can_write_to_its_customers_at_once() {
    let profile = Profile::new().await;
    let account: Account = profile
        .call("account.add_sandbox", json!({"email": "me@sandbox.test", "samples": true, "language": "de"}))
        .await
        .unwrap();
    let bases: Vec<Value> = profile.call("base.list", json!({})).await.unwrap();
    assert_eq!(bases[0]["name"], "Kunden und Rechnungen");
    let tables: Vec<&str> =
        bases[0]["tables"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    assert_eq!(tables, ["Kunden", "Rechnungen"]);
    let invoices = &bases[0]["tables"][1];
    let to = invoices["columns"].as_array().unwrap().iter().find(|c| c["name"] == "E-Mail").unwrap();
    let template: Vec<Value> = profile.call("template.list", json!({})).await.unwrap();
    let args = json!({"base": bases[0]["id"], "table": invoices["id"], "template": template[0]["id"], "to": to["id"],
        "account": account.id});
    let plan: model::bulk::BulkPlan = profile.call("bulk.plan", args).await.unwrap();
    assert_eq!((plan.records, plan.letters), (16, 11), "{:?}", plan.problems);
    assert!(plan.template_error.is_none());
    assert!(plan.samples[0].text.contains("2026-101"), "{}", plan.samples[0].text);
    // A second sandbox shares the base.
    let _: Account = profile
        .call("account.add_sandbox", json!({"email": "two@sandbox.test", "samples": true, "language": "de"}))
        .await
        .unwrap();
    let again: Vec<Value> = profile.call("base.list", json!({})).await.unwrap();
    assert_eq!(again.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snoozed_conversation_is_back_on_top_at_the_next_start_after_its_time_and_told() {
    let profile = Profile::new().await;
    let account: Account = profile
        .call("account.add_sandbox", json!({"email": "me@sandbox.test", "samples": true, "language": "en"}))
        .await
        .unwrap();
    let list = |role: &str| json!({"scope": {"account_id": account.id, "role": role}, "limit": 100});
    let ids = |page: Value| -> Vec<i64> {
        page["rows"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
    };
    let inbox = ids(profile.call("thread.list", list("inbox")).await.unwrap());
    let oldest = *inbox.last().unwrap();
    let until = profile.now().plus_millis(3_600_000);
    let args = json!({"selection": {"threads": [oldest]}, "until": until});
    let act: Value = profile.call("thread.snooze", args).await.unwrap();
    assert!(act["messages"].as_u64().unwrap() > 0);
    let snoozed: Value = profile.call("thread.list", list("snoozed")).await.unwrap();
    assert_eq!(snoozed["rows"][0]["snoozed_until"], json!(until));
    assert!(!ids(profile.call("thread.list", list("inbox")).await.unwrap()).contains(&oldest));

    profile.clock.advance(3_700);
    let mut changes = profile.engine.changes();
    profile.engine.start();
    let told = tokio::time::timeout(std::time::Duration::from_mins(1), async {
        while !changes.recv().await.unwrap().iter().any(|change| change.arrived) {}
    });
    told.await.expect("it is told as new mail is");
    assert_eq!(ids(profile.call("thread.list", list("inbox")).await.unwrap())[0], oldest);
    profile.engine.stop().await;
}
