//! The messages, the base and the template a new user finds in the sandbox.
//!
//! Owns: when the samples arrived (the last weeks, whenever that is) and to whom.
//! Look next: `samples/*.eml` for the messages as they are, `letters` for the list of them.

use super::letters::{GREETINGS, LETTERS};
use super::{Post, deliver as put};
use crate::Engine;
use model::base::{Base, ColumnType, Imported, Table};
use model::draft::PastedFile;
use model::message::Flags;
use model::template::Template;
use model::{AccountId, Error, Result, Timestamp};
use serde_json::{Value, json};

/// Read.
pub(super) const SEEN: u8 = 1;
/// Starred.
pub(super) const FLAGGED: u8 = 2;
/// Answered.
pub(super) const ANSWERED: u8 = 4;
/// A draft.
pub(super) const DRAFT: u8 = 8;

/// A message of the samples. `{me}` in it is the account's address.
pub(super) struct Sample {
    /// Its bytes, without Date.
    pub raw: &'static str,
    /// Where it lies.
    pub mailbox: &'static str,
    /// How many days ago it arrived.
    pub days: i64,
    /// At which minute of that day.
    pub minute: i64,
    /// Any of the flags above.
    pub flags: u8,
}

/// Delivers the sample messages, once.
pub(super) async fn deliver(engine: &Engine, account: AccountId, language: &str) -> Result<()> {
    let email = engine.store().read(move |r| Ok(store::account::get(r, account)?.email)).await?;
    let there = engine
        .store()
        .read(move |r| Ok(!store::placement::keys(r, account, "Inbox", "sample-01@tabella.example")?.is_empty()))
        .await?;
    if there {
        return Ok(());
    }
    let now = engine.store().now();
    let greeting =
        GREETINGS.iter().find(|(tag, _)| language.starts_with(tag)).or(GREETINGS.first()).map(|(_, sample)| sample);
    let mut samples: Vec<&Sample> = LETTERS.iter().chain(greeting).collect();
    // Oldest first, so that conversations grow as they did.
    samples.sort_by_key(|sample| arrived_at(sample, now).0);
    let posts = samples.into_iter().map(|sample| post(sample, &email, now)).collect();
    put(engine, account, posts, false).await?;
    base(engine, language).await
}

/// The time of day of a sample on its day, never in the future.
fn arrived_at(sample: &Sample, now: Timestamp) -> Timestamp {
    let midnight = |at: Timestamp| {
        let zone = jiff::tz::TimeZone::system();
        let local = jiff::Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone);
        Some(local.start_of_day().ok()?.timestamp().as_millisecond())
    };
    let day = now.plus_seconds(-sample.days * 24 * 3600);
    let at = midnight(day).map_or(day, |ms| Timestamp(ms).plus_seconds(sample.minute * 60));
    // What would be later today arrived in the last hour.
    if at <= now { at } else { now.plus_seconds(-60 * (1 + sample.minute % 59)) }
}

fn post(sample: &Sample, email: &str, now: Timestamp) -> Post {
    let at = arrived_at(sample, now);
    let date = jiff::Timestamp::from_millisecond(at.0)
        .map(|t| t.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string())
        .unwrap_or_default();
    let raw =
        format!("Date: {date}\n{}", sample.raw.replace("{me}", email)).replace("\r\n", "\n").replace('\n', "\r\n");
    let has = |flag| sample.flags & flag != 0;
    Post {
        mailbox: sample.mailbox,
        raw: raw.into_bytes(),
        flags: Flags {
            seen: has(SEEN),
            flagged: has(FLAGGED),
            answered: has(ANSWERED),
            forwarded: false,
            draft: has(DRAFT),
        },
        received_at: at,
    }
}

