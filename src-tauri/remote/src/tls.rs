//! TLS for every connection: rustls with ring, the platform's certificate store, and an account's own
//! certificate authority besides it.
//!
//! Owns: the client configuration and the plain words for what is wrong with a certificate.
//! Refuses: any way to skip verification. Look next: [`crate::net`] for the socket below.

use model::{Error, ErrorCode, Phrase, Result, say};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig};
use std::sync::{Arc, Once, OnceLock};

/// Makes ring the process's crypto provider; call it first in every program and test (any number of times).
pub fn init() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error only says that a provider is there already.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// The configuration for a connection: the platform's authorities, and those of `ca_pem` besides them.
///
/// # Errors
/// `Invalid` where `ca_pem` holds no certificate; `Certificate` where the system has no store and none was given.
pub fn client_config(ca_pem: Option<&str>) -> Result<Arc<ClientConfig>> {
    static SYSTEM: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    init();
    let Some(pem) = ca_pem.filter(|pem| !pem.trim().is_empty()) else {
        if let Some(config) = SYSTEM.get() {
            return Ok(config.clone());
        }
        let config = build(Vec::new())?;
        return Ok(SYSTEM.get_or_init(|| config).clone());
    };
    build(authorities(pem)?)
}

/// The certificates of a PEM text.
///
/// # Errors
/// `Invalid` where there is none, or one can't be read.
pub fn authorities(pem: &str) -> Result<Vec<CertificateDer<'static>>> {
    let unreadable = |detail: &dyn std::fmt::Display| {
        Error::invalid("The certificate authority is not a PEM certificate.")
            .remedy("Give the text that begins with “-----BEGIN CERTIFICATE-----”.")
            .detail(detail)
    };
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<std::result::Result<_, _>>()
        .map_err(|e| unreadable(&e))?;
    if found.is_empty() {
        return Err(unreadable(&"no certificate in the text"));
    }
    Ok(found)
}

fn build(extra: Vec<CertificateDer<'static>>) -> Result<Arc<ClientConfig>> {
    let broken = |e: rustls::Error| {
        Error::new(ErrorCode::Certificate, "The system's certificate store can't be read.")
            .remedy("Install the package ca-certificates, or give the account its own certificate authority.")
            .detail(e)
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider.clone()).map_err(broken)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(broken)?
        .dangerous() // the name rustls gives to any own verifier; this one is the platform's
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// The name a certificate has to be for.
pub fn server_name(host: &str) -> Result<ServerName<'static>> {
    ServerName::try_from(host.to_owned())
        .map_err(|e| Error::invalid(say!("“{host}” is not a server name.", host)).detail(e))
}

/// The reason why a TLS handshake failed, in plain words. `host` is the server that was asked for.
pub fn explain(host: &str, error: &rustls::Error) -> Error {
    let certificate =
        |message: Phrase, remedy: Phrase| Error::new(ErrorCode::Certificate, message).remedy(remedy).detail(error);
    let other = say!("Check the host name; if it is right, tell the server's administrator.");
    match error {
        rustls::Error::InvalidCertificate(reason) => match reason {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => certificate(
                say!("The certificate of {host} has expired.", host),
                say!("Check this computer's date; if it is right, tell the server's administrator."),
            ),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => certificate(
                say!("The certificate of {host} is not valid yet.", host),
                say!("Check this computer's date."),
            ),
            CertificateError::NotValidForNameContext { presented, .. } => {
                let names = presented.iter().map(|name| plain_name(name)).collect::<Vec<_>>().join(", ");
                certificate(
                    if names.is_empty() {
                        say!("The certificate is not for {host}; it names no server.", host)
                    } else {
                        say!("The certificate is not for {host}; it is for {names}.", host, names)
                    },
                    say!("Enter the host name the certificate is for, if that is your provider's."),
                )
            }
            CertificateError::NotValidForName => certificate(say!("The certificate is not for {host}.", host), other),
            CertificateError::UnknownIssuer
            | CertificateError::BadSignature
            | CertificateError::UnsupportedSignatureAlgorithmContext { .. }
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => certificate(
                say!("The certificate of {host} was issued by an authority this computer does not know.", host),
                say!(
                    "If it is your organisation's own server, give the account its certificate authority; otherwise do not connect."
                ),
            ),
            CertificateError::Revoked => certificate(
                say!("The certificate of {host} was revoked.", host),
                say!("Do not connect; tell the server's administrator."),
            ),
            _ => certificate(say!("The certificate of {host} can't be trusted.", host), other),
        },
        rustls::Error::InvalidMessage(_) => {
            Error::new(ErrorCode::NoTls, say!("{host} does not speak TLS on this port.", host))
                .remedy("Choose the other encryption mode (STARTTLS instead of TLS) or the port that belongs to it.")
                .detail(error)
        }
        _ => Error::new(ErrorCode::Network, say!("The encrypted connection to {host} could not be made.", host))
            .remedy("Check host, port and encryption mode.")
            .detail(error),
    }
}

/// `DnsName("mail.example.org")` as rustls lists it, without the wrapping.
fn plain_name(presented: &str) -> &str {
    presented.split_once('"').and_then(|(_, rest)| rest.split_once('"')).map_or(presented, |(name, _)| name)
}

/// The rustls error inside an I/O error, where a handshake failed.
pub fn from_io(error: &std::io::Error) -> Option<&rustls::Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_for_another_host_says_which_names_it_is_for() {
        let error = rustls::Error::InvalidCertificate(CertificateError::NotValidForNameContext {
            expected: server_name("imap.example.org").unwrap(),
            presented: vec!["DnsName(\"mail.example.org\")".into(), "DnsName(\"*.example.net\")".into()],
        });
        let said = explain("imap.example.org", &error);
        assert_eq!(said.code, ErrorCode::Certificate);
        assert_eq!(
            said.message,
            "The certificate is not for imap.example.org; it is for mail.example.org, *.example.net."
        );
    }

    #[test]
    fn a_text_without_a_certificate_is_refused_as_authority() {
        assert_eq!(client_config(Some("hello")).unwrap_err().code, ErrorCode::Invalid);
        assert!(client_config(Some("  \n")).is_ok(), "an empty text means none");
    }
}
