//! A throw-away mail server: Dovecot (IMAP, submission, LMTP) and the relay behind its submission.
//!
//! Owns: start, stop, kill and start again on the same ports; users, quotas, certificates.
//! Every address of `tabella.test` has a mailbox (made by the first delivery); the users in
//! [`Settings::users`] can sign in. Runs as root (Dovecot then runs as `nobody`) and as anybody else.
//! Look next: [`mailboxes`] for what is in the mailboxes, [`crate::relay`] for faults in sending.

mod config;
mod mailboxes;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::time::Duration;

pub use mailboxes::Stored;

use crate::authority::{Authority, CertificateKind};
use crate::guard::Guard;
use crate::relay::Relay;
use crate::wait::{free_port, holds_within, listens, wait_until};

/// The mail domain of every test server.
pub const DOMAIN: &str = "tabella.test";

/// What a test may want different.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Names of the users who can sign in.
    pub users: Vec<String>,
    /// Which certificate IMAP and submission show.
    pub certificate: CertificateKind,
    /// All that IMAP announces; `None` announces what Dovecot can do.
    pub capability: Option<String>,
    /// Refuses passwords on unencrypted connections.
    pub tls_only: bool,
    /// Between the parts of mailbox names.
    pub separator: char,
    /// Where OAuth tokens are looked up (RFC 7662); `None` takes passwords alone.
    pub introspection: Option<String>,
    /// The SASL mechanisms for tokens.
    pub token_mechanisms: &'static str,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            users: ["anna", "boris", "clara", "dmytro", "ewa"].map(String::from).to_vec(),
            certificate: CertificateKind::Good,
            capability: None,
            tls_only: false,
            separator: '/',
            introspection: None,
            token_mechanisms: "xoauth2 oauthbearer",
        }
    }
}

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The address, also the user name.
    pub email: String,
    /// The password; a word that stands nowhere else, so that a leak can be searched for.
    pub password: String,
}

/// Ports of loopback.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// IMAP, plain and STARTTLS.
    pub imap: u16,
    /// IMAP over TLS.
    pub imaps: u16,
    /// Dovecot's submission, plain and STARTTLS.
    pub submission: u16,
    /// Dovecot's submission over TLS.
    pub submissions: u16,
}

impl Ports {
    fn free() -> Self {
        Self { imap: free_port(), imaps: free_port(), submission: free_port(), submissions: free_port() }
    }
}

/// A running mail server; stopped and removed when dropped.
#[derive(Debug)]
pub struct MailServer {
    folder: PathBuf,
    ports: Ports,
    authority: Authority,
    relay: Relay,
    run_as: Option<(u32, u32)>,
    owner: (u32, u32),
    settings: Settings,
    guard: Mutex<Option<Guard>>,
}

impl MailServer {
    /// Starts a server with the usual users: anna, boris, clara, dmytro, ewa.
    #[must_use]
    pub fn start() -> Self {
        Self::with(Settings::default())
    }

    /// Starts a server that announces nothing beyond IMAP4rev1.
    #[must_use]
    pub fn poor() -> Self {
        Self::with(Settings { capability: Some("IMAP4rev1".into()), ..Settings::default() })
    }

    /// Starts a server with a certificate of this kind.
    #[must_use]
    pub fn with_certificate(certificate: CertificateKind) -> Self {
        Self::with(Settings { certificate, ..Settings::default() })
    }

    /// Starts a server.
    #[must_use]
    pub fn with(settings: Settings) -> Self {
        // Unix sockets have short names, and `nobody` must be able to enter: not the folder of TMPDIR.
        let folder = tempfile::Builder::new().prefix("tabella-mail-").tempdir_in("/tmp").expect("a temporary folder");
        let folder = folder.keep();
        let made = fs::metadata(&folder).expect("the folder was made");
        let run_as = (made.uid() == 0).then(nobody);
        let owner = run_as.unwrap_or((made.uid(), made.gid()));

        let authority = Authority::create(&folder, settings.certificate);
        for name in ["mail", "run"] {
            fs::create_dir(folder.join(name)).expect("the folder is writable");
        }
        let users = settings.users.iter().map(|name| format!("{}:{}::::::\n", address(name), password(name)));
        fs::write(folder.join("users"), users.collect::<String>()).expect("the folder is writable");
        let relay = Relay::start(folder.join("run/lmtp"), &authority);

        let mut server =
            Self { ports: Ports::free(), authority, relay, run_as, owner, settings, guard: Mutex::new(None), folder };
        // Ports are found free and bound a moment later: somebody else may be quicker.
        for _ in 0..3 {
            server.configure();
            if server.launch() {
                return server;
            }
            server.ports = Ports::free();
        }
        panic!("Dovecot does not start:\n{}", server.log());
    }

