//! Reading: charset, separator, header, rows.

use super::guess::{Evidence, Guess};
use crate::exchange::{ColumnPlan, Feed, Given, TablePlan, column_names};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use model::{Error, ErrorCode, Result, say};
use std::io::{Read, Seek, SeekFrom};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

/// How a file is written. What is `None` is found out by [`inspect`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dialect {
    /// Field separator: one ASCII character.
    pub delimiter: Option<u8>,
    /// Charset.
    pub encoding: Option<&'static Encoding>,
    /// The first row holds names.
    pub header: Option<bool>,
}

impl Dialect {
    /// A dialect of what a person chose; `\t` and `tab` both name the tab.
    pub fn chosen(delimiter: Option<&str>, encoding: Option<&str>, header: Option<bool>) -> Result<Self> {
        let delimiter = match delimiter {
            None | Some("") => None,
            Some("tab" | "\\t" | "\t") => Some(b'\t'),
            Some(one) if one.len() == 1 && one.is_ascii() && !one.contains(['"', '\n', '\r']) => one.bytes().next(),
            Some(_) => {
                return Err(Error::invalid("The separator of a CSV file is one character, such as , or ; or a tab."));
            }
        };
        let encoding = match encoding {
            None | Some("") => None,
            Some(label) => Some(Encoding::for_label(label.as_bytes()).ok_or_else(|| {
                Error::invalid(say!("There is no charset “{label}”.", label = format!("{label:.40}")))
            })?),
        };
        Ok(Self { delimiter, encoding, header })
    }
}

/// What [`inspect`] found.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Separator.
    pub delimiter: u8,
    /// Charset.
    pub encoding: &'static Encoding,
    /// The first row holds names.
    pub header: bool,
    /// Names: unique, never empty, fit for columns.
    pub names: Vec<String>,
    /// Types, one a name.
    pub guesses: Vec<Guess>,
    /// First rows, at most 20.
    pub first: Vec<Vec<String>>,
    /// Records without the header.
    pub total: u64,
}

/// A row longer than this is refused (bytes): it would be a file with an unclosed quote, or a bomb.
pub const ROW_BYTES_MAX: usize = 32 << 20;
/// More columns than this are refused.
const COLUMNS_MAX: usize = 500;
/// How much of a file is looked at for its separator.
const HEAD_BYTES: usize = 64 << 10;
/// Rows between two questions whether to go on.
const CHECK_ROWS: u64 = 4096;
/// Rows handed over at once.
const BATCH_ROWS: usize = 256;
/// Bytes after which fewer rows are handed over.
const BATCH_BYTES: usize = 1 << 20;
/// Threads that judge values, at most: beyond, reading is what takes the time.
const JUDGES_MAX: usize = 4;

