//! HTML as mail programs and marketing tools write it.

use std::fmt::Write as _;

use super::Dice;

/// HTML as marketing tools write it: nested tables, styles in every cell, tracked links and images.
pub(super) fn page(dice: &mut Dice, company: &str, title: &str, texts: &[String], newsletter: bool) -> String {
    let mut html = String::from("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><style>\n");
    for class in 0..if newsletter { 30 } else { 6 } {
        let _ = writeln!(
            html,
            ".c{class}{{font:{}px/1.4 Helvetica,Arial,sans-serif;color:#{:06x};padding:{}px}}",
            11 + dice.below(12),
            dice.below(0x0100_0000),
            dice.below(30)
        );
    }
    let _ = write!(
        html,
        "</style></head><body style=\"margin:0;background:#f2f2f4\"><table width=\"100%\"><tr><td align=\"center\"><h1>{title}</h1>"
    );
    for (number, text) in texts.iter().enumerate() {
        let (link, picture) = (dice.bits(), dice.bits());
        if newsletter {
            let _ = writeln!(
                html,
                "<table width=\"600\" cellpadding=\"0\" cellspacing=\"0\" style=\"border-collapse:collapse\"><tr><td width=\"200\"><a href=\"https://click.{company}.example/t/{link:016x}{picture:016x}\">\
                     <img src=\"https://img.{company}.example/{picture:016x}.jpg\" width=\"200\" alt=\"\" style=\"display:block;border:0\"></a></td><td class=\"c{number}\" style=\"font-family:Georgia,serif\"><p>{text}</p>\
                     <a href=\"https://click.{company}.example/t/{picture:016x}\" style=\"color:#1155cc\">Read on</a></td></tr></table>"
            );
        } else {
            let _ = writeln!(
                html,
                "<table width=\"560\"><tr><td class=\"c{}\" style=\"padding:8px 24px\">{text}</td></tr></table>",
                number % 6
            );
        }
    }
    let _ = writeln!(
        html,
        "<img src=\"https://open.{company}.example/{:016x}.gif\" width=\"1\" height=\"1\"></td></tr></table></body></html>",
        dice.bits()
    );
    html
}

pub(super) fn letter_html(texts: &[String], name: &str, quote: &str) -> String {
    let mut html = String::from("<div dir=\"ltr\">");
    for text in texts {
        let _ = writeln!(html, "<p style=\"margin:0 0 1em\">{}</p>", escaped(text));
    }
    let _ = write!(html, "<p>-- <br>{}</p>", escaped(name));
    if !quote.is_empty() {
        let _ = write!(
            html,
            "<blockquote type=\"cite\" style=\"border-left:1px solid #ccc;padding-left:1ex\">{}</blockquote>",
            escaped(quote)
        );
    }
    html + "</div>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
