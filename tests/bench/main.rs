//! Tabella beside its peers: `mbsync` with `mu` and with `notmuch`, `sqlite3` for tables.
//!
//! `bench base [RECORDS] [ROUNDS]`: see [`base`]. `bench window [MESSAGES] [RECORDS]`: see [`window`].
//! `bench [MESSAGES] [ROUNDS]`: the same server, the same mailbox, the same run. Prints medians and the
//! ratio of Tabella's median to the faster peer's, beside the bound we hold ourselves to.
//! Nothing is measured before the server has read every message once.
#![allow(clippy::disallowed_methods, reason = "what is measured is the machine's own time")]

mod base;
mod measure;
mod peers;
mod report;
mod views;
mod window;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail, ensure};
use e2e::generate::{Mailbox, Word, records_csv};
use e2e::{Keyring, MailServer};

use measure::{Cost, median_cost, run, size_on_disk, wall_seconds};
use peers::Peers;
use report::Report;

const NEW_MESSAGES: usize = 100;
const CHANGED_FLAGS: usize = 50;
const SEARCHES: usize = 100;
const RECORDS: usize = 100_000;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.next_if_eq("base").is_some() {
        let records = arguments.next().map_or(Ok(1_000_000), |text| text.parse()).context("RECORDS is a number")?;
        let rounds = arguments.next().map_or(Ok(3), |text| text.parse()).context("ROUNDS is a number")?;
        return base::bench(records, rounds);
    }
    if arguments.next_if_eq("window").is_some() {
        let messages = arguments.next().map_or(Ok(100_000), |text| text.parse()).context("MESSAGES is a number")?;
        let records = arguments.next().map_or(Ok(1_000_000), |text| text.parse()).context("RECORDS is a number")?;
        return window::bench(messages, records);
    }
    let messages: usize = arguments.next().map_or(Ok(20_000), |text| text.parse()).context("MESSAGES is a number")?;
    let rounds: usize = arguments.next().map_or(Ok(3), |text| text.parse()).context("ROUNDS is a number")?;
    ensure!(messages >= 500, "below 500 messages nothing is to be learned");

    let room = tempfile::Builder::new().prefix("tabella-bench-").tempdir()?;
    let server = MailServer::start();
    let user = server.user("anna");
    let mut mailbox = Mailbox::new(&user.email, 1, messages);
    let filled = server.fill("anna", mailbox.by_ref().take(messages));
    let mut report = Report::new(messages, filled.bytes);
    let keyring = Keyring::start();
    let tabella = |profile: &Path| with_keyring(profile, &keyring);

    eprintln!("the server reads its mailbox once ...");
    Peers::new(&room.path().join("warm"), &server)?.fetch()?;

    let peers = Peers::new(&room.path().join("peers"), &server)?;
    let field = Field { tabella: &tabella, profile: room.path().join("profile-0"), server: &server, peers: &peers };
    field.first_sync(&mut report, room.path(), rounds)?;
    field.nothing_new(&mut report, rounds.max(5))?;
    field.some_new(&mut report, &mut mailbox, rounds)?;
    field.searches(&mut report, messages + rounds * NEW_MESSAGES)?;
    field.disk(&mut report);
    tables(&mut report, &tabella, room.path(), &field.profile, rounds)?;
    print!("{report}");
    Ok(())
}

/// `tabella` on a profile.
type Program<'a> = &'a dyn Fn(&Path) -> Command;

/// As most people have it: the profile's key in the desktop's keyring. (Unlocking by a passphrase is made
/// to cost a tenth of a second.)
fn with_keyring(profile: &Path, keyring: &Keyring) -> Command {
    let mut command = e2e::tabella(profile);
    command.env_remove("TABELLA_PASSPHRASE").envs(keyring.env());
    command
}

/// The programs, and what all of them read.
struct Field<'a> {
    tabella: Program<'a>,
    /// Where Tabella holds the mailbox after the first sync.
    profile: PathBuf,
    server: &'a MailServer,
    peers: &'a Peers,
}

