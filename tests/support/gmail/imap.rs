//! The scripted Gmail by IMAP, as far as letters are read by it. Each line follows a page of Google's:
//! - sign-in: <https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>;
//! - All Mail, Spam and Trash by their attributes, `X-GM-EXT-1`, `X-GM-MSGID` and `X-GM-THRID` (the API's ids as
//!   decimal numbers): <https://developers.google.com/workspace/gmail/imap/imap-extensions>;
//! - what of the protocol itself is here is RFC 3501.
//!
//! Refuses: labels, flags, acts; nobody asks it for them.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::mailbox::{Mailbox, Message};
use super::{State, lock};

const ALL: &str = "[Gmail]/All Mail";
const SPAM: &str = "[Gmail]/Spam";
const TRASH: &str = "[Gmail]/Trash";
const CAPABILITY: &str = "IMAP4rev1 UNSELECT ID X-GM-EXT-1 UIDPLUS SPECIAL-USE AUTH=XOAUTH2";

/// What this server does otherwise.
#[derive(Default)]
struct Mood {
    refuses: bool,
    hides_all_mail: bool,
    hidden: Vec<String>,
    /// Bodies it gives yet before it ends the connection for good.
    bodies_left: Option<usize>,
    given: Vec<String>,
    /// Happens when the first body is asked for.
    meanwhile: Option<Meanwhile>,
}

type Meanwhile = Box<dyn FnOnce(&mut Mailbox) + Send>;

struct Shared {
    state: Arc<Mutex<State>>,
    mood: Mutex<Mood>,
    stopping: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
}

/// The running server; ends, with its connections, when dropped.
pub struct Imap {
    port: u16,
    shared: Arc<Shared>,
}

impl Imap {
    pub(super) fn start(state: Arc<Mutex<State>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let shared = Arc::new(Shared {
            state,
            mood: Mutex::default(),
            stopping: AtomicBool::new(false),
            open: Mutex::default(),
        });
        let held = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if held.stopping.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let shared = held.clone();
                std::thread::spawn(move || {
                    let ender = stream.try_clone();
                    // A client that goes away ends its conversation; that is its right.
                    let _ = serve(stream, &shared);
                    if let Ok(ender) = ender {
                        let _ = ender.shutdown(Shutdown::Both);
                    }
                });
            }
        });
        Self { port, shared }
    }

    fn mood(&self) -> MutexGuard<'_, Mood> {
        self.shared.mood.lock().expect("no panic while held")
    }

    /// For the endpoint `imap` of a provider.
    #[must_use]
    pub fn address(&self) -> String {
        format!("imap://localhost:{}", self.port)
    }

    /// Lets nobody in from now on, as where IMAP is switched off.
    pub fn refuse(&self) {
        self.mood().refuses = true;
    }

    /// Shows no All Mail, as its owner may choose.
    pub fn hide_all_mail(&self) {
        self.mood().hides_all_mail = true;
    }

    /// Shows not this message.
    pub fn hide(&self, id: &str) {
        self.mood().hidden.push(id.to_owned());
    }

    /// Gives so many more bodies; then it ends every connection.
    pub fn end_after(&self, bodies: usize) {
        self.mood().bodies_left = Some(bodies);
    }

    /// Changes the mailbox as another program would, when the first body is asked for.
    pub fn meanwhile(&self, change: impl FnOnce(&mut Mailbox) + Send + 'static) {
        self.mood().meanwhile = Some(Box::new(change));
    }

    /// The API's ids of the messages whose bytes it gave, in that order.
    #[must_use]
    pub fn given(&self) -> Vec<String> {
        self.mood().given.clone()
    }
}

