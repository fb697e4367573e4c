//! `tabella-engine`, the program `tabella` hands its command to; see the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::engine()
}
