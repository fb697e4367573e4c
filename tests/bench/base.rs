//! Files into bases and out again, and views of them, beside `sqlite3`, `sqlite-utils` and `openpyxl`.
//!
//! `bench base [RECORDS] [ROUNDS]`: a million records of twenty columns unless said otherwise. The
//! Python peers are measured where they are installed (`pip install sqlite-utils openpyxl`; the
//! variable PYTHON names the interpreter); without them their lines are left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use e2e::generate::records_csv;
use e2e::program::tabella;

use super::measure::{Cost, median_cost, run};
use super::report::Report;
use super::views::views;

/// Records of the Excel workbook.
const SHEET_RECORDS: usize = 50_000;

/// Reads every cell of a workbook into a bare table.
const OPENPYXL: &str = "import sys, sqlite3, openpyxl
sheet = openpyxl.load_workbook(sys.argv[1], read_only=True, data_only=True).worksheets[0]
rows = sheet.iter_rows(values_only=True)
names = next(rows)
base = sqlite3.connect(sys.argv[2])
base.execute('CREATE TABLE records (' + ', '.join('\"%s\"' % n for n in names) + ')')
text = lambda v: v if v is None or isinstance(v, (int, float, str)) else str(v)
base.executemany('INSERT INTO records VALUES (' + ', '.join('?' * len(names)) + ')', (tuple(map(text, r)) for r in rows))
base.commit()
";

fn python() -> PathBuf {
    std::env::var_os("PYTHON").map_or_else(|| "python3".into(), PathBuf::from)
}

fn has(module: &str) -> bool {
    let asked = Command::new(python()).arg("-c").arg(format!("import {module}")).output();
    asked.is_ok_and(|output| output.status.success())
}

/// Measures and prints.
pub fn bench(records: usize, rounds: usize) -> Result<()> {
    let room = tempfile::Builder::new().prefix("tabella-bench-").tempdir()?;
    let room = room.path();
    let mut report = Report::of_bases(records);
    let csv = room.join("records.csv");
    records_csv(fs::File::create(&csv)?, 1, records)?;
    text(&mut report, room, &csv, records, rounds)?;
    views(&mut report, &room.join("profile"), "Records 0", &room.join("sqlite-0.db"), records, rounds)?;
    workbook(&mut report, room, rounds)?;
    print!("{report}");
    Ok(())
}

fn import(profile: &Path, file: &Path, name: &str) -> Result<Cost> {
    run(tabella(profile).args(["base", "import"]).arg(file).args(["--name", name]))
}

/// A text file in, with types found, and out again.
fn text(report: &mut Report, room: &Path, csv: &Path, records: usize, rounds: usize) -> Result<()> {
    let profile = room.join("profile");
    let (mut own, mut bare, mut utils) = (Vec::new(), Vec::new(), Vec::new());
    let help = Command::new(python()).args(["-m", "sqlite_utils", "insert", "--help"]).output()?;
    let asks_for_types = String::from_utf8_lossy(&help.stdout).contains(" --detect-types");
    for round in 0..rounds {
        eprintln!("{records} records in, {} of {rounds} ...", round + 1);
        own.push(import(&profile, csv, &format!("Records {round}"))?);
        bare.push(super::peers::sqlite_import(room, csv, round)?);
        if has("sqlite_utils") {
            let database = room.join(format!("utils-{round}.db"));
            let mut command = Command::new(python());
            command.args(["-m", "sqlite_utils", "insert"]).arg(database).arg("records").arg(csv);
            // Older ones find types only when asked to.
            command.arg("--csv").args(asks_for_types.then_some("--detect-types"));
            utils.push(run(&mut command)?);
        }
    }
    let what = format!("{records} records from CSV");
    report.exchange(&what, &median_cost(&own), "sqlite3", &median_cost(&bare), 1.5);
    if !utils.is_empty() {
        report.exchange(&what, &median_cost(&own), "sqlite-utils", &median_cost(&utils), 0.5);
    }
    let (mut own, mut bare) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        own.push(run(tabella(&profile).args(["base", "export", "Records 0"]).arg(room.join("out.csv")))?);
        let database = room.join(format!("sqlite-{round}.db"));
        let out = room.join("sqlite.csv");
        bare.push(run(Command::new("sqlite3")
            .arg(database)
            .args([".mode csv", &format!(".output '{}'", out.display())])
            .arg("SELECT * FROM records"))?);
    }
    report.exchange(&format!("{records} records to CSV"), &median_cost(&own), "sqlite3", &median_cost(&bare), 2.0);
    Ok(())
}

/// An Excel workbook out, and in again.
fn workbook(report: &mut Report, room: &Path, rounds: usize) -> Result<()> {
    let profile = room.join("profile-sheets");
    let (csv, book) = (room.join("sheet.csv"), room.join("sheet.xlsx"));
    records_csv(fs::File::create(&csv)?, 2, SHEET_RECORDS)?;
    import(&profile, &csv, "Sheet")?;
    let written = run(tabella(&profile).args(["base", "export", "Sheet"]).arg(&book))?;
    let (mut own, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        eprintln!("{SHEET_RECORDS} records of a workbook, {} of {rounds} ...", round + 1);
        own.push(import(&profile, &book, &format!("Book {round}"))?);
        if has("openpyxl") {
            let database = room.join(format!("openpyxl-{round}.db"));
            theirs.push(run(Command::new(python()).args(["-c", OPENPYXL]).arg(&book).arg(database))?);
        }
    }
    report.alone(&format!("{SHEET_RECORDS} records to Excel"), &written);
    let what = format!("{SHEET_RECORDS} records from Excel");
    if theirs.is_empty() {
        report.alone(&what, &median_cost(&own));
    } else {
        report.exchange(&what, &median_cost(&own), "openpyxl", &median_cost(&theirs), 0.5);
    }
    Ok(())
}
