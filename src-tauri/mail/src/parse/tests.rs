use super::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{GB18030, ISO_2022_JP, KOI8_R, SHIFT_JIS, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};
use std::fmt::Write;

fn simple(head: &str, body: &[u8]) -> Vec<u8> {
    [
        b"From: Ann <ann@x.org>\r\nTo: bob@x.org\r\nMessage-ID: <1@x.org>\r\nDate: Sun, 22 Nov 2026 16:00:00 +0200\r\n",
        head.as_bytes(),
        b"\r\n",
        body,
    ]
    .concat()
}

#[test]
fn a_plain_letter_is_read() {
    let raw = simple(
        "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nIn-Reply-To: <0@x.org>\r\nReferences: <a@x>\r\n\t<0@x.org>\r\n",
        b"Hello\r\nBob\r\n",
    );
    let parsed = parse(&raw);
    assert_eq!(parsed.from, Address { name: "Ann".into(), email: "ann@x.org".into() });
    assert_eq!(parsed.to, [Address { name: String::new(), email: "bob@x.org".into() }]);
    assert_eq!(parsed.subject, "Grüße");
    assert_eq!(parsed.message_id, "1@x.org");
    assert_eq!(parsed.references, ["a@x", "0@x.org"]);
    assert_eq!(parsed.date.unwrap().to_rfc3339(), "2026-11-22T14:00:00Z");
    assert_eq!(
        (parsed.text.as_deref(), parsed.html.as_deref(), parsed.snippet.as_str()),
        (Some("Hello\nBob\n"), None, "Hello Bob")
    );
    assert!(!parsed.unreadable);
}

#[test]
fn every_family_of_charsets_is_read_with_its_label() {
    let cases = [
        (GB18030, "你好，世界。这是一封测试邮件。"),
        (KOI8_R, "Здравствуйте, это письмо."),
        (WINDOWS_1251, "Привіт, це лист її."),
        (WINDOWS_1250, "Příliš žluťoučký kůň"),
        (WINDOWS_1252, "Grüße – „Ärger“ €5"),
        (ISO_2022_JP, "こんにちは、テストです。"),
        (SHIFT_JIS, "こんにちは、テストです。"),
    ];
    for (encoding, text) in cases {
        let bytes = encoding.encode(text).0;
        for (transfer, body) in [("8bit", bytes.to_vec()), ("base64", STANDARD.encode(&bytes).into_bytes())] {
            let subject = format!("=?{}?B?{}?=", encoding.name(), STANDARD.encode(&bytes));
            let raw = simple(
                &format!(
                    "Subject: {subject}\r\nContent-Type: text/plain; charset=\"{}\"\r\nContent-Transfer-Encoding: {transfer}\r\n",
                    encoding.name()
                ),
                &body,
            );
            let parsed = parse(&raw);
            assert_eq!(parsed.text.as_deref(), Some(text), "{}", encoding.name());
            assert_eq!(parsed.subject, text, "{}", encoding.name());
        }
    }
}

#[test]
fn bytes_without_a_label_or_with_a_false_one_are_still_read() {
    let text = "Здравствуйте! Высылаю вам договор и счёт на оплату, как мы договаривались вчера по телефону.";
    for encoding in [KOI8_R, WINDOWS_1251] {
        let raw = simple("Subject: x\r\n", &encoding.encode(text).0);
        assert_eq!(parse(&raw).text.as_deref(), Some(text), "{}", encoding.name());
    }
    for label in ["us-ascii", "iso-8859-1", "x-unknown", "utf-8"] {
        let raw = simple(&format!("Subject: x\r\nContent-Type: text/plain; charset={label}\r\n"), "Grüße".as_bytes());
        assert_eq!(parse(&raw).text.as_deref(), Some("Grüße"), "{label}");
    }
    let raw = simple("Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n", &WINDOWS_1251.encode(text).0);
    assert_eq!(parse(&raw).text.as_deref(), Some(text));
    let raw = simple("Subject: x\r\n", &ISO_2022_JP.encode("こんにちは").0);
    assert_eq!(parse(&raw).text.as_deref(), Some("こんにちは"));
}

