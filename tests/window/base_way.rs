//! A base, the whole way: two files, types, links, filter, order, groups, edits, undo, and out again as files
//! that hold what the window shows.

use crate::{open, settle, tabella};
use anyhow::{Context, Result, ensure};
use e2e::{Keyring, Window};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

const RIGHT: &str = "\u{e014}";
const DOWN: &str = "\u{e015}";
const ESCAPE: &str = "\u{e00c}";
const ENTER: &str = "\u{e007}";

fn customers() -> String {
    let mut text = String::from("Name,E-mail,City\n");
    for index in 0..12 {
        let city = ["Berlin", "Kyiv", "Łódź"][index % 3];
        let _ = writeln!(text, "Customer {index:02},c{index}@tabella.test,{city}");
    }
    text
}

fn invoices() -> String {
    let mut text = String::from("Number,Amount,Issued,State,Note\n");
    for index in 0..30 {
        let state = ["open", "paid", "late"][index % 3];
        let cents = (index * 3_737) % 50_000 + 50;
        let _ = writeln!(
            text,
            "R-{index:03},{}.{:02},2026-11-{:02},{state},\"Line {index}, \"\"quoted\"\"\"",
            cents / 100,
            cents % 100,
            index % 28 + 1
        );
    }
    text
}

/// The cells of the grid's records as they are read, row by row, without heads of groups.
async fn shown(window: &Window) -> Result<Vec<Vec<String>>> {
    let script = r"
        return [...document.querySelectorAll('[role=row][data-row]:not([data-group])')]
          .map((row) => [Number(row.dataset.row), [...row.querySelectorAll('[role=gridcell][data-col]')].toSorted((a, b) => a.dataset.col - b.dataset.col).map((cell) => cell.innerText.trim())])
          .toSorted((a, b) => a[0] - b[0]).map(([, cells]) => cells);";
    Ok(serde_json::from_value(window.run(script, vec![]).await?)?)
}

/// Waits until the cell of the record that begins with `record` reads `text`.
async fn cell(window: &Window, record: &str, column: usize, text: &str) -> Result<()> {
    window
        .until(&format!("column {column} of {record} is {text:?}"), async || {
            let rows = shown(window).await?;
            let row = rows.iter().find(|row| row.first().is_some_and(|name| name == record));
            Ok(row.and_then(|row| row.get(column)).is_some_and(|now| now == text).then_some(()))
        })
        .await
}

/// The picture of this moment, and no violation in it.
async fn look(window: &Window, name: &str) -> Result<()> {
    window.picture(name).await?;
    assert_eq!(window.violations().await?, Vec::<String>::new(), "{name}");
    Ok(())
}

async fn of_column(window: &Window, column: &str, entry: &str) -> Result<()> {
    window.press(&format!("Menu of the column {column}")).await?;
    window.press(entry).await
}

