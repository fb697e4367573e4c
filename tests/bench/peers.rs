//! The programs Tabella is measured against, set up as their users set them up for speed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use e2e::MailServer;

use super::measure::{Cost, run, size_on_disk, wall_seconds};

/// mbsync into a Maildir, indexed by mu and by notmuch.
pub struct Peers {
    folder: PathBuf,
}

impl Peers {
    /// Sets them up in this folder for the server's user `anna`.
    pub fn new(folder: &Path, server: &MailServer) -> Result<Self> {
        let user = server.user("anna");
        let peers = Self { folder: folder.to_owned() };
        fs::create_dir_all(peers.mail())?;
        let path = peers.mail();
        let path = path.display();
        // Without fsync and without compression: the quickest way over loopback.
        let config = format!(
            "FSync no\n\nIMAPAccount server\nHost localhost\nPort {port}\nUser {user}\nPass {password}\nSSLType IMAPS\n\
             SystemCertificates no\nCertificateFile {ca}\nDisableExtension COMPRESS=DEFLATE\n\n\
             IMAPStore far\nAccount server\n\nMaildirStore near\nPath {path}/\nInbox {path}/INBOX\nSubFolders Verbatim\n\n\
             Channel all\nFar :far:\nNear :near:\nPatterns *\nCreate Near\nSync Pull\nSyncState *\n",
            port = server.ports().imaps,
            user = user.email,
            password = user.password,
            ca = server.ca_file().display(),
        );
        fs::write(folder.join("mbsyncrc"), config)?;
        let config = format!(
            "[database]\npath={path}\n[user]\nname=Anna\nprimary_email={email}\n[new]\ntags=new\nignore=.mbsyncstate;.uidvalidity\n\
             [maildir]\nsynchronize_flags=false\n",
            email = user.email
        );
        fs::write(folder.join("notmuchrc"), config)?;
        Ok(peers)
    }

    fn mail(&self) -> PathBuf {
        self.folder.join("mail")
    }

    /// Removes mail and indexes.
    pub fn forget(&self) -> Result<()> {
        let _ = fs::remove_dir_all(self.mail());
        let _ = fs::remove_dir_all(self.folder.join("mu"));
        fs::create_dir_all(self.mail())?;
        Ok(())
    }

    pub fn fetch(&self) -> Result<Cost> {
        run(Command::new("mbsync").arg("--quiet").arg("-c").arg(self.folder.join("mbsyncrc")).arg("all"))
    }

    fn mu(&self, verb: &str) -> Command {
        let mut command = Command::new("mu");
        command.arg(verb).arg("--quiet").arg("--muhome").arg(self.folder.join("mu"));
        command
    }

    pub fn mu_first(&self) -> Result<Cost> {
        let made = run(self.mu("init").arg("--maildir").arg(self.mail()))?;
        Ok(made.then(&run(&mut self.mu("index"))?))
    }

    pub fn mu_again(&self) -> Result<Cost> {
        run(&mut self.mu("index"))
    }

    fn notmuch(&self, verb: &str) -> Command {
        let mut command = Command::new("notmuch");
        command.env("NOTMUCH_CONFIG", self.folder.join("notmuchrc")).arg(verb);
        command
    }

    pub fn notmuch_first(&self) -> Result<Cost> {
        run(self.notmuch("new").arg("--quiet"))
    }

    pub fn notmuch_again(&self) -> Result<Cost> {
        run(self.notmuch("new").arg("--quiet"))
    }

    pub fn notmuch_search(&self, query: &str) -> Result<f64> {
        wall_seconds(self.notmuch("search").arg("--limit=50").arg(query))
    }

    /// Maildir and notmuch's index.
    pub fn disk(&self) -> u64 {
        size_on_disk(&self.mail())
    }
}

/// `sqlite3`'s own import of a CSV file, as text columns.
pub fn sqlite_import(room: &Path, csv: &Path, round: usize) -> Result<Cost> {
    let database = room.join(format!("sqlite-{round}.db"));
    run(Command::new("sqlite3").arg(database).arg(".mode csv").arg(format!(".import '{}' records", csv.display())))
}