impl Drop for Imap {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // Wakes the listener, which then ends.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        for stream in self.shared.open.lock().expect("no panic while held").drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn serve(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_mins(5)))?;
    shared.open.lock().expect("no panic while held").push(stream.try_clone()?);
    let mut wire = BufReader::new(stream);
    say(&mut wire, "* OK Gimap ready for requests")?;
    let mut signed_in = false;
    let mut selected = String::new();
    while let Some(line) = read_line(&mut wire)? {
        let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
        let upper = command.to_uppercase();
        let word = upper.split(' ').next().unwrap_or_default();
        match word {
            "CAPABILITY" => say(&mut wire, &format!("* CAPABILITY {CAPABILITY}"))?,
            "ID" => say(&mut wire, "* ID (\"name\" \"GImap\")")?,
            "AUTHENTICATE" => {
                signed_in = sign_in(&mut wire, shared)?;
                if !signed_in {
                    say(&mut wire, &format!("{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"))?;
                    continue;
                }
            }
            "LOGOUT" => return say(&mut wire, &format!("* BYE LOGOUT Requested\n{tag} OK 73 good day (Success)")),
            _ if !signed_in => {
                say(&mut wire, &format!("{tag} BAD Unknown command"))?;
                continue;
            }
            "LIST" => say(&mut wire, &listing(shared))?,
            "STATUS" => {
                let name = quoted(command);
                let count = messages(shared, &name).len();
                let told = format!("* STATUS \"{name}\" (MESSAGES {count} UIDNEXT 100000 UIDVALIDITY 7 UNSEEN 0)");
                say(&mut wire, &told)?;
            }
            "SELECT" | "EXAMINE" => {
                selected = quoted(command);
                let count = messages(shared, &selected).len();
                say(&mut wire, &format!("* {count} EXISTS\n* OK [UIDVALIDITY 7] .\n* OK [UIDNEXT 100000] ."))?;
            }
            "UID" if upper.starts_with("UID SEARCH SINCE ") => {
                let day = command.rsplit(' ').next().unwrap_or_default();
                let found: Vec<String> = messages(shared, &selected)
                    .iter()
                    .filter(|(_, m)| since(m, day))
                    .map(|(n, _)| n.to_string())
                    .collect();
                say(&mut wire, &format!("* SEARCH {}", found.join(" ")))?;
            }
            "UID" if upper.starts_with("UID FETCH ") => fetch(&mut wire, shared, &selected, command)?,
            _ => {}
        }
        say(&mut wire, &format!("{tag} OK Success"))?;
    }
    Ok(())
}

