//! Every sentence in the sources, listed for the window's catalogues (`ui/src/i18n/engine/templates.json`).
//!
//! Read as text: the literals of `say!`, and those given to an error's constructors. What is no literal there
//! is a [`super::Phrase`], which `say!` alone makes.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The packages whose words reach the window; the command line speaks English alone.
const PACKAGES: [&str; 6] = ["model", "mail", "base", "remote", "store", "engine"];

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Text(String),
    Word(String),
    Sign(char),
}

/// What a Rust source is made of, without comments and blanks.
fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let get = |at: usize| chars.get(at).copied().unwrap_or('\0');
    let (mut found, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        let c = get(at);
        if c == '/' && get(at + 1) == '/' {
            while at < chars.len() && get(at) != '\n' {
                at += 1;
            }
        } else if c == '/' && get(at + 1) == '*' {
            while at < chars.len() && !(get(at) == '*' && get(at + 1) == '/') {
                at += 1;
            }
            at += 2;
        } else if c == '"' {
            let (text, end) = literal(&chars, at + 1);
            found.push(Token::Text(text));
            at = end;
        } else if c == 'r' && (get(at + 1) == '"' || (get(at + 1) == '#' && matches!(get(at + 2), '#' | '"'))) {
            let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
            let start = at + 2 + hashes;
            let mut end = start;
            let closes = |end: usize| get(end) == '"' && (1..=hashes).all(|more| get(end + more) == '#');
            while end < chars.len() && !closes(end) {
                end += 1;
            }
            found.push(Token::Text(chars[start..end].iter().collect()));
            at = end + 1 + hashes;
        } else if c == '\'' {
            // A character, or a lifetime.
            at += if get(at + 1) == '\\' {
                3 + chars[at + 3..].iter().take_while(|c| **c != '\'').count() + 1
            } else if get(at + 2) == '\'' {
                3
            } else {
                1
            };
        } else if c.is_alphanumeric() || c == '_' {
            let end = at + chars[at..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
            found.push(Token::Word(chars[at..end].iter().collect()));
            at = end;
        } else {
            if !c.is_whitespace() {
                found.push(Token::Sign(c));
            }
            at += 1;
        }
    }
    found
}

/// A string from behind its quote, and where it ends.
fn literal(chars: &[char], mut at: usize) -> (String, usize) {
    let mut text = String::new();
    while let Some(c) = chars.get(at) {
        at += 1;
        match c {
            '"' => break,
            '\\' => {
                let escaped = chars.get(at).copied().unwrap_or_default();
                at += 1;
                match escaped {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    '\n' => at += chars[at..].iter().take_while(|c| c.is_whitespace()).count(),
                    'u' => {
                        let digits: String = chars[at + 1..].iter().take_while(|c| **c != '}').collect();
                        at += digits.len() + 2;
                        text.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap());
                    }
                    other => text.push(other),
                }
            }
            c => text.push(*c),
        }
    }
    (text, at)
}

fn word(tokens: &[Token], at: usize) -> &str {
    match tokens.get(at) {
        Some(Token::Word(word)) => word,
        _ => "",
    }
}

fn sign(tokens: &[Token], at: usize, wanted: char) -> bool {
    tokens.get(at) == Some(&Token::Sign(wanted))
}

/// Behind the bracket that closes the one before `at`.
fn closed(tokens: &[Token], mut at: usize) -> usize {
    let mut open = 1;
    while open > 0 && at < tokens.len() {
        match tokens[at] {
            Token::Sign('(' | '[' | '{') => open += 1,
            Token::Sign(')' | ']' | '}') => open -= 1,
            _ => {}
        }
        at += 1;
    }
    at
}

/// The sentences of a source: those of `say!`, and whole ones given to errors as literals.
fn sentences(source: &str) -> (Vec<String>, Vec<String>) {
    let tokens = tokens(source);
    let (mut said, mut given) = (Vec::new(), Vec::new());
    for at in 0..tokens.len() {
        if word(&tokens, at) == "say" && sign(&tokens, at + 1, '!') {
            if let Some(Token::Text(text)) = tokens.get(at + 3) {
                said.push(text.clone());
            }
            continue;
        }
        let made = word(&tokens, at) == "Error"
            && sign(&tokens, at + 1, ':')
            && matches!(word(&tokens, at + 3), "new" | "invalid" | "not_found");
        let told = sign(&tokens, at, '.') && matches!(word(&tokens, at + 1), "remedy" | "saying");
        let open = if made { at + 4 } else { at + 2 };
        // Other libraries' errors take a kind of theirs first.
        if !(made || told) || !sign(&tokens, open, '(') || matches!(word(&tokens, open + 1), "ErrorKind" | "io") {
            continue;
        }
        let end = closed(&tokens, open + 1);
        let mut inside = open + 1;
        while inside < end {
            if word(&tokens, inside) == "say" && sign(&tokens, inside + 1, '!') {
                inside = closed(&tokens, inside + 3);
                continue;
            }
            if let Token::Text(text) = &tokens[inside] {
                given.push(text.clone());
            }
            inside += 1;
        }
    }
    (said, given)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.ends_with("tests") {
                walk(&path, found);
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") && !name.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// All sentences by package; one that several use stands with the first of them.
fn all() -> BTreeMap<&'static str, Vec<String>> {
    let mut seen = std::collections::BTreeSet::new();
    let mut all = BTreeMap::new();
    let mut odd = Vec::new();
    for package in PACKAGES {
        let mut paths = Vec::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(package).join("src"), &mut paths);
        let mut own = Vec::new();
        for path in paths {
            let source = std::fs::read_to_string(&path).unwrap();
            let shipped = source.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
            let (said, given) = sentences(shipped);
            odd.extend(given.iter().filter(|text| !whole(text)).cloned());
            own.extend(said.into_iter().chain(given).filter(|text| seen.insert(text.clone())));
        }
        own.sort();
        all.insert(package, own);
    }
    assert!(odd.is_empty(), "a sentence begins with a capital and has a full stop: {odd:#?}");
    all
}

fn whole(text: &str) -> bool {
    text.starts_with(|c: char| !c.is_lowercase()) && text.ends_with(['.', '?', '}'])
}

#[test]
fn the_committed_list_of_sentences_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/i18n/engine/templates.json");
    let fresh = format!("{}\n", serde_json::to_string_pretty(&all()).unwrap());
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::create_dir_all(Path::new(path).parent().unwrap()).unwrap();
        std::fs::write(path, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == fresh, "run: UPDATE_BINDINGS=1 cargo test -p model, and translate what is new");
}

#[test]
fn sentences_are_found_wherever_they_stand() {
    let source = r#"
        // Error::invalid("Not this one.")
        Error::new(if a { ErrorCode::Busy } else { b }, say!("One “{name}”.", name = list.join(", ")))
            .remedy(if long { "Two." } else { "Three \
             lines." }).detail("not this");
        std::io::Error::new(io::ErrorKind::Other, "nor this");
        let c = '"'; self.wrong(say!("a fragment"))
    "#;
    let (said, given) = sentences(source);
    assert_eq!(said, ["One “{name}”.", "a fragment"]);
    assert_eq!(given, ["Two.", "Three lines."]);
}