    fn configure(&self) {
        let folder = self.folder.to_string_lossy();
        let place = config::Place {
            folder: &folder,
            user: &name_of("/etc/passwd", self.owner.0),
            group: &name_of("/etc/group", self.owner.1),
            uid: self.owner.0,
            gid: self.owner.1,
        };
        let text = config::dovecot(&place, self.ports, self.relay.plain_port(), &self.settings);
        if let Some(address) = &self.settings.introspection {
            let oauth = config::introspection(address);
            fs::write(self.folder.join("oauth2.conf"), oauth).expect("the folder is writable");
        }
        fs::write(self.folder.join("dovecot.conf"), text).expect("the folder is writable");
        if self.run_as.is_some() {
            own(&self.folder, self.owner);
        }
    }

    fn launch(&self) -> bool {
        let mut command = Command::new(dovecot_program());
        command.args(["-F", "-c"]).arg(self.folder.join("dovecot.conf")).current_dir(&self.folder);
        let guard = Guard::start(&command, self.run_as, Some(&self.folder)).expect("sh starts");
        *self.guard.lock().expect("no panic while held") = Some(guard);
        let ports = [self.ports.imap, self.ports.imaps, self.ports.submission, self.ports.submissions];
        let mut open = 0;
        let up = holds_within(Duration::from_secs(20), || {
            while open < ports.len() && listens(ports[open]) {
                open += 1;
            }
            open == ports.len() || self.log().contains("Fatal: ")
        });
        up && open == ports.len() && !self.log().contains("Fatal: ")
    }

    /// Stops Dovecot in good order; mail and ports stay.
    pub fn stop(&self) {
        if let Some(mut guard) = self.take_guard() {
            guard.stop();
        }
        wait_until("the server has stopped", || !listens(self.ports.imap));
    }

    /// Ends Dovecot and all its connections at once (SIGKILL); mail and ports stay.
    pub fn kill(&self) {
        if let Some(mut guard) = self.take_guard() {
            guard.kill();
        }
        wait_until("the server is dead", || !listens(self.ports.imap));
    }

    /// Starts Dovecot again after [`Self::stop`] or [`Self::kill`].
    pub fn start_again(&self) {
        let _ = fs::remove_file(self.folder.join("run/master.pid"));
        let _ = fs::remove_file(self.folder.join("dovecot.log"));
        assert!(self.launch(), "Dovecot does not start again:\n{}", self.log());
    }

    fn take_guard(&self) -> Option<Guard> {
        self.guard.lock().expect("no panic while held").take()
    }

    /// A user from [`Settings::users`] and the password set at the start.
    #[must_use]
    pub fn user(&self, name: &str) -> User {
        assert!(self.settings.users.iter().any(|user| user == name), "{name} can't sign in to this server");
        User { email: address(name), password: password(name) }
    }

    /// Gives a user another password; the old one is void when this returns.
    pub fn set_password(&self, name: &str, new: &str) {
        self.edit_users(|user, line| if user == name { format!("{}:{new}::::::", address(name)) } else { line });
        let email = address(name);
        wait_until("Dovecot knows the new password", || {
            self.doveadm(&["auth", "cache", "flush"]);
            self.run_doveadm(&["auth", "test", &email, new]).status.success()
        });
    }

