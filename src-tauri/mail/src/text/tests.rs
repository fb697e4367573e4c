use super::*;

#[test]
fn html_becomes_readable_text() {
    let html = "<h1>Title</h1><p>One <b>two</b>&nbsp;three<br>four &lt;x&gt; &euro;5 &#8211; &unknown;</p><ul><li>a<li>b<ol><li>c</ol></ul><table><tr><td>x</td><td>y</td></tr></table><a href='https://x.org/p'>here</a> <a href='https://x.org'>x.org</a><blockquote>q1<br>q2</blockquote><pre>k  e\n p</pre>";
    assert_eq!(
        html_to_text(html),
        "Title\n\nOne two three\nfour <x> €5 – &unknown;\n\n- a\n- b\n  1. c\n\nx y\n\nhere <https://x.org/p> x.org\n\n> q1\n> q2\n\nk  e\n p"
    );
}

#[test]
fn text_becomes_safe_html_with_links_and_levels() {
    assert_eq!(
        text_to_html("a <b> \"c\"\nsee https://x.org/a?b=1&c=2. or (www.y.org)\n> q\n>> qq\nmail a.b@x.org!"),
        "a &lt;b&gt; &quot;c&quot;<br>\nsee <a href=\"https://x.org/a?b=1&amp;c=2\">https://x.org/a?b=1&amp;c=2</a>. or (<a href=\"https://www.y.org\">www.y.org</a>)<blockquote>q<blockquote>qq</blockquote></blockquote>mail <a href=\"mailto:a.b@x.org\">a.b@x.org</a>!"
    );
    for harmless in ["javascript:x", "file:///etc", "http://", "@", "a@b", "www.", "x@@y.org", "https:", "12:30"] {
        assert!(!text_to_html(harmless).contains("<a "), "{harmless}");
    }
    assert!(!text_to_html("https://x.org/\"onclick=x").contains("\"onclick"));
}

#[test]
fn history_is_split_off_in_five_languages() {
    for history in [
        "On Mon, 22 Nov 2026 at 16:00, Ann <a@x.org> wrote:\n> Hello\n> there",
        "On Mon, 22 Nov 2026 at 16:00, Ann Very Long Name\n<a@x.org> wrote:\n\n> Hello",
        "Am Mo., 22. Nov. 2026 um 16:00 Uhr schrieb Ann <a@x.org>:\n> Hallo",
        "Le lun. 22 nov. 2026 à 16:00, Ann <a@x.org> a écrit :\n> Bonjour",
        "El lun, 22 nov 2026 a las 16:00, Ann (<a@x.org>) escribió:\n> Hola",
        "пн, 22 нояб. 2026 г. в 16:00, Аня <a@x.org>:\n> Привет",
        "22.11.2026 16:00, Аня пишет:\n> Привет",
        "пн, 22 лист. 2026 р. о 16:00 Аня <a@x.org> пише:\n> Привіт",
        "-----Original Message-----\nFrom: Ann\nSent: Monday\nTo: Bob\nSubject: x\n\nHello",
        "-----Ursprüngliche Nachricht-----\nVon: Ann\n\nHallo",
        "________________________________\nDe : Ann\nEnvoyé : lundi\nÀ : Bob\nObjet : x\n\nBonjour",
        "Von: Ann <a@x.org>\nGesendet: Montag\nAn: Bob\nBetreff: x\n\nHallo",
        "От: Аня\nДата: понедельник\nКому: Боб\nТема: x\n\nПривет",
    ] {
        let split = split_quoted(&format!("Thanks!\nBob\n\n{history}\n"));
        assert!(split.history.is_some(), "{history}");
        assert!(split.visible.starts_with("Thanks!\nBob"), "{history}: {}", split.visible);
        assert!(
            !split.visible.contains("Hello") && !split.visible.contains('>')
                || split.visible.contains("Аня <a@x.org>:"),
            "{history}: {}",
            split.visible
        );
    }
}

