//! The tree that html5ever builds, kept in one arena so that no input can exhaust the stack.

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ExpandedName, LocalName, ParseOpts, QualName, local_name, ns, parse_document};
use std::borrow::Cow;
use std::cell::{Ref, RefCell};
use std::panic::{catch_unwind, resume_unwind};

/// More nodes and levels than any letter needs. Some letters of a few bytes a tag cost the parser
/// the square of their size, so it is stopped there.
const NODES_MAX: usize = 250_000;
const DEPTH_MAX: u32 = 2_000;

pub(super) enum Kind {
    Document,
    Element { name: QualName, attributes: Vec<Attribute> },
    Text(StrTendril),
    Other,
}

pub(super) struct Node {
    pub kind: Kind,
    pub parent: Option<usize>,
    pub children: Vec<usize>,
    depth: u32,
}

pub(super) struct Dom {
    pub nodes: Vec<Node>,
}

impl Dom {
    /// Parses as a browser does; `None` where the letter nests or repeats beyond reason.
    pub(super) fn parse(html: &str) -> Option<Self> {
        if !tags_are_sane(html) {
            return None;
        }
        catch_unwind(|| {
            let sink = Sink {
                nodes: RefCell::new(vec![Node { kind: Kind::Document, parent: None, children: Vec::new(), depth: 0 }]),
            };
            let mut options = ParseOpts::default();
            options.tree_builder.scripting_enabled = true;
            parse_document(sink, options).one(html)
        })
        .ok()
    }

    pub(super) fn element(&self, id: usize) -> Option<(&QualName, &[Attribute])> {
        match &self.nodes.get(id)?.kind {
            Kind::Element { name, attributes } => Some((name, attributes)),
            _ => None,
        }
    }

    pub(super) fn local(&self, id: usize) -> Option<&LocalName> {
        self.element(id).map(|(name, _)| &name.local)
    }

    pub(super) fn attribute(&self, id: usize, wanted: &str) -> Option<&str> {
        let (_, attributes) = self.element(id)?;
        attributes.iter().find(|attribute| &*attribute.name.local == wanted).map(|attribute| &*attribute.value)
    }

    pub(super) fn children(&self, id: usize) -> &[usize] {
        self.nodes.get(id).map_or(&[], |node| node.children.as_slice())
    }

    pub(super) fn parent(&self, id: usize) -> Option<usize> {
        self.nodes.get(id)?.parent
    }

    /// The body element, or the document where there is none.
    pub(super) fn body(&self) -> usize {
        self.find(&|name| *name == local_name!("body")).unwrap_or(0)
    }

    pub(super) fn find(&self, wanted: &dyn Fn(&LocalName) -> bool) -> Option<usize> {
        (0..self.nodes.len()).find(|id| self.local(*id).is_some_and(wanted))
    }

    /// Text of a subtree.
    pub(super) fn text(&self, id: usize, max_bytes: usize) -> String {
        let mut out = String::new();
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            if out.len() > max_bytes {
                break;
            }
            match self.nodes.get(id).map(|node| &node.kind) {
                Some(Kind::Text(text)) => out.push_str(text),
                _ => stack.extend(self.children(id).iter().rev()),
            }
        }
        out
    }
}

const ATTRIBUTES_MAX: usize = 300;

/// False where a tag has more attributes than any letter needs: the parser compares each of them
/// with all before it. Every `<` with a letter counts as a tag, wherever it stands.
fn tags_are_sane(html: &str) -> bool {
    let bytes = html.as_bytes();
    let mut from = 0;
    while let Some(found) = bytes.get(from..).and_then(|rest| memchr::memchr(b'<', rest)) {
        let open = from + found;
        from = open + 1;
        if !bytes.get(from).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/') {
            continue;
        }
        let rest = bytes.get(from..).unwrap_or_default();
        let name = rest.iter().position(|byte| is_separator(*byte) || *byte == b'>').unwrap_or(rest.len());
        from += name;
        let (mut count, mut quote, mut previous) = (0, None, b' ');
        for byte in bytes.get(from..).unwrap_or_default() {
            match quote {
                Some(open) if open == *byte => quote = None,
                Some(_) => continue,
                None if *byte == b'>' => break,
                None if matches!(byte, b'"' | b'\'') && previous == b'=' => quote = Some(*byte),
                None if is_separator(previous) && !is_separator(*byte) || matches!(previous, b'"' | b'\'') => {
                    count += 1;
                    if count > ATTRIBUTES_MAX {
                        return false;
                    }
                }
                None => {}
            }
            // Blanks may stand between `=` and its value.
            if !(previous == b'=' && byte.is_ascii_whitespace()) {
                previous = *byte;
            }
        }
    }
    true
}

fn is_separator(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == b'/'
}

struct Sink {
    nodes: RefCell<Vec<Node>>,
}

