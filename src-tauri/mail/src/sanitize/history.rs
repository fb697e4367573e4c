//! Finds the quoted history of a letter in its tree, for folding.

use super::dom::{Dom, Kind};
use crate::text::{HISTORY_CLASSES, HISTORY_IDS};

/// A run of siblings that is the history.
pub(super) struct History {
    pub parent: usize,
    pub first: usize,
    pub last: usize,
}

enum Begin {
    /// The element holds the history.
    Container,
    /// The element stands above a quote that holds it.
    Attribution,
    /// The element and all that follows.
    Tail,
}

/// The history, if there is text above it and none below.
pub(super) fn find(dom: &Dom, body: usize) -> Option<History> {
    let mut seen_text = false;
    let mut stack: Vec<usize> = dom.children(body).iter().rev().copied().collect();
    while let Some(id) = stack.pop() {
        if let Some(begin) = begin(dom, id) {
            return if seen_text { fold(dom, body, id, &begin) } else { None };
        }
        match dom.nodes.get(id).map(|node| &node.kind) {
            Some(Kind::Text(text)) => seen_text |= has_text(text),
            Some(Kind::Element { name, .. }) => {
                seen_text |= &*name.local == "img";
                if !super::list::DROPPED.contains(&&*name.local) {
                    stack.extend(dom.children(id).iter().rev());
                }
            }
            _ => {}
        }
    }
    None
}

fn has_text(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !crate::text::is_padding(c) && c != '\u{200c}')
}

fn begin(dom: &Dom, id: usize) -> Option<Begin> {
    let name = dom.local(id)?;
    if dom.attribute(id, "id").is_some_and(|value| HISTORY_IDS.contains(&value)) {
        return Some(Begin::Tail);
    }
    if let Some(class) = dom
        .attribute(id, "class")
        .and_then(|classes| classes.split_ascii_whitespace().find(|class| HISTORY_CLASSES.contains(class)))
    {
        return Some(match class {
            "moz-cite-prefix" => Begin::Attribution,
            "OutlookMessageHeader" | "ms-outlook-mobile-reference-message" => Begin::Tail,
            _ => Begin::Container,
        });
    }
    if &**name == "blockquote" && dom.attribute(id, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("cite")) {
        return Some(Begin::Container);
    }
    if &**name == "div"
        && let Some(style) = dom.attribute(id, "style")
    {
        let compact: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        let outlook = [
            "border-top:solid#e1e1e1",
            "border-top:solid#b5c4df",
            "border-top:1ptsolid#e1e1e1",
            "border-width:1ptmediummedium",
            "border-top:1pxsolid#e1e1e1",
        ]
        .iter()
        .any(|form| compact.contains(form));
        if outlook && dom.text(id, 400).contains(':') {
            return Some(Begin::Tail);
        }
    }
    None
}

fn fold(dom: &Dom, body: usize, start: usize, begin: &Begin) -> Option<History> {
    let parent = dom.parent(start)?;
    let siblings = dom.children(parent);
    let first = siblings.iter().position(|id| *id == start)?;
    let last = match begin {
        Begin::Container => first,
        Begin::Attribution => {
            first
                + siblings
                    .get(first..)?
                    .iter()
                    .position(|id| dom.local(*id).is_some_and(|name| &**name == "blockquote"))?
        }
        Begin::Tail => siblings.len().checked_sub(1)?,
    };
    if siblings.get(last + 1..)?.iter().any(|id| says_something(dom, *id)) {
        return None;
    }
    let mut child = parent;
    loop {
        if child == body {
            return Some(History { parent, first, last });
        }
        let holds = dom.local(child).is_some_and(|name| {
            matches!(&**name, "div" | "td" | "section" | "article" | "center" | "blockquote" | "font" | "span" | "main")
        });
        // A table may stand further up, never directly around the fold.
        let structural = dom.local(child).is_some_and(|name| matches!(&**name, "table" | "tbody" | "tr"));
        if !(holds || structural && child != parent) {
            return None;
        }
        let above = dom.parent(child)?;
        let after = dom.children(above).iter().skip_while(|id| **id != child).skip(1);
        for id in after {
            if says_something(dom, *id) {
                return None;
            }
        }
        child = above;
    }
}

fn says_something(dom: &Dom, id: usize) -> bool {
    let signature = dom.attribute(id, "class").is_some_and(|classes| {
        classes.split_ascii_whitespace().any(|class| matches!(class, "moz-signature" | "gmail_signature"))
    });
    if signature || dom.local(id).is_some_and(|name| super::list::DROPPED.contains(&&**name)) {
        return false;
    }
    has_text(&dom.text(id, 10_000))
}
