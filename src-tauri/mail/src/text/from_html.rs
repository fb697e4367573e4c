//! HTML to text.

use super::scan::{Attributes, Event, Scan, attribute, is_void};
use super::{HISTORY_CLASSES, HISTORY_IDS, entity, is_padding};
use std::borrow::Cow;

const OUTPUT_MAX_BYTES: usize = 4 * 1024 * 1024;
const QUOTE_DEPTH_MAX: usize = 16;

/// HTML as readable plain text: paragraphs, lists, `> ` quotes, `text <url>` for links.
pub fn html_to_text(html: &str) -> String {
    Writer { links: true, history: true, ..Writer::default() }.run(html)
}

/// What a reader sees: no hidden preheader, no quoted history, no link targets.
pub fn visible_text_of_html(html: &str) -> String {
    let visible = Writer::default().run(html);
    if visible.trim().is_empty() {
        // A forward without a word of its own: its history is the message.
        return Writer { history: true, ..Writer::default() }.run(html);
    }
    // Text quotes inside HTML come from clients that write <br>&gt;.
    let split = super::split_quoted(&visible);
    if split.visible.trim().is_empty() { visible } else { split.visible }
}

#[derive(Default)]
struct Writer<'a> {
    links: bool,
    history: bool,
    out: String,
    skip: Option<(&'a str, usize)>,
    pre: usize,
    quote: usize,
    /// Depth of the line above.
    quote_above: usize,
    lists: Vec<Option<usize>>,
    href: Option<(String, usize)>,
    newlines: usize,
    space: bool,
    cell: bool,
}

impl<'a> Writer<'a> {
    fn run(mut self, html: &'a str) -> String {
        for event in Scan::new(html) {
            if self.out.len() > OUTPUT_MAX_BYTES {
                break;
            }
            match event {
                Event::Text(text) if self.skip.is_none() => self.text(text),
                Event::Text(_) => {}
                Event::Open { name, attributes } => {
                    if let Some((skipped, depth)) = &mut self.skip {
                        if skipped.eq_ignore_ascii_case(name) && !is_void(name) && !attributes.ends_with('/') {
                            *depth += 1;
                        }
                        continue;
                    }
                    if self.is_hidden(name, attributes) {
                        if !is_void(name) {
                            self.skip = Some((name, 1));
                        }
                        continue;
                    }
                    self.open(name, attributes);
                }
                Event::Close { name } => {
                    if let Some((skipped, depth)) = &mut self.skip {
                        if skipped.eq_ignore_ascii_case(name) {
                            *depth -= 1;
                            if *depth == 0 {
                                self.skip = None;
                            }
                        }
                        continue;
                    }
                    self.close(name);
                }
            }
        }
        self.out.truncate(self.out.trim_end().len());
        self.out
    }

    fn is_hidden(&self, name: &str, attributes: &str) -> bool {
        if [
            "script", "style", "head", "title", "template", "noscript", "textarea", "select", "svg", "math", "object",
            "audio", "video", "iframe", "xml", "o:p",
        ]
        .iter()
        .any(|hidden| name.eq_ignore_ascii_case(hidden))
        {
            return !name.eq_ignore_ascii_case("o:p");
        }
        if attributes.is_empty() {
            return false;
        }
        let cite = name.eq_ignore_ascii_case("blockquote");
        Attributes { rest: attributes }.any(|(attribute, value)| match attribute.len() {
            2 if attribute.eq_ignore_ascii_case("id") => !self.history && HISTORY_IDS.contains(&value),
            4 if cite && attribute.eq_ignore_ascii_case("type") => !self.history && value.eq_ignore_ascii_case("cite"),
            5 if attribute.eq_ignore_ascii_case("class") => {
                !self.history && value.split_ascii_whitespace().any(|class| HISTORY_CLASSES.contains(&class))
            }
            5 if attribute.eq_ignore_ascii_case("style") => hides(value),
            6 => attribute.eq_ignore_ascii_case("hidden"),
            _ => false,
        })
    }

