//! Where links lead, and whether they say so.

use super::DeceptiveLink;
use url::Url;

/// The address of a link if it is of a kind that may be opened: http, https, mailto, tel, or a
/// place in the same letter.
pub(super) fn href(value: &str) -> Option<String> {
    // Browsers ignore these inside addresses, so a scheme could hide behind them.
    let value: String = value
        .trim_matches(|c: char| c.is_whitespace() || c.is_control())
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r') && !c.is_control())
        .collect();
    if let Some(anchor) = value.strip_prefix('#') {
        return (!anchor.is_empty() && anchor.len() < 200).then(|| format!("#{anchor}"));
    }
    let whole = if value.starts_with("//") {
        format!("https:{value}")
    } else if value.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www.")) {
        format!("https://{value}")
    } else {
        value
    };
    let url = Url::parse(&whole).ok()?;
    match url.scheme() {
        "http" | "https" => url.host_str().is_some().then(|| url.to_string()),
        "tel" => Some(url.to_string()),
        "mailto" => Some(without_files(&url)),
        _ => None,
    }
}

/// A letter may not choose files of this machine for the answer.
fn without_files(url: &Url) -> String {
    let Some(query) = url.query() else {
        return url.to_string();
    };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
            matches!(name.as_str(), "to" | "cc" | "bcc" | "subject" | "body" | "in-reply-to")
        })
        .collect();
    let mut clean = url.clone();
    clean.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    clean.to_string()
}

/// A link whose text names another host than its target.
pub(super) fn deceptive(text: &str, href: &str) -> Option<DeceptiveLink> {
    let url = Url::parse(href).ok()?;
    let target = match url.scheme() {
        "http" | "https" => url.host_str()?.to_ascii_lowercase(),
        "mailto" => url.path().rsplit_once('@')?.1.to_ascii_lowercase(),
        _ => return None,
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = text.split(' ').take(40).find_map(|word| host_in(word, url.scheme() == "mailto"))?;
    if related(&shown, &target) {
        return None;
    }
    let mut text = text;
    crate::text::truncate(&mut text, 200);
    Some(DeceptiveLink { text, host: target })
}

/// The host that a word of the text names, in ASCII.
fn host_in(word: &str, mail: bool) -> Option<String> {
    let word = word.trim_matches(|c: char| {
        matches!(c, '(' | ')' | '[' | ']' | '<' | '>' | '"' | '\'' | ',' | ';' | '!' | '?' | '«' | '»' | '“' | '”')
    });
    let lower = word.to_lowercase();
    let (rest, certain) = if let Some(rest) = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")) {
        (rest, true)
    } else if lower.starts_with("www.") {
        (lower.as_str(), true)
    } else {
        (lower.as_str(), false)
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = match authority.rsplit_once('@') {
        Some((_, host)) if mail || certain => host,
        Some(_) => return None,
        None => authority,
    };
    let host = host.split(':').next().unwrap_or_default().trim_end_matches('.');
    let (_, tld) = host.rsplit_once('.')?;
    let ascii = idna::domain_to_ascii(host).ok()?;
    let plausible = host.len() >= 4 && ascii.split('.').all(|label| !label.is_empty()) && (certain || is_tld(tld));
    plausible.then_some(ascii)
}

/// Endings that make a bare word a host rather than a file or an abbreviation.
fn is_tld(tld: &str) -> bool {
    if !tld.is_ascii() {
        return matches!(tld, "рф" | "укр" | "бел" | "срб" | "қаз" | "中国" | "香港" | "网络" | "公司" | "한국");
    }
    if tld.len() == 2 {
        return tld.bytes().all(|byte| byte.is_ascii_lowercase())
            && !matches!(
                tld,
                "js" | "ts"
                    | "py"
                    | "rs"
                    | "md"
                    | "sh"
                    | "pl"
                    | "ps"
                    | "gz"
                    | "rb"
                    | "cs"
                    | "cc"
                    | "so"
                    | "ml"
                    | "am"
                    | "pm"
            );
    }
    matches!(
        tld,
        "com"
            | "org"
            | "net"
            | "edu"
            | "gov"
            | "mil"
            | "int"
            | "info"
            | "biz"
            | "name"
            | "app"
            | "dev"
            | "shop"
            | "store"
            | "online"
            | "site"
            | "cloud"
            | "bank"
            | "email"
            | "news"
            | "blog"
            | "tech"
            | "xyz"
            | "club"
            | "live"
            | "world"
            | "group"
            | "agency"
            | "digital"
            | "company"
            | "support"
            | "berlin"
            | "london"
            | "google"
            | "amazon"
            | "apple"
            | "microsoft"
            | "paypal"
            | "asia"
            | "mobi"
            | "travel"
            | "museum"
            | "jobs"
            | "pro"
            | "top"
            | "vip"
            | "eco"
            | "page"
            | "link"
            | "click"
            | "team"
    )
}

/// True where both belong to one registrable name, as far as can be told without a list of suffixes.
fn related(shown: &str, target: &str) -> bool {
    let owner = |host: &str| -> String {
        let labels: Vec<&str> = host.split('.').collect();
        let count = labels.len();
        // co.uk and its kin: a short label in front of a country.
        let short = count >= 3
            && labels.last().is_some_and(|tld| tld.len() == 2)
            && labels.get(count - 2).is_some_and(|label| {
                matches!(
                    *label,
                    "co" | "com" | "org" | "net" | "gov" | "edu" | "ac" | "or" | "ne" | "gob" | "gouv" | "in"
                )
            });
        labels.get(count.saturating_sub(if short { 3 } else { 2 })..).unwrap_or_default().join(".")
    };
    shown == target || owner(shown) == owner(target)
}
