use super::*;
use crate::parse::parse;

fn at(name: &str, email: &str) -> Address {
    Address { name: name.into(), email: email.into() }
}

fn letter() -> Outgoing {
    Outgoing {
        from: at("Ann", "ann@x.org"),
        to: vec![at("Bob", "bob@y.org")],
        bcc: vec![at("", "secret@z.org")],
        subject: "Offer".into(),
        date: Timestamp(1_795_363_200_000),
        message_id: new_message_id("x.org", [7; 16]),
        text: "Hello\n".into(),
        ..Outgoing::default()
    }
}

fn text_of(built: &Built) -> String {
    String::from_utf8(built.bytes.clone()).unwrap()
}

#[test]
fn a_plain_letter_is_small_and_says_what_was_meant() {
    let built = build(&letter()).unwrap();
    assert_eq!(
        text_of(&built),
        "Date: Sun, 22 Nov 2026 16:00:00 +0000\r\nFrom: Ann <ann@x.org>\r\nTo: Bob <bob@y.org>\r\nSubject: Offer\r\nMessage-ID: <07070707-0707-4707-8707-070707070707@x.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\nHello\r\n"
    );
    assert_eq!(built.size, built.bytes.len() as u64);
}

#[test]
fn bcc_is_never_in_the_bytes_and_equal_letters_are_equal_bytes() {
    let one = build(&letter()).unwrap();
    assert!(!text_of(&one).contains("secret"));
    assert_eq!(one, build(&letter()).unwrap());
    let hidden = Outgoing { to: vec![], ..letter() };
    assert!(text_of(&build(&hidden).unwrap()).contains("To: undisclosed-recipients:;\r\n"));
}

#[test]
fn the_part_tree_is_mixed_related_alternative() {
    let image = Part {
        filename: "логотип.png".into(),
        mime: "image/png".into(),
        content_id: Some("logo@x".into()),
        bytes: vec![1; 500],
    };
    let file = Part {
        filename: "Договор № 5 \"final\" с очень длинным именем файла, которое не помещается в одну строку.pdf".into(),
        mime: "application/pdf".into(),
        content_id: None,
        bytes: vec![2; 100_000],
    };
    let full = Outgoing {
        html: Some("<p>Grüße <img src=\"cid:logo@x\"></p>".into()),
        text: "Grüße".into(),
        inline: vec![image],
        attachments: vec![file.clone(), file],
        ..letter()
    };
    let built = build(&full).unwrap();
    let raw = text_of(&built);
    let order: Vec<&str> = raw
        .lines()
        .filter(|line| line.starts_with("Content-Type:"))
        .map(|line| line[14..].split(';').next().unwrap())
        .collect();
    assert_eq!(
        order,
        [
            "multipart/mixed",
            "multipart/related",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "image/png",
            "application/pdf",
            "application/pdf"
        ]
    );
    let parsed = parse(&built.bytes);
    assert_eq!(parsed.attachments.iter().map(|file| file.inline).collect::<Vec<_>>(), [true, false, false]);
    assert!(raw.lines().all(|line| line.len() <= 78), "{:?}", raw.lines().find(|line| line.len() > 78));
    assert!(raw.is_ascii());
}

#[test]
fn every_text_comes_back_as_it_was_written() {
    let long = "слово ".repeat(500) + &"x".repeat(3_000);
    for text in [
        "",
        "a",
        "From here\n.dot\n..\n-- \nsig  \n",
        "tab\there \u{a0}x=20",
        "=3D =",
        &long,
        "こんにちは\n\n\nend",
        "a\r\nb\rc",
        "line \u{2028} sep",
        "--boundary--\n--=_m_",
    ] {
        for html in [None, Some(format!("<p>{text}</p>"))] {
            let built = build(&Outgoing { text: text.into(), html, ..letter() }).unwrap();
            let wanted = text.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
            assert_eq!(
                parse(&built.bytes).text.unwrap_or_default().trim_end_matches('\n'),
                wanted.trim_end_matches('\n')
            );
        }
    }
}

