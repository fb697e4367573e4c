//! Views of a long table through the door, beside the same questions to `sqlite3` on a bare table.
//!
//! The engine runs in this process; what is measured is from the call to its answer, as the window
//! waits for it. Each round opens the profile anew, so that no list is known beforehand.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use engine::{Engine, Options};
use serde_json::{Value, json};

use super::measure::median;
use super::report::Report;

/// Rows of a screen, some more included.
const SCREEN: u32 = 200;

/// A question about a table.
struct Question {
    what: &'static str,
    /// What the answer may take.
    bound_ms: Option<f64>,
    /// The same question to `sqlite3`.
    peer: String,
}

struct Door {
    runtime: tokio::runtime::Runtime,
    engine: Engine,
    base: Value,
    table: Value,
    columns: Vec<(String, Value)>,
}

impl Door {
    fn open(profile: &Path, name: &str) -> Result<Self> {
        let runtime = tokio::runtime::Runtime::new()?;
        let options = Options { keyring: false, ..Options::new(profile) };
        let engine = runtime.block_on(Engine::open(options))?;
        let mut door = Self { runtime, engine, base: Value::Null, table: Value::Null, columns: Vec::new() };
        let bases = door.call("base.list", &json!({}))?;
        let found = bases.as_array().and_then(|all| all.iter().find(|base| base["name"] == json!(name)));
        door.base = found.context("the base is in the list")?["id"].clone();
        Ok(door)
    }

    fn call(&self, command: &str, args: &Value) -> Result<Value> {
        match self.runtime.block_on(self.engine.call(command, args.clone())) {
            Ok(answer) => Ok(answer),
            Err(error) => bail!("{command}: {error}"),
        }
    }

    /// Opens the base as the window does.
    fn tables(&mut self) -> Result<()> {
        let base = self.call("base.get", &json!({ "id": self.base }))?;
        let table = base["tables"].get(0).context("a table")?;
        self.table = table["id"].clone();
        let columns = table["columns"].as_array().context("columns")?;
        self.columns =
            columns.iter().map(|c| (c["name"].as_str().unwrap_or_default().into(), c["id"].clone())).collect();
        Ok(())
    }

    fn column(&self, name: &str) -> Result<Value> {
        let found = self.columns.iter().find(|(n, _)| n == name);
        found.map(|(_, id)| id.clone()).with_context(|| format!("a column {name}"))
    }

    /// Asks for a screen of records; gives the answer and the milliseconds it took.
    fn screen(&self, mut args: Value) -> Result<(Value, f64)> {
        let whole = args.as_object_mut().context("arguments")?;
        whole.insert("base".into(), self.base.clone());
        whole.insert("table".into(), self.table.clone());
        whole.insert("limit".into(), json!(SCREEN));
        let begin = Instant::now();
        let page = self.call("record.list", &args)?;
        let taken = begin.elapsed().as_secs_f64() * 1000.0;
        ensure!(page["rows"].as_array().is_some_and(|rows| rows.len() == SCREEN as usize), "a full screen: {args}");
        Ok((page, taken))
    }

    fn ordered(&self, column: &str, filtered: bool) -> Result<Value> {
        let mut args = json!({ "sorts": [{ "column": self.column(column)?, "descending": column == "Amount" }] });
        if filtered {
            args["filter"] =
                json!({ "kind": "rule", "column": self.column("Items")?, "predicate": "greater", "value": 10 });
        }
        Ok(args)
    }

    /// Writes one cell and asks for the screen again, as the window does.
    fn edit(&self, record: &Value, column: &str, value: Value, again: Value) -> Result<f64> {
        let cells = json!({ self.column(column)?.to_string(): value });
        let args = json!({ "base": self.base, "table": self.table, "records": [{ "id": record, "cells": cells }] });
        let begin = Instant::now();
        self.call("record.update", &args)?;
        self.screen(again)?;
        Ok(begin.elapsed().as_secs_f64() * 1000.0)
    }

    fn close(self) {
        self.engine.stopping().cancel();
        drop(self.engine);
        self.runtime.shutdown_timeout(std::time::Duration::from_secs(10));
    }
}

/// The milliseconds that `sqlite3` itself says it took for the last of these statements.
fn sqlite(database: &Path, statements: &str) -> Result<f64> {
    let mut child = Command::new("sqlite3")
        .arg(database)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("sqlite3")?;
    let script = format!(".timer on\n.output /dev/null\n{statements}\n.output stdout\n");
    std::io::Write::write_all(&mut child.stdin.take().context("a pipe")?, script.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "sqlite3 failed: {statements}");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut seconds =
        text.lines().filter_map(|line| line.strip_prefix("Run Time: real ")?.split(' ').next()?.parse::<f64>().ok());
    let last = seconds.next_back().with_context(|| format!("sqlite3 tells no time: {text}"))?;
    // Its clock knows milliseconds.
    Ok((last * 1000.0).max(1.0))
}

