//! Random names: tokens, Content-IDs, keys of the sandbox.

use model::{Error, Result};
use std::fmt::Write as _;

/// `N` random bytes in lower-case hexadecimal.
pub(crate) fn hex<const N: usize>() -> Result<String> {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes.iter().fold(String::with_capacity(2 * N), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
