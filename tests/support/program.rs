//! The `tabella` program as tests start it: the built binary, in a world of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A command line of the built `tabella` on this profile: no keyring (secrets open with a passphrase),
/// no settings and no bus of the user's own.
///
/// # Panics
/// Where the program was not built, or is older than a source of it: `cargo build --workspace`.
#[must_use]
pub fn tabella(profile: &Path) -> Command {
    let mut command = Command::new(tabella_binary());
    command.arg("--profile").arg(profile).env("TABELLA_PASSPHRASE", "a passphrase for tests");
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    command
}

/// The built program: `TABELLA_BINARY`, or the one beside the tests, with the one it hands over to beside it.
#[must_use]
pub fn tabella_binary() -> PathBuf {
    built("tabella-engine", "TABELLA_BINARY");
    built("tabella", "TABELLA_BINARY")
}

fn built(name: &str, variable: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let own = std::env::current_exe().expect("a process has a program");
    let folders = own.ancestors().skip(1).take(2);
    let binary = folders.map(|folder| folder.join(name)).find(|path| path.exists());
    let binary = binary.unwrap_or_else(|| panic!("{name} is not built: cargo build --workspace"));
    assert!(is_fresh(&binary), "{} is older than its sources: cargo build --workspace", binary.display());
    binary
}

/// Cargo writes beside each program which files it was made of.
fn is_fresh(binary: &Path) -> bool {
    let Ok(list) = fs::read_to_string(binary.with_extension("d")) else {
        return true;
    };
    let Ok(built) = fs::metadata(binary).and_then(|data| data.modified()) else {
        return false;
    };
    let sources = list.split_once(": ").map(|(_, sources)| sources).unwrap_or_default();
    sources
        .split_whitespace()
        .all(|source| fs::metadata(source).and_then(|data| data.modified()).map_or(true, |changed| changed <= built))
}
