//! What is in the mailboxes of a test server: looking and putting, past IMAP.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::chown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use super::{MailServer, address};

/// A message as it lies in a Maildir.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its mailbox.
    pub mailbox: String,
    /// Its file.
    pub path: PathBuf,
    /// Maildir's letters: D draft, F flagged, P forwarded, R answered, S seen, T deleted.
    pub flags: String,
}

impl Stored {
    /// The message's bytes.
    #[must_use]
    pub fn raw(&self) -> Vec<u8> {
        fs::read(&self.path).expect("the message is there")
    }
}

static COUNTER: AtomicU64 = AtomicU64::new(0);

impl MailServer {
    /// The user's Maildir (its INBOX; other mailboxes are folders in it that start with a dot).
    #[must_use]
    pub fn maildir(&self, user: &str) -> PathBuf {
        self.folder().join("mail").join(address(user)).join("Maildir")
    }

    /// The folder of a mailbox. Names outside ASCII stand in modified UTF-7, parts separated by `.`.
    #[must_use]
    pub fn mailbox_folder(&self, user: &str, mailbox: &str) -> PathBuf {
        let maildir = self.maildir(user);
        if mailbox == "INBOX" { maildir } else { maildir.join(format!(".{}", mailbox.replace('/', "."))) }
    }

    /// Puts a message into a mailbox as another program would: a file in its Maildir. `flags` are
    /// Maildir's letters; INTERNALDATE is now.
    pub fn put(&self, user: &str, mailbox: &str, raw: &[u8], flags: &str) -> PathBuf {
        self.put_at(user, mailbox, raw, flags, SystemTime::now())
    }

    /// The same with an INTERNALDATE.
    pub fn put_at(&self, user: &str, mailbox: &str, raw: &[u8], flags: &str, received: SystemTime) -> PathBuf {
        let folder = self.mailbox_folder(user, mailbox);
        self.make_mailbox(user, mailbox);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let mut hasher = DefaultHasher::new();
        (number, std::process::id(), SystemTime::now()).hash(&mut hasher);
        let seconds = received.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let name = format!("{seconds}.M{number}P{:x}.tests", hasher.finish());
        let written = folder.join("tmp").join(&name);
        let mut file = fs::File::create(&written).expect("the Maildir is writable");
        file.write_all(raw).expect("the disk has room");
        file.set_modified(received).expect("a file's time can be set");
        drop(file);
        self.give(&written);
        let place = if flags.is_empty() {
            folder.join("new").join(&name)
        } else {
            folder.join("cur").join(format!("{name}:2,{flags}"))
        };
        fs::rename(&written, &place).expect("one file system");
        place
    }

    /// Makes a mailbox's folders, where they are missing.
    pub fn make_mailbox(&self, user: &str, mailbox: &str) {
        let folder = self.mailbox_folder(user, mailbox);
        let mut missing = Vec::new();
        let mut above = folder.clone();
        while !above.exists() {
            missing.push(above.clone());
            above.pop();
        }
        for name in ["cur", "new", "tmp"] {
            let _ = fs::create_dir_all(folder.join(name));
            self.give(&folder.join(name));
        }
        for made in missing {
            self.give(&made);
        }
        if mailbox != "INBOX" {
            let marker = folder.join("maildirfolder");
            if !marker.exists() {
                fs::write(&marker, "").expect("the Maildir is writable");
                self.give(&marker);
            }
        }
    }

    fn give(&self, path: &Path) {
        if self.run_as.is_some() {
            chown(path, Some(self.owner.0), Some(self.owner.1)).expect("root may give away");
        }
    }

    /// Delivers a message by LMTP, as the mail transport does; returns when it is stored.
    pub fn deliver(&self, user: &str, raw: &[u8]) {
        let mut stream = UnixStream::connect(self.folder().join("run/lmtp")).expect("LMTP listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket has timeouts");
        let mut answers = BufReader::new(stream.try_clone().expect("a socket can be shared"));
        let mut expect = |digit: char| loop {
            let mut line = String::new();
            answers.read_line(&mut line).expect("LMTP answers");
            assert!(line.starts_with(digit), "LMTP said {line:?}");
            if line.as_bytes().get(3) != Some(&b'-') {
                break;
            }
        };
        expect('2');
        for (line, answer) in [
            ("LHLO tests".to_owned(), '2'),
            ("MAIL FROM:<sender@elsewhere.test>".to_owned(), '2'),
            (format!("RCPT TO:<{}>", address(user)), '2'),
            ("DATA".to_owned(), '3'),
        ] {
            stream.write_all(format!("{line}\r\n").as_bytes()).expect("LMTP listens");
            expect(answer);
        }
        stream.write_all(&crate::relay::dot_stuffed(raw)).expect("LMTP listens");
        stream.write_all(b".\r\n").expect("LMTP listens");
        expect('2');
    }