#[test]
fn raw_bytes_in_a_header_follow_the_charset_of_the_letter() {
    let text = "Коммерческое предложение";
    let mut raw = b"From: ".to_vec();
    raw.extend_from_slice(&KOI8_R.encode("Анна").0);
    raw.extend_from_slice(b" <a@x.org>\r\nSubject: ");
    raw.extend_from_slice(&KOI8_R.encode(text).0);
    raw.extend_from_slice(b"\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\nx");
    let parsed = parse(&raw);
    assert_eq!((parsed.subject.as_str(), parsed.from.name.as_str()), (text, "Анна"));
    let utf8 = parse("Subject: Grüße\r\nFrom: Jörg <j@x.org>\r\n\r\nx".as_bytes());
    assert_eq!((utf8.subject.as_str(), utf8.from.name.as_str()), ("Grüße", "Jörg"));
}

fn newsletter() -> Vec<u8> {
    let file = STANDARD.encode([7_u8; 300]);
    simple(
        "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"m\"\r\n",
        format!(
            "preamble\r\n--m\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: multipart/alternative; boundary=ra\r\n\r\n--ra\r\nContent-Type: text/plain\r\n\r\nplain\r\n--ra\r\nContent-Type: text/html\r\n\r\n<div style=\"display:none\">preheader</div><p>rich <img src=\"cid:logo@x\"></p><style>p{{x}}</style>\r\n--ra--\r\n--r\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <logo@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n{file}\r\n--r--\r\n--m\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*0*=utf-8''%D0%94%D0%BE; filename*1*=%D0%B3.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{file}\r\n--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: Inner\r\nFrom: c@x.org\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\ninner\r\n--i--\r\n--m--\r\nepilogue\r\n"
        )
        .as_bytes(),
    )
}

#[test]
fn parts_are_told_apart_and_numbered() {
    let raw = newsletter();
    let parsed = parse(&raw);
    assert_eq!(parsed.text.as_deref(), Some("plain"));
    assert!(parsed.html.as_deref().unwrap().contains("rich"));
    let seen: Vec<_> = parsed
        .attachments
        .iter()
        .map(|file| (file.filename.as_str(), file.mime.as_str(), file.size, file.inline))
        .collect();
    assert_eq!(seen[..2], [("logo.png", "image/png", 300, true), ("Дог.pdf", "application/pdf", 300, false)]);
    assert_eq!((seen[2].0, seen[2].1), ("Inner.eml", "message/rfc822"));
    for file in &parsed.attachments {
        let (mime, name, bytes) = part(&raw, file.part).unwrap();
        assert_eq!((mime, name, bytes.len() as u64), (file.mime.clone(), file.filename.clone(), file.size));
    }
    assert_eq!(parse(&part(&raw, parsed.attachments[2].part).unwrap().2).text.as_deref(), Some("inner"));
    assert!(part(&raw, 0).is_none() && part(&raw, 99).is_none());
}

#[test]
fn the_visible_text_of_html_has_no_preheader_style_or_history() {
    let html = "<html><head><title>t</title><style>.x{}</style></head><body><div style='display:none;max-height:0'>preheader</div><p>Dear&nbsp;Bob &amp; Co</p><ul><li>one<li>two</ul><script>s</script><div class=gmail_quote>Ann wrote: old</div></body></html>";
    let parsed = parse(&simple("Subject: x\r\nContent-Type: text/html; charset=utf-8\r\n", html.as_bytes()));
    assert_eq!(parsed.text, None);
    assert_eq!(parsed.visible_text, "Dear Bob & Co\n\n- one\n- two");
    assert_eq!(parsed.snippet, "Dear Bob & Co - one - two");
}

#[test]
fn a_footer_beside_html_is_in_both_views() {
    let body = "--m\r\nContent-Type: text/html\r\n\r\n<p>rich</p>\r\n--m\r\nContent-Type: text/plain\r\n\r\nlist footer <x>\r\n--m--\r\n";
    let parsed = parse(&simple("Subject: x\r\nContent-Type: multipart/mixed; boundary=m\r\n", body.as_bytes()));
    assert_eq!(parsed.text, None);
    assert!(parsed.html.as_deref().unwrap().contains("list footer &lt;x&gt;"));
    assert!(parsed.visible_text.contains("list footer"));
}