/// Reads the whole file for charset, separator, header and types. `go_on` is asked every few
/// thousand rows with the number read; `false` stops with [`ErrorCode::Cancelled`].
pub fn inspect<R: Read + Seek>(
    mut file: R,
    dialect: &Dialect,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<Inspection> {
    let encoding = match dialect.encoding {
        Some(encoding) => encoding,
        None => charset(&mut file)?,
    };
    file.seek(SeekFrom::Start(0)).map_err(disk)?;
    let mut head = Vec::new();
    Decoded::new(&mut file, encoding).take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(disk)?;
    if head.contains(&0) {
        return Err(
            Error::new(ErrorCode::Damaged, "This is not a text file.").remedy("Choose a CSV, TSV or text file.")
        );
    }
    let delimiter = dialect.delimiter.unwrap_or_else(|| separator(&head));
    let header = dialect.header.unwrap_or_else(|| has_header(&head, delimiter));

    file.seek(SeekFrom::Start(0)).map_err(disk)?;
    let seen = look_at_all(reader(Decoded::new(&mut file, encoding), delimiter), header, go_on)?;
    if seen.evidence.is_empty() {
        return Err(Error::invalid("This file holds no records.").remedy("Choose a file with at least one row."));
    }
    let guesses: Vec<Guess> = seen.evidence.into_iter().map(Evidence::guess).collect();
    let names = column_names(&seen.names, guesses.len());
    Ok(Inspection { delimiter, encoding, header, names, guesses, first: seen.first, total: seen.total })
}

/// What all rows of a file showed.
#[derive(Default)]
struct Seen {
    names: Vec<String>,
    first: Vec<Vec<String>>,
    total: u64,
    evidence: Vec<Evidence>,
}

/// Records on their way to those who judge them; used again and again.
struct Batch {
    records: Vec<csv::StringRecord>,
    filled: usize,
    bytes: usize,
}

impl Default for Batch {
    fn default() -> Self {
        Self { records: vec![csv::StringRecord::new(); BATCH_ROWS], filled: 0, bytes: 0 }
    }
}

/// What the values of some records can be, column by column.
fn judged(batches: Receiver<Batch>, used: &Sender<Batch>) -> Vec<Evidence> {
    let mut evidence: Vec<Evidence> = Vec::new();
    for mut batch in batches {
        for record in batch.records.iter().take(batch.filled) {
            if record.len() > evidence.len() {
                evidence.resize_with(record.len(), Evidence::default);
            }
            for (seen, value) in evidence.iter_mut().zip(record.iter()) {
                seen.add(value);
            }
        }
        if batch.bytes <= BATCH_BYTES {
            (batch.filled, batch.bytes) = (0, 0);
            // Nobody wants it any more at the end.
            let _ = used.send(batch);
        }
    }
    evidence
}

/// Reads on this thread, judges on others: the types of a column are a matter of all its values.
fn look_at_all<R: Read>(
    mut reader: csv::Reader<Decoded<R>>,
    header: bool,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<Seen> {
    let judges = std::thread::available_parallelism().map_or(1, usize::from).saturating_sub(1).clamp(1, JUDGES_MAX);
    std::thread::scope(|scope| {
        let (used, again) = channel();
        let (to, threads): (Vec<_>, Vec<_>) = (0..judges)
            .map(|_| {
                let (to, batches) = sync_channel(2);
                let used = used.clone();
                (to, scope.spawn(move || judged(batches, &used)))
            })
            .unzip();
        let mut seen = Seen::default();
        if header {
            let mut names = csv::StringRecord::new();
            if read_row(&mut reader, &mut names)? {
                refuse_width(&names)?;
                seen.names = names.iter().map(str::to_owned).collect();
            }
        }
        let mut more = true;
        for turn in to.iter().cycle() {
            let mut batch: Batch = again.try_recv().unwrap_or_default();
            for record in &mut batch.records {
                more = read_row(&mut reader, record)?;
                if !more {
                    break;
                }
                refuse_width(record)?;
                if seen.first.len() < 20 {
                    seen.first.push(record.iter().map(str::to_owned).collect());
                }
                batch.filled += 1;
                batch.bytes += record.as_slice().len();
                seen.total += 1;
                if seen.total.is_multiple_of(CHECK_ROWS) && !go_on(seen.total) {
                    return Err(Error::new(ErrorCode::Cancelled, "Stopped."));
                }
                if batch.bytes > BATCH_BYTES {
                    break;
                }
            }
            // A judge goes only by a panic, which joining it tells.
            if turn.send(batch).is_err() || !more {
                break;
            }
        }
        drop(to);
        seen.evidence.resize_with(seen.names.len(), Evidence::default);
        for thread in threads {
            let part = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            seen.evidence.resize_with(part.len().max(seen.evidence.len()), Evidence::default);
            for (all, part) in seen.evidence.iter_mut().zip(part) {
                all.join(part);
            }
        }
        Ok(seen)
    })
}

fn refuse_width(record: &csv::StringRecord) -> Result<()> {
    if record.len() > COLUMNS_MAX {
        return Err(Error::new(
            ErrorCode::TooLarge,
            say!("A row has {width} columns; a table holds {max}.", width = record.len(), max = COLUMNS_MAX),
        )
        .remedy("Check the separator, or split the file."));
    }
    Ok(())
}

/// Records after the header.
pub struct Rows<R: Read> {
    reader: csv::Reader<Decoded<R>>,
    record: csv::StringRecord,
}

/// The records of an inspected file, from its beginning.
pub fn rows<R: Read + Send>(file: R, inspection: &Inspection) -> Result<Rows<R>> {
    let mut rows = Rows {
        reader: reader(Decoded::new(file, inspection.encoding), inspection.delimiter),
        record: csv::StringRecord::new(),
    };
    if inspection.header {
        rows.advance()?;
    }
    Ok(rows)
}

impl Inspection {
    /// The table this file makes.
    pub fn plan(&self, name: &str) -> TablePlan {
        let columns = self
            .names
            .iter()
            .cloned()
            .zip(self.guesses.iter().cloned())
            .map(|(n, g)| ColumnPlan::guessed(n, g))
            .collect();
        TablePlan { name: name.to_owned(), columns, first: self.first.clone(), total: self.total, views: Vec::new() }
    }
}

impl<R: Read + Send> Feed for Rows<R> {
    fn advance(&mut self) -> Result<bool> {
        read_row(&mut self.reader, &mut self.record)
    }

    fn value(&self, at: usize) -> Given<'_> {
        Given::Text(self.record.get(at).unwrap_or_default())
    }
}

fn reader<R: Read>(source: R, delimiter: u8) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(256 << 10)
        .from_reader(source)
}

