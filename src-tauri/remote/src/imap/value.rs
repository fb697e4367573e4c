//! IMAP's data syntax as values: atoms, strings, lists (RFC 9051, section 4).
//!
//! Total: any bytes give values or `None`, never a panic. Unknown data of extensions parses like any other.

/// One datum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An atom, number or flag, brackets included: `FLAGS`, `12`, `\Seen`, `BODY[]<0>`, `NIL`.
    Atom(String),
    /// A quoted string or literal.
    Text(Vec<u8>),
    /// A parenthesised list.
    List(Vec<Value>),
}

impl Value {
    /// The atom's text.
    pub fn atom(&self) -> Option<&str> {
        match self {
            Self::Atom(atom) => Some(atom),
            _ => None,
        }
    }

    /// A number.
    pub fn number<T: std::str::FromStr>(&self) -> Option<T> {
        self.atom()?.parse().ok()
    }

    /// The bytes of an astring; NIL has none.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Text(bytes) => Some(bytes),
            Self::Atom(atom) if atom.eq_ignore_ascii_case("NIL") => None,
            Self::Atom(atom) => Some(atom.as_bytes()),
            Self::List(_) => None,
        }
    }

    /// The elements of a list; NIL and everything else have none.
    pub fn list(&self) -> &[Value] {
        match self {
            Self::List(values) => values,
            _ => &[],
        }
    }
}

/// A part of a response as it came: a line (without literal mark and line end), or a literal.
#[derive(Debug)]
pub enum Piece {
    /// Text of a line.
    Line(Vec<u8>),
    /// A literal.
    Literal(Vec<u8>),
}

/// How deep lists may nest; a hostile server gets no stack overflow.
const DEPTH_LIMIT: usize = 40;

/// The values of a response's pieces; literals are moved, not copied. `None` where they don't parse.
pub fn parse(pieces: Vec<Piece>) -> Option<Vec<Value>> {
    let mut stack: Vec<Vec<Value>> = vec![Vec::new()];
    for piece in pieces {
        match piece {
            Piece::Literal(bytes) => stack.last_mut()?.push(Value::Text(bytes)),
            Piece::Line(line) => parse_line(&line, &mut stack)?,
        }
    }
    let done = stack.pop()?;
    stack.is_empty().then_some(done)
}

fn parse_line(line: &[u8], stack: &mut Vec<Vec<Value>>) -> Option<()> {
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        match byte {
            b' ' => at += 1,
            b'(' => {
                if stack.len() >= DEPTH_LIMIT {
                    return None;
                }
                stack.push(Vec::new());
                at += 1;
            }
            b')' => {
                let list = stack.pop()?;
                stack.last_mut()?.push(Value::List(list));
                at += 1;
            }
            b'"' => {
                let (text, next) = quoted(line, at + 1)?;
                stack.last_mut()?.push(Value::Text(text));
                at = next;
            }
            _ => {
                let end = atom_end(line, at);
                let atom = String::from_utf8_lossy(line.get(at..end)?).into_owned();
                stack.last_mut()?.push(Value::Atom(atom));
                at = end;
            }
        }
    }
    Some(())
}

fn quoted(line: &[u8], mut at: usize) -> Option<(Vec<u8>, usize)> {
    let mut text = Vec::new();
    loop {
        match line.get(at)? {
            b'"' => return Some((text, at + 1)),
            b'\\' => {
                text.push(*line.get(at + 1)?);
                at += 2;
            }
            byte => {
                text.push(*byte);
                at += 1;
            }
        }
    }
}

/// An atom ends at a space or parenthesis; what stands in brackets belongs to it, spaces included.
/// A bracket that never closes is a character like any other.
fn atom_end(line: &[u8], start: usize) -> usize {
    let scan = |brackets: bool| {
        let mut inside = false;
        for (at, byte) in line.iter().enumerate().skip(start) {
            match byte {
                b'[' if brackets => inside = true,
                b']' => inside = false,
                b' ' | b'(' | b')' if !inside => return (at, false),
                _ => {}
            }
        }
        (line.len(), inside)
    };
    match scan(true) {
        (end, false) => end,
        (_, true) => scan(false).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(line: &str) -> Option<Vec<Value>> {
        parse(vec![Piece::Line(line.as_bytes().to_vec())])
    }

    #[test]
    fn a_fetch_answer_parses_with_its_literal() {
        let parsed = parse(vec![
            Piece::Line(b"12 FETCH (UID 7 FLAGS (\\Seen $X) BODY[HEADER.FIELDS (MESSAGE-ID)] ".to_vec()),
            Piece::Literal(b"Message-ID: <a)\"b>\r\n\r\n".to_vec()),
            Piece::Line(b" X-NEW (1 (\"a\\\"b\" NIL)))".to_vec()),
        ])
        .unwrap();
        assert_eq!(parsed[0].number::<u32>(), Some(12));
        let attributes = parsed[2].list();
        assert_eq!(attributes[1].number::<u32>(), Some(7));
        assert_eq!(attributes[3].list()[0].atom(), Some("\\Seen"));
        assert_eq!(attributes[4].atom(), Some("BODY[HEADER.FIELDS (MESSAGE-ID)]"));
        assert_eq!(attributes[5].bytes().unwrap(), b"Message-ID: <a)\"b>\r\n\r\n");
        assert_eq!(attributes[7].list()[1].list()[0].bytes(), Some(&b"a\"b"[..]));
        assert_eq!(attributes[7].list()[1].list()[1].bytes(), None);
    }

    #[test]
    fn broken_data_is_refused_without_a_panic() {
        for line in ["(", ")", "(a", "\"open", "\"a\\", "a b)", &"(".repeat(5000)] {
            assert_eq!(values(line), None, "{line:?}");
        }
        assert_eq!(values(""), Some(vec![]));
    }
}