#[test]
fn flowed_text_is_joined() {
    let body = b"This is a long \r\nparagraph.\r\n\r\n> quoted \r\n> too\r\n-- \r\nAnn\r\n";
    let parsed = parse(&simple("Subject: x\r\nContent-Type: text/plain; format=flowed\r\n", body));
    assert_eq!(parsed.text.as_deref(), Some("This is a long paragraph.\n\n> quoted too\n-- \nAnn\n"));
    let parsed = parse(&simple(
        "Subject: x\r\nContent-Type: text/plain; format=flowed; delsp=yes\r\n",
        "長い \r\n文章\r\n".as_bytes(),
    ));
    assert_eq!(parsed.text.as_deref(), Some("長い文章\n"));
}

#[test]
fn a_failure_report_names_letter_recipients_and_reason() {
    let raw = simple(
        "Subject: Undelivered\r\nAuto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
        b"--b\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.x.org\r\n\r\nFinal-Recipient: rfc822; bob@y.org\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no\r\n such user\r\n\r\nOriginal-Recipient: rfc822;cy@y.org\r\nFinal-Recipient: rfc822; alias@z.org\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@x.org>\r\nSubject: Offer\r\n\r\n--b--\r\n",
    );
    let parsed = parse(&raw);
    let bounce = parsed.bounce.clone().unwrap();
    assert!(parsed.is_bounce());
    assert_eq!(
        (bounce.original_message_id.as_deref(), bounce.original_subject.as_deref()),
        (Some("ours@x.org"), Some("Offer"))
    );
    assert_eq!(
        bounce.recipients,
        [
            BouncedRecipient {
                email: "bob@y.org".into(),
                action: "failed".into(),
                status: "5.1.1".into(),
                diagnostic: Some("550 5.1.1 no such user".into())
            },
            BouncedRecipient {
                email: "cy@y.org".into(),
                action: "delayed".into(),
                status: "4.4.1".into(),
                diagnostic: None
            },
        ]
    );
    assert!(bounce.recipients[0].is_failed() && !bounce.recipients[1].is_failed());
    assert_eq!(parsed.auto_submitted.as_deref(), Some("auto-replied"));
    let gmail = parse(b"From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\r\nX-Failed-Recipients: bob@y.org\r\nIn-Reply-To: <ours@x.org>\r\nSubject: Delivery Status Notification (Failure)\r\n\r\nx");
    assert_eq!(gmail.bounce.unwrap().recipients[0].email, "bob@y.org");
    assert!(parse(&simple("Subject: Delivery of your parcel\r\n", b"x")).bounce.is_none());
}

#[test]
fn list_fields_and_receipts_are_read() {
    let parsed = parse(&simple(
        "Subject: x\r\nList-Id: Our list <our.x.org>\r\nList-Unsubscribe: <mailto:u@x.org?subject=u>,\r\n <https://x.org/u?a=1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nDisposition-Notification-To: a@x.org\r\nAuto-Submitted: no\r\n",
        b"x",
    ));
    assert_eq!(
        (parsed.list_id.as_deref(), parsed.list_unsubscribe.as_deref()),
        (Some("our.x.org"), Some("https://x.org/u?a=1"))
    );
    assert!(parsed.unsubscribe_one_click && parsed.wants_receipt && parsed.auto_submitted.is_none());
}

#[test]
fn absurd_dates_are_none() {
    for date in ["Thu, 1 Jan 1970 00:00:00 +0000", "Mon, 1 Jan 2199 00:00:00 +0000", "yesterday", "", "99 Foo 99999"] {
        assert_eq!(parse(format!("From: a@x.org\r\nDate: {date}\r\n\r\nx").as_bytes()).date, None, "{date}");
    }
    assert_eq!(
        parse(b"From: a@x.org\r\nDate: 2026-11-22T16:00:00Z\r\n\r\nx").date.unwrap().to_rfc3339(),
        "2026-11-22T16:00:00Z"
    );
}

