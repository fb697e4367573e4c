//! Makes the bytes of a letter.
//!
//! Owns: [`Outgoing`], the part tree mixed(related(alternative(text, html), inline...), files...),
//! the one choke point for header values, and the check that the bytes say what was meant.
//! Refuses: a clock, randomness, the name of this machine. Bcc is never written.
//! Look next: `header` for values (RFC 2047, RFC 2231), `mime` for bodies, `check` for the reading back.

mod check;
mod header;
mod mime;
#[cfg(test)]
mod tests;

use model::Timestamp;
use model::message::Address;
use std::fmt::Write;

/// A letter to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// Author.
    pub from: Address,
    /// Submitter, where it is not the author.
    pub sender: Option<Address>,
    /// Where answers go.
    pub reply_to: Vec<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Bcc: for the envelope; never written into the bytes.
    pub bcc: Vec<Address>,
    /// Subject.
    pub subject: String,
    /// Date, written in UTC.
    pub date: Timestamp,
    /// Message-ID without angle brackets, see [`new_message_id`].
    pub message_id: String,
    /// Message-ID of what it answers, without angle brackets.
    pub in_reply_to: Option<String>,
    /// References, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// HTML body.
    pub html: Option<String>,
    /// Plain text body.
    pub text: String,
    /// Images that the HTML shows by `cid:`; each needs a `content_id`.
    pub inline: Vec<Part>,
    /// Files.
    pub attachments: Vec<Part>,
    /// Further fields, such as `Auto-Submitted`; only names outside [`OWN_FIELDS`].
    pub extra_headers: Vec<(String, String)>,
}

/// A file of a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// File name.
    pub filename: String,
    /// Media type; `application/octet-stream` where it is none.
    pub mime: String,
    /// Content-ID without angle brackets, for inline images.
    pub content_id: Option<String>,
    /// Content.
    pub bytes: Vec<u8>,
}

/// A finished message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// The message with CRLF line ends, without Bcc.
    pub bytes: Vec<u8>,
    /// Its length in bytes.
    pub size: u64,
}

/// Why a letter can't be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// The sender is no address.
    #[error("the sender `{0}` is no mail address")]
    BadSender(String),
    /// A recipient is no address.
    #[error("the recipient `{0}` is no mail address")]
    BadRecipient(String),
    /// Message-ID, In-Reply-To or References is not of the form `left@right`.
    #[error("the message id `{0}` is malformed")]
    BadMessageId(String),
    /// A further field has a name that is reserved or malformed.
    #[error("the header field `{0}` can't be added")]
    BadField(String),
    /// The bytes, read back, did not say what was meant; nothing may be sent.
    #[error("the finished message does not read back as it was meant ({0})")]
    Changed(&'static str),
}

/// Fields that only this module writes.
pub const OWN_FIELDS: &[&str] = &[
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "bcc",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "resent-bcc",
    "resent-to",
    "resent-cc",
    "resent-from",
    "received",
    "return-path",
];

/// Makes the bytes. Equal letters give equal bytes.
pub fn build(outgoing: &Outgoing) -> Result<Built, ComposeError> {
    let letter = clean(outgoing)?;
    let mut head = String::with_capacity(1024);
    header::date(&mut head, letter.date);
    header::addresses(&mut head, "From", std::slice::from_ref(&letter.from));
    if let Some(sender) = &letter.sender {
        header::addresses(&mut head, "Sender", std::slice::from_ref(sender));
    }
    header::addresses(&mut head, "Reply-To", &letter.reply_to);
    if letter.to.is_empty() && letter.cc.is_empty() {
        head.push_str("To: undisclosed-recipients:;\r\n");
    }
    header::addresses(&mut head, "To", &letter.to);
    header::addresses(&mut head, "Cc", &letter.cc);
    header::text(&mut head, "Subject", &letter.subject);
    header::ids(&mut head, "Message-ID", std::slice::from_ref(&letter.message_id));
    if let Some(parent) = &letter.in_reply_to {
        header::ids(&mut head, "In-Reply-To", std::slice::from_ref(parent));
    }
    header::ids(&mut head, "References", &letter.references);
    for (name, value) in &letter.extra_headers {
        header::text(&mut head, name, value);
    }
    head.push_str("MIME-Version: 1.0\r\n");
    let mut bytes = head.into_bytes();
    mime::write(&letter, &mut bytes);
    check::reads_back(&letter, &bytes)?;
    let size = bytes.len() as u64;
    Ok(Built { bytes, size })
}

