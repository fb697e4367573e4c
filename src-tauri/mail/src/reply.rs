//! What an answer or forward takes from its original.
//!
//! Owns: subject, recipients, references, attribution and quote. Refuses: the words of a language;
//! the attribution's pattern comes from the caller's catalogue.

use crate::address;
use crate::parse::Parsed;
use crate::text::{escape_html, text_to_html};
use crate::threading::{Prefix, strip_prefix};
use model::message::Address;
use std::fmt::Write;

const REFERENCES_MAX: usize = 50;

/// `Re: subject`; a subject that has a prefix of an answer in any language keeps its own.
pub fn reply_subject(subject: &str) -> String {
    let subject = subject.trim();
    match strip_prefix(subject) {
        Some((Prefix::Reply, _)) => subject.to_owned(),
        _ => format!("Re: {subject}").trim_end().to_owned(),
    }
}

/// `Fwd: subject`; a subject that has a prefix of a forward in any language keeps its own.
pub fn forward_subject(subject: &str) -> String {
    let subject = subject.trim();
    match strip_prefix(subject) {
        Some((Prefix::Forward, _)) => subject.to_owned(),
        _ => format!("Fwd: {subject}").trim_end().to_owned(),
    }
}

/// To and Cc of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipients {
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
}

/// Recipients of an answer to the author. `own` are the addresses of the user: an answer to one's
/// own letter goes to its recipients. Never empty while the original names anybody.
pub fn reply_recipients(original: &Parsed, own: &[String]) -> Recipients {
    let mut to = if is_own(&original.from, own) { original.to.clone() } else { author(original) };
    to = unique(to, &[], &[]);
    if to.is_empty() {
        to = unique(original.to.iter().chain(&original.cc).cloned().collect(), &[], &[]);
    }
    if to.is_empty() && !original.from.email.is_empty() {
        to.push(original.from.clone());
    }
    Recipients { to, cc: Vec::new() }
}

/// Recipients of an answer to all: the author (or Reply-To) and everybody of To in To, the others
/// in Cc, each once, without the user's own addresses. Never empty while the original names anybody.
pub fn reply_all_recipients(original: &Parsed, own: &[String]) -> Recipients {
    let mut to = if is_own(&original.from, own) { Vec::new() } else { author(original) };
    to.extend(original.to.iter().cloned());
    // A list that puts itself into Reply-To would lose the author without this.
    let mut cc = original.cc.clone();
    if original.list_id.is_some() && !original.reply_to.is_empty() && !is_own(&original.from, own) {
        cc.insert(0, original.from.clone());
    }
    let to = unique(to, own, &[]);
    let cc = unique(cc, own, &to);
    if to.is_empty() {
        if cc.is_empty() {
            return reply_recipients(original, own);
        }
        return Recipients { to: cc, cc: Vec::new() };
    }
    Recipients { to, cc }
}

fn author(original: &Parsed) -> Vec<Address> {
    let usable: Vec<Address> =
        original.reply_to.iter().filter(|address| address.email.contains('@')).cloned().collect();
    if usable.is_empty() { vec![original.from.clone()] } else { usable }
}

fn is_own(candidate: &Address, own: &[String]) -> bool {
    let normal = address::normal(&candidate.email);
    own.iter().any(|mine| address::normal(mine) == normal)
}

fn unique(list: Vec<Address>, own: &[String], others: &[Address]) -> Vec<Address> {
    let mut seen: std::collections::HashSet<String> = own
        .iter()
        .map(|email| address::normal(email))
        .chain(others.iter().map(|other| address::normal(&other.email)))
        .collect();
    list.into_iter()
        .filter(|candidate| candidate.email.contains('@') && seen.insert(address::normal(&candidate.email)))
        .collect()
}

/// In-Reply-To and References of an answer (RFC 5322, section 3.6.4), at most 50 ids: the thread's
/// root and the newest ancestors.
pub fn reply_references(original: &Parsed) -> (Option<String>, Vec<String>) {
    let mut chain = crate::threading::references_of(original);
    if original.message_id.is_empty() {
        return (None, chain);
    }
    chain.push(original.message_id.clone());
    if chain.len() > REFERENCES_MAX {
        let cut = chain.len() - REFERENCES_MAX + 1;
        chain.drain(1..cut);
    }
    (Some(original.message_id.clone()), chain)
}