#[tokio::test]
async fn two_files_become_linked_tables_that_are_worked_in_and_exported_as_they_are_shown() -> Result<()> {
    let keyring = Keyring::start();
    let profile = tempfile::tempdir()?;
    let files = tempfile::tempdir()?;
    let [one, two] = [files.path().join("customers.csv"), files.path().join("invoices.csv")];
    std::fs::write(&one, customers())?;
    std::fs::write(&two, invoices())?;
    settle(profile.path(), &keyring)?;
    let window = open(profile.path(), &keyring).await?;
    window.resize(1600, 1040).await?;

    // Two files, one base.
    window.press("Bases").await?;
    window.drop_files(&[&one], "main", "Import customers.csv").await?;
    window.read("Customer 03").await?;
    look(&window, "way-import").await?;
    window.press("Import 12 records").await?;
    window.press("Open table").await?;
    window.read("Customer 03").await?;
    window.drop_files(&[&two], "main", "Import invoices.csv").await?;
    window.press("New table in customers").await?;
    for column in ["Amount", "Issued", "State"] {
        window.choose(&format!("Type of {column}"), "Text").await?;
    }
    look(&window, "way-import-into").await?;
    window.press("Import 30 records").await?;
    window.press("Open table").await?;
    window.read("R-003").await?;

    // Types are changed once it is there.
    for (column, kind) in [("Amount", "Number"), ("Issued", "Date"), ("State", "Single choice")] {
        of_column(&window, column, "Edit column").await?;
        window.choose("Type", kind).await?;
        look(&window, &format!("way-column-{column}")).await?;
        window.press("Save").await?;
        window.read(&format!("“{column}” was converted")).await?;
        window.alone().await?;
    }

    // A column that links to the other table; records are linked by keyboard.
    window.press("Add column").await?;
    window.fill("Name", "Customer").await?;
    window.choose("Type", "Link to records").await?;
    window.choose("Linked table", "customers").await?;
    look(&window, "way-link-column").await?;
    window.press("Add").await?;
    window.alone().await?;
    window.read("Link to records").await?;
    for (record, customer) in [("R-000", "Customer 07"), ("R-003", "Customer 11")] {
        window.press_row(record).await?;
        window.keys(&RIGHT.repeat(5)).await?;
        // Typed and entered at once: not what was listed first is linked.
        window.keys(&format!("{customer}{ENTER}")).await?;
        window.see("[aria-label='Linked records']").await?;
        if record == "R-000" {
            look(&window, "way-link-picker").await?;
        }
        window.keys(ESCAPE).await?;
        cell(&window, record, 5, customer).await?;
    }

    // Edited by keyboard: what is typed replaces, Enter and F2 go on with what is there.
    window.press_row("R-006").await?;
    window.keys(&format!("{RIGHT}1234.5{ENTER}")).await?;
    cell(&window, "R-006", 1, "1234.5").await?;
    window.keys(&format!("{RIGHT}{RIGHT}{RIGHT}\u{e032}")).await?;
    window.see("[data-editor] input").await?;
    window.keys(&format!("!{ENTER}")).await?;
    cell(&window, "R-007", 4, "Line 7, \"quoted\"!").await?;

    // A range is copied and pasted elsewhere, taken back and done again; undo at once means what was just typed.
    window.press_row("R-009").await?;
    window.keys(RIGHT).await?;
    window.shift(&format!("{RIGHT}{DOWN}")).await?;
    let [from, below] = [row_of(&window, "R-009").await?, row_of(&window, "R-010").await?];
    window.control("c").await?;
    window.press_row("R-015").await?;
    window.keys(RIGHT).await?;
    let before = row_of(&window, "R-015").await?;
    window.control("v").await?;
    for (record, row) in [("R-015", &from), ("R-016", &below)] {
        cell(&window, record, 1, &row[1]).await?;
        cell(&window, record, 2, &row[2]).await?;
    }
    window.control("z").await?;
    cell(&window, "R-015", 1, &before[1]).await?;
    window.control("y").await?;
    cell(&window, "R-015", 1, &from[1]).await?;
    window.press_row("R-018").await?;
    window.keys(&format!("{RIGHT}7{ENTER}\u{e009}z\u{e000}")).await?;
    window.until("both are done", async || Ok((row_of(&window, "R-018").await?[1] != "7").then_some(()))).await?;
    cell(&window, "R-015", 1, &from[1]).await?;

    // Filter, order, groups with sums.
    window.press("Filter").await?;
    window.press("Add rule").await?;
    window.choose("Column", "State").await?;
    window.choose("Value", "open").await?;
    window.read("10 records found").await?;
    look(&window, "way-filter").await?;
    window.keys(ESCAPE).await?;
    window.alone().await?;
    of_column(&window, "Amount", "Sort descending").await?;
    window
        .until("the greatest stands first", async || {
            let amounts: Vec<f64> =
                shown(&window).await?.iter().filter_map(|row| row[1].replace(',', "").parse().ok()).collect();
            Ok((amounts.len() == 10 && amounts.is_sorted_by(|a, b| a >= b)).then_some(()))
        })
        .await?;
    of_column(&window, "Customer", "Group by this column").await?;
    window.see("[role=treegrid] [data-group]").await?;
    window.press("Amount: No figure").await?;
    window.press("Sum").await?;
    window.alone().await?;
    window
        .until("each group has its sum", async || {
            let text = window.run(
                "return [...document.querySelectorAll('[data-group]')].every((e) => e.innerText.includes('Sum'))",
                vec![],
            );
            Ok((text.await? == json!(true)).then_some(()))
        })
        .await?;
    look(&window, "way-groups").await?;
    let seen = shown(&window).await?;
    ensure!(seen.len() == 10, "the window shows {} records", seen.len());
    let sum: f64 = seen.iter().filter_map(|row| row[1].replace(',', "").parse::<f64>().ok()).sum();
    let figure = window
        .run("return document.querySelector('[role=toolbar] [aria-label^=\"Amount: Sum\"]').innerText", vec![])
        .await?;
    let figure = figure.as_str().unwrap_or_default().replace([',', '\n'], "").replace("Sum", "");
    assert!((figure.trim().parse::<f64>()? - sum).abs() < 0.005, "the bar says {figure}, the records {sum}");

    // Out: the view as CSV and as a workbook, through the window's own dialog.
    for kind in ["csv", "xlsx"] {
        let path = files.path().join(format!("out.{kind}"));
        window.saves_to(&path).await?;
        window.press("Actions for customers").await?;
        window.press("Export").await?;
        window.choose("What", "View: Default view (invoices)").await?;
        window
            .choose("Format", if kind == "csv" { "Text with separators (.csv)" } else { "Excel workbook (.xlsx)" })
            .await?;
        look(&window, &format!("way-export-{kind}")).await?;
        window.press("Choose file and export").await?;
        window.read(&path.display().to_string()).await?;
        look(&window, &format!("way-exported-{kind}")).await?;
        window.press("Close").await?;
        window.alone().await?;
        assert_eq!(again(profile.path(), &keyring, &path)?, seen, "{kind}");
    }
    window.close().await
}

async fn row_of(window: &Window, record: &str) -> Result<Vec<String>> {
    let rows = shown(window).await?;
    rows.into_iter().find(|row| row.first().is_some_and(|name| name == record)).context("the record is shown")
}

/// What a file holds, read again by `tabella`: cells in the words of the window.
fn again(profile: &Path, keyring: &Keyring, file: &Path) -> Result<Vec<Vec<String>>> {
    let preview = tabella(profile, keyring, &["call", "base.preview_file", &json!({"path": file}).to_string()], "")?;
    let preview: Value = serde_json::from_str(&preview)?;
    Ok(serde_json::from_value(preview["rows"].clone())?)
}
