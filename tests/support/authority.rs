//! A certificate authority of a moment: a good certificate, an expired one, one for another host.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Which certificate a server shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CertificateKind {
    /// For `localhost`, `127.0.0.1` and `mail.tabella.test`, valid.
    #[default]
    Good,
    /// The same names, valid until the first day of 2021.
    Expired,
    /// Valid, for `elsewhere.test`.
    WrongHost,
    /// Valid names and dates, signed by itself.
    SelfSigned,
}

/// Certificate files in a folder: `ca.pem`, and `certificate.pem` with `key.pem` of a server.
#[derive(Debug)]
pub struct Authority {
    folder: PathBuf,
}

impl Authority {
    /// Writes an authority and one server certificate into `folder`.
    pub fn create(folder: &Path, kind: CertificateKind) -> Self {
        let ca_key = KeyPair::generate().expect("a key");
        let mut ca = CertificateParams::default();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        ca.distinguished_name.push(DnType::CommonName, "Tabella test authority");
        let ca_certificate = ca.self_signed(&ca_key).expect("an authority's certificate");
        let issuer = Issuer::new(ca, ca_key);

        let names: &[&str] = match kind {
            CertificateKind::WrongHost => &["elsewhere.test"],
            _ => &["localhost", "127.0.0.1", "mail.tabella.test"],
        };
        let mut leaf = CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>())
            .expect("the names are valid");
        leaf.distinguished_name.push(DnType::CommonName, names[0]);
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        leaf.not_before = date_time_ymd(2020, 1, 1);
        leaf.not_after = match kind {
            CertificateKind::Expired => date_time_ymd(2021, 1, 1),
            _ => date_time_ymd(2049, 1, 1),
        };
        let key = KeyPair::generate().expect("a key");
        let certificate = match kind {
            CertificateKind::SelfSigned => leaf.self_signed(&key),
            _ => leaf.signed_by(&key, &issuer),
        }
        .expect("a server's certificate");

        let write = |name: &str, text: String| {
            fs::write(folder.join(name), text).expect("the folder is writable");
        };
        write("ca.pem", ca_certificate.pem());
        write("certificate.pem", certificate.pem());
        write("key.pem", key.serialize_pem());
        Self { folder: folder.to_owned() }
    }

    /// The authority's certificate, to be trusted by a client.
    #[must_use]
    pub fn ca_file(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// The server's certificate.
    #[must_use]
    pub fn certificate_file(&self) -> PathBuf {
        self.folder.join("certificate.pem")
    }

    /// The server's key.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.folder.join("key.pem")
    }

    /// A TLS server's configuration that shows this certificate.
    #[must_use]
    pub fn server_config(&self) -> Arc<rustls::ServerConfig> {
        let chain = CertificateDer::pem_file_iter(self.certificate_file())
            .expect("a certificate file")
            .collect::<Result<Vec<_>, _>>()
            .expect("certificates");
        let key = PrivateKeyDer::from_pem_file(self.key_file()).expect("a key");
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring speaks TLS")
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .expect("certificate and key belong together");
        Arc::new(config)
    }

    /// A TLS client's configuration that trusts this authority alone.
    #[must_use]
    pub fn client_config(&self) -> Arc<rustls::ClientConfig> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.ca_file()).expect("a certificate")).expect("a root");
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring speaks TLS")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Arc::new(config)
    }
}
