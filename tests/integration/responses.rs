//! What comes back for the letters of a run: from the server to the record.

use crate::post::Post;
use crate::profile::until;
use model::bulk::Run;
use model::submission::SubmissionState::{self, Accepted, Bounced, Replied};
use serde_json::{Value, json};

/// What a mail server writes when a letter can't be delivered.
fn report(about: &str, message_id: &str) -> String {
    format!(
        "Message-ID: <report@mx.test>\r\nFrom: MAILER-DAEMON@mx.test\r\nTo: anna@tabella.test\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; {about}\r\n\
         Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n--b\r\n\
         Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{message_id}>\r\n\r\n--b--\r\n"
    )
}

async fn status_words(post: &Post, base: &str, table: i64) -> Vec<String> {
    let page: Value =
        post.profile.call("record.list", json!({"base": base, "table": table, "limit": 10})).await.unwrap();
    let known: Value = post.profile.call("base.get", json!({"id": base})).await.unwrap();
    let columns = known["tables"][0]["columns"].as_array().unwrap();
    let Some(column) = columns.iter().find(|c| c["name"] == "Mail status") else { return Vec::new() };
    let options = column["settings"]["options"].as_array().cloned().unwrap_or_default();
    let at = page["columns"].as_array().unwrap().iter().position(|c| *c == column["id"]).unwrap();
    let word = |cell: &Value| {
        options
            .iter()
            .find(|o| o["id"] == *cell)
            .map_or_else(|| cell.to_string(), |o| o["name"].as_str().unwrap().into())
    };
    page["rows"].as_array().unwrap().iter().map(|r| word(&r["cells"][at])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_and_an_answer_reach_the_ledger_the_run_and_the_records() {
    let post = Post::new().await;
    post.server.make_mailbox("anna", "Sent");
    post.round().await;
    let file = post.profile.path().join("Clients.csv");
    std::fs::write(&file, "Name,E-mail\nAnn,ann@far.example\nBob,bob@far.example\nCid,cid@far.example\n").unwrap();
    let imported: Value = post.profile.call("base.import_file", json!({"path": file})).await.unwrap();
    let (base, table) = (imported["base"].as_str().unwrap(), imported["tables"][0].as_i64().unwrap());
    let known: Value = post.profile.call("base.get", json!({"id": base})).await.unwrap();
    let to =
        known["tables"][0]["columns"].as_array().unwrap().iter().find(|c| c["name"] == "E-mail").unwrap()["id"].clone();
    let template: Value = post
        .profile
        .call("template.put", json!({"name": "t", "subject": "For {Name}", "text": "Hello"}))
        .await
        .unwrap();
    let run: Run = post
        .profile
        .call(
            "bulk.send",
            json!({"base": base, "table": table, "template": template["id"], "to": to, "account": post.account,
                   "write_back": true}),
        )
        .await
        .unwrap();
    let running = post.profile.run_outbox(post.account);
    let status = || async { post.profile.call::<Run>("bulk.status", json!({"id": run.id})).await.unwrap() };
    until("all letters are sent", || async { status().await.accepted == 3 }).await;
    let letters = status().await.recipients;
    let message_id = post.profile.letter(letters[0].submission).await.message_id;
    post.server.deliver("anna", report("ann@far.example", &message_id).as_bytes());
    let answered = post.profile.letter(letters[1].submission).await.message_id;
    let answer = format!(
        "Message-ID: <answer@far.example>\r\nFrom: Bob <bob@far.example>\r\nTo: anna@tabella.test\r\nSubject: Re: For Bob\r\n\
         In-Reply-To: <{answered}>\r\n\r\nThank you.\r\n"
    );
    post.server.deliver("anna", answer.as_bytes());
    post.round().await;
    let shown: Vec<SubmissionState> = status().await.recipients.iter().map(|r| r.state).collect();
    assert_eq!(shown, [Bounced, Replied, Accepted]);
    let counted = status().await;
    assert_eq!((counted.accepted, counted.failed), (2, 1));
    assert_eq!(counted.recipients[0].answer.as_deref(), Some("550 5.1.1 no such user"));
    until("the records show it", || async {
        status_words(&post, base, table).await == ["came back", "replied", "sent"]
    })
    .await;
    running.stop().await;
}
