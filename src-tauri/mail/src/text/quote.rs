//! The quoted history below a letter, as written by clients in English, German, French, Spanish,
//! Russian and Ukrainian.

use super::to_html::quote_level;

/// A text split at its history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuotedText {
    /// What the author wrote.
    pub visible: String,
    /// What was below, with its attribution line.
    pub history: Option<String>,
}

/// Classes that clients give to the container of the history.
pub(crate) const HISTORY_CLASSES: &[&str] = &[
    "gmail_quote",
    "gmail_quote_container",
    "gmail_extra",
    "yahoo_quoted",
    "protonmail_quote",
    "tutanota_quote",
    "moz-cite-prefix",
    "zmail_extra",
    "ms-outlook-mobile-reference-message",
    "mailru-blockquote",
    "js-helper_quote",
    "tabella-quote",
    "OutlookMessageHeader",
    "gwt-quote",
    "freebirdFormviewerViewQuote",
];

/// Ids that clients give to the begin of the history.
pub(crate) const HISTORY_IDS: &[&str] = &[
    "appendonsend",
    "divRplyFwdMsg",
    "x_divRplyFwdMsg",
    "mail-editor-reference-message-container",
    "reply-intro",
    "isReplyContent",
    "stopSpelling",
    "yiv_quote",
];

/// Splits a plain text. Where answers stand between quotes, the quotes alone are taken out of
/// `visible` and `history` is `None`.
pub fn split_quoted(text: &str) -> QuotedText {
    let lines: Vec<&str> = text.lines().collect();
    if let Some(cut) = separator(&lines).filter(|cut| lines.iter().take(*cut).any(|line| !line.trim().is_empty())) {
        return cut_at(&lines, cut);
    }
    let mut begin = lines.len();
    let mut quoted = 0;
    for (at, line) in lines.iter().enumerate().rev() {
        if line.starts_with('>') {
            quoted += 1;
            begin = at;
        } else if !line.trim().is_empty() {
            // Below the history only a signature or a list's footer may stand; all else is an answer.
            if quoted > 0 || !below_is_footer(&lines, at) {
                break;
            }
        }
    }
    if quoted == 0 {
        return interleaved(&lines, text);
    }
    let attribution = attribution_above(&lines, begin);
    let cut = attribution.unwrap_or(begin);
    if !lines.iter().take(cut).any(|line| !line.trim().is_empty() && !line.starts_with('>')) {
        return interleaved(&lines, text);
    }
    let mut split = cut_at(&lines, cut);
    let above: Vec<&str> = lines.iter().take(cut).copied().collect();
    if above.iter().any(|line| line.starts_with('>')) {
        split.visible = without_quotes(&above);
    }
    split
}

fn below_is_footer(lines: &[&str], at: usize) -> bool {
    let block = lines.iter().take(at + 1).rev().take(12);
    for line in block {
        if line.starts_with('>') {
            return false;
        }
        if line.trim_end() == "--" || line.len() >= 20 && line.bytes().all(|byte| matches!(byte, b'_' | b'-')) {
            return true;
        }
    }
    false
}

fn cut_at(lines: &[&str], cut: usize) -> QuotedText {
    let visible = lines.get(..cut).unwrap_or_default().join("\n").trim_end().to_owned();
    let history = lines.get(cut..).unwrap_or_default().join("\n");
    QuotedText { visible, history: (!history.trim().is_empty()).then_some(history) }
}

fn interleaved(lines: &[&str], text: &str) -> QuotedText {
    if !lines.iter().any(|line| line.starts_with('>')) {
        return QuotedText { visible: text.trim_end().to_owned(), history: None };
    }
    let own = without_quotes(lines);
    if own.trim().is_empty() {
        return QuotedText { visible: text.trim_end().to_owned(), history: None };
    }
    QuotedText { visible: own, history: None }
}

fn without_quotes(lines: &[&str]) -> String {
    let mut out: Vec<&str> = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        if line.starts_with('>') {
            if let Some(begin) = (at > 0 && !lines.get(at - 1).is_some_and(|above| above.starts_with('>')))
                .then(|| attribution_above(lines, at))
                .flatten()
            {
                out.truncate(out.len().saturating_sub(at - begin));
            }
            continue;
        }
        out.push(line);
    }
    out.join("\n").trim().to_owned()
}

/// The first line of the attribution right above `begin` (it may be wrapped over three lines).
fn attribution_above(lines: &[&str], begin: usize) -> Option<usize> {
    let mut end = begin;
    while end > 0 && lines.get(end - 1).is_some_and(|line| line.trim().is_empty()) {
        end -= 1;
    }
    for length in 1..=3 {
        let start = end.checked_sub(length)?;
        let candidate = lines.get(start..end)?.join(" ");
        if lines.get(start).is_some_and(|line| line.trim().is_empty()) {
            return None;
        }
        if attribution_line(&candidate) {
            return Some(start);
        }
    }
    None
}

