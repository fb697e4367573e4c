//! The sentences themselves, and the list of all there are in the sources.
#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn a_sentence_reads_in_english_and_keeps_what_a_translation_needs() {
    let name = "Kunden";
    let phrase = crate::say!("The name “{name}” is taken.", name);
    assert_eq!(phrase.text, "The name “Kunden” is taken.");
    let json = serde_json::to_value(&phrase).unwrap();
    assert_eq!(json["parts"]["template"], "The name “{name}” is taken.");
    assert_eq!(json["parts"]["args"]["name"], "Kunden");
    assert_eq!(serde_json::from_value::<Phrase>(json).unwrap(), phrase);
}

#[test]
fn numbers_and_phrases_stay_what_they_are() {
    let inner = crate::say!("column {number}", number = 3_u16);
    let phrase = crate::say!("In {{braces}}, {place}: {count} of {count}.", place = inner, count = 2_usize);
    assert_eq!(phrase.text, "In {braces}, column 3: 2 of 2.");
    let args = &phrase.parts.unwrap().args;
    assert_eq!(args["count"], Arg::Number(2));
    assert!(matches!(&args["place"], Arg::Phrase(inner) if inner.text == "column 3"));
}

#[test]
fn braces_alone_are_a_template_of_their_own() {
    assert_eq!(crate::say!("Write {{name}}.").parts.unwrap().template, "Write {{name}}.");
    assert!(crate::say!("Nothing in it.").parts.is_none());
}

#[test]
fn a_template_and_its_arguments_have_the_same_names() {
    assert!(fits("{a} and {b}, {{c}}", &["b", "a"]));
    for (template, names) in
        [("{a}", &["b"][..]), ("{a}", &["a", "b"]), ("{a} {b}", &["a"]), ("{a", &["a"]), ("}", &[])]
    {
        assert!(!fits(template, names), "{template}");
    }
}
