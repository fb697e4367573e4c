//! One message after another: people, lists, notifications, newsletters.

use std::fmt::Write as _;
use std::time::SystemTime;

use encoding_rs::{Encoding, UTF_8};

use super::html::{letter_html, page};
use super::mime::{Part, base64_lines, encoded_words, multipart, text};
use super::words::{COMPANIES, FIRST_NAMES, LANGUAGES, LAST_NAMES, Language, RUSSIAN, Vocabulary, paragraphs};
use super::{Dice, Generated, Word};

#[derive(Clone, Debug)]
struct Person {
    name: String,
    email: String,
    language: Option<usize>,
}

#[derive(Clone, Debug)]
struct Thread {
    subject: String,
    ids: Vec<String>,
    list: Option<&'static str>,
    language: Option<usize>,
    last: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Person,
    List,
    Notification,
    Newsletter,
    Junk,
}

const LISTS: &[&str] = &["dev", "users", "announce", "packaging", "translators"];
const THREADS_OPEN: usize = 120;

/// Writes messages; knows whom the owner writes with and which threads are open.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pub attachments: bool,
    dice: Dice,
    owner: String,
    vocabulary: Vocabulary,
    people: Vec<Person>,
    threads: Vec<Thread>,
    /// Base64 lines to cut attachments from: what is inside does not matter, making it costs.
    blob: Vec<u8>,
}

/// Bytes of a base64 line with its CRLF.
const BLOB_LINE: usize = 78;

impl Writer {
    pub fn new(owner: &str, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let vocabulary = Vocabulary::new(&mut dice);
        let people = (0..300)
            .map(|number| {
                let language = (number % 4 == 3).then(|| number / 4 % LANGUAGES.len());
                let company = dice.pick(COMPANIES);
                if let Some(language) = language {
                    let name = (*dice.pick(LANGUAGES[language].people)).to_owned();
                    let email = format!("p{number}@{company}.example");
                    return Person { name, email, language: Some(language) };
                }
                let (first, last) = (*dice.pick(FIRST_NAMES), *dice.pick(LAST_NAMES));
                let (name, mailbox) = (format!("{first} {last}"), format!("{first}.{last}{number}"));
                Person { name, email: format!("{}@{company}.example", mailbox.to_lowercase()), language: None }
            })
            .collect();
        let noise: Vec<u8> = (0..300_000).flat_map(|_| dice.bits().to_le_bytes()).collect();
        let blob = base64_lines(&noise[..noise.len() / 57 * 57]);
        Self { attachments: true, dice, owner: owner.to_owned(), vocabulary, people, threads: Vec::new(), blob }
    }

    pub fn write(&mut self, index: usize, received: SystemTime) -> Generated {
        let kind = if Word::Cyrillic.is_in(index) {
            Kind::Person
        } else {
            match self.dice.below(100) {
                0..40 => Kind::Person,
                40..58 => Kind::List,
                58..82 => Kind::Notification,
                // What is searched for is not junk: programs differ in searching there.
                97.. if !Word::ALL.iter().any(|word| word.is_in(index)) => Kind::Junk,
                _ => Kind::Newsletter,
            }
        };
        let message_id =
            format!("{:012x}.{index}@{}.example", self.dice.bits() & 0xffff_ffff_ffff, self.dice.pick(COMPANIES));
        let planted =
            Word::ALL.iter().filter(|word| word.is_in(index)).map(|word| word.text()).collect::<Vec<_>>().join(" ");
        let mut raw = Vec::with_capacity(16 * 1024);
        let sent = match kind {
            Kind::Person | Kind::List => self.conversation(index, kind, received, &message_id, &planted, &mut raw),
            Kind::Notification | Kind::Newsletter | Kind::Junk => {
                self.bulk(kind, received, &message_id, &planted, &mut raw);
                false
            }
        };
        let mailbox = match kind {
            _ if sent => "Sent",
            Kind::List => "Lists",
            Kind::Junk => "Junk",
            _ if self.dice.chance(0.15) => "Archive",
            _ => "INBOX",
        };
        let mut flags = String::new();
        for (letter, share) in [
            ('F', 0.02),
            ('R', if kind == Kind::Person && !sent { 0.25 } else { 0.0 }),
            ('S', if sent { 1.0 } else { 0.9 }),
        ] {
            if self.dice.chance(share) {
                flags.push(letter);
            }
        }
        Generated { index, mailbox, flags, received, message_id, raw }
    }

