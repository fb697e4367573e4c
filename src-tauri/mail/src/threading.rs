//! Which letters belong together.
//!
//! Owns: the base subject (RFC 5256, section 2.1), the order of references (RFC 5322, section
//! 3.6.4), and the rule for joining by subject. Refuses: storage; the caller looks ids up.

use crate::parse::Parsed;

/// Prefixes of answers and forwards in the languages that clients write them in.
const PREFIXES: &[&str] = &[
    "re",
    "fw",
    "fwd",
    "aw",
    "wg",
    "sv",
    "vs",
    "vb",
    "antw",
    "doorst",
    "odp",
    "pd",
    "rv",
    "res",
    "enc",
    "ref",
    "tr",
    "rif",
    "r",
    "i",
    "ynt",
    "ilt",
    "vá",
    "továbbítás",
    "atb",
    "odg",
    "σχετ",
    "πρθ",
    "ответ",
    "отв",
    "пересл",
    "fwd",
    "на",
    "відп",
    "відповідь",
    "пересил",
    "переслано",
    "转发",
    "轉寄",
    "回复",
    "回覆",
    "答复",
    "답장",
    "전달",
    "返信",
    "転送",
    "הועבר",
    "השב",
    "رد",
    "إعادة توجيه",
];
/// Of these, the ones that mean a forward.
const FORWARDS: &[&str] = &[
    "fw",
    "fwd",
    "wg",
    "vs",
    "vb",
    "doorst",
    "pd",
    "rv",
    "enc",
    "tr",
    "i",
    "ilt",
    "továbbítás",
    "πρθ",
    "пересл",
    "пересил",
    "переслано",
    "转发",
    "轉寄",
    "전달",
    "転送",
    "הועבר",
    "إعادة توجيه",
];
/// One-letter prefixes are words in many subjects; they count only with a capital.
const LETTERS: &[&str] = &["r", "i"];

/// What stands in front of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// `Re:` and its kin.
    Reply,
    /// `Fwd:` and its kin.
    Forward,
}

/// Takes one prefix off: its kind and the rest.
pub fn strip_prefix(subject: &str) -> Option<(Prefix, &str)> {
    let subject = subject.trim_start();
    let colon = subject.find([':', '：'])?;
    let head = subject.get(..colon)?.trim_end();
    if head.len() > 40 {
        return None;
    }
    let bare = head
        .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')' | '^' | '*'))
        .trim_end();
    let lower = bare.to_lowercase();
    if !PREFIXES.contains(&lower.as_str()) || (LETTERS.contains(&lower.as_str()) && bare == lower) {
        return None;
    }
    let rest = subject.get(colon..)?;
    let rest = rest.strip_prefix([':', '：'])?.trim_start();
    Some((if FORWARDS.contains(&lower.as_str()) { Prefix::Forward } else { Prefix::Reply }, rest))
}

/// The subject without prefixes, list tags in front of them, and `(fwd)` behind; one line, trimmed.
pub fn base_subject(subject: &str) -> String {
    let collapsed = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = collapsed.as_str();
    loop {
        if let Some((_, after)) = strip_prefix(rest) {
            rest = after;
            continue;
        }
        if let Some(after) = rest.strip_suffix("(fwd)").or_else(|| rest.strip_suffix("(Fwd)")) {
            rest = after.trim_end();
            continue;
        }
        if let Some(after) = blob(rest)
            && !after.is_empty()
        {
            rest = after;
            continue;
        }
        if let Some(inner) = rest
            .get(..5)
            .filter(|head| head.eq_ignore_ascii_case("[fwd:"))
            .and_then(|_| rest.get(5..)?.strip_suffix(']'))
        {
            rest = inner.trim();
            continue;
        }
        return rest.trim().to_owned();
    }
}

/// A `[list]` tag in front, as RFC 5256 calls it.
fn blob(subject: &str) -> Option<&str> {
    let inner = subject.strip_prefix('[')?;
    let (tag, rest) = inner.split_once(']')?;
    (!tag.contains('[') && !tag.to_lowercase().starts_with("fwd:") && tag.len() <= 60).then(|| rest.trim_start())
}

/// True where the subject has a prefix of an answer or forward.
pub fn is_answer_subject(subject: &str) -> bool {
    let mut rest = subject.trim_start();
    loop {
        if strip_prefix(rest).is_some() {
            return true;
        }
        match blob(rest) {
            Some(after) if !after.is_empty() => rest = after,
            _ => return false,
        }
    }
}

/// Ancestors of a message, oldest first, its parent last; each once, never the message itself.
pub fn references_of(parsed: &Parsed) -> Vec<String> {
    let mut chain: Vec<String> = Vec::with_capacity(parsed.references.len() + 1);
    for id in parsed.references.iter().chain(parsed.in_reply_to.iter()) {
        if !id.is_empty() && *id != parsed.message_id && !chain.contains(id) {
            chain.push(id.clone());
        }
    }
    // Where both are given, In-Reply-To names the parent even if References has it earlier.
    if let [parent] = parsed.in_reply_to.as_slice()
        && chain.last() != Some(parent)
        && let Some(at) = chain.iter().position(|id| id == parent)
    {
        let parent = chain.remove(at);
        chain.push(parent);
    }
    chain
}

/// The subject under which a message may join a thread that none of its references lead to:
/// only answers without any reference, and never the short subjects that everybody uses.
pub fn subject_key(parsed: &Parsed) -> Option<String> {
    if !references_of(parsed).is_empty() || !is_answer_subject(&parsed.subject) {
        return None;
    }
    let key = crate::text::fold(&base_subject(&parsed.subject));
    (key.chars().filter(|c| c.is_alphanumeric()).count() >= 6).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_many_languages_leave_the_same_subject() {
        for subject in [
            "Re: Angebot",
            "AW: Angebot",
            "WG: AW: Angebot",
            "Odp: Angebot",
            "Ответ: Angebot",
            "Пересл: Angebot",
            "RE[2]: Angebot",
            "Fwd: Re : Angebot",
            "[team] Re: Angebot",
            "Re: [team] Angebot",
            "回复：Angebot",
            "Angebot (fwd)",
            "[Fwd: Angebot]",
            "R: Angebot",
        ] {
            assert_eq!(base_subject(subject), "Angebot", "{subject}");
        }
        assert_eq!(base_subject("re"), "re");
        assert_eq!(base_subject("[team]"), "[team]");
        assert_eq!(base_subject("Meeting: tomorrow"), "Meeting: tomorrow");
        assert_eq!(base_subject("i: think"), "i: think");
        assert_eq!(base_subject(""), "");
    }

    #[test]
    fn ancestors_come_once_and_the_parent_last() {
        let parsed = Parsed {
            message_id: "d".into(),
            references: vec!["a".into(), "b".into(), "a".into(), "d".into(), "c".into()],
            in_reply_to: vec!["b".into()],
            ..Parsed::default()
        };
        assert_eq!(references_of(&parsed), ["a", "c", "b"]);
    }

    #[test]
    fn only_an_answer_without_references_may_join_by_subject() {
        let answer = Parsed { subject: "Re: Offer 2026-17".into(), ..Parsed::default() };
        assert_eq!(subject_key(&answer).as_deref(), Some("offer 2026-17"));
        assert_eq!(subject_key(&Parsed { subject: "Offer 2026-17".into(), ..Parsed::default() }), None);
        assert_eq!(subject_key(&Parsed { subject: "Re: hi".into(), ..Parsed::default() }), None);
        assert_eq!(subject_key(&Parsed { references: vec!["a".into()], ..answer }), None);
    }
}