#[test]
fn a_text_without_history_is_whole() {
    for text in [
        "Hello\n\nfrom: me",
        "a > b",
        "Dear all,\n\nOn Monday we wrote:\nnothing.",
        "> only quoted",
        "",
        "From: the team\nwith love",
    ] {
        let split = split_quoted(text);
        assert_eq!((split.visible.as_str(), split.history), (text.trim_end(), None));
    }
}

#[test]
fn answers_between_quotes_are_visible_and_the_quotes_are_not() {
    let split = split_quoted("Ann wrote:\n> one?\nyes\n> two?\nno\n\n-- \nBob");
    assert_eq!((split.visible.as_str(), split.history), ("yes\nno\n\n-- \nBob", None));
}

#[test]
fn a_signature_below_the_history_does_not_hide_it() {
    let split = split_quoted("Thanks\n\nAnn wrote:\n> Hello\n\n-- \nBob");
    assert_eq!(split.visible, "Thanks");
}

#[test]
fn folding_joins_what_people_mean_as_one() {
    for (text, folded) in [
        ("Žlutý KŮŇ", "zluty kun"),
        ("Ёлка", "елка"),
        ("Йод", "йод"),
        ("Їжак", "їжак"),
        ("Straße", "strasse"),
        ("ＡＢＣ", "abc"),
        ("ﬁn", "fin"),
        ("ΆΛΦΑ", "αλφα"),
        ("Łódź", "lodz"),
        ("İstanbul ı", "istanbul i"),
        ("e\u{301}", "e"),
        ("и\u{306}", "й"),
        ("Ñandú", "nandu"),
        ("ガ", "ガ"),
        ("한국", "한국"),
    ] {
        assert_eq!(fold(text), folded, "{text}");
    }
}

#[test]
fn a_snippet_is_one_line_without_padding() {
    assert_eq!(snippet("  a\n\n b\t\u{34f}\u{200b} c"), "a b c");
    assert_eq!(
        snippet("News\n======\n( https://click.x.org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa )\nToday"),
        "News ( ) Today"
    );
    assert!(snippet("https://click.x.org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").starts_with("https://click"));
    let long = snippet(&"слово ".repeat(100));
    assert!(long.chars().count() <= 200 && long.starts_with("слово слово"));
}

#[test]
fn broken_html_is_read_to_its_end() {
    for html in [
        "<",
        "<a",
        "<a href='",
        "<!--",
        "<style>",
        "</",
        "<p",
        "a<b",
        "&#;&#x;&#99999999;&",
        "<script>x",
        "<a href=\"x>y",
        "<![CDATA[x]]>",
        "<div style='display:none'>x",
    ] {
        let _ = (html_to_text(html), visible_text_of_html(html));
    }
    assert_eq!(html_to_text("a < b"), "a < b");
    assert!(html_to_text(&"<blockquote>".repeat(100_000)).len() < 10);
}

#[test]
fn html_is_split_at_the_container_of_its_history() {
    let (above, below) = split_quoted_html("<p>Thanks</p><div class=\"gmail_quote\">Ann wrote: x</div>");
    assert_eq!(
        (above.as_str(), below.as_deref()),
        ("<p>Thanks</p>", Some("<div class=\"gmail_quote\">Ann wrote: x</div>"))
    );
    assert_eq!(split_quoted_html("<div class=\"gmail_quote\">x</div>").1, None);
}

#[test]
fn a_letter_that_announces_a_file_is_noticed() {
    for (text, word) in [
        ("Please find attached the offer", "attached"),
        ("Im Anhang die Datei", "anhang"),
        ("Прикрепляю договор", "прикрепляю"),
        ("请看附件", "附件"),
    ] {
        assert_eq!(attachment_word(text).as_deref(), Some(word));
    }
    for text in ["I am unattached", "Thanks!\n\nAnn wrote:\n> see attached", ""] {
        assert_eq!(attachment_word(text), None, "{text}");
    }
}
