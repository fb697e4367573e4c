use super::*;

fn run(html: &str, allow_remote: bool, dark: bool) -> Sanitized {
    sanitize(
        html,
        &Sanitize {
            allow_remote,
            cid_url: &|id| (id == "logo@x").then(|| "mail://part/2".to_owned()),
            remote_url: &|url| format!("mail://remote/{}", STANDARD.encode(url)),
            dark,
        },
    )
}

fn whole(clean: &Sanitized) -> String {
    format!("{}\u{1}{}\u{1}{}", clean.css, clean.body_attributes, clean.html)
}

/// Every way of loading something that a letter has been seen to try.
const LEAKS: &[&str] = &[
    "<img src=http://leak.test/1>",
    "<img src='//leak.test/1'>",
    "<img srcset='http://leak.test/1 2x' src=x>",
    "<img lowsrc=http://leak.test/1 dynsrc=http://leak.test/1 longdesc=http://leak.test/1>",
    "<IMG SRC=\"ht\ntp://leak.test/1\">",
    "<img src='&#104;ttp://leak.test/1'>",
    "<img src=' \u{1}http://leak.test/1'>",
    "<image src=http://leak.test/1>",
    "<picture><source srcset=http://leak.test/1><img></picture>",
    "<a ping=http://leak.test/1 attributionsrc=http://leak.test/1 href=#>x</a>",
    "<map><area ping=http://leak.test/1></map>",
    "<audio src=http://leak.test/1><source src=http://leak.test/1><track src=http://leak.test/1></audio>",
    "<video poster=http://leak.test/1 src=http://leak.test/1></video>",
    "<base href=http://leak.test/><img src=1>",
    "<bgsound src=http://leak.test/1>",
    "<body background=http://leak.test/1 onload=fetch('http://leak.test/1')>x",
    "<table background=http://leak.test/1><tr><td background=http://leak.test/1>x</table>",
    "<button formaction=http://leak.test/1>x</button>",
    "<form action=http://leak.test/1><input type=image src=http://leak.test/1><isindex action=http://leak.test/1></form>",
    "<embed src=http://leak.test/1><object data=http://leak.test/1><param name=movie value=http://leak.test/1></object><applet code=http://leak.test/1>",
    "<frameset><frame src=http://leak.test/1></frameset>",
    "<iframe src=http://leak.test/1 srcdoc='<img src=http://leak.test/1>'></iframe><portal src=http://leak.test/1></portal>",
    "<html manifest=http://leak.test/1 xmlns=http://leak.test/1><head profile=http://leak.test/1>x",
    "<link rel=stylesheet href=http://leak.test/1><link rel=dns-prefetch href=//leak.test><link rel=preload imagesrcset=http://leak.test/1>",
    "<meta http-equiv=refresh content='0;url=http://leak.test/1'><meta http-equiv=Content-Security-Policy content='report-uri http://leak.test/1'>",
    "<script src=http://leak.test/1></script><script>fetch('http://leak.test/1')//# sourceMappingURL=http://leak.test/1</script>",
    "<svg><image href=http://leak.test/1 xlink:href=http://leak.test/1 /><use href=http://leak.test/1#a /><feImage href=http://leak.test/1 /><style>@import 'http://leak.test/1'</style></svg>",
    "<svg fill='url(http://leak.test/1)'><a xlink:href=http://leak.test/1><text>x</text></a><animate attributeName=href to=http://leak.test/1 /></svg>",
    "<math href=http://leak.test/1><mi xlink:href=http://leak.test/1>x</mi><annotation-xml encoding=text/html><img src=http://leak.test/1></annotation-xml></math>",
    "<style>@import 'http://leak.test/1'; @import url(http://leak.test/1);</style>",
    "<style>@\\69mport 'http://leak.test/1';</style>",
    "<style>@font-face{font-family:x;src:url(http://leak.test/1)} p{font-family:x}</style><p>x",
    "<style>@charset 'x'; @namespace url(http://leak.test/1); @page{background:url(http://leak.test/1)}</style>",
    "<style>p{background:url(http://leak.test/1)}</style><p>x",
    "<style>p{background:u\\72l(http://leak.test/1)} p{background:URL('http://leak.test/1')}</style><p>x",
    "<style>p{background:image-set('http://leak.test/1' 1x)} p{background:-webkit-image-set(url(http://leak.test/1) 1x)}</style>",
    "<style>p{--x:url(http://leak.test/1);background:var(--x)} :root{--y:'http://leak.test/1'}</style>",
    "<style>p{content:url(http://leak.test/1);cursor:url(http://leak.test/1),auto;list-style:url(http://leak.test/1)}</style>",
    "<style>p{border-image:url(http://leak.test/1);mask:url(http://leak.test/1);filter:url(http://leak.test/1);clip-path:url(http://leak.test/1);shape-outside:url(http://leak.test/1)}</style>",
    "<style>p{behavior:url(http://leak.test/1);-moz-binding:url(http://leak.test/1);width:expression(x('http://leak.test/1'))}</style>",
    "<style>p{background:attr(data-x url)} p{background:cross-fade(url(http://leak.test/1),red)} p{src:url(http://leak.test/1)}</style>",
    "<style>@media screen{@import 'http://leak.test/1'; p{background:url(http://leak.test/1)}}</style>",
    "<style>/*# sourceMappingURL=http://leak.test/1 */ p{color:red}</style>",
    "<style>p{background:url(http://leak.test/1</style><p style='background:url(http://leak.test/1'>x",
    "<p style='background:url(http://leak.test/1);background-image:url(//leak.test/1)'>x</p>",
    "<p style='background:url(&quot;http://leak.test/1&quot;)'>x</p>",
    "<p style=\"list-style-image:url('http://leak.test/1')\">x</p>",
    "<p style='background:\\75 rl(http://leak.test/1)'>x</p>",
    "<a href='javascript:fetch(\"http://leak.test/1\")'>x</a><a href='jav&#9;ascript:x'>x</a><a href='vbscript:x'>x</a>",
    "<a href='data:text/html,<img src=http://leak.test/1>'>x</a><a href='file://leak.test/1'>x</a><a href='smb://leak.test/1'>x</a>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='><img src='data:text/html,http://leak.test/1'><img src='file://leak.test/1'>",
    "<input type=image src=http://leak.test/1><keygen><xml src=http://leak.test/1></xml>",
    "<noscript><img src=http://leak.test/1></noscript><template><img src=http://leak.test/1></template>",
    "<!--[if mso]><img src=http://leak.test/1><![endif]--><![if !mso]><img src=http://leak.test/1><![endif]>",
    "<xmp><img src=http://leak.test/1></xmp><plaintext><img src=http://leak.test/1>",
    "<select><option><img src=http://leak.test/1></select><textarea><img src=http://leak.test/1></textarea>",
    "<blockquote cite=http://leak.test/1>x</blockquote><q cite=http://leak.test/1>x</q><del cite=http://leak.test/1>x</del>",
    "<div itemtype=http://leak.test/1 data-src=http://leak.test/1 onclick=x onerror=x>x</div>",
];

