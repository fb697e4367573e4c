//! Realistic mailboxes and tables, the same for the same seed.
//!
//! [`Mailbox`] yields one message after another as a person's five years of mail would come: threads
//! with heavy tails, mailing lists, notifications, newsletters, attachments (log-normal sizes; some 41 kB
//! a message on average), a dozen charsets. [`records`] yields a table of customers. Words are planted in
//! known numbers ([`Word`]), so that a search has a right answer.
//! Look next: [`message`](self) kinds in `message.rs`, texts in `words.rs`.

mod html;
mod message;
mod mime;
mod records;
mod words;

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

pub use records::{COLUMNS, records, records_csv};

use crate::server::MailServer;

/// A small generator of numbers (splitmix64): the same numbers on every machine, for ever.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Numbers from this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// Any 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end` (which is above 0).
    pub fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }

    /// A number in 0..1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True in this share of calls.
    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Log-normal with this median; `spread` is the deviation of the logarithm.
    pub fn log_normal(&mut self, median: f64, spread: f64) -> f64 {
        let (a, b) = (self.unit().max(1e-12), self.unit());
        let normal = (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos();
        median * (normal * spread).exp()
    }
}

/// Words that stand in known messages and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// In 3 messages.
    Rare,
    /// In every 10th message.
    Common,
    /// In every 50th message.
    Left,
    /// In every 50th message, among them every 10th of those with [`Word::Left`].
    Right,
    /// In every 100th message, a Russian one.
    Cyrillic,
}

impl Word {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Rare, Self::Common, Self::Left, Self::Right, Self::Cyrillic];

    /// The word itself.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Rare => "zimtstern",
            Self::Common => "kaleidoscope",
            Self::Left => "amberline",
            Self::Right => "lanternfish",
            Self::Cyrillic => "подсолнечник",
        }
    }

    /// Whether message `index` of a mailbox holds it.
    #[must_use]
    pub fn is_in(self, index: usize) -> bool {
        match self {
            Self::Rare => [17, 171, 301].contains(&index),
            Self::Common => index % 10 == 3,
            Self::Left => index % 50 == 7,
            Self::Right => index % 500 == 7 || (index % 50 == 29 && index % 500 != 29),
            Self::Cyrillic => index % 100 == 41,
        }
    }

    /// How many of the first `count` messages hold it.
    #[must_use]
    pub fn count(self, count: usize) -> usize {
        (0..count).filter(|index| self.is_in(*index)).count()
    }
}

/// A message as it is put into a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Its place in the stream, from 0.
    pub index: usize,
    /// INBOX, Archive, Lists, Sent or Junk.
    pub mailbox: &'static str,
    /// Maildir's letters.
    pub flags: String,
    /// Date and INTERNALDATE.
    pub received: SystemTime,
    /// Without angle brackets.
    pub message_id: String,
    /// The bytes, lines ended by CRLF.
    pub raw: Vec<u8>,
}

/// The endless stream of a person's mail. Take as much as is wanted; go on for what comes later.
#[derive(Clone, Debug)]
pub struct Mailbox {
    writer: message::Writer,
    next: usize,
    span: usize,
}

/// When the newest of the mailbox's first messages came: 2025-06-30 12:00 UTC.
const NEWEST_SECONDS: u64 = 1_751_284_800;
const FIVE_YEARS_SECONDS: u64 = 5 * 365 * 86_400;

impl Mailbox {
    /// A mailbox of `owner` whose first `span` messages fill five years.
    #[must_use]
    pub fn new(owner: &str, seed: u64, span: usize) -> Self {
        Self { writer: message::Writer::new(owner, seed), next: 0, span: span.max(1) }
    }

    /// The same without attachments: some 7 kB a message.
    #[must_use]
    pub fn light(owner: &str, seed: u64, span: usize) -> Self {
        let mut mailbox = Self::new(owner, seed, span);
        mailbox.writer.attachments = false;
        mailbox
    }
}

impl Iterator for Mailbox {
    type Item = Generated;

    fn next(&mut self) -> Option<Generated> {
        let index = self.next;
        self.next += 1;
        let into = FIVE_YEARS_SECONDS as f64 * index as f64 / self.span as f64;
        let seconds = NEWEST_SECONDS - FIVE_YEARS_SECONDS + into as u64;
        Some(self.writer.write(index, SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)))
    }
}

/// What was put where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Messages.
    pub messages: usize,
    /// Their bytes in sum.
    pub bytes: u64,
    /// Messages by mailbox.
    pub mailboxes: BTreeMap<&'static str, usize>,
}

impl MailServer {
    /// Puts generated messages into a user's mailboxes.
    pub fn fill(&self, user: &str, messages: impl IntoIterator<Item = Generated>) -> Filled {
        let mut filled = Filled::default();
        for message in messages {
            self.put_at(user, message.mailbox, &message.raw, &message.flags, message.received);
            filled.messages += 1;
            filled.bytes += message.raw.len() as u64;
            *filled.mailboxes.entry(message.mailbox).or_default() += 1;
        }
        filled
    }
}
