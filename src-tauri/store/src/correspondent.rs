//! People we wrote to or heard from, for completion, and whose remote images are loaded.

use crate::db::{Read, WriteTx};
use crate::error::sql;
use crate::likeness::{Fit, Typed};
use mail::text::fold;
use model::Result;
use model::message::{Address, PeopleTable};
use rusqlite::{OptionalExtension as _, Row};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Instant;

/// What a batch of mail says about people; written once a batch.
#[derive(Debug, Default)]
pub(crate) struct Met {
    people: HashMap<String, Sighting>,
}

#[derive(Debug, Default)]
struct Sighting {
    name: String,
    written: i64,
    received: i64,
    last_at: i64,
}

impl Met {
    fn add(&mut self, address: &Address, written: i64, received: i64, at: i64) {
        if !address.email.contains('@') || address.email.len() > 254 {
            return;
        }
        let person = self.people.entry(address.email.to_lowercase()).or_default();
        person.written += written;
        person.received += received;
        if !address.name.is_empty() && (at >= person.last_at || person.name.is_empty()) {
            person.name.clone_from(&address.name);
        }
        person.last_at = person.last_at.max(at);
    }

    /// A letter from somebody.
    pub(crate) fn received(&mut self, from: &Address, at: i64) {
        self.add(from, 0, 1, at);
    }

    /// A letter of ours to somebody.
    pub(crate) fn written<'a>(&mut self, to: impl Iterator<Item = &'a Address>, at: i64) {
        for address in to {
            self.add(address, 1, 0, at);
        }
    }

    /// Writes everything down.
    pub(crate) fn store(self, write: &WriteTx<'_>) -> Result<()> {
        let mut upsert = write
            .sql()
            .prepare_cached(
                "INSERT INTO correspondent (email, name, folded, written, received, last_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (email) DO UPDATE SET
                    written = written + ?4, received = received + ?5,
                    folded = CASE WHEN ?2 <> '' AND ?6 >= last_at THEN ?3 ELSE folded END,
                    name = CASE WHEN ?2 <> '' AND ?6 >= last_at THEN ?2 ELSE name END,
                    last_at = max(last_at, ?6)",
            )
            .map_err(sql)?;
        for (email, person) in self.people {
            let folded = fold(&format!("{} {email}", person.name));
            upsert
                .execute((&email, &person.name, folded, person.written, person.received, person.last_at))
                .map_err(sql)?;
        }
        Ok(())
    }
}

/// Remembers the recipients of a letter that was handed over.
pub fn written_to(write: &mut WriteTx<'_>, to: &[Address]) -> Result<()> {
    let mut met = Met::default();
    let now = write.now().0;
    met.written(to.iter(), now);
    met.store(write)
}

/// Loads remote images of this sender from now on.
pub(crate) fn allow_remote(write: &WriteTx<'_>, sender: &Address) -> Result<()> {
    let email = sender.email.to_lowercase();
    let folded = fold(&format!("{} {email}", sender.name));
    write
        .sql()
        .execute(
            "INSERT INTO correspondent (email, name, folded, last_at, remote_allowed) VALUES (?1, ?2, ?3, 0, 1)
             ON CONFLICT (email) DO UPDATE SET remote_allowed = 1",
            (&email, &sender.name, folded),
        )
        .map_err(sql)?;
    Ok(())
}

/// A person found by what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Display name, may be empty.
    pub name: String,
    /// Lower case.
    pub email: String,
    /// How well what was typed fits.
    pub fit: Fit,
    /// Letters of ours to them.
    pub written: i64,
    /// Letters of theirs.
    pub received: i64,
    /// When they last wrote or were written to, ms UTC.
    pub last_at: i64,
    /// The table that knows them.
    pub table: Option<PeopleTable>,
}

impl Person {
    /// What goes first: what was typed as it stands before guesses; then those we write to, names that
    /// begin so, those we hear from most and last.
    fn order(&self) -> impl Ord + use<> {
        let guess = self.fit >= Fit::Initials;
        let often = self.written * 5 + self.received.min(50);
        (guess, Reverse(self.written > 0), self.fit, Reverse(often), Reverse(self.last_at))
    }
}

