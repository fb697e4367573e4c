//! A Secret Service of the test's own: a private session bus with gnome-keyring on it, unlocked.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::guard::Guard;
use crate::wait::wait_until;

/// The running bus and keyring; gone when dropped.
#[derive(Debug)]
pub struct Keyring {
    // Dropped in this order: the daemon, its bus, their folder.
    daemon: Option<Guard>,
    #[expect(dead_code, reason = "held so that the bus lives as long as its user")]
    bus: Guard,
    folder: TempDir,
}

impl Keyring {
    /// Starts a bus and an unlocked keyring with nothing in it.
    #[must_use]
    pub fn start() -> Self {
        Self::with_daemon(true)
    }

    /// Starts a bus where no Secret Service answers, as on a server or a bare window manager.
    #[must_use]
    pub fn bus_only() -> Self {
        Self::with_daemon(false)
    }

    fn with_daemon(daemon: bool) -> Self {
        let folder = tempfile::Builder::new().prefix("tabella-bus-").tempdir_in("/tmp").expect("a temporary folder");
        for name in ["data", "config", "cache", "runtime"] {
            let path = folder.path().join(name);
            fs::create_dir(&path).expect("the folder is writable");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("our own folder");
        }
        // Without service folders nothing on the machine can be started through this bus.
        let socket = folder.path().join("bus");
        let config = format!(
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
             \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n<busconfig><type>session</type>\
             <listen>unix:path={}</listen><auth>EXTERNAL</auth><policy context=\"default\">\
             <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
             </policy></busconfig>\n",
            socket.display()
        );
        let config_file = folder.path().join("bus.conf");
        fs::write(&config_file, config).expect("the folder is writable");
        let mut command = Command::new("dbus-daemon");
        command.arg("--nofork").arg("--config-file").arg(&config_file);
        let bus = Guard::start(&command, None, Some(folder.path())).expect("sh starts");
        wait_until("the bus listens", || socket.exists());

        let mut keyring = Self { daemon: None, bus, folder };
        if daemon {
            let password = keyring.folder.path().join("password");
            fs::File::create(&password).and_then(|mut file| file.write_all(b"test")).expect("the folder is writable");
            let mut command = Command::new("sh");
            command.arg("-c").arg("exec gnome-keyring-daemon --foreground --unlock --components=secrets <\"$1\"");
            command.arg("keyring").arg(&password).envs(keyring.env());
            keyring.daemon = Some(Guard::start(&command, None, None).expect("sh starts"));
            wait_until("the Secret Service answers", || keyring.answers());
        }
        keyring
    }

    /// The environment for a process that shall use this bus and nothing of the user's own.
    #[must_use]
    pub fn env(&self) -> Vec<(&'static str, OsString)> {
        let at = |name: &str| self.folder.path().join(name).into_os_string();
        let mut address = OsString::from("unix:path=");
        address.push(at("bus"));
        vec![
            ("DBUS_SESSION_BUS_ADDRESS", address),
            ("XDG_DATA_HOME", at("data")),
            ("XDG_CONFIG_HOME", at("config")),
            ("XDG_CACHE_HOME", at("cache")),
            ("XDG_RUNTIME_DIR", at("runtime")),
        ]
    }

    /// The folder that everything of it is in (the encrypted keyring file, too).
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn answers(&self) -> bool {
        let mut command = Command::new("dbus-send");
        command.args(["--session", "--print-reply", "--dest=org.freedesktop.secrets"]);
        command.args(["/org/freedesktop/secrets/aliases/default", "org.freedesktop.DBus.Properties.Get"]);
        command.args(["string:org.freedesktop.Secret.Collection", "string:Locked"]).envs(self.env());
        let output = command.stderr(Stdio::null()).output().expect("dbus-send starts");
        String::from_utf8_lossy(&output.stdout).contains("boolean false")
    }
}
