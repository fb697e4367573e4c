//! What the browser shows when it has come back to this machine.

/// A page in this language (its two letters; English for any other). It is shown whether the permission was
/// given or not, so it says neither.
pub(super) fn page(language: &str) -> String {
    let (title, text) = match language {
        "de" => ("Zurück zu Tabella", "Tabella hat die Antwort erhalten. Sie können diese Seite jetzt schließen."),
        "uk" => ("Назад до Tabella", "Tabella отримала відповідь. Цю сторінку вже можна закрити."),
        "pl" => ("Powrót do Tabelli", "Tabella otrzymała odpowiedź. Możesz teraz zamknąć tę stronę."),
        "ru" => ("Назад в Tabella", "Tabella получила ответ. Эту страницу можно закрыть."),
        _ => ("Back to Tabella", "Tabella has the answer. You can close this page now."),
    };
    let language = if title == "Back to Tabella" { "en" } else { language };
    format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"color-scheme\" content=\"light dark\"><style>body{{font:1.1rem/1.5 system-ui,sans-serif;\
         max-width:34rem;margin:20vh auto;padding:0 1.5rem}}</style></head>\
         <body><h1>{title}</h1><p>{text}</p></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_speaks_the_users_language_and_english_otherwise() {
        assert!(page("de").contains("schließen"));
        assert!(page("pl").contains("lang=\"pl\""));
        assert!(page("xx\"><script>").contains("lang=\"en\""));
    }
}
