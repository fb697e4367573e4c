//! DNS records: SRV and MX.

use async_trait::async_trait;
use hickory_resolver::TokioResolver;
use hickory_resolver::proto::rr::RData;

/// An SRV record (RFC 2782) of a service that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Srv {
    /// Lower is tried first.
    pub priority: u16,
    /// Higher is preferred among equals.
    pub weight: u16,
    /// Port.
    pub port: u16,
    /// Host.
    pub target: String,
}

/// Looks up records; what fails is empty.
#[async_trait]
pub trait Records: Send + Sync {
    /// The servers of a service, the best first.
    async fn srv(&self, name: &str) -> Vec<Srv>;
    /// The mail exchangers of a domain, the best first.
    async fn mx(&self, domain: &str) -> Vec<String>;
}

/// The system's resolver.
#[derive(Clone, Copy, Debug)]
pub struct SystemRecords;

fn resolver() -> Option<TokioResolver> {
    TokioResolver::builder_tokio().ok()?.build().ok()
}

#[async_trait]
impl Records for SystemRecords {
    async fn srv(&self, name: &str) -> Vec<Srv> {
        let Some(resolver) = resolver() else {
            return Vec::new();
        };
        let Ok(found) = resolver.srv_lookup(name).await else {
            return Vec::new();
        };
        let mut records: Vec<Srv> = found
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::SRV(srv) if !srv.target.is_root() => Some(Srv {
                    priority: srv.priority,
                    weight: srv.weight,
                    port: srv.port,
                    target: srv.target.to_ascii(),
                }),
                _ => None,
            })
            .collect();
        records.sort_by_key(|record| (record.priority, std::cmp::Reverse(record.weight)));
        records
    }

    async fn mx(&self, domain: &str) -> Vec<String> {
        let Some(resolver) = resolver() else {
            return Vec::new();
        };
        let Ok(found) = resolver.mx_lookup(domain).await else {
            return Vec::new();
        };
        let mut exchangers: Vec<(u16, String)> = found
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::MX(mx) => Some((mx.preference, mx.exchange.to_ascii())),
                _ => None,
            })
            .collect();
        exchangers.sort();
        exchangers.into_iter().map(|(_, name)| name).collect()
    }
}
