//! Addresses as people type them and as headers carry them.
//!
//! Owns: [`parse_list`], [`validate`], [`format`], [`ascii_email`].
//! Refuses: to guess an address out of prose; what has no `@` stays as it was typed, for a warning.

use model::message::Address;

const LIST_MAX: usize = 20_000;

/// Reads one address: `Name <a@b>`, `a@b (Name)`, `a@b`. What is no address comes back as `email`
/// untouched, so that [`validate`] can refuse it and the user sees what was typed.
pub fn parse_one(text: &str) -> Address {
    let text = clean(text);
    let text = text.trim();
    if let Some(open) = text.rfind(['<', '＜']) {
        let (name, rest) = text.split_at(open);
        let email = rest.trim_start_matches(['<', '＜']).split(['>', '＞']).next().unwrap_or_default();
        let email = email.trim();
        let email = email
            .get(..7)
            .filter(|head| head.eq_ignore_ascii_case("mailto:"))
            .map_or(email, |_| email.get(7..).unwrap_or_default());
        return Address { name: unquote(name), email: normal_at(email) };
    }
    if let Some((email, comment)) = text.split_once('(')
        && email.contains('@')
    {
        return Address { name: comment.trim_end_matches(')').trim().to_owned(), email: normal_at(email.trim()) };
    }
    let bare = text
        .get(..7)
        .filter(|head| head.eq_ignore_ascii_case("mailto:"))
        .map_or(text, |_| text.get(7..).unwrap_or_default());
    // "Name a@b.c" without brackets, as spreadsheets have it.
    if let Some((name, email)) = bare.rsplit_once(char::is_whitespace)
        && validate(email)
        && !name.contains('@')
    {
        return Address { name: unquote(name), email: normal_at(email) };
    }
    Address { name: String::new(), email: normal_at(bare) }
}

/// Reads a list as people type or paste it: commas, semicolons, full-width commas and new lines
/// separate; commas inside quotes or brackets don't. At most 20,000.
pub fn parse_list(text: &str) -> Vec<Address> {
    let mut found = Vec::new();
    let mut piece = String::new();
    let (mut quoted, mut escaped, mut angle, mut round) = (false, false, false, 0_u32);
    for c in text.chars() {
        if escaped {
            escaped = false;
            piece.push(c);
            continue;
        }
        match c {
            '\\' if quoted => {
                escaped = true;
                piece.push(c);
            }
            '"' if round == 0 => {
                quoted = !quoted;
                piece.push(c);
            }
            '(' if !quoted => {
                round += 1;
                piece.push(c);
            }
            ')' if !quoted => {
                round = round.saturating_sub(1);
                piece.push(c);
            }
            '<' if !quoted => {
                angle = true;
                piece.push(c);
            }
            '>' if !quoted => {
                angle = false;
                piece.push(c);
            }
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => {
                // An address never spans lines, so an unbalanced quote ends here.
                take(&mut piece, &mut found);
                (quoted, angle, round) = (false, false, 0);
            }
            ',' | '，' | '、' | ';' | '；' if !quoted && !angle && round == 0 => {
                // "Doe, Jane <j@x>" without quotes: a piece without @ belongs to the next one.
                if c == ',' && !piece.trim().is_empty() && !piece.contains('@') {
                    piece.push(c);
                } else {
                    take(&mut piece, &mut found);
                }
            }
            c => piece.push(c),
        }
        if found.len() >= LIST_MAX {
            return found;
        }
    }
    take(&mut piece, &mut found);
    found
}

fn take(piece: &mut String, found: &mut Vec<Address>) {
    let whole = std::mem::take(piece);
    let trimmed = whole.trim().trim_matches(',').trim();
    if trimmed.is_empty() {
        return;
    }
    // "one, two" of plain words were never one address.
    if !trimmed.contains('@') && !trimmed.contains('<') {
        found.extend(trimmed.split(',').map(str::trim).filter(|word| !word.is_empty()).map(parse_one));
        return;
    }
    if !trimmed.contains(['<', '"'])
        && let Some((typo, rest)) = trimmed.split_once(',')
        && !typo.contains('@')
    {
        found.push(parse_one(typo));
        found.push(parse_one(rest));
        return;
    }
    found.push(parse_one(trimmed));
}

fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .filter(|c| !crate::compose::is_forbidden(*c))
        .collect()
}

fn normal_at(email: &str) -> String {
    email.replace('＠', "@").trim().trim_end_matches(['.', ';', ',']).to_owned()
}

fn unquote(name: &str) -> String {
    let name = name.trim();
    let inner = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(name);
    let mut out = String::with_capacity(inner.len());
    let mut escaped = false;
    for c in inner.chars() {
        if c == '\\' && !escaped {
            escaped = true;
            continue;
        }
        escaped = false;
        out.push(c);
    }
    out.trim().trim_matches('\'').trim().to_owned()
}

