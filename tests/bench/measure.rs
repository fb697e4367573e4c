//! What a process costs: wall, CPU, memory; and what files weigh.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

/// What one run of a program cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// From start to end.
    pub wall_seconds: f64,
    /// User and system, of the process and its children.
    pub cpu_seconds: f64,
    /// The largest resident set.
    pub peak_bytes: u64,
}

impl Cost {
    /// This, and then that.
    pub fn then(&self, next: &Self) -> Self {
        Self {
            wall_seconds: self.wall_seconds + next.wall_seconds,
            cpu_seconds: self.cpu_seconds + next.cpu_seconds,
            peak_bytes: self.peak_bytes.max(next.peak_bytes),
        }
    }
}

/// Runs a program to its end under time(1); fails where it fails.
pub fn run(command: &mut Command) -> Result<Cost> {
    let figures = tempfile::NamedTempFile::new()?;
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["--quiet", "--format", "%U %S %M", "--output"]).arg(figures.path());
    timed
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            timed.env(name, value);
        }
    }
    let begin = Instant::now();
    let output = timed.output().context("/usr/bin/time")?;
    let wall_seconds = begin.elapsed().as_secs_f64();
    ensure!(output.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(figures.path())?;
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [user, system, kilobytes] = numbers[..] else { bail!("time(1) wrote {text:?}") };
    Ok(Cost { wall_seconds, cpu_seconds: user + system, peak_bytes: kilobytes as u64 * 1024 })
}

/// Seconds from the start of a program to its end; fails where it fails. For programs that take no longer
/// than time(1) itself.
pub fn wall_seconds(command: &mut Command) -> Result<f64> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let begin = Instant::now();
    let status = command.status().with_context(|| format!("{command:?}"))?;
    let seconds = begin.elapsed().as_secs_f64();
    ensure!(status.success(), "{command:?} failed");
    Ok(seconds)
}

/// Runs a program with this on its standard input; fails where it fails.
pub fn with_input(command: &mut Command, input: &str) -> Result<()> {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().with_context(|| format!("{command:?}"))?;
    child.stdin.take().context("a pipe")?.write_all(input.as_bytes())?;
    ensure!(child.wait()?.success(), "{command:?} failed");
    Ok(())
}

/// What a program prints; fails where it fails.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The middle one.
pub fn median(values: &[f64]) -> f64 {
    percentile(values, 50)
}

/// The value that this share of all do not exceed.
pub fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get((values.len().saturating_sub(1) * percent).div_ceil(100)).copied().unwrap_or_default()
}

/// The median of each figure by itself.
pub fn median_cost(costs: &[Cost]) -> Cost {
    let of = |figure: fn(&Cost) -> f64| median(&costs.iter().map(figure).collect::<Vec<_>>());
    Cost {
        wall_seconds: of(|cost| cost.wall_seconds),
        cpu_seconds: of(|cost| cost.cpu_seconds),
        peak_bytes: of(|cost| cost.peak_bytes as f64) as u64,
    }
}

/// Bytes of a file, or of all files in a folder.
pub fn size_on_disk(path: &Path) -> u64 {
    let Ok(data) = std::fs::symlink_metadata(path) else {
        return 0;
    };
    if !data.is_dir() {
        return data.len();
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| size_on_disk(&entry.path())).sum()
}
