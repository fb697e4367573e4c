//! One connection, one OS thread: the blocking conversation behind an async handle.
//!
//! Owns: starting, cancelling and ending the thread. A job that panics ends its connection, never the
//! process. Refuses: the protocol itself.

use super::fault::Fault;
use super::session::{Opening, Session};
use crate::access::{Access, Credential};
use crate::{net, tls};
use model::account::TlsMode;
use model::{Error, Result};
use std::net::{Shutdown, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

type Job = Box<dyn FnOnce(&mut Session) -> bool + Send>;

/// An open, signed-in connection. Dropping it ends the thread politely.
pub struct Connection {
    jobs: mpsc::UnboundedSender<Job>,
    socket: TcpStream,
    dead: Arc<AtomicBool>,
    host: String,
    port: u16,
}

impl Connection {
    /// Connects and signs in.
    ///
    /// # Errors
    /// As [`crate::contract::Remote`].
    pub async fn open(access: &Access, cancel: &CancellationToken) -> Result<Self> {
        access.signed_in(|credential| Self::open_with(access, credential, cancel)).await
    }

    async fn open_with(access: &Access, credential: Credential, cancel: &CancellationToken) -> Result<Self> {
        let (host, typed_port) = net::clean_host(&access.server.host)?;
        let mut server = access.server.clone();
        server.port = typed_port.unwrap_or(server.port);
        server.host = host;
        let config = tls::client_config(access.ca_pem.as_deref())?;
        let socket = net::connect(&server.host, server.port, cancel).await?;
        let socket = socket.into_std().map_err(|e| net::broken(&server.host, server.port, &e))?;
        let own = socket.try_clone().map_err(|e| net::broken(&server.host, server.port, &e))?;
        let (host, port) = (server.host.clone(), server.port);
        if server.tls == TlsMode::None {
            tracing::warn!(%host, "connecting without encryption, as chosen");
        }
        let (jobs, mut queue) = mpsc::unbounded_channel::<Job>();
        let (opened, ready) = oneshot::channel();
        let dead = Arc::new(AtomicBool::new(false));
        let end = dead.clone();
        std::thread::Builder::new()
            .name(format!("imap {host}"))
            .spawn(move || {
                let session = guard(|| Session::open(Opening { socket, server, config, credential }));
                let mut session = match session {
                    Ok(session) => {
                        let _ = opened.send(Ok(()));
                        session
                    }
                    Err(fault) => {
                        end.store(true, Ordering::Release);
                        let _ = opened.send(Err(fault));
                        return;
                    }
                };
                while let Some(job) = queue.blocking_recv() {
                    if !job(&mut session) {
                        end.store(true, Ordering::Release);
                        break;
                    }
                }
                if !end.swap(true, Ordering::AcqRel) {
                    session.logout();
                }
            })
            .map_err(Error::internal)?;
        let connection = Self { jobs, socket: own, dead, host, port };
        tokio::select! {
            biased;
            () = cancel.cancelled() => {
                connection.break_off();
                Err(net::cancelled())
            }
            ready = ready => match ready {
                Ok(Ok(())) => Ok(connection),
                Ok(Err(fault)) => Err(fault.explain(&connection.host, connection.port)),
                Err(_) => Err(Error::internal("the connection's thread ended")),
            },
        }
    }

    /// True where it can't be used any more.
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Acquire)
    }

    /// Ends it at once: a blocked read returns.
    pub fn break_off(&self) {
        self.dead.store(true, Ordering::Release);
        let _ = self.socket.shutdown(Shutdown::Both);
    }

    /// The error for people.
    pub fn explain(&self, fault: Fault) -> Error {
        fault.explain(&self.host, self.port)
    }

    /// Runs a job on the connection's thread, after those before it. `cancel` breaks the connection off.
    pub async fn run<T: Send + 'static>(
        &self,
        cancel: &CancellationToken,
        job: impl FnOnce(&mut Session) -> std::result::Result<T, Fault> + Send + 'static,
    ) -> std::result::Result<T, Fault> {
        let (done, result) = oneshot::channel();
        let dead = self.dead.clone();
        let boxed: Job = Box::new(move |session| {
            let outcome = guard(|| job(session));
            let lives = !matches!(&outcome, Err(fault) if fault.ends_connection());
            if !lives {
                // Before the outcome is known: whoever learns of it must not use this one again.
                dead.store(true, Ordering::Release);
            }
            let _ = done.send(outcome);
            lives
        });
        if self.jobs.send(boxed).is_err() {
            return Err(Fault::Io(std::io::ErrorKind::NotConnected.into()));
        }
        tokio::select! {
            biased;
            () = cancel.cancelled() => {
                self.break_off();
                Err(Fault::Other(net::cancelled()))
            }
            outcome = result => outcome.unwrap_or_else(|_| Err(Fault::Io(std::io::ErrorKind::NotConnected.into()))),
        }
    }
}

/// The last wall: a panic in a conversation is a protocol error of it.
fn guard<T>(step: impl FnOnce() -> std::result::Result<T, Fault>) -> std::result::Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|panic| {
        let what = panic
            .downcast_ref::<&str>()
            .map(|s| (*s).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        tracing::error!(%what, "a mail connection panicked");
        Err(Fault::Protocol(format!("the answer could not be understood ({what})")))
    })
}
