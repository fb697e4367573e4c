//! The real window: from the start of the process to a list that can be read, to an open message, memory with a
//! large base, and frames while it is scrolled.
//!
//! `bench window [MESSAGES] [RECORDS]` needs a screen (`make bench-window` brings one). No other mail program is
//! measured beside it: none can be driven here; the bounds are our own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use e2e::generate::records_csv;
use e2e::window::children;
use e2e::{Keyring, Window};
use serde_json::{Value, json};

use super::measure::{median, output, percentile, run};
use super::report::Report;

const STARTS: usize = 5;
const MESSAGES_OPENED: usize = 15;
const MB: f64 = 1_000_000.0;
/// Ticks of the kernel's clock a second, as /proc gives them.
const TICKS: f64 = 100.0;

/// Rows of the list that can be read.
const READABLE: &str = "return [...document.querySelectorAll('[role=grid] [role=row]')].filter((e) => e.getClientRects().length > 0 && e.innerText.includes('Note')).length > 3 ? Date.now() : 0";

/// By then the page's engine has given back what it used for scrolling.
const REST: Duration = Duration::from_secs(20);

/// Notes when the pointer goes down and when the frame of the message is painted.
const WATCH: &str = r"
    const seen = (window.seen = {});
    document.addEventListener('pointerdown', () => { seen.down ??= performance.now(); }, { capture: true, once: true });
    const stop = new AbortController();
    document.addEventListener('load', (event) => {
      if (seen.down === undefined || !(event.target instanceof HTMLIFrameElement)) return;
      stop.abort();
      requestAnimationFrame(() => requestAnimationFrame(() => { seen.shown = performance.now(); }));
    }, { capture: true, signal: stop.signal });";

/// Scrolls for some seconds by so much a frame, and tells the time of each frame, how many of them showed a blank
/// row, and how long after the last one all rows could be read. It asks the page for little: what a probe
/// leaves to be collected would count as the window's memory.
const SCROLL: &str = r"
    const [step, seconds, done] = arguments;
    const box = document.querySelector('.record-grid');
    const sight = box.getBoundingClientRect();
    const [across, above, below] = [sight.left + 60, sight.top + 60, sight.bottom - 60];
    const awaited = box.getElementsByClassName('skeleton');
    const bare = (y) => document.elementFromPoint(across, y)?.closest('[data-row]') === null;
    const end = performance.now() + seconds * 1000;
    const frames = [];
    let blank = 0;
    const frame = (now) => {
      frames.push(now);
      // What the last frame showed, before it moves on.
      if (awaited.length > 0 || bare(above) || bare(below)) blank += 1;
      if (now > end) {
        const readable = () => (awaited.length > 0 ? requestAnimationFrame(readable) : done({ frames, blank, rest: performance.now() - now }));
        return readable();
      }
      box.scrollTop += step;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);";

/// Measures and prints.
pub fn bench(messages: usize, records: usize) -> Result<()> {
    let keyring = Keyring::start();
    let room = tempfile::Builder::new().prefix("tabella-bench-").tempdir()?;
    let mut report = Report::of_window(messages, records);
    let profile = room.path().join("profile");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;

    eprintln!("{messages} messages ...");
    call(&profile, &keyring, "setting.put", r#"{"welcomed":true,"language":"en"}"#)?;
    let account = call(&profile, &keyring, "account.add_sandbox", r#"{"email":"anna@tabella.test","samples":false}"#)?;
    let account = model::AccountId(account["id"].as_i64().context("an id")?);
    e2e::crowd::crowd(&profile, account, messages)?;
    runtime.block_on(mail(&mut report, &profile, &keyring, messages))?;

    eprintln!("{records} records ...");
    let csv = room.path().join("records.csv");
    records_csv(fs::File::create(&csv)?, 1, records)?;
    let mut import = e2e::tabella(&profile);
    import.env_remove("TABELLA_PASSPHRASE").envs(keyring.env()).args(["base", "import"]).arg(&csv);
    run(&mut import)?;
    fs::remove_file(&csv)?;
    runtime.block_on(base(&mut report, &profile, &keyring))?;
    print!("{report}");
    Ok(())
}

fn call(profile: &Path, keyring: &Keyring, name: &str, arguments: &str) -> Result<Value> {
    let mut command: Command = e2e::tabella(profile);
    command.env_remove("TABELLA_PASSPHRASE").envs(keyring.env()).args(["call", name, arguments]);
    Ok(serde_json::from_str(&output(&mut command)?)?)
}

async fn open(profile: &Path, keyring: &Keyring) -> Result<Window> {
    let session: Vec<(String, String)> = keyring
        .env()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_string_lossy().into_owned()))
        .collect();
    Window::open(&program()?, profile, &session).await
}

/// The window beside this program.
fn program() -> Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name("tabella-desktop"))
}

/// Milliseconds since the process began, at this moment of the page's clock.
fn age_ms(process: u32, page_ms: f64) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let begun: f64 =
        stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(19)).context("a start time")?.parse()?;
    let up: f64 = fs::read_to_string("/proc/uptime")?.split(' ').next().context("an uptime")?.parse()?;
    let now_ms = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs_f64() * 1000.0;
    Ok((up - begun / TICKS) * 1000.0 - (now_ms - page_ms))
}

