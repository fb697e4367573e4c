//! Hostile HTML made harmless.
//!
//! Owns: [`sanitize`]. Refuses: everything that is not on a list. The result is canonical and must
//! not be parsed and written again by anybody.

use std::fmt;

/// What the reader allows.
pub struct Sanitize<'a> {
    /// Remote images may load, by way of `remote_url`.
    pub allow_remote: bool,
    /// Address under which an inline image (by Content-ID) is served; `None` where there is none.
    pub cid_url: &'a dyn Fn(&str) -> Option<String>,
    /// Address under which the engine serves a remote image.
    pub remote_url: &'a dyn Fn(&str) -> String,
    /// Colours are turned for a dark window.
    pub dark: bool,
}

impl fmt::Debug for Sanitize<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sanitize").field("allow_remote", &self.allow_remote).field("dark", &self.dark).finish_non_exhaustive()
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
    /// Remote images in it, loaded or not.
    pub remote_images: u32,
    /// Links whose text names another host than their target.
    pub deceptive_links: Vec<DeceptiveLink>,
    /// `html` holds a folded history, see [`HISTORY_MARK`].
    pub has_history: bool,
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

/// Makes HTML of a letter harmless.
pub fn sanitize(html: &str, _options: &Sanitize<'_>) -> Sanitized {
    let mut rules = ammonia::Builder::default();
    rules.rm_tags(["img"]);
    Sanitized { html: rules.clean(html).to_string(), ..Sanitized::default() }
}
