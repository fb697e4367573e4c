//! A mail server to try Tabella on by hand: `cargo run --bin mailserver -- [MESSAGES | gmail | graph | emulate]`.
//!
//! Prints hosts, users and passwords, or for the scripted Gmail and Graph the commands that connect to them, then
//! serves until its standard input ends (Ctrl+D) or it is killed; either way nothing stays behind. A line on standard
//! input changes such a server: `expire` the access token, `revoke` the permission, `permit` it anew (Gmail), or
//! a number of letters that arrive. To emulate, the address of a sign-in gives the consent.

use std::io::{BufRead, Read};

use e2e::generate::Mailbox;
use e2e::{Emulate, Gmail, Graph, MailServer};

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("gmail") => return gmail(),
        Some("graph") => return graph(),
        Some("emulate") => return emulate(),
        _ => {}
    }
    let messages: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(300);
    let server = MailServer::start();
    let filled = server.fill("anna", Mailbox::new("anna@tabella.test", 1, messages).take(messages));
    println!("IMAP        {}  (TLS; also STARTTLS on {})", server.imaps(), server.ports().imap);
    println!("submission  {}  (TLS; also STARTTLS on {})", server.submissions(), server.ports().submission);
    println!("relay       {}  (TLS; has the fault addresses of tests/support/relay)", server.relay().submissions());
    println!("CA file     {}", server.ca_file().display());
    for name in ["anna", "boris", "clara"] {
        let user = server.user(name);
        println!("user        {}  {}", user.email, user.password);
    }
    println!("anna has {} messages, {} MB. Ctrl+D ends it.", filled.messages, filled.bytes / 1_000_000);
    println!(
        "\nprintf %s {} | tabella account add imap --email anna@tabella.test --password-stdin \\\n  --imap {} --imap-tls tls --smtp {} --smtp-tls tls --ca-file {}",
        server.user("anna").password,
        server.imaps(),
        server.submissions(),
        server.ca_file().display()
    );
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

fn letters(to: &str, from: usize, count: usize) -> Vec<Vec<u8>> {
    Mailbox::new(to, 1, from + count).skip(from).take(count).map(|message| message.raw).collect()
}

fn gmail() {
    let server = Gmail::start();
    let imap = server.imap();
    let (url, email) = (server.url(), server.email());
    let put = |from: usize, count: usize| {
        for raw in letters(&email, from, count) {
            server.put(&raw, &["INBOX", "UNREAD"]);
        }
    };
    put(0, 120);
    println!("printf %s secret | tabella provider set google --client-id tests --client-secret-stdin \\");
    println!("  --endpoint authorize={url}/authorize --endpoint token={url}/token --endpoint revoke={url}/revoke \\");
    println!("  --endpoint api={url} --endpoint imap={}", imap.address());
    println!("tabella account add gmail --email {email} --bulk imap");
    let mut there = 120;
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        match line.trim() {
            "expire" => server.expire(),
            "revoke" => server.revoke(),
            "permit" => server.permit("refresh-1"),
            "forget" => server.forget_history(),
            number => {
                let count = number.parse().unwrap_or(0);
                put(there, count);
                there += count;
            }
        }
        println!(
            "{} letters given by the API, {} by IMAP; {} sent",
            server.given(),
            imap.given().len(),
            server.sent().len()
        );
    }
}

fn graph() {
    let server = Graph::start();
    let put = |from: usize, count: usize| {
        for raw in letters(e2e::graph::EMAIL, from, count) {
            let _ = server.put("inbox", &raw);
        }
    };
    put(0, 120);
    println!("tabella provider set microsoft --client-id tests --endpoint api={} \\", server.api());
    println!("  --endpoint authorize={} --endpoint token={}", server.authorize_endpoint(), server.token_endpoint());
    println!("tabella account add microsoft --email {}", e2e::graph::EMAIL);
    let mut there = 120;
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        match line.trim() {
            "expire" => server.expire_tokens(),
            "revoke" => server.end_permission(),
            "forget" => server.mailbox(e2e::graph::mailbox::Mailbox::void_deltas),
            number => {
                let count = number.parse().unwrap_or(0);
                put(there, count);
                there += count;
            }
        }
        println!("{} letters given, {} sent", server.count("GET", "/$value"), server.mailbox(|m| m.sent.len()));
    }
}

fn emulate() {
    let email = "anna@tabella.test";
    let raw = letters(email, 0, 10);
    let there: Vec<(&[u8], &[&str])> = raw.iter().map(|raw| (raw.as_slice(), ["INBOX", "UNREAD"].as_slice())).collect();
    let google = Emulate::start(email, "Anna Example", &there);
    let url = google.url();
    println!("printf %s x | tabella provider set google --client-id tests --client-secret-stdin \\");
    println!("  --endpoint authorize={url}/o/oauth2/v2/auth --endpoint token={url}/oauth2/token \\");
    println!("  --endpoint revoke={url}/oauth2/revoke --endpoint api={url}");
    println!("tabella account add gmail --no-browser");
    let mut next = 10;
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        if line.starts_with("http") {
            let _ = google.consent(line.trim());
            println!("allowed");
            continue;
        }
        let count = line.trim().parse().unwrap_or(0);
        for raw in letters(email, next, count) {
            google.put(&raw, &["INBOX", "UNREAD"]);
        }
        next += count;
        for label in ["INBOX", "SENT", "DRAFT", "TRASH"] {
            println!("{label}: {}", google.messages(label).len());
        }
    }
}
