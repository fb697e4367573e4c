//! Local acts: shown at once, made on the server, taken back, refused.

use crate::post::{Post, letter};
use model::message::PendingOperation;
use serde_json::json;

async fn with_letters(ids: &[&str]) -> Post {
    let post = Post::new().await;
    for id in ids {
        post.server.put("anna", "INBOX", &letter(id, "Ann <ann@x.test>", &format!("Subject {id}"), "x"), "");
    }
    post.server.make_mailbox("anna", "Trash");
    post.server.make_mailbox("anna", "Projects");
    post.round().await;
    post
}

async fn pending(post: &Post) -> Vec<PendingOperation> {
    post.profile.call("operation.pending", json!({})).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_set_here_are_set_on_the_server_and_stay() {
    let post = with_letters(&["a", "b"]).await;
    let act = post.act("message.flag", "a", json!({"seen": true, "flagged": true})).await;
    assert_eq!(act.messages, 1);
    assert_eq!(post.mailbox("INBOX").await.unread, 1, "shown at once");
    assert_eq!(pending(&post).await.len(), 1);
    post.replay().await.unwrap();
    assert_eq!(post.on_server("INBOX"), [("a".into(), "FS".into()), ("b".into(), String::new())]);
    assert!(pending(&post).await.is_empty());
    post.round().await;
    assert_eq!(post.mailbox("INBOX").await.unread, 1);
    // Taken back after the server learned of it.
    post.undo(act).await.unwrap();
    assert_eq!(post.mailbox("INBOX").await.unread, 2);
    post.replay().await.unwrap();
    assert_eq!(post.on_server("INBOX")[0], ("a".into(), String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_moved_archived_and_deleted_here_is_so_on_the_server() {
    let post = with_letters(&["a", "b", "c", "d"]).await;
    let projects = post.mailbox("Projects").await.id;
    post.act("message.move_to", "a", json!({"mailbox_id": projects})).await;
    post.act("message.archive", "b", json!({})).await;
    let deleted = post.act("message.delete", "c", json!({})).await;
    assert_eq!(post.subjects("INBOX").await, ["Subject d"]);
    assert_eq!(post.subjects("Archive").await, ["Subject b"], "made at once where there was none");
    post.replay().await.unwrap();
    let ids = |mailbox: &str| post.on_server(mailbox).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(
        (ids("INBOX"), ids("Projects"), ids("Archive"), ids("Trash")),
        (vec!["d".into()], vec!["a".into()], vec!["b".into()], vec!["c".into()])
    );
    let report = post.round().await;
    assert_eq!((report.new, report.messages), (0, 4), "the rows are the same");
    post.undo(deleted).await.unwrap();
    post.replay().await.unwrap();
    assert_eq!((ids("INBOX"), ids("Trash")), (vec!["c".into(), "d".into()], vec![]));
    post.round().await;
    assert_eq!(post.subjects("INBOX").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_out_of_the_trash_waits_for_undo_and_is_then_for_good() {
    let post = with_letters(&["a"]).await;
    post.act("message.delete", "a", json!({})).await;
    post.replay().await.unwrap();
    let second = post.act("message.delete", "a", json!({})).await;
    post.replay().await.unwrap();
    assert_eq!(post.on_server("Trash").len(), 1, "it can still be taken back");
    post.undo(second).await.unwrap();
    assert_eq!(post.subjects("Trash").await.len(), 1);
    post.act("message.delete", "a", json!({})).await;
    post.profile.clock.advance(61);
    post.replay().await.unwrap();
    assert!(post.on_server("Trash").is_empty());
    assert_eq!(post.round().await.messages, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_made_offline_reach_the_server_when_it_is_back() {
    let post = with_letters(&["a", "b"]).await;
    post.server.kill();
    post.act("message.flag", "a", json!({"seen": true})).await;
    post.act("message.delete", "b", json!({})).await;
    assert_eq!(post.subjects("INBOX").await, ["Subject a"]);
    assert!(post.replay().await.unwrap_err().code.is_transient());
    assert_eq!(pending(&post).await.len(), 2);
    assert_eq!(post.subjects("INBOX").await, ["Subject a"], "what was done here stays so");
    post.server.start_again();
    post.profile.clock.advance(600);
    assert_eq!(post.replay().await.unwrap(), 2);
    assert_eq!(post.on_server("INBOX"), [("a".into(), "S".into())]);
    assert_eq!(post.on_server("Trash")[0].0, "b");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_act_goes_back_visibly_with_the_server_s_reason() {
    let post = with_letters(&["a"]).await;
    // A mailbox under a name that the server takes no longer.
    let account = post.account;
    let projects = post
        .profile
        .engine
        .store()
        .write(move |w| store::mailbox::add(w, account, "Old//Projects", None, false))
        .await
        .unwrap();
    post.act("message.move_to", "a", json!({"mailbox_id": projects})).await;
    assert!(post.subjects("INBOX").await.is_empty());
    post.replay().await.unwrap();
    assert_eq!(post.subjects("INBOX").await, ["Subject a"]);
    let refused = pending(&post).await;
    assert_eq!((refused.len(), refused[0].subject.as_str()), (1, "Subject a"));
    assert!(refused[0].refused.is_some());
    assert_eq!(post.on_server("INBOX").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_gone_from_the_server_before_the_act_is_no_error() {
    let post = with_letters(&["a", "b"]).await;
    post.server.doveadm(&[
        "expunge",
        "-u",
        "anna@tabella.test",
        "mailbox",
        "INBOX",
        "header",
        "message-id",
        "<a@x.test>",
    ]);
    post.act("message.flag", "a", json!({"seen": true})).await;
    post.act("message.delete", "a", json!({})).await;
    post.replay().await.unwrap();
    post.round().await;
    assert_eq!(post.subjects("INBOX").await, ["Subject b"]);
    assert_eq!(post.round().await.messages, 1);
}
