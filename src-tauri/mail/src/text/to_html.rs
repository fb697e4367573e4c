//! Text to HTML: escaped, with links and quote levels.

/// Escapes text for HTML content and double-quoted attributes.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    escape_into(text, &mut out);
    out
}

fn escape_into(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\0' => {}
            c => out.push(c),
        }
    }
}

/// Plain text as HTML: line breaks kept, addresses and links live, `>` levels as blockquotes.
pub fn text_to_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 5 / 4);
    let mut depth = 0;
    let mut first_of_block = true;
    for line in text.lines() {
        let (level, content) = quote_level(line);
        if level != depth {
            while depth < level {
                out.push_str("<blockquote>");
                depth += 1;
            }
            while depth > level {
                out.push_str("</blockquote>");
                depth -= 1;
            }
            first_of_block = true;
        }
        if !first_of_block {
            out.push_str("<br>\n");
        }
        first_of_block = false;
        link_into(content, &mut out);
    }
    while depth > 0 {
        out.push_str("</blockquote>");
        depth -= 1;
    }
    out
}

/// `> > text` is level 2; at most 12 levels.
pub(super) fn quote_level(line: &str) -> (usize, &str) {
    let mut rest = line;
    let mut level = 0;
    while level < 12 {
        let Some(after) = rest.strip_prefix('>') else {
            break;
        };
        level += 1;
        rest = match after.strip_prefix(' ') {
            Some(next) if next.starts_with('>') => next,
            _ => after,
        };
    }
    if level > 0 { (level, rest.strip_prefix(' ').unwrap_or(rest)) } else { (0, line) }
}

/// One line, escaped, with `http(s)://`, `www.` and mail addresses as links.
pub fn link_urls(line: &str) -> String {
    let mut out = String::with_capacity(line.len() * 5 / 4);
    link_into(line, &mut out);
    out
}

fn link_into(line: &str, out: &mut String) {
    let mut rest = line;
    while let Some((at, length, kind)) = next_link(rest) {
        escape_spaces(rest.get(..at).unwrap_or_default(), out);
        let shown = rest.get(at..at + length).unwrap_or_default();
        out.push_str("<a href=\"");
        out.push_str(kind);
        escape_into(shown, out);
        out.push_str("\">");
        escape_into(shown, out);
        out.push_str("</a>");
        rest = rest.get(at + length..).unwrap_or_default();
    }
    escape_spaces(rest, out);
}

/// Runs of blanks keep their width, as in tables drawn with spaces.
fn escape_spaces(text: &str, out: &mut String) {
    if !text.contains("  ") && !text.contains('\t') {
        escape_into(text, out);
        return;
    }
    let wide = text.replace('\t', "    ").replace("  ", " \u{a0}");
    escape_into(&wide, out);
}

fn next_link(text: &str) -> Option<(usize, usize, &'static str)> {
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        let at = from + memchr::memchr3(b':', b'@', b'.', bytes.get(from..)?)?;
        from = at + 1;
        let found = match bytes.get(at)? {
            b':' => scheme_at(text, at),
            b'.' => www_at(text, at),
            _ => mail_at(text, at),
        };
        if found.is_some() {
            return found;
        }
    }
}

fn url_length(rest: &str) -> usize {
    let end = rest
        .find(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\u{201c}' | '\u{201d}' | '«' | '»')
        })
        .unwrap_or(rest.len());
    let mut url = rest.get(..end).unwrap_or_default();
    loop {
        let trimmed = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', ']', '}']);
        let trimmed = if trimmed.ends_with(')') && trimmed.matches('(').count() < trimmed.matches(')').count() {
            &trimmed[..trimmed.len() - 1]
        } else {
            trimmed
        };
        if trimmed.len() == url.len() {
            return url.len();
        }
        url = trimmed;
    }
}

fn scheme_at(text: &str, colon: usize) -> Option<(usize, usize, &'static str)> {
    for scheme in ["https", "http", "mailto", "tel"] {
        let Some(start) = colon.checked_sub(scheme.len()) else {
            continue;
        };
        if !text.get(start..colon).is_some_and(|head| head.eq_ignore_ascii_case(scheme)) {
            continue;
        }
        if text.get(..start)?.chars().next_back().is_some_and(char::is_alphanumeric) {
            continue;
        }
        let rest = text.get(start..)?;
        let length = url_length(rest);
        let least = scheme.len() + if scheme.starts_with("http") { 3 } else { 1 };
        if length > least
            && (!scheme.starts_with("http") || rest.get(scheme.len()..).is_some_and(|after| after.starts_with("://")))
        {
            return Some((start, length, ""));
        }
    }
    None
}

fn www_at(text: &str, dot: usize) -> Option<(usize, usize, &'static str)> {
    let start = dot.checked_sub(3)?;
    if !text.get(start..dot).is_some_and(|head| head.eq_ignore_ascii_case("www"))
        || text.get(..start)?.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '@' || c == '/')
    {
        return None;
    }
    let length = url_length(text.get(start..)?);
    (length > 6 && text.get(start + 4..start + length)?.contains('.')).then_some((start, length, "https://"))
}

fn mail_at(text: &str, at: usize) -> Option<(usize, usize, &'static str)> {
    let before = text.get(..at)?;
    let local = before.chars().rev().take_while(|c| c.is_ascii_alphanumeric() || "._%+-=~".contains(*c)).count();
    let start = at - local;
    let after = text.get(at + 1..)?;
    let domain_end = after.find(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-')).unwrap_or(after.len());
    let domain = after.get(..domain_end)?.trim_end_matches(['.', '-']);
    let whole = domain.contains('.')
        && domain
            .rsplit('.')
            .next()
            .is_some_and(|tld| tld.chars().count() >= 2 && tld.chars().all(char::is_alphanumeric));
    (local > 0 && whole).then(|| (start, local + 1 + domain.len(), "mailto:"))
}
