//! The document that the reader's frame loads, and the headers it is served with.
//!
//! Owns: [`render`], [`content_security_policy`], [`HEADERS`]. Refuses: to sanitise; HTML comes in
//! as [`Sanitized`] only.

use crate::sanitize::{HISTORY_MARK, Sanitized};
use crate::text::{escape_html, split_quoted, text_to_html};
use std::fmt::Write;

/// How a document looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Language of the user interface, a BCP 47 tag.
    pub language: String,
    /// Caption of the folded history, such as `Show quoted text`.
    pub history_caption: String,
    /// The window is dark; must equal what the sanitiser was told.
    pub dark: bool,
    /// Font size of plain text in CSS pixels; 0 means 15.
    pub font_size: u16,
}

/// Headers beside Content-Security-Policy that a body is served with.
pub const HEADERS: &[(&str, &str)] = &[
    ("Content-Type", "text/html; charset=utf-8"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-DNS-Prefetch-Control", "off"),
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    ),
];

/// The Content-Security-Policy a body is served with. `images` are the sources that images may come
/// from, as the app serves them (such as `mail: http://mail.localhost`); what is no plain source is left out.
/// `nonce` lets one script of ours run, known by it; without one nothing runs.
pub fn content_security_policy(images: &[&str], nonce: Option<&str>) -> String {
    let sources: Vec<&str> = images
        .iter()
        .copied()
        .filter(|source| {
            !source.is_empty()
                && source.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/.-_*".contains(&byte))
                && *source != "*"
        })
        .collect();
    let images = if sources.is_empty() { "'none'".to_owned() } else { sources.join(" ") };
    let nonce = nonce.filter(|n| n.len() >= 16 && n.bytes().all(|b| b.is_ascii_alphanumeric()));
    let (script, allowed) = match nonce {
        Some(nonce) => (format!("'nonce-{nonce}'"), "allow-scripts allow-popups"),
        None => ("'none'".to_owned(), "allow-popups allow-popups-to-escape-sandbox"),
    };
    format!(
        "default-src 'none'; img-src {images}; style-src 'unsafe-inline'; font-src 'none'; media-src 'none'; object-src 'none'; \
         frame-src 'none'; child-src 'none'; connect-src 'none'; script-src {script}; form-action 'none'; base-uri 'none'; \
         manifest-src 'none'; worker-src 'none'; sandbox {allowed}"
    )
}

/// A sanitised letter as a whole document.
pub fn render(body: &Sanitized, options: &Options) -> String {
    let html = if body.has_history {
        body.html.replace(HISTORY_MARK, &escape_html(&options.history_caption))
    } else {
        body.html.clone()
    };
    page(&html, &body.css, &body.body_attributes, options)
}

/// A plain text letter as a whole document: links live, quote levels drawn, history folded.
pub fn render_text(text: &str, options: &Options) -> String {
    let split = split_quoted(text);
    // Answers between quotes are only readable with their quotes.
    let visible = if split.history.is_some() { split.visible.as_str() } else { text.trim_end() };
    let mut html = format!("<div class=\"tabella-text\">{}</div>", text_to_html(visible));
    if let Some(history) = &split.history {
        html.push_str("<details class=\"tabella-history\"><summary>");
        html.push_str(&escape_html(&options.history_caption));
        html.push_str("</summary><div class=\"tabella-text\">");
        html.push_str(&text_to_html(history));
        html.push_str("</div></details>");
    }
    page(&html, "", "", options)
}

fn page(html: &str, css: &str, body_attributes: &str, options: &Options) -> String {
    let language: String = options.language.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let size = if options.font_size == 0 { 15 } else { options.font_size.clamp(8, 40) };
    let (scheme, text, paper, anchor, faint) = if options.dark {
        ("dark", "#e6e6e6", "#1c1c1e", "#7ab7ff", "#48484a")
    } else {
        ("light", "#1c1c1e", "#ffffff", "#0a5bc4", "#c7c7cc")
    };
    let mut out = String::with_capacity(html.len() + css.len() + 2048);
    out.push_str("<!DOCTYPE html>\n<html lang=\"");
    out.push_str(&language);
    out.push_str("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title></title>\n<style>");
    let _ = write!(
        out,
        ":root{{color-scheme:{scheme}}}html{{background:{paper}}}\
         body{{margin:16px;color:{text};font:{size}px/1.5 system-ui,sans-serif;overflow-wrap:break-word}}\
         a{{color:{anchor}}}img{{max-width:100%}}table{{max-width:100%}}pre{{white-space:pre-wrap}}\
         blockquote{{margin:0 0 0 .8ex;padding-left:1ex;border-left:2px solid {faint}}}\
         .tabella-history>summary{{display:inline-block;margin:8px 0;padding:0 10px;border:1px solid {faint};border-radius:10px;cursor:pointer;font:13px/1.5 system-ui,sans-serif;color:inherit}}\
         .tabella-blocked{{display:inline-block;border:1px dashed {faint};border-radius:3px;min-width:12px;min-height:12px}}"
    );
    out.push_str("</style>\n");
    if !css.is_empty() {
        out.push_str("<style>");
        out.push_str(css);
        out.push_str("</style>\n");
    }
    out.push_str("</head><body");
    out.push_str(body_attributes);
    out.push('>');
    out.push_str(html);
    out.push_str("</body></html>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Options {
        Options { language: "de\"><script>".into(), history_caption: "Verlauf <b>".into(), ..Options::default() }
    }

    #[test]
    fn a_text_is_shown_with_its_history_folded() {
        let page = render_text("Danke!\n\nAm Montag schrieb Ann:\n> Hallo\n", &options());
        assert!(page.contains("<details class=\"tabella-history\"><summary>Verlauf &lt;b&gt;</summary>"), "{page}");
        assert!(page.contains("lang=\"descript\""), "{page}");
        assert!(!page.contains("<script"), "{page}");
    }

    #[test]
    fn answers_between_quotes_keep_their_quotes() {
        let page = render_text("> one?\nyes\n> two?\nno\n", &options());
        assert!(page.contains("one?") && page.contains("two?") && !page.contains("<details"), "{page}");
    }

    #[test]
    fn a_policy_names_only_the_sources_it_was_given() {
        let policy = content_security_policy(&["mail:", "*", "x; script-src *"], None);
        assert!(policy.contains("img-src mail:;"), "{policy}");
        assert!(!policy.contains('*'), "{policy}");
        assert!(content_security_policy(&[], None).contains("img-src 'none'"));
    }
}