impl Field<'_> {
    /// Everything from the server, into a new profile each time.
    fn first_sync(&self, report: &mut Report, room: &Path, rounds: usize) -> Result<()> {
        let mut own = Vec::new();
        for round in 0..rounds {
            eprintln!("first sync {} of {rounds} ...", round + 1);
            let profile = room.join(format!("profile-{round}"));
            add_account((self.tabella)(&profile), self.server)?;
            own.push(run((self.tabella)(&profile).arg("sync"))?);
            if round > 0 {
                fs::remove_dir_all(profile)?;
            }
        }
        let (mut fetch, mut mu, mut notmuch) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..rounds {
            eprintln!("peers {} of {rounds} ...", round + 1);
            self.peers.forget()?;
            fetch.push(self.peers.fetch()?);
            mu.push(self.peers.mu_first()?);
            notmuch.push(self.peers.notmuch_first()?);
        }
        let fetch = median_cost(&fetch);
        report.work(
            "first sync",
            &median_cost(&own),
            &fetch.then(&median_cost(&mu)),
            &fetch.then(&median_cost(&notmuch)),
            0.8,
        );
        Ok(())
    }

    /// The second sync of a mailbox in which nothing happened.
    fn nothing_new(&self, report: &mut Report, rounds: usize) -> Result<()> {
        eprintln!("nothing new ...");
        let (mut own, mut mu, mut notmuch) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rounds {
            own.push(run((self.tabella)(&self.profile).arg("sync"))?);
            let fetch = self.peers.fetch()?;
            mu.push(fetch.then(&self.peers.mu_again()?));
            notmuch.push(fetch.then(&self.peers.notmuch_again()?));
        }
        report.work("nothing new", &median_cost(&own), &median_cost(&mu), &median_cost(&notmuch), 1.0);
        Ok(())
    }

    /// New mail and changed flags before each round.
    fn some_new(&self, report: &mut Report, mailbox: &mut Mailbox, rounds: usize) -> Result<()> {
        eprintln!("{NEW_MESSAGES} new, {CHANGED_FLAGS} flags ...");
        let (mut own, mut mu, mut notmuch) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..rounds {
            for message in mailbox.by_ref().take(NEW_MESSAGES) {
                self.server.put_at("anna", "INBOX", &message.raw, "", SystemTime::now());
            }
            let old = self
                .server
                .messages("anna", "INBOX")
                .into_iter()
                .filter(|stored| !stored.flags.contains('F') && !stored.flags.is_empty());
            for stored in old.skip(round * 500).take(CHANGED_FLAGS) {
                let name = stored.path.to_string_lossy();
                let (start, _) = name.rsplit_once(":2,").context("a message in cur")?;
                let mut flags: Vec<char> = stored.flags.chars().chain(['F']).collect();
                flags.sort_unstable();
                fs::rename(&stored.path, format!("{start}:2,{}", flags.into_iter().collect::<String>()))?;
            }
            own.push(run((self.tabella)(&self.profile).arg("sync"))?);
            let fetch = self.peers.fetch()?;
            mu.push(fetch.then(&self.peers.mu_again()?));
            notmuch.push(fetch.then(&self.peers.notmuch_again()?));
        }
        report.work(
            &format!("{NEW_MESSAGES} new, {CHANGED_FLAGS} flags"),
            &median_cost(&own),
            &median_cost(&mu),
            &median_cost(&notmuch),
            1.0,
        );
        Ok(())
    }

    /// Words that were planted among `messages`, each found as often as it was planted.
    fn searches(&self, report: &mut Report, messages: usize) -> Result<()> {
        eprintln!("searches ...");
        let queries = [
            ("rare word", Word::Rare.text().to_owned(), Word::Rare.count(messages)),
            ("common word", Word::Common.text().to_owned(), Word::Common.count(messages)),
            (
                "two words",
                format!("{} {}", Word::Left.text(), Word::Right.text()),
                (0..messages).filter(|index| Word::Left.is_in(*index) && Word::Right.is_in(*index)).count(),
            ),
            ("Cyrillic word", Word::Cyrillic.text().to_owned(), Word::Cyrillic.count(messages)),
        ];
        for (name, query, expected) in queries {
            let counted = measure::output((self.tabella)(&self.profile).args(["search", &query, "--count"]))?;
            if counted.trim() != expected.to_string() {
                // Whether one is missing, set aside or hidden, the program itself can say.
                for question in [&["doctor"][..], &["mailbox", "list"], &["call", "account.log", r#"{"id": 1}"#]] {
                    let answer = (self.tabella)(&self.profile).args(question).output()?;
                    eprintln!("{}", String::from_utf8_lossy(&answer.stdout));
                }
                // One that comes with the next round was not yet told of by the server.
                run((self.tabella)(&self.profile).arg("sync"))?;
                let again = measure::output((self.tabella)(&self.profile).args(["search", &query, "--count"]))?;
                bail!(
                    "{name}: tabella counts {}, and {} after another round; {expected} were planted",
                    counted.trim(),
                    again.trim()
                );
            }
            let (mut own, mut theirs) = (Vec::new(), Vec::new());
            for _ in 0..SEARCHES {
                own.push(wall_seconds((self.tabella)(&self.profile).args(["search", &query, "--limit", "50"]))?);
                theirs.push(self.peers.notmuch_search(&query)?);
            }
            report.search(name, expected, own, theirs);
        }
        Ok(())
    }

    fn disk(&self, report: &mut Report) {
        let own = ["mail.db", "mail.db-wal", "content.db", "content.db-wal"]
            .iter()
            .map(|name| size_on_disk(&self.profile.join(name)))
            .sum();
        report.disk(own, self.peers.disk());
    }
}

fn add_account(mut command: Command, server: &MailServer) -> Result<()> {
    let user = server.user("anna");
    command.args(["account", "add", "imap", "--email", &user.email, "--password-stdin"]);
    command.args([
        "--imap",
        &server.imaps(),
        "--imap-tls",
        "tls",
        "--smtp",
        &server.relay().submissions(),
        "--smtp-tls",
        "tls",
    ]);
    command.arg("--ca-file").arg(server.ca_file());
    measure::with_input(&mut command, &user.password)
}

/// A CSV file of records into a base, beside sqlite3's own import.
fn tables(report: &mut Report, tabella: Program, room: &Path, profile: &Path, rounds: usize) -> Result<()> {
    eprintln!("{RECORDS} records ...");
    let csv = room.join("records.csv");
    records_csv(fs::File::create(&csv)?, 1, RECORDS)?;
    let (mut own, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        own.push(run(tabella(profile)
            .args(["base", "import"])
            .arg(&csv)
            .args(["--name", &format!("Records {round}")]))?);
        theirs.push(peers::sqlite_import(room, &csv, round)?);
    }
    let cost = |costs: &[Cost]| median_cost(costs);
    report.table(&format!("{RECORDS} records from CSV"), &cost(&own), &cost(&theirs));
    Ok(())
}
