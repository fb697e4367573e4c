//! A table of customers and their invoices, as a CSV file from an accounting program would be.

use std::io::{self, Write};

use super::Dice;
use super::words::{COMPANIES, FIRST_NAMES, LANGUAGES, LAST_NAMES};

/// The column names.
pub const COLUMNS: [&str; 20] = [
    "Customer no",
    "Name",
    "E-mail",
    "Company",
    "City",
    "Country",
    "Phone",
    "Language",
    "Invoice no",
    "Invoice date",
    "Due date",
    "Amount",
    "Currency",
    "Discount %",
    "Paid",
    "Status",
    "Items",
    "Website",
    "Last contact",
    "Notes",
];

const CITIES: &[(&str, &str)] = &[
    ("Berlin", "Germany"),
    ("Köln", "Germany"),
    ("Łódź", "Poland"),
    ("Gdańsk", "Poland"),
    ("Київ", "Ukraine"),
    ("Львів", "Ukraine"),
    ("Bristol", "United Kingdom"),
    ("Reykjavík", "Iceland"),
    ("São Paulo", "Brazil"),
    ("大阪", "Japan"),
    ("Zürich", "Switzerland"),
    ("Oslo", "Norway"),
];

/// Record `index` of the table: one text a column. Addresses are of the test domain and never repeat.
#[must_use]
pub fn record(dice: &mut Dice, index: usize) -> [String; 20] {
    let name = if dice.chance(0.2) {
        (*dice.pick(dice.clone().pick(&LANGUAGES).people)).to_owned()
    } else {
        format!("{} {}", dice.pick(FIRST_NAMES), dice.pick(LAST_NAMES))
    };
    let company = *dice.pick(COMPANIES);
    let (city, country) = *dice.pick(CITIES);
    let (month, day) = (1 + dice.below(12), 1 + dice.below(28));
    let amount = format!("{:.2}", dice.log_normal(480.0, 1.1));
    let note = match dice.below(8) {
        0 => "Asks for \"net 30\",\nalways".to_owned(),
        1 => "prefers calls, not mail; since 2019".to_owned(),
        2 => "Größe M, Farbe: blau".to_owned(),
        _ => String::new(),
    };
    [
        format!("C{:06}", index + 1),
        name,
        format!("customer{}@tabella.test", index + 1),
        format!("{}{} Ltd", company[..1].to_uppercase(), &company[1..]),
        city.to_owned(),
        country.to_owned(),
        format!("+49 30 {:07}", dice.below(10_000_000)),
        (*dice.pick(&["en", "de", "uk", "pl", "ru"])).to_owned(),
        format!("2025-{:05}", index + 1),
        format!("2025-{month:02}-{day:02}"),
        format!("2025-{:02}-{day:02}", 1 + month % 12),
        amount,
        (*dice.pick(&["EUR", "USD", "PLN", "UAH"])).to_owned(),
        dice.below(25).to_string(),
        (if dice.chance(0.6) { "true" } else { "false" }).to_owned(),
        (*dice.pick(&["open", "reminded", "paid", "disputed"])).to_owned(),
        (1 + dice.below(40)).to_string(),
        format!("https://{company}.example/{}", index + 1),
        format!("2025-{month:02}-{day:02} {:02}:{:02}", dice.below(24), dice.below(60)),
        note,
    ]
}

/// The first `count` records from this seed.
pub fn records(seed: u64, count: usize) -> impl Iterator<Item = [String; 20]> {
    let mut dice = Dice::new(seed);
    (0..count).map(move |index| record(&mut dice, index))
}

/// Writes a CSV file (RFC 4180, UTF-8, comma) with a line of column names.
pub fn records_csv(out: impl Write, seed: u64, count: usize) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let line = |fields: &mut dyn Iterator<Item = &str>| {
        let quoted: Vec<String> = fields
            .map(|field| {
                if field.contains([',', '"', '\n']) {
                    format!("\"{}\"", field.replace('"', "\"\""))
                } else {
                    field.to_owned()
                }
            })
            .collect();
        quoted.join(",") + "\r\n"
    };
    out.write_all(line(&mut COLUMNS.iter().copied()).as_bytes())?;
    for record in records(seed, count) {
        out.write_all(line(&mut record.iter().map(String::as_str)).as_bytes())?;
    }
    out.flush()
}
