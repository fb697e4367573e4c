//! From a CSV file dropped on the window to letters that arrived, by clicks alone.

use crate::{connect, open};
use anyhow::Result;
use e2e::{Keyring, MailServer};

#[tokio::test]
async fn a_dropped_csv_file_becomes_letters_to_its_ticked_records() -> Result<()> {
    let (keyring, server) = (Keyring::start(), MailServer::start());
    let profile = tempfile::tempdir()?;
    let csv = profile.path().join("members.csv");
    std::fs::write(
        &csv,
        "Name;E-mail;Fee\nBoris Łęcki;boris@tabella.test;12,50\nClara Weiß;clara@tabella.test;7\nNobody;;3\n",
    )?;
    connect(profile.path(), &keyring, &server, "anna")?;
    for user in ["boris", "clara"] {
        let _ = server.user(user);
    }

    let window = open(profile.path(), &keyring).await?;
    window.press("Bases").await?;
    window.read("No bases yet").await?;
    window.drop_files(&[&csv], "main", "Import members.csv").await?;
    window.picture("import").await?;
    assert_eq!(window.violations().await?, Vec::<String>::new());
    window.press("Import 3 records").await?;
    window.press("Open table").await?;
    window.read("clara@tabella.test").await?;
    window.picture("table").await?;

    // Two of the three are ticked.
    for row in ["boris@tabella.test", "clara@tabella.test"] {
        window.press_row(row).await?;
        window.shift(" ").await?;
    }
    window.read("2 ticked").await?;
    window.press("Send letters").await?;
    window.read("Letters to 2 ticked records").await?;
    window.press("New template").await?;
    window.fill("Name", "Fee").await?;
    window.fill("Subject", "Your fee, {Name}").await?;
    window.press("Plain text").await?;
    window.fill("Text", "Dear {Name},\nplease pay {Fee}.").await?;
    window.picture("template").await?;
    assert_eq!(window.violations().await?, Vec::<String>::new());
    window.press("Save").await?;
    window.read("Your fee, Boris Łęcki").await?;
    window.picture("letters").await?;
    window.press("Check").await?;
    window.read("Before they leave").await?;
    window.picture("letters-check").await?;
    assert_eq!(window.violations().await?, Vec::<String>::new());
    window.press("Send 2 letters").await?;

    for (user, name, fee) in [("boris", "Boris Łęcki", "12,5"), ("clara", "Clara Weiß", "7")] {
        let raw = window
            .until(&format!("{user} has a letter"), async || {
                Ok(server.messages(user, "INBOX").first().map(e2e::server::Stored::raw))
            })
            .await?;
        let letter = mail::parse::parse(&raw);
        assert_eq!(letter.subject, format!("Your fee, {name}"));
        assert!(letter.visible_text.contains(&format!("Dear {name}")), "{}", letter.visible_text);
        assert!(letter.visible_text.contains(fee), "{}", letter.visible_text);
    }
    window.read("2 sent").await?;
    window.press("Close").await?;
    // What became of it stands in the record.
    window.read("Mail status").await?;
    window.picture("letters-written-back").await?;
    assert_eq!(server.messages("boris", "INBOX").len() + server.messages("clara", "INBOX").len(), 2);
    window.close().await
}