#[test]
fn headers_of_every_language_and_length_come_back() {
    for subject in [
        "Grüße aus Köln",
        "日本語の件名 ".repeat(20).trim(),
        "=?utf-8?B?eA==?= tricky",
        &"long ".repeat(100),
        &"w".repeat(500),
        "emoji 👩‍👩‍👧 family",
        "",
        "a  b",
    ] {
        let built =
            build(&Outgoing {
                subject: subject.into(), from: at("Jörg \"J\" Müller, Dr.", "j@müller.de"), ..letter()
            })
            .unwrap();
        let parsed = parse(&built.bytes);
        assert_eq!(parsed.subject, clean_line(subject));
        assert_eq!(parsed.from, at("Jörg \"J\" Müller, Dr.", "j@xn--mller-kva.de"));
    }
    let many: Vec<Address> =
        (0..300).map(|index| at(&format!("Person, {index}"), &format!("p{index}@x.org"))).collect();
    let built = build(&Outgoing { to: many.clone(), ..letter() }).unwrap();
    assert_eq!(parse(&built.bytes).to, many);
    assert!(text_of(&built).lines().all(|line| line.len() <= 78));
    let url = format!("<https://x.org/u?{}>", "a".repeat(200));
    let list = vec![("List-Unsubscribe".to_owned(), format!("<mailto:u@x.org>, {url}"))];
    let built = build(&Outgoing { extra_headers: list, subject: "слово ".repeat(30), ..letter() }).unwrap();
    assert!(text_of(&built).contains(&url));
    assert!(text_of(&built).lines().all(|line| line.len() <= 76 || line.contains(&url)));
    assert_eq!(parse(&built.bytes).list_unsubscribe.as_deref(), Some(url.trim_matches(['<', '>'])));
}

#[test]
fn no_value_can_add_a_header() {
    let hostile = [
        "x\r\nBcc: evil@e.org",
        "x\nBcc: evil@e.org",
        "x\rBcc: evil@e.org",
        "x\r\n\r\nbody",
        "x\u{2028}Bcc: evil@e.org",
        "x\u{2029}Bcc: evil@e.org",
        "x\u{85}Bcc: evil@e.org",
        "x\0Bcc: evil@e.org",
        "\r\n Bcc: evil@e.org",
        "x\u{b}Bcc: evil@e.org",
        "x\u{c}Bcc: evil@e.org",
        "=?utf-8?Q?x=0D=0ABcc:_evil@e.org?=",
        "x\" <evil@e.org>, \"y",
        "x> , <evil@e.org",
        "x\\",
        "x\u{202e}gro.x@nna",
        "(comment) <evil@e.org>",
        "a, evil@e.org",
        "group: evil@e.org;",
        "\u{feff}\u{fffe}x",
    ];
    let plain = |letter: &Outgoing| -> Vec<String> {
        let built = build(letter).unwrap();
        let head = text_of(&built);
        head.split("\r\n\r\n")
            .next()
            .unwrap()
            .replace("\r\n ", " ")
            .lines()
            .map(|line| line.split(':').next().unwrap().to_owned())
            .collect()
    };
    let wanted = {
        let mut names = plain(&Outgoing {
            cc: vec![at("", "c@x.org")],
            reply_to: vec![at("", "r@x.org")],
            extra_headers: vec![("X-Tabella-Ref".into(), "v".into())],
            ..letter()
        });
        names.sort();
        names
    };
    for value in hostile {
        let full = Outgoing {
            from: at(value, "ann@x.org"),
            to: vec![at(value, "bob@y.org")],
            cc: vec![at(value, "c@x.org")],
            reply_to: vec![at(value, "r@x.org")],
            subject: value.into(),
            extra_headers: vec![("X-Tabella-Ref".into(), value.into())],
            references: vec![value.into()],
            in_reply_to: Some(value.into()),
            attachments: vec![Part {
                filename: value.into(),
                mime: value.into(),
                content_id: Some(value.into()),
                bytes: vec![1],
            }],
            ..letter()
        };
        let mut names = plain(&full);
        names.retain(|name| name != "References" && name != "In-Reply-To");
        names.sort();
        let mut expected = wanted.clone();
        // A message with a file has no encoding of its own.
        expected.retain(|name| name != "Content-Transfer-Encoding");
        assert_eq!(names, expected, "{value:?}");
        let parsed = parse(&build(&full).unwrap().bytes);
        assert_eq!(parsed.to.len(), 1, "{value:?}");
        assert_eq!((parsed.to[0].email.as_str(), parsed.from.email.as_str()), ("bob@y.org", "ann@x.org"), "{value:?}");
        assert!(parsed.bcc.is_empty());
    }
}

