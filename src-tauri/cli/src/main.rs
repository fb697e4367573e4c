//! `tabella`, the program people call; see the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::tabella()
}
