//! A server process that can't outlive the process that started it.
//!
//! A shell stands between the two and waits for the end of its standard input. The kernel closes that
//! pipe when the owner ends in whatever way (return, panic, `kill -9`); the shell then stops the server
//! and removes its folder. No signal handler and no unsafe code are needed for it.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use crate::wait::holds_within;

/// $1 is the folder to remove when the owner vanished (may be empty), the rest is the server's command
/// line. An owner that stops the server itself says so by a line.
const WATCH: &str = r#"
folder=$1; shift
"$@" & server=$!
trap '' INT TERM HUP
orphan=yes
while read -r _; do orphan=no; done
kill -TERM "$server" 2>/dev/null
( n=0; while [ $n -lt 50 ] && kill -0 "$server" 2>/dev/null; do n=$((n+1)); sleep 0.1; done; kill -KILL "$server" 2>/dev/null ) &
wait "$server"
[ "$orphan" = no ] || [ -z "$folder" ] || rm -rf -- "$folder"
"#;

/// A running server and the shell that watches over it.
#[derive(Debug)]
pub struct Guard {
    watch: Child,
    lifeline: Option<ChildStdin>,
}

impl Guard {
    /// Starts `command` (program and arguments are taken from it, as are environment, user and output).
    /// `folder`, where given, is removed if this process vanishes without stopping the server.
    pub fn start(command: &Command, run_as: Option<(u32, u32)>, folder: Option<&Path>) -> io::Result<Self> {
        let mut watch = Command::new("sh");
        watch.arg("-c").arg(WATCH).arg("watch").arg(folder.unwrap_or(Path::new("")));
        watch.arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => watch.env(name, value),
                None => watch.env_remove(name),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            watch.current_dir(folder);
        }
        if let Some((uid, gid)) = run_as {
            watch.uid(uid).gid(gid);
        }
        // A group of its own: Ctrl+C in a terminal reaches the tests, and the tests end the server.
        watch.process_group(0);
        watch.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut watch = watch.spawn()?;
        let lifeline = watch.stdin.take();
        Ok(Self { watch, lifeline })
    }

    /// Stops the server in good order and waits for its end.
    pub fn stop(&mut self) {
        if let Some(mut lifeline) = self.lifeline.take() {
            let _ = lifeline.write_all(b"stop\n");
        }
        let watch = &mut self.watch;
        if !holds_within(Duration::from_secs(10), || matches!(watch.try_wait(), Ok(Some(_)))) {
            self.kill();
        }
    }

    /// Ends the server and all its children at once (SIGKILL), as a power cut would.
    pub fn kill(&mut self) {
        let group = format!("-{}", self.watch.id());
        // Standard library and signals to a group don't meet without unsafe code; kill(1) does it.
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.watch.wait();
        self.lifeline = None;
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Nothing of a throw-away server is worth the second that an orderly end takes.
        if self.lifeline.is_some() {
            self.kill();
        }
    }
}
