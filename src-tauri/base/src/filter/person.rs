//! Rules on persons: by name or address, without regard to case and diacritics.

use super::{Sense, Test};
use crate::text::fold;
use model::{Phrase, say};
use serde_json::Value as Json;

/// One rule on the person who made or changed a record. Text beside `contains` is a piece of a name, as
/// it was before persons could be chosen; a list names whole persons.
pub(super) fn one(predicate: &str, value: &Json) -> Result<Option<Test>, Phrase> {
    if matches!(predicate, "contains" | "does_not_contain") && value.is_string() {
        return super::text_rule(predicate, value);
    }
    let names = names(value)?;
    Ok((!names.is_empty()).then_some(match predicate {
        "contains" | "is" => Test::AnyText(names, Sense::Positive),
        _ => Test::AnyText(names, Sense::Negative),
    }))
}

/// One rule on a list of persons.
pub(super) fn several(predicate: &str, value: &Json) -> Result<Option<Test>, Phrase> {
    let names = names(value)?;
    Ok((!names.is_empty()).then_some(match predicate {
        "has_any_of" => Test::HasAnyText(names, Sense::Positive),
        "has_none_of" => Test::HasAnyText(names, Sense::Negative),
        "has_all_of" => Test::HasAllTexts(names),
        _ => Test::ExactlyTexts(names),
    }))
}

/// The persons a rule names, folded, each once.
fn names(value: &Json) -> Result<Vec<String>, Phrase> {
    let given: Vec<&str> = match value {
        Json::Null => Vec::new(),
        Json::String(name) => vec![name],
        Json::Array(list) => {
            list.iter().map(Json::as_str).collect::<Option<_>>().ok_or_else(|| say!("its value must be persons."))?
        }
        _ => return Err(say!("its value must be persons.")),
    };
    let mut names: Vec<String> = given.into_iter().map(|n| fold(n.trim())).filter(|n| !n.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}