/// Measures the views of the base `name`, and of the bare table in `database`.
pub fn views(
    report: &mut Report,
    profile: &Path,
    name: &str,
    database: &Path,
    records: usize,
    rounds: usize,
) -> Result<()> {
    let far = records * 7 / 10;
    let narrow = "WHERE CAST(Items AS INTEGER) > 10";
    let select = |rest: &str| format!("SELECT * FROM records {rest} LIMIT {SCREEN};");
    let questions = [
        Question { what: "first screen, base opened", bound_ms: Some(100.0), peer: select("") },
        Question {
            what: "record at 7 of 10",
            bound_ms: Some(50.0),
            peer: format!("SELECT * FROM records LIMIT {SCREEN} OFFSET {far};"),
        },
        Question {
            what: "filter and sort by number",
            bound_ms: Some(700.0),
            peer: select(&format!("{narrow} ORDER BY CAST(Amount AS REAL) DESC")),
        },
        Question {
            what: "there, record at 7 of 10 of them",
            bound_ms: Some(50.0),
            peer: format!(
                "SELECT * FROM records {narrow} ORDER BY CAST(Amount AS REAL) DESC LIMIT {SCREEN} OFFSET {};",
                far / 2
            ),
        },
        Question {
            what: "filter and sort by text",
            bound_ms: Some(700.0),
            peer: select(&format!("{narrow} ORDER BY Name COLLATE NOCASE")),
        },
        Question { what: "sort by text alone", bound_ms: Some(700.0), peer: select("ORDER BY Name COLLATE NOCASE") },
        Question {
            what: "there, record at 7 of 10, once all is in order",
            bound_ms: None,
            peer: format!("SELECT * FROM records ORDER BY Name COLLATE NOCASE LIMIT {SCREEN} OFFSET {far};"),
        },
        Question {
            what: "cell edited, screen again",
            bound_ms: Some(50.0),
            peer: format!("UPDATE records SET City = 'Odesa' WHERE rowid = {far};"),
        },
        Question {
            what: "cell of the sorted column edited, screen again",
            bound_ms: Some(50.0),
            peer: format!("UPDATE records SET Amount = '777.77' WHERE rowid = {far};"),
        },
        Question {
            what: "groups by an option with sums",
            bound_ms: None,
            peer: "SELECT Status, count(*), sum(Amount), sum(Items), sum(\"Discount %\") FROM records GROUP BY Status;"
                .into(),
        },
    ];
    let (mut own, mut theirs) = (vec![Vec::new(); questions.len()], vec![Vec::new(); questions.len()]);
    for round in 0..rounds {
        eprintln!("views of {records} records, {} of {rounds} ...", round + 1);
        for (to, taken) in own.iter_mut().zip(once(profile, name, far, round)?) {
            to.push(taken);
        }
        for (to, question) in theirs.iter_mut().zip(&questions) {
            to.push(sqlite(database, &question.peer)?);
        }
    }
    for ((question, own), theirs) in questions.iter().zip(own).zip(theirs) {
        report.view(question.what, median(&own), "sqlite3", median(&theirs), question.bound_ms);
    }
    Ok(())
}

/// All questions once, in the order in which they stand in [`views`].
fn once(profile: &Path, name: &str, far: usize, round: usize) -> Result<Vec<f64>> {
    let mut door = Door::open(profile, name)?;
    let begin = Instant::now();
    door.tables()?;
    door.screen(json!({}))?;
    let mut taken = vec![begin.elapsed().as_secs_f64() * 1000.0];
    taken.push(door.screen(json!({ "offset": far }))?.1);
    let by_number = door.ordered("Amount", true)?;
    let (page, first) = door.screen(by_number.clone())?;
    taken.push(first);
    let mut further = by_number.clone();
    further["offset"] = json!(far / 2);
    taken.push(door.screen(further)?.1);
    taken.push(door.screen(door.ordered("Name", true)?)?.1);
    let mut by_name = door.ordered("Name", false)?;
    taken.push(door.screen(by_name.clone())?.1);
    by_name["offset"] = json!(far);
    taken.push(door.screen(by_name)?.1);
    let record = &page["rows"][round]["id"];
    taken.push(door.edit(record, "City", json!(format!("Odesa {round}")), by_number.clone())?);
    taken.push(door.edit(record, "Amount", json!(777.77 + round as f64), by_number)?);
    taken.push(groups(&door)?);
    door.close();
    Ok(taken)
}

/// Groups of a view of their own.
fn groups(door: &Door) -> Result<f64> {
    let at = |more: Value| {
        let mut args = json!({ "base": door.base, "table": door.table });
        if let (Some(to), Some(more)) = (args.as_object_mut(), more.as_object()) {
            to.extend(more.clone());
        }
        args
    };
    let mut view = door.call("view.add", &at(json!({ "name": "Groups", "kind": "table" })))?;
    view["groups"] = json!([{ "column": door.column("Status")?, "descending": false }]);
    let view = door.call("view.update", &at(json!({ "view": view })))?["id"].clone();
    let begin = Instant::now();
    let groups = door.call("record.groups", &at(json!({ "view": view })))?;
    let taken = begin.elapsed().as_secs_f64() * 1000.0;
    ensure!(groups["groups"].as_array().is_some_and(|groups| groups.len() == 4), "four groups: {groups}");
    door.call("view.remove", &at(json!({ "view": view })))?;
    Ok(taken)
}