fn read_row<R: Read>(reader: &mut csv::Reader<Decoded<R>>, record: &mut csv::StringRecord) -> Result<bool> {
    let before = reader.position().byte();
    let more = reader.read_record(record).map_err(|e| match e.into_kind() {
        csv::ErrorKind::Io(e) if e.kind() == std::io::ErrorKind::FileTooLarge => {
            Error::new(ErrorCode::TooLarge, "A row of this file is longer than 32 MB.")
                .remedy("A quote that is opened and never closed can cause this; check the file.")
        }
        csv::ErrorKind::Io(e) => disk(e),
        other => Error::new(ErrorCode::Damaged, "This file can't be read as CSV.").detail(format!("{other:?}")),
    })?;
    let read = reader.position().byte();
    reader.get_mut().row_start(read);
    debug_assert!(read >= before);
    Ok(more)
}

fn disk(e: std::io::Error) -> Error {
    Error::new(ErrorCode::Disk, "The file can't be read.").detail(e)
}

/// A reader that gives UTF-8 whatever the charset, without a byte order mark, and refuses rows
/// that never end.
struct Decoded<R> {
    source: R,
    decoder: encoding_rs::Decoder,
    input: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
    spare: Vec<u8>,
    given: u64,
    row_start: u64,
}

impl<R: Read> Decoded<R> {
    fn new(source: R, encoding: &'static Encoding) -> Self {
        Self {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            input: vec![0; 64 << 10],
            from: 0,
            to: 0,
            ended: false,
            spare: Vec::new(),
            given: 0,
            row_start: 0,
        }
    }

    fn row_start(&mut self, byte: u64) {
        self.row_start = byte;
    }

