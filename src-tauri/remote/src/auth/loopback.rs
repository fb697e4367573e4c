//! The redirect back to this machine (RFC 8252, section 7.3).
//!
//! Browsers open connections ahead of time, ask for icons, and split a request over packets; other
//! programs may knock with a made-up state. So the listener takes connections until the one with the
//! right path and state has come, answers each politely, and closes after use.

use super::provider::{Redirect, RedirectHost};
use crate::access::Secret;
use model::{Error, ErrorCode, Result, say};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How long a person may take in the browser.
pub const PATIENCE: Duration = Duration::from_mins(10);
/// A request head larger than this is not a browser's redirect.
const MOST_HEAD: usize = 32 * 1024;
const ONE_REQUEST: Duration = Duration::from_secs(20);

/// Waits on a free loopback port.
pub struct Loopback {
    listeners: Vec<TcpListener>,
    port: u16,
    redirect: Redirect,
}

/// What the provider sent back.
#[derive(Debug)]
enum Answer {
    Code(Secret),
    Refused(Error),
}

impl Loopback {
    /// Takes the redirect's port, or a free one. `localhost` may mean either address, so both are listened on then.
    ///
    /// # Errors
    /// `Network` where the port is taken.
    pub async fn bind(redirect: Redirect) -> Result<Self> {
        let wanted = redirect.fixed.as_ref().map_or(0, |(_, port)| *port);
        let first = TcpListener::bind(("127.0.0.1", wanted)).await.map_err(|e| no_port(wanted, &e))?;
        let port = first.local_addr().map_err(|e| no_port(wanted, &e))?.port();
        let mut listeners = vec![first];
        if redirect.host == RedirectHost::Localhost
            && let Ok(second) = TcpListener::bind(("::1", port)).await
        {
            listeners.push(second);
        }
        Ok(Self { listeners, port, redirect })
    }

    /// The redirect address to give to the provider.
    pub fn redirect_uri(&self) -> String {
        match self.redirect.fixed {
            Some((ref address, _)) => address.clone(),
            None => format!("{}:{}", self.redirect.address(), self.port),
        }
    }

    /// Waits for the redirect with this state and gives its code. `page` is what the browser shows
    /// then, in the user's language.
    ///
    /// # Errors
    /// `Cancelled`; `Timeout` after ten minutes; what the provider refused with (`SignIn`,
    /// `AdminConsent`).
    pub async fn code(self, state: &str, page: &str, cancel: &CancellationToken) -> Result<Secret> {
        let (sender, mut answers) = mpsc::channel(4);
        let stop = CancellationToken::new();
        let _guard = stop.clone().drop_guard();
        for listener in self.listeners {
            tokio::spawn(listen(listener, state.to_owned(), page.to_owned(), sender.clone(), stop.clone()));
        }
        drop(sender);
        tokio::select! {
            () = cancel.cancelled() => Err(Error::new(ErrorCode::Cancelled, "The sign-in was cancelled.")),
            () = tokio::time::sleep(PATIENCE) => {
                Err(Error::new(ErrorCode::Timeout, "Nobody finished the sign-in in the browser within ten minutes.")
                    .remedy("Start it again when you are ready."))
            }
            answer = answers.recv() => match answer {
                Some(Answer::Code(code)) => Ok(code),
                Some(Answer::Refused(error)) => Err(error),
                None => Err(Error::internal("the redirect listener ended")),
            }
        }
    }
}

fn no_port(wanted: u16, error: &std::io::Error) -> Error {
    let message = match wanted {
        0 => say!("No local port is free for the browser to come back to."),
        port => say!("Another program holds port {port}, to which the browser has to come back.", port),
    };
    Error::new(ErrorCode::Network, message)
        .remedy("Close the other program or finish its sign-in, and check the firewall of this machine.")
        .detail(error)
}

async fn listen(
    listener: TcpListener,
    state: String,
    page: String,
    answers: mpsc::Sender<Answer>,
    stop: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else { continue };
        let (state, page, answers, stop) = (state.clone(), page.clone(), answers.clone(), stop.clone());
        // Beside each other: a connection opened ahead of time must not hold up the real one.
        tokio::spawn(async move {
            tokio::select! {
                // The page is sent before the listener goes: see `serve`.
                () = stop.cancelled() => {}
                served = tokio::time::timeout(ONE_REQUEST, serve(stream, &state, &page)) => {
                    if let Ok(Ok(Some(answer))) = served {
                        let _ = answers.send(answer).await;
                    }
                }
            }
        });
    }
}

