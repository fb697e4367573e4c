//! Fields of the header (RFC 5322, RFC 2047, RFC 2369, RFC 2919, RFC 3834).

use super::filename::is_invisible;
use super::{Parsed, charset};
use mail_parser::{HeaderName, HeaderValue, MessageParser};
use model::Timestamp;
use model::message::Address;
use std::borrow::Cow;
use std::sync::LazyLock;

const RECIPIENTS_MAX: usize = 20_000;
const REFERENCES_MAX: usize = 200;
const SUBJECT_MAX_BYTES: usize = 2_000;

static FIELDS: LazyLock<MessageParser> = LazyLock::new(|| {
    let other = |name: &'static str| HeaderName::Other(Cow::Borrowed(name));
    MessageParser::new()
        .header_address(HeaderName::From)
        .header_address(HeaderName::Sender)
        .header_address(HeaderName::ReplyTo)
        .header_address(HeaderName::To)
        .header_address(HeaderName::Cc)
        .header_address(HeaderName::Bcc)
        .header_date(HeaderName::Date)
        .header_text(HeaderName::Subject)
        .header_raw(HeaderName::MessageId)
        .header_raw(HeaderName::InReplyTo)
        .header_raw(HeaderName::References)
        .header_text(HeaderName::ListId)
        .header_raw(HeaderName::ListUnsubscribe)
        .header_raw(HeaderName::ListUnsubscribePost)
        .header_raw(HeaderName::AutoSubmitted)
        .header_raw(HeaderName::DispositionNotificationTo)
        .header_raw(other("Precedence"))
        .header_raw(other("X-Autoreply"))
        .header_raw(other("X-Auto-Response-Suppress"))
        .default_header_ignore()
});

/// Reads a header block; fields that are missing stay empty.
pub(super) fn read(block: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    let bytes = charset::header_for_parser(block);
    let Some(message) = FIELDS.parse_headers(bytes.as_ref()) else {
        return parsed;
    };
    let (mut seen_from, mut seen_subject, mut seen_date) = (false, false, false);
    for header in message.headers() {
        match (&header.name, &header.value) {
            (HeaderName::From, value) if !seen_from => {
                if let Some(first) = addresses(value).into_iter().next() {
                    parsed.from = first;
                    seen_from = true;
                }
            }
            (HeaderName::Sender, value) => parsed.sender = addresses(value).into_iter().next(),
            (HeaderName::ReplyTo, value) => extend(&mut parsed.reply_to, value),
            (HeaderName::To, value) => extend(&mut parsed.to, value),
            (HeaderName::Cc, value) => extend(&mut parsed.cc, value),
            (HeaderName::Bcc, value) => extend(&mut parsed.bcc, value),
            (HeaderName::Date, value) if !seen_date => {
                parsed.date = match value {
                    HeaderValue::DateTime(date) if date.is_valid() => sane(date.to_timestamp().saturating_mul(1000)),
                    _ => None,
                };
                let raw = field(&bytes, header.offset_start, header.offset_end);
                parsed.date = parsed.date.or_else(|| {
                    raw.trim().parse::<jiff::Timestamp>().ok().and_then(|date| sane(date.as_millisecond()))
                });
                seen_date = true;
            }
            (HeaderName::Subject, value) if !seen_subject => {
                parsed.subject = one_line(value.as_text().unwrap_or_default());
                crate::text::truncate(&mut parsed.subject, SUBJECT_MAX_BYTES);
                seen_subject = true;
            }
            (HeaderName::MessageId, value) if parsed.message_id.is_empty() => {
                parsed.message_id = ids(value).into_iter().next().unwrap_or_default();
            }
            (HeaderName::InReplyTo, value) => parsed.in_reply_to.extend(ids(value)),
            (HeaderName::References, value) => parsed.references.extend(ids(value)),
            (HeaderName::ListId, value) => {
                parsed.list_id = list_id(value.as_text().unwrap_or_default());
            }
            (HeaderName::ListUnsubscribe, value) => {
                parsed.list_unsubscribe = unsubscribe(value.as_text().unwrap_or_default());
            }
            (HeaderName::ListUnsubscribePost, value) => {
                parsed.unsubscribe_one_click =
                    value.as_text().is_some_and(|text| text.to_ascii_lowercase().contains("one-click"));
            }
            (HeaderName::AutoSubmitted, value) => {
                let text = one_line(value.as_text().unwrap_or_default());
                if !text.is_empty() && !text.eq_ignore_ascii_case("no") {
                    parsed.auto_submitted = Some(text);
                }
            }
            (HeaderName::DispositionNotificationTo, _) => parsed.wants_receipt = true,
            (HeaderName::Other(name), value) if parsed.auto_submitted.is_none() => {
                let text = value.as_text().unwrap_or_default().trim().to_ascii_lowercase();
                let automatic = match name.to_ascii_lowercase().as_str() {
                    "precedence" => text == "auto_reply",
                    "x-autoreply" => !text.is_empty() && text != "no",
                    _ => false,
                };
                if automatic {
                    parsed.auto_submitted = Some("auto-replied".into());
                }
            }
            _ => {}
        }
    }
    parsed.in_reply_to.truncate(REFERENCES_MAX);
    if parsed.references.len() > REFERENCES_MAX {
        // The root and the newest ancestors carry the thread.
        let cut = parsed.references.len() - REFERENCES_MAX;
        parsed.references.drain(1..=cut);
    }
    if parsed.sender.as_ref().is_some_and(|sender| sender.email.eq_ignore_ascii_case(&parsed.from.email)) {
        parsed.sender = None;
    }
    if let [only] = parsed.reply_to.as_slice()
        && only.email.eq_ignore_ascii_case(&parsed.from.email)
    {
        parsed.reply_to.clear();
    }
    parsed
}

