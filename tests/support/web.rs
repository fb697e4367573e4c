//! A small HTTP server that remembers every request: a catch-all that must stay silent, or a page of
//! autoconfiguration.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::authority::Authority;

/// A request that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// GET, POST ...
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Header fields, names in lower case.
    pub headers: HashMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// HTTP status; 0 is no answer.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
    /// Further header fields.
    pub headers: Vec<(String, String)>,
}

impl Page {
    /// A page with status 200.
    #[must_use]
    pub fn ok(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, content_type: content_type.to_owned(), body: body.into(), headers: Vec::new() }
    }

    /// No answer at all: the connection ends, whatever was done.
    #[must_use]
    pub fn lost() -> Self {
        Self { status: 0, content_type: String::new(), body: Vec::new(), headers: Vec::new() }
    }

    /// A redirect.
    #[must_use]
    pub fn redirect(to: &str) -> Self {
        Self {
            status: 302,
            content_type: "text/plain".into(),
            body: Vec::new(),
            headers: vec![("Location".into(), to.into())],
        }
    }
}

type Handler = dyn Fn(&Request) -> Option<Page> + Send + Sync;

struct Shared {
    handler: Box<Handler>,
    requests: Mutex<Vec<Request>>,
    stopping: AtomicBool,
    tls: Option<Arc<rustls::ServerConfig>>,
}

/// The running server; ends when dropped.
pub struct Web {
    port: u16,
    shared: Arc<Shared>,
}

impl Web {
    /// Answers every request with an image of one pixel and counts it.
    #[must_use]
    pub fn catch_all() -> Self {
        // A GIF: the kind of thing that trackers are made of.
        let pixel =
            b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
        Self::serve(move |_| Some(Page::ok("image/gif", pixel)))
    }

    /// Answers by this function; 404 where it gives nothing.
    #[must_use]
    pub fn serve(handler: impl Fn(&Request) -> Option<Page> + Send + Sync + 'static) -> Self {
        Self::start(Box::new(handler), None)
    }

    /// The same over TLS.
    #[must_use]
    pub fn serve_tls(
        authority: &Authority,
        handler: impl Fn(&Request) -> Option<Page> + Send + Sync + 'static,
    ) -> Self {
        Self::start(Box::new(handler), Some(authority.server_config()))
    }

    /// Answers every path that ends with `config-v1.1.xml` or a domain with an autoconfiguration
    /// document that names these hosts (`localhost` and the ports, TLS from the first byte).
    #[must_use]
    pub fn autoconfig(imaps_port: u16, submissions_port: u16) -> Self {
        let server = |kind: &str, protocol: &str, port: u16| {
            format!(
                "<{kind}Server type=\"{protocol}\"><hostname>localhost</hostname><port>{port}</port>\
                 <socketType>SSL</socketType><authentication>password-cleartext</authentication>\
                 <username>%EMAILADDRESS%</username></{kind}Server>"
            )
        };
        let document = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<clientConfig version=\"1.1\"><emailProvider id=\"tabella.test\">\
             <domain>tabella.test</domain><displayName>Tabella Test</displayName>{}{}</emailProvider></clientConfig>\n",
            server("incoming", "imap", imaps_port),
            server("outgoing", "smtp", submissions_port),
        );
        Self::serve(move |request| {
            let path = request.target.split('?').next().unwrap_or_default();
            (path.ends_with("config-v1.1.xml") || path.ends_with(crate::server::DOMAIN))
                .then(|| Page::ok("text/xml", document.clone()))
        })
    }

    fn start(handler: Box<Handler>, tls: Option<Arc<rustls::ServerConfig>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let shared = Arc::new(Shared { handler, requests: Mutex::default(), stopping: AtomicBool::new(false), tls });
        let held = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if held.stopping.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let shared = held.clone();
                std::thread::spawn(move || {
                    let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
                    // A client that goes away is its own affair.
                    let _ = match &shared.tls {
                        None => serve(stream, &shared),
                        Some(config) => rustls::ServerConnection::new(config.clone())
                            .map_err(io::Error::other)
                            .and_then(|connection| serve(rustls::StreamOwned::new(connection, stream), &shared)),
                    };
                });
            }
        });
        Self { port, shared }
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `http://127.0.0.1:PORT` (with TLS `https://localhost:PORT`).
    #[must_use]
    pub fn url(&self) -> String {
        match self.shared.tls {
            None => format!("http://127.0.0.1:{}", self.port),
            Some(_) => format!("https://localhost:{}", self.port),
        }
    }

    /// How many requests came.
    #[must_use]
    pub fn hits(&self) -> usize {
        self.requests().len()
    }

    /// The requests that came.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().expect("no panic while held").clone()
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // Wakes the listener, which then ends.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

/// Opens an address as a browser does, redirects followed; the last answer's body. Loopback without TLS only.
#[must_use]
pub fn browse(address: &str) -> String {
    let mut address = address.to_owned();
    for _ in 0..10 {
        let rest = address.strip_prefix("http://").expect("an address of loopback");
        let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let slash = if path.starts_with('/') { "" } else { "/" };
        let mut stream = TcpStream::connect(host).expect("somebody listens there");
        write!(stream, "GET {slash}{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("it reads");
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        let location = answer.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
        });
        match location {
            Some(next) => address = next,
            None => return answer,
        }
    }
    panic!("redirects without end")
}

/// One request a connection: no client minds, and nothing has to be kept open.
fn serve(stream: impl Read + Write, shared: &Shared) -> io::Result<()> {
    let mut wire = BufReader::new(stream);
    let mut line = String::new();
    wire.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Ok(());
    };
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        wire.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    wire.read_exact(&mut body)?;
    let request = Request { method, target, headers, body };
    let page = (shared.handler)(&request).unwrap_or(Page {
        status: 404,
        content_type: "text/plain".into(),
        body: b"not here\n".to_vec(),
        headers: Vec::new(),
    });
    shared.requests.lock().expect("no panic while held").push(request);
    if page.status == 0 {
        return Ok(());
    }
    let mut head = format!("HTTP/1.1 {} x\r\nConnection: close\r\n", page.status);
    let _ = write!(head, "Content-Type: {}\r\nContent-Length: {}\r\n", page.content_type, page.body.len());
    for (name, value) in &page.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head += "\r\n";
    let stream = wire.get_mut();
    stream.write_all(head.as_bytes())?;
    stream.write_all(&page.body)?;
    stream.flush()
}
