//! Takes parts out of a message and leaves every other byte as it is.

use super::tree::{self, Content, Node};

/// The message without these parts (by number). The last part of a multipart stays, as one without parts is none.
pub fn without(raw: &[u8], parts: &[u32]) -> Vec<u8> {
    let nodes = tree::split(raw);
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    for node in &nodes {
        let Content::Multipart(children) = &node.content else { continue };
        let doomed: Vec<usize> = children.iter().copied().filter(|child| parts.contains(&(*child as u32))).collect();
        let spared = usize::from(doomed.len() == children.len());
        cuts.extend(doomed.into_iter().skip(spared).filter_map(|child| piece(raw, nodes.get(child)?)));
    }
    cuts.sort_unstable();
    let mut left = Vec::with_capacity(raw.len());
    let mut at = 0;
    for (from, to) in cuts {
        if from >= at {
            left.extend_from_slice(raw.get(at..from).unwrap_or_default());
            at = to;
        }
    }
    left.extend_from_slice(raw.get(at..).unwrap_or_default());
    left
}

/// From the delimiter line above a part to the line end below it.
fn piece(raw: &[u8], node: &Node<'_>) -> Option<(usize, usize)> {
    let from = (node.whole.as_ptr() as usize).checked_sub(raw.as_ptr() as usize)?;
    let above = raw.get(..from.checked_sub(1)?)?;
    let begin = memchr::memrchr(b'\n', above).map_or(0, |newline| newline + 1);
    let end = from + node.whole.len();
    let tail = raw.get(end..)?;
    let ended = if tail.starts_with(b"\r\n") { 2 } else { usize::from(tail.starts_with(b"\n")) };
    Some((begin, end + ended))
}