/// True for `local@domain` that can be sent to (RFC 5321 with RFC 6531 local parts, IDN domains).
pub fn validate(email: &str) -> bool {
    if email.len() > 254
        || email.chars().any(|c| c.is_control() || c.is_whitespace() || crate::compose::is_forbidden(c))
    {
        return false;
    }
    let Some((local, domain)) = email.rsplit_once('@') else {
        return false;
    };
    valid_local(local) && valid_domain(domain)
}

fn valid_local(local: &str) -> bool {
    if local.is_empty() || local.len() > 64 {
        return false;
    }
    if local.len() >= 2 && local.starts_with('"') && local.ends_with('"') {
        return local.get(1..local.len() - 1).is_some_and(|inner| !inner.contains(['"', '\\']));
    }
    local.split('.').all(|atom| {
        !atom.is_empty()
            && atom.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
    })
}

fn valid_domain(domain: &str) -> bool {
    if let Some(literal) = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return literal.parse::<std::net::Ipv4Addr>().is_ok()
            || literal.strip_prefix("IPv6:").is_some_and(|v6| v6.parse::<std::net::Ipv6Addr>().is_ok());
    }
    let Ok(ascii) = idna::domain_to_ascii_strict(domain) else {
        return false;
    };
    let labels: Vec<&str> = ascii.split('.').collect();
    ascii.len() <= 253
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
        && (labels.len() > 1 || ascii == "localhost")
        && labels.last().is_some_and(|tld| labels.len() == 1 || !tld.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The address with its domain in ASCII (punycode), as SMTP and headers want it.
pub fn ascii_email(email: &str) -> Option<String> {
    let (local, domain) = email.rsplit_once('@')?;
    if domain.is_ascii() {
        return Some(format!("{local}@{domain}"));
    }
    Some(format!("{local}@{}", idna::domain_to_ascii(domain).ok()?))
}

/// The form in which two addresses are the same: domain in ASCII, all in lower case.
pub fn normal(email: &str) -> String {
    ascii_email(email.trim()).unwrap_or_else(|| email.trim().to_owned()).to_lowercase()
}

/// `Name <a@b>` for people, quoted where the name needs it.
pub fn format(address: &Address) -> String {
    let name = address.name.trim();
    if name.is_empty() {
        return address.email.clone();
    }
    if name.chars().any(|c| "()<>[]:;@\\,.\"".contains(c)) {
        return format!("\"{}\" <{}>", name.replace('\\', "\\\\").replace('"', "\\\""), address.email);
    }
    format!("{name} <{}>", address.email)
}

/// A list as one line.
pub fn format_list(addresses: &[Address]) -> String {
    addresses.iter().map(format).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emails(text: &str) -> Vec<String> {
        parse_list(text).into_iter().map(|address| format!("{}|{}", address.name, address.email)).collect()
    }

    #[test]
    fn a_comma_inside_quotes_separates_nothing() {
        assert_eq!(emails("\"Doe, Jane\" <jane@x.org>, bob@x.org"), ["Doe, Jane|jane@x.org", "|bob@x.org"]);
        assert_eq!(emails("Doe, Jane <jane@x.org>"), ["Doe, Jane|jane@x.org"]);
    }

    #[test]
    fn every_separator_people_use_is_understood() {
        assert_eq!(
            emails("a@x.org; b@x.org，c@x.org\nd@x.org\r\n;; e@x.org,"),
            ["|a@x.org", "|b@x.org", "|c@x.org", "|d@x.org", "|e@x.org"]
        );
        assert_eq!(emails("Оля <olya@пример.рф>; mailto:z@x.org"), ["Оля|olya@пример.рф", "|z@x.org"]);
    }

    #[test]
    fn what_is_no_address_is_given_back_for_a_warning() {
        assert_eq!(emails("bob, ann@x.org"), ["|bob", "|ann@x.org"]);
        assert!(!validate("bob"));
    }

    #[test]
    fn international_domains_are_valid_and_have_an_ascii_form() {
        assert!(validate("info@пошта.укр"));
        assert!(validate("jörg@müller.de"));
        assert_eq!(ascii_email("info@müller.de").as_deref(), Some("info@xn--mller-kva.de"));
    }

    #[test]
    fn addresses_that_could_carry_a_command_are_refused() {
        for bad in [
            "a@x.org\r\nRCPT TO:<b@x.org>",
            "a b@x.org",
            "a@x",
            "a@-x.org",
            "@x.org",
            "a@",
            "a..b@x.org",
            "a@x..org",
            "<a@x.org>",
            "a@1.2",
            "a@x.org>",
        ] {
            assert!(!validate(bad), "{bad}");
        }
        for good in ["o'neil+tag@sub.x.org", "a@[192.0.2.1]", "x@localhost"] {
            assert!(validate(good), "{good}");
        }
    }

    #[test]
    fn a_formatted_address_reads_back_as_itself() {
        for address in [
            Address { name: "Doe, \"J\" \\ x".into(), email: "j@x.org".into() },
            Address { name: String::new(), email: "j@x.org".into() },
            Address { name: "Ольга".into(), email: "j@x.org".into() },
        ] {
            assert_eq!(parse_list(&format(&address)), [address]);
        }
    }
}
