//! Google as somebody else understands it: the `emulate` package of the interface's development dependencies.
//!
//! Owns: starting it with one user and letters ([`Emulate::start`]), the browser's part of a sign-in
//! ([`Emulate::consent`]), and its API as another program uses it ([`Emulate::get`], [`Emulate::post`]).
//! Refuses: faults, quotas, batches; [`crate::Gmail`] plays those.
//! It was written from Google's documentation by people who do not know this program, so what both take for
//! granted holds. Where it is itself wrong, the tests that meet that say so.

use crate::guard::Guard;
use crate::wait::{free_port, wait_until};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/node_modules/emulate/dist/index.js");
const USER: &str = "/gmail/v1/users/me";
/// The token of the other program that uses the same mailbox.
const OTHER: &str = "another-program";

/// The running emulator; gone when dropped.
pub struct Emulate {
    port: u16,
    email: String,
    _guard: Guard,
    _folder: tempfile::TempDir,
}

/// An HTTP answer.
struct Answer {
    status: u16,
    location: Option<String>,
    body: String,
}

impl Emulate {
    /// With the mailbox of this person, in which these letters are: raw, and their labels.
    ///
    /// # Panics
    /// Where the package is not installed, or does not start.
    #[must_use]
    pub fn start(email: &str, name: &str, letters: &[(&[u8], &[&str])]) -> Self {
        assert!(Path::new(PROGRAM).exists(), "the npm package emulate is not there: run npm --prefix ui ci");
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let messages: Vec<Value> = letters
            .iter()
            // Without a raw message the emulator writes one whose Content-Type stands below the empty line.
            .map(|(raw, labels)| json!({"user_email": email, "raw": URL_SAFE_NO_PAD.encode(raw), "label_ids": labels}))
            .collect();
        let seed = json!({
            "tokens": {OTHER: {"login": email, "scopes": []}},
            "google": {"users": [{"email": email, "name": name}], "messages": messages},
        });
        let file = folder.path().join("seed.json");
        std::fs::write(&file, seed.to_string()).expect("the temporary folder can be written to");
        let port = free_port();
        let mut command = Command::new("node");
        command.arg(PROGRAM).args(["start", "--service", "google", "--port", &port.to_string(), "--seed"]).arg(&file);
        command.current_dir(folder.path());
        let guard = Guard::start(&command, None, Some(folder.path())).expect("a shell can be started");
        let started = Self { port, email: email.to_owned(), _guard: guard, _folder: folder };
        wait_until("emulate answers (it needs node)", || {
            TcpStream::connect(("127.0.0.1", port)).is_ok_and(|_| started.get("/labels").is_some())
        });
        started
    }

    /// The root of everything it serves.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Whose mailbox it is.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// Where a provider's settings have to point.
    #[must_use]
    pub fn endpoints(&self) -> Value {
        let url = self.url();
        json!({"api": url, "authorize": format!("{url}/o/oauth2/v2/auth"), "token": format!("{url}/oauth2/token"),
            "revoke": format!("{url}/oauth2/revoke")})
    }

    /// Opens the consent page, chooses the person on it, and gives the page at which that ends.
    #[must_use]
    pub fn consent(&self, address: &str) -> String {
        let page = request("GET", address, &[], "").body;
        let mut forms = page.split("<form").skip(1).filter_map(|form| form.split("</form>").next());
        let form = forms.find(|form| form.contains(&self.email)).expect("the page offers the person");
        let action = attribute(form, "action").expect("a form goes somewhere");
        let fields = form.split("<input").skip(1).filter_map(|input| {
            let input = input.split('>').next()?;
            Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))
        });
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        let answer = request("POST", &format!("{}{action}", self.url()), &form, &body);
        crate::web::browse(&answer.location.expect("the choice leads back to the program"))
    }

    /// Reads below the user's mailbox; `None` where the answer is no success.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Value> {
        self.call("GET", path, "")
    }

    /// Posts JSON below the user's mailbox; null where the answer has no body.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.call("POST", path, &body.to_string()).unwrap_or_else(|| panic!("emulate refuses {path} {body}"))
    }

    /// Another program stores this letter there; its id.
    pub fn put(&self, raw: &[u8], labels: &[&str]) -> String {
        let body = json!({"raw": URL_SAFE_NO_PAD.encode(raw), "labelIds": labels});
        self.post("/messages", &body)["id"].as_str().expect("a message has an id").to_owned()
    }

    /// The labels and bytes of all messages under a label, the newest first.
    #[must_use]
    pub fn messages(&self, label: &str) -> Vec<(Vec<String>, Vec<u8>)> {
        let list = self.get(&format!("/messages?includeSpamTrash=true&labelIds={label}")).expect("a list is given");
        let ids = list["messages"].as_array().cloned().unwrap_or_default();
        let message = |id: &Value| {
            let one = self.get(&format!("/messages/{}?format=raw", id["id"].as_str()?))?;
            let labels = one["labelIds"].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            // It keeps what it was sent, whichever padding that had.
            let raw = URL_SAFE_NO_PAD.decode(one["raw"].as_str()?.trim_end_matches('=')).ok()?;
            Some((labels, raw))
        };
        ids.iter().filter_map(message).collect()
    }

    fn call(&self, method: &str, path: &str, body: &str) -> Option<Value> {
        let bearer = format!("Bearer {OTHER}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let answer = request(method, &format!("{}{USER}{path}", self.url()), &headers, body);
        (200..300).contains(&answer.status).then(|| serde_json::from_str(&answer.body).unwrap_or_default())
    }
}

/// The value of an attribute, its entities resolved.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, after) = tag.split_once(&format!("{name}=\""))?;
    let value = after.split('"').next()?;
    let plain = [("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    Some(plain.iter().fold(value.to_owned(), |text, (entity, sign)| text.replace(entity, sign)))
}

/// HTTP/1.0: the answer ends with the connection, and comes in one piece.
fn request(method: &str, address: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let rest = address.strip_prefix("http://").expect("an address of loopback");
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let mut stream = TcpStream::connect(host).expect("somebody listens there");
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    let lines = headers.iter().fold(String::new(), |lines, (name, value)| lines + name + ": " + value + "\r\n");
    let length = body.len();
    write!(stream, "{method} {path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {length}\r\n{lines}\r\n{body}")
        .expect("it reads");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let location = fields.find(|(name, _)| name.eq_ignore_ascii_case("location")).map(|(_, to)| to.trim().to_owned());
    Answer {
        status: head.split_whitespace().nth(1).and_then(|code| code.parse().ok()).unwrap_or(0),
        location,
        body: body.to_owned(),
    }
}
