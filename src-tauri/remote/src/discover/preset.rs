//! Providers Tabella knows: a table. Facts come from the providers' own help pages.

use DiscoveryHint::{AllowImap, AppPassword, OauthOnly};
use TlsMode::{StartTls, Tls};
use model::account::{Discovery, DiscoveryHint, DiscoverySource, ServerSettings, TlsMode};

type Server = (&'static str, u16, TlsMode);

/// A provider.
pub struct Preset {
    /// For people.
    pub name: &'static str,
    /// Domains of its addresses.
    pub domains: &'static [&'static str],
    /// Ends of its mail exchangers' names, for addresses of other domains that it serves.
    pub exchangers: &'static [&'static str],
    imap: Server,
    smtp: Server,
    hint: Option<DiscoveryHint>,
    /// Files the Sent copy of what goes out by SMTP.
    files_sent_copy: bool,
}

const fn preset(
    name: &'static str,
    domains: &'static [&'static str],
    exchangers: &'static [&'static str],
    imap: Server,
    smtp: Server,
    hint: Option<DiscoveryHint>,
) -> Preset {
    Preset { name, domains, exchangers, imap, smtp, hint, files_sent_copy: false }
}

const fn filing(preset: Preset) -> Preset {
    Preset { files_sent_copy: true, ..preset }
}

