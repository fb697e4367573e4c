//! The search language.
//!
//! Owns: [`Query`], [`parse`]. Refuses: errors (an unknown operator is a plain word), and a clock:
//! relative dates need the caller's [`Query::at`].

use model::Timestamp;

const TERMS_MAX: usize = 64;

/// A search: all terms must match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The terms.
    pub terms: Vec<Term>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A word anywhere in the message: its begin matches.
    Word(String),
    /// These words in this order.
    Phrase(String),
    /// The author's name or address contains it.
    From(String),
    /// A To name or address contains it.
    To(String),
    /// A Cc name or address contains it.
    Cc(String),
    /// The subject contains it.
    Subject(String),
    /// An attachment's name contains it.
    Filename(String),
    /// The mailbox's name or role.
    In(String),
    /// The label's name.
    Label(String),
    /// Has attachments.
    HasAttachment,
    /// A flag.
    Is(State),
    /// Before this day (its begin is not included).
    Before(When),
    /// On this day or later.
    After(When),
    /// On this day, or in this month or year.
    On(When),
    /// Larger than so many bytes.
    Larger(u64),
    /// Smaller than so many bytes.
    Smaller(u64),
    /// The term must not match.
    Not(Box<Term>),
    /// One of these must match.
    Any(Vec<Term>),
}

/// What `is:` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not read.
    Unread,
    /// Read.
    Read,
    /// Starred.
    Starred,
    /// Answered.
    Answered,
    /// A draft.
    Draft,
}

/// A date in a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A day, month or year: its first day and the first day after it.
    Civil {
        /// First day.
        from: jiff::civil::Date,
        /// First day after it.
        until: jiff::civil::Date,
    },
    /// So many days before today.
    DaysAgo(u32),
}

impl When {
    /// Begin and end (exclusive) in UTC milliseconds, for a reader in this zone at this time.
    pub fn range(self, now: Timestamp, zone: &jiff::tz::TimeZone) -> (Timestamp, Timestamp) {
        let (from, until) = match self {
            Self::Civil { from, until } => (from, until),
            Self::DaysAgo(days) => {
                let today = jiff::Timestamp::from_millisecond(now.0)
                    .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
                    .to_zoned(zone.clone())
                    .date();
                let day = today.saturating_sub(jiff::Span::new().days(i64::from(days.min(100_000))));
                (day, day.saturating_add(jiff::Span::new().days(1)))
            }
        };
        let at = |date: jiff::civil::Date| {
            date.to_zoned(zone.clone()).map_or(Timestamp(0), |zoned| Timestamp(zoned.timestamp().as_millisecond()))
        };
        (at(from), at(until))
    }
}

/// Reads a search as people type it. Never fails.
pub fn parse(text: &str) -> Query {
    let mut terms: Vec<Term> = Vec::new();
    let mut or_pending = false;
    for token in tokens(text) {
        if terms.len() >= TERMS_MAX {
            break;
        }
        if token.bare && token.text == "OR" {
            or_pending = !terms.is_empty();
            continue;
        }
        let Some(term) = term(&token) else { continue };
        match (or_pending, terms.pop()) {
            (true, Some(Term::Any(mut any))) => {
                any.push(term);
                terms.push(Term::Any(any));
            }
            (true, Some(left)) => terms.push(Term::Any(vec![left, term])),
            (_, left) => {
                terms.extend(left);
                terms.push(term);
            }
        }
        or_pending = false;
    }
    Query { terms }
}

