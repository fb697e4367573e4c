//! Text in people's order and text without its accidents: collation keys and folding.

use icu_collator::options::CollatorOptions;
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Names the rules behind [`Order::key`]; stored keys of another version are worthless.
pub const ORDER_VERSION: &str = "icu4x-2.4";

/// The order of text in one language.
pub struct Order(CollatorBorrowed<'static>);

impl Order {
    /// The order of a language such as `uk` or `pl`; an unknown one gets the order of the Unicode
    /// root, which is right for most. Numbers inside text count: “item 2” stands before “item 10”.
    pub fn new(language: &str) -> Self {
        let locale: icu_locale_core::Locale = language.parse().unwrap_or(icu_locale_core::Locale::UNKNOWN);
        let mut prefs = CollatorPreferences::from(&locale);
        prefs.numeric_ordering = Some(CollationNumericOrdering::True);
        let collator = Collator::try_new(prefs, CollatorOptions::default())
            .or_else(|_| Collator::try_new(CollatorPreferences::default(), CollatorOptions::default()));
        // The data is compiled in: a failure is a broken build, which the first test would show.
        match collator {
            Ok(collator) => Self(collator),
            Err(e) => unreachable!("collation data is compiled in: {e}"),
        }
    }

    /// Bytes whose byte order is the order of the texts.
    pub fn key(&self, text: &str) -> Vec<u8> {
        let mut key = Vec::with_capacity(text.len() + 8);
        self.key_to(text.as_bytes(), &mut key);
        key
    }

    /// Appends the key of a text in UTF-8.
    pub fn key_to(&self, text: &[u8], key: &mut Vec<u8>) {
        // Writing to a Vec can't fail.
        let _ = self.0.write_sort_key_utf8_to(text, key);
    }

    /// How two texts in UTF-8 stand to each other: as their keys do, but quicker than making those.
    pub fn compare(&self, a: &[u8], b: &[u8]) -> std::cmp::Ordering {
        self.0.compare_utf8(a, b)
    }
}

/// [`str::trim`], which looks at characters one by one, where most texts begin and end with a visible
/// ASCII one.
pub fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [] => text,
        [only] if only.is_ascii_graphic() => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// Text without case and diacritics, for “contains” and “is”: `Łódź` and `lodz` fold alike.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ł' | 'Ł' => out.push('l'),
            'ø' | 'Ø' => out.push('o'),
            'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
            'ı' => out.push('i'),
            'ß' | 'ẞ' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'þ' | 'Þ' => out.push_str("th"),
            // Folding Σ gives σ and, at the end of a word, ς: one letter for us.
            'ς' => out.push('σ'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(language: &str, words: &[&'static str]) -> Vec<&'static str> {
        let order = Order::new(language);
        let mut words = words.to_vec();
        words.sort_by_key(|w| order.key(w));
        words
    }

    #[test]
    fn words_stand_in_the_order_of_their_language() {
        assert_eq!(
            sorted("pl", &["żaba", "zebra", "źle", "lód", "łódź", "lza"]),
            ["lód", "lza", "łódź", "zebra", "źle", "żaba"]
        );
        assert_eq!(
            sorted("uk", &["ґава", "гава", "іва", "їжак", "єнот", "ива"]),
            ["гава", "ґава", "єнот", "ива", "іва", "їжак"]
        );
        assert_eq!(sorted("sv", &["öl", "zon", "ål", "apa"]), ["apa", "zon", "ål", "öl"]);
    }

    #[test]
    fn numbers_inside_text_count() {
        assert_eq!(sorted("en", &["item 10", "Item 2", "item 1"]), ["item 1", "Item 2", "item 10"]);
    }

    #[test]
    fn folding_forgets_case_and_diacritics() {
        for (a, b) in
            [("ШЕВЧЕНКО", "шевченко"), ("Łódź", "lodz"), ("Straße", "STRASSE"), ("ÉCOLE", "ecole"), ("Ёлка", "елка")]
        {
            assert_eq!(fold(a), fold(b));
        }
        assert_ne!(fold("a"), fold("b"));
    }
}
