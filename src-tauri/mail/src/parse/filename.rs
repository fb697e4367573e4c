//! File names of attachments: safe to create on every system.

use super::tree::Node;
use unicode_normalization::UnicodeNormalization;

const NAME_MAX_BYTES: usize = 180;

pub(super) fn of(node: &Node<'_>, part_id: u32) -> String {
    let given = node.filename.as_deref().map(decode_words).unwrap_or_default();
    if let Some(safe) = safe_name(&given) {
        return if node.mime == "message/rfc822" && !has_extension(&safe) { format!("{safe}.eml") } else { safe };
    }
    if node.mime == "message/rfc822" || node.mime == "message/global" {
        let parsed = super::parse_headers(node.body);
        return safe_name(&parsed.subject)
            .map_or_else(|| format!("message-{part_id}.eml"), |subject| format!("{subject}.eml"));
    }
    let extension = extension_of(&node.mime);
    let stem = match node.mime.as_str() {
        "text/calendar" => "invite",
        "message/delivery-status" => "delivery-status",
        "application/pgp-signature" => "signature",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "smime",
        mime if mime.starts_with("image/") => return format!("image-{part_id}.{extension}"),
        _ => return format!("part-{part_id}.{extension}"),
    };
    format!("{stem}.{extension}")
}

fn has_extension(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, extension)| !stem.is_empty() && (1..=5).contains(&extension.len()))
}

/// Encoded words in a parameter are forbidden (RFC 2047, section 5) and everywhere.
fn decode_words(name: &str) -> String {
    if !name.contains("=?") {
        return name.to_owned();
    }
    let field = format!("Subject: {name}\r\n\r\n");
    mail_parser::MessageParser::new()
        .header_text(mail_parser::HeaderName::Subject)
        .parse_headers(field.as_bytes())
        .and_then(|message| message.subject().map(str::to_owned))
        .unwrap_or_else(|| name.to_owned())
}

/// A file name that is only a name: no path, no control or direction characters, no name that
/// Windows reserves, at most 180 bytes; `file` where nothing is left.
pub fn safe_filename(name: &str) -> String {
    safe_name(name).unwrap_or_else(|| "file".into())
}

fn safe_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut clean: String = last
        .nfc()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    clean = trimmed(&clean).to_owned();
    if clean.starts_with('.') {
        clean = format!("_{}", clean.trim_start_matches('.'));
    }
    if clean.is_empty() || clean == "_" {
        return None;
    }
    let stem = clean.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| {
            matches!(rest.chars().next(), Some('0'..='9' | '¹' | '²' | '³')) && rest.chars().count() == 1
        })
    };
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$")
        || numbered("COM")
        || numbered("LPT")
    {
        clean = format!("_{clean}");
    }
    Some(shorten(&clean))
}

/// Without blanks around it, and without the dots behind it that Windows drops.
fn trimmed(name: &str) -> &str {
    name.trim_start().trim_end_matches(|c: char| c == '.' || c.is_whitespace())
}

fn shorten(name: &str) -> String {
    if name.len() <= NAME_MAX_BYTES {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 16 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let mut end = NAME_MAX_BYTES - extension.len();
    while end > 0 && !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", trimmed(stem.get(..end).unwrap_or_default()))
}

/// Direction marks and other characters that make a name look like another.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn extension_of(mime: &str) -> &'static str {
    match mime {
        "text/plain" | "text/rfc822-headers" | "message/delivery-status" => "txt",
        "text/html" => "html",
        "text/calendar" => "ics",
        "text/csv" => "csv",
        "text/vcard" | "text/x-vcard" => "vcf",
        "image/jpeg" | "image/jpg" | "image/pjpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/svg+xml" => "svg",
        "image/bmp" => "bmp",
        "image/tiff" => "tiff",
        "image/heic" => "heic",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        "application/json" => "json",
        "application/msword" => "doc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/pgp-signature" => "asc",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "p7s",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "p7m",
        "audio/mpeg" => "mp3",
        "video/mp4" => "mp4",
        _ => "bin",
    }
}
