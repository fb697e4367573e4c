//! Sockets: host names as people type them, and connecting with a deadline to whichever address answers first.
//!
//! Owns: name look-up, TCP. Refuses: encryption ([`crate::tls`]) and protocols.

use model::{Error, ErrorCode, Phrase, Result, say};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// For one address.
const PER_ADDRESS: Duration = Duration::from_secs(10);
/// Head start of an address before the next is tried besides it (RFC 8305).
const HEAD_START: Duration = Duration::from_millis(300);
/// For the name look-up.
const LOOK_UP: Duration = Duration::from_secs(10);
/// For the whole of it.
const CONNECT: Duration = Duration::from_secs(30);

/// The error of a step that `cancel` ended.
pub fn cancelled() -> Error {
    Error::new(ErrorCode::Cancelled, "Stopped.")
}

/// A host as typed, made usable: spaces and a scheme are cut, a port is returned beside it, names in
/// other scripts become ASCII (RFC 5891).
///
/// # Errors
/// `Invalid` where nothing or no host name is left, or it holds a line break or a space.
pub fn clean_host(typed: &str) -> Result<(String, Option<u16>)> {
    let refuse = |why: Phrase| {
        let name = typed.trim().escape_debug().to_string();
        Error::invalid(say!("“{name}” is not a server name: {why}.", name, why))
            .remedy("Enter a name such as imap.example.org.")
    };
    let text = typed.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split('/').next().unwrap_or_default();
    if text.contains('@') {
        return Err(refuse(say!("it looks like an e-mail address")));
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(refuse(say!("it holds a space or line break")));
    }
    let (host, port) = split_port(text);
    let port = match port {
        None => None,
        Some(port) => Some(
            port.parse::<u16>().ok().filter(|p| *p > 0).ok_or_else(|| refuse(say!("the port must be 1 to 65535")))?,
        ),
    };
    if host.is_empty() {
        return Err(refuse(say!("it is empty")));
    }
    if host.parse::<IpAddr>().is_ok() {
        return Ok((host.to_owned(), port));
    }
    let ascii = idna::domain_to_ascii_strict(host.trim_end_matches('.'))
        .map_err(|_| refuse(say!("it holds characters that no host name has")))?;
    if ascii.is_empty() || ascii.len() > 253 {
        return Err(refuse(say!("its length is wrong")));
    }
    Ok((ascii, port))
}

fn split_port(text: &str) -> (&str, Option<&str>) {
    if let Some(rest) = text.strip_prefix('[')
        && let Some((host, tail)) = rest.split_once(']')
    {
        return (host, tail.strip_prefix(':'));
    }
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (text, None),
    }
}

/// True for loopback, private and link-local addresses.
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_unspecified(),
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || v6.is_unspecified()
                || v6.to_ipv4_mapped().is_some_and(|v4| is_private(IpAddr::V4(v4)))
        }
    }
}

/// Connects to the first address that answers, IPv6 and IPv4 in turn; sets keepalive and no-delay.
///
/// # Errors
/// `Network` (unknown name, refused, unreachable), `Timeout`, `Cancelled`.
pub async fn connect(host: &str, port: u16, cancel: &CancellationToken) -> Result<TcpStream> {
    let work = async {
        match tokio::time::timeout(CONNECT, connect_any(host, port)).await {
            Ok(done) => done,
            Err(_) => Err(timeout(host)),
        }
    };
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(cancelled()),
        done = work => done,
    }
}