fn field(bytes: &[u8], start: u32, end: u32) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.get(start as usize..end as usize).unwrap_or_default())
}

fn sane(millis: i64) -> Option<Timestamp> {
    // 1982-08-13 (RFC 822) ..= 2100-12-31
    (398_044_800_000..=4_133_980_799_000).contains(&millis).then_some(Timestamp(millis))
}

fn extend(list: &mut Vec<Address>, value: &HeaderValue<'_>) {
    let room = RECIPIENTS_MAX.saturating_sub(list.len());
    list.extend(addresses(value).into_iter().take(room));
}

fn addresses(value: &HeaderValue<'_>) -> Vec<Address> {
    let Some(address) = value.as_address() else {
        return Vec::new();
    };
    address
        .iter()
        .filter_map(|addr| {
            let mut name = one_line(addr.name().unwrap_or_default());
            let mut email = clean_email(addr.address().unwrap_or_default());
            if email.is_empty() && name.contains('@') && !name.contains(' ') {
                email = clean_email(&std::mem::take(&mut name));
            }
            let name = name.trim_matches(['\'', '"']).trim().to_owned();
            (!email.is_empty() || !name.is_empty()).then_some(Address { name, email })
        })
        .collect()
}

fn clean_email(email: &str) -> String {
    email.chars().filter(|c| !c.is_control() && !c.is_whitespace() && !is_invisible(*c)).take(320).collect()
}

/// One line without control or invisible characters; runs of blanks are one.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c.is_control() || c.is_whitespace() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
        if is_invisible(c) && c != '\u{200d}' && c != '\u{200c}' {
            continue;
        }
        if c == ' ' && (out.is_empty() || out.ends_with(' ')) {
            continue;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out
}

/// Message ids of a field: what stands in angle brackets, else the words with an @.
pub(super) fn ids_of(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let after = rest.get(open + 1..).unwrap_or_default();
        let Some(close) = after.find('>') else { break };
        let id: String =
            after.get(..close).unwrap_or_default().chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        if !id.is_empty() && id.len() < 1000 {
            found.push(id);
        }
        rest = after.get(close + 1..).unwrap_or_default();
    }
    if found.is_empty() {
        found.extend(
            text.split_whitespace()
                .map(|word| word.trim_matches(['<', '>', ',']))
                .filter(|word| word.contains('@') && word.len() < 1000)
                .map(str::to_owned),
        );
    }
    found
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    ids_of(value.as_text().unwrap_or_default())
}

fn list_id(text: &str) -> Option<String> {
    let inner = text.rsplit_once('<').map_or(text, |(_, rest)| rest.split('>').next().unwrap_or(rest));
    let id = one_line(inner);
    (!id.is_empty() && id.len() < 256).then_some(id)
}

fn unsubscribe(text: &str) -> Option<String> {
    let mut mail = None;
    for piece in text.split('<').skip(1) {
        let Some((target, _)) = piece.split_once('>') else {
            continue;
        };
        let target: String = target.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let lower = target.to_ascii_lowercase();
        if lower.starts_with("https://") {
            return Some(target);
        }
        if lower.starts_with("mailto:") && mail.is_none() {
            mail = Some(target);
        }
    }
    mail
}
