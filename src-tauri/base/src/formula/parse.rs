//! The grammar: numbers, text in quotes, `{Column}`, operators, functions.

use super::Type;
use super::function::{self, Function};
use model::{Phrase, say};

/// A mistake and where it is (byte).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mistake {
    pub(super) at: usize,
    pub(super) words: Phrase,
}

/// An operator with two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Join,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A formula as a tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Number(f64),
    Text(String),
    Flag(bool),
    Column(String, usize),
    /// The place of an input.
    Input(usize),
    Negative(Box<Expr>),
    Binary(Op, Box<Expr>, Box<Expr>),
    Call(&'static Function, Vec<Expr>),
}

/// How deep a formula may nest.
const DEPTH_MAX: usize = 64;
/// Operators and calls in one formula.
const PARTS_MAX: usize = 500;
/// How long a formula may be (bytes).
const LENGTH_MAX: usize = 20_000;

impl Expr {
    /// Puts inputs for columns.
    pub(super) fn map_columns(
        self,
        place: &mut dyn FnMut(&str, usize) -> Result<usize, Mistake>,
    ) -> Result<Self, Mistake> {
        Ok(match self {
            Self::Column(name, at) => Self::Input(place(&name, at)?),
            Self::Negative(inner) => Self::Negative(Box::new(inner.map_columns(place)?)),
            Self::Binary(op, a, b) => {
                Self::Binary(op, Box::new(a.map_columns(place)?), Box::new(b.map_columns(place)?))
            }
            Self::Call(f, args) => {
                Self::Call(f, args.into_iter().map(|a| a.map_columns(place)).collect::<Result<_, _>>()?)
            }
            other => other,
        })
    }

    pub(super) fn is_volatile(&self) -> bool {
        match self {
            Self::Negative(inner) => inner.is_volatile(),
            Self::Binary(_, a, b) => a.is_volatile() || b.is_volatile(),
            Self::Call(f, args) => matches!(f.name, "today" | "now") || args.iter().any(Self::is_volatile),
            _ => false,
        }
    }

    /// What it yields, given what the inputs are.
    pub(super) fn kind(&self, inputs: &[Type]) -> Type {
        match self {
            Self::Number(_)
            | Self::Negative(_)
            | Self::Binary(Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Power, ..) => Type::Number,
            Self::Text(_) | Self::Column(..) | Self::Binary(Op::Join, ..) => Type::Text,
            Self::Flag(_) | Self::Binary(..) => Type::Flag,
            Self::Input(at) => inputs.get(*at).copied().unwrap_or(Type::Text),
            Self::Call(f, args) => f.result.unwrap_or_else(|| {
                // if(), switch() and their kin yield what their branches do, if they agree.
                let mut kinds = function::branches(f, args).map(|a| a.kind(inputs));
                let first = kinds.next().unwrap_or(Type::Text);
                if kinds.all(|k| k == first) { first } else { Type::Text }
            }),
        }
    }
}

/// The quoted columns of a formula: where and which. Text in quotes is passed over.
pub(super) fn quotes(text: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(c) = text.get(rest..).and_then(|t| t.chars().next()) {
        match c {
            '"' | '\'' => {
                let after = rest + 1;
                rest = text.get(after..).and_then(|t| t.find(c)).map_or(text.len(), |end| after + end + 1);
            }
            '{' => {
                let Some(end) = text.get(rest..).and_then(|t| t.find('}')) else { break };
                found
                    .push((rest..rest + end + 1, text.get(rest + 1..rest + end).unwrap_or_default().trim().to_owned()));
                rest += end + 1;
            }
            c => rest += c.len_utf8(),
        }
    }
    found
}

pub(super) fn parse(text: &str) -> Result<Expr, Mistake> {
    if text.len() > LENGTH_MAX {
        return Err(Mistake { at: 0, words: say!("it is too long.") });
    }
    // A formula copied from a spreadsheet begins with =.
    let start = text.len() - text.trim_start().len();
    let from = if text.get(start..).is_some_and(|t| t.starts_with('=')) { start + 1 } else { start };
    let mut parser = Parser { text, at: from, depth: 0, parts: 0 };
    let expr = parser.expression(0)?;
    parser.space();
    if parser.at < text.len() {
        return Err(parser.mistake(say!("an operator or the end was expected here.")));
    }
    Ok(expr)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    parts: usize,
}

