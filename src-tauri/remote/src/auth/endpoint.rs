//! Addresses that a person may enter for a provider, checked before they are kept and before they are used.

use super::provider::{Redirect, RedirectHost};
use model::account::{ServerSettings, TlsMode};
use model::{Error, Phrase, Result, say};

/// What an endpoint is called to people.
fn called(name: &str) -> Phrase {
    match name {
        "authorize" => say!("authorization"),
        "token" => say!("token"),
        "revoke" => say!("revocation"),
        "device" => say!("device authorization"),
        "api" => say!("API"),
        "imap" => say!("incoming mail"),
        _ => say!("outgoing mail"),
    }
}

fn loopback(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "localhost" | "[::1]" | "::1")
}

/// Only HTTPS carries tokens; loopback is for tests and gateways on this machine.
///
/// # Errors
/// `Invalid` with what is wrong.
pub fn check(what: &str, address: &str) -> Result<()> {
    let what = called(what);
    if address.is_empty() {
        return Err(Error::invalid(say!("The {what} endpoint is missing.", what)));
    }
    let url = url::Url::parse(address)
        .map_err(|_| Error::invalid(say!("The {what} endpoint “{address}” is not a web address.", what, address)))?;
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(Error::invalid(say!("The {what} endpoint can't hold a user name or a fragment.", what)));
    }
    let secure = url.scheme() == "https" && url.host_str().is_some_and(|host| !host.is_empty());
    if secure || (url.scheme() == "http" && url.host_str().is_some_and(loopback)) {
        return Ok(());
    }
    Err(Error::invalid(say!("The {what} endpoint must begin with https://.", what)))
}

/// An address on this machine that the browser comes back to.
///
/// # Errors
/// `Invalid` with what it has to look like.
pub fn redirect(address: &str) -> Result<Redirect> {
    let bad = || {
        Error::invalid(say!("The redirect address “{address}” does not lead back to this machine.", address))
            .remedy("It looks like http://localhost:47823/ or http://127.0.0.1.")
    };
    let url = url::Url::parse(address).map_err(|_| bad())?;
    let host = match url.host_str() {
        Some("127.0.0.1") => RedirectHost::Address,
        Some("localhost") => RedirectHost::Localhost,
        _ => return Err(bad()),
    };
    if url.scheme() != "http" || url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(bad());
    }
    Ok(Redirect { host, fixed: url.port().map(|port| (address.to_owned(), port)) })
}

/// A mail server written `host:port`, with the encryption of `usual` (TLS where there is none), or with a
/// scheme that says it: `imaps://`, `smtps://`, and, on this machine alone, `imap://` and `smtp://`.
///
/// # Errors
/// `Invalid` with what is wrong.
pub fn server(what: &str, text: &str, usual: Option<&ServerSettings>) -> Result<ServerSettings> {
    let bad = || {
        Error::invalid(say!("The {what} endpoint “{text}” is not a host and a port.", what = called(what), text))
            .remedy("It looks like mail.example.org:993.")
    };
    let usual_tls = usual.map_or(TlsMode::Tls, |s| s.tls);
    let (tls, rest) = match text.split_once("://") {
        None => (usual_tls, text),
        Some(("imaps" | "smtps", rest)) => (TlsMode::Tls, rest),
        Some(("imap" | "smtp", rest)) => (TlsMode::None, rest),
        Some(_) => return Err(bad()),
    };
    let (host, port) = rest.trim_end_matches('/').rsplit_once(':').ok_or_else(bad)?;
    let port = port.parse().ok().filter(|port| *port > 0).ok_or_else(bad)?;
    encrypted(ServerSettings { host: host.to_owned(), port, tls, username: String::new() })
}

/// A server's settings as people type them, refused where a token would travel unencrypted beyond this machine.
///
/// # Errors
/// `Invalid` with what is wrong.
pub fn encrypted(mut server: ServerSettings) -> Result<ServerSettings> {
    let (host, port) = crate::net::clean_host(&server.host)?;
    server.host = host;
    server.port = port.unwrap_or(server.port);
    server.username.clear();
    if server.port == 0 {
        return Err(Error::invalid("The port is a number between 1 and 65535."));
    }
    if server.tls == TlsMode::None && !loopback(&server.host) {
        return Err(Error::invalid(say!("{host} would get the token unencrypted.", host = server.host))
            .remedy("Choose TLS or STARTTLS; without encryption only servers on this machine are reached."));
    }
    Ok(server)
}

/// Microsoft's tenant: a word, a domain or an id.
///
/// # Errors
/// `Invalid` with what it may be.
pub fn tenant(tenant: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    if !tenant.is_empty() && tenant.len() <= 255 && tenant.chars().all(fits) && !tenant.starts_with(['.', '-']) {
        return Ok(());
    }
    Err(Error::invalid(say!("“{tenant}” is not a Microsoft tenant.", tenant))
        .remedy("Use common, organizations, consumers, or the tenant's id or domain."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_is_encrypted_or_on_this_machine() {
        for good in
            ["https://idp.example/token", "http://127.0.0.1:4000/token", "http://localhost/x", "http://[::1]:1/"]
        {
            assert!(check("token", good).is_ok(), "{good}");
        }
        let bad = [
            "",
            "x",
            "http://idp.example/",
            "file:///etc",
            "https://",
            "https://a:b@idp.example/",
            "http://127.0.0.1.evil.example/",
            "http://localhost.evil.example/",
        ];
        for bad in bad {
            assert!(check("token", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_mail_server_is_host_and_port_with_the_usual_encryption() {
        let usual = ServerSettings { host: "x".into(), port: 587, tls: TlsMode::StartTls, username: String::new() };
        let got = server("smtp", "gateway.example:2525", Some(&usual)).unwrap();
        assert_eq!((got.host.as_str(), got.port, got.tls), ("gateway.example", 2525, TlsMode::StartTls));
        assert_eq!(server("imap", "localhost:993", None).unwrap().tls, TlsMode::Tls);
        assert_eq!(server("imap", "imap://localhost:143", None).unwrap().tls, TlsMode::None);
        assert_eq!(server("imap", "imaps://mail.example:993/", None).unwrap().host, "mail.example");
        for bad in [
            "mail.example",
            "mail.example:0",
            "mail.example:x",
            "pop://mail.example:1",
            "smtp://mail.example:25",
            ":993",
        ] {
            assert!(server("imap", bad, None).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_redirect_leads_back_to_this_machine() {
        assert_eq!(redirect("http://127.0.0.1").unwrap().fixed, None);
        assert_eq!(redirect("http://localhost:8400/").unwrap().fixed, Some(("http://localhost:8400/".into(), 8400)));
        for bad in [
            "http://example.org/",
            "https://localhost/",
            "http://localhost/callback",
            "tabella:",
            "http://localhost/?x",
        ] {
            assert!(redirect(bad).is_err(), "{bad}");
        }
    }
}
