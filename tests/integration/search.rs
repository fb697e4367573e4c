//! Searches and lists through the door, on mail that came by IMAP.

use crate::post::{Post, letter};
use engine::part::PartRequest;
use model::ErrorCode;
use model::message::{Address, SavedFiles, Thread};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn mail_in_many_scripts_is_found_however_it_is_typed() {
    let post = Post::new().await;
    for (id, subject, body) in [
        ("uk", "Рахунок", "Прошу сплатити до п'ятниці"),
        ("ru", "Ёлка", "Самолёт в субботу"),
        ("cs", "Zpráva", "Příliš žluťoučký kůň"),
        ("de", "Größe", "Straße und Müller"),
        ("zh", "通知", "明天在北京开会"),
        ("ko", "안내", "회의실에서 만납시다"),
    ] {
        let raw = letter(id, "Ann <ann@x.test>", subject, body);
        post.server.put("anna", "INBOX", &raw, "S");
    }
    post.round().await;
    for (query, id) in [
        ("рахунок", "uk"),
        ("СПЛАТИТИ", "uk"),
        ("елка", "ru"),
        ("самолет", "ru"),
        ("zlutoucky", "cs"),
        ("kun", "cs"),
        ("strasse", "de"),
        ("muller", "de"),
        ("北京", "zh"),
        ("京开", "zh"),
        ("회의", "ko"),
        ("subject:通知", "zh"),
    ] {
        let page = post.search(query).await;
        let found: Vec<&str> = page.rows.iter().map(|m| m.message_id.trim_end_matches("@x.test")).collect();
        assert_eq!(found, [id], "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_unified_inbox_and_searches_give_conversations_with_exact_totals() {
    let post = Post::new().await;
    post.server.put("anna", "INBOX", &letter("a", "Ann <ann@x.test>", "Budget", "numbers"), "");
    let reply = String::from_utf8(letter("b", "Bob <bob@x.test>", "Re: Budget", "more numbers"))
        .unwrap()
        .replace("10:00:00", "11:00:00");
    post.server.put("anna", "INBOX", reply.replace("\r\nTo:", "\r\nReferences: <a@x.test>\r\nTo:").as_bytes(), "S");
    post.server.put("anna", "Sent", &letter("c", "anna@tabella.test", "Other", "numbers too"), "S");
    post.round().await;
    let inbox = post.threads(json!({"role": "inbox"})).await;
    assert_eq!((inbox.total, inbox.rows[0].messages, inbox.rows[0].unread), (1, 2, 1));
    let names: Vec<&str> = inbox.rows[0].people.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["Ann", "Bob"]);
    assert_eq!(post.threads(json!({"query": "numbers"})).await.total, 2);
    assert_eq!(post.threads(json!({"query": "numbers", "role": "inbox"})).await.total, 1);
    let thread: Thread = post.profile.call("thread.get", json!({"id": inbox.rows[0].id})).await.unwrap();
    assert_eq!(thread.messages.len(), 2);
    let found: Vec<Address> =
        post.profile.call("correspondent.complete", json!({"text": "bo", "limit": 5})).await.unwrap();
    assert_eq!(found[0].email, "bob@x.test");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_served_harmless_and_remote_images_only_with_consent() {
    let post = Post::new().await;
    let raw = b"Message-ID: <h@x.test>\r\nFrom: Eve <eve@x.test>\r\nSubject: Hi\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
        <p onclick=x()>Hello<script>alert(1)</script><img src=\"cid:pic\"><img src=\"http://127.0.0.1:9/t.png\"></p>\r\n\
        --b\r\nContent-Type: image/png\r\nContent-ID: <pic>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n\
        --b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=\"../evil.html\"\r\n\r\n<script>1</script>\r\n--b--\r\n";
    post.server.put("anna", "INBOX", raw, "");
    post.round().await;
    let id = post.id("h").await;
    let engine = &post.profile.engine;
    let get = |address: String| async move { engine.part(PartRequest::parse(&address).unwrap()).await };
    let message: model::message::Message = post.profile.call("message.get", json!({"id": id})).await.unwrap();
    assert_eq!((message.remote_images, message.remote_allowed), (1, false));
    let page = get(format!("body/{id}?dark=0&remote=1")).await.unwrap();
    let html = String::from_utf8(page.bytes).unwrap();
    assert!(html.contains("Hello") && !html.contains("onclick") && !html.contains("alert(1)"), "{html}");
    assert!(!html.contains("127.0.0.1") && !html.contains("/image?"), "asking is not consent: {html}");
    let policy = &page.headers.iter().find(|(name, _)| name == "Content-Security-Policy").unwrap().1;
    assert!(policy.contains("default-src 'none'"), "{policy}");
    let inline = message.attachments.iter().find(|a| a.inline).unwrap().part;
    assert!(html.contains(&format!("/part/{id}/{inline}")), "{html}");
    assert_eq!(get(format!("part/{id}/{inline}")).await.unwrap().mime, "image/png");
    let file = message.attachments.iter().find(|a| !a.inline).unwrap();
    assert_eq!(file.filename, "evil.html");
    assert_eq!(get(format!("part/{id}/{}", file.part)).await.unwrap().mime, "application/octet-stream");
    let image = format!("image?u=http%3A%2F%2F127.0.0.1%3A9%2Ft.png&m={id}");
    assert_eq!(get(image.clone()).await.unwrap_err().code, ErrorCode::Refused);
    let _: serde_json::Value =
        post.profile.call("message.allow_remote", json!({"id": id, "sender": true})).await.unwrap();
    let html = String::from_utf8(get(format!("body/{id}?remote=1")).await.unwrap().bytes).unwrap();
    assert!(html.contains("/image?u=http"), "{html}");
    assert_eq!(get(image).await.unwrap_err().code, ErrorCode::Refused, "a server of this machine is never asked");
    let source = String::from_utf8(get(format!("source/{id}")).await.unwrap().bytes).unwrap();
    assert!(source.starts_with("Message-ID: <h@x.test>"));
    // Saved under a safe name, never over another file.
    let folder = tempfile::tempdir().unwrap();
    for expected in ["evil.html", "evil (1).html"] {
        let saved: SavedFiles =
            post.profile.call("message.save_attachment", json!({"id": id, "path": folder.path()})).await.unwrap();
        assert_eq!(saved.paths, [folder.path().join(expected).to_string_lossy()]);
    }
}
