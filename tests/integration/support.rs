//! The tests' own servers do what their names say.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use e2e::proxy::Fault;
use e2e::server::{DOMAIN, Settings, address};
use e2e::{Answer, CertificateKind, FaultProxy, Keyring, MailServer, Phase, Script, Web, wait_until};

/// A line-wise TLS client.
struct Client<S: Read + Write> {
    wire: BufReader<S>,
}

impl Client<rustls::StreamOwned<rustls::ClientConnection, TcpStream>> {
    fn tls(server: &MailServer, port: u16) -> Result<Self, String> {
        let stream = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.to_string())?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let name = "localhost".try_into().unwrap();
        let connection = rustls::ClientConnection::new(server.authority().client_config(), name).unwrap();
        let mut client = Self { wire: BufReader::new(rustls::StreamOwned::new(connection, stream)) };
        client.line().map_err(|error| error.to_string())?;
        Ok(client)
    }
}

impl<S: Read + Write> Client<S> {
    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        self.wire.read_line(&mut line)?;
        Ok(line)
    }

    fn send(&mut self, text: &str) {
        self.wire.get_mut().write_all(text.as_bytes()).unwrap();
        self.wire.get_mut().flush().unwrap();
    }

    /// IMAP: one command; everything up to its tagged answer.
    fn imap(&mut self, command: &str) -> String {
        self.send(&format!("a {command}\r\n"));
        let mut all = String::new();
        loop {
            let line = self.line().unwrap();
            all += &line;
            if line.is_empty() || line.starts_with("a ") {
                return all;
            }
        }
    }

    /// SMTP: one command; its last answer line, empty where the connection ended.
    fn smtp(&mut self, command: &str) -> String {
        self.send(&format!("{command}\r\n"));
        loop {
            let line = self.line().unwrap_or_default();
            if line.is_empty() || line.as_bytes()[3] != b'-' {
                return line;
            }
        }
    }

    fn send_letter(&mut self, to: &[&str], message_id: &str) -> String {
        assert!(self.smtp("EHLO tests").starts_with("250"));
        assert!(self.smtp("AUTH PLAIN AGFubmFAdGFiZWxsYS50ZXN0AEtlbm53b3J0LWFubmEtN2ZRMg==").starts_with("235"));
        assert!(self.smtp("MAIL FROM:<anna@tabella.test>").starts_with("250"));
        for address in to {
            let said = self.smtp(&format!("RCPT TO:<{address}>"));
            if !said.starts_with('2') {
                return said;
            }
        }
        assert!(self.smtp("DATA").starts_with("354"));
        self.smtp(&format!("Message-ID: <{message_id}>\r\nSubject: hello\r\n\r\nbody\r\n."))
    }
}

fn signed_in(server: &MailServer, name: &str) -> Client<rustls::StreamOwned<rustls::ClientConnection, TcpStream>> {
    let user = server.user(name);
    let mut client = Client::tls(server, server.ports().imaps).unwrap();
    let said = client.imap(&format!("LOGIN {} {}", user.email, user.password));
    assert!(said.contains("a OK"), "{said}");
    client
}