/// True for lines such as `On Monday, Ann wrote:` in the languages above.
pub fn attribution_line(line: &str) -> bool {
    let line = line.trim();
    if line.len() < 6 || line.len() > 600 {
        return false;
    }
    let lower = line.to_lowercase();
    let Some(head) = lower.strip_suffix(':').map(str::trim_end) else {
        return false;
    };
    let ends = [
        "wrote",
        "writes",
        "schrieb",
        "a écrit",
        "ha escrito",
        "escribió",
        "написал(а)",
        "написал",
        "написала",
        "пишет",
        "писал(а)",
        "пише",
        "написав(ла)",
        "написав",
        "написала",
        "ha scritto",
        "escreveu",
        "napisał(a)",
        "napisał",
        "napisała",
        "pisze",
        "napsal(a)",
        "schreef",
    ]
    .iter()
    .any(|verb| head.ends_with(verb));
    let begins = [
        ("on ", "wrote"),
        ("am ", "schrieb"),
        ("le ", "a écrit"),
        ("el ", "escribió"),
        ("el ", "ha escrito"),
        ("il ", "ha scritto"),
    ]
    .iter()
    .any(|(begin, verb)| head.starts_with(begin) && head.contains(verb));
    ends || begins
}

const SEPARATORS: &[&str] = &[
    "original message",
    "forwarded message",
    "original appointment",
    "ursprüngliche nachricht",
    "originalnachricht",
    "weitergeleitete nachricht",
    "message d'origine",
    "message d’origine",
    "message original",
    "message transféré",
    "mensaje original",
    "mensaje reenviado",
    "исходное сообщение",
    "пересылаемое сообщение",
    "пересланное сообщение",
    "оригинальное сообщение",
    "початкове повідомлення",
    "переслане повідомлення",
    "messaggio originale",
    "mensagem original",
    "wiadomość oryginalna",
];

/// The line where another client's separator or block of headers begins.
fn separator(lines: &[&str]) -> Option<usize> {
    for (at, line) in lines.iter().enumerate() {
        let trimmed = line.trim();
        if trimmed.starts_with("--") && trimmed.len() > 8 {
            let inner = trimmed.trim_matches(['-', ' ']).to_lowercase();
            if SEPARATORS.contains(&inner.as_str()) {
                return Some(at);
            }
        }
        let rule = trimmed.len() >= 20 && trimmed.bytes().all(|byte| byte == b'_');
        let next = |skip: usize| lines.iter().skip(at + skip).map(|line| line.trim()).filter(|line| !line.is_empty());
        if rule && next(1).next().is_some_and(|line| is_header_line(line, true)) {
            return Some(at);
        }
        if is_header_line(trimmed, true) {
            let count = next(1).take(3).filter(|line| is_header_line(line, false)).count();
            if count >= 2 {
                return Some(at);
            }
        }
    }
    None
}

/// True for `From: ...` and its sisters as Outlook writes them; `first` asks for the author's line.
fn is_header_line(line: &str, first: bool) -> bool {
    let line = line.trim().trim_matches('*');
    let Some((name, value)) = line.split_once(':') else {
        return false;
    };
    let name = name.trim().trim_matches('*').to_lowercase();
    if value.trim().trim_matches('*').is_empty() && first {
        return false;
    }
    let author = ["from", "von", "de", "от", "від", "da", "od", "van"];
    let others = [
        "sent",
        "date",
        "to",
        "cc",
        "subject",
        "gesendet",
        "datum",
        "an",
        "betreff",
        "envoyé",
        "à",
        "objet",
        "enviado",
        "enviado el",
        "fecha",
        "para",
        "asunto",
        "отправлено",
        "дата",
        "кому",
        "тема",
        "копия",
        "надіслано",
        "копія",
        "inviato",
        "a",
        "oggetto",
        "data",
        "do",
        "temat",
        "reply-to",
    ];
    if first {
        author.contains(&name.as_str())
    } else {
        author.contains(&name.as_str()) || others.contains(&name.as_str())
    }
}

/// Splits HTML at the container of its history: the two pieces as text of markup, not well-formed
/// on their own. The reader folds the history by itself, see [`crate::sanitize`].
pub fn split_quoted_html(html: &str) -> (String, Option<String>) {
    use super::scan::{Event, Scan, attribute};
    for event in Scan::new(html) {
        let Event::Open { name, attributes } = event else {
            continue;
        };
        if attributes.is_empty() {
            continue;
        }
        let cite = name.eq_ignore_ascii_case("blockquote")
            && attribute(attributes, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("cite"));
        let marked = attribute(attributes, "class")
            .is_some_and(|classes| classes.split_ascii_whitespace().any(|class| HISTORY_CLASSES.contains(&class)))
            || attribute(attributes, "id").is_some_and(|id| HISTORY_IDS.contains(&id.as_str()));
        if !(cite || marked) {
            continue;
        }
        let offset = name.as_ptr() as usize - html.as_ptr() as usize;
        let Some((above, below)) = html.split_at_checked(offset.saturating_sub(1)) else {
            continue;
        };
        if super::visible_text_of_html(above).trim().is_empty() {
            continue;
        }
        return (above.to_owned(), Some(below.to_owned()));
    }
    (html.to_owned(), None)
}

/// A plain text as an answer quotes it: `> ` in front of every line, deeper levels without a blank.
pub(crate) fn quote_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 20);
    for line in text.trim_end().lines() {
        let (level, _) = quote_level(line);
        out.push('>');
        if level == 0 && !line.is_empty() {
            out.push(' ');
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
