//! An account from the first click: address, servers, password, report, mail.

use crate::{letter, open, settle};
use anyhow::{Context, Result};
use e2e::{Keyring, MailServer};

#[tokio::test]
async fn a_mailbox_is_connected_through_the_form_and_fills() -> Result<()> {
    let (keyring, server) = (Keyring::start(), MailServer::start());
    let profile = tempfile::tempdir()?;
    server.put("clara", "INBOX", &letter("Hello Clara", "c1", "Content-Type: text/plain\r\n\r\nHi.\r\n"), "");
    let user = server.user("clara");
    let (imap_host, imap_port) = server.imaps().rsplit_once(':').map(own).context("host and port")?;
    let smtp_port = server.relay().starttls_port().to_string();
    let authority = std::fs::read_to_string(server.ca_file())?;

    let window = open(profile.path(), &keyring).await?;
    window.press("Connect my mail").await?;
    window.fill("E-mail address", "clara").await?;
    window.press("Find the servers").await?;
    window.read("Write the whole address").await?;
    window.fill("E-mail address", &user.email).await?;
    window.press("Find the servers").await?;
    window.fill("Password", "not her password").await?;
    window.fill_nth("Server", 0, &imap_host).await?;
    window.fill_nth("Port", 0, &imap_port).await?;
    window.fill_nth("Server", 1, &imap_host).await?;
    window.fill_nth("Port", 1, &smtp_port).await?;
    window.press("More settings").await?;
    window.press("Paste the PEM text").await?;
    window.fill("Own certificate authority", "").await?;
    window.paste(&authority).await?;
    window.picture("connect-form").await?;
    assert_eq!(window.violations().await?, Vec::<String>::new());

    // The server's refusal is told, and nothing typed is lost.
    window.press("Connect").await?;
    window.see("[role=alert]").await?;
    window.picture("connect-refused").await?;
    assert_eq!(window.violations().await?, Vec::<String>::new());
    window.fill("Password", &user.password).await?;
    window.press("Connect").await?;

    // What works, in words; then, by itself, the mail.
    window.read("What works").await?;
    window.read("Be told of new mail at once").await?;
    window.picture("connect-report").await?;
    window.read("Hello Clara").await?;
    settle(profile.path(), &keyring)?;
    window.close().await?;

    for file in crate::files(profile.path())? {
        let bytes = std::fs::read(&file)?;
        for secret in [user.password.as_bytes(), b"not her password"] {
            assert!(!bytes.windows(secret.len()).any(|w| w == secret), "{} holds a password", file.display());
        }
    }
    Ok(())
}

fn own((host, port): (&str, &str)) -> (String, String) {
    (host.to_owned(), port.to_owned())
}
