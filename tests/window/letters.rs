//! From a CSV file to letters.

use crate::driver::Window;
use crate::session;
use anyhow::Result;
use e2e::Keyring;

#[tokio::test]
async fn a_csv_file_becomes_a_table_that_can_be_edited() -> Result<()> {
    let keyring = Keyring::start();
    let profile = tempfile::tempdir()?;
    let csv = profile.path().join("customers.csv");
    std::fs::write(&csv, "Name,E-mail,Amount\nOlga,olga@example.org,12.5\nPiotr,piotr@example.org,7\n")?;
    crate::tabella(
        profile.path(),
        &keyring,
        &["base", "import", &csv.display().to_string(), "--name", "Customers"],
        "",
    )?;
    crate::tabella(profile.path(), &keyring, &["call", "setting.put", r#"{"welcomed":true,"language":"en"}"#], "")?;
    let window = Window::open_with(profile.path(), &session(&keyring)).await?;
    window.press("Bases").await?;
    window.read("Customers").await?;
    window.press("Customers").await?;
    window.read("olga@example.org").await?;
    window.close().await
}
