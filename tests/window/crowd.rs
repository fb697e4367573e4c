//! A hundred thousand messages: the page holds what is on the screen, and goes anywhere.

use crate::{open, settle, tabella};
use anyhow::{Context, Result};
use e2e::{Keyring, Window};
use serde_json::json;

const MESSAGES: usize = 100_000;

/// Elements in the page.
async fn elements(window: &Window) -> Result<u64> {
    window.run("return document.querySelectorAll('*').length", vec![]).await?.as_u64().context("a number")
}

#[tokio::test]
async fn with_a_hundred_thousand_messages_the_page_holds_only_what_is_seen() -> Result<()> {
    let keyring = Keyring::start();
    let profile = tempfile::tempdir()?;
    let added = tabella(
        profile.path(),
        &keyring,
        &["call", "account.add_sandbox", r#"{"email":"anna@tabella.test","samples":false}"#],
        "",
    )?;
    let account: serde_json::Value = serde_json::from_str(&added)?;
    let account = model::AccountId(account["id"].as_i64().context("an id")?);
    let folder = profile.path().to_path_buf();
    tokio::task::spawn_blocking(move || e2e::crowd::crowd(&folder, account, MESSAGES)).await??;
    settle(profile.path(), &keyring)?;

    let window = open(profile.path(), &keyring).await?;
    window.read("Note 0").await?;
    window.picture("crowd").await?;
    let few = elements(&window).await?;
    assert!(few < 3_000, "{few} elements for one screen of mail");

    // To the middle and to the end, as with the scroll bar.
    let scroll = r"
        const lists = [...document.querySelectorAll('[role=grid],[role=listbox]')];
        const boxes = lists.flatMap((l) => [l, ...l.querySelectorAll('*')]).filter((e) => e.scrollHeight > e.clientHeight + 1000);
        const box = boxes[0] || lists.map((l) => l.closest('[style*=overflow], .overflow-auto, .overflow-y-auto')).find(Boolean);
        box.scrollTop = (box.scrollHeight - box.clientHeight) * arguments[0];
        return box.scrollHeight;";
    window.run(scroll, vec![json!(0.5)]).await?;
    window
        .until("notes of the middle are listed", async || {
            let text = window.text().await?;
            Ok((49_000..51_000).any(|index| text.contains(&format!("Note {index} This"))).then_some(()))
        })
        .await?;
    window.run(scroll, vec![json!(1)]).await?;
    window.read(&format!("Note {}", MESSAGES - 1)).await?;
    window.picture("crowd-end").await?;
    let still = elements(&window).await?;
    assert!(still < few * 2, "{few} elements at the top, {still} at the end");

    // The last one opens like any other.
    window.press_row(&format!("Note {}", MESSAGES - 1)).await?;
    window.see("iframe").await?;
    window.close().await
}
