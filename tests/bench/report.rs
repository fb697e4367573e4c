//! The table that the bench prints.

use std::fmt::{self, Display, Formatter};

use super::measure::{Cost, median, percentile};

struct Row {
    what: String,
    own: String,
    peers: String,
    ratio: f64,
    bound: Option<f64>,
}

/// All rows, in the order they were measured.
pub struct Report {
    title: String,
    rows: Vec<Row>,
}

type Figure = fn(&Cost) -> f64;

fn wall(cost: &Cost) -> f64 {
    cost.wall_seconds
}

fn cpu(cost: &Cost) -> f64 {
    cost.cpu_seconds
}

const MB: f64 = 1_000_000.0;
/// Peak memory that `tabella sync` may take.
const PEAK_MB: f64 = 250.0;

impl Report {
    pub fn new(messages: usize, bytes: u64) -> Self {
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split(' ').next().unwrap_or_default();
        let title = format!(
            "{messages} messages, {:.0} MB; load at the start {load}; medians; bound: ratio to the faster peer",
            bytes as f64 / MB
        );
        Self { title, rows: Vec::new() }
    }

    /// Of files into and out of bases.
    pub fn of_bases(records: usize) -> Self {
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split(' ').next().unwrap_or_default();
        Self { title: format!("{records} records x 20 columns; load at the start {load}; medians"), rows: Vec::new() }
    }

    /// Of the window.
    pub fn of_window(messages: usize, records: usize) -> Self {
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split(' ').next().unwrap_or_default();
        let title = format!(
            "the window with {messages} messages and {records} records; load at the start {load}; ratio: to the bound"
        );
        Self { title, rows: Vec::new() }
    }

    /// A figure that must not exceed its bound.
    pub fn at_most(&mut self, what: &str, own: f64, unit: &str, bound: f64, more: &str) {
        let what = format!("{what} (at most {bound} {unit})");
        self.add(&what, format!("{own:.0} {unit}"), more.to_owned(), own / bound, Some(1.0));
    }

    /// A figure that must reach its bound.
    pub fn at_least(&mut self, what: &str, own: f64, unit: &str, bound: f64, more: &str) {
        let what = format!("{what} (at least {bound} {unit})");
        self.add(&what, format!("{own:.0} {unit}"), more.to_owned(), bound / own, Some(1.0));
    }

    fn add(&mut self, what: &str, own: String, peers: String, ratio: f64, bound: Option<f64>) {
        eprintln!("  {what}: {own} | {peers} | {ratio:.2}");
        self.rows.push(Row { what: what.to_owned(), own, peers, ratio, bound });
    }

    /// Wall and CPU beside both pairs, and the peak memory.
    pub fn work(&mut self, what: &str, own: &Cost, mu: &Cost, notmuch: &Cost, bound: f64) {
        let figures = [("wall", wall as Figure), ("CPU", cpu)];
        for (name, figure) in figures {
            let (mine, mu, notmuch) = (figure(own), figure(mu), figure(notmuch));
            let peers = format!("mbsync+mu {mu:.2} s, mbsync+notmuch {notmuch:.2} s");
            self.add(&format!("{what}, {name}"), format!("{mine:.2} s"), peers, mine / mu.min(notmuch), Some(bound));
        }
        let peak = own.peak_bytes as f64 / MB;
        let peers = format!(
            "mbsync+mu {:.0} MB, mbsync+notmuch {:.0} MB",
            mu.peak_bytes as f64 / MB,
            notmuch.peak_bytes as f64 / MB
        );
        let least = mu.peak_bytes.min(notmuch.peak_bytes) as f64 / MB;
        self.add(
            &format!("{what}, peak memory (at most {PEAK_MB} MB)"),
            format!("{peak:.0} MB"),
            peers,
            peak / least,
            Some(PEAK_MB / least),
        );
    }

    /// Process times of a search: our 95th percentile beside their median.
    pub fn search(&mut self, what: &str, hits: usize, own: Vec<f64>, theirs: Vec<f64>) {
        let (p95, peer) = (percentile(&own, 95) * 1000.0, median(&theirs) * 1000.0);
        let mine = format!("{:.1} ms, p95 {p95:.1} ms", median(&own) * 1000.0);
        let theirs = format!("notmuch {peer:.1} ms, p95 {:.1} ms", percentile(&theirs, 95) * 1000.0);
        self.add(&format!("search, {what} ({hits} hits)"), mine, theirs, p95 / peer, Some(1.0));
    }

