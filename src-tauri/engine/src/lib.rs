//! What happens: sync, outbox, bulk letters, and the door to all of it.
//!
//! Owns: the workers of each account, and the commands (see [`command`]) that windows, the command
//! line and tests call.
//! Refuses: SQL text (the store has it), protocols (remote has them), Tauri.
//! Look next: [`command`] for what can be asked, `sync/` for mail in, `outbox/` for what is owed to
//! servers.

mod account;
mod bases;
mod bulk;
mod choice;
pub mod command;
mod connect;
mod files;
pub mod outbox;
pub mod part;
pub mod question;
mod random;
pub mod sandbox;
mod secrets;
mod sign_in;
mod snooze;
mod sweep;
pub mod sync;
mod tickets;
mod tokens;
mod workers;

use model::{Change, Clock, Error, Result, SystemClock};
use std::path::PathBuf;
use std::sync::Arc;
use store::Store;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// Stack of a runtime thread: hostile mail nests deeply, and unoptimised frames are large.
pub const STACK_BYTES: usize = 16 << 20;

/// How an engine is opened.
#[derive(Clone)]
pub struct Options {
    /// The profile's folder, created where it is missing.
    pub profile: PathBuf,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Ask the OS keyring for the profile's key.
    pub keyring: bool,
    /// Unlocks (or, where none is set, sets) the profile's passphrase.
    pub passphrase: Option<String>,
}

impl Options {
    /// A profile with the machine's clock and keyring.
    pub fn new(profile: impl Into<PathBuf>) -> Self {
        Self { profile: profile.into(), clock: Arc::new(SystemClock), keyring: true, passphrase: None }
    }
}

/// The engine on one profile; cheap to clone. Nothing runs by itself until [`Engine::start`].
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    secrets: secrets::Secrets,
    workers: workers::Workers,
    options: Options,
    stop: CancellationToken,
    bases: bases::Bases,
    tickets: tickets::Tickets,
    keepers: tokens::Keepers,
    sign_ins: sign_in::SignIns,
}

impl Engine {
    /// Opens the profile.
    ///
    /// # Errors
    /// `Newer`, `Damaged`, `Disk` as the store gives them.
    pub async fn open(options: Options) -> Result<Self> {
        remote::tls::init();
        let (profile, clock) = (options.profile.clone(), options.clock.clone());
        let store = tokio::task::spawn_blocking(move || Store::open(&profile, clock))
            .await
            .map_err(|e| Error::internal(&e))??;
        let secrets = secrets::Secrets::new(&store, &options);
        Ok(Self {
            inner: Arc::new(Inner {
                store,
                secrets,
                workers: workers::Workers::default(),
                options,
                stop: CancellationToken::new(),
                bases: bases::Bases::default(),
                tickets: tickets::Tickets::default(),
                keepers: tokens::Keepers::default(),
                sign_ins: sign_in::SignIns::default(),
            }),
        })
    }

    /// The store; handlers and workers write through it.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// How the engine was opened.
    pub fn options(&self) -> &Options {
        &self.inner.options
    }

    /// Cancelled when the engine stops.
    pub fn stopping(&self) -> &CancellationToken {
        &self.inner.stop
    }

    /// The bases that are open.
    pub(crate) fn bases(&self) -> &bases::Bases {
        &self.inner.bases
    }

    /// Imports and exports under way.
    pub(crate) fn tickets(&self) -> &tickets::Tickets {
        &self.inner.tickets
    }

    /// Every change from now on.
    pub fn changes(&self) -> broadcast::Receiver<Arc<Vec<Change>>> {
        self.inner.store.changes()
    }
}

/// The profile's folder where none is named: XDG_DATA_HOME on Linux, Application Support on macOS,
/// %APPDATA% on Windows.
pub fn default_profile() -> PathBuf {
    let var = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let home = || var("HOME").unwrap_or_else(|| PathBuf::from("."));
    let data = if cfg!(target_os = "windows") {
        var("APPDATA").unwrap_or_else(home)
    } else if cfg!(target_os = "macos") {
        home().join("Library/Application Support")
    } else {
        var("XDG_DATA_HOME").unwrap_or_else(|| home().join(".local/share"))
    };
    data.join("tabella")
}