#[test]
fn a_server_starts_within_seconds_and_leaves_nothing_behind() {
    let begin = Instant::now();
    let server = MailServer::start();
    assert!(begin.elapsed() < Duration::from_secs(10), "took {:?}", begin.elapsed());
    let folder = server.folder().to_owned();
    let mut client = signed_in(&server, "anna");
    assert!(client.imap("CAPABILITY").contains("QRESYNC"));
    let port = server.ports().imaps;
    drop(server);
    assert!(!folder.exists());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn what_is_put_into_a_mailbox_is_there_over_imap() {
    let server = MailServer::start();
    server.put("anna", "INBOX", b"Message-ID: <one@x>\r\nSubject: one\r\n\r\nbody\r\n", "S");
    server.put("anna", "Projects/Tabella", b"Message-ID: <two@x>\r\n\r\nbody\r\n", "");
    server.deliver("anna", b"Message-ID: <three@x>\r\n\r\n.dots\r\n");
    let mut client = signed_in(&server, "anna");
    assert!(client.imap("LIST \"\" *").contains("Projects/Tabella"));
    let listed = client.imap("SELECT INBOX");
    assert!(listed.contains("* 2 EXISTS"), "{listed}");
    assert!(client.imap("UID FETCH 1 FLAGS").contains("\\Seen"));
    assert_eq!(server.find("anna", "two@x").len(), 1);
    assert_eq!(server.copies("anna", "three@x"), 1);
    assert!(
        String::from_utf8(server.find("anna", "three@x")[0].raw()).unwrap().contains("\r\n.dots\r\n")
            || server.find("anna", "three@x")[0].raw().ends_with(b"\n.dots\n")
    );
}

#[test]
fn a_letter_sent_through_dovecot_arrives_with_its_recipient() {
    let server = MailServer::start();
    let mut client = Client::tls(&server, server.ports().submissions).unwrap();
    let said = client.send_letter(&["boris@tabella.test", "nobody-knows-me@tabella.test"], "sent@x");
    assert!(said.starts_with("250"), "{said}");
    assert_eq!(server.copies("boris", "sent@x"), 1);
    assert_eq!(server.copies("nobody-knows-me", "sent@x"), 1);
    assert_eq!(server.relay().letters().len(), 1);
}

#[test]
fn fault_addresses_fail_in_their_own_way() {
    let server = MailServer::start();
    let port = server.relay().tls_port();
    let send =
        |to: &str, id: &str| Client::tls(&server, port).unwrap().send_letter(&[&address("boris"), &address(to)], id);
    assert!(send("refuse", "r@x").starts_with("550"));
    assert!(send("defer", "d@x").starts_with("451"));
    assert!(send("greylist", "g1@x").starts_with("451"));
    assert!(send("greylist", "g2@x").starts_with("250"));
    assert!(send("refuse-data", "rd@x").starts_with("554"));
    assert_eq!(send("lost", "lost@x"), "");
    assert_eq!(send("silent", "silent@x"), "");
    assert!(send("leave", "leave@x").starts_with("250"));
    let counts =
        ["r@x", "d@x", "g1@x", "g2@x", "rd@x", "lost@x", "silent@x", "leave@x"].map(|id| server.copies("boris", id));
    assert_eq!(counts, [0, 0, 0, 1, 0, 0, 1, 1]);
}

#[test]
fn a_gate_holds_a_conversation_after_delivery_and_before_the_answer() {
    let server = MailServer::start();
    let gate = server.relay().gate(Phase::Delivered);
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| {
            Client::tls(&server, server.relay().tls_port()).unwrap().send_letter(&[&address("boris")], "held@x")
        });
        gate.reached();
        assert_eq!(server.copies("boris", "held@x"), 1);
        assert!(!sending.is_finished());
        gate.open();
        assert!(sending.join().unwrap().starts_with("250"));
    });
}

#[test]
fn a_poor_server_announces_only_imap4rev1() {
    let server = MailServer::poor();
    let said = signed_in(&server, "anna").imap("CAPABILITY");
    assert!(said.contains("* CAPABILITY IMAP4rev1\r\n"), "{said}");
}

#[test]
fn bad_certificates_are_refused_by_a_client_that_looks() {
    for kind in [CertificateKind::Expired, CertificateKind::WrongHost, CertificateKind::SelfSigned] {
        let server = MailServer::with_certificate(kind);
        let error = Client::tls(&server, server.ports().imaps).err().unwrap();
        assert!(error.contains("invalid peer certificate"), "{kind:?}: {error}");
    }
}

#[test]
fn a_server_stopped_or_killed_comes_back_on_the_same_ports_with_its_mail() {
    let server = MailServer::start();
    server.put("anna", "INBOX", b"Message-ID: <stays@x>\r\n\r\nbody\r\n", "");
    let mut client = signed_in(&server, "anna");
    server.kill();
    client.send("a NOOP\r\n");
    assert!(client.line().unwrap_or_default().is_empty());
    assert!(Client::tls(&server, server.ports().imaps).is_err());
    server.start_again();
    assert!(signed_in(&server, "anna").imap("SELECT INBOX").contains("* 1 EXISTS"));
    server.stop();
    assert!(server.folder().exists());
    server.start_again();
    assert!(signed_in(&server, "anna").imap("SELECT INBOX").contains("* 1 EXISTS"));
}

#[test]
fn uid_validity_quota_and_password_can_change_while_the_server_runs() {
    let server = MailServer::with(Settings { users: vec!["anna".into()], ..Settings::default() });
    server.put("anna", "INBOX", b"Message-ID: <one@x>\r\n\r\nbody\r\n", "S");
    let before = { signed_in(&server, "anna").imap("SELECT INBOX") };
    server.change_uid_validity("anna", "INBOX");
    let after = signed_in(&server, "anna").imap("SELECT INBOX");
    let validity = |text: &str| text.lines().find(|line| line.contains("UIDVALIDITY")).unwrap().to_owned();
    assert_ne!(validity(&before), validity(&after));

    server.set_quota_bytes("anna", 10);
    let mut client = signed_in(&server, "anna");
    let said = client.imap("APPEND INBOX {14+}\r\nSubject: x\r\n\r\n");
    assert!(said.contains("OVERQUOTA"), "{said}");

    server.set_password("anna", "another");
    let mut client = Client::tls(&server, server.ports().imaps).unwrap();
    assert!(client.imap(&format!("LOGIN anna@{DOMAIN} {}", server.user("anna").password)).contains("a NO"));
    assert!(client.imap(&format!("LOGIN anna@{DOMAIN} another")).contains("a OK"));
}

