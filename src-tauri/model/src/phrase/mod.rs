//! A sentence for people: said in English here, and in their own language by the window.
//!
//! Owns: the sentence as it reads, and what a translation needs: its template and its arguments ([`say!`]).
//! Refuses: languages. The catalogues are the window's (`ui/src/i18n/engine`), keyed by the English template.
//! Look next: [`crate::Error`], and `docs/decisions/0005-engine-speaks-english.md`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

#[cfg(test)]
mod sources_tests;
#[cfg(test)]
mod tests;

/// A sentence in English. Made of a literal, or by [`say!`] where it has arguments; never put together otherwise,
/// so that every template stands in the sources as it stands in the catalogues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Phrase {
    /// As it reads in English.
    pub text: String,
    /// What it is made of; none where it has no arguments: then the text is its own template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub parts: Option<Box<Parts>>,
}

/// What a translation is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Parts {
    /// English, with `{name}` where an argument stands; `{{` and `}}` are braces.
    pub template: String,
    /// The arguments by name.
    pub args: BTreeMap<String, Arg>,
}

/// An argument of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum Arg {
    /// A number as it stands, such as a port. The one named `count` chooses the plural form.
    Number(#[ts(type = "number")] i64),
    /// Somebody's own words, the same in every language: a name, an address, a path, a server's answer.
    Text(String),
    /// Words of ours, translated in their turn.
    Phrase(Phrase),
}

impl Phrase {
    /// Made by [`say!`], which has checked that the arguments are the template's.
    pub fn of<const N: usize>(template: &'static str, args: [(&str, Arg); N]) -> Self {
        let args: BTreeMap<_, _> = args.into_iter().map(|(name, arg)| (name.to_owned(), arg)).collect();
        let text = render(template, &args);
        let parts =
            (!args.is_empty() || text != template).then(|| Box::new(Parts { template: template.to_owned(), args }));
        Self { text, parts }
    }
}

/// What an error can be told with: a literal, or what [`say!`] made.
#[diagnostic::on_unimplemented(
    message = "this is no sentence that can be translated",
    label = "write a literal, or `say!(\"… {{name}} …\", name = value)`"
)]
pub trait Sentence {
    /// As a phrase.
    fn phrase(self) -> Phrase;
}

impl Sentence for &'static str {
    fn phrase(self) -> Phrase {
        Phrase { text: self.to_owned(), parts: None }
    }
}

impl Sentence for Phrase {
    fn phrase(self) -> Phrase {
        self
    }
}

impl std::fmt::Display for Phrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// A [`Phrase`] with arguments: `say!("The name “{name}” is taken.", name = new.name)`, or `say!("…", name)` for a
/// variable of that name. It does not compile when template and arguments differ.
#[macro_export]
macro_rules! say {
    (@arg $name:ident) => { $crate::phrase::ToArg::to_arg(&$name) };
    (@arg $name:ident $value:expr) => { $crate::phrase::ToArg::to_arg(&$value) };
    ($template:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        const { assert!($crate::phrase::fits($template, &[$(stringify!($name)),*]), "names of template and arguments") };
        $crate::phrase::Phrase::of($template, [$((stringify!($name), $crate::say!(@arg $name $($value)?))),*])
    }};
}

/// What can be an argument of [`say!`]. Other values say with `to_string()` that they are the same in every language.
pub trait ToArg {
    /// As an argument.
    fn to_arg(&self) -> Arg;
}

macro_rules! to_arg {
    ($arg:ident from $make:expr; $($kind:ty),*) => {
        $(impl ToArg for $kind {
            fn to_arg(&self) -> Arg {
                Arg::$arg($make(self))
            }
        })*
    };
}
to_arg!(Number from |n: &_| i64::from(*n); u8, u16, u32, i32);
to_arg!(Number from Clone::clone; i64);
to_arg!(Number from |n: &_| i64::try_from(*n).unwrap_or(i64::MAX); u64, usize);
to_arg!(Text from ToString::to_string; str, String, char, std::path::Display<'_>, std::borrow::Cow<'_, str>);
to_arg!(Phrase from Clone::clone; Phrase);

impl<T: ToArg + ?Sized> ToArg for &T {
    fn to_arg(&self) -> Arg {
        (**self).to_arg()
    }
}

/// Whether the names in a template are just these.
#[doc(hidden)]
pub const fn fits(template: &str, names: &[&str]) -> bool {
    let text = template.as_bytes();
    let mut met = 0_u64;
    let mut at = 0;
    while at < text.len() {
        let brace = text[at];
        at += 1;
        if brace != b'{' && brace != b'}' {
            continue;
        }
        if at < text.len() && text[at] == brace {
            at += 1;
            continue;
        }
        let from = at;
        while at < text.len() && text[at] != b'}' {
            at += 1;
        }
        if brace == b'}' || at == text.len() {
            return false;
        }
        let mut name = 0;
        while name < names.len() && !same(text, from, at, names[name].as_bytes()) {
            name += 1;
        }
        if name == names.len() {
            return false;
        }
        met |= 1 << name;
        at += 1;
    }
    met.count_ones() as usize == names.len()
}

const fn same(text: &[u8], from: usize, to: usize, name: &[u8]) -> bool {
    let mut at = 0;
    while at < name.len() {
        if from + at >= to || text[from + at] != name[at] {
            return false;
        }
        at += 1;
    }
    from + at == to
}

/// The template with its arguments in their places.
fn render(template: &str, args: &BTreeMap<String, Arg>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            text.push_str(brace);
            rest = after;
        } else if let Some((name, after)) = rest.split_once('}') {
            match args.get(name) {
                Some(Arg::Number(number)) => text.push_str(&number.to_string()),
                Some(Arg::Text(words)) => text.push_str(words),
                Some(Arg::Phrase(phrase)) => text.push_str(&phrase.text),
                None => {}
            }
            rest = after;
        }
    }
    text.push_str(rest);
    text
}