    /// A letter of a thread; tells whether the owner sent it.
    fn conversation(
        &mut self,
        index: usize,
        kind: Kind,
        received: SystemTime,
        message_id: &str,
        planted: &str,
        raw: &mut Vec<u8>,
    ) -> bool {
        let list = (kind == Kind::List).then(|| *self.dice.pick(LISTS));
        let cyrillic = Word::Cyrillic.is_in(index);
        // Threads with much in them draw more: the tail of their lengths is heavy.
        let open: Vec<usize> = (0..self.threads.len())
            .filter(|at| self.threads[*at].list.is_some() == list.is_some() && !cyrillic)
            .collect();
        let continued = (!open.is_empty() && self.dice.chance(0.55)).then(|| {
            let (a, b) = (*self.dice.pick(&open), *self.dice.pick(&open));
            if self.threads[a].ids.len() > self.threads[b].ids.len() && self.threads[a].ids.len() < 60 { a } else { b }
        });
        let author = self.dice.below(self.people.len());
        let author = if cyrillic {
            (0..self.people.len()).find(|at| self.people[*at].language == Some(RUSSIAN)).unwrap_or(author)
        } else {
            author
        };
        let sent = kind == Kind::Person && continued.is_some() && self.dice.chance(0.3);
        let at = continued.unwrap_or_else(|| {
            let language = self.people[author].language.filter(|_| list.is_none());
            let subject = match language {
                Some(language) => (*self.dice.pick(LANGUAGES[language].subjects)).to_owned(),
                None => self.vocabulary.title(&mut self.dice),
            };
            if self.threads.len() >= THREADS_OPEN {
                let old = self.dice.below(THREADS_OPEN / 2);
                self.threads.remove(old);
            }
            self.threads.push(Thread { subject, ids: Vec::new(), list, language, last: String::new() });
            self.threads.len() - 1
        });
        let thread = self.threads[at].clone();
        let language: Option<&'static Language> = thread.language.map(|language| &LANGUAGES[language]);
        let charset = language.map_or(UTF_8, |language| *self.dice.pick(language.charsets));

        let author = self.people[author].clone();
        let other = self.people[self.dice.below(self.people.len())].clone();
        let me = Person { name: "Anna Tabella".into(), email: self.owner.clone(), language: None };
        let (from, to) = match thread.list {
            Some(list) => (author, format!("{list}@lists.example")),
            None if sent => (me, author.email),
            None => (author, self.owner.clone()),
        };
        let mut header = String::new();
        if !sent {
            self.trace(&mut header, &from.email, received);
        }
        let reply = if thread.ids.is_empty() { "" } else { "Re: " };
        let _ = write!(
            header,
            "From: {} <{}>\r\nTo: {to}\r\n",
            encoded_words(&mut self.dice, &from.name, charset),
            from.email
        );
        if thread.list.is_none() && self.dice.chance(0.2) {
            let _ = write!(header, "Cc: {} <{}>\r\n", encoded_words(&mut self.dice, &other.name, charset), other.email);
        }
        let prefix = thread.list.map(|list| format!("[{list}] ")).unwrap_or_default();
        let subject = encoded_words(&mut self.dice, &thread.subject, charset);
        let _ = write!(
            header,
            "Subject: {reply}{prefix}{subject}\r\nDate: {}\r\nMessage-ID: <{message_id}>\r\n",
            rfc2822(received)
        );
        if let Some(parent) = thread.ids.last() {
            // Some programs forget half of it, and some parents were never here.
            let _ = write!(header, "In-Reply-To: <{parent}>\r\n");
            if self.dice.chance(0.9) {
                let skip = thread.ids.len().saturating_sub(12);
                let kept: Vec<_> = thread
                    .ids
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| *at == 0 || *at >= skip)
                    .map(|(_, id)| format!("<{id}>"))
                    .collect();
                let _ = write!(header, "References: {}\r\n", kept.join("\r\n "));
            }
        }
        if let Some(list) = thread.list {
            let _ = write!(
                header,
                "List-Id: {list} discussion <{list}.lists.example>\r\nList-Post: <mailto:{list}@lists.example>\r\n\
                 List-Unsubscribe: <https://lists.example/{list}/leave>\r\nPrecedence: list\r\nSender: {list}-bounces@lists.example\r\n"
            );
        }
        header.push_str("MIME-Version: 1.0\r\n");

