//! A provider from its credentials to a mailbox that lives: consent, mail, tokens that end, a new sign-in.

use crate::{letter, open_with, settle, tabella};
use anyhow::{Context, Result};
use e2e::gmail::Gmail;
use e2e::oauth::{CLIENT_ID, CLIENT_SECRET, OauthServer};
use e2e::{Graph, Keyring, Window};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The system's browser as the program finds it: a script that notes where it was sent.
struct Browser {
    folder: tempfile::TempDir,
}

impl Browser {
    fn new() -> Result<Self> {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir()?;
        let script = folder.path().join("xdg-open");
        let note = folder.path().join("address");
        std::fs::write(
            &script,
            format!("#!/bin/sh\nprintf %s \"$1\" > '{0}.new' && mv '{0}.new' '{0}'\n", note.display()),
        )?;
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755))?;
        Ok(Self { folder })
    }

    fn note(&self) -> PathBuf {
        self.folder.path().join("address")
    }

    /// In front of every other program.
    fn path(&self) -> Result<(String, String)> {
        let others = std::env::var("PATH").context("PATH")?;
        Ok(("PATH".to_owned(), format!("{}:{others}", self.folder.path().display())))
    }

    /// The person consents on the page that was opened.
    async fn consent(&self, window: &Window, at: &Arc<OauthServer>) -> Result<()> {
        let address =
            window.until("the browser was opened", async || Ok(std::fs::read_to_string(self.note()).ok())).await?;
        std::fs::remove_file(self.note())?;
        let at = at.clone();
        let shown = tokio::task::spawn_blocking(move || at.browse(&address)).await?;
        anyhow::ensure!(!shown.starts_with('4'), "the page says: {shown}");
        Ok(())
    }
}

fn mail(subject: &str, id: &str) -> Vec<u8> {
    letter(subject, id, &format!("Content-Type: text/plain\r\n\r\nThis is {subject}.\r\n"))
}

#[tokio::test]
async fn gmail_is_set_up_connected_read_sent_from_and_signed_in_again() -> Result<()> {
    let keyring = Keyring::start();
    let profile = tempfile::tempdir()?;
    let oauth = Arc::new(OauthServer::start("anna@tabella.test"));
    let gmail = Gmail::start();
    let judge = oauth.clone();
    gmail.trust(move |token| judge.takes(token));
    gmail.put(&mail("The first at Gmail", "g1"), &["INBOX", "UNREAD"]);
    let browser = Browser::new()?;
    settle(profile.path(), &keyring)?;
    let window = open_with(profile.path(), &keyring, &[browser.path()?]).await?;

    // Credentials, once.
    window.press("Settings").await?;
    window.press("Providers").await?;
    window.press("Google").await?;
    window.fill("Client ID", CLIENT_ID).await?;
    window.fill("Client secret", CLIENT_SECRET).await?;
    window.press("Addresses and scopes").await?;
    let endpoints = oauth.endpoints();
    for (field, address) in [
        ("Sign-in page", endpoints["authorize"].as_str()),
        ("Tokens", endpoints["token"].as_str()),
        ("Taking back a permission", endpoints["revoke"].as_str()),
        ("Mail API", Some(gmail.url().as_str())),
    ] {
        window.fill(field, address.context("an address")?).await?;
    }
    window.press("Save").await?;
    window.read("Set on").await?;
    window.picture("provider-google").await?;
    assert_eq!(window.violations().await?, Vec::<String>::new());

    // Consent in the browser, and the mail comes.
    window.press("Connect an account").await?;
    window.press("Sign in with Google").await?;
    window.read("Go on in your browser").await?;
    window.picture("sign-in").await?;
    assert_eq!(window.violations().await?, Vec::<String>::new());
    browser.consent(&window, &oauth).await?;
    window.read("The first at Gmail").await?;
    window.picture("gmail").await?;

    // A letter leaves over the API, once.
    window.press("Write").await?;
    window.fill("To", "boris@tabella.test\n").await?;
    window.fill("Subject", "Sent over the API").await?;
    window.fill("Text of the message", "With best wishes.").await?;
    window.control("\u{e007}").await?;
    window.until("Gmail has the letter", async || Ok((gmail.sent().len() == 1).then_some(()))).await?;

    // A token that ended is renewed without a word.
    oauth.expire_access();
    gmail.put(&mail("After the token ended", "g2"), &["INBOX", "UNREAD"]);
    tabella(profile.path(), &keyring, &["sync"], "")?;
    window.read("After the token ended").await?;
    assert!(oauth.refreshes() > 0);

    // A permission that was taken back: the mail stays, one button leads back.
    oauth.revoke_all();
    gmail.put(&mail("After the new sign-in", "g3"), &["INBOX", "UNREAD"]);
    let refused = tabella(profile.path(), &keyring, &["sync"], "");
    anyhow::ensure!(refused.is_err(), "a round without permission can't be in step");
    window.read("Sign in again").await?;
    window.read("The first at Gmail").await?;
    window.picture("sign-in-again").await?;
    window.press("Sign in again").await?;
    browser.consent(&window, &oauth).await?;
    window.read("After the new sign-in").await?;
    anyhow::ensure!(gmail.sent().len() == 1, "nothing was sent twice");

    no_secrets(window, profile.path(), &oauth).await
}

/// Client and addresses of a provider are entered and kept.
async fn set_up(window: &Window, title: &str, oauth: &OauthServer, api: &str) -> Result<()> {
    window.press("Settings").await?;
    window.press("Providers").await?;
    window.press(title).await?;
    window.fill("Client ID", CLIENT_ID).await?;
    window.fill("Client secret", CLIENT_SECRET).await?;
    window.press("Addresses and scopes").await?;
    let endpoints = oauth.endpoints();
    for (field, address) in [
        ("Sign-in page", endpoints["authorize"].as_str()),
        ("Tokens", endpoints["token"].as_str()),
        ("Sign-in with a code", endpoints["device"].as_str()),
        ("Mail API", Some(api)),
    ] {
        window.fill(field, address.context("an address")?).await?;
    }
    window.press("Save").await?;
    window.read("Set on").await
}