#[test]
fn no_known_leak_leaves_an_address_that_would_load() {
    for leak in LEAKS {
        for dark in [false, true] {
            let clean = run(leak, false, dark);
            // What is shown as text may name the host; tags and styles may not.
            let mut markup = clean.css.clone() + &clean.body_attributes;
            for piece in clean.html.split('<').skip(1) {
                markup.push_str(piece.split('>').next().unwrap_or_default());
                markup.push('\n');
            }
            assert!(!markup.contains("leak.test"), "{leak}\n=> {}", whole(&clean));
            for word in [
                "javascript:",
                "vbscript:",
                "file:",
                "smb:",
                "@import",
                "expression",
                "behavior",
                "<svg",
                "<math",
                "<script",
                "<form",
                "<input",
                "<meta",
                "<base",
                "onerror",
                "onclick",
                "svg+xml",
            ] {
                assert!(
                    !markup.contains(word) && !clean.html.contains(&format!("<{word}")),
                    "{leak}\n=> {}",
                    whole(&clean)
                );
            }
        }
    }
}

#[test]
fn remote_images_load_only_with_consent_and_only_through_the_engine() {
    let html = "<img src=http://x.test/a.png width=600><img src=http://x.test/a.png><td><p style='background:#fff url(https://x.test/b.png)'>t</p><img width=1 height=1 src=http://track.test/p>";
    let blocked = run(html, false, false);
    assert_eq!(blocked.remote_images, 3);
    assert!(blocked.html.contains("background:#fff none"), "{}", blocked.html);
    let allowed = run(html, true, false);
    assert_eq!(allowed.remote_images, 3);
    assert_eq!(allowed.html.matches("mail://remote/").count(), 3, "{}", allowed.html);
    assert!(!allowed.html.contains("x.test") && !allowed.html.contains(&STANDARD.encode("http://track.test/p")));
}