    fn open(&mut self, name: &str, attributes: &str) {
        let lower = lower(name);
        match &*lower {
            "br" => self.line(),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "dl" => self.block(2),
            "ul" | "ol" => {
                self.block(if self.lists.is_empty() { 2 } else { 1 });
                self.lists.push((lower == "ol").then_some(1));
            }
            "li" => {
                self.block(1);
                let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(8));
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let marker = format!("{indent}{number}. ");
                        *number += 1;
                        marker
                    }
                    _ => format!("{indent}- "),
                };
                self.put(&marker);
                self.space = false;
            }
            "div" | "tr" | "section" | "article" | "header" | "footer" | "center" | "address" | "dt" | "dd"
            | "form" | "fieldset" | "tbody" | "body" | "main" | "nav" | "figure" | "figcaption" => {
                self.block(1);
                self.cell = false;
            }
            "td" | "th" => {
                if self.cell {
                    self.space = true;
                }
                self.cell = true;
            }
            "hr" => {
                self.block(1);
                self.put("---");
                self.block(1);
            }
            "pre" => {
                self.block(2);
                self.pre += 1;
            }
            "blockquote" => {
                self.block(2);
                if self.links {
                    self.quote = (self.quote + 1).min(QUOTE_DEPTH_MAX);
                }
            }
            "img" if self.links => {
                if let Some(alt) = attribute(attributes, "alt").filter(|alt| !alt.trim().is_empty() && alt.len() < 300)
                {
                    self.text_plain(&alt);
                }
            }
            "a" if self.links => {
                self.href = attribute(attributes, "href").map(|href| (href, self.out.len()));
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        let lower = lower(name);
        match &*lower {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "dl" => self.block(2),
            "ul" | "ol" => {
                self.lists.pop();
                self.block(if self.lists.is_empty() { 2 } else { 1 });
            }
            "div" | "tr" | "li" | "section" | "article" | "center" | "dt" | "dd" => self.block(1),
            "pre" => {
                self.pre = self.pre.saturating_sub(1);
                self.block(2);
            }
            "blockquote" => {
                self.block(2);
                self.quote = self.quote.saturating_sub(1);
            }
            "a" => {
                let Some((href, start)) = self.href.take() else {
                    return;
                };
                let shown = self.out.get(start..).unwrap_or_default().trim();
                let bare = href.trim_start_matches("mailto:").trim_end_matches('/');
                let same = shown.trim_end_matches('/') == bare
                    || shown.trim_end_matches('/') == bare.trim_start_matches("https://").trim_start_matches("http://");
                let useful = ["http://", "https://", "mailto:", "tel:"]
                    .iter()
                    .any(|scheme| href.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)));
                if useful && !same && !shown.is_empty() && href.len() < 2000 {
                    let target = format!(" <{}>", if href.starts_with("mailto:") { bare } else { &href });
                    self.put(&target);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if memchr::memchr(b'&', text.as_bytes()).is_some() {
            let resolved = entity::unescape(text);
            self.text_plain(&resolved);
        } else {
            self.text_plain(text);
        }
    }

    fn text_plain(&mut self, text: &str) {
        if self.pre > 0 {
            for (at, line) in text.split('\n').enumerate() {
                if at > 0 {
                    self.line();
                }
                self.put(line);
            }
            return;
        }
        let mut word_start: Option<usize> = None;
        for (at, c) in text.char_indices() {
            let blank = c.is_whitespace() || c == '\u{a0}';
            if blank || is_padding(c) || c == '\u{200c}' || c.is_control() {
                // A zero-width non-joiner is text between letters only.
                if c == '\u{200c}'
                    && word_start.is_some()
                    && text.get(at + 3..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphabetic)
                {
                    continue;
                }
                if let Some(start) = word_start.take() {
                    self.put(text.get(start..at).unwrap_or_default());
                }
                self.space |= blank;
            } else if word_start.is_none() {
                word_start = Some(at);
            }
        }
        if let Some(start) = word_start {
            self.put(text.get(start..).unwrap_or_default());
        }
    }

    fn put(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if self.out.is_empty() || self.newlines > 0 {
            if !self.out.is_empty() {
                let between = self.quote.min(self.quote_above);
                self.out.push('\n');
                if self.newlines > 1 {
                    self.out.extend(std::iter::repeat_n('>', between));
                    self.out.push('\n');
                }
            }
            if self.quote > 0 {
                self.out.extend(std::iter::repeat_n('>', self.quote));
                self.out.push(' ');
            }
            self.quote_above = self.quote;
        } else if self.space {
            self.out.push(' ');
        }
        self.newlines = 0;
        self.space = false;
        self.out.push_str(word);
    }

    fn line(&mut self) {
        self.newlines += 1;
        self.space = false;
    }

    fn block(&mut self, lines: usize) {
        self.newlines = self.newlines.max(lines);
        self.space = false;
    }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

fn hides(style: &str) -> bool {
    if !style.split(';').any(|declaration| {
        declaration.trim_ascii_start().starts_with(['d', 'D', 'v', 'V', 'm', 'M', 'f', 'F', 'o', 'O', 'l', 'L'])
            && declaration.len() < 40
            && declaration.contains(['0', 'n', 'N', 'h', 'H'])
    }) {
        return false;
    }
    let compact: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    compact.split(';').any(|declaration| {
        let declaration = declaration.trim_end_matches("!important");
        matches!(
            declaration,
            "display:none"
                | "visibility:hidden"
                | "mso-hide:all"
                | "font-size:0"
                | "font-size:0px"
                | "opacity:0"
                | "max-height:0"
                | "max-height:0px"
                | "line-height:0"
        )
    }) && !compact.contains("line-height:0;font-size:1")
}