/// The line above a quote. `pattern` is a phrase such as `On {date}, {author} wrote:`; `date` is
/// formatted by the caller for the user's language and zone.
pub fn attribution(pattern: &str, author: &Address, date: &str) -> String {
    let name = if author.name.trim().is_empty() { author.email.clone() } else { address::format(author) };
    let mut out = String::with_capacity(pattern.len() + name.len() + date.len());
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        out.push_str(before);
        if let Some(tail) = after.strip_prefix("{author}") {
            out.push_str(&name);
            rest = tail;
        } else if let Some(tail) = after.strip_prefix("{date}") {
            out.push_str(date);
            rest = tail;
        } else {
            out.push('{');
            rest = after.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    crate::compose::clean_line(&out)
}

/// The original below an answer in plain text.
pub fn quote_text(attribution: &str, original: &str) -> String {
    format!("{attribution}\n\n{}", crate::text::quote_text(original))
}

/// The original below an answer in HTML; `original` is the sanitised HTML and goes in verbatim.
pub fn quote_html(attribution: &str, original: &str) -> String {
    format!(
        "<div class=\"tabella-quote\"><div>{}</div><blockquote type=\"cite\" style=\"margin:0 0 0 0.8ex;border-left:2px solid #cccccc;padding-left:1ex\">{original}</blockquote></div>",
        escape_html(attribution)
    )
}

/// A plain text original as the HTML that [`quote_html`] takes.
pub fn text_as_html(original: &str) -> String {
    format!("<div>{}</div>", text_to_html(original))
}

/// The block above a forwarded letter: pairs of a caption in the user's language and its value,
/// such as `("From", "Ann <a@x.org>")`; empty values are left out.
pub fn forward_header(title: &str, fields: &[(String, String)]) -> (String, String) {
    let mut text = format!("---------- {title} ----------\n");
    let mut html = format!("<div>---------- {} ----------<br>", escape_html(title));
    for (caption, value) in fields.iter().filter(|(_, value)| !value.trim().is_empty()) {
        let value = crate::compose::clean_line(value);
        let _ = writeln!(text, "{caption}: {value}");
        let _ = write!(html, "{}: {}<br>", escape_html(caption), escape_html(&value));
    }
    html.push_str("</div><br>");
    text.push('\n');
    (text, html)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(email: &str) -> Address {
        Address { name: String::new(), email: email.into() }
    }

    fn original() -> Parsed {
        Parsed {
            message_id: "3@x".into(),
            references: vec!["1@x".into(), "2@x".into()],
            from: at("ann@x.org"),
            to: vec![at("me@x.org"), at("bob@x.org")],
            cc: vec![at("Cy@x.org"), at("ANN@x.org"), at("me+alias@x.org")],
            ..Parsed::default()
        }
    }

    #[test]
    fn prefixes_are_never_doubled_in_any_language() {
        assert_eq!(reply_subject("Offer"), "Re: Offer");
        for kept in ["Re: Offer", "RE: Offer", "AW: Offer", "Odp: Offer", "Ответ: Offer", "Re[3]: Offer"] {
            assert_eq!(reply_subject(kept), kept);
        }
        assert_eq!(reply_subject("Fwd: Offer"), "Re: Fwd: Offer");
        assert_eq!(forward_subject("WG: Offer"), "WG: Offer");
        assert_eq!(forward_subject("Re: Offer"), "Fwd: Re: Offer");
        assert_eq!(reply_subject(""), "Re:");
    }

    #[test]
    fn an_answer_to_all_reaches_everybody_once_and_never_oneself() {
        let own = ["ME@x.org".to_owned(), "me+alias@x.org".to_owned()];
        let answer = reply_all_recipients(&original(), &own);
        assert_eq!(answer.to, [at("ann@x.org"), at("bob@x.org")]);
        assert_eq!(answer.cc, [at("Cy@x.org")]);
    }

    #[test]
    fn an_answer_is_never_without_a_recipient() {
        let own = ["me@x.org".to_owned()];
        let to_self = Parsed { from: at("me@x.org"), to: vec![at("me@x.org")], ..Parsed::default() };
        assert_eq!(reply_all_recipients(&to_self, &own).to, [at("me@x.org")]);
        assert_eq!(reply_recipients(&to_self, &own).to, [at("me@x.org")]);
        let own_sent = Parsed { from: at("me@x.org"), to: vec![at("bob@x.org")], ..Parsed::default() };
        assert_eq!(reply_recipients(&own_sent, &own).to, [at("bob@x.org")]);
        let bcc_only = Parsed { from: at("me@x.org"), ..Parsed::default() };
        assert_eq!(reply_all_recipients(&bcc_only, &own).to, [at("me@x.org")]);
    }

    #[test]
    fn reply_to_wins_over_the_author() {
        let list = Parsed { reply_to: vec![at("list@x.org")], list_id: Some("list.x.org".into()), ..original() };
        assert_eq!(reply_recipients(&list, &[]).to, [at("list@x.org")]);
        let all = reply_all_recipients(&list, &["me@x.org".to_owned()]);
        assert!(all.cc.contains(&at("ann@x.org")));
    }

    #[test]
    fn an_answer_names_its_parent_and_its_ancestors() {
        let (parent, chain) = reply_references(&original());
        assert_eq!(parent.as_deref(), Some("3@x"));
        assert_eq!(chain, ["1@x", "2@x", "3@x"]);
    }

    #[test]
    fn a_quoted_text_is_recognised_as_history_again() {
        let line = attribution(
            "On {date}, {author} wrote:",
            &Address { name: "Ann".into(), email: "a@x.org".into() },
            "Monday",
        );
        let whole = format!("Thanks!\n\n{}", quote_text(&line, "Hello\n> older\n\nAnn"));
        let split = crate::text::split_quoted(&whole);
        assert_eq!(split.visible, "Thanks!");
        assert!(whole.contains(">> older\n>\n> Ann"), "{whole}");
    }
}