/// The words of the sample base in one language.
struct Words {
    base: &'static str,
    customers: (&'static str, [&'static str; 6]),
    invoices: (&'static str, [&'static str; 6]),
    /// Active, lead, partner, supplier, open, overdue, paid.
    states: [&'static str; 7],
    template: (&'static str, &'static str, &'static str),
}

const STATE_KEYS: [&str; 7] = ["{active}", "{lead}", "{partner}", "{supplier}", "{open}", "{overdue}", "{paid}"];

fn words(language: &str) -> Words {
    match language.get(..2) {
        Some("de") => Words {
            base: "Kunden und Rechnungen",
            customers: ("Kunden", ["Name", "E-Mail", "Ort", "Seit", "Status", "Newsletter"]),
            invoices: ("Rechnungen", ["Nummer", "Kunde", "E-Mail", "Betrag", "Fällig", "Status"]),
            states: ["aktiv", "Interessent", "Partner", "Lieferant", "offen", "überfällig", "bezahlt"],
            template: (
                "Zahlungserinnerung",
                "Rechnung {Nummer} vom Haus",
                "Guten Tag,\n\ndie Rechnung {Nummer} über {Betrag} Euro war am {Fällig} fällig. Falls sie schon bezahlt ist, betrachten Sie diesen Brief bitte als gegenstandslos.\n\nMit freundlichen Grüßen",
            ),
        },
        Some("uk") => Words {
            base: "Клієнти та рахунки",
            customers: ("Клієнти", ["Назва", "E-mail", "Місто", "Від", "Стан", "Розсилка"]),
            invoices: ("Рахунки", ["Номер", "Клієнт", "E-mail", "Сума", "Термін", "Стан"]),
            states: ["активний", "потенційний", "партнер", "постачальник", "відкрито", "прострочено", "сплачено"],
            template: (
                "Нагадування про оплату",
                "Рахунок {Номер}",
                "Доброго дня!\n\nТермін оплати рахунка {Номер} на суму {Сума} — {Термін}. Якщо його вже сплачено, просто не зважайте на цей лист.\n\nЗ повагою",
            ),
        },
        Some("pl") => Words {
            base: "Klienci i faktury",
            customers: ("Klienci", ["Nazwa", "E-mail", "Miasto", "Od", "Status", "Newsletter"]),
            invoices: ("Faktury", ["Numer", "Klient", "E-mail", "Kwota", "Termin", "Status"]),
            states: ["aktywny", "potencjalny", "partner", "dostawca", "otwarta", "po terminie", "zapłacona"],
            template: (
                "Przypomnienie o płatności",
                "Faktura {Numer}",
                "Dzień dobry,\n\ntermin płatności faktury {Numer} na kwotę {Kwota} upływa {Termin}. Jeśli jest już zapłacona, prosimy zignorować ten list.\n\nZ poważaniem",
            ),
        },
        Some("ru") => Words {
            base: "Клиенты и счета",
            customers: ("Клиенты", ["Название", "E-mail", "Город", "С", "Статус", "Рассылка"]),
            invoices: ("Счета", ["Номер", "Клиент", "E-mail", "Сумма", "Срок", "Статус"]),
            states: ["активный", "потенциальный", "партнёр", "поставщик", "открыт", "просрочен", "оплачен"],
            template: (
                "Напоминание об оплате",
                "Счёт {Номер}",
                "Здравствуйте!\n\nСрок оплаты счёта {Номер} на сумму {Сумма} — {Срок}. Если он уже оплачен, просто не обращайте внимания на это письмо.\n\nС уважением",
            ),
        },
        _ => Words {
            base: "Customers and invoices",
            customers: ("Customers", ["Name", "E-mail", "City", "Since", "Status", "Newsletter"]),
            invoices: ("Invoices", ["Number", "Customer", "E-mail", "Amount", "Due", "Status"]),
            states: ["active", "lead", "partner", "supplier", "open", "overdue", "paid"],
            template: (
                "Payment reminder",
                "Invoice {Number}",
                "Hello,\n\ninvoice {Number} over {Amount} euros is due on {Due}. If it is paid already, please disregard this letter.\n\nKind regards",
            ),
        },
    }
}

/// Makes the sample base and its template, unless there are some of these names.
async fn base(engine: &Engine, language: &str) -> Result<()> {
    use ColumnType::{Checkbox, Date, Email, Number, SingleSelect, Text};
    let words = words(language);
    let bases: Vec<Base> = ask(engine, "base.list", json!({})).await?;
    if bases.iter().any(|base| base.name == words.base) {
        return Ok(());
    }
    let fill = |rows: &str| {
        STATE_KEYS.iter().zip(words.states).fold(rows.to_owned(), |text, (key, word)| text.replace(key, word))
    };
    let customers = fill(include_str!("samples/customers.csv"));
    let invoices = fill(include_str!("samples/invoices.csv"));
    let made = import(
        engine,
        None,
        words.base,
        &words.customers.1,
        &customers,
        vec![Text, Email, Text, Date, SingleSelect, Checkbox],
    )
    .await?;
    if let Some(table) = made.tables.first() {
        let named = json!({"base": made.base, "table": table, "name": words.customers.0});
        let _: Table = ask(engine, "table.update", named).await?;
    }
    let types = vec![Text, Text, Email, Number, Date, SingleSelect];
    import(engine, Some(made.base), words.invoices.0, &words.invoices.1, &invoices, types).await?;
    let (name, subject, text) = words.template;
    let known: Vec<Template> = ask(engine, "template.list", json!({})).await?;
    if !known.iter().any(|template| template.name == name) {
        let new = json!({"name": name, "subject": subject, "text": text});
        let _: Template = ask(engine, "template.put", new).await?;
    }
    Ok(())
}

/// Asks at the door, as everybody does.
async fn ask<T: serde::de::DeserializeOwned>(engine: &Engine, command: &str, args: Value) -> Result<T> {
    let answer = Box::pin(engine.call(command, args)).await?;
    serde_json::from_value(answer).map_err(|e| Error::internal(&e))
}

async fn import(
    engine: &Engine,
    into: Option<model::BaseId>,
    name: &str,
    header: &[&str; 6],
    rows: &str,
    types: Vec<ColumnType>,
) -> Result<Imported> {
    use base64::Engine as _;
    let file = format!("{}\n{rows}", header.join(";"));
    let args = json!({
        "path": "",
        "bytes": PastedFile {
            filename: format!("{name}.csv"),
            mime: "text/csv".into(),
            base64: base64::engine::general_purpose::STANDARD.encode(file),
        },
        "base": into,
        "name": name,
        "delimiter": ";",
        "encoding": "utf-8",
        "header": true,
        "types": types,
    });
    ask(engine, "base.import_file", args).await
}