#[test]
fn hostile_addresses_ids_and_field_names_are_refused() {
    for email in ["a@x.org\r\nBcc: e@e.org", "a@x.org>, <e@e.org", "a b@x.org", "", "x", "a@x.org,e@e.org"] {
        assert!(
            matches!(build(&Outgoing { to: vec![at("", email)], ..letter() }), Err(ComposeError::BadRecipient(_))),
            "{email}"
        );
        assert!(
            matches!(build(&Outgoing { bcc: vec![at("", email)], ..letter() }), Err(ComposeError::BadRecipient(_))),
            "{email}"
        );
        assert!(
            matches!(build(&Outgoing { from: at("", email), ..letter() }), Err(ComposeError::BadSender(_))),
            "{email}"
        );
    }
    for id in ["", "x", "a@b>\r\nBcc: e@e.org", "a b@c", "<a@b>"] {
        assert!(
            matches!(build(&Outgoing { message_id: id.into(), ..letter() }), Err(ComposeError::BadMessageId(_))),
            "{id}"
        );
    }
    for name in ["Bcc", "bcc", "From", "X: y\r\nBcc", "", "Content-Type", "a b", "Received"] {
        assert!(
            matches!(
                build(&Outgoing { extra_headers: vec![(name.into(), "x".into())], ..letter() }),
                Err(ComposeError::BadField(_))
            ),
            "{name}"
        );
    }
}

#[test]
fn a_message_id_names_no_machine() {
    assert_eq!(new_message_id("müller.de", [0; 16]), "00000000-0000-4000-8000-000000000000@xn--mller-kva.de");
    assert!(new_message_id("bad domain\r\n", [1; 16]).ends_with("@tabella.invalid"));
}

#[test]
fn bcc_can_be_put_in_front_for_services_that_read_it_there() {
    let built = build(&letter()).unwrap();
    let with = with_bcc(&built.bytes, &[at("Señor, X", "secret@z.org")]).unwrap();
    assert!(with.ends_with(&built.bytes));
    let parsed = parse(&with);
    assert_eq!(parsed.bcc, [at("Señor, X", "secret@z.org")]);
    assert_eq!(parsed.to, letter().to);
    assert!(with_bcc(&built.bytes, &[at("", "a@x.org\r\nX: y")]).is_err());
    assert_eq!(with_bcc(&built.bytes, &[]).unwrap(), built.bytes);
}

#[test]
fn whatever_people_write_can_be_sent_and_adds_nothing() {
    let alphabet: Vec<char> =
        "aZ09 \t\"'\\()<>[]{}@,;:.=?_-#%&*!~^|/\r\n\0\u{1b}\u{7f}\u{85}\u{a0}\u{ad}\u{200b}\u{200d}\u{2028}\u{202e}\u{feff}\u{fffd}éßжї語한👩🏴"
            .chars()
            .collect();
    let mut state = 12345_u64;
    let mut next = |end: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % end
    };
    for round in 0..400 {
        let mut any = |most: usize| -> String {
            let length = next(most);
            (0..length).map(|_| alphabet[next(alphabet.len())]).collect()
        };
        let letter = Outgoing {
            from: at(&any(30), "ann@x.org"),
            to: vec![at(&any(90), "bob@y.org"), at(&any(9), "cy@y.org")],
            cc: vec![at(&any(5), "c@x.org")],
            subject: any(200),
            text: any(400),
            html: (round % 2 == 0).then(|| any(400)),
            attachments: vec![Part {
                filename: any(120),
                mime: any(12),
                content_id: Some(any(9)),
                bytes: any(60).into_bytes(),
            }],
            extra_headers: vec![("X-Ref".into(), any(80))],
            ..letter()
        };
        let built = build(&letter).unwrap_or_else(|error| panic!("{error}: {:?}", letter.attachments[0]));
        let parsed = parse(&built.bytes);
        assert_eq!((parsed.to.len(), parsed.cc.len(), parsed.bcc.len()), (2, 1, 0));
    }
}
