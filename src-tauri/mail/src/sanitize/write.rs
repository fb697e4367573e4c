//! Writes the tree: only what is allowed, always in the same form.

use super::dom::{Dom, Kind};
use super::history::{self, History};
use super::{Context, FOLD_BEGIN, FOLD_END, Sanitized, colour, css, link, list};
use crate::text::{escape_html, truncate};
use html5ever::{Attribute, ns};

const OUTPUT_MAX_BYTES: usize = 8 * 1024 * 1024;
const DEPTH_MAX: usize = 400;
const DECEPTIVE_MAX: usize = 100;

enum Step {
    Enter(usize, usize),
    Leave(String),
    Mark(&'static str),
}

/// The whole letter.
pub(super) fn write(dom: &Dom, context: &Context<'_>) -> Sanitized {
    let body = dom.body();
    let mut result = Sanitized::default();
    for id in 0..dom.nodes.len() {
        if dom.local(id).is_some_and(|name| &**name == "style")
            && dom.element(id).is_some_and(|(name, _)| name.ns == ns!(html))
        {
            result.css.push_str(&css::sheet(&dom.text(id, 1024 * 1024), context));
        }
    }
    if let Some((_, attributes)) = dom.element(body) {
        let mut written = String::new();
        write_attributes("body", attributes, context, &mut written);
        result.body_attributes = written;
    }
    let folded = history::find(dom, body);
    result.has_history = folded.is_some();
    let mut stack: Vec<Step> = Vec::new();
    push_children(dom, body, 0, folded.as_ref(), &mut stack);
    while let Some(step) = stack.pop() {
        if result.html.len() > OUTPUT_MAX_BYTES {
            // Elements that are open are still closed, in order.
            match step {
                Step::Leave(name) => close(&name, &mut result.html),
                Step::Mark(FOLD_END) => result.html.push_str(FOLD_END),
                _ => {}
            }
            continue;
        }
        match step {
            Step::Mark(mark) => result.html.push_str(mark),
            Step::Leave(name) => close(&name, &mut result.html),
            Step::Enter(id, depth) => enter(dom, id, depth, context, folded.as_ref(), &mut stack, &mut result),
        }
    }
    result.remote_images = context.remote_images();
    result
}

fn close(name: &str, out: &mut String) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn push_children(dom: &Dom, id: usize, depth: usize, folded: Option<&History>, stack: &mut Vec<Step>) {
    let children = dom.children(id);
    let fold = folded.filter(|history| history.parent == id);
    for (at, child) in children.iter().enumerate().rev() {
        if fold.is_some_and(|history| history.last == at) {
            stack.push(Step::Mark(FOLD_END));
        }
        stack.push(Step::Enter(*child, depth));
        if fold.is_some_and(|history| history.first == at) {
            stack.push(Step::Mark(FOLD_BEGIN));
        }
    }
}

fn enter(
    dom: &Dom,
    id: usize,
    depth: usize,
    context: &Context<'_>,
    folded: Option<&History>,
    stack: &mut Vec<Step>,
    result: &mut Sanitized,
) {
    let (name, attributes) = match dom.nodes.get(id).map(|node| &node.kind) {
        Some(Kind::Text(text)) => return result.html.push_str(&escape_html(text)),
        Some(Kind::Element { name, attributes }) => (name, attributes),
        _ => return,
    };
    let local: &str = &name.local;
    if name.ns != ns!(html) || list::DROPPED.contains(&local) {
        return;
    }
    if !list::ELEMENTS.contains(&local) || depth > DEPTH_MAX {
        return push_children(dom, id, depth, folded, stack);
    }
    if local == "img" {
        return image(attributes, context, &mut result.html);
    }
    result.html.push('<');
    result.html.push_str(local);
    write_attributes(local, attributes, context, &mut result.html);
    if matches!(local, "a" | "area")
        && let Some(href) = attribute(attributes, "href").and_then(link::href)
    {
        result.html.push_str(" href=\"");
        result.html.push_str(&escape_html(&href));
        result.html.push('"');
        if !href.starts_with('#') {
            result.html.push_str(" target=\"_blank\" rel=\"noopener noreferrer\"");
            if result.deceptive_links.len() < DECEPTIVE_MAX
                && let Some(found) = link::deceptive(&dom.text(id, 2_000), &href)
            {
                result.deceptive_links.push(found);
            }
        }
    }
    result.html.push('>');
    if list::VOID.contains(&local) {
        return;
    }
    if local == "pre" {
        result.html.push('\n');
    }
    stack.push(Step::Leave(local.to_owned()));
    push_children(dom, id, depth + 1, folded, stack);
}

fn attribute<'a>(attributes: &'a [Attribute], wanted: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| &*attribute.name.local == wanted).map(|attribute| &*attribute.value)
}

/// Attributes that are allowed on this element, each with a blank in front.
fn write_attributes(element: &str, attributes: &[Attribute], context: &Context<'_>, out: &mut String) {
    let mut put = |name: &str, value: &str| {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        out.push_str(&escape_html(value));
        out.push('"');
    };
    let mut style = String::new();
    for Attribute { name, value } in attributes.iter().take(64) {
        let local: &str = &name.local;
        if name.ns != ns!() || value.len() > 64 * 1024 {
            continue;
        }
        match local {
            "style" => style.push_str(&css::declarations(value, context)),
            "background" if matches!(element, "body" | "table" | "td" | "th" | "tr") => {
                if let Some(served) = context.image(value) {
                    let mut declaration = String::from("background-image:url(");
                    let _ = cssparser::serialize_string(&served, &mut declaration);
                    declaration.push(')');
                    if !style.is_empty() {
                        declaration.push(';');
                    }
                    style.insert_str(0, &declaration);
                }
            }
            "class" => {
                let kept: Vec<&str> = value
                    .split_ascii_whitespace()
                    .filter(|class| !class.starts_with("tabella-") || *class == "tabella-quote")
                    .collect();
                if !kept.is_empty() {
                    put("class", &kept.join(" "));
                }
            }
            _ if !list::attribute(element, local) => {}
            "usemap" => {
                if value.starts_with('#') {
                    put(local, value);
                }
            }
            _ if list::COLOURS.contains(&local) && context.turn_colours => {
                if let Some(rgb) = colour::attribute(value) {
                    put(local, &colour::css(colour::turned(rgb)));
                }
            }
            _ => {
                let mut value = value.to_string();
                truncate(&mut value, 4_000);
                put(local, &value);
            }
        }
    }
    if !style.is_empty() {
        put("style", &style);
    }
}

fn image(attributes: &[Attribute], context: &Context<'_>, out: &mut String) {
    let source = attribute(attributes, "src").unwrap_or_default();
    let tiny = |name: &str| {
        attribute(attributes, name)
            .is_some_and(|value| value.trim().trim_end_matches("px").parse::<f32>().is_ok_and(|pixels| pixels <= 2.0))
    };
    let pixel = tiny("width") && tiny("height");
    let served = if pixel && super::is_remote(source) {
        // A pixel shows nothing: it is there to be counted, so it is, but never loaded.
        context.count_remote(source);
        return;
    } else {
        context.image(source)
    };
    out.push_str("<img");
    write_attributes("img", attributes, context, out);
    if let Some(served) = served {
        out.push_str(" src=\"");
        out.push_str(&escape_html(&served));
        out.push_str("\" loading=\"eager\" referrerpolicy=\"no-referrer\"");
    }
    out.push('>');
}
