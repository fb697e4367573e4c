//! How well a typed text fits a person: what completion goes by.
//!
//! Case and diacritics are folded. What stands in a name or an address as it was typed comes first;
//! initials (`jd`, `jdoe` for John Doe) and one mistake in a word (`jhon`, `mueller` for Müller) are
//! guesses, and come after it.
//! Refuses: more than one mistake a word, and letters scattered over a name: they find everybody.

use mail::text::fold;

/// Words of what was typed that are looked at.
const WORDS: usize = 6;
/// Shorter words have no mistakes: they would be other words.
const MISTAKE_CHARS: usize = 4;
/// Initials are short.
const INITIALS_CHARS: usize = 16;

/// How well what was typed fits, best first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The name or the address.
    Whole,
    /// Its beginning, or that of one of its words.
    Begins,
    /// Every word stands somewhere in it.
    #[default]
    Within,
    /// Beginnings of its words, one after the other.
    Initials,
    /// All but one letter of a word.
    Mistake,
}

/// What was typed, folded.
#[derive(Clone, Debug)]
pub struct Typed {
    text: String,
    words: Vec<String>,
}

impl Typed {
    /// Folds what was typed.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = fold(text.trim());
        let words = text.split_whitespace().take(WORDS).map(str::to_owned).collect();
        Self { text, words }
    }

    /// All of it, folded.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its words, folded.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// True where it is long enough to guess from.
    #[must_use]
    pub fn may_guess(&self) -> bool {
        self.text.chars().count() > 1
    }

    /// How well it fits a person; `None` where it does not.
    #[must_use]
    pub fn fit(&self, name: &str, email: &str) -> Option<Fit> {
        let (name, email) = (fold(name), fold(email));
        if self.text.is_empty() {
            return Some(Fit::Within);
        }
        if self.words().all(|word| name.contains(word) || email.contains(word)) {
            let begins = |of: &str| {
                of.match_indices(&self.text)
                    .any(|(at, _)| at == 0 || of.get(..at).is_some_and(|before| before.ends_with([' ', '-', '"', '('])))
            };
            return Some(if name == self.text || email == self.text {
                Fit::Whole
            } else if begins(&name) || email.starts_with(&self.text) {
                Fit::Begins
            } else {
                Fit::Within
            });
        }
        if !self.may_guess() {
            return None;
        }
        let parts = |of: &str| -> Vec<Vec<char>> {
            of.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(|w| w.chars().collect()).collect()
        };
        let in_name = parts(&name);
        if let [word] = self.words.as_slice() {
            let typed: Vec<char> = word.chars().collect();
            let in_local = parts(email.split('@').next().unwrap_or_default());
            if typed.len() <= INITIALS_CHARS && (spells(&typed, &in_name, 0) || spells(&typed, &in_local, 0)) {
                return Some(Fit::Initials);
            }
        }
        let in_email = parts(&email);
        let mut typed = self.text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).peekable();
        typed.peek()?;
        typed
            .all(|word| {
                name.contains(word)
                    || email.contains(word)
                    || in_name.iter().chain(&in_email).any(|part| nearly_begins(part, word))
            })
            .then_some(Fit::Mistake)
    }
}

/// Whether the letters are beginnings of words, in their order, of two words or more.
fn spells(letters: &[char], words: &[Vec<char>], used: usize) -> bool {
    if letters.is_empty() {
        return used > 1;
    }
    (0..words.len()).any(|at| {
        let (Some(word), rest) = (words.get(at), words.get(at + 1..).unwrap_or_default()) else { return false };
        let common = word.iter().zip(letters).take_while(|(a, b)| a == b).count();
        (1..=common).rev().any(|taken| spells(letters.get(taken..).unwrap_or_default(), rest, used + 1))
    })
}

/// Whether a word begins as typed but for one letter: another one, one too many, one missing, or two
/// that changed places.
fn nearly_begins(word: &[char], typed: &str) -> bool {
    let length = typed.chars().count();
    length >= MISTAKE_CHARS
        && (length - 1..=length + 1).filter_map(|taken| word.get(..taken)).any(|beginning| {
            let beginning: String = beginning.iter().collect();
            strsim::osa_distance(&beginning, typed) <= 1
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(typed: &str, name: &str, email: &str) -> Option<Fit> {
        Typed::new(typed).fit(name, email)
    }

    #[test]
    fn what_stands_there_as_typed_is_told_from_its_beginning_and_its_middle() {
        assert_eq!(fit("JOHN DOE", "John Doe", "jd@x.test"), Some(Fit::Whole));
        assert_eq!(fit("doe", "John Doe", "x@x.test"), Some(Fit::Begins));
        assert_eq!(fit("ohn", "John Doe", "x@x.test"), Some(Fit::Within));
        assert_eq!(fit("doe john", "John Doe", "x@x.test"), Some(Fit::Within));
        assert_eq!(fit("muller", "Jörg Müller", "x@x.test"), Some(Fit::Begins));
        assert_eq!(fit("шев", "Тарас Шевченко", "x@x.test"), Some(Fit::Begins));
    }

    #[test]
    fn one_mistake_in_a_word_still_finds_it_and_two_do_not() {
        for typed in ["jhon", "johm", "jhon doe", "joohn", "jonh d"] {
            assert!(fit(typed, "John Doe", "x@x.test").is_some(), "{typed}");
        }
        assert_eq!(fit("mueller", "Jörg Müller", "x@x.test"), Some(Fit::Mistake));
        assert_eq!(fit("шевчеко", "Тарас Шевченко", "x@x.test"), Some(Fit::Mistake));
        assert_eq!(fit("jhon@exmaple", "", "john@example.org"), Some(Fit::Mistake));
        assert_eq!(fit("jxhm", "John Doe", "x@x.test"), None);
        assert_eq!(fit("bbo", "Bob", "x@x.test"), None, "three letters are no base for a guess");
    }

    #[test]
    fn initials_find_a_person_and_one_letter_alone_does_not_guess() {
        assert_eq!(fit("jd", "John Doe", "x@x.test"), Some(Fit::Initials));
        assert_eq!(fit("jdoe", "John Doe", "x@x.test"), Some(Fit::Initials));
        assert_eq!(fit("тш", "Тарас Шевченко", "x@x.test"), Some(Fit::Initials));
        assert_eq!(fit("annk", "", "anna.kowalska@x.test"), Some(Fit::Initials));
        assert_eq!(fit("dj", "John Doe", "x@x.test"), None);
        assert_eq!(fit("q", "John Doe", "x@x.test"), None);
    }
}