    /// Wall, CPU and memory beside one peer; the bound is of the wall.
    pub fn exchange(&mut self, what: &str, own: &Cost, peer: &str, theirs: &Cost, bound: f64) {
        for (name, figure, bound) in [("wall", wall as Figure, Some(bound)), ("CPU", cpu, None)] {
            let (mine, other) = (figure(own), figure(theirs));
            let peers = format!("{peer} {other:.2} s");
            self.add(&format!("{what}, {name}"), format!("{mine:.2} s"), peers, mine / other, bound);
        }
        let (peak, other) = (own.peak_bytes as f64 / MB, theirs.peak_bytes as f64 / MB);
        let peers = format!("{peer} {other:.0} MB");
        self.add(&format!("{what}, peak memory"), format!("{peak:.0} MB"), peers, peak / other, None);
    }

    /// Wall and memory without a peer.
    pub fn alone(&mut self, what: &str, own: &Cost) {
        let figures = format!("{:.2} s, {:.0} MB", own.wall_seconds, own.peak_bytes as f64 / MB);
        self.add(what, figures, String::new(), 1.0, None);
    }

    /// Milliseconds to an answer beside the peer's; the bound is of our own time.
    pub fn view(&mut self, what: &str, own_ms: f64, peer: &str, peer_ms: f64, bound_ms: Option<f64>) {
        let what = bound_ms.map_or_else(|| what.to_owned(), |bound| format!("{what} (at most {bound} ms)"));
        let bound = bound_ms.map(|bound| bound / peer_ms);
        self.add(&what, format!("{own_ms:.1} ms"), format!("{peer} {peer_ms:.1} ms"), own_ms / peer_ms, bound);
    }

    /// Bytes on disk.
    pub fn disk(&mut self, own: u64, peers: u64) {
        let (own, peers) = (own as f64 / MB, peers as f64 / MB);
        self.add("disk", format!("{own:.0} MB"), format!("Maildir and notmuch {peers:.0} MB"), own / peers, Some(0.6));
    }

    /// Wall, CPU and memory of an import beside sqlite3's; no bound: sqlite3 keeps texts and knows no types.
    pub fn table(&mut self, what: &str, own: &Cost, sqlite: &Cost) {
        self.add(
            &format!("{what}, wall"),
            format!("{:.2} s", own.wall_seconds),
            format!("sqlite3 {:.2} s", sqlite.wall_seconds),
            own.wall_seconds / sqlite.wall_seconds,
            None,
        );
        self.add(
            &format!("{what}, CPU"),
            format!("{:.2} s", own.cpu_seconds),
            format!("sqlite3 {:.2} s", sqlite.cpu_seconds),
            own.cpu_seconds / sqlite.cpu_seconds,
            None,
        );
        let (peak, theirs) = (own.peak_bytes as f64 / MB, sqlite.peak_bytes as f64 / MB);
        self.add(
            &format!("{what}, peak memory"),
            format!("{peak:.0} MB"),
            format!("sqlite3 {theirs:.0} MB"),
            peak / theirs,
            None,
        );
    }
}

impl Display for Report {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        writeln!(out, "\n{}\n", self.title)?;
        let width = |of: fn(&Row) -> &str| self.rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0);
        let (what, own, peers) = (width(|row| &row.what), width(|row| &row.own), width(|row| &row.peers));
        writeln!(out, "{:what$}  {:>own$}  {:peers$}  ratio  bound", "", "tabella", "peers")?;
        for row in &self.rows {
            let verdict = match row.bound {
                Some(bound) if row.ratio <= bound => format!("{bound:.2}  ok"),
                Some(bound) => format!("{bound:.2}  over"),
                None => "-".into(),
            };
            writeln!(out, "{:what$}  {:>own$}  {:peers$}  {:5.2}  {verdict}", row.what, row.own, row.peers, row.ratio)?;
        }
        Ok(())
    }
}