struct Token {
    negated: bool,
    operator: Option<String>,
    text: String,
    quoted: bool,
    /// Neither negated, nor quoted, nor with an operator.
    bare: bool,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut chars = text.chars().map(|c| if matches!(c, '“' | '”' | '„' | '«' | '»') { '"' } else { c }).peekable();
    loop {
        while chars.next_if(|c| c.is_whitespace() || c.is_control()).is_some() {}
        if chars.peek().is_none() || found.len() > TERMS_MAX * 2 {
            return found;
        }
        let mut negated = chars.next_if_eq(&'-').is_some();
        if negated && chars.peek().is_none_or(|c| c.is_whitespace()) {
            negated = false;
            continue;
        }
        let (mut operator, mut text, mut quoted) = (None, String::new(), false);
        while let Some(c) = chars.peek().copied() {
            if c.is_whitespace() {
                break;
            }
            chars.next();
            if c == '"' {
                quoted = true;
                text.extend(std::iter::from_fn(|| chars.next_if(|c| *c != '"')));
                chars.next();
                break;
            }
            if c == ':' && operator.is_none() && !text.is_empty() && text.chars().all(char::is_alphabetic) {
                operator = Some(std::mem::take(&mut text));
                continue;
            }
            text.push(c);
        }
        let bare = !negated && !quoted && operator.is_none();
        found.push(Token { negated, operator, text, quoted, bare });
    }
}

fn term(token: &Token) -> Option<Term> {
    let text = token.text.trim().to_owned();
    let plain = |text: String| {
        let letters = text.chars().any(char::is_alphanumeric);
        letters.then_some(if token.quoted { Term::Phrase(text) } else { Term::Word(text) })
    };
    let found = match &token.operator {
        None => plain(text),
        Some(operator) => match known(&operator.to_lowercase(), &text) {
            Some(term) => Some(term),
            None if text.is_empty() => plain(operator.clone()),
            None => plain(format!("{operator}:{text}")),
        },
    }?;
    Some(if token.negated { Term::Not(Box::new(found)) } else { found })
}

fn known(operator: &str, text: &str) -> Option<Term> {
    if text.is_empty() {
        return None;
    }
    let own = || text.to_owned();
    Some(match operator {
        "from" => Term::From(own()),
        "to" => Term::To(own()),
        "cc" => Term::Cc(own()),
        "subject" => Term::Subject(own()),
        "filename" | "file" => Term::Filename(own()),
        "in" => Term::In(own()),
        "label" => Term::Label(own()),
        "has" if matches!(text.to_lowercase().as_str(), "attachment" | "attachments" | "file") => Term::HasAttachment,
        "is" => Term::Is(match text.to_lowercase().as_str() {
            "unread" | "unseen" | "new" => State::Unread,
            "read" | "seen" => State::Read,
            "starred" | "flagged" | "star" => State::Starred,
            "answered" | "replied" => State::Answered,
            "draft" => State::Draft,
            _ => return None,
        }),
        "before" | "older" => Term::Before(when(text)?),
        "after" | "since" | "newer" => Term::After(when(text)?),
        "on" | "date" => Term::On(when(text)?),
        "larger" | "bigger" => Term::Larger(size(text)?),
        "smaller" => Term::Smaller(size(text)?),
        _ => return None,
    })
}

fn when(text: &str) -> Option<When> {
    let lower = text.to_lowercase();
    match lower.as_str() {
        "today" => return Some(When::DaysAgo(0)),
        "yesterday" => return Some(When::DaysAgo(1)),
        _ => {}
    }
    if let Some((digits, unit)) = lower.len().checked_sub(1).and_then(|at| lower.split_at_checked(at))
        && let Some(days) = match unit {
            "d" => Some(1),
            "w" => Some(7),
            "m" => Some(30),
            "y" => Some(365),
            _ => None,
        }
    {
        return digits.parse::<u32>().ok().filter(|count| *count < 10_000).map(|count| When::DaysAgo(count * days));
    }
    let parts: Vec<i16> = lower.split(['-', '/', '.']).map(str::parse).collect::<Result<_, _>>().ok()?;
    let (from, span) = match parts.as_slice() {
        [year] => (civil(*year, 1, 1)?, jiff::Span::new().years(1)),
        [year, month] => (civil(*year, *month, 1)?, jiff::Span::new().months(1)),
        // 31.12.2026 as well as 2026-12-31.
        [day, month, year] if *year >= 1000 && lower.contains('.') => {
            (civil(*year, *month, *day)?, jiff::Span::new().days(1))
        }
        [year, month, day] => (civil(*year, *month, *day)?, jiff::Span::new().days(1)),
        _ => return None,
    };
    Some(When::Civil { from, until: from.checked_add(span).ok()? })
}

