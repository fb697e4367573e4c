//! Gmail from a terminal: credentials, consent, mail, a letter, a permission that ends, and a new sign-in.

use e2e::gmail::{Gmail, Imap};
use e2e::{tabella, web};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use crate::post::letter;

struct Terminal {
    server: Gmail,
    imap: Imap,
    folder: tempfile::TempDir,
}

impl Terminal {
    /// Runs a command with this on its standard input; opens the address of a sign-in where one is printed.
    /// Gives whether it succeeded, what it printed, and what it said besides.
    fn run(&self, arguments: &[&str], input: &str) -> (bool, String, String) {
        let mut command = tabella(self.folder.path());
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let mut said = String::new();
        for line in BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap) {
            if line.starts_with(&self.server.url()) {
                let _ = web::browse(&line);
            }
            said += &(line + "\n");
        }
        let output = child.wait_with_output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap(), said)
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let (done, printed, said) = self.run(&[&["--json"], arguments].concat(), "hi");
        assert!(done, "{arguments:?}: {printed}{said}");
        serde_json::from_str(&printed).unwrap()
    }

    fn put(&self, id: &str) {
        self.server.put(&letter(id, "Ann <ann@x.test>", &format!("Subject {id}"), id), &["INBOX", "UNREAD"]);
    }
}

#[test]
fn a_gmail_mailbox_is_connected_read_and_written_from_and_survives_an_ended_permission() {
    let server = Gmail::start();
    let imap = server.imap();
    let line = Terminal { server, imap, folder: tempfile::tempdir().unwrap() };
    let (url, email) = (line.server.url(), line.server.email());
    let endpoint = |name: &str, to: String| format!("{name}={to}");
    let given = [
        endpoint("authorize", format!("{url}/authorize")),
        endpoint("token", line.server.token_url()),
        endpoint("revoke", format!("{url}/revoke")),
        endpoint("api", url.clone()),
        endpoint("imap", line.imap.address()),
    ];
    let mut set = vec!["provider", "set", "google", "--client-id", "tests", "--client-secret-stdin"];
    for one in &given {
        set.extend(["--endpoint", one.as_str()]);
    }
    let (done, shown, said) = line.run(&set, "Geheim-7Qx\n");
    assert!(done && !shown.contains("Geheim-7Qx"), "{shown}{said}");

    for id in ["a", "b", "c"] {
        line.put(id);
    }
    let added = line.json(&["account", "add", "gmail", "--email", &email, "--bulk", "imap", "--no-browser"]);
    assert_eq!((added["kind"].as_str(), added["bulk_imap"].as_bool()), (Some("gmail"), Some(true)));
    assert_eq!(line.json(&["sync"])["accounts"][0]["messages"], 3);
    assert_eq!((line.server.given(), line.imap.given().len()), (0, 3));
    let letter =
        line.json(&["send", "--from", &email, "--to", "bob@x.test", "--subject", "x", "--text", "-", "--wait"]);
    assert_eq!(letter["state"], "accepted");

    // The permission ends: said at once, whoever asks; the letter waits for the new sign-in.
    line.server.revoke();
    let (done, printed, said) = line.run(&["sync"], "");
    assert!(!done && printed.contains("  -  ") && said.contains("error[sign_in]"), "{printed}{said}");
    let (done, printed, said) = line.run(
        &["--json", "send", "--from", &email, "--to", "bob@x.test", "--subject", "y", "--text", "-", "--wait"],
        "later",
    );
    let waits: Value = serde_json::from_str(&printed).unwrap();
    assert!(!done && said.contains("error[sign_in]"), "{said}");
    assert_eq!((waits["state"].as_str(), line.server.sent().len()), (Some("queued"), 1));
    line.put("d");
    line.server.permit("refresh-2");
    let renewed = line.json(&["account", "reauthorize", &email, "--no-browser"]);
    assert_eq!(renewed["id"], added["id"]);
    assert_eq!(line.json(&["sync"])["accounts"][0]["messages"], 5, "d and the sent letter, too");
    let (done, _, said) = line.run(&["run", "--for", "5"], "");
    assert!(done, "{said}");
    assert_eq!(line.server.sent().len(), 2, "what waited went out");
    let (done, _, said) = line.run(&["account", "remove", &email, "--yes"], "");
    assert!(done, "{said}");
}
