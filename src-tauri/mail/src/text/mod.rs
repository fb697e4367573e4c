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

/// The first 200 characters of a text as one line.
pub fn snippet(text: &str) -> String {
    let mut out = String::with_capacity(SNIPPET_MAX_CHARS * 2);
    let mut count = 0;
    let mut pending_space = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() || is_padding(c) {
            pending_space = count > 0;
            continue;
        }
        if pending_space {
            if count + 1 >= SNIPPET_MAX_CHARS {
                break;
            }
            out.push(' ');
            count += 1;
            pending_space = false;
        }
        out.push(c);
        count += 1;
        if count >= SNIPPET_MAX_CHARS {
            break;
        }
    }
    out
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