fn civil(year: i16, month: i16, day: i16) -> Option<jiff::civil::Date> {
    if !(1970..=2999).contains(&year) {
        return None;
    }
    jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn size(text: &str) -> Option<u64> {
    let lower = text.to_lowercase();
    let lower = lower.strip_suffix('b').unwrap_or(&lower);
    let (number, unit) = match lower.strip_suffix(['k', 'm', 'g']) {
        Some(number) if lower.ends_with('k') => (number, 1_024),
        Some(number) if lower.ends_with('m') => (number, 1_024 * 1_024),
        Some(number) => (number, 1_024 * 1_024 * 1_024),
        None => (lower, 1),
    };
    let value: f64 = number.trim().replace(',', ".").parse().ok()?;
    (value.is_finite() && (0.0..1e6).contains(&value) || unit == 1 && (0.0..1e15).contains(&value))
        .then(|| (value * f64::from(unit)) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> When {
        when(text).unwrap()
    }

    #[test]
    fn operators_and_words_become_terms() {
        assert_eq!(
            parse("from:ann subject:\"big offer\" has:attachment is:unread -draft \"two words\" larger:2M").terms,
            [
                Term::From("ann".into()),
                Term::Subject("big offer".into()),
                Term::HasAttachment,
                Term::Is(State::Unread),
                Term::Not(Box::new(Term::Word("draft".into()))),
                Term::Phrase("two words".into()),
                Term::Larger(2 * 1024 * 1024),
            ]
        );
    }

    #[test]
    fn or_joins_its_neighbours_and_lower_case_or_is_a_word() {
        assert_eq!(
            parse("a OR b OR c d").terms,
            [
                Term::Any(vec![Term::Word("a".into()), Term::Word("b".into()), Term::Word("c".into())]),
                Term::Word("d".into())
            ]
        );
        assert_eq!(parse("a or b").terms.len(), 3);
        assert_eq!(parse("OR a OR").terms, [Term::Word("a".into())]);
    }

    #[test]
    fn what_is_unknown_is_a_plain_word() {
        assert_eq!(
            parse("foo:bar http://x.org is:purple before:soon").terms,
            [
                Term::Word("foo:bar".into()),
                Term::Word("http://x.org".into()),
                Term::Word("is:purple".into()),
                Term::Word("before:soon".into()),
            ]
        );
        assert_eq!(parse("from:").terms, [Term::Word("from".into())]);
        for odd in ["", " - ", "\"", "-\"", ":", "::", "\"\"", "-", "\u{0}", "from:\""] {
            let _ = parse(odd);
        }
    }

    #[test]
    fn dates_are_days_months_years_or_days_ago() {
        let zone = jiff::tz::TimeZone::UTC;
        let now = Timestamp(1_795_363_200_000);
        let text = |when: When| {
            let (from, until) = when.range(now, &zone);
            format!("{} {}", &from.to_rfc3339()[..10], &until.to_rfc3339()[..10])
        };
        assert_eq!(text(day("2026-02-28")), "2026-02-28 2026-03-01");
        assert_eq!(text(day("2026-02")), "2026-02-01 2026-03-01");
        assert_eq!(text(day("2026")), "2026-01-01 2027-01-01");
        assert_eq!(text(day("28.2.2026")), "2026-02-28 2026-03-01");
        assert_eq!(text(day("7d")), "2026-11-15 2026-11-16");
        assert_eq!(when("2026-02-30"), None);
        assert_eq!(when("99999999999d"), None);
    }

    #[test]
    fn quotes_of_every_language_make_a_phrase() {
        assert_eq!(
            parse("«два слова» „zwei Worte“").terms,
            [Term::Phrase("два слова".into()), Term::Phrase("zwei Worte".into())]
        );
    }
}
