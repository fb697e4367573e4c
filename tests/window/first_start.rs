//! The first minutes: looking around, words in another language, finding one's way by keyboard.

use crate::open;
use anyhow::Result;
use e2e::Keyring;

#[tokio::test]
async fn a_new_person_looks_around_reads_a_sample_and_switches_the_language() -> Result<()> {
    let keyring = Keyring::start();
    let profile = tempfile::tempdir()?;
    let window = open(profile.path(), &keyring).await?;
    window.read("Welcome to Tabella").await?;
    assert_eq!(window.violations().await?, Vec::<String>::new());
    window.press("Look around first").await?;
    window.read("Inbox").await?;
    let row = window.see("[role=grid] [role=row][aria-rowindex], [role=listbox] [role=option]").await?;
    row.click().await?;
    window.see("iframe").await?;
    window.picture("first-start").await?;
    assert_eq!(window.violations().await?, Vec::<String>::new());

    // The palette knows every place.
    window.client().active_element().await?;
    window.run("document.body.focus(); document.activeElement?.blur()", vec![]).await?;
    window.control("k").await?;
    window.see("[role=dialog] input").await?.send_keys("Open settings").await?;
    window.keys("\u{e007}").await?;
    window.read("Words, dates and numbers of the window").await?;
    window.picture("settings").await?;
    assert_eq!(window.violations().await?, Vec::<String>::new());

    // Another language, while it runs.
    // Another program on the profile changes it, and the window follows at once.
    let settings = crate::tabella(profile.path(), &keyring, &["call", "setting.get"], "")?;
    let mut settings: serde_json::Value = serde_json::from_str(&settings)?;
    settings["language"] = "uk".into();
    crate::tabella(profile.path(), &keyring, &["call", "setting.put", "-"], &settings.to_string())?;
    window.read("Налаштування").await?;
    window.picture("settings-uk").await?;
    window.close().await
}