/// The table.
#[rustfmt::skip]
pub static PRESETS: &[Preset] = &[
    preset(
        "GMX",
        &["gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.eu", "gmx.info", "gmx.biz", "gmx.org", "gmx.email", "gmx.li", "gmx.tm"],
        &["emig.gmx.net", "mx00.emig.gmx.net"],
        ("imap.gmx.net", 993, Tls),
        ("mail.gmx.net", 465, Tls),
        Some(AllowImap),
    ),
    preset(
        "GMX",
        &["gmx.com", "gmx.us", "gmx.co.uk", "gmx.fr", "gmx.es", "gmx.it", "gmx.se", "gmx.ie", "gmx.cn", "gmx.co.in", "gmx.com.my", "gmx.hk", "gmx.ph", "gmx.pt", "gmx.ru", "gmx.sg", "gmx.tw", "gmx.com.tr", "gmx.ca"],
        &[],
        ("imap.gmx.com", 993, Tls),
        ("mail.gmx.com", 465, Tls),
        Some(AllowImap),
    ),
    preset(
        "WEB.DE",
        &["web.de", "email.de"],
        &[],
        ("imap.web.de", 993, Tls),
        ("smtp.web.de", 465, Tls),
        Some(AllowImap),
    ),
    filing(preset(
        "Gmail",
        &["gmail.com", "googlemail.com"],
        &["google.com", "googlemail.com", "smtp.goog"],
        ("imap.gmail.com", 993, Tls),
        ("smtp.gmail.com", 465, Tls),
        Some(AppPassword),
    )),
    preset(
        "iCloud",
        &["icloud.com", "me.com", "mac.com"],
        &["mail.icloud.com"],
        ("imap.mail.me.com", 993, Tls),
        ("smtp.mail.me.com", 587, StartTls),
        Some(AppPassword),
    ),
    preset(
        "Yahoo",
        &["yahoo.com", "yahoo.de", "yahoo.co.uk", "yahoo.fr", "yahoo.it", "yahoo.es", "yahoo.ca", "yahoo.com.br", "yahoo.co.in", "yahoo.com.au", "yahoo.pl", "yahoo.ro", "yahoo.gr", "yahoo.at", "yahoo.ie", "yahoo.se", "yahoo.no", "yahoo.dk", "ymail.com", "rocketmail.com", "myyahoo.com"],
        &["yahoodns.net"],
        ("imap.mail.yahoo.com", 993, Tls),
        ("smtp.mail.yahoo.com", 465, Tls),
        Some(AppPassword),
    ),
    preset(
        "AOL",
        &["aol.com", "aol.de", "aim.com"],
        &[],
        ("imap.aol.com", 993, Tls),
        ("smtp.aol.com", 465, Tls),
        Some(AppPassword),
    ),
    preset(
        "Fastmail",
        &["fastmail.com", "fastmail.fm", "fastmail.de", "fastmail.net", "fastmail.org", "fastmail.eu", "sent.com"],
        &["messagingengine.com"],
        ("imap.fastmail.com", 993, Tls),
        ("smtp.fastmail.com", 465, Tls),
        Some(AppPassword),
    ),
    preset(
        "mailbox.org",
        &["mailbox.org", "secure.mailbox.org"],
        &["mailbox.org"],
        ("imap.mailbox.org", 993, Tls),
        ("smtp.mailbox.org", 465, Tls),
        None,
    ),
    preset(
        "Yandex",
        &["yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "yandex.com.tr", "ya.ru"],
        &["mx.yandex.net", "mx.yandex.ru"],
        ("imap.yandex.com", 993, Tls),
        ("smtp.yandex.com", 465, Tls),
        Some(AppPassword),
    ),
    preset(
        "Mail.ru",
        &["mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru", "xmail.ru"],
        &["mxs.mail.ru", "emx.mail.ru"],
        ("imap.mail.ru", 993, Tls),
        ("smtp.mail.ru", 465, Tls),
        Some(AppPassword),
    ),
    filing(preset(
        "Outlook",
        &["outlook.com", "outlook.de", "outlook.fr", "outlook.es", "outlook.it", "outlook.pt", "outlook.at", "outlook.ie", "outlook.com.br", "outlook.com.tr", "outlook.cz", "outlook.dk", "outlook.hu", "hotmail.com", "hotmail.de", "hotmail.fr", "hotmail.it", "hotmail.es", "hotmail.co.uk", "live.com", "live.de", "live.nl", "live.fr", "live.it", "live.co.uk", "msn.com", "passport.com"],
        &["olc.protection.outlook.com"],
        ("outlook.office365.com", 993, Tls),
        ("smtp-mail.outlook.com", 587, StartTls),
        Some(OauthOnly),
    )),
    filing(preset(
        "Microsoft 365",
        &[],
        &["mail.protection.outlook.com", "mx.microsoft"],
        ("outlook.office365.com", 993, Tls),
        ("smtp.office365.com", 587, StartTls),
        Some(OauthOnly),
    )),
    preset(
        "T-Online",
        &["t-online.de", "magenta.de"],
        &["t-online.de"],
        ("secureimap.t-online.de", 993, Tls),
        ("securesmtp.t-online.de", 465, Tls),
        Some(AppPassword),
    ),
    preset(
        "Posteo",
        &["posteo.de", "posteo.net", "posteo.at", "posteo.ch", "posteo.eu", "posteo.org", "posteo.uk", "posteo.us"],
        &[],
        ("posteo.de", 993, Tls),
        ("posteo.de", 465, Tls),
        None,
    ),
    preset(
        "freenet",
        &["freenet.de"],
        &[],
        ("mx.freenet.de", 993, Tls),
        ("mx.freenet.de", 465, Tls),
        Some(AllowImap),
    ),
    preset(
        "1&1 IONOS",
        &["online.de", "onlinehome.de"],
        &["kundenserver.de", "ionos.de"],
        ("imap.ionos.de", 993, Tls),
        ("smtp.ionos.de", 465, Tls),
        None,
    ),
    preset(
        "STRATO",
        &[],
        &["rzone.de"],
        ("imap.strato.de", 993, Tls),
        ("smtp.strato.de", 465, Tls),
        None,
    ),
    preset(
        "UKR.NET",
        &["ukr.net"],
        &[],
        ("imap.ukr.net", 993, Tls),
        ("smtp.ukr.net", 465, Tls),
        Some(AppPassword),
    ),
    preset(
        "Rambler",
        &["rambler.ru", "lenta.ru", "myrambler.ru", "autorambler.ru", "ro.ru"],
        &[],
        ("imap.rambler.ru", 993, Tls),
        ("smtp.rambler.ru", 465, Tls),
        Some(AllowImap),
    ),
    preset(
        "WP",
        &["wp.pl"],
        &[],
        ("imap.wp.pl", 993, Tls),
        ("smtp.wp.pl", 465, Tls),
        Some(AllowImap),
    ),
    preset(
        "o2",
        &["o2.pl", "tlen.pl", "go2.pl"],
        &[],
        ("poczta.o2.pl", 993, Tls),
        ("poczta.o2.pl", 465, Tls),
        Some(AllowImap),
    ),
    preset(
        "Onet",
        &["onet.pl", "op.pl", "onet.eu", "poczta.onet.pl", "vp.pl"],
        &[],
        ("imap.poczta.onet.pl", 993, Tls),
        ("smtp.poczta.onet.pl", 465, Tls),
        Some(AllowImap),
    ),
    preset(
        "Interia",
        &["interia.pl", "interia.eu", "poczta.fm", "intmail.pl"],
        &[],
        ("poczta.interia.pl", 993, Tls),
        ("poczta.interia.pl", 465, Tls),
        None,
    ),
    preset(
        "Zoho",
        &["zoho.com", "zohomail.com"],
        &["mx.zoho.com"],
        ("imap.zoho.com", 993, Tls),
        ("smtp.zoho.com", 465, Tls),
        Some(AppPassword),
    ),
    preset(
        "Zoho",
        &["zoho.eu", "zohomail.eu"],
        &["mx.zoho.eu"],
        ("imap.zoho.eu", 993, Tls),
        ("smtp.zoho.eu", 465, Tls),
        Some(AppPassword),
    ),
    preset(
        "Runbox",
        &["runbox.com", "runbox.no"],
        &["runbox.com"],
        ("mail.runbox.com", 993, Tls),
        ("mail.runbox.com", 465, Tls),
        None,
    ),
    preset(
        "Migadu",
        &[],
        &["migadu.com"],
        ("imap.migadu.com", 993, Tls),
        ("smtp.migadu.com", 465, Tls),
        None,
    ),
    preset(
        "Infomaniak",
        &["ik.me", "etik.com"],
        &["infomaniak.ch"],
        ("mail.infomaniak.com", 993, Tls),
        ("mail.infomaniak.com", 465, Tls),
        None,
    ),
    preset(
        "Gandi",
        &[],
        &["mail.gandi.net"],
        ("mail.gandi.net", 993, Tls),
        ("mail.gandi.net", 465, Tls),
        None,
    ),
];

impl Preset {
    /// The settings for an address.
    pub fn discovery(&self, email: &str, source: DiscoverySource) -> Discovery {
        let settings =
            |(host, port, tls): Server| ServerSettings { host: host.to_owned(), port, tls, username: email.to_owned() };
        Discovery {
            source,
            provider: Some(self.name.to_owned()),
            imap: Some(settings(self.imap)),
            smtp: Some(settings(self.smtp)),
            hint: self.hint,
        }
    }
}

/// The provider of a domain.
pub fn by_domain(domain: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.domains.contains(&domain))
}