#[test]
fn inline_images_come_from_the_letter_itself() {
    let clean = run(
        "<img src='cid:logo@x'><img src='CID:logo%40x'><img src='cid:none'><img src='data:image/png;base64,iVBO Rw0='>",
        false,
        false,
    );
    assert_eq!(clean.html.matches("src=\"mail://part/2\"").count(), 2, "{}", clean.html);
    assert!(clean.html.contains("src=\"data:image/png;base64,iVBORw0=\""), "{}", clean.html);
    assert_eq!(clean.remote_images, 0);
}

#[test]
fn a_newsletter_keeps_its_look() {
    let html = r##"<html><head><style type="text/css">
        body{margin:0;padding:0} .btn a{color:#ffffff!important;background-color:#0a7}
        @media only screen and (max-width:600px){.col{width:100%!important;display:block}}
        </style></head><body bgcolor="#F4F4F4" style="margin:0"><center><table width="600" cellpadding="0" cellspacing="0" border="0" align="center" bgcolor="#ffffff" style="border-collapse:collapse;mso-table-lspace:0pt">
        <tr><td class="col" valign="top" style="font-family:Arial,'Helvetica Neue',sans-serif;font-size:14px;padding:20px 10px"><font color="red">Sale</font><a href="https://shop.test/x?a=1&amp;b=2">Shop</a></td></tr></table></center></body></html>"##;
    let clean = run(html, false, false);
    for kept in [
        "@media only screen and (max-width:600px)",
        ".col{width:100%!important;display:block}",
        "color:#ffffff!important",
    ] {
        assert!(clean.css.contains(kept), "{}", clean.css);
    }
    assert_eq!(clean.body_attributes, " bgcolor=\"#F4F4F4\" style=\"margin:0\"");
    for kept in [
        "<table width=\"600\" cellpadding=\"0\"",
        "valign=\"top\"",
        "font-family:Arial,&quot;Helvetica Neue&quot;,sans-serif",
        "<font color=\"red\">",
        "href=\"https://shop.test/x?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener noreferrer\"",
    ] {
        assert!(clean.html.contains(kept), "{kept}: {}", clean.html);
    }
}

#[test]
fn a_style_sheet_can_not_end_its_element() {
    for css in [
        "p{content:'</style><script>x</script>'}",
        "p[a='</style><b>']{color:red}",
        ".a\\3c \\2f style\\3e{color:red}",
        "@media (x:'</style>'){p{color:red}}",
    ] {
        let clean = run(&format!("<style>{}</style>", css.replace("</", "<\\/")), false, false);
        assert!(!clean.css.contains('<'), "{css}: {}", clean.css);
        let clean = run(&format!("<style>{css}</style>"), false, false);
        assert!(!clean.css.contains('<'), "{css}: {}", clean.css);
    }
}

#[test]
fn a_letter_can_not_cover_the_window_or_spoof_the_fold() {
    let clean = run(
        "<div class='tabella-history x' style='position:fixed;z-index:99999;top:0'>a</div><style>.tabella-history{display:none}p{position:sticky}</style>",
        false,
        false,
    );
    assert_eq!(clean.html, "<div class=\"x\" style=\"top:0\">a</div>");
    assert_eq!(clean.css, "");
}

#[test]
fn links_that_pretend_are_named() {
    let deceptive =
        |html: &str| run(html, false, false).deceptive_links.into_iter().map(|link| link.host).collect::<Vec<_>>();
    assert_eq!(deceptive("<a href='http://evil.test/x'>https://www.bank.com/login</a>"), ["evil.test"]);
    assert_eq!(deceptive("<a href='http://evil.test/x'>Log in at www.bank.com</a>"), ["evil.test"]);
    assert_eq!(deceptive("<a href='https://раураl.com/'><b>paypal.com</b></a>"), ["xn--l-7sba6dbr.com"]);
    assert_eq!(deceptive("<a href='mailto:a@evil.test'>a@bank.com</a>"), ["evil.test"]);
    for honest in [
        "<a href='https://shop.bank.com/x'>www.bank.com</a>",
        "<a href='https://bank.co.uk/x'>https://login.bank.co.uk/</a>",
        "<a href='https://x.test/'>Click here</a>",
        "<a href='https://x.test/'>report.pdf</a>",
        "<a href='https://x.test/'>e.g. this</a>",
        "<a href='mailto:a@bank.com'>a@bank.com</a>",
    ] {
        assert_eq!(deceptive(honest), Vec::<String>::new(), "{honest}");
    }
}

#[test]
fn a_mail_link_can_not_attach_files() {
    let clean = run("<a href='mailto:a@x.org?subject=Hi&attach=/etc/passwd&Attachment=x'>m</a>", false, false);
    assert!(clean.html.contains("mailto:a@x.org?subject=Hi\""), "{}", clean.html);
}

#[test]
fn history_below_an_answer_is_folded_and_nothing_else() {
    for folded in [
        "<div>Thanks!</div><div class='gmail_quote'>On Monday Ann wrote:<blockquote>Hello</blockquote></div>",
        "<p>Thanks!</p><div class='moz-cite-prefix'>Ann wrote:</div><blockquote type='cite'>Hello</blockquote><pre class='moz-signature'>-- Bob</pre>",
        "<div><p>Thanks!</p><div id='divRplyFwdMsg'>From: Ann</div><div>Hello</div></div>",
        "<div><p>Thanks!</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p>From: Ann</p></div><p>Hello</p></div>",
    ] {
        let clean = run(folded, false, false);
        assert!(clean.has_history, "{folded}: {}", clean.html);
        let (above, below) =
            clean.html.split_once("<details class=\"tabella-history\"><summary><!--history--></summary>").unwrap();
        assert!(
            above.contains("Thanks!")
                && !above.contains("Hello")
                && below.contains("Hello")
                && below.contains("</details>"),
            "{}",
            clean.html
        );
    }
    let answer = run("<p>A</p><div class='gmail_quote'>B<details>C</details></div>", false, false);
    assert_eq!(
        answer.as_fragment(),
        "<div><p>A</p><div><div class=\"gmail_quote\">B<details>C</details></div></div></div>"
    );
    for whole in [
        "<div class='gmail_quote'>Forwarded</div>",
        "<blockquote type='cite'>Q?</blockquote><p>Answer</p>",
        "<p>A</p><blockquote type='cite'>Q?</blockquote><p>Answer below</p>",
        "<p>x<!--history--></p>",
    ] {
        let clean = run(whole, false, false);
        assert!(
            !clean.has_history && !clean.html.contains("<details") && !clean.html.contains("<!--"),
            "{whole}: {}",
            clean.html
        );
    }
}

#[test]
fn colours_are_turned_in_the_dark_unless_the_letter_has_its_own() {
    let clean = run(
        "<table bgcolor='#ffffff'><tr><td style='color:#000;background:rgb(255,255,255)'>x</td></tr></table><style>p{color:black}</style>",
        false,
        true,
    );
    assert!(clean.html.contains("bgcolor=\"#1c1c1c\""), "{}", clean.html);
    assert!(clean.html.contains("color:#e6e6e6;background:rgba(28,28,28,1)"), "{}", clean.html);
    assert!(clean.css.contains("p{color:#e6e6e6}"), "{}", clean.css);
    let own = "<style>@media (prefers-color-scheme: dark){p{color:white}}</style><p style='color:#000'>x";
    assert!(run(own, false, true).css.contains("@media (min-width:0px)"), "{}", run(own, false, true).css);
    assert!(run(own, false, true).html.contains("color:#000"));
    assert!(run(own, false, false).css.contains("@media (max-width:0px)"));
}

#[test]
fn nesting_beyond_reason_costs_little_and_shows_text() {
    let deep = "<div>".repeat(200_000) + "hello";
    let clean = run(&deep, false, false);
    assert!(clean.html.contains("hello") && clean.html.len() < 1000);
    let tricky = "<div></x>".repeat(50_000) + "hello";
    assert!(run(&tricky, false, false).html.contains("hello"));
    let formatting: String =
        (0..1500).fold(String::new(), |all, at| all + &format!("<b class=a{at}>")) + &"<p>x".repeat(1_500);
    assert!(run(&formatting, false, false).html.contains('x'));
    let attributes: String = (0..200_000).fold("<p>hello<b ".to_owned(), |all, at| all + &format!("a{at} "));
    for bomb in [attributes.clone() + ">x", format!("<!-->{attributes}>x"), attributes.replace(' ', "=\">\" ") + ">x"] {
        assert!(run(&bomb, false, false).html.contains("hello"));
    }
    let brackets = format!("<p style='width:{}'>x", "calc(".repeat(5_000));
    assert_eq!(run(&brackets, false, false).html, "<p>x</p>");
}

#[test]
fn cleaning_what_is_clean_changes_nothing() {
    for html in LEAKS.iter().chain(&[
        "<p>a<p>b<table><tr><td>c",
        "<b><i>x</b>y</i>",
        "<pre>\n\na</pre>",
        "<a href='http://x.org'>a<a href='http://y.org'>b</a>",
    ]) {
        let once = run(html, false, false);
        let twice = run(&once.html, false, false);
        assert_eq!(once.html, twice.html, "{html}");
    }
}