/// Puts people in order, each once; where two ways lead to one, what both know is kept.
pub fn arrange(people: Vec<Person>, limit: u32) -> Vec<Person> {
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<Person> = Vec::new();
    for person in people {
        let Some(known) = at.get(&person.email).and_then(|at| found.get_mut(*at)) else {
            at.insert(person.email.clone(), found.len());
            found.push(person);
            continue;
        };
        if known.name.is_empty() {
            known.name = person.name;
        }
        known.fit = known.fit.min(person.fit);
        known.written = known.written.max(person.written);
        known.received = known.received.max(person.received);
        known.last_at = known.last_at.max(person.last_at);
        known.table = known.table.take().or(person.table);
    }
    found.sort_by_cached_key(|p| (p.order(), p.email.clone()));
    found.truncate(limit as usize);
    found
}

const PERSON: &str = "name, email, written, received, last_at";

fn person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        name: row.get(0)?,
        email: row.get(1)?,
        written: row.get(2)?,
        received: row.get(3)?,
        last_at: row.get(4)?,
        ..Person::default()
    })
}

/// People of the mail whom `typed` fits, best first. Guesses (initials, one mistake) are made where
/// few are found by what was typed as it stands, and until the deadline.
pub fn complete(read: &impl Read, typed: &Typed, limit: u32, until: Instant) -> Result<Vec<Person>> {
    let limit = limit.clamp(1, 50);
    let mut patterns: Vec<String> = typed.words().map(|w| format!("%{}%", escape_like(w))).collect();
    if patterns.is_empty() {
        patterns.push("%".into());
    }
    let conditions: Vec<String> = (1..=patterns.len()).map(|n| format!("folded LIKE ?{n} ESCAPE '\\'")).collect();
    let begin = format!("{}%", escape_like(typed.text()));
    let word = format!("% {}%", escape_like(typed.text()));
    let n = patterns.len();
    let query = format!(
        "SELECT {PERSON} FROM correspondent WHERE {}
         ORDER BY written > 0 DESC,
            (folded LIKE ?{} ESCAPE '\\' OR folded LIKE ?{} ESCAPE '\\' OR email LIKE ?{} ESCAPE '\\') DESC,
            written * 5 + min(received, 50) DESC, last_at DESC, email LIMIT ?{}",
        conditions.join(" AND "),
        n + 1,
        n + 2,
        n + 1,
        n + 3
    );
    patterns.extend([begin, word, limit.to_string()]);
    let mut people: Vec<Person> = read
        .sql()
        .prepare_cached(&query)
        .and_then(|mut s| s.query_map(rusqlite::params_from_iter(patterns), person)?.collect())
        .map_err(sql)?;
    for person in &mut people {
        person.fit = typed.fit(&person.name, &person.email).unwrap_or(Fit::Within).min(Fit::Within);
    }
    if people.len() < limit as usize && typed.may_guess() {
        let mut all = read.sql().prepare_cached(&format!("SELECT {PERSON} FROM correspondent")).map_err(sql)?;
        let mut rows = all.query([]).map_err(sql)?;
        let mut guesses = Vec::new();
        while let Some(row) = rows.next().map_err(sql)? {
            let mut guess = person(row).map_err(sql)?;
            if let Some(fit) = typed.fit(&guess.name, &guess.email).filter(|fit| *fit >= Fit::Initials) {
                guess.fit = fit;
                guesses.push(guess);
            }
            if Instant::now() >= until {
                break;
            }
        }
        people.extend(guesses);
    }
    Ok(arrange(people, limit))
}

/// Adds what the mail knows of people who were found elsewhere.
pub fn acquaint(read: &impl Read, people: &mut [Person]) -> Result<()> {
    let mut statement =
        read.sql().prepare_cached(&format!("SELECT {PERSON} FROM correspondent WHERE email = ?1")).map_err(sql)?;
    for one in people {
        if let Some(known) = statement.query_row([&one.email], person).optional().map_err(sql)? {
            (one.written, one.received, one.last_at) = (known.written, known.received, known.last_at);
            if !known.name.is_empty() {
                one.name = known.name;
            }
        }
    }
    Ok(())
}

/// Addresses whose owner's name or address contains `text`; at most `limit`.
pub(crate) fn containing(read: &impl Read, text: &str, limit: usize) -> Result<Vec<String>> {
    read.sql()
        .prepare_cached("SELECT email FROM correspondent WHERE folded LIKE ?1 ESCAPE '\\' LIMIT ?2")
        .and_then(|mut s| {
            s.query_map((format!("%{}%", escape_like(&fold(text))), limit as i64), |r| r.get(0))?.collect()
        })
        .map_err(sql)
}

/// A text that LIKE takes as it is.
pub(crate) fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
