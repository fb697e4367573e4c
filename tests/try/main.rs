//! A mail server to try Tabella on by hand: `cargo run --bin mailserver -- [MESSAGES]`.
//!
//! Prints hosts, users and passwords, then serves until its standard input ends (Ctrl+D) or it is
//! killed; either way nothing stays behind.

use std::io::Read;

use e2e::MailServer;
use e2e::generate::Mailbox;

fn main() {
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
