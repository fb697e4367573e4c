//! Generated mailboxes are what they promise: the same again, of the promised size, with the promised words.

use std::collections::HashSet;

use e2e::generate::{COLUMNS, Mailbox, Word, records, records_csv};
use mail::parse::parse;

#[test]
fn the_same_seed_gives_the_same_mail() {
    let first: Vec<_> = Mailbox::new("anna@tabella.test", 7, 200).take(200).collect();
    let second: Vec<_> = Mailbox::new("anna@tabella.test", 7, 200).take(200).collect();
    assert_eq!(first, second);
    let other: Vec<_> = Mailbox::new("anna@tabella.test", 8, 200).take(200).collect();
    assert_ne!(first, other);
    let ids: HashSet<_> = first.iter().map(|message| &message.message_id).collect();
    assert_eq!(ids.len(), 200);
}

#[test]
fn a_message_weighs_some_41_kilobytes_with_attachments() {
    let bytes: usize = Mailbox::new("anna@tabella.test", 1, 4000).take(4000).map(|message| message.raw.len()).sum();
    let average = bytes / 4000;
    assert!((33_000..50_000).contains(&average), "{average} bytes a message");
    let bytes: usize = Mailbox::light("anna@tabella.test", 1, 1000).take(1000).map(|message| message.raw.len()).sum();
    assert!(bytes / 1000 < 16_000, "{} bytes a light message", bytes / 1000);
}

#[test]
fn records_are_twenty_columns_with_addresses_that_never_repeat() {
    let all: Vec<_> = records(3, 500).collect();
    let addresses: HashSet<_> = all.iter().map(|record| record[2].clone()).collect();
    assert_eq!(addresses.len(), 500);
    assert_eq!(COLUMNS.len(), all[0].len());
    let mut csv = Vec::new();
    records_csv(&mut csv, 3, 500).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert!(csv.starts_with("Customer no,Name,E-mail,"));
    assert!(csv.contains("\"Asks for \"\"net 30\"\",\nalways\""));
}

#[test]
fn planted_words_stand_in_exactly_the_promised_messages() {
    let messages: Vec<_> = Mailbox::light("anna@tabella.test", 5, 310).take(310).collect();
    for word in Word::ALL {
        let found: Vec<_> = messages
            .iter()
            .filter(|message| parse(&message.raw).visible_text.to_lowercase().contains(word.text()))
            .map(|message| message.index)
            .collect();
        let promised: Vec<_> = (0..310).filter(|index| word.is_in(*index)).collect();
        assert_eq!(found, promised, "{word:?}");
    }
    assert_eq!(Word::Right.count(1000), 20);
}

#[test]
fn threads_charsets_and_attachments_are_as_people_send_them() {
    let messages: Vec<_> = Mailbox::new("anna@tabella.test", 2, 1500).take(1500).collect();
    let raw: Vec<_> = messages.iter().map(|message| String::from_utf8_lossy(&message.raw).into_owned()).collect();
    for charset in ["koi8-r", "windows-1251", "gb18030", "iso-2022-jp", "iso-8859-2"] {
        let count = raw.iter().filter(|text| text.to_lowercase().contains(&format!("charset={charset}"))).count();
        assert!(count > 0, "{charset}: {count}");
    }
    let answers = raw.iter().filter(|text| text.contains("\r\nIn-Reply-To: ")).count();
    assert!(answers > 80, "{answers} answers");
    let attachments = messages.iter().filter(|message| !parse(&message.raw).attachments.is_empty()).count();
    assert!((30..200).contains(&attachments), "{attachments} with attachments");
}
