//! What the adapters need of the engine, in memory: enough of a store to sync into.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Mutex;

use async_trait::async_trait;
use model::account::{ServerSettings, TlsMode};
use model::message::Flags;
use remote::contract::{Batch, Content, Fingerprint, Known, Local, RemoteMailbox};
use remote::{Access, Secret, SignIn};

use e2e::{MailServer, User};

/// A message in memory.
#[derive(Clone, Debug)]
pub struct Stored {
    pub flags: Flags,
    pub raw: Option<Vec<u8>>,
}

#[derive(Debug, Default)]
pub struct State {
    pub mailboxes: Vec<RemoteMailbox>,
    pub cursors: HashMap<String, String>,
    pub messages: HashMap<String, BTreeMap<String, Stored>>,
    pub unreadable: Vec<(String, String, String)>,
    pub batches: Vec<Batch>,
    pub left: Vec<(String, model::Error)>,
    fingerprints: HashSet<Fingerprint>,
}

/// The engine's side of a pull, in memory.
#[derive(Debug, Default)]
pub struct Memory {
    pub state: Mutex<State>,
    /// Fails every batch after so many: the disk is full.
    pub batches_left: Mutex<Option<usize>>,
}

impl Memory {
    /// Messages with their whole content.
    pub fn complete(&self, mailbox: &str) -> usize {
        let state = self.state.lock().unwrap();
        state.messages.get(mailbox).map_or(0, |all| all.values().filter(|stored| stored.raw.is_some()).count())
    }

    /// Keys by ascending UID.
    pub fn keys(&self, mailbox: &str) -> Vec<String> {
        let state = self.state.lock().unwrap();
        let mut keys: Vec<String> =
            state.messages.get(mailbox).map(|all| all.keys().cloned().collect()).unwrap_or_default();
        keys.sort_by_key(|key| key.split_once(':').and_then(|(_, uid)| uid.parse::<u32>().ok()));
        keys
    }

    pub fn flags(&self, mailbox: &str, key: &str) -> Flags {
        self.state.lock().unwrap().messages[mailbox][key].flags
    }

    pub fn raw(&self, mailbox: &str, key: &str) -> Vec<u8> {
        self.state.lock().unwrap().messages[mailbox][key].raw.clone().unwrap()
    }

    /// Whole contents fetched so far.
    pub fn fetched(&self) -> usize {
        let state = self.state.lock().unwrap();
        let whole = |batch: &Batch| batch.arrived.iter().filter(|a| matches!(a.content, Content::Whole(_))).count();
        state.batches.iter().map(whole).sum()
    }

    pub fn batches(&self) -> usize {
        self.state.lock().unwrap().batches.len()
    }
}

#[async_trait]
impl Local for Memory {
    async fn mailboxes(&self, list: Vec<RemoteMailbox>) -> model::Result<()> {
        self.state.lock().unwrap().mailboxes = list;
        Ok(())
    }

    async fn cursor(&self, mailbox: &str) -> model::Result<Option<String>> {
        Ok(self.state.lock().unwrap().cursors.get(mailbox).cloned())
    }

    async fn known(&self, mailbox: &str) -> model::Result<Vec<Known>> {
        let state = self.state.lock().unwrap();
        let here = state.messages.get(mailbox).into_iter().flatten().map(|(key, stored)| Known {
            key: key.clone(),
            flags: stored.flags,
            complete: stored.raw.is_some(),
        });
        let aside = state.unreadable.iter().filter(|(of, ..)| of == mailbox).map(|(_, key, _)| Known {
            key: key.clone(),
            flags: Flags::default(),
            complete: true,
        });
        Ok(here.chain(aside).collect())
    }

    async fn held(&self, keys: &[String]) -> model::Result<Vec<(String, Known)>> {
        let state = self.state.lock().unwrap();
        let of = |mailbox: &String, key: &String| {
            let stored = state.messages.get(mailbox)?.get(key)?;
            Some((mailbox.clone(), Known { key: key.clone(), flags: stored.flags, complete: stored.raw.is_some() }))
        };
        Ok(state.messages.keys().flat_map(|mailbox| keys.iter().filter_map(|key| of(mailbox, key))).collect())
    }