#[test]
fn kicked_users_lose_their_connections() {
    let server = MailServer::start();
    let mut client = signed_in(&server, "anna");
    server.kick("anna");
    let mut rest = String::new();
    let _ = client.wire.read_to_string(&mut rest);
    assert!(rest.is_empty() || rest.contains("BYE"), "{rest}");
}

#[test]
fn a_fault_proxy_cuts_counts_and_falls_silent() {
    let server = MailServer::start();
    let proxy = FaultProxy::before(server.ports().imap);
    let connect = || {
        let stream = TcpStream::connect(("127.0.0.1", proxy.port())).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        Client { wire: BufReader::new(stream) }
    };
    assert!(connect().line().unwrap().starts_with("* OK"));
    wait_until("the greeting is counted", || proxy.down_bytes() > 20);
    proxy.set(Fault::CutAfterDown(10));
    assert_eq!(connect().line().unwrap().len(), 10);
    proxy.set(Fault::CutAtText(b"LOGIN".to_vec()));
    let mut client = connect();
    assert!(client.line().unwrap().starts_with("* OK"));
    assert_eq!(client.imap("LOGIN anna secret"), "");
    proxy.set(Fault::BlackHole);
    assert!(connect().line().is_err());
    proxy.set(Fault::Refuse);
    assert_eq!(connect().line().unwrap(), "");
    proxy.set(Fault::None);
    assert!(connect().line().unwrap().starts_with("* OK"));
    assert_eq!(proxy.connections(), 6);
}

#[test]
fn a_killed_owner_takes_its_server_along() {
    if let Ok(report) = std::env::var("TABELLA_TEST_OWNER") {
        let server = MailServer::start();
        std::fs::write(report, format!("{}\n{}", server.ports().imaps, server.folder().display())).unwrap();
        loop {
            std::thread::park();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report");
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "support::a_killed_owner_takes_its_server_along"])
        .env("TABELLA_TEST_OWNER", &report)
        .spawn()
        .unwrap();
    wait_until("the server of the other process runs", || {
        report.exists() && std::fs::read_to_string(&report).unwrap().lines().count() == 2
    });
    let told = std::fs::read_to_string(&report).unwrap();
    let (port, path) = told.split_once('\n').unwrap();
    let port: u16 = port.parse().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    owner.kill().unwrap();
    owner.wait().unwrap();
    wait_until("the server is gone", || TcpStream::connect(("127.0.0.1", port)).is_err());
    wait_until("its folder is gone", || !std::path::Path::new(path).exists());
}

#[test]
fn a_scripted_server_answers_by_rule_and_reads_literals() {
    let server = Script::imap("IMAP4rev1 IDLE").first("NOOP", Answer::SayAndClose("* BYE no time".into())).start();
    let stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut client = Client { wire: BufReader::new(stream) };
    assert!(client.line().unwrap().contains("IDLE"));
    assert_eq!(client.imap("LOGIN {4+}\r\nanna secret"), "a OK signed in\r\n");
    assert!(client.imap("SELECT INBOX").contains("* 0 EXISTS\r\n"));
    assert_eq!(client.imap("NOOP"), "* BYE no time\r\n");
    assert_eq!(server.lines()[0], "a LOGIN {4+} anna secret");
}

#[test]
fn a_catch_all_web_server_counts_what_comes() {
    let web = Web::catch_all();
    let mut stream = TcpStream::connect(("127.0.0.1", web.port())).unwrap();
    stream.write_all(b"GET /track?x=1 HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"));
    assert_eq!(web.hits(), 1);
    assert_eq!(web.requests()[0].target, "/track?x=1");
    assert_eq!(web.requests()[0].headers["cookie"], "a=b");
}

#[test]
fn a_private_keyring_keeps_a_secret_and_a_bare_bus_has_none() {
    let keyring = Keyring::start();
    let tool = |keyring: &Keyring, arguments: &[&str], input: &str| {
        let mut child = Command::new("secret-tool")
            .args(arguments)
            .envs(keyring.env())
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
    };
    tool(&keyring, &["store", "--label=x", "service", "tests"], "geheim");
    assert_eq!(tool(&keyring, &["lookup", "service", "tests"], ""), "geheim");
    assert_eq!(tool(&Keyring::bus_only(), &["lookup", "service", "tests"], ""), "");
}
