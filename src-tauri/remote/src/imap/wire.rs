//! The byte stream of one connection: plain or TLS, every read and write under a deadline.
//!
//! Owns: the socket and the read buffer. Bytes are handed out line by line or literal by literal and
//! never beyond, so the `imap` crate and [`super::exchange`] can take turns on it.
//! Refuses: understanding what it carries.

use super::fault::Fault;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Silence after which a peer counts as gone.
pub const SILENCE: Duration = Duration::from_mins(1);
/// The longest line taken; a UID list of some million messages fits.
const LINE_LIMIT_BYTES: usize = 32 << 20;
/// One TLS record.
const CHUNK_BYTES: usize = 16 << 10;
/// Taken for a literal before its bytes come; more than any buffered rest.
const FIRST_BYTES: usize = 4 << 20;

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
    Closed,
}

/// The stream of one connection.
pub struct Wire {
    stream: Stream,
    socket: TcpStream,
    buffer: Vec<u8>,
    at: usize,
    deadline: Option<Instant>,
    /// The read timeout the socket has.
    armed: Option<Duration>,
    notice: Option<String>,
}

impl Wire {
    /// Takes over a connected socket.
    pub fn new(socket: TcpStream) -> io::Result<Self> {
        socket.set_nonblocking(false)?;
        socket.set_write_timeout(Some(SILENCE))?;
        let own = socket.try_clone()?;
        Ok(Self {
            stream: Stream::Plain(socket),
            socket: own,
            buffer: Vec::new(),
            at: 0,
            deadline: None,
            armed: None,
            notice: None,
        })
    }

    /// Starts TLS. Bytes that came before it are an injection: they fail it.
    pub fn encrypt(&mut self, config: Arc<ClientConfig>, host: &str) -> Result<String, Fault> {
        if self.at < self.buffer.len() {
            return Err(Fault::Protocol("the server sent data before encryption began".into()));
        }
        let Stream::Plain(mut socket) = std::mem::replace(&mut self.stream, Stream::Closed) else {
            return Err(Fault::Protocol("encryption began twice".into()));
        };
        let name = crate::tls::server_name(host).map_err(Fault::Other)?;
        let mut tls = ClientConnection::new(config, name).map_err(|e| Fault::Other(crate::tls::explain(host, &e)))?;
        while tls.is_handshaking() {
            self.arm()?;
            tls.complete_io(&mut socket).map_err(|e| match crate::tls::from_io(&e) {
                Some(inner) => Fault::Other(crate::tls::explain(host, inner)),
                None => Fault::Io(e),
            })?;
        }
        let version = match tls.protocol_version() {
            Some(rustls::ProtocolVersion::TLSv1_3) => "TLS 1.3",
            Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
            _ => "TLS",
        };
        self.stream = Stream::Tls(Box::new(StreamOwned::new(tls, socket)));
        Ok(version.to_owned())
    }

    /// Everything until [`Wire::unlimited`] has to be over by then, however lively the peer is.
    pub fn within(&mut self, time: Duration) {
        self.deadline = Some(Instant::now() + time);
    }

    /// Only silence ends a read from now on.
    pub fn unlimited(&mut self) {
        self.deadline = None;
    }

    /// The server's last untagged NO, BAD or BYE while the `imap` crate was reading.
    pub fn take_notice(&mut self) -> Option<String> {
        self.notice.take()
    }

    /// Ends the connection; a blocked read returns.
    pub fn shutdown(&self) {
        let _ = self.socket.shutdown(Shutdown::Both);
    }

    fn arm(&mut self) -> io::Result<()> {
        let time = match self.deadline {
            None => SILENCE,
            Some(deadline) => {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                left.min(SILENCE)
            }
        };
        let time = time.max(Duration::from_millis(1));
        if self.armed != Some(time) {
            self.socket.set_read_timeout(Some(time))?;
            self.armed = Some(time);
        }
        Ok(())
    }

    fn read_some(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let done = match &mut self.stream {
                Stream::Plain(socket) => socket.read(into),
                Stream::Tls(tls) => tls.read(into),
                Stream::Closed => Err(io::ErrorKind::NotConnected.into()),
            };
            match done {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.arm()?;
        if self.at == self.buffer.len() {
            self.buffer.clear();
            self.at = 0;
        } else if self.at > CHUNK_BYTES {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        let had = self.buffer.len();
        self.buffer.resize(had + CHUNK_BYTES, 0);
        let mut fresh = std::mem::take(&mut self.buffer);
        let done = self.read_some(&mut fresh[had..]);
        fresh.truncate(had + *done.as_ref().unwrap_or(&0));
        self.buffer = fresh;
        match done? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// The end of the next line in the buffer, reading until it is there.
    fn line_end(&mut self) -> io::Result<usize> {
        let mut looked = 0;
        loop {
            let waiting = self.buffer.get(self.at..).unwrap_or_default();
            if let Some(end) = memchr::memchr(b'\n', waiting.get(looked..).unwrap_or_default()) {
                return Ok(self.at + looked + end + 1);
            }
            looked = waiting.len();
            if looked > LINE_LIMIT_BYTES {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a line without end"));
            }
            self.fill()?;
        }
    }

    /// The next line without its line end. After a timeout the part that came is kept for the next call.
    pub fn read_line(&mut self) -> io::Result<Vec<u8>> {
        let end = self.line_end()?;
        let line = self.buffer.get(self.at..end).unwrap_or_default();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line).to_vec();
        self.at = end;
        Ok(line)
    }

    /// Exactly so many bytes.
    pub fn read_bytes(&mut self, count: usize) -> io::Result<Vec<u8>> {
        // A length is only a claim: memory grows with what really comes.
        let mut bytes = vec![0; count.min(FIRST_BYTES)];
        let buffered = self.buffer.get(self.at..).unwrap_or_default();
        let here = buffered.len().min(bytes.len());
        if let (Some(to), Some(from)) = (bytes.get_mut(..here), buffered.get(..here)) {
            to.copy_from_slice(from);
        }
        self.at += here;
        let mut got = here;
        while got < count {
            if got == bytes.len() {
                bytes.resize(bytes.len().saturating_mul(2).min(count), 0);
            }
            self.arm()?;
            match self.read_some(bytes.get_mut(got..).unwrap_or_default())? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => got += more,
            }
        }
        Ok(bytes)
    }

    /// Writes all of it and flushes.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(socket) => socket.write_all(bytes),
            Stream::Tls(tls) => {
                tls.write_all(bytes)?;
                tls.flush()
            }
            Stream::Closed => Err(io::ErrorKind::NotConnected.into()),
        }
    }
}

/// The wire as the `imap` crate reads it: one line at a time, so that nothing is left in its buffer.
#[derive(Clone)]
pub struct SharedWire(pub Rc<RefCell<Wire>>);

impl Read for SharedWire {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut wire = self.0.borrow_mut();
        let end = wire.line_end()?;
        let at = wire.at;
        let line = wire.buffer.get(at..end).unwrap_or_default();
        let trouble = [&b"* BYE"[..], b"* NO", b"* BAD"].iter().any(|start| line.starts_with(start));
        let notice = trouble.then(|| String::from_utf8_lossy(line).trim().to_owned());
        let count = line.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..count), line.get(..count)) {
            to.copy_from_slice(from);
        }
        wire.at = at + count;
        if notice.is_some() {
            wire.notice = notice;
        }
        Ok(count)
    }
}

impl Write for SharedWire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().send(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