    async fn left(&self, mailbox: &str, why: model::Error) {
        self.state.lock().unwrap().left.push((mailbox.to_owned(), why));
    }

    async fn has(&self, fingerprints: &[Fingerprint]) -> model::Result<Vec<bool>> {
        let state = self.state.lock().unwrap();
        Ok(fingerprints.iter().map(|print| state.fingerprints.contains(print)).collect())
    }

    async fn apply(&self, batch: Batch) -> model::Result<()> {
        if let Some(left) = self.batches_left.lock().unwrap().as_mut() {
            *left = left.checked_sub(1).ok_or_else(|| model::Error::new(model::ErrorCode::Disk, "full"))?;
        }
        let mut state = self.state.lock().unwrap();
        state.batches.push(batch.clone());
        let mailbox = batch.mailbox;
        if batch.new_epoch {
            state.messages.remove(&mailbox);
        }
        for arrived in batch.arrived {
            let raw = match arrived.content {
                Content::Whole(raw) => {
                    if let Some(message_id) = message_id(&raw) {
                        let print = Fingerprint { message_id, size: arrived.size, received_at: arrived.received_at };
                        state.fingerprints.insert(print);
                    }
                    Some(raw)
                }
                Content::Header(_) => None,
                Content::Same(print) => Some(print.message_id.into_bytes()),
            };
            let all = state.messages.entry(mailbox.clone()).or_default();
            all.insert(arrived.key, Stored { flags: arrived.flags, raw });
        }
        let all = state.messages.entry(mailbox.clone()).or_default();
        for (key, flags) in batch.flags {
            if let Some(stored) = all.get_mut(&key) {
                stored.flags = flags;
            }
        }
        for (key, mailboxes) in batch.placed {
            let stored: Vec<Stored> = state.messages.values_mut().filter_map(|all| all.remove(&key)).collect();
            for (mailbox, stored) in mailboxes.into_iter().filter_map(|m| stored.first().cloned().map(|s| (m, s))) {
                state.messages.entry(mailbox).or_default().insert(key.clone(), stored);
            }
        }
        let all = state.messages.entry(mailbox.clone()).or_default();
        for key in batch.gone {
            all.remove(&key);
        }
        state.unreadable.extend(batch.unreadable.into_iter().map(|(key, why)| (mailbox.clone(), key, why)));
        if let Some(cursor) = batch.cursor {
            state.cursors.insert(mailbox, cursor);
        }
        Ok(())
    }
}

fn message_id(raw: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(raw);
    let line = text.lines().find(|line| line.to_lowercase().starts_with("message-id:"))?;
    Some(line.split_once('<')?.1.split_once('>')?.0.to_owned())
}

/// Access to a server of loopback for a user, trusting the test authority.
pub fn access(server: &MailServer, user: &User, port: u16, tls: TlsMode) -> Access {
    Access {
        server: ServerSettings { host: "localhost".into(), port, tls, username: user.email.clone() },
        sign_in: SignIn::Password(Secret::new(&*user.password)),
        ca_pem: Some(std::fs::read_to_string(server.ca_file()).unwrap()),
    }
}

/// Access without encryption to anything that listens on a port of loopback.
pub fn plain_access(port: u16) -> Access {
    Access {
        server: ServerSettings { host: "127.0.0.1".into(), port, tls: TlsMode::None, username: "anna".into() },
        sign_in: SignIn::Password(Secret::new("secret")),
        ca_pem: None,
    }
}

/// A small message.
pub fn letter(number: usize) -> Vec<u8> {
    format!(
        "From: Boris <boris@tabella.test>\r\nTo: anna@tabella.test\r\nSubject: Letter {number}\r\n\
         Message-ID: <letter-{number}@tabella.test>\r\n\r\nHello, this is letter {number}.\r\n"
    )
    .into_bytes()
}
