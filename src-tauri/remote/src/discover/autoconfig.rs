//! Autoconfiguration documents (Mozilla's `clientConfig`): the settings for one address out of them.

use model::account::{Discovery, DiscoveryHint, DiscoverySource, ServerSettings, TlsMode};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    email_provider: Provider,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provider {
    #[serde(default)]
    display_name: Vec<Text>,
    #[serde(default)]
    incoming_server: Vec<Server>,
    #[serde(default)]
    outgoing_server: Vec<Server>,
}

#[derive(Default, Deserialize)]
struct Text {
    #[serde(rename = "$text", default)]
    text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Server {
    #[serde(rename = "@type", default)]
    kind: String,
    #[serde(default)]
    hostname: Vec<Text>,
    #[serde(default)]
    port: Vec<Text>,
    #[serde(default)]
    socket_type: Vec<Text>,
    #[serde(default)]
    username: Vec<Text>,
    #[serde(default)]
    authentication: Vec<Text>,
}

fn first(texts: &[Text]) -> &str {
    texts.first().map_or("", |text| text.text.trim())
}

/// Reads a document; `None` where it names no usable incoming server.
pub fn read(document: &str, email: &str, source: DiscoverySource) -> Option<Discovery> {
    let document: Document = quick_xml::de::from_str(document).ok()?;
    let provider = document.email_provider;
    let (imap, imap_oauth) = best(&provider.incoming_server, "imap", email)?;
    let smtp = best(&provider.outgoing_server, "smtp", email);
    let name = first(&provider.display_name);
    Some(Discovery {
        source,
        provider: (!name.is_empty()).then(|| name.to_owned()),
        imap: Some(imap),
        smtp: smtp.map(|(smtp, _)| smtp),
        hint: imap_oauth.then_some(DiscoveryHint::OauthOnly),
    })
}

/// The best server of a kind: TLS before STARTTLS, never without; and whether only OAuth signs in there.
fn best(servers: &[Server], kind: &str, email: &str) -> Option<(ServerSettings, bool)> {
    let mut found: Vec<_> = servers
        .iter()
        .filter(|server| server.kind.eq_ignore_ascii_case(kind))
        .filter_map(|server| {
            let tls = match first(&server.socket_type).to_ascii_uppercase().as_str() {
                "SSL" | "TLS" => TlsMode::Tls,
                "STARTTLS" => TlsMode::StartTls,
                _ => return None,
            };
            let host = fill(first(&server.hostname), email);
            let (host, _) = crate::net::clean_host(&host).ok()?;
            let port = first(&server.port).parse().ok().filter(|port| *port > 0)?;
            let username = match first(&server.username) {
                "" => email.to_owned(),
                pattern => fill(pattern, email),
            };
            let ways = &server.authentication;
            let oauth = !ways.is_empty() && ways.iter().all(|way| way.text.trim().eq_ignore_ascii_case("OAuth2"));
            Some((ServerSettings { host, port, tls, username }, oauth))
        })
        .collect();
    found.sort_by_key(|(settings, oauth)| (*oauth, settings.tls != TlsMode::Tls));
    found.into_iter().next()
}

fn fill(pattern: &str, email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    pattern.replace("%EMAILADDRESS%", email).replace("%EMAILLOCALPART%", local).replace("%EMAILDOMAIN%", domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"<?xml version="1.0"?>
        <clientConfig version="1.1"><emailProvider id="example.org">
          <domain>example.org</domain><displayName>Example &amp; Sons</displayName><displayShortName>E</displayShortName>
          <incomingServer type="pop3"><hostname>pop.example.org</hostname><port>995</port><socketType>SSL</socketType></incomingServer>
          <incomingServer type="imap"><hostname>imap.example.org</hostname><port>143</port><socketType>STARTTLS</socketType>
            <authentication>password-cleartext</authentication><username>%EMAILLOCALPART%</username></incomingServer>
          <documentation url="https://example.org"><descr lang="en">Help</descr></documentation>
          <incomingServer type="imap"><hostname>imap.%EMAILDOMAIN%</hostname><port>993</port><socketType>SSL</socketType>
            <authentication>OAuth2</authentication><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></incomingServer>
          <outgoingServer type="smtp"><hostname>smtp.example.org</hostname><port>25</port><socketType>plain</socketType></outgoingServer>
          <outgoingServer type="smtp"><hostname>smtp.example.org</hostname><port>587</port><socketType>STARTTLS</socketType><username>%EMAILADDRESS%</username></outgoingServer>
        </emailProvider></clientConfig>"#;

    #[test]
    fn a_document_gives_the_encrypted_servers_of_an_address() {
        let found = read(DOCUMENT, "anna@example.org", DiscoverySource::Autoconfig).unwrap();
        assert_eq!(found.provider.as_deref(), Some("Example & Sons"));
        let imap = found.imap.unwrap();
        assert_eq!((imap.host.as_str(), imap.port, imap.tls), ("imap.example.org", 993, TlsMode::Tls));
        assert_eq!(imap.username, "anna@example.org");
        let smtp = found.smtp.unwrap();
        assert_eq!((smtp.port, smtp.tls), (587, TlsMode::StartTls));
        assert_eq!(found.hint, None);
    }

    #[test]
    fn a_document_without_encryption_or_sense_gives_nothing() {
        let plain = DOCUMENT.replace("SSL", "plain").replace("STARTTLS", "plain");
        for document in [plain.as_str(), "", "<html>", "<clientConfig/>", "not xml at all"] {
            assert_eq!(read(document, "anna@example.org", DiscoverySource::Autoconfig), None);
        }
    }
}