async fn serve(mut stream: TcpStream, state: &str, page: &str) -> std::io::Result<Option<Answer>> {
    let mut head = Vec::new();
    let mut buffer = [0_u8; 4096];
    while !head.windows(4).any(|w| w == b"\r\n\r\n") {
        let read = stream.read(&mut buffer).await?;
        if read == 0 || head.len() + read > MOST_HEAD {
            return Ok(None);
        }
        head.extend_from_slice(buffer.get(..read).unwrap_or_default());
    }
    let (status, body, answer) = match judge(&head, state) {
        Judged::Ours(answer) => ("200 OK", page, Some(answer)),
        Judged::Foreign => ("400 Bad Request", "This sign-in is not the one Tabella waits for.", None),
        Judged::Other => ("404 Not Found", "", None),
    };
    let response = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(response.as_bytes()).await?;
    stream.shutdown().await?;
    Ok(answer)
}

enum Judged {
    /// The redirect we wait for.
    Ours(Answer),
    /// A redirect with another state.
    Foreign,
    /// A favicon, a probe, anything else.
    Other,
}

fn judge(head: &[u8], state: &str) -> Judged {
    let line = head.split(|b| *b == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let mut words = line.split(' ');
    let (Some("GET"), Some(target)) = (words.next(), words.next()) else {
        return Judged::Other;
    };
    let Some(query) = target.strip_prefix("/?").or_else(|| target.strip_prefix('?')) else {
        return Judged::Other;
    };
    let mut code = None;
    let mut given = None;
    let (mut error, mut description) = (None, String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "code" => code = Some(value.into_owned()),
            "state" => given = Some(value.into_owned()),
            "error" => error = Some(value.into_owned()),
            "error_description" => description = value.into_owned(),
            _ => {}
        }
    }
    if !same(given.as_deref().unwrap_or_default().as_bytes(), state.as_bytes()) {
        return Judged::Foreign;
    }
    match (code, error) {
        (_, Some(error)) => Judged::Ours(Answer::Refused(super::flow::refusal(&error, &description))),
        (Some(code), None) => Judged::Ours(Answer::Code(Secret::new(code))),
        (None, None) => Judged::Foreign,
    }
}

/// Compares without telling by time how much was right.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0_u8, |acc, (x, y)| acc | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn knock(port: u16, pieces: &[&str]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        for piece in pieces {
            stream.write_all(piece.as_bytes()).await.unwrap();
            stream.flush().await.unwrap();
        }
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    #[tokio::test]
    async fn the_code_is_taken_past_preconnects_icons_wrong_states_and_split_packets() {
        let loopback = Loopback::bind(Redirect::free(RedirectHost::Localhost)).await.unwrap();
        let port = loopback.port;
        let cancel = CancellationToken::new();
        let waiting = tokio::spawn(async move { loopback.code("s+t/1", "done", &cancel).await });
        let _preconnect = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        assert!(knock(port, &["GET /favicon.ico HTTP/1.1\r\n\r\n"]).await.starts_with("HTTP/1.1 404"));
        assert!(knock(port, &["GET /?code=evil&state=wrong HTTP/1.1\r\n\r\n"]).await.starts_with("HTTP/1.1 400"));
        let answer = knock(port, &["GET /?code=a%2Bb&st", "ate=s%2Bt%2F1 HTTP/1.1\r\nHost: x\r", "\n\r\n"]).await;
        assert!(answer.ends_with("done"), "{answer}");
        assert_eq!(waiting.await.unwrap().unwrap().expose(), "a+b");
        assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "the port is closed after use");
    }

    #[tokio::test]
    async fn a_refusal_of_the_administrator_is_told_as_such() {
        let loopback = Loopback::bind(Redirect::free(RedirectHost::Address)).await.unwrap();
        let port = loopback.port;
        let cancel = CancellationToken::new();
        let waiting = tokio::spawn(async move { loopback.code("s", "done", &cancel).await });
        knock(port, &["GET /?error=access_denied&error_description=AADSTS90094&state=s HTTP/1.1\r\n\r\n"]).await;
        assert_eq!(waiting.await.unwrap().unwrap_err().code, ErrorCode::AdminConsent);
    }

    #[tokio::test]
    async fn cancelling_ends_the_wait() {
        let loopback = Loopback::bind(Redirect::free(RedirectHost::Address)).await.unwrap();
        let cancel = CancellationToken::new();
        cancel.cancel();
        assert_eq!(loopback.code("s", "", &cancel).await.unwrap_err().code, ErrorCode::Cancelled);
    }
}
