//! Tells a ledger that went back in time from one that went on.
//!
//! A restored mail.db says "queued" of letters that were sent since the backup was made. So every
//! hand-over gives the ledger a new random token, in mail.db and in a file beside the lock of the
//! lane, which no backup contains. Where the two disagree, the queue is held and the user asked
//! (docs/decisions/0003-restored-ledger.md).

use crate::Engine;
use model::{AccountId, Error, ErrorCode, Result, say};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The token of one account's ledger. Used only while the lane's lock is held.
#[derive(Debug)]
pub(crate) struct Epoch {
    file: PathBuf,
    key: String,
    current: Mutex<String>,
}

impl Epoch {
    /// Reads the tokens and tells whether the ledger is the one this machine last worked on.
    pub(crate) async fn open(engine: &Engine, account: AccountId) -> Result<(Self, bool)> {
        let file = engine.store().profile().join("locks").join(format!("ledger-{account}"));
        let key = format!("ledger-{account}");
        let stored = {
            let key = key.clone();
            engine.store().read(move |r| store::meta::get(r, &key)).await?
        };
        let known = match std::fs::read_to_string(&file) {
            Ok(text) => text.lines().map(str::to_owned).collect::<Vec<_>>(),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(disk(&file, &e)),
        };
        // A ledger that never handed anything over has neither.
        let same = match &stored {
            None => known.is_empty(),
            Some(token) => known.contains(token),
        };
        if let (true, Some(token), true) = (same, &stored, known.len() > 1) {
            write(&file, &format!("{token}\n"), false)?;
        }
        let current = stored.unwrap_or_default();
        Ok((Self { file, key, current: Mutex::new(current) }, same))
    }

    /// The key in mail.db's meta table.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// A new token, written to the file beside the old one; the caller commits it to mail.db. A
    /// crash between the two leaves a file that knows both. [`Epoch::committed`] ends the step.
    pub(crate) async fn announce(&self) -> Result<String> {
        let next = crate::random::hex::<16>()?;
        let old = self.current.lock().map_err(|e| Error::internal(&e))?.clone();
        let (file, text) = (self.file.clone(), format!("{old}\n{next}\n"));
        tokio::task::spawn_blocking(move || write(&file, &text, true)).await.map_err(|e| Error::internal(&e))??;
        Ok(next)
    }

    /// The token is in mail.db: the older one is void from now on.
    pub(crate) fn committed(&self, token: String) {
        if let Err(error) = write(&self.file, &format!("{token}\n"), false) {
            tracing::warn!(%error, "an older copy of the ledger would not be recognised");
        }
        if let Ok(mut current) = self.current.lock() {
            *current = token;
        }
    }
}

/// Writes the file whole or not at all; with `durable`, to the disk.
fn write(file: &Path, text: &str, durable: bool) -> Result<()> {
    use std::io::Write;
    let fresh = file.with_extension("new");
    let mut out = std::fs::File::create(&fresh).map_err(|e| disk(&fresh, &e))?;
    out.write_all(text.as_bytes())
        .and_then(|()| if durable { out.sync_all() } else { Ok(()) })
        .map_err(|e| disk(&fresh, &e))?;
    std::fs::rename(&fresh, file).map_err(|e| disk(file, &e))
}

fn disk(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorCode::Disk, say!("{path} can't be read or written.", path = path.display()))
        .remedy("Check the folder's permissions and the space on the disk.")
        .detail(error)
}
