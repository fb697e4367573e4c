//! Delivery failure reports: RFC 3464 first, then the habits of servers that don't know it.

use super::header::{ids_of, one_line};
use super::tree::{Node, cut_header};
use super::{Parsed, transfer};

/// What a delivery failure report says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounce {
    /// Message-ID of the letter that came back, without angle brackets.
    pub original_message_id: Option<String>,
    /// Subject of the letter that came back.
    pub original_subject: Option<String>,
    /// Who did not, or not yet, get it.
    pub recipients: Vec<BouncedRecipient>,
}

/// One recipient of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BouncedRecipient {
    /// Address.
    pub email: String,
    /// `failed`, `delayed`, `delivered`, `relayed` or `expanded`.
    pub action: String,
    /// Enhanced status such as `5.1.1` (RFC 3463); empty where not given.
    pub status: String,
    /// The server's words.
    pub diagnostic: Option<String>,
}

impl BouncedRecipient {
    /// True where it will never arrive. A server that gave up after days of trying says `failed` with
    /// the 4.x.x status of its last try (RFC 3464, 2.3.3).
    pub fn is_failed(&self) -> bool {
        self.action == "failed"
    }
}

const RECIPIENTS_MAX: usize = 1_000;

pub(super) fn read(nodes: &[Node<'_>], parsed: &Parsed, raw: &[u8]) -> Option<Bounce> {
    let is_report = nodes.first().is_some_and(|root| root.report_type.as_deref() == Some("delivery-status"));
    let status = nodes
        .iter()
        .find(|node| matches!(node.mime.as_str(), "message/delivery-status" | "message/global-delivery-status"));
    let mut bounce = Bounce::default();
    if let Some(node) = status {
        let decoded = transfer::decode(node.body, node.encoding);
        bounce.recipients = recipients(&String::from_utf8_lossy(&decoded));
    }
    let root_fields = fields(&String::from_utf8_lossy(cut_header(raw).0));
    if bounce.recipients.is_empty() {
        let failed = value(&root_fields, "x-failed-recipients")
            .map(|list| list.split(',').map(|email| email.trim().to_owned()).collect::<Vec<_>>())
            .unwrap_or_default();
        let exchange = value(&root_fields, "x-ms-exchange-message-is-ndr").is_some();
        if !is_report && failed.is_empty() && !exchange && !looks_like_daemon(parsed) {
            return None;
        }
        bounce.recipients = failed
            .into_iter()
            .filter(|email| email.contains('@'))
            .take(RECIPIENTS_MAX)
            .map(|email| BouncedRecipient { email, action: "failed".into(), ..BouncedRecipient::default() })
            .collect();
    }
    for node in nodes {
        if matches!(
            node.mime.as_str(),
            "message/rfc822"
                | "message/global"
                | "text/rfc822-headers"
                | "message/rfc822-headers"
                | "message/global-headers"
        ) {
            let decoded = transfer::decode(node.body, node.encoding);
            let original = super::parse_headers(&decoded);
            if !original.message_id.is_empty() {
                bounce.original_message_id = Some(original.message_id);
                bounce.original_subject = Some(original.subject);
                break;
            }
        }
    }
    if bounce.original_message_id.is_none() {
        bounce.original_message_id = parsed.in_reply_to.first().or(parsed.references.last()).cloned();
    }
    (status.is_some() || is_report || bounce.original_message_id.is_some() || !bounce.recipients.is_empty())
        .then_some(bounce)
}

fn looks_like_daemon(parsed: &Parsed) -> bool {
    let local = parsed.from.email.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let subject = parsed.subject.to_lowercase();
    matches!(local.as_str(), "mailer-daemon" | "postmaster" | "mailerdaemon")
        && [
            "undeliver",
            "delivery",
            "failure",
            "returned mail",
            "unzustellbar",
            "non remis",
            "no entregado",
            "недоставлен",
            "не доставлено",
            "not delivered",
        ]
        .iter()
        .any(|word| subject.contains(word))
}

fn fields(block: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in block.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = found.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            found.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    found
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
}

fn recipients(status: &str) -> Vec<BouncedRecipient> {
    let status = status.replace("\r\n", "\n");
    let mut found = Vec::new();
    for block in status.split("\n\n") {
        let fields = fields(block);
        // Original-Recipient is what we wrote to; Final-Recipient may be an alias behind it.
        let Some(email) = value(&fields, "original-recipient")
            .and_then(typed)
            .or_else(|| value(&fields, "final-recipient").and_then(typed))
        else {
            continue;
        };
        if found.len() >= RECIPIENTS_MAX {
            break;
        }
        let diagnostic =
            value(&fields, "diagnostic-code").map(|code| one_line(code.split_once(';').map_or(code, |(_, text)| text)));
        let status_field = value(&fields, "status").unwrap_or_default();
        found.push(BouncedRecipient {
            email,
            action: value(&fields, "action")
                .unwrap_or("failed")
                .split_whitespace()
                .next()
                .unwrap_or("failed")
                .to_ascii_lowercase(),
            status: status_field.split_whitespace().next().unwrap_or_default().to_owned(),
            diagnostic: diagnostic.filter(|text| !text.is_empty()),
        });
    }
    found
}

fn typed(field: &str) -> Option<String> {
    let address = field.split_once(';').map_or(field, |(_, address)| address).trim();
    let address = ids_of(address).into_iter().next().unwrap_or_else(|| address.to_owned());
    (address.contains('@') && address.len() <= 320).then(|| address.trim_matches(['<', '>']).to_owned())
}