#[test]
fn file_names_are_safe_everywhere() {
    for (given, safe) in [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
        ("a\r\nb\0.txt", "ab.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.log", "_com1.log"),
        ("COMMON.txt", "COMMON.txt"),
        ("...", "file"),
        ("", "file"),
        (".bashrc", "_bashrc"),
        ("a.txt. . ", "a.txt"),
        ("what?*<>|:.txt", "what______.txt"),
        ("Отчёт 2026.pdf", "Отчёт 2026.pdf"),
    ] {
        assert_eq!(safe_filename(given), safe, "{given:?}");
    }
    let long = safe_filename(&("ж".repeat(500) + ".pdf"));
    assert!(long.len() <= 180 && long.ends_with("ж.pdf"));
}

#[test]
fn names_in_any_encoding_of_a_parameter_are_read() {
    for disposition in [
        "filename=\"=?utf-8?B?0JTQvtCzLnBkZg==?=\"",
        "filename*=utf-8''%D0%94%D0%BE%D0%B3.pdf",
        "filename=\"Дог.pdf\"",
        "filename=\"=?koi8-r?Q?=E4=CF=C7=2Epdf?=\"",
    ] {
        let body = format!(
            "--m\r\nContent-Type: text/plain\r\n\r\nx\r\n--m\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; {disposition}\r\n\r\nx\r\n--m--"
        );
        let parsed = parse(&simple("Subject: x\r\nContent-Type: multipart/mixed; boundary=m\r\n", body.as_bytes()));
        assert_eq!(parsed.attachments[0].filename, "Дог.pdf", "{disposition}");
    }
}

#[test]
fn encryption_is_noticed() {
    let pgp = simple("Subject: x\r\nContent-Type: multipart/encrypted; boundary=e\r\n", b"--e\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--e\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--e--");
    assert_eq!(parse(&pgp).encrypted, Some(Encryption::OpenPgp));
    let smime = simple("Subject: x\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n", b"x");
    assert_eq!(parse(&smime).encrypted, Some(Encryption::Smime));
    assert_eq!(parse(&simple("Subject: x\r\n", b"x")).encrypted, None);
}

#[test]
fn hostile_structure_is_read_without_harm() {
    let mut deep = String::from("From: a@x.org\r\nSubject: deep\r\n");
    for level in 0..5_000 {
        let _ = write!(deep, "Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n");
    }
    deep.push_str("\r\nbottom");
    assert_eq!(parse(deep.as_bytes()).subject, "deep");

    let broken = simple(
        "Subject: x\r\nContent-Type: multipart/mixed; boundary=m\r\n",
        b"--m\r\nContent-Type: text/plain\r\n\r\nfirst\r\n--m\r\nContent-Type: text/plain\r\n\r\nsecond without an end",
    );
    let parsed = parse(&broken);
    assert_eq!(parsed.text.as_deref(), Some("first\nsecond without an end"));
    let lost = simple("Subject: x\r\nContent-Type: multipart/mixed; boundary=nowhere\r\n", b"still here");
    assert_eq!(parse(&lost).text.as_deref(), Some("still here"));
    let nested = simple("Subject: x\r\nContent-Type: multipart/mixed; boundary=a\r\n", b"--a\r\nContent-Type: multipart/alternative; boundary=ab\r\n\r\n--ab\r\n\r\ninner\r\n--a\r\n\r\nouter\r\n--a--");
    assert_eq!(parse(&nested).text.as_deref(), Some("inner\nouter"));

    assert_eq!(parse(b"Subject: a\0b\r\nFrom: a@x.org\r\n\r\nx\0y").text.as_deref(), Some("xy"));
    let long = parse(format!("Subject: {}\r\nFrom: a@x.org\r\n\r\nx", "a".repeat(1_000_000)).as_bytes());
    assert!(long.subject.len() <= 2_000 && long.from.email == "a@x.org");
    let many: Vec<String> = (0..10_000).map(|at| format!("Name {at} <u{at}@x.org>")).collect();
    assert_eq!(parse(format!("From: a@x.org\r\nTo: {}\r\n\r\nx", many.join(",\r\n ")).as_bytes()).to.len(), 10_000);
    let words = format!("From: a@x.org\r\nSubject: {}\r\n\r\nx", "=?utf-8?B?".repeat(200_000));
    assert_eq!(parse(words.as_bytes()).from.email, "a@x.org");
    let parts = "--m\r\n\r\nx\r\n".repeat(20_000);
    let _ = parse(&simple("Subject: x\r\nContent-Type: multipart/mixed; boundary=m\r\n", parts.as_bytes()));
    let references = parse(
        format!(
            "From: a@x.org\r\nReferences: {}\r\n\r\nx",
            (0..5_000).map(|at| format!("<{at}@x>")).collect::<Vec<_>>().join(" ")
        )
        .as_bytes(),
    );
    assert_eq!(
        (
            references.references.len(),
            references.references[0].as_str(),
            references.references.last().unwrap().as_str()
        ),
        (200, "0@x", "4999@x")
    );
}