impl Sink {
    fn add(&self, kind: Kind) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { kind, parent: None, children: Vec::new(), depth: 0 });
        if nodes.len() > NODES_MAX {
            // The parser has no way to be stopped; this one calls no panic hook.
            resume_unwind(Box::new("too many nodes"));
        }
        nodes.len() - 1
    }

    fn insert(&self, parent: usize, at: Option<usize>, child: NodeOrText<usize>) {
        let child = match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let before = nodes.get(parent).and_then(|node| match at {
                    Some(at) => at.checked_sub(1).and_then(|at| node.children.get(at)),
                    None => node.children.last(),
                });
                if let Some(before) = before.copied()
                    && let Some(Node { kind: Kind::Text(existing), .. }) = nodes.get_mut(before)
                {
                    existing.push_tendril(&text);
                    return;
                }
                nodes.push(Node { kind: Kind::Text(text), parent: None, children: Vec::new(), depth: 0 });
                nodes.len() - 1
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        let depth = nodes.get(parent).map_or(0, |node| node.depth + 1);
        if depth > DEPTH_MAX {
            resume_unwind(Box::new("too deep"));
        }
        if let Some(node) = nodes.get_mut(parent) {
            match at {
                Some(at) if at <= node.children.len() => node.children.insert(at, child),
                _ => node.children.push(child),
            }
        }
        if let Some(node) = nodes.get_mut(child) {
            node.parent = Some(parent);
            node.depth = depth;
        }
    }

    fn detach(&self, id: usize) {
        let mut nodes = self.nodes.borrow_mut();
        let Some(parent) = nodes.get_mut(id).and_then(|node| node.parent.take()) else {
            return;
        };
        if let Some(node) = nodes.get_mut(parent)
            && let Some(at) = node.children.iter().rposition(|child| *child == id)
        {
            node.children.remove(at);
        }
    }
}

#[derive(Debug)]
pub(super) struct Name<'a>(Ref<'a, QualName>);

impl html5ever::interface::ElemName for Name<'_> {
    fn ns(&self) -> &html5ever::Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

/// Stands for the name of a node that is no element; never asked for.
static NO_NAME: std::sync::LazyLock<QualName> =
    std::sync::LazyLock::new(|| QualName::new(None, ns!(html), local_name!("div")));

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Dom;
    type ElemName<'a> = Name<'a>;

    fn finish(self) -> Dom {
        Dom { nodes: self.nodes.into_inner() }
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> Name<'a> {
        Name(Ref::map(self.nodes.borrow(), |nodes| match nodes.get(*target) {
            Some(Node { kind: Kind::Element { name, .. }, .. }) => name,
            _ => &NO_NAME,
        }))
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _flags: ElementFlags) -> usize {
        self.add(Kind::Element { name, attributes })
    }

    fn create_comment(&self, _text: StrTendril) -> usize {
        self.add(Kind::Other)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> usize {
        self.add(Kind::Other)
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        self.insert(*parent, None, child);
    }

    fn append_based_on_parent_node(&self, element: &usize, previous: &usize, child: NodeOrText<usize>) {
        let has_parent = self.nodes.borrow().get(*element).is_some_and(|node| node.parent.is_some());
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public_id: StrTendril, _system_id: StrTendril) {}

    /// Contents of a template stay in the template, which is dropped as a whole.
    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }

    fn same_node(&self, x: &usize, y: &usize) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &usize, new_node: NodeOrText<usize>) {
        if let NodeOrText::AppendNode(id) = &new_node {
            self.detach(*id);
        }
        let place = {
            let nodes = self.nodes.borrow();
            nodes.get(*sibling).and_then(|node| node.parent).and_then(|parent| {
                Some((parent, nodes.get(parent)?.children.iter().rposition(|child| child == sibling)?))
            })
        };
        if let Some((parent, at)) = place {
            self.insert(parent, Some(at), new_node);
        }
    }

    fn add_attrs_if_missing(&self, target: &usize, attributes: Vec<Attribute>) {
        if let Some(Node { kind: Kind::Element { attributes: existing, .. }, .. }) =
            self.nodes.borrow_mut().get_mut(*target)
        {
            for attribute in attributes {
                if !existing.iter().any(|known| ExpandedName::eq(&known.name.expanded(), &attribute.name.expanded())) {
                    existing.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &usize) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &usize, new_parent: &usize) {
        let children =
            self.nodes.borrow_mut().get_mut(*node).map(|node| std::mem::take(&mut node.children)).unwrap_or_default();
        let mut nodes = self.nodes.borrow_mut();
        for child in &children {
            if let Some(child) = nodes.get_mut(*child) {
                child.parent = Some(*new_parent);
            }
        }
        if let Some(parent) = nodes.get_mut(*new_parent) {
            parent.children.extend(children);
        }
    }
}
