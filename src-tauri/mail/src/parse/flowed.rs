//! format=flowed (RFC 3676): soft-broken lines are one paragraph.

/// Joins soft-broken lines; the quote depth of a paragraph is kept in front of it.
pub(super) fn unwrap(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for (number, line) in text.split('\n').enumerate() {
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- ";
        if open != Some(depth) || signature {
            if number > 0 {
                out.push('\n');
            }
            if depth > 0 {
                out.extend(std::iter::repeat_n('>', depth));
                out.push(' ');
            }
        }
        let soft = content.ends_with(' ') && !signature;
        out.push_str(if soft && delsp { content.get(..content.len() - 1).unwrap_or_default() } else { content });
        open = soft.then_some(depth);
    }
    out
}
