//! E-mail: a mail address, or a name with one: `Ann <ann@example.org>`.

use super::{Behaviour, Family, Order, Storage};
use crate::text::trimmed;
use crate::{Cell, Misfit};
use model::say;

#[derive(Debug)]
pub(super) struct Email;

/// The bare address in `ann@example.org` or `Ann <ann@example.org>`; `None` if there is none.
pub fn address(text: &str) -> Option<&str> {
    let text = trimmed(text);
    if is_plain(text) {
        return Some(text);
    }
    let bare = match (text.rfind('<'), text.ends_with('>')) {
        (Some(at), true) => text.get(at + 1..text.len() - 1)?.trim(),
        (None, false) => text.strip_prefix("mailto:").unwrap_or(text),
        _ => return None,
    };
    let (local, domain) = bare.rsplit_once('@')?;
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && !local
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '@' | '(' | ')'));
    let domain_fits = domain.len() <= 255
        && domain.split('.').count() >= 2
        && domain.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
    (local_fits && domain_fits).then_some(bare)
}

/// An address as nearly all are: seen at one glance.
fn is_plain(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let simple = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+');
    let mut dots = 0;
    // A domain begins and ends with a letter or digit and has no two dots together.
    let mut before = b'.';
    for b in domain.bytes() {
        match b {
            b'.' if before == b'.' => return false,
            b'.' => dots += 1,
            b'-' => {}
            b if b.is_ascii_alphanumeric() => {}
            _ => return false,
        }
        before = b;
    }
    (1..=64).contains(&local.len()) && local.bytes().all(simple) && dots > 0 && before != b'.' && domain.len() <= 255
}

impl Behaviour for Email {
    fn storage(&self) -> Storage {
        Storage::Text
    }
    fn family(&self) -> Family {
        Family::Text
    }
    fn order(&self) -> Order {
        Order::Language
    }
    fn parse(&self, text: &str) -> Result<Cell, Misfit> {
        let trimmed = trimmed(text);
        if trimmed.is_empty() {
            return Ok(Cell::Empty);
        }
        if trimmed.contains(['\n', '\r']) || address(trimmed).is_none() {
            return Err(Misfit::not(text, |text| say!("“{text}” is not a mail address.", text)));
        }
        Ok(Cell::text(trimmed.strip_prefix("mailto:").unwrap_or(trimmed)))
    }
    fn show(&self, cell: &Cell) -> String {
        cell.as_text().unwrap_or_default().to_owned()
    }
}
