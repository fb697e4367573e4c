//! From `tabella` to `tabella-engine`: the same command line, the same terminal, the same process where
//! the system can do that.

use crate::fail;
use model::{Error, ErrorCode, Result, say};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The program's file name on this system.
const ENGINE: &str = if cfg!(windows) { "tabella-engine.exe" } else { "tabella-engine" };
/// Where a package keeps programs that nobody calls by hand, from the folder of those they do.
const PACKAGED: &str = "../lib/tabella";

/// Runs the other program in place of this one; comes back only to say why it could not, or with its result
/// where a process can't become another.
pub fn to_the_engine() -> ExitCode {
    match engine_program() {
        Ok(program) => become_it(&program),
        Err(error) => fail(&error),
    }
}

fn engine_program() -> Result<PathBuf> {
    let own = std::env::current_exe().and_then(|own| own.canonicalize()).map_err(|e| Error::internal(&e))?;
    let folder = own.parent().unwrap_or(Path::new("."));
    [folder.join(ENGINE), folder.join(PACKAGED).join(ENGINE)].into_iter().find(|path| path.exists()).ok_or_else(|| {
        Error::new(ErrorCode::Disk, say!("A part of Tabella is missing: {part}.", part = ENGINE))
            .remedy("Install Tabella again; your mail and bases are not touched.")
            .detail(folder.display())
    })
}

#[cfg(unix)]
fn become_it(program: &Path) -> ExitCode {
    use std::os::unix::process::CommandExt as _;
    fail(&unstarted(program, &command(program).exec()))
}

#[cfg(not(unix))]
fn become_it(program: &Path) -> ExitCode {
    match command(program).status() {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => fail(&unstarted(program, &error)),
    }
}

fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1));
    command
}

fn unstarted(program: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorCode::Disk, say!("{program} can't be started.", program = program.display())).detail(error)
}