    fn decode(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        loop {
            if self.from == self.to && !self.ended {
                self.to = self.source.read(&mut self.input)?;
                self.from = 0;
                self.ended = self.to == 0;
            }
            let input = self.input.get(self.from..self.to).unwrap_or_default();
            let (_, read, written, _) = self.decoder.decode_to_utf8(input, out, self.ended);
            self.from += read;
            if written > 0 || (self.ended && self.from == self.to) {
                return Ok(written);
            }
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.given - self.row_start.min(self.given) > ROW_BYTES_MAX as u64 {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        let n = if !self.spare.is_empty() {
            let n = out.len().min(self.spare.len());
            for (to, from) in out.iter_mut().zip(self.spare.drain(..n)) {
                *to = from;
            }
            n
        } else if out.len() < 64 {
            // The decoder wants room for a whole character.
            let mut room = [0; 64];
            let got = self.decode(&mut room)?;
            self.spare.extend_from_slice(room.get(..got).unwrap_or_default());
            return if got == 0 { Ok(0) } else { self.read(out) };
        } else {
            self.decode(out)?
        };
        self.given += n as u64;
        Ok(n)
    }
}

/// The charset: by byte order mark, else UTF-8 if the whole file is, else by its bytes.
fn charset<R: Read + Seek>(file: &mut R) -> Result<&'static Encoding> {
    file.seek(SeekFrom::Start(0)).map_err(disk)?;
    let mut chunk = vec![0; 256 << 10];
    // Bytes at the start of the chunk that begin a character.
    let mut kept = 0;
    let mut first = true;
    loop {
        let n = file.read(chunk.get_mut(kept..).unwrap_or_default()).map_err(disk)?;
        let bytes = chunk.get(..kept + n).unwrap_or_default();
        if first {
            first = false;
            if let Some((encoding, _)) = Encoding::for_bom(bytes) {
                return Ok(encoding);
            }
            if let Some(encoding) = wide(bytes) {
                return Ok(encoding);
            }
        }
        if n == 0 {
            return if kept == 0 { Ok(UTF_8) } else { guessed_charset(file) };
        }
        match std::str::from_utf8(bytes) {
            Ok(_) => kept = 0,
            Err(e) if e.error_len().is_none() => {
                let (from, to) = (e.valid_up_to(), bytes.len());
                chunk.copy_within(from..to, 0);
                kept = to - from;
            }
            Err(_) => return guessed_charset(file),
        }
    }
}

/// The charset of what is no UTF-8. Beyond 4 MB the guess gets no better.
fn guessed_charset<R: Read + Seek>(file: &mut R) -> Result<&'static Encoding> {
    file.seek(SeekFrom::Start(0)).map_err(disk)?;
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    let mut chunk = vec![0; 64 << 10];
    for _ in 0..64 {
        let n = file.read(&mut chunk).map_err(disk)?;
        if n == 0 {
            break;
        }
        detector.feed(chunk.get(..n).unwrap_or_default(), false);
    }
    detector.feed(b"", true);
    Ok(detector.guess(None, chardetng::Utf8Detection::Deny))
}

/// UTF-16 without a mark: every other byte of its beginning is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(512))?;
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count() * 2 * 10 / head.len().max(1);
    match (zeros(0), zeros(1)) {
        (0..=1, 7..) => Some(UTF_16LE),
        (7.., 0..=1) => Some(UTF_16BE),
        _ => None,
    }
}

/// The separator that splits the first rows into the same number of columns, and most of them.
fn separator(head: &[u8]) -> u8 {
    let mut best = (b',', 0_u64);
    for candidate in [b',', b';', b'\t', b'|'] {
        let widths: Vec<usize> = sample(head, candidate).iter().map(csv::StringRecord::len).collect();
        let Some(usual) = widths.first().copied().filter(|w| *w > 1) else { continue };
        let same = widths.iter().filter(|w| **w == usual).count();
        // How many rows agree counts first, then how many columns there are.
        let score = (same * 1000 / widths.len()) as u64 * 1000 + usual.min(999) as u64;
        if score > best.1 {
            best = (candidate, score);
        }
    }
    best.0
}

fn sample(head: &[u8], delimiter: u8) -> Vec<csv::StringRecord> {
    let whole = head.len() < HEAD_BYTES;
    let mut records: Vec<_> = reader(head, delimiter).records().take(200).filter_map(std::result::Result::ok).collect();
    if !whole && records.len() > 1 && records.len() < 200 {
        records.pop();
    }
    records
}

/// A header is text over data: no value of the first row is a number, date or address, none
/// repeats, and where a column below has a type its name does not share it.
fn has_header(head: &[u8], delimiter: u8) -> bool {
    let records = sample(head, delimiter);
    let Some((first, rest)) = records.split_first() else { return true };
    let names: Vec<&str> = first.iter().map(str::trim).collect();
    let one = |value: &str| {
        let mut evidence = Evidence::default();
        evidence.add(value);
        evidence.guess().kind
    };
    let words = names
        .iter()
        .filter(|n| !n.is_empty())
        .all(|n| matches!(one(n), model::base::ColumnType::Text | model::base::ColumnType::Checkbox));
    let mut unique = names.clone();
    unique.sort_unstable();
    unique.dedup();
    let filled = names.iter().filter(|n| !n.is_empty()).count() * 2 > names.len();
    // A name that also occurs below in its own column is a value.
    let repeated = names
        .iter()
        .enumerate()
        .any(|(at, name)| !name.is_empty() && rest.iter().any(|r| r.get(at).map(str::trim) == Some(*name)));
    words && filled && unique.len() == names.len() && !repeated
}

#[cfg(test)]
mod tests;