impl Parser<'_> {
    fn mistake(&self, words: Phrase) -> Mistake {
        Mistake { at: self.at, words }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn take(&mut self, token: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    /// A long chain of operators is a deep tree: it is bounded like nesting.
    fn count(&mut self) -> Result<(), Mistake> {
        self.parts += 1;
        if self.parts > PARTS_MAX { Err(self.mistake(say!("it has too many parts."))) } else { Ok(()) }
    }

    fn operator(&mut self) -> Option<(Op, u8, usize)> {
        self.space();
        let table: [(&str, Op, u8); 13] = [
            ("<>", Op::NotEqual, 1),
            ("!=", Op::NotEqual, 1),
            ("<=", Op::LessOrEqual, 1),
            (">=", Op::GreaterOrEqual, 1),
            ("=", Op::Equal, 1),
            ("<", Op::Less, 1),
            (">", Op::Greater, 1),
            ("&", Op::Join, 2),
            ("+", Op::Add, 3),
            ("-", Op::Subtract, 3),
            ("*", Op::Multiply, 4),
            ("/", Op::Divide, 4),
            ("^", Op::Power, 6),
        ];
        table
            .iter()
            .find(|(token, ..)| self.rest().starts_with(token))
            .map(|(token, op, binds)| (*op, *binds, token.len()))
    }

    fn expression(&mut self, least: u8) -> Result<Expr, Mistake> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.mistake(say!("it nests too deeply.")));
        }
        let mut left = self.operand()?;
        while let Some((op, binds, length)) = self.operator() {
            if binds < least || binds == 0 {
                break;
            }
            self.at += length;
            self.count()?;
            // 2 ^ 3 ^ 2 is (2 ^ 3) ^ 2 as in Excel; all others bind to the left too.
            let right = self.expression(binds + 1)?;
            left = Expr::Binary(op, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operand(&mut self) -> Result<Expr, Mistake> {
        self.space();
        let at = self.at;
        let Some(first) = self.rest().chars().next() else {
            return Err(self.mistake(say!("a value was expected here.")));
        };
        match first {
            '-' => {
                self.at += 1;
                Ok(Expr::Negative(Box::new(self.expression(5)?)))
            }
            '+' => {
                self.at += 1;
                self.expression(5)
            }
            '(' => {
                self.at += 1;
                let inner = self.expression(0)?;
                if self.take(")") { Ok(inner) } else { Err(self.mistake(say!("a ) is missing."))) }
            }
            '"' | '\'' => {
                let body = self.text.get(at + 1..).unwrap_or_default();
                let end = body.find(first).ok_or_else(|| self.mistake(say!("the text has no closing quote.")))?;
                self.at = at + 1 + end + 1;
                Ok(Expr::Text(body.get(..end).unwrap_or_default().to_owned()))
            }
            '{' => {
                let end = self.rest().find('}').ok_or_else(|| self.mistake(say!("a }} is missing.")))?;
                let name = self.rest().get(1..end).unwrap_or_default().trim().to_owned();
                self.at += end + 1;
                Ok(Expr::Column(name, at))
            }
            c if c.is_ascii_digit() || c == '.' => self.number(),
            c if c.is_alphabetic() => self.word(),
            _ => Err(self.mistake(say!("a value was expected here."))),
        }
    }

    fn number(&mut self) -> Result<Expr, Mistake> {
        let rest = self.rest();
        let mut end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let exponent = rest.get(end..).unwrap_or_default();
        if exponent.starts_with(['e', 'E']) {
            let sign = usize::from(exponent.get(1..).is_some_and(|t| t.starts_with(['+', '-'])));
            let digits = exponent.get(1 + sign..).unwrap_or_default().bytes().take_while(u8::is_ascii_digit).count();
            if digits > 0 {
                end += 1 + sign + digits;
            }
        }
        let number = rest.get(..end).and_then(|t| t.parse::<f64>().ok()).filter(|n| n.is_finite());
        let number = number.ok_or_else(|| self.mistake(say!("this is not a number.")))?;
        self.at += end;
        Ok(Expr::Number(number))
    }

    fn word(&mut self) -> Result<Expr, Mistake> {
        let at = self.at;
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default().to_owned();
        self.at += end;
        if !self.take("(") {
            return match word.to_lowercase().as_str() {
                "true" => Ok(Expr::Flag(true)),
                "false" => Ok(Expr::Flag(false)),
                _ => Err(Mistake {
                    at,
                    words: say!("“{word}” is neither a function nor a column; columns are written {{{word}}}.", word),
                }),
            };
        }
        let function = function::find(&word)
            .ok_or_else(|| Mistake { at, words: say!("there is no function “{word}”.", word) })?;
        self.count()?;
        let mut args = Vec::new();
        if !self.take(")") {
            loop {
                args.push(self.expression(0)?);
                if self.take(")") {
                    break;
                }
                if !self.take(",") && !self.take(";") && !self.take("，") {
                    return Err(self.mistake(say!("a , or ) was expected here.")));
                }
            }
        }
        if args.len() < function.least || args.len() > function.most {
            return Err(Mistake { at, words: function.takes() });
        }
        Ok(Expr::Call(function, args))
    }
}