async fn connect_any(host: &str, port: u16) -> Result<TcpStream> {
    let found = tokio::time::timeout(LOOK_UP, tokio::net::lookup_host((host, port)))
        .await
        .map_err(|_| timeout(host))?
        .map_err(|e| {
            Error::new(ErrorCode::Network, say!("The server {host} was not found.", host))
                .remedy("Check the host name and your internet connection.")
                .detail(e)
        })?;
    let mut waiting = in_turn(found.collect()).into_iter().take(8);
    let mut attempts = tokio::task::JoinSet::new();
    let mut last: Option<std::io::Error> = None;
    loop {
        if let Some(address) = waiting.next() {
            attempts.spawn(async move {
                tokio::time::timeout(PER_ADDRESS, TcpStream::connect(address))
                    .await
                    .unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
            });
        }
        tokio::select! {
            done = attempts.join_next() => match done {
                None => {
                    let last = last.unwrap_or_else(|| std::io::ErrorKind::AddrNotAvailable.into());
                    return Err(broken(host, port, &last));
                }
                Some(Ok(Ok(stream))) => {
                    settle(&stream).map_err(|e| broken(host, port, &e))?;
                    return Ok(stream);
                }
                Some(Ok(Err(e))) => last = Some(e),
                Some(Err(e)) => return Err(Error::internal(e)),
            },
            () = tokio::time::sleep(HEAD_START) => {}
        }
    }
}

fn settle(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let keepalive =
        socket2::TcpKeepalive::new().with_time(Duration::from_mins(1)).with_interval(Duration::from_secs(20));
    socket2::SockRef::from(stream).set_tcp_keepalive(&keepalive)
}

fn in_turn(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let (six, four): (Vec<_>, Vec<_>) = addresses.into_iter().partition(SocketAddr::is_ipv6);
    let mut mixed = Vec::with_capacity(six.len() + four.len());
    let (mut six, mut four) = (six.into_iter(), four.into_iter());
    loop {
        match (six.next(), four.next()) {
            (None, None) => return mixed,
            (a, b) => mixed.extend(a.into_iter().chain(b)),
        }
    }
}

/// The error for a server that did not answer in time.
pub fn timeout(host: &str) -> Error {
    Error::new(ErrorCode::Timeout, say!("{host} did not answer in time.", host))
        .remedy("Tabella tries again by itself; check host, port and your internet connection if it lasts.")
}

/// The error for a connection that could not be made or broke.
pub fn broken(host: &str, port: u16, error: &std::io::Error) -> Error {
    use std::io::ErrorKind;
    let what = match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => return timeout(host).detail(error),
        ErrorKind::ConnectionRefused => say!("{host} refuses connections on port {port}.", host, port),
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => {
            say!("The connection to {host} broke.", host)
        }
        _ => say!("{host} can't be reached on port {port}.", host, port),
    };
    Error::new(ErrorCode::Network, what)
        .remedy("Tabella tries again by itself; check your internet connection if it lasts.")
        .detail(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_cut_out_of_what_people_paste() {
        for (typed, host, port) in [
            ("  imap.example.org \n", "imap.example.org", None),
            ("imaps://imap.example.org:993/", "imap.example.org", Some(993)),
            ("IMAP.Example.ORG.", "imap.example.org", None),
            ("bücher.example", "xn--bcher-kva.example", None),
            ("[::1]:143", "::1", Some(143)),
            ("::1", "::1", None),
            ("127.0.0.1", "127.0.0.1", None),
        ] {
            assert_eq!(clean_host(typed).unwrap(), (host.to_owned(), port), "{typed:?}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused_with_the_reason() {
        for typed in [
            "",
            "  ",
            "a b.example",
            "imap.example.org\r\nX",
            "me@example.org",
            "host:0",
            "host:99999",
            "ex_ample!.org",
        ] {
            assert_eq!(clean_host(typed).unwrap_err().code, ErrorCode::Invalid, "{typed:?}");
        }
    }

    #[tokio::test]
    async fn connecting_to_a_closed_port_says_so() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let error = connect("127.0.0.1", port, &CancellationToken::new()).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Network);
        assert!(error.message.contains("refuses connections"), "{}", error.message);
    }

    #[tokio::test]
    async fn a_cancelled_connect_returns_at_once() {
        let cancel = CancellationToken::new();
        cancel.cancel();
        let error = connect("127.0.0.1", 9, &cancel).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Cancelled);
    }
}
