//! Unused contents go; what anybody needs, or is about to, stays.

use super::{Flags, letter, listed};
use crate::Store;
use crate::account::NewAccount;
use crate::content::{ContentHash, pack};
use crate::ingest::{Body, Delivery, Incoming, apply};
use crate::sweep::{SPARE_MS, sweep};
use base64::Engine as _;
use model::account::AccountKind;
use model::{AccountId, Clock, Timestamp};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

fn noise(seed: u64, bytes: usize) -> Vec<u8> {
    let mut state = seed;
    (0..bytes)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as u8
        })
        .collect()
}

/// A letter with a file of its own and one that many letters have.
fn heavy(id: &str, own: &[u8], shared: &[u8]) -> Vec<u8> {
    let part = |bytes: &[u8]| {
        let text = base64::engine::general_purpose::STANDARD.encode(bytes);
        let lines: Vec<&str> = text.as_bytes().chunks(76).map(|c| std::str::from_utf8(c).unwrap()).collect();
        format!(
            "--b\r\nContent-Type: application/pdf; name=x.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            lines.join("\r\n")
        )
    };
    let more = "Content-Type: multipart/mixed; boundary=b\r\n";
    letter(id, "Ann <ann@example.org>", "Files", more, &format!("{}{}--b--", part(own), part(shared))).into_bytes()
}

async fn account(store: &Store, name: &'static str) -> AccountId {
    store
        .write(move |w| {
            let new = NewAccount {
                name: name.into(),
                email: format!("{name}@example.org"),
                kind: AccountKind::Imap,
                sender_name: String::new(),
                imap: None,
                smtp: None,
                ca_pem: None,
                since_at: None,
                sign_in: None,
                bulk_imap: false,
            };
            let id = crate::account::insert(w, &new)?;
            crate::mailbox::sync(w, id, &[listed("INBOX", None)])?;
            Ok(id)
        })
        .await
        .unwrap()
}

async fn take(store: &Store, account: AccountId, key: &str, raw: &[u8]) -> ContentHash {
    let packed = pack(raw);
    let hash = packed.hash();
    store.content().put_packed(&[packed]).unwrap();
    let prepared = crate::message::prepare(&mail::parse::parse(raw));
    let incoming = Incoming {
        key: Some(key.into()),
        mailboxes: vec!["INBOX".into()],
        flags: Flags::default(),
        received_at: Timestamp(1_795_000_000_000),
        size: raw.len() as u64,
        body: Body::Whole(Box::new(prepared), hash),
        provider_thread: None,
    };
    let delivery = Delivery { mailbox: "INBOX".into(), arrived: vec![incoming], ..Delivery::default() };
    store.write(move |w| apply(w, account, &delivery)).await.unwrap();
    hash
}

fn bytes_of(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("content.db")).unwrap().len()
}

#[tokio::test]
async fn a_removed_account_frees_its_bytes_and_leaves_what_others_have() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Hand(AtomicI64::new(1_795_000_000_000)));
    let store = Store::open(folder.path(), clock.clone()).unwrap();
    let (old, kept) = (account(&store, "old").await, account(&store, "kept").await);
    let shared = noise(1, 300_000);
    let mut gone = Vec::new();
    for n in 0..10 {
        gone.push(take(&store, old, &n.to_string(), &heavy(&format!("o{n}"), &noise(n + 10, 300_000), &shared)).await);
    }
    let raw = heavy("k", &noise(99, 300_000), &shared);
    let stays = take(&store, kept, "1", &raw).await;
    let unused = store.content().put(b"about to be needed").unwrap();
    store.write(move |w| crate::account::remove(w, old)).await.unwrap();

    let swept = sweep(&store, &|| false).unwrap();
    assert_eq!(swept.removed, 0, "all of it was put a moment ago");
    assert!(swept.spared > 10);
    clock.0.fetch_add(SPARE_MS + 1, Ordering::SeqCst);
    // Put again: it was here, and is spared once more.
    store.content().put(b"about to be needed").unwrap();
    let before = bytes_of(folder.path());
    assert_eq!(sweep(&store, &|| true).unwrap().removed, 0, "a stop is heard");
    let swept = sweep(&store, &|| false).unwrap();
    assert_eq!((swept.removed, swept.spared, swept.kept_bytes), (20, 1, 0));
    assert!(swept.freed_bytes > 3_000_000 && bytes_of(folder.path()) + 3_000_000 < before, "{swept:?}");
    assert!(store.content().get(stays).unwrap() == raw, "what others have comes back byte for byte");
    assert!(store.content().get(unused).is_ok());
    assert!(gone.iter().all(|hash| store.content().get(*hash).is_err()));
}

#[tokio::test]
async fn a_draft_and_a_letter_keep_their_contents() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Hand(AtomicI64::new(1_795_000_000_000)));
    let store = Store::open(folder.path(), clock.clone()).unwrap();
    let account = account(&store, "me").await;
    let (file, frozen) = (store.content().put(b"a file").unwrap(), store.content().put(b"a letter").unwrap());
    store
        .write(move |w| {
            use crate::db::Read as _;
            let tx = w.sql();
            tx.execute("INSERT INTO draft (account_id, identity_id, kind, updated_at) VALUES (?1, 1, 'new', 0)", [account.0])
                .and_then(|_| {
                    tx.execute(
                        "INSERT INTO draft_attachment (draft_id, filename, mime, size, content) VALUES (1, 'f', 'x', 6, ?1)",
                        [file.0],
                    )
                })
                .and_then(|_| {
                    tx.execute(
                        "INSERT INTO submission (account_id, state, from_name, from_email, subject, message_id, content,
                            size, created_at, send_at, state_at) VALUES (?1, 'queued', '', 'a', '', 'm', ?2, 1, 0, 0, 0)",
                        (account.0, frozen.0),
                    )
                })
                .map_err(crate::error::sql)?;
            Ok(())
        })
        .await
        .unwrap();
    clock.0.fetch_add(SPARE_MS * 2, Ordering::SeqCst);
    assert_eq!(sweep(&store, &|| false).unwrap().removed, 0);
    assert_eq!(store.content().get(file).unwrap(), b"a file");
    assert_eq!(store.content().get(frozen).unwrap(), b"a letter");
}