        let count = 1 + self.dice.below(if list.is_some() { 9 } else { 5 });
        let mut texts = paragraphs(&mut self.dice, &self.vocabulary, language, count);
        if !planted.is_empty() {
            texts.push(planted.to_owned());
        }
        let own = texts.iter().map(|text| fold(text)).collect::<Vec<_>>().join("\n\n");
        let quote = thread.last.replace('\n', "\n> ");
        let plain = format!(
            "{own}\n\n-- \n{}\n{}",
            from.name,
            if quote.is_empty() {
                String::new()
            } else {
                format!("\nOn {} they wrote:\n> {quote}\n", rfc2822(received))
            }
        );
        let mut body = text(&mut self.dice, "plain", &plain, charset);
        if list.is_none() && self.dice.chance(0.6) {
            let html = letter_html(&texts, &from.name, &thread.last);
            let html = text(&mut self.dice, "html", &html, charset);
            body = multipart(&mut self.dice, "alternative", &[body, html]);
        }
        body = self.attach(body, charset, language);
        finish(&header, &body, raw);

        let thread = &mut self.threads[at];
        thread.ids.push(message_id.to_owned());
        // What was planted is not quoted on, or it would stand in more messages than promised.
        thread.last = texts
            .iter()
            .filter(|text| **text != planted)
            .take(2)
            .map(|text| fold(text))
            .collect::<Vec<_>>()
            .join("\n\n");
        sent
    }

    fn attach(&mut self, body: Part, charset: &'static Encoding, language: Option<&Language>) -> Part {
        if !self.attachments {
            return body;
        }
        let big = self.dice.chance(0.007);
        if !big && !self.dice.chance(0.16) {
            return body;
        }
        let mut parts = vec![body];
        for number in 0..=usize::from(self.dice.chance(0.2)) {
            let size =
                if big { 1_000_000.0 + self.dice.unit() * 4_000_000.0 } else { self.dice.log_normal(45_000.0, 1.0) };
            let (extension, kind) = *self.dice.pick(&[
                ("pdf", "application/pdf"),
                ("jpg", "image/jpeg"),
                ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
                ("zip", "application/zip"),
                ("png", "image/png"),
            ]);
            let stem = match language {
                Some(language) => (*self.dice.pick(language.subjects)).to_owned(),
                None => self.vocabulary.title(&mut self.dice).replace([' ', '/', ':', '#'], "-"),
            };
            let name = format!("{stem}-{number}.{extension}");
            let name = if name.is_ascii() {
                format!("\"{name}\"")
            } else if self.dice.chance(0.5) {
                format!("\"{}\"", encoded_words(&mut self.dice, &name, charset))
            } else {
                String::new()
            };
            let header = if name.is_empty() {
                let encoded: String = stem.bytes().fold(String::new(), |mut all, byte| {
                    let _ = write!(all, "%{byte:02X}");
                    all
                });
                format!(
                    "Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n filename*=UTF-8''{encoded}.{extension}\r\n"
                )
            } else {
                format!(
                    "Content-Type: {kind}; name={name}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n filename={name}\r\n"
                )
            };
            let mut lines = ((size / 57.0) as usize).max(2);
            let mut body = Vec::with_capacity(lines * BLOB_LINE);
            let in_blob = self.blob.len() / BLOB_LINE;
            while lines > 0 {
                let start = self.dice.below(in_blob);
                let take = lines.min(in_blob - start);
                body.extend_from_slice(&self.blob[start * BLOB_LINE..(start + take) * BLOB_LINE]);
                lines -= take;
            }
            parts.push(Part { header, body });
        }
        multipart(&mut self.dice, "mixed", &parts)
    }

    /// Something a program sent: a notification, a newsletter, junk.
    fn bulk(&mut self, kind: Kind, received: SystemTime, message_id: &str, planted: &str, raw: &mut Vec<u8>) {
        let company = *self.dice.pick(COMPANIES);
        let (from, count) = match kind {
            Kind::Notification => (format!("{company} alerts <no-reply@{company}.example>"), 2 + self.dice.below(4)),
            Kind::Newsletter => (format!("The {company} letter <news@{company}.example>"), 8 + self.dice.below(30)),
            _ => (
                format!("{} <win@{}{}.example>", self.dice.pick(FIRST_NAMES), company, self.dice.below(99)),
                2 + self.dice.below(3),
            ),
        };
        let mut header = String::new();
        self.trace(&mut header, from.rsplit('<').next().unwrap_or_default().trim_end_matches('>'), received);
        let title = self.vocabulary.title(&mut self.dice);
        let _ = write!(
            header,
            "From: {from}\r\nTo: {}\r\nSubject: {title}\r\nDate: {}\r\nMessage-ID: <{message_id}>\r\n",
            self.owner,
            rfc2822(received)
        );
        if kind == Kind::Newsletter {
            let _ = write!(
                header,
                "List-Unsubscribe: <https://{company}.example/leave/{}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nPrecedence: bulk\r\n",
                self.dice.bits()
            );
        }
        header.push_str("MIME-Version: 1.0\r\n");
        let mut texts = paragraphs(&mut self.dice, &self.vocabulary, None, count);
        if !planted.is_empty() {
            texts.push(planted.to_owned());
        }
        let plain = texts.iter().map(|text| fold(text)).collect::<Vec<_>>().join("\n\n") + "\n";
        let plain = text(&mut self.dice, "plain", &plain, UTF_8);
        let html = page(&mut self.dice, company, &title, &texts, kind == Kind::Newsletter);
        let html = text(&mut self.dice, "html", &html, UTF_8);
        let body = if self.dice.chance(0.75) { multipart(&mut self.dice, "alternative", &[plain, html]) } else { html };
        finish(&header, &body, raw);
    }

    /// What the servers on the way wrote at the top.
    fn trace(&mut self, header: &mut String, from: &str, received: SystemTime) {
        let domain = from.rsplit('@').next().unwrap_or_default();
        let date = rfc2822(received);
        let _ = write!(header, "Return-Path: <{from}>\r\nDelivered-To: {}\r\n", self.owner);
        for hop in 0..2 + self.dice.below(3) {
            let _ = write!(
                header,
                "Received: from mx{hop}.{domain} (mx{hop}.{domain} [192.0.2.{}])\r\n\tby in{hop}.tabella.test with ESMTPS id {:012x}\r\n\tfor <{}>; {date}\r\n",
                self.dice.below(255),
                self.dice.bits() & 0xffff_ffff_ffff,
                self.owner
            );
        }
        let _ = write!(
            header,
            "Authentication-Results: in0.tabella.test;\r\n\tdkim=pass header.d={domain};\r\n\tspf=pass smtp.mailfrom={from};\r\n\tdmarc=pass header.from={domain}\r\n\
             DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s1;\r\n\th=from:to:subject:date:message-id;\r\n\tb="
        );
        let start = self.dice.below(self.blob.len() / BLOB_LINE - 6) * BLOB_LINE;
        for line in self.blob[start..start + 5 * BLOB_LINE].chunks(BLOB_LINE) {
            let _ = write!(header, "{}\r\n\t", String::from_utf8_lossy(&line[..60]));
        }
        header.push_str("=\r\n");
    }
}

fn finish(header: &str, body: &Part, raw: &mut Vec<u8>) {
    raw.extend_from_slice(header.as_bytes());
    body.append_to(raw);
}

/// Breaks at spaces after some 72 characters.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 16);
    let mut column = 0;
    for (at, word) in text.split(' ').enumerate() {
        let width = word.chars().count();
        if at > 0 {
            let breaks = column + width > 72;
            folded.push(if breaks { '\n' } else { ' ' });
            column = if breaks { 0 } else { column + 1 };
        }
        folded.push_str(word);
        column += width;
    }
    folded
}

/// `Mon, 30 Jun 2025 12:00:00 +0000`.
fn rfc2822(at: SystemTime) -> String {
    let seconds = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let days = seconds / 86_400;
    // Days to civil date, as in Howard Hinnant's `civil_from_days`.
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(days % 7) as usize];
    let name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month as usize - 1];
    let of_day = seconds % 86_400;
    format!("{weekday}, {day} {name} {year} {:02}:{:02}:{:02} +0000", of_day / 3600, of_day / 60 % 60, of_day % 60)
}
