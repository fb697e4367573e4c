//! SMTP replies: code, enhanced code (RFC 3463) and words; and what they mean.

use model::{Error, ErrorCode, say};

/// A server's reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Three digits, 200..=599.
    pub code: u16,
    /// Class, subject and detail, such as 5.7.1, where given.
    pub enhanced: Option<(u8, u16, u16)>,
    /// The words of all lines, without codes.
    pub lines: Vec<String>,
}

impl Reply {
    /// Accepted.
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.code)
    }

    /// Refused for now.
    pub fn is_later(&self) -> bool {
        (400..500).contains(&self.code) || self.enhanced == Some((5, 4, 5))
    }

    /// The server's answer in one line, with its codes.
    pub fn answer(&self) -> String {
        let words = self.lines.join(" ");
        match self.enhanced {
            Some((class, subject, detail)) => {
                format!("{} {class}.{subject}.{detail} {words}", self.code)
            }
            None => format!("{} {words}", self.code),
        }
    }
}

/// One line of a reply: its code, whether more follow, and its text. `None` where it is none.
pub fn line(text: &str) -> Option<(u16, bool, &str)> {
    let code = text.get(..3).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
    let rest = text.get(3..)?;
    let (more, words) = match rest.chars().next() {
        None => (false, ""),
        Some(' ') => (false, rest.get(1..)?),
        Some('-') => (true, rest.get(1..)?),
        Some(_) => return None,
    };
    (200..600).contains(&code).then_some((code, more, words))
}

/// Takes the enhanced code from the words of a line.
pub fn enhanced(words: &str) -> (Option<(u8, u16, u16)>, &str) {
    let (first, rest) = words.split_once(' ').unwrap_or((words, ""));
    let mut parts = first.split('.');
    let code = (|| {
        let class = parts.next()?.parse().ok().filter(|class| matches!(class, 2 | 4 | 5))?;
        let code = (class, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        parts.next().is_none().then_some(code)
    })();
    match code {
        Some(code) => (Some(code), rest.trim_start()),
        None => (None, words),
    }
}

/// What a refusal means to the one who sends.
pub fn refusal(host: &str, reply: &Reply) -> Error {
    let error = match (reply.code, reply.enhanced) {
        (_, Some((5, 4, 5))) => Error::new(ErrorCode::Throttled, say!("{host} takes no more letters today.", host))
            .remedy("Tabella goes on by itself when the provider's limit allows it."),
        (535, Some((5, 7, 139))) => {
            Error::new(ErrorCode::AdminConsent, "Your organisation does not allow programs to send by SMTP.")
                .remedy("Ask its administrator to allow it, or connect the account with Microsoft's sign-in.")
        }
        (530 | 534 | 535 | 538, _) => {
            Error::new(ErrorCode::SignIn, say!("{host} refused the user name or password.", host)).remedy(
                "Check both. Some providers want an app password, or SMTP to be allowed in their settings first.",
            )
        }
        (552, Some((5, 3, 4))) | (_, Some((5, 2, 3) | (5, 3, 4))) => {
            Error::new(ErrorCode::TooLarge, say!("{host} does not take a letter of this size.", host))
                .remedy("Send fewer or smaller attachments.")
        }
        _ if reply.is_later() => Error::new(ErrorCode::Throttled, say!("{host} does not take the letter now.", host))
            .remedy("Tabella tries again by itself."),
        _ => Error::new(ErrorCode::Refused, say!("{host} refused the letter.", host))
            .remedy("The server's answer below says why."),
    };
    error.detail(reply.answer())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_line_is_taken_apart() {
        assert_eq!(line("250-SIZE 1000"), Some((250, true, "SIZE 1000")));
        assert_eq!(line("250"), Some((250, false, "")));
        for broken in ["", "25", "2x0 ok", "250_ok", "099 no", "ünï"] {
            assert_eq!(line(broken), None, "{broken}");
        }
        assert_eq!(enhanced("5.7.1 Not you"), (Some((5, 7, 1)), "Not you"));
        assert_eq!(enhanced("127.0.0.1 greets"), (None, "127.0.0.1 greets"));
    }

    #[test]
    fn a_daily_limit_is_no_refusal_for_good() {
        let reply = Reply { code: 550, enhanced: Some((5, 4, 5)), lines: vec!["Daily limit".into()] };
        assert_eq!(refusal("smtp.example.org", &reply).code, ErrorCode::Throttled);
        let reply = Reply { code: 550, enhanced: Some((5, 1, 1)), lines: vec!["No such user".into()] };
        assert_eq!(refusal("smtp.example.org", &reply).code, ErrorCode::Refused);
    }
}
