//! Finding the servers of an address: presets, the provider's own document, Mozilla's database, SRV
//! records, the mail exchanger.
//!
//! Owns: the order and the total deadline. Refuses: plain HTTP and servers without encryption; nothing
//! that is guessed is ever connected to without the user seeing it.
//! Look next: `preset` for the table, `autoconfig` for the documents, `records` for DNS.

mod autoconfig;
mod preset;
mod records;

pub use preset::files_sent_copy;
pub use records::{Records, Srv, SystemRecords};

use crate::tls;
use model::account::{Discovery, DiscoverySource, ServerSettings, TlsMode};
use model::{Error, Result};
use std::sync::Arc;
use std::time::Duration;

/// For everything together.
const TOTAL: Duration = Duration::from_secs(10);
/// For one document.
const DOCUMENT: Duration = Duration::from_secs(6);
/// The largest document taken.
const DOCUMENT_LIMIT_BYTES: usize = 256 << 10;

/// Where documents are looked for; `{domain}` and `{email}` are filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// The provider's own documents, in order.
    pub autoconfig: Vec<String>,
    /// Mozilla's database.
    pub ispdb: String,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self {
            autoconfig: vec![
                "https://autoconfig.{domain}/mail/config-v1.1.xml?emailaddress={email}".into(),
                "https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml".into(),
            ],
            ispdb: "https://autoconfig.thunderbird.net/v1.1/{domain}".into(),
        }
    }
}

/// Looks for servers.
#[derive(Clone)]
pub struct Discoverer {
    client: reqwest::Client,
    endpoints: Endpoints,
    records: Arc<dyn Records>,
}

impl Discoverer {
    /// Over the internet, as people use it.
    ///
    /// # Errors
    /// `Certificate` where the system's certificate store can't be read.
    pub fn new() -> Result<Self> {
        Self::with(Endpoints::default(), Arc::new(SystemRecords))
    }

    /// With other places to look at.
    pub fn with(endpoints: Endpoints, records: Arc<dyn Records>) -> Result<Self> {
        let config = tls::client_config(None)?;
        let encrypted =
            std::iter::once(&endpoints.ispdb).chain(&endpoints.autoconfig).all(|url| url.starts_with("https:"));
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured((*config).clone())
            .https_only(encrypted)
            .redirect(reqwest::redirect::Policy::limited(3))
            .timeout(DOCUMENT)
            .user_agent("Tabella")
            .build()
            .map_err(Error::internal)?;
        Ok(Self { client, endpoints, records })
    }

    /// The settings for an address; [`DiscoverySource::None`] where nothing was found in ten seconds.
    ///
    /// # Errors
    /// `Invalid` where it is no address.
    pub async fn discover(&self, email: &str) -> Result<Discovery> {
        let email = email.trim();
        let (_, domain) = email
            .rsplit_once('@')
            .filter(|(local, domain)| {
                !local.is_empty()
                    && !domain.contains(['/', ':', '[', ']'])
                    && !email.chars().any(|c| c.is_whitespace() || c.is_control())
            })
            .ok_or_else(|| Error::invalid("That is not a mail address.").remedy("It looks like name@example.org."))?;
        let (domain, _) = crate::net::clean_host(domain)?;
        if let Some(preset) = preset::by_domain(&domain) {
            return Ok(preset.discovery(email, DiscoverySource::Preset));
        }
        let found = tokio::time::timeout(TOTAL, self.look(email, &domain)).await;
        Ok(found.ok().flatten().unwrap_or(Discovery {
            source: DiscoverySource::None,
            provider: None,
            imap: None,
            smtp: None,
            hint: None,
        }))
    }

    /// All ways at once; the best answer wins, not the first.
    async fn look(&self, email: &str, domain: &str) -> Option<Discovery> {
        let own = async {
            let documents = self
                .endpoints
                .autoconfig
                .iter()
                .map(|url| self.document(url, email, domain, DiscoverySource::Autoconfig));
            first_some(documents.map(Box::pin).collect()).await
        };
        let ispdb = self.document(&self.endpoints.ispdb, email, domain, DiscoverySource::Ispdb);
        first_some(vec![
            Box::pin(own) as std::pin::Pin<Box<dyn Future<Output = Option<Discovery>> + Send + '_>>,
            Box::pin(ispdb),
            Box::pin(self.by_srv(email, domain)),
            Box::pin(self.by_exchanger(email, domain)),
        ])
        .await
    }

    async fn document(&self, pattern: &str, email: &str, domain: &str, source: DiscoverySource) -> Option<Discovery> {
        let encoded: String = url::form_urlencoded::byte_serialize(email.as_bytes()).collect();
        let url = pattern.replace("{domain}", domain).replace("{email}", &encoded);
        let mut response = self.client.get(&url).send().await.ok()?.error_for_status().ok()?;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.ok()? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > DOCUMENT_LIMIT_BYTES {
                return None;
            }
        }
        autoconfig::read(&String::from_utf8_lossy(&bytes), email, source)
    }

    async fn by_srv(&self, email: &str, domain: &str) -> Option<Discovery> {
        let server = async |service: &str, tls: TlsMode| {
            let record = self.records.srv(&format!("{service}._tcp.{domain}.")).await.into_iter().next()?;
            let (host, _) = crate::net::clean_host(&record.target).ok()?;
            (record.port > 0).then(|| ServerSettings { host, port: record.port, tls, username: email.to_owned() })
        };
        let (imaps, imap, submissions, submission) = tokio::join!(
            server("_imaps", TlsMode::Tls),
            server("_imap", TlsMode::StartTls),
            server("_submissions", TlsMode::Tls),
            server("_submission", TlsMode::StartTls),
        );
        Some(Discovery {
            source: DiscoverySource::Srv,
            provider: None,
            imap: Some(imaps.or(imap)?),
            smtp: submissions.or(submission),
            hint: None,
        })
    }

    async fn by_exchanger(&self, email: &str, domain: &str) -> Option<Discovery> {
        let exchangers = self.records.mx(&format!("{domain}.")).await;
        if let Some(preset) = exchangers.iter().find_map(|name| preset::by_exchanger(name)) {
            return Some(preset.discovery(email, DiscoverySource::Mx));
        }
        let name = exchangers.first()?.trim_end_matches('.').to_ascii_lowercase();
        let labels: Vec<&str> = name.split('.').collect();
        let base = labels.get(labels.len().checked_sub(2)?..)?.join(".");
        if base == domain {
            return None;
        }
        self.document(&self.endpoints.ispdb, email, &base, DiscoverySource::Mx).await
    }
}

/// Runs all at once and gives the result of the first in order that has one.
async fn first_some<F: Future<Output = Option<Discovery>> + Unpin>(mut ways: Vec<F>) -> Option<Discovery> {
    let mut results: Vec<Option<Option<Discovery>>> = ways.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        use std::task::Poll;
        for (way, result) in ways.iter_mut().zip(&mut results) {
            if result.is_none()
                && let Poll::Ready(done) = std::pin::Pin::new(way).poll(context)
            {
                *result = Some(done);
            }
        }
        for result in &mut results {
            match result {
                Some(Some(_)) => return Poll::Ready(result.take().flatten()),
                Some(None) => {}
                None => return Poll::Pending,
            }
        }
        Poll::Ready(None)
    })
    .await
}