    /// Limits a user's mailboxes to this many bytes in sum; connections opened from now on see it.
    pub fn set_quota_bytes(&self, name: &str, bytes: u64) {
        self.edit_users(|user, line| {
            if user == name {
                let start = line.split("::::::").next().unwrap_or_default();
                format!("{start}::::::userdb_quota_rule=*:bytes={bytes}")
            } else {
                line
            }
        });
        let (email, wanted) = (address(name), format!("quota_rule=*:bytes={bytes}"));
        wait_until("Dovecot knows the new quota", || {
            let shown = self.run_doveadm(&["user", &email]).stdout;
            String::from_utf8_lossy(&shown).replace('\t', "=").contains(&wanted)
        });
    }

    fn edit_users(&self, mut edit: impl FnMut(&str, String) -> String) {
        let path = self.folder.join("users");
        let text = fs::read_to_string(&path).expect("the users' file");
        let text: String =
            text.lines().map(|line| edit(line.split('@').next().unwrap_or_default(), line.to_owned()) + "\n").collect();
        fs::write(path, text).expect("the users' file is writable");
    }

    /// Closes every connection of a user, as a server does that restarts or grows impatient.
    pub fn kick(&self, name: &str) {
        self.run_doveadm(&["kick", &address(name)]);
    }

    /// Runs doveadm with these arguments and gives its output; panics where it fails.
    pub fn doveadm(&self, arguments: &[&str]) -> String {
        let output = self.run_doveadm(arguments);
        assert!(output.status.success(), "doveadm {arguments:?} failed: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn run_doveadm(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("doveadm");
        command.arg("-c").arg(self.folder.join("dovecot.conf")).args(arguments).current_dir(&self.folder);
        if let Some((uid, gid)) = self.run_as {
            command.uid(uid).gid(gid);
        }
        command.output().expect("doveadm starts")
    }

    /// The ports of this server.
    #[must_use]
    pub fn ports(&self) -> Ports {
        self.ports
    }

    /// `localhost:PORT` of IMAP over TLS.
    #[must_use]
    pub fn imaps(&self) -> String {
        format!("localhost:{}", self.ports.imaps)
    }

    /// `localhost:PORT` of Dovecot's submission over TLS.
    #[must_use]
    pub fn submissions(&self) -> String {
        format!("localhost:{}", self.ports.submissions)
    }

    /// The certificate authority to trust.
    #[must_use]
    pub fn ca_file(&self) -> PathBuf {
        self.authority.ca_file()
    }

    /// The authority, for TLS in the test's own clients and servers.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The relay that delivers: its own submission ports, its faults and what it took.
    #[must_use]
    pub fn relay(&self) -> &Relay {
        &self.relay
    }

    /// What Dovecot wrote to its log.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read(self.folder.join("dovecot.log"))
            .map(|log| String::from_utf8_lossy(&log).into_owned())
            .unwrap_or_default()
    }

    /// The server's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- end of the mail server's log ---");
            for line in self.log().lines().rev().take(15).collect::<Vec<_>>().into_iter().rev() {
                eprintln!("{line}");
            }
        }
        drop(self.take_guard());
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The address of a user of the test domain.
#[must_use]
pub fn address(name: &str) -> String {
    format!("{name}@{DOMAIN}")
}

fn password(name: &str) -> String {
    format!("Kennwort-{name}-7fQ2")
}

fn dovecot_program() -> &'static str {
    // sbin is not on the path of ordinary users.
    if Path::new("/usr/sbin/dovecot").exists() { "/usr/sbin/dovecot" } else { "dovecot" }
}

fn nobody() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    let line = users.lines().find(|line| line.starts_with("nobody:")).expect("the user nobody");
    let ids: Vec<u32> = line.split(':').skip(2).take(2).filter_map(|id| id.parse().ok()).collect();
    (ids[0], ids[1])
}

fn name_of(file: &str, id: u32) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let id = id.to_string();
    let found = text.lines().find(|line| line.split(':').nth(2) == Some(&id));
    found.and_then(|line| line.split(':').next()).map_or(id.clone(), str::to_owned)
}

/// Gives a folder and all in it to `owner`.
fn own(path: &Path, owner: (u32, u32)) {
    chown(path, Some(owner.0), Some(owner.1)).expect("root may give away");
    if path.is_dir() {
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o755));
        for entry in fs::read_dir(path).expect("a folder").flatten() {
            own(&entry.path(), owner);
        }
    }
}