/// The finished bytes with a Bcc field in front, for services that take the recipients from the
/// header (Gmail, Graph) and for the sender's own copy. Everything else stays byte for byte.
pub fn with_bcc(bytes: &[u8], bcc: &[Address]) -> Result<Vec<u8>, ComposeError> {
    let list = bcc
        .iter()
        .map(|address| clean_address(address).ok_or_else(|| ComposeError::BadRecipient(address.email.clone())))
        .collect::<Result<Vec<_>, _>>()?;
    let mut head = String::new();
    header::addresses(&mut head, "Bcc", &list);
    Ok([head.as_bytes(), bytes].concat())
}

/// The choke point: nothing reaches a header that did not pass here.
fn clean(outgoing: &Outgoing) -> Result<Outgoing, ComposeError> {
    let mut letter = outgoing.clone();
    let sender_error = |address: &Address| ComposeError::BadSender(address.email.clone());
    letter.from = clean_address(&outgoing.from).ok_or_else(|| sender_error(&outgoing.from))?;
    letter.sender =
        outgoing.sender.as_ref().map(|sender| clean_address(sender).ok_or_else(|| sender_error(sender))).transpose()?;
    for list in [&mut letter.reply_to, &mut letter.to, &mut letter.cc, &mut letter.bcc] {
        for address in list.iter_mut() {
            *address = clean_address(address).ok_or_else(|| ComposeError::BadRecipient(address.email.clone()))?;
        }
    }
    letter.subject = clean_line(&outgoing.subject);
    if !valid_id(&outgoing.message_id) {
        return Err(ComposeError::BadMessageId(outgoing.message_id.clone()));
    }
    // Foreign ids may be odd; what can't be written safely is left out rather than refused.
    letter.in_reply_to = outgoing.in_reply_to.clone().filter(|id| valid_id(id));
    letter.references.retain(|id| valid_id(id));
    if letter.references.len() > 100 {
        let cut = letter.references.len() - 99;
        letter.references.drain(1..cut);
    }
    letter.extra_headers = Vec::with_capacity(outgoing.extra_headers.len());
    for (name, value) in &outgoing.extra_headers {
        let valid = !name.is_empty()
            && name.len() <= 76
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let lower = name.to_ascii_lowercase();
        if !valid || OWN_FIELDS.contains(&lower.as_str()) || lower.starts_with("content-") {
            return Err(ComposeError::BadField(clean_line(name)));
        }
        letter.extra_headers.push((name.clone(), clean_line(value)));
    }
    for part in letter.inline.iter_mut().chain(letter.attachments.iter_mut()) {
        part.filename = crate::parse::safe_filename(&part.filename);
        part.mime = clean_mime(&part.mime);
        part.content_id =
            part.content_id.take().map(|id| id.trim_matches(['<', '>']).to_owned()).filter(|id| is_id_text(id));
    }
    Ok(letter)
}

fn clean_address(address: &Address) -> Option<Address> {
    let email = crate::address::ascii_email(address.email.trim())?;
    crate::address::validate(&email).then(|| Address { name: clean_line(&address.name), email })
}

/// One line without characters that end lines or turn the direction of writing.
pub fn clean_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .filter(|c| !is_forbidden(*c))
        .collect();
    let mut line = String::with_capacity(spaced.len());
    for word in spaced.split([' ', '\t']).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Characters that no header of ours contains: controls, line separators, direction overrides,
/// tags and noncharacters.
pub(crate) fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        || (c as u32) & 0xfffe == 0xfffe
}

fn is_id_text(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 900
        && id.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"' | b'\\'))
}

fn valid_id(id: &str) -> bool {
    is_id_text(id) && id.contains('@')
}

fn clean_mime(mime: &str) -> String {
    let lower = mime.trim().to_ascii_lowercase();
    let valid = lower.len() <= 127
        && lower.split('/').count() == 2
        && lower.split('/').all(|half| {
            !half.is_empty() && half.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-_!#$&^".contains(&byte))
        })
        && !lower.starts_with("multipart/")
        && !lower.starts_with("message/");
    if valid { lower } else { "application/octet-stream".into() }
}

/// `left@domain` for a new letter: random, without a name of this machine. `domain` is that of the
/// sender's address; `random` comes from the caller.
pub fn new_message_id(domain: &str, random: [u8; 16]) -> String {
    let domain = idna::domain_to_ascii(domain).ok().filter(|domain| {
        !domain.is_empty() && domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
    });
    let mut id = String::with_capacity(64);
    for (at, byte) in random.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            id.push('-');
        }
        // Version 4, variant 1 (RFC 9562).
        let byte = match at {
            6 => byte & 0x0f | 0x40,
            8 => byte & 0x3f | 0x80,
            _ => *byte,
        };
        let _ = write!(id, "{byte:02x}");
    }
    id.push('@');
    id.push_str(domain.as_deref().unwrap_or("tabella.invalid"));
    id
}
