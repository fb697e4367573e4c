//! Text and its HTML: reading one from the other, quoted history, folding for search.
//!
//! Owns: [`html_to_text`], [`text_to_html`], [`split_quoted`], [`fold`], [`snippet`].
//! Refuses: safety of HTML; what is shown goes through [`crate::sanitize`].
//! Look next: `scan` reads tags without building a tree, since every arriving letter passes here.

mod entity;
mod fold;
mod from_html;
mod quote;
mod scan;
#[cfg(test)]
mod tests;
mod to_html;

pub use fold::fold;
pub use from_html::{html_to_text, visible_text_of_html};
pub use quote::{QuotedText, attribution_line, split_quoted, split_quoted_html};
pub use to_html::{escape_html, link_urls, text_to_html};

pub(crate) use quote::{HISTORY_CLASSES, HISTORY_IDS, quote_text};

const SNIPPET_MAX_CHARS: usize = 200;

/// The first 200 characters of a text as one line; long web addresses and drawn lines are left
/// out where there are other words.
pub fn snippet(text: &str) -> String {
    let short = words(text, &|word| !is_noise(word));
    if short.is_empty() { words(text, &|_| true) } else { short }
}

fn words(text: &str, wanted: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(SNIPPET_MAX_CHARS * 2);
    let mut count = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control() || is_padding(c)) {
        if word.is_empty() || !wanted(word) {
            continue;
        }
        if count > 0 {
            if count + 1 >= SNIPPET_MAX_CHARS {
                break;
            }
            out.push(' ');
            count += 1;
        }
        for c in word.chars().take(SNIPPET_MAX_CHARS - count) {
            out.push(c);
            count += 1;
        }
        if count >= SNIPPET_MAX_CHARS {
            break;
        }
    }
    out
}

fn is_noise(word: &str) -> bool {
    let inner = word.trim_matches(['(', ')', '[', ']', '<', '>', ',', '.']);
    let address = inner.starts_with("http://") || inner.starts_with("https://");
    let drawn = word.len() >= 3
        && word.chars().all(|c| matches!(c, '-' | '=' | '_' | '*' | '#' | '~' | '.' | '—' | '─' | '━' | '+' | '|'));
    address && inner.len() > 40 || drawn
}

/// Begins of words by which people announce a file.
const ATTACHMENT_WORDS: &[&str] = &[
    "attached",
    "attachment",
    "attaching",
    "enclosed",
    "anhang",
    "angehängt",
    "beigefügt",
    "anbei",
    "anlage",
    "ci-joint",
    "pièce jointe",
    "pièces jointes",
    "adjunto",
    "adjunta",
    "archivo adjunto",
    "во вложении",
    "вложение",
    "прилагаю",
    "прикреп",
    "прилагается",
    "у вкладенні",
    "вкладення",
    "долучаю",
    "прикріп",
    "allegat",
    "em anexo",
    "w załączniku",
    "załącz",
    "v příloze",
    "附件",
];

/// The word by which a letter announces a file, if it does; its quoted history is not read.
pub fn attachment_word(text: &str) -> Option<String> {
    let visible = split_quoted(text).visible.to_lowercase();
    ATTACHMENT_WORDS
        .iter()
        .filter_map(|word| {
            let (at, _) = visible.match_indices(word).find(|(at, _)| {
                !visible.get(..*at).unwrap_or_default().ends_with(char::is_alphabetic) || *word == "附件"
            })?;
            let rest = visible.get(at + word.len()..).unwrap_or_default();
            let tail: String = rest.chars().take_while(|c| c.is_alphabetic() && c.is_lowercase()).take(20).collect();
            Some((at, format!("{word}{tail}")))
        })
        .min_by_key(|(at, _)| *at)
        .map(|(_, word)| word)
}

/// Characters that newsletters use to push their preheader out of sight.
pub(crate) fn is_padding(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{200b}'
            | '\u{2007}'
            | '\u{feff}'
            | '\u{2060}'
            | '\u{180e}'
            | '\u{061c}'
            | '\u{115f}'
            | '\u{3164}'
    )
}

/// Cuts a text to at most `max_bytes` at a character's edge.
pub fn truncate(text: &mut String, max_bytes: usize) {
    if text.len() > max_bytes {
        let mut end = max_bytes;
        while end > 0 && !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
}