async fn mail(report: &mut Report, profile: &Path, keyring: &Keyring, messages: usize) -> Result<()> {
    let (mut starts, mut paints) = (Vec::new(), Vec::new());
    // The first start is of a cold cache and not counted.
    for start in 0..=STARTS {
        let window = open(profile, keyring).await?;
        let at = loop {
            let at = window.run(READABLE, vec![]).await?.as_f64().unwrap_or_default();
            if at > 0.0 {
                break at;
            }
        };
        let taken = age_ms(window.program()?, at)?;
        let paint = window.run("return performance.timeOrigin + (performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN)", vec![]).await?;
        if start > 0 {
            starts.push(taken);
            if let Some(paint) = paint.as_f64() {
                paints.push(age_ms(window.program()?, paint)?);
            }
        }
        if start == STARTS {
            opens(report, &window, messages).await?;
            memory(report, &window, "memory with the mail")?;
        }
        window.close().await?;
    }
    let more = format!("slowest {:.0} ms; first paint {:.0} ms", percentile(&starts, 100), median(&paints));
    report.at_most("start to a readable list", median(&starts), "ms", 1000.0, &more);
    Ok(())
}

async fn opens(report: &mut Report, window: &Window, messages: usize) -> Result<()> {
    let mut taken = Vec::new();
    for round in 0..MESSAGES_OPENED.min(messages) {
        window.run(WATCH, vec![]).await?;
        window.press_row(&format!("Note {round}")).await?;
        let shown = window
            .until("the message is shown", async || {
                let seen = window.run("return window.seen.shown - window.seen.down", vec![]).await?;
                Ok(seen.as_f64())
            })
            .await?;
        taken.push(shown);
    }
    let more = format!("slowest {:.0} ms of {}", percentile(&taken, 100), taken.len());
    report.at_most("a message opens", median(&taken), "ms", 100.0, &more);
    Ok(())
}

/// Memory of the program and of all that it started; what they share counts once.
fn memory(report: &mut Report, window: &Window, what: &str) -> Result<()> {
    let own = window.program()?;
    let mut all = vec![own];
    let mut at = 0;
    while let Some(process) = all.get(at) {
        all.extend(children(*process).unwrap_or_default());
        at += 1;
    }
    let parts: Vec<(String, f64)> = all
        .iter()
        .map(|process| {
            let read = |file: &str| fs::read_to_string(format!("/proc/{process}/{file}")).unwrap_or_default();
            let shares = read("smaps_rollup");
            let kilobytes = shares.lines().find_map(|line| line.strip_prefix("Pss:")?.trim().strip_suffix(" kB"));
            let kilobytes: f64 = kilobytes.and_then(|number| number.parse().ok()).unwrap_or_default();
            (read("comm").trim().to_owned(), kilobytes * 1024.0 / MB)
        })
        .filter(|(_, size)| *size >= 1.0)
        .collect();
    let whole: f64 = parts.iter().map(|(_, size)| size).sum();
    let more: Vec<String> = parts.iter().map(|(name, size)| format!("{name} {size:.0}")).collect();
    report.at_most(what, whole, "MB", 400.0, &more.join(", "));
    Ok(())
}

async fn base(report: &mut Report, profile: &Path, keyring: &Keyring) -> Result<()> {
    let window = open(profile, keyring).await?;
    window.press("Bases").await?;
    window.see(".record-grid [data-row] [data-col]").await?;
    window
        .until("records can be read", async || {
            let read = window.run("return [...document.querySelectorAll('.record-grid [data-row]')].some((e) => e.innerText.length > 20)", vec![]).await?;
            Ok((read == Value::Bool(true)).then_some(()))
        })
        .await?;
    memory(report, &window, "memory with the base")?;
    window.client().clone().update_timeouts(timeouts()).await?;
    // A wheel turned fast, and a scroll bar that is dragged.
    for (what, step) in [("scrolling by the wheel", 120.0), ("scrolling by the bar", 20_000.0)] {
        let seen = window.run_async(SCROLL, vec![json!(step), json!(6)]).await?;
        let frames: Vec<f64> = serde_json::from_value(seen["frames"].clone())?;
        let seconds =
            (frames.last().copied().unwrap_or_default() - frames.first().copied().unwrap_or_default()) / 1000.0;
        let gaps: Vec<f64> = frames.windows(2).filter_map(|pair| Some(pair.get(1)? - pair.first()?)).collect();
        let more = format!(
            "longest {:.0} ms; {} of {} with a blank row; readable {:.0} ms after it rests",
            percentile(&gaps, 100),
            seen["blank"].as_f64().unwrap_or_default(),
            frames.len(),
            seen["rest"].as_f64().unwrap_or_default()
        );
        report.at_least(what, gaps.len() as f64 / seconds, "frames/s", 45.0, &more);
    }
    memory(report, &window, "memory with the base, scrolled through")?;
    tokio::time::sleep(REST).await;
    memory(report, &window, "memory with the base, after a rest")?;
    window.close().await
}

fn timeouts() -> fantoccini::wd::TimeoutConfiguration {
    let patient = Some(Duration::from_mins(1));
    fantoccini::wd::TimeoutConfiguration::new(patient, patient, None)
}
