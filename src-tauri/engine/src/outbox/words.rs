//! The few words that go into letters, in the languages of the window, and the words that promise
//! an attachment. What the window itself says is in its own catalogue.

/// Phrases around a quoted or forwarded original.
pub(crate) struct Phrases {
    /// Above a quote; `{date}` and `{author}` are filled in.
    pub attribution: &'static str,
    /// Above a forwarded letter.
    pub forwarded: &'static str,
    /// Captions of its header: From, Date, Subject, To, Cc.
    pub captions: [&'static str; 5],
}

const EN: Phrases = Phrases {
    attribution: "On {date}, {author} wrote:",
    forwarded: "Forwarded message",
    captions: ["From", "Date", "Subject", "To", "Cc"],
};
const DE: Phrases = Phrases {
    attribution: "Am {date} schrieb {author}:",
    forwarded: "Weitergeleitete Nachricht",
    captions: ["Von", "Datum", "Betreff", "An", "Cc"],
};
const UK: Phrases = Phrases {
    attribution: "{date} {author} пише:",
    forwarded: "Переслане повідомлення",
    captions: ["Від", "Дата", "Тема", "Кому", "Копія"],
};
const PL: Phrases = Phrases {
    attribution: "W dniu {date} {author} pisze:",
    forwarded: "Przekazana wiadomość",
    captions: ["Od", "Data", "Temat", "Do", "DW"],
};
const RU: Phrases = Phrases {
    attribution: "{date} {author} пишет:",
    forwarded: "Пересылаемое сообщение",
    captions: ["От", "Дата", "Тема", "Кому", "Копия"],
};

/// The phrases of a language tag such as `de` or `de_DE.UTF-8`; English for any other.
pub(crate) fn phrases(language: &str) -> &'static Phrases {
    match language.get(..2) {
        Some("de") => &DE,
        Some("uk") => &UK,
        Some("pl") => &PL,
        Some("ru") => &RU,
        _ => &EN,
    }
}

/// The language letters are written in: the window's setting, else the system's.
pub(crate) fn language(setting: &str) -> String {
    if !setting.is_empty() {
        return setting.to_owned();
    }
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default()
}

/// Beginnings of words that speak of an attachment, lower case.
const PROMISES: &[&str] = &[
    // English
    "attach",
    "enclosed",
    "enclosure",
    // German
    "anhang",
    "anhäng",
    "angehäng",
    "anbei",
    "beigefüg",
    "beiliegend",
    "anlage",
    // Ukrainian
    "вкладенн",
    "долуча",
    "долучен",
    "прикріп",
    "додаток",
    "додатку",
    "додатках",
    // Polish
    "załącz",
    "zalacz",
    "załaczni",
    "dołącz",
    // Russian
    "вложен",
    "прикреп",
    "прилага",
    "приложен",
    "прилож",
];

/// The first word of the author's own text that speaks of an attachment; quoted lines don't count.
pub(crate) fn promise(text: &str) -> Option<String> {
    let visible = mail::text::split_quoted(text).visible;
    visible
        .lines()
        .filter(|line| !line.starts_with('>'))
        .flat_map(|line| line.split(|c: char| !c.is_alphabetic()))
        .find(|word| {
            let lower = word.to_lowercase();
            // "attaché" is a person, "Anlageberatung" advises on money.
            PROMISES.iter().any(|begin| lower.starts_with(begin))
                && !["attaché", "attache", "anlageb", "anlagev"]
                    .iter()
                    .any(|other| if other.starts_with("att") { lower == *other } else { lower.starts_with(other) })
        })
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_heard_in_five_languages_and_not_in_what_is_quoted() {
        for (text, word) in [
            ("Please find the offer attached.", "attached"),
            ("Die Rechnung finden Sie im Anhang.", "Anhang"),
            ("Рахунок у вкладенні.", "вкладенні"),
            ("Umowa w załączniku.", "załączniku"),
            ("Счёт во вложении.", "вложении"),
        ] {
            assert_eq!(promise(text).as_deref(), Some(word));
        }
        assert_eq!(promise("Thanks!\n\nOn 2026-01-01 10:00, Ann <a@x.org> wrote:\n\n> see attached"), None);
        assert_eq!(promise("See you tomorrow."), None);
    }

    #[test]
    fn every_attribution_is_recognised_as_the_begin_of_history() {
        let author = model::message::Address { name: "Ann Lee".into(), email: "ann@example.org".into() };
        for language in ["en", "de", "uk", "pl", "ru"] {
            let line = mail::reply::attribution(phrases(language).attribution, &author, "2026-11-22 16:14");
            let letter = format!("Danke\n\n{}", mail::reply::quote_text(&line, "Hello\nWorld"));
            let split = mail::text::split_quoted(&letter);
            assert_eq!(split.visible.trim(), "Danke", "{language}: {line}");
        }
    }
}
