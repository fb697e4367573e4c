//! The mail of addresses: what was written from, to or in copy to any of them.
//!
//! The full-text index finds candidates by the words of an address; each is then held against the
//! addresses themselves, because words alone would also find `ann@example.org.uk`.

use crate::db::Read;
use crate::error::sql;
use crate::message::{self, People};
use crate::words::words;
use model::Result;
use model::message::Message;
use std::collections::BTreeSet;

/// The newest messages of these addresses, at most `limit`, and how many there are in all.
pub fn messages(read: &impl Read, addresses: &[String], limit: usize) -> Result<(u32, Vec<Message>)> {
    let wanted: Vec<String> = addresses.iter().map(|a| a.trim().to_lowercase()).filter(|a| a.contains('@')).collect();
    let mut found: BTreeSet<(i64, i64)> = BTreeSet::new();
    for address in &wanted {
        let phrase = words(address).join(" ");
        if phrase.is_empty() {
            continue;
        }
        let mut statement = read
            .sql()
            .prepare_cached(
                "SELECT m.id, m.date_at, m.from_email, m.people FROM message_text t JOIN message m ON m.id = t.rowid
                 WHERE message_text MATCH ?1
                   AND EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id AND p.mailbox_id IS NOT NULL)",
            )
            .map_err(sql)?;
        let mut rows = statement.query([format!("{{author recipients copies}} : \"{phrase}\"")]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let from: String = row.get(2).map_err(sql)?;
            let people: People = serde_json::from_str(&row.get::<_, String>(3).map_err(sql)?).unwrap_or_default();
            let is_it = |email: &str| email.to_lowercase() == *address;
            if is_it(&from) || people.to.iter().chain(&people.cc).any(|a| is_it(&a.email)) {
                found.insert((row.get(1).map_err(sql)?, row.get(0).map_err(sql)?));
            }
        }
    }
    let total = found.len() as u32;
    let ids: Vec<i64> = found.into_iter().rev().take(limit).map(|(_, id)| id).collect();
    Ok((total, message::get_all(read, &ids)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::NewAccount;
    use crate::ingest::{Body, Incoming, deliver};
    use crate::{Store, mailbox};
    use model::account::AccountKind;
    use model::message::Flags;
    use model::{SystemClock, Timestamp};
    use std::sync::Arc;

    #[tokio::test]
    async fn mail_of_an_address_is_found_in_every_role_and_no_other_mail() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Arc::new(SystemClock)).unwrap();
        let letters = [
            ("From: Ann <ANN@example.org>\nTo: me@home.example", "from"),
            ("From: me@home.example\nTo: x@y.example, Ann <ann@example.org>", "to"),
            ("From: me@home.example\nTo: x@y.example\nCc: ann@example.org", "copy"),
            ("From: ann@example.org.uk\nTo: me@home.example", "longer domain"),
            ("From: joann@example.org\nTo: me@home.example", "longer name"),
            ("From: me@home.example\nTo: x@y.example", "only named: ann@example.org"),
        ];
        let contents = store.content().clone();
        store
            .write(move |w| {
                let account = crate::account::insert(
                    w,
                    &NewAccount {
                        name: "Home".into(),
                        email: "me@home.example".into(),
                        kind: AccountKind::Sandbox,
                        sender_name: String::new(),
                        imap: None,
                        smtp: None,
                        ca_pem: None,
                        since_at: None,
                        sign_in: None,
                        bulk_imap: false,
                    },
                )?;
                let inbox = mailbox::add(w, account, "INBOX", None, true)?;
                for (at, (head, subject)) in letters.iter().enumerate() {
                    let raw =
                        format!("{head}\nSubject: {subject}\nMessage-ID: <{at}@home.example>\n\nann@example.org\n");
                    let hash = contents.put(raw.as_bytes())?;
                    let prepared = message::prepare(&mail::parse::parse(raw.as_bytes()));
                    let incoming = Incoming {
                        key: None,
                        mailboxes: Vec::new(),
                        flags: Flags::default(),
                        received_at: Timestamp(1_000 * at as i64),
                        size: raw.len() as u64,
                        body: Body::Whole(Box::new(prepared), hash),
                        provider_thread: None,
                    };
                    deliver(w, account, inbox, incoming, false)?;
                }
                Ok(())
            })
            .await
            .unwrap();
        let (total, found) = store
            .read(|r| messages(r, &["Ann@Example.org".into(), "ann@example.org".into(), "nobody".into()], 2))
            .await
            .unwrap();
        assert_eq!(total, 3);
        assert_eq!(found.iter().map(|m| m.subject.as_str()).collect::<Vec<_>>(), ["copy", "to"]);
    }
}
