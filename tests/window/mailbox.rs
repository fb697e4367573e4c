//! A mailbox on a real server: read, search, archive and take back, answer.

use crate::{connect, letter, open, tabella};
use anyhow::Result;
use e2e::{Keyring, MailServer};

#[tokio::test]
async fn mail_is_read_found_archived_and_taken_back() -> Result<()> {
    let (keyring, server) = (Keyring::start(), MailServer::start());
    let profile = tempfile::tempdir()?;
    let plain = "Content-Type: text/plain; charset=utf-8\r\n\r\n";
    server.put(
        "anna",
        "INBOX",
        &letter("The quarterly figures", "q1", &format!("{plain}Please look at the zebra column.\r\n")),
        "",
    );
    server.put("anna", "INBOX", &letter("Lunch on Friday", "q2", &format!("{plain}Shall we meet at noon?\r\n")), "");
    connect(profile.path(), &keyring, &server, "anna")?;

    let window = open(profile.path(), &keyring).await?;
    window.read("The quarterly figures").await?;
    window.read("Lunch on Friday").await?;

    // Reading marks as read, on the server too.
    window.press_row("Lunch on Friday").await?;
    window.see("iframe").await?;
    window
        .until("the server has it as read", async || {
            let read = server.find("anna", "q2@tabella.test").into_iter().any(|m| m.flags.contains('S'));
            Ok(read.then_some(()))
        })
        .await?;

    // Archive by key, undo by key.
    window.keys("e").await?;
    window.read("1 conversation archived").await?;
    window.until("it left the list", async || Ok(window.rows("Lunch on Friday").await?.eq(&0).then_some(()))).await?;
    window.control("z").await?;
    window.until("it is back", async || Ok(window.rows("Lunch on Friday").await?.eq(&1).then_some(()))).await?;

    // Search finds by a word of the body.
    window.keys("/").await?;
    window.keys("zebra").await?;
    window
        .until("only the match is listed", async || {
            Ok((window.rows("The quarterly figures").await? == 1 && window.rows("Lunch on Friday").await? == 0)
                .then_some(()))
        })
        .await?;
    assert_eq!(window.violations().await?, Vec::<String>::new());
    window.close().await
}

#[tokio::test]
async fn an_answer_with_a_file_arrives_once_and_in_its_thread() -> Result<()> {
    let (keyring, server) = (Keyring::start(), MailServer::start());
    let profile = tempfile::tempdir()?;
    let mut question = letter("May I have the contract?", "ask", "Content-Type: text/plain\r\n\r\nPlease send it.\r\n");
    let text = String::from_utf8(question)?.replace("nina@tabella.test", "boris@tabella.test");
    question = text.into_bytes();
    let contract = profile.path().join("Vertrag Übersicht.txt");
    std::fs::write(&contract, "What we agreed on.")?;
    server.put("anna", "INBOX", &question, "");
    connect(profile.path(), &keyring, &server, "anna")?;

    let window = open(profile.path(), &keyring).await?;
    window.read("May I have the contract?").await?;
    window.press_row("May I have the contract?").await?;
    window.see("iframe").await?;
    window.keys("r").await?;
    window.fill("Text of the message", "Here it comes, with best wishes.\n").await?;
    window.drop_files(&[&contract], "[aria-label='Writing a message']", "Vertrag Übersicht.txt").await?;
    window.picture("composer").await?;
    window.control("\u{e007}").await?;
    let sent = window
        .until("the answer arrived", async || {
            Ok(server
                .messages("boris", "INBOX")
                .into_iter()
                .find(|m| String::from_utf8_lossy(&m.raw()).contains("Here it comes")))
        })
        .await?;
    let raw = String::from_utf8_lossy(&sent.raw()).into_owned();
    assert!(raw.contains("In-Reply-To: <ask@tabella.test>"), "{raw}");
    assert!(raw.contains("Subject: Re: May I have the contract?"), "{raw}");
    assert!(raw.contains("Vertrag%20%C3%9Cbersicht.txt"), "{raw}");
    assert!(raw.contains("V2hhdCB3ZSBhZ3JlZWQgb24u") || raw.contains("What we agreed on."), "{raw}");
    window
        .until("exactly one copy lies in Sent", async || {
            tabella(profile.path(), &keyring, &["outbox", "list"], "")?;
            Ok((server.messages("anna", "Sent").len() == 1).then_some(()))
        })
        .await?;
    assert_eq!(server.messages("boris", "INBOX").len(), 1);
    window.close().await
}