#[test]
fn what_is_no_mail_is_unreadable_but_shown() {
    let parsed = parse(b"\x00\xff\xfe binary \x01");
    assert!(parsed.unreadable || parsed.text.is_some());
    assert!(parse(b"").unreadable);
    assert!(parse(b"\r\n\r\n").unreadable);
}

#[test]
fn no_damage_to_a_letter_makes_the_parser_fail() {
    let raw = newsletter();
    let mut state = 42_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    for _ in 0..400 {
        let mut damaged = raw.clone();
        for _ in 0..=(next() % 8) {
            let at = next() % damaged.len().max(1);
            if damaged.len() < 2 {
                break;
            }
            match next() % 4 {
                0 => damaged[at] = next() as u8,
                1 => {
                    damaged.remove(at);
                }
                2 => damaged.insert(at, b"\r\n-=;\"\0<"[next() % 8]),
                _ => damaged.truncate(at.max(1)),
            }
        }
        let parsed = parse(&damaged);
        for file in &parsed.attachments {
            assert!(part(&damaged, file.part).is_some());
        }
    }
}

#[test]
fn a_header_alone_is_read() {
    let raw = newsletter();
    let whole = parse(&raw);
    for block in [header_block(&raw).to_vec(), [header_block(&raw), b"\r\n"].concat()] {
        let parsed = parse_headers(&block);
        assert_eq!(
            (parsed.subject, parsed.from, parsed.date, parsed.message_id),
            (whole.subject.clone(), whole.from.clone(), whole.date, whole.message_id.clone())
        );
    }
}

#[test]
fn transfer_encodings_are_decoded_even_when_damaged() {
    let read = |encoding: &str, body: &str| {
        parse(&simple(
            &format!(
                "Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n"
            ),
            body.as_bytes(),
        ))
        .text
        .unwrap()
    };
    assert_eq!(read("quoted-printable", "Gr=C3=BC=C3=9F=\r\ne = 5 =ZZ  \r\nx="), "Grüße = 5 =ZZ\nx");
    assert_eq!(read("base64", "R3LDvMOf\r\n!ZQ==\r\nIQ=="), "Grüße!");
    assert_eq!(read("Quoted-Printable ", "a=20"), "a ");
    assert_eq!(read("x-uuencode", "begin 644 x\r\n#0V%T\r\n`\r\nend\r\n"), "Cat");
}

#[test]
fn words_cut_in_the_middle_of_a_letter_are_joined() {
    for (subject, wanted) in [
        ("=?utf-8?B?0JTQ?=\r\n =?utf-8?B?vtCz?=", "Дог"),
        ("=?koi8-r?Q?=E4=CF?= =?koi8-r?Q?=C7?= plain", "Дог plain"),
        ("=?utf-8?Q?=D0=94=D0?= =?utf-8?Q?=BE=D0=B3?=", "Дог"),
        ("=?ISO-2022-JP?B?GyRCJDMkcxsoQg==?= =?ISO-2022-JP?B?GyRCJEskQRsoQg==?=", "こんにち"),
    ] {
        assert_eq!(
            parse(format!("From: a@x.org\r\nSubject: {subject}\r\n\r\nx").as_bytes()).subject,
            wanted,
            "{subject}"
        );
    }
}