/// `AUTHENTICATE XOAUTH2`: a token, or a challenge that says why not and an empty answer to it.
fn sign_in(wire: &mut BufReader<TcpStream>, shared: &Shared) -> io::Result<bool> {
    say(wire, "+ ")?;
    let given = STANDARD.decode(read_line(wire)?.unwrap_or_default()).unwrap_or_default();
    let given = String::from_utf8_lossy(&given).into_owned();
    let state = lock(&shared.state);
    let token = given
        .strip_prefix(&format!("user={}\u{1}auth=Bearer ", state.email))
        .and_then(|rest| rest.strip_suffix("\u{1}\u{1}"));
    let refuses = shared.mood.lock().expect("no panic while held").refuses;
    if !refuses && token.is_some_and(|token| state.takes(token)) {
        return Ok(true);
    }
    drop(state);
    let why = STANDARD.encode(r#"{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}"#);
    say(wire, &format!("+ {why}"))?;
    read_line(wire)?;
    Ok(false)
}

fn listing(shared: &Shared) -> String {
    let mut list = vec![
        "* LIST (\\HasNoChildren) \"/\" \"INBOX\"".to_owned(),
        "* LIST (\\HasChildren \\Noselect) \"/\" \"[Gmail]\"".to_owned(),
    ];
    if !shared.mood.lock().expect("no panic while held").hides_all_mail {
        list.push(format!("* LIST (\\All \\HasNoChildren) \"/\" \"{ALL}\""));
    }
    list.push(format!("* LIST (\\HasNoChildren \\Junk) \"/\" \"{SPAM}\""));
    list.push(format!("* LIST (\\HasNoChildren \\Trash) \"/\" \"{TRASH}\""));
    list.join("\n")
}

/// The messages that a mailbox shows, each with its UID.
fn messages(shared: &Shared, mailbox: &str) -> Vec<(u64, Message)> {
    let hidden = shared.mood.lock().expect("no panic while held").hidden.clone();
    let state = lock(&shared.state);
    let shows = |message: &Message| match mailbox {
        ALL => !message.has("SPAM") && !message.has("TRASH"),
        SPAM => message.has("SPAM"),
        TRASH => message.has("TRASH"),
        "INBOX" => message.has("INBOX"),
        _ => false,
    };
    let all = state.mailbox.messages.iter();
    all.filter(|(_, m)| shows(m) && !hidden.contains(&m.id)).map(|(uid, m)| (*uid, m.clone())).collect()
}

fn fetch(wire: &mut BufReader<TcpStream>, shared: &Shared, mailbox: &str, command: &str) -> io::Result<()> {
    let (set, items) = command["UID FETCH ".len()..].split_once(' ').unwrap_or(("", ""));
    let wanted = ranges(set);
    for (uid, message) in messages(shared, mailbox) {
        if !wanted.iter().any(|(from, to)| (*from..=*to).contains(&uid)) {
            continue;
        }
        let number = |id: &str| u64::from_str_radix(id, 16).unwrap_or(0);
        let mut told = format!("* {uid} FETCH (UID {uid}");
        if items.contains("X-GM-MSGID") {
            let _ = write!(told, " X-GM-MSGID {}", number(&message.id));
        }
        if items.contains("X-GM-THRID") {
            let _ = write!(told, " X-GM-THRID {}", number(&message.thread));
        }
        if items.contains("INTERNALDATE") {
            let at = jiff::Timestamp::from_millisecond(message.date).expect("a date");
            let _ = write!(told, " INTERNALDATE \"{}\"", at.strftime("%d-%b-%Y %H:%M:%S +0000"));
        }
        if items.contains("RFC822.SIZE") {
            let _ = write!(told, " RFC822.SIZE {}", message.raw.len());
        }
        if let Some((_, section)) = items.split_once("BODY.PEEK[]") {
            let meanwhile = {
                let mut mood = shared.mood.lock().expect("no panic while held");
                if mood.bodies_left == Some(0) {
                    return Err(io::ErrorKind::ConnectionReset.into());
                }
                mood.bodies_left = mood.bodies_left.map(|left| left - 1);
                mood.given.push(message.id.clone());
                mood.meanwhile.take()
            };
            if let Some(change) = meanwhile {
                change(&mut lock(&shared.state).mailbox);
            }
            let piece = section.strip_prefix('<').and_then(|s| s.split_once('>')).and_then(|(s, _)| s.split_once('.'));
            let (from, length) =
                piece.map_or((0, usize::MAX), |(from, n)| (from.parse().unwrap_or(0), n.parse().unwrap_or(0)));
            let raw = message.raw.get(from..).unwrap_or_default();
            let raw = &raw[..raw.len().min(length)];
            let origin = if length == usize::MAX { String::new() } else { format!("<{from}>") };
            wire.get_mut().write_all(format!("{told} BODY[]{origin} {{{}}}\r\n", raw.len()).as_bytes())?;
            wire.get_mut().write_all(raw)?;
            wire.get_mut().write_all(b")\r\n")?;
        } else {
            say(wire, &format!("{told})"))?;
        }
    }
    Ok(())
}

fn ranges(set: &str) -> Vec<(u64, u64)> {
    let number = |text: &str| if text == "*" { u64::MAX } else { text.parse().unwrap_or(0) };
    set.split(',')
        .map(|part| part.split_once(':').unwrap_or((part, part)))
        .map(|(a, b)| (number(a), number(b)))
        .collect()
}

/// Whether a message is of this day or a later one, both in UTC.
fn since(message: &Message, day: &str) -> bool {
    let day = jiff::civil::Date::strptime("%d-%b-%Y", day).expect("a day as IMAP writes it");
    let at = jiff::Timestamp::from_millisecond(message.date).expect("a date");
    at.to_zoned(jiff::tz::TimeZone::UTC).date() >= day
}

/// The name in quotes.
fn quoted(command: &str) -> String {
    command.split('"').nth(1).unwrap_or_default().to_owned()
}

fn read_line(wire: &mut BufReader<TcpStream>) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    if wire.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned()))
}

fn say(wire: &mut BufReader<TcpStream>, text: &str) -> io::Result<()> {
    wire.get_mut().write_all((text.replace('\n', "\r\n") + "\r\n").as_bytes())
}
