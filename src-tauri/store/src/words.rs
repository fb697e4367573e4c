//! How text becomes words of the full-text index; the same for what is indexed and what is asked.
//!
//! Folding (case, diacritics, ё) comes from [`mail::text::fold`]. What is not a letter, mark or
//! digit becomes a space, so the index's tokenizer has only ASCII left to split. Scripts without
//! spaces (Han, kana, Hangul, Thai and their neighbours) are cut into characters: a phrase of these
//! then finds any substring.

/// Text ready for the index: words with single or more spaces between them.
pub fn index_text(text: &str) -> String {
    let folded = mail::text::fold(text);
    if folded.is_ascii() {
        return folded;
    }
    let mut out = String::with_capacity(folded.len() + folded.len() / 8);
    for c in folded.chars() {
        if c.is_ascii() {
            out.push(c);
        } else if is_unspaced(c) {
            out.push(' ');
            out.push(c);
            out.push(' ');
        } else if c.is_alphanumeric() || is_mark(c) {
            out.push(c);
        } else {
            out.push(' ');
        }
    }
    out
}

/// The words of a search term, as the index has them.
pub fn words(text: &str) -> Vec<String> {
    index_text(text)
        .split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// True where the last character of a word is a whole word by itself.
pub fn is_character_word(word: &str) -> bool {
    word.chars().next().is_some_and(is_unspaced)
}

fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}'      // Thai, Lao
        | '\u{1000}'..='\u{109f}'    // Myanmar
        | '\u{1780}'..='\u{17ff}'    // Khmer
        | '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' // Hangul
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' // kana
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}') // Han
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05c7}' | '\u{0610}'..='\u{061a}'
        | '\u{064b}'..='\u{065f}' | '\u{0900}'..='\u{0dff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_characters_of_unspaced_scripts_stand_alone() {
        assert_eq!(words("Žlutý KŮŇ, «Ёлка» — a.b@example.org"), ["zluty", "kun", "елка", "a", "b", "example", "org"]);
        assert_eq!(words("东京tower"), ["东", "京", "tower"]);
        assert_eq!(words("  ,. "), Vec::<String>::new());
    }
}
