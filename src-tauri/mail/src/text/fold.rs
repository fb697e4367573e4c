//! Folding: what people type finds what others wrote.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without diacritics, so that `zluty` finds `Žlutý`.
///
/// Cyrillic ё becomes е, as writers use both for one letter; й stays, since it is a letter of its
/// own (`мой` is no `мои`), and so does ї. Compatibility forms (full width, ligatures) become plain.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        match c {
            // Hangul and kana keep their marks: without them they are other words.
            'a'..='z'
            | '0'..='9'
            | ' '
            | 'й'
            | 'ї'
            | 'ў'
            | 'ѓ'
            | 'ќ'
            | '\u{3040}'..='\u{30ff}'
            | '\u{ac00}'..='\u{d7a3}' => out.push(c),
            'ё' => out.push('е'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'þ' => out.push_str("th"),
            'ħ' => out.push('h'),
            'ı' => out.push('i'),
            c if is_combining_mark(c) && !is_vowel_sign(c) => {}
            c => out.extend(std::iter::once(c).nfd().filter(|part| !is_combining_mark(*part) || is_vowel_sign(*part))),
        }
    }
    out
}

/// Signs that are vowels rather than accents, in the scripts of India and south-east Asia.
fn is_vowel_sign(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{1cff}')
}
