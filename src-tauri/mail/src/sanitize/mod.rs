//! Hostile HTML made harmless.
//!
//! Owns: [`sanitize`]. Refuses: everything that is not on a list. The result is canonical and must
//! not be parsed and written again by anybody.
//! Look next: `list` says what is allowed, `dom` parses, `css` filters styles, `link` and `history`
//! judge, `write` writes.

mod colour;
mod css;
mod dom;
mod history;
mod link;
mod list;
#[cfg(test)]
mod tests;
mod write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::panic::AssertUnwindSafe;
use url::Url;

/// What the reader allows.
pub struct Sanitize<'a> {
    /// Remote images may load, by way of `remote_url`.
    pub allow_remote: bool,
    /// Address under which an inline image (by Content-ID) is served; `None` where there is none.
    pub cid_url: &'a dyn Fn(&str) -> Option<String>,
    /// Address under which the engine serves a remote image.
    pub remote_url: &'a dyn Fn(&str) -> String,
    /// Colours are turned for a dark window, unless the letter has its own dark style.
    pub dark: bool,
}

impl fmt::Debug for Sanitize<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sanitize")
            .field("allow_remote", &self.allow_remote)
            .field("dark", &self.dark)
            .finish_non_exhaustive()
    }
}

/// Harmless HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sanitized {
    /// Content of the body.
    pub html: String,
    /// Style sheets, filtered, joined.
    pub css: String,
    /// Attributes of the body element, written out with a blank in front of each; may be empty.
    pub body_attributes: String,
    /// Remote images in it, each address once, loaded or not.
    pub remote_images: u32,
    /// Links whose text names another host than their target.
    pub deceptive_links: Vec<DeceptiveLink>,
    /// `html` holds a folded history, see [`HISTORY_MARK`].
    pub has_history: bool,
}

impl Sanitized {
    /// One piece of HTML for an answer's quote: sheet, then the body's look as a div around it. The
    /// history stands unfolded.
    pub fn as_fragment(&self) -> String {
        let html = if self.has_history {
            self.html.replacen(FOLD_BEGIN, "<div>", 1).replacen(FOLD_END, "</div>", 1)
        } else {
            self.html.clone()
        };
        let style = if self.css.is_empty() { String::new() } else { format!("<style>{}</style>", self.css) };
        format!("{style}<div{}>{html}</div>", self.body_attributes)
    }
}

/// A link that pretends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeceptiveLink {
    /// What is shown.
    pub text: String,
    /// The host it leads to, punycode where it has foreign letters.
    pub host: String,
}

/// Stands where the caption of the folded history goes; `document::render` replaces it. No letter
/// can contain it: the sanitiser drops all comments.
pub const HISTORY_MARK: &str = "<!--history-->";

/// Markup around a folded history; the comments make both ends unmistakable.
const FOLD_BEGIN: &str = "<details class=\"tabella-history\"><summary><!--history--></summary>";
const FOLD_END: &str = "<!--/history--></details>";

const INPUT_MAX_BYTES: usize = 8 * 1024 * 1024;
const DATA_MAX_BYTES: usize = 3 * 1024 * 1024;
const REMOTE_MAX: usize = 2_000;

/// Makes HTML of a letter harmless. Never fails; what is nested beyond reason is shown as text.
pub fn sanitize(html: &str, options: &Sanitize<'_>) -> Sanitized {
    let mut end = html.len().min(INPUT_MAX_BYTES);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let html = html.get(..end).unwrap_or_default();
    let own_dark = memchr::memmem::find(html.as_bytes(), b"prefers-color-scheme").is_some();
    let harmless = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let dom = dom::Dom::parse(html)?;
        let context = Context {
            options,
            dark: options.dark,
            turn_colours: options.dark && !own_dark,
            remote: RefCell::new(BTreeSet::new()),
        };
        Some(write::write(&dom, &context))
    }));
    harmless.ok().flatten().unwrap_or_else(|| Sanitized {
        html: crate::text::text_to_html(&crate::text::html_to_text(html)),
        ..Sanitized::default()
    })
}

/// What the parts of the sanitiser share.
struct Context<'a> {
    options: &'a Sanitize<'a>,
    dark: bool,
    turn_colours: bool,
    remote: RefCell<BTreeSet<String>>,
}

impl Context<'_> {
    /// The address under which an image is served, or `None` where it may not load.
    fn image(&self, source: &str) -> Option<String> {
        let source: String = source
            .trim_matches(|c: char| c.is_whitespace() || c.is_control())
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .collect();
        if source.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("cid:")) {
            let id = source.get(4..)?;
            let decoded = percent_decoded(id);
            return (self.options.cid_url)(&decoded);
        }
        if source.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("data:")) {
            return data_image(source.get(5..)?);
        }
        let url = self.count_remote(&source)?;
        self.options.allow_remote.then(|| (self.options.remote_url)(&url))
    }

    /// Notes a remote image; its address in canonical form.
    fn count_remote(&self, source: &str) -> Option<String> {
        let url = remote(source)?;
        let mut known = self.remote.borrow_mut();
        if known.len() < REMOTE_MAX {
            known.insert(url.clone());
        }
        Some(url)
    }

    fn remote_images(&self) -> u32 {
        self.remote.borrow().len() as u32
    }
}

fn is_remote(source: &str) -> bool {
    remote(source).is_some()
}

fn remote(source: &str) -> Option<String> {
    let source = source.trim();
    let whole = if source.starts_with("//") { format!("https:{source}") } else { source.to_owned() };
    let url = Url::parse(&whole).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.host_str().is_some() && url.as_str().len() < 8_000)
        .then(|| url.to_string())
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = (*byte == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(hex.unwrap_or(*byte));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A raster image written out in the letter itself, in canonical form.
fn data_image(data: &str) -> Option<String> {
    let (kind, content) = data.split_once(',')?;
    let kind = kind.to_ascii_lowercase();
    let mime = kind.strip_suffix(";base64")?.split(';').next()?.trim();
    if !matches!(mime, "image/png" | "image/jpeg" | "image/jpg" | "image/gif" | "image/webp" | "image/bmp")
        || content.len() > DATA_MAX_BYTES
    {
        return None;
    }
    let symbols: String = percent_decoded(content).chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = STANDARD.decode(symbols.as_bytes()).ok()?;
    Some(format!("data:{mime};base64,{}", STANDARD.encode(bytes)))
}