#[tokio::test]
async fn microsoft_is_connected_read_sent_from_and_signed_in_again() -> Result<()> {
    let keyring = Keyring::start();
    let profile = tempfile::tempdir()?;
    let oauth = Arc::new(OauthServer::start(e2e::graph::EMAIL));
    let graph = Graph::start();
    let judge = oauth.clone();
    graph.trust(move |token| judge.takes(token));
    let _ = graph.put("inbox", &mail("The first at Microsoft", "m1"));
    let browser = Browser::new()?;
    settle(profile.path(), &keyring)?;
    let window = open_with(profile.path(), &keyring, &[browser.path()?]).await?;
    set_up(&window, "Microsoft", &oauth, &graph.api()).await?;
    window.picture("provider-microsoft").await?;
    assert_eq!(window.violations().await?, Vec::<String>::new());

    // Consent in the browser, and the mail comes.
    window.press("Connect an account").await?;
    window.press("Sign in with Microsoft").await?;
    browser.consent(&window, &oauth).await?;
    window.read("The first at Microsoft").await?;
    window.picture("microsoft").await?;

    // A letter leaves over the API, once.
    window.press("Write").await?;
    window.fill("To", "boris@tabella.test\n").await?;
    window.fill("Subject", "Sent over Graph").await?;
    window.fill("Text of the message", "With best wishes.").await?;
    window.control("\u{e007}").await?;
    window.until("Microsoft has the letter", async || Ok((graph.items("sentitems").len() == 1).then_some(()))).await?;

    // A token that ended is renewed without a word.
    oauth.expire_access();
    let _ = graph.put("inbox", &mail("After the token ended", "m2"));
    tabella(profile.path(), &keyring, &["sync"], "")?;
    window.read("After the token ended").await?;
    assert!(oauth.refreshes() > 0);

    // A permission that was taken back: the mail stays, one button leads back.
    oauth.revoke_all();
    let _ = graph.put("inbox", &mail("After the new sign-in", "m3"));
    let refused = tabella(profile.path(), &keyring, &["sync"], "");
    anyhow::ensure!(refused.is_err(), "a round without permission can't be in step");
    window.read("Sign in again").await?;
    window.read("The first at Microsoft").await?;
    window.picture("sign-in-again-microsoft").await?;
    window.press("Sign in again").await?;
    browser.consent(&window, &oauth).await?;
    window.read("After the new sign-in").await?;
    anyhow::ensure!(graph.items("sentitems").len() == 1, "nothing was sent twice");
    no_secrets(window, profile.path(), &oauth).await
}

#[tokio::test]
async fn a_code_typed_on_another_device_connects_the_account() -> Result<()> {
    let keyring = Keyring::start();
    let profile = tempfile::tempdir()?;
    let oauth = Arc::new(OauthServer::start(e2e::graph::EMAIL));
    let graph = Graph::start();
    let judge = oauth.clone();
    graph.trust(move |token| judge.takes(token));
    let _ = graph.put("inbox", &mail("Read without a browser", "d1"));
    let browser = Browser::new()?;
    settle(profile.path(), &keyring)?;
    let window = open_with(profile.path(), &keyring, &[browser.path()?]).await?;
    set_up(&window, "Microsoft", &oauth, &graph.api()).await?;
    window.press("Connect an account").await?;

    // The code is shown, copied, and void once the dialog is left.
    let first = code(&window).await?;
    window.picture("sign-in-code").await?;
    assert_eq!(window.violations().await?, Vec::<String>::new());
    window.press("Copy: Code").await?;
    window.read("Copied: Code").await?;
    window.press("Cancel").await?;
    window.alone().await?;
    oauth.enter_code(&first);

    // Another one, and this time it is typed.
    let second = code(&window).await?;
    anyhow::ensure!(first != second, "a code that was left is shown again");
    oauth.enter_code(&second);
    window.read("Read without a browser").await?;
    let accounts = tabella(profile.path(), &keyring, &["call", "account.list"], "")?;
    let accounts: Vec<serde_json::Value> = serde_json::from_str(&accounts)?;
    anyhow::ensure!(accounts.len() == 1, "the code that was left connected an account, too");
    no_secrets(window, profile.path(), &oauth).await
}

/// Goes on by code, and reads it.
async fn code(window: &Window) -> Result<String> {
    window.press("Sign in with Microsoft").await?;
    window.read("Go on in your browser").await?;
    window.press("Use a code on another device").await?;
    window
        .until("a code is shown", async || {
            let text = window.text().await?;
            Ok(text.split_whitespace().find(|word| word.starts_with("CODE-")).map(String::from))
        })
        .await
}

/// Neither the page nor a file of the profile holds what must stay secret.
async fn no_secrets(window: Window, profile: &Path, oauth: &OauthServer) -> Result<()> {
    let page = window.run("return document.documentElement.outerHTML", vec![]).await?.to_string();
    window.close().await?;
    for secret in oauth.secrets() {
        anyhow::ensure!(!page.contains(&secret), "the page holds a secret");
        nowhere(profile, &secret)?;
    }
    Ok(())
}

fn nowhere(profile: &Path, secret: &str) -> Result<()> {
    for file in crate::files(profile)? {
        let bytes = std::fs::read(&file)?;
        anyhow::ensure!(
            !bytes.windows(secret.len()).any(|w| w == secret.as_bytes()),
            "{} holds a secret",
            file.display()
        );
    }
    Ok(())
}
