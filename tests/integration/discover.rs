//! Finding servers: the provider's document, Mozilla's database, SRV, the mail exchanger.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use model::ErrorCode;
use model::account::{DiscoveryHint, DiscoverySource, TlsMode};
use remote::discover::{Discoverer, Endpoints, Records, Srv};

use e2e::{Answer, Page, Script, Web};

/// DNS with a few records.
#[derive(Clone, Debug, Default)]
struct Zone {
    srv: Vec<(&'static str, Srv)>,
    mx: Vec<&'static str>,
}

#[async_trait]
impl Records for Zone {
    async fn srv(&self, name: &str) -> Vec<Srv> {
        self.srv.iter().filter(|(of, _)| *of == name).map(|(_, srv)| srv.clone()).collect()
    }

    async fn mx(&self, _: &str) -> Vec<String> {
        self.mx.iter().map(|name| (*name).to_owned()).collect()
    }
}

fn srv(port: u16, target: &str) -> Srv {
    Srv { priority: 0, weight: 0, port, target: target.into() }
}

fn discoverer(web: &Web, zone: Zone) -> Discoverer {
    let base = web.url();
    let base = base.trim_end_matches('/');
    let endpoints = Endpoints {
        autoconfig: vec![
            format!("{base}/own/{{domain}}/config-v1.1.xml?emailaddress={{email}}"),
            format!("{base}/well-known/{{domain}}"),
        ],
        ispdb: format!("{base}/ispdb/{{domain}}"),
    };
    Discoverer::with(endpoints, Arc::new(zone)).unwrap()
}

fn document(host: &str) -> Page {
    Page::ok(
        "text/xml",
        format!(
            "<clientConfig version=\"1.1\"><emailProvider id=\"x\"><displayName>{host}</displayName>\
             <incomingServer type=\"imap\"><hostname>{host}</hostname><port>993</port><socketType>SSL</socketType></incomingServer>\
             </emailProvider></clientConfig>"
        ),
    )
}

#[tokio::test]
async fn a_preset_asks_nobody() {
    let web = Web::catch_all();
    let found = discoverer(&web, Zone::default()).discover(" anna@GMX.de ").await.unwrap();
    assert_eq!((found.source, found.hint), (DiscoverySource::Preset, Some(DiscoveryHint::AllowImap)));
    let imap = found.imap.unwrap();
    assert_eq!((imap.host.as_str(), imap.port, imap.tls), ("imap.gmx.net", 993, TlsMode::Tls));
    assert_eq!(web.hits(), 0);
}

#[tokio::test]
async fn the_providers_own_document_wins_over_everything() {
    let web = Web::serve(|request| {
        if request.target.starts_with("/own/") {
            assert!(request.target.ends_with("emailaddress=anna%2Bx%40example.org"), "{}", request.target);
            Some(document("own.example.org"))
        } else {
            request.target.starts_with("/ispdb/").then(|| document("ispdb.example.org"))
        }
    });
    let zone = Zone { srv: vec![("_imaps._tcp.example.org.", srv(993, "srv.example.org."))], ..Zone::default() };
    let found = discoverer(&web, zone).discover("anna+x@example.org").await.unwrap();
    assert_eq!(found.source, DiscoverySource::Autoconfig);
    assert_eq!(found.imap.unwrap().host, "own.example.org");
}

#[tokio::test]
async fn without_a_document_srv_records_and_then_the_mail_exchanger_tell() {
    let web = Web::serve(|_| None);
    let zone = Zone {
        srv: vec![
            ("_imap._tcp.example.org.", srv(143, "imap.example.org.")),
            ("_submissions._tcp.example.org.", srv(465, "smtp.example.org.")),
        ],
        mx: vec!["aspmx.l.google.com."],
    };
    let found = discoverer(&web, zone.clone()).discover("anna@example.org").await.unwrap();
    assert_eq!(found.source, DiscoverySource::Srv);
    assert_eq!(found.imap.unwrap().tls, TlsMode::StartTls);
    assert_eq!(found.smtp.unwrap().tls, TlsMode::Tls);
    let found = discoverer(&web, Zone { srv: Vec::new(), ..zone }).discover("anna@example.org").await.unwrap();
    assert_eq!(found.source, DiscoverySource::Mx);
    assert_eq!((found.provider.as_deref(), found.hint), (Some("Gmail"), Some(DiscoveryHint::AppPassword)));
}

#[tokio::test]
async fn nothing_found_is_an_answer_within_ten_seconds_even_from_silent_servers() {
    let silent = Script::greeting("").on("", Answer::Hang).start();
    let base = format!("http://{}", silent.address());
    let endpoints = Endpoints { autoconfig: vec![format!("{base}/{{domain}}")], ispdb: format!("{base}/x/{{domain}}") };
    let started = Instant::now();
    let found =
        Discoverer::with(endpoints, Arc::new(Zone::default())).unwrap().discover("anna@example.org").await.unwrap();
    assert_eq!(found.source, DiscoverySource::None);
    assert!(started.elapsed() < Duration::from_secs(11));
}

#[tokio::test]
async fn an_endless_document_is_given_up() {
    let web = Web::serve(|_| Some(Page::ok("text/xml", vec![b'<'; 1 << 20])));
    let found = discoverer(&web, Zone::default()).discover("anna@example.org").await.unwrap();
    assert_eq!(found.source, DiscoverySource::None);
}

#[tokio::test]
async fn what_is_no_address_is_refused() {
    let web = Web::catch_all();
    let discoverer = discoverer(&web, Zone::default());
    for email in
        ["", "anna", "anna@", "@example.org", "anna@exa mple.org", "anna@example.org\r\nX: y", "anna@example.org/../x"]
    {
        let outcome = discoverer.discover(email).await;
        assert_eq!(outcome.unwrap_err().code, ErrorCode::Invalid, "{email:?}");
    }
    assert_eq!(web.hits(), 0);
}
