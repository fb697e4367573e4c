//! A base in the real window: views of every kind, an edit, its undo.

use crate::{open, settle};
use anyhow::Result;
use e2e::Keyring;
use std::fmt::Write as _;

#[tokio::test]
async fn a_table_is_shown_in_every_kind_of_view_edited_and_taken_back() -> Result<()> {
    let keyring = Keyring::start();
    let profile = tempfile::tempdir()?;
    let csv = profile.path().join("orders.csv");
    let mut text = String::from("Customer,State,Due,Until,Sum\n");
    for index in 0..40 {
        let state = ["open", "paid", "late"][index % 3];
        let _ = writeln!(
            text,
            "Customer {index},{state},2026-11-{:02},2026-11-{:02},{index}.5",
            index % 20 + 1,
            index % 20 + 4
        );
    }
    std::fs::write(&csv, text)?;
    settle(profile.path(), &keyring)?;

    let window = open(profile.path(), &keyring).await?;
    window.press("Bases").await?;
    window.drop_files(&[&csv], "main", "Import orders.csv").await?;
    window.press("Import 40 records").await?;
    window.press("Open table").await?;
    window.read("Customer 7").await?;

    for kind in ["Board", "Calendar", "Gallery", "Timeline", "Form"] {
        window.press("New view").await?;
        window.press(kind).await?;
        window.press("Add").await?;
        window.read(&format!("View “{kind}” added")).await?;
        match kind {
            "Form" => window.read("Required").await?,
            "Calendar" => drop(window.see("[data-day] [data-entry]").await?),
            _ => window.read("Customer 1").await?,
        }
        window.picture(&format!("view-{}", kind.to_lowercase())).await?;
        assert_eq!(window.violations().await?, Vec::<String>::new(), "{kind}");
    }

    // An edit, and back.
    window.press("Default view").await?;
    window.press_row("Customer 3").await?;
    window.keys("Somebody else\u{e007}").await?;
    window.read("Somebody else").await?;
    window.control("z").await?;
    window
        .until("the old name is back", async || Ok((!window.text().await?.contains("Somebody else")).then_some(())))
        .await?;
    window.read("Customer 3").await?;
    window.close().await
}