    /// All messages of a mailbox, oldest file name first.
    #[must_use]
    pub fn messages(&self, user: &str, mailbox: &str) -> Vec<Stored> {
        let folder = self.mailbox_folder(user, mailbox);
        let mut found = Vec::new();
        for part in ["new", "cur"] {
            let Ok(entries) = fs::read_dir(folder.join(part)) else {
                continue;
            };
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let flags = name.split_once(":2,").map(|(_, flags)| flags.to_owned()).unwrap_or_default();
                found.push(Stored { mailbox: mailbox.to_owned(), path: entry.path(), flags });
            }
        }
        found.sort_by(|a, b| a.path.file_name().cmp(&b.path.file_name()));
        found
    }

    /// The names of a user's mailboxes, INBOX first; as their folders are called, parts joined by `.`.
    #[must_use]
    pub fn mailboxes(&self, user: &str) -> Vec<String> {
        let mut names = vec!["INBOX".to_owned()];
        if let Ok(entries) = fs::read_dir(self.maildir(user)) {
            let folders = entries.flatten().filter(|entry| entry.path().join("cur").is_dir());
            names.extend(folders.filter_map(|entry| entry.file_name().to_str()?.strip_prefix('.').map(str::to_owned)));
        }
        names[1..].sort();
        names
    }

    /// Messages with this Message-ID (without angle brackets), over all of a user's mailboxes.
    #[must_use]
    pub fn find(&self, user: &str, message_id: &str) -> Vec<Stored> {
        let boxes = self.mailboxes(user);
        boxes.iter().flat_map(|mailbox| self.find_in(user, mailbox, message_id)).collect()
    }

    /// Messages with this Message-ID (without angle brackets) in one mailbox.
    #[must_use]
    pub fn find_in(&self, user: &str, mailbox: &str, message_id: &str) -> Vec<Stored> {
        let wanted = format!("<{message_id}>");
        let mut found = self.messages(user, mailbox);
        found.retain(|stored| header(&stored.path, "Message-ID").as_deref() == Some(&wanted));
        found
    }

    /// Copies of the message with this Message-ID in the user's INBOX.
    #[must_use]
    pub fn copies(&self, user: &str, message_id: &str) -> usize {
        self.find_in(user, "INBOX", message_id).len()
    }

    /// Throws away what Dovecot knows of a mailbox, as a restored backup does: every message gets a new
    /// UID, and UIDVALIDITY changes.
    pub fn change_uid_validity(&self, user: &str, mailbox: &str) {
        self.kick(user);
        let before = self.uid_validity(user, mailbox);
        self.doveadm(&["mailbox", "status", "-u", &address(user), "messages", mailbox]);
        let folder = self.mailbox_folder(user, mailbox);
        for entry in fs::read_dir(&folder).expect("the mailbox is there").flatten() {
            if entry.file_name().to_string_lossy().starts_with("dovecot") {
                let _ = fs::remove_file(entry.path());
            }
        }
        let next = (before + 17).to_string();
        self.doveadm(&["mailbox", "update", "--uid-validity", &next, "-u", &address(user), mailbox]);
        assert_ne!(before, self.uid_validity(user, mailbox));
    }

    /// A mailbox's UIDVALIDITY.
    #[must_use]
    pub fn uid_validity(&self, user: &str, mailbox: &str) -> u64 {
        let shown = self.doveadm(&["-f", "flow", "mailbox", "status", "-u", &address(user), "uidvalidity", mailbox]);
        let value = shown.split_whitespace().find_map(|word| word.strip_prefix("uidvalidity="));
        value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no UIDVALIDITY in {shown:?}"))
    }
}

/// The unfolded value of a message's first header field of this name.
#[must_use]
pub fn header(path: &Path, name: &str) -> Option<String> {
    let mut lines = BufReader::new(fs::File::open(path).ok()?).split(b'\n');
    let mut value: Option<String> = None;
    while let Some(Ok(line)) = lines.next() {
        let line = String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned();
        if line.is_empty() {
            break;
        }
        match &mut value {
            Some(value) if line.starts_with([' ', '\t']) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            Some(_) => break,
            None => {
                if let Some((field, rest)) = line.split_once(':')
                    && field.eq_ignore_ascii_case(name)
                {
                    value = Some(rest.trim().to_owned());
                }
            }
        }
    }
    value.map(|value| value.trim().to_owned())
}