/// The provider behind a mail exchanger.
pub fn by_exchanger(exchanger: &str) -> Option<&'static Preset> {
    let name = exchanger.trim_end_matches('.').to_ascii_lowercase();
    let ends = |end: &&str| name == **end || name.strip_suffix(*end).is_some_and(|rest| rest.ends_with('.'));
    PRESETS.iter().find(|preset| preset.exchangers.iter().any(ends))
}

/// True where an outgoing server files the Sent copy of what it takes.
pub fn files_sent_copy(host: &str) -> bool {
    let host = host.trim().to_ascii_lowercase();
    PRESETS.iter().any(|preset| preset.files_sent_copy && preset.smtp.0 == host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_domain_stands_once_and_every_host_is_one() {
        let mut seen = HashSet::new();
        for preset in PRESETS {
            for domain in preset.domains {
                assert!(seen.insert(domain), "{domain} stands twice");
                assert_eq!(*domain, domain.to_lowercase());
            }
            for (host, ..) in [preset.imap, preset.smtp] {
                assert_eq!(crate::net::clean_host(host).unwrap().0, host);
            }
        }
    }

    #[test]
    fn a_mail_exchanger_tells_the_provider_of_an_own_domain() {
        assert_eq!(by_exchanger("aspmx.l.google.com.").unwrap().name, "Gmail");
        assert_eq!(by_exchanger("example-org.mail.protection.outlook.com").unwrap().name, "Microsoft 365");
        assert!(by_exchanger("notgoogle.com").is_none());
        assert!(by_domain("gmx.at").is_some_and(|preset| preset.hint == Some(AllowImap)));
    }

    #[test]
    fn gmail_files_its_sent_copies_itself() {
        assert!(files_sent_copy("smtp.gmail.com"));
        assert!(!files_sent_copy("mail.gmx.net"));
    }
}
